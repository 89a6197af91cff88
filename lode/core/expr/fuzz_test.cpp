// Hostile input: random bytes, random tokens and damaged formulas must end in a Result, with a printable message.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "lode/core/expr/random_formula.h"
#include "lode/core/expr/test_operators.h"

namespace lode::expr {
namespace {

using testing::compile_as;

constexpr std::array kTokens = {"(",     ")",      ",",         "?",      ":",     "+",        "-",
                                "*",     "/",      "^",         "**",     "<",     "<=",       "==",
                                "=",     "!",      "&&",        "||",     "and",   "or",       "not",
                                "close", "$",      "IndClass.", "sector", "rank(", "ts_mean(", "5",
                                "1e9",   ".",      "0.5",       "#",      "\n",    "\t",       "min_periods=",
                                "adv",   "returns"};

// Compiles, and checks that what came out can be shown.
void survive(const std::string& text) {
  for (const char* profile : {"lode", "paper"}) {
    const auto program = compile_as(text, profile);
    if (program) {
      ASSERT_EQ(program->roots.size(), 1U);
      ASSERT_LT(program->roots[0], program->nodes.size());
      continue;
    }
    const std::string shown = render(program.error());
    EXPECT_LE(std::count(shown.begin(), shown.end(), '\n'), 11) << shown;
    EXPECT_TRUE(is_utf8(shown));
    EXPECT_TRUE(std::none_of(shown.begin(), shown.end(), [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F;
    })) << shown;
  }
  const auto file = parse_file(text);
  if (file) {
    EXPECT_LE(file->definitions.size(), text.size());
  }
}

TEST(Hostile, RandomBytes) {
  Random random(11, 0);
  for (int round = 0; round < 3000; ++round) {
    std::string text(random.next_below(60), ' ');
    std::generate(text.begin(), text.end(), [&] { return static_cast<char>(random.next_below(256)); });
    survive(text);
  }
}

TEST(Hostile, RandomTokens) {
  Random random(12, 0);
  for (int round = 0; round < 6000; ++round) {
    std::string text;
    for (std::uint64_t i = random.next_below(24); i > 0; --i) {
      text += kTokens[random.next_below(kTokens.size())];
      text += random.next_below(3) == 0 ? " " : "";
    }
    survive(text);
  }
}

TEST(Hostile, DamagedFormulas) {
  Random random(13, 0);
  for (std::uint64_t round = 0; round < 3000; ++round) {
    std::string text = testing::RandomFormula(round).expression(4);
    for (std::uint64_t cuts = 1 + random.next_below(3); cuts > 0 && !text.empty(); --cuts) {
      const std::size_t at = random.next_below(text.size());
      switch (random.next_below(3)) {
        case 0:
          text.erase(at, 1);
          break;
        case 1:
          text.insert(at, kTokens[random.next_below(kTokens.size())]);
          break;
        default:
          text[at] = static_cast<char>(random.next_below(256));
          break;
      }
    }
    survive(text);
  }
}

TEST(Hostile, DeepAndWideTexts) {
  for (const char* token : kTokens) {
    std::string text;
    while (text.size() < 60'000) {
      text += token;
    }
    survive(text);
    survive(text + "close");
  }
  std::string calls;
  std::string rows;
  for (int i = 0; i < 5000; ++i) {
    calls += "rank(";
    rows += "neutralize(close,open,";
  }
  survive(calls);
  survive(rows);
  survive("neutralize(close" + std::string(9'000, ' ') + ",open)");
}

}  // namespace
}  // namespace lode::expr
