// Passes over one row.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/row_lanes.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "lode/core/stat/valid.h"

// SSE4, AVX2 and AVX-512; the others Highway knows would cost compile time and gain nothing here.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/evaluate/kernel/row_lanes.cpp"
#include "hwy/foreach_target.h"
#include "lode/core/evaluate/kernel/eight_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::evaluate::HWY_NAMESPACE {
namespace {

constexpr std::size_t kMostBuckets = 20;

void ranks(const std::uint8_t* marks, std::size_t count, std::int32_t offset, std::int16_t* table) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t i = 0; i < count; ++i) {
    offset += 2 * marks[i];
    table[i] = static_cast<std::int16_t>(offset);
  }
#else
  const hn::FixedTag<std::int16_t, 8> wide;
  const hn::Rebind<std::uint8_t, decltype(wide)> narrow;
  const hn::Repartition<std::uint64_t, decltype(narrow)> word;
  for (std::size_t i = 0; i < count; i += 8) {
    // Running sums of eight bytes inside one word, and their number, so that no word waits for the sums before it.
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, marks + i, sizeof(bytes));
    auto sums = hn::Set(word, bytes);
    sums = hn::Add(sums, hn::ShiftLeft<8>(sums));
    sums = hn::Add(sums, hn::ShiftLeft<16>(sums));
    sums = hn::Add(sums, hn::ShiftLeft<32>(sums));
    const auto places = hn::PromoteTo(wide, hn::BitCast(narrow, sums));
    hn::StoreU(hn::Add(hn::Set(wide, static_cast<std::int16_t>(offset)), hn::Add(places, places)), wide, table + i);
    offset += 2 * static_cast<std::int32_t>(std::uint64_t{0x0101010101010101} * bytes >> 56);
  }
#endif
}

