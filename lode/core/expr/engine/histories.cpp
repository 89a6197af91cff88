// The rows of histories: where they stand, how they are saved.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/engine/histories.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "lode/base/assert.h"
#include "lode/core/expr/engine/plan.h"
#include "lode/core/expr/kernels/kernel.h"

namespace lode::expr::engine {
namespace {

using kernels::kMissing;

// Registers of a series task times its rows are about this many. An odd number of registers where rows stand below each
// other, so that they do not share cache sets, and never a single one: its rows of outputs would be too many pages for
// too few cells.
constexpr std::size_t kSeriesRegisters = 21;
constexpr std::size_t kLeastRegisters = 3;
// Of a single session, and of its groups.
constexpr std::size_t kSingleRegisters = 80;
constexpr std::size_t kGroupRegisters = 4;
// Least sessions that single steps take in before they begin again at the front: more cost memory, fewer cost writing
// rows twice.
constexpr std::size_t kLeastSpareRows = 8;

constexpr std::size_t parts(std::size_t whole, std::size_t part) { return (whole + part - 1) / part; }

}  // namespace

Cut make_cut(std::size_t columns, std::size_t stretch_rows) {
  const std::size_t most = std::max<std::size_t>(parts(columns, kLanes), 1);
  if (stretch_rows == 1) {
    const std::size_t wanted = std::min(kSingleRegisters, most);
    const std::size_t groups = parts(wanted, kGroupRegisters);
    return {columns, groups * parts(wanted, groups) * kLanes, groups, stretch_rows};
  }
  const std::size_t wanted = kSeriesRegisters / std::max<std::size_t>(stretch_rows, 1) | 1;
  return {columns, kLanes * std::min(std::max(wanted, kLeastRegisters), most), 1, stretch_rows};
}

template <class T>
Histories<T>::Histories(std::span<const std::size_t> kept, const Cut& cut, std::size_t spare_rows)
    : cut_(cut), today_(cut.is_single() ? kept.size() * cut.stride() * sizeof(T) : 0) {
  std::size_t rows = 0;
  for (const std::size_t keeps : kept) {
    History history{.kept = keeps};
    // A row that is written again must not be one of today's window: more spare rows than kept ones.
    history.spare = cut.is_single() ? std::max(kLeastSpareRows, keeps + 1) : std::max(spare_rows, cut.stretch_rows);
    history.spare = cut.is_single() && keeps == 0 ? 0 : history.spare;
    history.at = keeps + first_spare(history, histories_.size());
    history.start = rows * cut.stride();
    rows += history.capacity();
    histories_.push_back(history);
  }
  cells_ = Block(rows * cut.stride() * sizeof(T));
}

template <class T>
void Histories<T>::forget() {
  for (const History& history : histories_) {
    for (std::size_t block = 0; block < cut_.blocks(); ++block) {
      for (std::size_t group = 0; group < cut_.groups; ++group) {
        std::fill_n(row(history, block, group, history.at - history.kept), history.kept * cut_.group_lanes(),
                    kMissing<T>);
      }
    }
  }
}

// Histories are filled up to different heights at first, so that not all of them have more to write or to move in the
// same stretch. Rows that must stand at the front as well are yet to come.
template <class T>
std::size_t Histories<T>::first_spare(const History& history, std::size_t number) const {
  if (cut_.is_single()) {
    return history.spare > history.kept ? number % (history.spare - history.kept + 1) : 0;
  }
  return number % std::max<std::size_t>(history.spare / cut_.stretch_rows, 1) * cut_.stretch_rows;
}

template <class T>
T* Histories<T>::row(const History& history, std::size_t block, std::size_t group, std::size_t index) const {
  const std::size_t rows = (block * cut_.groups + group) * history.capacity() + index;
  return cells_.template as<T>() + history.start + rows * cut_.group_lanes();
}

template <class T>
T& Histories<T>::cell(const History& history, std::size_t index, std::size_t column) const {
  const std::size_t lane = column % cut_.lanes;
  return row(history, column / cut_.lanes, lane / cut_.group_lanes(), index)[lane % cut_.group_lanes()];
}

template <class T>
void Histories<T>::begin(std::size_t rows) {
  LODE_ASSERT(rows <= cut_.stretch_rows);
  for (History& history : histories_) {
    history.moves = !cut_.is_single() && history.at + rows > history.capacity();
    history.from = history.at - history.kept;
    history.at = history.moves ? history.kept : history.at;
  }
}

template <class T>
void Histories<T>::end(std::size_t rows) {
  for (History& history : histories_) {
    history.at += rows;
    if (cut_.is_single() && history.at >= history.capacity()) {
      history.at = history.kept;  // Its last rows stand at the front as well.
    }
  }
}

template <class T>
void Histories<T>::make_room(std::size_t history, std::size_t block) const {
  const History& own = histories_[history];
  if (own.moves) {
    std::copy_n(row(own, block, 0, own.from), own.kept * cut_.lanes, row(own, block, 0, 0));
  }
}

template <class T>
Tile<T> Histories<T>::today(std::size_t history, std::size_t block, std::size_t rows) const {
  if (cut_.is_single()) {
    return {today_.template as<T>() + history * cut_.stride() + block * cut_.lanes, rows, cut_.lanes, cut_.lanes};
  }
  return window(history, block, 0, 0, rows);
}

template <class T>
void Histories<T>::written(std::size_t history, std::size_t block) const {
  const History& own = histories_[history];
  if (!cut_.is_single() || own.kept == 0) {
    return;
  }
  const T* from = today(history, block, 1).cells;
  const std::size_t bytes = cut_.group_lanes() * sizeof(T);
  for (std::size_t group = 0; group < cut_.groups; ++group, from += cut_.group_lanes()) {
    std::memcpy(row(own, block, group, own.at), from, bytes);
    if (own.at >= own.spare) {
      std::memcpy(row(own, block, group, own.at - own.spare), from, bytes);
    }
  }
}

template <class T>
Tile<T> Histories<T>::window(std::size_t history, std::size_t block, std::size_t group, std::size_t back,
                             std::size_t rows) const {
  const History& own = histories_[history];
  return {row(own, block, group, own.at - back), back + rows, cut_.group_lanes(), cut_.group_lanes()};
}

template <class T>
template <class Part>
void Histories<T>::for_each_group(const History& history, std::size_t index, Part part) const {
  const std::size_t lanes = cut_.group_lanes();
  T* cells = row(history, 0, 0, index);
  for (std::size_t first = 0; first < cut_.stride(); first += lanes, cells += history.capacity() * lanes) {
    part(cells, std::min(lanes, cut_.columns - std::min(first, cut_.columns)));
  }
}

template <class T>
std::size_t Histories<T>::saved_bytes() const {
  const auto rows = [](std::size_t sum, const History& history) { return sum + history.kept; };
  return std::accumulate(histories_.begin(), histories_.end(), std::size_t{0}, rows) * cut_.columns * sizeof(T);
}

template <class T>
void Histories<T>::save(StateWriter& to) const {
  for (const History& history : histories_) {
    for (std::size_t index = history.at - history.kept; index < history.at; ++index) {
      for_each_group(history, index, [&](const T* cells, std::size_t count) { to.cells(std::span(cells, count)); });
    }
  }
}

template <class T>
void Histories<T>::restore(StateReader& from, std::span<const std::uint32_t> column_of) {
  std::vector<std::uint32_t> same(cut_.columns);
  std::iota(same.begin(), same.end(), 0U);
  const bool is_same = std::ranges::equal(same, column_of);
  std::vector<T> saved(is_same ? 0 : column_of.size());
  if (!is_same) {
    forget();
  }
  for (const History& history : histories_) {
    for (std::size_t index = history.at - history.kept; index < history.at && from.is_whole(); ++index) {
      if (is_same) {
        for_each_group(history, index, [&](T* cells, std::size_t count) {
          from.cells(std::span(cells, count));
          std::fill_n(cells + count, cut_.group_lanes() - count, kMissing<T>);
        });
        continue;
      }
      from.cells(std::span(saved));
      for (std::size_t i = 0; i < saved.size(); ++i) {
        if (column_of[i] != kNone) {
          cell(history, index, column_of[i]) = saved[i];
        }
      }
    }
  }
}

template <class T>
void Histories<T>::adopt(const Histories& other, std::size_t to) {
  for (std::size_t i = 0; i < histories_.size(); ++i) {
    for (std::size_t back = 1; back <= histories_[i].kept; ++back) {
      cell(histories_[i], histories_[i].at - back, to) =
          other.cell(other.histories_[i], other.histories_[i].at - back, 0);
    }
  }
}

template class Histories<float>;
template class Histories<double>;

}  // namespace lode::expr::engine
