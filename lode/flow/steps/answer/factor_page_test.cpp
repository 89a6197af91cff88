// The page about a factor: its names, its command, its stamps and its lineage; and the user's own numbers behind one.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/factor_page.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <limits>

#include "lode/base/text.h"
#include "lode/flow/steps/research/research_testing.h"
#include "lode/flow/steps/research/stored_factors.h"
#include "lode/flow/steps/research/values_file.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

std::shared_ptr<const Axis> axis_of(std::vector<std::string> symbols, int rows) {
  auto axis = std::make_shared<Axis>();
  for (int row = 0; row < rows; ++row) {
    axis->sessions.push_back(Date::from_civil(2020, 1, 2) + row);
    axis->times.push_back(end_of_day(axis->sessions.back()));
  }
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    axis->instruments.push_back(InstrumentId{i + 1});
  }
  axis->symbols = std::move(symbols);
  return axis;
}

Panel last_row(const std::shared_ptr<const Axis>& axis, const std::vector<double>& values) {
  Panel panel(axis, Precision::kFloat64);
  std::copy(values.begin(), values.end(), panel.mutable_row64(axis->rows() - 1).begin());
  return panel;
}

TEST(Extremes, AreTheEndsOfTheLastRowFromTheOutsideIn) {
  const auto axis = axis_of({"A", "B", "C", "D", "E"}, 2);
  const Extremes ends = extremes(last_row(axis, {3, 1, 5, 4, 2}), axis->symbols, 2, 1);
  EXPECT_THAT(ends.highest, ElementsAre(Pair("C", "5"), Pair("D", "4")));
  EXPECT_THAT(ends.lowest, ElementsAre(Pair("B", "1"), Pair("E", "2")));
}

// Data that runs on for a few names past the dates that count ends there in a handful of names, not in an example.
TEST(Extremes, StandOnTheLastRowWithNamesEnough) {
  const auto axis = axis_of({"A", "B", "C", "D", "E"}, 2);
  Panel panel = last_row(axis, {kMissing, kMissing, 7, kMissing, 8});
  const std::vector<double> before{3, 1, 5, 4, 2};
  std::copy(before.begin(), before.end(), panel.mutable_row64(0).begin());
  const Extremes ends = extremes(panel, axis->symbols, 1, 3);
  EXPECT_EQ(ends.date, to_string(axis->sessions[0]));
  EXPECT_THAT(ends.highest, ElementsAre(Pair("C", "5")));
  EXPECT_EQ(extremes(panel, axis->symbols, 1, 2).date, to_string(axis->sessions[1]));
  EXPECT_EQ(extremes(panel, axis->symbols, 1, 6).date, "");
}

TEST(Extremes, LeaveOutWhatIsMissingOrInfiniteAndNeverShowANameTwice) {
  const auto axis = axis_of({"A", "B", "C", "D", "E"}, 1);
  const double infinity = std::numeric_limits<double>::infinity();
  const Extremes ends = extremes(last_row(axis, {kMissing, infinity, 2, 0.123456, 1}), axis->symbols, 10, 1);
  EXPECT_THAT(ends.highest, ElementsAre(Pair("C", "2")));
  EXPECT_THAT(ends.lowest, ElementsAre(Pair("D", "0.1235")));
}

TEST(Extremes, OfEqualValuesComeBySymbolAndAnEmptyLastRowIsPassedOver) {
  const auto axis = axis_of({"B", "A", "D", "C"}, 2);
  Panel panel(axis, Precision::kFloat32);
  for (std::size_t column = 0; column < 4; ++column) {
    panel.mutable_row32(0)[column] = 1.0F;
  }
  const Extremes ends = extremes(panel, axis->symbols, 10, 1);
  EXPECT_THAT(ends.highest, ElementsAre(Pair("A", "1"), Pair("B", "1")));
  EXPECT_THAT(ends.lowest, ElementsAre(Pair("D", "1"), Pair("C", "1")));
  EXPECT_TRUE(extremes(Panel(axis, Precision::kFloat64), axis->symbols, 10, 1).highest.empty());
}

