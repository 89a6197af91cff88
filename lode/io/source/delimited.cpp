// Delimited text.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/delimited.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "lode/base/text.h"

namespace lode::source {

namespace {

constexpr std::string_view kDelimiters = ",;\t|";
constexpr std::size_t kQuotedBytes = 64 * 1024;  // Longest row a quoted field may stretch over.
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// Trims blanks, then one pair of quotes.
std::string_view cleaned(std::string_view field) {
  while (!field.empty() && (field.front() == ' ' || field.front() == '\t')) {
    field.remove_prefix(1);
  }
  while (!field.empty() && (field.back() == ' ' || field.back() == '\t' || field.back() == '\r')) {
    field.remove_suffix(1);
  }
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"') {
    field.remove_prefix(1);
    field.remove_suffix(1);
  }
  return field;
}

std::string normal_name(std::string_view name) {
  std::string out = lower(trim(name));
  std::replace(out.begin(), out.end(), ' ', '_');
  if (!out.empty() && out.front() == '<' && out.back() == '>') {
    out = out.substr(1, out.size() - 2);  // "<CLOSE>", as some vendors write.
  }
  return out;
}

// Offset of the first byte that breaks UTF-8: the first bad line, then the longest good prefix of it.
std::size_t first_bad_utf8(std::string_view bytes) {
  std::size_t begin = 0;
  while (begin < bytes.size()) {
    const std::size_t end = std::min(bytes.find('\n', begin), bytes.size() - 1) + 1;
    const std::string_view line = bytes.substr(begin, end - begin);
    if (!is_utf8(line)) {
      std::size_t good = 0;
      for (std::size_t length = 1; length < line.size() && length < 4096; ++length) {
        good = is_utf8(line.substr(0, length)) ? length : good;
      }
      return begin + good;
    }
    begin = end;
  }
  return bytes.size();
}

Result<void> check_encoding(std::string_view bytes, const std::string& path) {
  if (bytes.size() >= 2 && (bytes.substr(0, 2) == "\xff\xfe" || bytes.substr(0, 2) == "\xfe\xff")) {
    return fail(E::E2003, fmt::format("{} is UTF-16, expected UTF-8", path), "iconv -f UTF-16 -t UTF-8 turns it into UTF-8");
  }
  if (is_utf8(bytes)) {
    return {};
  }
  const std::size_t offset = first_bad_utf8(bytes);
  const auto line = 1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(offset, bytes.size())), '\n');
  return fail(E::E2003, fmt::format("{} is not UTF-8: byte {} on line {}", path, offset, line),
              "iconv -f LATIN1 -t UTF-8 turns the usual other encoding into UTF-8");
}

char find_delimiter(std::string_view line) {
  char best = ',';
  std::ptrdiff_t most = 0;
  for (const char candidate : kDelimiters) {
    const std::ptrdiff_t count = std::count(line.begin(), line.end(), candidate);
    if (count > most) {
      most = count;
      best = candidate;
    }
  }
  return best;
}

Result<void> check_doubled(const Dialect& dialect, const std::string& path) {
  for (std::size_t i = 0; i < dialect.header.size(); ++i) {
    for (std::size_t j = i + 1; j < dialect.header.size(); ++j) {
      if (normal_name(dialect.header[i]) == normal_name(dialect.header[j]) && !dialect.header[i].empty()) {
        Error error(E::E2002, fmt::format("{} has the column '{}' twice", path, dialect.header[i]),
                    "rename or remove one of them, so that it is clear which is meant");
        return fail(std::move(error).at(header_excerpt(dialect, static_cast<int>(j), "second")));
      }
    }
  }
  return {};
}

}  // namespace

Result<Dialect> read_dialect(std::string_view bytes, const std::string& path) {
  LODE_CHECK(check_encoding(bytes, path));
  Dialect dialect;
  std::size_t begin = bytes.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
  std::string_view line = bytes.substr(begin, end - begin);
  if (!line.empty() && line.back() == '\r') {
    line.remove_suffix(1);
  }
  dialect.header_line = line;
  dialect.delimiter = find_delimiter(line);
  for (const std::string_view field : split(line, dialect.delimiter)) {
    dialect.header.emplace_back(cleaned(field));
  }
  dialect.body = std::min(end + 1, bytes.size());
  if (dialect.header.size() < 2) {
    return fail(E::E2003, fmt::format("{} has one column, '{}': no comma, semicolon, tab or bar in its first line", path,
                                      line.substr(0, 60)),
                "the first line names the columns, with one of these delimiters between them");
  }
  LODE_CHECK(check_doubled(dialect, path));
  return dialect;
}

