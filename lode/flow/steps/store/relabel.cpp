// Relabelling commits.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/store/relabel.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/text.h"
#include "lode/flow/steps/ingest/known.h"
#include "lode/flow/steps/store/relabel_bars.h"
#include "lode/market/schema.h"

namespace lode::flow {

namespace {

constexpr std::string_view kFlowName = "data relabel";
constexpr std::string_view kMergedBy = "data compact";
constexpr std::string_view kDated[] = {"groups", "universe", "actions"};  // Rows that only name an instrument.
constexpr std::string_view kNaming[] = {"instruments", "symbols"};        // Rows that say what one is.

std::string token_of(const RelabelPlan& plan, const lake::CommitInfo& old) {
  return fmt::format("relabel-{}-{}-{}", plan.mic, old.id, old.token);
}

// Instruments of an exchange with their symbols: those that stand, and those that actions or universes only named.
Result<std::map<InstrumentId, std::string>> symbols_under(const lake::Snapshot& snapshot, const std::string& mic) {
  std::map<InstrumentId, std::string> out;
  for (const auto& [table, exchange] : {std::pair("instruments", "mic"), std::pair("symbols", "naming")}) {
    if (snapshot.parts(table).empty()) {
      continue;
    }
    LODE_TRY(const Batch rows, snapshot.read(table, {.columns = {"instrument_id", exchange, "symbol"}}));
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      if (rows.column(exchange).texts()[row] == mic) {
        out.emplace(InstrumentId{rows.column("instrument_id").uint64s()[row]}, rows.column("symbol").texts()[row]);
      }
    }
  }
  return out;
}

// True when the commit holds a row of an instrument in `symbols`.
Result<bool> concerns(const lake::Lake& lake, const lake::CommitInfo& commit, const RelabelPlan& plan) {
  if (holds_bars(commit)) {
    return note_text(commit.note, "mic") == plan.was;
  }
  LODE_TRY(const lake::Snapshot then, lake.snapshot(commit.id));
  for (const auto& tables : {std::span<const std::string_view>(kDated), std::span<const std::string_view>(kNaming)}) {
    for (const std::string_view table : tables) {
      LODE_TRY(const Batch rows, rows_of(lake, then, table));
      for (const std::uint64_t id : rows.column("instrument_id").uint64s()) {
        if (plan.symbols.contains(InstrumentId{id})) {
          return true;
        }
      }
    }
  }
  return false;
}

// Whose row it is now: the holder of the symbol on that day, else the first one, else a new instrument's id.
InstrumentId now_called(const RelabelPlan& plan, const KnownInstruments& known, InstrumentId old,
                        std::optional<Date> day) {
  const auto found = plan.symbols.find(old);
  if (found == plan.symbols.end()) {
    return old;
  }
  const std::vector<Stay> stays = known.stays(plan.mic, found->second);
  for (const Stay& stay : stays) {
    if (day && *day >= stay.first && *day <= stay.last) {
      return stay.id;
    }
  }
  return stays.empty() ? instrument_id(plan.mic, found->second) : stays.front().id;
}

Column renamed_mic(const RelabelPlan& plan, const Column& column) {
  Column changed(column.name(), ColumnType::kText);
  for (std::size_t row = 0; row < column.size(); ++row) {
    changed.push(column.texts()[row] == plan.was ? std::string_view(plan.mic) : column.texts()[row]);
  }
  return changed;
}

Batch translated(const RelabelPlan& plan, const KnownInstruments& known, const Batch& rows) {
  std::vector<Column> columns;
  const Column& ids = rows.column("instrument_id");
  const Column* from = rows.find("valid_from") != nullptr ? rows.find("valid_from") : rows.find("ex_date");
  for (const Column& column : rows.columns()) {
    if (&column == &ids) {
      Column changed("instrument_id", ColumnType::kUint64);
      for (std::size_t row = 0; row < rows.rows(); ++row) {
        std::optional<Date> day;
        if (from != nullptr && !from->is_null(row)) {
          day = Date{from->dates()[row]};
        }
        changed.push(now_called(plan, known, InstrumentId{ids.uint64s()[row]}, day).value);
      }
      columns.push_back(std::move(changed));
    } else if (column.name() == "mic" || column.name() == "naming") {
      columns.push_back(renamed_mic(plan, column));
    } else {
      columns.push_back(column);
    }
  }
  return Batch(std::move(columns));
}

// Groups, universes and actions of an old commit, and what an import of instruments said; gives how many rows are new.
Result<std::int64_t> store_others_again(const lake::Lake& lake, const RelabelPlan& plan, const lake::CommitInfo& old,
                                        lake::Writer& writer) {
  LODE_TRY(const lake::Snapshot now, lake.snapshot());
  LODE_TRY(KnownInstruments known, read_known(now));
  LODE_CHECK(read_spans(now, known));
  LODE_TRY(const lake::Snapshot then, lake.snapshot(old.id));
  std::int64_t stored = 0;
  const auto store = [&](std::string_view table) -> Result<void> {
    LODE_TRY(const Batch rows, rows_of(lake, then, table));
    if (rows.rows() > 0) {
      LODE_TRY(const lake::AppendOutcome appended, writer.append(table, translated(plan, known, rows), old.time));
      stored += appended.kept;
    }
    return {};
  };
  for (const std::string_view table : kDated) {
    LODE_CHECK(store(table));
  }
  if (!holds_bars(old)) {
    for (const std::string_view table : kNaming) {
      LODE_CHECK(store(table));
    }
  }
  return stored;
}

Value note_of(const RelabelPlan& plan, const lake::CommitInfo& old, IngestReport report) {
  Value note = old.note;
  if (holds_bars(old)) {
    report.mic = plan.mic;
    note = ingest_json(report);
    if (const Value* synthetic = old.note.find("synthetic"); synthetic != nullptr) {
      note.set("synthetic", *synthetic);
    }
  } else if (note.find("mic") != nullptr) {
    note.set("mic", Value(plan.mic));
  }
  Value relabelled = Value::object();
  relabelled.set("was", Value(plan.was));
  relabelled.set("commit", Value(old.id));
  note.set("relabelled", std::move(relabelled));
  return note;
}

Result<void> relabel_one(World& world, lake::Lake& lake, const RelabelPlan& plan, const lake::CommitInfo& old,
                         RelabelReport& out) {
  LODE_TRY(lake::Writer writer, lake.writer());
  IngestReport report;
  if (holds_bars(old)) {
    LODE_CHECK(store_bars_again(world, lake, plan, old, writer, report));
  }
  LODE_TRY(std::int64_t others, store_others_again(lake, plan, old, writer));
  const auto note = [&] { return note_of(plan, old, settled(report, writer)); };
  LODE_TRY(const lake::CommitInfo made, writer.commit_with(token_of(plan, old), std::string(kFlowName), note));
  for (const std::string_view table : kDated) {
    others -= writer.dropped_late(table);
  }
  out.kept += settled(report, writer).kept;
  out.set_aside += report.set_aside;
  out.other_rows += others;
  out.made.push_back(made.id);
  return {};
}

// What equalled a row of a commit that is hidden now was dropped as a copy: it is stored here. So are the rows the old
// imports had set aside.
Result<void> store_rest(lake::Lake& lake, const RelabelPlan& plan, RelabelReport& out) {
  LODE_TRY(lake::Writer writer, lake.writer());
  std::int64_t stored = 0;
  std::string token = "relabel-rest-" + plan.mic;
  for (const auto* list : {&plan.unfinished, &plan.commits}) {
    for (const lake::CommitInfo& old : *list) {
      LODE_TRY(const std::int64_t others, store_others_again(lake, plan, old, writer));
      LODE_TRY(const lake::Snapshot then, lake.snapshot(old.id));
      LODE_TRY(Batch quarantine, rows_of(lake, then, "quarantine"));
      std::int64_t kept = 0;
      if (quarantine.rows() > 0) {
        quarantine.column("mic") = renamed_mic(plan, quarantine.column("mic"));
        LODE_TRY(const lake::AppendOutcome appended, writer.append("quarantine", std::move(quarantine), old.time));
        kept = appended.kept;
      }
      stored += others + kept;
      out.other_rows += others;
      token += fmt::format("-{}", old.id);
    }
  }
  if (stored > 0) {
    Value note = Value::object();
    note.set("mic", Value(plan.mic));
    LODE_TRY(const lake::CommitInfo made, writer.commit(token, std::string(kFlowName), std::move(note)));
    out.made.push_back(made.id);
  }
  return {};
}

Result<void> count_bars(const lake::Lake& lake, RelabelPlan& plan) {
  for (const lake::CommitInfo& commit : plan.commits) {
    if (!holds_bars(commit)) {
      continue;
    }
    LODE_TRY(const lake::Snapshot then, lake.snapshot(commit.id));
    LODE_TRY(const Batch rows, rows_of(lake, then, "bars"));
    plan.bars += static_cast<std::int64_t>(rows.rows());
    for (const std::int32_t days : rows.column("session").dates()) {
      const Date day{days};
      const bool is_covered = day >= plan.calendar->first() && day <= plan.calendar->last();
      plan.off_session += is_covered && !plan.calendar->is_session(day) ? 1 : 0;
      plan.first = std::min(plan.first.value_or(day), day);
      plan.last = std::max(plan.last.value_or(day), day);
    }
  }
  return {};
}

}  // namespace

