// Section 13: new, or known already?
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/math.h"
#include "lode/core/report/page/sections.h"

namespace lode::report {
namespace {

constexpr double kSignificant = 1.959963984540054;

std::string title_of(const evaluate::Kinship& kinship, double annual) {
  const std::string t = number_text(kinship.alpha.t, Style::kT);
  const std::string_view word = math::abs(kinship.alpha.t) < kSignificant ? "Nothing certain is left"
                                : kinship.alpha.t > 0.0                   ? "Something new is left"
                                                                          : "Less than nothing is left";
  return fmt::format("{}: {} a year, t {}", word, number_text(annual, Style::kReturn), t);
}

}  // namespace

Section known_section(const PageContext& context) {
  const std::optional<evaluate::Kinship>& kinship = context.page.kinship;
  if (!kinship || !kinship->reason.empty()) {
    return missing_section(13, "New or known?",
                           (kinship ? kinship->reason : std::string("the book of this factor is not known")) +
                               ": keep factors with lode factor add, and evaluate them");
  }
  CellTable table{"", {"Factor", "correlation", "beta", "t"}, {}, "narrow"};
  for (const evaluate::Relative& one : kinship->relatives) {
    table.rows.push_back(
        {{one.name, false},
         {bare_number_text(one.correlation, Style::kCoefficient, 2), true, std::string(tone(one.correlation))},
         {bare_number_text(one.beta.value, Style::kCoefficient, 2), true, std::string(tone(one.beta.value))},
         {bare_number_text(one.beta.t, Style::kT, 1), true, ""}});
  }
  const double annual = kinship->alpha.value * context.sheet.options.sessions_a_year;
  const Block body = card(
      title_of(*kinship, annual),
      fmt::format("The {} book before costs on those of the {} most alike named factors of the lake: what they do not "
                  "explain, over {}; R2 {}, Newey-West errors",
                  context.headline_text(), kinship->relatives.size(), counted_text(kinship->sessions, "session"),
                  number_text(kinship->r2, Style::kShare)),
      Block{table}, Width::kFull);
  return section(13, "New or known?", "is it another name for what is there?", grid(body));
}

}  // namespace lode::report
