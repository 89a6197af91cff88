// The submissions of a company or person: who it is, its last thousand or so filings as columns, and the names of the
// files with the older ones, whose top level is the bare columns. A file that holds another number of rows than it was
// announced with is refused: a history with a hole looks like a whole one.
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
  FilingList recent;
  std::vector<Overflow> older;
};

// E6206 no such JSON, E6207 columns of unequal length or an accession twice.
Result<Submissions> parse_submissions(std::string_view body);
// `cik` in ten digits: the file does not name it. E6207 also when its rows are not `rows`.
Result<FilingList> parse_overflow(std::string_view body, std::string_view cik, std::int64_t rows);

}  // namespace lode::source::edgar
