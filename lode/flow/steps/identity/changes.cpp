// Events from dated tables.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/identity/changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "lode/flow/steps/ingest/known.h"

namespace lode::flow {
namespace {

struct Stay {
  InstrumentId id;
  Date from;
  std::optional<Date> to;
};

std::optional<Date> date_at(const Batch& rows, std::string_view column, std::size_t row) {
  const Column& days = rows.column(column);
  return days.is_null(row) ? std::nullopt : std::optional(Date{days.dates()[row]});
}

std::string text_at(const Batch& rows, std::string_view column, std::size_t row) {
  const Column& texts = rows.column(column);
  return texts.is_null(row) ? std::string() : std::string(texts.texts()[row]);
}

class Finder {
 public:
  Finder(const lake::Snapshot& snapshot, const ChangeQuery& query) : snapshot_(snapshot), query_(query) {}

  Result<std::vector<SymbolChange>> run() {
    LODE_TRY(known_, read_known(snapshot_));
    const bool is_any = query_.universe.empty() && query_.list.empty();
    if (is_any || !query_.universe.empty()) {
      LODE_CHECK(of_universes());
    }
    if (is_any || !query_.list.empty()) {
      LODE_CHECK(of_lists());
    }
    if (is_any) {
      of_symbols();
    }
    std::ranges::stable_sort(out_, {}, [](const SymbolChange& one) {
      return std::tuple(one.on, std::string_view(one.where), std::string_view(one.kind), std::string_view(one.symbol));
    });
    return std::move(out_);
  }

 private:
  void add(SymbolChange change) {
    if ((!query_.from || change.on >= *query_.from) && (!query_.to || change.on <= *query_.to)) {
      out_.push_back(std::move(change));
    }
  }

  // What an instrument was called on a day: the spelling of that day, else the symbol it is known by.
  std::string called(InstrumentId id, Date day) const {
    const auto found = spellings_.find(id);
    if (found != spellings_.end()) {
      for (const SymbolRow& one : found->second) {
        if (one.valid_from <= day && (!one.valid_to || *one.valid_to >= day)) {
          return one.symbol;
        }
      }
    }
    return known_.symbol_of(id);
  }

  Result<void> of_universes() {
    for (const auto& [symbol, all] : known_.spellings) {
      for (const SymbolRow& one : all) {
        spellings_[one.id].push_back(one);
      }
    }
    LODE_TRY(const Batch rows, snapshot_.read("universe", {}));
    std::map<std::string, std::vector<Stay>> universes;
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      const Stay stay{InstrumentId{rows.column("instrument_id").uint64s()[row]},
                      Date{rows.column("valid_from").dates()[row]}, date_at(rows, "valid_to", row)};
      const std::string name = text_at(rows, "name", row);
      const bool is_void = stay.to && *stay.to < stay.from;
      if (!is_void && (query_.universe.empty() || query_.universe == name)) {
        universes[name].push_back(stay);
      }
    }
    for (auto& [name, stays] : universes) {
      std::ranges::sort(stays, {}, [](const Stay& stay) { return std::tuple(stay.id, stay.from); });
      of_universe(name, stays);
    }
    return {};
  }

  // Stays that touch are one; where the symbol is another on their two sides, that is a rename.
  void of_universe(const std::string& name, const std::vector<Stay>& stays) {
    const std::string where = "universe " + name;
    const Date begin = std::ranges::min_element(stays, {}, &Stay::from)->from;
    for (std::size_t i = 0; i < stays.size(); ++i) {
      const Stay& stay = stays[i];
      const bool goes_on = i > 0 && stays[i - 1].id == stay.id && stays[i - 1].to && *stays[i - 1].to + 1 >= stay.from;
      if (goes_on) {
        const std::string before = called(stay.id, *stays[i - 1].to);
        const std::string now = called(stay.id, stay.from);
        if (before != now) {
          add({where, stay.from, "renamed", now, before, known_.text(stay.id, "name")});
        }
      } else if (stay.from != begin) {
        add({where, stay.from, "added", called(stay.id, stay.from), "", known_.text(stay.id, "name")});
      }
      const bool is_followed =
          i + 1 < stays.size() && stays[i + 1].id == stay.id && stay.to && *stay.to + 1 >= stays[i + 1].from;
      if (stay.to && !is_followed) {
        add({where, *stay.to + 1, "removed", called(stay.id, *stay.to), "", known_.text(stay.id, "name")});
      }
    }
  }

  Result<void> of_lists() {
    LODE_TRY(const Batch rows, snapshot_.read("listing_events", {}));
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      const std::string list = text_at(rows, "directory", row);
      if (query_.list.empty() || query_.list == list) {
        add({"list " + list, Date{rows.column("event_on").dates()[row]}, text_at(rows, "kind", row),
             text_at(rows, "symbol", row), text_at(rows, "before", row), text_at(rows, "name", row)});
      }
    }
    return {};
  }

  void of_symbols() {
    std::map<std::tuple<InstrumentId, std::string>, std::vector<SymbolRow>> spells;
    for (const auto& [symbol, all] : known_.spellings) {
      for (const SymbolRow& one : all) {
        spells[{one.id, one.naming}].push_back(one);
      }
    }
    for (auto& [key, all] : spells) {
      std::ranges::sort(all, {}, &SymbolRow::valid_from);
      for (std::size_t i = 1; i < all.size(); ++i) {
        if (all[i].symbol != all[i - 1].symbol) {
          add({"symbols " + all[i].naming, all[i].valid_from, "renamed", all[i].symbol, all[i - 1].symbol,
               known_.text(all[i].id, "name")});
        }
      }
    }
  }

  const lake::Snapshot& snapshot_;
  const ChangeQuery& query_;
  KnownInstruments known_;
  std::map<InstrumentId, std::vector<SymbolRow>> spellings_;
  std::vector<SymbolChange> out_;
};

}  // namespace

Result<std::vector<SymbolChange>> symbol_changes(const lake::Snapshot& snapshot, const ChangeQuery& query) {
  return Finder(snapshot, query).run();
}

}  // namespace lode::flow
