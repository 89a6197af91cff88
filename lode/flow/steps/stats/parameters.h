// Parameters that several verbs of `lode stats` share.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

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

inline Result<SeriesFile> series_of(const Request& request) {
  return read_series_file(request.text("file"), request.texts("column"));
}

}  // namespace lode::flow
