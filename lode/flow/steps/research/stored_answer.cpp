// Answers kept with their runs: asking the same again costs a look-up.
//
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "lode/base/error.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/research/research.h"
#include "lode/io/source/file_bytes.h"

namespace lode::flow {

namespace {

constexpr std::string_view kAnswer = "answer";

// What the request is about, without computing it.
Result<Subject> subject_of(World& world, const ResearchRequest& request) {
  Subject subject;
  if (request.values_path.empty()) {
    LODE_TRY(const expr::Program program, compile_subject(world, request, subject));
    return subject;
  }
  LODE_TRY(const source::FileBytes file, source::read_data_file(request.values_path));
  subject.values_hash = file.sha256;
  subject.profile = "values";
  return subject;
}

bool is_there(const Value& data) {
  const Value* report = data.find("report");
  std::error_code ignored;
  return report == nullptr || std::filesystem::exists(report->as_text(), ignored);
}

}  // namespace

Result<std::optional<Outcome>> stored_answer(World& world, const ResearchRequest& request, std::string_view flow) {
  LODE_TRY(const auto lake, open_lake(world, Wanted::kRead));
  LODE_TRY(const lake::Snapshot snapshot, lake->snapshot(request.commit));
  const Result<Subject> named = subject_of(world, request);
  if (!named) {
    return std::optional<Outcome>();  // Who computes it tells the error with all there is to say.
  }
  const Subject& subject = *named;
  const std::string hash = lake::run_hash(flow, canonical_request(request, subject), code_version(), snapshot.commit(),
                                          request.options.seed);
  LODE_TRY(const std::optional<lake::Run> run, lake::RunStore(*lake).find(hash));
  const Value* answer = run ? run->outcome.find(kAnswer) : nullptr;
  if (answer == nullptr || !is_there(*answer->find("data"))) {
    return std::optional<Outcome>();
  }
  Outcome out;
  out.data = *answer->find("data");
  out.text = answer->find("text")->as_text();
  out.next = answer->find("next")->as_text();
  for (const Value& warning : answer->find("warnings")->as_array()) {
    out.warnings.push_back(warning.as_text());
  }
  return std::optional<Outcome>(std::move(out));
}

Result<void> keep_answer(const Study& study, const Recorded& recorded, const Outcome& answer) {
  if (recorded.run.alias.empty()) {
    return {};
  }
  Value kept = Value::object();
  kept.set("data", answer.data);
  kept.set("text", Value(answer.text));
  kept.set("next", Value(answer.next));
  Value warnings = Value::array();
  for (const std::string& warning : answer.warnings) {
    warnings.push(Value(warning));
  }
  kept.set("warnings", std::move(warnings));
  lake::Run run = recorded.run;
  run.outcome.set(kAnswer, std::move(kept));
  return lake::RunStore(*study.lake).set_outcome(run);
}

}  // namespace lode::flow
