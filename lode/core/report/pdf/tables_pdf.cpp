// Tables on paper: columns as wide as their words ask for, heads that stand on every page.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>
#include <utility>

#include "lode/base/text.h"
#include "lode/core/report/pdf/blocks_pdf.h"

namespace lode::report {
namespace {

constexpr double kBetweenColumns = 9.0;
constexpr double kRowPad = 1.9;                                  // Above and below a row's words.
constexpr double kLeastSize = 5.5;                               // Smaller type is not read.
constexpr double kHeatSteps[] = {0.07, 0.15, 0.23, 0.31, 0.40};  // As on the page.

// A row of cells broken to the widths of their columns.
struct Row {
  std::vector<std::vector<Line>> cells;
  std::vector<Type> types;
  std::vector<Align> aligns;
  std::vector<Colour> heats;
  std::vector<bool> has_heat;
  double lines_height = 0.0;
};

bool has_word(std::string_view look, std::string_view word) { return look.find(word) != std::string_view::npos; }

Type cell_type(const Cell& cell, double size) {
  Type out = type::table();
  out.size = size;
  out.colour = has_word(cell.look, "up")      ? colour_of(Role::kUp)
               : has_word(cell.look, "down")  ? colour_of(Role::kDown)
               : has_word(cell.look, "faint") ? colour_of(Role::kMuted)
                                              : out.colour;
  out.face = has_word(cell.look, "strong") ? Face::kBold : Face::kSans;
  return out;
}

Type head_type(double size) {
  Type out = type::small();
  out.size = std::min(size, 7.0);
  return out;
}

void set_heat(Row& row, std::size_t column, std::string_view look) {
  const std::size_t at = look.find("heat ");
  if (at == std::string_view::npos) {
    return;
  }
  const Colour colour = colour_of(look[at + 5] == 'u' ? Role::kUp : Role::kDown);
  row.heats[column] = tint(colour, kHeatSteps[std::clamp(look[at + 6] - '1', 0, 4)]);
  row.has_heat[column] = true;
}

struct Columns {
  std::vector<double> widths;
  double size;     // Of type.
  double between;  // Air between two columns.
};

// Widths that hold every cell's unbreakable parts; smaller type where the words ask for more than there is.
Columns columns_of(const CellTable& table, double width) {
  const bool is_heatmap = table.look == "heatmap";
  const std::size_t count = table.headers.size();
  for (double size = type::table().size;; size -= 0.25) {
    const double between = is_heatmap ? 5.0 : kBetweenColumns * size / type::table().size;
    std::vector<double> least(count, 0.0);
    std::vector<double> natural(count, 0.0);
    for (std::size_t c = 0; c < count; ++c) {
      least[c] = natural[c] = least_width(table.headers[c], head_type(size));
      for (const std::vector<Cell>& row : table.rows) {
        const Type type = cell_type(row[c], size);
        natural[c] = std::max(natural[c], natural_width(row[c].text, type));
        least[c] = std::max(
            least[c], row[c].number || c == 0 ? natural_width(row[c].text, type) : least_width(row[c].text, type));
      }
      // A single word of code may be longer than the page: it is cut.
      least[c] = std::min(least[c], 0.45 * width);
      natural[c] = std::max(natural[c], least[c]);
    }
    const double room = width - between * static_cast<double>(count - 1);
    const double sum_least = std::accumulate(least.begin(), least.end(), 0.0);
    const double sum_natural = std::accumulate(natural.begin(), natural.end(), 0.0);
    if (sum_least > room && size > kLeastSize) {
      continue;
    }
    Columns out{natural, size, between};
    if (sum_natural > room) {
      const double share =
          sum_natural > sum_least ? std::max(0.0, (room - sum_least) / (sum_natural - sum_least)) : 0.0;
      for (std::size_t c = 0; c < count; ++c) {
        out.widths[c] = least[c] + share * (natural[c] - least[c]);
      }
    } else {
      // What is left goes to all columns alike; in a narrow table no further than the eye follows a row.
      const double left = (room - sum_natural) / static_cast<double>(count);
      const double more = table.look == "narrow" ? std::min(26.0, left) : left;
      for (double& one : out.widths) {
        one += more;
      }
    }
    return out;
  }
}

Slab row_slab(Row row, const Columns& columns, bool is_head) {
  Slab out;
  const double pad = kRowPad * columns.size / type::table().size;
  out.height = row.lines_height + 2.0 * pad;
  const double line_width = is_head ? 0.8 : 0.4;
  out.draw = [row = std::move(row), columns, pad, line_width, height = out.height, is_head](Canvas& canvas, double x,
                                                                                            double y) {
    double at = x;
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      if (row.has_heat[c]) {
        canvas.rectangle(at - 0.5 * columns.between, y + 0.3, columns.widths[c] + columns.between, height - 0.6,
                         row.heats[c]);
      }
      // A head stands at the foot of its row, words in the middle.
      const double own = height_of(row.cells[c], row.types[c]);
      const double from = is_head ? y + height - pad - own : y + pad + 0.5 * (row.lines_height - own);
      draw_lines(canvas, row.cells[c], row.types[c], at, from, row.aligns[c], columns.widths[c]);
      at += columns.widths[c] + columns.between;
    }
    canvas.line({x, y + height}, {at - columns.between, y + height}, {colour_named("grid"), line_width, Dash::kSolid});
  };
  return out;
}

Row head_row(const CellTable& table, const Columns& columns) {
  const std::size_t count = table.headers.size();
  Row row{{}, {}, {}, std::vector<Colour>(count), std::vector<bool>(count, false)};
  for (std::size_t c = 0; c < count; ++c) {
    const bool number = !table.rows.empty() && table.rows.front()[c].number;
    row.types.push_back(head_type(columns.size));
    row.cells.push_back(set_lines(table.headers[c], row.types.back(), columns.widths[c]));
    row.aligns.push_back(number ? Align::kRight : Align::kLeft);
    row.lines_height = std::max(row.lines_height, height_of(row.cells.back(), row.types.back()));
  }
  return row;
}

Row body_row(const std::vector<Cell>& cells, const Columns& columns) {
  const std::size_t count = cells.size();
  Row row{{}, {}, {}, std::vector<Colour>(count), std::vector<bool>(count, false)};
  for (std::size_t c = 0; c < count; ++c) {
    row.types.push_back(cell_type(cells[c], columns.size));
    row.cells.push_back(set_lines(cells[c].text, row.types.back(), columns.widths[c] + 0.01));
    row.aligns.push_back(cells[c].number ? Align::kRight : Align::kLeft);
    set_heat(row, c, cells[c].look);
    row.lines_height = std::max(row.lines_height, height_of(row.cells.back(), row.types.back()));
  }
  return row;
}

// A head with its first row, and the last two rows, stay together; every later page has the head again.
Slabs table_of(Slab head, Slabs rows) {
  const auto again = std::make_shared<const Slab>(head);
  head.keeps = true;
  Slabs out;
  out.push_back(std::move(head));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].again = again;
    rows[i].keeps = i + 2 == rows.size();
  }
  out += std::move(rows);
  return out;
}

