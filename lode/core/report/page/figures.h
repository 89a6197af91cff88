// The numbers of the page by path: whatever is printed comes from evaluate::numbers and says so in data-why.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lode/core/evaluate/numbers.h"
#include "lode/core/report/number_text.h"

namespace lode::report {

class Figures {
 public:
  explicit Figures(std::vector<evaluate::Number> numbers);

  const evaluate::Number* find(std::string_view path) const;  // nullptr when the sheet has no such number.
  double value(std::string_view path) const;                  // NaN when absent or missing.

  // HTML: the number, askable by its path; a grey dash with the reason when it is missing.
  std::string html(std::string_view path, Style style) const;
  // The same without its unit, for tables whose header names it; with its interval behind it when it has one.
  std::string bare(std::string_view path, Style style) const;
  // The same in the decimals given, for columns whose numbers stand under each other.
  std::string bare(std::string_view path, Style style, int decimals) const;
  std::string with_range(std::string_view path, Style style) const;
  // The interval alone, small, in its own element; empty when there is none.
  std::string range(std::string_view path, Style style) const;
  // Plain text, for titles.
  std::string text(std::string_view path, Style style) const;

  const std::vector<evaluate::Number>& all() const { return numbers_; }

 private:
  std::string wrap(std::string_view path, std::string text) const;

  std::vector<evaluate::Number> numbers_;
  std::unordered_map<std::string_view, std::size_t> by_path_;
};

// A grey dash that says why nothing stands here.
std::string missing_html(std::string_view reason);

// "tone": the class of a signed value, "up", "down" or "" (zero, missing).
std::string_view tone(double value);

}  // namespace lode::report
