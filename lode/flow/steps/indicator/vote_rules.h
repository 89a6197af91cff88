// The rules of the vote as text: what differs from the built-in ones.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lode/base/value.h"
#include "lode/core/indicator/vote.h"

namespace lode::flow {

// "ma=0.4,rsi=0.1,buy=0.25,trend_filter=0": weights by ballot (ma, rsi, macd, bollinger, stochastic), thresholds (buy,
// sell, strong, moderate, rsi_low, rsi_high, k_low, k_high), trend_filter (1 or 0), periods (ma_fast, ma_slow,
// ma_trend, rsi_period, macd_fast, macd_slow, macd_signal, bollinger_period, bollinger_width, stochastic_k,
// stochastic_slow, stochastic_d) and rsi_means (wilder or simple). "": the built-in ones. E0004 no such rule (the
// nearest is named), twice the same, or no number; E1105 rules that cannot be.
Result<indicator::VoteRules> parse_rules(std::string_view text);

// Every rule with its value, in the order above.
Value rules_json(const indicator::VoteRules& rules);
// The rules that rules_json told. Errors as parse_rules.
Result<indicator::VoteRules> rules_from(const Value& json);

// The vote in full, for a reader: how it is counted, and each rule with its value and meaning.
std::string vote_text();
// The same for machines: name, summary, formula, outputs, and `rules`: name, default, meaning of each.
Value vote_json();

}  // namespace lode::flow
