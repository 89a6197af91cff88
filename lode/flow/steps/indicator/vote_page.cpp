// The vote told: what `lode indicator show vote` says. Every number in it is read from the built-in rules.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lode/base/assert.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/flow/steps/answer/paragraph.h"
#include "lode/flow/steps/indicator/output_column.h"
#include "lode/flow/steps/indicator/vote_rules.h"

namespace lode::flow {
namespace {

constexpr std::string_view kSummary =
    "five indicators say buy, sell or nothing; their weighted sum is BUY, SELL or HOLD";

std::string_view meaning_of(std::string_view rule) {
  static const std::map<std::string_view, std::string_view> all = {
      {"ma", "weight of the means crossing"},
      {"rsi", "weight of RSI"},
      {"macd", "weight of MACD crossing its signal"},
      {"bollinger", "weight of the Bollinger bands"},
      {"stochastic", "weight of the stochastic"},
      {"buy", "a score above it is BUY"},
      {"sell", "a score below it is SELL"},
      {"strong", "a confidence from here on is STRONG"},
      {"moderate", "from here on MODERATE, else WEAK"},
      {"rsi_low", "RSI below it says buy"},
      {"rsi_high", "RSI above it says sell"},
      {"k_low", "a crossing up says buy with K below it"},
      {"k_high", "a crossing down says sell with K above it"},
      {"trend_filter", "1: only ballots along the trend count; 0: all"},
      {"ma_fast", "bars of the fast mean"},
      {"ma_slow", "bars of the slow mean"},
      {"ma_trend", "bars of the mean that is the trend"},
      {"rsi_period", "bars of RSI"},
      {"macd_fast", "bars of MACD's fast mean"},
      {"macd_slow", "bars of its slow mean"},
      {"macd_signal", "bars of its signal"},
      {"bollinger_period", "bars of the bands"},
      {"bollinger_width", "standard deviations from their mean"},
      {"stochastic_k", "bars of the range that K is a place in"},
      {"stochastic_slow", "bars of K's mean"},
      {"stochastic_d", "bars of D, the mean of K"},
      {"rsi_means", "wilder or simple: the means inside RSI"}};
  const auto found = all.find(rule);
  LODE_ASSERT(found != all.end());
  return found->second;
}

std::string shown(const Value& value) {
  return value.is_bool()   ? (value.as_bool() ? "1" : "0")
         : value.is_text() ? value.as_text()
                           : shortest(value.as_double());
}

std::string formula() {
  const indicator::VoteRules rules;
  return fmt::format(
      "ma: +1 where the fast mean crosses above the slow one, -1 where it crosses below. rsi: +1 below {}, -1 above "
      "{}. "
      "macd: +1 where it crosses above its signal, -1 below. bollinger: +1 with the close below the lower band, -1 "
      "above the upper. stochastic: +1 where K crosses above D while K is below {}, -1 where it crosses below D while "
      "K "
      "is above {}. Else 0. Trend filter: with the close above the mean of {} no ballot to sell counts, else none to "
      "buy; "
      "the ballots are told as they were before it. score = sum of weight times ballot, rounded to 1e-12; signal = BUY "
      "above {}, SELL below {}, else HOLD; confidence = |score|; strength = STRONG from {}, MODERATE from {}, else "
      "WEAK.",
      shortest(rules.rsi_low), shortest(rules.rsi_high), shortest(rules.k_low), shortest(rules.k_high), rules.ma_trend,
      shortest(rules.buy), shortest(rules.sell), shortest(rules.strong), shortest(rules.moderate));
}

constexpr std::string_view kMissing =
    "No row before every window is full and the bar before it has all numbers too: a crossing needs two. A bar that "
    "lacks a number is passed over; the next is compared with the last whole one.";

std::vector<std::string> columns() {
  std::vector<std::string> out;
  for (const OutputColumn& one : vote_columns(0)) {
    out.push_back(one.name);
  }
  out.emplace_back("close");
  for (const std::string_view name : vote_input_names()) {
    out.emplace_back(name);
  }
  return out;
}

}  // namespace

std::string vote_text() {
  using Align = TextTable::Align;
  TextTable table({{"rule", Align::kLeft, 3}, {"default", Align::kRight, 2}, {"meaning", Align::kLeft, 1}});
  const Value rules = rules_json({});
  for (const auto& [name, value] : rules.as_object()) {
    table.add({std::string(name), shown(value), std::string(meaning_of(name))});
  }
  return fmt::format("vote  {}\n\n{}\n\n{}\n  inputs     high, low, close\n  outputs    {}\n\n{}\n", kSummary,
                     paragraph(formula()), table.render(0, 2), paragraph(join(columns(), ", "), 13, 13),
                     paragraph(kMissing));
}

Value vote_json() {
  Value out = Value::object();
  out.set("name", Value("vote"));
  out.set("summary", Value(kSummary));
  out.set("formula", Value(formula()));
  out.set("missing", Value(kMissing));
  Value outputs = Value::array();
  for (const std::string& name : columns()) {
    outputs.push(Value(name));
  }
  out.set("outputs", std::move(outputs));
  Value rules = Value::array();
  const Value usual = rules_json({});
  for (const auto& [name, value] : usual.as_object()) {
    Value rule = Value::object();
    rule.set("name", Value(name));
    rule.set("default", value);
    rule.set("meaning", Value(meaning_of(name)));
    rules.push(std::move(rule));
  }
  out.set("rules", std::move(rules));
  return out;
}

}  // namespace lode::flow
