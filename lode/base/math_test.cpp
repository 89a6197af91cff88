// Tests of the elementary functions: accuracy against long double libm, exact special values, and equal bits of scalar
// and every vector width.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/math.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "lode/base/math_lanes.h"
#include "lode/base/random.h"

namespace lode {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const double kNan = std::nan("");
constexpr int kSamples = 50'000;

std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }

// Distance from the exact value in units of the last place of the double nearest to it.
double ulps(double value, long double exact) {
  const double nearest = std::fabs(static_cast<double>(exact));
  const double unit = std::nextafter(nearest, kInfinity) - nearest;
  return static_cast<double>(std::fabs(static_cast<long double>(value) - exact) / static_cast<long double>(unit));
}

struct Accuracy {
  const char* name;
  double (*ours)(double);
  long double (*exact)(long double);
  double low;
  double high;
  double ulps_max;
};

TEST(Math, IsWithinItsPromisedError) {
  const Accuracy cases[] = {
      {"exp", math::exp, std::exp, -700, 700, 1.0},       {"log", math::log, std::log, 1e-300, 1e3, 1.0},
      {"log near 1", math::log, std::log, 0.9, 1.1, 1.0}, {"log1p", math::log1p, std::log1p, -0.999, 10, 1.0},
      {"expm1", math::expm1, std::expm1, -5, 5, 1.0},     {"tan", math::tan, std::tan, -1000, 1000, 1.0},
      {"asin", math::asin, std::asin, -1, 1, 1.0},        {"acos", math::acos, std::acos, -1, 1, 1.0},
      {"atan", math::atan, std::atan, -1000, 1000, 1.0},  {"sinh", math::sinh, std::sinh, -20, 20, 1.0},
      {"cosh", math::cosh, std::cosh, -20, 20, 1.0},      {"log10", math::log10, std::log10, 1e-300, 1000, 1.0},
      {"sin", math::sin, std::sin, -1000, 1000, 1.0},     {"cos", math::cos, std::cos, -1000, 1000, 1.0},
      {"tanh", math::tanh, std::tanh, -20, 20, 1.0},      {"erf", math::erf, std::erf, -5, 5, 1.0},
      {"erfc", math::erfc, std::erfc, -5, 26, 1.5},       {"lgamma", math::lgamma, std::lgamma, 0.01, 170, 1.0},
  };
  for (const Accuracy& one : cases) {
    Random random(21, 0);
    double worst = 0.0;
    for (int i = 0; i < kSamples; ++i) {
      const double x = one.low + (one.high - one.low) * random.next_uniform();
      worst = std::max(worst, ulps(one.ours(x), one.exact(x)));
    }
    EXPECT_LE(worst, one.ulps_max) << one.name;
  }
}

TEST(Math, PowIsWithinItsPromisedError) {
  Random random(22, 0);
  double worst = 0.0;
  for (int i = 0; i < kSamples; ++i) {
    const double x = 100.0 * random.next_uniform();
    const double y = 20.0 * random.next_uniform() - 10.0;
    worst = std::max(worst, ulps(math::pow(x, y), std::pow(static_cast<long double>(x), static_cast<long double>(y))));
  }
  EXPECT_LE(worst, 1.0);
}

TEST(Math, SpecialValues) {
  EXPECT_EQ(math::exp(0.0), 1.0);
  EXPECT_EQ(math::exp(710.0), kInfinity);
  EXPECT_EQ(math::exp(-kInfinity), 0.0);
  EXPECT_EQ(math::exp(kInfinity), kInfinity);
  EXPECT_EQ(math::log(1.0), 0.0);
  EXPECT_EQ(math::log(0.0), -kInfinity);
  EXPECT_EQ(math::log(kInfinity), kInfinity);
  EXPECT_EQ(math::log1p(0.0), 0.0);
  EXPECT_EQ(math::expm1(0.0), 0.0);
  EXPECT_EQ(math::tanh(kInfinity), 1.0);
  EXPECT_EQ(math::erf(0.0), 0.0);
  EXPECT_EQ(math::erfc(0.0), 1.0);
  EXPECT_EQ(math::erfc(-kInfinity), 2.0);
  EXPECT_EQ(math::lgamma(1.0), 0.0);
  EXPECT_EQ(math::lgamma(2.0), 0.0);
  EXPECT_EQ(math::pow(2.0, 10.0), 1024.0);
  EXPECT_EQ(math::pow(-2.0, 3.0), -8.0);
  EXPECT_EQ(math::pow(0.0, 0.0), 1.0);
  EXPECT_EQ(math::pow(2.0, -1.0), 0.5);
  EXPECT_EQ(math::pow(10.0, 400.0), kInfinity);
}

