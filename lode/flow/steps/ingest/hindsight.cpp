// Judging stored bars once more.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/hindsight.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/market/calendar.h"

namespace lode::flow {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

constexpr std::uint64_t bit(BarFlag flag) { return static_cast<std::uint64_t>(flag); }
// What a known split takes from a bar.
constexpr std::uint64_t kMoved = bit(BarFlag::kMove) | bit(BarFlag::kSpike) | bit(BarFlag::kPriceLocked);

std::string change(double before, double after) { return fmt::format("{} -> {}", shortest(before), shortest(after)); }

const Split* split_between(std::span<const Split> splits, Date after, Date until) {
  const auto found =
      std::ranges::find_if(splits, [&](const Split& split) { return split.ex_date > after && split.ex_date <= until; });
  return found == splits.end() ? nullptr : &*found;
}

std::span<const Split> splits_of(const KnownInstruments& known, InstrumentId id) {
  const auto found = known.splits.find(id);
  return found == known.splits.end() ? std::span<const Split>() : found->second;
}

// The bars of one symbol of an exchange, of whichever instruments hold them.
struct SymbolBars {
  std::vector<std::int32_t> sessions;  // Ascending.
  std::vector<double> closes;
  std::vector<InstrumentId> ids;  // Whose bar it is.
  std::vector<Split> splits;
};

SymbolBars join(const std::vector<const JudgedLife*>& lives, const KnownInstruments& known) {
  std::vector<std::pair<const JudgedLife*, std::size_t>> rows;
  SymbolBars out;
  for (const JudgedLife* life : lives) {
    for (std::size_t row = 0; row < life->sessions.size(); ++row) {
      rows.emplace_back(life, row);
    }
    const std::span<const Split> splits = splits_of(known, life->id);
    out.splits.insert(out.splits.end(), splits.begin(), splits.end());
  }
  std::ranges::stable_sort(rows, {}, [](const auto& row) { return row.first->sessions[row.second]; });
  for (const auto& [life, row] : rows) {
    out.sessions.push_back(life->sessions[row]);
    out.closes.push_back(life->closes[row]);
    out.ids.push_back(life->id);
  }
  return out;
}

// The first row at which one way of cutting a symbol's bars cuts and the other does not; 0: none.
std::size_t first_difference(const SymbolBars& bars, const std::vector<Piece>& pieces) {
  std::set<std::size_t> cuts;
  for (const Piece& piece : pieces) {
    cuts.insert(piece.begin);
  }
  for (std::size_t row = 1; row < bars.ids.size(); ++row) {
    if (cuts.contains(row) != (bars.ids[row] != bars.ids[row - 1])) {
      return row;
    }
  }
  return 0;
}

// How many instruments the pieces and the stored bars are; a remark when they differ.
void compare(const std::string& symbol, const SymbolBars& bars, const std::vector<Piece>& pieces,
             std::vector<LaterRemark>& out) {
  std::set<InstrumentId> now;
  for (const Piece& piece : pieces) {
    now.insert(piece.id);
  }
  const std::set<InstrumentId> stored(bars.ids.begin(), bars.ids.end());
  const std::size_t row = first_difference(bars, pieces);
  if (now.size() == stored.size() || row == 0) {
    return;
  }
  const auto counted = [](std::size_t count) { return count == 1 ? std::string("one") : std::to_string(count); };
  out.push_back({symbol, Date{bars.sessions[row]}, "instruments that depend on the order of imports",
                 fmt::format("away from {}, {}: {} instrument{}, and {} had all files come oldest first",
                             to_string(Date{bars.sessions[row - 1]}), change(bars.closes[row - 1], bars.closes[row]),
                             counted(stored.size()), stored.size() == 1 ? "" : "s", counted(now.size()))});
}

std::map<std::string, Market> markets_of(std::span<const JudgedLife> lives) {
  std::map<std::string, std::map<std::int32_t, std::int64_t>> names;
  for (const JudgedLife& life : lives) {
    std::map<std::int32_t, std::int64_t>& days = names[life.mic];
    for (const std::int32_t day : life.sessions) {
      ++days[day];
    }
  }
  std::map<std::string, Market> out;
  for (const auto& [mic, days] : names) {
    for (const auto& [day, count] : days) {
      out[mic].add(Date{day}, count);
    }
  }
  return out;
}

}  // namespace

