// Whole submissions, asked for and read.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/whole_filing.h"

#include <fmt/format.h>

#include <utility>

#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/io/source/edgar/accession.h"
#include "lode/io/source/edgar/answers.h"

namespace lode::source::edgar {

Result<Plan> plan_submissions(const Spec& spec, const FetchRequest& request, std::string_view example) {
  LODE_CHECK(check_settings(spec, request));
  if (request.names.empty()) {
    return fail(E::E6208, "which filings? Names are CIK/ACCESSION", fmt::format("--names {}", example));
  }
  Plan out;
  for (const std::string& name : request.names) {
    const std::size_t slash = name.find('/');
    const auto cik = read_cik(std::string_view(name).substr(0, slash));
    const auto accession =
        slash == std::string::npos ? std::nullopt : read_accession(trim(std::string_view(name).substr(slash + 1)));
    if (!cik || !accession) {
      return fail(E::E6208, fmt::format("{} is no CIK/ACCESSION", quote(name)), std::string(example));
    }
    Request one = edgar_get(spec, request, "edgar.base_url", "Archives/" + submission_path(*cik, *accession));
    one.contract = &kSubmissionContract;
    one.part = "submission";
    one.keep_seconds = std::nullopt;  // A submission never changes under its name.
    one.about.set("accession", *accession);
    out.requests.push_back(std::move(one));
  }
  return out;
}

Result<FiledSubmission> read_submission(const Response& response) {
  LODE_CHECK(check_body(kSubmissionContract, media_type(response), response.body));
  FiledSubmission out;
  LODE_TRY(out.submission, parse_submission(response.body));
  LODE_TRY(out.filing, filing_of(out.submission.header));
  if (const std::string asked = text_about(response.asked, "accession"); asked != out.filing.accession) {
    return fail(E::E6206, fmt::format("submission {} where {} was asked", out.filing.accession, asked));
  }
  out.filing.header_hash = sha256_hex(out.submission.header_text);
  out.filing.size = static_cast<std::int64_t>(response.body.size());
  return out;
}

}  // namespace lode::source::edgar
