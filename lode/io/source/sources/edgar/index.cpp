// The daily and quarterly indexes: what the feed may have missed, and everything back to 1993.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "lode/io/source/edgar/accession.h"
#include "lode/io/source/edgar/answers.h"
#include "lode/io/source/edgar/atom.h"
#include "lode/io/source/edgar/eastern.h"
#include "lode/io/source/edgar/filing.h"
#include "lode/io/source/edgar/index_file.h"
#include "lode/io/source/edgar/index_state.h"

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

// `from`, `to`: filing dates of the rows wanted. The same file is asked for in the same words each day, so that
// "nothing changed" can answer it.
Request file(const FetchRequest& request, const std::string& path, std::optional<Date> from, std::optional<Date> to) {
  Request out = edgar_get(spec(), request, "edgar.base_url", path);
  out.contract = &kIndexContract;
  out.part = "index";
  out.keep_seconds = 1800;
  out.http.is_conditional = true;
  if (from) {
    out.about.set("from", to_string(*from));
  }
  if (to) {
    out.about.set("to", to_string(*to));
  }
  out.about.set("forms", text_list(request.kinds));
  return out;
}

// All rows of a day's file: late ones stand in it too.
void add_day(const FetchRequest& request, Date day, Plan& plan) {
  plan.requests.push_back(file(request,
                               fmt::format("Archives/edgar/daily-index/{}/QTR{}/master.{}{:02}{:02}.idx", day.year(),
                                           quarter(day), day.year(), day.month(), day.day()),
                               std::nullopt, std::nullopt));
  plan.requests.back().about.set("day", to_string(day));
  plan.requests.back().about.set(kOneOfSpan, true);
}

void add_days(const FetchRequest& request, Date from, Date to, Plan& plan) {
  for (Date day = from; day <= to; day = day + 1) {
    if (day.weekday() < 5) {
      add_day(request, day, plan);
    }
  }
}

void add_quarters(const FetchRequest& request, Date from, Date to, Plan& plan) {
  for (int at = from.year() * 4 + quarter(from); at <= to.year() * 4 + quarter(to); ++at) {
    const int year = (at - 1) / 4;
    const int number = at - year * 4;
    const Date first = Date::from_civil(year, number * 3 - 2, 1);
    const Date next = Date::from_civil(number == 4 ? year + 1 : year, number == 4 ? 1 : number * 3 + 1, 1);
    plan.requests.push_back(file(request, fmt::format("Archives/edgar/full-index/{}/QTR{}/master.idx", year, number),
                                 from > first ? std::optional(from) : std::nullopt,
                                 to < next - 1 && request.to ? std::optional(to) : std::nullopt));
    Value& about = plan.requests.back().about;
    about.set("quarter", fmt::format("{}Q{}", year, number));
    about.set("first", to_string(first));
    about.set("last", to_string(next - 1));
  }
}

Result<Plan> plan(const FetchRequest& request, const Cursor& cursor, Time now) {
  LODE_CHECK(check_settings(spec(), request));
  const Date today = eastern_date(now);
  const Date to = std::min(request.to.value_or(today), today);
  const Date from = request.from.value_or(to - kDaysBack);
  if (from.year() < kFirstYear || from > to) {
    return fail(E::E6208, fmt::format("no index from {} to {}: they begin with {} and end today", to_string(from),
                                      to_string(to), kFirstYear));
  }
  Plan out;
  if (!request.from && !request.to) {
    for (const Date day : IndexState::load(cursor).provisional(today)) {
      if (day < from) {
        add_day(request, day, out);
      }
    }
  }
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
  TableRows rows(const Provenance& from, Time received_at) {
    FilingRows out(from, received_at);
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

// A mirror or a cache may answer with the file of another day or quarter. Late filings stand in a file as well, so that
// most rows decide, and of a day what the file says of itself.
Result<void> check_span(const Response& response, const IndexFile& index) {
  const auto rows = std::ssize(index.rows);
  const auto among = [&](Date first, Date last) {
    return std::ranges::count_if(index.rows,
                                 [&](const IndexRow& row) { return row.filed_on >= first && row.filed_on <= last; });
  };
  const auto refuse = [&](const std::string& asked) {
    const std::string told = index.received ? "of " + to_string(*index.received) + " by its head, " : "";
    return fail(E::E6206,
                fmt::format("an index {}with filings of {} where that of {} was asked", told,
                            to_string(index.rows.front().filed_on), asked),
                "the body is kept aside; what was stored before stays");
  };
  if (rows == 0) {
    return {};
  }
  if (const auto day = read_day(text_about(response.asked, "day"))) {
    const auto own = among(*day, *day);
    const bool is_other = index.received ? *index.received != *day && own * 2 < rows : own == 0;
    return is_other ? Result<void>(refuse(to_string(*day))) : Result<void>();
  }
  const auto first = read_day(text_about(response.asked, "first"));
  const auto last = read_day(text_about(response.asked, "last"));
  const bool is_other = first && last && among(*first, *last) * 2 < rows;
  return is_other ? Result<void>(refuse(text_about(response.asked, "quarter"))) : Result<void>();
}

// Counts the file among its like. The reason why it is provisional, "" when it is whole.
Result<std::string> take_count(const Response& response, std::int64_t rows, Cursor& next) {
  next = response.cursor;
  IndexState state = IndexState::load(response.cursor);
  std::string out;
  if (const auto day = read_day(text_about(response.asked, "day"))) {
    out = state.take_day(*day, rows, eastern_date(response.received_at));
  } else if (const std::string quarter = text_about(response.asked, "quarter"); !quarter.empty()) {
    LODE_CHECK(state.take_quarter(quarter, rows));
  } else {
    return out;
  }
  state.save(next);
  return out;
}

Result<Parsed> parse(const Response& response) {
  const Verdict verdict = judge(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, verdict);
  }
  LODE_CHECK(check_body(kIndexContract, media_type(response), response.body));
  LODE_TRY(IndexFile index, parse_index(response.body));
  LODE_CHECK(check_span(response, index));
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
  LODE_TRY(const std::string provisional, take_count(response, index.records, out.next));
  out.records = index.records;
  out.rejected = std::move(index.rejected);
  out.verdict =
      verdict_of(merge.size(), index.records == 0 ? "an index with a header and no rows" : "no such filing in it");
  if (!provisional.empty()) {
    out.verdict = {index.records == 0 ? ResponseClass::kAbsent : ResponseClass::kOk, provisional, {}};
  }
  if (merge.size() > 0) {
    out.tables.push_back(merge.rows(provenance(response), response.received_at));
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
