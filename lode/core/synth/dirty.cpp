// Planting dirty rows: each takes the place of a good row, or stands beside them on a day that is no session.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/synth/dirty.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/core/synth/bar_line.h"
#include "lode/core/synth/streams.h"

namespace lode::synth {

namespace {

class Planter {
 public:
  explicit Planter(const Market& market) : market_(market), random_(stream(market.options.seed, Stream::kDirty)) {}

  std::vector<DirtyRow> run() {
    replace(2007, [](BarCells& bar) { std::swap(bar.high, bar.low); });
    replace(2006, [](BarCells& bar) { bar.close = "0"; });
    replace(2006, [](BarCells& bar) { bar.low = "-" + bar.low; });
    replace(2008, [](BarCells& bar) { bar.volume = "-" + bar.volume; });
    replace(2004, [](BarCells& bar) { bar.close = "abc"; });
    replace(2007, [](BarCells& bar) { bar.close = "9" + bar.high; });
    replace(2009, [](BarCells& bar) { bar.amount.clear(); });
    replace(2010, [](BarCells& bar) { bar.symbol = "?"; });
    contradict();
    close_next_day();
    invent_day();
    std::ranges::stable_sort(out_, {}, &DirtyRow::row);
    return std::move(out_);
  }

 private:
  // A cell whose session traded, of an instrument that has no dirty row yet and plays no role.
  std::pair<std::size_t, std::size_t> draw_cell() {
    for (;;) {
      const auto row = static_cast<std::size_t>(random_.next_below(market_.rows()));
      const auto column = static_cast<std::size_t>(random_.next_below(market_.columns()));
      const std::size_t cell = market_.cell(row, column);
      const bool has_range = market_.volume[cell] > 0.0 && market_.high[cell] > market_.low[cell];
      if (has_range && taken_.insert(cell).second) {
        return {row, column};
      }
    }
  }

  template <class Change>
  void replace(std::uint16_t number, Change change) {
    const auto [row, column] = draw_cell();
    BarCells bar = bar_cells(market_, row, column);
    change(bar);
    out_.push_back({static_cast<int>(row), bar_line(bar), number, static_cast<int>(column)});
  }

  // The same bar twice with different closes: nobody can say which is right.
  void contradict() {
    const auto [row, column] = draw_cell();
    BarCells bar = bar_cells(market_, row, column);
    out_.push_back({static_cast<int>(row), bar_line(bar), 2012, static_cast<int>(column)});
    bar.close = bar.close == bar.low ? bar.high : bar.low;
    out_.push_back({static_cast<int>(row), bar_line(bar), 2012, static_cast<int>(column)});
  }

  // One more row after those of a session, with a date of its own.
  void stand_beside(std::uint16_t number, std::size_t row, std::string date) {
    BarCells bar = bar_cells(market_, row, draw_column(row));
    bar.date = std::move(date);
    out_.push_back({static_cast<int>(row), bar_line(bar), number, -1});
  }

  // An instrument with a bar on that session.
  std::size_t draw_column(std::size_t row) {
    for (;;) {
      const auto column = static_cast<std::size_t>(random_.next_below(market_.columns()));
      if (market_.volume[market_.cell(row, column)] > 0.0) {
        return column;
      }
    }
  }

  // A row on the day after a session on which the exchange is closed.
  void close_next_day() {
    auto row = static_cast<std::size_t>(random_.next_below(market_.rows() - 10));
    while (market_.sessions[row + 1] - market_.sessions[row] == 1) {
      ++row;  // A week has a weekend.
    }
    stand_beside(2011, row, to_string(market_.sessions[row] + 1));
  }

  void invent_day() {
    const auto row = static_cast<std::size_t>(random_.next_below(market_.rows()));
    stand_beside(2005, row, fmt::format("{}-02-30", market_.sessions[row].year()));
  }

  const Market& market_;
  Random random_;
  std::set<std::size_t> taken_;
  std::vector<DirtyRow> out_;
};

}  // namespace

std::vector<DirtyRow> make_dirty(const Market& market) { return Planter(market).run(); }

}  // namespace lode::synth