class FactorPage : public testing::Research {
 protected:
  static ResearchRequest request_for(const std::string& json) {
    return must(read_research(
        Request(must(complete_request(find_flow("factor", "eval")->spec, must(parse_json(json)), Config())).values())));
  }
  // Words of a command line as a shell splits them; quotes taken off.
  static std::vector<std::string> words(const std::string& command) {
    std::vector<std::string> out(1);
    bool quoted = false;
    for (const char c : command) {
      if (c == '\'') {
        quoted = !quoted;
      } else if (c == ' ' && !quoted) {
        out.emplace_back();
      } else {
        out.back() += c;
      }
    }
    return out;
  }
};

TEST_F(FactorPage, ItsCommandGivesTheSameRun) {
  import_market();
  for (
      const char* json :
      {R"j({"formula": "rank(-ts_delta(close,5))", "horizons": "1,5", "quantiles": 3, "cost-bps": 2.5, "from": "2020-03-02",
             "to": "2020-12-01", "group": "sector", "precision": "f32", "adjust": "split", "convention": "next_close",
             "seed": 11})j",
       R"j({"formula": "rank(volume)", "horizons": "5", "as-of": "2021-03-01T12:00:00Z"})j"}) {
    const ResearchRequest request = request_for(json);
    const Judgement made = must(research(world, request));
    const std::vector<std::string> command = words(rebuild_command(made.study, made.judged, request));
    ASSERT_GT(command.size(), 5U);
    Value raw = Value::object();
    raw.set("formula", Value(command[3]));
    for (std::size_t i = 4; i + 1 < command.size(); i += 2) {
      ASSERT_TRUE(command[i].starts_with("--")) << command[i];
      raw.set(command[i].substr(2), Value(command[i + 1]));
    }
    const Request again = must(complete_request(find_flow("factor", "report")->spec, raw, Config()));
    const ResearchRequest same = must(read_research(again));
    EXPECT_EQ(to_json(canonical_request(same, made.judged.subject)),
              to_json(canonical_request(request, made.judged.subject)));
    EXPECT_EQ(same.options.seed, request.options.seed);
    EXPECT_EQ(same.commit, made.study.panels.commit);
  }
}

TEST_F(FactorPage, TheCommandOfValuesNamesTheirFile) {
  import_market();
  const std::string path = write("my values.csv", "date,symbol,value\n2020-01-02,S00,1\n2020-01-02,S01,2\n");
  ResearchRequest request;
  request.values_path = path;
  Judged judged;
  judged.subject.name = "my values.csv";
  judged.subject.values_path = path;
  judged.subject.values_hash = "00";
  judged.subject.profile = "values";
  const Study study = must(open_study(world, request, {}));
  const std::string command = rebuild_command(study, judged, request);
  EXPECT_THAT(command, ::testing::StartsWith("lode factor report --values '" + path + "'"));
  EXPECT_THAT(command, Not(HasSubstr("--profile")));
}

TEST_F(FactorPage, ASyntheticMarketIsStampedAndARealOneIsNot) {
  import_market();
  const Outcome plain = good("factor", "report", R"j({"formula": "rank(close)", "horizons": "5"})j");
  EXPECT_THAT(must(read_file(plain.data.at_path("report")->as_text())), Not(HasSubstr("Synthetic: ")));
  IngestRequest more;
  more.paths = {write("more.csv", "date,symbol,open,high,low,close,volume\n2021-01-19,S00,50,51,49,50,5\n")};
  more.table = "bars";
  more.mic = "XNYS";
  more.synthetic = true;
  must(ingest(world, more));
  const Outcome stamped = good("factor", "report", R"j({"formula": "rank(close)", "horizons": "5"})j");
  EXPECT_THAT(must(read_file(stamped.data.at_path("report")->as_text())), HasSubstr("Synthetic: "));
  const Outcome before = good("factor", "report", R"j({"formula": "rank(close)", "horizons": "5", "commit": 2})j");
  EXPECT_THAT(must(read_file(before.data.at_path("report")->as_text())), Not(HasSubstr("Synthetic: ")))
      << "what was read then was real";
}

