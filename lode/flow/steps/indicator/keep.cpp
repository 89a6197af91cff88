// Indicators and votes as rows of the lake, under a run.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/keep.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "lode/base/assert.h"
#include "lode/base/error.h"
#include "lode/base/machine.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/phase.h"
#include "lode/flow/steps/kept/series.h"
#include "lode/io/lake/values/values.h"

namespace lode::flow {
namespace {

constexpr int kRoundsMost = 8;

lake::Run run_of(const World& world, const LakeWork& work, const LakeWish& wish, lake::CommitId input) {
  lake::Run run;
  run.flow = lake::kIndicatorsFlow;
  run.request = kept_request(work, wish);
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

std::string token_of(const lake::Run& run) { return "indicator run " + run.hash; }

// How a run stands among those of its table.
struct Standing {
  bool is_kept = false;     // A commit that is not hidden holds its rows.
  bool is_newest = false;   // No other was asked for since.
  std::int64_t next = 1;    // A place behind all others.
  lake::CommitId last = 0;  // Of the runs that were asked for.
};

Result<Standing> standing_of(const lake::Lake& lake, const lake::Run& run, const TableSpec& table) {
  Standing out;
  LODE_TRY(const std::vector<lake::CommitInfo> commits, lake.commits());
  for (const lake::CommitInfo& commit : commits) {
    out.next = commit.id + 1;
    const Value* hash = commit.note.find("hash");
    const Value* kept = commit.note.find("table");
    if (commit.reverted || commit.flow != lake::kIndicatorsFlow || hash == nullptr || kept == nullptr ||
        kept->as_text() != table.name) {
      continue;
    }
    out.is_kept = out.is_kept || commit.token == token_of(run);
    out.is_newest = hash->as_text() == run.hash;
    out.last = commit.id;
  }
  return out;
}

// A row of indicator_runs: the run was asked for now.
Result<void> append_asked(const lake::Run& run, const LakeWork& work, std::int64_t place, bool is_again,
                          lake::Writer& writer, Time now) {
  const TableSpec* const table = find_table("indicator_runs");
  LODE_ASSERT(table != nullptr);
  Batch batch = empty_batch(*table);
  batch.column("run").push(std::string_view(run.hash));
  batch.column("alias").push(std::string_view(run.alias));
  batch.column("target").push(kept_table(work).name);
  batch.column("place").push(place);
  batch.column("is_again").push(is_again);
  batch.column("choice").push(std::string_view(choice_of(run)));
  batch.column("filled").push(std::string_view(filled_of(work)));
  batch.column("known_time").push(now);
  LODE_TRY(const lake::AppendOutcome appended, writer.append(table->name, std::move(batch), now));
  (void)appended;
  return {};
}

Value note_of(const lake::Run& run, const TableSpec& table, std::int64_t rows) {
  Value note = Value::object();
  note.set("run", Value(run.alias));
  note.set("hash", Value(run.hash));
  note.set("table", Value(table.name));
  note.set("rows", Value(rows));
  return note;
}

Value outcome_of(const Kept& kept, lake::CommitId commit) {
  Value out = Value::object();
  out.set("rows", Value(kept.rows));
  out.set("instruments", Value(kept.instruments));
  out.set("first", kept.first ? Value(to_string(*kept.first)) : Value());
  out.set("last", kept.last ? Value(to_string(*kept.last)) : Value());
  out.set("survivor_biased", Value(kept.survivor_biased));
  out.set("made_anew", Value(kept.made_anew));
  out.set("anew_from", kept.anew_from ? Value(to_string(*kept.anew_from)) : Value());
  out.set("commit", Value(commit));
  return out;
}

// What outcome_of() wrote; nothing where the process ended before it could.
Result<std::optional<Kept>> kept_of(const lake::Run& run) {
  Kept out{.alias = run.alias, .was_there = true};
  const Value* rows = run.outcome.find("rows");
  const Value* instruments = run.outcome.find("instruments");
  const Value* biased = run.outcome.find("survivor_biased");
  if (rows == nullptr || instruments == nullptr || biased == nullptr) {
    return std::optional<Kept>();
  }
  out.rows = rows->as_int();
  out.instruments = instruments->as_int();
  out.survivor_biased = biased->as_bool();
  if (const Value* anew = run.outcome.find("made_anew"); anew != nullptr) {
    out.made_anew = anew->as_int();
  }
  for (auto [key, place] :
       {std::pair("first", &out.first), std::pair("last", &out.last), std::pair("anew_from", &out.anew_from)}) {
    const Value* day = run.outcome.find(key);
    if (day != nullptr && day->is_text()) {
      LODE_TRY(*place, parse_date(day->as_text()));
    }
  }
  return std::optional<Kept>(std::move(out));
}

Result<void> check_writable(const lake::Lake& lake) {
  if (!lake.writable()) {
    return fail(E::E8004, fmt::format("the lake {} is read-only, so nothing can be stored in it", lake.folder()),
                "-o FILE writes the rows to a file instead");
  }
  return {};
}

// Columns of the table that the run itself fills.
bool is_own(std::string_view column) {
  return column == "run" || column == "alias" || column == "session" || column == "instrument_id" ||
         column == "close" || column == "state" || column == "known_time";
}

// Of each cell [session][width] of a block: when the last of its instrument's bars up to that session became known.
Result<std::vector<Time>> known_times(const LakeBars& bars, const LakeBlock& block) {
  const Axis& axis = *bars.set.axis;
  std::vector<InstrumentId> instruments;
  for (const std::size_t place : block.places) {
    instruments.push_back(axis.instruments[place]);
  }
  LODE_TRY(const lake::Snapshot snapshot, bars.lake->snapshot(bars.set.commit));
  lake::Query query;
  query.columns = {"instrument_id", "session", "known_time"};
  query.instruments = instruments;
  query.to = axis.sessions.back();
  query.as_of = bars.as_of;
  query.where = "interval_seconds = 0";
  LODE_TRY(const Batch batch, snapshot.read("bars", query));
  const auto ids = batch.column("instrument_id").uint64s();
  const auto days = batch.column("session").dates();
  const auto known = batch.column("known_time").times();
  std::vector<Time> out(axis.rows() * block.width, Time{std::numeric_limits<std::int64_t>::min()});
  for (std::size_t k = 0; k < batch.rows(); ++k) {
    const auto column = std::ranges::lower_bound(instruments, InstrumentId{ids[k]}) - instruments.begin();
    const auto row = std::ranges::lower_bound(axis.sessions, Date{days[k]}) - axis.sessions.begin();
    if (row < std::ssize(axis.sessions) && axis.sessions[static_cast<std::size_t>(row)] == Date{days[k]}) {
      out[static_cast<std::size_t>(row) * block.width + static_cast<std::size_t>(column)] = Time{known[k]};
    }
  }
  for (std::size_t cell = block.width; cell < out.size(); ++cell) {
    out[cell] = std::max(out[cell], out[cell - block.width]);
  }
  return out;
}

// Counts the rows of a block, which come by session.
void count(const Batch& rows, Kept& kept, std::map<std::uint64_t, Written>& written) {
  kept.rows += static_cast<std::int64_t>(rows.rows());
  const auto ids = rows.column("instrument_id").uint64s();
  const auto days = rows.column("session").dates();
  const auto states = rows.column("state").uint64s();
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const Date day{days[row]};
    Written& one = written.try_emplace(ids[row], Written{day, day}).first->second;
    one.last = day;
    one.state = states[row];
    kept.first = kept.first ? std::min(*kept.first, day) : day;
    kept.last = kept.last ? std::max(*kept.last, day) : day;
  }
  kept.instruments = std::ssize(written);
}

struct Stored {
  Kept kept;
  lake::CommitId commit = 0;
};

// Rows, what they are of, and that they were asked for, in one commit. Nothing where another run was stored since they
// were planned: which series they belong to hangs on it.
Result<std::optional<Stored>> store_rows(World& world, LakeBars& bars, const LakeWork& work, const lake::Run& run) {
  lake::Lake& lake = *bars.lake;
  const TableSpec& table = kept_table(work);
  LODE_TRY(const Standing standing, standing_of(lake, run, table));
  LODE_TRY(const SeriesPlan plan, plan_series(bars, work, table, run));
  bars.again = plan.again;
  Kept kept{.alias = run.alias,
            .survivor_biased = bars.set.survivor_biased,
            .made_anew = plan.widened,
            .anew_from = plan.since};
  LODE_TRY(lake::Writer writer, lake.writer());
  LODE_CHECK(append_asked(run, work, standing.next, false, writer, world.clock.now()));
  std::map<std::uint64_t, Written> written;
  const auto store_block = [&](const LakeWork& of_block, const LakeBlock& block) -> Result<void> {
    LODE_CHECK(begin_phase(world, "storing indicators"));
    LODE_TRY(Batch rows, kept_rows(bars, of_block, block, run));
    count(rows, kept, written);
    LODE_TRY(const lake::AppendOutcome appended, writer.append(table.name, std::move(rows), world.clock.now()));
    (void)appended;
    return {};
  };
  LODE_CHECK(each_planned_block(world, bars, work, plan, store_block));
  const Time now = world.clock.now();
  LODE_TRY(const lake::AppendOutcome of_series,
           writer.append("indicator_series", series_rows(bars, work, plan, run, written, now), now));
  (void)of_series;
  LODE_TRY(const Standing since, standing_of(lake, run, table));
  if (since.last != standing.last) {
    return std::optional<Stored>();
  }
  LODE_TRY(const lake::CommitInfo commit,
           writer.commit(token_of(run), std::string(lake::kIndicatorsFlow), note_of(run, table, kept.rows)));
  return std::optional<Stored>(Stored{std::move(kept), commit.id});
}

}  // namespace

const TableSpec& kept_table(const LakeWork& work) {
  const TableSpec* const table = find_table(work.rules ? "votes" : "processed");
  LODE_ASSERT(table != nullptr);
  return *table;
}

Result<Batch> kept_rows(const LakeBars& bars, const LakeWork& work, const LakeBlock& block, const lake::Run& run) {
  const Axis& axis = *bars.set.axis;
  const TableSpec& table = kept_table(work);
  Batch batch = empty_batch(table);
  std::vector<Column*> columns;
  for (const OutputColumn& one : block.columns) {
    columns.push_back(&batch.column(one.name));
  }
  std::vector<Column*> absent;
  for (const ColumnSpec& spec : table.columns) {
    Column* column = &batch.column(spec.name);
    if (!is_own(spec.name) && std::ranges::find(columns, column) == columns.end()) {
      absent.push_back(column);
    }
  }
  LODE_TRY(const std::vector<Time> known, known_times(bars, block));
  const PriceStates states(bars);
  std::vector<std::uint64_t> state(block.width);
  for (std::size_t row = 0; row < axis.rows(); ++row) {
    const auto closes = bars.set.panels.at("close").row64(row);
    for (std::size_t column = 0; column < block.width; ++column) {
      const std::size_t place = block.places[column];
      if (math::is_nan(closes[place])) {
        continue;
      }
      state[column] = states.after(state[column], row, place);
      if (!is_written(bars, block, work.rules.has_value(), row, column)) {
        continue;
      }
      batch.column("run").push(std::string_view(run.hash));
      batch.column("alias").push(std::string_view(run.alias));
      batch.column("session").push(axis.sessions[row]);
      batch.column("instrument_id").push(axis.instruments[place].value);
      batch.column("close").push(closes[place]);
      batch.column("state").push(state[column]);
      batch.column("known_time").push(known[row * block.width + column]);
      for (std::size_t k = 0; k < columns.size(); ++k) {
        push_cell(block.columns[k].values[row * block.width + column], block.columns[k].kind, *columns[k]);
      }
      for (Column* one : absent) {
        one->push_null();
      }
    }
  }
  return batch;
}

Result<std::optional<Kept>> kept_before(World& world, const LakeWork& work, const LakeWish& wish) {
  LODE_TRY(const std::shared_ptr<lake::Lake> lake, open_lake(world, Wanted::kWriteOrRead));
  LODE_CHECK(check_writable(*lake));
  LODE_TRY(const lake::Snapshot snapshot, lake->snapshot());
  LODE_TRY(const lake::CommitId input, lake::input_commit(*lake, snapshot.commit()));
  const lake::Run run = run_of(world, work, wish, input);
  const TableSpec& table = kept_table(work);
  LODE_TRY(const Standing standing, standing_of(*lake, run, table));
  LODE_TRY(const std::optional<lake::Run> earlier, lake::RunStore(*lake).find(run.hash));
  if (!standing.is_kept || !earlier) {
    return std::optional<Kept>();
  }
  LODE_TRY(const std::optional<Kept> kept, kept_of(*earlier));
  if (!kept || standing.is_newest) {
    return kept;
  }
  LODE_TRY(lake::Writer writer, lake->writer());
  LODE_CHECK(append_asked(*earlier, work, standing.next, true, writer, world.clock.now()));
  LODE_TRY(const lake::CommitInfo commit,
           writer.commit(fmt::format("indicator again {} {}", run.hash, standing.next),
                         std::string(lake::kIndicatorsFlow), note_of(*earlier, table, 0)));
  (void)commit;
  return kept;
}

Result<Kept> keep_in_lake(World& world, LakeBars bars, const LakeWork& work, const LakeWish& wish) {
  lake::Lake& lake = *bars.lake;
  LODE_CHECK(check_writable(lake));
  LODE_TRY(const lake::CommitId input, lake::input_commit(lake, bars.set.commit));
  lake::RunStore store(lake);
  lake::Run run = run_of(world, work, wish, input);
  LODE_TRY(const std::optional<lake::Run> earlier, store.find(run.hash));
  // The run first: its rows carry its number. A run whose rows did not come through is completed by the same call.
  run.finished = world.clock.now();
  LODE_TRY(run, earlier ? Result<lake::Run>(*earlier) : store.record(run, {}, {}));
  for (int round = 0; round < kRoundsMost; ++round) {
    LODE_TRY(const std::optional<Stored> stored, store_rows(world, bars, work, run));
    if (stored) {
      run.outcome = outcome_of(stored->kept, stored->commit);
      run.finished = world.clock.now();
      LODE_TRY(run, store.record(run, numbers_of(stored->kept), {}));
      return stored->kept;
    }
  }
  return fail(E::E8003,
              fmt::format("the lake {} is busy: other indicator runs ended while this one went on, {} times",
                          lake.folder(), kRoundsMost),
              "ask for it again when they are done");
}

}  // namespace lode::flow
