// Numbers told twice: the more exact counts, contradictions count nowhere.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/io/source/xbrl/instance.h"

namespace lode::source::xbrl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Given {
  const char* value;
  const char* decimals;
};

// What is left of numbers of one tag in equal contexts of different names.
Instance settled(const std::vector<Given>& numbers) {
  Instance out;
  for (const Given& one : numbers) {
    out.contexts.push_back({"s", "1", {}, Date{100}, {}});
    InstanceFact fact;
    fact.taxonomy = "us-gaap";
    fact.tag = "Assets";
    fact.unit = "USD";
    fact.context = out.contexts.size() - 1;
    fact.value = one.value;
    fact.decimals = one.decimals;
    fact.line = static_cast<std::int64_t>(out.contexts.size());
    out.facts.push_back(fact);
  }
  settle(out);
  return out;
}
std::vector<std::string> values(const Instance& instance) {
  std::vector<std::string> out;
  for (const InstanceFact& one : instance.facts) {
    out.push_back(one.value);
  }
  return out;
}

TEST(Settle, KeepsTheFirstOfEquals) {
  const Instance left = settled({{"5000", "-3"}, {"5000", "-3"}, {"5000.0", "-3"}});
  EXPECT_THAT(values(left), ElementsAre("5000"));
  EXPECT_EQ(left.facts[0].line, 1);
}

TEST(Settle, KeepsTheMostExactThatAgrees) {
  EXPECT_THAT(values(settled({{"1200000", "-5"}, {"1234567", "0"}, {"1230000", "-4"}})), ElementsAre("1234567"));
  EXPECT_THAT(values(settled({{"1234567.5", "INF"}, {"1234567", "0"}})), ElementsAre("1234567.5"));
  EXPECT_THAT(values(settled({{"7", ""}, {"7", "0"}})), ElementsAre("7"));
}

TEST(Settle, SetsContradictionsAside) {
  const Instance left = settled({{"1200000", "-5"}, {"1300001", "0"}, {"1200000", "-5"}});
  EXPECT_THAT(left.facts, ElementsAre());
  ASSERT_EQ(left.rejected.size(), 3U);
  EXPECT_THAT(left.rejected[1].reason, HasSubstr("us-gaap:Assets is told twice, with other values: 1300001"));
  EXPECT_EQ(settled({{"5", ""}, {"6", ""}}).rejected.size(), 2U);
}

TEST(Settle, AllowsHalfAUnitOfEach) {
  EXPECT_EQ(settled({{"1250000", "0"}, {"1300000", "-5"}}).facts.size(), 1U) << "1,250,000 rounds to 1,300,000";
  EXPECT_EQ(settled({{"1249000", "0"}, {"1300000", "-5"}}).facts.size(), 0U);
}

TEST(Settle, LeavesOtherPlacesUnitsTextsAndMissingOnes) {
  Instance all;
  all.contexts = {
      {"s", "1", {}, Date{100}, {}}, {"s", "1", {}, Date{101}, {}}, {"s", "1", {}, Date{100}, {{"a", "b"}}}};
  for (std::size_t context = 0; context < 3; ++context) {
    for (const char* unit : {"USD", "EUR", ""}) {
      for (const bool is_nil : {false, true}) {
        InstanceFact fact;
        fact.tag = "Assets";
        fact.unit = unit;
        fact.context = context;
        fact.is_nil = is_nil;
        fact.value = is_nil ? "" : std::to_string(all.facts.size());
        all.facts.push_back(fact);
      }
    }
  }
  settle(all);
  EXPECT_EQ(all.facts.size(), 18U);
  EXPECT_TRUE(all.rejected.empty());
}

}  // namespace
}  // namespace lode::source::xbrl
