// A chart as a reader sees it, before anyone draws it: one table, and marks that name its columns. Because every mark
// is drawn from the table that is also printed and embedded, a chart and its table cannot disagree. The HTML writer
// (scene_html.h) and any later one draw the same scenes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lode/core/report/number_text.h"
#include "lode/core/report/palette.h"
#include "lode/core/report/scene/ticks.h"

namespace lode::report {

// One column of a chart's table. kNumber: `values`, NaN = missing. kDate: `values` are days since 1970. kText: `texts`.
struct Column {
  enum class Kind : std::uint8_t { kNumber, kDate, kText };
  std::string name;
  Kind kind = Kind::kNumber;
  Style style = Style::kDecimal;
  int decimals = 6;  // Of the embedded value: the step of what "exact" means.
  std::vector<double> values;
  std::vector<std::string> texts;

  std::size_t size() const { return kind == Kind::kText ? texts.size() : values.size(); }
};

Column number_column(std::string name, Style style, std::vector<double> values, int decimals = 6);
Column date_column(std::string name, const std::vector<Date>& dates);
Column text_column(std::string name, std::vector<std::string> texts);

struct Table {
  std::vector<Column> columns;  // All of one size.
  std::size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
};

enum class Dash : std::uint8_t { kSolid, kDashed, kDotted };

// A mark draws table columns in one panel; `x`, `y`, `low`, `high` are column indices, -1 = none.
struct Mark {
  enum class Kind : std::uint8_t {
    kLine,  // y over x; a NaN breaks it
    kArea,  // between y and `base`
    kBand,  // between low and high over x
    kBar,   // from `base` (or column low) to y, `width` wide in x units; across: along x, at y
    kDot,   // at (x, y) with a whisker from low to high; across: the whisker runs along x
    kRule,  // a straight line through the box at `base`; across: upright, at x = base
  };
  Kind kind = Kind::kLine;
  int x = 0;
  int y = -1;
  int low = -1;
  int high = -1;
  double base = 0.0;
  double width = 1.0;
  Role role = Role::kInk;
  Role below = Role::kInk;  // Bars: colour under `base`; kInk = same as role.
  Dash dash = Dash::kSolid;
  bool across = false;  // The value axis is x and the rows stand on y.
  int hollow_row = -1;  // Bar drawn as an outline.
};

// Words inside the box at data coordinates.
struct Label {
  enum class Anchor : std::uint8_t { kAbove, kBelow, kRight, kLeft };
  double x;
  double y;
  std::string text;
  Anchor anchor = Anchor::kAbove;
  Role role = Role::kMuted;
};

// The name of a line at its right end.
struct EndLabel {
  double y;  // Value where the line ends.
  std::string name;
  std::string value;
  Role role = Role::kInk;
  std::string why = {};  // Path of the number `value` tells; may be empty.
};

// One box. Panels of a chart stand under each other on the same x axis.
struct Panel {
  int height_px = 200;
  std::string caption;  // One line above the box; may be empty.
  Axis y;
  bool names = false;  // y is a name_axis: its labels stand left of the box.
  std::vector<Mark> marks;
  std::vector<Label> labels;
  std::vector<EndLabel> ends;
};

// A number within a line of words, and the path that answers where it came from.
struct Askable {
  std::string text;  // As it stands in the line: "+4.1 %".
  std::string why;   // "spread.5d.long_annual"
};

// Of the page, twelve columns wide.
enum class Width : std::uint8_t { kFull, kTwoThirds, kHalf, kThird };

struct Chart {
  using Width = report::Width;
  std::string id;                              // "ic-months": unique on the page, letters, digits, '-'.
  std::string title;                           // The answer, computed from the numbers by rule.
  std::string subtitle;                        // Definition and sample.
  std::vector<Askable> subtitle_numbers = {};  // Those of the subtitle that can be asked for, in its order.
  std::string aria;                            // The finding in words.
  std::string why;   // Path of the one number the title tells; empty when it tells none, or counts.
  std::string note;  // A line under the chart; may be empty.
  Width width = Width::kHalf;
  Axis x;
  std::string x_title;  // "sessions", "cost a side, bp"; may be empty.
  std::vector<Panel> panels;
  Table table;
};

// The text of one cell as tables print it.
std::string cell_text(const Column& column, std::size_t row);

// Rows of a static table of at most `most` rows: all of them, or the last session of each month, quarter or year.
std::vector<std::size_t> thinned_rows(const Table& table, std::size_t most);

}  // namespace lode::report
