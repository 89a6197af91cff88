// Hostile input: random bytes, random tokens and damaged formulas must end in a Result, with a printable message.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

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

// What nests, in the three notations: text before and behind whatever stands inside.
struct Nest {
  const char* before;
  const char* behind;
};
constexpr Nest kNests[] = {{"(", ")"},
                           {"rank(", ")"},
                           {"Ref($", ", 1)"},
                           {"neg(", ")"},
                           {"ts_mean(", ", 5)"},
                           {"ts_corr(close, ", ", 5)"},
                           {"neutralize(close, open, ", ")"},
                           {"rank(x=", ")"},
                           {"rank(close, ties=", ")"},
                           {"-", ""},
                           {"+", ""},
                           {"!", ""},
                           {"- ", ""},
                           {"not ", ""},
                           {"2^", ""},
                           {"2**", ""},
                           {"2^-", ""},
                           {"1 < (", ")"},
                           {"1<", ""},
                           {"close && ", ""},
                           {"1 or (", ")"},
                           {"1 ? 2 : ", ""},
                           {"1 ? ", " : 2"},
                           {"(1 ? 2 : ", ")"},
                           {"If($close > 0, ", ", 1)"},
                           {"(-", ")"},
                           {"!(", ")"},
                           {"1+", ""},
                           {"1*(", ")"},
                           {"(1 < ", ") > 1"},
                           {"[", "]"},
                           {"{", "}"},
                           {"IndClass.", ""},
                           {"$", ""},
                           {"f(a=", ")"},
                           {"(((", ")))"},
                           {"where(", ", 1, 2)"}};

std::string nested(const Nest& nest, std::size_t depth, bool is_closed) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) {
    text += nest.before;
  }
  text += "close";
  for (std::size_t i = 0; is_closed && i < depth; ++i) {
    text += nest.behind;
  }
  return text;
}

TEST(Hostile, NestingUpToAMegabyte) {
  for (const Nest& nest : kNests) {
    const std::size_t step = std::string_view(nest.before).size() + std::string_view(nest.behind).size();
    for (const auto& [bytes, is_closed] : {std::pair{60'000U, true}, {60'000U, false}, {1'100'000U, true}}) {
      const std::string text = nested(nest, bytes / step, is_closed);
      survive(text);
      EXPECT_TRUE(text.size() <= kMaxTextBytes || !compile_as(text, "lode")) << nest.before;
    }
  }
}

// As deep as the language goes is fine, one more is refused: no nesting hides from the count.
TEST(Hostile, TheDepthIsTheSameForAllThatNests) {
  for (const Nest& nest : {Nest{"(", ")"}, Nest{"rank(", ")"}, Nest{"-", ""}, Nest{"!", ""}, Nest{"2^", ""},
                           Nest{"(1 ? 2 : ", ")"}, Nest{"ts_mean(", ", 5)"}}) {
    EXPECT_TRUE(compile_as(nested(nest, 100, true), "paper")) << nest.before;
    const auto deep = compile_as(nested(nest, 300, true), "paper");
    ASSERT_FALSE(deep) << nest.before;
    EXPECT_EQ(deep.error().number(), E::E1112) << nest.before << ": " << render(deep.error());
  }
}

TEST(Hostile, BytesThatAreNoText) {
  using std::string_literals::operator""s;
  for (const std::string& bad :
       {"\0"s, "close\0"s, "clo\0se"s, "rank(\0)"s, "close + \xC3"s, "\xC3\x28"s, "\xED\xA0\x80"s, "\xF5\x80\x80\x80"s,
        "\xFF\xFE"s,
        "\xEF\xBB\xBF"
        "close"s,
        "close\x7F"s, "close + \xE2\x80\xAE open"s, "\xC0\xAF"s, "rank(\x1B[31mclose)"s, std::string(60'000, '\0'),
        std::string(60'000, '\xFF'), std::string(2'000'000, '\x80')}) {
    survive(bad);
    EXPECT_FALSE(compile_as(bad, "lode")) << "bytes " << bad.substr(0, 8);
  }
}

// Large and legal: chains as long as the limit, deep trees, one operator with thousands of operands.
TEST(Hostile, TenThousandNodesAreAProgram) {
  std::string sum = "close";
  std::string many = "neutralize(close";
  std::string distinct = "close";
  for (int i = 1; i < 4'999; ++i) {
    sum += " + open";
    many += ",open";
    distinct += i % 3'000 == 0 ? " - high" : fmt::format(" + {}", i);
  }
  for (const std::string& text : {sum, many + ")", distinct}) {
    const auto program = compile_as(text, "lode");
    ASSERT_TRUE(program) << text.substr(0, 30) << render(program.error());
    const auto again = compile_as(program->formulas[0], "lode");
    if (again) {
      EXPECT_EQ(again->hashes, program->hashes) << text.substr(0, 30);
    } else {  // The canonical text of a sum of fields nests to the right, so a long one is too deep to be read back.
      EXPECT_EQ(again.error().number(), E::E1112) << text.substr(0, 30);
    }
  }
  std::string tree = "close";  // 13 levels of two operands: 8,191 nodes
  for (int level = 0; level < 12; ++level) {
    tree = fmt::format("({0} + {0})", tree);
  }
  EXPECT_TRUE(compile_as(tree, "paper"));
  EXPECT_EQ(compile_as(fmt::format("({0} + {0})", tree), "paper").error().number(), E::E1112);
}

}  // namespace
}  // namespace lode::expr
