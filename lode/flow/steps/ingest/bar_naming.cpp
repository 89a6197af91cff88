// What bars say of who an instrument is and how it is spelt.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>

#include "lode/flow/steps/ingest/bar_batch.h"
#include "lode/flow/steps/ingest/rows.h"

namespace lode::flow {

namespace {

Provenance first_row_of(const Bars& bars, const Range& range) {
  const std::size_t row = range.piece.begin;
  const Time close = session_close(bars.plan.calendar, Date{bars.merged.session[row]});
  return {
      close, close, true, bars.plan.source(), bars.files[bars.merged.file[row]].report.sha256, bars.merged.line[row]};
}

// What bars say of who an instrument is does not depend on which of its bars came first.
Provenance always(Provenance from) {
  from.event_time = start_of_day(kAlways);
  from.known_time = from.event_time;
  from.known_assumed = true;
  return from;
}

std::string_view currency_of(std::string_view mic) {
  return mic == "XNYS" || mic == "XNAS" ? "USD" : mic == "XASX" ? "AUD" : "";
}

class SymbolRowsBuilder {
 public:
  explicit SymbolRowsBuilder(const Bars& bars) : bars_(bars) {}

  Batch run() {
    std::map<std::size_t, std::vector<const Range*>> by_symbol;
    for (const Range& range : bars_.ranges) {
      by_symbol[range.symbol].push_back(&range);
    }
    for (auto& [symbol, ranges] : by_symbol) {
      std::ranges::sort(ranges, {}, [](const Range* range) { return range->piece.begin; });
      add_symbol(bars_.merged.symbols[symbol], ranges);
    }
    return rows_.take();
  }

 private:
  // One instrument under a symbol, as the lake has it or as this import adds it.
  struct Holding {
    InstrumentId id;
    Date key;                // valid_from.
    Date first, last;        // Its first and last bar, as far as known.
    std::optional<Date> to;  // As stored.
    const Range* range = nullptr;
    bool is_stored = false;
  };

  Date session(std::size_t row) const { return Date{bars_.merged.session[row]}; }

  void add_symbol(const std::string& symbol, const std::vector<const Range*>& ranges) {
    std::vector<Holding> found = stored(symbol);
    for (const Range* range : ranges) {
      const Date first = session(range->piece.begin);
      found.push_back({range->piece.id, first, first, session(range->piece.end - 1), {}, range, false});
    }
    const std::vector<Holding> holdings = folded(std::move(found));
    for (std::size_t i = 0; i < holdings.size(); ++i) {
      add_holding(symbol, holdings[i], i + 1 < holdings.size() ? &holdings[i + 1] : nullptr, ranges.front());
    }
  }

  std::vector<Holding> stored(const std::string& symbol) const {
    std::vector<Holding> out;
    const auto known = bars_.known.spellings.find(symbol);
    if (known == bars_.known.spellings.end()) {
      return out;
    }
    for (const SymbolRow& spelling : known->second) {
      if (spelling.naming == bars_.plan.mic) {
        const auto span = bars_.known.spans.find(spelling.id);
        const bool has_bars = span != bars_.known.spans.end();
        const Date from = spelling.valid_from;
        out.push_back({spelling.id, from, has_bars ? std::max(from, span->second.first) : from,
                       has_bars ? std::max(from, span->second.last) : from, spelling.valid_to, nullptr, true});
      }
    }
    return out;
  }

  // By time; new bars of an instrument beside what is stored of it say nothing new and are folded into it. Who holds a
  // symbol first has always held it, so that earlier files, in whatever order they come, change nothing.
  static std::vector<Holding> folded(std::vector<Holding> found) {
    std::ranges::stable_sort(found, {}, [](const Holding& one) { return std::pair(one.first, !one.is_stored); });
    std::vector<Holding> out;
    for (Holding& one : found) {
      const bool same = !out.empty() && out.back().id == one.id;
      if (same && !one.is_stored) {
        out.back().last = std::max(out.back().last, one.last);
      } else if (same && !out.back().is_stored && one.key <= out.back().first) {
        one.first = out.back().first;
        out.back() = one;
      } else {
        out.push_back(one);
      }
    }
    const bool is_held = std::ranges::any_of(out, [](const Holding& one) { return one.key == kAlways; });
    if (!out.front().is_stored && !is_held) {
      out.front().key = kAlways;
    }
    return out;
  }

  void add_holding(const std::string& symbol, const Holding& holding, const Holding* next, const Range* cause) {
    std::optional<Date> to = holding.to;
    if (next != nullptr && (!to || *to >= next->key)) {
      to = next->id == holding.id ? next->key - 1 : std::min(holding.last, next->key - 1);
    }
    if (holding.is_stored && to == holding.to) {
      return;
    }
    rows_.put("instrument_id", holding.id.value);
    rows_.put("naming", bars_.plan.mic);
    rows_.put("symbol", symbol);
    rows_.put("valid_from", holding.key);
    if (to) {
      rows_.put("valid_to", *to);
    }
    const Provenance from = first_row_of(bars_, holding.range != nullptr ? *holding.range : *cause);
    rows_.put(holding.key == kAlways ? always(from) : from);
    rows_.end_row();
  }

  const Bars& bars_;
  TableRows rows_{"symbols"};
};

}  // namespace

Batch instrument_rows(const Bars& bars) {
  TableRows rows("instruments");
  std::optional<InstrumentId> last;
  for (const Range& range : bars.ranges) {
    const InstrumentId id = range.piece.id;
    const bool is_known = bars.known.has(id);
    const bool turns_adjusted = is_known && bars.plan.adjusted && bars.known.text(id, "adjusted_by_source") == "false";
    const bool turns_kind = is_known && bars.plan.has_kind && bars.known.text(id, "kind") != bars.plan.kind;
    if (last == id || (is_known && !turns_adjusted && !turns_kind)) {
      continue;
    }
    last = id;
    if (is_known) {
      Batch row = bars.known.instruments.take(std::vector<std::uint32_t>{bars.known.row_of.find(id)->second});
      for (const Column& column : row.columns()) {
        if (column.name() == "adjusted_by_source" && turns_adjusted) {
          rows.put("adjusted_by_source", true);
        } else if (column.name() == "kind" && turns_kind) {
          rows.put("kind", bars.plan.kind);
        } else {
          rows.put_cell(column, 0);
        }
      }
    } else {
      rows.put("instrument_id", id.value);
      rows.put("mic", bars.plan.mic);
      rows.put("symbol", bars.merged.symbols[range.symbol]);
      rows.put("kind", bars.plan.kind);
      rows.put_text("currency", currency_of(bars.plan.mic));
      rows.put("adjusted_by_source", bars.plan.adjusted);
      rows.put(always(first_row_of(bars, range)));
    }
    rows.end_row();
  }
  return rows.take();
}

Batch symbol_rows(const Bars& bars) { return SymbolRowsBuilder(bars).run(); }

}  // namespace lode::flow
