// Instances as recorded and as written by hand: numbers, units, periods, dimensions, what is missing and what is
// refused.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/xbrl/instance.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "lode/base/must.h"
#include "lode/market/test_data.h"

namespace lode::source::xbrl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// An instance around `inside`, with one context ("c": company 1, the year 2020) and one unit ("usd").
std::string instance(const std::string& inside) {
  return R"(<?xml version="1.0"?>
<x:xbrl xmlns:x="http://www.xbrl.org/2003/instance" xmlns:g="http://fasb.org/us-gaap/2020-01-31"
    xmlns:d="http://xbrl.org/2006/xbrldi" xmlns:own="http://www.example.com/20201231"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:iso4217="http://www.xbrl.org/2003/iso4217">
  <x:context id="c"><x:entity><x:identifier scheme="http://www.sec.gov/CIK">0000000001</x:identifier></x:entity>
    <x:period><x:startDate>2020-01-01</x:startDate><x:endDate>2020-12-31</x:endDate></x:period></x:context>
  <x:unit id="usd"><x:measure>iso4217:USD</x:measure></x:unit>
)" + inside +
         "</x:xbrl>";
}
std::string context(const std::string& id, const std::string& segment, const std::string& period) {
  return fmt::format(
      R"(<x:context id="{}"><x:entity><x:identifier scheme="http://www.sec.gov/CIK">1</x:identifier>{}</x:entity>
         <x:period>{}</x:period></x:context>)",
      id, segment, period);
}
std::string fact(const std::string& in, const std::string& value = "5") {
  return fmt::format(R"(<g:Assets contextRef="{}" unitRef="usd" decimals="-3">{}</g:Assets>)", in, value);
}
const std::string kInstant = "<x:instant>2020-06-30</x:instant>";

TEST(Instance, GivesNamesUnitPeriodAndRounding) {
  const Instance read = must(read_instance(instance(fact("c", " 796000\n"))));
  ASSERT_EQ(read.facts.size(), 1U);
  const InstanceFact& one = read.facts[0];
  EXPECT_EQ(one.taxonomy, "us-gaap") << "by the namespace: the prefix is the document's own";
  EXPECT_EQ(one.tag, "Assets");
  EXPECT_EQ(one.unit, "USD");
  EXPECT_EQ(one.value, "796000");
  EXPECT_EQ(one.decimals, "-3");
  const Context& where = read.contexts[one.context];
  EXPECT_EQ(where.scheme, "http://www.sec.gov/CIK");
  EXPECT_EQ(where.entity, "0000000001");
  EXPECT_EQ(to_string(*where.start), "2020-01-01");
  EXPECT_EQ(to_string(where.end), "2020-12-31");
  EXPECT_EQ(dimensions_text(where), "");
}

TEST(Instance, TellsMissingFromZero) {
  const Instance read =
      must(read_instance(instance(fact("c", "0") + R"(<g:Goodwill contextRef="c" unitRef="usd" xsi:nil="true"/>
        <g:Cash contextRef="c" unitRef="usd" xsi:nil="1"></g:Cash><g:Debt contextRef="c" unitRef="usd"/>)")));
  ASSERT_EQ(read.facts.size(), 3U);
  EXPECT_FALSE(read.facts[0].is_nil);
  EXPECT_EQ(read.facts[0].value, "0");
  EXPECT_TRUE(read.facts[1].is_nil);
  EXPECT_TRUE(read.facts[2].is_nil);
  EXPECT_EQ(read.facts[1].value, "");
  ASSERT_EQ(read.rejected.size(), 1U) << "an empty element is no number, and not said to be missing";
  EXPECT_THAT(read.rejected[0].reason, HasSubstr("'g:Debt'"));
}

TEST(Instance, ReadsDimensionsInTheOrderOfTheirAxes) {
  const std::string members = R"(<d:typedMember dimension="own:DayAxis"><own:day>2021-01-01</own:day></d:typedMember>
      <d:explicitMember dimension="g:ClassAxis"> g:CommonMember </d:explicitMember>)";
  const Instance read = must(read_instance(instance(
      context("s", "<x:segment>" + members + "</x:segment>", kInstant) + fact("s") +
      context("n", R"(<x:segment><d:typedMember dimension="own:DayAxis"><own:day xsi:nil="true"/></d:typedMember>
                      </x:segment>)",
              kInstant) +
      fact("n"))));
  ASSERT_EQ(read.facts.size(), 2U);
  const Context& where = read.contexts[read.facts[0].context];
  EXPECT_THAT(where.dimensions, ElementsAre(Dimension{"own:DayAxis", "2021-01-01", true},
                                            Dimension{"us-gaap:ClassAxis", "us-gaap:CommonMember", false}));
  EXPECT_EQ(dimensions_text(where), R"({"own:DayAxis":"2021-01-01","us-gaap:ClassAxis":"us-gaap:CommonMember"})");
  EXPECT_EQ(dimensions_text(read.contexts[read.facts[1].context]), R"({"own:DayAxis":null})");
  EXPECT_FALSE(where.start);
  EXPECT_EQ(to_string(where.end), "2020-06-30");
}

