// The libraries that ship: every formula reads, compiles under its profile and prints back to itself; counts, ids,
// history and fields are those of the sources.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "lode/base/must.h"
#include "lode/base/text.h"
#include "lode/core/factor/library.h"

namespace lode::factor {
namespace {

using ::testing::ElementsAre;

const expr::OperatorTable& table() {
  static const expr::OperatorTable operators;
  return operators;
}

const Library& library(std::string_view id) { return *must(find_library(id)); }

expr::Program compiled(const Library& of, const Formula& formula) { return must(compile({&of, &formula}, table())); }

expr::Program compiled(std::string_view name) {
  const Entry entry = must(find_formula(name));
  return compiled(*entry.library, *entry.formula);
}

std::vector<std::string> ids(const Library& of) {
  std::vector<std::string> out;
  std::ranges::transform(of.formulas, std::back_inserter(out), &Formula::id);
  return out;
}

std::vector<std::string> numbered(int count) {
  std::vector<std::string> out;
  for (int i = 1; i <= count; ++i) {
    out.push_back((i < 10 ? "00" : i < 100 ? "0" : "") + std::to_string(i));
  }
  return out;
}

TEST(Libraries, AreThese) {
  std::vector<std::string> names;
  std::ranges::transform(libraries(), std::back_inserter(names), &Library::id);
  EXPECT_THAT(names, ElementsAre("alpha101", "alpha158", "alpha158_lode", "alpha360", "gtja191", "named"));
}

TEST(Libraries, CompilePrintAndReadBack) {
  for (const Library& of : libraries()) {
    const expr::Profile& profile = *must(expr::find_profile(of.profile));
    expr::CompileOptions options;
    options.fields = known_fields();
    for (const Formula& formula : of.formulas) {
      const expr::Program program = compiled(of, formula);
      ASSERT_EQ(program.roots.size(), 1U) << of.id << "/" << formula.id;
      using enum expr::Notation;
      for (const expr::Notation notation : {kCanonical, kPaper, kQlib, kCall}) {
        const std::string text = expr::print(program, 0, notation);
        const auto again = expr::compile(text, profile, table(), options);
        ASSERT_TRUE(again) << of.id << "/" << formula.id << "\n" << text << "\n" << again.error().message();
        EXPECT_EQ(again->hashes, program.hashes) << of.id << "/" << formula.id << "\n" << text;
      }
    }
  }
}

TEST(Libraries, HoldNoFormulaTwice) {
  for (const Library& of : libraries()) {
    std::map<std::string, std::string> seen;
    for (const Formula& formula : of.formulas) {
      const auto [where, is_new] = seen.emplace(compiled(of, formula).hashes.front(), formula.id);
      EXPECT_TRUE(is_new) << of.id << ": " << formula.id << " is " << where->second;
    }
  }
}

TEST(Libraries, EveryRepairShowsWhatWasPrinted) {
  for (const Library& of : libraries()) {
    for (const Formula& formula : of.formulas) {
      EXPECT_EQ(formula.printed.empty(), formula.repairs.empty()) << of.id << "/" << formula.id;
    }
    for (const MissingFormula& row : of.missing) {
      EXPECT_FALSE(row.printed.empty()) << of.id << "/" << row.id;
    }
  }
}

TEST(Libraries, WarnOnlyOfUnitsTheyMean) {
  // A level of shares or price, and the logarithm of money, are what these factors are.
  const std::set<std::string> levels = {"VOLUME", "LOG_AMOUNT", "SMB", "EPS", "BVPS", "SIZE"};
  for (const Formula& formula : library("named").formulas) {
    EXPECT_EQ(!compiled(library("named"), formula).warnings.empty(), levels.contains(formula.id)) << formula.id;
  }
  for (const std::string_view id : {"alpha101", "gtja191", "alpha158", "alpha360"}) {
    for (const Formula& formula : library(id).formulas) {
      EXPECT_TRUE(compiled(library(id), formula).warnings.empty()) << id << "/" << formula.id;
    }
  }
}

TEST(Alpha101, HasTheHundredAndOne) {
  EXPECT_EQ(ids(library("alpha101")), numbered(101));
  EXPECT_EQ(library("alpha101").profile, "paper");
  EXPECT_TRUE(library("alpha101").missing.empty());
}

TEST(Alpha101, NeedsTheHistoryOfThePaper) {
  // By hand from the nested windows, rounded down.
  const std::map<std::string, int> rows = {
      {"033", 0},   {"041", 0},   {"042", 0},   {"054", 0},   {"101", 0},   {"019", 250}, {"039", 250}, {"048", 251},
      {"052", 240}, {"063", 238}, {"032", 234}, {"071", 224}, {"037", 200}, {"024", 199}, {"036", 199}, {"061", 195},
      {"079", 170}, {"064", 145}, {"076", 139}, {"093", 120}, {"097", 114}, {"087", 108}, {"096", 100}};
  const std::set<std::string> few = {"002", "003", "004", "005", "006", "009", "010", "011",
                                     "012", "013", "014", "015", "016", "018", "020", "027",
                                     "034", "038", "040", "044", "050", "053", "060", "083"};
  for (const Formula& formula : library("alpha101").formulas) {
    const int history = compiled(library("alpha101"), formula).lookback();
    if (const auto found = rows.find(formula.id); found != rows.end()) {
      EXPECT_EQ(history, found->second) << formula.id;
    } else {
      EXPECT_EQ(history >= 1 && history <= 9, few.contains(formula.id)) << formula.id << " needs " << history;
      EXPECT_LE(history, 99) << formula.id;
    }
  }
}

TEST(Alpha101, NeedsGroupsAndCapWhereThePaperNamesThem) {
  const std::set<std::string> grouped = {"048", "058", "059", "063", "067", "069", "070", "076", "079",
                                         "080", "082", "087", "089", "090", "091", "093", "097", "100"};
  for (const Formula& formula : library("alpha101").formulas) {
    const std::vector<std::string> fields = compiled(library("alpha101"), formula).fields();
    const auto has = [&](std::string_view name) { return std::ranges::find(fields, name) != fields.end(); };
    EXPECT_EQ(has("sector") || has("industry") || has("subindustry"), grouped.contains(formula.id)) << formula.id;
    EXPECT_EQ(has("cap"), formula.id == "056") << formula.id;
  }
}

// The rolling shapes of Alpha158 and the sessions each looks back beyond its window of d, the first of which is today.
const std::map<std::string, int> kShapes = {
    {"ROC", 1},  {"MA", 0},   {"STD", 0},   {"BETA", 0},  {"RSQR", 0}, {"RESI", 0}, {"MAX", 0},  {"MIN", 0},
    {"QTLU", 0}, {"QTLD", 0}, {"RANK", 0},  {"RSV", 0},   {"IMAX", 0}, {"IMIN", 0}, {"IMXD", 0}, {"CORR", 0},
    {"CORD", 1}, {"CNTP", 1}, {"CNTN", 1},  {"CNTD", 1},  {"SUMP", 1}, {"SUMN", 1}, {"SUMD", 1}, {"VMA", 0},
    {"VSTD", 0}, {"WVMA", 1}, {"VSUMP", 1}, {"VSUMN", 1}, {"VSUMD", 1}};

// Of the formulas as printed, 976 nodes after sharing: 134 ranks (6 of them around a rank, which we drop), 68
// correlations, 57 ts_rank, 40 decay_linear, 50 sums and means, 28 min, max and arg. Literals fold as well.
TEST(Alpha101, SharesMostOfItsNodes) {
  std::vector<expr::Program> programs;
  for (const Formula& formula : library("alpha101").formulas) {
    programs.push_back(compiled(library("alpha101"), formula));
  }
  const expr::Program merged = expr::merge(programs);
  std::map<std::string, int> count;
  for (const expr::Node& node : merged.nodes) {
    if (node.kind == expr::NodeKind::kOperator) {
      ++count[std::string(node.op->spec.name)];
    }
  }
  EXPECT_LE(merged.nodes.size(), 976U);
  EXPECT_EQ(count["rank"], 134 - 6);
  EXPECT_EQ(count["ts_corr"], 68);
  EXPECT_EQ(count["ts_rank"], 57);
  EXPECT_EQ(count["decay_linear"], 40);
  EXPECT_EQ(count["ts_sum"] + count["ts_mean"], 50);
  EXPECT_EQ(count["ts_min"] + count["ts_max"] + count["ts_argmin"] + count["ts_argmax"], 28);
}

TEST(Alpha158, IsNineCandlesFourPricesAndTwentyNineShapesOfFiveWindows) {
  std::map<std::string, int> history;
  for (const char* name :
       {"KMID", "KLEN", "KMID2", "KUP", "KUP2", "KLOW", "KLOW2", "KSFT", "KSFT2", "OPEN0", "HIGH0", "LOW0", "VWAP0"}) {
    history[name] = 0;
  }
  ASSERT_EQ(kShapes.size(), 29U);
  for (const auto& [shape, beyond] : kShapes) {
    for (const int days : {5, 10, 20, 30, 60}) {
      history[shape + std::to_string(days)] = days - 1 + beyond;
    }
  }
  ASSERT_EQ(history.size(), 158U);
  for (const std::string_view id : {"alpha158", "alpha158_lode"}) {
    ASSERT_EQ(library(id).formulas.size(), 158U);
    for (const Formula& formula : library(id).formulas) {
      ASSERT_TRUE(history.contains(formula.id)) << formula.id;
      EXPECT_EQ(compiled(library(id), formula).lookback(), history[formula.id]) << id << "/" << formula.id;
    }
  }
}

TEST(Alpha158, UnderLodeReadsTheSameFields) {
  for (const Formula& formula : library("alpha158").formulas) {
    EXPECT_EQ(compiled(library("alpha158"), formula).fields(), compiled("alpha158_lode/" + formula.id).fields());
  }
  EXPECT_EQ(library("alpha158_lode").profile, "lode");
  EXPECT_EQ(must(find_formula("alpha158_lode/MA5")).formula->text, "ts_mean(close, 5) / close") << "a full window";
  EXPECT_EQ(must(find_formula("alpha158_lode/KLOW")).formula->text, "(min(close, open) - low) / open");
}

TEST(Alpha360, FollowsItsRule) {
  const Library& of = library("alpha360");
  const expr::Profile& profile = *must(expr::find_profile("qlib"));
  std::size_t at = 0;
  for (const std::string field : {"close", "open", "high", "low", "vwap", "volume"}) {
    for (int lag = 59; lag >= 0; --lag, ++at) {
      ASSERT_LT(at, of.formulas.size());
      EXPECT_EQ(of.formulas[at].id, upper(field) + std::to_string(lag));
      const std::string top = lag == 0 ? "$" + field : "Ref($" + field + ", " + std::to_string(lag) + ")";
      const std::string rule = top + (field == "volume" ? "/($volume+1e-12)" : "/$close");
      EXPECT_EQ(compiled(of, of.formulas[at]).hashes, must(expr::compile(rule, profile, table())).hashes) << rule;
    }
  }
  EXPECT_EQ(at, of.formulas.size());
}

TEST(Gtja191, HasAllButOne) {
  const Library& of = library("gtja191");
  std::vector<std::string> all = ids(of);
  std::ranges::transform(of.missing, std::back_inserter(all), &MissingFormula::id);
  std::ranges::sort(all);
  EXPECT_EQ(all, numbered(191));
  EXPECT_EQ(of.missing.size(), 1U);
}

TEST(Gtja191, NeedsABenchmarkWhereTheReportNamesOne) {
  const std::set<std::string> benched = {"075", "149", "181", "182"};
  for (const Formula& formula : library("gtja191").formulas) {
    const std::vector<std::string> fields = compiled(library("gtja191"), formula).fields();
    const bool has = std::ranges::any_of(fields, [](const std::string& name) { return name.starts_with("bench_"); });
    EXPECT_EQ(has, benched.contains(formula.id)) << formula.id;
  }
}

TEST(Gtja191, RepairsWhatTheReportPrintsWrong) {
  for (const char* id : {"007", "010", "017", "021", "022", "023", "027", "028", "030", "036", "041", "052", "054",
                         "064", "075", "078", "091", "108", "111", "116", "119", "121", "127", "131", "146", "147",
                         "149", "154", "157", "159", "162", "164", "165", "166", "180", "181", "182", "183", "190"}) {
    EXPECT_FALSE(must(find_formula(std::string("gtja191/") + id)).formula->repairs.empty()) << id;
  }
}

TEST(Named, CarriesTheNamesPeopleUse) {
  for (const char* name : {"RSI14",
                           "RSI28",
                           "ROC20",
                           "PEG",
                           "PB",
                           "SMB",
                           "HML",
                           "Rm_Rf",
                           "TradingVolume",
                           "CurrentRatio",
                           "CashRatio",
                           "InventoryTurnover",
                           "GrossProfitMargin",
                           "DebtToEquity",
                           "InterestCoverage",
                           "RevenueGrowth",
                           "BoardAge",
                           "ExecCompToRevenue",
                           "EnvRating",
                           "AVGSENT14",
                           "NEWSENT",
                           "CEOS",
                           "ESGI",
                           "MTCI",
                           "RISK",
                           "STTG"}) {
    EXPECT_TRUE(find_formula(std::string("named/") + name)) << name;
  }
}

TEST(Named, SaysForEachFactorWhatOneMustKnow) {
  for (const Formula& formula : library("named").formulas) {
    EXPECT_FALSE(formula.title.empty() || formula.source.empty() || formula.time.empty()) << formula.id;
    EXPECT_TRUE(formula.direction.has_value()) << formula.id;
  }
}

TEST(Named, EveryInputIsReadAndNoneIsAFieldOfBars) {
  std::set<std::string> read;
  for (const Formula& formula : library("named").formulas) {
    for (const std::string& field : compiled(library("named"), formula).fields()) {
      read.insert(field);
    }
  }
  for (const Input& input : library("named").inputs) {
    EXPECT_TRUE(read.contains(input.name)) << input.name;
    EXPECT_TRUE(std::ranges::none_of(expr::standard_fields(), [&](const auto& f) { return f.name == input.name; }));
  }
}

}  // namespace
}  // namespace lode::factor
