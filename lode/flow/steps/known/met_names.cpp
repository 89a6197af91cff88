// Names as they were known before.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/known/met_names.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lode/market/schema.h"

namespace lode::flow {
namespace {

std::optional<Date> day_at(const Batch& rows, std::string_view column, std::size_t row) {
  const Column& days = rows.column(column);
  return days.is_null(row) ? std::nullopt : std::optional(Date{days.dates()[row]});
}

InstrumentId id_at(const Batch& rows, std::size_t row) {
  return InstrumentId{rows.column("instrument_id").uint64s()[row]};
}

// What is over before it begins was withdrawn by the source that had told it.
bool is_withdrawn(std::optional<Date> first, std::optional<Date> last) { return first && last && *last < *first; }

// Rows of `fresh` whose cells may come from `held` instead, column by column.
class Mixed {
 public:
  Mixed(const Batch& fresh, const Batch& held) : fresh_(fresh), held_(held) {}

  void take(std::string_view column, std::size_t row, std::uint32_t from) { taken_[std::string(column)][row] = from; }
  Batch rows() const {
    Batch out = fresh_;
    for (const auto& [name, cells] : taken_) {
      Column both = fresh_.column(name);
      both.append(held_.column(name));
      std::vector<std::uint32_t> from(fresh_.rows());
      for (std::size_t row = 0; row < from.size(); ++row) {
        const auto found = cells.find(row);
        from[row] = static_cast<std::uint32_t>(found == cells.end() ? row : fresh_.rows() + found->second);
      }
      out.column(name) = both.take(from);
    }
    return out;
  }

 private:
  const Batch& fresh_;
  const Batch& held_;
  std::map<std::string, std::map<std::size_t, std::uint32_t>> taken_;  // Column -> row -> row of `held`.
};

// Instruments as they count: the lake's, and over them those of answers before.
class MetInstruments {
 public:
  explicit MetInstruments(Batch stored) : held_(empty_batch(*find_table("instruments"))) { keep(stored); }

  // Of one answer.
  void settle(const std::set<InstrumentId>& undated, Batch& rows) {
    Mixed mixed(rows, held_);
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      const auto found = at_.find(id_at(rows, row));
      if (found != at_.end() && undated.contains(found->first) &&
          !is_withdrawn(day_at(held_, "listed_on", found->second), day_at(held_, "delisted_on", found->second))) {
        settle_row(rows, row, found->second, mixed);
      }
    }
    rows = mixed.rows();
    keep(rows);
  }

 private:
  void keep(const Batch& rows) {
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      at_[id_at(rows, row)] = static_cast<std::uint32_t>(held_.rows() + row);
    }
    held_.append(rows);
  }
  void settle_row(const Batch& rows, std::size_t row, std::uint32_t stored, Mixed& mixed) const {
    const auto listed = day_at(held_, "listed_on", stored);
    if (!listed || *listed < *day_at(rows, "listed_on", row)) {
      mixed.take("listed_on", row, stored);
      mixed.take("event_time", row, stored);
    }
    const auto ended = day_at(rows, "delisted_on", row);
    const auto ended_before = day_at(held_, "delisted_on", stored);
    if (ended && ended_before && *ended_before > *ended) {
      mixed.take("delisted_on", row, stored);
    }
    for (const std::string_view assumed : {"kind", "adjusted_by_source"}) {
      if (!held_.column(assumed).is_null(stored)) {
        mixed.take(assumed, row, stored);
      }
    }
    for (const Column& column : rows.columns()) {
      if (column.name() == "event_time") {
        break;  // The ingest columns follow.
      }
      if (column.is_null(row) && !held_.column(column.name()).is_null(stored)) {
        mixed.take(column.name(), row, stored);
      }
    }
  }

  Batch held_;
  std::map<InstrumentId, std::uint32_t> at_;
};

// Spells as they count.
class MetSymbols {
 public:
  explicit MetSymbols(Batch stored) : held_(empty_batch(*find_table("symbols"))) { keep(stored); }

  void settle(const std::set<InstrumentId>& undated, Batch& rows) {
    Mixed mixed(rows, held_);
    Column ends("valid_to", ColumnType::kDate);
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      const auto end =
          undated.contains(id_at(rows, row)) ? settle_row(rows, row, mixed) : day_at(rows, "valid_to", row);
      end ? ends.push(*end) : ends.push_null();
    }
    rows = mixed.rows();
    rows.column("valid_to") = std::move(ends);
    keep(rows);
  }

 private:
  using Spells = std::map<Date, std::uint32_t>;  // First day -> row of held_.

  static std::pair<InstrumentId, std::string> key_of(const Batch& rows, std::size_t row) {
    return {id_at(rows, row), rows.column("naming").cell(row)};
  }
  void keep(const Batch& rows) {
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      const Date first = *day_at(rows, "valid_from", row);
      if (is_withdrawn(first, day_at(rows, "valid_to", row))) {
        spells_[key_of(rows, row)].erase(first);
      } else {
        spells_[key_of(rows, row)][first] = static_cast<std::uint32_t>(held_.rows() + row);
      }
    }
    held_.append(rows);
  }
  // Its last day.
  std::optional<Date> settle_row(const Batch& rows, std::size_t row, Mixed& mixed) const {
    std::optional<Date> end = day_at(rows, "valid_to", row);
    const auto found = spells_.find(key_of(rows, row));
    if (found == spells_.end()) {
      return end;
    }
    const Date first = *day_at(rows, "valid_from", row);
    const auto next = found->second.upper_bound(first);
    if (next != found->second.begin()) {
      const std::uint32_t stored = std::prev(next)->second;
      const std::optional<Date> ended = day_at(held_, "valid_to", stored);
      if ((!ended || *ended >= first) && held_.column("symbol").same(stored, rows.column("symbol"), row)) {
        mixed.take("valid_from", row, stored);
        mixed.take("event_time", row, stored);
        end = !end ? ended : !ended ? end : std::max(end, ended);
      }
    }
    if (next != found->second.end()) {
      end = std::min(end.value_or(next->first - 1), next->first - 1);
    }
    return end;
  }

  Batch held_;
  std::map<std::pair<InstrumentId, std::string>, Spells> spells_;
};

Result<Batch> stored_rows(const lake::Snapshot& snapshot, std::string_view table, const std::set<InstrumentId>& ids) {
  lake::Query query;
  query.instruments = {ids.begin(), ids.end()};
  return snapshot.read(table, query);
}

}  // namespace

Result<void> settle_met(const lake::Snapshot& snapshot, std::span<source::Parsed* const> answers) {
  std::set<InstrumentId> met;
  for (const source::Parsed* answer : answers) {
    met.insert(answer->undated.begin(), answer->undated.end());
  }
  if (met.empty()) {
    return {};
  }
  LODE_TRY(Batch stored, stored_rows(snapshot, "instruments", met));
  LODE_TRY(Batch spelled, stored_rows(snapshot, "symbols", met));
  MetInstruments instruments(std::move(stored));
  MetSymbols symbols(std::move(spelled));
  for (source::Parsed* answer : answers) {
    const std::set<InstrumentId> undated(answer->undated.begin(), answer->undated.end());
    for (source::TableRows& table : answer->tables) {
      if (table.table == "instruments") {
        instruments.settle(undated, table.rows);
      } else if (table.table == "symbols") {
        symbols.settle(undated, table.rows);
      }
    }
  }
  return {};
}

}  // namespace lode::flow
