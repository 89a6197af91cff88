// What a number was made from: the branches it rests on, the files of its sessions, the commit and its time, the costs.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>

#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/research_testing.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> names_below(const Value& node) {
  std::vector<std::string> names;
  for (const Value& child : node.find("children")->as_array()) {
    names.push_back(file_name(child.find("name")->as_text()));
  }
  return names;
}

const Value* child_of(const Value& node, std::string_view name) {
  for (const Value& child : node.find("children")->as_array()) {
    if (child.find("name")->as_text() == name) return &child;
  }
  return nullptr;
}

// The market's bars in a file a quarter, so that a span has files outside.
class Lineage : public testing::Research {
 protected:
  void import_quarters() {
    std::map<std::string, std::string> files;
    const std::string all = bars_csv();
    for (const std::string_view line : split(all, '\n')) {
      if (line.empty() || line.starts_with("date")) continue;
      std::string& text = files[std::string(line.substr(0, 4)) + "q" + quarter_of(line.substr(5, 2))];
      text += text.empty() ? "date,symbol,open,high,low,close,volume\n" : "";
      text += std::string(line) + "\n";
    }
    IngestRequest bars;
    for (const auto& [name, text] : files) {
      bars.paths.push_back(write(name + ".csv", text));
    }
    bars.table = "bars";
    bars.mic = "XNYS";
    must(ingest(world, bars));
    IngestRequest actions;
    actions.paths = {write("early.csv", "ex_date,symbol,kind,ratio\n2020-03-02,S01,split,2\n"),
                     write("late.csv", "ex_date,symbol,kind,ratio\n2020-11-02,S02,split,2\n")};
    actions.table = "actions";
    actions.mic = "XNYS";
    must(ingest(world, actions));
    IngestRequest groups;
    groups.paths = {write("groups.csv", groups_csv())};
    groups.table = "groups";
    groups.mic = "XNYS";
    must(ingest(world, groups));
  }

  static std::string quarter_of(std::string_view month) {
    std::int64_t number = 0;
    EXPECT_TRUE(parse_int(month, number));
    return std::to_string((number + 2) / 3);
  }

  Outcome why(const std::string& id) { return good("", "why", R"j({"id": ")j" + id + R"j("})j"); }
  void eval(const std::string& more, const std::string& formula = "rank(close)") {
    good("factor", "eval", R"j({"formula": ")j" + formula + R"j(", "horizons": "1,5", "min-names": 3)j" + more + "}");
  }
};

TEST_F(Lineage, ListsOnlyTheFilesOfTheSessionsUsed) {
  import_quarters();
  eval("");
  const Outcome whole = why("last.rank_ic.5d.mean");
  EXPECT_THAT(
      names_below(*child_of(*whole.data.find("lineage"), "close")),
      ElementsAre("2020q1.csv", "2020q2.csv", "2020q3.csv", "2020q4.csv", "2021q1.csv", "early.csv", "late.csv"));
  eval(R"j(, "from": "2020-05-15", "to": "2020-09-15")j");
  const Outcome inside = why("last.rank_ic.5d.mean");
  EXPECT_THAT(names_below(*child_of(*inside.data.find("lineage"), "close")), ElementsAre("2020q2.csv", "2020q3.csv"))
      << "an action before the first session used moves none of its prices, nor does one after the last";
  EXPECT_THAT(inside.text, Not(HasSubstr("2020q1.csv")));
  EXPECT_THAT(inside.text, HasSubstr("2020-05-15 .. 2020-09-15"));
}

TEST_F(Lineage, WarmUpIsUsedToo) {
  import_quarters();
  eval(R"j(, "from": "2020-04-20", "to": "2020-06-30")j", "rank(ts_mean(close,40)/close)");
  EXPECT_THAT(names_below(*child_of(*why("last.rank_ic.5d.mean").data.find("lineage"), "close")),
              ElementsAre("2020q1.csv", "2020q2.csv", "early.csv"));
  eval(R"j(, "from": "2020-07-20", "to": "2020-12-30")j", "rank(ema(close,2)/close)");
  EXPECT_THAT(names_below(*child_of(*why("last.rank_ic.5d.mean").data.find("lineage"), "close")),
              Contains("2020q1.csv"))
      << "an average that never forgets rests on the first bar";
}

TEST_F(Lineage, ACorrectionThatWasNotKnownYetIsNotListed) {
  import_quarters();
  std::string corrected = "date,symbol,open,high,low,close,volume\n";
  const std::string all = bars_csv();
  for (const std::string_view line : split(all, '\n')) {
    if (line.starts_with("2020-08-")) corrected += std::string(line) + "7\n";  // Another volume, ten times as large.
  }
  IngestRequest bars;
  bars.paths = {write("corrected.csv", corrected)};
  bars.table = "bars";
  bars.mic = "XNYS";
  must(ingest(world, bars));
  eval("");
  EXPECT_THAT(names_below(*child_of(*why("last.rank_ic.5d.mean").data.find("lineage"), "close")),
              Contains("corrected.csv"));
  eval(R"j(, "as-of": "2021-02-01")j");
  const Value lineage = *why("last.rank_ic.5d.mean").data.find("lineage");
  EXPECT_THAT(names_below(*child_of(lineage, "close")), Not(Contains("corrected.csv")));
  EXPECT_THAT(names_below(*child_of(lineage, "close")), Contains("2020q3.csv"));
  EXPECT_EQ(child_of(lineage, "close")->find("parts")->as_array().size(), 2U)
      << "the correction's part is none of them";
}

