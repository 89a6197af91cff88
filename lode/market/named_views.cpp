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

// Of several runs that have a session of a name the newest. Prices as they were traded; the close that the indicators
// saw is adjusted_close.
constexpr std::string_view kProcessed = R"sql(
SELECT s.symbol, p.session AS date, b.open, b.high, b.low, b.close, b.volume, p.close AS adjusted_close, p.sma_20, p.sma_50,
       p.ema_12, p.ema_26, p.rsi_14, p.macd, p.macd_signal, p.bollinger_upper, p.bollinger_lower, p.atr_14
FROM (SELECT *, row_number() OVER (PARTITION BY instrument_id, session ORDER BY CAST(substr(alias, 2) AS BIGINT) DESC) AS place
      FROM main.processed) p
LEFT JOIN main.bars b ON b.instrument_id = p.instrument_id AND b.session = p.session AND b.interval_seconds = 0
LEFT JOIN main.instruments i ON i.instrument_id = p.instrument_id
LEFT JOIN main.symbols s ON s.instrument_id = p.instrument_id AND s.naming = i.mic AND s.valid_from <= p.session
      AND (s.valid_to IS NULL OR s.valid_to >= p.session)
WHERE p.place = 1)sql";
constexpr std::string_view kVotesView = R"sql(
SELECT s.symbol, v.known_time AS timestamp, v.close AS current_price, v.signal, v.confidence, v.strength,
       v.ma_fast AS MA_5, v.ma_slow AS MA_20, v.ma_trend AS MA_50, v.rsi AS RSI, v.macd AS MACD, v.macd_signal AS MACD_Signal,
       v.bb_upper AS BB_Upper, v.bb_middle AS BB_Middle, v.bb_lower AS BB_Lower, v.stochastic_k AS Stoch_K,
       v.stochastic_d AS Stoch_D, b.volume AS Volume, v.ma_vote AS MA_Signal, v.rsi_vote AS RSI_Signal, v.macd_vote AS MACD_Vote,
       v.bollinger_vote AS BB_Signal, v.stochastic_vote AS Stoch_Signal, b.open, b.high, b.low
FROM (SELECT *, row_number() OVER (PARTITION BY instrument_id, session ORDER BY CAST(substr(alias, 2) AS BIGINT) DESC) AS place
      FROM main.votes) v
LEFT JOIN main.bars b ON b.instrument_id = v.instrument_id AND b.session = v.session AND b.interval_seconds = 0
LEFT JOIN main.instruments i ON i.instrument_id = v.instrument_id
LEFT JOIN main.symbols s ON s.instrument_id = v.instrument_id AND s.naming = i.mic AND s.valid_from <= v.session
      AND (s.valid_to IS NULL OR s.valid_to >= v.session)
WHERE v.place = 1)sql";

constexpr std::array<NamedView, 6> kViews{{
    {"fm", "factor_values", "values of factors by ticker and date", kValues},
    {"fm", "factor_timeseries", "books of factors and their legs", kTimeseries},
    {"fm", "factor_details", "each name's regression on a factor's book", kDetails},
    {"fm", "factor_summary", "tests of factors, every run kept", kSummary},
    {"ax", "processed", "bars with their indicators by symbol and date", kProcessed},
    {"rt", "stock_indicators", "votes by symbol and time, newest run", kVotesView},
}};

}  // namespace

std::span<const NamedView> named_views() { return kViews; }

bool is_computed(std::string_view table) {
  return table == kFactorValues || table == "factor_summary" || table == "factor_details" ||
         table == "factor_timeseries" || table == "processed" || table == "votes";
}

}  // namespace lode