TEST(Math, DomainErrorsAndMissingAreNan) {
  EXPECT_TRUE(math::is_nan(math::log(-1.0)));
  EXPECT_TRUE(math::is_nan(math::sqrt(-1.0)));
  EXPECT_TRUE(math::is_nan(math::pow(-2.0, 0.5)));
  EXPECT_TRUE(math::is_nan(math::log1p(-2.0)));
  for (double (*function)(double) :
       {math::exp, math::log, math::log1p, math::expm1, math::sin, math::cos, math::tanh, math::erf, math::erfc,
        math::lgamma, math::sqrt, math::floor, math::ceil, math::round_even, math::abs}) {
    EXPECT_TRUE(math::is_nan(function(kNan)));
  }
}

TEST(Math, AFusedSumIsRoundedOnce) {
  const double above = 1.0 + 0x1p-30;
  const double below = 1.0 - 0x1p-30;
  EXPECT_EQ(math::fused(above, below, -1.0), -0x1p-60) << "above * below alone rounds to 1";
  EXPECT_EQ(math::fused(0.1, 10.0, -1.0), 0x1p-54) << "a tenth is 2^-54 / 10 too large";
  EXPECT_EQ(math::fused(1e300, 1e300, -kInfinity), -kInfinity) << "the product alone overflows";
  EXPECT_TRUE(math::is_nan(math::fused(kNan, 1.0, 1.0)));
  EXPECT_TRUE(math::is_nan(math::fused(kInfinity, 0.0, 1.0)));
}

TEST(Math, RoundingAndSigns) {
  EXPECT_EQ(math::floor(-1.5), -2.0);
  EXPECT_EQ(math::ceil(-1.5), -1.0);
  EXPECT_EQ(math::round_even(0.5), 0.0);
  EXPECT_EQ(math::round_even(1.5), 2.0);
  EXPECT_EQ(math::round_even(-2.5), -2.0);
  EXPECT_EQ(math::abs(-3.0), 3.0);
  EXPECT_EQ(math::sqrt(2.0), 1.4142135623730951);
  EXPECT_TRUE(math::is_finite(1.0));
  EXPECT_FALSE(math::is_finite(kInfinity));
  EXPECT_FALSE(math::is_finite(kNan));
}

// What real panels hold and what breaks kernels: ordinary values, edges, zeros of both signs, subnormals, missing.
std::vector<double> mixed_values(std::uint64_t seed) {
  const double special[] = {0.0,    -0.0,  kNan,   kInfinity, -kInfinity, 1.0, -1.0,     709.78, -745.13,
                            5e-324, 1e308, -1e308, 2.2e-308,  1e-310,     0.5, 0.999999, 1e-8,   3.0};
  Random random(seed, 9);
  std::vector<double> values;
  for (int i = 0; i < kSamples; ++i) {
    const std::uint64_t kind = random.next_below(10);
    values.push_back(kind == 0   ? special[random.next_below(std::size(special))]
                     : kind == 1 ? std::bit_cast<double>(random.next_bits())
                     : kind < 6  ? 20.0 * random.next_uniform() - 10.0
                                 : 1000.0 * random.next_uniform());
  }
  return values;
}

// Any NaN is the missing value; its payload carries nothing.
void expect_same_bits(const std::vector<double>& one, const std::vector<double>& other, const std::string& what) {
  ASSERT_EQ(one.size(), other.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    const bool is_same = (std::isnan(one[i]) && std::isnan(other[i])) || bits(one[i]) == bits(other[i]);
    ASSERT_TRUE(is_same) << what << " at " << i << ": " << one[i] << " and " << other[i];
  }
}

