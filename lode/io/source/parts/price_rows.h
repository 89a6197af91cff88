// Bars of feeds on their way into the lake: judged by the house's rules, known at their end, provisional while that
// lies ahead.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lode/io/source/parts/ask.h"
#include "lode/market/instrument.h"
#include "lode/market/quality.h"

namespace lode::source {

// A bar as a feed tells it; NaN where it tells nothing. Raw prices in major units.
struct FeedBar {
  InstrumentId id;
  std::string_view symbol;            // Named when the bar is set aside.
  std::int64_t interval_seconds = 0;  // 0 = a session.
  Date session;
  Time start, end;
  double open = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double close = std::numeric_limits<double>::quiet_NaN();
  double volume = std::numeric_limits<double>::quiet_NaN();
  double amount = std::numeric_limits<double>::quiet_NaN();
  double vwap = std::numeric_limits<double>::quiet_NaN();
  std::optional<std::int64_t> trades;
  bool is_open = false;       // The feed says it is not final yet.
  bool is_corrected = false;  // A second version of a bar told before: known when received.
  std::int64_t line = 0;
};

// Seconds of "1m", "15m", "1h", "1d" (0 = a session), in any case; nullopt for what is none of a minute to a day.
std::optional<std::int64_t> read_interval(std::string_view text);

class FeedBars {
 public:
  // `calendar` tells sessions; nullptr = every day is one.
  FeedBars(Provenance from, Time received_at, const Calendar* calendar = nullptr);
  // Writes the bar, or sets it aside in `rejected` by the number of the rule it breaks. One that ends after it was
  // received is provisional. An amount that is NaN is stored as null.
  void add(const FeedBar& bar, std::vector<Rejected>& rejected);
  std::int64_t rows() const { return rows_.rows(); }
  TableRows take() { return rows_.take(); }

 private:
  Time received_at_;
  const Calendar* calendar_;
  RowWriter rows_;
};

// Instruments and their spelling at a source, each symbol once, with its first session: the one the source tells, or
// the first of the answer. Those are Parsed::undated, so that a fetch of later days, or of one file of many, moves
// nothing that the lake knows better.
class FeedNames {
 public:
  FeedNames(std::string_view naming, std::string_view kind) : naming_(naming), kind_(kind) {}
  struct Entry {
    InstrumentId id;
    std::string mic, symbol;  // Ours.
    std::string spelling;     // The source's; "" = told elsewhere.
    std::string currency;     // "" = not told.
    Date first, last;
    bool is_gone = false;  // `last` is its last session for good.
    bool is_told = false;  // `first` and `last` are what the source tells, whatever was seen.
  };
  void add(const Entry& entry);
  // Adds tables instruments and symbols, known when received, unless there are no names.
  void finish(Provenance from, Time received_at, Parsed& out) const;

 private:
  std::string naming_, kind_;
  std::map<std::uint64_t, Entry> names_;
};

}  // namespace lode::source
