// Bars of an old commit under another exchange.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/store/relabel_bars.h"

#include <algorithm>
#include <limits>

#include "lode/base/error.h"
#include "lode/flow/steps/ingest/rows.h"
#include "lode/market/quality.h"
#include "lode/market/schema.h"

namespace lode::flow {

namespace {

BarRow bar_row(const Batch& rows, std::size_t row) {
  const auto value = [&](const char* name) {
    const Column& column = rows.column(name);
    return column.is_null(row) ? std::numeric_limits<double>::quiet_NaN() : column.float64s()[row];
  };
  return {Date{rows.column("session").dates()[row]},
          value("open"),
          value("high"),
          value("low"),
          value("close"),
          value("volume")};
}

std::string row_as_text(const Batch& rows, std::size_t row, const std::string& symbol) {
  std::string text = rows.column("session").cell(row) + "," + symbol;
  for (const char* column : {"open", "high", "low", "close", "volume"}) {
    text += "," + rows.column(column).cell(row);
  }
  return text;
}

// A column that only some files have: empty when nothing is in it.
std::vector<double> optional_values(const Batch& rows, std::span<const std::uint32_t> picked, const char* name) {
  const Column& column = rows.column(name);
  std::vector<double> out;
  bool any = false;
  for (const std::uint32_t row : picked) {
    any = any || !column.is_null(row);
    const double value =
        column.type() == ColumnType::kInt64 ? static_cast<double>(column.int64s()[row]) : column.float64s()[row];
    out.push_back(column.is_null(row) ? std::numeric_limits<double>::quiet_NaN() : value);
  }
  return any ? out : std::vector<double>();
}

// The rows of one raw file as the reader of that file would give them, judged by the new calendar.
source::ParsedBars parsed(const RelabelPlan& plan, const QualityLimits& limits, const Batch& rows,
                          std::vector<std::uint32_t> of_file) {
  std::ranges::stable_sort(of_file, {}, [&](std::uint32_t row) { return rows.column("raw_line").int64s()[row]; });
  source::ParsedBars out;
  std::map<std::string, std::uint32_t> seen;
  std::vector<std::uint32_t> good;
  for (const std::uint32_t row : of_file) {
    const std::string& symbol = plan.symbols.at(InstrumentId{rows.column("instrument_id").uint64s()[row]});
    const BarRow bar = bar_row(rows, row);
    const std::int64_t line = rows.column("raw_line").int64s()[row];
    if (const RowFault fault = check_row(bar, plan.calendar, limits); fault.number != 0) {
      source::Rejected rejected{fault.number, line, fault.reason, to_string(bar.session), {}, symbol, bar.session};
      rejected.text = row_as_text(rows, row, symbol);
      out.rejected.push_back(std::move(rejected));
      continue;
    }
    const auto [at, is_new] = seen.emplace(symbol, static_cast<std::uint32_t>(seen.size()));
    if (is_new) {
      out.symbols.push_back(symbol);
    }
    good.push_back(row);
    out.symbol.push_back(at->second);
    out.session.push_back(bar.session.days);
    out.line.push_back(line);
    out.open.push_back(bar.open);
    out.high.push_back(bar.high);
    out.low.push_back(bar.low);
    out.close.push_back(bar.close);
    out.volume.push_back(bar.volume);
  }
  out.amount = optional_values(rows, good, "amount");
  out.vwap = optional_values(rows, good, "vwap");
  out.trades = optional_values(rows, good, "trades");
  out.close_vendor = optional_values(rows, good, "close_vendor");
  out.rows = static_cast<std::int64_t>(of_file.size());
  return out;
}

// One ParsedFile a raw file; paths come from the old commit's note.
std::vector<ParsedFile> parsed_files(const RelabelPlan& plan, const QualityLimits& limits, const lake::CommitInfo& old,
                                     const Batch& rows) {
  const IngestReport before = ingest_from_json(old.note);
  std::map<std::string, std::vector<std::uint32_t>> by_hash;
  for (std::uint32_t row = 0; row < rows.rows(); ++row) {
    by_hash[std::string(rows.column("raw_hash").texts()[row])].push_back(row);
  }
  std::vector<ParsedFile> files;
  for (auto& [hash, of_file] : by_hash) {
    ParsedFile file;
    file.report.sha256 = hash;
    for (const IngestFile& known : before.files) {
      if (known.sha256 == hash) {
        file.report.path = known.path;
        file.report.bytes = known.bytes;
      }
    }
    file.bars.push_back(parsed(plan, limits, rows, std::move(of_file)));
    file.report.rows = file.bars.back().rows;
    files.push_back(std::move(file));
  }
  return files;
}

Batch quarantine_rows(const IngestPlan& ingest_plan, const std::vector<SetAside>& set_aside,
                      const std::vector<ParsedFile>& files) {
  TableRows out("quarantine");
  const auto add = [&](const source::Rejected& row, const IngestFile& file) {
    out.put("table_name", ingest_plan.table->name);
    out.put("mic", ingest_plan.mic);
    out.put("path", file.path);
    out.put("rule", to_string(static_cast<E>(row.number)));
    out.put("reason", row.reason);
    out.put_text("symbol", row.symbol);
    if (row.session) {
      out.put("session", *row.session);
    }
    out.put("text", row.text);
    out.put(Provenance{ingest_plan.received_at, ingest_plan.received_at, false, ingest_plan.source(), file.sha256,
                       row.line});
    out.end_row();
  };
  for (const ParsedFile& file : files) {
    for (const source::ParsedBars& piece : file.bars) {
      for (const source::Rejected& row : piece.rejected) {
        add(row, file.report);
      }
    }
  }
  for (const SetAside& one : set_aside) {
    add(one.row, files[one.file].report);
  }
  return out.take();
}

// By raw file: the lines whose bars were repaired.
std::map<std::string, std::set<std::int64_t>> mended_lines(const Batch& rows) {
  std::map<std::string, std::set<std::int64_t>> out;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if ((rows.column("flags").uint64s()[row] & static_cast<std::uint64_t>(BarFlag::kRepaired)) != 0) {
      out[std::string(rows.column("raw_hash").texts()[row])].insert(rows.column("raw_line").int64s()[row]);
    }
  }
  return out;
}

// When the commit's bytes were received. A bar that was not final then is known from that moment on, and keeps it
// through every relabelling; a commit with final bars alone is not older than they are.
Time received_at(const lake::CommitInfo& old, const Batch& rows) {
  Time out = old.time;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if (rows.column("provisional").bools()[row] != 0) {
      out = std::min(out, Time{rows.column("known_time").times()[row]});
    }
  }
  return out;
}

