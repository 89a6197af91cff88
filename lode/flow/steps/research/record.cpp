// Recording a judgement: run, numbers, trials; and the numbers as a nested document.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/error.h"
#include "lode/base/machine.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/flow/steps/research/definition.h"
#include "lode/flow/steps/research/honesty.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/schemes.h"
#include "lode/flow/steps/research/vault.h"
#include "lode/flow/steps/sensitivity/sensitivity.h"

namespace lode::flow {

namespace {

Result<std::vector<lake::Trial>> trials_of(lake::Lake& lake, const Subject& subject, const evaluate::TearSheet& sheet,
                                           const ResearchRequest& request, std::string_view origin) {
  std::vector<lake::Trial> trials;
  if (!is_measured(sheet)) {
    return trials;
  }
  LODE_TRY(const lake::Trial one, trial_in(lake, request, subject));
  for (const evaluate::HorizonResult& horizon : sheet.horizons) {
    lake::Trial trial = one;
    trial.horizon = horizon.horizon;
    trial.statistic = horizon.rank_ic.mean.value;
    trial.origin = origin;
    trials.push_back(std::move(trial));
  }
  return trials;
}

std::string_view origin_of(const ResearchRequest& request) { return request.values_path.empty() ? "typed" : "values"; }

std::vector<lake::StoredNumber> stored(const std::vector<evaluate::Number>& numbers) {
  std::vector<lake::StoredNumber> out;
  out.reserve(numbers.size());
  for (const evaluate::Number& number : numbers) {
    out.push_back({number.path, number.value, number.unit, number.n, number.lower, number.upper,
                   std::string(number.definition), number.reason});
  }
  return out;
}

// The settings that make the headline t or the spread another number, where they are not the default: "adjust none,
// min_names 300". Costs are left out: they are printed beside every net number, and a lower one picks no luck.
std::string preparation_of(const ResearchRequest& request, const Subject& subject) {
  const evaluate::Options standard;
  const evaluate::Options& options = request.options;
  std::vector<std::string> settings;
  if (request.adjust != Adjust::kAll) {
    settings.push_back(request.adjust == Adjust::kSplit ? "adjust split" : "adjust none");
  }
  if (!request.benchmark.empty() && subject.formula.find("bench_") != std::string::npos) {
    settings.push_back("benchmark " + request.benchmark);
  }
  for (const auto& [level, scheme] : subject.schemes) {
    if (subject.formula.find(level) != std::string::npos) {
      settings.push_back(fmt::format("{} {}", level, scheme));
    }
  }
  if (request.commit) {
    settings.push_back(fmt::format("commit {}", *request.commit));
  }
  if (options.convention != standard.convention) {
    settings.push_back(fmt::format("convention {}", evaluate::to_string(options.convention)));
  }
  const int headline = options.horizons[static_cast<std::size_t>(evaluate::headline_of(options.horizons))];
  if (headline != evaluate::kHeadlineHorizon) {
    settings.push_back(fmt::format("headline {}", headline));
  }
  if (options.min_names > 0) {
    settings.push_back(fmt::format("min_names {}", std::max(evaluate::kFewestNames, options.min_names)));
  }
  if (!subject.values_hash.empty() && !request.preparation.is_none()) {
    Value prepared = Value::object();
    set_preparation(prepared, request.preparation);
    settings.push_back(to_json(prepared));
  }
  if (options.quantiles != standard.quantiles) {
    settings.push_back(fmt::format("quantiles {}", options.quantiles));
  }
  return join(settings, ", ");
}

// The last session a request may see: what was known by a day ends there too.
std::optional<Date> last_asked(const ResearchRequest& request) {
  const std::optional<Date> to = request.is_end_of_vault ? std::nullopt : request.to;
  if (!request.as_of) {
    return to;
  }
  const Date known = utc_date(*request.as_of);
  return to ? std::min(*to, known) : known;
}

void set_nested(Value& root, std::string_view path, Value leaf) {
  Value* at = &root;
  const std::vector<std::string_view> keys = split(path, '.');
  for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
    if (at->find(keys[i]) == nullptr) {
      at->set(keys[i], Value::object());
    }
    at = const_cast<Value*>(at->find(keys[i]));
  }
  at->set(keys.back(), std::move(leaf));
}

}  // namespace

