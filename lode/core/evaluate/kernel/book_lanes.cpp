// One session of a book.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/book_lanes.h"

#include <array>

#include "lode/base/math.h"
#include "lode/core/stat/valid.h"

// SSE4, AVX2 and AVX-512; the others Highway knows would cost compile time and gain nothing here.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/evaluate/kernel/book_lanes.cpp"
#include "hwy/foreach_target.h"
#include "lode/core/stat/four_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::evaluate::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using stat::HWY_NAMESPACE::D;
using stat::HWY_NAMESPACE::Four;
using stat::HWY_NAMESPACE::joined;
using stat::HWY_NAMESPACE::kStep;
using stat::HWY_NAMESPACE::kVectors;
using stat::HWY_NAMESPACE::lanes_of;
using stat::HWY_NAMESPACE::set_four;
using stat::HWY_NAMESPACE::V;

constexpr std::size_t kMostBuckets = 20;

// Writes four names from `i` and adds what they traded.
HWY_INLINE void write_four(const BookRow& row, const double* longs, const double* shorts, std::size_t i, Four& traded,
                           double* profit) {
  for (std::size_t k = 0; k < kVectors; ++k) {
    const std::size_t at = i + k * kStep;
    const V raw = hn::LoadU(D(), row.returned.data() + at);
    const V earned = hn::IfThenElseZero(hn::Eq(raw, raw), raw);
    const V now = hn::Mul(hn::Sub(hn::LoadU(D(), longs + at), hn::LoadU(D(), shorts + at)), hn::Set(D(), row.share));
    const V kept = hn::Mul(hn::LoadU(D(), row.before.data() + at),
                           hn::Add(hn::Set(D(), 1.0), hn::LoadU(D(), row.drift.data() + at)));
    hn::StoreU(earned, D(), row.returns.data() + at);
    hn::StoreU(now, D(), row.now.data() + at);
    traded.part[k] = hn::Add(traded.part[k], hn::Abs(hn::Sub(now, kept)));
    if (profit != nullptr) {
      hn::StoreU(hn::Add(hn::LoadU(D(), profit + at), hn::Mul(now, earned)), D(), profit + at);
    }
  }
}

// The names after the last whole four, one by one in their lanes.
HWY_INLINE void write_rest(const BookRow& row, const double* longs, const double* shorts, std::size_t i,
                           std::array<double, 4>& traded, double* profit) {
  for (; i < row.now.size(); ++i) {
    row.returns[i] = stat::is_valid(row.returned[i]) ? row.returned[i] : 0.0;
    row.now[i] = (longs[i] - shorts[i]) * row.share;
    traded[i % 4] += math::abs(row.now[i] - row.before[i] * (1.0 + row.drift[i]));
    if (profit != nullptr) {
      profit[i] += row.now[i] * row.returns[i];
    }
  }
}

void walk(const BookRow& row, BookSums& sums, double* profit) {
  const std::size_t columns = row.now.size();
  const std::size_t buckets = sums.earned.size();
  const double* shorts = row.weights + columns;
  const double* longs = row.weights + buckets * columns;
  std::array<Four, kMostBuckets> earned;
  std::fill_n(earned.begin(), buckets, set_four(0.0));
  Four traded = set_four(0.0);
  const std::size_t whole = columns / 4 * 4;
  for (std::size_t i = 0; i < whole; i += 4) {
    write_four(row, longs, shorts, i, traded, profit);
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
      const double* weights = shorts + bucket * columns + i;
      for (std::size_t k = 0; k < kVectors; ++k) {
        const V product =
            hn::Mul(hn::LoadU(D(), weights + k * kStep), hn::LoadU(D(), row.returns.data() + i + k * kStep));
        earned[bucket].part[k] = hn::Add(earned[bucket].part[k], product);
      }
    }
  }
  auto traded_lanes = lanes_of(traded);
  write_rest(row, longs, shorts, whole, traded_lanes, profit);
  sums.traded = joined(traded_lanes);
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    auto lane = lanes_of(earned[bucket]);
    for (std::size_t i = whole; i < columns; ++i) {
      lane[i % 4] += shorts[bucket * columns + i] * row.returns[i];
    }
    sums.earned[bucket] = joined(lane);
  }
}

}  // namespace
}  // namespace lode::evaluate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "lode/base/assert.h"

namespace lode::evaluate {

HWY_EXPORT(walk);

void walk_row(const BookRow& row, BookSums& sums, double* profit) {
  LODE_ASSERT(sums.earned.size() >= 2 && sums.earned.size() <= 20);
  HWY_DYNAMIC_DISPATCH(walk)(row, sums, profit);
}

}  // namespace lode::evaluate
#endif  // HWY_ONCE
