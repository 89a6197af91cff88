// A company's facts from the lake, each with the time the public could have it: the acceptance of the filing that says
// so, where the lake knows that filing, else the end of its filing date.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lode/flow/steps/facts/statement.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {

// When the public had a filing, and what says so: sgml, atom, json-utc, json-new-york, or "filing date" without any.
struct PublicTime {
  Time at;
  std::string by;
};

// Of the filings that `accessions` name, those the lake has. Of several versions of a filing the most authoritative
// counts (sgml, then atom, json-utc, json-new-york, a bare date), of equal ones the newest: a file fetched later whose
// clock proves nothing does not unsettle a header. That a better time was learnt after the reader's as_of is no look
// ahead: it says when, not what.
Result<std::map<std::string, PublicTime, std::less<>>> public_times(const lake::Snapshot& snapshot,
                                                                    const std::vector<std::string>& accessions);

// Takes away the rows of table filings that, by what the snapshot now knows best, the public did not have at `as_of`: a
// filing that was private for two months was in the lists with the day of its acceptance until its header was read.
Result<void> drop_not_public(const lake::Snapshot& snapshot, Time as_of, Batch& filings);

// All versions of the facts of `cik` (ten digits), by taxonomy, tag and unit. A first version is known with its filing,
// a correction of it (the same filing's number, changed at the source) when it was received. Derived rows are left out:
// known_by() makes them anew from what was known. So are those of parts of the company (segments, classes of shares).
Result<std::vector<KnownSeries>> read_company(const lake::Snapshot& snapshot, std::string_view cik);

}  // namespace lode::flow
