// Delimited text.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/delimited.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "lode/base/printable.h"
#include "lode/base/text.h"
#include "lode/base/time.h"

namespace lode::source {

namespace {

constexpr std::string_view kDelimiters = ",;\t|";
constexpr std::size_t kQuotedBytes = 64 * 1024;   // Longest row a quoted field may stretch over.
constexpr std::ptrdiff_t kColumnsMost = 100'000;  // A wide table has a column a symbol; no market has that many.
constexpr std::size_t kExcerptBytes = 100;        // Of a header shown in a message.
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// Trims blanks, then one pair of quotes.
inline std::string_view cleaned(std::string_view field) {
  if (!field.empty() && field.front() > ' ' && field.front() != '"' && field.back() > ' ') {
    return field;  // Nearly always.
  }
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

// Offset of the first byte that breaks UTF-8.
std::size_t first_bad_utf8(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t length = utf8_sequence(bytes, at);
    if (length == 0) {
      break;
    }
    at += length;
  }
  return at;
}

Failure not_utf8(std::string_view bytes, const std::string& path) {
  const std::size_t offset = first_bad_utf8(bytes);
  const auto line =
      1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(offset, bytes.size())), '\n');
  return fail(E::E2003, fmt::format("{} is not UTF-8: byte {} on line {}", path, offset, line),
              "iconv -f LATIN1 -t UTF-8 turns the usual other encoding into UTF-8");
}

// Files that are often given a .csv name, by their first bytes.
struct BinaryKind {
  std::string_view magic, name, hint;
};

const BinaryKind* binary_kind(std::string_view bytes) {
  static constexpr BinaryKind kKinds[] = {
      {"PK\x03\x04", "a zip archive or an Excel workbook", "unpack it, or save the sheet as CSV in UTF-8"},
      {"\xd0\xcf\x11\xe0", "an old Excel workbook", "save the sheet as CSV in UTF-8"},
      {"PAR1", "a Parquet file", "give it a name that ends in .parquet"},
      {"ARROW1", "an Arrow file", "give it a name that ends in .arrow"},
      {"\x28\xb5\x2f\xfd", "packed with zstd", "zstd -d unpacks it; Lode reads .gz as it is"},
      {"BZh", "packed with bzip2", "bunzip2 unpacks it; Lode reads .gz as it is"},
      {"\xfd"
       "7zXZ",
       "packed with xz", "xz -d unpacks it; Lode reads .gz as it is"},
      {"SQLite format 3", "a SQLite database", "write the table as CSV"},
      {"\x89HDF", "an HDF5 file", "write the table as Parquet or CSV"},
      {"%PDF-", "a PDF document", "ask for the table as CSV"},
      {"<!DOCTYPE", "a web page", "an address that asks for a login or moved gives such a page; fetch the file again"},
      {"<!doctype", "a web page", "an address that asks for a login or moved gives such a page; fetch the file again"},
      {"<html", "a web page", "an address that asks for a login or moved gives such a page; fetch the file again"},
      {"<?xml", "XML", "write the table as CSV, as pandas.read_xml and to_csv do"},
      {"[{", "JSON", "write the rows as CSV, as pandas.read_json and to_csv do"},
      {"{\"", "JSON", "write the rows as CSV, as pandas.read_json and to_csv do"}};
  const auto* const found =
      std::ranges::find_if(kKinds, [&](const BinaryKind& kind) { return bytes.starts_with(kind.magic); });
  return found == std::end(kKinds) ? nullptr : found;
}

// A NUL stands in no text file; where every other byte of the beginning is one, it is text two or four bytes wide.
Failure with_zeros(std::string_view bytes, std::size_t zero, const std::string& path) {
  constexpr std::size_t kSample = 4096;
  const std::string_view head = bytes.substr(0, std::min(bytes.size(), kSample) & ~std::size_t{3});
  std::size_t zeros[4] = {};
  for (std::size_t at = 0; at < head.size(); ++at) {
    zeros[at % 4] += head[at] == '\0' ? 1U : 0U;
  }
  const std::size_t most = head.size() / 4 * 9 / 10;  // Nearly all: a name may hold a letter from further up.
  const auto are_zero = [&](bool a, bool b, bool c, bool d) {
    const bool wanted[] = {a, b, c, d};
    bool fits = !head.empty();
    for (std::size_t i = 0; i < 4; ++i) {
      fits = fits && (wanted[i] ? zeros[i] >= most && zeros[i] > 0 : zeros[i] <= head.size() / 4 / 10);
    }
    return fits;
  };
  struct Width {
    bool fits;
    std::string_view name;
  };
  for (const Width& width :
       {Width{are_zero(false, true, false, true), "UTF-16LE"}, Width{are_zero(true, false, true, false), "UTF-16BE"},
        Width{are_zero(false, true, true, true), "UTF-32LE"}, Width{are_zero(true, true, true, false), "UTF-32BE"}}) {
    if (width.fits) {
      return fail(E::E2003,
                  fmt::format("{} looks like {} without its byte order mark, expected UTF-8", path, width.name),
                  fmt::format("iconv -f {} -t UTF-8 turns it into UTF-8", width.name));
    }
  }
  return fail(E::E2003, fmt::format("{} is not text: byte {} is 0", path, zero),
              "expected CSV in UTF-8, or Parquet or Arrow in a file whose name ends in .parquet or .arrow");
}

