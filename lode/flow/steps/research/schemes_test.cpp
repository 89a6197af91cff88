// Which classification the groups of an answer are of: chosen by one rule, asked for, named everywhere, and marked
// where it looks ahead.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/schemes.h"

#include <gmock/gmock.h>

#include "lode/flow/steps/research/research_testing.h"
#include "lode/io/lake/runs.h"

namespace lode::flow {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Schemes : public testing::Research {
 protected:
  Schemes() {
    IngestRequest bars;
    bars.paths = {write("bars.csv", bars_csv())};
    bars.table = "bars";
    bars.mic = "XNYS";
    must(ingest(world, bars));
  }

  // A file of groups: every name in one of `count`, by its number; with or without a first day.
  void groups(const std::string& name, int count, bool dated = true) {
    std::string text = dated ? "symbol,sector,valid_from\n" : "symbol,sector\n";
    for (int i = 0; i < testing::kNames; ++i) {
      text += fmt::format("S{:02},{}{}{}\n", i, name, i % count, dated ? ",2019-01-02" : "");
    }
    IngestRequest request;
    request.paths = {write(name + ".csv", text)};
    request.table = "groups";
    request.mic = "XNYS";
    must(ingest(world, request));
  }

  Outcome eval(const std::string& formula, const std::string& more = "") {
    return good("factor", "eval",
                R"j({"formula": ")j" + formula + R"j(", "horizons": "1,5", "min-names": 3)j" + more + "}");
  }
  std::string last_count(const std::string& more = "") {
    const std::string rows =
        good("factor", "compute", R"j({"formula": "group_count(close, sector)", "universe": "all")j" + more + "}")
            .payload;
    return rows.substr(rows.rfind(',') + 1);
  }
  static std::string text_at(const Outcome& out, const char* path) {
    const Value* value = out.data.at_path(path);
    return value != nullptr && value->is_text() ? value->as_text() : "none";
  }
};

TEST_F(Schemes, TheOneImportedLastIsReadAndAnotherCanBeAsked) {
  groups("sectors", 1);
  EXPECT_EQ(last_count(), "30\n");
  groups("new", 3);
  EXPECT_EQ(last_count(), "10\n");
  groups("a", 2);
  EXPECT_EQ(last_count(), "15\n");
  groups("z", 5);
  EXPECT_EQ(last_count(), "6\n");
  EXPECT_EQ(last_count(R"j(, "scheme": "new")j"), "10\n");
  EXPECT_EQ(last_count(R"j(, "scheme": "user:sectors")j"), "30\n");
  EXPECT_THAT(mistake("factor", "eval", R"j({"formula": "rank(close)", "group": "sector", "scheme": "y"})j"),
              HasSubstr("help: schemes that do, the last imported first: user:z, user:a, user:new, user:sectors"));
}

TEST_F(Schemes, AreNamedInTextJsonRequestAndLineage) {
  groups("old", 3);
  groups("new", 2);
  const Outcome out = eval("rank(indneutralize(returns, sector))");
  EXPECT_THAT(out.text, HasSubstr("Groups: sector of user:new, imported last of 2 (--scheme names another).\n"));
  EXPECT_EQ(text_at(out, "request.scheme"), "user:new");
  EXPECT_EQ(text_at(out, "groups.sector.scheme"), "user:new");
  EXPECT_EQ(out.data.at_path("groups.sector.schemes")->as_int(), 2);
  const Outcome why = good("", "why", R"j({"id": "last.rank_ic.5d.mean"})j");
  EXPECT_THAT(why.text, HasSubstr("scheme user:new"));
  EXPECT_THAT(why.text, HasSubstr("new.csv"));
  EXPECT_THAT(why.text, Not(HasSubstr("old.csv"))) << "a file nothing was read from";
  const Outcome other = eval("rank(indneutralize(returns, sector))", R"j(, "scheme": "old")j");
  EXPECT_THAT(other.text, HasSubstr("Groups: sector of user:old, asked of 2.\n"));
  EXPECT_NE(text_at(other, "run"), text_at(out, "run"));
  EXPECT_EQ(other.data.at_path("trials")->as_int(), 2) << "another classification is another try";
}

TEST_F(Schemes, AStoredRunIsFoundAndVerifiedAfterAnotherImport) {
  groups("one", 3);
  const Outcome first = eval("rank(indneutralize(returns, sector))");
  EXPECT_EQ(text_at(eval("rank(indneutralize(returns, sector))", R"j(, "scheme": "one")j"), "run"),
            text_at(first, "run"))
      << "asked or chosen, it is the same question";
  groups("two", 2);
  EXPECT_NE(text_at(eval("rank(indneutralize(returns, sector))"), "run"), text_at(first, "run"));
  EXPECT_EQ(good("runs", "verify", R"j({"run": "r1"})j").data.at_path("differ")->as_int(), 0);
}

TEST_F(Schemes, AskedWhereNothingReadsGroupsIsAMistake) {
  groups("one", 3);
  EXPECT_THAT(mistake("factor", "eval", R"j({"formula": "rank(close)", "scheme": "one"})j"), HasSubstr("E0007"));
  EXPECT_THAT(mistake("factor", "compute", R"j({"formula": "close", "universe": "all", "scheme": "one"})j"),
              HasSubstr("nothing here reads groups"));
}

TEST_F(Schemes, AreListedWithTheFields) {
  groups("old", 3, false);
  groups("new", 2);
  const Outcome out = good("factor", "fields", "{}");
  EXPECT_THAT(out.text, HasSubstr("sector: of user:new (30 names), imported last; --scheme also knows user:old "
                                  "(30 names, undated)"));
  const auto& rows = out.data.find("fields")->as_array();
  const auto sector =
      std::ranges::find_if(rows, [](const Value& row) { return row.find("field")->as_text() == "sector"; });
  ASSERT_NE(sector, rows.end());
  EXPECT_EQ(sector->at_path("schemes.1.scheme")->as_text(), "user:old");
  EXPECT_FALSE(sector->at_path("schemes.1.dated")->as_bool());
}

TEST_F(Schemes, WithoutDatesAreMarkedByEveryVerbThatReadsThem) {
  groups("list", 2, false);
  const std::string formula = "rank(indneutralize(returns, sector))";
  for (const Outcome& out : {eval(formula), eval("rank(close / delay(close, 5))", R"j(, "group": "sector")j")}) {
    EXPECT_THAT(out.text, HasSubstr("Look-ahead check: groups without dates look ahead.\n"));
    EXPECT_THAT(out.text, Not(HasSubstr("Look-ahead check: passed")));
    EXPECT_THAT(out.warnings, Contains(HasSubstr("warning[W2108]: sector of user:list has no dates")));
    std::vector<std::string> states;
    for (const Value& check : out.data.find("checks")->as_array()) {
      const std::string& id = check.find("id")->as_text();
      if (id == "look_ahead" || id == "group_dates") states.push_back(id + " " + check.find("state")->as_text());
    }
    EXPECT_THAT(states, ElementsAre("look_ahead warning", "group_dates warning"));
    EXPECT_FALSE(out.data.at_path("groups.sector.dated")->as_bool());
  }
  const Outcome check = good("factor", "check", R"j({"formula": ")j" + formula + R"j(", "min-names": 3})j");
  EXPECT_THAT(check.text, HasSubstr("Look-ahead check: groups without dates look ahead."));
  EXPECT_THAT(check.text, HasSubstr("undated: as known today"));
  const Outcome computed = good("factor", "compute", R"j({"formula": ")j" + formula + R"j(", "universe": "all"})j");
  EXPECT_THAT(computed.warnings, Contains(HasSubstr("W2108")));
  const std::string page = parts.folder + "/page.html";
  good("factor", "report", R"j({"formula": ")j" + formula + R"j(", "min-names": 3, "output": ")j" + page + "\"}");
  EXPECT_THAT(must(read_file(page)), HasSubstr("groups without dates look ahead"));
}

TEST_F(Schemes, WithDatesPassTheCheck) {
  groups("dated", 2);
  const Outcome out = eval("rank(indneutralize(returns, sector))");
  EXPECT_THAT(out.text, HasSubstr("Look-ahead check: passed."));
  EXPECT_THAT(out.warnings, Not(Contains(HasSubstr("W2108"))));
  EXPECT_THAT(out.text, HasSubstr("Groups: sector of user:dated.\n")) << "named even where there is no choice";
}

TEST(SchemesJson, IsOneNameOrOneALevel) {
  Subject subject;
  EXPECT_TRUE(schemes_json(subject).is_null());
  subject.schemes = {{"industry", "gics"}, {"sector", "gics"}};
  EXPECT_EQ(to_json(schemes_json(subject)), "\"gics\"");
  EXPECT_EQ(only_scheme(subject), "gics");
  subject.schemes["industry"] = "sic";
  EXPECT_EQ(schemes_json(subject).find("industry")->as_text(), "sic");
  EXPECT_EQ(only_scheme(subject), "");
}

}  // namespace
}  // namespace lode::flow
