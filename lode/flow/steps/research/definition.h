// What the lake holds of a universe that a formula defines, and how another definition takes its place.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lode/base/time.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {

// One stored stay. A stay that ends before it begins holds no session: it is how the lake says that one is over that
// should never have been, since a stored key cannot be taken away.
struct StoredStay {
  std::uint64_t instrument = 0;
  Date from;
  std::optional<Date> to;
  Time event_time;
  std::string source;
  std::string hash;  // Of the definition, or of the imported file.

  bool is_void() const { return to && *to < from; }
};

inline constexpr std::string_view kDefinedBy = "universe define";  // The source of defined rows, and their flow.

// Stays stored under `name`, current view; none when the lake has no such universe.
Result<std::vector<StoredStay>> stored_stays(const lake::Snapshot& snapshot, const std::string& name);

// What tells one membership of this name from another that took its place: the definitions or files that its earliest
// stays come from, as a hash. New members on later sessions change nothing. "" for "all" and for a name without stays.
Result<std::string> universe_stamp(const lake::Snapshot& snapshot, const std::string& name);

// Leaves the name free for the definition of this hash. The same definition goes on where it stood: nothing is done.
// Another one is E0011 without `replace`; with it the commits of the old are reverted, so that a read as of any day
// sees the new alone, while a run's own commit still shows the old. E0011 for a universe that was imported. True when
// something was replaced.
Result<bool> make_room(lake::Lake& lake, const std::string& name, const std::string& hash, bool replace);

}  // namespace lode::flow
