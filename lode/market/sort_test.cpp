// Sorting rows: the order of a plain stable comparison sort, for every type, with nulls, over key mixes of every width.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

#include "lode/market/batch.h"

namespace lode {
namespace {

using testing::ElementsAre;

// -1, 0, 1 as the contract orders two cells: nulls first, text by bytes, numbers by value.
int compare(const Column& column, std::size_t a, std::size_t b) {
  if (column.is_null(a) || column.is_null(b)) {
    return static_cast<int>(column.is_null(b)) - static_cast<int>(column.is_null(a));
  }
  const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : (y < x ? 1 : 0); };
  switch (column.type()) {
    case ColumnType::kInt64:
      return order(column.int64s()[a], column.int64s()[b]);
    case ColumnType::kUint64:
      return order(column.uint64s()[a], column.uint64s()[b]);
    case ColumnType::kFloat64:
      return order(column.float64s()[a], column.float64s()[b]);
    case ColumnType::kDate:
      return order(column.dates()[a], column.dates()[b]);
    case ColumnType::kTime:
      return order(column.times()[a], column.times()[b]);
    case ColumnType::kText:
      return order(column.texts()[a], column.texts()[b]);
    case ColumnType::kBool:
      return order(column.bools()[a], column.bools()[b]);
  }
  return 0;
}

std::vector<std::uint32_t> reference_order(const Batch& batch, const std::vector<std::string_view>& keys) {
  std::vector<std::uint32_t> rows(batch.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  std::ranges::stable_sort(rows, [&](std::uint32_t a, std::uint32_t b) {
    for (const std::string_view key : keys) {
      if (const int order = compare(batch.column(key), a, b); order != 0) {
        return order < 0;
      }
    }
    return false;
  });
  return rows;
}

template <class F>
Column filled(std::string name, ColumnType type, std::size_t rows, std::mt19937_64& random, double null_share, F push) {
  Column column(std::move(name), type);
  for (std::size_t row = 0; row < rows; ++row) {
    const bool null = static_cast<double>(random() % 1000) < null_share * 1000.0;
    null ? column.push_null() : push(column, random());
  }
  return column;
}

// Every type: few and many distinct values, negative numbers, extremes of 64 bits, with and without nulls.
Batch random_batch(std::size_t rows, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto number = [](std::uint64_t bits) { return static_cast<std::int64_t>(bits); };
  Batch batch;
  batch.add(filled("id", ColumnType::kUint64, rows, random, 0.0,
                   [](Column& c, std::uint64_t v) { c.push((v % 50) * 0x9E3779B97F4A7C15ULL); }));
  batch.add(filled("wide", ColumnType::kUint64, rows, random, 0.1, [](Column& c, std::uint64_t v) { c.push(v); }));
  batch.add(filled("small", ColumnType::kInt64, rows, random, 0.1,
                   [&](Column& c, std::uint64_t v) { c.push(number(v % 7) - 3); }));
  batch.add(filled("large", ColumnType::kInt64, rows, random, 0.0, [&](Column& c, std::uint64_t v) {
    c.push(v % 3 == 0 ? std::numeric_limits<std::int64_t>::min() : number(v));
  }));
  batch.add(filled("price", ColumnType::kFloat64, rows, random, 0.2, [](Column& c, std::uint64_t v) {
    c.push(v % 5 == 0 ? -0.0 : v % 5 == 1 ? 0.0 : static_cast<double>(v % 1000) - 500.0);
  }));
  batch.add(filled("session", ColumnType::kDate, rows, random, 0.0,
                   [](Column& c, std::uint64_t v) { c.push(Date{static_cast<std::int32_t>(v % 3000) - 1500}); }));
  batch.add(filled("start", ColumnType::kTime, rows, random, 0.0,
                   [&](Column& c, std::uint64_t v) { c.push(Time{number(v % 500) * kNanosPerDay}); }));
  batch.add(filled("symbol", ColumnType::kText, rows, random, 0.1, [](Column& c, std::uint64_t v) {
    c.push(v % 11 == 0 ? std::string() : "S" + std::to_string(v % 40));
  }));
  batch.add(
      filled("final", ColumnType::kBool, rows, random, 0.1, [](Column& c, std::uint64_t v) { c.push(v % 2 == 0); }));
  return batch;
}

TEST(SortedRows, AgreesWithAStableComparisonSort) {
  const std::vector<std::vector<std::string_view>> keys = {{"id", "session", "start"},
                                                           {"wide"},
                                                           {"large", "wide"},
                                                           {"wide", "large", "symbol", "price"},
                                                           {"price", "final"},
                                                           {"small"},
                                                           {"symbol", "small"},
                                                           {"final", "symbol", "price", "session", "id"},
                                                           {}};
  for (const std::size_t rows : {0U, 1U, 2U, 100U, 5000U}) {
    const Batch batch = random_batch(rows, rows + 1);
    for (const std::vector<std::string_view>& key : keys) {
      EXPECT_EQ(batch.sorted_rows(key), reference_order(batch, key)) << rows << " rows, " << key.size() << " keys";
    }
  }
}

TEST(SortedRows, RanksMoreValuesThanTheDictionaryHolds) {
  std::mt19937_64 random(7);
  std::vector<std::uint64_t> ids(40'000);
  std::ranges::generate(ids, [&] { return random(); });
  const Batch batch({Column::uint64("id", ids)});
  const std::vector<std::string_view> keys = {"id"};
  EXPECT_EQ(batch.sorted_rows(keys), reference_order(batch, keys));
}

TEST(SortedRows, PutsNullsFirstAndKeepsTheOrderOfEqualRows) {
  Column column("x", ColumnType::kInt64);
  column.push(std::int64_t{2});
  column.push_null();
  column.push(std::int64_t{-1});
  column.push_null();
  column.push(std::int64_t{2});
  const std::vector<std::string_view> keys = {"x"};
  EXPECT_THAT(Batch({column}).sorted_rows(keys), ElementsAre(1, 3, 2, 0, 4));
}

TEST(SortedRows, LeavesSortedRowsAlone) {
  const Batch batch({Column::date("d", {1, 1, 2, 3}), Column::int64("n", {5, 6, 0, 0})});
  const std::vector<std::string_view> keys = {"d", "n"};
  EXPECT_THAT(batch.sorted_rows(keys), ElementsAre(0, 1, 2, 3));
}

}  // namespace
}  // namespace lode
