// Runs as people ask for them: list, show, diff, verify, why.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <filesystem>

#include "lode/flow/steps/answer/run_text.h"
#include "lode/flow/steps/research/research_testing.h"
#include "lode/flow/verb_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::number_of;
using testing::shape;
using ::testing::StartsWith;

class Runs : public testing::Research {
 protected:
  void run_two() {
    import_market();
    good("factor", "eval", R"j({"formula": "rank(-ts_delta(close,5))", "horizons": "1,5"})j");
    good("factor", "eval", R"j({"formula": "rank(-ts_delta(close,5))", "horizons": "1,5", "cost-bps": 5})j");
  }
  std::string mistake(const char* noun, const char* verb, const std::string& request) {
    const Result<Outcome> outcome = call(noun, verb, request);
    return outcome ? "no error" : render(outcome.error());
  }
};

TEST_F(Runs, ListShowsTheNewestFirst) {
  must(ingest(
      world,
      {.paths = {write("a.csv", "date,symbol,close\n2020-01-02,A,1\n")}, .table = "bars", .map = {}, .mic = "XNYS"}));
  EXPECT_EQ(good("runs", "list", "{}").text, "No run yet.\n");
  const std::string header = good("runs", "list", R"j({"format": "csv"})j").text;
  EXPECT_THAT(header, StartsWith("run,hash,"));
  run_two();
  EXPECT_THAT(good("runs", "list", R"j({"format": "csv"})j").text, StartsWith(header));
  EXPECT_EQ(good("runs", "diff", R"j({"first": "last", "second": "last", "format": "csv"})j").text, "path,was,is\n");
  const Outcome out = good("runs", "list", "{}");
  EXPECT_THAT(out.text, StartsWith("run  flow         what"));
  EXPECT_LT(out.text.find("\nr2 "), out.text.find("\nr1 "));
  EXPECT_EQ(out.data.at_path("runs.0.run")->as_text(), "r2");
  EXPECT_EQ(good("runs", "list", R"j({"limit": 1})j").data.at_path("runs")->as_array().size(), 1U);
  EXPECT_EQ(out.next, "lode runs show r2");
}

TEST_F(Runs, ShowGivesEveryNumberWithItsDefinition) {
  run_two();
  const Outcome out = good("runs", "show", R"j({"run": "r1"})j");
  EXPECT_THAT(out.text, HasSubstr("delta(close, 5))"));
  EXPECT_THAT(out.text, HasSubstr("\nr1.rank_ic.5d.mean "));
  const Value& first = *out.data.at_path("numbers.0");
  EXPECT_THAT(shape(first), HasSubstr("path,value"));
  EXPECT_FALSE(first.find("definition")->as_text().empty());
  EXPECT_EQ(good("runs", "show", R"j({"run": "last"})j").data.at_path("run")->as_text(), "r2");
  const std::string hash = out.data.at_path("hash")->as_text();
  EXPECT_EQ(good("runs", "show", R"j({"run": ")j" + hash.substr(0, 8) + "\"}").data.at_path("run")->as_text(), "r1");
  EXPECT_EQ(number_of(call("runs", "show", R"j({"run": "r9"})j")), E::E9);
}

// What searching cost is no number of a run: it is told as of today, and another trial changes it.
TEST_F(Runs, WhyTellsWhatSearchingCostAsOfToday) {
  run_two();
  const auto why = [&](std::string_view path) { return good("", "why", fmt::format(R"j({{"id": "r1.{}"}})j", path)); };
  const Outcome before = why("honesty.dsr");
  const Outcome judged = good("factor", "eval", R"j({"formula": "rank(-ts_delta(close,5))", "horizons": "1,5"})j");
  EXPECT_EQ(before.data.at_path("number.value")->as_double(), judged.data.at_path("honesty.dsr")->as_double());
  EXPECT_THAT(before.text,
              HasSubstr("+- as of today: 1 trial on this universe, and the trial's book as last computed"));
  EXPECT_THAT(before.text, HasSubstr("+- the book of r1.spread.5d.net_annual\n"));
  EXPECT_THAT(before.text, HasSubstr("+- close"));
  good("factor", "eval", R"j({"formula": "rank(volume)"})j");
  const Outcome after = why("honesty.trials");
  EXPECT_EQ(after.data.at_path("number.value")->as_double(), 2.0);
  EXPECT_LT(why("honesty.dsr_null").data.at_path("number.value")->as_double(),
            before.data.at_path("number.value")->as_double());
  EXPECT_THAT(mistake("", "why", R"j({"id": "r1.honesty.dsrr"})j"), HasSubstr("did you mean 'honesty.dsr'"));
  EXPECT_THAT(why("kinship.alpha").text, HasSubstr("n/a"));
}

