// The daily bars of a span and the weeks before it, by instrument: who was due on which session, and who came.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lode/flow/steps/ingest/known.h"
#include "lode/flow/steps/quality/quality.h"
#include "lode/market/calendar.h"
#include "lode/market/universe.h"

namespace lode::flow {

struct SpanLife {
  InstrumentId id;
  std::string symbol, mic;
  std::vector<std::uint32_t> rows;  // In SpanBars::bars, ascending by session.
};

// The sessions of an exchange that are due by the report's moment, from the first day read on.
struct SpanExchange {
  const Calendar* calendar = nullptr;  // nullptr: sessions are days on which at least half of the living have a bar.
  std::vector<Date> sessions;
};

struct SpanBars {
  QualityRequest request;
  Date trend_from;  // First day of the trend.
  Date read_from;   // First day read.
  KnownInstruments known;
  std::optional<Universe> universe;
  Batch bars;  // instrument_id, session, close, volume, flags, provisional, event_time, known_time, source
  std::vector<SpanLife> lives;  // By symbol and id; of a universe its members alone.
  std::map<std::string, SpanExchange, std::less<>> exchanges;

  Date session(std::uint32_t row) const { return Date{bars.column("session").dates()[row]}; }
  std::optional<double> number(std::string_view column, std::uint32_t row) const;
  bool is_in_span(Date day) const { return request.from <= day && day <= request.to; }
  // When the bar of a session was true: the close, or the end of the day where no calendar is known.
  Time close_of(std::string_view mic, Date session) const;
  // True when a bar of that session is waited for; `before`: the instrument's last bar before it.
  bool is_due(const SpanLife& life, Date session, std::optional<Date> before) const;
};

// E2103 for a universe the lake has not.
Result<SpanBars> read_span(const lake::Snapshot& snapshot, const QualityRequest& request);

// Fills what follows from the bars as they stand: counts, exchanges, trend, missing, odd, suspicious, flags,
// provisional, stored_twice.
void count_bars(const SpanBars& span, report::QualityReport& out);

}  // namespace lode::flow
