// Every name of TA-Lib against what TA-Lib 0.6.4 answers (test/oracle/talib064.tsv, made by
// bench/indicators/compare.py, which compares far more series where the wheel is installed), and those that the 0.8
// wheel added, the types of averages that it did, and closes outside low..high and prices through 0, against that one
// (talib082.tsv).
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/test_oracle.h"

namespace lode::indicator {
namespace {

TEST(TaLib, EveryNameAnswersAsTaLibDoes) {
  EXPECT_GT(compare_with("talib064.tsv", Profile::kTalib064, true), 1500u) << "the file is cut off";
}

TEST(TaLib, TheNamesAddedSinceAnswerAsTheNewWheelDoes) {
  EXPECT_GT(compare_with("talib082.tsv", Profile::kTalib08, true), 1300u) << "the file is cut off";
}

}  // namespace
}  // namespace lode::indicator
