// Cutting a sheet to the dates that count, and saying what was cut.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/page/counting.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "lode/base/math.h"
#include "lode/core/report/number_text.h"

namespace lode::report {
namespace {

struct Span {
  std::size_t first = 0;
  std::size_t end = 0;
};

bool is_known(const std::vector<double>& series, std::size_t row) {
  return row < series.size() && math::is_finite(series[row]);
}

Span span_of(const evaluate::TearSheet& sheet) {
  const evaluate::HorizonResult& headline = sheet.headline_horizon();
  const std::size_t rows = sheet.sessions.size();
  std::size_t first = 0;
  while (first < rows && !is_known(headline.rank_ic_series, first)) {
    ++first;
  }
  if (first == rows) {
    return {0, rows};
  }
  std::size_t end = rows;
  while (!is_known(headline.rank_ic_series, end - 1) && !is_known(headline.net_series, end - 1)) {
    --end;
  }
  return {first, end};
}

template <class T>
void cut(std::vector<T>& series, std::size_t rows, const Span& span) {
  if (series.size() == rows) {  // A series that is not aligned was never computed.
    series = std::vector<T>(series.begin() + static_cast<std::ptrdiff_t>(span.first),
                            series.begin() + static_cast<std::ptrdiff_t>(span.end));
  }
}

// Sessions on which only the book of the last date goes on are none that count: too few names on them are a gap.
void blank_tail(evaluate::TearSheet& sheet, std::size_t end) {
  const evaluate::HorizonResult& headline = sheet.headline_horizon();
  for (std::size_t row = end; row-- > 0 && !is_known(headline.rank_ic_series, row);) {
    double& names = sheet.coverage.names_series[row];
    names = names < sheet.options.min_names ? evaluate::kNoValue : names;
  }
}

std::string outside_words(const evaluate::TearSheet& sheet, const Span& span) {
  const std::vector<double>& names = sheet.coverage.names_series;
  const std::size_t rows = sheet.sessions.size();
  if (names.size() != rows || span.end - span.first == rows) {
    return "";
  }
  std::int64_t none = 0;
  std::int64_t few = 0;
  std::int64_t open = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    if (row < span.first || row >= span.end) {
      ++(names[row] == 0.0 ? none : names[row] < sheet.options.min_names ? few : open);
    }
  }
  std::string why;
  const auto add = [&](std::int64_t count, const std::string& what) {
    if (count > 0) {
      why +=
          fmt::format("{}{} {}", why.empty() ? "" : ", ", number_text(static_cast<double>(count), Style::kCount), what);
    }
  };
  add(few, "with fewer than " + counted_text(sheet.options.min_names, "name"));
  add(none, "without a factor value");
  add(open, "without a return yet");
  return fmt::format("{} of {} not drawn, outside the first and last date that counts: {}",
                     number_text(static_cast<double>(none + few + open), Style::kCount),
                     counted_text(static_cast<std::int64_t>(rows), "session"), why);
}

}  // namespace

CountingPart counting_part(const evaluate::TearSheet& whole) {
  const Span span = span_of(whole);
  const std::size_t rows = whole.sessions.size();
  CountingPart out{whole, outside_words(whole, span)};
  evaluate::TearSheet& sheet = out.sheet;
  blank_tail(sheet, whole.coverage.names_series.size() == rows ? span.end : 0);
  for (evaluate::HorizonResult& one : sheet.horizons) {
    for (std::vector<double>* series : {&one.ic_series, &one.rank_ic_series, &one.spread_series, &one.net_series}) {
      cut(*series, rows, span);
    }
    for (std::vector<double>& bucket : one.quantile_series) {
      cut(bucket, rows, span);
    }
  }
  if (sheet.benchmark) {
    cut(sheet.benchmark->returns, rows, span);
  }
  cut(sheet.coverage.names_series, rows, span);
  cut(sheet.sessions, rows, span);
  std::erase_if(sheet.years, [](const evaluate::YearResult& year) { return year.dates == 0; });
  return out;
}

}  // namespace lode::report
