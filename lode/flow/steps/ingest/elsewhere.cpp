// Comparing an import with what stands under other exchanges.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/elsewhere.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>

#include "lode/base/text.h"

namespace lode::flow {

namespace {

constexpr std::int64_t kDaysMeant = 20;  // A month of equal closes and volumes is no coincidence.
constexpr std::int64_t kLifeLeast = 3;   // Days of a life short of that, when all of it is shared.

// An instrument of another exchange under a symbol of the import.
struct Namesake {
  std::size_t symbol = 0;  // Of the merged bars.
  std::string mic;
  bool covers = false;          // Its days lie around those of the import, so that the import's life is the shorter.
  bool is_covered = false;      // The other way round.
  std::int64_t ours = 0;        // Days of the import's symbol.
  std::int64_t theirs = 0;      // Days of the namesake within those of the import.
  std::int64_t shared = 0;      // Days that both have.
  std::int64_t equal = 0;       // Of these with the same close and the same volume.
  std::int64_t same_close = 0;  // Of these with the same close and no volume on one side.

  bool is_same() const { return 2 * equal > shared; }
  bool is_same_without_volume() const { return !is_same() && 2 * (equal + same_close) > shared && is_long(); }
  // So many days that they speak for themselves.
  bool is_long() const {
    const bool is_whole = (covers && shared == ours) || (is_covered && shared == theirs);
    return shared >= kDaysMeant || (is_whole && shared >= kLifeLeast);
  }
};
using Namesakes = std::unordered_map<InstrumentId, Namesake>;

struct Found {
  Namesakes overlapping;
  std::map<std::string, std::set<std::size_t>> apart;  // By mic: symbols with other days, one side without an exchange.
};

Found find_namesakes(const Bars& bars) {
  Found out;
  for (std::size_t symbol = 0; symbol < bars.merged.symbols.size(); ++symbol) {
    const auto spellings = bars.known.spellings.find(bars.merged.symbols[symbol]);
    if (bars.merged.begin[symbol] == bars.merged.end[symbol] || spellings == bars.known.spellings.end()) {
      continue;
    }
    const Date first{bars.merged.session[bars.merged.begin[symbol]]};
    const Date last{bars.merged.session[bars.merged.end[symbol] - 1]};
    for (const SymbolRow& spelling : spellings->second) {
      const auto span = bars.known.spans.find(spelling.id);
      if (spelling.naming == bars.plan.mic || span == bars.known.spans.end()) {
        continue;
      }
      if (span->second.first <= last && span->second.last >= first) {
        Namesake one{.symbol = symbol, .mic = spelling.naming};
        one.covers = span->second.first <= first && span->second.last >= last;
        one.is_covered = first <= span->second.first && last >= span->second.last;
        one.ours = static_cast<std::int64_t>(bars.merged.end[symbol] - bars.merged.begin[symbol]);
        out.overlapping.try_emplace(spelling.id, std::move(one));
      } else if (spelling.naming == kNoMic || !bars.plan.has_mic) {
        out.apart[spelling.naming].insert(symbol);
      }
    }
  }
  return out;
}

// Counts the days that an import's symbol and its namesake share.
Result<void> compare(const lake::Snapshot& snapshot, const Bars& bars, Namesakes& namesakes) {
  lake::Query query;
  query.columns = {"instrument_id", "session", "close", "volume"};
  query.where = "interval_seconds = 0";
  for (const auto& [id, one] : namesakes) {
    query.instruments.push_back(id);
  }
  const auto [first, last] = std::ranges::minmax(bars.merged.session);
  query.from = Date{first};
  query.to = Date{last};
  LODE_TRY(const Batch rows, snapshot.read("bars", query));
  const auto ids = rows.column("instrument_id").uint64s();
  const auto sessions = rows.column("session").dates();
  const auto closes = rows.column("close").float64s();
  const Column& volumes = rows.column("volume");
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    Namesake& one = namesakes.find(InstrumentId{ids[row]})->second;
    const auto begin = bars.merged.session.begin() + static_cast<std::ptrdiff_t>(bars.merged.begin[one.symbol]);
    const auto end = bars.merged.session.begin() + static_cast<std::ptrdiff_t>(bars.merged.end[one.symbol]);
    one.theirs += begin != end && sessions[row] >= *begin && sessions[row] <= *(end - 1);
    const auto day = std::lower_bound(begin, end, sessions[row]);
    if (day == end || *day != sessions[row]) {
      continue;
    }
    const auto ours = static_cast<std::size_t>(day - bars.merged.session.begin());
    const double volume = volumes.is_null(row) ? std::numeric_limits<double>::quiet_NaN() : volumes.float64s()[row];
    ++one.shared;
    const double our_volume = bars.merged.number[kVolume][ours];
    if (closes[row] == bars.merged.number[kClose][ours]) {
      one.equal += volume == our_volume;  // A missing volume agrees with nothing.
      one.same_close += std::isnan(volume) || std::isnan(our_volume);
    }
  }
  return {};
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(static_cast<std::int64_t>(count)), noun, count == 1 ? "" : "s");
}

