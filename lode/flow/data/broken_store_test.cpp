// A lake whose bytes changed behind its back, seen through the verbs: a flipped byte anywhere is told or does not
// matter, but never changes an answer; a backup with one is refused; a newer lake is left alone.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/flow/verb_testing.h"
#include "lode/io/lake/lake.h"
#include "lode/io/lake/manifest.h"

namespace lode::flow {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::number_of;

class BrokenStore : public testing::Verbs {
 protected:
  void fill() {
    import("bars", testing::kBars);
    import("bars", testing::kMoreBars);
    import("actions", "ex_date,symbol,kind,ratio\n2024-01-03,ABB,split,2\n");
  }
  // All regular files below a folder, by path.
  static std::vector<std::string> files_below(const std::string& folder) {
    std::vector<std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) {
        out.push_back(entry.path().string());
      }
    }
    std::ranges::sort(out);
    return out;
  }
  // The whole store as it answers: a line a row, or the error's number.
  std::string answer() {
    std::string out;
    for (const char* query : {"select symbol, session, close from bars join instruments using (instrument_id) "
                              "order by all",
                              "select kind, ratio from actions order by all"}) {
      Value request = Value::object();
      request.set("query", Value(query));
      request.set("format", Value("csv"));
      const Result<Outcome> rows = run_flow(world, *find_flow("data", "sql"), request);
      out += rows ? rows->text : to_string(rows.error().number()) + "\n";
    }
    const Result<Outcome> commits = call("data", "show", R"j({"table": "commits"})j");
    return out + (commits ? commits->text : to_string(commits.error().number()) + "\n");
  }
  // What is said of the lake by the one verb that reads all of it; 0: nothing is wrong.
  std::uint16_t found_by_verify() {
    const Result<Outcome> verified = call("data", "verify", "{}");
    if (!verified) {
      return static_cast<std::uint16_t>(verified.error().number());
    }
    return verified->finding ? static_cast<std::uint16_t>(verified->finding->number()) : std::uint16_t{0};
  }
};

bool is_one_of(const std::string& text, const std::vector<std::string>& numbers) {
  return std::ranges::any_of(numbers, [&](const std::string& number) { return text.find(number) != text.npos; });
}

TEST_F(BrokenStore, AFlippedByteNeverChangesAnAnswer) {
  fill();
  const std::string before = answer();
  ASSERT_THAT(before, HasSubstr("AAA,2024-01-04,10"));
  ASSERT_EQ(found_by_verify(), 0);
  Random random(1, 1);
  int told = 0;
  int silent = 0;
  for (const std::string& path : files_below(world.lake)) {
    if (path.ends_with("-wal") || path.ends_with("-shm") || path.ends_with("lock")) {
      continue;
    }
    const std::string whole = must(read_file(path));
    for (int round = 0; round < test_rounds(12, 4) && !whole.empty(); ++round) {
      std::string bytes = whole;
      const std::size_t at = random.next_below(bytes.size());
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.next_below(8)));
      must(write_file(path, bytes));
      // The hash of a part is remembered by a process that has read it: verify reads the bytes again.
      const std::uint16_t found = found_by_verify();
      told += found != 0 ? 1 : 0;
      if (found == 0) {
        EXPECT_EQ(answer(), before) << path << " byte " << at << " of " << bytes.size();
        ++silent;
      } else {
        EXPECT_TRUE(found == 8005 || found == 8007 || found == 8002 || found == 8001 || found == 8009)
            << found << " for " << path << " byte " << at;
      }
      if (path.ends_with(".parquet")) {
        EXPECT_EQ(found, 8005) << "every byte of a part counts: " << path << " byte " << at;
      }
    }
    must(write_file(path, whole));
  }
  EXPECT_GT(told, 20);
  EXPECT_EQ(found_by_verify(), 0) << "all bytes were put back";
  EXPECT_EQ(answer(), before);
}

TEST_F(BrokenStore, APartThatIsGoneIsNamedByEveryVerbThatNeedsIt) {
  fill();
  for (const std::string& path : files_below(world.lake + "/tables/bars")) {
    fs::remove(path);
  }
  for (const auto& [verb, request] :
       {std::pair("show", R"j({"table": "bars"})j"), std::pair("sql", R"j({"query": "select sum(close) from bars"})j"),
        std::pair("check", "{}")}) {
    const std::string said = mistake("data", verb, request);
    EXPECT_THAT(said, HasSubstr("error[E8005]")) << verb;
    EXPECT_THAT(said, HasSubstr("tables/bars/")) << verb;
    EXPECT_THAT(said, HasSubstr("\nhelp: ")) << verb;
  }
  EXPECT_FALSE(must(call("data", "show", R"j({"table": "actions"})j")).text.empty()) << "other parts are not affected";
  EXPECT_EQ(found_by_verify(), 8005);
}

