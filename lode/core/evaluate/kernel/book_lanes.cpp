// One session of a book.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/book_lanes.h"

#include <algorithm>
#include <array>

#include "lode/base/math.h"
#include "lode/core/stat/valid.h"

// SSE4, AVX2 and AVX-512; the others Highway knows would cost compile time and gain nothing here.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/evaluate/kernel/book_lanes.cpp"
#include "hwy/foreach_target.h"
#include "lode/core/evaluate/kernel/eight_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::evaluate::HWY_NAMESPACE {
namespace {

constexpr std::size_t kMostBuckets = 20;

// The names after the last whole eight, one by one: what they add to the lanes.
struct Rest {
  std::array<double, 8> traded{};
  std::array<std::array<double, 8>, kMostBuckets> earned{};
};

HWY_INLINE void walk_rest(const BookRow& row, std::size_t width, std::size_t i, double* profit, Rest& rest) {
  const std::size_t columns = row.returned.size();
  for (; i < columns; ++i) {
    const double returned = stat::is_valid(row.returned[i]) ? row.returned[i] : 0.0;
    for (std::size_t k = 1; k <= width; ++k) {
      double& weight = row.weights[k * columns + i];
      weight -= row.leaving.cells[i] == k ? row.leaving.shares[k] : 0.0;
      weight += row.entering.cells[i] == k ? row.entering.shares[k] : 0.0;
      rest.earned[k - 1][i % 8] = weight * returned;
    }
    const double now = (row.weights[width * columns + i] - row.weights[columns + i]) * row.share;
    const double change = now - row.drifted[i];
    rest.traded[i % 8] = math::abs(change);
    row.drifted[i] = now * (1.0 + returned);
    if (row.changes != nullptr) {
      row.changes[i] = change;
    }
    if (profit != nullptr) {
      profit[i] += now * returned;
    }
  }
}

template <std::size_t kParts>
void walk_of(const BookRow& row, std::size_t parts, double* earned, double* traded_out, double* profit) {
  const std::size_t width = kParts == 0 ? parts : kParts;
  const std::size_t columns = row.returned.size();
  std::array<Eight, kParts == 0 ? kMostBuckets : kParts> sums;
  std::fill_n(sums.begin(), width, set_eight(0.0));
  Eight traded = set_eight(0.0);
  const V one = hn::Set(D(), 1.0);
  const V share = hn::Set(D(), row.share);
  const std::size_t whole = columns / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8) {
    for (std::size_t v = 0; v < kVectors; ++v) {
      const std::size_t at = i + v * kStep;
      const V raw = hn::LoadU(D(), row.returned.data() + at);
      const V returned = hn::IfThenElseZero(hn::Eq(raw, raw), raw);
      const auto out = load_buckets(row.leaving.cells.data() + at);
      const auto in = load_buckets(row.entering.cells.data() + at);
      V lowest = returned;
      V weight = returned;
      for (std::size_t k = 1; k <= width; ++k) {
        double* place = row.weights + k * columns + at;
        weight =
            hn::Sub(hn::LoadU(D(), place), hn::IfThenElseZero(names_in(out, k), hn::Set(D(), row.leaving.shares[k])));
        weight = hn::Add(weight, hn::IfThenElseZero(names_in(in, k), hn::Set(D(), row.entering.shares[k])));
        hn::StoreU(weight, D(), place);
        sums[k - 1].part[v] = hn::Add(sums[k - 1].part[v], hn::Mul(weight, returned));
        lowest = k == 1 ? weight : lowest;
      }
      const V now = hn::Mul(hn::Sub(weight, lowest), share);
      const V change = hn::Sub(now, hn::LoadU(D(), row.drifted.data() + at));
      traded.part[v] = hn::Add(traded.part[v], hn::Abs(change));
      hn::StoreU(hn::Mul(now, hn::Add(one, returned)), D(), row.drifted.data() + at);
      if (row.changes != nullptr) {
        hn::StoreU(change, D(), row.changes + at);
      }
      if (profit != nullptr) {
        hn::StoreU(hn::Add(hn::LoadU(D(), profit + at), hn::Mul(now, returned)), D(), profit + at);
      }
    }
  }
  Rest rest;
  walk_rest(row, width, whole, profit, rest);
  *traded_out = joined(traded, rest.traded);
  for (std::size_t k = 0; k < width; ++k) {
    earned[k] = joined(sums[k], rest.earned[k]);
  }
}