struct State {
  std::string_view word;
  Colour colour;
};

State state_of(evaluate::CheckState state) {
  switch (state) {
    case evaluate::CheckState::kPassed:
      return {"passed", colour_of(Role::kUp)};
    case evaluate::CheckState::kWarning:
      return {"look", colour_of(Role::kWarning)};
    case evaluate::CheckState::kFailed:
      return {"failed", colour_of(Role::kDown)};
    case evaluate::CheckState::kUnknown:
      break;
  }
  return {"unknown", colour_of(Role::kMuted)};
}

// The sign before a state's word, drawn: the faces have no hook and no cross.
void draw_sign(Canvas& canvas, evaluate::CheckState state, double x, double middle) {
  const State shown = state_of(state);
  const Stroke stroke{shown.colour, 1.1, Dash::kSolid};
  switch (state) {
    case evaluate::CheckState::kPassed:
      return canvas.lines({{x, middle}, {x + 1.9, middle + 2.0}, {x + 5.4, middle - 2.4}}, stroke);
    case evaluate::CheckState::kFailed:
      canvas.line({x + 0.4, middle - 2.2}, {x + 4.8, middle + 2.2}, stroke);
      return canvas.line({x + 0.4, middle + 2.2}, {x + 4.8, middle - 2.2}, stroke);
    case evaluate::CheckState::kWarning:
      canvas.line({x + 2.4, middle - 2.8}, {x + 2.4, middle + 0.7}, stroke);
      return canvas.dot({x + 2.4, middle + 2.6}, 0.6, shown.colour);
    case evaluate::CheckState::kUnknown:
      return canvas.line({x + 0.4, middle}, {x + 4.8, middle}, stroke);
  }
}

