// Histories against the rows themselves: every window of every session, for blocks and stretches of many sizes, and
// through saved bytes into histories that are cut otherwise.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/engine/histories.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "lode/core/expr/engine/plan.h"

namespace lode::expr::engine {
namespace {

const std::vector<std::size_t> kKept = {0, 1, 2, 5, 7, 8, 9, 30, 61};

// What history `history` holds for `column` in `session`: a number of its own, now and then missing.
float value_of(std::size_t history, std::size_t session, std::size_t column) {
  const std::size_t number = (history * 300 + session) * 1500 + column;
  return column % 13 == session % 17 ? std::nanf("") : static_cast<float>(number);
}

// Sessions that pass through histories, and what they then must hold.
class Passing {
 public:
  Passing(std::size_t columns, std::size_t stretch_rows)
      : cut_(make_cut(columns, stretch_rows)), histories_(kKept, cut_, stretch_rows) {
    histories_.forget();
  }

  void advance(std::size_t rows) {
    histories_.begin(rows);
    for (std::size_t history = 0; history < kKept.size(); ++history) {
      for (std::size_t block = 0; block < cut_.blocks(); ++block) {
        histories_.make_room(history, block);
        const Tile<float> tile = histories_.today(history, block, rows);
        for (std::size_t row = 0; row < rows; ++row) {
          for (std::size_t lane = 0; lane < cut_.lanes; ++lane) {
            tile.row(row)[lane] = value_of(history, session_ + row, block * cut_.lanes + lane);
          }
        }
        histories_.written(history, block);
        check(history, block, rows);
      }
    }
    histories_.end(rows);
    session_ += rows;
  }

  std::string save() const {
    StateWriter to(histories_.saved_bytes());
    histories_.save(to);
    EXPECT_EQ(to.so_far().size(), histories_.saved_bytes());
    return to.take();
  }
  // Goes on from what others saved of the same columns.
  void restore(std::string_view bytes, std::size_t columns, std::size_t session) {
    std::vector<std::uint32_t> column_of(columns);
    std::iota(column_of.begin(), column_of.end(), 0U);
    StateReader from(bytes);
    histories_.restore(from, column_of);
    EXPECT_TRUE(from.is_whole() && from.left() == 0);
    session_ = session;
  }
  Histories<float>& histories() { return histories_; }
  const Cut& cut() const { return cut_; }

 private:
  // Rows before session 0 and lanes that no column has are missing at first; lanes are written like others later.
  void check(std::size_t history, std::size_t block, std::size_t rows) const {
    for (std::size_t group = 0; kKept[history] > 0 && group < cut_.groups; ++group) {
      const Tile<float> window = histories_.window(history, block, group, kKept[history], rows);
      const std::size_t first = block * cut_.lanes + group * cut_.group_lanes();
      if (first >= cut_.columns) {
        break;
      }
      const std::size_t lanes = std::min(cut_.group_lanes(), cut_.columns - first);
      std::vector<float> expected(lanes, std::nanf(""));
      for (std::size_t row = 0; row < kKept[history] + rows; ++row) {
        const bool is_there = session_ + row >= kKept[history];
        for (std::size_t lane = 0; is_there && lane < lanes; ++lane) {
          expected[lane] = value_of(history, session_ + row - kKept[history], first + lane);
        }
        // A row at once: an assertion a cell is most of the time of a sanitized run.
        ASSERT_EQ(0, std::memcmp(window.row(row), expected.data(), lanes * sizeof(float)))
            << "history " << history << " session " << session_ << " row " << row << " lanes from " << first;
      }
    }
  }

