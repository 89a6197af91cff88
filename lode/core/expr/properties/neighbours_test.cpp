// Instruments that share a register: a gap in one changes no bit of another, whose windows are whole. Every operator of
// one instrument's past, at its shortest windows and longer ones, over minus zeros, constants, ties and pennies.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <numeric>
#include <string>

#include "lode/base/must.h"
#include "lode/base/text.h"
#include "lode/core/expr/properties/test_market.h"

namespace lode::expr {
namespace {

using testing::Instruments;
using testing::RandomMarket;

constexpr std::size_t kRows = 40;
constexpr std::size_t kNames = 16;  // As many as a block holds.

// A call with its first window `longer` than it must be.
std::string call_of(const Operator& op, int longer) {
  static constexpr std::array kFields = {"close", "open", "volume", "vwap"};
  std::string arguments;
  std::size_t field = 0;
  for (const Parameter& parameter : op.spec.parameters) {
    std::string argument = parameter.type == Type::kWindow ? shortest(parameter.least + longer) : "0.5";
    if (parameter.type == Type::kLiteral && parameter.most > 1.0) {
      argument = shortest(parameter.least);
    } else if (parameter.type == Type::kNumber || parameter.type == Type::kBool) {
      argument = kFields[field++];
      argument += parameter.type == Type::kBool ? " > 1" : "";
    }
    arguments += (arguments.empty() ? "" : ", ") + argument;
  }
  return fmt::format("{}({})", op.spec.name, arguments);
}

class Neighbours : public ::testing::TestWithParam<std::size_t> {
 protected:
  Neighbours() {
    std::iota(names_.begin(), names_.end(), 0);
    market_.change = [](std::size_t, std::size_t, std::size_t, double cell) {
      return std::isfinite(cell) ? cell : -0.0;
    };
    whole_ = market_.fields(kRows, names_);
    market_.change = [](std::size_t, std::size_t name, std::size_t row, double cell) {
      const double filled = std::isfinite(cell) ? cell : -0.0;
      return name % 2 == 1 && (row + name) % 7 == 6 ? std::nan("") : filled;
    };
    gappy_ = market_.fields(kRows, names_);
  }

  // Cells of the even names that differ.
  std::size_t different(const Program& program, Precision precision) {
    const Panel expected = must(evaluate(program, whole_, precision, pool_)).front();
    const Panel got = must(evaluate(program, gappy_, precision, pool_)).front();
    std::size_t count = 0;
    for (std::size_t row = 0; row < kRows; ++row) {
      for (std::size_t column = 0; column < kNames; column += 2) {
        const auto bits = [&](const Panel& panel) { return std::bit_cast<std::uint64_t>(panel.at(row, column)); };
        count += bits(expected) == bits(got) ? 0 : 1;
      }
    }
    return count;
  }

  RandomMarket market_{3};
  Instruments names_ = Instruments(kNames);
  Fields whole_{nullptr};
  Fields gappy_{nullptr};
  Pool pool_{1};
};

TEST_P(Neighbours, AGapBesideChangesNoBit) {
  const OperatorTable table;
  const Profile& profile = profiles()[GetParam()];
  int tried = 0;
  for (const Operator* op : table.all()) {
    if (op->spec.shape != Shape::kSeries) {
      continue;
    }
    for (const int longer : {0, 1, 2, 4, 11}) {
      const std::string text = call_of(*op, longer);
      const Result<Program> program = compile(text, profile, table);
      ASSERT_TRUE(program) << text;
      for (const Precision precision : {Precision::kFloat64, Precision::kFloat32}) {
        EXPECT_EQ(different(*program, precision), 0U) << text << (precision == Precision::kFloat64 ? " f64" : " f32");
        ++tried;
      }
    }
  }
  EXPECT_GT(tried, 300);
}

INSTANTIATE_TEST_SUITE_P(All, Neighbours, ::testing::Range(std::size_t{0}, std::size_t{5}),
                         [](const auto& shape) { return std::string(profiles()[shape.param].name); });

}  // namespace
}  // namespace lode::expr
