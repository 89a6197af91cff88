// Tests of the log's lines, on real files.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/log.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/base/text.h"

namespace lode {
namespace {

class LogTest : public testing::Test {
 protected:
  std::unique_ptr<FileLog> open(LogLevel least) { return must(FileLog::open(path_, least, world_.clock)); }

  std::vector<Value> lines() const {
    std::ifstream file(path_);
    std::vector<Value> all;
    for (std::string line; std::getline(file, line);) {
      all.push_back(must(parse_json(line)));
    }
    return all;
  }

  TestWorld world_;
  std::string path_ = world_.folder + "/lode.log";
};

TEST_F(LogTest, WritesOneObjectALine) {
  Value fields;
  fields.set("rows", 5);
  fields.set("source", "a\"b\n");
  open(LogLevel::kInfo)->info("import done", fields);
  const auto all = lines();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].find("ts")->as_text(), "2026-01-05T12:00:00.000000Z");
  EXPECT_EQ(all[0].find("level")->as_text(), "info");
  EXPECT_EQ(all[0].find("msg")->as_text(), "import done");
  EXPECT_EQ(all[0].find("rows")->as_int(), 5);
  EXPECT_EQ(all[0].find("source")->as_text(), "a\"b\n");
  EXPECT_GT(all[0].find("pid")->as_int(), 0);
}

TEST_F(LogTest, TimesHaveMicroseconds) {
  world_.clock.advance(1'234'567);
  open(LogLevel::kDebug)->debug("x");
  EXPECT_EQ(lines()[0].find("ts")->as_text(), "2026-01-05T12:00:00.001234Z");
}

TEST_F(LogTest, DropsWhatIsBelowItsLevel) {
  {
    const auto log = open(LogLevel::kWarning);
    log->debug("a");
    log->info("b");
    log->warning("c");
    log->error("d");
  }
  ASSERT_EQ(lines().size(), 2U);
  open(LogLevel::kOff)->error("e");
  EXPECT_EQ(lines().size(), 2U);
}

TEST_F(LogTest, FoldsRepeatedLines) {
  {
    const auto log = open(LogLevel::kInfo);
    for (int i = 0; i < 100; ++i) {
      log->warning("source slow");
    }
    log->info("other");
    log->warning("source slow");
    log->warning("source slow");
  }
  const auto all = lines();
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[0].find("repeated"), nullptr);
  EXPECT_EQ(all[1].find("msg")->as_text(), "source slow");
  EXPECT_EQ(all[1].find("repeated")->as_int(), 99);
  EXPECT_EQ(all[2].find("msg")->as_text(), "other");
  EXPECT_EQ(all[4].find("repeated")->as_int(), 1);
}

TEST_F(LogTest, AppendsToWhatIsThere) {
  open(LogLevel::kInfo)->info("first");
  open(LogLevel::kInfo)->info("second");
  EXPECT_EQ(lines().size(), 2U);
}

TEST_F(LogTest, AFolderThatIsNotThereIsAnError) {
  const auto result = FileLog::open(world_.folder + "/none/lode.log", LogLevel::kInfo, world_.clock);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().number(), E::E8009);
  EXPECT_NE(result.error().message().find("/none/lode.log"), std::string::npos);
}

TEST_F(LogTest, AFullDiskStopsNothing) {
  const auto log = FileLog::open("/dev/full", LogLevel::kInfo, world_.clock);
  ASSERT_TRUE(log.has_value());
  (*log)->error("lost");
}

TEST_F(LogTest, StandardErrorTakesTheSameLines) {
  testing::internal::CaptureStderr();
  {
    StderrLog log(LogLevel::kInfo, world_.clock);
    log.warning("careful");
  }
  const Value line = must(parse_json(trim(testing::internal::GetCapturedStderr())));
  EXPECT_EQ(line.find("msg")->as_text(), "careful");
}

TEST(LogLevel, NamesReadBack) {
  for (const LogLevel level :
       {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError, LogLevel::kOff}) {
    EXPECT_EQ(parse_log_level(to_string(level)), level);
  }
  EXPECT_EQ(parse_log_level("loud"), std::nullopt);
}

}  // namespace
}  // namespace lode
