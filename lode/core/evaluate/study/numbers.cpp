// Paths of the studies, each definition beside the line that reads its number.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/study/numbers.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/core/evaluate/estimate.h"
#include "lode/core/evaluate/study/sensitivity.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

constexpr std::string_view kUndefined = "undefined on this data";

void add(std::string path, const Estimate& estimate, std::string_view unit, std::string_view definition,
         std::vector<Number>& out) {
  const bool missing = !stat::is_valid(estimate.value);
  out.push_back({.path = std::move(path),
                 .value = estimate.value,
                 .unit = std::string(unit),
                 .n = estimate.n,
                 .lower = estimate.lower,
                 .upper = estimate.upper,
                 .definition = definition,
                 .reason = !missing                  ? ""
                           : estimate.reason.empty() ? std::string(kUndefined)
                                                     : estimate.reason});
}

Estimate plain(double value, std::int64_t n, std::string reason = "") {
  return {value, kNoValue, kNoValue, n, std::move(reason)};
}

void add_events(const EventStudy& events, std::size_t quantiles, std::vector<Number>& out) {
  constexpr std::string_view kBucket =
      "Mean return of the bucket's names less that of all, added up from the close of the signal's session to this "
      "many "
      "sessions before or after it; Newey-West interval over dates.";
  constexpr std::string_view kSpread =
      "Mean return of the top bucket's names less that of the bottom one's, added up from the close of the signal's "
      "session to this many sessions before or after it; Newey-West interval over dates.";
  const auto add_path = [&](const std::string& name, const EventPath* path) {
    for (const int offset : kEventOffsets) {
      const auto at = static_cast<std::size_t>(offset + kEventBefore);
      const Estimate value =
          path == nullptr ? missing_estimate(static_cast<std::size_t>(events.dates), events.reason)
                          : make_estimate(path->path[at], path->path_error[at], static_cast<std::size_t>(events.dates));
      add(fmt::format("event.{}.{}", name, event_key(offset)), value, "ratio", name == "spread" ? kSpread : kBucket,
          out);
    }
  };
  for (std::size_t k = 0; k < quantiles; ++k) {
    add_path(fmt::format("q{}", k + 1), events.quantiles.empty() ? nullptr : &events.quantiles[k]);
  }
  const EventPath* spread = events.quantiles.empty() ? nullptr : &events.spread;
  add_path("spread", spread);
  add("event.spread.day_0",
      spread == nullptr ? missing_estimate(static_cast<std::size_t>(events.dates), events.reason)
                        : make_estimate(spread->step[kEventBefore], spread->step_error[kEventBefore],
                                        static_cast<std::size_t>(events.dates)),
      "ratio",
      "Top less bottom bucket in the session of the signal itself, whose close makes the signal: what the factor "
      "follows, never earned.",
      out);
}

std::string_view style_definition(std::string_view id) {
  return id == "size" ? "Rank correlation across names of the factor with money traded, close x volume, a session over "
                        "the last 63, mean over every 21st session."
         : id == "momentum"
             ? "Rank correlation across names of the factor with the return from 252 to 21 sessions ago, mean over "
               "every 21st session."
         : id == "week" ? "Rank correlation across names of the factor with the return of the last 5 sessions, mean "
                          "over every 21st session."
         : id == "volatility"
             ? "Rank correlation across names of the factor with the standard deviation of returns over the last 63 "
               "sessions, mean over every 21st session."
             : "Rank correlation across names of the factor with the slope of returns on those of the mean member over "
               "the last 252 sessions, mean over every 21st session.";
}

