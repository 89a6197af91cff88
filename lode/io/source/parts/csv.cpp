// Delimited tables and plain texts.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/parts/csv.h"

#include <algorithm>

#include "lode/base/text.h"

namespace lode::source {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

// Appends the cell that starts at `at` and returns where it ends: at a delimiter, a line end or the end.
std::size_t read_cell(std::string_view bytes, std::size_t at, char delimiter, std::string& out) {
  if (at < bytes.size() && bytes[at] == '"') {
    for (++at; at < bytes.size(); ++at) {
      if (bytes[at] != '"') {
        out += bytes[at];
      } else if (at + 1 < bytes.size() && bytes[at + 1] == '"') {
        out += bytes[++at];
      } else {
        ++at;
        break;
      }
    }
  }
  while (at < bytes.size() && bytes[at] != delimiter && bytes[at] != '\n' && bytes[at] != '\r') {
    out += bytes[at++];
  }
  return at;
}

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

// "#8217" or "#x2019"; 0 when it is no character.
std::uint32_t numbered(std::string_view name) {
  const bool is_hex = name.size() > 2 && (name[1] == 'x' || name[1] == 'X');
  std::uint32_t value = 0;
  for (const char c : name.substr(is_hex ? 2 : 1)) {
    const char low = static_cast<char>(c | 32);
    const int digit = c >= '0' && c <= '9' ? c - '0' : is_hex && low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
    if (digit < 0 || value > 0x10FFFF) {
      return 0;
    }
    value = value * (is_hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
  }
  return value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF) ? 0 : value;
}

std::uint32_t entity(std::string_view name) {
  constexpr std::pair<std::string_view, std::uint32_t> kNames[] = {{"amp", '&'},  {"lt", '<'},    {"gt", '>'},
                                                                   {"quot", '"'}, {"apos", '\''}, {"nbsp", ' '}};
  for (const auto& [known, character] : kNames) {
    if (known == name) {
      return character;
    }
  }
  return name.size() > 1 && name[0] == '#' ? numbered(name) : 0;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text[at] == '&' ? text.substr(at, 12).find(';') : kNone;
    const std::uint32_t character = end == kNone ? 0 : entity(text.substr(at + 1, end - 1));
    if (character != 0) {
      append_utf8(out, character);
      at += end + 1;
    } else {
      out += text[at++];
    }
  }
  return out;
}

bool opens_tag(std::string_view rest) {
  return rest.size() > 1 &&
         (rest[1] == '/' || rest[1] == '!' || (rest[1] >= 'a' && rest[1] <= 'z') || (rest[1] >= 'A' && rest[1] <= 'Z'));
}

std::string without_tags(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t end = text[at] == '<' && opens_tag(text.substr(at)) ? text.find('>', at) : kNone;
    if (end != kNone) {
      out += ' ';
      at = end;
    } else {
      out += text[at];
    }
  }
  return out;
}

}  // namespace

std::vector<CsvRow> read_csv(std::string_view bytes, char delimiter) {
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    bytes.remove_prefix(3);
  }
  std::vector<CsvRow> out;
  std::int64_t line = 1;
  for (std::size_t at = 0; at < bytes.size();) {
    CsvRow row{.line = line};
    const std::size_t start = at;
    while (true) {
      std::string cell;
      at = read_cell(bytes, at, delimiter, cell);
      row.cells.push_back(clean_text(cell));
      if (at >= bytes.size() || bytes[at] != delimiter) {
        break;
      }
      ++at;
    }
    row.text = bytes.substr(start, at - start);
    const bool is_pair = at + 1 < bytes.size() && bytes[at] == '\r' && bytes[at + 1] == '\n';
    at += is_pair ? 2 : 1;
    line += 1 + std::ranges::count(row.text, '\n');
    if (row.cells.size() > 1 || !row.cells[0].empty()) {
      out.push_back(std::move(row));
    }
  }
  return out;
}

int csv_column(const CsvRow& header, const std::vector<std::string_view>& names) {
  for (std::size_t i = 0; i < header.cells.size(); ++i) {
    const std::string cell = lower(header.cells[i]);
    if (std::ranges::any_of(names, [&](std::string_view name) { return lower(name) == cell; })) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

std::string_view csv_cell(const CsvRow& row, int column) {
  return column >= 0 && static_cast<std::size_t>(column) < row.cells.size()
             ? std::string_view(row.cells[static_cast<std::size_t>(column)])
             : std::string_view();
}

std::string clean_text(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_sequence(text, at);
    const auto byte = static_cast<unsigned char>(text[at]);
    if (length > 1) {
      out.append(text, at, length);
    } else if (length == 0) {
      append_utf8(out, byte);
    } else if (byte > 0x20 && byte != 0x7F) {
      out += text[at];
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
    at += std::max<std::size_t>(length, 1);
  }
  while (out.ends_with(' ')) {
    out.pop_back();
  }
  return out;
}

std::string plain_text(std::string_view markup) { return clean_text(unescaped(without_tags(unescaped(markup)))); }

}  // namespace lode::source