TEST_F(Runs, DiffNamesWhatWasAskedAndFoundDifferently) {
  run_two();
  const Outcome out = good("runs", "diff", R"j({"first": "r1", "second": "r2"})j");
  EXPECT_THAT(out.text, HasSubstr("  cost_bps: 10.0 -> 5.0\n"));
  EXPECT_THAT(out.text, HasSubstr("net"));
  EXPECT_THAT(out.text, Not(HasSubstr("rank_ic.5d.mean"))) << "costs do not change it";
  EXPECT_EQ(shape(out.data), "{request:[{key,was,is}],numbers:[{path,was,is}],only_first:[],only_second:[],equal}");
  const Outcome same = good("runs", "diff", R"j({"first": "r1", "second": "r1"})j");
  EXPECT_THAT(same.text, HasSubstr("asked differently, r1 -> r1\n  nothing\n"));
  EXPECT_THAT(same.text, HasSubstr("  none\n"));
}

TEST_F(Runs, DiffCountsWhatOnlyOneOfThemHas) {
  run_two();
  good("factor", "eval", R"j({"formula": "rank(-ts_delta(close,5))", "horizons": "5,21"})j");
  const Outcome out = good("runs", "diff", R"j({"first": "r1", "second": "r3"})j");
  EXPECT_THAT(out.text, HasSubstr("  horizons: [1,5] -> [5,21]\n"));
  EXPECT_THAT(out.text, HasSubstr("only in r1: "));
  EXPECT_THAT(out.text, HasSubstr("only in r3: "));
  EXPECT_THAT(to_json(*out.data.find("only_first")), HasSubstr("\"rank_ic.1d.mean\""));
  EXPECT_THAT(to_json(*out.data.find("only_second")), HasSubstr("\"rank_ic.21d.mean\""));
  EXPECT_THAT(to_json(*out.data.find("only_second")), Not(HasSubstr("\"rank_ic.5d.mean\"")));
}

TEST_F(Runs, VerifyComputesAgainToTheBit) {
  run_two();
  const Outcome out = good("runs", "verify", R"j({"run": "last"})j");
  EXPECT_FALSE(out.finding);
  EXPECT_EQ(shape(out.data), "{run,numbers,differ,same_code,changed:[]}");
  EXPECT_THAT(out.text, HasSubstr("bit-identical"));
}

// Turns one byte in the middle of a file.
void damage(const std::string& path) {
  std::string bytes = must(read_file(path));
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x55);
  must(write_file(path, bytes));
}

std::string first_part(const std::string& lake) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(lake + "/tables/bars")) {
    if (entry.path().extension() == ".parquet") {
      return entry.path().string();
    }
  }
  return {};
}

// The panel cache would hide it: the numbers could still be computed from there.
TEST_F(Runs, VerifyFindsADamagedPartBehindACachedPanel) {
  run_two();
  damage(first_part(world.lake));
  const Outcome out = good("runs", "verify", R"j({"run": "r1"})j");
  ASSERT_TRUE(out.finding);
  EXPECT_EQ(out.finding->number(), E::E3004);
  EXPECT_EQ(exit_code(out.finding->number()), 3);
  EXPECT_THAT(render(*out.finding), HasSubstr("note: tables/bars/"));
  EXPECT_THAT(render(*out.finding), HasSubstr("hash differs"));
  EXPECT_THAT(out.text, HasSubstr("not computed again"));
}

TEST_F(Runs, VerifyFindsASourceFileThatWasEdited) {
  run_two();
  damage(parts.folder + "/bars.csv");
  const Outcome out = good("runs", "verify", R"j({"run": "r1"})j");
  EXPECT_THAT(out.text, HasSubstr("bit-identical")) << "the lake holds what was imported";
  ASSERT_TRUE(out.finding);
  EXPECT_EQ(out.finding->number(), E::E3004);
  EXPECT_THAT(out.finding->note(), HasSubstr("bars.csv"));
}