void add_shape(const Shape& shape, std::vector<Number>& out) {
  add("shape.skew", shape.skew, "", "Skewness G1 of a date's factor values, mean over dates.", out);
  add("shape.kurtosis", shape.kurtosis, "",
      "Excess kurtosis G2 of a date's factor values, mean over dates; a normal has 0.", out);
  add("shape.extremes", shape.extremes, "ratio",
      "Share of a date's values further from its median than 5 times 1.4826 median absolute deviations, mean over "
      "dates.",
      out);
  add("shape.ties", shape.ties, "ratio",
      "Share of a date's values that another name of the date has too, mean over dates.", out);
  add("shape.commonest", shape.commonest, "ratio", "Share of a date's most common value, mean over dates.", out);
  for (const ShapeYear& year : shape.years) {
    const std::string path = fmt::format("shape.{}.", year.year);
    add(path + "low", plain(year.low, year.dates), "", "5 % point of a date's factor values, mean over the year.", out);
    add(path + "median", plain(year.median, year.dates), "", "Median of a date's factor values, mean over the year.",
        out);
    add(path + "high", plain(year.high, year.dates), "", "95 % point of a date's factor values, mean over the year.",
        out);
    add(path + "skew", plain(year.skew, year.dates), "", "Skewness G1 of a date's factor values, mean over the year.",
        out);
    add(path + "kurtosis", plain(year.kurtosis, year.dates), "",
        "Excess kurtosis G2 of a date's factor values, mean over the year.", out);
  }
  for (const auto& [lag, value] : shape.stability) {
    add(fmt::format("stability.{}d", lag), plain(value, shape.dates, "too few dates so far apart"), "ratio",
        "Correlation of a date's factor ranks with those this many sessions earlier, mean over dates.", out);
  }
  for (const Standpoint& style : shape.exposures) {
    add("exposure." + style.id, style.mean, "ratio", style_definition(style.id), out);
  }
  for (const Standpoint& group : shape.groups) {
    add(fmt::format("group.{}.place", group.id), group.mean, "ratio",
        "Mean place of the group's names among all, 0 lowest and 1 highest factor value, mean over every 21st "
        "session.",
        out);
  }
}

void add_variant(const Variant& variant, std::vector<Number>& out) {
  const std::string path = fmt::format("sensitivity.{}.", variant.id);
  add(path + "rank_ic", variant.rank_ic, "ratio", "Mean rank IC at the headline horizon with this one thing changed.",
      out);
  const std::string& why = variant.rank_ic.reason;
  add(path + "t_no_overlap", plain(variant.t_no_overlap, variant.rank_ic.n, why), "", "No-overlap t of this rank IC.",
      out);
  add(path + "net_annual", variant.net_annual, "ratio/yr",
      "Top less bottom bucket after costs with this one thing changed, turned to the sign of the choice's rank IC, as "
      "a yearly rate.",
      out);
  add(path + "ic", plain(variant.ic, variant.rank_ic.n, why), "ratio",
      "Mean Pearson IC at the headline horizon with this one thing changed.", out);
}

void add_sensitivity(const Sensitivity& sensitivity, std::vector<Number>& out) {
  add_variant(sensitivity.choice, out);
  for (const Variant& variant : sensitivity.variants) {
    add_variant(variant, out);
  }
  const Neighbourhood around = neighbourhood(sensitivity);
  const std::int64_t n = around.neighbours;
  const std::string why = sensitivity.no_windows.empty() ? "no neighbour has a rank IC" : sensitivity.no_windows;
  const bool any = around.neighbours > 0;
  add("sensitivity.looked_at", plain(static_cast<double>(sensitivity.variants.size()), n), "",
      "Variants of the factor judged beside it; no trials, since none was chosen.", out);
  add("sensitivity.neighbours", plain(around.neighbours, n), "",
      "Of these, the formula with a window half or one and a half times as long, and a rank IC.", out);
  add("sensitivity.place", plain(any ? around.place : kNoValue, n, why), "",
      "Place of the choice among itself and these neighbours, 1 the best, by rank IC in its own direction.", out);
  add("sensitivity.neighbours_median", plain(around.median, n, why), "ratio", "Median rank IC of these neighbours.",
      out);
}

}  // namespace

std::string event_key(int offset) { return fmt::format("{}_{}", std::abs(offset), offset < 0 ? "before" : "after"); }

std::vector<Number> study_numbers(const TearSheet& sheet) {
  std::vector<Number> out;
  add_events(sheet.events, static_cast<std::size_t>(sheet.options.quantiles), out);
  add_shape(sheet.shape, out);
  if (sheet.sensitivity) {
    add_sensitivity(*sheet.sensitivity, out);
  }
  return out;
}

}  // namespace lode::evaluate
