// Runs, numbers, trials and named factors.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/runs.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "lode/io/lake/testing.h"

namespace lode::lake {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

class Runs : public testing::LakeTest {
 protected:
  Runs() : lake(open()), store(*lake) {}

  lake::Run make(const std::string& formula, CommitId commit = 0) {
    lake::Run run;
    run.flow = "factor eval";
    run.request.set("formula", Value(formula));
    run.code_version = "lode@test";
    run.input_commit = commit;
    run.seed = 7;
    run.hash = run_hash(run.flow, run.request, run.code_version, run.input_commit, run.seed);
    run.status = "done";
    run.outcome.set("verdict", Value("none"));
    run.host = "here";
    run.finished = clock.now();
    return run;
  }

  Trial trial(const std::string& formula, const std::string& universe, int horizon) {
    Trial made;
    made.formula = formula;
    made.universe = universe;
    made.from = Date::from_civil(2020, 1, 2);
    made.to = Date::from_civil(2020, 12, 31);
    made.horizon = horizon;
    made.statistic = 0.02;
    made.origin = "typed";
    return made;
  }

  std::unique_ptr<Lake> lake;
  RunStore store;
};

TEST_F(Runs, AreNumberedInOrderAndFoundByAliasHashPrefixAndLast) {
  const lake::Run first = *store.record(make("a"), {}, {});
  const lake::Run second = *store.record(make("b"), {}, {});
  EXPECT_EQ(first.alias, "r1");
  EXPECT_EQ(second.alias, "r2");
  EXPECT_EQ(store.get("r1")->hash, first.hash);
  EXPECT_EQ(store.get("last")->alias, "r2");
  EXPECT_EQ(store.get(first.hash.substr(0, 8))->alias, "r1");
  EXPECT_EQ(store.list(1)->size(), 1U);
  EXPECT_EQ(store.list()->front().alias, "r2");
}

TEST_F(Runs, OfEqualContentKeepTheirAliasAndReplaceTheirNumbers) {
  StoredNumber number{"rank_ic.5d.mean", 0.01, "ratio", 10, kMissing, kMissing, "d", ""};
  ASSERT_TRUE(store.record(make("a"), {number}, {}));
  number.value = 0.02;
  const lake::Run again = *store.record(make("a"), {number}, {});
  EXPECT_EQ(again.alias, "r1");
  EXPECT_EQ(store.list()->size(), 1U);
  EXPECT_EQ(store.number("r1", "rank_ic.5d.mean")->value, 0.02);
}

TEST_F(Runs, DifferInHashByRequestCodeCommitAndSeed) {
  const lake::Run base = make("a");
  EXPECT_NE(base.hash, make("b").hash);
  EXPECT_NE(base.hash, make("a", 3).hash);
  EXPECT_NE(base.hash, run_hash(base.flow, base.request, "lode@other", 0, 7));
  EXPECT_NE(base.hash, run_hash(base.flow, base.request, base.code_version, 0, 8));
  EXPECT_EQ(base.hash, make("a").hash);
}

TEST_F(Runs, GiveNumbersBackBitForBitInOrderWithMissingOnesMissing) {
  const std::vector<StoredNumber> numbers = {
      {"b", 0.1 + 0.2, "ratio", 5, -1.0 / 3.0, kMissing, "the first", ""},
      {"a", kMissing, "", 0, kMissing, kMissing, "the second", "12 days, needs 60"},
  };
  ASSERT_TRUE(store.record(make("a"), numbers, {}));
  const std::vector<StoredNumber> back = *store.numbers("r1");
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(back[0].path, "b");
  EXPECT_EQ(back[0].value, 0.1 + 0.2);
  EXPECT_EQ(back[0].lower, -1.0 / 3.0);
  EXPECT_NE(back[0].upper, back[0].upper);
  EXPECT_NE(back[1].value, back[1].value);
  EXPECT_EQ(back[1].reason, "12 days, needs 60");
}

TEST_F(Runs, ThatDoNotExistAreNamedWithTheNearest) {
  const auto none = store.get("r1");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().number(), E::E9);
  EXPECT_THAT(none.error().message(), ::testing::HasSubstr("no run yet"));
  ASSERT_TRUE(store.record(make("a"), {{"rank_ic.5d.mean", 1.0, "", 1, kMissing, kMissing, "", ""}}, {}));
  const auto path = store.number("r1", "rank_ic.5d.maen");
  ASSERT_FALSE(path);
  EXPECT_THAT(path.error().hint(), ::testing::HasSubstr("rank_ic.5d.mean"));
}

TEST_F(Runs, CountASpanOnlyWhereItWasAsked) {
  Trial open_ended = trial("a", "all", 5);
  open_ended.from.reset();
  open_ended.to.reset();
  Trial since = open_ended;
  since.from = Date::from_civil(2020, 6, 1);
  Trial until = open_ended;
  until.to = Date::from_civil(2020, 6, 1);
  EXPECT_EQ(store.trial_counts_with(open_ended)->universe, 1);
  ASSERT_TRUE(store.record(make("a"), {}, {open_ended}));
  ASSERT_TRUE(store.record(make("a", 7), {}, {open_ended}));  // New data, the same question: no new trial.
  EXPECT_EQ(store.trial_counts_with(open_ended)->universe, 1);
  EXPECT_EQ(store.trial_counts_with(since)->universe, 2);
  ASSERT_TRUE(store.record(make("b"), {}, {since, until}));
  EXPECT_EQ(store.trial_counts("all")->universe, 3);
  Trial prepared = open_ended;
  prepared.preparation = "winsorize";
  EXPECT_EQ(store.trial_counts_with(prepared)->universe, 4);
  prepared.universe = "liquid";
  EXPECT_EQ(store.trial_counts_with(prepared)->universe, 1);
  EXPECT_EQ(store.trial_counts_with(prepared)->lake, 4);
  const std::vector<StoredTrial> trials = *store.trials();
  ASSERT_EQ(trials.size(), 3U);
  EXPECT_EQ(std::ranges::count_if(trials, [](const auto& one) { return !one.trial.from; }), 2);
  EXPECT_EQ(std::ranges::count_if(trials, [](const auto& one) { return one.trial.to.has_value(); }), 1);
  EXPECT_EQ(std::ranges::count_if(trials, [](const auto& one) { return one.times == 2; }), 1);
}

