// The daily and quarterly indexes: what the feed may have missed, and everything back to 1993.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <unordered_map>

#include "lode/io/source/edgar/accession.h"
#include "lode/io/source/edgar/answers.h"
#include "lode/io/source/edgar/atom.h"
#include "lode/io/source/edgar/eastern.h"
#include "lode/io/source/edgar/filing.h"
#include "lode/io/source/edgar/index_file.h"

namespace lode {
namespace source::edgar {
namespace {

constexpr int kDaysBack = 5;  // A daily run asks for the last five days: late and corrected filings.
constexpr int kFirstYear = 1993;
constexpr int kMostDays = 60;  // A longer span is asked by quarters: one file instead of sixty.

const Spec& spec() {
  static const Spec kSpec{
      .name = "edgar-index",
      .summary = "every filing of a day or a quarter, from the index files",
      .names = "",
      .kinds = "forms, exactly",
      .tables = {"filings"},
      .settings = edgar_settings(),
      .paces = edgar_paces(),
      .example = "lode data fetch edgar-index --forms 8-K,10-K --from 2026-01-02",
      .terms =
          "U.S. Securities and Exchange Commission; free to reuse, at most 10 requests a second with a named contact"};
  return kSpec;
}

int quarter(Date day) { return (day.month() - 1) / 3 + 1; }

Request file(const FetchRequest& request, const std::string& path, Date from, Date to) {
  Request out = edgar_get(spec(), request, "edgar.base_url", path);
  out.contract = &kIndexContract;
  out.part = "index";
  out.keep_seconds = 1800;
  out.about.set("from", to_string(from));
  out.about.set("to", to_string(to));
  out.about.set("forms", text_list(request.kinds));
  return out;
}

void add_days(const FetchRequest& request, Date from, Date to, Plan& plan) {
  for (Date day = from; day <= to; day = day + 1) {
    if (day.weekday() < 5) {
      plan.requests.push_back(file(request,
                                   fmt::format("Archives/edgar/daily-index/{}/QTR{}/master.{}{:02}{:02}.idx",
                                               day.year(), quarter(day), day.year(), day.month(), day.day()),
                                   Date::from_civil(kFirstYear, 1, 1), to));  // Late ones stand in it too.
      plan.requests.back().about.set(kOneOfSpan, true);
    }
  }
}

void add_quarters(const FetchRequest& request, Date from, Date to, Plan& plan) {
  for (int at = from.year() * 4 + quarter(from); at <= to.year() * 4 + quarter(to); ++at) {
    const int year = (at - 1) / 4;
    plan.requests.push_back(
        file(request, fmt::format("Archives/edgar/full-index/{}/QTR{}/master.idx", year, at - year * 4), from, to));
  }
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time now) {
  LODE_CHECK(check_settings(spec(), request));
  const Date today = eastern_date(now);
  const Date to = std::min(request.to.value_or(today), today);
  const Date from = request.from.value_or(to - kDaysBack);
  if (from.year() < kFirstYear || from > to) {
    return fail(E::E6208, fmt::format("no index from {} to {}: they begin with {} and end today", to_string(from),
                                      to_string(to), kFirstYear));
  }
  Plan out;
  if (to - from < kMostDays) {
    add_days(request, from, to, out);
  } else {
    add_quarters(request, from, to, out);
  }
  return out;
}

// One filing of each accession: rows of one filing stand far apart in a master index, which is sorted by company. The
// index tells no roles, so everyone is only listed in it.
class Merge {
 public:
  void add(const IndexRow& row) {
    const auto [at, is_new] = places_.try_emplace(row.accession, filings_.size());
    if (is_new) {
      Filing filing;
      filing.accession = row.accession;
      filing.form = row.form;
      filing.filed_on = row.filed_on;
      filing.url = row.path;
      filing.line = row.line;
      filings_.push_back(std::move(filing));
    }
    filings_[at->second].parties.push_back(
        {std::string(kListed), read_cik(row.cik).value_or(""), utf8_of_latin1(row.name)});
  }
  TableRows rows(const Provenance& from) {
    FilingRows out(from);
    for (Filing& filing : filings_) {
      settle(filing.parties);
      out.add(filing);
    }
    return out.take();
  }
  std::int64_t size() const { return static_cast<std::int64_t>(filings_.size()); }

 private:
  std::unordered_map<std::string_view, std::size_t> places_;
  std::vector<Filing> filings_;
};

Result<Parsed> parse(const Response& response) {
  const Verdict verdict = judge(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, verdict);
  }
  LODE_CHECK(check_body(kIndexContract, media_type(response), response.body));
  LODE_TRY(IndexFile index, parse_index(response.body));
  const Date from = read_day(text_about(response.asked, "from")).value_or(Date::from_civil(kFirstYear, 1, 1));
  const Date to = read_day(text_about(response.asked, "to")).value_or(Date::from_civil(9999, 12, 31));
  const std::vector<std::string> forms = texts_about(response.asked, "forms");
  Merge merge;
  for (const IndexRow& row : index.rows) {
    if (row.filed_on >= from && row.filed_on <= to && wants_form(forms, row.form)) {
      merge.add(row);
    }
  }
  Parsed out;
  out.next = response.cursor;
  out.records = index.records;
  out.rejected = std::move(index.rejected);
  out.verdict =
      verdict_of(merge.size(), index.records == 0 ? "an index with a header and no rows" : "no such filing in it");
  if (merge.size() > 0) {
    out.tables.push_back(merge.rows(provenance(response)));
  }
  return out;
}

}  // namespace
}  // namespace source::edgar

const source::Source& source_edgar_index() {
  static const source::Source kSource{source::edgar::spec(), source::edgar::plan, source::edgar::parse};
  return kSource;
}

}  // namespace lode
