// The walk of a synthetic market through time: shocks, signals and corporate actions become bars.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/core/synth/cast.h"
#include "lode/core/synth/draws.h"
#include "lode/core/synth/signals.h"

namespace lode::synth {

// Fills the bars and actions of `market`, whose sessions and listings are set.
void walk(const Cast& cast, const Draws& draws, const Strength& strength, const Calendar& calendar, Market& market);

}  // namespace lode::synth
