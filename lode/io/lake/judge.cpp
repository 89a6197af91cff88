// Equal keys are found column by column over sorted rows; only rows of equal keys have their values compared.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/judge.h"

#include <algorithm>
#include <array>

#include "lode/base/assert.h"

namespace lode::lake {
namespace {

using Rows = std::span<const std::uint32_t>;

// Its rows are collections of facts that become known one by one; rows of other tables are one observation each.
constexpr std::string_view kTableOfFacts = "instruments";
// Who is in a filing stands in it from the day it was accepted, whoever of its sources told us of them, and when.
constexpr std::string_view kTableOfFilings = "filings";
constexpr std::array<std::string_view, 3> kPeople = {"parties", "cik", "name"};

// What may differ between two rows that say the same: where a row came from, what we thought of it, what a vendor made
// of it with every action up to the day of the answer, and to what place it is right, which some sources do not tell.
constexpr std::array<std::string_view, 8> kUncompared = {"flags",    "known_time", "known_assumed", "source",
                                                         "raw_hash", "raw_line",   kVendorClose,    "decimals"};

// Clears equal[i] where rows order[i - 1] and order[i] differ in the typed values.
template <class T>
void compare_neighbours(std::span<const T> values, Rows order, std::vector<std::uint8_t>& equal) {
  for (std::size_t i = 1; i < order.size(); ++i) {
    equal[i] =
        static_cast<std::uint8_t>(equal[i] & static_cast<std::uint8_t>(values[order[i]] == values[order[i - 1]]));
  }
}

void compare_neighbours(const Column& column, Rows order, std::vector<std::uint8_t>& equal) {
  if (column.validity().empty()) {
    switch (column.type()) {
      case ColumnType::kInt64:
        return compare_neighbours(column.int64s(), order, equal);
      case ColumnType::kUint64:
        return compare_neighbours(column.uint64s(), order, equal);
      case ColumnType::kDate:
        return compare_neighbours(column.dates(), order, equal);
      case ColumnType::kTime:
        return compare_neighbours(column.times(), order, equal);
      default:
        break;
    }
  }
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (equal[i] != 0 && !column.same(order[i], column, order[i - 1])) {
      equal[i] = 0;
    }
  }
}

// equal[i]: row order[i] has the key of row order[i - 1]. equal[0] is 0.
std::vector<std::uint8_t> equal_to_previous(const TableSpec& table, const Batch& batch, Rows order) {
  std::vector<std::uint8_t> equal(order.size(), 1);
  if (!equal.empty()) {
    equal[0] = 0;
  }
  for (const std::string_view key : table.key) {
    compare_neighbours(batch.column(key), order, equal);
  }
  return equal;
}

struct Pairing {
  std::vector<const Column*> left;
  std::vector<const Column*> right;

  Pairing(const TableSpec& table, const Batch& a, const Batch& b) {
    for (const std::string_view name : value_columns(table)) {
      left.push_back(&a.column(name));
      right.push_back(&b.column(name));
    }
  }
  // True when `other` is missing wherever it differs from `row`, but in columns `free`; when either happened is no
  // contradiction.
  bool adds_to(std::size_t row, std::size_t other, std::span<const std::string_view> free = {}) const {
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (left[i]->name() != "event_time" && std::ranges::find(free, left[i]->name()) == free.end() &&
          !right[i]->is_null(other) && !left[i]->same(row, *right[i], other)) {
        return false;
      }
    }
    return true;
  }
  bool same(std::size_t row, std::size_t other) const {
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (!left[i]->same(row, *right[i], other)) {
        return false;
      }
    }
    return true;
  }
};

// Only the key columns, in key order.
Batch keys_of(const TableSpec& table, const Batch& batch) {
  std::vector<Column> columns;
  columns.reserve(table.key.size());
  for (const std::string_view key : table.key) {
    columns.push_back(batch.column(key));
  }
  return Batch(std::move(columns));
}

}  // namespace

std::vector<std::string_view> value_columns(const TableSpec& table) {
  std::vector<std::string_view> out;
  for (const ColumnSpec& column : table.columns) {
    if (std::ranges::find(table.key, column.name) == table.key.end() &&
        std::ranges::find(kUncompared, column.name) == kUncompared.end()) {
      out.push_back(column.name);
    }
  }
  return out;
}

Judgement judge_within(const TableSpec& table, const Batch& batch) {
  const std::vector<std::uint32_t> order = batch.sorted_rows(table.key);
  const std::vector<std::uint8_t> equal = equal_to_previous(table, batch, order);
  const Pairing values(table, batch, batch);
  Judgement out;
  out.kept.reserve(order.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    bool all_same = true;
    while (end < order.size() && equal[end] != 0) {
      all_same = all_same && values.same(order[first], order[end]);
      ++end;
    }
    if (all_same) {
      out.kept.push_back(order[first]);  // The sort is stable: the first of the batch.
      out.dropped += static_cast<std::int64_t>(end - first - 1);
    } else {
      out.conflicts.insert(out.conflicts.end(), order.begin() + static_cast<std::ptrdiff_t>(first),
                           order.begin() + static_cast<std::ptrdiff_t>(end));
    }
    first = end;
  }
  std::ranges::sort(out.conflicts);
  return out;
}

void judge_against(const TableSpec& table, const Batch& batch, const Batch& stored, Judgement& judgement) {
  if (stored.rows() == 0 || judgement.kept.empty()) {
    return;
  }
  // Stored keys first, so that the stable sort puts a stored row right before the row that meets it.
  Batch keys = keys_of(table, stored);
  keys.append(keys_of(table, batch).take(judgement.kept));
  const std::vector<std::uint32_t> order = keys.sorted_rows(table.key);
  const std::vector<std::uint8_t> equal = equal_to_previous(table, keys, order);
  const auto stored_rows = static_cast<std::uint32_t>(stored.rows());
  const Pairing values(table, batch, stored);
  std::vector<std::uint32_t> kept;
  kept.reserve(judgement.kept.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (order[i] < stored_rows) {
      continue;
    }
    const std::uint32_t row = judgement.kept[order[i] - stored_rows];
    if (equal[i] == 0) {
      kept.push_back(row);
      continue;
    }
    LODE_ASSERT(order[i - 1] < stored_rows);  // Keys are unique on both sides.
    if (values.same(row, order[i - 1])) {
      ++judgement.dropped;
    } else {
      kept.push_back(row);
      judgement.corrections.push_back(row);
      const bool adds = table.name == kTableOfFacts     ? values.adds_to(row, order[i - 1])
                        : table.name == kTableOfFilings ? values.adds_to(row, order[i - 1], kPeople)
                                                        : false;
      if (adds) {
        judgement.additions.push_back(row);
      }
    }
  }
  judgement.kept = std::move(kept);
}

}  // namespace lode::lake
