// Changed factors, and the short way to their headline.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/study/sensitivity.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/evaluate/capacity.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/evaluate/kernel/book.h"
#include "lode/core/evaluate/kernel/dates.h"
#include "lode/core/evaluate/kernel/no_overlap.h"
#include "lode/core/evaluate/question.h"
#include "lode/core/evaluate/verdict/verdict.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/quantile.h"
#include "lode/core/stat/rank.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

constexpr double kCut = 0.01;      // Of the values at each end, winsorized.
constexpr double kMostLost = 0.6;  // Of the rank IC, as of the delay check.

double sign_of(const TearSheet& sheet) { return sheet.headline_horizon().rank_ic.mean.value < 0.0 ? -1.0 : 1.0; }

// A panel made row by row from that of `factor` (f64): change(row, values, out).
template <class Change>
Panel changed(const Panel& factor, Pool& pool, Change change) {
  const Panel doubles = factor.as(Precision::kFloat64);
  Panel out(factor.shared_axis(), Precision::kFloat64);
  for_blocks(factor.rows(), pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      change(row, doubles.row64(row), out.mutable_row64(row));
    }
  });
  return out;
}

// Median of 1 / money over the names with a value; NaN when there is none.
double median_of(std::span<const double> values, std::span<const float> per_money, std::vector<double>& buffer) {
  std::vector<double> known;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (stat::is_finite(values[i]) && per_money[i] > 0.0F) {
      known.push_back(per_money[i]);
    }
  }
  return known.empty() ? stat::kMissing : stat::median(known, buffer);
}

bool is_clear(const Variant& choice) { return math::abs(choice.t_no_overlap) >= kNormal95; }

Check neighbours_check(const Sensitivity& s) {
  Check out{"neighbours", "Its neighbourhood", CheckState::kUnknown, "",
            "The same formula with its windows half or one and a half times as long; the best of many is the best by "
            "luck more often than by skill."};
  const Neighbourhood around = neighbourhood(s);
  if (around.neighbours == 0) {
    out.result = s.no_windows.empty() ? "no neighbour has a rank IC" : s.no_windows;
    return out;
  }
  out.result = fmt::format("{} of {} by rank IC: {}, median of the others {}", around.place, around.neighbours + 1,
                           signed_fixed(s.choice.rank_ic.value, 3), signed_fixed(around.median, 3));
  if (!is_clear(s.choice)) {
    out.result += "; no clear edge to compare";
    return out;
  }
  const bool alone = around.median / s.choice.rank_ic.value < 1.0 - kMostLost;
  out.state = (around.place == 1 && around.neighbours > 1) || alone ? CheckState::kWarning : CheckState::kPassed;
  if (around.place == 1 && around.neighbours > 1) {
    out.result = "best " + out.result.substr(2);
  }
  return out;
}

Check delayed_check(const Sensitivity& s) {
  Check out{
      "delayed_result", "The result a session later", CheckState::kUnknown, "no clear edge to lose",
      "A signal that is worthless or turned round when it is used one session later was never tradable, or leaks."};
  const Variant* later = find_variant(s, "delay");
  if (later == nullptr || !is_clear(s.choice) || !stat::is_valid(later->rank_ic.value)) {
    out.result = later != nullptr && is_clear(s.choice) ? later->rank_ic.reason : out.result;
    return out;
  }
  const double kept = later->rank_ic.value / s.choice.rank_ic.value;
  out.result =
      fmt::format("rank IC {} -> {}", signed_fixed(s.choice.rank_ic.value, 3), signed_fixed(later->rank_ic.value, 3));
  out.state = kept < 0.0 ? CheckState::kFailed : kept < 1.0 - kMostLost ? CheckState::kWarning : CheckState::kPassed;
  return out;
}

}  // namespace

void judge_variant(const Panel& factor, LabelSet& labels, const TearSheet& sheet, Pool& pool, Variant& variant) {
  const int horizon = sheet.headline_horizon().horizon;
  SortedRows sorted = sort_rows(usable_cells(factor, labels.market().universe), pool);
  Options options = sheet.options;  // Half of the names need not be as many as all.
  options.min_names = std::min(options.min_names, min_names_of(0, *std::ranges::max_element(sorted.counts)));
  if (const Result<void> sound = check_factor(sorted, options); !sound) {
    variant.rank_ic = variant.net_annual = missing_estimate(0, sound.error().message());
    return;
  }
  const std::shared_ptr<const SortedLabels> held = labels.at(horizon, pool);
  const auto needed = static_cast<int>(names_needed(options));
  const Dates dates = evaluate_dates(sorted, held->rows(), Depth::kEverything, options, pool);
  const OneDay& one_day = labels.one_day();
  const Standing returns = without_thin_rows(one_day.ranks, one_day.names, names_needed(options));
  const NoOverlap test = no_overlap(centered_ranks(sorted, needed, pool), returns, horizon, pool);
  const IcStatistics rank_ic = ic_statistics(dates.rank_ic, test, horizon, options);
  HorizonResult result;
  result.horizon = horizon;
  result.spread = spread_statistics(
      make_book(dates.buckets, one_day.held, one_day.rows, horizon, options.cost_bps, pool), sheet.sessions, options);
  variant.rank_ic = rank_ic.mean;
  variant.t_no_overlap = rank_ic.t_no_overlap;
  variant.net_annual = net_in_direction(result, sign_of(sheet), options.sessions_a_year);
  variant.ic = stat::is_valid(rank_ic.mean.value) ? stat::mean(dates.ic) : kNoValue;
}