lake::Trial trial_of(const ResearchRequest& request, const Subject& subject) {
  lake::Trial trial{};
  trial.formula = subject.values_hash.empty() ? fmt::format("{} [{}]", subject.formula, subject.profile)
                                              : "values:" + subject.values_hash;
  trial.universe = request.universe;
  trial.from = request.from;
  trial.to = last_asked(request);
  trial.preparation = preparation_of(request, subject);
  return trial;
}

bool is_measured(const evaluate::TearSheet& sheet) {
  return std::ranges::any_of(sheet.horizons, [](const evaluate::HorizonResult& h) {
    return !math::is_nan(h.rank_ic.mean.value) || !math::is_nan(h.spread.gross_annual.value);
  });
}

Result<lake::Trial> trial_in(lake::Lake& lake, const ResearchRequest& request, const Subject& subject) {
  LODE_TRY(const lake::Snapshot newest, judged_snapshot(lake, {}));
  ResearchRequest open = request;
  if (request.commit && newest.commit() == *request.commit) {
    open.commit.reset();
  }
  lake::Trial trial = trial_of(open, subject);
  LODE_TRY(const lake::Snapshot read, judged_snapshot(lake, request.commit));
  LODE_TRY(const std::string stamp, universe_stamp(read, request.universe));
  if (!stamp.empty()) {
    trial.preparation += fmt::format("{}members {}", trial.preparation.empty() ? "" : ", ", stamp);
  }
  return trial;
}

Value numbers_json(const std::vector<evaluate::Number>& numbers) {
  Value root = Value::object();
  for (const evaluate::Number& number : numbers) {
    Value leaf = Value::object();
    leaf.set("value", Value(number.value));
    if (math::is_nan(number.value)) {
      leaf.set("reason", Value(number.reason.empty() ? std::string("undefined") : number.reason));
    }
    leaf.set("unit", Value(number.unit));
    leaf.set("n", Value(number.n));
    if (!math::is_nan(number.lower)) {
      leaf.set("lower", Value(number.lower));
      leaf.set("upper", Value(number.upper));
    }
    set_nested(root, number.path, std::move(leaf));
  }
  return root;
}

void set_trials(Value& data, lake::TrialCounts trials) {
  data.set("trials", trials.universe == 0 ? Value() : Value(trials.universe));
  data.set("trials_in_lake", trials.lake == 0 ? Value() : Value(trials.lake));
}

Value judgement_json(const Judged& judged, const Recorded& recorded) {
  Value data = Value::object();
  data.set("run", recorded.run.alias.empty() ? Value() : Value(recorded.run.alias));
  data.set("hash", Value(recorded.run.hash));
  data.set("request", recorded.run.request);
  if (!judged.groups.empty()) {
    data.set("groups", groups_json(judged.groups));
  }
  data.set("factor", judged.subject.name.empty() ? Value() : Value(judged.subject.name));
  data.set("sessions", Value(static_cast<std::int64_t>(judged.sheet.sessions.size())));
  data.set("first", Value(to_string(judged.sheet.sessions.front())));
  data.set("last", Value(to_string(judged.sheet.sessions.back())));
  data.set("warm_up_sessions", Value(judged.lookback));
  set_trials(data, recorded.counts());
  data.set("min_names", Value(judged.sheet.options.min_names));
  data.set("dates_left_out", Value(judged.sheet.headline_horizon().dates_left_out));
  data.set("verdict", Value(evaluate::to_string(judged.sheet.verdict)));
  data.set("verdict_sentence", Value(judged.sheet.verdict_sentence));
  data.set("checks", checks_json(judged.sheet.checks));
  data.set("vault", judged.vault ? vault_json(judged.vault->vault) : Value());
  data.set("kinship", judged.kinship ? kinship_json(*judged.kinship) : Value());
  data.set("honesty", judged.honesty ? honesty_json(*judged.honesty) : Value());
  data.set("sensitivity", sensitivity_json(judged.sheet));
  std::vector<evaluate::Number> numbers = evaluate::numbers(judged.sheet);
  add_numbers_of_today(judged.honesty, judged.kinship, judged.sheet.options.sessions_a_year, numbers);
  data.set("numbers", numbers_json(numbers));
  return data;
}

