// The names that users of other systems type, as selections from the lake's own tables: no second copy of any row.
//
// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "lode/market/schema.h"

namespace lode {
namespace {

// The symbol is the exchange's spelling on that session. A name without a slash is a kept factor, or a formula.
constexpr std::string_view kValues = R"sql(
SELECT CASE WHEN v.factor LIKE '%(%' OR v.factor LIKE '% %' THEN 'formula'
            WHEN v.factor LIKE '%/%' THEN split_part(v.factor, '/', 1) ELSE 'factor' END AS factor_type,
       v.factor AS factor_name, s.symbol AS ticker, v.session AS date, v.value, v.known_time AS update_time
FROM main.factor_values v
LEFT JOIN main.instruments i ON i.instrument_id = v.instrument_id
LEFT JOIN main.symbols s ON s.instrument_id = v.instrument_id AND s.naming = i.mic AND s.valid_from <= v.session
      AND (s.valid_to IS NULL OR s.valid_to >= v.session))sql";
constexpr std::string_view kSummary = R"sql(
SELECT factor_name, factor_type, test_date, start_date, end_date, avg_beta, avg_tstat, avg_rsquared,
       significant_instruments AS significant_stocks, total_instruments AS total_stocks, annualized_return, annualized_volatility, sharpe_ratio, max_drawdown, description,
       known_time AS update_time
FROM main.factor_summary)sql";
constexpr std::string_view kDetails = R"sql(
SELECT factor_name, factor_type, test_date, symbol AS ticker, beta, tstat, pvalue, rsquared, conf_int_lower, conf_int_upper,
       known_time AS update_time
FROM main.factor_details)sql";
constexpr std::string_view kTimeseries = R"sql(
SELECT factor_name, factor_type, date, factor_value, high_portfolio_return, low_portfolio_return,
       known_time AS update_time
FROM main.factor_timeseries)sql";

constexpr std::array<NamedView, 4> kViews{{
    {"fm", "factor_values", "values of factors by ticker and date", kValues},
    {"fm", "factor_timeseries", "books of factors and their legs", kTimeseries},
    {"fm", "factor_details", "each name's regression on a factor's book", kDetails},
    {"fm", "factor_summary", "tests of factors, every run kept", kSummary},
}};

}  // namespace

std::span<const NamedView> named_views() { return kViews; }

bool is_computed(std::string_view table) {
  return table == kFactorValues || table == "factor_summary" || table == "factor_details" ||
         table == "factor_timeseries";
}

}  // namespace lode
