// Axis look-ups and panels in both precisions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/panel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lode {
namespace {

std::shared_ptr<const Axis> axis_of(int rows, std::uint64_t columns) {
  auto axis = std::make_shared<Axis>();
  for (int row = 0; row < rows; ++row) {
    axis->sessions.push_back(Date{20000 + 2 * row});
    axis->times.push_back(end_of_day(axis->sessions.back()));
  }
  for (std::uint64_t column = 0; column < columns; ++column) {
    axis->instruments.push_back({10 * column + 5});
    axis->symbols.push_back("S" + std::to_string(column));
  }
  return axis;
}

TEST(Axis, FindsRowsAndColumns) {
  const auto axis = axis_of(3, 4);
  EXPECT_EQ(axis->rows(), 3U);
  EXPECT_EQ(axis->columns(), 4U);
  EXPECT_EQ(axis->row_of(Date{20002}), 1);
  EXPECT_EQ(axis->row_of(Date{20001}), -1);
  EXPECT_EQ(axis->row_of(Date{20006}), -1);
  EXPECT_EQ(axis->column_of({35}), 3);
  EXPECT_EQ(axis->column_of({6}), -1);
}

TEST(Panel, StartsMissingAndAligned) {
  for (const Precision precision : {Precision::kFloat32, Precision::kFloat64}) {
    const Panel panel(axis_of(3, 5), precision);
    EXPECT_EQ(panel.valid_count(), 0U);
    for (std::size_t row = 0; row < 3; ++row) {
      for (std::size_t column = 0; column < 5; ++column) {
        EXPECT_TRUE(std::isnan(panel.at(row, column)));
      }
    }
    const void* cells = precision == Precision::kFloat64 ? static_cast<const void*>(panel.row64(0).data())
                                                         : static_cast<const void*>(panel.row32(0).data());
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(cells) % 64, 0U);
  }
  EXPECT_TRUE(Panel().empty());
  EXPECT_EQ(Panel(axis_of(0, 0), Precision::kFloat64).valid_count(), 0U);
}

TEST(Panel, SharesItsCellsBetweenCopies) {
  Panel panel(axis_of(2, 2), Precision::kFloat64);
  panel.mutable_row64(1)[0] = 3.5;
  const Panel copy = panel;
  EXPECT_EQ(copy.at(1, 0), 3.5);
  EXPECT_EQ(copy.row64(1).data(), panel.row64(1).data());
  EXPECT_EQ(copy.valid_count(), 1U);
}

TEST(Panel, RoundsOnceBetweenPrecisions) {
  Panel panel(axis_of(1, 3), Precision::kFloat64);
  panel.mutable_row64(0)[0] = 0.1;
  panel.mutable_row64(0)[1] = 1e300;
  const Panel narrow = panel.as(Precision::kFloat32);
  EXPECT_EQ(narrow.row32(0)[0], 0.1F);
  EXPECT_EQ(narrow.row32(0)[1], std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(narrow.row32(0)[2]));
  EXPECT_EQ(narrow.as(Precision::kFloat64).at(0, 0), static_cast<double>(0.1F));
  EXPECT_EQ(panel.as(Precision::kFloat64).row64(0).data(), panel.row64(0).data());
}

TEST(Panel, KeepsForeignMemoryAlive) {
  struct alignas(64) Block {
    double cells[4] = {1.0, 2.0, 3.0, 4.0};
  };
  auto block = std::make_shared<Block>();
  const std::weak_ptr<Block> watch = block;
  const double* cells = block->cells;
  auto panel = std::make_unique<Panel>(axis_of(2, 2), Precision::kFloat64, std::move(block), cells);
  EXPECT_FALSE(watch.expired());
  EXPECT_EQ(panel->at(1, 1), 4.0);
  panel.reset();
  EXPECT_TRUE(watch.expired());
}

TEST(PanelDeath, RefusesTheWrongPrecisionAndRow) {
  const Panel panel(axis_of(2, 2), Precision::kFloat32);
  EXPECT_DEATH(panel.row64(0), "assertion failed");
  EXPECT_DEATH(panel.row32(2), "assertion failed");
}

TEST(GroupPanel, GivesRowsOfCodes) {
  GroupPanel groups{axis_of(2, 2), {0, 1, -1, 0}, {"Energy", "Tech"}};
  EXPECT_EQ(groups.row(1)[0], -1);
  EXPECT_EQ(groups.row(1)[1], 0);
}

TEST(Panel, RowsFromAnyRowHoldTheSameCellsAlignedAndOutliveTheWhole) {
  auto axis = std::make_shared<Axis>();
  for (int row = 0; row < 9; ++row) {
    axis->sessions.push_back(Date{row});
    axis->times.push_back(Time{row});
  }
  for (std::uint64_t column = 0; column < 3; ++column) {
    axis->instruments.push_back(InstrumentId{column});
  }
  for (const Precision precision : {Precision::kFloat64, Precision::kFloat32}) {
    for (std::size_t begin = 0; begin < 9; ++begin) {
      auto cut = std::make_shared<Axis>(*axis);
      cut->sessions.assign(axis->sessions.begin() + static_cast<std::ptrdiff_t>(begin), axis->sessions.end());
      cut->times.assign(axis->times.begin() + static_cast<std::ptrdiff_t>(begin), axis->times.end());
      Panel part;
      {
        Panel made(axis, Precision::kFloat64);
        for (std::size_t row = 0; row < 9; ++row) {
          for (std::size_t column = 0; column < 3; ++column) {
            made.mutable_row64(row)[column] = static_cast<double>(10 * row + column);
          }
        }
        part = made.as(precision).rows_from(begin, cut);
      }
      ASSERT_EQ(part.rows(), 9 - begin);
      for (std::size_t row = 0; row < part.rows(); ++row) {
        EXPECT_EQ(part.at(row, 2), static_cast<double>(10 * (row + begin) + 2));
      }
    }
  }
}

}  // namespace
}  // namespace lode
