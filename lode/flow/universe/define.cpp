// lode universe define: a dated universe from a formula.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>

#include "lode/base/hash.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/expr/evaluate.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/research/definition.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/stored_factors.h"
#include "lode/market/schema.h"
#include "lode/market/universe.h"

namespace lode {

namespace {

// Rows at whose close membership is decided: the last session of each week, month or quarter, or every session.
std::vector<std::size_t> decision_rows(const Axis& axis, const std::string& rebalance) {
  const auto period = [&](Date date) {
    if (rebalance == "daily") return date.days;
    if (rebalance == "weekly") return (date.days - date.weekday()) / 7;
    return rebalance == "monthly" ? date.year() * 12 + date.month() : date.year() * 4 + (date.month() - 1) / 3;
  };
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row + 1 < axis.rows(); ++row) {  // The last row decides nothing that can be seen yet.
    if (period(axis.sessions[row]) != period(axis.sessions[row + 1])) {
      rows.push_back(row);
    }
  }
  return rows;
}

struct Spell {
  std::size_t column;
  std::size_t from_row;  // First session of membership: the one after the decision
  std::optional<std::size_t> to_row;
};

// Consecutive decisions in favour are one spell.
std::vector<Spell> spells(const Panel& values, const std::vector<std::size_t>& rows) {
  std::vector<Spell> out;
  for (std::size_t column = 0; column < values.columns(); ++column) {
    std::optional<Spell> open;
    for (const std::size_t row : rows) {
      const double value = values.at(row, column);
      const bool member = !math::is_nan(value) && value != 0.0;
      if (member && !open) {
        open = Spell{column, row + 1, {}};
      } else if (!member && open) {
        open->to_row = row;
        out.push_back(*open);
        open.reset();
      }
    }
    if (open) {
      out.push_back(*open);
    }
  }
  return out;
}

void push_stay(Batch& batch, const std::string& name, const flow::StoredStay& stay, Time known) {
  batch.column("name").push(std::string_view(name));
  batch.column("instrument_id").push(stay.instrument);
  batch.column("valid_from").push(stay.from);
  if (stay.to) {
    batch.column("valid_to").push(*stay.to);
  } else {
    batch.column("valid_to").push_null();
  }
  batch.column("event_time").push(stay.event_time);
  batch.column("known_time").push(known);
  batch.column("known_assumed").push(false);
  batch.column("source").push(flow::kDefinedBy);
  batch.column("raw_hash").push(std::string_view(stay.hash));
  batch.column("raw_line").push(static_cast<std::int64_t>(batch.rows()));  // Every column before has this row by now.
}

Batch membership(const std::string& name, const std::string& hash, const Axis& axis, const std::vector<Spell>& list) {
  Batch batch = empty_batch(*find_table("universe"));
  for (const Spell& spell : list) {
    flow::StoredStay stay;
    stay.instrument = axis.instruments[spell.column].value;
    stay.from = axis.sessions[spell.from_row];
    if (spell.to_row) {
      stay.to = axis.sessions[*spell.to_row];
    }
    stay.event_time = axis.times[spell.from_row];
    stay.hash = hash;
    push_stay(batch, name, stay, axis.times[spell.from_row - 1]);  // Decided at the close before.
  }
  return batch;
}

// Voids the stored stays that the definition no longer gives, as after a correction of bars; how many these are.
std::int64_t void_others(Batch& batch, const std::string& name, const std::string& hash,
                         const std::vector<flow::StoredStay>& stored, Time now) {
  std::set<std::pair<std::uint64_t, std::int32_t>> given;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    given.emplace(batch.column("instrument_id").uint64s()[row], batch.column("valid_from").dates()[row]);
  }
  std::int64_t count = 0;
  for (flow::StoredStay stay : stored) {
    if (!stay.is_void() && !given.contains({stay.instrument, stay.from.days})) {
      stay.to = stay.from - 1;
      stay.hash = hash;
      push_stay(batch, name, stay, now);
      ++count;
    }
  }
  return count;
}

