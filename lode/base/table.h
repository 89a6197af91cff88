// TextTable: aligned columns for a terminal (UX-35). Numbers are right-aligned, text left-aligned; the least important
// columns are dropped when a width is given, never wrapped.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace lode {

class TextTable {
 public:
  enum class Align { kLeft, kRight };
  struct Column {
    std::string title;
    Align align = Align::kLeft;
    int importance = 0;  // Lower is dropped first.
  };

  explicit TextTable(std::vector<Column> columns);
  // As many as columns; shown as printable() has them, and counted by code points.
  void add(std::vector<std::string> cells);

  // Lines with '\n'; columns two spaces apart, no trailing blanks. width 0: as wide as needed.
  std::string render(int width = 0, int indent = 0) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace lode
