// Tests of the printer: exact texts in each notation, and that every print reads back to the same hash.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/core/expr/random_formula.h"
#include "lode/core/expr/test_operators.h"

namespace lode::expr {
namespace {

using testing::compile_as;

constexpr Notation kNotations[] = {Notation::kCanonical, Notation::kPaper, Notation::kQlib, Notation::kCall};

std::string printed(std::string_view text, Notation notation) {
  const auto program = compile_as(text, "paper");
  return program ? print(*program, 0, notation) : render(program.error());
}

TEST(Print, WritesEachNotation) {
  const std::string_view text = "close < open ? -correlation(rank(vwap), Ts_Rank(volume, 5), 10) : returns * 2";
  EXPECT_EQ(printed(text, Notation::kCanonical),
            "close < open ? -ts_corr(rank(vwap), ts_rank(volume, 5), 10) : 2 * returns");
  EXPECT_EQ(printed(text, Notation::kPaper),
            "close < open ? -correlation(rank(vwap), Ts_Rank(volume, 5), 10) : 2 * returns");
  EXPECT_EQ(printed(text, Notation::kQlib),
            "If($close < $open, -1 * Corr(rank($vwap), Rank($volume, 5), 10), 2 * ($close / Ref($close, 1) - 1))");
  EXPECT_EQ(printed(text, Notation::kCall),
            "where(lt(close, open), neg(ts_corr(rank(vwap), ts_rank(volume, 5), 10)), mul(2, returns))");
}

TEST(Print, WritesOnlyTheParenthesesItNeeds) {
  const std::pair<const char*, const char*> cases[] = {
      {"(a - b) - c", "a - b - c"},
      {"a - (b - c)", "a - (b - c)"},
      {"a / (b / c)", "a / (b / c)"},
      {"(a^b)^c", "(a^b)^c"},
      {"a^(b^c)", "a^b^c"},
      {"(-a)^2", "(-a)^2"},
      {"-(a^2)", "-a^2"},
      {"a * (-b)", "a * -b"},
      {"(a < b) - (c < d)", "(a < b) - (c < d)"},
      {"(a && b) || c", "a && b || c"},
      {"a && (b || c)", "a && (b || c)"},
      {"!(a < b)", "!(a < b)"},
      {"not a < b", "!(a < b)"},
      {"(a ? b : c) ? a : b", "(a ? b : c) ? a : b"},
      {"a ? b : (c ? a : b)", "a ? b : c ? a : b"},
      {"a ^ -2", "a^-2"},
      {"(-2) ^ a", "(-2)^a"},
      {"a - -2", "a - -2"},
      {"1e-12 - a", "1e-12 - a"},
  };
  CompileOptions options;
  for (const char* name : {"a", "b", "c", "d"}) {
    options.fields.push_back({name, {}, false});
  }
  for (const auto& [text, expected] : cases) {
    const auto program = compile_as(text, "lode", options);
    ASSERT_TRUE(program) << text;
    EXPECT_EQ(program->formulas[0], expected);
  }
}

TEST(Print, GroupsAndDefaults) {
  EXPECT_EQ(printed("IndNeutralize(scale(close), IndClass.sector)", Notation::kPaper),
            "IndNeutralize(scale(close), IndClass.sector)");
  EXPECT_EQ(printed("IndNeutralize(scale(close, 3), sector)", Notation::kCall),
            "indneutralize(scale(close, 3), sector)");
}

// Random formulas that compile, each printed and read back in every notation; returns how many there were.
int count_round_trips(const OperatorTable& table, int formulas) {
  int compiled = 0;
  for (std::uint64_t seed = 0; seed < static_cast<std::uint64_t>(formulas); ++seed) {
    const std::string text = testing::RandomFormula(seed).expression(static_cast<int>(seed % 6));
    const Profile& profile = profiles()[seed % profiles().size()];
    const auto program = compile(text, profile, table);
    if (!program) {
      // A random literal may be a bad window or divisor; profile qlib has no adv20 and takes min and max as windows.
      const ErrorNumber number = program.error().number();
      const bool is_qlib = profile.min_max == MinMax::kRolling && (number == E::E1104 || number == E::E1110);
      const bool is_brain = profile.refuses_other_names && number == E::E1111;  // rank(x, 5)
      EXPECT_TRUE(number == E::E1105 || number == E::E1114 || is_qlib || is_brain) << text << "\n"
                                                                                   << render(program.error());
      continue;
    }
    ++compiled;
    for (const Notation notation : kNotations) {
      const std::string again = print(*program, 0, notation);
      const auto reread = compile(again, profile, table);
      EXPECT_TRUE(reread && reread->hashes == program->hashes && reread->nodes.size() == program->nodes.size())
          << text << "\n"
          << again << "\n"
          << (reread ? reread->formulas[0] : render(reread.error()));
    }
  }
  return compiled;
}

TEST(Print, EveryNotationReadsBackToTheSameHash) {
  EXPECT_GT(count_round_trips(testing::test_table(), test_rounds(4000)), test_rounds(3500));
}

TEST(Print, TheCatalogsOperatorsReadBack) {
  const OperatorTable table;
  ASSERT_NE(table.find("ts_corr"), nullptr);
  EXPECT_GT(count_round_trips(table, test_rounds(2000)), test_rounds(1700));
}

// The text reads back to the program, in every notation.
void expect_reads_back(const std::string& text, std::string_view profile) {
  const OperatorTable table;
  const auto program = compile(text, **find_profile(profile), table);
  ASSERT_TRUE(program) << text.substr(0, 80) << render(program.error());
  for (const Notation notation : kNotations) {
    const std::string again = print(*program, 0, notation);
    const auto reread = compile(again, **find_profile(profile), table);
    ASSERT_TRUE(reread) << text.substr(0, 80) << "\n" << again.substr(0, 200) << "\n" << render(reread.error());
    EXPECT_EQ(reread->hashes, program->hashes) << text.substr(0, 80) << "\n" << again.substr(0, 200);
  }
}

std::string repeated(const std::string& first, const std::string& more, int times) {
  std::string out = first;
  for (int i = 0; i < times; ++i) {
    out += more;
  }
  return out;
}

TEST(Print, LongChainsReadBackThoughOperandsWereTurned) {
  // What is flat as written nests once operands are put in order and a minus is folded.
  const char* fields[] = {" + open", " * high", " - low + open", " / low * open", " * -1", " + -1 * low"};
  for (const char* more : fields) {
    expect_reads_back(repeated("close", more, 400), "lode");
    expect_reads_back(repeated("close", more, 400), "qlib");
  }
  std::string sums = "close";  // Each field differs: what is the same on both sides would not be seen turned.
  for (int i = 2; i < 300; ++i) {
    sums += " + adv" + std::to_string(i) + (i % 3 == 0 ? " * open" : "");
  }
  expect_reads_back(sums, "paper");
  const auto program = compile(sums, **find_profile("paper"), OperatorTable());
  EXPECT_THAT(program->formulas[0], ::testing::Not(::testing::HasSubstr("((((")));
}

TEST(Print, NestingUpToTheLimitReadsBack) {
  const auto nested = [](const std::string& open, const std::string& inside, const std::string& close, int times) {
    return repeated("", open, times) + inside + repeated("", close, times);
  };
  expect_reads_back(nested("-1 * (open + ", "adv20", ")", 255), "paper");
  expect_reads_back(nested("rank(", "adv20", ")", 1), "street");
  expect_reads_back(nested("abs(low - ", "(1 - 3) * adv20", ")", 255), "paper");
  expect_reads_back(nested("(open + ", "1 - 3 + close", ")", 256), "lode");
  expect_reads_back(nested("open ? ", "low", " : high", 256), "lode");
  expect_reads_back(nested("2 ^ -(open * ", "close", ")", 85), "lode");
  expect_reads_back(nested("!(high + ", "close", ")", 128), "qlib");
}

// Text wrapped at random until the parser takes no more; what it last took must read back, whatever was turned or
// folded on the way.
TEST(Print, RandomNestingUpToTheLimitReadsBack) {
  constexpr std::array<std::array<const char*, 2>, 18> kWraps = {{
      {"-1 * (", ")"},
      {"(", ") + adv7"},
      {"open - (", ")"},
      {"-(", ")"},
      {"rank(", ")"},
      {"(", ") ^ 2"},
      {"2 ^ (", ")"},
      {"low ? (", ") : high"},
      {"(", ") ? 1 : 2"},
      {"!(", ")"},
      {"(", ") * open / low"},
      {"", " + close"},
      {"", " * -1"},
      {"high * ", ""},
      {"low < (", ")"},
      {"delta(", ", 1)"},
      {"(", ") * (1 - 3)"},
      {"close > open ? (", ") : 2 ^ -low"},
  }};
  const OperatorTable table;
  int tried = 0;
  for (std::uint64_t seed = 0; seed < static_cast<std::uint64_t>(test_rounds(60)); ++seed) {
    const Random random(seed, 5);
    const Profile& profile = profiles()[seed % profiles().size()];
    const std::string leaf = profile.average_volume == AverageVolume::kUndefined ? "volume" : "adv5";
    std::string text = leaf;
    std::uint64_t position = 0;
    const std::uint64_t kinds = 1 + random.bits_at(position++) % kWraps.size();  // Some seeds repeat a few wraps only
    const std::uint64_t first = random.bits_at(position++) % kWraps.size();
    while (position < 700) {
      const auto& wrap = kWraps[(first + random.bits_at(position++) % kinds) % kWraps.size()];
      const std::string more = wrap[0] + text + wrap[1];
      const bool is_known =
          profile.average_volume != AverageVolume::kUndefined || more.find("adv") == std::string::npos;
      if (is_known && !parse(more)) {
        break;
      }
      text = is_known ? more : text;
    }
    const auto program = compile(text, profile, table);
    if (!program) {
      continue;  // A constant without a value
    }
    ++tried;
    for (const Notation notation : kNotations) {
      const std::string again = print(*program, 0, notation);
      const auto reread = compile(again, profile, table);
      ASSERT_TRUE(reread) << seed << "\n" << text << "\n" << again << "\n" << render(reread.error());
      EXPECT_EQ(reread->hashes, program->hashes) << seed << "\n" << text << "\n" << again;
    }
  }
  EXPECT_GT(tried, test_rounds(40));
}

TEST(Print, TheDifferenceFromTheFirstValueIsWrittenOnce) {
  std::string text = "$close";
  for (int i = 0; i < 60; ++i) {
    text = "Delta(" + text + ", 0)";  // Written out, the text would double each time.
  }
  expect_reads_back(text, "qlib");
  expect_reads_back("Delta($close + 1, 0) * 2 - Delta($low, 0)", "qlib");
}

TEST(Print, WhatWouldNotReadBackIsRefused) {
  std::string text = "adv2";
  for (int i = 0; i < 4999; ++i) {
    text += "+adv2";  // 9,999 nodes as written, 19,998 as they are kept
  }
  const auto program = compile(text, **find_profile("paper"), OperatorTable());
  if (program) {
    expect_reads_back(text, "paper");
  } else {
    EXPECT_EQ(program.error().number(), E::E1112);
    EXPECT_THAT(program.error().message(), ::testing::HasSubstr("in its canonical form"));
  }
}

TEST(Print, SaysWhatQlibCannotRun) {
  const OperatorTable table;
  const auto lacking = [&](const char* text, const char* profile) {
    const auto program = compile(text, **find_profile(profile), table);
    return program ? lacking_in_qlib(*program, 0) : std::vector<std::string>{render(program.error())};
  };
  const auto in_qlib = [&](const char* text, const char* profile) {
    return print(*compile(text, **find_profile(profile), table), 0, Notation::kQlib);
  };
  using ::testing::ElementsAre;
  EXPECT_THAT(lacking("rank(-1 * ts_corr(close, sqrt(volume), 5))", "paper"), ElementsAre("rank", "sqrt"));
  EXPECT_THAT(lacking("ts_mean(close, 5, min_periods=2)", "lode"), ElementsAre("ts_mean"));
  EXPECT_THAT(lacking("ts_max(close, 5) - ema(low, 5)", "lode"), ElementsAre("ema", "ts_max"))
      << "Max is another there";
  EXPECT_THAT(lacking("Max($close, 5) - EMA($low, 5) + Less($open, Ref($low, 0))", "qlib"), ElementsAre());
  EXPECT_EQ(in_qlib("-(close > open && !(low > high)) ^ 2", "qlib"),
            "-1 * Power(And($close > $open, Not($low > $high)), 2)");
  EXPECT_EQ(
      in_qlib("Max($close, 5) - EMA($low, 0.3) + Less($open, Ref($low, 0)) * Count($low, 5) / WMA($low, 3)", "qlib"),
      "Count($low, 5) * Less($open, Ref($low, 0)) / WMA($low, 3) + (Max($close, 5) - EMA($low, 0.3))");
  EXPECT_EQ(in_qlib("returns", "paper"), "$close / Ref($close, 1) - 1");
}

TEST(Print, IsLinearInDeepChains) {
  std::string sum = "close";
  for (int i = 0; i < 4000; ++i) {
    sum += " - open";
  }
  const auto program = compile_as(sum, "paper");
  ASSERT_TRUE(program);
  EXPECT_EQ(program->formulas[0], sum);
}

}  // namespace
}  // namespace lode::expr