std::int64_t dot(const std::int16_t* x, const std::int16_t* y, std::size_t count, std::int32_t most) {
  const hn::ScalableTag<std::int16_t> narrow;
  const hn::RepartitionToWide<decltype(narrow)> wide;
  const std::size_t step = hn::Lanes(narrow);
  // Each step adds up to two products to a lane of 32 bits.
  const std::int64_t worst = std::int64_t{2} * most * most;
  const auto safe = static_cast<std::size_t>(worst == 0 ? 1 : std::max<std::int64_t>(1, 2'147'483'647 / worst));
  std::int64_t total = 0;
  std::size_t i = 0;
  HWY_ALIGN std::int32_t lanes[hn::MaxLanes(wide)];
  while (i + step <= count) {
    auto even = hn::Zero(wide);
    auto odd = hn::Zero(wide);
    for (std::size_t steps = 0; steps < safe && i + step <= count; ++steps, i += step) {
      even = hn::ReorderWidenMulAccumulate(wide, hn::LoadU(narrow, x + i), hn::LoadU(narrow, y + i), even, odd);
    }
    for (const auto& part : {even, odd}) {
      hn::Store(part, wide, lanes);
      for (std::size_t lane = 0; lane < hn::Lanes(wide); ++lane) {
        total += lanes[lane];
      }
    }
  }
  for (; i < count; ++i) {
    total += static_cast<std::int64_t>(x[i]) * y[i];
  }
  return total;
}

ExactMoments moments(const std::int16_t* x, const std::int16_t* y, std::size_t count, std::int32_t most) {
  const hn::ScalableTag<std::int16_t> narrow;
  const hn::RepartitionToWide<decltype(narrow)> wide;
  const std::size_t step = hn::Lanes(narrow);
  const std::int64_t worst = std::max<std::int64_t>(1, std::int64_t{2} * most * most);
  const auto safe = static_cast<std::size_t>(std::max<std::int64_t>(1, 2'147'483'647 / worst));
  const auto none = hn::Set(narrow, kMissingRank);
  const auto one = hn::Set(narrow, std::int16_t{1});
  ExactMoments out;
  HWY_ALIGN std::int32_t lanes[hn::MaxLanes(wide)];
  const auto flush = [&](hn::Vec<decltype(wide)>& even, hn::Vec<decltype(wide)>& odd, std::int64_t& total) HWY_ATTR {
    hn::Store(hn::Add(even, odd), wide, lanes);  // Only one of them is used where a lane takes two products.
    even = hn::Zero(wide);
    odd = hn::Zero(wide);
    for (std::size_t lane = 0; lane < hn::Lanes(wide); ++lane) {
      total += lanes[lane];
    }
  };
  using Sum = std::array<hn::Vec<decltype(wide)>, 2>;
  Sum n{hn::Zero(wide), hn::Zero(wide)};
  Sum sx = n;
  Sum sy = n;
  Sum xx = n;
  Sum yy = n;
  Sum xy = n;
  const auto add = [&](Sum& sum, hn::Vec<decltype(narrow)> a, hn::Vec<decltype(narrow)> b)
                       HWY_ATTR { sum[0] = hn::ReorderWidenMulAccumulate(wide, a, b, sum[0], sum[1]); };
  std::size_t i = 0;
  while (i + step <= count) {
    for (std::size_t steps = 0; steps < safe && i + step <= count; ++steps, i += step) {
      const auto raw_a = hn::LoadU(narrow, x + i);
      const auto raw_b = hn::LoadU(narrow, y + i);
      const auto missing = hn::Or(hn::Eq(raw_a, none), hn::Eq(raw_b, none));
      const auto a = hn::IfThenZeroElse(missing, raw_a);
      const auto b = hn::IfThenZeroElse(missing, raw_b);
      add(n, hn::IfThenZeroElse(missing, one), one);
      add(sx, a, one);
      add(sy, b, one);
      add(xx, a, a);
      add(yy, b, b);
      add(xy, a, b);
    }
    flush(n[0], n[1], out.n);
    flush(sx[0], sx[1], out.x);
    flush(sy[0], sy[1], out.y);
    flush(xx[0], xx[1], out.xx);
    flush(yy[0], yy[1], out.yy);
    flush(xy[0], xy[1], out.xy);
  }
  for (; i < count; ++i) {
    if (x[i] != kMissingRank && y[i] != kMissingRank) {
      const std::int64_t a = x[i];
      const std::int64_t b = y[i];
      out = {out.n + 1, out.x + a, out.y + b, out.xx + a * a, out.yy + b * b, out.xy + a * b};
    }
  }
  return out;
}

void shares(const std::int16_t* twice, double unit, std::size_t count, double* out) {
  const hn::Rebind<std::int32_t, D> middle;
  const hn::Rebind<std::int16_t, D> narrow;
  const V none = hn::Set(D(), static_cast<double>(kMissingRank));
  const V divisor = hn::Set(D(), unit);
  std::size_t i = 0;
  for (; i + kStep <= count; i += kStep) {
    const V value = hn::PromoteTo(D(), hn::PromoteTo(middle, hn::LoadU(narrow, twice + i)));
    hn::StoreU(hn::IfThenZeroElse(hn::Eq(value, none), hn::Div(value, divisor)), D(), out + i);
  }
  for (; i < count; ++i) {
    out[i] = twice[i] == kMissingRank ? 0.0 : twice[i] / unit;
  }
}

void scored(const double* values, double center, double scale, std::size_t count, double* out) {
  const V mean = hn::Set(D(), center);
  const V divisor = hn::Set(D(), scale);
  std::size_t i = 0;
  for (; i + kStep <= count; i += kStep) {
    const V value = hn::LoadU(D(), values + i);
    hn::StoreU(hn::IfThenElseZero(hn::Eq(value, value), hn::Div(hn::Sub(value, mean), divisor)), D(), out + i);
  }
  for (; i < count; ++i) {
    out[i] = stat::is_valid(values[i]) ? (values[i] - center) / scale : 0.0;
  }
}

std::int64_t sum(const std::int32_t* values, std::size_t count) {
  const hn::ScalableTag<std::int64_t> wide;
  const hn::Rebind<std::int32_t, decltype(wide)> narrow;
  const std::size_t step = hn::Lanes(wide);
  auto low = hn::Zero(wide);
  auto high = hn::Zero(wide);
  std::size_t i = 0;
  for (; i + 2 * step <= count; i += 2 * step) {
    low = hn::Add(low, hn::PromoteTo(wide, hn::LoadU(narrow, values + i)));
    high = hn::Add(high, hn::PromoteTo(wide, hn::LoadU(narrow, values + i + step)));
  }
  std::int64_t total = hn::GetLane(hn::SumOfLanes(wide, hn::Add(low, high)));
  for (; i < count; ++i) {
    total += values[i];
  }
  return total;
}

// Bytes of a vector go into one count a bucket.
void stayers(const std::uint8_t* now, const std::uint8_t* then, std::size_t count, std::span<std::uint32_t> stayed) {
  const hn::ScalableTag<std::uint8_t> bytes;
  std::size_t i = 0;
  for (; i + hn::Lanes(bytes) <= count; i += hn::Lanes(bytes)) {
    const auto a = hn::LoadU(bytes, now + i);
    const auto same = hn::IfThenElseZero(hn::Eq(a, hn::LoadU(bytes, then + i)), a);
    for (std::size_t k = 0; k < stayed.size(); ++k) {
      const auto in = hn::Eq(same, hn::Set(bytes, static_cast<std::uint8_t>(k + 1)));
      stayed[k] += static_cast<std::uint32_t>(hn::CountTrue(bytes, in));
    }
  }
  for (; i < count; ++i) {
    if (now[i] != 0 && now[i] == then[i]) {
      ++stayed[now[i] - 1U];
    }
  }
}

void returns(const double* later, const double* sooner, const std::uint8_t* marks, std::size_t count, double* out) {
  const V none = hn::Set(D(), stat::kMissing);
  const V one = hn::Set(D(), 1.0);
  std::size_t i = 0;
  for (; i + kStep <= count; i += kStep) {
    const V earned = hn::Sub(hn::Div(hn::LoadU(D(), later + i), hn::LoadU(D(), sooner + i)), one);
    hn::StoreU(hn::IfThenElse(names_in(load_buckets(marks + i), 0), none, earned), D(), out + i);
  }
  for (; i < count; ++i) {
    out[i] = marks[i] != 0 ? later[i] / sooner[i] - 1.0 : stat::kMissing;
  }
}

// Up to kParts windows at a time, so that their sums stay in registers.
template <std::size_t kParts>
void hold(const double* one, const double* now, const double* const* past, std::size_t count, double* totals) {
  std::array<Eight, kParts> dots;
  dots.fill(set_eight(0.0));
  const std::size_t whole = count / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8) {
    for (std::size_t v = 0; v < kVectors; ++v) {
      const std::size_t at = i + v * kStep;
      const V a = hn::LoadU(D(), one + at);
      const V b = hn::LoadU(D(), now + at);
      for (std::size_t h = 0; h < kParts; ++h) {
        const V window = hn::Sub(b, hn::LoadU(D(), past[h] + at));
        dots[h].part[v] = hn::Add(dots[h].part[v], hn::Mul(a, window));
      }
    }
  }
  for (std::size_t h = 0; h < kParts; ++h) {
    std::array<double, 8> rest{};
    for (std::size_t i = whole; i < count; ++i) {
      rest[i % 8] = one[i] * (now[i] - past[h][i]);
    }
    totals[h] += joined(dots[h], rest);
  }
}

void add_hold(const double* before, const double* more, const double* one, const double* const* past,
              std::size_t windows, std::size_t count, double* sums, double* totals) {
  std::size_t i = 0;
  for (; i + kStep <= count; i += kStep) {
    hn::StoreU(hn::Add(hn::LoadU(D(), before + i), hn::LoadU(D(), more + i)), D(), sums + i);
  }
  for (; i < count; ++i) {
    sums[i] = before[i] + more[i];
  }
  std::size_t h = 0;
  for (; h + 4 <= windows; h += 4) {
    hold<4>(one, sums, past + h, count, totals + h);
  }
  for (; h < windows; ++h) {
    hold<1>(one, sums, past + h, count, totals + h);
  }
}

template <std::size_t kParts>
void sums_of(const double* x, const double* y, const std::uint8_t* buckets, std::size_t count, std::size_t parts,
             double* sum_x, double* totals) {
  const std::size_t width = kParts == 0 ? parts : kParts;
  std::array<Eight, kParts == 0 ? kMostBuckets : kParts> by_bucket;
  std::fill_n(by_bucket.begin(), width, set_eight(0.0));
  Eight all_x = set_eight(0.0);
  const std::size_t whole = count / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8) {
    for (std::size_t v = 0; v < kVectors; ++v) {
      const std::size_t at = i + v * kStep;
      const auto bucket = load_buckets(buckets + at);
      const V a = hn::LoadU(D(), x + at);
      const V b = hn::LoadU(D(), y + at);
      all_x.part[v] = hn::Add(all_x.part[v], hn::IfThenZeroElse(names_in(bucket, 0), a));
      for (std::size_t k = 0; k < width; ++k) {
        by_bucket[k].part[v] = hn::Add(by_bucket[k].part[v], hn::IfThenElseZero(names_in(bucket, k + 1), b));
      }
    }
  }
  std::array<std::array<double, 8>, kMostBuckets + 1> rest{};
  for (std::size_t i = whole; i < count; ++i) {
    if (buckets[i] != 0) {
      rest[0][i % 8] = x[i];
      rest[buckets[i]][i % 8] = y[i];
    }
  }
  *sum_x = joined(all_x, rest[0]);
  for (std::size_t k = 0; k < width; ++k) {
    totals[k] = joined(by_bucket[k], rest[k + 1]);
  }
}

void sums(const double* x, const double* y, const std::uint8_t* buckets, std::size_t count, std::size_t parts,
          double* sum_x, double* totals) {
  const auto run = parts == 5 ? sums_of<5> : parts == 10 ? sums_of<10> : sums_of<0>;
  run(x, y, buckets, count, parts, sum_x, totals);
}

Products products(const double* x, const double* y, const std::uint8_t* buckets, std::size_t count, double center_x,
                  double center_y) {
  Eight xx = set_eight(0.0);
  Eight yy = set_eight(0.0);
  Eight xy = set_eight(0.0);
  Eight size_x = set_eight(0.0);
  const V mean_x = hn::Set(D(), center_x);
  const V mean_y = hn::Set(D(), center_y);
  const std::size_t whole = count / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8) {
    for (std::size_t v = 0; v < kVectors; ++v) {
      const std::size_t at = i + v * kStep;
      const auto none = names_in(load_buckets(buckets + at), 0);
      const V a = hn::IfThenZeroElse(none, hn::Sub(hn::LoadU(D(), x + at), mean_x));
      const V b = hn::IfThenZeroElse(none, hn::Sub(hn::LoadU(D(), y + at), mean_y));
      xx.part[v] = hn::Add(xx.part[v], hn::Mul(a, a));
      yy.part[v] = hn::Add(yy.part[v], hn::Mul(b, b));
      xy.part[v] = hn::Add(xy.part[v], hn::Mul(a, b));
      size_x.part[v] = hn::Add(size_x.part[v], hn::Abs(a));
    }
  }
  std::array<double, 8> rest_xx{};
  std::array<double, 8> rest_yy{};
  std::array<double, 8> rest_xy{};
  std::array<double, 8> rest_size{};
  for (std::size_t i = whole; i < count; ++i) {
    const double a = buckets[i] != 0 ? x[i] - center_x : 0.0;
    const double b = buckets[i] != 0 ? y[i] - center_y : 0.0;
    rest_xx[i % 8] = a * a;
    rest_yy[i % 8] = b * b;
    rest_xy[i % 8] = a * b;
    rest_size[i % 8] = a < 0.0 ? -a : a;
  }
  return {joined(xx, rest_xx), joined(yy, rest_yy), joined(xy, rest_xy), joined(size_x, rest_size)};
}

}  // namespace
}  // namespace lode::evaluate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "lode/base/assert.h"