TEST_F(FactorPage, CountsTheNamesOfTheJudgedRowsOnly) {
  import_market();
  ResearchRequest request = request_for(R"j({"formula": "rank(close)", "from": "2020-06-01"})j");
  Study study = must(open_study(world, request, {}));
  const std::size_t columns = study.panels.axis->columns();
  for (std::size_t row = static_cast<std::size_t>(study.first_row); row < study.panels.axis->rows(); ++row) {
    study.panels.universe[row * columns + 4] = 0;
  }
  study.panels.delisted_row[4] = 10;                    // Left before the judged rows.
  study.panels.delisted_row[5] = study.first_row + 20;  // Left inside them.
  EXPECT_EQ(names_of(study).all, testing::kNames - 1);
  EXPECT_EQ(names_of(study).delisted, 1);
}

TEST_F(FactorPage, LineageNamesFilesUnderTheTableTheyCameTo) {
  import_market();
  const ResearchRequest request = request_for(R"j({"formula": "rank(close)", "group": "sector", "horizons": "5"})j");
  const Judgement made = must(research(world, request));
  const Value lineage = lineage_json(made.study, made.judged, request);
  EXPECT_EQ(lineage.find("detail")->as_text(), "rank(close)");
  const auto child = [&](std::string_view name) -> const Value* {
    for (const Value& node : lineage.find("children")->as_array()) {
      if (node.find("name")->as_text() == name) return &node;
    }
    return nullptr;
  };
  const auto files = [](const Value* node) {
    std::vector<std::string> names;
    for (const Value& file : node->find("children")->as_array()) {
      names.push_back(file_name(file.find("name")->as_text()));
    }
    return names;
  };
  ASSERT_NE(child("universe all"), nullptr);
  EXPECT_THAT(child("universe all")->find("detail")->as_text(), HasSubstr("30 names, 2020-01-02 .. "));
  EXPECT_THAT(files(child("close")), ElementsAre("bars.csv")) << "told at the first field";
  EXPECT_TRUE(files(child("volume")).empty());
  EXPECT_THAT(files(child("sector")), ElementsAre("groups.csv"));
  const std::string detail = child("close")->find("children")->as_array().front().find("detail")->as_text();
  EXPECT_THAT(detail, HasSubstr("rows 7,800   set aside 0"));
}

TEST_F(FactorPage, ALakeThatCannotBeWrittenNeedsAPlaceForThePage) {
  import_market();
  const Study study = must(open_study(world, request_for(R"j({"formula": "close"})j"), {}));
  const Result<std::string> refused = write_report(study, Recorded(), {}, "<html>");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().number(), E::E8004);
  EXPECT_THAT(refused.error().hint(), HasSubstr("-o report.html"));
  const std::string path = parts.folder + "/page.html";
  EXPECT_EQ(must(write_report(study, Recorded(), {{path, "<html>"}}, "<html>")), path);
  EXPECT_EQ(must(read_file(path)), "<html>");
}

class Values : public testing::Research {
 protected:
  Result<ValuesFile> read(const std::string& text, const std::vector<std::uint8_t>& universe = {}) {
    return read_values_file(write("v.csv", text), axis, universe);
  }
  std::shared_ptr<const Axis> axis = axis_of({"A", "B", "B"}, 2);  // 2020-01-02, 2020-01-03
};

TEST_F(Values, FillTheirCellsAndCountWhatFallsBeside) {
  const ValuesFile values =
      must(read("date,symbol,value\n2020-01-03,A,1.5\n2020-01-02,A,\n2020-01-09,A,1\n2020-01-02,Z,1\n"));
  EXPECT_EQ(values.name, "v.csv");
  EXPECT_EQ(values.hash.size(), 64U);
  EXPECT_EQ(values.rows, 4);
  EXPECT_EQ(values.unmatched, 2);
  EXPECT_EQ(values.panel.at(1, 0), 1.5);
  EXPECT_EQ(values.panel.valid_count(), 1U);
}

