// Whose bars are these? Gives the bars of one symbol to instruments: the one that holds the symbol in the lake, or a
// new one when the symbol was silent for long and came back at another price (lake.md 3).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lode/market/calendar.h"
#include "lode/market/instrument.h"
#include "lode/market/quality.h"

namespace lode::flow {

// A symbol silent for more sessions than this may come back as another instrument.
inline constexpr int kReuseSessions = 20;

// A time in which an instrument of the lake held the symbol; closes NaN when it has no bars there.
struct Stay {
  InstrumentId id;
  Date first;
  Date last;
  double first_close = 0.0;
  double last_close = 0.0;
};

// How many instruments of an exchange have a bar, by session, in the lake and in what is being imported. A hole in a
// symbol's bars is a silence of its own only where the others went on.
class Market {
 public:
  void add(Date day, std::int64_t names) { names_[day] += names; }
  // Sessions after `from` up to `to` with at least half as many names as the emptier of these two days.
  std::int64_t sessions_between(Date from, Date to) const;

 private:
  std::int64_t names(Date day) const;
  std::map<Date, std::int64_t> names_;
};

struct Split {
  Date ex_date;
  double ratio = 1.0;
};

struct SymbolRows {
  std::string_view symbol;
  std::span<const std::int32_t> sessions;  // Ascending, at least one.
  std::span<const double> closes;
};

// Rows [begin, end) belong to one instrument.
struct Piece {
  std::size_t begin = 0;
  std::size_t end = 0;
  InstrumentId id;
  bool is_new = false;      // The lake has no such instrument.
  bool is_unclear = false;  // Away for long and at a moved price, too little to call it another: kept as one.
};

// Cuts one symbol's rows. Without a calendar there is one instrument a symbol. After a silence of more than
// kReuseSessions sessions a close that moved by more than the move limit (up, or down by as much a ratio), with no
// known split to explain it, starts another instrument; between the spike limit and the move limit it is unclear. So is
// a break over a hole in which `market` has no sessions either (the files between may not have come yet), and one
// before bars the lake holds, whose numbers are given. `splits` are those of the symbol's instruments.
std::vector<Piece> assign_instruments(std::string_view mic, const SymbolRows& rows, std::span<const Stay> stays,
                                      std::span<const Split> splits, const Calendar* calendar, const Market& market,
                                      const QualityLimits& limits);

}  // namespace lode::flow
