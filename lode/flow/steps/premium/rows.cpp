// The rows that factor_summary, factor_details and factor_timeseries have elsewhere, signs kept and every name told.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <limits>

#include "lode/base/math.h"
#include "lode/core/evaluate/kernel/path.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/valid.h"
#include "lode/flow/steps/premium/premium.h"

namespace lode::flow {

namespace {

constexpr double kYear = 252.0;

constexpr std::array<std::string_view, 16> kSummary{
    "factor_name",  "factor_type",  "test_date",          "start_date",   "end_date",          "avg_beta",
    "avg_tstat",    "avg_rsquared", "significant_stocks", "total_stocks", "annualized_return", "annualized_volatility",
    "sharpe_ratio", "max_drawdown", "description",        "update_time"};
constexpr std::array<std::string_view, 16> kDetails{"factor_name",    "factor_type",    "test_date",     "ticker",
                                                    "beta",           "tstat",          "pvalue",        "rsquared",
                                                    "conf_int_lower", "conf_int_upper", "tstat_plain",   "pvalue_plain",
                                                    "returns",        "durbin_watson",  "jarque_bera_p", "update_time"};
constexpr std::array<std::string_view, 7> kTimeseries{"factor_name",  "factor_type",           "date",
                                                      "factor_value", "high_portfolio_return", "low_portfolio_return",
                                                      "update_time"};

// A library's name before the slash; "formula" for what has a bracket or a space, as canonical texts do; else "factor".
// market/named_views.cpp has the same rule in SQL.
std::string type_of(const std::string& name) {
  if (name.find_first_of("( ") != std::string::npos) {
    return "formula";
  }
  const std::size_t slash = name.find('/');
  return slash == std::string::npos ? "factor" : name.substr(0, slash);
}

Value row_of(const Premium& premium, const PremiumFactor& factor) {
  Value row = Value::object();
  row.set("factor_name", Value(factor.name));
  row.set("factor_type", Value(type_of(factor.name)));
  row.set("update_time", Value(to_string(premium.computed)));
  return row;
}

Value summary_row(const Premium& premium, const PremiumFactor& factor) {
  Value row = row_of(premium, factor);
  const double mean = stat::mean(factor.book);
  const double deviation = stat::standard_deviation(factor.book);
  const std::vector<double> falls = evaluate::drawdown(evaluate::cumulative_return(factor.book));
  double deepest = 0.0;
  for (const double fall : falls) {
    deepest = stat::is_valid(fall) ? std::min(deepest, fall) : deepest;
  }
  row.set("test_date", Value(to_string(premium.sessions.back())));
  row.set("start_date", Value(to_string(premium.sessions.front())));
  row.set("end_date", Value(to_string(premium.sessions.back())));
  row.set("avg_beta", Value(factor.summary.mean_beta));
  row.set("avg_tstat", Value(factor.summary.mean_t));
  row.set("avg_rsquared", Value(factor.summary.mean_r2));
  row.set("significant_stocks", Value(static_cast<std::int64_t>(factor.summary.significant)));
  row.set("total_stocks", Value(static_cast<std::int64_t>(factor.summary.tested)));
  row.set("annualized_return", Value(mean * kYear));
  row.set("annualized_volatility", Value(deviation * math::sqrt(kYear)));
  row.set("sharpe_ratio", Value(mean / deviation * math::sqrt(kYear)));
  row.set("max_drawdown", Value(stat::is_valid(mean) ? deepest : std::numeric_limits<double>::quiet_NaN()));
  row.set("description", Value("top less bottom bucket before costs; Newey-West errors"));
  return row;
}

void add_details(const Premium& premium, const PremiumFactor& factor, Value& rows) {
  std::vector<const evaluate::InstrumentRegression*> names;
  for (const evaluate::InstrumentRegression& one : factor.names) {
    names.push_back(&one);
  }
  std::ranges::sort(names, {}, [&](const auto* one) { return premium.symbols[one->column]; });
  for (const evaluate::InstrumentRegression* of : names) {
    const evaluate::InstrumentRegression& one = *of;
    const stat::Coefficient& robust = one.fit.robust[1];
    const stat::Coefficient& plain = one.fit.plain[1];
    Value row = row_of(premium, factor);
    row.set("test_date", Value(to_string(premium.sessions.back())));
    row.set("ticker", Value(premium.symbols[one.column]));
    row.set("beta", Value(robust.value));
    row.set("tstat", Value(robust.t));
    row.set("pvalue", Value(robust.p));
    row.set("rsquared", Value(one.fit.r2));
    row.set("conf_int_lower", Value(robust.low));
    row.set("conf_int_upper", Value(robust.high));
    row.set("tstat_plain", Value(plain.t));
    row.set("pvalue_plain", Value(plain.p));
    row.set("returns", Value(static_cast<std::int64_t>(one.fit.n)));
    row.set("durbin_watson", Value(one.fit.durbin_watson));
    row.set("jarque_bera_p", Value(one.fit.jarque_bera_p));
    rows.push(std::move(row));
  }
}

void add_timeseries(const Premium& premium, const PremiumFactor& factor, Value& rows) {
  for (std::size_t t = 0; t < premium.sessions.size(); ++t) {
    if (!stat::is_valid(factor.book[t])) {
      continue;  // No book that session.
    }
    Value row = row_of(premium, factor);
    row.set("date", Value(to_string(premium.sessions[t])));
    row.set("factor_value", Value(factor.book[t]));
    row.set("high_portfolio_return", Value(factor.top[t]));
    row.set("low_portfolio_return", Value(factor.bottom[t]));
    rows.push(std::move(row));
  }
}

}  // namespace

namespace {

void add_rows(const Premium& premium, const PremiumFactor& factor, std::string_view table, Value& rows) {
  if (table == "factor_details") {
    add_details(premium, factor, rows);
  } else if (table == "factor_timeseries") {
    add_timeseries(premium, factor, rows);
  } else {
    rows.push(summary_row(premium, factor));
  }
}

}  // namespace

Value premium_rows(const Premium& premium, const PremiumFactor& factor, std::string_view table) {
  Value rows = Value::array();
  add_rows(premium, factor, table, rows);
  return rows;
}

Value premium_rows(const Premium& premium, std::string_view table) {
  Value rows = Value::array();
  for (const PremiumFactor& factor : premium.factors) {
    add_rows(premium, factor, table, rows);
  }
  return rows;
}

std::span<const std::string_view> premium_columns(std::string_view table) {
  return table == "factor_details"      ? std::span<const std::string_view>(kDetails)
         : table == "factor_timeseries" ? std::span<const std::string_view>(kTimeseries)
                                        : std::span<const std::string_view>(kSummary);
}

}  // namespace lode::flow
