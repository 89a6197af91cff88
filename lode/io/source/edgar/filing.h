// A filing as every collector of EDGAR tells it (feed, index, submissions, the filing itself) and the row it becomes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/value.h"
#include "lode/io/source/collect/rows.h"
#include "lode/io/source/edgar/acceptance.h"

namespace lode::source::edgar {

// Someone in a filing. Roles: issuer, subject, filer, filed_for, reporting, filed_by, depositor and the like, in the
// words of the feed and the header, lower case with '_'. Where the roles are not told: kListed in an index, kInFileOf
// in the submissions of a company or person, which hold what they filed about others too.
inline constexpr std::string_view kListed = "listed";
inline constexpr std::string_view kInFileOf = "in_file_of";
struct Party {
  std::string role;
  std::string cik;   // Ten digits.
  std::string name;  // As filed; "" when not told.
  auto operator<=>(const Party&) const = default;
};

struct Filing {
  std::string accession;
  std::string form;  // Exactly.
  std::vector<Party> parties;
  std::optional<Date> period;
  std::string items;  // "2.02,9.01"
  Date filed_on;
  std::optional<Acceptance> accepted;
  std::optional<Date> released_on;  // Of what was private first: the day it became public.
  std::optional<std::int64_t> size;
  std::string url;
  std::string header_hash;
  std::int64_t line = 0;  // Record in the answer, from 1.
};

// Sorted by role and company, each once; of a doubled one the longer name stays. Makes the order in which parts of a
// filing arrive not matter.
void settle(std::vector<Party>& parties);
// Whom the filing is about: the issuer, else the subject, the filer, the one it is filed for, the reporting person, the
// one who filed; of several of a role the first. Where roles are not told (an index), the only one listed. nullptr when
// that leaves nobody: a filing is never given to a company on a guess.
const Party* about(const Filing& filing);
// When the public had it: the acceptance, of a filing that was private the later of it and the end of its release day;
// without an acceptance the end of the filing day. Eastern time.
Time public_at(const Filing& filing);
// True when public_at follows from an observed time and not from a bare date.
bool is_observed(const Filing& filing);
Value parties_value(const std::vector<Party>& parties);  // [{"role":...,"cik":...,"name":...}]

// UPLOAD and CORRESP: the staff's letters and the answers to them. They are private for weeks behind their acceptance,
// and nothing but their header tells the day of their release.
bool is_letter(std::string_view form);

// Rows of table filings. A letter told without its header is public when it was received: there it was seen.
class FilingRows {
 public:
  FilingRows(Provenance from, Time received_at) : received_at_(received_at), writer_("filings", std::move(from)) {}
  void add(const Filing& filing);
  std::int64_t rows() const { return writer_.rows(); }
  TableRows take() { return writer_.take(); }

 private:
  Time received_at_;
  RowWriter writer_;
};

// "EX-99.1", "8-K" as the forms of a request select: exactly, in any case; everything when `wanted` is empty.
bool wants_form(const std::vector<std::string>& wanted, std::string_view form);

}  // namespace lode::source::edgar
