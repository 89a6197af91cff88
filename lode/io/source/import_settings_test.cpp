// import.toml: what it may say, and what is said of one that says something else.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/import_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "lode/base/error.h"
#include "lode/base/must.h"

namespace lode::source {
namespace {

using ::testing::HasSubstr;

E number_of(std::string_view toml) {
  const auto settings = parse_import_settings(toml, "import.toml");
  return settings ? E{} : static_cast<E>(settings.error().number());
}

TEST(ImportSettings, SaysEverythingOnce) {
  const ImportSettings all =
      must(parse_import_settings("mic = \"XNYS\"\ntable = \"benchmark\"\nkind = \"etf\"\nadjusted = true\n[map]\nclose "
                                 "= \"Last\"\nvolume = \"Vol\"\n",
                                 "import.toml"));
  EXPECT_EQ(all.mic, "XNYS");
  EXPECT_EQ(all.table, "benchmark");
  EXPECT_EQ(all.kind, "etf");
  EXPECT_TRUE(all.adjusted);
  EXPECT_EQ(all.map, (ColumnMap{{"close", "Last"}, {"volume", "Vol"}}));
}

TEST(ImportSettings, SaysNothingWhenEmpty) {
  const ImportSettings none = must(parse_import_settings("# only words\n", "import.toml"));
  EXPECT_EQ(none.mic + none.table + none.kind, "");
  EXPECT_FALSE(none.adjusted);
  EXPECT_TRUE(none.map.empty());
}

TEST(ImportSettings, NamesWhatItDoesNotKnow) {
  const auto unknown = parse_import_settings("mci = \"XNYS\"\n", "bars/import.toml");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().number(), E::E5001);
  EXPECT_THAT(render(unknown.error()), HasSubstr("mci"));
  EXPECT_THAT(render(unknown.error()), HasSubstr("'mic'"));
  EXPECT_THAT(render(unknown.error()), HasSubstr("bars/import.toml"));
  EXPECT_EQ(number_of("mic = 5\n"), E::E5002);
  EXPECT_EQ(number_of("adjusted = \"yes\"\n"), E::E5002);
  EXPECT_EQ(number_of("map = \"close=Last\"\n"), E::E5002);
  EXPECT_EQ(number_of("[map]\nclose = 3\n"), E::E5002);
  EXPECT_EQ(number_of("mic = \n"), E::E5003);
  EXPECT_THAT(render(parse_import_settings("\n\nmic = \n", "import.toml").error()), HasSubstr("3"));
}

TEST(ImportSettings, AreLookedForBesideAFileAndAboveItWithinWhatWasGiven) {
  namespace fs = std::filesystem;
  std::string place = (fs::temp_directory_path() / "lode-settings-XXXXXX").string();
  const std::string root = mkdtemp(place.data());
  fs::create_directories(root + "/us/old");
  const std::string bars = root + "/bars.csv", deep = root + "/us/old/bars.csv";
  EXPECT_EQ(find_import_settings(bars, {}), "");
  const std::string above = root + "/import.toml", near = root + "/us/import.toml";
  std::ofstream(above) << "x";
  EXPECT_EQ(find_import_settings(bars, {}), above);
  EXPECT_EQ(find_import_settings(bars, {root}), above);
  EXPECT_EQ(find_import_settings(deep, {}), "") << "a file given by itself";
  EXPECT_EQ(find_import_settings(deep, {root + "/us"}), "") << "above what was given";
  EXPECT_EQ(find_import_settings(deep, {"/nowhere", root + "/"}), above);
  std::ofstream(near) << "x";
  EXPECT_EQ(find_import_settings(deep, {root}), near);
  EXPECT_EQ(find_import_settings(deep, {root + "/us/.."}), near);
  EXPECT_EQ(find_import_settings(root + "/nowhere/x.csv", {}), "");
  fs::remove_all(root);
}

}  // namespace
}  // namespace lode::source
