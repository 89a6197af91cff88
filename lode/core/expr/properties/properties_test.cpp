// Laws that hold for every formula of the language, under every profile, in both precisions: no value depends on the
// future, on what has left the windows, on the order of instruments, on instruments outside the universe, on how the
// work is cut, or on whether the sessions come at once or one by one. To the last bit. Random formulas, random markets;
// rapidcheck gives the least of each that breaks a law.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/properties/test_law.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <numeric>

#include "lode/base/must.h"
#include "lode/core/expr/engine/plan.h"
#include "lode/core/expr/engine/run.h"
#include "lode/core/expr/properties/test_call.h"
#include "lode/core/expr/properties/test_choices.h"
#include "lode/core/expr/properties/test_market.h"
#include "lode/core/expr/random_formula.h"
#include "lode/core/expr/stream.h"

namespace lode::expr {
namespace {

using testing::Choices;
using testing::Instruments;
using testing::kStranger;
using testing::RandomMarket;

constexpr int kRounds = 40;
constexpr std::size_t kMostRows = 80;
constexpr std::size_t kMostNames = 37;  // Not a multiple of a register.

std::size_t drawn(std::size_t least, std::size_t most) { return *rc::gen::inRange<std::size_t>(least, most + 1); }

RandomMarket draw_market() {
  RandomMarket market(drawn(0, 1000));
  market.is_wild = drawn(0, 2) == 1;
  return market;
}

Instruments first_names(std::size_t count) {
  Instruments names(count);
  std::iota(names.begin(), names.end(), 0);
  return names;
}

bool same_cell(const Panel& a, std::size_t row, std::size_t column, const Panel& b, std::size_t other_row,
               std::size_t other_column) {
  if (a.precision() == Precision::kFloat64) {
    return std::memcmp(&a.row64(row)[column], &b.row64(other_row)[other_column], sizeof(double)) == 0;
  }
  return std::memcmp(&a.row32(row)[column], &b.row32(other_row)[other_column], sizeof(float)) == 0;
}

// True when some operator below the root answers `holds`.
template <class Predicate>
bool any_operator(const Program& program, Predicate holds) {
  return std::ranges::any_of(program.nodes,
                             [&](const Node& node) { return node.kind == NodeKind::kOperator && holds(node); });
}

// Among equal values ties=first ranks by column.
bool goes_by_column(const Node& node) {
  const std::string_view name = node.op->spec.name;
  return (name == "rank" || name == "group_rank") && node.options[0] == 3.0;
}

using Case = std::tuple<std::size_t, Precision>;

class Properties : public ::testing::TestWithParam<Case> {
 protected:
  const Profile& profile() const { return profiles()[std::get<0>(GetParam())]; }
  Precision precision() const { return std::get<1>(GetParam()); }

  // A formula of the catalog or of the grammar; discards what the profile refuses.
  Program draw_program() const {
    static const OperatorTable table;
    Choices choices(*rc::gen::arbitrary<std::vector<std::uint32_t>>());
    const int depth = 1 + static_cast<int>(choices.next_below(4));
    const std::string text = choices.next_below(4) == 3 ? testing::RandomFormula<Choices>(choices).expression(depth)
                                                        : testing::RandomCall(choices, table, profile()).call(depth);
    Result<Program> program = compile(text, profile(), table);
    RC_PRE(program.has_value());
    RC_LOG() << "formula: " << program->formulas[0] << std::endl;
    return std::move(*program);
  }

  Panel value(const Program& program, const Fields& fields) const {
    static Pool pool(1);
    return must(evaluate(program, fields, precision(), pool)).front();
  }

  // Counts what was compared, so that a law that was hardly tried is seen.
  void tried(const Panel& panel) { numbers_ += panel.valid_count() > 0 ? 1 : 0; }
  void TearDown() override { EXPECT_GT(numbers_, test_rounds(kRounds / 2) / 3) << "hardly any formula had a value"; }

