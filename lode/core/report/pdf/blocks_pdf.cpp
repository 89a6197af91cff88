// Each block as slabs.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/pdf/blocks_pdf.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lode/base/text.h"

namespace lode::report {
namespace {

constexpr int kColumns = 12;
constexpr double kMostWhole = 330.0;   // Higher than that, a card kept whole leaves too much of a page empty;
constexpr double kMostBeside = 480.0;  // one beside another saves more than it leaves.

int columns_of(Width width) {
  static constexpr std::array<int, 4> kWide{12, 8, 6, 4};
  return kWide[static_cast<std::size_t>(width)];
}

// The inside of a framed block, and how many columns it takes; 0 for what has no frame.
struct Part {
  Slabs slabs;
  bool is_framed = false;
  bool flows = false;
};

void add_head(Slabs& out, const std::string& title, const std::string& subtitle, double width) {
  out.push_back(words_slab(title, type::title(), width));
  out.back().keeps = true;
  if (!subtitle.empty()) {
    out.push_back(words_slab(subtitle, type::small(), width));
    out.back().keeps = true;
  }
  Slab air{3.0};
  air.keeps = true;
  out.push_back(std::move(air));
}

Slabs card_inside(const Card& card, double width) {
  Slabs out;
  add_head(out, card.title, card.subtitle, width);
  out += make_slabs(card.blocks, width);
  return out;
}

Slabs boxed(const Reason& reason, double width) {
  const Type type = type::small();
  const std::vector<Line> lines = set_lines(prose(reason.text), type, width - 2.0 * kPad);
  Slab out;
  out.height = height_of(lines, type) + 9.0;
  out.gap = kBetween;
  out.draw = [lines, type, width, height = out.height](Canvas& canvas, double x, double y) {
    canvas.frame(x, y, width, height, {tint(colour_of(Role::kMuted), 0.45), 0.5, Dash::kDashed});
    draw_lines(canvas, lines, type, x + kPad, y + 4.5);
  };
  return {out};
}

Slab tile_slab(const Tile& tile, double width) {
  Slabs out;
  out.push_back(words_slab(tile.label, type::small(), width));
  Type big{14.0, Face::kBold, colour_of(Role::kInk)};
  out.push_back(words_slab(tile.value, big, width));
  if (!tile.below.empty()) {
    out.push_back(words_slab(tile.below, type::small(), width));
  }
  return merged(std::move(out));
}

// Slabs side by side in `count` equal columns.
Slab side_by_side(Slabs parts, double width, std::size_t count) {
  Slab out;
  for (const Slab& part : parts) {
    out.height = std::max(out.height, part.height);
  }
  const double step = width / static_cast<double>(count);
  out.draw = [parts = std::move(parts), step](Canvas& canvas, double x, double y) {
    for (const Slab& part : parts) {
      part.draw(canvas, x, y);
      x += step;
    }
  };
  return out;
}

Colour verdict_colour(std::string_view word) {
  return word == "strong"                                  ? colour_of(Role::kUp)
         : word == "weak"                                  ? colour_of(Role::kQuantile4)
         : word == "costs eat it" || word == "cannot tell" ? colour_of(Role::kWarning)
                                                           : colour_of(Role::kMuted);
}

Slabs judgement_slabs(const Judgement& judgement, double width) {
  const double inner = width - 2.0 * kPad - 4.0;
  std::string word = judgement.word;
  if (!word.empty() && word.front() >= 'a' && word.front() <= 'z') {
    word.front() = static_cast<char>(word.front() - 'a' + 'A');
  }
  Slabs parts;
  parts.push_back(words_slab(word, {15.0, Face::kBold, colour_of(Role::kInk)}, inner));
  parts.push_back(words_slab(judgement.sentence, {9.5, Face::kSans, colour_of(Role::kInk)}, inner));
  if (!judgement.tiles.empty()) {
    const std::size_t count = judgement.tiles.size();
    Slabs tiles;
    for (const Tile& tile : judgement.tiles) {
      tiles.push_back(tile_slab(tile, inner / static_cast<double>(count) - kBetween));
    }
    parts.push_back(side_by_side(std::move(tiles), inner, count));
    parts.back().gap = 8.0;
  }
  Slab all = merged(std::move(parts));
  Slab out;
  out.height = all.height + 2.0 * kPad;
  out.gap = kBetween;
  out.draw = [all = std::move(all), width, height = out.height, colour = verdict_colour(judgement.word)](
                 Canvas& canvas, double x, double y) {
    draw_frame(canvas, x, y, width, height);
    canvas.rectangle(x, y, 3.0, height, colour);
    all.draw(canvas, x + kPad + 4.0, y + kPad);
  };
  return {out};
}

void add_nodes(Slabs& out, const std::vector<TreeNode>& nodes, double indent, double width) {
  const Type type{6.2, Face::kSans, colour_of(Role::kInk)};
  for (const TreeNode& node : nodes) {
    const Text line = node.name.empty() ? faint(node.detail) : code(node.name) + " " + faint(node.detail);
    Slab slab = inset(words_slab(line, type, width - indent), indent);
    slab.height += 1.0;
    out.push_back(std::move(slab));
    add_nodes(out, node.children, indent + 9.0, width);
  }
}

Slabs command_slabs(const Command& command, double width) {
  const Type type{7.5, Face::kMono, colour_of(Role::kInk)};
  return {words_slab(code(command.text), type, width)};
}

Slabs bullet_slabs(const Bullets& bullets, double width) {
  Slabs out;
  const auto add = [&](const Text& line) {
    Slab words = words_slab(line, type::table(), width - 9.0);
    Slab slab{words.height + 1.0};
    slab.draw = [words = std::move(words)](Canvas& canvas, double x, double y) {
      canvas.dot({x + 2.5, y + 5.2}, 1.0, colour_of(Role::kMuted));
      words.draw(canvas, x + 9.0, y);
    };
    out.push_back(std::move(slab));
  };
  for (const std::string& line : bullets.lines) {
    add(prose(line));
  }
  if (!bullets.more.empty()) {
    add(faint(bullets.more));
  }
  return out;
}

// Three terms a row: what each number means is looked up, not read.
Slabs definition_slabs(const Definitions& definitions, double width) {
  constexpr std::size_t kAcross = 3;
  constexpr double kApart = 14.0;
  const double column = (width + kApart) / kAcross - kApart;
  const auto entry = [&](const std::pair<std::string, std::string>& one) {
    Slabs parts;
    parts.push_back(words_slab(code(one.first), {6.3, Face::kMono, colour_of(Role::kInk)}, column));
    parts.push_back(words_slab(one.second, {6.3, Face::kSans, colour_of(Role::kMuted)}, column));
    return merged(std::move(parts));
  };
  Slabs out;
  for (std::size_t i = 0; i < definitions.terms.size(); i += kAcross) {
    Slabs row;
    for (std::size_t k = i; k < std::min(i + kAcross, definitions.terms.size()); ++k) {
      row.push_back(entry(definitions.terms[k]));
    }
    out.push_back(side_by_side(std::move(row), width + kApart, kAcross));
    out.back().gap = 3.0;
  }
  return out;
}

// Cards and figures of one row, as high as the highest of them.
Slab row_slab(std::vector<Slab> cells, const std::vector<double>& widths) {
  Slab out;
  for (const Slab& cell : cells) {
    out.height = std::max(out.height, cell.height + 2.0 * kPad);
  }
  out.gap = kBetween;
  out.draw = [cells = std::move(cells), widths, height = out.height](Canvas& canvas, double x, double y) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      draw_frame(canvas, x, y, widths[i], height);
      cells[i].draw(canvas, x + kPad, y + kPad);
      x += widths[i] + kBetween;
    }
  };
  return out;
}