RowReader::RowReader(std::string_view bytes, const Dialect& dialect)
    : bytes_(bytes), delimiter_(dialect.delimiter), at_(dialect.body) {
  fields_.reserve(dialect.header.size());
}

bool RowReader::next() {
  while (at_ < bytes_.size()) {
    line_ = next_line_;
    const char* begin = bytes_.data() + at_;
    const std::size_t left = bytes_.size() - at_;
    const void* found = std::memchr(begin, '\n', left);
    const std::size_t length = found == nullptr ? left : static_cast<std::size_t>(static_cast<const char*>(found) - begin);
    text_ = std::string_view(begin, length);
    if (std::memchr(begin, '"', length) != nullptr) {
      scan_quoted();
      return true;
    }
    at_ += length + 1;
    ++next_line_;
    if (!text_.empty() && text_.back() == '\r') {
      text_.remove_suffix(1);
    }
    if (text_.find_first_not_of(" \t") == std::string_view::npos) {
      continue;  // An empty line.
    }
    fields_.clear();
    std::size_t field = 0;
    while (true) {
      const void* hit = std::memchr(text_.data() + field, delimiter_, text_.size() - field);
      const std::size_t stop =
          hit == nullptr ? text_.size() : static_cast<std::size_t>(static_cast<const char*>(hit) - text_.data());
      fields_.push_back(cleaned(text_.substr(field, stop - field)));
      if (hit == nullptr) {
        return true;
      }
      field = stop + 1;
    }
  }
  return false;
}

// A row with a quote: fields end at delimiters outside quotes, the row at a line break outside quotes. A quote that is not
// closed within kQuotedBytes is a stray one: then the row ends with its line, so that it costs no other row.
void RowReader::scan_quoted() {
  const auto scan = [this](bool honours_quotes) {
    fields_.clear();
    std::size_t field = at_;
    bool quoted = false;
    std::int64_t breaks = 0;
    std::size_t at = at_;
    for (; at < bytes_.size(); ++at) {
      const char c = bytes_[at];
      if (c == '"' && honours_quotes) {
        quoted = !quoted;
      } else if (c == '\n') {
        ++breaks;
        if (!quoted) {
          break;
        }
      } else if (c == delimiter_ && !quoted) {
        fields_.push_back(cleaned(bytes_.substr(field, at - field)));
        field = at + 1;
      }
      if (quoted && at - at_ > kQuotedBytes) {
        return false;
      }
    }
    if (quoted) {
      return false;
    }
    fields_.push_back(cleaned(bytes_.substr(field, at - field)));
    text_ = bytes_.substr(at_, at - at_);
    next_line_ += std::max<std::int64_t>(breaks, 1);
    at_ = at + 1;
    return true;
  };
  if (!scan(true)) {
    scan(false);
  }
  if (!text_.empty() && text_.back() == '\r') {
    text_.remove_suffix(1);
  }
}

int find_column(const std::vector<std::string>& header, const std::vector<std::string_view>& names) {
  for (const std::string_view name : names) {
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (normal_name(header[i]) == name) {
        return static_cast<int>(i);
      }
    }
  }
  return -1;
}

std::string header_excerpt(const Dialect& dialect, int index, std::string_view remark) {
  std::size_t begin = 0;
  for (int i = 0; i < index; ++i) {
    begin = dialect.header_line.find(dialect.delimiter, begin) + 1;
  }
  const std::size_t end = std::min(dialect.header_line.find(dialect.delimiter, begin), dialect.header_line.size());
  std::string out = fmt::format("  1 | {}\n    | {}{}", dialect.header_line, std::string(begin, ' '),
                                std::string(std::max<std::size_t>(end - begin, 1), '^'));
  return remark.empty() ? out : out + " " + std::string(remark);
}

}  // namespace lode::source