// ASCII needs no decoding, and nearly every data file is ASCII.
bool is_ascii(std::string_view bytes) {
  std::uint64_t high = 0;
  std::size_t at = 0;
  for (; at + sizeof high <= bytes.size(); at += sizeof high) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    high |= word;
  }
  for (; at < bytes.size(); ++at) {
    high |= static_cast<unsigned char>(bytes[at]);
  }
  return (high & 0x8080808080808080ULL) == 0;
}

// Hands on the cells of a header as written: a delimiter inside quotes is part of a name. Where a quote is not closed
// it is a character as any other.
template <class Take>
void each_header_cell(std::string_view line, char delimiter, Take take) {
  const bool honours_quotes = std::ranges::count(line, '"') % 2 == 0;
  std::size_t begin = 0;
  bool is_quoted = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    is_quoted = is_quoted != (honours_quotes && line[at] == '"');
    if (line[at] == delimiter && !is_quoted) {
      take(line.substr(begin, at - begin));
      begin = at + 1;
    }
  }
  take(line.substr(begin));
}

// A name without its quotes, and a doubled quote inside them as the one it stands for.
std::string header_name(std::string_view cell) {
  const std::string_view name = cleaned(cell);
  const bool was_quoted = name.size() + 2 <= cell.size() && name.data() > cell.data() && name.data()[-1] == '"';
  std::string out;
  for (std::size_t at = 0; at < name.size(); ++at) {
    out += name[at];
    at += was_quoted && name.substr(at).starts_with("\"\"") ? 1U : 0U;
  }
  return out;
}

char find_delimiter(std::string_view line) {
  char best = ',';
  std::size_t most = 1;
  for (const char candidate : kDelimiters) {
    std::size_t cells = 0;
    each_header_cell(line, candidate, [&](std::string_view) { ++cells; });
    if (cells > most) {
      most = cells;
      best = candidate;
    }
  }
  return best;
}

bool is_mapped(const std::map<std::string, std::string>& map, const std::string& header) {
  return std::ranges::any_of(map, [&](const auto& pair) { return pair.second == header; });
}

Result<void> check_doubled(const Dialect& dialect, const std::string& path,
                           const std::map<std::string, std::string>& map) {
  std::map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < dialect.header.size(); ++i) {
    const std::string& name = dialect.header[i];
    const std::string normal = normal_name(name);
    const auto [first, is_new] = seen.try_emplace(normal.empty() ? name : normal, i);
    if (name.empty() || is_new ||
        (name != dialect.header[first->second] &&
         is_mapped(map, name) != is_mapped(map, dialect.header[first->second]))) {
      continue;
    }
    Error error(E::E2002, fmt::format("{} has the column {} twice", path, quote(name)),
                "rename or remove one of them, so that it is clear which is meant");
    return fail(std::move(error).at(header_excerpt(dialect, static_cast<int>(i), "second")));
  }
  return {};
}

// Why a first line is no header; "" when it may be one.
std::string_view no_header(std::string_view line) {
  const std::string_view text = trim(line);
  if (text.empty()) {
    return "is empty";
  }
  if (text.front() == '#') {
    return "is a comment";
  }
  if (text.starts_with("sep=")) {
    return "is a note for spreadsheets";
  }
  std::size_t cells = 0;
  std::size_t filled = 0;
  each_header_cell(text, find_delimiter(text), [&](std::string_view cell) {
    filled += trim(cell).empty() ? 0U : 1U;
    ++cells;
  });
  return cells > 2 && filled == 1 ? "is a title" : "";
}

// "#date,symbol,close": some programs begin the header itself so.
bool is_commented_header(const Dialect& dialect) {
  return dialect.header.size() > 1 && std::ranges::any_of(dialect.header, [](const std::string& cell) {
           const std::string name = normal_name(cell);
           return name == "date" || name == "symbol" || name == "ticker" || name == "close";
         });
}

