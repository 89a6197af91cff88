// Many jobs in one panel run: what they share changes no bit of what each answers alone.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/panel_run.h"

#include <gtest/gtest.h>
#include <algorithm>

#include "lode/base/must.h"
#include "lode/core/indicator/engine/shelf.h"
#include "lode/core/indicator/test_bars.h"

namespace lode::indicator {
namespace {

constexpr std::size_t kBars = 2 * 128 + 37;  // Two blocks and a part of one.
constexpr std::size_t kColumns = 256 + 39;   // Two parts, the second of three groups, the last not whole.
constexpr std::size_t kLooked = 21;          // From one column that is looked at to the next.

// Open, high, low and close of kColumns instruments, row-major.
struct Market {
  SeriesSet panels = SeriesSet(4, Series(kBars* kColumns));

  Market(Random& random, double gaps) {
    for (std::size_t c = 0; c < kColumns; ++c) {
      const Spec& spec = must(find_indicator("cdldoji"))->spec;
      const SeriesSet bars = random_inputs(spec, random, kBars, c < 16 || c % 3 == 0 ? 0.0 : gaps);
      for (std::size_t k = 0; k < panels.size(); ++k) {
        for (std::size_t t = 0; t < kBars; ++t) {
          panels[k][t * kColumns + c] = bars[k][t];
        }
      }
    }
  }
};

std::size_t panel_of(Input input) {
  return input == Input::kOpen ? 0 : input == Input::kHigh ? 1 : input == Input::kLow ? 2 : 3;
}
bool is_price(Input input) { return input == Input::kReal || input == Input::kClose || panel_of(input) != 3; }

Series column_of(const double* panel, std::size_t c) {
  Series out(kBars);
  for (std::size_t t = 0; t < kBars; ++t) {
    out[t] = panel[t * kColumns + c];
  }
  return out;
}

// Choices of everything that reads prices alone, each of a market or of a mixture of two.
struct Set {
  std::vector<Choice> choices;
  std::vector<Job> jobs;
  std::vector<SeriesSet> outputs;

  Set(const std::vector<Market>& markets, Random& random) {
    for (const Indicator* one : all_indicators()) {
      if (std::ranges::all_of(one->spec.inputs, is_price)) {
        const int copies = one->spec.family == "cycle" ? 3 : 1;
        for (int copy = 0; copy < copies; ++copy) {
          choices.push_back(random_choice(*one, random, Profile::kLode));
        }
      }
    }
    for (std::size_t k = choices.size() - 1; k > 0; --k) {
      std::swap(choices[k], choices[random.next_below(k + 1)]);
    }
    for (const Choice& choice : choices) {
      Job job{.choice = &choice, .inputs = {}, .outputs = {}};
      const std::size_t first = random.next_below(2);
      const std::size_t close = random.next_uniform() < 0.2 ? 1 - first : first;
      for (const Input input : choice.spec().inputs) {
        const std::size_t panel = panel_of(input);
        job.inputs.push_back(markets[panel == 3 ? close : first].panels[panel].data());
      }
      SeriesSet& cells = outputs.emplace_back(choice.spec().outputs.size(), Series(kBars * kColumns));
      for (Series& output : cells) {
        job.outputs.push_back(output.data());
      }
      jobs.push_back(std::move(job));
    }
  }
};

void expect_each_as_alone(double gaps, std::uint64_t stream) {
  Random random(41, stream);
  std::vector<Market> markets;
  markets.emplace_back(random, gaps);
  markets.emplace_back(random, gaps);
  Set set(markets, random);
  ASSERT_GT(set.jobs.size(), 150U);
  Pool pool(2);
  run_panel(set.jobs, kBars, kColumns, pool);
  for (const Job& job : set.jobs) {
    for (std::size_t c = 0; c < kColumns; c += kLooked) {
      SeriesSet inputs;
      for (const double* input : job.inputs) {
        inputs.push_back(column_of(input, c));
      }
      const SeriesSet expected = run(*job.choice, inputs);
      for (std::size_t k = 0; k < expected.size(); ++k) {
        const Series got = column_of(job.outputs[k], c);
        ASSERT_TRUE(std::ranges::equal(got, expected[k], is_same)) << name_of(*job.choice) << " of " << c;
      }
    }
  }
}

TEST(PanelRun, JobsInAnyOrderAnswerAsEachAlone) {
  for (std::uint64_t stream = 1; stream <= 3; ++stream) {
    expect_each_as_alone(0.0, stream);
  }
}

TEST(PanelRun, JobsAnswerAsEachAloneAcrossGaps) {
  for (std::uint64_t stream = 11; stream <= 13; ++stream) {
    expect_each_as_alone(0.01, stream);
  }
}

// Sums its input and counts the blocks it was walked over.
struct Total final : Shelf::Part {
  static constexpr int kInputs = 1;
  explicit Total(int number) : sum(number) {}
  void walk(const Call& call) {
    ++blocks;
    for (std::size_t t = 0; t < call.rows; ++t) {
      sum += call.inputs[0][t];
    }
  }
  double sum;
  int blocks = 0;
};
// Follows Total.
struct Twice final : Shelf::Part {
  static constexpr int kInputs = 1;
  explicit Twice(int /*number*/) {}
  void walk(const Call& call) { value = 2.0 * call.shelf->of<Total>(call, 5).sum; }
  double value = 0.0;
};

TEST(Shelf, APartIsWalkedOnceABlockAndKeptFromOneToTheNext) {
  const double cells[] = {1.0, 2.0, 4.0};
  const double others[] = {10.0, 20.0, 40.0};
  const double* const input[] = {cells};
  const double* const other[] = {others};
  Shelf shelf;
  const Call call = {.inputs = input, .rows = 2, .shelf = &shelf};
  const Call beside = {.inputs = other, .rows = 2, .shelf = &shelf};
  EXPECT_EQ(shelf.of<Twice>(call).value, 16.0);
  const Total& total = shelf.of<Total>(call, 5);
  EXPECT_EQ(&total, &shelf.of<Total>(call, 5));
  EXPECT_EQ(total.sum, 8.0);
  EXPECT_EQ(total.blocks, 1);
  EXPECT_EQ(shelf.of<Total>(call, 0).sum, 3.0);  // Another number, other inputs: another part.
  EXPECT_EQ(shelf.of<Total>(beside, 5).sum, 35.0);
  shelf.turn();
  EXPECT_EQ(total.blocks, 1);  // Nobody has asked.
  EXPECT_EQ(shelf.of<Twice>(call).value, 22.0);
  EXPECT_EQ(total.blocks, 2);
  EXPECT_EQ(total.sum, 11.0);
}

}  // namespace
}  // namespace lode::indicator
