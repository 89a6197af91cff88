// Indicators and votes as rows of the lake, under a run.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "lode/base/assert.h"
#include "lode/base/error.h"
#include "lode/base/machine.h"
#include "lode/base/text.h"
#include "lode/flow/steps/answer/phase.h"
#include "lode/flow/steps/indicator/over_lake.h"
#include "lode/flow/steps/indicator/vote_rules.h"
#include "lode/io/lake/runs.h"
#include "lode/io/lake/values/values.h"

namespace lode::flow {
namespace {

std::string_view adjust_word(Adjust adjust) {
  return adjust == Adjust::kAll ? "all" : adjust == Adjust::kSplit ? "split" : "none";
}

lake::Run run_of(const World& world, const LakeWork& work, const LakeWish& wish, lake::CommitId input) {
  lake::Run run;
  run.flow = lake::kIndicatorsFlow;
  run.request = Value::object();
  Value names = Value::array();
  for (const Chosen& one : work.chosen) {
    names.push(Value(one.label));
  }
  if (work.rules) {
    names.push(Value("vote"));
    run.request.set("rules", rules_json(*work.rules));
  }
  run.request.set("indicators", std::move(names));
  run.request.set("universe", Value(wish.universe));
  run.request.set("from", wish.from ? Value(to_string(*wish.from)) : Value());
  run.request.set("to", wish.to ? Value(to_string(*wish.to)) : Value());
  run.request.set("as_of", wish.as_of ? Value(to_string(*wish.as_of)) : Value());
  run.request.set("adjust", Value(adjust_word(wish.adjust)));
  run.code_version = code_version();
  run.input_commit = input;
  run.hash = lake::run_hash(run.flow, run.request, run.code_version, run.input_commit, run.seed);
  run.started = world.clock.now();
  run.status = "done";
  run.host = host_name();
  run.outcome = Value::object();
  return run;
}

std::vector<lake::StoredNumber> numbers_of(const Kept& kept) {
  const auto number = [](std::string path, std::int64_t value, std::string definition) {
    lake::StoredNumber out;
    out.path = std::move(path);
    out.value = static_cast<double>(value);
    out.lower = std::numeric_limits<double>::quiet_NaN();
    out.upper = out.lower;
    out.definition = std::move(definition);
    return out;
  };
  return {number("rows", kept.rows, "sessions of instruments stored"),
          number("instruments", kept.instruments, "instruments with a row")};
}

// Appends the rows of a block to the table; counts them.
Result<void> append(const LakeBars& bars, const LakeWork& work, const LakeBlock& block, const lake::Run& run,
                    const TableSpec& table, lake::Writer& writer, Kept& kept, Time now) {
  const Axis& axis = *bars.set.axis;
  Batch batch = empty_batch(table);
  std::vector<Column*> columns;
  for (const OutputColumn& one : block.columns) {
    columns.push_back(&batch.column(one.name));
  }
  std::vector<Column*> absent;
  for (const ColumnSpec& spec : table.columns) {
    Column* column = &batch.column(spec.name);
    const bool is_own = spec.name == "run" || spec.name == "alias" || spec.name == "session" ||
                        spec.name == "instrument_id" || spec.name == "close" || spec.name == "known_time";
    if (!is_own && std::ranges::find(columns, column) == columns.end()) {
      absent.push_back(column);
    }
  }
  std::vector<bool> seen(block.width, false);
  for (std::size_t row = bars.first_row; row < axis.rows(); ++row) {
    for (std::size_t column = 0; column < block.width; ++column) {
      if (!is_written(bars, block, work.rules.has_value(), row, column)) {
        continue;
      }
      batch.column("run").push(std::string_view(run.hash));
      batch.column("alias").push(std::string_view(run.alias));
      batch.column("session").push(axis.sessions[row]);
      batch.column("instrument_id").push(axis.instruments[block.begin + column].value);
      batch.column("close").push(bars.set.panels.at("close").row64(row)[block.begin + column]);
      batch.column("known_time").push(axis.times[row]);
      for (std::size_t k = 0; k < columns.size(); ++k) {
        push_cell(block.columns[k].values[row * block.width + column], block.columns[k].kind, *columns[k]);
      }
      for (Column* one : absent) {
        one->push_null();
      }
      seen[column] = true;
      kept.first = kept.first ? std::min(*kept.first, axis.sessions[row]) : axis.sessions[row];
      kept.last = kept.last ? std::max(*kept.last, axis.sessions[row]) : axis.sessions[row];
    }
  }
  kept.rows += static_cast<std::int64_t>(batch.rows());
  kept.instruments += std::ranges::count(seen, true);
  LODE_TRY(const lake::AppendOutcome appended, writer.append(table.name, std::move(batch), now));
  (void)appended;
  return {};
}

// True where a commit that stands has stored the rows of this run.
Result<bool> is_kept(const lake::Lake& lake, const std::string& token) {
  LODE_TRY(const std::vector<lake::CommitInfo> commits, lake.commits());
  return std::ranges::any_of(commits,
                             [&](const lake::CommitInfo& commit) { return commit.token == token && !commit.reverted; });
}

}  // namespace

Result<Kept> keep_in_lake(World& world, const LakeBars& bars, const LakeWork& work, const LakeWish& wish) {
  lake::Lake& lake = *bars.lake;
  if (!lake.writable()) {
    return fail(E::E8004, fmt::format("the lake {} is read-only, so nothing can be stored in it", lake.folder()),
                "-o FILE writes the rows to a file instead");
  }
  const TableSpec* table = find_table(work.rules ? "votes" : "processed");
  LODE_ASSERT(table != nullptr);
  LODE_TRY(const lake::CommitId input, lake::input_commit(lake, bars.set.commit));
  lake::RunStore store(lake);
  lake::Run run = run_of(world, work, wish, input);
  const std::string token = "indicator run " + run.hash;
  LODE_TRY(const std::optional<lake::Run> earlier, store.find(run.hash));
  Kept kept;
  LODE_TRY(kept.was_there, is_kept(lake, token));
  // The run first: its rows carry its number. A run whose rows did not come through is completed by the same call.
  run.finished = world.clock.now();
  LODE_TRY(run, earlier ? Result<lake::Run>(*earlier) : store.record(run, {}, {}));
  kept.alias = run.alias;
  LODE_TRY(lake::Writer writer, lake.writer());
  const auto store_block = [&](const LakeBlock& block) -> Result<void> {
    LODE_CHECK(begin_phase(world, "storing indicators"));
    return append(bars, work, block, run, *table, writer, kept, world.clock.now());
  };
  LODE_CHECK(each_block(world, bars, work, store_block));
  if (kept.was_there) {
    return kept;
  }
  Value note = Value::object();
  note.set("run", Value(run.alias));
  note.set("rows", Value(kept.rows));
  LODE_TRY(const lake::CommitInfo commit, writer.commit(token, std::string(lake::kIndicatorsFlow), std::move(note)));
  run.outcome.set("rows", Value(kept.rows));
  run.outcome.set("commit", Value(commit.id));
  run.finished = world.clock.now();
  LODE_TRY(run, store.record(run, numbers_of(kept), {}));
  return kept;
}

Result<std::vector<Chosen>> kept_indicators(std::span<const Chosen> asked) {
  LODE_TRY(const std::vector<Chosen> all, parse_indicators(default_indicators(), indicator::Profile::kLode));
  if (asked.empty()) {
    return all;
  }
  std::vector<Chosen> out;
  for (const Chosen& one : all) {
    const bool is_asked = std::ranges::any_of(asked, [&](const Chosen& other) {
      return other.choice.indicator == one.choice.indicator &&
             (other.is_bare || other.choice.values == one.choice.values);
    });
    if (is_asked) {
      out.push_back(one);
    }
  }
  for (const Chosen& one : asked) {
    const bool is_there = std::ranges::any_of(out, [&](const Chosen& other) {
      return other.choice.indicator == one.choice.indicator &&
             (one.is_bare || other.choice.values == one.choice.values);
    });
    if (!is_there || one.choice.profile != indicator::Profile::kLode) {
      return fail(E::E4,
                  is_there ? fmt::format("the lake keeps indicators of profile lode, --profile is {}",
                                         to_string(one.choice.profile))
                           : fmt::format("the table processed has no column for {}", one.label),
                  "-o FILE writes any indicator of a universe; lode data tables --table processed shows the columns");
    }
  }
  return out;
}

Result<void> check_kept_rules(const indicator::VoteRules& rules) {
  indicator::VoteRules plain = rules;
  const indicator::VoteRules usual;
  plain.weights = usual.weights;
  plain.buy = usual.buy;
  plain.sell = usual.sell;
  plain.strong = usual.strong;
  plain.moderate = usual.moderate;
  plain.rsi_low = usual.rsi_low;
  plain.rsi_high = usual.rsi_high;
  plain.k_low = usual.k_low;
  plain.k_high = usual.k_high;
  plain.has_trend_filter = usual.has_trend_filter;
  if (to_json(rules_json(plain)) != to_json(rules_json(usual))) {
    return fail(E::E7, "the table votes holds means of 5, 20 and 50 and the other default periods; --rules has others",
                "-o FILE writes votes of any periods");
  }
  return {};
}

}  // namespace lode::flow
