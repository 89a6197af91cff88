// Tests of splitting, UTF-8 and numbers. strtod and printf are the oracles for numbers.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/text.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "lode/base/random.h"

namespace lode {
namespace {

using Views = std::vector<std::string_view>;

TEST(Split, KeepsEmptyParts) {
  EXPECT_EQ(split("a,b", ','), (Views{"a", "b"}));
  EXPECT_EQ(split("", ','), (Views{""}));
  EXPECT_EQ(split(",a,,", ','), (Views{"", "a", "", ""}));
}

TEST(Trim, TakesBlanksFromBothEnds) {
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Case, TouchesAsciiOnly) {
  EXPECT_EQ(lower("AbC-\xC3\x89"), "abc-\xC3\x89");
  EXPECT_EQ(upper("AbC-\xC3\xA9"), "ABC-\xC3\xA9");
}

TEST(Join, PutsSeparatorsBetween) {
  const std::vector<std::string> parts = {"a", "", "c"};
  EXPECT_EQ(join(parts, ", "), "a, , c");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Utf8, AcceptsWellFormedText) {
  for (const std::string_view text :
       {"", "abc", "caf\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  EXPECT_EQ(code_points("caf\xC3\xA9 \xF0\x9F\x98\x80"), 6U);
}

TEST(Utf8, RefusesMalformedText) {
  for (const std::string_view text :
       {"\x80", "\xC3", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE2\x82", "\xED\xA0\x80", "\xF0\x80\x80\x80",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "a\xFE", "\xE2\x28\xA1", "\xF0\x9F\x98"}) {
    EXPECT_FALSE(is_utf8(text));
  }
  EXPECT_EQ(utf8_sequence("abc", 3), 0U);
}

TEST(Quote, ShowsForeignTextSafely) {
  EXPECT_EQ(quote("abc"), "'abc'");
  EXPECT_EQ(quote(""), "''");
  EXPECT_EQ(quote("caf\xC3\xA9"), "'caf\xC3\xA9'");
  EXPECT_EQ(quote("\x1b[31mred\n\xFF"), "'?[31mred?\?'");
  EXPECT_EQ(quote("\xC2\x9Bm"), "'?m'") << "the eight-bit escape";
  EXPECT_EQ(quote(std::string(60, 'a')), "'" + std::string(60, 'a') + "'");
  EXPECT_EQ(quote(std::string(61, 'a')), "'" + std::string(60, 'a') + "...'");
}

TEST(ParseDouble, ReadsDecimals) {
  const std::pair<std::string_view, double> cases[] = {
      {"0", 0.0},
      {"-0", -0.0},
      {"1", 1.0},
      {"12.34", 12.34},
      {"-.5", -0.5},
      {"5.", 5.0},
      {"+1.5", 1.5},
      {"1e5", 1e5},
      {"1E-5", 1e-5},
      {"1.5e+3", 1500.0},
      {"0.1", 0.1},
      {"000.10", 0.1},
      {"1e308", 1e308},
      {"5e-324", 5e-324},
      {"1e-400", 0.0},
      {"-1e-400", -0.0},
      {"123456789012345678901234567890", 123456789012345678901234567890.0},
      {"9007199254740993", 9007199254740992.0},  // Half way: to even.
      {"0.30000000000000004", 0.30000000000000004},
      {"179769313486231570000e288", 1.7976931348623157e308},
  };
  for (const auto& [text, expected] : cases) {
    double out = 77.0;
    ASSERT_TRUE(parse_double(text, out)) << text;
    EXPECT_EQ(std::bit_cast<std::uint64_t>(out), std::bit_cast<std::uint64_t>(expected)) << text;
  }
}

TEST(ParseDouble, RefusesTheRest) {
  for (const std::string_view text :
       {"",  " 1", "1 ", "nan", "NaN", "inf", "-inf", "infinity", "-nan",  "0x10",   "1,5", "1.2.3", ".",    "-",
        "+", "-.", "e5", "1e",  "1e+", "--1", "+-1",  "abc",      "1e400", "-1e400", "1d5", "$1",    "1_000"}) {
    double out = 77.0;
    EXPECT_FALSE(parse_double(text, out)) << text;
    EXPECT_EQ(out, 77.0) << text;
  }
  double out = 77.0;
  EXPECT_FALSE(parse_double(std::string_view("1\0", 2), out));
}

TEST(ParseDouble, AgreesWithStrtod) {
  Random random(41, 0);
  for (int i = 0; i < 50'000; ++i) {
    std::string text = std::to_string(random.next_below(std::uint64_t{1} << random.next_below(63)));
    if (const std::uint64_t place = random.next_below(text.size() + 1); place < text.size()) {
      text.insert(place, ".");
    }
    if (random.next_below(4) == 0) {
      text += "e" + std::to_string(static_cast<int>(random.next_below(600)) - 300);
    }
    double out = 0.0;
    const double expected = std::strtod(text.c_str(), nullptr);
    if (std::isfinite(expected)) {
      ASSERT_TRUE(parse_double(text, out)) << text;
      ASSERT_EQ(std::bit_cast<std::uint64_t>(out), std::bit_cast<std::uint64_t>(expected)) << text;
    }
  }
}

TEST(ParseInt, ReadsWholeNumbers) {
  std::int64_t out = 0;
  EXPECT_TRUE(parse_int("-42", out));
  EXPECT_EQ(out, -42);
  EXPECT_TRUE(parse_int("+7", out));
  EXPECT_EQ(out, 7);
  EXPECT_TRUE(parse_int("9223372036854775807", out));
  EXPECT_EQ(out, std::numeric_limits<std::int64_t>::max());
  for (const std::string_view text : {"", "1.0", "1e3", " 1", "1 ", "9223372036854775808", "+-1", "-", "+", "x"}) {
    EXPECT_FALSE(parse_int(text, out)) << text;
  }
}

TEST(Shortest, HasFewDigitsAndReadsBack) {
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(1e-7), "1e-07");
  EXPECT_EQ(shortest(100'000.0), "100000");
  EXPECT_EQ(shortest(1.0), "1");
  EXPECT_EQ(shortest(0.0), "0");
  EXPECT_EQ(shortest(-2.5), "-2.5");
  EXPECT_EQ(shortest(1e16), "1e+16");
  EXPECT_EQ(shortest(123456789012345.6), "123456789012345.6");
  EXPECT_EQ(shortest(0.0001), "0.0001");
  EXPECT_EQ(shortest(5e-324), "5e-324");
  Random random(42, 0);
  for (int i = 0; i < 20'000; ++i) {
    const double value = i % 2 == 0 ? std::bit_cast<double>(random.next_bits()) : 1e6 * random.next_uniform();
    double back = 0.0;
    if (std::isfinite(value)) {
      ASSERT_TRUE(parse_double(shortest(value), back)) << shortest(value);
      ASSERT_EQ(back, value);
    }
  }
}

TEST(Fixed, HasNoNegativeZero) {
  EXPECT_EQ(fixed(-0.0001, 2), "0.00");
  EXPECT_EQ(fixed(-0.0, 0), "0");
  EXPECT_EQ(fixed(-0.01, 2), "-0.01");
  EXPECT_EQ(fixed(1234.5678, 3), "1234.568");
  EXPECT_EQ(fixed(2.5, 0), "2");  // The exact tie goes to even, as printf's.
}

TEST(SignedFixed, AlwaysShowsTheSignOfWhatIsShown) {
  EXPECT_EQ(signed_fixed(0.031, 3), "+0.031");
  EXPECT_EQ(signed_fixed(-0.031, 3), "-0.031");
  EXPECT_EQ(signed_fixed(0.0001, 2), "0.00");
  EXPECT_EQ(signed_fixed(-0.0001, 2), "0.00");
}

TEST(Grouped, PutsCommas) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1'261'004), "1,261,004");
  EXPECT_EQ(grouped(-123'456), "-123,456");
  EXPECT_EQ(grouped(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(JoinSome, NamesTheFirstAndCountsTheRest) {
  EXPECT_EQ(join_some(std::vector<std::string>{}), "");
  EXPECT_EQ(join_some(std::vector<std::string>{"a", "b", "c"}, 3), "a, b, c");
  EXPECT_EQ(join_some(std::vector<std::string>{"a", "b", "c"}, 2), "a, b and 1 more");
  EXPECT_EQ(join_some(std::vector<std::string>(3000, "x"), 1), "x and 2,999 more");
}

}  // namespace
}  // namespace lode
