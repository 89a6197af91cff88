// Group codes of each date from the groups table.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lode/io/lake/lake.h"
#include "lode/market/panel.h"

namespace lode::lake {

// valid_from of a group that was stored without a first day: before every session. It is taken to hold always, so who
// reads it on an early date looks ahead.
inline const Date kNoBeginning = Date::from_civil(1900, 1, 1);

// One classification at one level: gics, sic, user:sectors (a file without a column scheme is one of its name).
struct GroupScheme {
  std::string name;
  CommitId commit = 0;             // Newest import that stands and brought a file of its rows; 0 = none tells
  std::int64_t instruments = 0;    // Ever in a group of this level
  bool is_undated = false;         // Some of its rows have no first day
  std::vector<std::string> files;  // SHA-256 of the raw files its rows came from, sorted
};

// The schemes that have `level` (sector, industry or subindustry) as of `as_of`, the one in use first: the one imported
// last (newest `commit`; of one import a dated one, then the one of most instruments, then by name). What is in use
// depends on no universe, so a formula means the same in all of them. Empty when there is none.
Result<std::vector<GroupScheme>> group_schemes(const Snapshot& snapshot, const std::string& level,
                                               std::optional<Time> as_of);

// The scheme called `asked` ("sectors" is user:sectors too), or the first where `asked` is "". E1113 when none of
// `schemes` is called so, naming those there are, or when there is none.
Result<GroupScheme> choose_scheme(const std::vector<GroupScheme>& schemes, const std::string& level,
                                  const std::string& asked);

struct GroupRead {
  GroupPanel panel;
  GroupScheme scheme;        // is_undated: of the instruments of the axis
  std::int64_t schemes = 1;  // How many have the level
};

// A reclassification takes effect on its date. Codes are given by sorted name, so the same data gives the same codes.
// One scheme is used alone: choose_scheme. E1113 when no instrument of the axis has a group of it.
Result<GroupRead> read_group(const Snapshot& snapshot, std::shared_ptr<const Axis> axis, const std::string& level,
                             std::optional<Time> as_of, const std::string& scheme = {});

}  // namespace lode::lake
