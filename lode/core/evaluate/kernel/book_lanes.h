// One session of a long-short book over all names at once.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace lode::evaluate {

// The book before and after one session. Sums go by four lanes, an element's lane its position modulo 4.
struct BookRow {
  // Read: the tranches' weights, bucket k of 1..q at weights + k * columns; returns, NaN = none; and yesterday's book
  // and returns.
  const double* weights;
  std::span<const double> returned;
  const std::vector<double>& before;
  const std::vector<double>& drift;
  double share = 0.0;  // 1 / tranches alive; 0 without one.
  // Written: returns with 0 for none, and long less short weights a unit of capital.
  std::vector<double>& returns;
  std::vector<double>& now;
};

// What the tranches earned and the book traded.
struct BookSums {
  std::vector<double>& earned;  // [bucket - 1]: sum of weights times returns.
  double traded = 0.0;          // Notional that turns yesterday's book, drifted with yesterday's returns, into today's.
};

// `profit`, if given, has each name's now * returns added.
void walk_row(const BookRow& row, BookSums& sums, double* profit);

}  // namespace lode::evaluate
