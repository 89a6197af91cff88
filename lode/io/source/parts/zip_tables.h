// Tables inside a zip archive of the user. One table of text makes the archive a file of data; several make it a
// folder.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/io/source/file_bytes.h"
#include "lode/io/source/parts/zip.h"

namespace lode::source {

// The one table of text in an archive that is held: .csv, .txt or .tsv. E2021 damaged, or larger than `limit_bytes`;
// E2014 none, several, or one that is encrypted or packed by another method than deflate; E2023.
Result<std::string> unzip_one_table(std::string_view packed, const std::string& path, const HoldBytes& hold,
                                    std::int64_t limit_bytes);

struct ZipTable {
  std::string archive;
  // "prices.zip/us/a.csv", as if the archive were a folder: for messages, symbols and reports. Nothing is opened by
  // this name, and nothing in it leads elsewhere: "..", roots and drives are left out, control characters and bytes
  // that are no UTF-8 are '?'. Names that would be the same by that are numbered: "prices.zip/?? (2).csv".
  std::string path;
  ZipEntry entry;
};

// The tables of the archive at `path` by their paths, as files of a folder: the names of data that data_files takes.
// Empty where it is no zip, holds none, or holds one of text alone, so that read_data_file takes it as it lies. Only
// the directory is read. E2021 damaged, two files of one name, more than 100,000 files or 8 GB unpacked; E2014 an
// archive in the archive, or Parquet, which is read from the disk alone, or a table that is encrypted or packed by
// another method than deflate.
Result<std::vector<ZipTable>> tables_inside(const std::string& path);

// What an archive says of its tables: an import.toml (import_settings.h) counts for those beside it and in folders
// below it, as on the disk.
struct ZipSettings {
  std::vector<ZipTable> files;  // Each counts for some table, the nearest one for each.
  bool has_all = false;         // No table is without one.
};
// Nothing where it is no zip. E2021, E2014 as above; E5003 larger than 1 MB.
Result<ZipSettings> settings_inside(const std::string& path);

// The bytes of one of them as they would lie unpacked. Only its own part of the archive is read, which `hold` is asked
// for; its unpacked size, `entry.unpacked`, is known before. E2021, E2023, E8009.
Result<std::string> raw_table(const ZipTable& table, const HoldBytes& hold = {});
// The same hashed, and unpacked from gzip where it is that: `hold` is asked for what gzip gives too. E2014 when empty.
Result<FileBytes> read_table(const ZipTable& table, const HoldBytes& hold = {},
                             std::int64_t limit_bytes = std::int64_t{8} << 30);

}  // namespace lode::source
