// From facts to a factor.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/demo/profitability.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "lode/base/math.h"
#include "lode/base/text.h"

namespace lode::flow {
namespace {

using source::edgar::Span;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kQuarters = 4;
constexpr std::string_view kIncome = "net_income";
constexpr std::string_view kBalance = "assets";
constexpr std::string_view kCurrency = "USD";

// The series that either metric may read: a company has hundreds.
std::vector<KnownSeries> read_by_metrics(std::span<const KnownSeries> company) {
  std::vector<KnownSeries> out;
  for (const KnownSeries& series : company) {
    for (const std::string_view metric : {kIncome, kBalance}) {
      const auto& tags = source::edgar::find_concept(metric)->tags;
      const bool is_read = std::ranges::any_of(tags, [&](const source::edgar::DatedTag& tag) {
        return tag.taxonomy == series.taxonomy && tag.tag == series.tag;
      });
      if (is_read && series.unit == kCurrency) {
        out.push_back(series);
        break;
      }
    }
  }
  return out;
}

// The instants at which what is known changes.
std::vector<Time> changes(std::span<const KnownSeries> company) {
  std::vector<Time> out;
  for (const KnownSeries& series : company) {
    for (const KnownFact& one : series.facts) {
      out.push_back(one.known);
    }
  }
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

std::vector<StatementLine> lines_of(std::span<const KnownSeries> company, std::string_view metric, Span span,
                                    Time as_of) {
  StatementQuery query;
  query.metrics = {std::string(metric)};
  query.duration = span;
  query.as_of = as_of;
  auto lines = statement(company, query);
  return lines ? std::move(*lines) : std::vector<StatementLine>();  // It knows both metrics.
}

struct Ratio {
  double value = kNone;
  Date end;  // Of its last quarter.
};

Ratio ratio_at(std::span<const KnownSeries> company, Time as_of) {
  Ratio out;
  double income = 0.0;
  std::size_t quarters = 0;
  std::optional<Date> first;  // Of the quarters so far; they come newest first.
  for (const StatementLine& line : lines_of(company, kIncome, Span::kQuarter, as_of)) {
    if (first && line.fact.end >= *first) {
      continue;  // Another reading of a period that is counted: a week more or less.
    }
    if (first && line.fact.end != *first - 1) {
      return {};  // A quarter is missing.
    }
    out.end = first ? out.end : line.fact.end;
    first = line.fact.start;
    income += line.fact.value;
    if (++quarters == kQuarters) {
      break;
    }
  }
  for (const StatementLine& line : lines_of(company, kBalance, Span::kInstant, as_of)) {
    if (quarters == kQuarters && line.fact.end == out.end && line.fact.value > 0.0) {
      out.value = income / line.fact.value;
      return out;
    }
  }
  return {};
}

}  // namespace

std::vector<double> profitability(std::span<const KnownSeries> company, std::span<const Time> times) {
  const std::vector<KnownSeries> read = read_by_metrics(company);
  const std::vector<Time> known = changes(read);
  std::vector<double> out;
  std::optional<std::size_t> at;  // Place in `known` that `ratio` is of.
  Ratio ratio;
  for (const Time time : times) {
    const auto after = static_cast<std::size_t>(std::ranges::upper_bound(known, time) - known.begin());
    if (after > 0 && at != after - 1) {
      at = after - 1;
      ratio = ratio_at(read, known[*at]);
    }
    const bool is_stale = utc_date(time).days - ratio.end.days > kStaleDays;
    out.push_back(after == 0 || is_stale ? kNone : ratio.value);
  }
  return out;
}

std::string values_csv(const Axis& axis, std::span<const std::vector<double>> columns) {
  std::string out = "date,symbol,value\n";
  for (std::size_t row = 0; row < axis.rows(); ++row) {
    for (std::size_t column = 0; column < columns.size(); ++column) {
      if (row < columns[column].size() && !math::is_nan(columns[column][row])) {
        out += fmt::format("{},{},{}\n", to_string(axis.sessions[row]), axis.symbols[column],
                           shortest(columns[column][row]));
      }
    }
  }
  return out;
}

}  // namespace lode::flow
