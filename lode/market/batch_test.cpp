// Columns and batches: values, nulls, rows by index, appending.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace lode {
namespace {

using testing::ElementsAre;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

constexpr ColumnType kTypes[] = {ColumnType::kInt64, ColumnType::kUint64, ColumnType::kFloat64, ColumnType::kDate,
                                 ColumnType::kTime,  ColumnType::kText,   ColumnType::kBool};

// Pushes a value that follows from `number`.
void push_number(Column& column, int number) {
  switch (column.type()) {
    case ColumnType::kInt64:
      column.push(std::int64_t{number});
      break;
    case ColumnType::kUint64:
      column.push(static_cast<std::uint64_t>(number));
      break;
    case ColumnType::kFloat64:
      column.push(static_cast<double>(number));
      break;
    case ColumnType::kDate:
      column.push(Date{number});
      break;
    case ColumnType::kTime:
      column.push(Time{number});
      break;
    case ColumnType::kText:
      column.push(std::string(static_cast<std::size_t>(number % 5), 'x'));
      break;
    case ColumnType::kBool:
      column.push(number % 2 == 1);
      break;
  }
}

std::vector<std::string> cells(const Column& column) {
  std::vector<std::string> out;
  for (std::size_t row = 0; row < column.size(); ++row) {
    out.push_back(column.is_null(row) ? "-" : column.cell(row));
  }
  return out;
}

TEST(Column, PrintsEachTypeAsAPersonReadsIt) {
  Column number("n", ColumnType::kInt64);
  number.push(std::int64_t{-7});
  EXPECT_EQ(number.cell(0), "-7");
  EXPECT_EQ(Column::uint64("id", {0x1fULL}).cell(0), "000000000000001f");
  EXPECT_EQ(Column::float64("x", {0.1}).cell(0), "0.1");
  EXPECT_EQ(Column::date("d", {19902}).cell(0), "2024-06-28");
  EXPECT_EQ(Column::time("t", {19902 * kNanosPerDay}).cell(0), "2024-06-28T00:00:00Z");
  EXPECT_EQ(Column::boolean("b", {1}).cell(0), "true");
  Column text("s", ColumnType::kText);
  text.push("AAPL");
  text.push_null();
  EXPECT_EQ(text.cell(0), "AAPL");
  EXPECT_EQ(text.cell(1), "");
  EXPECT_TRUE(text.is_null(1));
}

TEST(Column, TurnsNanIntoNull) {
  const Column column = Column::float64("x", {1.0, kNan, 3.0});
  EXPECT_THAT(cells(column), ElementsAre("1", "-", "3"));
  EXPECT_EQ(column.null_count(), 1U);
  Column pushed("x", ColumnType::kFloat64);
  pushed.push(kNan);
  EXPECT_TRUE(pushed.is_null(0));
  EXPECT_TRUE(Column::float64("x", {1.0, 2.0}).validity().empty());
}

TEST(Column, KeepsNullsThroughPushTakeAndAppendForEveryType) {
  for (const ColumnType type : kTypes) {
    Column column("c", type);
    std::vector<bool> null;
    for (int number = 0; number < 37; ++number) {  // Crosses byte borders of the bitmap.
      null.push_back(number >= 9 && number % 3 == 0);
      null.back() ? column.push_null() : push_number(column, number);
    }
    ASSERT_EQ(column.size(), 37U);
    EXPECT_EQ(column.null_count(), 10U) << to_string(type);  // 9, 12, ..., 36
    const std::vector<std::uint32_t> rows = {36, 0, 9, 9, 1};
    const Column taken = column.take(rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(taken.is_null(i), null[rows[i]]);
      EXPECT_TRUE(taken.same(i, column, rows[i]));
    }
    Column grown = taken;  // Five rows, so that appended bits are not aligned.
    grown.append(column);
    ASSERT_EQ(grown.size(), 42U);
    for (std::size_t row = 0; row < 37; ++row) {
      EXPECT_EQ(grown.is_null(row + 5), null[row]) << to_string(type) << " " << row;
      EXPECT_TRUE(grown.same(row + 5, column, row));
    }
    grown.append(grown);
    EXPECT_EQ(grown.size(), 84U);
    EXPECT_TRUE(grown.same(83, column, 36));
  }
}

TEST(Column, AppendsAlignedBitmapsAndFullColumns) {
  Column nulls("c", ColumnType::kInt64);
  for (int i = 0; i < 8; ++i) {
    nulls.push_null();
  }
  const Column full = Column::int64("c", {1, 2, 3});
  Column column = nulls;
  column.append(full);
  column.append(nulls);
  EXPECT_EQ(column.null_count(), 16U);
  EXPECT_EQ(column.cell(8), "1");
  Column other = full;
  other.append(full);
  EXPECT_TRUE(other.validity().empty());
  other.append(nulls);
  EXPECT_EQ(other.null_count(), 8U);
  other.push(std::int64_t{5});
  EXPECT_FALSE(other.is_null(14));
}

TEST(Column, ComparesZerosAsEqualAndNullsWithEachOther) {
  const Column zero = Column::float64("x", {0.0, -0.0, kNan, kNan, 1.0});
  EXPECT_TRUE(zero.same(0, zero, 1));
  EXPECT_TRUE(zero.same(2, zero, 3));
  EXPECT_FALSE(zero.same(0, zero, 2));
  EXPECT_FALSE(zero.same(0, zero, 4));
}

TEST(Column, PushesALiteralAsText) {
  Column text("s", ColumnType::kText);
  text.push("literal");
  text.push("");
  EXPECT_EQ(text.texts()[0], "literal");
  EXPECT_EQ(text.texts()[1], "");
  EXPECT_EQ(text.size(), 2U);
}

TEST(ColumnDeath, RefusesTheWrongType) {
  Column column("n", ColumnType::kInt64);
  EXPECT_DEATH(column.push(1.5), "assertion failed");
  EXPECT_DEATH(column.float64s(), "assertion failed");
  const std::vector<std::uint32_t> beyond = {3};
  EXPECT_DEATH(column.take(beyond), "assertion failed");
}

TEST(Batch, FindsTakesAppendsAndRemovesColumns) {
  Batch batch({Column::int64("a", {1, 2, 3}), Column::float64("b", {0.5, kNan, 2.5})});
  EXPECT_EQ(batch.rows(), 3U);
  EXPECT_EQ(batch.find("c"), nullptr);
  const std::vector<std::uint32_t> rows = {2, 1};
  const Batch taken = batch.take(rows);
  EXPECT_THAT(cells(taken.column("a")), ElementsAre("3", "2"));
  EXPECT_THAT(cells(taken.column("b")), ElementsAre("2.5", "-"));
  batch.append(taken);
  EXPECT_THAT(cells(batch.column("a")), ElementsAre("1", "2", "3", "3", "2"));
  EXPECT_THAT(cells(batch.column("b")), ElementsAre("0.5", "-", "2.5", "2.5", "-"));
  batch.remove("a");
  batch.remove("absent");
  EXPECT_EQ(batch.columns().size(), 1U);
  EXPECT_EQ(Batch().rows(), 0U);
}

TEST(BatchDeath, RefusesUnequalSizesAndDoubleNames) {
  EXPECT_DEATH(Batch({Column::int64("a", {1}), Column::int64("b", {1, 2})}), "assertion failed");
  EXPECT_DEATH(Batch({Column::int64("a", {1}), Column::int64("a", {2})}), "assertion failed");
  EXPECT_DEATH(Batch().column("a"), "assertion failed");
}

}  // namespace
}  // namespace lode
