// Files as answers, and a LEAN folder through the whole of collecting.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/folder.h"

#include <gmock/gmock.h>

#include "lode/flow/steps/collect/testing.h"

namespace lode::flow {
namespace {

TEST(CollectFolder, AFileIsAnAnswer) {
  TestWorld test;
  must(lake::write_durably(test.folder + "/a b.txt", "bytes"));
  HttpRequest request;
  request.url = "file://" + test.folder + "/a%20b.txt";
  ASSERT_TRUE(is_in_folder(request));
  const HttpResponse whole = must(read_in_folder(request, Time{5}));
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.body, "bytes");
  EXPECT_EQ(whole.received_at, Time{5});
  request.most_bytes = 4;
  const auto large = read_in_folder(request, Time{5});
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().number(), E::E6105);
  for (const char* nowhere : {"/none.txt", ""}) {  // Not there, and a folder.
    request.url = "file://" + test.folder + nowhere;
    EXPECT_EQ(must(read_in_folder(request, Time{5})).status, 404) << nowhere;
  }
  request.url = "https://example.com/file://";
  EXPECT_FALSE(is_in_folder(request));
}

TEST(CollectFolder, ALeanFolderComesIntoTheLake) {
  LODE_NEEDS_DATA("lean/equity");
  CollectWorld world;
  must(world.test.config.merge_flag("lean.base_url", "file://" + std::filesystem::absolute(test_data("lean")).string(),
                                    "test"));
  const CollectReport report = must(world.fetch("lean", named({"aapl"})));
  EXPECT_EQ(exit_of(report), 0);
  EXPECT_GT(world.rows("bars"), 4000);
  EXPECT_GT(world.rows("actions"), 30) << "dividends and splits of its factor file";
  const CollectReport none = must(world.fetch("lean", named({"nosuchticker"})));
  EXPECT_EQ(exit_of(none), 5);
}

// https_proxy is set on many machines; files are read without it.
TEST(CollectFolder, AFolderIsReadWhateverTheProxyIs) {
  LODE_NEEDS_DATA("lean/equity");
  CollectWorld world;
  must(world.test.config.merge_flag("lean.base_url", "file://" + std::filesystem::absolute(test_data("lean")).string(),
                                    "test"));
  must(world.test.config.merge_flag("net.proxy", "socks5://127.0.0.1:1080", "https_proxy"));
  World one = world.world();
  EXPECT_TRUE(preview_fetch(one, *must(find_source("lean")), named({"aapl"}), false));
  EXPECT_EQ(exit_of(must(world.fetch("lean", named({"aapl"})))), 0);
  EXPECT_GT(world.rows("bars"), 4000);
  must(world.test.config.merge_flag("lean.base_url", "https://mirror.example/Data", "test"));
  const auto far = world.fetch("lean", named({"aapl"}));
  ASSERT_FALSE(far) << "a mirror on the net is asked through it";
  EXPECT_EQ(far.error().number(), E::E5002);
}

// Two files of one company, each with other days: who it is stays what the map file says, however often it is fetched.
TEST(CollectFolder, ALeanRenameFetchedAgainIsNothingNew) {
  LODE_NEEDS_DATA("lean/equity");
  CollectWorld world;
  must(world.test.config.merge_flag("lean.base_url", "file://" + std::filesystem::absolute(test_data("lean")).string(),
                                    "test"));
  for (int turn = 0; turn < 3; ++turn) {
    const CollectReport report = must(world.fetch("lean", named({"googl"}), true));
    EXPECT_EQ(report.tables.at("instruments").kept, turn == 0 ? 1 : 0) << turn;
    EXPECT_EQ(report.tables.at("instruments").corrected, 0) << turn;
    EXPECT_EQ(report.tables.at("symbols").kept, turn == 0 ? 2 : 0) << turn;
    world.test.clock.advance(kNanosPerDay);
  }
  EXPECT_THAT(world.cells("instruments", {"symbol", "listed_on"}), ::testing::ElementsAre("GOOG 2004-08-19"));
}

}  // namespace
}  // namespace lode::flow
