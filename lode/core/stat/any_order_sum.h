// Sums that do not depend on the order of their terms, not even in the last bit: what a value adds up to over the names
// of a date must not move when a name is added elsewhere or the columns stand otherwise.
//
// Each sum is that of the terms cut below about 2^-80 (for thousands of terms) of the largest, rounded once: closer
// than adding one by one. Two passes; some ten operations a term. No value may be NaN. Infinities make a sum infinite,
// or NaN when they meet; a sum past the largest double is infinite. Nothing adds up to 0.
//
// J. Demmel and H. D. Nguyen, "Parallel reproducible summation", IEEE Transactions on Computers 64 (2015); the cut
// itself: S. M. Rump, T. Ogita and S. Oishi, "Accurate floating-point summation I", SIAM Journal on Scientific
// Computing 31 (2008).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

namespace lode::stat {

double any_order_sum(std::span<const double> values);
// Of |value|.
double any_order_abs_sum(std::span<const double> values);
// Of (value - center)^2, each rounded as written.
double any_order_squares(std::span<const double> values, double center);
// Between the least and the largest value, so equal values have exactly that mean. NaN without values.
double any_order_mean(std::span<const double> values);

}  // namespace lode::stat
