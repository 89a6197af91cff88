// Sums and moments with a fixed order of additions, so that a number has the same bits on every machine.
//
// Every function skips NaN; infinities are values and give what IEEE 754 gives. Additions run in four lanes (lane of a
// cell = its position modulo 4), joined as (0 + 1) + (2 + 3).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace lode::stat {

// Number of cells that are not NaN.
std::size_t count_valid(std::span<const double> values);

// Sum of the valid cells; 0 when there is none.
double sum(std::span<const double> values);

// Mean of the valid cells; exactly c when all are c; NaN when there is none.
double mean(std::span<const double> values);

// True when all valid cells are equal (or there is none): the constant test of the house, max == min.
bool is_constant(std::span<const double> values);

// Two-pass variance with n - 1 in the denominator; exactly 0 for a constant; NaN for n < 2.
double variance(std::span<const double> values);
double standard_deviation(std::span<const double> values);

// Adjusted Fisher-Pearson skewness G1 = n / ((n-1)(n-2)) sum z^3 with z by the ddof-1 standard deviation (Joanes & Gill
// 1998). NaN for n < 3 or a constant.
double skew(std::span<const double> values);

// Excess kurtosis G2 = n(n+1)/((n-1)(n-2)(n-3)) sum z^4 - 3(n-1)^2/((n-2)(n-3)) (Joanes & Gill 1998); a normal has 0.
// NaN for n < 4 or a constant.
double kurtosis(std::span<const double> values);

}  // namespace lode::stat
