// Scans a page of the current feed.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/atom.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"
#include "lode/io/source/edgar/accession.h"

namespace lode::source::edgar {

const BodyContract kAtomContract{.name = "EDGAR feed",
                                 .types = {"application/atom+xml", "application/xml", "text/xml"},
                                 .begins = {"<?xml", "<feed"},
                                 .needs = {"<feed"},
                                 .ends = "</feed>",
                                 .most_bytes = std::size_t{64} << 20};

namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kPageEntries = 100;
constexpr std::size_t kMostEntries = 10'000;  // A page has 100; a body with more is none of EDGAR's.

void append_code_point(std::string& out, std::uint32_t c) {
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

bool is_character(std::uint32_t c) {
  return c >= 0x20 ? c < 0xD800 || (c > 0xDFFF && c <= 0x10FFFF) : c == 9 || c == 10 || c == 13;
}

// "#39" or "#x27" to its character; 0 when it is none.
std::uint32_t numbered(std::string_view name) {
  const bool is_hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
  const std::string_view digits = name.substr(is_hex ? 2 : 1);
  std::uint32_t value = 0;
  if (digits.empty() || digits.size() > 7) {
    return 0;
  }
  for (const char c : digits) {
    const int digit = c >= '0' && c <= '9'                                 ? c - '0'
                      : (is_hex && ((c | 32) >= 'a') && ((c | 32) <= 'f')) ? (c | 32) - 'a' + 10
                                                                           : -1;
    if (digit < 0) {
      return 0;
    }
    value = value * (is_hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
  }
  return is_character(value) ? value : 0;
}

std::uint32_t named(std::string_view name) {
  if (name == "amp") return '&';
  if (name == "lt") return '<';
  if (name == "gt") return '>';
  if (name == "quot") return '"';
  if (name == "apos") return '\'';
  return !name.empty() && name[0] == '#' ? numbered(name) : 0;
}

// The parts of one entry, as they stand.
struct Parts {
  std::string_view title, href, summary, updated, term, id;
};

std::string_view attribute(std::string_view tag, std::string_view name) {
  for (std::size_t at = tag.find(name); at != kNone; at = tag.find(name, at + 1)) {
    const std::size_t quote = at + name.size() + 1;
    if (at > 0 && (tag[at - 1] == ' ' || tag[at - 1] == '\n') && quote < tag.size() && tag[quote - 1] == '=' &&
        (tag[quote] == '"' || tag[quote] == '\'')) {
      const std::size_t end = tag.find(tag[quote], quote + 1);
      return end == kNone ? std::string_view() : tag.substr(quote + 1, end - quote - 1);
    }
  }
  return {};
}

// Walks the tags of an entry once; text up to the next '<' is the content of the tag before it.
Parts parts_of(std::string_view entry) {
  Parts out;
  for (std::size_t at = entry.find('<'); at != kNone; at = entry.find('<', at + 1)) {
    const std::size_t end = entry.find('>', at);
    if (end == kNone) {
      break;
    }
    const std::string_view tag = entry.substr(at + 1, end - at - 1);
    const std::string_view name = tag.substr(0, tag.find_first_of(" \t\r\n/"));
    if (name.empty()) {
      continue;  // A closing tag.
    }
    const std::string_view text = entry.substr(end + 1, entry.find('<', end + 1) - end - 1);
    if (name == "title") {
      out.title = text;
    } else if (name == "link") {
      out.href = attribute(tag, "href");
    } else if (name == "summary") {
      out.summary = text;
    } else if (name == "updated") {
      out.updated = text;
    } else if (name == "category") {
      out.term = attribute(tag, "term");
    } else if (name == "id") {
      out.id = text;
    }
  }
  return out;
}

// Behind "Word:</b>", up to the next blank-separated "<b>" or line: the summary's cells.
std::string_view cell(std::string_view summary, std::string_view word) {
  const std::size_t at = summary.find(word);
  if (at == kNone) {
    return {};
  }
  std::string_view rest = summary.substr(at + word.size());
  if (rest.starts_with("</b>")) {
    rest.remove_prefix(4);
  }
  return trim(rest.substr(0, rest.find_first_of("<\n")));
}

// "10 KB", "1 MB" or bare bytes.
std::optional<std::int64_t> read_size(std::string_view text) {
  const std::size_t blank = text.find(' ');
  std::int64_t count = 0;
  if (!parse_int(text.substr(0, blank), count) || count < 0 || count > (std::int64_t{1} << 40)) {
    return std::nullopt;
  }
  const std::string_view unit = blank == kNone ? std::string_view() : trim(text.substr(blank));
  return unit == "KB" ? count << 10 : unit == "MB" ? count << 20 : unit == "GB" ? count << 30 : count;
}

// "Item 5.07: ..." lines to "5.07,9.01".
std::string items_of(std::string_view summary) {
  std::string out;
  for (std::size_t at = summary.find("Item "); at != kNone; at = summary.find("Item ", at + 5)) {
    const std::size_t end = summary.find(':', at);
    const std::string_view number = end == kNone ? std::string_view() : trim(summary.substr(at + 5, end - at - 5));
    const bool starts_line = at == 0 || summary[at - 1] == '>' || summary[at - 1] == '\n';
    if (starts_line && !number.empty() && number.size() <= 6 && number.find_first_not_of("0123456789.") == kNone) {
      out += out.empty() ? "" : ",";
      out += number;
    }
  }
  return out;
}

// "FORM - NAME (CIK) (ROLE)" from its end, for names hold brackets and dashes too.
bool read_title(const std::string& title, std::string_view form, Party& out) {
  const std::string_view text = trim(title);
  const std::size_t role = text.rfind(" (");
  const std::size_t cik = role == kNone || role == 0 ? kNone : text.rfind(" (", role - 1);
  if (cik == kNone || text.back() != ')' || role - cik < 4 || text[role - 1] != ')') {
    return false;
  }
  const auto number = read_cik(text.substr(cik + 2, role - cik - 3));
  if (!number) {
    return false;
  }
  std::string_view name = text.substr(0, cik);
  if (name.starts_with(form) && name.substr(form.size()).starts_with(" - ")) {
    name.remove_prefix(form.size() + 3);
  }
  std::string role_name = lower(text.substr(role + 2, text.size() - role - 3));
  std::ranges::replace(role_name, ' ', '_');
  out = {std::move(role_name), *number, std::string(trim(name))};
  return true;
}

// What the entry lacks; "" when it is whole.
std::string read_entry(const Parts& parts, Filing& out) {
  constexpr std::string_view kMark = "accession-number=";
  const std::size_t mark = parts.id.find(kMark);
  const auto accession = mark == kNone ? std::nullopt : read_accession(trim(parts.id.substr(mark + kMark.size())));
  if (!accession) {
    return fmt::format("id {} names no accession", quote(parts.id));
  }
  out.accession = *accession;
  out.form = unescape_xml(trim(parts.term));
  if (out.form.empty()) {
    return "no category with a form";
  }
  const std::string title =
      unescape_xml(is_utf8(parts.title) ? parts.title : std::string_view(utf8_of_latin1(parts.title)));
  Party party;
  if (!read_title(title, out.form, party)) {
    return fmt::format("title {} is not 'FORM - NAME (CIK) (ROLE)'", quote(title));
  }
  out.parties = {std::move(party)};
  out.accepted = accepted_by_feed(parts.updated);
  if (!out.accepted) {
    return fmt::format("updated {} is no time with an offset", quote(parts.updated));
  }
  const std::string summary = unescape_xml(parts.summary);
  const auto filed = read_day(cell(summary, "Filed:"));
  if (!filed) {
    return fmt::format("summary {} has no filing date", quote(summary));
  }
  out.filed_on = *filed;
  out.size = read_size(cell(summary, "Size:"));
  out.items = items_of(summary);
  out.url = unescape_xml(parts.href);
  return "";
}

}  // namespace

std::string unescape_xml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t mark = std::min(text.find('&', at), text.size());
    out.append(text, at, mark - at);
    if (mark == text.size()) {
      break;
    }
    const std::size_t end = text.substr(mark, 12).find(';');
    const std::uint32_t c = end == kNone ? 0 : named(text.substr(mark + 1, end - 1));
    if (c != 0) {
      append_code_point(out, c);
      at = mark + end + 1;
    } else {
      out += '&';
      at = mark + 1;
    }
  }
  return out;
}

