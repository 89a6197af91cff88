// Section 13: new, or known already? Held against the named factors of the lake, and against what others publish.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/math.h"
#include "lode/core/report/page/sections.h"

namespace lode::report {
namespace {

constexpr double kSignificant = 1.959963984540054;

std::string title_of(double alpha_t, const std::string& alpha_text) {
  const std::string_view word = math::abs(alpha_t) < kSignificant ? "Nothing certain is left"
                                : alpha_t > 0.0                   ? "Something new is left"
                                                                  : "Less than nothing is left";
  return fmt::format("{}: {} a year, t {}", word, alpha_text, number_text(alpha_t, Style::kT));
}

// A row a factor: "kinship.value/ep.correlation", its beta and that beta's t.
CellTable table_of(const Figures& figures, std::string_view family, const std::vector<std::string>& names) {
  CellTable table{"", {"Factor", "correlation", "beta", "t"}, {}, "narrow"};
  for (const std::string& name : names) {
    const auto path = [&](std::string_view what) { return fmt::format("{}.{}.{}", family, name, what); };
    const auto toned = [&](std::string_view what) {
      return Cell{figures.bare(path(what), Style::kCoefficient, 2), true, std::string(tone(figures.value(path(what))))};
    };
    table.rows.push_back({{name, false}, toned("correlation"), toned("beta"), {figures.bare(path("t"), Style::kT, 1)}});
  }
  return table;
}

Block kinship_card(const PageContext& context, const evaluate::Kinship& kinship) {
  std::vector<std::string> names;
  for (const evaluate::Relative& one : kinship.relatives) {
    names.push_back(one.name);
  }
  return card(title_of(kinship.alpha.t, context.figures.text("kinship.alpha", Style::kReturn)),
              fmt::format("The {} book before costs on those of the {} most alike named factors of the lake: what they "
                          "do not explain, over {}; R2 {}, Newey-West errors",
                          context.headline_text(), kinship.relatives.size(), counted_text(kinship.sessions, "session"),
                          context.figures.text("kinship.r2", Style::kShare)),
              Block{table_of(context.figures, "kinship", names)}, Width::kHalf, "kinship.alpha");
}

Block published_card(const PageContext& context, const evaluate::KnownResult& known) {
  std::vector<std::string> names;
  for (const evaluate::KnownLine& one : known.factors) {
    names.push_back(one.name);
  }
  const bool is_told = math::is_finite(known.alpha_annual.value);
  return card(is_told ? title_of(known.alpha_t, context.figures.text("known.alpha_annual", Style::kReturn))
                      : "Published factors: " + known.alpha_annual.reason,
              fmt::format("The {} book before costs on the published factors of --known-returns, all at once, over {}; "
                          "R2 {}, Newey-West errors",
                          context.headline_text(), counted_text(known.alpha_annual.n, "session"),
                          context.figures.text("known.r2", Style::kShare)),
              Block{table_of(context.figures, "known", names)}, Width::kHalf, is_told ? "known.alpha_annual" : "");
}

}  // namespace

Section known_section(const PageContext& context) {
  const std::optional<evaluate::Kinship>& kinship = context.page.kinship;
  const bool has_kin = kinship && kinship->reason.empty();
  const std::string why_no_kin = (kinship ? kinship->reason : std::string("the book of this factor is not known")) +
                                 ": keep factors with lode factor add, and evaluate them";
  if (!has_kin && !context.sheet.known) {
    return missing_section(13, "New or known?",
                           why_no_kin +
                               ". Published factors: --known-returns FILE, such as a daily file of French's "
                               "library");
  }
  Blocks cards;
  if (has_kin) {
    cards += kinship_card(context, *kinship);
  }
  if (context.sheet.known) {
    cards += published_card(context, *context.sheet.known);
  }
  Blocks body = grid(cards);
  if (!has_kin) {
    body += reason_box("Factors of the lake: " + why_no_kin);
  }
  return section(13, "New or known?", "is it another name for what is there?", body);
}

}  // namespace lode::report
