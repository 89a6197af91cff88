// XBRL of filings: every number they tell, by segment, class of shares and whatever else they part it by.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/answers.h"
#include "lode/io/source/edgar/instance_rows.h"
#include "lode/io/source/edgar/whole_filing.h"

namespace lode {
namespace source::edgar {
namespace {

const Spec& spec() {
  static const Spec kSpec{
      .name = "edgar-xbrl",
      .summary = "every number of a filing, segments and classes of shares included, known at its acceptance",
      .names = "CIK/ACCESSION pairs",
      .kinds = "",
      .tables = {"facts", "shares", "filings"},
      .settings = edgar_settings(),
      .paces = edgar_paces(),
      .example = "lode data fetch edgar-xbrl --names 320193/0000320193-23-000106",
      .terms = "U.S. Securities and Exchange Commission disseminates them; the numbers are the filer's; free to reuse"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  return plan_submissions(spec(), request, "320193/0000320193-23-000106");
}

Result<Parsed> parse(const Response& response) {
  const Verdict verdict = judge(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, verdict);
  }
  LODE_TRY(const FiledSubmission filed, read_submission(response));
  LODE_TRY(std::optional<xbrl::Instance> instance, instance_of(filed.submission));
  if (!instance) {
    return only_verdict(response, verdict_of(0, "a filing without XBRL"));
  }
  Parsed out;
  out.next = response.cursor;
  out.records = instance->records;
  out.rejected = std::move(instance->rejected);
  out.tables = instance_rows(*instance, filed.filing, provenance(response), out.rejected);
  out.verdict = verdict_of(static_cast<std::int64_t>(out.tables.size()), "an XBRL instance without numbers");
  FilingRows filings(provenance(response), response.received_at);
  filings.add(filed.filing);
  out.tables.push_back(filings.take());
  return out;
}

}  // namespace
}  // namespace source::edgar

const source::Source& source_edgar_xbrl() {
  static const source::Source kSource{source::edgar::spec(), source::edgar::plan, source::edgar::parse};
  return kSource;
}

}  // namespace lode
