// Universe: which instruments are eligible on which date, as dated memberships.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/time.h"
#include "lode/market/instrument.h"
#include "lode/market/panel.h"

namespace lode {

// One stay in a universe: the sessions from..to, both inclusive.
struct Membership {
  InstrumentId id;
  Date from;
  std::optional<Date> to;  // Nothing = still a member.

  auto operator<=>(const Membership&) const = default;
};

// A universe made from today's list says so in its name; every result on it is stamped survivor-biased.
inline constexpr std::string_view kTodayPrefix = "today:";

// A named set of memberships. An instrument may leave and return; stays that overlap or touch count once.
class Universe {
 public:
  Universe() = default;
  // Members in any order; a stay that ends before it begins holds no session and is dropped.
  Universe(std::string name, std::vector<Membership> members);

  const std::string& name() const { return name_; }
  const std::vector<Membership>& members() const { return members_; }  // By id, then from; disjoint.
  bool survivor_biased() const { return name_.starts_with(kTodayPrefix); }

  bool contains(InstrumentId id, Date session) const;
  // Instruments that are members on some day of [from, to], ascending by id: the columns a panel of that span needs.
  std::vector<InstrumentId> instruments(Date from, Date to) const;
  // Row-major rows x columns, 1 where the column's instrument is a member on the row's session, else 0.
  std::vector<std::uint8_t> mask(const Axis& axis) const;

 private:
  std::string name_;
  std::vector<Membership> members_;
};

}  // namespace lode