// The header of a table in Lode's sense has a name for each column, and its first line may be something else: then the
// line that looks like one is looked for among the next.
std::string header_advice(std::string_view bytes, const std::string& path) {
  constexpr int kLines = 50;
  std::size_t begin = 0;
  for (int line = 1; line <= kLines && begin < bytes.size(); ++line) {
    const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
    const std::string_view text = bytes.substr(begin, end - begin);
    if (no_header(text).empty() && text.find(find_delimiter(text)) != std::string_view::npos) {
      return fmt::format("the header looks to be line {}: tail -n +{} {} writes the file from there", line, line, path);
    }
    begin = end + 1;
  }
  return "the first line names the columns: remove what stands before it";
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t") == std::string_view::npos; }

}  // namespace

bool is_row_of_values(const Dialect& dialect) {
  return std::count_if(dialect.header.begin(), dialect.header.end(), [](const std::string& cell) {
           double number = 0.0;
           Date date;
           return parse_double(cell, number) || try_parse_date(std::string_view(cell).substr(0, 10), date);
         }) >= 2;
}

std::string normal_name(std::string_view name) {
  std::string out;
  for (const char c : lower(name)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) {
      out += c;
    }
  }
  return out;
}

Result<void> check_encoding(std::string_view bytes, const std::string& path) {
  if (bytes.size() >= 2 && (bytes.substr(0, 2) == "\xff\xfe" || bytes.substr(0, 2) == "\xfe\xff")) {
    return fail(E::E2003, fmt::format("{} is UTF-16, expected UTF-8", path),
                "iconv -f UTF-16 -t UTF-8 turns it into UTF-8");
  }
  if (const BinaryKind* const kind = binary_kind(bytes)) {
    return fail(E::E2003, fmt::format("{} is {}, not a table in text", path, kind->name), std::string(kind->hint));
  }
  if (const std::size_t zero = bytes.find('\0'); zero != std::string_view::npos) {
    return with_zeros(bytes, zero, path);
  }
  return is_ascii(bytes) || is_utf8(bytes) ? Result<void>() : Result<void>(not_utf8(bytes, path));
}

Result<Dialect> read_dialect(std::string_view bytes, const std::string& path,
                             const std::map<std::string, std::string>& map) {
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
  if (const auto delimiters = std::ranges::count(line, dialect.delimiter); delimiters >= kColumnsMost) {
    return fail(E::E2003,
                fmt::format("{}: the first line has {} columns, expected the names of at most {}", path, delimiters + 1,
                            kColumnsMost),
                "the first line names the columns");
  }
  each_header_cell(line, dialect.delimiter,
                   [&](std::string_view cell) { dialect.header.push_back(header_name(cell)); });
  dialect.body = std::min(end + 1, bytes.size());
  if (line.find('\r') != std::string_view::npos && bytes.find('\n') == std::string_view::npos) {
    return fail(E::E2003, fmt::format("{} ends its lines with a carriage return alone, as old Macs do", path),
                fmt::format("tr '\\r' '\\n' < {} > lines.csv mends it", path));
  }
  if (bytes.find_first_not_of(" \t\r\n", begin) == std::string_view::npos) {
    return fail(E::E2014, fmt::format("{} holds empty lines only", path), "fetch the file again, or leave it out");
  }
  if (const std::string_view why = no_header(line);
      !why.empty() && (why != "is a comment" || !is_commented_header(dialect))) {
    return fail(Error(E::E2003, fmt::format("{}: the first line {}, expected the names of the columns", path, why),
                      header_advice(bytes, path))
                    .at(fmt::format("  1 | {}", printable(line.substr(0, kExcerptBytes)))));
  }
  if (dialect.header.size() < 2) {
    return fail(
        E::E2003,
        fmt::format("{} has one column, {}: no comma, semicolon, tab or bar in its first line", path, quote(line)),
        "the first line names the columns, with one of these delimiters between them");
  }
  if (!is_row_of_values(dialect)) {  // Equal values of a row are no doubled columns; a header is missing there.
    LODE_CHECK(check_doubled(dialect, path, map));
  }
  return dialect;
}

std::vector<RowRange> cut_rows(std::string_view bytes, const Dialect& dialect, std::size_t step) {
  const RowRange whole{dialect.body, bytes.size(), 2};
  if (whole.end - whole.begin <= step + step / 2 || bytes.find('"') != std::string_view::npos) {
    return {whole};
  }
  std::vector<RowRange> out;
  std::int64_t line = whole.first_line;
  for (std::size_t begin = whole.begin; begin < whole.end;) {
    const std::size_t near = std::min(begin + step, whole.end);
    const std::size_t found = bytes.find('\n', near);
    const std::size_t end = found == std::string_view::npos ? whole.end : found + 1;
    out.push_back({begin, end, line});
    line += std::count(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                       bytes.begin() + static_cast<std::ptrdiff_t>(end), '\n');
    begin = end;
  }
  return out;
}

