// Whole submissions: the header, which decides whose filing it is and when it was accepted, and every document in it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/io/source/edgar/answers.h"
#include "lode/io/source/edgar/atom.h"
#include "lode/io/source/edgar/whole_filing.h"

namespace lode {
namespace source::edgar {
namespace {

const Spec& spec() {
  static const Spec kSpec{
      .name = "edgar-documents",
      .summary = "whole filings: header, documents and their readable text",
      .names = "CIK/ACCESSION pairs",
      .kinds = "",
      .tables = {"filings", "documents"},
      .settings = edgar_settings(),
      .paces = edgar_paces(),
      .example = "lode data fetch edgar-documents --names 320193/0000320193-22-000061",
      .terms = "U.S. Securities and Exchange Commission disseminates them; the text is the filer's; free to reuse"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  return plan_submissions(spec(), request, "320193/0000320193-22-000061");
}

void add_document(RowWriter& rows, const Filing& filing, const FiledDocument& document, std::int64_t line) {
  const bool is_binary = document.content == Content::kBinary;
  const auto decoded = is_binary ? uudecode(document.body) : std::nullopt;
  // Copies of a filing differ in how they end their lines.
  const std::string lines = is_binary ? std::string() : with_plain_lines(document.body);
  const std::string_view body = decoded ? std::string_view(*decoded) : is_binary ? document.body : lines;
  const std::string text = readable_text(document);
  rows.put(std::string_view(filing.accession)).put(document.sequence).put_some(utf8_of_latin1(document.type));
  rows.put_some(utf8_of_latin1(document.file)).put_some(utf8_of_latin1(document.description)).put(filing.filed_on);
  rows.put(to_string(document.content)).put_null().put(static_cast<std::int64_t>(body.size()));
  rows.put(std::string_view(sha256_hex(body)));
  if (is_binary) {
    rows.put_null().put_null();
  } else {
    rows.put(std::string_view(sha256_hex(text))).put(static_cast<std::int64_t>(code_points(text)));
  }
  rows.put_null();
  rows.end(
      {filing.accepted ? std::optional(filing.accepted->at) : std::nullopt, public_at(filing), !is_observed(filing)},
      line);
}

Result<Parsed> parse(const Response& response) {
  const Verdict verdict = judge(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, verdict);
  }
  LODE_TRY(const FiledSubmission filed, read_submission(response));
  const Filing& filing = filed.filing;
  FilingRows filings(provenance(response), response.received_at);
  filings.add(filing);
  RowWriter documents("documents", provenance(response));
  for (const FiledDocument& document : filed.submission.documents) {
    add_document(documents, filing, document, documents.rows() + 1);
  }
  Parsed out;
  out.next = response.cursor;
  out.records = 1;
  out.tables.push_back(filings.take());
  if (documents.rows() > 0) {
    out.tables.push_back(documents.take());
  }
  return out;
}

}  // namespace
}  // namespace source::edgar

const source::Source& source_edgar_documents() {
  static const source::Source kSource{source::edgar::spec(), source::edgar::plan, source::edgar::parse};
  return kSource;
}

}  // namespace lode
