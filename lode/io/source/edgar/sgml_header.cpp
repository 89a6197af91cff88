// Reads headers of submissions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/sgml_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/text.h"
#include "lode/io/source/edgar/accession.h"
#include "lode/io/source/edgar/atom.h"

namespace lode::source::edgar {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kMostHeader = std::size_t{4} << 20;  // A header of thousands of filers has 2 MB.

// The 8-K's captions, 17 CFR 249.308 as amended by release 33-8400.
constexpr std::array<std::pair<std::string_view, std::string_view>, 33> kItems = {{
    {"entry into a material definitive agreement", "1.01"},
    {"termination of a material definitive agreement", "1.02"},
    {"bankruptcy or receivership", "1.03"},
    {"mine safety - reporting of shutdowns and patterns of violations", "1.04"},
    {"material cybersecurity incidents", "1.05"},
    {"completion of acquisition or disposition of assets", "2.01"},
    {"results of operations and financial condition", "2.02"},
    {"creation of a direct financial obligation or an obligation under an off-balance sheet arrangement of a "
     "registrant",
     "2.03"},
    {"triggering events that accelerate or increase a direct financial obligation or an obligation under an "
     "off-balance "
     "sheet arrangement",
     "2.04"},
    {"cost associated with exit or disposal activities", "2.05"},
    {"costs associated with exit or disposal activities", "2.05"},
    {"material impairments", "2.06"},
    {"notice of delisting or failure to satisfy a continued listing rule or standard; transfer of listing", "3.01"},
    {"unregistered sales of equity securities", "3.02"},
    {"material modifications to rights of security holders", "3.03"},
    {"changes in registrant's certifying accountant", "4.01"},
    {"non-reliance on previously issued financial statements or a related audit report or completed interim review",
     "4.02"},
    {"changes in control of registrant", "5.01"},
    {"departure of directors or certain officers; election of directors; appointment of certain officers: compensatory "
     "arrangements of certain officers",
     "5.02"},
    {"departure of directors or principal officers; election of directors; appointment of principal officers", "5.02"},
    {"amendments to articles of incorporation or bylaws; change in fiscal year", "5.03"},
    {"temporary suspension of trading under registrant's employee benefit plans", "5.04"},
    {"amendments to the registrant's code of ethics, or waiver of a provision of the code of ethics", "5.05"},
    {"change in shell company status", "5.06"},
    {"submission of matters to a vote of security holders", "5.07"},
    {"shareholder director nominations", "5.08"},
    {"abs informational and computational material", "6.01"},
    {"change of servicer or trustee", "6.02"},
    {"change in credit enhancement or other external support", "6.03"},
    {"failure to make a required distribution", "6.04"},
    {"regulation fd disclosure", "7.01"},
    {"other events", "8.01"},
    {"financial statements and exhibits", "9.01"},
}};

// "SUBJECT-COMPANY" and "SUBJECT COMPANY" are one word.
std::string plain(std::string_view key) {
  std::string out = lower(trim(key));
  std::ranges::replace(out, '-', ' ');
  return out;
}

std::string role_name(const std::string& plain_key) {
  if (plain_key == "subject company") {
    return "subject";
  }
  if (plain_key == "reporting owner") {
    return "reporting";
  }
  std::string out = plain_key;
  std::ranges::replace(out, ' ', '_');
  return out;
}

// Collects keys and values, whichever spelling they came in.
class Collector {
 public:
  explicit Collector(SubmissionHeader& out) : out_(out) {}

  // A key without a value: opens a block.
  void open(const std::string& key) {
    if (key == "company data" || key == "owner data" || key == "filing values" || key == "former company" ||
        key == "former name" || key == "business address" || key == "mail address") {
      block_ = key.starts_with("business") ? "business " : key.starts_with("mail") ? "mail " : "";
      if (key.starts_with("former") && in_party_) {
        out_.parties.back().former.emplace_back();
      }
    } else {
      in_party_ = true;
      out_.parties.emplace_back();
      out_.parties.back().party.role = role_name(key);
      block_.clear();
    }
  }

