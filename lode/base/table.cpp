// Lays out a TextTable.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/table.h"

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/printable.h"
#include "lode/base/text.h"

namespace lode {
namespace {

constexpr int kGap = 2;  // Blanks between columns.

void append_cell(std::string& line, const std::string& cell, TextTable::Align align, std::size_t width) {
  const std::size_t used = code_points(cell);
  const std::size_t pad = width > used ? width - used : 0;
  if (align == TextTable::Align::kRight) {
    line.append(pad, ' ');
    line += cell;
  } else {
    line += cell;
    line.append(pad, ' ');
  }
}

}  // namespace

TextTable::TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {
  for (Column& column : columns_) {
    column.title = printable(column.title);
  }
}

void TextTable::add(std::vector<std::string> cells) {
  LODE_ASSERT(cells.size() == columns_.size());
  for (std::string& cell : cells) {
    cell = printable(cell);
  }
  rows_.push_back(std::move(cells));
}

std::string TextTable::render(int width, int indent) const {
  std::vector<std::size_t> widths;
  std::vector<std::size_t> shown;
  std::size_t total = static_cast<std::size_t>(indent);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t widest = code_points(columns_[i].title);
    for (const auto& row : rows_) {
      widest = std::max(widest, code_points(row[i]));
    }
    widths.push_back(widest);
    shown.push_back(i);
    total += widest + (i > 0 ? kGap : 0);
  }
  while (width > 0 && total > static_cast<std::size_t>(width) && shown.size() > 1) {
    // The least important goes; of equals the rightmost.
    const auto least = std::min_element(shown.rbegin(), shown.rend(), [&](std::size_t a, std::size_t b) {
      return columns_[a].importance < columns_[b].importance;
    });
    total -= widths[*least] + kGap;
    shown.erase(std::next(least).base());
  }
  std::string text;
  const auto append_line = [&](const auto& cell_of) {
    std::string line(static_cast<std::size_t>(indent), ' ');
    for (std::size_t k = 0; k < shown.size(); ++k) {
      line.append(k > 0 ? kGap : 0, ' ');
      append_cell(line, cell_of(shown[k]), columns_[shown[k]].align, widths[shown[k]]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  append_line([&](std::size_t i) -> const std::string& { return columns_[i].title; });
  for (const auto& row : rows_) {
    append_line([&](std::size_t i) -> const std::string& { return row[i]; });
  }
  return text;
}

}  // namespace lode
