// Groups and the universe of a synthetic market, dated.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/core/synth/cast.h"

namespace lode::synth {

// Sectors from the first day listed; one instrument changes in mid-life, two have none.
std::vector<ListedGroup> make_groups(const Cast& cast, const std::vector<Date>& sessions);

// The most traded 40 % (at least 10) by mean amount over at most 63 sessions before each review: the 22nd session of
// the market, then the first of every year. Needs the market's bars.
std::vector<ListedMember> make_members(const Market& market);

}  // namespace lode::synth