TEST_F(Runs, VerifyOnlyMentionsASourceFileThatIsGone) {
  run_two();
  std::filesystem::remove(parts.folder + "/bars.csv");
  const Outcome out = good("runs", "verify", R"j({"run": "r1"})j");
  EXPECT_FALSE(out.finding);
  ASSERT_EQ(out.warnings.size(), 1U);
  EXPECT_THAT(out.warnings[0], HasSubstr("missing"));
}

TEST_F(Runs, WhyWalksFromANumberToItsFiles) {
  run_two();
  const Outcome out = good("", "why", R"j({"id": "r1.rank_ic.5d.mean"})j");
  EXPECT_THAT(out.text, StartsWith("r1.rank_ic.5d.mean = "));
  EXPECT_THAT(out.text, HasSubstr("+- factor "));
  EXPECT_THAT(out.text, HasSubstr("bars.csv"));
  EXPECT_THAT(out.text, HasSubstr("sha256 "));
  EXPECT_THAT(out.text, HasSubstr("Same inputs again: lode runs verify r1   (bit-identical expected)\n"));
  for (const char c : out.text) {
    EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << "ASCII only";
  }
  EXPECT_THAT(shape(out.data), StartsWith("{id,number:{path,value"));
  EXPECT_EQ(good("", "why", R"j({"id": "last.rank_ic.5d.mean"})j").data.at_path("id")->as_text(), "r2.rank_ic.5d.mean");
}

// The whole text, with the folder of the test and the version of the code by a word.
TEST_F(Runs, WhyIsThisText) {
  run_two();
  std::string text = good("", "why", R"j({"id": "r1.rank_ic.5d.mean"})j").text;
  for (const auto& [from, to] : {std::pair(parts.folder, std::string("FOLDER")), {code_version(), "CODE"}}) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
  EXPECT_EQ(text,
            "r1.rank_ic.5d.mean = -0.0241223 ratio (-0.06541 .. 0.01716), n 249\n"
            "  Mean over dates of the rank correlation of factor and forward return over h sessions.\n"
            "+- factor                         rank(-delta(close, 5))\n"
            "|  +- universe all                30 names, 2020-01-02 .. 2021-01-12\n"
            "|  +- close                       lake commit 2 (2026-01-05 12:00 UTC), 2 parts\n"
            "|  |  +- FOLDER/bars.csv  sha256 9bf8...  rows 7,800   set aside 0\n"
            "|  +- high                        lake commit 2 (2026-01-05 12:00 UTC), 2 parts\n"
            "|  +- low                         lake commit 2 (2026-01-05 12:00 UTC), 2 parts\n"
            "|  +- open                        lake commit 2 (2026-01-05 12:00 UTC), 2 parts\n"
            "|  +- volume                      lake commit 2 (2026-01-05 12:00 UTC), 2 parts\n"
            "+- run r1                        factor eval, CODE, lake commit 2 (2026-01-05 12:00 UTC), seed 7\n"
            "Same inputs again: lode runs verify r1   (bit-identical expected)\n");
}

TEST_F(Runs, WhyNamesTheNearestNumber) {
  run_two();
  EXPECT_THAT(mistake("", "why", R"j({"id": "r1.rank_ic.5d.maen"})j"), HasSubstr("rank_ic.5d.mean"));
  EXPECT_EQ(number_of(call("", "why", R"j({"id": "r99.rank_ic.5d.mean"})j")), E::E9);
  EXPECT_EQ(number_of(call("", "why", R"j({"id": "r1"})j")), E::E4);
  EXPECT_EQ(number_of(call("", "why", R"j({"id": ".x"})j")), E::E4);
}

TEST(NumberText, TellsValueUnitIntervalAndCount) {
  lake::StoredNumber number{"p", 0.0312, "ratio", 1239, 0.0101, 0.0523, "", ""};
  EXPECT_THAT(number_text(number), HasSubstr("0.0312"));
  EXPECT_THAT(number_text(number), HasSubstr("0.0101 .. 0.0523"));
  EXPECT_THAT(number_text(number), HasSubstr("n 1,239"));
  number.value = std::numeric_limits<double>::quiet_NaN();
  number.reason = "12 days, needs 60";
  EXPECT_EQ(number_text(number), "n/a (12 days, needs 60)");
  const Value json = number_json(number);
  EXPECT_EQ(to_json(*json.find("value")), "null");
  EXPECT_EQ(json.find("reason")->as_text(), "12 days, needs 60");
}

}  // namespace
}  // namespace lode::flow
