// Corrections of sessions that a stream has seen: which sessions they touch, and whether what the stream remembers
// holds.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lode/base/result.h"
#include "lode/flow/steps/values/inputs.h"

namespace lode::flow {

struct Corrections {
  std::int64_t differing = 0;      // Sessions seen before whose inputs are others now, appeared or are gone
  std::optional<Date> first = {};  // Of them
  // Rows of the file to compute again: [first, second), ascending, each from the row its windows reach back to.
  struct Stretch {
    std::size_t begin = 0;
    std::size_t first = 0;
    std::size_t end = 0;
  };
  std::vector<Stretch> again = {};
  bool state_holds = true;  // Nothing that the stream remembers was touched
};

// How a file whose first `seen` rows are of sessions up to where the state ends (their hashes: `file`) differs from
// what the stream has seen (`then`), between the file's first session and the state's end. Sessions before the file are
// what they were.
Corrections find_corrections(const InputHashes& file, std::size_t seen, const InputHashes& then, bool depends_on_all,
                             int lookback);

// That the file holds all that computing them again takes: E2101 naming the session it must begin with, or that it must
// reach the state's end.
Result<void> check_corrections(const Corrections& corrections, const InputHashes& file, std::size_t seen,
                               const InputHashes& then, bool depends_on_all, int lookback);

}  // namespace lode::flow
