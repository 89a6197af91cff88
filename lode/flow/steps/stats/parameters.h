// Parameters that several verbs of `lode stats` share.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/base/math.h"
#include "lode/core/stat/overfit/sharpe.h"
#include "lode/core/stat/overfit/superior.h"
#include "lode/flow/flow.h"
#include "lode/flow/steps/stats/series_file.h"

namespace lode::flow {

inline Parameter series_parameter(std::string_view summary) {
  return {.name = "FILE", .kind = ParameterKind::kPath, .summary = summary, .positional = true, .required = true};
}
inline Parameter column_parameter() {
  return {.name = "column", .summary = "use these columns alone", .repeated = true};
}
inline Parameter periods_parameter() {
  return {.name = "periods",
          .kind = ParameterKind::kNumber,
          .summary = "rows a year, for figures of a year",
          .fallback = "252",
          .least = 1.0};
}
inline Parameter benchmark_parameter() {
  return {.name = "benchmark",
          .kind = ParameterKind::kNumber,
          .summary = "Sharpe ratio a year to beat",
          .fallback = "0",
          .least = -100.0,
          .most = 100.0};
}
inline Parameter resamples_parameter() {
  return {.name = "resamples",
          .kind = ParameterKind::kInteger,
          .summary = "resamples of the bootstrap",
          .fallback = "2000",
          .least = 100,
          .most = 1'000'000};
}
inline Parameter mean_block_parameter() {
  return {.name = "mean-block",
          .kind = ParameterKind::kNumber,
          .summary = "mean length of a block, in rows; 0: from the data",
          .fallback = "0"};
}
inline Parameter seed_parameter() {
  return {.name = "seed", .kind = ParameterKind::kInteger, .summary = "seed of the bootstrap", .fallback = "7"};
}

inline stat::BootstrapPlan bootstrap_plan(const Request& request) {
  return {.resamples = static_cast<int>(request.integer("resamples", 2'000)),
          .mean_block = request.number("mean-block", 0.0),
          .seed = static_cast<std::uint64_t>(request.integer("seed", 7))};
}

// Takes series that can be no strategy (fewer than 2 returns, or all equal) out of the file, each with a warning.
inline void leave_out_idle(SeriesFile& file, std::vector<std::string>& warnings) {
  for (std::size_t i = file.series.size(); i-- > 0;) {
    if (math::is_nan(stat::return_shape(file.series[i]).sharpe)) {
      warnings.push_back(file.names[i] + " left out: it has fewer than 2 returns, or all are equal");
      file.names.erase(file.names.begin() + static_cast<std::ptrdiff_t>(i));
      file.series.erase(file.series.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
}

inline constexpr std::size_t kFewRows = 30;

// A bootstrap of a few rows knows of nothing but these.
inline void warn_of_few_rows(std::size_t rows, std::vector<std::string>& warnings) {
  if (rows < kFewRows) {
    warnings.push_back(std::to_string(rows) + " rows: resamples of fewer than " + std::to_string(kFewRows) +
                       " say little");
  }
}

inline Result<SeriesFile> series_of(const Request& request) {
  return read_series_file(request.text("file"), request.texts("column"));
}

}  // namespace lode::flow
