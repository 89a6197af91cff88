// A user's own factor values (--values FILE: date, symbol, value) on a lake's axis.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lode/base/result.h"
#include "lode/market/panel.h"

namespace lode::flow {

struct ValuesFile {
  std::string name;       // File name without folder
  std::string hash;       // SHA-256 of the bytes
  std::string rows_hash;  // rows_hash() of what it says
  Panel panel;            // f64; NaN where the file has nothing
  std::int64_t rows = 0;
  std::int64_t unmatched = 0;  // Rows whose symbol or session the axis has not, or whose symbol two instruments share
  bool looks_ahead = false;    // Its factor is called so: factor compute --allow-lookahead wrote it
  std::int64_t infinite = 0;   // Infinite values, taken as missing
};

// SHA-256 of the rows that have a value, by date and symbol: equal for CSV, Parquet and Arrow, for any order of rows
// and for rows written twice. E0008, E2001..E2005, and as read_values_file() for a file without a column of values.
Result<std::string> hash_of_values(const std::string& path);

// CSV (also .gz), Parquet or Arrow. Symbols are matched as of the axis's end, plain or with their exchange
// ("BHP.XASX"); `mics`: the exchange of each column, empty = none known; `symbols`: what each is called, empty = as the
// axis has it. Of several instruments that held one symbol of
// one exchange, the one in the universe that session (`universe`: rows * columns, 1 = member; empty = all). E0008,
// E2001..E2005, E2010 when a plain symbol has members on two exchanges, E2012 when one cell has two values, E2101 when
// nothing matches.
Result<ValuesFile> read_values_file(const std::string& path, std::shared_ptr<const Axis> axis,
                                    std::span<const std::uint8_t> universe, const std::vector<std::string>& mics = {},
                                    const std::vector<std::string>& symbols = {});

}  // namespace lode::flow