Result<void> check_name(const std::string& name) {
  const bool good =
      !name.empty() && name.size() <= 64 && name != "all" && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
               c == ':' || c == '.';
      });
  return good ? Result<void>()
              : fail(E::E4, fmt::format("'{}' is not a name for a universe", name),
                     "letters, digits, _ - . and : ; 'all' is built in");
}

// What must be equal for a definition to go on where it stood. `base`: the stamp of the universe chosen among.
std::string definition_hash(const flow::Subject& subject, const std::string& rebalance,
                            const flow::ResearchRequest& research, const std::string& base) {
  std::string text = subject.formula + "|" + rebalance + "|" + research.universe;
  if (subject.profile != "lode") {
    text += "|" + subject.profile;
  }
  if (research.as_of) {  // Ends there: going on from it, or to it, would void or reopen stays.
    text += "|" + to_string(*research.as_of);
  }
  if (!base.empty()) {  // Put another in its place, and this one chooses among others.
    text += "|" + base;
  }
  return xxh3_hex(text);
}

struct Definition {
  std::string name;
  std::string formula;
  std::string rebalance;
  std::string hash;
};

struct Stored {
  std::int64_t kept = 0;
  std::int64_t voided = 0;  // Stays of before that the definition no longer gives.
  lake::CommitId commit = 0;
};

Result<Stored> store(World& world, const flow::Study& study, const Definition& definition,
                     const std::vector<Spell>& found) {
  LODE_TRY(const lake::Snapshot snapshot, study.lake->snapshot());
  LODE_TRY(const std::vector<flow::StoredStay> before, flow::stored_stays(snapshot, definition.name));
  const Time now = world.clock.now();
  Batch batch = membership(definition.name, definition.hash, *study.panels.axis, found);
  Stored stored;
  stored.voided = void_others(batch, definition.name, definition.hash, before, now);
  LODE_TRY(lake::Writer writer, study.lake->writer());
  LODE_TRY(const lake::AppendOutcome appended, writer.append("universe", std::move(batch), now));
  stored.kept = appended.kept;
  Value note = Value::object();
  note.set("universe", Value(definition.name));
  note.set("formula", Value(definition.formula));
  note.set("rebalance", Value(definition.rebalance));
  LODE_TRY(const lake::CommitInfo commit,
           writer.commit(fmt::format("universe {} {} {}", definition.name, definition.hash, study.panels.commit),
                         std::string(flow::kDefinedBy), std::move(note)));
  stored.commit = commit.id;
  return stored;
}

Result<expr::Program> condition_of(World& world, const flow::ResearchRequest& research, flow::Subject& subject) {
  Result<expr::Program> program = flow::compile_subject(world, research, subject);
  if (!program) {
    return fail(flow::without_lookahead_option(std::move(program).error()));
  }
  return program;
}

