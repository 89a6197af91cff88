// Rows by table, and what is set aside.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/gather.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "lode/base/error.h"
#include "lode/base/hash.h"
#include "lode/base/printable.h"
#include "lode/flow/steps/ingest/rows.h"
#include "lode/market/schema.h"

namespace lode::flow {
namespace {

// A hash of each row's key. Two keys of one hash only mean one part more.
std::vector<std::uint64_t> key_hashes(const TableSpec& table, const Batch& rows) {
  std::vector<std::uint64_t> out(rows.rows(), 0);
  for (const std::string_view name : table.key) {
    const Column& column = rows.column(name);
    for (std::size_t row = 0; row < out.size(); ++row) {
      out[row] = xxh3(column.cell(row), out[row] * 31 + (column.is_null(row) ? 1 : 2));
    }
  }
  return out;
}

std::string cells_of(const Batch& rows, std::size_t row) {
  std::string out;
  for (const Column& column : rows.columns()) {
    if (column.name() == "event_time") {
      break;  // The ingest columns follow.
    }
    out += (out.empty() ? "" : " ") + column.name() + "=" + column.cell(row);
  }
  return source::row_text(out);
}

}  // namespace

TableCount& TableCount::operator+=(const TableCount& other) {
  kept += other.kept;
  corrected += other.corrected;
  dropped += other.dropped;
  set_aside += other.set_aside;
  return *this;
}

Result<void> Gather::add(source::TableRows rows, Time received_at, const std::string& url) {
  const TableSpec* table = find_table(rows.table);
  if (table == nullptr) {
    return fail(E::E9001, fmt::format("a source wrote rows of {}, which is no table", rows.table));
  }
  if (rows.rows.rows() == 0) {
    return {};
  }
  Waiting& waiting = waiting_[std::string(rows.table)];
  const std::vector<std::uint64_t> keys = key_hashes(*table, rows.rows);
  const bool meets = std::ranges::any_of(keys, [&](std::uint64_t key) { return waiting.keys.contains(key); });
  if (meets) {
    LODE_CHECK(flush(std::string(rows.table), waiting));
  }
  waiting.keys.insert(keys.begin(), keys.end());
  waiting.received_at = std::max(waiting.received_at, received_at);
  waiting.url = url;
  if (waiting.rows.columns().empty()) {
    waiting.rows = std::move(rows.rows);
  } else {
    waiting.rows.append(rows.rows);
  }
  return {};
}

Result<void> Gather::flush(const std::string& table, Waiting& waiting) {
  if (waiting.rows.rows() == 0) {
    return {};
  }
  const Batch rows = waiting.rows;
  LODE_TRY(const lake::AppendOutcome outcome, writer_.append(table, std::move(waiting.rows), waiting.received_at));
  const auto conflicts = static_cast<std::int64_t>(outcome.conflicts.size());
  counts_[table] += {outcome.kept, outcome.corrected, outcome.dropped, conflicts};
  for (const std::uint32_t row : outcome.conflicts) {
    AsideRow one{.table = table,
                 .mic = "XXXX",
                 .url = waiting.url,
                 .raw_hash = rows.column("raw_hash").cell(row),
                 .source = rows.column("source").cell(row),
                 .received_at = waiting.received_at,
                 .row = {}};
    one.row.number = static_cast<std::uint16_t>(E::E2012);
    const Column& line = rows.column("raw_line");
    one.row.line = line.is_null(row) ? 0 : line.int64s()[row];
    one.row.reason = "another row of the same answer has the same key and other values";
    one.row.text = cells_of(rows, row);
    aside_.push_back(std::move(one));
  }
  waiting = {};
  return {};
}

// Several reasons at one place of one answer are one row: its key says where it stood, not what it lacked.
Result<void> Gather::write_aside() {
  using Place = std::tuple<std::string, std::int64_t, std::uint16_t, std::string, std::string>;
  std::map<Place, AsideRow> places;
  Time received_at{};
  for (const AsideRow& one : aside_) {
    received_at = std::max(received_at, one.received_at);
    const auto [at, is_new] = places.try_emplace({one.raw_hash, one.row.line, one.row.number, one.table, one.mic}, one);
    if (!is_new && at->second.row.reason.size() < source::kRejectedBytes) {
      at->second.row.reason += "; " + one.row.reason;
    }
  }
  TableRows rows("quarantine");
  for (const auto& [place, one] : places) {
    rows.put("table_name", one.table);
    rows.put("mic", one.mic);
    rows.put("path", one.url);
    rows.put("rule", to_string(static_cast<E>(one.row.number)));
    rows.put("reason", printable(one.row.reason));
    rows.put_text("symbol", printable(one.row.symbol));
    if (one.row.session) {
      rows.put("session", *one.row.session);
    }
    rows.put("text", printable(one.row.text));
    rows.put(Provenance{one.received_at, one.received_at, false, one.source, one.raw_hash, one.row.line});
    rows.end_row();
  }
  if (rows.rows() > 0) {
    LODE_CHECK(writer_.append("quarantine", rows.take(), received_at));
  }
  return {};
}

Result<void> Gather::finish() {
  for (auto& [table, waiting] : waiting_) {
    LODE_CHECK(flush(table, waiting));
  }
  return write_aside();
}

}  // namespace lode::flow
