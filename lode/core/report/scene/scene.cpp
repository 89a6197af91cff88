// Columns of a scene and their text.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/scene/scene.h"

#include <utility>

#include "lode/base/math.h"

namespace lode::report {
namespace {

// The calendar block a day lies in, for blocks of `months`.
int block_of(double days, int months) {
  const Date date{static_cast<std::int32_t>(days)};
  return (date.year() * 12 + date.month() - 1) / months;
}

std::vector<std::size_t> block_ends(const Column& dates, int months) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < dates.values.size(); ++i) {
    const bool last = i + 1 == dates.values.size();
    if (last || block_of(dates.values[i], months) != block_of(dates.values[i + 1], months)) {
      rows.push_back(i);
    }
  }
  return rows;
}

}  // namespace

Column number_column(std::string name, Style style, std::vector<double> values, int decimals) {
  return {std::move(name), Column::Kind::kNumber, style, decimals, std::move(values), {}};
}

Column date_column(std::string name, const std::vector<Date>& dates) {
  Column column{std::move(name), Column::Kind::kDate, Style::kCount, 0, {}, {}};
  column.values.reserve(dates.size());
  for (const Date date : dates) {
    column.values.push_back(date.days);
  }
  return column;
}

Column text_column(std::string name, std::vector<std::string> texts) {
  return {std::move(name), Column::Kind::kText, Style::kCount, 0, {}, std::move(texts)};
}

std::string cell_text(const Column& column, std::size_t row) {
  switch (column.kind) {
    case Column::Kind::kText:
      return column.texts[row];
    case Column::Kind::kDate:
      return to_string(Date{static_cast<std::int32_t>(column.values[row])});
    case Column::Kind::kNumber:
      return number_text(column.values[row], column.style);
  }
  return {};
}

std::vector<std::size_t> thinned_rows(const Table& table, std::size_t most) {
  std::vector<std::size_t> rows;
  if (table.rows() > most && table.columns.front().kind == Column::Kind::kDate) {
    for (const int months : {1, 3, 12, 60, 120}) {
      rows = block_ends(table.columns.front(), months);
      if (rows.size() <= most) {
        break;
      }
    }
    return rows;
  }
  for (std::size_t i = 0; i < table.rows(); ++i) {
    rows.push_back(i);
  }
  return rows;
}

}  // namespace lode::report
