// The header of a submission, in both its spellings:
//
//   text   KEY:<tabs>value lines in blocks (FILER:, then COMPANY DATA: and so on), under <SEC-HEADER> in .txt files
//   since
//          1993, with blank lines that may double and, in the 1990s, blocks between tags
//   tags   <KEY>value, of .nc files and index-headers pages, at times all on one line
//
// Both give the same SubmissionHeader; names that drifted (IRS NUMBER, EIN) are one. Times are of the eastern clock.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/io/source/edgar/filing.h"

namespace lode::source::edgar {

struct FormerName {
  std::string name;
  std::optional<Date> changed_on;
  bool operator==(const FormerName&) const = default;
};

// One block: a company or person in the filing.
struct HeaderParty {
  Party party;
  // "sic" (digits), "irs number", "state of incorporation", "fiscal year end", "form type", "act" (34), "file number",
  // "film number", "business city" ...; only what has a value.
  std::map<std::string, std::string> values;
  std::vector<FormerName> former;
  bool operator==(const HeaderParty&) const = default;
};

struct SubmissionHeader {
  std::string accession, form;
  std::optional<Date> period, filed_on, changed_on;
  std::optional<std::int64_t> public_documents;  // As announced; fewer may be there.
  std::vector<std::string> items;                // Numbers where the words are known: "5.07", else the words.
  std::vector<std::string> group_members;
  std::vector<HeaderParty> parties;     // In the order of the header: the first is whom it is about.
  std::optional<Acceptance> accepted;   // Absent before 2000 and in every .nc file.
  bool private_first = false;           // <PRIVATE-TO-PUBLIC>
  std::optional<Date> disseminated_on;  // The date behind <SEC-DOCUMENT>.
};

// Reads the header in `text`, which may be a whole submission: what follows the header is not looked at. E6206 without
// an accession or a form.
Result<SubmissionHeader> parse_header(std::string_view text);
// Where the header ends: at </SEC-HEADER> or the first <DOCUMENT>; the whole text without either.
std::string_view header_part(std::string_view text);

// The filing the header tells of. E6206 without a filing date.
Result<Filing> filing_of(const SubmissionHeader& header);

// "Results of Operations and Financial Condition" to "2.02": items of Form 8-K since August 2004 by their captions.
std::string item_number(std::string_view caption);

}  // namespace lode::source::edgar
