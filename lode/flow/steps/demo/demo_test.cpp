// The demo from end to end on small markets: what it prints, what it leaves in the lake, and what it refuses.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/demo/findings.h"
#include "lode/flow/steps/research/research_testing.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Demo : public testing::Research {
 protected:
  static constexpr const char* kSmall = R"({"instruments": 60, "sessions": 300})";

  static std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }

  std::string report(const Outcome& outcome) { return outcome.data.find("report")->as_text(); }

  std::int64_t rows_in(const char* table) {
    const auto lake = must(open_lake(world, Wanted::kRead));
    return static_cast<std::int64_t>(must(must(lake->snapshot()).read(table, {})).rows());
  }
};

TEST_F(Demo, FindsSetsAsideAndTells) {
  const Outcome outcome = good("", "demo", kSmall);
  std::vector<std::string> lines;
  for (const std::string_view line : split(outcome.text, '\n')) {
    lines.emplace_back(line);
  }
  ASSERT_EQ(lines.size(), 16U) << outcome.text;
  EXPECT_THAT(lines[0], ::testing::MatchesRegex("Demo market  synthetic, seed 7: 60 names x 300 sessions, [0-9]+ "
                                                "delisted, [0-9]+ splits"));
  EXPECT_EQ(lines[1], "             2 signals and 2 decoys planted; 12 dirty rows planted, 12 set aside");
  EXPECT_EQ(lines[3], "             planted   rank IC 5 d, found     no-overlap    net of");
  EXPECT_EQ(lines[4], "                  IC   (95 % interval)                 t     10 bp   verdict");
  EXPECT_THAT(lines[5], StartsWith("  quality     +0.040   "));
  EXPECT_THAT(lines[6], StartsWith("  reversal    +0.020   "));
  EXPECT_THAT(lines[7], StartsWith("  noise        0.000   "));
  EXPECT_THAT(lines[8], StartsWith("  slow noise   0.000   "));
  EXPECT_THAT(lines[10], HasSubstr(" of 2 signals found, 0 of 2 decoys taken. "));
  EXPECT_EQ(lines[11], "4 trials, counted. Look-ahead check: passed.");
  EXPECT_THAT(lines[13], ::testing::MatchesRegex("Report  .*/runs/r1/report.html  \\([0-9]+ KB, opens offline\\)"));
  EXPECT_THAT(lines[14], StartsWith("Next    lode factor eval 'YOUR FORMULA'"));
  EXPECT_EQ(outcome.data.find("dirty_rows_set_aside")->as_int(), 12);
  EXPECT_FALSE(outcome.finding.has_value());  // Its own dirty rows are expected: exit 0.
}

TEST_F(Demo, LeavesEverythingInTheLake) {
  good("", "demo", kSmall);
  EXPECT_EQ(rows_in("quarantine"), 12);
  EXPECT_EQ(rows_in("instruments"), 60);
  EXPECT_GT(rows_in("actions"), 60);
  EXPECT_GT(rows_in("universe"), 20);
  EXPECT_GE(rows_in("groups"), 58);
  const auto lake = must(open_lake(world, Wanted::kRead));
  const lake::RunStore store(*lake);
  std::vector<std::string> names;
  for (const lake::NamedFactor& factor : must(store.factors())) {
    names.push_back(factor.name);
  }
  EXPECT_THAT(names, ElementsAre("noise", "quality", "reversal", "slow_noise"));
  EXPECT_EQ(must(store.list()).size(), 4U);
  EXPECT_EQ(must(store.get("r1")).flow, "factor report");
  EXPECT_EQ(must(store.trial_counts("all")).universe, 4);
  // Its names work where a user goes next.
  good("factor", "eval", R"({"formula": "slow_noise", "universe": "large", "horizons": [5]})");
}

TEST_F(Demo, MarksItsPageSynthetic) {
  const std::string page = read(report(good("", "demo", kSmall)));
  EXPECT_THAT(lower(page.substr(0, page.find("</head>"))), HasSubstr("synthetic"));
  EXPECT_LT(page.size(), 1'000'000U);
}

TEST_F(Demo, AgainGivesTheSameNumbersAndBytes) {
  const Outcome first = good("", "demo", kSmall);
  const std::string page = read(report(first));
  const std::int64_t commits = static_cast<std::int64_t>(must(must(open_lake(world, Wanted::kRead))->commits()).size());
  const Outcome second = good("", "demo", kSmall);
  EXPECT_EQ(first.text, second.text);
  EXPECT_EQ(to_json(first.data), to_json(second.data));
  EXPECT_EQ(page, read(report(second)));
  EXPECT_EQ(commits, static_cast<std::int64_t>(must(must(open_lake(world, Wanted::kRead))->commits()).size()));
}

