// Breaking words into lines.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/pdf/lines.h"

#include <algorithm>

#include "lode/base/text.h"

namespace lode::report {
namespace {

using Word = std::vector<Piece>;  // What stands together without a space.

double width_of(const Word& word) {
  double width = 0.0;
  for (const Piece& piece : word) {
    width += piece.width;
  }
  return width;
}

Piece make_piece(std::string_view words, const Run& run, const Type& type) {
  const Face face = run.kind == Run::Kind::kCode ? Face::kMono : type.face;
  const bool is_faint = run.faint || run.kind == Run::Kind::kGap || run.kind == Run::Kind::kRange;
  // Mono letters look larger than the others of their size.
  return {std::string(words), face, is_faint ? colour_of(Role::kMuted) : type.colour,
          type.size * report::width_of(face, words)};
}

std::vector<Word> words_of(const Text& text, const Type& type) {
  std::vector<Word> out;
  bool joins = false;  // The next piece stands close to the last one.
  for (const Run& run : text.runs()) {
    const bool breaks = run.kind == Run::Kind::kPlain || run.kind == Run::Kind::kCode;
    std::string_view rest = run.words;
    while (!rest.empty()) {
      const std::size_t at = breaks ? rest.find_first_of(" \n\t") : std::string_view::npos;
      if (at != 0) {
        const Piece piece = make_piece(rest.substr(0, at), run, type);
        if (!joins) {
          out.emplace_back();
        }
        out.back().push_back(piece);
        joins = true;
      }
      if (at == std::string_view::npos) {
        break;
      }
      joins = false;
      rest.remove_prefix(at + 1);
    }
  }
  return out;
}

// A word that no line holds, cut into parts that do.
std::vector<Word> cut(const Word& word, const Type& type, double width) {
  std::vector<Word> out(1);
  double used = 0.0;
  for (const Piece& piece : word) {
    for (std::size_t at = 0; at < piece.words.size();) {
      const std::size_t length = std::max<std::size_t>(utf8_sequence(piece.words, at), 1);
      const std::string letter = piece.words.substr(at, length);
      const double wide = type.size * report::width_of(piece.face, letter);
      if (used + wide > width && !out.back().empty()) {
        out.emplace_back();
        used = 0.0;
      }
      if (out.back().empty() || out.back().back().face != piece.face) {
        out.back().push_back({"", piece.face, piece.colour, 0.0});
      }
      out.back().back().words += letter;
      out.back().back().width += wide;
      used += wide;
      at += length;
    }
  }
  return out;
}

void append(Line& line, const Word& word, const Type& type) {
  if (!line.pieces.empty()) {
    Piece& last = line.pieces.back();
    const double space = type.size * report::width_of(last.face, " ");
    last.words += ' ';
    last.width += space;
    line.width += space;
  }
  for (const Piece& piece : word) {
    line.pieces.push_back(piece);
    line.width += piece.width;
  }
}

}  // namespace

std::vector<Line> set_lines(const Text& text, const Type& type, double width) {
  std::vector<Line> out(1);
  for (const Word& whole : words_of(text, type)) {
    const bool fits = width_of(whole) <= width;
    for (const Word& word : fits ? std::vector<Word>{whole} : cut(whole, type, width)) {
      const double space = type.size * report::width_of(type.face, " ");
      if (!out.back().pieces.empty() && out.back().width + space + width_of(word) > width + 1e-6) {
        out.emplace_back();
      }
      append(out.back(), word, type);
    }
  }
  return out;
}

double natural_width(const Text& text, const Type& type) {
  constexpr double kAnything = 1e9;
  return set_lines(text, type, kAnything).front().width;
}

double least_width(const Text& text, const Type& type) {
  double most = 0.0;
  for (const Word& word : words_of(text, type)) {
    most = std::max(most, width_of(word));
  }
  return most;
}

double height_of(const std::vector<Line>& lines, const Type& type) {
  return static_cast<double>(lines.size()) * type.leading();
}

void draw_lines(Canvas& canvas, const std::vector<Line>& lines, const Type& type, double x, double y, Align align,
                double width) {
  double baseline = y + 0.5 * (type.leading() + 0.72 * type.size);  // Capitals stand in the middle of their line.
  for (const Line& line : lines) {
    double at = x + (align == Align::kRight    ? width - line.width
                     : align == Align::kCenter ? 0.5 * (width - line.width)
                                               : 0.0);
    for (std::size_t i = 0; i < line.pieces.size(); ++i) {
      // Pieces of one look are one string: whoever copies or searches the line finds its words together.
      const Piece& piece = line.pieces[i];
      std::string words = piece.words;
      double wide = piece.width;
      while (i + 1 < line.pieces.size() && line.pieces[i + 1].face == piece.face &&
             line.pieces[i + 1].colour.red == piece.colour.red && line.pieces[i + 1].colour.blue == piece.colour.blue) {
        words += line.pieces[++i].words;
        wide += line.pieces[i].width;
      }
      canvas.words(at, baseline, piece.face, type.size, piece.colour, words);
      at += wide;
    }
    baseline += type.leading();
  }
}

}  // namespace lode::report
