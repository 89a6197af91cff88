// What the lake knows by now of bars that were judged when they came: flags are stored as an import saw them, and a
// split, a later bar or the rest of the market may have come since. Bars are not rewritten; whoever checks them is
// told.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lode/flow/steps/ingest/check.h"
#include "lode/flow/steps/ingest/known.h"
#include "lode/market/instrument.h"
#include "lode/market/quality.h"

namespace lode::flow {

// One instrument's bars as stored.
struct JudgedLife {
  InstrumentId id;
  std::string symbol, mic;
  std::vector<std::int32_t> sessions;  // Ascending.
  std::vector<double> closes;
  std::vector<std::uint64_t> flags;
};

// The flags as an import of all that is known now would set them: a move on the day of a split is none, nor is one
// that corrections since made small, and bars between a move by a power of ten and its inverse are unit errors, unless
// they were repaired. Adds what differs to `out`.
std::vector<std::uint64_t> flags_by_now(const JudgedLife& life, const KnownInstruments& known,
                                        const QualityLimits& limits, std::vector<LaterRemark>& out);

// Adds to `out` the symbols whose bars, imported together with all others, would give another number of instruments
// (decision 0012). `lives` are all of the lake. An instrument with a second symbol is left out: there a map file has
// spoken and not the price.
Result<void> check_identities(std::span<const JudgedLife> lives, const KnownInstruments& known,
                              const QualityLimits& limits, std::vector<LaterRemark>& out);

}  // namespace lode::flow