TEST(Instance, TakesDimensionsOfAScenarioToo) {
  const Instance read = must(read_instance(instance(
      R"(<x:context id="s"><x:entity><x:identifier scheme="x">9</x:identifier></x:entity><x:period>)" + kInstant +
      R"(</x:period><x:scenario><d:explicitMember dimension="g:A">g:B</d:explicitMember></x:scenario></x:context>)" +
      fact("s"))));
  ASSERT_EQ(read.facts.size(), 1U);
  EXPECT_EQ(dimensions_text(read.contexts[0]), R"({"us-gaap:A":"us-gaap:B"})");
}

// Midnight at which a period ends belongs to the day before it, as XBRL 2.1 (4.7.2) has it.
TEST(Instance, CountsMidnightAsTheEndOfADay) {
  const Instance read = must(read_instance(instance(
      context("i", "", "<x:instant>2020-07-01T00:00:00</x:instant>") + fact("i") +
      context("d", "", "<x:startDate>2020-04-01T00:00:00</x:startDate><x:endDate>2020-07-01T00:00:00</x:endDate>") +
      fact("d"))));
  ASSERT_EQ(read.facts.size(), 2U);
  EXPECT_EQ(to_string(read.contexts[0].end), "2020-06-30");
  EXPECT_EQ(to_string(*read.contexts[1].start), "2020-04-01");
  EXPECT_EQ(to_string(read.contexts[1].end), "2020-06-30");
}

TEST(Instance, NamesUnitsAsTheInterfaceDoes) {
  const Instance read = must(read_instance(instance(
      R"(<x:unit id="e"><x:divide><x:unitNumerator><x:measure>iso4217:EUR</x:measure></x:unitNumerator>
         <x:unitDenominator><x:measure>x:shares</x:measure></x:unitDenominator></x:divide></x:unit>
         <x:unit id="p"><x:measure>pure</x:measure></x:unit>
         <x:unit id="k"><x:measure>own:Customer</x:measure></x:unit>
         <x:unit id="m"><x:measure>own:a</x:measure><x:measure>own:b</x:measure></x:unit>
         <g:A contextRef="c" unitRef="e">1.5</g:A><g:A contextRef="c" unitRef="p">0.0425</g:A>
         <own:A contextRef="c" unitRef="k">3</own:A><g:A contextRef="c" unitRef="m">3</g:A>)")));
  ASSERT_EQ(read.facts.size(), 4U);
  EXPECT_EQ(read.facts[0].unit, "EUR/shares");
  EXPECT_EQ(read.facts[1].unit, "pure");
  EXPECT_EQ(read.facts[2].unit, "Customer");
  EXPECT_EQ(read.facts[2].taxonomy, "own");
  EXPECT_EQ(read.facts[3].unit, "a*b");
}

TEST(Instance, SetsAsideWhatItCannotPlace) {
  const Instance read = must(read_instance(instance(
      fact("gone") + context("ever", "", "<x:forever/>") + fact("ever") +
      context("back", "", "<x:startDate>2020-02-01</x:startDate><x:endDate>2020-01-01</x:endDate>") + fact("back") +
      context("odd", "<x:segment><own:part>5</own:part></x:segment>", kInstant) + fact("odd") +
      context("late", "", "<x:instant>2020-07-01T15:00:00</x:instant>") + fact("late") +
      context("twice", R"(<x:segment><d:explicitMember dimension="g:A">g:B</d:explicitMember>
                          <d:explicitMember dimension="g:A">g:C</d:explicitMember></x:segment>)",
              kInstant) +
      fact("twice") + R"(<g:A contextRef="c" unitRef="no">1</g:A><other:A contextRef="c" unitRef="usd">1</other:A>)" +
      fact("c", "1,000") + fact("c", "INF") + fact("c"))));
  EXPECT_EQ(read.facts.size(), 1U);
  EXPECT_EQ(read.records, 11);
  std::vector<std::string> reasons;
  for (const Rejected& one : read.rejected) {
    EXPECT_EQ(one.number, 6210);
    reasons.push_back(one.reason);
  }
  EXPECT_THAT(reasons, ElementsAre(HasSubstr("no context"), HasSubstr("no end"), HasSubstr("starts after"),
                                   HasSubstr("no dimension"), HasSubstr("no end"), HasSubstr("stands twice"),
                                   HasSubstr("no unit 'no'"), HasSubstr("no taxonomy"), HasSubstr("'1,000'"),
                                   HasSubstr("'INF'")));
}

TEST(Instance, TrustsNoContextThatIsDefinedTwice) {
  const std::string other = context("c", "", kInstant);
  EXPECT_THAT(must(read_instance(instance(other + fact("c")))).facts, IsEmpty());
  const std::string same = R"(<x:context id="c"><x:entity><x:identifier scheme="http://www.sec.gov/CIK">0000000001
      </x:identifier></x:entity><x:period><x:startDate>2020-01-01</x:startDate><x:endDate>2020-12-31</x:endDate>
      </x:period></x:context>)";
  EXPECT_EQ(must(read_instance(instance(same + fact("c")))).facts.size(), 1U);
}

