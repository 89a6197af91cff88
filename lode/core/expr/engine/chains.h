// Chains: parts of a stage that share nothing they write. A few rows give a cross stage a single task; its chains, most
// of them a rank and what is made of it, can still run side by side.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "lode/core/expr/engine/plan.h"

namespace lode::expr::engine {

// Indices of the stage's actions, in their order within a chain; chains of more actions first. Every action is in one
// chain, behind those whose slots it reads; chains may be run in any order, each with slots of its own.
std::vector<std::vector<std::uint32_t>> chains_of(const Stage& stage, const std::vector<Node>& nodes);

}  // namespace lode::expr::engine