TEST_F(Lineage, FieldsTellTheCommitAndItsTime) {
  import_quarters();
  eval("");
  const Outcome told = why("last.rank_ic.5d.mean");
  const Value* close = child_of(*told.data.find("lineage"), "close");
  const lake::CommitInfo newest = must(must(open_lake(world, Wanted::kRead))->commits()).back();
  const std::string time = to_string(newest.time);
  EXPECT_EQ(close->find("commit")->as_int(), newest.id);
  EXPECT_EQ(close->find("commit_time")->as_text(), time);
  const std::string words =
      fmt::format("lake commit {} ({} {} UTC)", newest.id, time.substr(0, 10), time.substr(11, 5));
  EXPECT_THAT(close->find("detail")->as_text(), StartsWith(words + ", 2 parts, 2 actions applied"));
  for (const char* field : {"close", "open", "high", "low", "volume"}) {
    EXPECT_THAT(child_of(*told.data.find("lineage"), field)->find("detail")->as_text(), StartsWith(words)) << field;
  }
  EXPECT_THAT(told.text, HasSubstr(words + ", seed 7")) << "the line of the run";
}

TEST_F(Lineage, ANumberAfterCostsTellsThemAndOthersDoNot) {
  import_quarters();
  eval(R"j(, "cost-bps": 15)j");
  const Outcome net = why("last.spread.5d.net_annual");
  const Value* costs = child_of(*net.data.find("lineage"), "costs");
  ASSERT_NE(costs, nullptr);
  EXPECT_EQ(costs->find("cost_bps")->as_double(), 15.0);
  EXPECT_EQ(costs->find("origin")->as_text(), "--cost-bps");
  EXPECT_EQ(costs->find("detail")->as_text(), "15 bp a side on all that is bought and sold, both legs (--cost-bps)");
  EXPECT_THAT(names_below(*costs), ElementsAre("commission, spread, slippage", "borrow, market impact", "turnover.5d"))
      << "of its own horizon only";
  const Value* charged = child_of(*costs, "turnover.5d");
  const auto stored = [&](const std::string& path) {
    return why("last." + path).data.at_path("number.value")->as_double();
  };
  EXPECT_EQ(charged->find("turnover")->as_double(), stored("turnover.5d"));
  EXPECT_EQ(charged->find("gross_annual")->as_double(), stored("spread.5d.gross_annual"));
  EXPECT_EQ(charged->find("net_annual")->as_double(), stored("spread.5d.net_annual"));
  EXPECT_THAT(net.text, HasSubstr("costs take "));
  EXPECT_THAT(names_below(*child_of(*why("last.path.net").data.find("lineage"), "costs")), Contains("turnover.5d"))
      << "the headline's";
  for (const char* path : {"spread.5d.gross_annual", "rank_ic.5d.mean", "turnover.5d", "path.gross"}) {
    EXPECT_EQ(child_of(*why(std::string("last.") + path).data.find("lineage"), "costs"), nullptr) << path;
  }
}

TEST_F(Lineage, CostsTellTheSettingTheyCameFrom) {
  import_quarters();
  eval("");
  EXPECT_THAT(why("last.spread.1d.net_annual").text, HasSubstr("10 bp a side on all that is bought and sold, both legs "
                                                               "(built-in)"));
}

TEST_F(Lineage, GroupsStandUnderNumbersByGroup) {
  import_quarters();
  eval(R"j(, "group": "sector")j");
  EXPECT_EQ(child_of(*why("last.rank_ic.5d.mean").data.find("lineage"), "sector"), nullptr);
  const Value lineage = *why("last.group_neutral.mean").data.find("lineage");
  EXPECT_THAT(names_below(*child_of(lineage, "sector")), ElementsAre("groups.csv"));
  eval(R"j(, "group": "sector")j", "group_rank(close, sector)");
  EXPECT_NE(child_of(*why("last.rank_ic.5d.mean").data.find("lineage"), "sector"), nullptr) << "the formula reads it";
}

TEST(LineageOf, ATreeOfBeforeStaysAsItIs) {
  const Value old = must(parse_json(R"j({"name": "factor", "detail": "f", "children": [
      {"name": "sector", "detail": "", "children": []}, {"name": "close", "detail": "", "children": []}]})j"));
  EXPECT_EQ(lineage_of(old, "rank_ic.5d.mean"), old);
}

TEST(CommitText, NamesTheMinute) {
  EXPECT_EQ(commit_text(37, must(parse_as_of("2026-11-20T21:04:33Z"))), "lake commit 37 (2026-11-20 21:04 UTC)");
  EXPECT_EQ(commit_text(3, std::nullopt), "lake commit 3");
}

}  // namespace
}  // namespace lode::flow
