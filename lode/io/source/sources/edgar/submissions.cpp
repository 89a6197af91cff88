// Submissions: everything a company or person ever filed, the older files included, and who they are.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/submissions.h"

#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/io/source/edgar/accession.h"
#include "lode/io/source/edgar/answers.h"

namespace lode {
namespace source::edgar {
namespace {

const Spec& spec() {
  static const Spec kSpec{
      .name = "edgar-submissions",
      .summary = "all filings of companies or persons, and who they are",
      .names = "CIKs",
      .kinds = "forms, exactly",
      .tables = {"filings", "issuers"},
      .settings = edgar_settings(),
      .paces = edgar_paces(),
      .example = "lode data fetch edgar-submissions --names 320193,1318605",
      .terms =
          "U.S. Securities and Exchange Commission; free to reuse, at most 10 requests a second with a named contact"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  if (request.names.empty()) {
    return fail(E::E6208, "submissions of whom? Names are CIKs", "--names 320193");
  }
  Plan out;
  for (const std::string& name : request.names) {
    const auto cik = read_cik(name);
    if (!cik) {
      return fail(
          E::E6208, fmt::format("{} is no CIK: one to ten digits", quote(name)),
          fmt::format("lode data show map --symbol {} tells the company's, once edgar-symbols was fetched", name));
    }
    Request one = edgar_get(spec(), request, "edgar.data_url", fmt::format("submissions/CIK{}.json", *cik));
    one.contract = &kSubmissionsContract;
    one.part = "main";
    one.keep_seconds = 30;
    one.about.set("cik", *cik);
    one.about.set("forms", text_list(request.kinds));
    one.about.set("from", request.from ? Value(to_string(*request.from)) : Value());
    one.about.set("to", request.to ? Value(to_string(*request.to)) : Value());
    out.requests.push_back(std::move(one));
  }
  return out;
}

void add_filings(const Response& response, FilingList& list, Parsed& out) {
  const std::vector<std::string> forms = texts_about(response.asked, "forms");
  const std::optional<Date> from = read_day(text_about(response.asked, "from"));
  const std::optional<Date> to = read_day(text_about(response.asked, "to"));
  FilingRows rows(provenance(response), response.received_at);
  for (const Filing& filing : list.filings) {
    const bool is_in_span = (!from || filing.filed_on >= *from) && (!to || filing.filed_on <= *to);
    if (is_in_span && wants_form(forms, filing.form)) {
      rows.add(filing);
    }
  }
  out.records = list.records;
  out.rejected = std::move(list.rejected);
  out.verdict = verdict_of(rows.rows(), list.records == 0 ? "files nothing" : "no such filing");
  if (rows.rows() > 0) {
    out.tables.push_back(rows.take());
  }
}

void add_issuer(const Response& response, const Issuer& issuer, Parsed& out) {
  RowWriter row("issuers", provenance(response));
  row.put(std::string_view(issuer.cik)).put(std::string_view(issuer.name));
  for (const std::string* text :
       {&issuer.entity_type, &issuer.sic, &issuer.sic_description, &issuer.category, &issuer.fiscal_year_end,
        &issuer.state, &issuer.ein, &issuer.lei, &issuer.former_names}) {
    row.put_some(*text);
  }
  row.end({std::nullopt, response.received_at, false}, 1);
  out.tables.push_back(row.take());
}

Result<Parsed> parse(const Response& response) {
  const Verdict verdict = judge(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, verdict);
  }
  LODE_CHECK(check_body(kSubmissionsContract, media_type(response), response.body));
  Parsed out;
  out.next = response.cursor;
  const std::string cik = text_about(response.asked, "cik");
  if (response.asked.part == "older") {
    const Value* rows = response.asked.about.find("rows");
    const Value* told = response.asked.about.find("owner");
    Owner owner = told != nullptr ? read_owner(*told) : Owner();
    owner.cik = cik;
    LODE_TRY(FilingList list,
             parse_overflow(response.body, owner, rows != nullptr && rows->is_int() ? rows->as_int() : 0));
    add_filings(response, list, out);
    return out;
  }
  LODE_TRY(Submissions submissions, parse_submissions(response.body));
  if (submissions.issuer.cik != cik) {
    return fail(E::E6206, fmt::format("submissions of {} where those of {} were asked", submissions.issuer.cik, cik));
  }
  add_filings(response, submissions.recent, out);
  add_issuer(response, submissions.issuer, out);
  const std::optional<Date> from = read_day(text_about(response.asked, "from"));
  for (const Overflow& file : submissions.older) {
    if (from && file.last && *file.last < *from) {
      continue;  // Everything in it is older than what is asked.
    }
    Request older = edgar_follow(response.asked, "submissions/" + file.name);
    older.part = "older";
    older.about.set("rows", file.rows);
    older.about.set("owner", owner_value(submissions.owner));
    out.follow.push_back(std::move(older));
  }
  return out;
}

}  // namespace
}  // namespace source::edgar

const source::Source& source_edgar_submissions() {
  static const source::Source kSource{source::edgar::spec(), source::edgar::plan, source::edgar::parse};
  return kSource;
}

}  // namespace lode
