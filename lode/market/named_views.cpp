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

// Raw prices beside what a run computed are those that the run read: the version of the bar known by its as_of, or by
// the time it was asked for. That is the current row, or the one that stood in its place then (superseded.bars: _until
// is when a version above became known).
//
// Rows of one choice alone, that of the run asked for last: prices adjusted in two ways, or votes of two rules, never
// stand side by side. Of each instrument the rows of one series alone, that of its run asked for last: nor do prices of
// before and after a split, a dividend or a correction. Of several runs of that series each column is of the last one
// that has it. Runs of before indicator_series are a series each. A run whose rows a revert hid counts for nothing.
// Prices as they were traded; the close that the indicators saw is adjusted_close.
constexpr std::string_view kProcessed = R"sql(
WITH asked AS (
  SELECT run, max(place) AS place, any_value(choice) AS choice,
       coalesce(CAST(json_extract_string(any_value(choice), '$.as_of') AS TIMESTAMP_NS),
                max(known_time) FILTER (WHERE NOT is_again)) AS seen, any_value(filled) AS filled
  FROM main.indicator_runs WHERE target = 'processed' GROUP BY run HAVING bool_or(NOT is_again)),
newest AS (SELECT * FROM asked WHERE choice = (SELECT arg_max(choice, place) FROM asked)),
made AS (
  SELECT n.run, n.place, n.seen, s.instrument_id, s.series, s.filled
  FROM newest n JOIN main.indicator_series s ON s.run = n.run
  UNION ALL
  SELECT DISTINCT n.run, n.place, n.seen, r.instrument_id, n.run AS series, n.filled
  FROM newest n JOIN main.processed r ON r.run = n.run WHERE n.run NOT IN (SELECT run FROM main.indicator_series)),
shown AS (
  SELECT run, place, seen, instrument_id,
       contains(filled, ',sma_20,') AS has_sma_20,
       contains(filled, ',sma_50,') AS has_sma_50,
       contains(filled, ',ema_12,') AS has_ema_12,
       contains(filled, ',ema_26,') AS has_ema_26,
       contains(filled, ',rsi_14,') AS has_rsi_14,
       contains(filled, ',macd,') AS has_macd,
       contains(filled, ',macd_signal,') AS has_macd_signal,
       contains(filled, ',bollinger_upper,') AS has_bollinger_upper,
       contains(filled, ',bollinger_lower,') AS has_bollinger_lower,
       contains(filled, ',atr_14,') AS has_atr_14
  FROM made QUALIFY series = first_value(series) OVER (PARTITION BY instrument_id ORDER BY place DESC, run DESC))
SELECT s.symbol, p.session AS date,
       CASE WHEN b.known_time <= p.seen THEN b.open ELSE o.open END AS open,
       CASE WHEN b.known_time <= p.seen THEN b.high ELSE o.high END AS high,
       CASE WHEN b.known_time <= p.seen THEN b.low ELSE o.low END AS low,
       CASE WHEN b.known_time <= p.seen THEN b.close ELSE o.close END AS close,
       CASE WHEN b.known_time <= p.seen THEN b.volume ELSE o.volume END AS volume, p.close AS adjusted_close, p.sma_20, p.sma_50,
       p.ema_12, p.ema_26, p.rsi_14, p.macd, p.macd_signal, p.bollinger_upper, p.bollinger_lower, p.atr_14
FROM (SELECT v.instrument_id, v.session, arg_max(v.close, n.place) AS close, arg_max(n.seen, n.place) AS seen,
             arg_max_null(v.sma_20, n.place) FILTER (WHERE n.has_sma_20) AS sma_20,
             arg_max_null(v.sma_50, n.place) FILTER (WHERE n.has_sma_50) AS sma_50,
             arg_max_null(v.ema_12, n.place) FILTER (WHERE n.has_ema_12) AS ema_12,
             arg_max_null(v.ema_26, n.place) FILTER (WHERE n.has_ema_26) AS ema_26,
             arg_max_null(v.rsi_14, n.place) FILTER (WHERE n.has_rsi_14) AS rsi_14,
             arg_max_null(v.macd, n.place) FILTER (WHERE n.has_macd) AS macd,
             arg_max_null(v.macd_signal, n.place) FILTER (WHERE n.has_macd_signal) AS macd_signal,
             arg_max_null(v.bollinger_upper, n.place) FILTER (WHERE n.has_bollinger_upper) AS bollinger_upper,
             arg_max_null(v.bollinger_lower, n.place) FILTER (WHERE n.has_bollinger_lower) AS bollinger_lower,
             arg_max_null(v.atr_14, n.place) FILTER (WHERE n.has_atr_14) AS atr_14
      FROM main.processed v JOIN shown n ON n.run = v.run AND n.instrument_id = v.instrument_id
      GROUP BY v.instrument_id, v.session) p