void walk(const BookRow& row, std::size_t parts, double* earned, double* traded, double* profit) {
  const auto run = parts == 5 ? walk_of<5> : parts == 10 ? walk_of<10> : walk_of<0>;
  run(row, parts, earned, traded, profit);
}

ImpactSums impacts(std::span<const double> changes, std::span<const float> impact, std::span<const float> per_money) {
  const hn::Rebind<float, D> narrow;
  Eight changed = set_eight(0.0);
  Eight known = set_eight(0.0);
  Eight lost = set_eight(0.0);
  Eight crowd = set_eight(0.0);
  const std::size_t whole = changes.size() / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8) {
    for (std::size_t v = 0; v < kVectors; ++v) {
      const std::size_t at = i + v * kStep;
      const V size = hn::Abs(hn::LoadU(D(), changes.data() + at));
      const V cost = hn::PromoteTo(D(), hn::LoadU(narrow, impact.data() + at));
      const V crowding = hn::PromoteTo(D(), hn::LoadU(narrow, per_money.data() + at));
      const auto is_known = hn::And(hn::Eq(cost, cost), hn::Gt(size, hn::Zero(D())));
      changed.part[v] = hn::Add(changed.part[v], size);
      known.part[v] = hn::Add(known.part[v], hn::IfThenElseZero(is_known, size));
      const V lost_here = hn::Mul(hn::Mul(size, hn::Sqrt(size)), cost);
      lost.part[v] = hn::Add(lost.part[v], hn::IfThenElseZero(is_known, lost_here));
      crowd.part[v] = hn::Add(crowd.part[v], hn::IfThenElseZero(is_known, hn::Mul(hn::Mul(size, size), crowding)));
    }
  }
  std::array<std::array<double, 8>, 4> rest{};
  for (std::size_t i = whole; i < changes.size(); ++i) {
    const double size = math::abs(changes[i]);
    rest[0][i % 8] = size;
    const auto cost = static_cast<double>(impact[i]);
    if (size > 0.0 && stat::is_valid(cost)) {
      rest[1][i % 8] = size;
      rest[2][i % 8] = size * math::sqrt(size) * cost;
      rest[3][i % 8] = size * size * static_cast<double>(per_money[i]);
    }
  }
  return {joined(changed, rest[0]), joined(known, rest[1]), joined(lost, rest[2]), joined(crowd, rest[3])};
}

}  // namespace
}  // namespace lode::evaluate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "lode/base/assert.h"

namespace lode::evaluate {

HWY_EXPORT(walk);
HWY_EXPORT(impacts);

void walk_row(const BookRow& row, BookSums& sums, double* profit) {
  const std::size_t columns = row.returned.size();
  LODE_ASSERT(sums.earned.size() >= 2 && sums.earned.size() <= 20);
  LODE_ASSERT(row.leaving.cells.size() == columns && row.entering.cells.size() == columns);
  LODE_ASSERT(row.leaving.shares.size() > sums.earned.size() && row.entering.shares.size() > sums.earned.size());
  LODE_ASSERT(row.drifted.size() == columns);
  HWY_DYNAMIC_DISPATCH(walk)(row, sums.earned.size(), sums.earned.data(), &sums.traded, profit);
}

ImpactSums impact_sums(std::span<const double> changes, std::span<const float> impact,
                       std::span<const float> per_money) {
  LODE_ASSERT(impact.size() == changes.size() && per_money.size() == changes.size());
  return HWY_DYNAMIC_DISPATCH(impacts)(changes, impact, per_money);
}

}  // namespace lode::evaluate
#endif  // HWY_ONCE