 private:
  int numbers_ = 0;
};

TEST_P(Properties, TheFutureChangesNothing) {
  testing::expect_law(kRounds, [&] {
    const Program program = draw_program();
    const RandomMarket market = draw_market();
    const Instruments names = first_names(drawn(1, kMostNames));
    const std::size_t rows = drawn(1, kMostRows);
    const std::size_t cut = drawn(1, rows);
    const Panel whole = value(program, market.fields(rows, names));
    const Panel early = value(program, market.fields(cut, names));
    for (std::size_t row = 0; row < cut; ++row) {
      for (std::size_t column = 0; column < names.size(); ++column) {
        RC_ASSERT(same_cell(early, row, column, whole, row, column));
      }
    }
    tried(whole);
  });
}

// Damage a stretch of sessions of some names: what looks back less far than the stretch is away is as it was.
TEST_P(Properties, ABadValueLeavesNoTraceOnceOutOfTheWindow) {
  constexpr std::array kBad = {std::numeric_limits<double>::quiet_NaN(),
                               std::numeric_limits<double>::infinity(),
                               1e300,
                               -1e-300,
                               0.0,
                               12345.678};
  testing::expect_law(kRounds, [&] {
    const Program program = draw_program();
    RC_PRE(!any_operator(program, [](const Node& node) { return node.op->spec.recursive || node.op->state > 0; }));
    RandomMarket market = draw_market();
    const Instruments names = first_names(drawn(1, kMostNames));
    const std::size_t begin = drawn(RandomMarket::kLastListing + 1, kMostRows / 3);
    const std::size_t end = begin + drawn(1, 4);
    const double bad = kBad[drawn(0, kBad.size() - 1)];
    const std::size_t step = drawn(1, 3);  // Every name, every second, every third.
    const Panel clean = value(program, market.fields(kMostRows, names));
    market.change = [=](std::size_t, std::size_t name, std::size_t row, double cell) {
      return row >= begin && row < end && name % step == 0 && !RandomMarket::is_absent(name) ? bad : cell;
    };
    const Panel damaged = value(program, market.fields(kMostRows, names));
    const std::size_t first = end + static_cast<std::size_t>(program.lookback());
    for (std::size_t row = 0; row < kMostRows; ++row) {
      for (std::size_t column = 0; column < names.size() && (row < begin || row >= first); ++column) {
        RC_ASSERT(same_cell(clean, row, column, damaged, row, column));
      }
    }
    tried(clean);
  });
}

TEST_P(Properties, TheOrderOfInstrumentsDoesNotMatter) {
  testing::expect_law(kRounds, [&] {
    const Program program = draw_program();
    RC_PRE(!any_operator(program, goes_by_column));
    const RandomMarket market = draw_market();
    const std::size_t count = drawn(1, kMostNames);
    const std::size_t stride = drawn(1, count);
    RC_PRE(std::gcd(stride, count) == 1U);
    Instruments shuffled;
    for (std::size_t i = 0; i < count; ++i) {
      shuffled.push_back((i * stride + count / 2) % count);
    }
    const Panel expected = value(program, market.fields(kMostRows, first_names(count)));
    const Panel got = value(program, market.fields(kMostRows, shuffled));
    for (std::size_t row = 0; row < kMostRows; ++row) {
      for (std::size_t column = 0; column < count; ++column) {
        RC_ASSERT(same_cell(got, row, column, expected, row, shuffled[column]));
      }
    }
    tried(expected);
  });
}

// Strangers, outside the universe, stand between the instruments; their bars are as wild as any.
TEST_P(Properties, InstrumentsOutsideTheUniverseDoNotMatter) {
  testing::expect_law(kRounds, [&] {
    const Program program = draw_program();
    const RandomMarket market = draw_market();
    const std::size_t count = drawn(1, kMostNames);
    const std::size_t every = drawn(1, 5);
    Instruments mixed;
    std::vector<std::size_t> place;
    for (std::size_t name = 0; name < count; ++name) {
      for (std::size_t stranger = 0; name % every == 0 && stranger < 1 + name % 4; ++stranger) {
        mixed.push_back(kStranger + mixed.size());
      }
      place.push_back(mixed.size());
      mixed.push_back(name);
    }
    const Panel expected = value(program, market.fields(kMostRows, first_names(count)));
    const Panel got = value(program, market.fields(kMostRows, mixed));
    RC_ASSERT(got.valid_count() == expected.valid_count());
    for (std::size_t row = 0; row < kMostRows; ++row) {
      for (std::size_t column = 0; column < count; ++column) {
        RC_ASSERT(same_cell(expected, row, column, got, row, place[column]));
      }
    }
    tried(expected);
  });
}

TEST_P(Properties, ThreadsAndTilesDoNotMatter) {
  testing::expect_law(kRounds, [&] {
    static Pool many(3);
    const Program program = draw_program();
    const RandomMarket market = draw_market();
    const Instruments names = first_names(drawn(1, kMostNames));
    const Fields fields = market.fields(kMostRows, names);
    const engine::Plan plan = engine::make_plan(program, true);
    const engine::Tiling tiling{drawn(1, kMostRows + 5), std::size_t{1} << drawn(0, 20)};
    const Panel expected = value(program, fields);
    const auto outputs = engine::run_plan(program, plan, fields, precision(), many, tiling);
    const Panel& got = outputs[plan.output_of_root[0]];
    for (std::size_t row = 0; row < kMostRows; ++row) {
      for (std::size_t column = 0; column < names.size(); ++column) {
        RC_ASSERT(same_cell(expected, row, column, got, row, column));
      }
    }
    tried(expected);
  });
}

// Session by session, several at a time, and once through a saved state: the rows of the batch.
TEST_P(Properties, AStreamIsTheBatch) {
  testing::expect_law(kRounds / 2, [&] {
    static Pool pool(1);
    const Program program = draw_program();
    const RandomMarket market = draw_market();
    const Instruments names = first_names(drawn(1, kMostNames));
    const std::size_t most = drawn(1, 9);
    const std::size_t stop = drawn(1, kMostRows - 1);  // Saved and resumed at the first step behind it.
    const Panel expected = value(program, market.fields(kMostRows, names));
    std::vector<std::string> symbols;
    for (const std::size_t name : names) {
      symbols.push_back("S" + std::to_string(name));
    }
    Stream stream = must(Stream::start(program, symbols, precision(), most));
    bool is_resumed = false;
    for (std::size_t row = 0; row < kMostRows;) {
      const std::size_t count = std::min(most, kMostRows - row);
      const auto got = must(stream.step(market.fields(count, names, row), pool));
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t column = 0; column < names.size(); ++column) {
          RC_ASSERT(same_cell(expected, row + i, column, got[0], i, column));
        }
      }
      row += count;
      if (!is_resumed && row >= stop) {
        is_resumed = true;
        stream = must(Stream::resume(stream.save(), program, symbols, precision(), most));
      }
    }
    tried(expected);
  });
}

INSTANTIATE_TEST_SUITE_P(All, Properties,
                         ::testing::Combine(::testing::Range(std::size_t{0}, std::size_t{5}),
                                            ::testing::Values(Precision::kFloat64, Precision::kFloat32)),
                         [](const auto& shape) {
                           const bool is_float = std::get<1>(shape.param) == Precision::kFloat32;
                           return std::string(profiles()[std::get<0>(shape.param)].name) + (is_float ? "_f32" : "_f64");
                         });

}  // namespace
}  // namespace lode::expr
