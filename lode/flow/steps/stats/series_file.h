// A user's file of series side by side: returns of strategies, one a column, or p-values; a row a period. What `lode
// stats` works on.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "lode/base/result.h"
#include "lode/base/time.h"

namespace lode::flow {

struct SeriesFile {
  std::string path;
  std::string hash;                         // SHA-256 of the bytes as they lie on disk.
  std::vector<std::string> names;           // Of the series, as written.
  std::vector<std::vector<double>> series;  // By series, rows of equal number; NaN = missing.
  std::vector<Date> dates;                  // One a row; empty when the file has no dates.
  std::vector<std::string> labels;          // One a row: the first column of text; empty when there is none.

  std::size_t rows() const { return series.empty() ? 0 : series.front().size(); }
  std::vector<std::span<const double>> spans() const { return {series.begin(), series.end()}; }
};

// CSV (also .gz), Parquet or Arrow. A column called date, session, day, time or timestamp, or whose every cell is a
// date YYYY-MM-DD, gives dates: rows are put in their order. The first column without a number gives labels; every
// other column must hold numbers up to 1e60 in size (empty, nan, NA and null are missing). `only`: the columns wanted,
// all when empty. E0008, E2001 a column that is not there (nearest named), E2003, E2004 a cell that is no number,
// E2005 a zone of a wanted column, or of what may hold the dates, that nobody knows, E2009, E2012 a date twice, E2014
// no row or no column of numbers, E2015, E2021.
Result<SeriesFile> read_series_file(const std::string& path, std::span<const std::string> only = {});

}  // namespace lode::flow