namespace lode::evaluate {

HWY_EXPORT(ranks);
HWY_EXPORT(moments);
HWY_EXPORT(shares);
HWY_EXPORT(scored);
HWY_EXPORT(sum);
HWY_EXPORT(dot);
HWY_EXPORT(add_hold);
HWY_EXPORT(stayers);
HWY_EXPORT(returns);
HWY_EXPORT(sums);
HWY_EXPORT(products);

void running_ranks(std::span<const std::uint8_t> marks, std::int32_t offset, std::int16_t* table) {
  HWY_DYNAMIC_DISPATCH(ranks)(marks.data(), marks.size(), offset, table);
}

std::int64_t exact_dot(std::span<const std::int16_t> x, std::span<const std::int16_t> y, std::int32_t most) {
  LODE_ASSERT(x.size() == y.size());
  LODE_ASSERT(most >= 0 && most <= 32'766);
  return HWY_DYNAMIC_DISPATCH(dot)(x.data(), y.data(), x.size(), most);
}

ExactMoments exact_moments(std::span<const std::int16_t> x, std::span<const std::int16_t> y, std::int32_t most) {
  LODE_ASSERT(x.size() == y.size());
  LODE_ASSERT(most >= 0 && most <= 32'766);
  return HWY_DYNAMIC_DISPATCH(moments)(x.data(), y.data(), x.size(), most);
}

void rank_shares(std::span<const std::int16_t> twice, double unit, std::span<double> out) {
  LODE_ASSERT(twice.size() == out.size());
  HWY_DYNAMIC_DISPATCH(shares)(twice.data(), unit, out.size(), out.data());
}

void scores(std::span<const double> values, double center, double scale, std::span<double> out) {
  LODE_ASSERT(values.size() == out.size());
  HWY_DYNAMIC_DISPATCH(scored)(values.data(), center, scale, out.size(), out.data());
}

std::int64_t exact_sum(std::span<const std::int32_t> values) {
  return HWY_DYNAMIC_DISPATCH(sum)(values.data(), values.size());
}

void count_stayers(std::span<const std::uint8_t> now, std::span<const std::uint8_t> then,
                   std::span<std::uint32_t> stayed) {
  LODE_ASSERT(now.size() == then.size());
  std::fill(stayed.begin(), stayed.end(), 0U);
  HWY_DYNAMIC_DISPATCH(stayers)(now.data(), then.data(), now.size(), stayed);
}

void add_and_hold(std::span<const double> before, std::span<const double> more, std::span<const double> one,
                  std::span<const double* const> past, std::span<double> sums, std::span<double> totals) {
  LODE_ASSERT(before.size() == sums.size() && more.size() == sums.size() && one.size() == sums.size());
  LODE_ASSERT(totals.size() == past.size());
  HWY_DYNAMIC_DISPATCH(add_hold)
  (before.data(), more.data(), one.data(), past.data(), past.size(), sums.size(), sums.data(), totals.data());
}

void masked_returns(std::span<const double> later, std::span<const double> sooner, std::span<const std::uint8_t> marks,
                    std::span<double> out) {
  LODE_ASSERT(later.size() == out.size() && sooner.size() == out.size() && marks.size() == out.size());
  HWY_DYNAMIC_DISPATCH(returns)(later.data(), sooner.data(), marks.data(), out.size(), out.data());
}

void bucket_sums(std::span<const double> x, std::span<const double> y, std::span<const std::uint8_t> buckets,
                 BucketSums& out) {
  LODE_ASSERT(x.size() == y.size() && x.size() == buckets.size());
  LODE_ASSERT(out.totals.size() <= 20);
  HWY_DYNAMIC_DISPATCH(sums)
  (x.data(), y.data(), buckets.data(), x.size(), out.totals.size(), &out.x, out.totals.data());
}

Products bucket_products(std::span<const double> x, std::span<const double> y, std::span<const std::uint8_t> buckets,
                         double center_x, double center_y) {
  LODE_ASSERT(x.size() == y.size() && x.size() == buckets.size());
  return HWY_DYNAMIC_DISPATCH(products)(x.data(), y.data(), buckets.data(), x.size(), center_x, center_y);
}

}  // namespace lode::evaluate
#endif  // HWY_ONCE
