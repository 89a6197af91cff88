// Counting what the bars of a span are worth.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <map>

#include "lode/flow/steps/ingest/hindsight.h"
#include "lode/flow/steps/quality/bars_of_span.h"

namespace lode::flow {
namespace {

using report::QualityDay;
using report::QualityReport;

constexpr double kSuspiciousShare = 0.8;
constexpr std::int64_t kSuspiciousBars = 5;  // Below that many bars a share of a day says nothing.
constexpr std::int64_t kOverdueNanos = kNanosPerDay;

constexpr std::uint64_t bit(BarFlag flag) { return static_cast<std::uint64_t>(flag); }
constexpr std::uint64_t kSpikes = bit(BarFlag::kMove) | bit(BarFlag::kSpike) | bit(BarFlag::kUnitError);
constexpr std::uint64_t kAnomalies = kSpikes | bit(BarFlag::kVolumeOutlier);

class Counter {
 public:
  Counter(const SpanBars& span, QualityReport& out) : span_(span), out_(out) {}

  void run() {
    for (const auto& [mic, exchange] : span_.exchanges) {
      report::QualityExchange& one = exchanges_[mic];
      one.mic = mic;
      one.has_calendar = exchange.calendar != nullptr;
      for (const Date session : exchange.sessions) {
        one.sessions += span_.is_in_span(session) ? 1 : 0;
        if (session >= span_.trend_from) {
          days_[session].session = session;
        }
      }
    }
    for (const SpanLife& life : span_.lives) {
      count_sessions(life);
      count_rows(life);
    }
    finish();
  }

 private:
  bool has_bar(const SpanLife& life, Date session) const {
    return std::ranges::binary_search(life.rows, session, {}, [&](std::uint32_t row) { return span_.session(row); });
  }

  // The instrument's last bar before a session.
  std::optional<Date> last_before(const SpanLife& life, Date session) const {
    const auto at =
        std::ranges::lower_bound(life.rows, session, {}, [&](std::uint32_t row) { return span_.session(row); });
    return at == life.rows.begin() ? std::nullopt : std::optional(span_.session(*(at - 1)));
  }

  void count_sessions(const SpanLife& life) {
    bool is_counted = false;
    bool is_there = false;
    for (const Date session : span_.exchanges.find(life.mic)->second.sessions) {
      if (session < span_.trend_from) {
        continue;
      }
      const bool is_present = has_bar(life, session);
      const std::optional<Date> before = last_before(life, session);
      const bool is_outside = span_.universe && !span_.universe->contains(life.id, session);
      if (is_outside || (!is_present && !span_.is_due(life, session, before))) {
        continue;
      }
      QualityDay& day = days_[session];
      ++day.expected;
      day.present += is_present ? 1 : 0;
      if (!span_.is_in_span(session)) {
        continue;
      }
      report::QualityExchange& exchange = exchanges_[life.mic];
      ++exchange.expected;
      exchange.present += is_present ? 1 : 0;
      is_counted = true;
      is_there = is_there || is_present;
      if (!is_present) {
        out_.missing.push_back({life.symbol, life.mic, session, before});
      }
    }
    out_.total_symbols += is_counted ? 1 : 0;
    out_.symbols_with_data += is_there ? 1 : 0;
  }

  // Flags as all that is known by now would set them: a split that came later explains a move.
  std::vector<std::uint64_t> flags_of(const SpanLife& life) const {
    JudgedLife judged{life.id, life.symbol, life.mic, {}, {}, {}};
    for (const std::uint32_t row : life.rows) {
      judged.sessions.push_back(span_.session(row).days);
      judged.closes.push_back(span_.number("close", row).value_or(std::numeric_limits<double>::quiet_NaN()));
      judged.flags.push_back(span_.bars.column("flags").uint64s()[row]);
    }
    std::vector<LaterRemark> ignored;
    return flags_by_now(judged, span_.known, span_.request.limits, ignored);
  }

  void count_rows(const SpanLife& life) {
    const std::vector<std::uint64_t> flags = flags_of(life);
    for (std::size_t i = 0; i < life.rows.size(); ++i) {
      const Date session = span_.session(life.rows[i]);
      if (i > 0 && span_.session(life.rows[i - 1]) == session && span_.is_in_span(session)) {
        ++out_.stored_twice;
      }
      exchanges_[life.mic].newest = std::max(exchanges_[life.mic].newest.value_or(session), session);
      const bool is_outside = span_.universe && !span_.universe->contains(life.id, session);
      if (session >= span_.trend_from && !is_outside) {
        count_row(life, i, flags[i]);
      }
    }
  }

  void count_row(const SpanLife& life, std::size_t i, std::uint64_t flags) {
    const std::uint32_t row = life.rows[i];
    const Date session = span_.session(row);
    const bool is_odd = (flags & kAnomalies) != 0;
    const bool is_provisional = span_.bars.column("provisional").bools()[row] != 0;
    QualityDay& day = days_[session];
    day.session = session;
    day.odd += is_odd ? 1 : 0;
    day.provisional += is_provisional ? 1 : 0;
    ++bars_[session];
    if (!span_.is_in_span(session)) {
      return;
    }
    ++out_.bars;
    out_.odd_bars += is_odd ? 1 : 0;
    for (const BarFlagInfo& info : bar_flags()) {
      flagged_[static_cast<std::uint64_t>(info.flag)] += (flags & bit(info.flag)) != 0 ? 1 : 0;
    }
    if (is_odd) {
      out_.odd.push_back({life.symbol, life.mic, session, flag_names(flags & kAnomalies), (flags & kSpikes) != 0,
                          (flags & bit(BarFlag::kVolumeOutlier)) != 0,
                          i == 0 ? std::nullopt : span_.number("close", life.rows[i - 1]), span_.number("close", row),
                          span_.number("volume", row)});
    }
    if (is_provisional) {
      const Time known{span_.bars.column("known_time").times()[row]};
      const Time due = span_.close_of(life.mic, session);
      out_.provisional.push_back(
          {life.symbol, life.mic, session, known, due.nanos + kOverdueNanos < span_.request.now.nanos});
    }
  }

  void finish() {
    for (auto& [session, day] : days_) {
      const std::int64_t bars = bars_[session];
      if (span_.is_in_span(session) && bars >= kSuspiciousBars &&
          static_cast<double>(day.odd) > kSuspiciousShare * static_cast<double>(bars)) {
        out_.suspicious.push_back(session);
      }
      out_.trend.push_back(day);
    }
    for (auto& [mic, exchange] : exchanges_) {
      out_.expected += exchange.expected;
      out_.present += exchange.present;
      out_.exchanges.push_back(exchange);
    }
    for (const BarFlagInfo& info : bar_flags()) {
      if (const std::int64_t rows = flagged_[bit(info.flag)]; rows > 0) {
        out_.flags.emplace_back(info.name, rows);
      }
    }
    const auto by_session = [](const auto& row) { return row.session; };
    std::ranges::stable_sort(out_.missing, {}, by_session);
    std::ranges::stable_sort(out_.odd, {}, by_session);
    std::ranges::stable_sort(out_.provisional, {}, by_session);
  }

  const SpanBars& span_;
  QualityReport& out_;
  std::map<Date, QualityDay> days_;
  std::map<Date, std::int64_t> bars_;
  std::map<std::string, report::QualityExchange, std::less<>> exchanges_;
  std::map<std::uint64_t, std::int64_t> flagged_;
};

}  // namespace

void count_bars(const SpanBars& span, QualityReport& out) { Counter(span, out).run(); }

}  // namespace lode::flow
