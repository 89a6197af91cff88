// Reading what the lake knows.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/known.h"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

#include "lode/base/machine.h"
#include "lode/base/text.h"
#include "lode/flow/steps/ingest/spelled.h"

namespace lode::flow {

namespace {

constexpr double kSecondsMost = 3600.0;  // Of grouping all bars: never the limit in practice.
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

bool has_rows(const lake::Snapshot& snapshot, std::string_view table) { return !snapshot.parts(table).empty(); }

double number_at(const Column& column, std::size_t row) {
  return column.is_null(row) ? kMissing : column.float64s()[row];
}

Result<void> read_spellings(const lake::Snapshot& snapshot, KnownInstruments& known) {
  LODE_TRY(const Batch rows, snapshot.read("symbols", {}));
  const Column& to = rows.column("valid_to");
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    SymbolRow spelling;
    spelling.id = InstrumentId{rows.column("instrument_id").uint64s()[row]};
    spelling.naming = rows.column("naming").texts()[row];
    spelling.symbol = rows.column("symbol").texts()[row];
    spelling.valid_from = Date{rows.column("valid_from").dates()[row]};
    if (!to.is_null(row)) {
      spelling.valid_to = Date{to.dates()[row]};
    }
    known.spellings[spelling.symbol].push_back(std::move(spelling));
  }
  return {};
}

// Megabytes for grouping all bars: half of what is free, the import's rows need the rest. Above the upper bound no lake
// asks for more; below the lower one the engine does not start.
std::int64_t grouping_memory() {
  const std::int64_t free = available_memory_bytes();
  return free < 0 ? 4'096 : std::clamp<std::int64_t>(free / 2'000'000, 256, 16'384);
}

Result<void> read_splits(const lake::Snapshot& snapshot, KnownInstruments& known) {
  lake::Query query;
  query.columns = {"instrument_id", "ex_date", "ratio"};
  query.where = "kind = 'split'";
  LODE_TRY(const Batch rows, snapshot.read("actions", query));
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const double ratio = number_at(rows.column("ratio"), row);
    known.splits[InstrumentId{rows.column("instrument_id").uint64s()[row]}].push_back(
        {Date{rows.column("ex_date").dates()[row]}, ratio});
  }
  return {};
}

}  // namespace

std::string KnownInstruments::text(InstrumentId id, std::string_view column) const {
  const auto found = row_of.find(id);
  return found == row_of.end() ? std::string() : instruments.column(column).cell(found->second);
}

std::string KnownInstruments::symbol_of(InstrumentId id) const {
  if (std::string symbol = text(id, "symbol"); !symbol.empty()) {
    return symbol;
  }
  for (const auto& [symbol, held] : spellings) {
    if (std::ranges::any_of(held, [&](const SymbolRow& spelling) { return spelling.id == id; })) {
      return symbol;
    }
  }
  return to_string(id);
}

std::optional<Date> KnownInstruments::delisted_on(InstrumentId id) const {
  const auto found = row_of.find(id);
  if (found == row_of.end() || instruments.column("delisted_on").is_null(found->second)) {
    return std::nullopt;
  }
  return Date{instruments.column("delisted_on").dates()[found->second]};
}

std::vector<const SymbolRow*> spelled(const KnownInstruments& known, std::string_view symbol) {
  std::set<std::string> keys = {std::string(symbol), lower(symbol)};
  if (symbol.find_first_of("-./_ ") != std::string_view::npos) {
    for (const char mark : {'-', '.', '/', '_', ' '}) {
      std::string key(symbol);
      std::ranges::replace_if(
          key, [](char c) { return std::string_view("-./_ ").find(c) != std::string_view::npos; }, mark);
      keys.insert(lower(key));
      keys.insert(std::move(key));
    }
  }
  std::vector<const SymbolRow*> out;
  for (const std::string& key : keys) {
    if (const auto found = known.spellings.find(key); found != known.spellings.end()) {
      for (const SymbolRow& spelling : found->second) {
        out.push_back(&spelling);
      }
    }
  }
  return out;
}

std::string exchange_of(const KnownInstruments& known, const SymbolRow& spelling) {
  return known.has(spelling.id) ? known.text(spelling.id, "mic") : spelling.naming;
}

const SymbolRow* KnownInstruments::holder(std::string_view mic, std::string_view symbol, Date day) const {
  const SymbolRow* best = nullptr;
  const auto rank = [&](const SymbolRow& one) {
    const bool covers = one.valid_from <= day;
    // What is only named so far stands behind every instrument; the exchange's own spelling before a source's.
    return std::tuple(covers && has(one.id), covers, covers ? one.valid_from.days : -one.valid_from.days,
                      one.naming == mic);
  };
  for (const SymbolRow* one : spelled(*this, symbol)) {
    if ((one->naming == mic || exchange_of(*this, *one) == mic) && (best == nullptr || rank(*one) > rank(*best))) {
      best = one;
    }
  }
  return best;
}

