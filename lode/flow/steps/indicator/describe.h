// An indicator told: its Spec as text and as JSON, and an example worked on synthetic bars.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/base/value.h"
#include "lode/core/indicator/choice.h"

namespace lode::flow {

inline constexpr std::size_t kExampleBars = 40;

// "sma(period=30)"
std::string call_of(const indicator::Spec& spec, indicator::Profile profile);
// What a missing input does, as a sentence.
// What an indicator of sessions needs of a file; "" of any other.
std::string_view session_sentence(const indicator::Spec& spec);

std::string_view missing_sentence(indicator::Missing rule);

// All the Spec says, with defaults by profile, lookback and missing rule of the defaults, and the column names.
Value indicator_json(const indicator::Indicator& one, indicator::Profile profile);
// Inputs and outputs of the last kExampleBars bars of its sample, and the bars as candles, missing as null.
Value example_json(const indicator::Indicator& one, indicator::Profile profile);

std::string indicator_text(const indicator::Indicator& one, indicator::Profile profile);

}  // namespace lode::flow
