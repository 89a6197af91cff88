// The facts of a company: every number of its statements as filed, by tag and unit, with all versions. What the file
// says of fiscal year and period belongs to the filing and not to the fact, so a fact's period is its own start and
// end; its `frame` looks ahead and is not read.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/io/source/collect/rows.h"

namespace lode::source::edgar {

extern const BodyContract kFactsContract;

// How long a fact's period is. Years of 52 and 53 weeks are years.
enum class Span : std::uint8_t { kInstant, kQuarter, kHalf, kNineMonths, kYear, kOther };
std::string_view to_string(Span span);  // "instant", "quarter", "half", "nine_months", "year", "other"
// By days, both ends counted; 0 is an instant: 80-100, 170-190, 260-280, 350-380.
Span span_of(std::int64_t days);

// One number as one filing says it.
struct Fact {
  std::optional<Date> start;  // None: an instant.
  Date end;
  double value = 0;
  std::string exact;  // As written, where a double cannot hold it; else "".
  std::string accession;
  std::optional<std::int64_t> fiscal_year;  // Of the filing.
  std::string fiscal_period, form;          // Of the filing.
  Date filed_on;
  bool derived = false;        // A quarter computed as a span less the one before it.
  std::string part_accession;  // Of a derived quarter: the filing that told the shorter span; else "".

  std::int64_t days() const { return start ? end - *start + 1 : 0; }
  Span span() const { return span_of(days()); }
};

// The value of decimal text, and its text where a double rounds it; false when it is no number.
bool read_number(std::string_view text, Fact& out);

// All versions of one tag in one unit, in the order of the file.
struct FactSeries {
  std::string taxonomy, tag, unit;
  std::vector<Fact> facts;
};

struct CompanyFacts {
  std::string cik;  // Ten digits, however the file wrote it.
  std::string name;
  std::vector<FactSeries> series;
  std::vector<Rejected> rejected;
  std::int64_t records = 0;
  const FactSeries* find(std::string_view taxonomy, std::string_view tag, std::string_view unit) const;
};

// E6206 no such JSON. A fact without value, end, accession or filing date is set aside (E6210).
Result<CompanyFacts> parse_company_facts(std::string_view body);

// Rows of table facts, the derived ones behind those of their series, and of table shares from the covers. Known at the
// end of the filing date, eastern time, assumed: the file has no times; `filings` knows when the accession was public.
std::vector<TableRows> fact_rows(const CompanyFacts& facts, const Provenance& from);

}  // namespace lode::source::edgar
