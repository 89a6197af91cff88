// The submissions of a company or person: who it is, its last thousand or so filings as columns, and the names of the
// files with the older ones, whose top level is the bare columns. A file that holds another number of rows than it was
// announced with is refused: a history with a hole looks like a whole one.
//
// The file tells no roles, but what it tells of a row proves them for most: the header gives the Commission's file
// number to the company that is reported on where others file (SC 13D, 144, 425), and to the person that reports in
// forms 3, 4 and 5. So a company's row without one is its own form 4 as the issuer's, and with one its own SC 13D as
// the subject's; what is in its file for another reason stays without a company until the header is read. Seen in every
// row of the recorded files of five companies and four persons.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/io/source/edgar/filing.h"

namespace lode::source::edgar {

extern const BodyContract kSubmissionsContract;

// A file of older filings, as announced.
struct Overflow {
  std::string name;  // "CIK0001318605-submissions-001.json"
  std::int64_t rows = 0;
  std::optional<Date> last;  // Filing date of its newest; nullopt where the list does not say.
};

// Whose file it is, as far as that decides whom its filings are about.
struct NameSpan {
  std::string name;
  Date first, last;  // Both included.
};
struct Owner {
  std::string cik, name;
  std::vector<NameSpan> former;
  bool is_company = false;  // An operating or investment company; persons and the rest are "other" to EDGAR.

  // What it was called on that day: a former name whose days hold it, the present one after all of them, "" in a gap
  // and before the first.
  std::string name_on(Date day) const;
};
Value owner_value(const Owner& owner);
// What owner_value made; fields that are missing stay empty.
Owner read_owner(const Value& value);

// Who files.
struct Issuer {
  std::string cik, name, entity_type, sic, sic_description, category, fiscal_year_end, state, ein, lei;
  std::string former_names;  // JSON: name, from, to (days)
};

// Filings of one file, all read on the clock that file shows.
struct FilingList {
  std::vector<Filing> filings;
  std::vector<Rejected> rejected;
  std::int64_t records = 0;
  FileClock clock;
};

struct Submissions {
  Issuer issuer;
  Owner owner;
  FilingList recent;
  std::vector<Overflow> older;
};

// E6206 no such JSON, E6207 columns of unequal length or an accession twice.
Result<Submissions> parse_submissions(std::string_view body);
// `owner` as the first file told it: this one does not name it. E6207 also when its rows are not `rows`.
Result<FilingList> parse_overflow(std::string_view body, const Owner& owner, std::int64_t rows);

}  // namespace lode::source::edgar