std::vector<std::uint64_t> flags_by_now(const JudgedLife& life, const KnownInstruments& known,
                                        const QualityLimits& limits, std::vector<LaterRemark>& out) {
  std::vector<std::uint64_t> flags = life.flags;
  const std::span<const Split> splits = splits_of(known, life.id);
  std::vector<BarRow> rows;
  rows.reserve(flags.size());
  const auto remark = [&](std::size_t row, std::string reason, std::string_view effect) {
    out.push_back({life.symbol, Date{life.sessions[row]}, std::move(reason),
                   change(life.closes[row - 1], life.closes[row]) + std::string(effect)});
  };
  for (std::size_t row = 0; row < flags.size(); ++row) {
    rows.push_back({Date{life.sessions[row]}, kMissing, kMissing, kMissing, life.closes[row], kMissing});
    if (row == 0 || (flags[row] & kMoved) == 0) {
      continue;
    }
    const Split* split = split_between(splits, rows[row - 1].session, rows[row].session);
    const bool is_still = math::abs(life.closes[row] / life.closes[row - 1] - 1.0) <= limits.spike_limit;
    const bool is_told = (flags[row] & bit(BarFlag::kMove)) != 0;
    if (split != nullptr && is_told) {
      remark(row, "flagged move, a split known since", ", split " + shortest(split->ratio));
    } else if (is_still && is_told) {
      remark(row, "flagged move, none by the bars that stand now", "");
    }
    if (split != nullptr || (is_still && is_told)) {
      flags[row] &= ~kMoved;
    }
  }
  for (const UnitRun& run : unit_runs(rows)) {
    for (std::size_t row = run.begin; row < run.end; ++row) {
      if ((flags[row] & bit(BarFlag::kUnitError)) == 0) {
        remark(row, "unit error that later bars show",
               ": import its file and theirs in one command, with --repair to mend it");
        flags[row] |= bit(BarFlag::kUnitError);
      }
    }
  }
  // What was mended is no error any more.
  for (std::uint64_t& found : flags) {
    found &= (found & bit(BarFlag::kRepaired)) != 0 ? ~bit(BarFlag::kUnitError) : ~std::uint64_t{0};
  }
  return flags;
}

Result<void> check_identities(std::span<const JudgedLife> lives, const KnownInstruments& known,
                              const QualityLimits& limits, std::vector<LaterRemark>& out) {
  std::map<InstrumentId, std::set<std::string>> names;
  for (const auto& [symbol, spellings] : known.spellings) {
    for (const SymbolRow& spelling : spellings) {
      names[spelling.id].insert(symbol);
    }
  }
  std::map<std::pair<std::string, std::string>, std::vector<const JudgedLife*>> symbols;
  for (const JudgedLife& life : lives) {
    if (names[life.id].size() <= 1) {
      symbols[{life.mic, life.symbol}].push_back(&life);
    }
  }
  const std::map<std::string, Market> markets = markets_of(lives);
  for (const auto& [key, holders] : symbols) {
    const auto& [mic, symbol] = key;
    LODE_TRY(const Calendar* calendar, find_calendar(mic.empty() ? std::string(kNoMic) : mic));
    const SymbolBars bars = join(holders, known);
    compare(symbol, bars,
            assign_instruments(mic, {symbol, bars.sessions, bars.closes}, {}, bars.splits, calendar, markets.at(mic),
                               limits),
            out);
  }
  return {};
}

}  // namespace lode::flow