std::vector<std::string> warning_lines(const Judged& judged, const Recorded& recorded) {
  std::vector<std::string> lines;
  for (const expr::Warning& warning : judged.warnings) {
    lines.push_back(fmt::format("warning[{}]: {}", warning.number, warning.message));
  }
  for (const std::string& warning : recorded.warnings) {
    lines.push_back("warning: " + warning);
  }
  return lines;
}

std::string shell_quoted(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./:,+@%=").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) {
    return std::string(text);
  }
  std::string out = "'";
  for (const char c : text) {
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return out + "'";
}

std::string quoted_subject(const ResearchRequest& request) {
  return request.values_path.empty() ? shell_quoted(request.subject)
                                     : fmt::format("--values {}", shell_quoted(request.values_path));
}

Result<Recorded> record(World& world, const Study& study, const ResearchRequest& request, const Judged& judged,
                        std::string_view flow, std::string_view origin) {
  Recorded out;
  out.run.flow = flow;
  out.run.request = canonical_request(request, judged.subject);
  out.run.code_version = code_version();
  out.run.input_commit = study.panels.commit;
  out.run.seed = request.options.seed;
  out.run.hash = lake::run_hash(flow, out.run.request, out.run.code_version, out.run.input_commit, out.run.seed);
  out.run.started = study.started;
  out.run.finished = world.clock.now();
  out.run.status = "done";
  out.run.host = host_name();
  out.run.outcome = Value::object();
  out.run.outcome.set("verdict", Value(judged.sheet.verdict_sentence));
  out.run.outcome.set("lineage", lineage_json(study, judged, request));
  if (!judged.subject.values_path.empty()) {
    out.run.outcome.set("values_path", Value(judged.subject.values_path));
  }
  if (!request.known_path.empty()) {
    out.run.outcome.set("known_path", Value(request.known_path));
  }
  out.measured = is_measured(judged.sheet);
  LODE_TRY(out.trial, trial_in(*study.lake, request, judged.subject));
  out.run.outcome.set("trial", trial_json(out.trial));
  if (request.looks_into_vault) {  // Before anything is told, so that no look is ever lost; E8004 where it cannot be.
    LODE_CHECK(lake::count_vault_look(*study.lake, out.trial.formula));
  }
  if (!study.lake->writable()) {
    out.warnings.push_back("the lake is read-only: trial not recorded");
    return out;
  }
  lake::RunStore store(*study.lake);
  LODE_TRY(const std::vector<lake::Trial> trials,
           trials_of(*study.lake, judged.subject, judged.sheet, request, origin));
  const auto book = trials.empty() ? std::nullopt : book_of(judged.sheet, trials.front());
  LODE_TRY(out.run, store.record(out.run, stored(evaluate::numbers(judged.sheet)), trials, book ? &*book : nullptr));
  LODE_TRY(const lake::TrialCounts counts, store.trial_counts(request.universe));
  out.trials = counts.universe;
  out.lake_trials = counts.lake;
  return out;
}

Result<void> count_look(lake::Lake& lake, const lake::Run& run, const ResearchRequest& request, const Subject& subject,
                        const evaluate::TearSheet& sheet) {
  if (!lake.writable()) {
    return {};
  }
  lake::RunStore store(lake);
  LODE_TRY(const std::vector<lake::StoredNumber> numbers, store.numbers(run.alias));
  LODE_TRY(const std::vector<lake::Trial> trials, trials_of(lake, subject, sheet, request, origin_of(request)));
  LODE_CHECK(store.record(run, numbers, trials));
  return {};
}

}  // namespace lode::flow