TEST_F(BrokenStore, ANewerLakeIsRefusedAndNotTouched) {
  fill();
  const std::string manifest = world.lake + "/manifest.sqlite";
  {
    const auto database = must(lake::Database::open(manifest, lake::OpenMode::kWrite));
    must(database->execute(
        fmt::format("UPDATE meta SET value = '{}' WHERE name = 'format_version'", lake::kFormatVersion + 1)));
  }
  const std::string bytes = must(read_file(manifest));
  const std::vector<std::string> files = files_below(world.lake + "/tables");
  for (const auto& [verb, request] : {std::pair("tables", "{}"), std::pair("show", R"j({"table": "bars"})j"),
                                      std::pair("vacuum", R"j({"yes": true})j"), std::pair("verify", "{}"),
                                      std::pair("revert", R"j({"commit": 1, "yes": true})j")}) {
    const Result<Outcome> outcome = call("data", verb, request);
    EXPECT_EQ(number_of(outcome), E::E8002) << verb;
  }
  const std::string path = parts.folder + "/late.csv";
  must(write_file(path, testing::kMoreBars));
  const Result<IngestReport> refused = ingest(world, {.paths = {path}, .table = "bars", .map = {}, .mic = "XNYS"});
  EXPECT_EQ(refused ? 0 : static_cast<int>(refused.error().number()), 8002);
  EXPECT_EQ(must(read_file(manifest)), bytes);
  EXPECT_EQ(files_below(world.lake + "/tables"), files);
}

TEST_F(BrokenStore, AManifestThatIsNoneIsDamaged) {
  fill();
  const std::string manifest = world.lake + "/manifest.sqlite";
  const std::string whole = must(read_file(manifest));
  for (const std::string& bytes : {std::string("not a database, but long enough to be looked at as one, surely"),
                                   std::string(whole.size(), '\0'), whole.substr(0, whole.size() / 2)}) {
    must(write_file(manifest, bytes));
    const std::string said = mistake("data", "tables", "{}");
    EXPECT_TRUE(is_one_of(said, {"error[E8007]"})) << bytes.size() << " bytes: " << said;
    EXPECT_THAT(said, HasSubstr("\nhelp: "));
  }
  must(write_file(manifest, whole));
  EXPECT_EQ(found_by_verify(), 0);
}

TEST_F(BrokenStore, ABackupAnswersAsTheLakeDid) {
  fill();
  const std::string before = answer();
  const std::string backup = parts.folder + "/backup";
  const std::string request = R"j({"target": ")j" + backup + "\"}";
  good("data", "backup", request);
  import("bars", "date,symbol,open,high,low,close,volume\n2024-01-05,AAA,10,11,9,10,100\n");
  const std::string after = answer();
  ASSERT_NE(before, after);
  const std::string first = world.lake;
  world.lake = parts.folder + "/first";
  good("data", "restore", R"j({"backup": ")j" + backup + "\"}");
  EXPECT_EQ(answer(), before);
  world.lake = first;
  const std::int64_t more = good("data", "backup", request).data.find("bytes")->as_int();
  world.lake = parts.folder + "/second";
  const std::int64_t all = good("data", "restore", R"j({"backup": ")j" + backup + "\"}").data.find("bytes")->as_int();
  EXPECT_EQ(answer(), after);
  EXPECT_LT(more, all) << "a second backup copies what is new";
  EXPECT_EQ(found_by_verify(), 0);
}

TEST_F(BrokenStore, ABackupWithAFlippedByteIsNeverMadeALake) {
  fill();
  const std::string before = answer();
  const std::string backup = parts.folder + "/backup";
  good("data", "backup", R"j({"target": ")j" + backup + "\"}");
  world.lake = parts.folder + "/restored";
  Random random(2, 1);
  for (const std::string& path : files_below(backup)) {
    const std::string whole = must(read_file(path));
    for (int round = 0; round < test_rounds(4) && !whole.empty(); ++round) {
      std::string bytes = whole;
      const std::size_t at = random.next_below(bytes.size());
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.next_below(8)));
      must(write_file(path, bytes));
      const Result<Outcome> restored = call("data", "restore", R"j({"backup": ")j" + backup + "\"}");
      if (restored) {
        EXPECT_EQ(answer(), before) << path << " byte " << at;
        EXPECT_EQ(found_by_verify(), 0) << path << " byte " << at;
      } else {
        EXPECT_FALSE(fs::exists(world.lake + "/manifest.sqlite")) << path << " byte " << at;
      }
      if (path.ends_with(".parquet") || path.ends_with(".sqlite")) {
        EXPECT_FALSE(restored) << path << " byte " << at;
      }
      fs::remove_all(world.lake);
    }
    must(write_file(path, whole));
  }
  good("data", "restore", R"j({"backup": ")j" + backup + "\"}");
  EXPECT_EQ(answer(), before);
}

}  // namespace
}  // namespace lode::flow