// One framed block over the whole width. What does not fit a page, or may flow, is broken between its slabs.
void add_whole(Slabs& out, const Block& block, double width) {
  const double inner = width - 2.0 * kPad;
  if (const Chart* chart = std::get_if<Chart>(&block.is)) {
    out.push_back(row_slab({chart_slab(*chart, inner)}, {width}));
    return;
  }
  const Card& card = std::get<Card>(block.is);
  Slabs inside = card_inside(card, inner);
  if (!card.flows && merged(inside).height < kMostWhole) {
    out.push_back(row_slab({merged(std::move(inside))}, {width}));
    return;
  }
  inside.front().gap = kBetween;
  out += framed(std::move(inside), width, kPad);
}

bool is_framed(const Block& block) {
  return std::holds_alternative<Chart>(block.is) || std::holds_alternative<Card>(block.is);
}

// A card that flows and is long takes the whole width.
int columns_of(const Block& block, double width) {
  if (const Chart* chart = std::get_if<Chart>(&block.is)) {
    return columns_of(chart->width);
  }
  const Card& card = std::get<Card>(block.is);
  const int asked = columns_of(card.width);
  const double inner = width * asked / kColumns - 2.0 * kPad;
  return card.flows && merged(card_inside(card, inner)).height > kMostBeside ? kColumns : asked;
}