Variant choice_of(const TearSheet& sheet) {
  const HorizonResult& headline = sheet.headline_horizon();
  return {.id = "choice",
          .words = "this choice",
          .rank_ic = headline.rank_ic.mean,
          .t_no_overlap = headline.rank_ic.t_no_overlap,
          .net_annual = net_in_direction(headline, sign_of(sheet), sheet.options.sessions_a_year),
          .ic = headline.ic.mean.value};
}

Panel delayed(const Panel& factor) {
  const Panel doubles = factor.as(Precision::kFloat64);
  Panel out(factor.shared_axis(), Precision::kFloat64);
  for (std::size_t row = 1; row < factor.rows(); ++row) {
    std::ranges::copy(doubles.row64(row - 1), out.mutable_row64(row).begin());
  }
  return out;
}

Panel half_by_money(const Panel& factor, const Market& market, bool larger, Pool& pool) {
  const Liquidity liquidity = liquidity_of(market, pool);
  return changed(factor, pool, [&](std::size_t row, std::span<const double> values, std::span<double> out) {
    const auto per_money = std::span(liquidity.per_money).subspan(row * values.size(), values.size());
    std::vector<double> buffer;
    const double median = median_of(values, per_money, buffer);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool is_in = larger ? per_money[i] < median : per_money[i] >= median;
      out[i] = is_in ? values[i] : stat::kMissing;
    }
  });
}

Panel less_group_means(const Panel& factor, const GroupPanel& groups, Pool& pool) {
  return changed(factor, pool, [&](std::size_t row, std::span<const double> values, std::span<double> out) {
    std::vector<double> sums(groups.names.size(), 0.0);
    std::vector<double> counts(groups.names.size(), 0.0);
    const auto codes = groups.row(row);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (codes[i] >= 0 && stat::is_finite(values[i])) {
        sums[static_cast<std::size_t>(codes[i])] += values[i];
        counts[static_cast<std::size_t>(codes[i])] += 1.0;
      }
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto group = static_cast<std::size_t>(std::max(0, codes[i]));
      out[i] = codes[i] >= 0 ? values[i] - sums[group] / counts[group] : stat::kMissing;
    }
  });
}

Panel winsorized(const Panel& factor, Pool& pool) {
  return changed(factor, pool, [](std::size_t, std::span<const double> values, std::span<double> out) {
    std::vector<double> buffer;
    std::vector<double> known;
    std::ranges::copy_if(values, std::back_inserter(known), [](double value) { return stat::is_finite(value); });
    const double low = stat::quantile(known, kCut, buffer);
    const double high = stat::quantile(known, 1.0 - kCut, buffer);
    for (std::size_t i = 0; i < values.size(); ++i) {
      out[i] = stat::is_finite(values[i]) ? std::clamp(values[i], low, high) : stat::kMissing;
    }
  });
}

Panel ranked(const Panel& factor, Pool& pool) {
  return changed(factor, pool, [](std::size_t, std::span<const double> values, std::span<double> out) {
    stat::RankScratch scratch;
    std::vector<double> finite(values.begin(), values.end());
    std::ranges::replace_if(
        finite, [](double value) { return !stat::is_finite(value); }, stat::kMissing);
    stat::rank_pct(finite, out, stat::Ties::kAverage, scratch);
  });
}

std::vector<Variant> judge_changes(const Panel& factor, LabelSet& labels, const TearSheet& sheet, Pool& pool) {
  std::vector<Variant> out;
  const auto add = [&](std::string_view id, std::string_view words, const Panel& panel) {
    Variant variant{.id = std::string(id), .words = std::string(words)};
    judge_variant(panel, labels, sheet, pool, variant);
    out.push_back(std::move(variant));
  };
  add("delay", "a session late", delayed(factor));
  add("larger_half", "larger half", half_by_money(factor, labels.market(), true, pool));
  add("smaller_half", "smaller half", half_by_money(factor, labels.market(), false, pool));
  if (labels.groups() != nullptr && !labels.groups()->names.empty()) {
    add("group_neutral", "group-neutral", less_group_means(factor, *labels.groups(), pool));
  }
  add("winsorized", "winsorized", winsorized(factor, pool));
  add("ranked", "ranked", ranked(factor, pool));
  return out;
}

Neighbourhood neighbourhood(const Sensitivity& sensitivity) {
  const double own = sensitivity.choice.rank_ic.value;
  const double sign = own < 0.0 ? -1.0 : 1.0;
  Neighbourhood out;
  std::vector<double> others;
  for (const Variant& variant : sensitivity.variants) {
    if (variant.is_window && stat::is_valid(variant.rank_ic.value)) {
      others.push_back(variant.rank_ic.value);
      out.other_sign += sign * variant.rank_ic.value < 0.0 ? 1 : 0;
    }
  }
  if (others.empty() || !stat::is_valid(own)) {
    return out;
  }
  out.neighbours = static_cast<int>(others.size());
  out.place = 1 + static_cast<int>(std::ranges::count_if(others, [&](double one) { return sign * one > sign * own; }));
  std::vector<double> buffer;
  out.median = stat::median(others, buffer);
  return out;
}

const Variant* find_variant(const Sensitivity& sensitivity, std::string_view id) {
  const auto found = std::ranges::find(sensitivity.variants, id, &Variant::id);
  return found == sensitivity.variants.end() ? nullptr : &*found;
}

std::vector<Check> sensitivity_checks(const TearSheet& sheet) {
  if (!sheet.sensitivity) {
    return {};
  }
  return {neighbours_check(*sheet.sensitivity), delayed_check(*sheet.sensitivity)};
}

}  // namespace lode::evaluate