Result<Outcome> run(World& world, const Request& request) {
  const std::string name = request.text("name");
  LODE_CHECK(check_name(name));
  flow::ResearchRequest research;
  research.subject = request.text("formula");
  research.universe = request.text("universe", "all");
  research.profile = request.text("profile", "lode");
  LODE_TRY(research.as_of, request.instant("as-of"));
  flow::Subject subject;
  LODE_TRY(const expr::Program program, condition_of(world, research, subject));
  LODE_TRY(const flow::Study study, flow::open_study(world, research, program.fields()));
  expr::Fields fields(study.panels.axis);
  for (const auto& [field, panel] : study.panels.panels) {
    fields.set(field, panel);
  }
  for (const auto& [field, group] : study.panels.groups) {
    fields.set(field, group);
  }
  fields.set_universe(study.panels.universe);
  LODE_TRY(const std::vector<Panel> values, expr::evaluate(program, fields, Precision::kFloat64, world.pool));
  const std::string rebalance = request.text("rebalance", "monthly");
  const std::vector<Spell> found = spells(values.front(), decision_rows(*study.panels.axis, rebalance));
  if (found.empty()) {
    return fail(E::E2101, fmt::format("no instrument is ever in '{}' by this formula", name),
                "a universe needs a condition that is true for some: rank(ts_mean(volume,20)) > 0.5");
  }
  const bool is_condition = program.nodes[program.roots.front()].type == expr::Type::kBool;
  LODE_TRY(const std::string base, flow::universe_stamp(*study.snapshot, research.universe));
  const std::string hash = definition_hash(subject, rebalance, research, base);
  LODE_TRY(const bool replaced, flow::make_room(*study.lake, name, hash, request.flag("replace")));
  LODE_TRY(const Stored stored, store(world, study, {name, subject.formula, rebalance, hash}, found));

  std::set<std::size_t> names;
  std::int64_t members_now = 0;
  for (const Spell& spell : found) {
    names.insert(spell.column);
    members_now += spell.to_row ? 0 : 1;
  }
  Outcome out;
  out.data = Value::object();
  out.data.set("universe", Value(name));
  out.data.set("formula", Value(subject.formula));
  out.data.set("rebalance", Value(rebalance));
  out.data.set("names_ever", Value(static_cast<std::int64_t>(names.size())));
  out.data.set("members_now", Value(members_now));
  out.data.set("spells", Value(static_cast<std::int64_t>(found.size())));
  out.data.set("stored", Value(stored.kept));
  out.data.set("voided", Value(stored.voided));
  out.data.set("replaced", Value(replaced));
  out.data.set("commit", Value(stored.commit));
  out.text = fmt::format("{}  {}  decided {}, in force from the next session\n{} ever, {} now, {}, commit {}\n", name,
                         subject.formula, rebalance, flow::counted(static_cast<std::int64_t>(names.size()), "name"),
                         flow::counted(members_now, "member"),
                         flow::counted(static_cast<std::int64_t>(found.size()), "spell"), stored.commit);
  if (replaced) {
    out.text += "In place of another definition; a stored run still reads the one it was made with.\n";
  }
  if (stored.voided > 0) {
    out.text += fmt::format("{} of before: void, the data no longer give {}.\n", flow::counted(stored.voided, "spell"),
                            stored.voided == 1 ? "it" : "them");
  }
  if (!is_condition) {
    out.warnings.push_back(fmt::format(
        "warning: '{}' is a number, no condition: every value but 0 and missing counts as true; compare it, "
        "such as {} > 0",
        subject.formula, subject.formula));
  }
  out.next = fmt::format("lode factor eval 'rank(-ts_delta(close,5))' --universe {}", name);
  return out;
}

}  // namespace

const Flow& flow_universe_define() {
  using Kind = ParameterKind;
  static const Flow flow{
      {.noun = "universe",
       .verb = "define",
       .summary = "a dated universe from a formula",
       .description =
           "Evaluates a condition over the lake and writes who satisfies it as dated membership. What is decided at "
           "the close of a rebalance session holds from the next session on, so the universe never looks ahead. The "
           "same definition again goes on where it stood; another one under the same name needs --replace.",
       .journey = Journey::kData,
       .parameters =
           {{.name = "NAME", .summary = "of the universe", .positional = true, .required = true},
            {.name = "FORMULA",
             .summary = "a condition: true (not 0) means member",
             .positional = true,
             .required = true},
            {.name = "rebalance",
             .kind = Kind::kChoice,
             .summary = "when membership is decided",
             .fallback = "monthly",
             .choices = {"daily", "weekly", "monthly", "quarterly"}},
            {.name = "universe", .summary = "chosen among these", .fallback = "all", .completes = "universes"},
            {.name = "profile",
             .kind = Kind::kChoice,
             .summary = "what the formula means",
             .config_key = "factor.profile",
             .choices = {"lode", "paper", "street", "qlib", "brain"}},
            {.name = "as-of",
             .kind = Kind::kInstant,
             .summary = "decide by what was known then; a definition of its own (default: now)"},
            {.name = "replace", .kind = Kind::kFlag, .summary = "put another definition in the place of a stored one"}},
       .examples = {{"lode universe define liquid 'rank(ts_mean(close*volume,20)) > 0.5'", "the more traded half"}},
       .schema = "lode.universe.define/1"},
      run};
  return flow;
}

}  // namespace lode
