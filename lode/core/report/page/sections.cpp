// What all sections share: their words.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/page/sections.h"
#include "lode/core/evaluate/honesty/honesty_numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include <utility>

namespace lode::report {

std::vector<evaluate::Number> page_numbers(const evaluate::TearSheet& sheet, const FactorPage& page) {
  std::vector<evaluate::Number> out = evaluate::numbers(sheet);
  if (page.honesty) {
    std::ranges::move(evaluate::honesty_numbers(*page.honesty), std::back_inserter(out));
  }
  if (page.kinship) {
    std::ranges::move(evaluate::kinship_numbers(*page.kinship, sheet.options.sessions_a_year), std::back_inserter(out));
  }
  return out;
}

std::string PageContext::headline_path(std::string_view family, std::string_view name) const {
  return fmt::format("{}.{}{}{}", family, evaluate::horizon_key(sheet.headline_horizon().horizon),
                     name.empty() ? "" : ".", name);
}

std::string PageContext::headline_text() const { return horizon_words(sheet.headline_horizon().horizon); }

std::string PageContext::span_text() const {
  if (sheet.sessions.empty()) {
    return "no sessions";
  }
  return fmt::format("{} .. {}, {}", to_string(sheet.sessions.front()), to_string(sheet.sessions.back()),
                     counted_text(static_cast<std::int64_t>(sheet.sessions.size()), "session"));
}

Block draw(PageContext& context, Chart chart) {
  context.data.add(chart.id, chart.table);
  return chart_block(std::move(chart));
}

std::string share_words(double share) {
  constexpr double kShown = 0.001;  // The last digit a share is printed with.
  return share > 1.0 - kShown / 2.0 && share < 1.0 ? "more than " + number_text(1.0 - kShown, Style::kShare)
         : share > 0.0 && share < kShown / 2.0     ? "less than " + number_text(kShown, Style::kShare)
                                                   : number_text(share, Style::kShare);
}

std::string horizon_words(int horizon) { return fmt::format("{}{}d", horizon, kThinSpace); }

}  // namespace lode::report