TEST(MathArrays, EveryWidthGivesTheBitsOfTheScalars) {
  using Scalar = double (*)(double);
  using Array = void (*)(const double*, double*, std::size_t);
  const std::vector<double> x = mixed_values(31);
  const std::vector<double> y = mixed_values(32);
  std::vector<double> expected(x.size());
  std::vector<double> out(x.size());
  for (const math::Lanes& lanes : math::usable_lanes()) {
    const std::pair<Scalar, Array> functions[] = {
        {math::exp, lanes.exp},   {math::log, lanes.log},   {math::tanh, lanes.tanh}, {math::log10, lanes.log10},
        {math::asin, lanes.asin}, {math::acos, lanes.acos}, {math::atan, lanes.atan}, {math::sinh, lanes.sinh},
        {math::cosh, lanes.cosh}, {math::sin, lanes.sin},   {math::cos, lanes.cos},   {math::tan, lanes.tan}};
    for (const auto& [scalar, array] : functions) {
      std::transform(x.begin(), x.end(), expected.begin(), scalar);
      array(x.data(), out.data(), x.size());
      expect_same_bits(expected, out, lanes.name);
    }
    std::transform(x.begin(), x.end(), y.begin(), expected.begin(), [](double a, double b) { return math::pow(a, b); });
    lanes.pow(x.data(), y.data(), out.data(), x.size());
    expect_same_bits(expected, out, std::string(lanes.name) + " pow");
  }
}

// Where SLEEF takes another way to reduce an angle, and with neighbours that take another than it.
TEST(MathArrays, AnAngleHasTheBitsOfTheScalarBesideAnyOther) {
  using Scalar = double (*)(double);
  using Array = void (*)(const double*, double*, std::size_t);
  const double inf = std::numeric_limits<double>::infinity();
  std::vector<double> edges = {0.0, -0.0, 1.0, 14.9, 100.0, 1e6, 1e13, 1e15, 1e300, inf, std::nan("")};
  for (const double edge : {15.0, 1e14}) {
    edges.insert(edges.end(), {std::nextafter(edge, 0.0), edge, std::nextafter(edge, inf), -edge});
  }
  std::vector<double> x;
  for (const double one : edges) {
    for (const double other : edges) {
      x.insert(x.end(), 8, one);  // A whole vector of it, then beside another.
      x.insert(x.end(), {one, other, other, other, other, other, other, one});
    }
  }
  std::vector<double> expected(x.size());
  std::vector<double> out(x.size());
  for (const math::Lanes& lanes : math::usable_lanes()) {
    const std::pair<Scalar, Array> functions[] = {
        {math::sin, lanes.sin}, {math::cos, lanes.cos}, {math::tan, lanes.tan}};
    for (const auto& [scalar, array] : functions) {
      std::transform(x.begin(), x.end(), expected.begin(), scalar);
      array(x.data(), out.data(), x.size());
      expect_same_bits(expected, out, lanes.name);
    }
  }
}

TEST(MathArrays, PowersOfFloatsHaveTheSameBitsAtEveryWidthAndTheirPromisedError) {
  std::vector<float> x;
  std::vector<float> y;
  for (const double value : mixed_values(33)) {
    x.push_back(static_cast<float>(value));
  }
  for (const double value : mixed_values(34)) {
    y.push_back(static_cast<float>(value));
  }
  std::vector<float> expected(x.size());
  std::vector<float> out(x.size());
  math::usable_lanes().front().pow32(x.data(), y.data(), expected.data(), x.size());
  for (const math::Lanes& lanes : math::usable_lanes()) {
    lanes.pow32(x.data(), y.data(), out.data(), x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      ASSERT_TRUE((std::isnan(out[i]) && std::isnan(expected[i])) ||
                  std::bit_cast<std::uint32_t>(out[i]) == std::bit_cast<std::uint32_t>(expected[i]))
          << lanes.name << " " << x[i] << "^" << y[i];
    }
  }
  math::pow(x.data(), y.data(), out.data(), x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double exact = math::pow(static_cast<double>(x[i]), static_cast<double>(y[i]));
    const double size = std::fabs(exact);
    if (std::isnan(exact)) {
      EXPECT_TRUE(std::isnan(out[i])) << x[i] << "^" << y[i];
    } else if (size > 1e-37 && size < 3e38) {
      const double ulp = std::ldexp(1.0, std::ilogb(size) - 23);
      EXPECT_LE(std::fabs(static_cast<double>(out[i]) - exact), ulp * 1.001) << x[i] << "^" << y[i];
    } else if (size > 4e38) {
      EXPECT_TRUE(std::isinf(out[i])) << x[i] << "^" << y[i];
    }
  }
}

