// Comparing what a file says of sessions with what a stream saw of them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/stream/corrections.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "lode/base/error.h"

namespace lode::flow {

namespace {

constexpr std::size_t kForEver = std::numeric_limits<std::size_t>::max();

// Sessions of `then` from the file's first on that the file has not.
void count_gone(const InputHashes& file, const InputHashes& then, Corrections& out) {
  for (const Date session : then.sessions) {
    if (session >= file.sessions.front() && !std::ranges::binary_search(file.sessions, session)) {
      ++out.differing;
      out.first = out.first ? std::min(*out.first, session) : session;
    }
  }
}

}  // namespace

Corrections find_corrections(const InputHashes& file, std::size_t seen, const InputHashes& then, bool depends_on_all,
                             int lookback) {
  Corrections out;
  if (seen == 0) {
    return out;
  }
  const Likeness likeness = compare_inputs(file, then);
  const auto reach = static_cast<std::size_t>(lookback);
  std::size_t run = kForEver;  // Rows up to this one that are as they were; what is before the file is.
  for (std::size_t row = 0; row < seen; ++row) {
    const bool is_there = likeness.row_then[row] != Likeness::kNone;
    const bool follows = row == 0 || (likeness.row_then[row - 1] != Likeness::kNone &&
                                      likeness.row_then[row - 1] + 1 == likeness.row_then[row]);
    if (!is_there) {
      run = 0;
      ++out.differing;
      out.first = out.first ? std::min(*out.first, file.sessions[row]) : file.sessions[row];
    } else if (run != kForEver || !follows) {
      run = follows ? run + 1 : 1;
    }
    if (run == kForEver || (!depends_on_all && run > reach)) {
      continue;
    }
    if (out.again.empty() || out.again.back().end != row) {
      out.again.push_back({depends_on_all || row < reach ? 0 : row - reach, row, row});
    }
    out.again.back().end = row + 1;
  }
  out.state_holds = run == kForEver || (!depends_on_all && run >= reach);
  count_gone(file, then, out);
  return out;
}

Result<void> check_corrections(const Corrections& corrections, const InputHashes& file, std::size_t seen,
                               const InputHashes& then, bool depends_on_all, int lookback) {
  if (corrections.again.empty() && corrections.differing == 0) {
    return {};
  }
  if (file.sessions[seen - 1] < then.sessions.back()) {
    return fail(E::E2101,
                fmt::format("the corrected sessions end {}, the state {}", to_string(file.sessions[seen - 1]),
                            to_string(then.sessions.back())),
                "give the file up to where the state ends: the sessions after a correction are computed of it too");
  }
  const bool is_from_the_first = file.sessions.front() <= then.sessions.front();
  const std::size_t needed = corrections.again.empty() ? 0 : corrections.again.front().first;
  const auto reach = static_cast<std::size_t>(lookback);
  if (is_from_the_first || (!depends_on_all && needed >= reach)) {
    return {};
  }
  if (depends_on_all) {
    return fail(E::E2101,
                fmt::format("a formula that remembers all sessions is corrected from the first on: the file begins {}, "
                            "the state {}",
                            to_string(file.sessions.front()), to_string(then.sessions.front())),
                "give the whole history with the correction in it");
  }
  const auto at = std::ranges::lower_bound(then.sessions, file.sessions[needed]) - then.sessions.begin();
  const auto from = at > std::ssize(then.sessions) || static_cast<std::size_t>(at) < reach
                        ? std::size_t{0}
                        : static_cast<std::size_t>(at) - reach;
  return fail(E::E2101,
              fmt::format("windows over the correction of {} reach back {} sessions: the file begins {}",
                          to_string(file.sessions[needed]), lookback, to_string(file.sessions.front())),
              fmt::format("give the sessions from {} on, or all", to_string(then.sessions[from])));
}

}  // namespace lode::flow
