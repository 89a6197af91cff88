// A universe that is what a file or a directory says: stays the lake has and the source has not are voided or ended,
// the others stay as they are. A list of one day speaks of the days until the next list and of no others.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lode/base/world.h"
#include "lode/flow/steps/identity/symbol_list.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {

inline constexpr std::string_view kLoadedBy = "universe load";  // The source of such rows, and their flow.

struct MembershipRequest {
  std::string name;          // Of the universe.
  std::string path;          // Of the file; or
  std::string list;          // a directory of the table listings: asx.
  std::string mic;           // Of symbols whose row names none; "" = the only exchange the lake knows them on.
  std::optional<Date> from;  // Of a file without days: it holds from this day on.
};

struct MembershipReport {
  std::string name;  // "today:..." for a list without days.
  std::int64_t stays = 0, names_ever = 0, members_now = 0;
  std::int64_t added = 0, ended = 0, voided = 0, kept = 0;  // Stays against those stored before.
  std::optional<Date> until;         // Last day a list of one day holds, where a later one is known.
  std::vector<std::string> unknown;  // Symbols the lake has no instrument of: named, without bars yet.
  bool ends_are_left = false;        // The file's ends are the first days without membership.
  std::int64_t commit = 0;           // 0: nothing changed.
};

// One commit, or none. Errors of parse_symbol_list; E0008 no such file; E0011 the universe is defined by a formula;
// E2010, E2019, E2104 a symbol or exchange that cannot be told, with its line; E2101 no such directory.
Result<MembershipReport> load_membership(World& world, lake::Lake& lake, const MembershipRequest& request);

}  // namespace lode::flow
