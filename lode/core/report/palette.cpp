// Colour tokens and the rules made from them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/palette.h"

#include <array>

#include "lode/base/assert.h"

namespace lode::report {
namespace {

constexpr std::array<Token, 16> kTokens{{
    {"page", "#ffffff", "#0f1319"},
    {"panel", "#f7f8fa", "#171c24"},
    {"ink", "#1b1f27", "#e8ebf0"},
    {"ink-2", "#545b69", "#a3abb8"},
    {"grid", "#e3e6ec", "#2a313c"},
    {"up", "#0b6bcb", "#6cb2ff"},
    {"down", "#c2410c", "#ff9a5c"},
    {"warning", "#9a6700", "#e3b341"},
    {"series-3", "#402929", "#d9d9d9"},
    {"series-4", "#bf7c9e", "#9326ff"},
    {"series-5", "#8000ff", "#bf1d45"},
    {"quantile-1", "#9a3412", "#ffb184"},
    {"quantile-2", "#d9713f", "#c9703a"},
    {"quantile-3", "#7d8593", "#8a93a3"},
    {"quantile-4", "#4a90d9", "#3f83c9"},
    {"quantile-5", "#084f99", "#9accff"},
}};

std::string block(std::string_view selector, bool dark) {
  std::string out(selector);
  out += dark ? "{color-scheme:dark;" : "{color-scheme:light;";
  for (const Token& token : kTokens) {
    out += "--";
    out += token.name;
    out += ':';
    out += dark ? token.dark : token.light;
    out += ';';
  }
  return out + "}\n";
}

}  // namespace

std::span<const Token> palette() { return kTokens; }

std::string_view token_name(Role role) {
  static constexpr std::array<std::string_view, 14> kNames{
      "ink",      "ink-2",    "grid",       "up",         "down",       "warning",    "series-3",
      "series-4", "series-5", "quantile-1", "quantile-2", "quantile-3", "quantile-4", "quantile-5"};
  return kNames[static_cast<std::size_t>(role)];
}

Role quantile_role(int k, int q) {
  LODE_ASSERT(k >= 1 && k <= q);
  const int step = q == 1 ? 2 : (4 * (k - 1) + (q - 1) / 2) / (q - 1);
  return static_cast<Role>(static_cast<int>(Role::kQuantile1) + step);
}

std::string palette_css() {
  // Dark stands only inside `screen`, so paper is always light whatever the reader chose.
  std::string out = block(":root", false);
  out += "@media screen and (prefers-color-scheme:dark){" + block(":root:not([data-theme=light])", true) + "}\n";
  out += "@media screen{" + block(":root[data-theme=dark]", true) + "}\n";
  for (int role = 0; role <= static_cast<int>(Role::kQuantile5); ++role) {
    const std::string name(token_name(static_cast<Role>(role)));
    out += ".c-" + name;
    out += "{--c:var(--" + name + ")}";
  }
  return out + "\n";
}

}  // namespace lode::report