TEST_F(Demo, RefusesALakeWithDataOfItsOwn) {
  import_market();
  const Result<Outcome> outcome = call("", "demo", kSmall);
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().number(), E::E11);
  EXPECT_THAT(std::string(outcome.error().message()), HasSubstr("holds data of its own"));
  EXPECT_THAT(std::string(outcome.error().hint()), HasSubstr("--lake"));
  EXPECT_EQ(rows_in("quarantine"), 0);
  EXPECT_FALSE(std::filesystem::exists(world.lake + "/demo"));
}

TEST_F(Demo, RefusesTheLakeOfAnotherSeed) {
  const Outcome first = good("", "demo", kSmall);
  const Result<Outcome> other = call("", "demo", R"({"instruments": 60, "sessions": 300, "seed": 8})");
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().number(), E::E11);
  EXPECT_THAT(std::string(other.error().hint()), HasSubstr("--seed 8 --lake demo8"));
  EXPECT_EQ(first.text, good("", "demo", kSmall).text);
}

TEST_F(Demo, RefusesASizeThatCannotBe) {
  for (const char* request : {R"({"instruments": 5})", R"({"sessions": 10})", R"({"sessions": 99999999999})"}) {
    const Result<Outcome> outcome = call("", "demo", request);
    ASSERT_FALSE(outcome.has_value()) << request;
    EXPECT_EQ(outcome.error().number(), E::E4) << request;
  }
  EXPECT_FALSE(std::filesystem::exists(world.lake));  // Not even an empty lake is left behind.
}

TEST_F(Demo, StopsWhenAsked) {
  world.progress = [](std::string_view phase, std::int64_t, std::int64_t) { return phase != "evaluating"; };
  const Result<Outcome> outcome = call("", "demo", kSmall);
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().number(), E::E10);
  world.progress = {};
  good("", "demo", kSmall);
}

// The table of the design, figure by figure: the layout is a promise.
Finding finding(const char* name, double planted, double ic, double lower, double upper, double t, double net,
                double naive = 0.0) {
  Finding out;
  out.signal.name = name;
  out.signal.rank_ic = planted;
  out.trials = 4;
  out.judged.look_ahead = "passed";
  evaluate::HorizonResult headline;
  headline.horizon = 5;
  headline.rank_ic.mean = {ic, lower, upper, 1254, ""};
  headline.rank_ic.t_no_overlap = t;
  headline.rank_ic.t_naive = naive;
  headline.dates = 1254;
  headline.cells = 1254 * 480;
  headline.spread.gross_annual = {net + 0.02, net + 0.01, net + 0.03, 1254, ""};
  headline.spread.net_annual = {net, net - 0.01, net + 0.01, 1254, ""};
  evaluate::TearSheet& sheet = out.judged.sheet;
  sheet.horizons.push_back(std::move(headline));
  sheet.options.trials = out.trials;
  sheet.rank_autocorrelation = {0.5};
  sheet.placebo_lower = -0.004;
  sheet.placebo_upper = 0.004;
  sheet.coverage.ratio = 0.99;
  evaluate::decide(sheet);
  return out;
}

TEST(Findings, ArePrintedAsDesigned) {
  const std::vector<Finding> findings = {finding("quality", 0.040, 0.038, 0.031, 0.045, 10.9, 0.096),
                                         finding("reversal", 0.020, 0.023, 0.016, 0.030, 6.6, -0.041),
                                         finding("noise", 0.0, 0.002, -0.005, 0.009, 0.6, -0.112, 0.7),
                                         finding("slow noise", 0.0, 0.007, -0.003, 0.017, 1.4, -0.013, 4.1)};
  std::string rows;
  for (const Finding& one : findings) {
    rows += findings_row(one);
  }
  EXPECT_EQ(rows,
            "  quality     +0.040   +0.038 (.031 .. .045)       +10.9   +9.6 %/yr   found\n"
            "  reversal    +0.020   +0.023 (.016 .. .030)        +6.6   -4.1 %/yr   costs eat it\n"
            "  noise        0.000   +0.002 (-.005 .. .009)       +0.6  -11.2 %/yr   nothing\n"
            "  slow noise   0.000   +0.007 (-.003 .. .017)       +1.4   -1.3 %/yr   nothing\n");
  EXPECT_EQ(findings_foot(findings),
            "\n2 of 2 signals found, 0 of 2 decoys taken. A naive t calls slow noise +4.1.\n"
            "4 trials, counted. Look-ahead check: passed.\n");
}

