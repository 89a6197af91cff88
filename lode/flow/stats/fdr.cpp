// lode stats fdr: p-values of many tests, adjusted for how many there were.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/overfit/multiple_tests.h"
#include "lode/flow/fitted.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/stats/parameters.h"

namespace lode {

namespace {

using stat::Adjustment;

struct Way {
  Adjustment adjustment;
  const char* key;
};
constexpr std::array kWays = {Way{Adjustment::kBenjaminiHochberg, "bh"}, Way{Adjustment::kBenjaminiYekutieli, "by"},
                              Way{Adjustment::kHolm, "holm"}, Way{Adjustment::kBonferroni, "bonferroni"}};

// The column of p-values: the only one, or the one called so.
Result<std::size_t> p_column(const flow::SeriesFile& file) {
  for (const std::string_view name : {"p", "p_value", "pvalue", "p-value"}) {
    for (std::size_t i = 0; i < file.names.size(); ++i) {
      if (file.series.size() == 1 || lower(file.names[i]) == name) {
        return i;
      }
    }
  }
  return fail(E::E2001, fmt::format("{} has {} columns of numbers and none is called p", file.path, file.names.size()),
              fmt::format("--column names it: {}", join_some(file.names)));
}

Result<void> check_probabilities(std::span<const double> p, const flow::SeriesFile& file) {
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (p[i] < 0.0 || p[i] > 1.0) {
      return fail(E::E2004, fmt::format("{}: row {} holds {}, expected a p-value from 0 to 1", file.path, i + 1, p[i]),
                  "--column names the column of p-values");
    }
  }
  return {};
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const flow::SeriesFile file, flow::series_of(request));
  LODE_TRY(const std::size_t column, p_column(file));
  const std::vector<double>& p = file.series[column];
  LODE_CHECK(check_probabilities(p, file));
  const auto in_file = static_cast<std::int64_t>(stat::count_valid(p));
  if (in_file == 0) {
    return fail(
        E::E2102,
        fmt::format("column {} of {} has no p-value, all {} are missing", file.names[column], file.path, p.size()),
        "--column names the column of p-values");
  }
  const std::int64_t tests = request.integer("tests", in_file);
  if (tests < in_file) {
    return fail(E::E4, fmt::format("--tests is {}, but the file alone holds {}", tests, in_file),
                "count every test that was made, also those whose p-values are not in the file");
  }
  const double level = request.number("level", 0.05);
  std::array<std::vector<double>, kWays.size()> adjusted;
  for (std::size_t way = 0; way < kWays.size(); ++way) {
    adjusted[way] = stat::adjusted_p(p, kWays[way].adjustment, static_cast<std::size_t>(tests));
  }
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  using Align = TextTable::Align;
  TextTable table({{"test", Align::kLeft, 9},
                   {"p", Align::kRight, 8},
                   {"BH", Align::kRight, 7},
                   {"BY", Align::kRight, 4},
                   {"Holm", Align::kRight, 5},
                   {"Bonferroni", Align::kRight, 3}});
  Value rows = Value::array();
  for (const std::size_t i : order) {
    const std::string name = file.labels.empty() ? fmt::format("row {}", i + 1) : file.labels[i];
    std::vector<std::string> cells = {name, math::is_nan(p[i]) ? "-" : fixed(p[i], 4)};
    Value row = Value::object();
    row.set("test", Value(name));
    row.set("p", Value(p[i]));
    for (std::size_t way = 0; way < kWays.size(); ++way) {
      const double value = adjusted[way][i];
      cells.push_back(math::is_nan(value) ? "-" : fixed(value, 4) + (value <= level ? " *" : "  "));
      row.set(kWays[way].key, Value(value));
    }
    table.add(std::move(cells));
    rows.push(std::move(row));
  }
  const auto found = std::ranges::count_if(adjusted[0], [level](double value) { return value <= level; });
  const auto plain = std::ranges::count_if(p, [level](double value) { return value <= level; });
  Outcome out;
  out.data = Value::object();
  out.data.set("file_sha256", Value(file.hash));
  out.data.set("tests", Value(tests));
  out.data.set("level", Value(level));
  out.data.set("discoveries_bh", Value(static_cast<std::int64_t>(found)));
  out.data.set("p_values", std::move(rows));
  out.text =
      flow::fitted(world, table) +
      fmt::format("\n{} of {} tests are discoveries at a false-discovery rate of {} % (BH); {} have p <= {} alone.\n",
                  found, grouped(tests), shortest(100.0 * level), plain, shortest(level));
  return flow::in_format(std::move(out), "p_values", {"test", "p", "bh", "by", "holm", "bonferroni"}, request);
}

}  // namespace

const Flow& flow_stats_fdr() {
  static const Flow flow{
      {.noun = "stats",
       .verb = "fdr",
       .summary = "p-values of many tests, adjusted for how many there were",
       .description =
           "Adjusted p-values, which can be held against one level however many tests there were: Benjamini-Hochberg "
           "and Benjamini-Yekutieli bound the share of false discoveries among all, Holm and Bonferroni the chance of "
           "any. --tests counts those that were made and are not in the file, too. A star marks those at or below "
           "--level.",
       .journey = Journey::kResearch,
       .parameters = {flow::series_parameter("p-values: a row a test, with a column of names if you like"),
                      flow::column_parameter(),
                      {.name = "tests",
                       .kind = ParameterKind::kInteger,
                       .summary = "how many tests were made altogether; default: those of the file",
                       .least = 1,
                       .most = 1'000'000'000},
                      {.name = "level",
                       .kind = ParameterKind::kNumber,
                       .summary = "the level to hold adjusted p-values against",
                       .fallback = "0.05",
                       .least = 0.000001,
                       .most = 0.999999},
                      flow::rows_format_parameter()},
       .examples = {{"lode stats fdr p.csv", "all tests", false},
                    {"lode stats fdr best.csv --tests 500 --level 0.1", "the best of 500", false}},
       .schema = "lode.stats.fdr/1"},
      run};
  return flow;
}

}  // namespace lode
