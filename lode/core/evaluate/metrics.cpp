// The kinds of numbers, read off a sheet that has one of each.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "lode/base/text.h"
#include "lode/core/evaluate/honesty/honesty_numbers.h"
#include "lode/core/evaluate/study/exposures.h"

namespace lode::evaluate {
namespace {

bool is_digits(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string family_word(std::string_view word) {
  if (is_digits(word)) {
    return "N";
  }
  for (const std::string_view end : {"_before", "_after"}) {
    if (word.ends_with(end) && is_digits(word.substr(0, word.size() - end.size()))) {
      return "N" + std::string(end);
    }
  }
  if (word.size() > 1 && word.back() == 'd' && is_digits(word.substr(0, word.size() - 1))) {
    return "Hd";
  }
  return word.size() > 1 && word.front() == 'q' && is_digits(word.substr(1)) ? "qK" : std::string(word);
}

// What pages derive from the numbers and series.
std::vector<Metric> derived() {
  return {
      {"12-month mean", "", "Mean of the last 12 monthly means; band: 95 % by Student's t with 11 degrees of freedom."},
      {"below peak", "ratio",
       "Wealth over its highest value so far, minus 1; wealth starts at 1 and compounds net returns."},
      {"net against cost", "ratio/yr",
       "(1 + gross a session - cost x traded share)^(sessions a year) - 1, through the gross and net of the table."},
      {"a year, as a rate", "ratio/yr",
       "(1 + mean session)^(sessions a year) - 1: the pace of the verdict, the cost table and the years of section 11; "
       "the same for "
       "a whole and a begun year, and what intervals and costs are stated in."},
      {"a year, compounded", "ratio",
       "Product of (1 + session) over the year's sessions, minus 1: what was earned, in the months and years of "
       "section "
       "10; below the rate by about half the yearly variance, and shorter for a begun year."},
      {"H, K, N", "",
       "A horizon in sessions, a quantile (1 = lowest values), a year, a month, the place of a fall, or a number or "
       "age "
       "in sessions."}};
}

// A sheet with one of everything; only the definitions of its numbers matter, most are missing.
TearSheet specimen() {
  TearSheet sheet{};
  HorizonResult horizon{};
  horizon.horizon = 5;
  horizon.quantiles.push_back({});
  sheet.sessions = {Date::from_civil(2020, 1, 2), Date::from_civil(2020, 1, 3)};
  horizon.net_series = horizon.spread_series = {0.01, -0.01};
  horizon.quantile_series = {horizon.net_series};
  sheet.horizons.push_back(std::move(horizon));
  sheet.decay.push_back({});
  sheet.lagged_rank_ic.push_back(kNoValue);
  sheet.groups.push_back({});
  sheet.groups.front().group = "NAME";
  sheet.group_neutral.emplace();
  sheet.years.push_back({});
  sheet.regimes.push_back({.id = "NAME"});
  sheet.benchmark.emplace();
  sheet.known.emplace().factors.push_back({.name = "NAME"});
  sheet.shape.years.push_back({});
  sheet.shape.stability.emplace_back(5, kNoValue);
  for (const std::string_view style : kStyles) {
    sheet.shape.exposures.push_back({std::string(style), {}});
  }
  sheet.shape.groups.push_back({"NAME", {}});
  sheet.sensitivity.emplace().choice.id = "NAME";
  return sheet;
}

}  // namespace

std::string metric_family(std::string_view path) {
  std::vector<std::string_view> words = split(path, '.');
  if (words.size() > 2 && words.front() == "group") {  // A group's name may hold dots: only the last word is ours.
    return "group.NAME." + std::string(words.back());
  }
  const bool is_beside = words.front() == "known" || words.front() == "kinship";
  if (is_beside && words.size() > 2) {  // So may that of another factor.
    return fmt::format("{}.NAME.{}", words.front(), words.back());
  }
  if (words.size() == 3 && (words.front() == "regime" || words.front() == "sensitivity")) {
    return std::string(words.front()) + ".NAME." + std::string(words.back());
  }
  std::string out;
  for (const std::string_view word : words) {
    out += (out.empty() ? "" : ".") + family_word(word);
  }
  return out;
}

Basis basis_of(std::string_view path) {
  const std::vector<std::string_view> words = split(path, '.');
  const std::string_view first = words.front();
  Basis basis;
  basis.groups = first == "group" || first == "group_neutral";
  if (basis.groups) {  // A group may be called "net" or "5d".
    return basis;
  }
  basis.groups = first == "sensitivity" && words[1] == "group_neutral";
  basis.benchmark = first == "benchmark";
  // The benchmark is compared with the book after costs; its own return is not.
  const bool compares = basis.benchmark && (words.back() == "beta" || words.back() == "correlation");
  const bool is_net = words.back() == "net" || words.back().starts_with("net_") || path == "capacity.zero_money";
  basis.costs = is_net || compares || first == "fall";
  for (const std::string_view word : words) {
    std::int64_t sessions = 0;
    if (family_word(word) == "Hd" && parse_int(word.substr(0, word.size() - 1), sessions)) {
      basis.horizon = static_cast<int>(sessions);
    }
  }
  return basis;
}

std::vector<Metric> metrics_of(std::span<const Number> numbers) {
  std::vector<Metric> out;
  for (const Number& number : numbers) {
    std::string family = metric_family(number.path);
    if (std::ranges::find(out, family, &Metric::name) == out.end()) {
      out.push_back({std::move(family), number.unit, std::string(number.definition)});
    }
  }
  for (Metric& one : derived()) {
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<Metric> all_metrics() {
  std::vector<Number> all = numbers(specimen());
  std::ranges::move(honesty_numbers({}), std::back_inserter(all));
  const Kinship kinship{.relatives = {{.name = "NAME", .correlation = kNoValue, .beta = {}}}, .alpha = {}};
  std::ranges::move(kinship_numbers(kinship, 1.0), std::back_inserter(all));
  return metrics_of(all);
}

std::vector<Metric> find_metrics(std::string_view asked) {
  const std::string wanted = lower(asked);
  const std::string family = lower(metric_family(wanted));
  std::vector<Metric> exact;
  std::vector<Metric> holding;
  for (Metric& one : all_metrics()) {
    const std::string name = lower(one.name);
    const std::vector<std::string_view> words = split(name, '.');
    const bool holds = std::ranges::find(words, wanted) != words.end() || name.starts_with(wanted + ".");
    if (name == wanted || name == family) {
      exact.push_back(std::move(one));
    } else if (holds) {
      holding.push_back(std::move(one));
    }
  }
  return exact.empty() ? holding : exact;
}

}  // namespace lode::evaluate
