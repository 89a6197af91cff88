// The main job as steps every research flow shares: lake -> panels -> factor -> tear sheet -> recorded run. A flow file
// reads as a recipe of these.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/world.h"
#include "lode/core/evaluate/honesty/honesty.h"
#include "lode/core/evaluate/honesty/kinship.h"
#include "lode/core/evaluate/numbers.h"
#include "lode/core/evaluate/tear_sheet.h"
#include "lode/core/expr/evaluate.h"
#include "lode/flow/flow.h"
#include "lode/flow/steps/prepare/preparation.h"
#include "lode/flow/steps/research/levels.h"
#include "lode/io/lake/panels.h"
#include "lode/io/lake/runs.h"

namespace lode::flow {

// What is judged: a formula, a factor kept in the lake, or the user's own numbers.
struct Subject {
  std::string name;             // "" for a formula typed by hand; the file name for values
  std::string formula;          // Canonical text once compiled; "" for values
  std::string typed;            // The formula as it was typed, preparation around it; "" for values and names
  std::string prepared;         // Of values: what was done to them, "zscore(values)"; "" = nothing
  std::string values_path;      // Of --values FILE
  std::string values_hash;      // Of its rows of date, symbol and value, whatever their order and the file's format
  std::string known_hash = {};  // Of --known-returns FILE; "" without one
  std::string profile;
  Value recipe = {};                                // Of a combination: method, window and formulas; null else
  std::map<std::string, std::string> schemes = {};  // By level of the groups that are read: sector -> user:sectors
};

// Everything a judgement depends on; becomes the run's canonical request.
struct ResearchRequest {
  std::string subject;  // FORMULA or NAME
  std::string values_path;
  std::string universe = "all";
  std::string profile = "lode";
  bool profile_given = false;   // By --profile itself, so that it rules what a library says; no part of the run's hash
  std::string group;            // "sector", "industry", "subindustry" or ""
  std::string scheme;           // Classification the groups are of, as asked; "" = the one imported last
  std::string benchmark;        // Symbol of an index; "" = the only one of the lake
  std::string known_path = {};  // --known-returns FILE
  std::optional<Date> from, to;
  std::optional<Time> as_of;
  std::string as_of_text;  // As typed; "" = now
  std::optional<lake::CommitId> commit;
  Precision precision = Precision::kFloat64;
  Adjust adjust = Adjust::kAll;
  bool allow_lookahead = false;
  std::vector<expr::NameDefinition> definitions = {};  // --define
  Preparation preparation;
  evaluate::Options options;
  bool is_end_of_vault = false;          // `to` is the vault's, not the user's (end_before_vault)
  bool looks_into_vault = false;         // `to` reaches into an open vault: the look is counted
  bool computes_again = false;           // A stored run made again to compare its bits: tells nothing new, so no look
  bool sensitivity = false;              // Its neighbours are judged too (add_sensitivity)
  bool sensitivity_given = false;        // .. or not, against the custom of the verb: part of the run's hash then
  std::string cost_origin = "built-in";  // Where options.cost_bps came from: Request::origin; no part of the run's hash
};

// Reads the parameters eval and report have in common (research_parameters) into a ResearchRequest.
Result<ResearchRequest> read_research(const Request& request);
// The parameters themselves, for the Specs.
std::vector<Parameter> research_parameters();

// --define, for the Specs of verbs without common_parameters.
Parameter define_parameter();
// The definitions of --define, in their order. E1101, E1102.
Result<std::vector<expr::NameDefinition>> read_definitions(const Request& request);
// As a run keeps them: ["vwap = (high + low + close) / 3"].
Value definitions_json(const std::vector<expr::NameDefinition>& definitions);

// True where --profile itself named the profile: a setting or its default only says what a formula typed by hand means.
bool is_profile_given(const Request& request);

// The names of the profiles, for a parameter's choices: core/expr's table is the only list.
std::vector<std::string_view> profile_choices();

// What every verb that computes a formula over the lake takes: span, what was known and held, what a formula means,
// precision and adjustment.
std::vector<Parameter> common_parameters();

struct SharedLabels;  // judge.cpp

// Daily bars that were read before their session was over, and that no later fetch has replaced.
struct ProvisionalBars {
  std::int64_t bars = 0;
  Date first;
};

// The data of one judgement, loaded once and shared by several factors (demo, compare).
struct Study {
  std::shared_ptr<lake::Lake> lake;
  std::optional<lake::Snapshot> snapshot;
  lake::PanelSet panels;
  std::vector<std::string> symbols;  // As printed, one a column: symbol_names().
  evaluate::Market market;
  std::optional<GroupPanel> group;
  int first_row = 0;                      // First row judged; earlier rows are warm-up only.
  Time started;                           // When it was asked for.
  std::string known_hash;                 // Of the file of known returns that the market has; "" = none
  ProvisionalBars provisional;            // On the sessions read
  std::string benchmark_gap;              // Why a benchmark that is there cannot stand beside the book; "" = it can
  std::vector<lake::CommitInfo> commits;  // What the data came from: not reverted, up to the commit read.
  std::optional<Time> commit_time;        // When the commit read was made.
  std::shared_ptr<SharedLabels> labels;   // Kept from factor to factor where many are judged alike; else null
};

// Names with a bar or a membership on the judged rows, and how many of them were delisted there.
struct StudyNames {
  int all = 0;
  int delisted = 0;
};
StudyNames names_of(const Study& study);

// What a judgement reads: the commit asked for, or the newest that did more than store what runs computed, so that a
// stored result is found again after values and regressions were stored. E8008
Result<lake::Snapshot> judged_snapshot(const lake::Lake& lake, const std::optional<lake::CommitId>& commit);

// Opens the lake for reading (E8001 with what to do), loads every field `programs` read plus what evaluation needs, up
// to `to`; rows before `from` are kept for warm-up.
Result<Study> open_study(World& world, const ResearchRequest& request, const std::vector<std::string>& fields);

// Makes judge() keep the labels of this study: every factor judged after the first is spared making them.
void keep_labels(Study& study);

struct VaultSeen;  // vault.h

struct Judged {
  Subject subject;
  std::vector<expr::Warning> warnings;
  Panel factor;  // On the judged rows only.
  evaluate::TearSheet sheet;
  int lookback = 0;
  int first_used = 0;                      // First row of the study the numbers rest on: its warm-up, if any, included.
  std::vector<std::string> fields;         // That the formula reads; empty for the user's own numbers.
  std::vector<lake::FieldLineage> groups;  // Behind the formula and --group; empty when neither reads groups.
  // "passed", "found, allowed on purpose", "not checked: the numbers are yours", "groups without dates look ahead"
  std::string look_ahead;
  std::shared_ptr<const VaultSeen> vault = {};    // add_vault(); null where the lake has none
  std::optional<evaluate::Kinship> kinship = {};  // With the lake's named factors; as honesty
  std::optional<evaluate::Honesty> honesty = {};  // add_honesty(); nullopt where the headline has no book
};

// Looks `text` up as a stored factor's name, else compiles it as a formula, against the fields this lake has.
Result<expr::Program> compile_subject(World& world, const ResearchRequest& request, Subject& subject);

// An E1107 with a note of what the leak is worth: the rank IC of the formula as it is, and delayed until it knows
// nothing early. The delayed one is recorded as a run and counted as a trial: any formula with a planted leak could be
// looked at otherwise. The error as it came where that cannot be told (no lake, too little data).
Error with_worth_of_leak(World& world, const ResearchRequest& request, Error error);

// Computes and judges one subject. The prefix test recomputes the factor on truncated history and compares bits; a
// difference is E1107, unless the request allows look-ahead.
Result<Judged> judge(World& world, const Study& study, const ResearchRequest& request, const expr::Program& program,
                     Subject subject);
// The same for the user's own numbers: date, symbol, value.
Result<Judged> judge_values(World& world, const Study& study, const ResearchRequest& request, Subject subject);

// A factor that is no one formula: any function of a study that gives the same bits for the same study.
struct FunctionOfStudy {
  Subject subject;
  std::vector<std::string> fields;                               // That it reads
  int lookback = 0;                                              // Rows it needs before the first judged
  std::function<Result<Panel>(const Study& study)> compute;      // Values on all rows of a study, f64
  std::function<Result<LevelsTest>(const Study& study)> levels;  // The levels test, made after `compute`
};
// Computes and judges it. The prefix test computes it on the study cut to its first rows.
Result<Judged> judge_function(World& world, const Study& study, const ResearchRequest& request,
                              const FunctionOfStudy& function);

// Judges the factor of `judged` again, on the same rows, by other options of `request`; nothing is computed anew.
Result<evaluate::TearSheet> judge_again(World& world, const Study& study, const ResearchRequest& request,
                                        const Judged& judged);

// Compiles, loads and judges what `request` asks for, in one go, trials on record allowed for (add_honesty).
struct Judgement {
  Study study;
  Judged judged;
};
Result<Judgement> research(World& world, const ResearchRequest& request);

// The canonical request: every default filled in, keys in one order. Its hash names the run.
Value canonical_request(const ResearchRequest& request, const Subject& subject);

// The request a stored run was made of: canonical_request read back, at the run's own commit. A run of the user's own
// numbers takes the file from its outcome. E9001 when it is not a run of this kind.
Result<ResearchRequest> request_of(const lake::Run& run);

// Records run, numbers and trials; a read-only lake gives a run without alias and the warning "trial not recorded".
struct Recorded {
  lake::Run run;                 // alias empty when not recorded
  std::int64_t trials = 0;       // Distinct trials on this universe, this one included if measured; 0 = not recorded
  std::int64_t lake_trials = 0;  // The same on all universes of the lake
  lake::Trial trial = {};        // As counted
  bool measured = true;          // is_measured(): else nothing was learnt, and no trial counted
  std::vector<std::string> warnings;