// Why dashes stand in the table: paper has no pointer to ask with.
std::string reasons_of(const CellTable& table) {
  constexpr std::size_t kMost = 4;
  std::vector<std::string> reasons;
  for (const std::vector<Cell>& row : table.rows) {
    for (const Cell& cell : row) {
      for (const Run& run : cell.text.runs()) {
        if (run.kind == Run::Kind::kGap && !run.reason.empty() &&
            std::ranges::find(reasons, run.reason) == reasons.end()) {
          reasons.push_back(run.reason);
        }
      }
    }
  }
  const std::size_t more = reasons.size() > kMost ? reasons.size() - kMost : 0;
  reasons.resize(reasons.size() - more);
  return reasons.empty() ? ""
                         : std::string(kMissing) + " " + join(reasons, "; ") + (more > 0 ? "; and other reasons" : "");
}

}  // namespace

Slabs table_slabs(const CellTable& table, double width) {
  const Columns columns = columns_of(table, width);
  Slabs rows;
  for (const std::vector<Cell>& row : table.rows) {
    rows.push_back(row_slab(body_row(row, columns), columns, false));
  }
  Slabs out;
  if (!table.caption.empty()) {
    out.push_back(words_slab(table.caption, type::small(), width));
    out.back().keeps = true;
  }
  out += table_of(row_slab(head_row(table, columns), columns, true), std::move(rows));
  if (const std::string reasons = reasons_of(table); !reasons.empty()) {
    out.back().keeps = true;
    out.push_back(words_slab(reasons, type::small(), width));
    out.back().gap = 2.0;
  }
  return out;
}

Slabs checklist_slabs(const Checklist& list, double width) {
  constexpr double kState = 50.0;  // Sign and word before a result.
  const double between = kBetweenColumns;
  const double title = 0.21 * width;
  const double result = 0.26 * width;
  const Columns columns{{title, kState, result, width - title - kState - result - 3.0 * between}, 7.5, between};
  const CellTable heads{"", {"Check", "", "Result", "Note"}, {}, ""};
  Slabs rows;
  for (const CheckRow& one : list.rows) {
    const State state = state_of(one.state);
    Row row = body_row({{one.title, false, "strong"},
                        {std::string(state.word), false, "strong"},
                        {one.result, false},
                        {one.note, false, "faint"}},
                       columns);
    row.types[1].colour = state.colour;
    row.cells[1] = set_lines(std::string(state.word), row.types[1], kState);
    Slab slab = row_slab(std::move(row), columns, false);
    slab.draw = [inner = std::move(slab.draw), of = one.state, sign = title + between - 9.0, height = slab.height](
                    Canvas& canvas, double x, double y) {
      inner(canvas, x, y);
      draw_sign(canvas, of, x + sign, y + 0.5 * height);
    };
    rows.push_back(std::move(slab));
  }
  return table_of(row_slab(head_row(heads, columns), columns, true), std::move(rows));
}

}  // namespace lode::report
