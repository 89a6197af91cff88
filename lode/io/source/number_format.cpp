// Reading numbers with marks.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/number_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>

#include "lode/base/text.h"

namespace lode::source {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_mark(char c) { return c == ',' || c == '.' || c == '\'' || c == ' '; }

// Digits parted into a whole and a fraction: "1.250" and "5" of "1.250,5" with its comma as the decimal mark.
struct Parts {
  std::string_view sign, whole, fraction;
  bool has_fraction = false;
};

// nullopt for a cell that holds anything but digits, marks and a sign in front.
std::optional<Parts> parts_of(std::string_view cell, char decimal) {
  Parts out;
  if (!cell.empty() && (cell[0] == '-' || cell[0] == '+')) {
    out.sign = cell.substr(0, 1);
    cell.remove_prefix(1);
  }
  if (cell.empty() || !std::ranges::all_of(cell, [](char c) { return is_digit(c) || is_mark(c); })) {
    return std::nullopt;
  }
  const std::size_t at = cell.rfind(decimal);
  out.has_fraction = at != std::string_view::npos;
  out.whole = cell.substr(0, at);
  out.fraction = out.has_fraction ? cell.substr(at + 1) : std::string_view();
  return out;
}

// One to three digits, then groups of three, all parted by the same mark; or digits alone.
bool is_grouped(std::string_view whole, char decimal) {
  const std::size_t first = static_cast<std::size_t>(std::ranges::find_if(whole, is_mark) - whole.begin());
  if (first == whole.size()) {
    return std::ranges::all_of(whole, is_digit);
  }
  const char mark = whole[first];
  if (mark == decimal || first == 0 || first > 3 || (whole.size() - first) % 4 != 0) {
    return false;
  }
  for (std::size_t i = first; i < whole.size(); ++i) {
    if ((i - first) % 4 == 0 ? whole[i] != mark : !is_digit(whole[i])) {
      return false;
    }
  }
  return true;
}

bool fits(std::string_view cell, char decimal) {
  const std::optional<Parts> parts = parts_of(cell, decimal);
  return parts && is_grouped(parts->whole, decimal) && std::ranges::all_of(parts->fraction, is_digit) &&
         !(parts->whole.empty() && parts->fraction.empty());
}

}  // namespace

bool make_plain(std::span<char> cell, const NumberFormat& format) {
  const std::string_view text(cell.data(), cell.size());
  if (!format.has_marks || text.find_first_of(format.decimal == '.' ? ",' " : ",.' ") == std::string_view::npos ||
      !fits(text, format.decimal)) {
    return false;
  }
  const Parts parts = *parts_of(text, format.decimal);
  std::string digits;
  std::ranges::copy_if(parts.whole, std::back_inserter(digits), is_digit);
  if (!parts.fraction.empty()) {
    digits += "." + std::string(parts.fraction);
  }
  // Marks that fell out leave room: zeros in front say nothing.
  const std::string sign = parts.sign == "-" ? "-" : "";
  const std::string plain = sign + std::string(cell.size() - sign.size() - digits.size(), '0') + digits;
  std::ranges::copy(plain, cell.begin());
  return true;
}

void NumberEvidence::see(std::string_view cell, std::int64_t line) {
  if (cell.find_first_of(",.") == std::string_view::npos) {
    return;
  }
  has_comma_ = has_comma_ || cell.find(',') != std::string_view::npos;
  const bool as_comma = fits(cell, ',');
  const bool as_point = fits(cell, '.');
  // Both: one mark, three digits behind it. A zero in front makes a fraction of it, for nobody groups 0,125.
  const std::size_t at = cell.find_first_of(",.");
  const std::string_view front = cell.substr(0, at);
  const bool is_fraction = as_comma && as_point && (front == "0" || front == "-0" || front.empty() || front == "-");
  const auto note = [&](std::string& first, std::int64_t& first_line) {
    if (first.empty()) {
      first = cell;
      first_line = line;
    }
  };
  if (as_comma != as_point || is_fraction) {
    const bool comma = is_fraction ? cell[at] == ',' : as_comma;
    comma ? note(comma_, comma_line_) : note(point_, point_line_);
    ++(comma ? commas_ : points_);
  } else if (as_comma && cell[at] == ',') {
    note(open_, open_line_);
  }
}

Result<NumberFormat> NumberEvidence::settle(const std::string& path) const {
  if (!comma_.empty() && commas_ <= points_) {
    return NumberFormat();
  }
  if (!comma_.empty() && !point_.empty()) {
    return fail(E::E2004,
                fmt::format("{}: line {} has a decimal comma ({}), line {} a decimal point ({})", path, comma_line_,
                            quote(comma_), point_line_, quote(point_)),
                "write all of them one way: 1250.5");
  }
  if (!comma_.empty()) {
    return NumberFormat{',', true};
  }
  if (point_.empty() && !open_.empty()) {
    return fail(E::E2004,
                fmt::format("{} line {}: {} can be read two ways, and no other number tells which", path, open_line_,
                            quote(open_)),
                "write thousands without marks and fractions with a point: 1250 or 1.250");
  }
  return NumberFormat{'.', has_comma_};
}

NumberEvidence number_evidence(std::string_view bytes, const Dialect& dialect, std::span<const int> columns) {
  NumberEvidence out;
  const std::string_view body = bytes.substr(std::min(dialect.body, bytes.size()));
  if (body.find(dialect.delimiter == ',' ? '"' : ',') == std::string_view::npos) {
    return out;
  }
  RowReader rows(bytes, dialect);
  while (rows.next()) {
    for (const int column : columns) {
      if (column >= 0 && static_cast<std::size_t>(column) < rows.fields().size()) {
        out.see(rows.fields()[static_cast<std::size_t>(column)], rows.line());
      }
    }
  }
  return out;
}

void make_plain(std::string& bytes, const Dialect& dialect, std::span<const int> columns, const NumberFormat& format) {
  RowReader rows(bytes, dialect);
  while (rows.next()) {
    for (const int column : columns) {
      if (column < 0 || static_cast<std::size_t>(column) >= rows.fields().size()) {
        continue;
      }
      const std::string_view field = rows.fields()[static_cast<std::size_t>(column)];
      const bool is_inside = field.data() >= bytes.data() && field.data() + field.size() <= bytes.data() + bytes.size();
      if (is_inside && !field.empty()) {
        make_plain(std::span(bytes.data() + (field.data() - bytes.data()), field.size()), format);
      }
    }
  }
}

}  // namespace lode::source