TEST_F(Runs, CountTrialsByFormulaAndUniverseWhateverTheHorizon) {
  EXPECT_EQ(store.trial_counts("all")->lake, 0);
  ASSERT_TRUE(store.record(make("a"), {}, {trial("a", "all", 1), trial("a", "all", 5)}));
  ASSERT_TRUE(store.record(make("b"), {}, {trial("b", "all", 5), trial("b", "liquid", 5)}));
  ASSERT_TRUE(store.record(make("a"), {}, {trial("a", "all", 5)}));  // Asked again: no new trial.
  EXPECT_EQ(store.trial_counts("all")->universe, 2);
  EXPECT_EQ(store.trial_counts("liquid")->universe, 1);
  EXPECT_EQ(store.trial_counts("liquid")->lake, 3);
  const std::vector<StoredTrial> trials = *store.trials();
  ASSERT_EQ(trials.size(), 4U);
  EXPECT_EQ(trials[1].trial.horizon, 5);
  EXPECT_EQ(trials[1].times, 2);
  EXPECT_EQ(trials[1].first_run, "r1");
}

TEST_F(Runs, AreAmbiguousByAPrefixThatTwoShareAndNeverByAShortOne) {
  lake::Run first = make("a");
  lake::Run second = make("b");
  first.hash = "abcdef00" + first.hash.substr(8);
  second.hash = "abcdef11" + second.hash.substr(8);
  ASSERT_TRUE(store.record(first, {}, {}));
  ASSERT_TRUE(store.record(second, {}, {}));
  EXPECT_EQ(store.get("abcdef1")->alias, "r2");
  const auto both = store.get("abcdef");
  ASSERT_FALSE(both);
  EXPECT_THAT(both.error().message(), ::testing::HasSubstr("2 runs"));
  for (const char* wrong : {"abcde", "r3", "r0", "r", "", "*", "abcdef*", "LAST", "r1 OR 1=1"}) {
    const auto none = store.get(wrong);
    ASSERT_FALSE(none) << wrong;
    EXPECT_EQ(none.error().number(), E::E9) << wrong;
  }
}

TEST_F(Runs, TellTheNewestOfEachFormulaAndProfile) {
  const auto judged = [&](const char* formula, const char* profile, const char* flow, int commit) {
    lake::Run run = make(formula, commit);
    run.flow = flow;
    run.request.set("profile", Value(profile));
    run.hash = run_hash(run.flow, run.request, run.code_version, commit, 7);
    return *store.record(run, {}, {});
  };
  judged("rank(close)", "lode", "factor eval", 1);
  judged("rank(close)", "lode", "factor report", 2);
  judged("rank(close)", "paper", "factor eval", 1);
  judged("rank(open)", "lode", "backtest run", 1);
  ASSERT_TRUE(store.record(make("no profile"), {}, {}));
  const std::vector<RunNews> news = *store.newest_of_formulas();
  ASSERT_EQ(news.size(), 2U);
  EXPECT_EQ(news[0].alias, "r3");
  EXPECT_EQ(news[0].profile, "paper");
  EXPECT_EQ(news[1].alias, "r2");
  EXPECT_EQ(news[1].formula, "rank(close)");
  EXPECT_EQ(news[1].finished, clock.now());
}

TEST_F(Runs, SurviveReopening) {
  ASSERT_TRUE(store.record(make("a"), {{"x", 1.5, "", 1, kMissing, kMissing, "", ""}}, {trial("a", "all", 1)}));
  lake.reset();
  const auto again = open(Access::kRead);
  const RunStore other(*again);
  EXPECT_EQ(other.number("r1", "x")->value, 1.5);
  EXPECT_EQ(other.trial_counts("all")->lake, 1);
}

TEST_F(Runs, GetAFolderOfTheirOwn) {
  const lake::Run run = *store.record(make("a"), {}, {});
  const std::string path = *store.folder(run);
  EXPECT_TRUE(std::filesystem::is_directory(path));
  EXPECT_THAT(path, ::testing::EndsWith("runs/r1"));
}

TEST_F(Runs, FactorsKeepTheirNameUnlessReplacedOnPurpose) {
  const NamedFactor factor{"quality/accruals", "rank(close)", "lode", "", "h1", clock.now()};
  ASSERT_TRUE(store.add_factor(factor, false));
  EXPECT_TRUE(store.add_factor(factor, false)) << "the same formula again is no conflict";
  NamedFactor other = factor;
  other.formula = "rank(open)";
  other.hash = "h2";
  const auto refused = store.add_factor(other, false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().number(), E::E11);
  EXPECT_EQ(store.factor("quality/accruals")->formula, "rank(close)");
  ASSERT_TRUE(store.add_factor(other, true));
  EXPECT_EQ(store.factor("quality/accruals")->formula, "rank(open)");
  const auto missing = store.factor("quality/acruals");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().hint(), ::testing::HasSubstr("quality/accruals"));
}

}  // namespace
}  // namespace lode::lake