TEST(Instance, KeepsShortTextsAndCountsLongOnes) {
  const Instance read = must(
      read_instance(instance(R"(<g:Name contextRef="c">A &amp; B</g:Name><g:Note contextRef="c">)" +
                             std::string(5000, 'x') + R"(</g:Note><g:Raw contextRef="c"><![CDATA[<p>]]></g:Raw>)")));
  ASSERT_EQ(read.facts.size(), 3U);
  EXPECT_EQ(read.text("us-gaap", "Name"), "A & B");
  EXPECT_EQ(read.text("us-gaap", "Note"), "");
  EXPECT_EQ(read.text("us-gaap", "Raw"), "<p>");
  EXPECT_EQ(read.text("us-gaap", "None"), "");
  EXPECT_EQ(read.long_texts, 1);
  EXPECT_FALSE(read.facts[0].is_number());
}

TEST(Instance, RefusesWhatIsNone) {
  const auto refusal = [](const std::string& body) {
    const auto read = read_instance(body);
    EXPECT_FALSE(read);
    EXPECT_EQ(read.error().number(), E::E6206);
    return read.error().message();
  };
  EXPECT_THAT(refusal("<html></html>"), HasSubstr("root"));
  EXPECT_THAT(refusal("<xbrl/>"), HasSubstr("root")) << "a name alone is not the namespace";
  EXPECT_THAT(refusal(""), HasSubstr("cut off"));
  const std::string whole = instance(fact("c"));
  EXPECT_THAT(refusal(whole.substr(0, whole.size() - 9)), HasSubstr("cut off"));
  EXPECT_THAT(refusal("<!DOCTYPE x [<!ENTITY a 'aaaa'>]>" + whole), HasSubstr("declares entities"));
  std::string many = "<x:xbrl xmlns:x='http://www.xbrl.org/2003/instance'";
  for (int i = 0; i < 1001; ++i) {
    many += fmt::format(" xmlns:p{}='u'", i);
  }
  EXPECT_THAT(refusal(many + "></x:xbrl>"), HasSubstr("namespaces"));
}