LEFT JOIN main.bars b ON b.instrument_id = p.instrument_id AND b.session = p.session AND b.interval_seconds = 0
LEFT JOIN superseded.bars o ON o.instrument_id = p.instrument_id AND o.session = p.session AND o.interval_seconds = 0
      AND o.known_time <= p.seen AND o._until > p.seen
LEFT JOIN main.instruments i ON i.instrument_id = p.instrument_id
LEFT JOIN main.symbols s ON s.instrument_id = p.instrument_id AND s.naming = i.mic AND s.valid_from <= p.session
      AND (s.valid_to IS NULL OR s.valid_to >= p.session))sql";
// MA_*, BB_* and MACD are of adjusted prices, as adjusted_close is; current_price, open, high and low as they were
// traded.
constexpr std::string_view kVotesView = R"sql(
WITH asked AS (
  SELECT run, max(place) AS place, any_value(choice) AS choice,
       coalesce(CAST(json_extract_string(any_value(choice), '$.as_of') AS TIMESTAMP_NS),
                max(known_time) FILTER (WHERE NOT is_again)) AS seen, any_value(filled) AS filled
  FROM main.indicator_runs WHERE target = 'votes' GROUP BY run HAVING bool_or(NOT is_again)),
newest AS (SELECT * FROM asked WHERE choice = (SELECT arg_max(choice, place) FROM asked)),
made AS (
  SELECT n.run, n.place, n.seen, s.instrument_id, s.series, s.filled
  FROM newest n JOIN main.indicator_series s ON s.run = n.run
  UNION ALL
  SELECT DISTINCT n.run, n.place, n.seen, r.instrument_id, n.run AS series, n.filled
  FROM newest n JOIN main.votes r ON r.run = n.run WHERE n.run NOT IN (SELECT run FROM main.indicator_series)),
shown AS (
  SELECT run, place, seen, instrument_id
  FROM made QUALIFY series = first_value(series) OVER (PARTITION BY instrument_id ORDER BY place DESC, run DESC))
SELECT s.symbol, coalesce(b.event_time, v.known_time) AS timestamp, CASE WHEN b.known_time <= v.seen THEN b.close ELSE o.close END AS current_price, v.signal, v.confidence, v.strength,
       v.ma_fast AS MA_5, v.ma_slow AS MA_20, v.ma_trend AS MA_50, v.rsi AS RSI, v.macd AS MACD, v.macd_signal AS MACD_Signal,
       v.bb_upper AS BB_Upper, v.bb_middle AS BB_Middle, v.bb_lower AS BB_Lower, v.stochastic_k AS Stoch_K,
       v.stochastic_d AS Stoch_D, CASE WHEN b.known_time <= v.seen THEN b.volume ELSE o.volume END AS Volume, v.ma_vote AS MA_Signal, v.rsi_vote AS RSI_Signal, v.macd_vote AS MACD_Vote,
       v.bollinger_vote AS BB_Signal, v.stochastic_vote AS Stoch_Signal,
       CASE WHEN b.known_time <= v.seen THEN b.open ELSE o.open END AS open,
       CASE WHEN b.known_time <= v.seen THEN b.high ELSE o.high END AS high,
       CASE WHEN b.known_time <= v.seen THEN b.low ELSE o.low END AS low, v.close AS adjusted_close
FROM (SELECT w.*, n.seen, row_number() OVER (PARTITION BY w.instrument_id, w.session ORDER BY n.place DESC) AS place
      FROM main.votes w JOIN shown n ON n.run = w.run AND n.instrument_id = w.instrument_id) v
LEFT JOIN main.bars b ON b.instrument_id = v.instrument_id AND b.session = v.session AND b.interval_seconds = 0
LEFT JOIN superseded.bars o ON o.instrument_id = v.instrument_id AND o.session = v.session AND o.interval_seconds = 0
      AND o.known_time <= v.seen AND o._until > v.seen
LEFT JOIN main.instruments i ON i.instrument_id = v.instrument_id
LEFT JOIN main.symbols s ON s.instrument_id = v.instrument_id AND s.naming = i.mic AND s.valid_from <= v.session
      AND (s.valid_to IS NULL OR s.valid_to >= v.session)
WHERE v.place = 1)sql";

constexpr std::array<NamedView, 6> kViews{{
    {"fm", "factor_values", "values of factors by ticker and date", kValues},
    {"fm", "factor_timeseries", "books of factors and their legs", kTimeseries},
    {"fm", "factor_details", "each name's regression on a factor's book", kDetails},
    {"fm", "factor_summary", "tests of factors, every run kept", kSummary},
    {"ax", "processed", "bars with their indicators by symbol and date, newest runs", kProcessed},
    {"rt", "stock_indicators", "votes by symbol and time, newest run", kVotesView},
}};

}  // namespace

std::span<const NamedView> named_views() { return kViews; }

bool is_computed(std::string_view table) {
  return table == kFactorValues || table == "factor_summary" || table == "factor_details" ||
         table == "factor_timeseries" || table == "processed" || table == "votes" || table == "indicator_runs" ||
         table == "indicator_series";
}

}  // namespace lode