std::string utf8_of_latin1(std::string_view bytes) {
  if (is_utf8(bytes)) {
    return std::string(bytes);
  }
  std::string out;
  for (const char c : bytes) {
    append_code_point(out, static_cast<unsigned char>(c));
  }
  return out;
}

Result<FeedPage> parse_atom(std::string_view body) {
  LODE_CHECK(check_body(kAtomContract, "", body));
  const std::string_view head = body.substr(0, std::min(body.find("<entry"), std::size_t{4096}));
  if (head.find("<!") != kNone) {
    return fail(E::E6206, "a feed with declarations of its own (<!...) is none of EDGAR's");
  }
  FeedPage out;
  out.entries.reserve(kPageEntries);
  for (std::size_t at = body.find("<entry>"); at != kNone;) {
    const std::size_t end = body.find("</entry>", at);
    const std::size_t next = body.find("<entry>", at + 7);
    if (++out.records > kMostEntries) {
      return fail(E::E6206, fmt::format("a page of more than {} entries is none of EDGAR's", kMostEntries));
    }
    const std::string_view entry = body.substr(at + 7, std::min({end, next, body.size()}) - at - 7);
    Filing& filing = out.entries.emplace_back();
    filing.line = static_cast<std::int64_t>(out.records);
    std::string lacks =
        end == kNone || (next != kNone && next < end) ? "entry is not closed" : read_entry(parts_of(entry), filing);
    if (!lacks.empty()) {
      out.rejected.push_back(bad_record(filing.line, std::move(lacks), entry));
      out.entries.pop_back();
    }
    at = end == kNone ? kNone : next;  // Behind an entry that is not closed nothing is closed.
  }
  if (out.entries.empty() && !out.rejected.empty()) {
    return fail(E::E6206, fmt::format("none of {} entries can be read: {}", out.records, out.rejected.front().reason));
  }
  return out;
}

}  // namespace lode::source::edgar
