// lode demo --live: real sources, five years, thirty large US names, their filings' facts, and three factors judged on
// them; or, without a network, what could not be reached.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/flow/flow.h"

namespace lode::flow {

// Asks, stores, judges and tells. Hosts that no answer comes from are all named: without prices (E6001) nothing is
// stored and no lake is made; without EDGAR the prices' factors are judged, and the outcome's finding says what is
// missing. E6201 where EDGAR has no contact, E0011 in a lake that holds other data, E0010 when stopped; errors of
// collecting and judging.
Result<Outcome> demo_live(World& world);

}  // namespace lode::flow
