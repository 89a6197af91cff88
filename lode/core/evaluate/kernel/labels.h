// Making forward returns: who could be traded when, and what a trade between two sessions earned.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

// Whose returns are wanted. A label is for members of the universe at t; a position that is held earns its return even
// after its name has left the universe.
enum class Whose : std::uint8_t { kMembers, kAll };

// The market as seen by a trader of one convention. Built once, then one call a horizon.
class LabelMaker {
 public:
  // E1113 when the convention's price panel is empty. `market` must outlive the maker.
  static Result<LabelMaker> make(const Market& market, Convention convention, Pool& pool);

  // Labels of every row, all NaN where the window ends after the last session; never fails. Horizon >= 1.
  Labels labels(int horizon, Whose whose, Pool& pool) const;

  // Sessions from the signal to the entry: 1, or 0 for close_to_close.
  std::size_t delay() const { return delay_; }
  // Rows that have a label of this horizon.
  std::size_t labelled_rows(int horizon) const;
  bool has_universe() const { return !market_->universe.empty(); }
  // Member of the universe at `row`; without a universe: has a bar.
  bool is_member(std::size_t row, std::size_t column) const;
  // Columns of a row that are members or have one of `values`, NaN: none.
  std::size_t count_members(std::size_t row, std::span<const double> values) const;

 private:
  // One session's rows; null where the market has no such panel (or no session before).
  struct Day {
    const double* price;
    const double* close;
    const double* close_before;
    const double* high;
    const double* low;
    const double* volume;
    bool is_locked(std::size_t column) const;
    bool is_tradable(std::size_t column) const;
  };
  LabelMaker(const Market& market, Convention convention);
  Day day(std::size_t row) const;
  void find_next_tradable(Pool& pool);
  // Writes one row; returns the number of untradable entries.
  std::int64_t label_row(std::size_t row, std::size_t horizon, Whose whose, Labels& out) const;
  double leave_late(std::size_t entry, std::size_t exit, std::size_t column, std::uint8_t& flags,
                    ExitCounts& exits) const;

  const Market* market_;
  Panel price_;
  Panel close_;
  Panel high_;
  Panel low_;
  Panel volume_;
  std::size_t delay_ = 1;
  std::vector<std::int32_t> next_tradable_;  // First row >= this one where the name can be traded; rows() = never.
  std::vector<std::uint8_t> states_;         // rows * columns: 1 tradable, 2 with a close.
  std::vector<std::int32_t> last_close_;     // Of each column, the last row with a close; -1 = none.
};

}  // namespace lode::evaluate
