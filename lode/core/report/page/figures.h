// The numbers of the page by path: whatever is printed comes from evaluate::numbers and says so in data-why.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lode/core/evaluate/numbers.h"
#include "lode/core/report/document/text.h"
#include "lode/core/report/number_text.h"

namespace lode::report {

class Figures {
 public:
  explicit Figures(std::vector<evaluate::Number> numbers);

  const evaluate::Number* find(std::string_view path) const;  // nullptr when the sheet has no such number.
  double value(std::string_view path) const;                  // NaN when absent or missing.

  // The number, askable by its path; a grey dash with the reason when it is missing.
  Text number(std::string_view path, Style style) const;
  // The same without its unit, for tables whose header names it; with its interval behind it when it has one.
  Text bare(std::string_view path, Style style) const;
  // The same in the decimals given, for columns whose numbers stand under each other.
  Text bare(std::string_view path, Style style, int decimals) const;
  Text with_range(std::string_view path, Style style) const;
  // The interval alone; empty when there is none.
  Text range(std::string_view path, Style style) const;
  // Plain text, for titles.
  std::string text(std::string_view path, Style style) const;

  const std::vector<evaluate::Number>& all() const { return numbers_; }

 private:
  Text wrap(std::string_view path, std::string text) const;

  std::vector<evaluate::Number> numbers_;
  std::unordered_map<std::string_view, std::size_t> by_path_;
};

// "tone": the look of a signed value, "up", "down" or "" (zero, missing).
std::string_view tone(double value);

// "heat u3" or "heat d2": the look of a cell by how deep its value is, relative to the limit both signs share.
std::string heat(double value, double limit);

}  // namespace lode::report
