// Streams: the same bits and states whatever the CPU has, and what an update may be given. The laws hold all indicators
// to the bits of their series.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "hwy/targets.h"
#include "lode/base/must.h"
#include "lode/core/indicator/test_bars.h"

namespace lode::indicator {
namespace {

constexpr std::size_t kBars = 90;

std::vector<double> bar_of(const SeriesSet& inputs, std::size_t t) {
  std::vector<double> bar;
  for (const Series& one : inputs) {
    bar.push_back(one[t]);
  }
  return bar;
}

// The stream's answers to bars `begin` to `end`, bar by bar, behind `answers`.
void feed(Stream& stream, const SeriesSet& inputs, std::size_t begin, std::size_t end, Series& answers) {
  std::vector<double> out(stream.choice().spec().outputs.size());
  for (std::size_t t = begin; t < end; ++t) {
    stream.update(bar_of(inputs, t), out);
    answers.insert(answers.end(), out.begin(), out.end());
  }
}

bool are_same(const Series& x, const Series& y) {
  return x.size() == y.size() &&
         std::equal(x.begin(), x.end(), y.begin(), [](double a, double b) { return is_same(a, b); });
}

// All targets of this program that the CPU has, as bits; afterwards the widest is chosen again.
class Targets {
 public:
  Targets() {
    for (std::int64_t bit = 1; bit != 0 && bit <= supported_; bit <<= 1) {
      if ((supported_ & bit) != 0) {
        bits_.push_back(bit);
      }
    }
  }
  ~Targets() {
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(supported_);
  }
  Targets(const Targets&) = delete;
  Targets& operator=(const Targets&) = delete;

  const std::vector<std::int64_t>& bits() const { return bits_; }
  static void choose(std::int64_t bit) {
    hwy::SetSupportedTargetsForTest(bit);
    hwy::GetChosenTarget().Update(bit);
  }

 private:
  std::int64_t supported_ = hwy::SupportedTargets();
  std::vector<std::int64_t> bits_;
};

TEST(Stream, AStateSavedOnOneCpuGoesOnWithTheSameBitsOnAnother) {
  std::uint64_t number = 0;
  const Targets targets;
  for (const Indicator* one : all_indicators()) {
    Random random(21, ++number);
    const Choice choice = random_choice(*one, random, number % 2 == 0 ? Profile::kLode : Profile::kTalib08);
    const SeriesSet inputs = random_inputs(one->spec, random, kBars, number % 3 == 0 ? 0.03 : 0.0);
    std::string half;  // Of the target before.
    Series expected;
    std::string end;
    for (const std::int64_t bit : targets.bits()) {
      Targets::choose(bit);
      Stream stream(choice);
      Series answers;
      feed(stream, inputs, 0, kBars / 2, answers);
      if (!half.empty()) {
        EXPECT_EQ(stream.save(), half) << one->spec.name << " target " << bit;
        stream = Stream(choice);
        must(stream.load(half));
      }
      half = stream.save();
      feed(stream, inputs, kBars / 2, kBars, answers);
      if (end.empty()) {
        expected = answers;
        end = stream.save();
      }
      EXPECT_TRUE(are_same(answers, expected)) << one->spec.name << " target " << bit;
      EXPECT_EQ(stream.save(), end) << one->spec.name << " target " << bit;
    }
  }
}

TEST(Stream, AnswersMayBeWrittenOverTheBar) {
  std::uint64_t number = 0;
  for (const Indicator* one : all_indicators()) {
    Random random(22, ++number);
    const Choice choice = random_choice(*one, random, Profile::kLode);
    const SeriesSet inputs = random_inputs(one->spec, random, kBars, 0.02);
    const std::size_t width = inputs.size();
    const std::size_t answers = one->spec.outputs.size();
    Stream apart(choice);
    Stream over(choice);
    Series expected(answers);
    for (std::size_t t = 0; t < kBars; ++t) {
      Series cells = bar_of(inputs, t);
      apart.update(cells, expected);
      cells.resize(std::max(width, answers));
      over.update({cells.data(), width}, {cells.data(), answers});
      cells.resize(answers);
      ASSERT_TRUE(are_same(cells, expected)) << one->spec.name << " bar " << t;
    }
  }
}

TEST(Stream, AMissingBarThatHasLeftTheWindowIsNotInTheState) {
  std::uint64_t number = 0;
  int tried = 0;
  for (const Indicator* one : all_indicators()) {
    Random random(23, ++number);
    const Choice choice = random_choice(*one, random, Profile::kLode);
    const auto lookback = static_cast<std::size_t>(choice.lookback());
    if (choice.missing() != Missing::kWindow) {
      continue;
    }
    ++tried;
    const std::size_t gap = 1 + random.next_below(2 * lookback + 2);
    const std::size_t bars = gap + 3 * lookback + 3;
    const SeriesSet known = random_inputs(one->spec, random, bars, 0.0);
    SeriesSet missing = known;
    SeriesSet nought = known;
    missing.back()[gap] = kNan;
    for (Series& series : nought) {
      series[gap] = 0.0;
    }
    Stream stream(choice);
    Stream other(choice);
    Series answers;
    Series others;
    feed(stream, missing, 0, gap + 1, answers);
    feed(other, nought, 0, gap + 1, others);
    EXPECT_NE(stream.save(), other.save()) << one->spec.name;
    feed(stream, missing, gap + 1, bars, answers);
    feed(other, nought, gap + 1, bars, others);
    EXPECT_EQ(stream.save(), other.save()) << one->spec.name << " " << gap << " of " << bars;
  }
  EXPECT_GT(tried, 50);
}

TEST(Stream, TakesOneValueAnInputAndGivesOneAnOutput) {
  Stream stream(must(choose("sma")));
  Series two(2);
  Series one(1);
  EXPECT_DEATH(stream.update(two, one), "inputs_");
  EXPECT_DEATH(stream.update(one, two), "outputs_");
  EXPECT_DEATH(stream.peek(two, one), "inputs_");
}

TEST(Stream, AMovedStreamGoesOn) {
  Stream first(must(choose("macd")));
  Stream second(must(choose("macd")));
  const SeriesSet inputs = {Series(200, 5.0)};
  Series expected;
  Series answers;
  feed(first, inputs, 0, 100, expected);
  feed(second, inputs, 0, 100, answers);
  Stream third = std::move(second);
  feed(first, inputs, 100, 200, expected);
  feed(third, inputs, 100, 200, answers);
  EXPECT_TRUE(are_same(answers, expected));
}

}  // namespace
}  // namespace lode::indicator