TEST(Findings, ALuckyDecoyIsExplainedAndAWorseOneIsTakenWhateverItsSign) {
  std::vector<Finding> findings = {finding("quality", 0.040, 0.038, 0.031, 0.045, 10.9, 0.096),
                                   finding("noise", 0.0, -0.002, -0.005, 0.001, -2.04, -0.112, -2.2)};
  // Two-sided 1 % over 4 tries: the normal's 0.125 % point.
  EXPECT_EQ(findings_foot(findings),
            "\n1 of 1 signals found, 0 of 1 decoys taken. A naive t calls noise -2.2.\n"
            "With 4 tries a find needs a t of 3.0: -2.0 of noise is luck.\n"
            "4 trials, counted. Look-ahead check: passed.\n");
  const auto with_t = [](Finding& one, double t) {
    one.judged.sheet.horizons[0].rank_ic.t_no_overlap = t;
    evaluate::Estimate& mean = one.judged.sheet.horizons[0].rank_ic.mean;
    mean.value = t > 0.0 ? 0.02 : -0.02;
    mean.lower = mean.value - 0.01;
    mean.upper = mean.value + 0.01;
    evaluate::decide(one.judged.sheet);
  };
  with_t(findings[1], -3.4);
  EXPECT_THAT(findings_foot(findings), HasSubstr("1 of 1 decoys taken."));
  with_t(findings[0], -9.0);
  EXPECT_EQ(findings[0].verdict(), "sign turned");
  EXPECT_THAT(findings_foot(findings), HasSubstr("0 of 1 signals found")) << "the other sign was planted";
}

// One rule: the word of the table is the page's, checks and all.
TEST(Findings, SayWhatThePageSays) {
  Finding high = finding("quality", 0.04, 0.3, 0.25, 0.35, 10.9, 0.096);
  EXPECT_EQ(high.judged.sheet.verdict, evaluate::Verdict::kCannotTell) << "an IC of 0.3 is too good";
  EXPECT_EQ(high.verdict(), "cannot tell");
  EXPECT_FALSE(high.is_found());
  EXPECT_EQ(finding("noise", 0.0, 0.002, -0.05, 0.054, 0.1, -0.1).verdict(), "cannot tell") << "too wide for nothing";
}

TEST_F(Demo, ATableAndAPageAgree) {
  const Outcome outcome = good("", "demo", kSmall);
  for (const Value& row : outcome.data.find("factors")->as_array()) {
    std::string name = row.find("name")->as_text();
    std::ranges::replace(name, ' ', '_');
    const Outcome page = good("factor", "eval", R"({"formula": ")" + name + R"(", "group": "sector", "again": true})");
    const std::string word = page.data.find("verdict")->as_text();
    const std::string mapped = word == "none" ? "nothing" : word == "strong" || word == "weak" ? "found" : word;
    EXPECT_EQ(row.find("verdict")->as_text(), mapped) << name;
  }
}

TEST(Findings, BelongToTheirMarket) {
  synth::Market market;
  market.options.seed = 7;
  market.sessions.resize(1260);
  market.listings.resize(500);
  for (std::size_t i = 0; i < 31; ++i) {
    market.listings[i].delisted = true;
  }
  for (int i = 0; i < 19; ++i) {
    market.actions.push_back({i, {.kind = ActionKind::kSplit, .ratio = 2.0}});
  }
  market.signals = {{"a", "", "", 0.04}, {"b", "", "", 0.02}, {"c", "", "", 0.0}, {"d", "", "", 0.0}};
  market.dirty.resize(12);
  EXPECT_EQ(findings_head(market, 12, 10.0),
            "Demo market  synthetic, seed 7: 500 names x 1,260 sessions, 31 delisted, 19 splits\n"
            "             2 signals and 2 decoys planted; 12 dirty rows planted, 12 set aside\n"
            "\n"
            "             planted   rank IC 5 d, found     no-overlap    net of\n"
            "                  IC   (95 % interval)                 t     10 bp   verdict\n");
}

TEST(Findings, SayWhatCannotBeTold) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  Finding short_one = finding("quality", 0.04, none, none, none, none, none, none);
  short_one.judged.sheet.horizons[0].rank_ic.mean.reason = "54 days, needs 60";
  EXPECT_EQ(findings_row(short_one),
            "  quality     +0.040   - (54 days, needs 60)           -           -   cannot tell\n");
  EXPECT_THAT(findings_foot(std::vector{short_one}),
              HasSubstr("0 of 1 signals found, 0 of 0 decoys taken. No naive t "));
  EXPECT_THAT(to_json(finding_json(short_one)), Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace lode::flow
