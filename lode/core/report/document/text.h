// A line of words as a reader gets it, before anyone writes it: plain words, numbers that can be asked for, dashes that
// say why nothing stands there. The writers (document_html.h, ../pdf) turn the same runs into their own form.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace lode::report {

// Words of one kind. All texts are plain UTF-8; a writer escapes them.
struct Run {
  enum class Kind : std::uint8_t {
    kPlain,   // With a `why`: words about one number, askable by it; they wrap.
    kNumber,  // A number of the run, askable by `why`.
    kGap,     // A dash where a number is missing for `reason`; askable where it has a `why`.
    kRange,   // The ends of an interval: small, and never broken over two lines.
    kCode,    // Typed as it stands.
  };
  std::string words;
  Kind kind = Kind::kPlain;
  bool faint = false;
  std::string why = {};
  std::string reason = {};
};

class Text {
 public:
  Text() = default;
  Text(std::string words);
  Text(std::string_view words) : Text(std::string(words)) {}
  Text(const char* words) : Text(std::string(words)) {}
  Text(Run run) { runs_.push_back(std::move(run)); }

  Text& operator+=(const Text& more);
  friend Text operator+(Text first, const Text& second) { return first += second; }

  bool empty() const { return runs_.empty(); }
  const std::vector<Run>& runs() const { return runs_; }
  std::string plain() const;  // The words alone.

 private:
  friend Text faint(Text text);
  std::vector<Run> runs_;
};

// The same in the second ink.
Text faint(Text text);
Text code(std::string words);

// A grey dash that says why nothing stands here.
Text missing(std::string_view reason);

// A sentence, with a hyphen before a digit turned into a minus sign (U+2212) and a space between a digit and % into a
// thin one that does not break (U+202F).
Text prose(std::string_view sentence);

// `pattern` with each "{}" replaced by the next of `parts`; as many of them as braces.
Text words(std::string_view pattern, std::initializer_list<Text> parts);

}  // namespace lode::report