TEST(MathArrays, EveryLengthAndInPlace) {
  for (std::size_t n = 0; n <= 40; ++n) {
    std::vector<double> values(n);
    std::vector<double> expected(n);
    for (std::size_t i = 0; i < n; ++i) {
      values[i] = 0.1 + static_cast<double>(i);
      expected[i] = math::log(values[i]);
    }
    std::vector<double> out(n + 1, -7.0);
    math::log(values.data(), out.data(), n);
    EXPECT_EQ(out.back(), -7.0) << "nothing is written beyond n";
    out.pop_back();
    expect_same_bits(expected, out, "apart");
    math::log(values.data(), values.data(), n);
    expect_same_bits(expected, values, "in place");
  }
}

TEST(MathArrays, TheWidestKernelsServe) {
  const std::vector<double> x = {0.5, 1.0, 2.0};
  const std::vector<double> y = {2.0, 3.0, 0.5};
  std::vector<double> out(3);
  math::exp(x.data(), out.data(), 3);
  EXPECT_EQ(out[1], math::exp(1.0));
  math::tanh(x.data(), out.data(), 3);
  EXPECT_EQ(out[2], math::tanh(2.0));
  math::pow(x.data(), y.data(), out.data(), 3);
  EXPECT_EQ(out[0], 0.25);
}

// Bits of a few values, so that another machine or library version cannot drift unseen.
TEST(Math, GoldenBits) {
  EXPECT_EQ(math::exp(1.0), 2.7182818284590455);  // SLEEF rounds up here; the nearest double ends in 45.
  EXPECT_EQ(math::log(10.0), 2.302585092994046);
  EXPECT_EQ(math::pow(2.0, 0.5), 1.4142135623730951);
  EXPECT_EQ(math::tanh(1.0), 0.7615941559557649);
  EXPECT_EQ(math::erf(0.5), 0.5204998778130465);
}

// 20 digits by mpmath; the first three stand in Wichura 1988, table on page 482.
TEST(NormalQuantile, LiteratureValues) {
  const std::pair<double, long double> cases[] = {
      {0.25, -0.6744897501960817432L},   {0.001, -3.0902323061678135354L},
      {1e-20, -9.2623400897984075796L},  {0.5, 0.0L},
      {0.07, -1.4757910281791706856L},   {0.0001, -3.7190164854556805523L},
      {0.925, 1.4395314709384562291L},   {0.975, 1.9599639845400538556L},
      {0.6, 0.25334710313579974132L},    {1e-10, -6.3613409024040561991L},
      {1e-300, -37.047096299361199237L}, {0.9999, 3.7190164854557083867L},
  };
  for (const auto& [p, exact] : cases) {
    EXPECT_NEAR(math::normal_quantile(p), static_cast<double>(exact), 4e-16 * static_cast<double>(std::fabs(exact)))
        << p;
  }
}

TEST(NormalQuantile, InvertsTheDistribution) {
  for (double p = 0.001; p < 1.0; p += 0.001) {
    const double back = 0.5 * std::erfc(-math::normal_quantile(p) / std::sqrt(2.0));
    EXPECT_NEAR(back, p, 2e-15);
  }
}

TEST(NormalQuantile, EdgesAndBeyond) {
  EXPECT_EQ(math::normal_quantile(0.0), -kInfinity);
  EXPECT_EQ(math::normal_quantile(1.0), kInfinity);
  EXPECT_TRUE(math::is_nan(math::normal_quantile(-0.1)));
  EXPECT_TRUE(math::is_nan(math::normal_quantile(1.1)));
  EXPECT_TRUE(math::is_nan(math::normal_quantile(kNan)));
}

}  // namespace
}  // namespace lode