// What the import shares with one other exchange.
struct Shared {
  std::int64_t symbols = 0;  // That have a day on both.
  std::vector<const Namesake*> same, same_close;

  // A few days of one symbol agree by chance; of many symbols they do not.
  std::vector<const Namesake*> certain() const {
    std::int64_t days = 0;
    for (const Namesake* one : same) {
      days += one->equal;
    }
    std::vector<const Namesake*> out;
    std::ranges::copy_if(same, std::back_inserter(out),
                         [&](const Namesake* one) { return one->is_long() || days >= kDaysMeant; });
    return 2 * static_cast<std::int64_t>(out.size()) > symbols ? out : std::vector<const Namesake*>();
  }
};

std::string exchange(const std::string& mic) { return mic == kNoMic ? "no exchange (XXXX)" : mic; }

// Refuses for an exchange under which most of the shared symbols stand.
Failure refuse(const Bars& bars, const std::string& mic, const std::vector<const Namesake*>& same) {
  std::int64_t rows = 0;
  std::size_t first = bars.merged.symbols.size();
  for (const Namesake* one : same) {
    rows += one->equal;
    first = std::min(first, one->symbol);
  }
  std::string hint = fmt::format("lode data relabel --mic {} gives them to {}; then import again for what is new",
                                 bars.plan.mic, bars.plan.mic);
  if (!bars.plan.has_mic) {
    hint = fmt::format("add --mic {}", mic);
  } else if (mic != kNoMic) {
    hint =
        fmt::format("--mic {}, or lode data relabel --was {} --mic {} if that one was wrong", mic, mic, bars.plan.mic);
  }
  return fail(E::E2022,
              fmt::format("{}, first {}, stand{} under {} already with the same days, closes and volumes ({}); as "
                          "instruments of {} they would be doubled",
                          counted(same.size(), "symbol"), bars.merged.symbols[first], same.size() == 1 ? "s" : "",
                          exchange(mic), counted(static_cast<std::size_t>(rows), "row"), bars.plan.mic),
              std::move(hint));
}

// Agreement that refuses nothing, told by its first symbol.
void note_agreement(const Bars& bars, const std::string& mic, std::int64_t shared,
                    const std::vector<const Namesake*>& some, std::string_view what, IngestReport& report) {
  if (some.empty()) {
    return;
  }
  const Namesake& first = **std::ranges::min_element(some, {}, &Namesake::symbol);
  report.notes.push_back(fmt::format(
      "{} of {} that stand{} under {} too agree{} with it in {}, first {} (on {} of {}); stored as instruments of {}, "
      "so see that this is right",
      grouped(static_cast<std::int64_t>(some.size())), counted(static_cast<std::size_t>(shared), "symbol"),
      shared == 1 ? "s" : "", exchange(mic), some.size() == 1 ? "s" : "", what, bars.merged.symbols[first.symbol],
      grouped(first.equal + first.same_close), counted(static_cast<std::size_t>(first.shared), "shared day"),
      bars.plan.mic));
}

}  // namespace

Result<void> check_elsewhere(const lake::Snapshot& snapshot, const Bars& bars, IngestReport& report) {
  Found found = find_namesakes(bars);
  std::map<std::string, Shared> shared;
  if (!found.overlapping.empty()) {
    LODE_CHECK(compare(snapshot, bars, found.overlapping));
  }
  for (const auto& [id, one] : found.overlapping) {
    Shared& with = shared[one.mic];
    with.symbols += one.shared > 0;
    if (one.is_same()) {
      with.same.push_back(&one);
    } else if (one.is_same_without_volume()) {
      with.same_close.push_back(&one);
    }
  }
  for (const auto& [mic, with] : shared) {
    if (const std::vector<const Namesake*> certain = with.certain(); !certain.empty()) {
      return refuse(bars, mic, certain);
    }
  }
  for (const auto& [mic, with] : shared) {
    note_agreement(bars, mic, with.symbols, with.same, "close and volume", report);
    note_agreement(bars, mic, with.symbols, with.same_close, "close, with no volume to compare", report);
  }
  for (const auto& [mic, symbols] : found.apart) {
    const std::string what = counted(symbols.size(), "symbol");
    const std::string verb = symbols.size() == 1 ? "stands" : "stand";
    report.notes.push_back(mic == kNoMic
                               ? fmt::format("{} {} without an exchange too, on other days: lode data relabel --mic {} "
                                             "makes one instrument of each",
                                             what, verb, bars.plan.mic)
                               : fmt::format("{} {} under {} too, on other days: --mic {} would continue {}", what,
                                             verb, mic, mic, symbols.size() == 1 ? "it" : "them"));
  }
  return {};
}

}  // namespace lode::flow
