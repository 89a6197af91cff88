// Labels and holders by day.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/identity/called.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "lode/base/text.h"

namespace lode::flow {

namespace {

constexpr Date kFirstDay{-200'000};
constexpr Date kLastDay{2'000'000};

struct Days {
  Date from, to;
};

// `all` without the days of `holes`.
std::vector<Days> without(const std::vector<Days>& all, const std::vector<Days>& holes) {
  std::vector<Days> out = all;
  for (const Days& hole : holes) {
    std::vector<Days> rest;
    for (const Days& one : out) {
      if (hole.to < one.from || hole.from > one.to) {
        rest.push_back(one);
        continue;
      }
      if (one.from < hole.from) {
        rest.push_back({one.from, hole.from - 1});
      }
      if (hole.to < one.to) {
        rest.push_back({hole.to + 1, one.to});
      }
    }
    out = std::move(rest);
  }
  return out;
}

}  // namespace

RowNames::RowNames(const SymbolMap& map) {
  for (const Spelling& one : map.spellings()) {
    const KnownInstrument* of = map.find(one.instrument);
    spans_[one.instrument].push_back({one.from, one.to, upper(one.symbol), of != nullptr && of->mic == one.naming});
  }
  for (auto& [id, spans] : spans_) {
    std::ranges::stable_sort(spans, {}, &Span::from);
  }
}

std::string_view RowNames::on(InstrumentId id, Date day) const {
  const auto found = spans_.find(id);
  if (found == spans_.end()) {
    return {};
  }
  const Span* best = nullptr;
  // Its own exchange's before another's, a later first day before an earlier one; what covers the day before all.
  const auto rank = [&](const Span& one) {
    const bool covers = one.from <= day && (!one.to || *one.to >= day);
    const bool is_past = one.from <= day;
    return std::tuple(covers, covers && one.is_own, is_past, is_past ? one.from.days : -one.from.days);
  };
  for (const Span& one : found->second) {
    if (best == nullptr || rank(one) > rank(*best)) {
      best = &one;
    }
  }
  return best->symbol;
}

std::string_view RowNames::newest(InstrumentId id) const { return on(id, kLastDay); }

std::vector<InstrumentId> called_within(const SymbolMap& map, std::string_view symbol, const DayRange& days) {
  const std::string plain = plain_symbol(symbol);
  std::vector<InstrumentId> out;
  for (const Spelling& one : map.spellings()) {
    if (plain_symbol(one.symbol) == plain && (!days.to || one.from <= *days.to) &&
        (!days.from || !one.to || *one.to >= *days.from)) {
      out.push_back(one.instrument);
    }
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out.empty() ? map.instruments_ever(symbol) : out;
}

std::vector<ForeignDays> foreign_days(const SymbolMap& map, std::span<const std::string> symbols,
                                      std::span<const InstrumentId> ids, const DayRange& days) {
  std::set<std::string> asked;
  for (const std::string& symbol : symbols) {
    asked.insert(plain_symbol(symbol));
  }
  std::vector<const Spelling*> spells;  // Of the symbols asked for.
  for (const Spelling& one : map.spellings()) {
    if (asked.contains(plain_symbol(one.symbol))) {
      spells.push_back(&one);
    }
  }
  const Date first = days.from.value_or(kFirstDay);
  const Date last = days.to.value_or(kLastDay);
  std::vector<ForeignDays> out;
  for (const InstrumentId id : ids) {
    std::vector<Days> own;
    std::set<std::pair<std::string_view, std::string>> names;  // Naming and symbol it is asked for by.
    for (const Spelling* one : spells) {
      if (one->instrument == id) {
        own.push_back({one->from, one->to.value_or(kLastDay)});
        names.emplace(one->naming, plain_symbol(one->symbol));
      }
    }
    for (const Spelling* one : spells) {
      if (one->instrument == id || !names.contains({one->naming, plain_symbol(one->symbol)})) {
        continue;
      }
      const Days theirs{std::max(one->from, first), std::min(one->to.value_or(kLastDay), last)};
      if (theirs.to < theirs.from) {
        continue;
      }
      for (const Days& gone : without({theirs}, own)) {
        out.push_back({id, gone.from, gone.to, one->instrument});
      }
    }
  }
  std::ranges::sort(out, {}, [](const ForeignDays& one) { return std::tuple(one.id, one.from, one.to); });
  return out;
}

}  // namespace lode::flow
