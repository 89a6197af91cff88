// Contrast and colour distance of the palette, computed from its tokens.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/palette.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "lode/base/math.h"

namespace lode::report {
namespace {

using Colour = std::array<double, 3>;  // Linear RGB, 0..1
using Matrix = std::array<std::array<double, 3>, 3>;

constexpr Matrix kNormal{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
// Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
constexpr Matrix kProtanopia{
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeuteranopia{
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kTritanopia{
    {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}};
const std::array<Matrix, 4> kViews{kNormal, kProtanopia, kDeuteranopia, kTritanopia};

Colour linear(std::string_view hex) {
  Colour out{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double v = static_cast<double>(std::stoi(std::string(hex.substr(1 + 2 * i, 2)), nullptr, 16)) / 255.0;
    out[i] = v <= 0.04045 ? v / 12.92 : math::pow((v + 0.055) / 1.055, 2.4);
  }
  return out;
}

// WCAG 2.1 contrast ratio.
double contrast(std::string_view a, std::string_view b) {
  const auto luminance = [](const Colour& c) { return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; };
  const double first = luminance(linear(a)) + 0.05;
  const double second = luminance(linear(b)) + 0.05;
  return std::max(first, second) / std::min(first, second);
}

Colour lab(const Colour& c) {
  const double x = (0.4124564 * c[0] + 0.3575761 * c[1] + 0.1804375 * c[2]) / 0.95047;
  const double y = 0.2126729 * c[0] + 0.7151522 * c[1] + 0.0721750 * c[2];
  const double z = (0.0193339 * c[0] + 0.1191920 * c[1] + 0.9503041 * c[2]) / 1.08883;
  const auto f = [](double t) { return t > 0.008856 ? math::pow(t, 1.0 / 3.0) : 7.787 * t + 16.0 / 116.0; };
  return {116.0 * f(y) - 16.0, 500.0 * (f(x) - f(y)), 200.0 * (f(y) - f(z))};
}

// CIE76 distance as someone with that view sees it.
double distance(std::string_view a, std::string_view b, const Matrix& view) {
  const auto seen = [&](std::string_view hex) {
    const Colour c = linear(hex);
    Colour out{};
    for (std::size_t i = 0; i < 3; ++i) {
      out[i] = std::clamp(view[i][0] * c[0] + view[i][1] * c[1] + view[i][2] * c[2], 0.0, 1.0);
    }
    return lab(out);
  };
  const Colour p = seen(a);
  const Colour q = seen(b);
  double sum = 0.0;
  for (std::size_t i = 0; i < 3; ++i) {
    sum += (p[i] - q[i]) * (p[i] - q[i]);
  }
  return math::sqrt(sum);
}

std::string token(std::string_view name, bool dark) {
  for (const Token& one : palette()) {
    if (one.name == name) {
      return std::string(dark ? one.dark : one.light);
    }
  }
  ADD_FAILURE() << "no token " << name;
  return "#000000";
}

TEST(Palette, WordsMeetContrastAAOnPageAndPanel) {
  for (const bool dark : {false, true}) {
    for (const char* ground : {"page", "panel"}) {
      for (const char* name : {"ink", "ink-2", "up", "down", "warning"}) {
        EXPECT_GE(contrast(token(name, dark), token(ground, dark)), 4.5) << name << " on " << ground << dark;
      }
    }
  }
  EXPECT_NEAR(contrast(token("ink", false), token("page", false)), 16.5, 0.1);
  EXPECT_NEAR(contrast(token("up", true), token("page", true)), 8.4, 0.1);
}

TEST(Palette, LinesMeetContrastForGraphics) {
  for (const bool dark : {false, true}) {
    for (const char* name :
         {"series-3", "series-4", "series-5", "quantile-1", "quantile-2", "quantile-3", "quantile-4", "quantile-5"}) {
      EXPECT_GE(contrast(token(name, dark), token("page", dark)), 3.0) << name << dark;
    }
  }
}

// The figures of the design: normal, protanopia, deuteranopia, tritanopia.
TEST(Palette, UpAndDownAreFarApartInEveryView) {
  const std::array<double, 4> light{117, 100, 117, 106};
  const std::array<double, 4> dark{98, 84, 99, 90};
  for (std::size_t i = 0; i < kViews.size(); ++i) {
    EXPECT_NEAR(distance(token("up", false), token("down", false), kViews[i]), light[i], 1.0) << i;
    EXPECT_NEAR(distance(token("up", true), token("down", true), kViews[i]), dark[i], 1.0) << i;
  }
  EXPECT_LT(distance("#2ca02c", "#d62728", kDeuteranopia), 10.0) << "the usual green and red would not do";
}

TEST(Palette, SeriesAndNeighbouringQuantilesCanBeTold) {
  const std::array<const char*, 5> series{"up", "down", "series-3", "series-4", "series-5"};
  for (const bool dark : {false, true}) {
    for (const Matrix& view : kViews) {
      for (std::size_t i = 0; i < series.size(); ++i) {
        for (std::size_t j = i + 1; j < series.size(); ++j) {
          EXPECT_GE(distance(token(series[i], dark), token(series[j], dark), view), 33.5)
              << series[i] << series[j] << dark;
        }
      }
      for (int k = 1; k < 5; ++k) {
        const std::string a = "quantile-" + std::to_string(k);
        const std::string b = "quantile-" + std::to_string(k + 1);
        EXPECT_GE(distance(token(a, dark), token(b, dark), view), 21.5) << a << dark;
      }
    }
  }
}

TEST(Palette, QuantileRampSpreadsOverAnyNumber) {
  EXPECT_EQ(quantile_role(1, 5), Role::kQuantile1);
  EXPECT_EQ(quantile_role(3, 5), Role::kQuantile3);
  EXPECT_EQ(quantile_role(5, 5), Role::kQuantile5);
  EXPECT_EQ(quantile_role(1, 2), Role::kQuantile1);
  EXPECT_EQ(quantile_role(2, 2), Role::kQuantile5);
  for (int q = 2; q <= 20; ++q) {
    EXPECT_EQ(quantile_role(1, q), Role::kQuantile1);
    EXPECT_EQ(quantile_role(q, q), Role::kQuantile5);
    for (int k = 2; k <= q; ++k) {
      EXPECT_GE(static_cast<int>(quantile_role(k, q)), static_cast<int>(quantile_role(k - 1, q)));
    }
  }
}

TEST(Palette, PaperIsAlwaysLight) {
  const std::string css = palette_css();
  EXPECT_NE(css.find("@media screen and (prefers-color-scheme:dark)"), std::string::npos);
  for (std::size_t at = css.find("#0f1319"); at != std::string::npos; at = css.find("#0f1319", at + 1)) {
    EXPECT_LT(css.rfind("@media screen", at), at) << "dark only on screens";
  }
}

}  // namespace
}  // namespace lode::report
