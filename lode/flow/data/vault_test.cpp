// lode data vault and every door that could lead into it.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "lode/flow/steps/research/research_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class VaultDoors : public testing::Research {
 protected:
  VaultDoors() { import_market(); }
  void set() { good("data", "vault", R"j({"from": "2020-11-02"})j"); }
  void open() { good("data", "vault", R"j({"open": true, "yes": true, "reason": "final test"})j"); }
  static std::string last(const Outcome& out) { return out.data.at_path("last")->as_text(); }
  std::int64_t looks() { return good("data", "vault", "{}").data.at_path("looks")->as_int(); }
};

TEST_F(VaultDoors, IsSetOnceAndSaysSo) {
  EXPECT_THAT(good("data", "vault", "{}").text, HasSubstr("no vault"));
  EXPECT_THAT(mistake("data", "vault", R"j({"from": "2020-01-02"})j"), HasSubstr("leaves nothing to research"));
  set();
  EXPECT_THAT(mistake("data", "vault", R"j({"from": "2020-12-01"})j"), HasSubstr("set once"));
  EXPECT_THAT(good("data", "vault", "{}").text, HasSubstr("closed: factors are judged up to the session before"));
  EXPECT_THAT(mistake("data", "vault", R"j({"from": "2020-12-01", "open": true})j"), HasSubstr("E0007"));
  EXPECT_THAT(mistake("data", "vault", R"j({"reason": "why not"})j"), HasSubstr("E0007"));
}

TEST_F(VaultDoors, EveryJudgementEndsBeforeIt) {
  const std::string whole = last(good("factor", "eval", R"j({"formula": "rank(volume)"})j"));
  EXPECT_GT(whole, "2020-11-02");
  set();
  const Outcome eval = good("factor", "eval", R"j({"formula": "rank(volume)"})j");
  EXPECT_EQ(last(eval), "2020-10-30");
  EXPECT_THAT(eval.text, HasSubstr("Ends before the vault (2020-11-02 on), closed."));
  EXPECT_EQ(last(good("factor", "report", R"j({"formula": "rank(volume)"})j")), "2020-10-30");
  EXPECT_EQ(last(good("factor", "eval", R"j({"formula": "rank(volume)", "as-of": "2021-01-15"})j")), "2020-10-30");
  for (const char* verb : {"rank", "compare"}) {
    EXPECT_THAT(good("factor", verb, R"j({"formula": ["rank(volume)", "rank(high/low)"]})j").text,
                HasSubstr("Ends before the vault"));
  }
  const std::string values = write(
      "values.csv", "date,symbol,value\n" + [] {
        std::string rows;
        for (const Date day : sessions()) {
          for (int name = 0; name < testing::kNames; ++name) {
            rows += fmt::format("{},S{:02},{}\n", to_string(day), name, (name * 7 + day.days) % 31);
          }
        }
        return rows;
      }());
  EXPECT_EQ(last(good("factor", "eval", R"j({"values": ")j" + values + R"j("})j")), "2020-10-30");
}

// The numbers are those of a lake that ends there: no label reaches into the vault.
TEST_F(VaultDoors, NothingOfItIsInTheNumbers) {
  const Outcome cut = good("factor", "eval", R"j({"formula": "rank(-ts_delta(close,3))", "to": "2020-10-30"})j");
  set();
  const Outcome kept = good("factor", "eval", R"j({"formula": "rank(-ts_delta(close,3))"})j");
  for (const auto& [family, numbers] : cut.data.at_path("numbers")->as_object()) {
    if (family != "honesty") {  // The second call is a second trial.
      EXPECT_EQ(to_json(*kept.data.at_path("numbers")->find(family)), to_json(numbers)) << family;
    }
  }
}

TEST_F(VaultDoors, ACandidateOfBeforeIsTheSameTrial) {
  good("factor", "eval", R"j({"formula": "rank(volume)"})j");
  set();
  EXPECT_EQ(good("factor", "eval", R"j({"formula": "rank(volume)"})j").data.at_path("trials")->as_int(), 1);
  EXPECT_EQ(good("data", "vault", "{}").data.at_path("trials_before")->as_int(), 1);
}

TEST_F(VaultDoors, WhileItIsClosedNoOptionReachesIn) {
  set();
  for (const char* verb : {"eval", "report", "check"}) {
    EXPECT_THAT(mistake("factor", verb, R"j({"formula": "rank(volume)", "to": "2020-11-02"})j"),
                HasSubstr("lies in the vault, which is closed"));
    EXPECT_THAT(mistake("factor", verb, R"j({"formula": "rank(volume)", "from": "2020-12-01"})j"),
                HasSubstr("lies in the vault, which is closed"));
  }
  for (const char* verb : {"rank", "compare"}) {
    EXPECT_THAT(mistake("factor", verb, R"j({"formula": ["rank(volume)", "rank(close)"], "to": "2021-01-04"})j"),
                HasSubstr("lies in the vault, which is closed"));
  }
  EXPECT_EQ(looks(), 0);
}

TEST_F(VaultDoors, OpeningAsksForConsentAndEveryLookIsCounted) {
  set();
  EXPECT_THAT(mistake("data", "vault", R"j({"open": true})j"), HasSubstr("E0006"));
  open();
  EXPECT_THAT(mistake("data", "vault", R"j({"open": true, "yes": true})j"), HasSubstr("opened on"));
  EXPECT_EQ(last(good("factor", "eval", R"j({"formula": "rank(volume)"})j")), "2020-10-30");
  EXPECT_EQ(looks(), 0);
  const Outcome look = good("factor", "eval", R"j({"formula": "rank(volume)", "to": "2021-01-04"})j");
  EXPECT_EQ(last(look), "2021-01-04");
  EXPECT_THAT(look.text, HasSubstr(": look 1."));
  EXPECT_EQ(looks(), 1);
  EXPECT_THAT(good("factor", "eval", R"j({"formula": "rank(volume)", "to": "2021-01-04"})j").text,
              HasSubstr(": look 2."));
  good("factor", "rank", R"j({"formula": ["rank(volume)", "rank(high/low)"], "to": "2021-01-04"})j");
  EXPECT_EQ(looks(), 4);
  const Outcome after = good("factor", "report", R"j({"formula": "rank(volume)"})j");
  EXPECT_THAT(after.text, HasSubstr("4 looks."));
  EXPECT_THAT(good("data", "vault", "{}").text, HasSubstr("final test"));
}

TEST_F(VaultDoors, AStoredAnswerOfBeforeIsNotToldAsIfNothingHadHappened) {
  set();
  EXPECT_THAT(good("factor", "eval", R"j({"formula": "rank(volume)"})j").text, HasSubstr("closed."));
  open();
  EXPECT_THAT(good("factor", "eval", R"j({"formula": "rank(volume)"})j").text, HasSubstr("opened"));
}

TEST_F(VaultDoors, ComputingAStoredRunAgainIsNoLook) {
  good("factor", "eval", R"j({"formula": "rank(volume)"})j");
  set();
  const Outcome verified = good("runs", "verify", R"j({"run": "r1"})j");
  EXPECT_THAT(verified.text, HasSubstr("bit-identical"));
  EXPECT_EQ(looks(), 0);
}

TEST_F(VaultDoors, DataOfItStaysReadable) {
  set();
  EXPECT_THAT(sql("SELECT count(*) FROM bars WHERE session >= '2020-11-02'"), Not(HasSubstr("0\n0")));
  EXPECT_EQ(looks(), 0);
}

}  // namespace
}  // namespace lode::flow