  Cut cut_;
  Histories<float> histories_;
  std::size_t session_ = 0;
};

class HistoriesOf : public ::testing::TestWithParam<std::tuple<std::size_t, std::size_t>> {
 protected:
  std::size_t columns() const { return std::get<0>(GetParam()); }
  std::size_t stretch() const { return std::get<1>(GetParam()); }
};

TEST_P(HistoriesOf, HoldTheLastRowsOfEverySession) {
  Passing passing(columns(), stretch());
  for (std::size_t step = 0; step < 200 / stretch(); ++step) {
    passing.advance(step % 5 == 4 ? 1 : stretch());
    ASSERT_FALSE(::testing::Test::HasFatalFailure());
  }
}

TEST_P(HistoriesOf, AreSavedAlikeAndGoOnInAnyOtherCut) {
  for (const std::size_t sessions : {0, 3, 140}) {
    Passing passing(columns(), stretch());
    Passing single(columns(), 1);
    for (std::size_t session = 0; session < sessions; ++session) {
      passing.advance(1);
      single.advance(1);
    }
    const std::string saved = passing.save();
    EXPECT_EQ(saved, single.save());
    for (const std::size_t other : {std::size_t{1}, std::size_t{4}, std::size_t{70}}) {
      Passing next(columns(), other);
      next.restore(saved, columns(), sessions);
      for (int step = 0; step < 20; ++step) {
        next.advance(1);
        ASSERT_FALSE(::testing::Test::HasFatalFailure());
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cuts, HistoriesOf,
                         ::testing::Combine(::testing::Values<std::size_t>(1, 16, 40, 97, 1290),
                                            ::testing::Values<std::size_t>(1, 3, 64)),
                         [](const auto& cut) {
                           return std::to_string(std::get<0>(cut.param)) + "columns" +
                                  std::to_string(std::get<1>(cut.param)) + "rows";
                         });

TEST(Cuts, CoverTheColumnsInWholeGroups) {
  for (const std::size_t rows : {1, 2, 5, 21, 64, 256}) {
    for (std::size_t columns = 1; columns < 3000; columns += columns / 7 + 1) {
      const Cut cut = make_cut(columns, rows);
      EXPECT_EQ(cut.lanes, cut.groups * cut.group_lanes());
      EXPECT_EQ(cut.group_lanes() % kLanes, 0U);
      EXPECT_GE(cut.stride(), columns);
      EXPECT_LT(cut.stride() - cut.lanes, columns) << "no block without a column";
      EXPECT_TRUE(cut.is_single() || cut.groups == 1);
    }
  }
}

TEST(HistoriesRestored, LeaveColumnsOutThatAreGone) {
  Passing passing(3, 1);
  for (int session = 0; session < 70; ++session) {
    passing.advance(1);
  }
  const std::string saved = passing.save();
  Passing next(2, 1);
  StateReader from(saved);
  const std::vector<std::uint32_t> column_of = {1, kNone, 0};
  next.histories().restore(from, column_of);
  ASSERT_TRUE(from.is_whole() && from.left() == 0);
  StateReader one_by_one(saved);
  const std::string resaved = next.save();
  StateReader swapped(resaved);
  for (const std::size_t kept : kKept) {
    for (std::size_t row = 0; row < kept; ++row) {
      std::vector<std::uint32_t> before(3);
      std::vector<std::uint32_t> after(2);
      one_by_one.cells(std::span(before));
      swapped.cells(std::span(after));
      EXPECT_EQ(after, (std::vector<std::uint32_t>{before[2], before[0]}));
    }
  }
}

TEST(HistoriesRestored, EndWhereTheBytesEnd) {
  Passing passing(40, 1);
  passing.advance(1);
  const std::string saved = passing.save();
  for (std::size_t size = 0; size < saved.size(); size += 61) {
    Passing next(40, 1);
    StateReader from(std::string_view(saved).substr(0, size));
    std::vector<std::uint32_t> column_of(40);
    std::iota(column_of.begin(), column_of.end(), 0U);
    if (size % 2 == 1) {
      std::ranges::reverse(column_of);
    }
    next.histories().restore(from, column_of);
    EXPECT_FALSE(from.is_whole());
  }
}

}  // namespace
}  // namespace lode::expr::engine
