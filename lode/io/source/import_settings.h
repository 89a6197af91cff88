// import.toml: what a folder of files says about itself, so that nobody has to repeat it on the command line.
//
//   mic = "XNYS"            # exchange
//   table = "bars"          # what the files hold
//   kind = "etf"            # of the instruments
//   adjusted = true         # prices were adjusted by the source
//   date_format = "dmy"     # how dates are written: ymd, dmy, mdy, excel, epoch, epoch_ms, or a pattern as "%d-%b-%Y"
//   [map]
//   close = "Last"          # our column = theirs
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/io/source/columns.h"

namespace lode::source {

inline constexpr std::string_view kImportSettingsName = "import.toml";

struct ImportSettings {
  std::string mic;
  std::string table;
  std::string kind;
  std::string date_format;
  bool adjusted = false;
  ColumnMap map;

  bool operator==(const ImportSettings&) const = default;
};

// E5003 not TOML (line named), E5001 unknown key (nearest named), E5002 wrong type.
Result<ImportSettings> parse_import_settings(std::string_view toml, const std::string& path);

// The import.toml that the data file `path` stands under: beside it, else in the nearest folder above it that is one of
// `folders` or lies in one; "" where there is none.
std::string find_import_settings(const std::string& path, const std::vector<std::string>& folders);

}  // namespace lode::source
