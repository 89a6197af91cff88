// The colours of every page: one table of tokens for the light and the dark theme, and the style sheet rules made from
// it. Contrast and distance under the three dichromacies are computed in palette_test.cpp.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lode::report {

// What a mark or a word means; its colour follows from that.
enum class Role : std::uint8_t {
  kInk,
  kMuted,  // ink-2
  kGrid,
  kUp,    // gain, long, above zero
  kDown,  // loss, short, below zero
  kWarning,
  kSeries3,
  kSeries4,
  kSeries5,
  kQuantile1,  // lowest .. highest: shades of an ordered ramp
  kQuantile2,
  kQuantile3,
  kQuantile4,
  kQuantile5,
};

struct Token {
  std::string_view name;   // CSS custom property without "--"
  std::string_view light;  // "#rrggbb"
  std::string_view dark;
};

std::span<const Token> palette();
std::string_view token_name(Role role);  // "up": also the class "c-up" of a mark.

// Role of quantile k of q (1-based): the five ramp colours spread over q.
Role quantile_role(int k, int q);

// The custom properties of both themes: light by default and always on paper, dark by the reader's system or choice.
std::string palette_css();

}  // namespace lode::report
