// Lines of words as they stand on paper: broken at spaces to a width, each piece with its face and colour.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lode/core/report/document/text.h"
#include "lode/core/report/pdf/canvas.h"

namespace lode::report {

// Type of a part of the page.
struct Type {
  double size = 8.5;
  Face face = Face::kSans;
  Colour colour = colour_of(Role::kInk);
  double leading() const { return size * 1.32; }
};

struct Piece {
  std::string words;
  Face face;
  Colour colour;
  double width;
};

struct Line {
  std::vector<Piece> pieces;
  double width = 0.0;
};

// `text` in lines no wider than `width`. Numbers and ranges are never broken; a word wider than a line is broken where
// it must be. At least one line.
std::vector<Line> set_lines(const Text& text, const Type& type, double width);

// Width of the whole on one line, and of what cannot be broken.
double natural_width(const Text& text, const Type& type);
double least_width(const Text& text, const Type& type);

double height_of(const std::vector<Line>& lines, const Type& type);

enum class Align : std::uint8_t { kLeft, kRight, kCenter };

// Draws the lines from `y` down; aligned within `width`.
void draw_lines(Canvas& canvas, const std::vector<Line>& lines, const Type& type, double x, double y,
                Align align = Align::kLeft, double width = 0.0);

}  // namespace lode::report
