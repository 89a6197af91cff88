// The demo's data: a synthetic market written as files beside the lake's tables, and imported from there like
// anybody's.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lode/core/synth/market.h"
#include "lode/flow/steps/ingest/ingest.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {

// E0011 when the lake holds data that is not synthetic, or the synthetic market of other options: a lake holds one.
Result<void> check_demo_lake(const lake::Lake& lake, const synth::Market& market);

// Rows that the import of all the market's files set aside.
struct DemoImport {
  std::int64_t set_aside = 0;
  bool repeated = true;  // Every file was in the lake before: nothing was written to it.
};

// Writes the files into <lake>/demo and imports them, actions before bars so that splits explain their moves. Files
// that are there already stay untouched. Errors of ingest(), E8004, E8006.
Result<DemoImport> import_demo(World& world, const synth::Market& market);

}  // namespace lode::flow