Result<RelabelPlan> plan_relabel(const lake::Lake& lake, const std::string& was, const std::string& mic) {
  RelabelPlan plan{.was = was, .mic = mic};
  LODE_TRY(plan.calendar, find_calendar(mic));
  if (plan.calendar == nullptr || was == mic) {
    return fail(E::E4, fmt::format("--mic is {}, expected an exchange other than {}", quote(mic), was),
                "one of " + join(calendar_mics(), ", "));
  }
  LODE_TRY(const lake::Snapshot now, lake.snapshot());
  LODE_TRY(plan.symbols, symbols_under(now, was));
  LODE_TRY(const std::vector<lake::CommitInfo> commits, lake.commits());
  std::set<std::string> standing;
  for (const lake::CommitInfo& commit : commits) {
    if (!commit.reverted) {
      standing.insert(commit.token);
    }
  }
  for (const lake::CommitInfo& commit : commits) {
    if (commit.reverted) {
      if (standing.contains(token_of(plan, commit))) {
        LODE_TRY(const lake::Snapshot then, lake.snapshot(commit.id));
        LODE_TRY(auto symbols, symbols_under(then, was));
        plan.symbols.merge(symbols);
        plan.unfinished.push_back(commit);
      }
      continue;
    }
    if (commit.flow == kMergedBy) {
      continue;  // Its rows are those of other commits, and it is hidden with them.
    }
    LODE_TRY(const bool is_concerned, concerns(lake, commit, plan));
    if (is_concerned) {
      plan.commits.push_back(commit);
    }
  }
  LODE_CHECK(count_bars(lake, plan));
  return plan;
}

Result<RelabelReport> relabel(World& world, lake::Lake& lake, const RelabelPlan& plan) {
  RelabelReport out;
  const auto total = static_cast<std::int64_t>(plan.commits.size());
  std::int64_t done = 0;
  for (const lake::CommitInfo& old : plan.commits) {
    LODE_CHECK(relabel_one(world, lake, plan, old, out));
    if (!report_progress(world, "relabelling", ++done, total)) {
      return fail(E::E10, "stopped", "the same command again goes on from here");
    }
  }
  for (const lake::CommitInfo& old : plan.commits) {
    LODE_CHECK(lake.revert(old.id));
    out.hidden.push_back(old.id);
  }
  LODE_CHECK(store_rest(lake, plan, out));
  return out;
}

}  // namespace lode::flow
