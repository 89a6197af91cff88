// A report as its sections make it: blocks with meaning and no form. One document, two writers: document_html.h and
// ../pdf/document_pdf.h. Because both write the same blocks, the page and the paper cannot tell different numbers.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "lode/core/evaluate/tear_sheet.h"
#include "lode/core/report/document/text.h"
#include "lode/core/report/scene/scene.h"

namespace lode::report {

// A cell of a table. `look`: words of "up", "down" (the sign of its value), "strong", "faint", "heat uN" or "heat dN"
// (N = 1..5: how deep its colour is, of gains or losses).
struct Cell {
  Text text;
  bool number = true;  // Stands at the right of its column.
  std::string look = {};
};

// A table with a caption for readers and screen readers.
struct CellTable {
  std::string caption;                  // May be empty.
  std::vector<std::string> headers;     // The first one names the rows.
  std::vector<std::vector<Cell>> rows;  // The first cell of a row is its heading.
  std::string look;  // "dense", "narrow" (no wider than needed), "stack" (on a phone a cell a line), "heatmap" or ""
};

struct Block;

// Blocks in their order.
struct Blocks {
  Blocks() = default;
  Blocks(Block block);
  Blocks& operator+=(Block block);
  Blocks& operator+=(Blocks more);
  bool empty() const { return all.empty(); }

  std::vector<Block> all;
};

// Cards and charts side by side, by their width.
struct Grid {
  Blocks blocks;
};

// A framed part with a title. `why`: path of the number its title tells, if it tells one. `flows`: may be broken over
// two pages.
struct Card {
  std::string title;
  std::string subtitle;
  std::string why;
  Width width = Width::kFull;
  bool flows = false;
  Blocks blocks;
};

struct Note {
  Text text;
};

// "Not here, because": stands where a reader would look for a missing part.
struct Reason {
  std::string text;
};

// A number large enough to be seen first.
struct Tile {
  std::string label;
  Text value;
  Text below;
};

// The judgement in a word and a sentence, and the numbers it rests on.
struct Judgement {
  std::string word;
  Text sentence;
  std::vector<Tile> tiles;
};

struct CheckRow {
  std::string title;
  evaluate::CheckState state;
  Text result;
  Text note;
};

struct Checklist {
  std::string title;
  std::string subtitle;
  std::vector<CheckRow> rows;
};

struct TreeNode {
  std::string name;    // "close", "bars/2019.csv"; empty in a line that counts what is left out.
  std::string detail;  // "lake commit 37", "sha256 5e0c...  rows 812,004   set aside 12"
  std::vector<TreeNode> children;
};

struct Tree {
  std::vector<TreeNode> nodes;
};

// A command to type.
struct Command {
  std::string text;
};

struct Bullets {
  std::vector<std::string> lines;
  std::string more;  // "and 3 more"; may be empty.
};

struct Definitions {
  std::vector<std::pair<std::string, std::string>> terms;  // Term, meaning.
};

struct Block {
  std::variant<Chart, CellTable, Grid, Card, Note, Reason, Judgement, Checklist, Tree, Command, Bullets, Definitions>
      is;
};

// "5 Prediction", and the question it answers. `gone`: holds nothing but the reason why.
struct Section {
  int number = 0;
  std::string title;
  std::string question;
  bool gone = false;
  Blocks blocks;
};

struct Fact {
  std::string name;
  std::string value;
  std::string look = {};  // "wide", "hash" or ""
};

// The top of the report.
struct Heading {
  std::vector<std::string> stamps;  // "Synthetic market"
  std::string kind;                 // "Factor report"
  std::string title;
  bool is_formula = false;  // The title is one.
  Text formula;             // May be empty.
  std::vector<Fact> facts;
};

struct Document {
  std::string title;            // Of the window and of the file.
  std::string run_hash;         // The report's id.
  std::string id_word = "run";  // What it is the id of: "run", "report".
  Heading heading;
  std::vector<std::pair<int, std::string>> contents;  // Number and name of each section that is listed.
  std::vector<Section> sections;
  std::string footer;
};

Block chart_block(Chart chart);
Block note(Text text);
Block reason_box(std::string_view reason);
Block grid(Blocks blocks);
Block card(std::string_view title, std::string_view subtitle, Blocks body, Width width, std::string_view why = "",
           bool flows = false);
Section section(int number, std::string_view title, std::string_view question, Blocks body);
Section missing_section(int number, std::string_view title, std::string_view reason);

}  // namespace lode::report
