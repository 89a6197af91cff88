// Checks of the question.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/question.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

constexpr int kLongestHorizon = 504;
constexpr int kMostQuantiles = 20;
constexpr int kMostMinNames = 100'000;

bool has_values_that_differ(const SortedRows& factor, std::size_t row) {
  const auto order = factor.order(row);
  const auto values = factor.values.row(row);
  return order.size() > 1 && values[order.front()] != values[order.back()];
}

}  // namespace

Result<void> check_options(const Options& options) {
  if (options.horizons.empty()) {
    return fail(E::E4, "--horizons is empty, expected at least one of 1 to 504 sessions", "--horizons 1,5,21");
  }
  for (std::size_t i = 0; i < options.horizons.size(); ++i) {
    const int horizon = options.horizons[i];
    if (horizon < 1 || horizon > kLongestHorizon) {
      return fail(E::E4, fmt::format("--horizons holds {}, expected 1 to {} sessions", horizon, kLongestHorizon),
                  "--horizons 1,5,21");
    }
    if (i > 0 && horizon <= options.horizons[i - 1]) {
      return fail(
          E::E4,
          fmt::format("--horizons has {} after {}, expected ascending and each once", horizon, options.horizons[i - 1]),
          "--horizons 1,5,21");
    }
  }
  if (options.quantiles < 2 || options.quantiles > kMostQuantiles) {
    return fail(E::E4, fmt::format("--quantiles is {}, expected 2 to {}", options.quantiles, kMostQuantiles),
                "--quantiles 5");
  }
  if (!(options.cost_bps >= 0.0 && options.cost_bps <= 10'000.0)) {
    return fail(E::E4, fmt::format("--cost-bps is {}, expected 0 to 10,000", options.cost_bps), "--cost-bps 10");
  }
  if (!(options.sessions_a_year > 0.0 && stat::is_finite(options.sessions_a_year))) {
    return fail(E::E4, fmt::format("sessions_a_year is {}, expected above 0", options.sessions_a_year),
                "252 for daily bars");
  }
  if (options.min_names < 0 || options.min_names > kMostMinNames) {
    return fail(E::E4, fmt::format("--min-names is {}, expected 1 to {}", options.min_names, grouped(kMostMinNames)),
                "--min-names 1 to 3 counts every date of 3 names or more; without it dates of fewer than 20 names are "
                "left out");
  }
  if (options.min_dates < 2) {
    return fail(E::E4, fmt::format("min_dates is {}, expected at least 2", options.min_dates),
                "a standard error needs two dates");
  }
  return {};
}

int min_names_of(int asked, std::size_t fullest_date) {
  const int half = static_cast<int>((fullest_date + 1) / 2);
  return std::max(kFewestNames, asked > 0 ? asked : std::min(kFewNames, half));
}

Cells copy_cells(const Panel& panel) {
  const Panel doubles = panel.as(Precision::kFloat64);
  Cells out(panel.rows(), panel.columns(), 0.0);
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    const auto cells = doubles.row64(row);
    std::copy(cells.begin(), cells.end(), out.row(row).begin());
  }
  return out;
}

Cells usable_cells(const Panel& factor, std::span<const std::uint8_t> universe, Cells room) {
  const Panel doubles = factor.as(Precision::kFloat64);
  Cells out = std::move(room);
  out.rows = factor.rows();
  out.columns = factor.columns();
  out.values.resize(out.rows * out.columns);
  for (std::size_t row = 0; row < out.rows; ++row) {
    const double* from = doubles.row64(row).data();
    const std::uint8_t* members = universe.empty() ? nullptr : &universe[row * out.columns];
    double* to = out.row(row).data();
    for (std::size_t i = 0; i < out.columns; ++i) {
      const bool member = members == nullptr || members[i] != 0;
      to[i] = member && stat::is_finite(from[i]) ? from[i] : stat::kMissing;
    }
  }
  return out;
}

Result<void> check_factor(const SortedRows& factor, const Options& options) {
  const auto most = factor.counts.empty() ? 0U : *std::max_element(factor.counts.begin(), factor.counts.end());
  if (most == 0) {
    return fail(E::E1114,
                fmt::format("the factor has no value: all {} cells of {} sessions and {} names are missing",
                            grouped(static_cast<std::int64_t>(factor.values.values.size())),
                            grouped(static_cast<std::int64_t>(factor.values.rows)),
                            grouped(static_cast<std::int64_t>(factor.values.columns))),
                "is the longest window of the formula longer than the history, or a field empty?");
  }
  if (most < static_cast<std::uint32_t>(options.quantiles)) {
    return fail(E::E2102,
                fmt::format("the factor has at most {} names on a date, {} quantiles need at least {}", most,
                            options.quantiles, options.quantiles),
                fmt::format("take a larger universe, or --quantiles {}", std::max(2U, most)));
  }
  for (std::size_t row = 0; row < factor.values.rows; ++row) {
    if (has_values_that_differ(factor, row)) {
      return {};
    }
  }
  return fail(E::E1114,
              "the factor is constant: on every date all names have the same value, expected values that differ",
              "a factor compares names; rank() or demean of a constant is constant too");
}

Result<void> check_dates(const TearSheet& sheet, const LabelMaker& maker) {
  const bool any = std::any_of(sheet.horizons.begin(), sheet.horizons.end(), [](const auto& h) { return h.dates > 0; });
  if (any) {
    return {};
  }
  const int shortest = sheet.options.horizons.front();
  const bool left_out =
      std::any_of(sheet.horizons.begin(), sheet.horizons.end(), [](const auto& h) { return h.dates_left_out > 0; });
  return fail(E::E2102,
              fmt::format("no date can be evaluated: {} sessions, and a {}-session return under {} needs {} after the "
                          "factor's first value, with at least {} names a date",
                          sheet.sessions.size(), shortest, to_string(sheet.options.convention),
                          maker.delay() + static_cast<std::size_t>(shortest) + 1, sheet.options.min_names),
              sheet.options.min_names > kFewestNames && left_out
                  ? "--min-names 1 lets dates of few names count; a larger universe is better"
                  : "take a longer history or a shorter horizon");
}

}  // namespace lode::evaluate