// A context that many facts name may not grow each of them.
TEST(Instance, BoundsWhatAContextMayCarry) {
  std::string members;
  for (int i = 0; i < 17; ++i) {
    members += fmt::format(R"(<d:explicitMember dimension="g:A{}">g:B</d:explicitMember>)", i);
  }
  const std::string text =
      R"(<d:typedMember dimension="g:A"><own:t>)" + std::string(4000, 'y') + "</own:t></d:typedMember>";
  const Instance read =
      must(read_instance(instance(context("many", "<x:segment>" + members + "</x:segment>", kInstant) + fact("many") +
                                  context("long", "<x:segment>" + text + "</x:segment>", kInstant) + fact("long"))));
  EXPECT_THAT(read.facts, IsEmpty());
  ASSERT_EQ(read.rejected.size(), 2U);
  EXPECT_THAT(read.rejected[0].reason, HasSubstr("too many or too long"));
  EXPECT_THAT(read.rejected[1].reason, HasSubstr("too many or too long"));
}

// What an XML tree of another library counts in the recorded files.
struct Counts {
  const char* file;
  std::size_t facts, numbers, nil, settled, contexts;
  std::map<std::size_t, int> by_dimensions;  // Of the settled numbers that are not nil.
};

class RecordedInstance : public testing::TestWithParam<Counts> {};

TEST_P(RecordedInstance, HoldsWhatAnXmlTreeCounts) {
  LODE_NEEDS_DATA("edgar/xbrl");
  Instance read = must(read_instance(read_test_data(GetParam().file)));
  EXPECT_THAT(read.rejected, IsEmpty());
  EXPECT_EQ(read.facts.size(), GetParam().facts);
  EXPECT_EQ(read.contexts.size(), GetParam().contexts);
  const auto count = [&](auto&& which) { return static_cast<std::size_t>(std::ranges::count_if(read.facts, which)); };
  EXPECT_EQ(count([](const InstanceFact& one) { return one.is_number(); }), GetParam().numbers);
  EXPECT_EQ(count([](const InstanceFact& one) { return one.is_number() && one.is_nil; }), GetParam().nil);
  settle(read);
  EXPECT_THAT(read.rejected, IsEmpty());
  std::map<std::size_t, int> by_dimensions;
  for (const InstanceFact& one : read.facts) {
    if (one.is_number() && !one.is_nil) {
      ++by_dimensions[read.contexts[one.context].dimensions.size()];
    }
  }
  EXPECT_EQ(by_dimensions, GetParam().by_dimensions);
  EXPECT_EQ(count([](const InstanceFact& one) { return one.is_number() && !one.is_nil; }), GetParam().settled);
}

INSTANTIATE_TEST_SUITE_P(
    Recorded, RecordedInstance,
    testing::Values(
        Counts{"edgar/xbrl/aapl-20230930/aapl-20230930_htm.xml.gz",
               1164,
               995,
               2,
               902,
               205,
               {{0, 503}, {1, 219}, {2, 154}, {3, 20}, {4, 6}}},
        Counts{"edgar/xbrl/instances/aame-20140630.xml.gz",
               909,
               858,
               2,
               856,
               204,
               {{0, 342}, {1, 314}, {2, 82}, {3, 118}}},
        Counts{
            "edgar/xbrl/instances/sam-20130629.xml.gz", 390, 356, 2, 354, 69, {{0, 227}, {1, 107}, {2, 14}, {3, 6}}}));

TEST(RecordedInstances, GiveTypedMembersAndDecimals) {
  LODE_NEEDS_DATA("edgar/xbrl");
  const Instance read = must(read_instance(read_test_data("edgar/xbrl/aapl-20230930/aapl-20230930_htm.xml.gz")));
  std::set<std::string> days;
  std::map<std::string, int> decimals;
  for (const InstanceFact& one : read.facts) {
    for (const Dimension& dimension : read.contexts[one.context].dimensions) {
      if (dimension.is_typed) {
        days.insert(dimension.member);
      }
    }
    if (one.is_number()) {
      ++decimals[one.decimals];
    }
  }
  EXPECT_THAT(days, ElementsAre("2023-10-01", "2024-09-29", "2025-09-28", "2026-09-27"));
  EXPECT_EQ(decimals, (std::map<std::string, int>{
                          {"", 2}, {"-3", 45}, {"-6", 820}, {"-8", 55}, {"2", 40}, {"3", 5}, {"4", 8}, {"INF", 20}}));
  EXPECT_EQ(read.text("dei", "DocumentFiscalYearFocus"), "2023");
  EXPECT_EQ(read.text("dei", "EntityRegistrantName"), "Apple Inc.");
}

}  // namespace
}  // namespace lode::source::xbrl
