// Clocks of places: what a wall clock shows at an instant, by the name of its zone.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lode/base/result.h"
#include "lode/base/time.h"

namespace lode {

// A zone of the time zone database ("Australia/Sydney"), or a fixed offset ("+10:00"), as Arrow's schemas name them.
class Zone {
 public:
  // E2005 a name the database has not; E5004 without the system's time zone data.
  static Result<Zone> find(std::string_view name);

  const std::string& name() const { return name_; }
  // True of UTC under any of its names and of offsets of nothing: nobody's trading day is told by it.
  bool is_utc() const;
  // What the clock shows, written as if it were UTC: 13:00 UTC is 00:00 of the next day in Sydney's summer.
  Time wall_clock(Time instant) const;

 private:
  std::string name_;
  const void* zone_ = nullptr;     // Of the database, which outlives everybody; nullptr for a fixed offset.
  std::int64_t offset_nanos_ = 0;  // Of a fixed offset.
};

}  // namespace lode
