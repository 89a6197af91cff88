// Answers kept with their runs: asking the same again costs a look-up. The numbers stay; what the count of trials
// decides is told anew.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include "lode/base/error.h"
#include "lode/core/evaluate/honesty/honesty_numbers.h"
#include "lode/core/evaluate/verdict/verdict.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/known/known_returns.h"
#include "lode/flow/steps/prepare/apply.h"
#include "lode/flow/steps/research/evidence.h"
#include "lode/flow/steps/research/honesty.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/schemes.h"
#include "lode/flow/steps/research/values_file.h"
#include "lode/flow/steps/research/vault.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {

namespace {

constexpr std::string_view kAnswer = "answer";
constexpr std::string_view kEvidence = "evidence";
constexpr std::string_view kSubjectLine = "subject_line";
constexpr std::string_view kHonestyText = "honesty_text";
constexpr std::string_view kVaultText = "vault_text";

// What the request is about, without computing it.
Result<Subject> subject_of(World& world, const ResearchRequest& request) {
  Subject subject;
  if (!request.known_path.empty()) {
    LODE_TRY(const KnownFile known, read_known_file(request.known_path));
    subject.known_hash = known.hash;
  }
  if (request.values_path.empty()) {
    LODE_TRY(const expr::Program program, compile_subject(world, request, subject));
    LODE_CHECK(find_schemes(world, request, program.fields(), subject));
    return subject;
  }
  LODE_TRY(subject.values_hash, hash_of_values(request.values_path));
  subject.name = file_name(request.values_path);
  subject.profile = "values";
  LODE_TRY(const std::vector<std::string> fields, fields_for_values(world, request));
  LODE_TRY(subject.prepared, values_preparation_text(world, request));
  LODE_CHECK(find_schemes(world, request, fields, subject));
  return subject;
}

// The text with one sentence in the place of another.
void put_instead(std::string& text, const std::string& old, const std::string& now) {
  if (const std::size_t at = text.find(old); at != std::string::npos) {
    text.replace(at, old.size(), now);
  }
}

lake::TrialCounts trials_told(const Value& data) {
  const auto count = [&](std::string_view key) {
    const Value* value = data.find(key);
    return value != nullptr && value->is_int() ? value->as_int() : 0;
  };
  return {count("trials"), count("trials_in_lake")};
}

// The answer as today's count of trials has it.
Outcome told_today(const Value& answer, evaluate::TearSheet sheet, lake::TrialCounts trials, const Subject& subject) {
  Outcome out;
  out.data = *answer.find("data");
  out.text = answer.find("text")->as_text();
  out.next = answer.find("next")->as_text();
  for (const Value& warning : answer.find("warnings")->as_array()) {
    out.warnings.push_back(warning.as_text());
  }
  const Value* line = answer.find(kSubjectLine);
  const std::string now = subject_line(subject);  // One formula may be typed in many ways.
  if (line != nullptr && !now.empty() && out.text.starts_with(line->as_text())) {
    out.text.replace(0, line->as_text().size(), now);
  }
  if (!subject.values_hash.empty()) {  // Equal numbers may stand in many files: the answer is about the one named now.
    out.data.set("factor", Value(subject.name));
  }
  sheet.options.trials = trials.universe;
  const evaluate::Verdict verdict = evaluate::verdict_of(sheet);
  const std::string sentence = evaluate::verdict_sentence(sheet, verdict);
  const bool measured = is_measured(sheet);
  put_instead(out.text, trial_sentence(trials_told(out.data), measured), trial_sentence(trials, measured));
  put_instead(out.text, out.data.find("verdict_sentence")->as_text(), sentence);
  set_trials(out.data, trials);
  out.data.set("verdict", Value(evaluate::to_string(verdict)));
  out.data.set("verdict_sentence", Value(sentence));
  return out;
}

std::string told_of_vault(const Value& answer) {
  const Value* text = answer.find(kVaultText);
  return text == nullptr ? std::string() : text->as_text();
}

// The checks of an answer with those about trials as of today.
Value with_checks(const Value& rows, const evaluate::Honesty& honesty) {
  const std::vector<evaluate::Check> today = evaluate::honesty_checks(honesty);
  Value out = Value::array();
  for (const Value& row : rows.as_array()) {
    const std::string& id = row.find("id")->as_text();
    if (std::ranges::none_of(today, [&](const evaluate::Check& check) { return check.id == id; })) {
      out.push(row);
    }
  }
  const Value rows_today = checks_json(today);
  for (const Value& row : rows_today.as_array()) {
    out.push(row);
  }
  return out;
}

void tell_honesty(const Value& answer, const evaluate::Honesty& honesty, Outcome& out) {
  if (const Value* old = answer.find(kHonestyText); old != nullptr) {
    put_instead(out.text, old->as_text(), evaluate::honesty_text(honesty));
  }
  out.data.set("honesty", honesty_json(honesty));
  Value numbers = *out.data.find("numbers");
  numbers.set("honesty", *numbers_json(evaluate::honesty_numbers(honesty)).find("honesty"));
  out.data.set("numbers", std::move(numbers));
  out.data.set("checks", with_checks(*out.data.find("checks"), honesty));
}

bool is_page(const Value& data) { return data.find("report") != nullptr; }

bool is_there(const Value& data) {
  const Value* report = data.find("report");
  std::error_code ignored;
  return report == nullptr || std::filesystem::exists(report->as_text(), ignored);
}

}  // namespace

