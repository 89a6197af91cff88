// lode data sources: the catalog as it is told.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "lode/base/text.h"
#include "lode/flow/verb_testing.h"
#include "lode/io/source/collect/source.h"
#include "lode/io/source/stream/stream_source.h"
#include "lode/market/schema.h"

namespace lode::flow::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using DataSources = Verbs;

TEST_F(DataSources, EverySourceIsTold) {
  const Outcome all = good("data", "sources", "{}");
  const auto& rows = all.data.find("sources")->as_array();
  EXPECT_EQ(rows.size(), source_catalog().size());
  std::string before;
  for (const Value& row : rows) {
    const std::string name = row.find("source")->as_text();
    EXPECT_LT(before, name);  // By name, each once.
    EXPECT_THAT(all.text, HasSubstr(name));
    before = name;
  }
}

// What the pages are written from: nothing may lack.
TEST_F(DataSources, EverySpecIsWhole) {
  for (const source::Source* one : source_catalog()) {
    const source::Spec& spec = one->spec;
    EXPECT_FALSE(spec.summary.empty() || spec.example.empty() || spec.terms.empty()) << spec.name;
    const std::string venue(spec.name.substr(0, spec.name.find('-')));
    const bool is_watched = source::is_stream(spec) || venue == "edgar";
    EXPECT_THAT(std::string(spec.example),
                ::testing::AnyOf(
                    HasSubstr("lode data fetch " + std::string(spec.name)),
                    HasSubstr(is_watched ? "lode data watch " + venue : "lode data fetch " + std::string(spec.name))))
        << "what is polled or streams is watched";
    EXPECT_FALSE(spec.tables.empty() || spec.settings.empty()) << spec.name;
    EXPECT_EQ(spec.paces.empty(), source::is_stream(spec)) << spec.name << ": a stream is one connection";
    for (const std::string_view table : spec.tables) {
      EXPECT_NE(find_table(table), nullptr) << spec.name << " " << table;
    }
    for (const source::Pace& pace : spec.paces) {
      EXPECT_GT(pace.per_second, 0) << spec.name;
      EXPECT_LE(pace.per_second, pace.most_per_second) << spec.name;
      EXPECT_GT(pace.blocked_seconds, 0) << spec.name;
    }
    std::set<std::string_view> names;
    for (const source::Setting& setting : spec.settings) {
      EXPECT_TRUE(names.insert(setting.name).second) << spec.name << " " << setting.name;
      EXPECT_TRUE(!setting.secret || setting.standard.empty()) << spec.name << " " << setting.name;
      EXPECT_TRUE(!setting.required || setting.standard.empty()) << spec.name << " " << setting.name;
      EXPECT_FALSE(setting.meaning.empty()) << setting.name;
    }
  }
}

TEST_F(DataSources, OneSourceIsToldWhole) {
  const Outcome one = good("data", "sources", R"({"source":"alpaca"})");
  EXPECT_THAT(one.text, HasSubstr("alpaca.secret (needed, secret)"));
  EXPECT_THAT(one.text, HasSubstr("3 requests a second, at most 16"));
  EXPECT_THAT(one.text, Not(HasSubstr("yahoo")));
  EXPECT_THAT(good("data", "sources", R"({"source":"alphavantage"})").text, HasSubstr("0.0833 requests a second"));
  const Value& row = one.data.find("sources")->as_array().at(0);
  EXPECT_EQ(row.find("needs")->as_array().size(), 2U);
  EXPECT_EQ(row.find("tables")->as_array().at(0).as_text(), "bars");
  EXPECT_EQ(one.next, "lode data fetch alpaca --symbols AAPL,MSFT --from 2024-01-01");
  EXPECT_THAT(mistake("data", "sources", R"({"source":"yaho"})"), HasSubstr("yahoo"));
}

}  // namespace
}  // namespace lode::flow::testing
