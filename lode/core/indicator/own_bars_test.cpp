// Bars pushed together count as the instrument's own history, and what comes of them goes back to their rows.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/own_bars.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace lode::indicator {
namespace {

using ::testing::ElementsAre;
using ::testing::NanSensitiveDoubleEq;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

auto same(double value) { return NanSensitiveDoubleEq(value); }

// Of the first instrument rows 1, 2 and 4 are bars, of the second all, of the third none.
const std::vector<double> kCloses = {kNone, 10, kNone,  // Row 0
                                     1,     11, kNone,  //
                                     2,     12, kNone,  //
                                     kNone, 13, kNone,  //
                                     4,     14, kNone};

TEST(OwnBarsOfInstruments, StandOneUnderAnotherFromTheFirstOn) {
  const OwnBars own(kCloses, 5, 3);
  EXPECT_TRUE(own.are_apart());
  std::vector<double> cells = kCloses;
  own.push_together(cells);
  EXPECT_THAT(cells, ElementsAre(same(kNone), 10, same(kNone), 1, 11, same(kNone), 2, 12, same(kNone), 4, 13,
                                 same(kNone), same(kNone), 14, same(kNone)));
  own.put_back(cells);
  for (std::size_t k = 0; k < cells.size(); ++k) {
    EXPECT_THAT(cells[k], same(kCloses[k])) << k;
  }
}

TEST(OwnBarsOfInstruments, AnEmptyCellOfABarStaysOne) {
  const OwnBars own(kCloses, 5, 3);
  std::vector<double> highs = {kNone, 10, kNone, 1, 11, kNone, kNone, 12, kNone, kNone, 13, kNone, 4, 14, kNone};
  own.push_together(highs);
  EXPECT_THAT(highs[2 * 3], same(kNone)) << "the second bar's, which has a close";
  EXPECT_EQ(highs[3 * 3], 4) << "the third bar";
}

TEST(OwnBarsOfInstruments, AnswersOfRowsWithoutABarAreMissing) {
  const OwnBars own(kCloses, 5, 3);
  std::vector<double> answers(15, 7.0);
  own.put_back(answers);
  EXPECT_THAT(answers, ElementsAre(same(kNone), 7, same(kNone), 7, 7, same(kNone), 7, 7, same(kNone), same(kNone), 7,
                                   same(kNone), 7, 7, same(kNone)));
}

TEST(OwnBarsOfInstruments, OneStretchMovesNothing) {
  const std::vector<double> late = {kNone, 1, 2, 3, kNone};
  const OwnBars own(late, 5, 1);
  EXPECT_FALSE(own.are_apart()) << "listed late, gone early";
  std::vector<double> cells = {9, 9, 9, 9, 9};
  own.push_together(cells);
  own.put_back(cells);
  EXPECT_THAT(cells, ElementsAre(9, 9, 9, 9, 9));
}

}  // namespace
}  // namespace lode::indicator
