// One page of paper: what is drawn becomes PDF content (ISO 32000-1, 8 and 9). Lengths in points, x from the left and y
// from the top; colours are those of the light theme.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lode/core/report/palette.h"
#include "lode/core/report/pdf/file.h"
#include "lode/core/report/pdf/fonts.h"
#include "lode/core/report/scene/scene.h"

namespace lode::report {

struct Colour {
  double red;
  double green;
  double blue;
};
Colour colour_of(Role role);
Colour colour_named(std::string_view token);  // Of palette(): "page", "warning".
// `share` of the colour on white paper.
Colour tint(Colour colour, double share);

// Width of a line of words at one point of size.
double width_of(Face face, std::string_view words);

// The characters a document uses of each face, numbered in the order of their first use.
class UsedCharacters {
 public:
  // The numbers of `words` in hexadecimal digits, four a character.
  std::string numbered(Face face, std::string_view words);
  // Writes the font dictionaries with their cut files; the object of each face, 0 when none of it is used.
  std::array<int, kFaces> write(PdfFile& file) const;

 private:
  struct Used {
    std::map<char32_t, int> numbers;
    std::vector<char32_t> order;
  };
  int write_face(PdfFile& file, Face face, const Used& used) const;
  std::array<Used, kFaces> faces_;
};

struct Spot {
  double x;
  double y;
};

struct Stroke {
  Colour colour;
  double width = 0.5;
  Dash dash = Dash::kSolid;
};

class Canvas {
 public:
  Canvas(double height, UsedCharacters& used) : height_(height), used_(&used) {}

  void words(double x, double baseline, Face face, double size, Colour colour, std::string_view text);
  void line(Spot from, Spot to, const Stroke& stroke) { lines({from, to}, stroke); }
  void lines(const std::vector<Spot>& spots, const Stroke& stroke);
  // `opacity`: 1, 0.5 or 0.14.
  void area(const std::vector<Spot>& outline, Colour colour, double opacity = 1.0);
  void rectangle(double x, double y, double width, double height, Colour colour);
  void frame(double x, double y, double width, double height, const Stroke& stroke);
  void dot(Spot center, double radius, Colour colour);

  const std::string& content() const { return content_; }

 private:
  std::string place(Spot spot) const;

  double height_;
  UsedCharacters* used_;
  std::string content_;
};

// The graphics states of the opacities, for a page's resources.
std::string_view opacity_states();

}  // namespace lode::report
