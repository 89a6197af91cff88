// Collecting bars.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/bar_collector.h"

#include <cmath>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/market/instrument.h"

namespace lode::source {

std::uint32_t BarSymbols::look_up(std::string_view text, std::vector<std::string>& names) {
  if (const auto known = by_text_.find(text); known != by_text_.end()) {
    return known->second;
  }
  std::string normal;
  if (!normalize_symbol(text, normal)) {
    return kNone;
  }
  const auto [same, is_new] = by_name_.try_emplace(normal, static_cast<std::uint32_t>(names.size()));
  if (is_new) {
    names.push_back(normal);
  }
  if (const std::string_view trimmed = trim(text); trimmed != normal) {
    raised_.emplace_back(trimmed);
  }
  const auto entry = static_cast<std::uint32_t>(written_.size());
  written_.emplace_back(text);
  index_.push_back(same->second);
  follower_.push_back(kNone);
  by_text_.emplace(text, entry);
  return entry;
}

BarCells no_bar_cells() {
  BarCells cells;
  cells.number.fill(std::numeric_limits<double>::quiet_NaN());
  return cells;
}

Rejected bad_bar_cell(BarColumn column, std::string_view cell, const DateFormat& dates, std::int64_t line) {
  return column == kDate     ? bad_date(cell, dates, line)
         : column == kSymbol ? bad_symbol(cell, line)
                             : bad_number(kBarColumns[column], cell, line);
}

Rejected broken_bar_rule(RowFault fault, const BarCells& cells, std::int64_t line) {
  Rejected out{fault.number, line, fault.reason, fault.reason};
  if (fault.number == static_cast<std::uint16_t>(E::E2011) || fault.number == static_cast<std::uint16_t>(E::E2013)) {
    out.shown = to_string(*cells.session);
  } else if (fault.number == static_cast<std::uint16_t>(E::E2004)) {
    out.column = fault.reason.substr(0, fault.reason.find(' '));
    out.shown = "\"\"";
  }
  return out;
}

bool is_possible_number(BarColumn field, double value) {
  if (field == kTrades) {
    return std::isnan(value) || (value >= 0.0 && value == std::trunc(value) && value < 1e15);
  }
  return field <= kVolume || !std::isinf(value);
}

}  // namespace lode::source
