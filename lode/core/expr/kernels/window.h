// Window kernels: the last `days` sessions of each instrument, full unless min_periods says otherwise. The exact
// definition of each stands in its operator's Spec.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/core/expr/kernels/kernel.h"

// X(kernel, body of window_plain.cpp)
#define LODE_PLAIN_WINDOW_KERNELS(X) \
  X(ts_sum, Sum)                     \
  X(ts_mean, Mean)                   \
  X(ts_product, Product)             \
  X(ts_min, Least)                   \
  X(ts_max, Most)                    \
  X(ts_argmin, LeastPosition)        \
  X(ts_argmax, MostPosition)         \
  X(ts_scale, Scale)                 \
  X(ts_rank, Rank)                   \
  X(decay_linear, DecayLinear)       \
  X(count, Count)                    \
  X(sumif, SumIf)                    \
  X(days_since, DaysSince)

// X(kernel, body of window_moment.cpp)
#define LODE_MOMENT_WINDOW_KERNELS(X) \
  X(ts_mad, MeanAbsoluteDeviation)    \
  X(ts_var, Variance)                 \
  X(ts_std, Deviation)                \
  X(ts_zscore, ZScore)                \
  X(ts_skew, Skew)                    \
  X(ts_kurt, Kurtosis)                \
  X(ts_cov, Covariance)               \
  X(ts_beta, Beta)                    \
  X(ts_alpha, Intercept)              \
  X(ts_regresi, RegressionResidual)   \
  X(ts_slope, Slope)                  \
  X(ts_rsquare, RSquare)              \
  X(ts_resid, TrendResidual)

namespace lode::expr::kernels {

#define LODE_DECLARE(name, ...) Kernel name();
LODE_PLAIN_WINDOW_KERNELS(LODE_DECLARE)
LODE_MOMENT_WINDOW_KERNELS(LODE_DECLARE)
LODE_DECLARE(ts_corr)
#undef LODE_DECLARE

// Literal 1 is q, from 0 to 1: the quantile by linear interpolation at q (v - 1) of the v sorted values.
Kernel ts_quantile();
Kernel ts_median();

}  // namespace lode::expr::kernels