Result<std::optional<Outcome>> stored_answer(World& world, const ResearchRequest& request, std::string_view flow) {
  LODE_TRY(const auto lake, open_lake(world, Wanted::kWriteOrRead));
  LODE_TRY(const lake::Snapshot snapshot, judged_snapshot(*lake, request.commit));
  const Result<Subject> named = subject_of(world, request);
  if (!named) {
    return std::optional<Outcome>();  // Who computes it tells the error with all there is to say.
  }
  const Subject& subject = *named;
  const std::string hash = lake::run_hash(flow, canonical_request(request, subject), code_version(), snapshot.commit(),
                                          request.options.seed);
  LODE_TRY(const std::optional<lake::Run> run, lake::RunStore(*lake).find(hash));
  const Value* answer = run ? run->outcome.find(kAnswer) : nullptr;
  const Value* evidence = answer == nullptr ? nullptr : answer->find(kEvidence);
  const auto sheet = evidence == nullptr ? std::nullopt : sheet_of_evidence(*evidence);
  if (!sheet || !is_there(*answer->find("data"))) {
    return std::optional<Outcome>();
  }
  LODE_TRY(const auto vault, vault_seen(*lake, request));
  if (request.looks_into_vault || told_of_vault(*answer) != (vault ? vault_text(*vault) : "")) {
    return std::optional<Outcome>();
  }
  const lake::RunStore store(*lake);
  LODE_TRY(const lake::Trial trial, trial_in(*lake, request, subject));
  LODE_TRY(const lake::TrialCounts trials,
           is_measured(*sheet) ? store.trial_counts_with(trial) : store.trial_counts(request.universe));
  const lake::TrialCounts told = trials_told(*answer->find("data"));
  if (is_page(*answer->find("data")) && (trials.universe != told.universe || trials.lake != told.lake)) {
    return std::optional<Outcome>();  // The page tells yesterday's verdict: today's is written.
  }
  LODE_CHECK(count_look(*lake, *run, request, subject, *sheet));
  Outcome out = told_today(*answer, *sheet, trials, subject);
  if (trials.universe != told.universe) {
    LODE_TRY(const auto honesty, stored_honesty(*lake, trial, *sheet));
    if (honesty) {
      tell_honesty(*answer, *honesty, out);
    }
  }
  return std::optional<Outcome>(std::move(out));
}

Result<void> keep_answer(const Study& study, const Judged& judged, const Recorded& recorded, const Outcome& answer) {
  if (recorded.run.alias.empty()) {
    return {};
  }
  Value kept = Value::object();
  kept.set("data", answer.data);
  kept.set("text", Value(answer.text));
  kept.set("next", Value(answer.next));
  kept.set(kSubjectLine, Value(subject_line(judged.subject)));
  if (judged.honesty) {
    kept.set(kHonestyText, Value(evaluate::honesty_text(*judged.honesty)));
  }
  if (judged.vault) {
    kept.set(kVaultText, Value(vault_text(*judged.vault)));
  }
  Value warnings = Value::array();
  for (const std::string& warning : answer.warnings) {
    warnings.push(Value(warning));
  }
  kept.set("warnings", std::move(warnings));
  kept.set(kEvidence, evidence_json(judged.sheet));
  lake::Run run = recorded.run;
  run.outcome.set(kAnswer, std::move(kept));
  return lake::RunStore(*study.lake).set_outcome(run);
}

}  // namespace lode::flow
