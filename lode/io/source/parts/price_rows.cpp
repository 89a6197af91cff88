// Bars and names of feeds.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/parts/price_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lode/base/text.h"

namespace lode::source {
namespace {

constexpr std::int64_t kDaySeconds = 86'400;

void put_number(RowWriter& rows, double value) { std::isnan(value) ? rows.put_null() : rows.put(value); }

}  // namespace

std::optional<std::int64_t> read_interval(std::string_view text) {
  const std::string word = lower(text);
  std::int64_t count = 0;
  if (word.size() < 2 || !parse_int(std::string_view(word).substr(0, word.size() - 1), count) || count < 1 ||
      count > 1440) {
    return std::nullopt;
  }
  if (word.back() == 'd') {
    return count == 1 ? std::optional<std::int64_t>(0) : std::nullopt;
  }
  const std::int64_t seconds = word.back() == 'm' ? count * 60 : word.back() == 'h' ? count * 3600 : kDaySeconds;
  return seconds < kDaySeconds ? std::optional(seconds) : std::nullopt;
}

FeedBars::FeedBars(Provenance from, Time received_at, const Calendar* calendar)
    : received_at_(received_at), calendar_(calendar), rows_("bars", std::move(from)) {}

void FeedBars::add(const FeedBar& bar, std::vector<Rejected>& rejected) {
  const BarRow judged{bar.session, bar.open, bar.high, bar.low, bar.close, bar.volume};
  RowFault fault = check_row(judged, calendar_, QualityLimits{});
  if (fault.number != 0) {
    Rejected out = bad_record(bar.line, std::move(fault.reason),
                              fmt::format("{} o {} h {} l {} c {} v {}", to_string(bar.start), bar.open, bar.high,
                                          bar.low, bar.close, bar.volume),
                              bar.symbol);
    out.number = fault.number;
    out.session = bar.session;
    rejected.push_back(std::move(out));
    return;
  }
  const bool provisional = bar.is_open || bar.end > received_at_;
  rows_.put(bar.id.value).put(bar.interval_seconds).put(bar.session).put(bar.start);
  for (const double value : {bar.open, bar.high, bar.low, bar.close, bar.volume, bar.amount, bar.vwap}) {
    put_number(rows_, value);
  }
  rows_.put(bar.trades).put_null().put(provisional).put(std::uint64_t{0});
  const bool is_received = provisional || bar.is_corrected;
  rows_.end({bar.end, is_received ? received_at_ : bar.end, !is_received}, bar.line);
}

void FeedNames::add(const Entry& entry) {
  const auto [at, is_new] = names_.try_emplace(entry.id.value, entry);
  if (!is_new && !at->second.is_told) {
    at->second.first = std::min(at->second.first, entry.first);
    at->second.last = std::max(at->second.last, entry.last);
    at->second.is_gone = entry.is_gone;
  }
}

void FeedNames::finish(Provenance from, Time received_at, Parsed& out) const {
  if (names_.empty()) {
    return;
  }
  RowWriter instruments("instruments", from);
  RowWriter symbols("symbols", from);
  for (const auto& [id, entry] : names_) {
    const RowTimes now{start_of_day(entry.first), received_at, false};  // The same again says nothing new.
    instruments.put(id).put(std::string_view(entry.mic)).put(std::string_view(entry.symbol)).put_some(kind_);
    instruments.put_some(entry.currency).put_null().put(entry.first);
    if (!entry.is_told) {
      out.undated.push_back(entry.id);
    }
    entry.is_gone ? instruments.put(entry.last) : instruments.put_null();
    instruments.put_null().put_null().put_null().put_null().put_null().put_null().put(false);
    instruments.end(now, 0);
    if (entry.spelling.empty()) {
      continue;
    }
    symbols.put(id).put(std::string_view(naming_)).put(std::string_view(entry.spelling)).put(entry.first);
    entry.is_gone ? symbols.put(entry.last) : symbols.put_null();
    symbols.end(now, 0);
  }
  out.tables.push_back(instruments.take());
  if (symbols.rows() > 0) {
    out.tables.push_back(symbols.take());
  }
}

}  // namespace lode::source
