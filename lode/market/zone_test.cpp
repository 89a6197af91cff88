// Wall clocks against what the clocks of these places are known to have shown.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/zone.h"

#include <gtest/gtest.h>

#include "lode/base/error.h"
#include "lode/base/must.h"

namespace lode {
namespace {

std::string shown(const char* zone, const char* instant) {
  return to_string(must(Zone::find(zone)).wall_clock(must(parse_as_of(instant))));
}

TEST(Zone, ShowsTheDayOfThePlaceInSummerAndWinter) {
  EXPECT_EQ(shown("Australia/Sydney", "2020-01-01T13:00:00Z"), "2020-01-02T00:00:00Z");
  EXPECT_EQ(shown("Australia/Sydney", "2020-06-30T14:00:00Z"), "2020-07-01T00:00:00Z");
  EXPECT_EQ(shown("Asia/Tokyo", "2020-01-01T15:00:00Z"), "2020-01-02T00:00:00Z");
  EXPECT_EQ(shown("America/New_York", "2020-01-02T05:00:00Z"), "2020-01-02T00:00:00Z");
  EXPECT_EQ(shown("America/New_York", "2020-07-02T04:00:00Z"), "2020-07-02T00:00:00Z");
}

TEST(Zone, ReadsFixedOffsets) {
  EXPECT_EQ(shown("+10:00", "2020-01-01T14:00:00Z"), "2020-01-02T00:00:00Z");
  EXPECT_EQ(shown("-0530", "2020-01-02T05:30:00Z"), "2020-01-02T00:00:00Z");
  EXPECT_EQ(shown("+02", "2020-01-01T22:00:00Z"), "2020-01-02T00:00:00Z");
}

TEST(Zone, KnowsUtcByItsNames) {
  for (const char* name : {"UTC", "utc", "Etc/UTC", "Z", "GMT", "+00:00", "-0000"}) {
    EXPECT_TRUE(must(Zone::find(name)).is_utc()) << name;
    EXPECT_EQ(shown(name, "2020-01-01T13:00:00Z"), "2020-01-01T13:00:00Z") << name;
  }
  for (const char* name : {"Europe/London", "+01:00", "America/New_York"}) {
    EXPECT_FALSE(must(Zone::find(name)).is_utc()) << name;
  }
}

TEST(Zone, RefusesWhatIsNone) {
  for (const char* name : {"", "Mars/Olympus", "+1", "+1:00", "+10:0x"}) {
    const auto found = Zone::find(name);
    ASSERT_FALSE(found) << name;
    EXPECT_EQ(found.error().number(), E::E2005) << name;
  }
}

}  // namespace
}  // namespace lode
