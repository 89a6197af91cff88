// Synthetic markets whose truth is known: bars with the structure of real ones (factor returns, clustered volatility,
// splits, dividends, halts, delistings, dirty rows) and planted signals of known strength among decoys. Nothing here
// is real, and whatever is made from it is marked synthetic.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/pool.h"
#include "lode/base/result.h"
#include "lode/base/time.h"
#include "lode/market/action.h"
#include "lode/market/calendar.h"
#include "lode/market/panel.h"

namespace lode::synth {

inline constexpr std::string_view kMic = "XNYS";

struct MarketOptions {
  std::uint64_t seed = 7;
  int instruments = 500;                     // kFewestInstruments..kMostInstruments
  int sessions = 1260;                       // kFewestSessions.., as many as the calendar has before `last`.
  Date last = Date::from_civil(2025, 1, 3);  // The last session at or before it ends the market; 1,260 sessions
                                             // before begin on 2020-01-02.
  double quality_ic = 0.040;                 // Rank IC over 5 sessions that is planted, 0..kStrongestIc; 0 = none.
  double reversal_ic = 0.020;                // The same of the other one.
  bool dirty_rows = true;                    // The files hold rows that must be set aside (Market::dirty).
};
inline constexpr int kFewestInstruments = 20;
inline constexpr int kMostInstruments = 9999;
inline constexpr int kFewestSessions = 60;
inline constexpr double kStrongestIc = 0.08;  // Up to here the strengths were checked, to 5 %.

// A market without any signal: every factor's true rank IC is 0.
MarketOptions pure_noise(std::uint64_t seed, int instruments, int sessions);

// One instrument's life. Rows are indices into Market::sessions.
struct Listing {
  std::string symbol;             // "SYN0042"
  int first = 0;                  // Row of the first session listed.
  int last = 0;                   // Row of the last session listed.
  bool delisted = false;          // Within the data: `last` is its last bar.
  double delisting_return = 0.0;  // Of the delisted: from the last close to what holders received.
};

struct ListedAction {
  int instrument = 0;
  Action action;  // Splits (ratio) and dividends (amount before a split of that day).
};

// Membership of a sector from a session on; instruments without a row have no sector.
struct ListedGroup {
  int instrument = 0;
  std::string sector;
  std::string industry;
  Date from;
  std::optional<Date> to;
};

// A stay in the universe "large": the most traded names, reviewed each January by the turnover of the sessions before.
struct ListedMember {
  int instrument = 0;
  Date from;
  std::optional<Date> to;
};
inline constexpr std::string_view kUniverse = "large";

// A signal or decoy: a formula of the language over this market's bars, with the strength that was planted.
struct Signal {
  std::string name;  // "quality"
  std::string formula;
  std::string note;      // One line: where it shows, how fast it moves.
  double rank_ic = 0.0;  // True rank IC over 5 sessions, from the next open; 0 = decoy.
  bool is_decoy() const { return rank_ic == 0.0; }
};

// A row of the files that every import must set aside.
struct DirtyRow {
  int row = 0;               // Index into sessions: its file's year, and its place in the file.
  std::string text;          // The line without its end.
  std::uint16_t number = 0;  // The rule it breaks: 2007.
  int replaces = -1;         // Instrument whose good bar of that session it stands for; -1 = none.
};

// Cells are row-major [session][instrument], NaN where there is no bar. Prices are raw, on their tick.
struct Market {
  MarketOptions options;
  std::vector<Date> sessions;     // Ascending sessions of kMic.
  std::vector<Listing> listings;  // By symbol.
  std::vector<double> open, high, low, close;
  std::vector<double> volume;         // Whole shares; 0 on a session without a trade.
  std::vector<double> amount;         // Money; 0 with volume 0.
  std::vector<ListedAction> actions;  // By ex-date, then instrument.
  std::vector<ListedGroup> groups;
  std::vector<ListedMember> members;
  std::vector<Signal> signals;  // quality, reversal, noise, slow noise.
  std::vector<DirtyRow> dirty;  // By session. Empty without options.dirty_rows.

  std::size_t rows() const { return sessions.size(); }
  std::size_t columns() const { return listings.size(); }
  std::size_t cell(std::size_t row, std::size_t column) const { return row * columns() + column; }
  std::int64_t bars() const;  // Cells with a bar, those that a dirty row replaces included.
  int delisted() const;
  int splits() const;
  void forget_bars();  // Frees the cells; everything else stays.
};

// Makes the market. Pure: the same options give the same bits for any pool and on any machine. About 60 bytes a cell
// while it runs. E0004 for an option out of range, E5004 without time zone data.
Result<Market> make_market(const MarketOptions& options, Pool& pool);

// One of the market's cell vectors on the axis a lake would give it (instruments sorted by id), f64. For tests and for
// callers that need no files.
Panel to_panel(const Market& market, const std::vector<double>& cells, const Calendar& calendar);

}  // namespace lode::synth
