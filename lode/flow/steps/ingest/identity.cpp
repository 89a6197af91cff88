// Whose bars are these?
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/identity.h"

#include <algorithm>

namespace lode::flow {

namespace {

enum class Change : std::uint8_t { kNone, kUnclear, kBreak };

class Assigner {
 public:
  Assigner(std::string_view mic, const SymbolRows& rows, std::span<const Stay> stays, std::span<const Split> splits,
           const Calendar* calendar, const Market& market, const QualityLimits& limits)
      : mic_(mic),
        rows_(rows),
        stays_(stays.begin(), stays.end()),
        splits_(splits),
        calendar_(calendar),
        market_(market),
        limits_(limits) {
    std::ranges::sort(stays_, {}, &Stay::first);
    known_ = stays_.size();
  }

  std::vector<Piece> run() {
    std::vector<Piece> out;
    for (std::size_t begin = 0; begin < rows_.sessions.size();) {
      const std::size_t end = quiet_end(begin);
      Piece piece = place(begin, end);
      if (!out.empty() && out.back().id == piece.id) {
        out.back().end = end;
        out.back().is_unclear = out.back().is_unclear || piece.is_unclear;
      } else {
        out.push_back(piece);
      }
      begin = end;
    }
    return out;
  }

 private:
  Date session(std::size_t row) const { return Date{rows_.sessions[row]}; }

  bool is_silent(Date from, Date to) const {
    // Sessions lie on at most five of seven days, so a short span needs no counting.
    return to - from > kReuseSessions && calendar_->sessions_between(from, to) > kReuseSessions;
  }

  // End of the rows from `begin` on without a long silence.
  std::size_t quiet_end(std::size_t begin) const {
    if (calendar_ == nullptr) {
      return rows_.sessions.size();
    }
    std::size_t end = begin + 1;
    while (end < rows_.sessions.size() && !is_silent(session(end - 1), session(end))) {
      ++end;
    }
    return end;
  }

  // How a price changed over a silence, known splits undone.
  Change change(Date from, double before, Date to, double after) const {
    for (const Split& split : splits_) {
      if (split.ex_date > from && split.ex_date <= to && split.ratio > 0.0) {
        after *= split.ratio;
      }
    }
    if (!(before > 0.0) || !(after > 0.0)) {
      return Change::kNone;
    }
    const double moved = std::max(before, after) / std::min(before, after) - 1.0;
    return moved > limits_.move_limit ? Change::kBreak : moved > limits_.spike_limit ? Change::kUnclear : Change::kNone;
  }

  Piece place(std::size_t begin, std::size_t end) {
    const Date first = session(begin);
    const Date last = session(end - 1);
    Piece piece{begin, end, {}, false, false};
    Stay* const holder = find_holder(begin, end, piece.is_unclear);
    if (holder == nullptr) {
      piece.id = new_id();
      stays_.push_back({piece.id, first, last, rows_.closes[begin], rows_.closes[end - 1]});
    } else {
      piece.id = holder->id;
      if (first < holder->first) {
        holder->first = first;
        holder->first_close = rows_.closes[begin];
      }
      if (last > holder->last) {
        holder->last = last;
        holder->last_close = rows_.closes[end - 1];
      }
    }
    piece.is_new = std::none_of(stays_.begin(), stays_.begin() + static_cast<std::ptrdiff_t>(known_),
                                [&](const Stay& stay) { return stay.id == piece.id; });
    return piece;
  }

  // The stay the rows continue: one they overlap or follow closely, else the one before, else the one after, unless the
  // price broke. nullptr: none.
  Stay* find_holder(std::size_t begin, std::size_t end, bool& is_unclear) {
    const Date first = session(begin);
    const Date last = session(end - 1);
    Stay* before = nullptr;
    Stay* after = nullptr;
    for (Stay& stay : stays_) {
      if (calendar_ == nullptr || (first <= stay.last && last >= stay.first)) {
        return &stay;
      }
      if (stay.last < first && (before == nullptr || stay.last > before->last)) {
        before = &stay;
      }
      if (stay.first > last && (after == nullptr || stay.first < after->first)) {
        after = &stay;
      }
    }
    const Change from_before =
        before == nullptr ? Change::kBreak : change_over(before->last, before->last_close, first, rows_.closes[begin]);
    const Change to_after =
        after == nullptr ? Change::kBreak : change_over(last, rows_.closes[end - 1], after->first, after->first_close);
    Stay* const holder = from_before != Change::kBreak ? before : to_after != Change::kBreak ? after : nullptr;
    if (holder != nullptr) {
      is_unclear = (holder == before ? from_before : to_after) == Change::kUnclear;
      return holder;
    }
    // Reuse numbers count up in time and are given for good. So only the end of what is known can be another
    // instrument; before bars that the lake holds a break stays one.
    is_unclear = after != nullptr;
    return after == nullptr ? nullptr : before != nullptr ? before : after;
  }

  // How the price changed between two rows; a short silence is none at all. A hole in which nothing else traded says
  // nothing by itself, since the files between may not have come yet: a break there cannot be decided.
  Change change_over(Date from, double before, Date to, double after) const {
    const Change found = is_silent(from, to) ? change(from, before, to, after) : Change::kNone;
    const bool is_decided = found != Change::kBreak || market_.sessions_between(from, to) > kReuseSessions;
    return is_decided ? found : Change::kUnclear;
  }

  InstrumentId new_id() const {
    for (std::uint32_t reuse = 0;; ++reuse) {
      const InstrumentId id = instrument_id(mic_, rows_.symbol, reuse);
      if (std::ranges::none_of(stays_, [&](const Stay& stay) { return stay.id == id; })) {
        return id;
      }
    }
  }

  std::string_view mic_;
  const SymbolRows& rows_;
  std::vector<Stay> stays_;
  std::size_t known_ = 0;  // The first ones are the lake's; later ones were made here.
  std::span<const Split> splits_;
  const Calendar* calendar_;
  const Market& market_;
  const QualityLimits& limits_;
};

}  // namespace

std::int64_t Market::names(Date day) const {
  const auto found = names_.find(day);
  return found == names_.end() ? 0 : found->second;
}

std::int64_t Market::sessions_between(Date from, Date to) const {
  const std::int64_t wanted = std::max<std::int64_t>(std::min(names(from), names(to)), 1);
  return std::count_if(names_.upper_bound(from), names_.upper_bound(to),
                       [&](const auto& day) { return 2 * day.second >= wanted; });
}

std::vector<Piece> assign_instruments(std::string_view mic, const SymbolRows& rows, std::span<const Stay> stays,
                                      std::span<const Split> splits, const Calendar* calendar, const Market& market,
                                      const QualityLimits& limits) {
  return Assigner(mic, rows, stays, splits, calendar, market, limits).run();
}

}  // namespace lode::flow
