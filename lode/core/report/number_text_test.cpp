// How numbers are printed.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/number_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lode::report {
namespace {

// "_" stands for the thin space and "~" for the minus sign.
std::string plain(std::string text) {
  const auto swap_all = [&](std::string_view from, char to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from)) {
      text.replace(at, from.size(), 1, to);
    }
  };
  swap_all(kThinSpace, '_');
  swap_all(kMinus, '~');
  return text;
}

TEST(NumberText, HasThreeSignificantDigitsASignAndAUnit) {
  struct Case {
    double value;
    Style style;
    const char* text;
  };
  const Case cases[] = {
      {0.02434, Style::kCoefficient, "+0.0243"},
      {-0.02434, Style::kCoefficient, "~0.0243"},
      {0.412, Style::kCoefficient, "+0.412"},
      {0.1166, Style::kReturn, "+11.7_%"},
      {-0.1748, Style::kReturn, "~17.5_%"},
      {2.789, Style::kReturn, "+279_%"},
      {12.345, Style::kReturn, "+1_234_%"},
      {0.0111, Style::kReturn, "+1.11_%"},
      {0.00514, Style::kReturn, "+0.51_%"},
      {0.642, Style::kShare, "64.2_%"},
      {1.0, Style::kShare, "100_%"},
      {4.1, Style::kT, "+4.10"},
      {-13.62, Style::kT, "~13.6"},
      {0.2149, Style::kDecimal, "0.215"},
      {1260667, Style::kCount, "1_260_667"},
      {999, Style::kCount, "999"},
      {-1234, Style::kCount, "~1_234"},
      {11.43, Style::kBasisPoints, "11.4_bp"},
      {0.000312, Style::kDailyReturn, "+3.12_bp"},
      {11.84, Style::kSessions, "11.8"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(plain(number_text(one.value, one.style)), one.text) << one.value;
  }
}

TEST(NumberText, RoundingNeverAddsADigit) {
  EXPECT_EQ(number_text(9.996, Style::kT), "+10.0");
  EXPECT_EQ(plain(number_text(0.09999, Style::kReturn)), "+10.0_%");
  EXPECT_EQ(plain(number_text(0.9999, Style::kShare)), "100_%");
  EXPECT_EQ(plain(number_text(999.6, Style::kCount)), "1_000");
}

TEST(NumberText, NeverPrintsANegativeZero) {
  for (const Style style : {Style::kCoefficient, Style::kReturn, Style::kShare, Style::kT, Style::kDecimal,
                            Style::kCount, Style::kBasisPoints, Style::kDailyReturn, Style::kSessions}) {
    for (const double value : {-0.0, 0.0, -1e-12, 1e-12}) {
      const std::string text = number_text(value, style);
      EXPECT_EQ(text.find(kMinus), std::string::npos) << text;
      EXPECT_EQ(text.find('+'), std::string::npos) << text;
      EXPECT_EQ(text.front(), '0') << text;
    }
  }
}

TEST(NumberText, MissingIsADash) {
  for (const double value : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(number_text(value, Style::kReturn), kMissing);
    EXPECT_EQ(bare_number_text(value, Style::kT), kMissing);
    EXPECT_EQ(bare_number_text(value, Style::kT, 2), kMissing);
    EXPECT_EQ(interval_text(value, 1.0, 2.0, Style::kT), kMissing);
  }
}

TEST(NumberText, AnIntervalSharesTheDecimalsOfItsValue) {
  EXPECT_EQ(plain(interval_text(0.0243, 0.0129, 0.03571, Style::kCoefficient)), "+0.0243 (+0.0129 .. +0.0357)");
  EXPECT_EQ(plain(interval_text(0.103, 0.0741, 0.1319, Style::kReturn)), "+10.3_% (+7.4 .. +13.2)");
  EXPECT_EQ(interval_text(0.5, std::nan(""), 1.0, Style::kDecimal), "0.500");
  EXPECT_EQ(range_text(0.5, std::nan(""), 1.0, Style::kDecimal), kMissing);
}

TEST(NumberText, TicksHaveTheDecimalsOfTheirStep) {
  EXPECT_EQ(tick_text(0.05, 0.05, Style::kCoefficient), "+0.05");
  EXPECT_EQ(plain(tick_text(-0.025, 0.025, Style::kCoefficient)), "~0.025");
  EXPECT_EQ(tick_text(0.0, 0.05, Style::kCoefficient), "0");
  EXPECT_EQ(plain(tick_text(4.0, 1.0, Style::kReturn)), "+400_%");
  EXPECT_EQ(plain(tick_text(0.0, 1.0, Style::kReturn)), "0_%");
  EXPECT_EQ(plain(tick_text(200.0, 200.0, Style::kCount)), "200");
  EXPECT_EQ(plain(tick_text(0.3, 0.1, Style::kReturn)), "+30_%");
}

TEST(NumberText, ACostIsPrintedAsItWasAsked) {
  EXPECT_EQ(plain(cost_text(10.0)), "10_bp");
  EXPECT_EQ(plain(cost_text(2.5)), "2.5_bp");
  EXPECT_EQ(plain(cost_text(0.0)), "0_bp");
}

}  // namespace
}  // namespace lode::report
