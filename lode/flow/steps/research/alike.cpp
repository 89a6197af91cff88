// Many factors judged on one study.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/alike.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/counted.h"
#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/phase.h"
#include "lode/flow/steps/research/vault.h"

namespace lode::flow {
namespace {

struct Candidate {
  std::string name;
  Subject subject;
  expr::Program program;
};

Result<ResearchRequest> research_of(World& world, const Request& request, const std::string& name) {
  Value values = request.values();
  values.set("formula", Value(name));
  Request one(std::move(values));
  one.set_origin("cost-bps", request.origin("cost-bps"));
  one.set_origin("profile", request.origin("profile"));
  return ask_research(world, one);
}

Result<std::set<std::string>> fields_of_lake(World& world) {
  LODE_TRY(const auto lake, open_lake(world, Wanted::kRead));
  LODE_TRY(const lake::Snapshot snapshot, lake->snapshot());
  LODE_TRY(const std::vector<std::string> fields, lake::available_fields(snapshot));
  return std::set<std::string>(fields.begin(), fields.end());
}

// Compiles what can be, against the fields that this lake has.
Result<std::vector<Candidate>> candidates_of(World& world, const Request& request,
                                             const std::vector<std::string>& names, LeftOut& left_out) {
  LODE_TRY(const std::set<std::string> available, fields_of_lake(world));
  std::vector<Candidate> candidates;
  for (const std::string& name : names) {
    LODE_TRY(const ResearchRequest wanted, research_of(world, request, name));
    Subject subject;
    Result<expr::Program> program = compile_subject(world, wanted, subject);
    if (!program) {
      left_out.emplace_back(name, program.error().message());
      continue;
    }
    std::vector<std::string> absent;
    for (const std::string& field : program->fields()) {
      if (!available.contains(field)) {
        absent.push_back(field);
      }
    }
    if (absent.empty()) {
      candidates.push_back({name, std::move(subject), std::move(*program)});
    } else {
      left_out.emplace_back(name, "this lake has no " + join_some(absent));
    }
  }
  return candidates;
}

Result<Study> study_of(World& world, const Request& request, const std::vector<Candidate>& candidates) {
  std::set<std::string> fields;
  for (const Candidate& candidate : candidates) {
    const std::vector<std::string> own = candidate.program.fields();
    fields.insert(own.begin(), own.end());
  }
  LODE_TRY(const ResearchRequest shared, research_of(world, request, candidates.front().name));
  return open_study(world, shared, {fields.begin(), fields.end()});
}

}  // namespace

Result<JudgedAlike> judge_alike(World& world, const Request& request, const std::vector<std::string>& names,
                                const OnJudged& on_judged) {
  JudgedAlike out;
  LODE_TRY(const std::vector<Candidate> candidates, candidates_of(world, request, names, out.left_out));
  if (candidates.empty()) {
    return fail(E::E3005,
                fmt::format("none of {} could be judged", counted(static_cast<std::int64_t>(names.size()), "factor")),
                out.left_out.front().first + ": " + out.left_out.front().second);
  }
  LODE_TRY(Study loaded, study_of(world, request, candidates));
  if (candidates.size() > 1) {
    keep_labels(loaded);
  }
  out.study = std::make_shared<const Study>(std::move(loaded));
  const Study& study = *out.study;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const Candidate& candidate = candidates[i];
    if (!report_progress(world, "judging factors", static_cast<std::int64_t>(i),
                         static_cast<std::int64_t>(candidates.size()))) {
      LODE_CHECK(begin_phase(world, "judging factors"));
    }
    LODE_TRY(const ResearchRequest wanted, research_of(world, request, candidate.name));
    const Result<Judged> judged = judge(world, study, wanted, candidate.program, candidate.subject);
    if (!judged) {
      out.left_out.emplace_back(candidate.name, judged.error().message());
      continue;
    }
    LODE_TRY(const Recorded recorded, record(world, study, wanted, *judged, "factor eval", "typed"));
    out.warnings = out.warnings.empty() ? recorded.warnings : out.warnings;
    out.trials = std::max(out.trials, recorded.trials);
    on_judged(candidate.name, *judged, recorded);
  }
  LODE_TRY(const ResearchRequest shared, research_of(world, request, candidates.front().name));
  LODE_TRY(auto seen, vault_seen(*study.lake, shared));
  if (seen && seen->looked) {
    seen->vault.looks.pop_back();  // Those of this call are on record.
  }
  out.vault = seen ? vault_text(*seen) : "";
  out.request = shared;
  return out;
}

std::vector<Parameter> several_factors_parameters() {
  std::vector<Parameter> list;
  for (Parameter parameter : research_parameters()) {
    if (parameter.name == "FORMULA") {
      parameter.summary = "formulas in quotes, or names of stored or library factors";
      parameter.repeated = true;
    }
    if (parameter.name != "values" && parameter.name != "again") {
      list.push_back(parameter);
    }
  }
  return list;
}

Value left_out_json(const LeftOut& left_out) {
  Value list = Value::array();
  for (const auto& [name, why] : left_out) {
    Value one = Value::object();
    one.set("factor", Value(name));
    one.set("reason", Value(why));
    list.push(std::move(one));
  }
  return list;
}

void warn_of(const LeftOut& left_out, Outcome& out) {
  for (const auto& [name, why] : left_out) {
    out.warnings.push_back(fmt::format("{} left out: {}", name, why));
  }
}

}  // namespace lode::flow
