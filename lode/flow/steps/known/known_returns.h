// A user's file of what others' factors earned day by day (--known-returns FILE), beside the book that is judged.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/base/time.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::flow {

struct KnownFile {
  std::string path;
  std::string hash;  // SHA-256 of the bytes
  std::vector<std::string> names;
  std::vector<Date> dates;                   // Ascending
  std::vector<std::vector<double>> returns;  // By name, one a date, as ratios; NaN = missing
};

// Either a daily file of Kenneth French's data library as it comes (.csv, also .gz: words, a line of names that begins
// with a comma, rows YYYYMMDD in percent, -99.99 and -999 missing; the riskless rate RF is no factor and left out), or
// a date column and one of ratios a factor (CSV, Parquet, Arrow). E0004 for a monthly file or returns that must be
// percent (below -1), E2003 without dates, E2012 a date twice, and the errors of reading.
Result<KnownFile> read_known_file(const std::string& path);

// On the rows of `sessions`: row t holds the return of the session in which the book of row t earns most. Trading at
// the close (close_to_close, next_close) that is the very session; at the open or the vwap the book holds from t + 1's
// to t + 2's, and t + 1's return is taken.
std::vector<evaluate::KnownReturns> on_rows(const KnownFile& file, const std::vector<Date>& sessions,
                                            evaluate::Convention convention);

}  // namespace lode::flow
