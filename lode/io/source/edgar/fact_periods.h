// Facts through time: what was known of a period on a day, quarters that nobody filed, and one concept over the tags it
// had in different years.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lode/io/source/edgar/company_facts.h"
#include "lode/io/source/edgar/concepts.h"

namespace lode::source::edgar {

// When the public had an accession; nullopt = unknown: then the end of the filing date, eastern time, holds.
using PublicTimes = std::function<std::optional<Time>(std::string_view accession)>;

// The version of a period that a reader had at `as_of`: of those public by then the one made public last, of several at
// one instant the one of the greatest accession. `start` nullopt asks for an instant. nullptr when there was none.
const Fact* as_of(std::span<const Fact> facts, std::optional<Date> start, Date end, Time as_of,
                  const PublicTimes& public_times = {});

// Quarters that were filed only as part of a longer span: half less quarter, nine months less half, year less nine
// months, of equal start. Only sums add up so, so only units of money are taken. Each longer span, as its report says
// it within `kReportDays` of its end, less the shorter as known on that report's day; known with that report, whose
// accession it carries. None where the quarter itself was filed by then, and none of a span that was restated when the
// shorter one was not told since: the difference would mix two accounts.
std::vector<Fact> derive_quarters(const FactSeries& series);
inline constexpr int kReportDays = 200;

struct ConceptValue {
  const Fact* fact = nullptr;  // Within the CompanyFacts asked.
  const DatedTag* tag = nullptr;
};
// What was known at `as_of` of the concept's period, in `unit`; fact == nullptr when nothing was.
ConceptValue concept_as_of(const CompanyFacts& facts, const Concept& asked, std::string_view unit,
                           std::optional<Date> start, Date end, Time as_of, const PublicTimes& public_times = {});

}  // namespace lode::source::edgar
