// Formulas over the sessions of a plain file that come after a saved state: what `lode factor stream` does.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lode/base/world.h"
#include "lode/core/expr/evaluate.h"
#include "lode/flow/steps/research/compute.h"
#include "lode/flow/steps/values/inputs.h"

namespace lode::flow {

// What stands in a state file: where the stream is, and its own bytes (expr::Stream::save).
struct StreamState {
  Date last;                         // The newest session it has seen
  std::vector<std::string> symbols;  // The columns, in order
  std::string bytes;
  InputHashes inputs = {};  // Of every session it has seen; none in a state of an earlier version
};

// A first line of JSON for people, then the bytes; both under one checksum.
std::string state_text(const StreamState& state);
// E1116 when damaged, E1115 when a newer version wrote it.
Result<StreamState> parse_state(std::string_view text);

struct Streamed {
  Computed computed;                     // The new sessions alone, of all symbols so far
  std::vector<std::string> hashes = {};  // Of the formulas with their profile
  StreamState state;                     // After them
  std::int64_t sessions = 0;             // Seen in all
  std::int64_t seen_before = 0;          // Sessions of the file that the state already had
  std::int64_t differing = 0;            // Of these, and of sessions that the file lacks: other inputs than the state's
  std::optional<Date> first_differing = {};
  std::int64_t corrected = 0;           // Sessions computed again for them, which stand before the new ones
  std::vector<std::string> begun = {};  // Symbols that the state did not know
};

// Steps through the sessions of `request.data_path()` after `before` (nullptr: all of them, from nothing). The same
// bits as computing the whole history at once. `corrects`: sessions that the state has seen count too, and where their
// inputs are others now than then, the sessions whose windows they touch are computed again, of the file. E2101 when no
// session is new (or corrected), or the file lacks what a correction takes (corrections.h); E1107 for formulas that
// look ahead; E1115 and E1116 as expr::Stream::resume. `request.from` does not apply.
Result<Streamed> stream_file(World& world, const ComputeRequest& request, Formulas& formulas, const StreamState* before,
                             bool corrects = false);

// What formulas read of sessions of a plain file, as a state keeps it: by symbol, whatever the other columns.
InputHashes hash_stream_inputs(const expr::Fields& fields, const std::vector<std::string>& names, Pool& pool);

}  // namespace lode::flow
