// Laws that every indicator of the catalog obeys, tried on random parameters and random bars with gaps. A new indicator
// is tried by being there.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/base/test_rounds.h"
#include "lode/core/indicator/stream.h"
#include "lode/core/indicator/test_bars.h"

namespace lode::indicator {
namespace {

constexpr std::size_t kBars = 110;
constexpr Profile kProfiles[] = {Profile::kLode, Profile::kTalib064, Profile::kTalib08, Profile::kTulip, Profile::kTtr};

struct Try {
  Choice choice;
  SeriesSet inputs;
  SeriesSet outputs;
};

// Calls law(a try, random) for each indicator, some rounds with gaps and some without.
template <class Law>
void for_each_try(std::uint64_t seed, Law law) {
  std::uint64_t stream = 0;
  int turn = 0;  // So that each profile meets gaps, with one indicator or the next.
  for (const Indicator* one : all_indicators()) {
    ++turn;
    for (int round = 0; round < test_rounds(5); ++round) {
      Random random(seed, ++stream);
      Try tried;
      tried.choice = random_choice(*one, random, kProfiles[round % 5]);
      const double gaps = (round + turn) % 2 == 0 ? 0.0 : 0.03;
      tried.inputs = random_inputs(one->spec, random, kBars, gaps, round == 3 ? 1e-6 : 20.0);
      tried.outputs = run(tried.choice, tried.inputs);
      law(tried, random);
    }
  }
}

std::vector<double> bar_of(const SeriesSet& set, std::size_t t) {
  std::vector<double> out;
  for (const Series& one : set) {
    out.push_back(one[t]);
  }
  return out;
}

// The first bar where they differ, from `begin` on; npos where none does.
std::size_t difference(const SeriesSet& x, const SeriesSet& y, std::size_t begin = 0) {
  for (std::size_t t = begin; t < x.front().size(); ++t) {
    for (std::size_t k = 0; k < x.size(); ++k) {
      if (!is_same(x[k][t], y[k][t])) {
        return t;
      }
    }
  }
  return std::string::npos;
}

bool is_gap(const SeriesSet& inputs, std::size_t t) {
  return std::ranges::any_of(inputs, [&](const Series& one) { return std::isnan(one[t]); });
}

TEST(IndicatorLaws, AStreamGivesTheBitsOfTheSeries) {
  for_each_try(1, [](const Try& tried, Random&) {
    Stream stream(tried.choice);
    SeriesSet outputs = tried.outputs;
    std::vector<double> out(outputs.size());
    for (std::size_t t = 0; t < kBars; ++t) {
      stream.update(bar_of(tried.inputs, t), out);
      for (std::size_t k = 0; k < out.size(); ++k) {
        outputs[k][t] = out[k];
      }
    }
    EXPECT_EQ(difference(outputs, tried.outputs), std::string::npos) << name_of(tried.choice);
  });
}

// Longer than what a machine walks at once, the first gaps in the second stretch, none in the last.
TEST(IndicatorLaws, AStreamGivesTheBitsOfALongSeries) {
  constexpr std::size_t kLong = 1700;
  std::uint64_t stream_number = 0;
  for (const Indicator* one : all_indicators()) {
    for (const auto& [gaps, window] :
         {std::pair(0.0, 12.0), std::pair(0.01, 12.0), std::pair(0.01, 300.0), std::pair(0.002, 0.0)}) {
      Random random(12, ++stream_number);
      const Profile profile = kProfiles[random.next_below(5)];
      const Choice choice =
          window > 0.0 ? random_choice(*one, random, profile, window) : must(choose(one->spec.name, {}, profile));
      SeriesSet inputs = random_inputs(one->spec, random, kLong, 0.0);
      const SeriesSet holed = random_inputs(one->spec, random, kLong, gaps);
      for (std::size_t k = 0; k < inputs.size(); ++k) {
        for (std::size_t t = 700; t < 1500; ++t) {
          inputs[k][t] = is_gap({holed[k]}, t) ? holed[k][t] : inputs[k][t];
        }
      }
      const SeriesSet expected = run(choice, inputs);
      Stream stream(choice);
      SeriesSet outputs = expected;
      std::vector<double> out(outputs.size());
      for (std::size_t t = 0; t < kLong; ++t) {
        stream.update(bar_of(inputs, t), out);
        for (std::size_t k = 0; k < out.size(); ++k) {
          outputs[k][t] = out[k];
        }
      }
      EXPECT_EQ(difference(outputs, expected), std::string::npos) << name_of(choice) << " gaps " << gaps;
    }
  }
}

// What is shown under `--unstable auto` has forgotten how the series began.
TEST(IndicatorLaws, WhatHasFadedIsForgotten) {
  constexpr std::size_t kDropped = 7;
  constexpr double kForgotten = 1e-11;  // Of the largest answer: ten roundings of what is 1e-12 of a seed.
  std::uint64_t stream_number = 0;
  for (const Indicator* one : all_indicators()) {
    Choice choice = must(choose(one->spec.name));
    const int fade = bars_to_fade(choice);
    if (fade == 0) {
      continue;
    }
    choice.unstable = fade;
    Random random(13, ++stream_number);
    const auto first = static_cast<std::size_t>(choice.lookback()) + kDropped;
    const SeriesSet inputs = random_inputs(one->spec, random, first + 300, 0.0);
    SeriesSet later = inputs;
    for (Series& input : later) {
      input.erase(input.begin(), input.begin() + kDropped);
    }
    const SeriesSet whole = run(choice, inputs);
    const SeriesSet cut = run(choice, later);
    for (std::size_t k = 0; k < whole.size(); ++k) {
      double largest = 0.0;
      double apart = 0.0;
      for (std::size_t t = first; t < whole[k].size(); ++t) {
        largest = std::fmax(largest, std::abs(whole[k][t]));
        apart = std::fmax(apart, std::abs(whole[k][t] - cut[k][t - kDropped]));
      }
      EXPECT_LE(apart, kForgotten * largest) << name_of(choice) << " output " << k << " after " << fade;
    }
  }
}

TEST(IndicatorLaws, LanesGiveTheBitsOfTheSeries) {
  Pool pool(2);
  for_each_try(2, [&](const Try& tried, Random& random) {
    constexpr std::size_t kColumns = 70;  // More than a block, and not whole.
    std::vector<SeriesSet> columns;
    SeriesSet inputs(tried.inputs.size(), Series(kBars * kColumns));
    SeriesSet outputs(tried.outputs.size(), Series(kBars * kColumns));
    for (std::size_t c = 0; c < kColumns; ++c) {
      columns.push_back(random_inputs(tried.choice.spec(), random, kBars, c % 3 == 0 && c > 16 ? 0.02 : 0.0));
      for (std::size_t k = 0; k < inputs.size(); ++k) {
        for (std::size_t t = 0; t < kBars; ++t) {
          inputs[k][t * kColumns + c] = columns[c][k][t];
        }
      }
    }
    Job job{.choice = &tried.choice, .inputs = {}, .outputs = {}};
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      job.inputs.push_back(inputs[k].data());
    }
    for (Series& output : outputs) {
      job.outputs.push_back(output.data());
    }
    run_panel({&job, 1}, kBars, kColumns, pool);
    for (std::size_t c = 0; c < kColumns; ++c) {
      SeriesSet column(outputs.size(), Series(kBars));
      for (std::size_t k = 0; k < outputs.size(); ++k) {
        for (std::size_t t = 0; t < kBars; ++t) {
          column[k][t] = outputs[k][t * kColumns + c];
        }
      }
      ASSERT_EQ(difference(column, run(tried.choice, columns[c])), std::string::npos)
          << name_of(tried.choice) << " " << c;
    }
  });
}

TEST(IndicatorLaws, LaterBarsChangeNothing) {
  for_each_try(3, [](const Try& tried, Random& random) {
    const std::size_t bars = 1 + random.next_below(kBars - 1);
    SeriesSet head = tried.inputs;
    SeriesSet expected = tried.outputs;
    for (Series& one : head) {
      one.resize(bars);
    }
    for (Series& one : expected) {
      one.resize(bars);
    }
    EXPECT_EQ(difference(expected, run(tried.choice, head)), std::string::npos) << name_of(tried.choice) << " " << bars;
  });
}

TEST(IndicatorLaws, ASavedStreamGoesOnAndAPeekChangesNothing) {
  for_each_try(4, [](const Try& tried, Random& random) {
    const std::size_t stop = random.next_below(kBars);
    Stream stream(tried.choice);
    std::vector<double> out(tried.outputs.size());
    std::vector<double> peeked(out.size());
    for (std::size_t t = 0; t < stop; ++t) {
      stream.update(bar_of(tried.inputs, t), out);
    }
    Stream copy = stream;
    Stream other(tried.choice);
    must(other.load(stream.save()));
    EXPECT_EQ(other.save(), stream.save());
    for (std::size_t t = stop; t < kBars; ++t) {
      other.peek(bar_of(tried.inputs, (t * 7) % kBars), peeked);
      other.peek(bar_of(tried.inputs, t), peeked);
      other.update(bar_of(tried.inputs, t), out);
      for (std::size_t k = 0; k < out.size(); ++k) {
        ASSERT_TRUE(is_same(out[k], tried.outputs[k][t]))
            << name_of(tried.choice) << " bar " << t << " saved at " << stop;
        ASSERT_TRUE(is_same(peeked[k], out[k])) << name_of(tried.choice) << " bar " << t;
      }
    }
    EXPECT_EQ(copy.save(), stream.save()) << "a copy is a stream of its own";
  });
}

// An output begins at its lookback, and (but for ratios that have no value) not later.
TEST(IndicatorLaws, TheFirstAnswerIsThatOfTheLookback) {
  for_each_try(5, [](const Try& tried, Random&) {
    int last = 0;
    for (std::size_t k = 0; k < tried.outputs.size(); ++k) {
      const auto lookback = static_cast<std::size_t>(tried.choice.lookback(k));
      std::size_t seen = 0;
      for (std::size_t t = 0; t < kBars; ++t) {
        EXPECT_FALSE(!std::isnan(tried.outputs[k][t]) && seen < lookback) << name_of(tried.choice) << " bar " << t;
        seen += tried.choice.missing() == Missing::kSkip && is_gap(tried.inputs, t) ? 0 : 1;
      }
      last = std::max(last, tried.choice.lookback(k));
    }
    EXPECT_EQ(tried.choice.lookback(), last) << name_of(tried.choice);
  });
}

TEST(IndicatorLaws, AWindowForgetsAGap) {
  for_each_try(6, [](const Try& tried, Random& random) {
    if (tried.choice.missing() != Missing::kWindow) {
      return;
    }
    SeriesSet filled = tried.inputs;
    for (Series& one : filled) {
      for (double& value : one) {
        value = std::isnan(value) ? 1.0 + 100.0 * random.next_uniform() : value;
      }
    }
    const SeriesSet other = run(tried.choice, filled);
    int age = tried.choice.lookback() + 1;  // Bars since the last gap.
    for (std::size_t t = 0; t < kBars; ++t) {
      age = is_gap(tried.inputs, t) ? 0 : age + 1;
      for (std::size_t k = 0; k < other.size(); ++k) {
        if (age <= tried.choice.lookback(k)) {
          ASSERT_TRUE(std::isnan(tried.outputs[k][t])) << name_of(tried.choice) << " bar " << t;
        } else {
          ASSERT_TRUE(is_same(tried.outputs[k][t], other[k][t])) << name_of(tried.choice) << " bar " << t;
        }
      }
    }
  });
}

TEST(IndicatorLaws, ARecursionSkipsAGap) {
  for_each_try(7, [](const Try& tried, Random&) {
    if (tried.choice.missing() != Missing::kSkip) {
      return;
    }
    SeriesSet pushed(tried.inputs.size());
    for (std::size_t t = 0; t < kBars; ++t) {
      for (std::size_t k = 0; k < pushed.size() && !is_gap(tried.inputs, t); ++k) {
        pushed[k].push_back(tried.inputs[k][t]);
      }
    }
    const SeriesSet other = run(tried.choice, pushed);
    std::size_t at = 0;
    for (std::size_t t = 0; t < kBars; ++t) {
      const bool gap = is_gap(tried.inputs, t);
      for (std::size_t k = 0; k < other.size(); ++k) {
        ASSERT_TRUE(is_same(tried.outputs[k][t], gap ? kNan : other[k][at])) << name_of(tried.choice) << " bar " << t;
      }
      at += gap ? 0 : 1;
    }
  });
}

TEST(IndicatorLaws, APointIsMissingWhereItsCellsAre) {
  for_each_try(8, [](const Try& tried, Random&) {
    if (tried.choice.missing() != Missing::kPoint || tried.choice.spec().name == "lag") {
      return;  // lag is not made of today's cell.
    }
    for (std::size_t t = 0; t < kBars; ++t) {
      for (const Series& one : tried.outputs) {
        EXPECT_TRUE(!is_gap(tried.inputs, t) || std::isnan(one[t])) << name_of(tried.choice) << " bar " << t;
      }
    }
  });
}

TEST(IndicatorLaws, NamesAreOneAndTold) {
  std::vector<std::string> names;
  for (const Indicator* one : all_indicators()) {
    names.emplace_back(one->spec.name);
    names.insert(names.end(), one->spec.aliases.begin(), one->spec.aliases.end());
    EXPECT_FALSE(one->spec.summary.empty() || one->spec.formula.empty() || one->spec.source.empty()) << one->spec.name;
    EXPECT_FALSE(one->spec.inputs.empty() || one->spec.outputs.empty()) << one->spec.name;
    EXPECT_TRUE(choose(one->spec.name).has_value()) << one->spec.name;
  }
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end()) << *std::ranges::adjacent_find(names);
}

}  // namespace
}  // namespace lode::indicator
