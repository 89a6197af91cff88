// Windows of every length: a series, which folds several blocks of bars side by side where they are short enough, gives
// the bits of its stream, which folds bar after bar. And what is counted or looked for in a window, among equals.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/core/indicator/stream.h"
#include "lode/core/indicator/test_bars.h"

namespace lode::indicator {
namespace {

constexpr std::size_t kBars = 1300;  // More than two stretches.

// The first bar where the stream differs from the series.
std::size_t first_difference(const Choice& choice, const SeriesSet& inputs) {
  const SeriesSet expected = run(choice, inputs);
  Stream stream(choice);
  std::vector<double> bar(inputs.size());
  std::vector<double> out(expected.size());
  for (std::size_t t = 0; t < inputs.front().size(); ++t) {
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      bar[k] = inputs[k][t];
    }
    stream.update(bar, out);
    for (std::size_t k = 0; k < out.size(); ++k) {
      if (!is_same(out[k], expected[k][t])) {
        return t;
      }
    }
  }
  return std::string::npos;
}

void expect_bits(std::string_view name, Profile profile, double length) {
  Choice choice = must(choose(name, {}, profile));
  choice.values[0] = length;
  Random random(31, static_cast<std::uint64_t>(length));
  EXPECT_EQ(first_difference(choice, random_inputs(choice.spec(), random, kBars, 0.0)), std::string::npos)
      << name_of(choice);
}

TEST(IndicatorWindow, ASeriesGivesTheBitsOfItsStreamWhateverTheLength) {
  for (const std::string_view name : {"sum", "max", "wma", "linearreg", "var", "bbands", "correl", "beta", "kama"}) {
    for (int length = 2; length <= 140; length += length < 40 ? 1 : 7) {
      expect_bits(name, Profile::kTalib064, length);
    }
    expect_bits(name, Profile::kTalib064, 600.0);  // Longer than a stretch.
  }
}

TEST(IndicatorWindow, AScanForAnExtremeComesUponTheSameOfEquals) {
  for (const std::string_view name : {"maxindex", "minindex", "minmaxindex"}) {
    for (const Profile profile : {Profile::kLode, Profile::kTalib064}) {
      for (const double length : {2.0, 3.0, 4.0, 5.0, 7.0, 8.0, 9.0, 30.0, 31.0, 100.0, 512.0, 513.0}) {
        expect_bits(name, profile, length);
      }
    }
  }
}

TEST(IndicatorWindow, ARankCountsWhatIsBelowAndAShareOfWhatIsEqual) {
  for (const auto& [length, share] : {std::pair(1.0, 0.5), std::pair(9.0, 0.3), std::pair(252.0, 1.0)}) {
    Choice choice = must(choose("runpercentrank"));
    choice.values = {length, share};
    Random random(32, static_cast<std::uint64_t>(length));
    const SeriesSet inputs = random_inputs(choice.spec(), random, kBars, 0.0);
    const Series& x = inputs[0];
    const SeriesSet ranks = run(choice, inputs);
    const auto n = static_cast<std::size_t>(length);
    int equals = 0;
    for (std::size_t t = n - 1; t < kBars; ++t) {
      int below = 0;
      int equal = 0;
      for (std::size_t k = t + 1 - n; k <= t; ++k) {
        below += x[k] < x[t] ? 1 : 0;
        equal += x[k] == x[t] ? 1 : 0;
      }
      equals += equal - 1;
      EXPECT_DOUBLE_EQ(ranks[0][t], (below + share * equal) / length) << name_of(choice) << " at " << t;
    }
    EXPECT_EQ(equals > 0, n > 1);  // The bars have some, or nothing is tried.
    EXPECT_EQ(first_difference(choice, inputs), std::string::npos) << name_of(choice);
  }
}

}  // namespace
}  // namespace lode::indicator
