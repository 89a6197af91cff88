// The indicators of a call: names as typed, with their parameters, checked.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/core/indicator/choice.h"
#include "lode/flow/flow.h"
#include "lode/flow/steps/research/compute.h"

namespace lode::flow {

// "sma(20)": the indicator with its parameters, and what its columns are called.
struct Chosen {
  indicator::Choice choice;
  bool is_bare = false;  // Without a bracket or an option: the name alone
  std::string label;     // "sma_20": the name and the parameters written behind it, or what stood before "="

  // One an output: the label where there is one; else label_output, and the label alone for the output that has the
  // indicator's name: macd, macd_signal, macd_hist.
  std::vector<std::string> columns() const;
};

// Names and calls with commas between: "sma(20),bbands(20, 2), ema(period=12)"; '#' begins a comment that ends with
// the line; "trend = sma(50)" gives a label. Values are numbers, or words where the parameter has words (type=ema).
// Each name once in a list: E0007. E1101 a bracket that is not closed, E1102, E1103, E0004 a value that is no number,
// E1105.
Result<std::vector<Chosen>> parse_indicators(std::string_view text, indicator::Profile profile);

// The lists of `texts` one after another; "all" is every indicator that reads bars alone, "@FILE" the lists of a file.
// A parameter given as an option (--period 14) goes to each indicator that has it and was not given one in brackets:
// E1102 when none has it, E0007 when all that have it say it in brackets.
// What is no indicator goes to `formulas`, as the formula that it may be: an expression, an operator's call, or a word
// that may name a kept factor; null: then it is the error of an indicator that there is none of.
Result<std::vector<Chosen>> choose_indicators(std::span<const std::string> texts, const Request& request,
                                              std::vector<NamedText>* formulas = nullptr);

// What the call says of indicators it does not name: "--period", "--profile talib064"; "" for nothing.
std::string stray_option(const Request& request);

// --period, --fast, ...: every parameter of the catalog; and --profile.
std::vector<Parameter> indicator_parameters();

// What a lake keeps of every instrument (the table processed): moving averages, oscillators, bands, ranges, volume.
std::string_view default_indicators();

}  // namespace lode::flow
