// Dated membership: stays, returns, overlaps, and the mask over an axis.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/universe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace lode {
namespace {

using testing::ElementsAre;

Date day(int number) { return Date{20000 + number}; }

constexpr InstrumentId kA{1};
constexpr InstrumentId kB{2};
constexpr InstrumentId kC{3};

Universe sample() {
  return Universe("sp",
                  {{kB, day(2), std::nullopt}, {kA, day(0), day(1)}, {kA, day(3), day(3)}, {kC, day(9), day(12)}});
}

Axis axis() {
  Axis out;
  for (int number = 0; number < 5; ++number) {
    out.sessions.push_back(day(number));
  }
  out.instruments = {kA, kB, {99}};
  return out;
}

TEST(Universe, KnowsWhoBelongedWhen) {
  const Universe universe = sample();
  EXPECT_TRUE(universe.contains(kA, day(0)));
  EXPECT_TRUE(universe.contains(kA, day(1)));
  EXPECT_FALSE(universe.contains(kA, day(2)));
  EXPECT_TRUE(universe.contains(kA, day(3)));
  EXPECT_FALSE(universe.contains(kA, day(4)));
  EXPECT_FALSE(universe.contains(kB, day(1)));
  EXPECT_TRUE(universe.contains(kB, day(5000)));
  EXPECT_FALSE(universe.contains({99}, day(0)));
}

TEST(Universe, MasksAnAxis) {
  EXPECT_THAT(sample().mask(axis()), ElementsAre(1, 0, 0,  //
                                                 1, 0, 0,  //
                                                 0, 1, 0,  //
                                                 1, 1, 0,  //
                                                 0, 1, 0));
}

TEST(Universe, ListsTheInstrumentsOfASpan) {
  EXPECT_THAT(sample().instruments(day(0), day(4)), ElementsAre(kA, kB));
  EXPECT_THAT(sample().instruments(day(2), day(2)), ElementsAre(kB));
  EXPECT_THAT(sample().instruments(day(12), day(20)), ElementsAre(kB, kC));
  EXPECT_TRUE(sample().instruments(day(-9), day(-1)).empty());
}

TEST(Universe, MergesStaysThatOverlapOrTouch) {
  const Universe universe("u", {{kA, day(0), day(2)},
                                {kA, day(1), day(1)},
                                {kA, day(3), day(4)},
                                {kA, day(6), std::nullopt},
                                {kA, day(8), day(9)},
                                {kB, day(5), day(4)}});
  ASSERT_EQ(universe.members().size(), 2U);
  EXPECT_EQ(universe.members()[0], (Membership{kA, day(0), day(4)}));
  EXPECT_EQ(universe.members()[1], (Membership{kA, day(6), std::nullopt}));
}

TEST(Universe, AgreesWithAScanOfRandomStays) {
  std::mt19937_64 random(3);
  std::vector<Membership> stays;
  for (int i = 0; i < 60; ++i) {
    const int from = static_cast<int>(random() % 100);
    const bool open = random() % 8 == 0;
    stays.push_back({{random() % 9},
                     day(from),
                     open ? std::nullopt : std::optional(day(from - 2 + static_cast<int>(random() % 30)))});
  }
  Axis wide;
  for (int number = 0; number < 130; number += 1 + static_cast<int>(random() % 3)) {
    wide.sessions.push_back(day(number));
  }
  for (std::uint64_t id = 0; id < 9; id += 2) {
    wide.instruments.push_back({id});
  }
  const Universe universe("u", stays);
  const std::vector<std::uint8_t> mask = universe.mask(wide);
  for (std::size_t row = 0; row < wide.rows(); ++row) {
    for (std::size_t column = 0; column < wide.columns(); ++column) {
      const InstrumentId id = wide.instruments[column];
      const Date session = wide.sessions[row];
      const bool member = std::ranges::any_of(stays, [&](const Membership& stay) {
        return stay.id == id && stay.from <= session && (!stay.to || session <= *stay.to);
      });
      EXPECT_EQ(mask[row * wide.columns() + column], member ? 1 : 0);
      EXPECT_EQ(universe.contains(id, session), member);
    }
  }
}

TEST(Universe, SaysWhenItIsMadeOfSurvivors) {
  EXPECT_TRUE(Universe("today:sp500", {}).survivor_biased());
  EXPECT_FALSE(Universe("sp500", {}).survivor_biased());
  EXPECT_FALSE(Universe("nottoday:sp500", {}).survivor_biased());
}

}  // namespace
}  // namespace lode
