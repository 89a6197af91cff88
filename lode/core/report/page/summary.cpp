// Sections 0 to 2: what the page is about, whether to care, and how it could be wrong.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/math.h"
#include "lode/core/evaluate/honesty/honesty.h"
#include "lode/core/evaluate/verdict/checks.h"
#include "lode/core/report/page/sections.h"

namespace lode::report {
namespace {

using evaluate::CheckState;
using evaluate::Verdict;

// Two-sided 5 % point of the normal distribution.
constexpr double kSignificant = 1.96;

std::string cost_words(double bps) { return bps > 0.0 ? cost_text(bps) + " a side" : "none: net equals gross"; }

std::string horizons_words(const evaluate::TearSheet& sheet) {
  std::string out;
  for (const evaluate::HorizonResult& one : sheet.horizons) {
    out += fmt::format("{}{}", out.empty() ? "" : ", ", one.horizon);
  }
  return out + (sheet.horizons.size() == 1 && sheet.horizons.front().horizon == 1 ? " session" : " sessions");
}

std::string convention_words(std::string_view convention) {
  std::string out(convention);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

// "95 %: +0.0129 .. +0.0357"
Text ninety_five(const Text& range) { return range.empty() ? Text() : "95" + std::string(kThinSpace) + "%: " + range; }

bool has_check(const evaluate::TearSheet& sheet, std::string_view id) {
  return std::any_of(sheet.checks.begin(), sheet.checks.end(), [&](const evaluate::Check& c) { return c.id == id; });
}

std::string count(std::int64_t value) { return number_text(static_cast<double>(value), Style::kCount); }

// What a check found, askable by the number it held against its limit.
Text result_of(const PageContext& context, const evaluate::Check& check) {
  const std::string path = evaluate::path_of_check(check.id, context.sheet.headline_horizon().horizon);
  const evaluate::Number* number = path.empty() ? nullptr : context.figures.find(path);
  return number == nullptr || !math::is_finite(number->value)
             ? prose(check.result)
             : Text(Run{prose(check.result).plain(), Run::Kind::kPlain, false, path});
}

CheckRow trials_row(const FactorPage& page) {
  if (page.trials <= 0) {
    return {"Trials tried", CheckState::kUnknown, "unknown, treat as 1 of many",
            "The best of many tries looks good by luck alone. Computed in a lake, trials are counted."};
  }
  const auto asked = [&](std::int64_t value, std::string_view path) {
    return page.honesty ? Text(Run{count(value), Run::Kind::kNumber, false, std::string(path)}) : Text(count(value));
  };
  Text result = asked(page.trials, "honesty.trials") + " counted";
  if (page.trials > 1 && page.independent_trials > 0) {
    result += words(", {} independent", {asked(page.independent_trials, "honesty.independent_trials")});
  }
  if (page.lake_trials > page.trials) {
    result += fmt::format(" on this universe, {} in the lake", count(page.lake_trials));
  }
  const std::string ordinal = page.trial_ordinal > 0 ? fmt::format("This is the {} factor tried on this data.",
                                                                   evaluate::ordinal_words(page.trial_ordinal))
                                                     : "Scored on this data, this one included.";
  return {
      "Trials tried", page.trials == 1 ? CheckState::kPassed : CheckState::kWarning, result,
      prose(page.trials == 1
                ? "No correction for search is needed."
                : ordinal +
                      " Alike books count as one idea. The more there were, the larger the t the verdict asks for.")};
}

CheckRow overlap_row(const PageContext& context) {
  const auto t = [&](std::string_view name) {
    return context.figures.number(context.headline_path("rank_ic", name), Style::kT);
  };
  const evaluate::IcStatistics& statistics = context.sheet.headline_horizon().rank_ic;
  const bool honest = math::abs(statistics.t_no_overlap) >= kSignificant;
  const bool naive = math::abs(statistics.t_naive) >= kSignificant;
  const CheckState state = !math::is_finite(statistics.t_no_overlap) ? CheckState::kUnknown
                           : naive && !honest                        ? CheckState::kWarning
                                                                     : CheckState::kPassed;
  const Text lag = context.figures.number(context.headline_path("rank_ic", "newey_west_lag"), Style::kCount);
  return {"t, with and without overlap", state,
          t("t_no_overlap") + " " +
              faint(words("Newey-West {} (lag {}), naive {}", {t("t_newey_west"), lag, t("t_naive")})),
          "Windows longer than a day overlap; the naive t counts the same days many times. Never judge by it."};
}

CheckRow placebo_row(const PageContext& context) {
  const evaluate::TearSheet& sheet = context.sheet;
  const double mean = sheet.headline_horizon().rank_ic.mean.value;
  if (!math::is_finite(sheet.placebo_lower) || !math::is_finite(sheet.placebo_upper)) {
    return {"Placebo", CheckState::kUnknown, "not computed", "The factor shuffled across names was not evaluated."};
  }
  const bool outside = mean < sheet.placebo_lower || mean > sheet.placebo_upper;
  return {"Placebo", outside ? CheckState::kPassed : CheckState::kWarning,
          context.figures.number("placebo.lower", Style::kCoefficient) + " .. " +
              context.figures.number("placebo.upper", Style::kCoefficient),
          prose(outside ? "95 % of shuffled factors have a mean rank IC in this band; this one lies outside."
                        : "95 % of shuffled factors have a mean rank IC in this band; this one lies inside it.")};
}

CheckRow data_row(const FactorPage& page) {
  const bool clean = page.rows_set_aside == 0 && page.rows_flagged == 0;
  return {"Data rows", clean ? CheckState::kPassed : CheckState::kWarning,
          fmt::format("{} set aside, {} flagged", count(page.rows_set_aside), count(page.rows_flagged)),
          "Rows set aside took no part; flagged rows did. Nothing was repaired. See: lode data check"};
}

CheckRow survivorship_row(const PageContext& context) {
  const FactorPage& page = context.page;
  if (page.survivor_biased) {
    return {"Survivorship", CheckState::kFailed, "survivor-biased",
            "The universe was made from a list of today: names that failed are missing, and results look too good."};
  }
  if (page.names <= 0) {
    return {"Survivorship", CheckState::kUnknown, "not recorded",
            "How many names of the universe were later delisted is not known."};
  }
  const evaluate::HorizonResult& headline = context.sheet.headline_horizon();
  return {"Survivorship", page.delisted_names > 0 ? CheckState::kPassed : CheckState::kWarning,
          fmt::format("{} of {} later delisted", count(page.delisted_names), counted_text(page.names, "name")),
          page.delisted_names > 0
              ? fmt::format("{} of {} ended by a delisting; a delisting return was known for {} of them.",
                            counted_text(headline.delisted_inside, "window"), horizon_words(headline.horizon),
                            count(headline.delisting_returns_applied))
              : "A universe in which nothing ever died is seldom point in time."};
}

}  // namespace

Heading factor_heading(const PageContext& context) {
  const FactorPage& page = context.page;
  Heading out;
  if (page.synthetic) {
    out.stamps.emplace_back("Synthetic market");
  }
  if (std::ranges::any_of(context.sheet.checks, [](const evaluate::Check& check) {
        return check.id == "look_ahead" && check.state == CheckState::kFailed;
      })) {
    out.stamps.emplace_back("Looks ahead, on purpose: no result");
  }
  out.kind = "Factor report";
  out.is_formula = page.name.empty() && !page.formula.empty();
  out.title = (page.synthetic ? "Synthetic: " : "") + (!page.name.empty()      ? page.name
                                                       : !page.formula.empty() ? page.formula
                                                                               : "Own values");
  if (!out.is_formula) {
    out.formula = page.formula.empty() ? Text("The user's own numbers; no formula.") : code(page.formula);
  }
  out.facts = {{"Universe", page.universe},
               {"Sessions", context.span_text(), "wide"},
               {"Horizons", horizons_words(context.sheet)},
               {"Traded at", convention_words(page.convention)},
               {"Cost", cost_words(context.sheet.options.cost_bps)}};
  if (!page.formula.empty()) {
    out.facts.push_back({"Profile", page.profile});
  }
  out.facts.push_back({"Data", page.commit + (page.as_of.empty() ? "" : ", as of " + page.as_of)});
  out.facts.push_back({"Code", page.code_version});
  out.facts.push_back({"Run", page.run_hash, "hash"});
  return out;
}

Section verdict_section(const PageContext& context) {
  const evaluate::TearSheet& sheet = context.sheet;
  const Figures& figures = context.figures;
  const std::string h = context.headline_text();
  const auto number = [&](std::string_view family, std::string_view name, Style style) {
    return figures.number(context.headline_path(family, name), style);
  };
  const auto range = [&](std::string_view family, std::string_view name, Style style) -> Text {
    const std::string path = context.headline_path(family, name);
    const evaluate::Number* found = figures.find(path);
    const bool missing = found != nullptr && !math::is_finite(found->value);
    return missing ? Text(found->reason) : ninety_five(figures.range(path, style));
  };
  Judgement judgement{std::string(evaluate::to_string(sheet.verdict)), prose(sheet.verdict_sentence), {}};
  judgement.tiles = {
      {"Rank IC, " + h, number("rank_ic", "mean", Style::kCoefficient), range("rank_ic", "mean", Style::kCoefficient)},
      {"t (no overlap), " + h, number("rank_ic", "t_no_overlap", Style::kT),
       faint("naive " + number("rank_ic", "t_naive", Style::kT))},
      {"Spread a year, gross, " + h, number("spread", "gross_annual", Style::kReturn),
       range("spread", "gross_annual", Style::kReturn)},
      {"Spread a year, net of " + cost_text(context.sheet.options.cost_bps),
       number("spread", "net_annual", Style::kReturn), range("spread", "net_annual", Style::kReturn)}};
  return section(1, "Verdict", "should I care?", Block{std::move(judgement)});
}

Section honesty_section(const PageContext& context) {
  const evaluate::TearSheet& sheet = context.sheet;
  Checklist list;
  for (const evaluate::Check& check : sheet.checks) {
    list.rows.push_back({check.title, check.state, result_of(context, check), prose(check.note)});
  }
  const std::array<std::pair<std::string_view, CheckRow>, 5> own{{{"overlap", overlap_row(context)},
                                                                  {"trials", trials_row(context.page)},
                                                                  {"placebo", placebo_row(context)},
                                                                  {"data", data_row(context.page)},
                                                                  {"survivorship", survivorship_row(context)}}};
  for (const auto& [id, row] : own) {
    if (!has_check(sheet, id)) {
      list.rows.push_back(row);
    }
  }
  const std::size_t all = list.rows.size();
  const auto open =
      std::ranges::count_if(list.rows, [](const CheckRow& row) { return row.state != CheckState::kPassed; });
  list.title = sheet.checks.empty() ? "No check was recorded with this run."
               : open == 0
                   ? fmt::format("{} passed.", all == 1 ? "The one check" : fmt::format("All {} checks", all))
                   : fmt::format("{} of {} {} a look.", open, counted_text(static_cast<std::int64_t>(all), "check"),
                                 open == 1 ? "needs" : "need");
  list.subtitle = "A failed check forbids the word strong; what is unknown has not passed.";
  return section(2, "Honesty panel", "how could this be wrong?", Block{std::move(list)});
}

}  // namespace lode::report
