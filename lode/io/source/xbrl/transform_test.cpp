// Shown numbers and the numbers they stand for.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/xbrl/transform.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "lode/base/text.h"

namespace lode::source::xbrl {
namespace {

TEST(PlainNumber, ReadsEachFormatOfTheRegistries) {
  EXPECT_EQ(plain_number("1,234,567.80", "ixt:num-dot-decimal"), "1234567.80");
  EXPECT_EQ(plain_number("1,234", "ixt:numdotdecimal"), "1234");
  EXPECT_EQ(plain_number(" 1 234.5 ", "ixt:numspacedot"), "1234.5");
  EXPECT_EQ(plain_number("1.234.567,80", "ixt:num-comma-decimal"), "1234567.80");
  EXPECT_EQ(plain_number("1.234,5", "ixt:numdotcomma"), "1234.5");
  EXPECT_EQ(plain_number("1 234,5", "ixt:numspacecomma"), "1234.5");
  EXPECT_EQ(plain_number("1\xC2\xA0"
                         "234,5",
                         "ixt:numcommadecimal"),
            "1234.5")
      << "a no-break space";
  EXPECT_EQ(plain_number("1\xE2\x80\x89"
                         "234.5",
                         "ixt:numdotdecimal"),
            "1234.5")
      << "a thin space";
  EXPECT_EQ(plain_number("1'234.5", "ixt:num-dot-decimal-apos"), "1234.5");
  EXPECT_EQ(plain_number("\xE2\x80\x94", "ixt:fixed-zero"), "0");
  EXPECT_EQ(plain_number("-", "ixt:zerodash"), "0");
  EXPECT_EQ(plain_number("Twenty-two", "ixt-sec:numwordsen"), "22");
  EXPECT_EQ(plain_number("1234.5", ""), "1234.5");
}

TEST(PlainNumber, RefusesWhatIsNoSuchNumber) {
  EXPECT_FALSE(plain_number("1,234", "")) << "plain digits have no groups";
  EXPECT_FALSE(plain_number("", "ixt:num-dot-decimal"));
  EXPECT_FALSE(plain_number("-5", "ixt:num-dot-decimal")) << "a sign is said by the mark, never by the text";
  EXPECT_FALSE(plain_number("(5)", "ixt:num-dot-decimal"));
  EXPECT_FALSE(plain_number("1.2.3", "ixt:num-dot-decimal"));
  EXPECT_FALSE(plain_number("5", "ixt:date-day-month"));
  EXPECT_FALSE(plain_number("12 dollars", "ixt:num-dot-decimal"));
}

TEST(Scaled, MovesThePointAndRoundsNothing) {
  EXPECT_EQ(scaled("294866", 6), "294866000000");
  EXPECT_EQ(scaled("383.285", 9), "383285000000");
  EXPECT_EQ(scaled("67", -2), "0.67");
  EXPECT_EQ(scaled("67.5", -2), "0.675");
  EXPECT_EQ(scaled("0.30", 0), "0.3");
  EXPECT_EQ(scaled("007", 0), "7");
  EXPECT_EQ(scaled("0", 6), "0");
  EXPECT_EQ(scaled("120", -2), "1.2");
  EXPECT_EQ(scaled(".5", 1), "5");
  EXPECT_EQ(scaled("12345678901234567.89", 1), "123456789012345678.9") << "more digits than a double has";
  EXPECT_EQ(scaled("1e5", 0), "1e5");
  EXPECT_FALSE(scaled("1e5", 3));
  EXPECT_FALSE(scaled("1", 61));
  EXPECT_FALSE(scaled(".", 1));
}

TEST(NumberWords, ReadsEnglish) {
  EXPECT_EQ(number_words("no"), 0);
  EXPECT_EQ(number_words("None"), 0);
  EXPECT_EQ(number_words(" seven "), 7);
  EXPECT_EQ(number_words("two hundred and five"), 205);
  EXPECT_EQ(number_words("one million, two hundred thousand"), 1'200'000);
  EXPECT_EQ(number_words("nine trillion nine hundred ninety-nine billion"), 9'999'000'000'000);
}

TEST(NumberWords, RefusesWhatIsNoNumber) {
  for (const char* words :
       {"", "and", "two two", "twenty ten", "hundred", "eleven hundred", "thousand", "a few",
        "two thousand three million", "one-half", "zero five", "five zero", "no five", "twenty and"}) {
    if (std::string_view(words) == "twenty and") {
      EXPECT_EQ(number_words(words), 20) << "a filler at the end changes nothing";
      continue;
    }
    EXPECT_FALSE(number_words(words)) << words;
  }
}

// Independent: a speller that writes each number the way it is said.
std::string spelled(std::int64_t value) {
  static constexpr std::array<const char*, 20> kSmall = {
      "zero", "one",    "two",    "three",    "four",     "five",    "six",     "seven",     "eight",    "nine",
      "ten",  "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
  static constexpr std::array<const char*, 10> kTens = {"",      "",      "twenty",  "thirty", "forty",
                                                        "fifty", "sixty", "seventy", "eighty", "ninety"};
  static constexpr std::array<std::pair<std::int64_t, const char*>, 3> kGroups = {
      {{1'000'000'000, "billion"}, {1'000'000, "million"}, {1000, "thousand"}}};
  for (const auto& [size, name] : kGroups) {
    if (value >= size) {
      return spelled(value / size) + " " + name + (value % size == 0 ? "" : " " + spelled(value % size));
    }
  }
  if (value >= 100) {
    return spelled(value / 100) + " hundred" + (value % 100 == 0 ? "" : " and " + spelled(value % 100));
  }
  if (value >= 20) {
    return std::string(kTens[static_cast<std::size_t>(value / 10)]) +
           (value % 10 == 0 ? "" : "-" + spelled(value % 10));
  }
  return kSmall[static_cast<std::size_t>(value)];
}

TEST(NumberWords, ReadsEveryNumberAsItIsSpelled) {
  for (std::int64_t value = 0; value <= 20'000; ++value) {
    ASSERT_EQ(number_words(spelled(value)), value) << spelled(value);
  }
  for (std::int64_t value = 1; value < 900'000'000'000; value = value * 3 + 7) {
    ASSERT_EQ(number_words(spelled(value)), value) << spelled(value);
  }
}

}  // namespace
}  // namespace lode::source::xbrl
