// A kept run computed again and compared with what it stored, a block of instruments after the other.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>
#include <string_view>

#include "lode/base/counted.h"
#include "lode/flow/steps/indicator/keep.h"
#include "lode/flow/steps/kept/series.h"

namespace lode::flow {
namespace {

bool same_cell(const Column& a, const Column& b, std::size_t row) {
  if (a.is_null(row) || b.is_null(row)) {
    return a.is_null(row) == b.is_null(row);
  }
  if (a.type() == ColumnType::kFloat64) {
    return std::bit_cast<std::uint64_t>(a.float64s()[row]) == std::bit_cast<std::uint64_t>(b.float64s()[row]);
  }
  return a.cell(row) == b.cell(row);
}

// The rows that the run stored of the block's instruments, in the order of the key.
Result<Batch> stored_rows(const LakeBars& bars, const LakeBlock& block, const TableSpec& table, const lake::Run& run) {
  LODE_TRY(const lake::Snapshot snapshot, bars.lake->snapshot());
  lake::Query query;
  for (const ColumnSpec& column : table.columns) {
    query.columns.emplace_back(column.name);
  }
  for (const std::size_t place : block.places) {
    query.instruments.push_back(bars.set.axis->instruments[place]);
  }
  query.where = fmt::format("run = '{}'", run.hash);
  return snapshot.read(table.name, query);
}

}  // namespace

Result<KeptAgain> keep_again(World& world, const lake::Run& run) {
  LODE_TRY(const KeptAsk ask, ask_of(run));
  LODE_TRY(LakeBars bars, read_lake_bars(world, ask.wish, ask.work));
  LODE_TRY(const SeriesPlan plan, stored_plan(bars, ask.work, run));
  bars.again = plan.again;
  const TableSpec& table = kept_table(ask.work);
  KeptAgain out;
  out.columns = std::ssize(table.columns) - std::ssize(table.key);
  std::int64_t stored_count = 0;
  std::map<std::string, std::int64_t> cells;  // That differ, by column
  const auto compare = [&](const LakeWork& work, const LakeBlock& block) -> Result<void> {
    LODE_TRY(const Batch stored, stored_rows(bars, block, table, run));
    LODE_TRY(const Batch unsorted, kept_rows(bars, work, block, run));
    const Batch again = unsorted.take(unsorted.sorted_rows(table.key));
    out.rows += static_cast<std::int64_t>(again.rows());
    stored_count += static_cast<std::int64_t>(stored.rows());
    if (again.rows() != stored.rows()) {
      return {};  // Told by the counts.
    }
    for (const ColumnSpec& spec : table.columns) {
      for (std::size_t row = 0; row < again.rows(); ++row) {
        if (spec.added && stored.column(spec.name).is_null(row)) {
          continue;  // Stored before the column was there.
        }
        if (!same_cell(again.column(spec.name), stored.column(spec.name), row)) {
          ++cells[std::string(spec.name)];
        }
      }
    }
    return {};
  };
  LODE_CHECK(each_planned_block(world, bars, ask.work, plan, compare));
  if (stored_count != out.rows) {
    out.differ.push_back(fmt::format("rows: {} are stored, {} are computed", stored_count, out.rows));
  }
  for (const auto& [column, count] : cells) {
    out.differ.push_back(fmt::format("{}: {}", column, counted(count, "cell differs", "cells differ")));
  }
  return out;
}

}  // namespace lode::flow