  lake::TrialCounts counts() const { return {trials, lake_trials}; }
};
Result<Recorded> record(World& world, const Study& study, const ResearchRequest& request, const Judged& judged,
                        std::string_view flow, std::string_view origin);

// Equal content gives equal numbers, so a run that is stored need not run again: its answer, if the lake has one for
// this request under this flow, this code and its newest commit. Verdict, its sentence and the count of trials are
// today's, and the look is counted. A report counts only while its page is there and tells today's count.
Result<std::optional<Outcome>> stored_answer(World& world, const ResearchRequest& request, std::string_view flow);

// Keeps the answer with the run, for stored_answer. Nothing for a run that was not recorded.
Result<void> keep_answer(const Study& study, const Judged& judged, const Recorded& recorded, const Outcome& answer);

// One more look at the candidate of a stored run: its trials' `times`. Nothing in a lake that is read-only.
Result<void> count_look(lake::Lake& lake, const lake::Run& run, const ResearchRequest& request, const Subject& subject,
                        const evaluate::TearSheet& sheet);

// What makes a trial the same trial: the formula under its profile, or the very numbers; universe, span as asked (as_of
// ends it as `to` does) and whatever else makes the headline t or the spread another number. Horizon, statistic and
// origin are left open.
lake::Trial trial_of(const ResearchRequest& request, const Subject& subject);
// True when any horizon has a rank IC or a spread. A look at nothing teaches nothing: it is no trial.
bool is_measured(const evaluate::TearSheet& sheet);
// trial_of() in a lake: its newest commit by number is what is read without one, and a universe under which other
// members stood before (universe_stamp) is another choice.
Result<lake::Trial> trial_in(lake::Lake& lake, const ResearchRequest& request, const Subject& subject);

// A nested object of the numbers: data.rank_ic.5d.mean = {"value", "n", "lower", "upper", "unit"[, "reason"]}.
Value numbers_json(const std::vector<evaluate::Number>& numbers);

// What the numbers were made from, as a tree of plain values {"name", "detail", "children"}; stored in the run's
// outcome and printed by `lode why`. Files are those that say something of the sessions used, warm-up included; what
// the details say in words stands beside them as members ("commit", "commit_time", "cost_bps", "origin").
Value lineage_json(const Study& study, const Judged& judged, const ResearchRequest& request);

// The branches of a stored lineage that the number `path` rests on: costs where it is after costs and of its horizon,
// the benchmark where it is compared with one, groups where it is by group. A tree of an older run stays as it is.
Value lineage_of(const Value& lineage, std::string_view path);

// "lake commit 37 (2026-11-20 21:04 UTC)"; without the time where it is not known.
std::string commit_text(lake::CommitId commit, const std::optional<Time>& time);

// How many trials stand on record, as two members; null where none is known.
void set_trials(Value& data, lake::TrialCounts trials);

// The machine's answer of eval and report: run, subject, warm-up, verdict, checks and every number.
Value judgement_json(const Judged& judged, const Recorded& recorded);

// One line each: the formula's warnings and what could not be recorded.
std::vector<std::string> warning_lines(const Judged& judged, const Recorded& recorded);

// A word as a shell takes it: quoted where it must be.
std::string shell_quoted(std::string_view text);
// The subject as a person would paste it: a quoted formula, a name, or `--values FILE`.
std::string quoted_subject(const ResearchRequest& request);

// What heads the text of a judgement: the name, or the formula as it was typed, on one line.
std::string subject_line(const Subject& subject);

// How many tries the t must allow for, as a sentence, with the whole lake's where there are more; that none was
// counted, where nothing was measured.
std::string trial_sentence(lake::TrialCounts trials, bool measured = true);

// The table of `lode factor eval` (ux 2.4 e).
std::string eval_text(const Study& study, const Judged& judged, const ResearchRequest& request,
                      const Recorded& recorded);

}  // namespace lode::flow
