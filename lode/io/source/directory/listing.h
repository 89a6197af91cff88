// Lists of what is listed, snapshot after snapshot: what is new, what is gone, what has another name. One bad list must
// not delist a market, and one missing day must not delist a company: a list that shrank by more than a tenth
// since the day before is refused, and a symbol counts as removed when three snapshots in a row lack it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/io/source/collect/rows.h"
#include "lode/io/source/collect/source.h"

namespace lode::source {

inline constexpr int kGoneSnapshots = 3;

struct Listing {
  std::int64_t line = 0;
  std::string symbol;  // As the list spells it.
  std::string mic;
  std::string code;  // As the exchange spells it: what instrument ids are made of.
  std::string name, kind, status, sector, industry, country;
  std::optional<Date> listed_on;
  std::optional<double> market_cap;
};

// What one list was when it was last read.
class DirectoryState {
 public:
  // The part of the cursor under `directory`.
  static DirectoryState load(const Cursor& cursor, std::string_view directory);
  void save(Cursor& cursor) const;

  std::int64_t rows() const { return rows_; }  // Of the longest list of the last day; 0 = none yet.
  std::optional<Date> snapshot() const { return snapshot_; }

  // Takes the snapshot of a day and writes rows of listings (new spells, changed descriptions, ended spells) and of
  // listing_events. The first snapshot makes no events. A market value that is missing leaves the one known.
  // E6206 when the list is shorter than nine tenths of the longest one of its day, or of the last day before it; or its
  // day is before the last one's. So several lists of one day cannot wear the floor down.
  Result<void> take(const std::vector<Listing>& list, Date day, const RowTimes& times, RowWriter& listings,
                    RowWriter& events);

 private:
  struct Known {
    std::string name;
    std::string description;  // Hash of what a row says.
    Date since;               // First snapshot of this spell.
    Date seen;                // Last snapshot with it.
    int missing = 0;          // Snapshots without it since.
    Value cap;                // null or the market value last told.
    std::string mic, code;
  };
  Known* find(std::string_view symbol);

  std::string directory_;
  std::map<std::string, Known, std::less<>> known_;
  std::int64_t rows_ = 0;
  std::int64_t rows_before_ = 0;  // Of the day before the last snapshot's.
  std::optional<Date> snapshot_;
};

// Reads a snapshot into `out` by the state under `directory` in the response's cursor: tables, cursor, verdict.
Result<void> take_snapshot(const Response& response, const Spec& spec, std::string_view directory, Date day,
                           const std::vector<Listing>& list, Parsed& out);

}  // namespace lode::source
