// Dated memberships, merged and laid over an axis.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/universe.h"

#include <algorithm>

namespace lode {
namespace {

bool covers(const Membership& stay, Date session) { return stay.from <= session && (!stay.to || session <= *stay.to); }

// Joins stays of one instrument that overlap or follow each other without a day between. `members` is sorted.
std::vector<Membership> merged(const std::vector<Membership>& members) {
  std::vector<Membership> out;
  for (const Membership& stay : members) {
    if (out.empty() || out.back().id != stay.id || (out.back().to && stay.from > *out.back().to + 1)) {
      out.push_back(stay);
    } else if (out.back().to) {
      out.back().to = stay.to ? std::optional(std::max(*out.back().to, *stay.to)) : std::nullopt;
    }
  }
  return out;
}

}  // namespace

Universe::Universe(std::string name, std::vector<Membership> members) : name_(std::move(name)) {
  std::erase_if(members, [](const Membership& stay) { return stay.to && *stay.to < stay.from; });
  std::ranges::sort(members);
  members_ = merged(members);
}

bool Universe::contains(InstrumentId id, Date session) const {
  const auto stays = std::ranges::equal_range(members_, id, {}, &Membership::id);
  return std::ranges::any_of(stays, [session](const Membership& stay) { return covers(stay, session); });
}

std::vector<InstrumentId> Universe::instruments(Date from, Date to) const {
  std::vector<InstrumentId> out;
  for (const Membership& stay : members_) {
    const bool overlaps = stay.from <= to && (!stay.to || *stay.to >= from);
    if (overlaps && (out.empty() || out.back() != stay.id)) {
      out.push_back(stay.id);
    }
  }
  return out;
}

std::vector<std::uint8_t> Universe::mask(const Axis& axis) const {
  std::vector<std::uint8_t> out(axis.rows() * axis.columns(), 0);
  for (const Membership& stay : members_) {
    const int column = axis.column_of(stay.id);
    if (column < 0) {
      continue;
    }
    const auto begin = std::ranges::lower_bound(axis.sessions, stay.from);
    const auto end = stay.to ? std::ranges::upper_bound(axis.sessions, *stay.to) : axis.sessions.end();
    for (auto session = begin; session < end; ++session) {
      const auto row = static_cast<std::size_t>(session - axis.sessions.begin());
      out[row * axis.columns() + static_cast<std::size_t>(column)] = 1;
    }
  }
  return out;
}

}  // namespace lode
