// Every configuration key: one row a key. `lode config show`, its help and the environment names come from here.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/config.h"

#include <algorithm>
#include <vector>

namespace lode {

namespace {

std::vector<ConfigKey> data_keys() {
  return {
      {.name = "quality.move_limit",
       .fallback = 0.5,
       .summary = "a larger move of the close from session to session is flagged, as a ratio",
       .least = 0},
      {.name = "quality.spike_limit",
       .fallback = 0.3,
       .summary = "a larger move that the next session takes back is flagged as a spike, as a ratio",
       .least = 0},
      {.name = "quality.volume_z_limit",
       .fallback = 5.0,
       .summary = "a volume further from its usual level is flagged, in standard deviations",
       .least = 0},
      {.name = "quality.gap_days",
       .fallback = 4,
       .summary = "a longer hole in a symbol's bars is flagged, in sessions missing; without --mic in days apart",
       .least = 1},
      {.name = "data.raw",
       .fallback = "auto",
       .summary =
           "imported files: 'copy' keeps their bytes, 'reference' their path and hash, 'auto' copies up to 64 MiB",
       .choices = {"auto", "copy", "reference"}},
      {.name = "import.memory_mb",
       .fallback = 0,
       .summary = "memory one import may take, in megabytes; 0: three quarters of what is free",
       .least = 0},
  };
}

}  // namespace

std::span<const ConfigKey> Config::keys() {
  static const std::vector<ConfigKey> rows = [] {
    std::vector<ConfigKey> all = {
        {.name = "lake", .fallback = "./lake", .summary = "folder of the lake"},
        {.name = "threads", .fallback = 0, .summary = "threads of the pool; 0: one a core", .least = 0, .most = 1024},
        {.name = "log.level",
         .fallback = "warning",
         .summary = "least level that is logged",
         .choices = {"debug", "info", "warning", "error", "off"}},
        {.name = "log.file", .fallback = "", .summary = "file that log lines are appended to; empty: standard error"},
        {.name = "factor.cost_bps",
         .fallback = 10.0,
         .summary = "cost of trading in basis points of the traded notional, each way",
         .least = 0,
         .most = 10'000},
        {.name = "factor.horizons", .fallback = "1,5,21", .summary = "forward returns to evaluate over, in sessions"},
        {.name = "factor.quantiles",
         .fallback = 5,
         .summary = "groups the cross-section is cut into",
         .least = 2,
         .most = 20},
        {.name = "factor.min_names",
         .fallback = 0,
         .summary = "dates of fewer names are left out; 0: under 20, or half of the fullest date's where fewer",
         .least = 0,
         .most = 100'000},
        {.name = "factor.profile",
         .fallback = "lode",
         .summary = "meaning of the operators in a formula",
         .choices = {"lode", "paper", "street", "qlib", "brain"}},
        {.name = "factor.precision",
         .fallback = "f64",
         .summary = "working type of factor values",
         .choices = {"f32", "f64"}},
        {.name = "factor.memory_mb",
         .fallback = 0,
         .summary =
             "memory to compute factors in, in megabytes; larger data goes through the disk; 0: half of what is free",
         .least = 0},
        {.name = "color",
         .fallback = "auto",
         .summary = "colored output: 'auto' on a terminal only",
         .choices = {"auto", "always", "never"}},
        {.name = "columns",
         .fallback = 0,
         .summary =
             "width that tables are cut to by leaving columns out; 0: a terminal's own, and all columns elsewhere",
         .least = 0,
         .most = 10'000},
    };
    const auto colors = std::ranges::find(all, "color", &ConfigKey::name);
    const std::vector<ConfigKey> data = data_keys();
    all.insert(colors, data.begin(), data.end());
    return all;
  }();
  return rows;
}

}  // namespace lode