  void value(const std::string& key, std::string_view raw) {
    const std::string text = utf8_of_latin1(trim(raw));
    if (!document_value(key, text) && in_party_ && !text.empty()) {
      party_value(key, text);
    }
  }

 private:
  bool document_value(const std::string& key, const std::string& text) {
    if (key == "acceptance datetime") {
      out_.accepted = accepted_by_header(text);
    } else if (key == "private to public") {
      out_.private_first = true;
    } else if (key == "accession number") {
      out_.accession = read_accession(text).value_or("");
    } else if (key == "conformed submission type" || (key == "type" && out_.form.empty())) {
      out_.form = text;
    } else if (key == "public document count") {
      std::int64_t count = 0;
      out_.public_documents = parse_int(text, count) ? std::optional(count) : std::nullopt;
    } else if (key == "conformed period of report" || key == "period") {
      out_.period = read_day(text);
    } else if (key == "filed as of date" || key == "filing date") {
      out_.filed_on = read_day(text);
    } else if (key == "date as of change" || key == "date of filing date change") {
      out_.changed_on = read_day(text);
    } else if (key == "item information" || key == "items") {
      out_.items.push_back(item_number(text));
    } else if (key == "group members") {
      out_.group_members.push_back(text);
    } else if (key == "sec document") {
      out_.disseminated_on = read_day(trim(std::string_view(text).substr(std::min(text.rfind(':') + 1, text.size()))));
    } else {
      return false;
    }
    return true;
  }

  void party_value(const std::string& key, const std::string& text) {
    HeaderParty& party = out_.parties.back();
    if (key == "company conformed name" || key == "conformed name") {
      party.party.name = text;
    } else if (key == "central index key" || key == "cik") {
      party.party.cik = read_cik(text).value_or("");
    } else if (key == "former conformed name" && !party.former.empty()) {
      party.former.back().name = text;
    } else if ((key == "date of name change" || key == "date changed") && !party.former.empty()) {
      party.former.back().changed_on = read_day(text);
    } else if (key == "standard industrial classification" || key == "assigned sic") {
      const std::size_t open = text.rfind('[');
      const std::string digits = open == kNone ? text : text.substr(open + 1, text.rfind(']') - open - 1);
      if (!digits.empty()) {
        party.values["sic"] = digits;
      }
    } else {
      party.values[block_ + value_name(key)] = key == "sec act" || key == "act" ? act(text) : text;
    }
  }

  static std::string value_name(const std::string& key) {
    if (key == "ein") {
      return "irs number";
    }
    if (key == "sec act") {
      return "act";
    }
    if (key == "sec file number") {
      return "file number";
    }
    if (key == "business phone") {
      return "phone";
    }
    if (key.starts_with("street ") && key.size() == 8) {
      return "street" + key.substr(7);
    }
    return key;
  }
  // "1934 Act" and "34" are one.
  static std::string act(const std::string& text) {
    return text.size() == 8 && text.starts_with("19") && text.ends_with(" Act") ? text.substr(2, 2) : text;
  }

  SubmissionHeader& out_;
  bool in_party_ = false;
  std::string block_;
};

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= 60 && std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == ' ' || c == '/' || c == '&' ||
           c == '.' || c == '\'' || c == '(' || c == ')' || c == ',';
  });
}

// Tags that open a block; any other tag without a value has no value.
bool opens_block(const std::string& key) {
  constexpr std::array<std::string_view, 16> kBlocks = {
      "filer",        "subject company", "filed by",     "filed for",     "issuer",        "reporting owner",
      "depositor",    "securitizer",     "company data", "owner data",    "filing values", "business address",
      "mail address", "former company",  "former name",  "issuing entity"};
  return std::ranges::find(kBlocks, key) != kBlocks.end();
}

