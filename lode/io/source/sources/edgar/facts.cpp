// Company facts: the numbers of the statements, all versions.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/io/source/edgar/accession.h"
#include "lode/io/source/edgar/answers.h"
#include "lode/io/source/edgar/company_facts.h"

namespace lode {
namespace source::edgar {
namespace {

const Spec& spec() {
  static const Spec kSpec{
      .name = "edgar-facts",
      .summary = "numbers of financial statements by tag, every version as filed",
      .names = "CIKs",
      .kinds = "",
      .tables = {"facts", "shares"},
      .settings = edgar_settings(),
      .paces = edgar_paces(),
      .example = "lode data fetch edgar-facts --names 320193",
      .terms =
          "U.S. Securities and Exchange Commission; free to reuse, at most 10 requests a second with a named contact"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  if (request.names.empty()) {
    return fail(E::E6208, "facts of whom? Names are CIKs", "--names 320193");
  }
  Plan out;
  for (const std::string& name : request.names) {
    const auto cik = read_cik(name);
    if (!cik) {
      return fail(
          E::E6208, fmt::format("{} is no CIK: one to ten digits", quote(name)),
          fmt::format("lode data show map --symbol {} tells the company's, once edgar-symbols was fetched", name));
    }
    Request one = edgar_get(spec(), request, "edgar.data_url", fmt::format("api/xbrl/companyfacts/CIK{}.json", *cik));
    one.contract = &kFactsContract;
    one.part = "facts";
    one.keep_seconds = 30;
    one.about.set("cik", *cik);
    out.requests.push_back(std::move(one));
  }
  return out;
}

Result<Parsed> parse(const Response& response) {
  const Verdict verdict = judge(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, verdict);
  }
  LODE_CHECK(check_body(kFactsContract, media_type(response), response.body));
  LODE_TRY(CompanyFacts facts, parse_company_facts(response.body));
  if (const std::string cik = text_about(response.asked, "cik"); facts.cik != cik) {
    return fail(E::E6206, fmt::format("facts of {} where those of {} were asked", facts.cik, cik));
  }
  Parsed out;
  out.next = response.cursor;
  out.records = facts.records;
  out.rejected = std::move(facts.rejected);
  out.tables = fact_rows(facts, provenance(response));
  out.verdict = verdict_of(static_cast<std::int64_t>(out.tables.size()), "a company without facts");
  return out;
}

}  // namespace
}  // namespace source::edgar

const source::Source& source_edgar_facts() {
  static const source::Source kSource{source::edgar::spec(), source::edgar::plan, source::edgar::parse};
  return kSource;
}

}  // namespace lode