void add_row(Slabs& out, const std::vector<const Block*>& row, double width) {
  if (row.size() == 1) {
    return add_whole(out, *row.front(), width);
  }
  // As wide as they ask for; a row that is not full keeps the columns of a full one.
  const double column = (width + kBetween) / kColumns;
  std::vector<double> widths;
  std::vector<Slab> cells;
  for (const Block* block : row) {
    widths.push_back(columns_of(*block, width) * column - kBetween);
    const double inner = widths.back() - 2.0 * kPad;
    const Chart* chart = std::get_if<Chart>(&block->is);
    cells.push_back(chart != nullptr ? chart_slab(*chart, inner)
                                     : merged(card_inside(std::get<Card>(block->is), inner)));
  }
  out.push_back(row_slab(std::move(cells), widths));
}

Slabs grid_slabs(const Grid& grid, double width) {
  Slabs out;
  std::vector<const Block*> row;
  int used = 0;
  const auto close = [&] {
    if (!row.empty()) {
      add_row(out, row, width);
    }
    row.clear();
    used = 0;
  };
  for (const Block& block : grid.blocks.all) {
    if (!is_framed(block)) {
      close();
      out += make_slabs(block, width);
      continue;
    }
    if (used + columns_of(block, width) > kColumns) {
      close();
    }
    row.push_back(&block);
    used += columns_of(block, width);
  }
  close();
  return out;
}

Slabs slabs_of(const Chart& chart, double width) {
  return {row_slab({chart_slab(chart, width - 2.0 * kPad)}, {width})};
}
Slabs slabs_of(const CellTable& table, double width) { return table_slabs(table, width); }
Slabs slabs_of(const Grid& grid, double width) { return grid_slabs(grid, width); }
Slabs slabs_of(const Card& card, double width) {
  Slabs inside = card_inside(card, width - 2.0 * kPad);
  inside.front().gap = kBetween;
  return framed(std::move(inside), width, kPad);
}
Slabs slabs_of(const Note& one, double width) {
  Slab out = words_slab(one.text, type::small(), width);
  out.gap = 6.0;
  return {out};
}
Slabs slabs_of(const Reason& reason, double width) { return boxed(reason, width); }
Slabs slabs_of(const Judgement& judgement, double width) { return judgement_slabs(judgement, width); }
Slabs slabs_of(const Checklist& list, double width) {
  Slabs inside;
  add_head(inside, list.title, list.subtitle, width - 2.0 * kPad);
  inside += checklist_slabs(list, width - 2.0 * kPad);
  inside.front().gap = kBetween;
  return framed(std::move(inside), width, kPad);
}
Slabs slabs_of(const Tree& tree, double width) {
  Slabs out;
  add_nodes(out, tree.nodes, 0.0, width);
  return out;
}
Slabs slabs_of(const Command& command, double width) { return command_slabs(command, width); }
Slabs slabs_of(const Bullets& bullets, double width) { return bullet_slabs(bullets, width); }
Slabs slabs_of(const Definitions& definitions, double width) { return definition_slabs(definitions, width); }

}  // namespace

Slab words_slab(const Text& text, const Type& type, double width) {
  std::vector<Line> lines = set_lines(text, type, width);
  Slab out;
  out.height = height_of(lines, type);
  out.draw = [lines = std::move(lines), type](Canvas& canvas, double x, double y) {
    draw_lines(canvas, lines, type, x, y);
  };
  return out;
}

Slabs make_slabs(const Blocks& blocks, double width) {
  Slabs out;
  for (const Block& block : blocks.all) {
    out += std::visit([&](const auto& one) { return slabs_of(one, width); }, block.is);
  }
  return out;
}

}  // namespace lode::report
