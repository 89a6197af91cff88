// Dense blocks to wide rows.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/wide_rows.h"

#include <algorithm>
#include <cstring>

#include "lode/base/math.h"

namespace lode::flow {

namespace {

constexpr std::size_t kCellsABatch = std::size_t{2} << 20;  // 16 MB of numbers

}  // namespace

WideRows::WideRows(const World& world, Computation& values)
    : world_(world), values_(values), totals_(values.head().names.size()) {}

Result<std::optional<Batch>> WideRows::next() {
  while (true) {
    while (block_ == nullptr || row_ == block_->axis->rows()) {
      LODE_TRY(block_, values_.next());
      if (block_ == nullptr) {
        return std::optional<Batch>();
      }
      row_ = block_->first_row;
    }
    const Axis& axis = *block_->axis;
    const std::size_t session = std::max<std::size_t>(axis.columns() * block_->panels.size(), 1);
    std::size_t end = std::min(axis.rows(), row_ + std::max<std::size_t>(kCellsABatch / session, 1));
    const int year = axis.sessions[row_].year();
    while (axis.sessions[end - 1].year() != year) {
      --end;
    }
    Batch batch = take(row_, end);
    row_ = end;
    if (batch.rows() > 0) {
      return std::optional(std::move(batch));
    }
  }
}

WideRows::Cells WideRows::cells_of(std::size_t begin, std::size_t end) const {
  Cells out;
  for (std::size_t row = begin; row < end; ++row) {
    for (std::size_t column = 0; column < block_->axis->columns(); ++column) {
      if (block_->is_inside(row, column)) {
        out.columns.push_back(static_cast<std::uint32_t>(column));
      }
    }
    out.ends.push_back(out.columns.size());
  }
  return out;
}

// The digest is one of sessions, so that no cut into blocks changes it.
Column WideRows::factor_column(std::size_t factor, std::size_t begin, const Cells& cells) {
  const Panel& panel = block_->panels[factor];
  const Axis& axis = *block_->axis;
  std::vector<double> out;
  out.reserve(cells.columns.size());
  std::string bytes;
  std::size_t from = 0;
  for (std::size_t i = 0; i < cells.ends.size(); ++i) {
    const std::size_t row = begin + i;
    const bool is_empty = from == cells.ends[i];
    bytes = lode::to_string(axis.sessions[row]);
    for (; from < cells.ends[i]; ++from) {
      const double value = panel.precision() == Precision::kFloat64
                               ? panel.row64(row)[cells.columns[from]]
                               : static_cast<double>(panel.row32(row)[cells.columns[from]]);
      out.push_back(value);
      const bool missing = math::is_nan(value);
      totals_.valid[factor] += missing ? 0 : 1;
      // Missing is missing, whatever its bits; the bytes are those of a little-endian machine.
      const std::uint64_t id = axis.instruments[cells.columns[from]].value;
      std::uint64_t bits = ~std::uint64_t{0};
      if (!missing) {
        std::memcpy(&bits, &value, sizeof(bits));
      }
      char raw[16];
      std::memcpy(raw, &id, 8);
      std::memcpy(raw + 8, &bits, 8);
      bytes.append(raw, sizeof(raw));
    }
    if (!is_empty) {
      totals_.digests[factor].add(bytes);
    }
  }
  return Column::float64(values_.head().names[factor], std::move(out));
}

Batch WideRows::take(std::size_t begin, std::size_t end) {
  const Axis& axis = *block_->axis;
  const Cells cells = cells_of(begin, end);
  const std::size_t rows = cells.columns.size();
  std::vector<std::int32_t> days;
  std::vector<std::uint64_t> ids;
  std::vector<std::int64_t> known;
  days.reserve(rows);
  ids.reserve(rows);
  known.reserve(rows);
  std::size_t from = 0;
  for (std::size_t i = 0; i < cells.ends.size(); ++i) {
    for (; from < cells.ends[i]; ++from) {
      days.push_back(axis.sessions[begin + i].days);
      ids.push_back(axis.instruments[cells.columns[from]].value);
      known.push_back(axis.times[begin + i].nanos);
    }
  }
  std::vector<Column> columns;
  columns.push_back(Column::date("session", std::move(days)));
  columns.push_back(Column::uint64("instrument_id", std::move(ids)));
  columns.push_back(Column::time("known_time", std::move(known)));
  std::vector<Column> factors(block_->panels.size(), Column("", ColumnType::kFloat64));
  world_.pool.for_each(factors.size(), [&](std::size_t i) { factors[i] = factor_column(i, begin, cells); });
  std::ranges::move(factors, std::back_inserter(columns));
  if (rows > 0) {
    first_ = first_ ? first_ : axis.sessions[begin];
    last_ = axis.sessions[end - 1];
  }
  totals_.rows += static_cast<std::int64_t>(rows);
  return Batch(std::move(columns));
}

}  // namespace lode::flow