// The plan of the old import, for the new exchange and the time it was received.
Result<IngestPlan> ingest_plan_of(World& world, const RelabelPlan& plan, const lake::CommitInfo& old,
                                  const lake::Snapshot& then, const Batch& rows) {
  IngestRequest request;
  request.table = note_text(old.note, "table");
  request.mic = plan.mic;
  const Value* synthetic = old.note.find("synthetic");
  request.synthetic = synthetic != nullptr && synthetic->is_bool() && synthetic->as_bool();
  const InstrumentId any{rows.column("instrument_id").uint64s()[0]};
  LODE_TRY(const Batch instrument, then.read("instruments", {.instruments = {any}}));
  if (instrument.rows() > 0) {
    request.kind = instrument.column("kind").cell(0);
    request.adjusted = instrument.column("adjusted_by_source").bools()[0] != 0;
  }
  LODE_TRY(IngestPlan out, plan_ingest(world, request));
  out.is_relabelling = true;
  // A correction stays known from when it was received, and a bar that was read before its close stays provisional: the
  // commit came later than the bytes, and a relabelling later still.
  out.received_at = received_at(old, rows);
  return out;
}

}  // namespace

std::string note_text(const Value& note, std::string_view key) {
  const Value* value = note.find(key);
  return value != nullptr && value->is_text() ? value->as_text() : std::string();
}

bool holds_bars(const lake::CommitInfo& commit) {
  const std::string table = note_text(commit.note, "table");
  return table == "bars" || table == "benchmark";
}

// The rows one commit brought into a table, as it brought them: later compactions and reverts do not matter.
Result<Batch> rows_of(const lake::Lake& lake, const lake::Snapshot& then, std::string_view table) {
  Batch rows = empty_batch(*find_table(table));
  for (const lake::PartInfo& part : then.parts(table)) {
    if (part.commit == then.commit()) {
      LODE_TRY(const Batch stored, lake::read_parquet(lake.folder() + "/" + part.path));
      std::vector<Column> columns;
      for (const Column& column : rows.columns()) {
        columns.push_back(stored.column(column.name()));
      }
      rows.append(Batch(std::move(columns)));
    }
  }
  return rows;
}

Result<void> store_bars_again(World& world, lake::Lake& lake, const RelabelPlan& plan, const lake::CommitInfo& old,
                              lake::Writer& writer, IngestReport& report) {
  LODE_TRY(const lake::Snapshot then, lake.snapshot(old.id));
  LODE_TRY(const Batch rows, rows_of(lake, then, "bars"));
  if (rows.rows() == 0) {
    return {};
  }
  LODE_TRY(IngestPlan ingest_plan, ingest_plan_of(world, plan, old, then, rows));
  ingest_plan.mended = mended_lines(rows);
  report.table = ingest_plan.table->name;
  std::vector<ParsedFile> files = parsed_files(plan, ingest_plan.limits, old, rows);
  std::vector<SetAside> set_aside;
  LODE_CHECK(store_bars(world, ingest_plan, lake, writer, files, set_aside, report));
  const IngestReport before = ingest_from_json(old.note);
  report.may_repair = before.may_repair;
  report.repairs = before.repairs;
  Batch bad = quarantine_rows(ingest_plan, set_aside, files);
  report.set_aside = static_cast<std::int64_t>(bad.rows());
  if (bad.rows() > 0) {
    LODE_CHECK(writer.append("quarantine", std::move(bad), old.time));
  }
  for (ParsedFile& file : files) {
    file.report.set_aside = static_cast<std::int64_t>(file.bars.front().rejected.size());
    file.report.kept = file.report.rows - file.report.set_aside - file.report.dropped;
    report.files.push_back(file.report);
    report.read += file.report.rows;
  }
  return {};
}

}  // namespace lode::flow