TEST_F(Values, OfASymbolTwoInstrumentsHeldGoToTheOneInTheUniverse) {
  const ValuesFile values =
      must(read("date,symbol,value\n2020-01-02,B,1\n2020-01-03,B,2\n2020-01-03,A,3\n", {1, 1, 0, 1, 0, 1}));
  EXPECT_EQ(values.panel.at(0, 1), 1);
  EXPECT_EQ(values.panel.at(1, 2), 2);
  EXPECT_EQ(values.unmatched, 0);
  const ValuesFile both = must(read("date,symbol,value\n2020-01-02,B,1\n2020-01-03,A,3\n", {1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(both.unmatched, 1) << "two names that day: nobody can tell whose it is";
}

TEST_F(Values, TakeTheColumnThatIsCalledSoOrTheOnlyOneOfNumbers) {
  EXPECT_EQ(must(read("date,symbol,other,score\n2020-01-02,A,7,8\n")).panel.at(0, 0), 8);
  EXPECT_EQ(must(read("date,symbol,mine\n2020-01-02,A,9\n")).panel.at(0, 0), 9);
  const Result<ValuesFile> unclear = read("date,symbol,one,two\n2020-01-02,A,1,2\n");
  ASSERT_FALSE(unclear);
  EXPECT_EQ(unclear.error().number(), E::E2001);
  EXPECT_THAT(unclear.error().hint(), HasSubstr("one, two"));
}

TEST_F(Values, ThatContradictThemselvesAreRefusedWithTheirLine) {
  const Result<ValuesFile> twice = read("date,symbol,value\n2020-01-02,A,1\n2020-01-02,A,2\n");
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().number(), E::E2012);
  EXPECT_THAT(twice.error().message(), HasSubstr("line 3: A on 2020-01-02 was 1 before and is 2 here"));
}

TEST(FactorNames, AreWordsWithAtMostOneLibrary) {
  for (const char* name : {"reversal5", "quality/accruals", "a.b-c_d", "7f3a"}) {
    EXPECT_TRUE(check_factor_name(name)) << name;
  }
  for (const std::string& name : {std::string(), std::string("/a"), std::string("a/"), std::string("a/b/c"),
                                  std::string("a b"), std::string("-a"), std::string("../a"), std::string("\xc3\xa4"),
                                  std::string(65, 'a'), std::string("ts_mean"), std::string("rank")}) {
    const Result<void> checked = check_factor_name(name);
    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.error().number(), E::E4) << name;
  }
}

TEST(FactorNames, TheSameFormulaWrittenOtherwiseIsTheSameFactor) {
  const lake::NamedFactor a = must(make_factor("a", "rank( -ts_delta( close,5 ) )", "lode", "note"));
  const lake::NamedFactor b = must(make_factor("b", "rank(-ts_delta(close, 5))", "lode", ""));
  EXPECT_EQ(a.formula, b.formula);
  EXPECT_EQ(a.hash, b.hash);
  EXPECT_NE(a.hash, must(make_factor("c", "rank(-ts_delta(close, 5))", "paper", "")).hash);
  EXPECT_EQ(factor_json(a).find("note")->as_text(), "note");
  EXPECT_TRUE(factor_json(b).find("note")->is_null());
  EXPECT_FALSE(make_factor("d", "rank(", "lode", ""));
  EXPECT_FALSE(make_factor("d", "close", "nobody", ""));
}

class FactorList : public testing::Research {};

TEST_F(FactorList, ShowsTheNewestJudgementUnderTheSameProfileAndItsHorizon) {
  import_market();
  good("factor", "add", R"j({"name": "mine", "formula": "rank(close)"})j");
  good("factor", "add", R"j({"name": "other", "formula": "rank(close)", "profile": "paper"})j");
  good("factor", "eval", R"j({"formula": "rank(close)", "horizons": "5"})j");
  good("factor", "eval", R"j({"formula": "rank(close)", "horizons": "1,21"})j");
  const Outcome list = good("factor", "list", "{}");
  const auto& rows = list.data.at_path("factors")->as_array();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].at_path("run")->as_text(), "r2");
  EXPECT_EQ(rows[0].at_path("horizon")->as_text(), "1d");
  EXPECT_THAT(list.text, HasSubstr("(1d)"));
  EXPECT_TRUE(rows[1].at_path("run")->is_null()) << "judged under profile lode, kept under paper";
  EXPECT_THAT(list.text, HasSubstr("A dash: not judged yet"));
}

}  // namespace
}  // namespace lode::flow