RowReader::RowReader(std::string_view bytes, const Dialect& dialect)
    : RowReader(bytes, dialect, RowRange{dialect.body, bytes.size(), 2}) {}

RowReader::RowReader(std::string_view bytes, const Dialect& dialect, const RowRange& range)
    : bytes_(bytes.substr(0, range.end)),
      delimiter_(dialect.delimiter),
      has_quotes_(bytes_.find('"', range.begin) != std::string_view::npos),
      at_(range.begin),
      next_line_(range.first_line),
      width_(dialect.header.size()) {
  fields_.reserve(width_ + 1);
}

// One pass over the bytes finds delimiters and the line's end: rows are short, so a call to find each costs more.
bool RowReader::next() {
  if (has_quotes_) {
    return next_quoted();
  }
  const char* const data = bytes_.data();
  const std::size_t size = bytes_.size();
  while (at_ < size) {
    line_ = next_line_++;
    fields_.clear();
    cells_ = 0;
    const std::size_t begin = at_;
    std::size_t field = begin;
    std::size_t at = begin;
    for (; at < size && data[at] != '\n'; ++at) {
      if (data[at] == delimiter_) {
        add(cleaned(std::string_view(data + field, at - field)));
        field = at + 1;
      }
    }
    at_ = at + 1;
    const std::size_t end = at > begin && data[at - 1] == '\r' ? at - 1 : at;
    add(cleaned(std::string_view(data + std::min(field, end), end - std::min(field, end))));
    text_ = std::string_view(data + begin, end - begin);
    if (cells_ > 1 || !is_blank(text_)) {
      return true;
    }
  }
  return false;
}

bool RowReader::next_quoted() {
  while (at_ < bytes_.size()) {
    line_ = next_line_;
    scan_quoted();
    if (cells_ > 1 || !is_blank(text_)) {
      return true;
    }
  }
  return false;
}

// A row with a quote: fields end at delimiters outside quotes, the row at a line break outside quotes. A quote that is
// not closed within kQuotedBytes is a stray one: then the row ends with its line, so that it costs no other row.
void RowReader::scan_quoted() {
  const auto scan = [this](bool honours_quotes) {
    fields_.clear();
    cells_ = 0;
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
        add(cleaned(bytes_.substr(field, at - field)));
        field = at + 1;
      }
      if (quoted && at - at_ > kQuotedBytes) {
        return false;
      }
    }
    if (quoted) {
      return false;
    }
    add(cleaned(bytes_.substr(field, at - field)));
    text_ = bytes_.substr(at_, at - at_);
    next_line_ += std::max<std::int64_t>(breaks, 1);
    at_ = at + 1;
    return true;
  };
  if (scan(true)) {
    halve_quotes();
  } else {
    scan(false);
  }
  if (!text_.empty() && text_.back() == '\r') {
    text_.remove_suffix(1);
  }
}

void RowReader::halve_quotes() {
  for (std::string_view& field : fields_) {
    const bool was_quoted = field.data() > bytes_.data() && field.data()[-1] == '"';
    if (!was_quoted || field.find("\"\"") == std::string_view::npos) {
      continue;
    }
    std::string& text = halved_.emplace_back();
    for (std::size_t i = 0; i < field.size(); ++i) {
      text += field[i];
      i += field.substr(i).starts_with("\"\"") ? 1U : 0U;
    }
    field = text;
  }
}

int find_column(const std::vector<std::string>& header, const std::vector<std::string_view>& names) {
  for (const std::string_view name : names) {
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (normal_name(header[i]) == normal_name(name)) {
        return static_cast<int>(i);
      }
    }
  }
  return -1;
}

std::string header_excerpt(const Dialect& dialect, int index, std::string_view remark) {
  const std::string_view written = dialect.header_line;
  std::size_t begin = 0;
  std::size_t end = written.size();
  each_header_cell(written, dialect.delimiter, [&, place = 0](std::string_view cell) mutable {
    if (place++ == index) {
      begin = static_cast<std::size_t>(cell.data() - written.data());
      end = begin + cell.size();
    }
  });
  std::string line = dialect.header_line;
  if (line.size() > kExcerptBytes) {
    const std::size_t from = begin > kExcerptBytes / 2 ? begin - kExcerptBytes / 2 : 0;
    line = line.substr(from, kExcerptBytes);
    begin -= from;
    end = std::min(end - from, line.size());
  }
  std::string out = fmt::format("  1 | {}\n    | {}{}", line, std::string(begin, ' '),
                                std::string(std::max<std::size_t>(end - begin, 1), '^'));
  return remark.empty() ? out : out + " " + std::string(remark);
}

}  // namespace lode::source