// One tag, or several on one line.
void read_tags(std::string_view line, Collector& out) {
  for (std::size_t at = line.find('<'); at != kNone;) {
    const std::size_t end = line.find('>', at);
    if (end == kNone) {
      return;
    }
    const std::size_t next = line.find('<', end);
    const std::string_view name = line.substr(at + 1, end - at - 1);
    const std::string_view value = line.substr(end + 1, next == kNone ? kNone : next - end - 1);
    at = next;
    const std::string key = plain(name);
    if (name.starts_with('/') || !is_key(name)) {
      continue;
    }
    if (!trim(value).empty() || key == "private to public") {
      out.value(key, value);
    } else if (opens_block(key)) {
      out.open(key);
    }
  }
}

// "KEY:<tabs>value"; a key without a value opens a block where it stands at the margin or is a block's name.
void read_line(std::string_view line, Collector& out) {
  const std::size_t colon = line.find(':');
  if (colon == kNone || !is_key(trim(line.substr(0, colon)))) {
    return;
  }
  const std::string key = plain(line.substr(0, colon));
  const std::string_view value = trim(line.substr(colon + 1));
  if (!value.empty()) {
    out.value(key, value);
  } else if (opens_block(key) || (line[0] != '\t' && line[0] != ' ')) {
    out.open(key);
  }
}

}  // namespace

std::string item_number(std::string_view caption) {
  const std::string words = lower(trim(caption));
  const auto found = std::ranges::find(kItems, words, [](const auto& row) { return row.first; });
  return found == kItems.end() ? std::string(trim(caption)) : std::string(found->second);
}

std::string_view header_part(std::string_view text) {
  const std::string_view head = text.substr(0, kMostHeader);
  return head.substr(0, std::min({head.find("</SEC-HEADER>"), head.find("<DOCUMENT>"), head.size()}));
}

Result<SubmissionHeader> parse_header(std::string_view text) {
  SubmissionHeader out;
  Collector collector(out);
  const std::string_view head = header_part(text);
  for (std::size_t at = 0; at < head.size();) {
    const std::size_t end = std::min(head.find_first_of("\r\n", at), head.size());
    const std::string_view line = head.substr(at, end - at);
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first != kNone && line[first] == '<') {
      read_tags(line.substr(first), collector);
    } else if (first != kNone) {
      read_line(line, collector);
    }
    at = end + 1;
  }
  std::erase_if(out.parties, [](const HeaderParty& party) { return party.party.cik.empty(); });
  if (out.accession.empty() || out.form.empty()) {
    return fail(E::E6206, fmt::format("a submission whose header names no {}: it opens with {}",
                                      out.accession.empty() ? "accession" : "form", quote(text.substr(0, 60))));
  }
  return out;
}

Result<Filing> filing_of(const SubmissionHeader& header) {
  Filing out;
  out.accession = header.accession;
  out.form = header.form;
  const std::optional<Date> filed = header.filed_on ? header.filed_on : header.disseminated_on;
  if (!filed) {
    return fail(E::E6206, fmt::format("submission {} has no filing date", header.accession));
  }
  out.filed_on = *filed;
  out.period = header.period;
  out.accepted = header.accepted;
  if (header.private_first) {
    // Without the date of its release what was private is dated by the last change of the filing.
    out.released_on = header.disseminated_on ? header.disseminated_on : header.changed_on;
  }
  for (const std::string& item : header.items) {
    out.items += (out.items.empty() ? "" : ",") + item;
  }
  for (const HeaderParty& party : header.parties) {  // One with two file numbers stands in it twice.
    const bool is_told = std::ranges::any_of(
        out.parties, [&](const Party& told) { return told.role == party.party.role && told.cik == party.party.cik; });
    if (!is_told) {
      out.parties.push_back(party.party);
    }
  }
  out.url = out.parties.empty() ? "" : submission_path(out.parties.front().cik, out.accession);
  return out;
}

}  // namespace lode::source::edgar
