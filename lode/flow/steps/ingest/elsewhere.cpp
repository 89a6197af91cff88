// Comparing an import with what stands under other exchanges.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/elsewhere.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "lode/base/text.h"

namespace lode::flow {

namespace {

// An instrument of another exchange under a symbol of the import.
struct Namesake {
  std::size_t symbol = 0;  // Of the merged bars.
  std::string mic;
  std::int64_t shared = 0;  // Days that both have.
  std::int64_t equal = 0;   // Of these with the same close and volume.

  bool is_same() const { return 2 * equal > shared; }
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
    for (const Spelling& spelling : spellings->second) {
      const auto span = bars.known.spans.find(spelling.id);
      if (spelling.naming == bars.plan.mic || span == bars.known.spans.end()) {
        continue;
      }
      if (span->second.first <= last && span->second.last >= first) {
        out.overlapping.try_emplace(spelling.id, Namesake{symbol, spelling.naming});
      } else if (spelling.naming == kNoMic || !bars.plan.has_mic) {
        out.apart[spelling.naming].insert(symbol);
      }
    }
  }
  return out;
}

bool equal(double a, double b) { return a == b || (a != a && b != b); }

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
    const auto day = std::lower_bound(begin, end, sessions[row]);
    if (day == end || *day != sessions[row]) {
      continue;
    }
    const auto ours = static_cast<std::size_t>(day - bars.merged.session.begin());
    const double volume = volumes.is_null(row) ? std::numeric_limits<double>::quiet_NaN() : volumes.float64s()[row];
    ++one.shared;
    one.equal += closes[row] == bars.merged.number[kClose][ours] && equal(volume, bars.merged.number[kVolume][ours]);
  }
  return {};
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(static_cast<std::int64_t>(count)), noun, count == 1 ? "" : "s");
}

// Refuses for the exchange under which most of the symbols stand.
Failure refuse(const Bars& bars, const std::map<std::string, std::vector<const Namesake*>>& same) {
  const auto most = std::ranges::max_element(same, {}, [](const auto& entry) { return entry.second.size(); });
  const std::string& mic = most->first;
  std::int64_t rows = 0;
  std::size_t first = bars.merged.symbols.size();
  for (const Namesake* one : most->second) {
    rows += one->equal;
    first = std::min(first, one->symbol);
  }
  const std::string under = mic == kNoMic ? "no exchange (XXXX)" : mic;
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
                          counted(most->second.size(), "symbol"), bars.merged.symbols[first],
                          most->second.size() == 1 ? "s" : "", under, counted(static_cast<std::size_t>(rows), "row"),
                          bars.plan.mic),
              std::move(hint));
}

}  // namespace

Result<void> check_elsewhere(const lake::Snapshot& snapshot, const Bars& bars, IngestReport& report) {
  Found found = find_namesakes(bars);
  if (!found.overlapping.empty()) {
    LODE_CHECK(compare(snapshot, bars, found.overlapping));
    std::map<std::string, std::vector<const Namesake*>> same;
    for (const auto& [id, one] : found.overlapping) {
      if (one.is_same()) {
        same[one.mic].push_back(&one);
      }
    }
    if (!same.empty()) {
      return refuse(bars, same);
    }
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
