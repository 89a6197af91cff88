// The catalog of sources and what each must say of itself.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/collect/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "lode/base/must.h"
#include "lode/io/source/collect/json_document.h"
#include "lode/io/source/collect/rows.h"
#include "lode/io/source/stream/stream_source.h"

namespace lode::source {
namespace {

using testing::HasSubstr;

TEST(Sources, SayWhoTheyAreAndNameRealTables) {
  std::set<std::string_view> names;
  for (const Source* source : source_catalog()) {
    const Spec& spec = source->spec;
    EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
    EXPECT_FALSE(spec.summary.empty()) << spec.name;
    EXPECT_FALSE(spec.terms.empty()) << spec.name;
    EXPECT_EQ(spec.paces.empty(), is_stream(spec)) << spec.name << ": a stream is one connection";
    EXPECT_TRUE(spec.example.starts_with("lode data ")) << spec.name;
    for (const std::string_view table : spec.tables) {
      EXPECT_NE(find_table(table), nullptr) << spec.name << " " << table;
    }
    for (const Pace& pace : spec.paces) {
      EXPECT_GT(pace.per_second, 0) << spec.name;
      EXPECT_LE(pace.per_second, pace.most_per_second) << spec.name;
    }
  }
  EXPECT_GE(names.size(), 6U);
}

TEST(Sources, AreFoundByNameWithANearMissNamed) {
  EXPECT_EQ(must(find_source("edgar-feed"))->spec.name, "edgar-feed");
  const auto missed = find_source("edgar-fed");
  ASSERT_FALSE(missed);
  EXPECT_EQ(missed.error().number(), E::E6208);
  EXPECT_THAT(missed.error().hint(), HasSubstr("edgar-feed"));
}

TEST(Sources, SettingsFallBackToTheirStandard) {
  const Spec& spec = must(find_source("edgar-feed"))->spec;
  FetchRequest request;
  EXPECT_EQ(request.setting(spec, "edgar.base_url"), "https://www.sec.gov");
  request.settings["edgar.base_url"] = "http://localhost";
  EXPECT_EQ(request.setting(spec, "edgar.base_url"), "http://localhost");
  EXPECT_EQ(request.setting(spec, "nothing"), "");
  request.settings["edgar.contact"] = "  ";
  EXPECT_EQ(check_settings(spec, request).error().number(), E::E6201);
}

TEST(Rows, AreWholeWithWhereTheyComeFrom) {
  RowWriter rows("issuer_symbols", {"edgar", "ab"});
  rows.put("0000320193").put("AAPL").put(Date{20'000}).put(std::optional<Date>{}).put_some("").put_some("Nasdaq");
  rows.end({std::nullopt, Time{7}, true}, 3);
  const TableRows out = rows.take();
  EXPECT_TRUE(check_batch(*find_table("issuer_symbols"), out.rows));
  EXPECT_TRUE(out.rows.column("valid_to").is_null(0));
  EXPECT_TRUE(out.rows.column("name").is_null(0));
  EXPECT_EQ(out.rows.column("raw_line").int64s()[0], 3);
  EXPECT_EQ(out.rows.column("raw_hash").cell(0), "ab");
}

TEST(Json, IsBoundedAndNamesWhatItCannotRead) {
  const JsonDocument good = must(JsonDocument::read(R"({"a":"x","b":3,"c":null,"d":[1],"e":{}})", "test"));
  EXPECT_EQ(json_text(good.root(), "a"), "x");
  EXPECT_EQ(json_int(good.root(), "b"), 3);
  EXPECT_FALSE(json_member(good.root(), "c"));
  EXPECT_FALSE(json_text(good.root(), "b"));
  EXPECT_TRUE(json_array(good.root(), "d"));
  EXPECT_TRUE(json_object(good.root(), "e"));
  EXPECT_FALSE(json_object(good.root(), "d"));
  for (const std::string& bad : {std::string(), std::string("{"), std::string("{\"a\":\"\xFF\"}"),
                                 std::string(100, '[') + std::string(100, ']')}) {
    const auto read = JsonDocument::read(bad, "test");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().number(), E::E6206);
    EXPECT_THAT(read.error().message(), HasSubstr("test of"));
  }
}

}  // namespace
}  // namespace lode::source
