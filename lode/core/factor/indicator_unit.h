// The unit of an indicator's output, found by trying: what a change of the unit of prices, and of volumes, does to it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "lode/core/expr/operator.h"
#include "lode/core/indicator/indicator.h"

namespace lode::factor {

// kRatio: neither matters. kFirst: it goes with prices, or with the one series that is taken. kAny: neither is so, or
// it takes two series of any unit.
expr::UnitRule unit_rule_of(const indicator::Indicator& indicator, std::size_t output);

}  // namespace lode::factor