std::vector<Stay> KnownInstruments::stays(std::string_view mic, std::string_view symbol) const {
  std::vector<Stay> out;
  const auto found = spellings.find(symbol);
  if (found == spellings.end()) {
    return out;
  }
  for (const SymbolRow& spelling : found->second) {
    if (spelling.naming != mic) {
      continue;
    }
    Stay stay{spelling.id, spelling.valid_from, spelling.valid_from, kMissing, kMissing};
    if (const auto span = spans.find(spelling.id); span != spans.end()) {
      stay.first = std::max(stay.first, span->second.first);
      stay.last = std::max(stay.first, span->second.last);
      stay.first_close = span->second.first_close;
      stay.last_close = span->second.last_close;
    }
    if (spelling.valid_to) {
      stay.last = *spelling.valid_to;
    }
    out.push_back(stay);
  }
  return out;
}

Result<KnownInstruments> read_known(const lake::Snapshot& snapshot) {
  KnownInstruments known;
  if (has_rows(snapshot, "instruments")) {
    LODE_TRY(known.instruments, snapshot.read("instruments", {}));
    const auto ids = known.instruments.column("instrument_id").uint64s();
    for (std::uint32_t row = 0; row < ids.size(); ++row) {
      known.row_of.emplace(InstrumentId{ids[row]}, row);
    }
  }
  if (has_rows(snapshot, "symbols")) {
    LODE_CHECK(read_spellings(snapshot, known));
  }
  if (has_rows(snapshot, "actions")) {
    LODE_CHECK(read_splits(snapshot, known));
  }
  return known;
}

Result<void> read_spans(const lake::Snapshot& snapshot, KnownInstruments& known) {
  if (!has_rows(snapshot, "bars")) {
    return {};
  }
  // The engine groups; it reduces no floats, for a first and a last close are picked as they stand.
  constexpr std::string_view kSpans =
      "WITH b AS (SELECT instrument_id, session, close FROM bars WHERE interval_seconds = 0) "
      "SELECT instrument_id AS id, '' AS mic, min(session) AS first, max(session) AS last, "
      "arg_min(close, session) AS first_close, arg_max(close, session) AS last_close, 0 AS names "
      "FROM b GROUP BY instrument_id "
      "UNION ALL "
      "SELECT NULL, coalesce(i.mic, ''), session, session, NULL, NULL, count(*) "
      "FROM b LEFT JOIN instruments i USING (instrument_id) GROUP BY i.mic, session";
  LODE_TRY(const Batch rows, snapshot.sql(kSpans, kSecondsMost, grouping_memory()));
  const Column& ids = rows.column("id");
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const Date first{rows.column("first").dates()[row]};
    if (ids.is_null(row)) {
      known.markets[std::string(rows.column("mic").texts()[row])].add(first, rows.column("names").int64s()[row]);
      continue;
    }
    known.spans[InstrumentId{ids.uint64s()[row]}] = {first, Date{rows.column("last").dates()[row]},
                                                     number_at(rows.column("first_close"), row),
                                                     number_at(rows.column("last_close"), row)};
  }
  return {};
}

Result<std::unordered_map<InstrumentId, Date>> read_last_sessions(const lake::Snapshot& snapshot) {
  std::unordered_map<InstrumentId, Date> out;
  if (!has_rows(snapshot, "bars")) {
    return out;
  }
  constexpr std::string_view kLast =
      "SELECT instrument_id AS id, max(session) AS last FROM bars WHERE interval_seconds = 0 GROUP BY instrument_id";
  LODE_TRY(const Batch rows, snapshot.sql(kLast, kSecondsMost, grouping_memory()));
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    out.emplace(InstrumentId{rows.column("id").uint64s()[row]}, Date{rows.column("last").dates()[row]});
  }
  return out;
}

Result<BarContext> read_context(const lake::Snapshot& snapshot, const std::unordered_map<InstrumentId, Date>& before) {
  BarContext out;
  if (before.empty() || !has_rows(snapshot, "bars")) {
    return out;
  }
  const auto [earliest, latest] = std::ranges::minmax_element(before, {}, [](const auto& pair) { return pair.second; });
  lake::Query query;
  query.columns = {"instrument_id", "session", "open", "high", "low", "close", "volume"};
  query.from = earliest->second - kContextDays;
  query.to = latest->second - 1;
  query.where = "interval_seconds = 0";
  LODE_TRY(const Batch rows, snapshot.read("bars", query));
  const auto ids = rows.column("instrument_id").uint64s();
  const auto sessions = rows.column("session").dates();
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const InstrumentId id{ids[row]};
    const Date session{sessions[row]};
    const auto limit = before.find(id);
    if (limit == before.end() || session >= limit->second || limit->second - session > kContextDays) {
      continue;
    }
    out[id].push_back({session, number_at(rows.column("open"), row), number_at(rows.column("high"), row),
                       number_at(rows.column("low"), row), number_at(rows.column("close"), row),
                       number_at(rows.column("volume"), row)});
  }
  for (auto& [id, bars] : out) {
    std::ranges::sort(bars, {}, &BarRow::session);
  }
  return out;
}

}  // namespace lode::flow
