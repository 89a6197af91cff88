// Numbers by path: what is printed, what is missing and why.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/page/figures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "lode/core/report/document/document_html.h"

namespace lode::report {
namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();

Figures sample() {
  return Figures({{"rank_ic.5d.mean", 0.02434, "ratio", 2514, 0.0129, 0.0357, "Mean.", ""},
                  {"spread.5d.net_annual", -0.0113, "ratio/yr", 2514, kNaN, kNaN, "Net.", ""},
                  {"ic.5d.mean", kNaN, "ratio", 3, kNaN, kNaN, "Mean.", "3 days, needs 60"},
                  {"group.<b>\".rank_ic", 0.01, "ratio", 9, kNaN, kNaN, "In the group.", ""},
                  {"no.reason", kNaN, "", 0, kNaN, kNaN, "None.", ""}});
}

TEST(Figures, APrintedNumberNamesItsPath) {
  EXPECT_EQ(to_html(sample().number("rank_ic.5d.mean", Style::kCoefficient)),
            "<span class=\"n\" data-why=\"rank_ic.5d.mean\">+0.0243</span>");
  EXPECT_EQ(to_html(sample().bare("spread.5d.net_annual", Style::kReturn)),
            "<span class=\"n\" data-why=\"spread.5d.net_annual\">\xE2\x88\x92"
            "1.13</span>");
}

TEST(Figures, AMissingNumberIsADashWithItsReason) {
  EXPECT_EQ(to_html(sample().number("ic.5d.mean", Style::kCoefficient)),
            "<span class=\"na\" data-why=\"ic.5d.mean\" title=\"3 days, needs 60\">\xE2\x80\x93</span>");
  EXPECT_NE(to_html(sample().number("no.reason", Style::kT)).find("title=\"no value\""), std::string::npos);
}

TEST(Figures, APathTheSheetDoesNotHaveCannotBeAsked) {
  const std::string html = to_html(sample().number("rank_ic.99d.mean", Style::kCoefficient));
  EXPECT_EQ(html.find("data-why"), std::string::npos);
  EXPECT_NE(html.find("not computed"), std::string::npos);
  EXPECT_EQ(sample().find("rank_ic.99d.mean"), nullptr);
  EXPECT_TRUE(std::isnan(sample().value("rank_ic.99d.mean")));
}

TEST(Figures, IntervalsAreShownWhereThereIsOne) {
  EXPECT_EQ(to_html(sample().range("rank_ic.5d.mean", Style::kCoefficient)),
            "<span class=\"range\">+0.0129 .. +0.0357</span>");
  EXPECT_EQ(to_html(sample().range("spread.5d.net_annual", Style::kReturn)), "");
  EXPECT_EQ(to_html(sample().range("ic.5d.mean", Style::kReturn)), "");
}

TEST(Figures, PathsOfGroupsAreEscaped) {
  EXPECT_NE(to_html(sample().number("group.<b>\".rank_ic", Style::kCoefficient))
                .find("data-why=\"group.&lt;b&gt;&quot;.rank_ic\""),
            std::string::npos);
}

TEST(Figures, ToneFollowsTheSign) {
  EXPECT_EQ(tone(0.1), "up");
  EXPECT_EQ(tone(-0.1), "down");
  EXPECT_EQ(tone(0.0), "");
  EXPECT_EQ(tone(kNaN), "");
}

TEST(Figures, HeatHasFiveStepsOfEitherSign) {
  EXPECT_EQ(heat(1.0, 1.0), "heat u5");
  EXPECT_EQ(heat(-0.2, 1.0), "heat d1");
  EXPECT_EQ(heat(0.21, 1.0), "heat u2");
  EXPECT_EQ(heat(7.0, 1.0), "heat u5") << "beyond the limit";
  EXPECT_EQ(heat(0.0, 1.0) + heat(kNaN, 1.0) + heat(1.0, 0.0), "");
}

}  // namespace
}  // namespace lode::report
