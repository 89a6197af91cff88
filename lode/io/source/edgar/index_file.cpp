// Reads index files of EDGAR.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/index_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "lode/base/text.h"
#include "lode/io/source/edgar/accession.h"

namespace lode::source::edgar {

const BodyContract kIndexContract{.name = "EDGAR index",
                                  .types = {"text/plain", "application/octet-stream", "application/gzip",
                                            "application/x-gzip", "binary/octet-stream"},
                                  .begins = {"Description:"},
                                  .needs = {"\n-----"},
                                  .ends = {},
                                  .most_bytes = std::size_t{1} << 30,
                                  .least_share = 0.9};

namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kHeaderBytes = 8192;

enum class Shape : std::uint8_t { kMaster, kNameFirst, kFormFirst };

struct Header {
  Shape shape = Shape::kMaster;
  std::size_t second = 0;  // Where the second column begins, by the header.
  std::size_t body = 0;    // Where rows begin.
  std::int64_t lines = 0;  // Lines before them.
};

std::string_view without_blanks_behind(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r");
  return last == kNone ? std::string_view() : text.substr(0, last + 1);
}

Result<Header> read_header(std::string_view body) {
  const std::size_t rule = body.substr(0, kHeaderBytes).find("\n-----");
  if (rule == kNone) {
    return fail(E::E6206, "an index without a dashed rule under its header");
  }
  Header out;
  const std::size_t end = body.find('\n', rule + 1);
  out.body = end == kNone ? body.size() : end + 1;
  const std::string_view head = body.substr(0, rule);
  out.lines = std::count(head.begin(), head.end(), '\n') + 2;
  for (const std::string_view line : split(head, '\n')) {
    const std::size_t name = line.find("Company Name");
    const std::size_t form = line.find("Form Type");
    if (name == kNone || form == kNone) {
      continue;
    }
    if (line.find('|') != kNone) {
      out.shape = Shape::kMaster;
      return line.starts_with("CIK|Company Name|Form Type|Date Filed|File")
                 ? Result<Header>(out)
                 : fail(E::E6206, fmt::format("index columns {} are not those of a master index", quote(line)));
    }
    out.shape = name < form ? Shape::kNameFirst : Shape::kFormFirst;
    out.second = std::max(name, form);
    return out;
  }
  return fail(E::E6206, "an index whose header names no columns (Company Name, Form Type)");
}

// The day of "Last Data Received:    Oct  3, 2022", or with the month in full.
std::optional<Date> received_of(std::string_view head) {
  constexpr std::string_view kLabel = "Last Data Received:";
  constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                        "jul", "aug", "sep", "oct", "nov", "dec"};
  const std::size_t at = head.find(kLabel);
  if (at == kNone) {
    return std::nullopt;
  }
  const std::string_view line = head.substr(at + kLabel.size());
  std::vector<std::string> words;
  for (const std::string_view word : split(line.substr(0, line.find('\n')), ' ')) {
    if (!trim(word).empty()) {
      words.push_back(lower(trim(word)));
    }
  }
  if (words.size() != 3 || words[1].back() != ',') {
    return std::nullopt;
  }
  const auto month = std::ranges::find(kMonths, std::string_view(words[0]).substr(0, 3));
  Date out;
  words[1].pop_back();
  const std::string text = fmt::format("{}-{:02}-{:0>2}", words[2], month - kMonths.begin() + 1, words[1]);
  return month != kMonths.end() && try_parse_date(text, out) ? std::optional(out) : std::nullopt;
}

// The last word of `text`, which is cut from it together with the blanks before.
std::string_view take_last(std::string_view& text) {
  const std::size_t blank = text.find_last_of(" \t");
  const std::string_view word = blank == kNone ? text : text.substr(blank + 1);
  text = blank == kNone ? std::string_view() : without_blanks_behind(text.substr(0, blank));
  return word;
}

// Cuts the first two columns apart: at the header's place where a blank stands before it, else at the last run of two
// blanks (names and forms hold single ones).
bool cut(std::string_view text, std::size_t second, std::string_view& first, std::string_view& rest) {
  std::size_t at = second;
  if (at >= text.size() || at == 0 || text[at - 1] != ' ' || text[at] == ' ') {
    const std::size_t run = text.rfind("  ");
    if (run == kNone) {
      return false;
    }
    at = run + 2;
  }
  first = without_blanks_behind(text.substr(0, at));
  rest = text.substr(at);
  return !first.empty() && !rest.empty();
}

bool read_master(std::string_view line, IndexRow& out, std::string_view& date) {
  std::array<std::size_t, 4> bars{};
  for (std::size_t i = 0, at = 0; i < bars.size(); ++i, ++at) {
    at = line.find('|', at);
    if (at == kNone) {
      return false;
    }
    bars[i] = at;
  }
  if (line.find('|', bars[3] + 1) != kNone) {
    return false;
  }
  out.cik = line.substr(0, bars[0]);
  out.name = line.substr(bars[0] + 1, bars[1] - bars[0] - 1);
  out.form = line.substr(bars[1] + 1, bars[2] - bars[1] - 1);
  date = line.substr(bars[2] + 1, bars[3] - bars[2] - 1);
  out.path = line.substr(bars[3] + 1);
  return true;
}

bool read_fixed(std::string_view line, const Header& header, IndexRow& out, std::string_view& date) {
  out.path = take_last(line);
  date = take_last(line);
  out.cik = take_last(line);
  return header.shape == Shape::kNameFirst ? cut(line, header.second, out.name, out.form)
                                           : cut(line, header.second, out.form, out.name);
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 10 && text.find_first_not_of("0123456789") == kNone;
}

// The accession in .../0000320193-22-000061.txt or ...-index.htm; empty when there is none.
std::string_view accession_in(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view file = path.substr(slash == kNone ? 0 : slash + 1).substr(0, 20);
  return is_accession(file) ? file : std::string_view();
}

// What is wrong with the row; "" when it is whole.
std::string_view read_row(std::string_view line, const Header& header, IndexRow& out) {
  std::string_view date;
  if (!(header.shape == Shape::kMaster ? read_master(line, out, date) : read_fixed(line, header, out, date))) {
    return "not the columns of the header";
  }
  out.accession = accession_in(out.path);
  if (out.accession.empty()) {
    return "the path names no accession";
  }
  if (!is_number(out.cik)) {
    return "the CIK is no number";
  }
  if (!try_parse_date(date, out.filed_on)) {
    return "the date is none";
  }
  return out.form.empty() ? "no form" : "";
}

}  // namespace

Result<IndexFile> parse_index(std::string_view body) {
  LODE_CHECK(check_body(kIndexContract, "", body));
  LODE_TRY(const Header header, read_header(body));
  IndexFile out;
  out.received = received_of(body.substr(0, header.body));
  out.rows.reserve((body.size() - header.body) / 80);
  std::int64_t number = header.lines;
  for (std::size_t at = header.body; at < body.size();) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    const std::string_view line = without_blanks_behind(body.substr(at, end - at));
    at = end + 1;
    ++number;
    if (line.empty()) {
      continue;
    }
    ++out.records;
    IndexRow row;
    row.line = number;
    const std::string_view wrong = read_row(line, header, row);
    if (wrong.empty()) {
      out.rows.push_back(row);
    } else {
      out.rejected.push_back(bad_record(number, std::string(wrong), line));
    }
  }
  if (out.rows.empty() && !out.rejected.empty()) {
    return fail(E::E6206,
                fmt::format("none of {} rows of the index can be read: {}", out.records, out.rejected.front().reason));
  }
  return out;
}

}  // namespace lode::source::edgar
