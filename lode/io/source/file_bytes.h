// Files of the user: listing folders, reading whole files, unpacking gzip, hashing.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lode/base/result.h"
#include "lode/io/source/parts/gzip_file.h"

namespace lode::source {

struct DataFiles {
  std::vector<std::string> files;
  // What stands in a folder and can be no file of data, whatever its name: path and what it is ("a pipe", "a link to
  // 2019.csv, which is not there"). Such a thing is never opened: a pipe would be waited for without end.
  std::vector<std::pair<std::string, std::string>> passed_over;
};
// Data files behind the given paths (files, or folders walked in depth), sorted, without duplicates: .csv .txt .tsv
// (each also .gz), .zip, .parquet, .arrow, .arrows, .feather and .ipc; hidden files and READMEs are left out. E0008
// missing (nearest name in that folder; of a link, what it leads to), E8009 a path that is a pipe, a socket or a
// device, E2014 when a folder holds no data file (what was found instead is named).
Result<DataFiles> data_files(const std::vector<std::string>& paths);

struct FileBytes {
  std::string bytes;   // Unpacked when the file was gzip, or a zip archive with one table of text in it.
  std::string sha256;  // Of the file as it lies on disk.
  std::int64_t disk_bytes = 0;
};
// E0008, E8009 not a file or not to be read, E2021 damaged gzip (offset named) or zip, E2014 empty,
// or a zip archive with no table of text or several (parts/zip_tables.h reads those). Unpacked size is bounded
// by `limit_bytes` (E2021) and by `hold`, which is asked for the unpacked bytes alone: what lies on disk is known
// before.
Result<FileBytes> read_data_file(const std::string& path, const HoldBytes& hold = {},
                                 std::int64_t limit_bytes = std::int64_t{8} << 30);

bool is_parquet(const std::string& path);

}  // namespace lode::source
