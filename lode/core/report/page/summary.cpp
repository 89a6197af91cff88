// Sections 0 to 2: what the page is about, whether to care, and how it could be wrong.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/math.h"
#include "lode/core/evaluate/honesty/honesty.h"
#include "lode/core/report/html.h"
#include "lode/core/report/page/sections.h"

namespace lode::report {
namespace {

using evaluate::CheckState;
using evaluate::Verdict;

// Two-sided 5 % point of the normal distribution.
constexpr double kSignificant = 1.96;

std::string fact(std::string_view name, std::string_view value, std::string_view css = "") {
  return fmt::format("<div{}><dt>{}</dt><dd>{}</dd></div>", css, escape(name),
                     escape(value.empty() ? "not recorded" : value));
}

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

std::string tile(std::string_view label, const std::string& value, const std::string& range, const std::string& note) {
  return fmt::format(
      "<div class=\"tile\"><p class=\"label\">{}</p><p class=\"big\">{}</p><p class=\"sub\">{}{}</p></div>",
      escape(label), value, range, note);
}

std::string ninety_five(const std::string& range) {
  return range.empty() ? "" : "95" + std::string(kThinSpace) + "%: " + range;
}

struct StateWords {
  std::string_view glyph;
  std::string_view word;
  std::string_view css;
};

StateWords words_of(CheckState state) {
  switch (state) {
    case CheckState::kPassed:
      return {"\xE2\x9C\x93", "passed", "passed"};
    case CheckState::kWarning:
      return {"!", "look", "look"};
    case CheckState::kFailed:
      return {"\xE2\x9C\x95", "failed", "failed"};
    case CheckState::kUnknown:
      return {"?", "unknown", "unknown"};
  }
  return {"?", "unknown", "unknown"};
}

// A line of the panel, and what it says.
struct Row {
  CheckState state;
  std::string html;
};

Row check_row(std::string_view title, CheckState state, const std::string& result_html, std::string_view note) {
  const StateWords words = words_of(state);
  return {state, fmt::format("<tr><th scope=\"row\">{}</th><td><div class=\"res\"><span class=\"state {}\"><i "
                             "aria-hidden=\"true\">{}</i>{}</span>"
                             "<span>{}</span></div></td><td class=\"why\">{}</td></tr>",
                             escape(title), words.css, words.glyph, words.word, result_html, escape_prose(note))};
}

bool has_check(const evaluate::TearSheet& sheet, std::string_view id) {
  return std::any_of(sheet.checks.begin(), sheet.checks.end(), [&](const evaluate::Check& c) { return c.id == id; });
}

std::string count(std::int64_t value) { return number_text(static_cast<double>(value), Style::kCount); }

Row trials_row(const FactorPage& page) {
  if (page.trials <= 0) {
    return check_row("Trials tried", CheckState::kUnknown, "unknown, treat as 1 of many",
                     "The best of many tries looks good by luck alone. Computed in a lake, trials are counted.");
  }
  return check_row(
      "Trials tried", page.trials == 1 ? CheckState::kPassed : CheckState::kWarning,
      escape(count(page.trials)) + " counted" +
          (page.trials > 1 && page.independent_trials > 0
               ? fmt::format(", {} independent", escape(count(page.independent_trials)))
               : "") +
          (page.lake_trials > page.trials
               ? fmt::format(" on this universe, {} in the lake", escape(count(page.lake_trials)))
               : ""),
      page.trials == 1
          ? "No correction for search is needed."
          : fmt::format("{} Alike books count as one idea. The more there were, the larger the t the verdict asks for.",
                        page.trial_ordinal > 0 ? fmt::format("This is the {} factor tried on this data.",
                                                             evaluate::ordinal_words(page.trial_ordinal))
                                               : "Scored on this data, this one included."));
}

Row overlap_row(const PageContext& context) {
  const auto t = [&](std::string_view name) {
    return context.figures.html(context.headline_path("rank_ic", name), Style::kT);
  };
  const evaluate::IcStatistics& statistics = context.sheet.headline_horizon().rank_ic;
  const bool honest = math::abs(statistics.t_no_overlap) >= kSignificant;
  const bool naive = math::abs(statistics.t_naive) >= kSignificant;
  const CheckState state = !math::is_finite(statistics.t_no_overlap) ? CheckState::kUnknown
                           : naive && !honest                        ? CheckState::kWarning
                                                                     : CheckState::kPassed;
  return check_row(
      "t, with and without overlap", state,
      fmt::format(
          "{} <span class=\"faint\">Newey-West {} (lag {}), naive {}</span>", t("t_no_overlap"), t("t_newey_west"),
          context.figures.html(context.headline_path("rank_ic", "newey_west_lag"), Style::kCount), t("t_naive")),
      "Windows longer than a day overlap; the naive t counts the same days many times. Never judge by it.");
}

Row placebo_row(const PageContext& context) {
  const evaluate::TearSheet& sheet = context.sheet;
  const double mean = sheet.headline_horizon().rank_ic.mean.value;
  if (!math::is_finite(sheet.placebo_lower) || !math::is_finite(sheet.placebo_upper)) {
    return check_row("Placebo", CheckState::kUnknown, "not computed",
                     "The factor shuffled across names was not evaluated.");
  }
  const bool outside = mean < sheet.placebo_lower || mean > sheet.placebo_upper;
  return check_row("Placebo", outside ? CheckState::kPassed : CheckState::kWarning,
                   fmt::format("{} .. {}", context.figures.html("placebo.lower", Style::kCoefficient),
                               context.figures.html("placebo.upper", Style::kCoefficient)),
                   outside ? "95 % of shuffled factors have a mean rank IC in this band; this one lies outside."
                           : "95 % of shuffled factors have a mean rank IC in this band; this one lies inside it.");
}

Row data_row(const FactorPage& page) {
  const bool clean = page.rows_set_aside == 0 && page.rows_flagged == 0;
  return check_row(
      "Data rows", clean ? CheckState::kPassed : CheckState::kWarning,
      fmt::format("{} set aside, {} flagged", escape(count(page.rows_set_aside)), escape(count(page.rows_flagged))),
      "Rows set aside took no part; flagged rows did. Nothing was repaired. See: lode data check");
}

Row survivorship_row(const PageContext& context) {
  const FactorPage& page = context.page;
  if (page.survivor_biased) {
    return check_row(
        "Survivorship", CheckState::kFailed, "survivor-biased",
        "The universe was made from a list of today: names that failed are missing, and results look too good.");
  }
  if (page.names <= 0) {
    return check_row("Survivorship", CheckState::kUnknown, "not recorded",
                     "How many names of the universe were later delisted is not known.");
  }
  const evaluate::HorizonResult& headline = context.sheet.headline_horizon();
  return check_row("Survivorship", page.delisted_names > 0 ? CheckState::kPassed : CheckState::kWarning,
                   fmt::format("{} of {} later delisted", escape(count(page.delisted_names)),
                               escape(counted_text(page.names, "name"))),
                   page.delisted_names > 0
                       ? fmt::format("{} of {} ended by a delisting; a delisting return was known for {} of them.",
                                     counted_text(headline.delisted_inside, "window"), horizon_words(headline.horizon),
                                     count(headline.delisting_returns_applied))
                       : "A universe in which nothing ever died is seldom point in time.");
}

}  // namespace

std::string header_section(const PageContext& context) {
  const FactorPage& page = context.page;
  const std::string title = !page.name.empty() ? page.name : !page.formula.empty() ? page.formula : "Own values";
  const bool formula_title = page.name.empty() && !page.formula.empty();
  std::string out = "<header>";
  const bool leaks = std::ranges::any_of(context.sheet.checks, [](const evaluate::Check& check) {
    return check.id == "look_ahead" && check.state == CheckState::kFailed;
  });
  out += fmt::format("<p class=\"kicker\">{}{}Factor report</p>",
                     page.synthetic ? "<strong class=\"stamp\">Synthetic market</strong> " : "",
                     leaks ? "<strong class=\"stamp\">Looks ahead, on purpose: no result</strong> " : "");
  out += fmt::format("<h1{}>{}{}</h1>", formula_title ? " class=\"mono\"" : "", page.synthetic ? "Synthetic: " : "",
                     escape(title));
  if (!formula_title) {
    out += page.formula.empty() ? "<p class=\"formula\">The user's own numbers; no formula.</p>"
                                : fmt::format("<p class=\"formula\"><code>{}</code></p>", escape(page.formula));
  }
  out += "<dl class=\"facts\">";
  out += fact("Universe", page.universe) + fact("Sessions", context.span_text(), " class=\"wide\"");
  out += fact("Horizons", horizons_words(context.sheet)) + fact("Traded at", convention_words(page.convention));
  out += fact("Cost", cost_words(context.sheet.options.cost_bps));
  out += page.formula.empty() ? "" : fact("Profile", page.profile);
  out += fact("Data", page.commit + (page.as_of.empty() ? "" : ", as of " + page.as_of));
  out += fact("Code", page.code_version) + fact("Run", page.run_hash, " class=\"hash\"");
  return out + "</dl></header>\n";
}

std::string verdict_section(const PageContext& context) {
  const evaluate::TearSheet& sheet = context.sheet;
  const Figures& figures = context.figures;
  const std::string word(evaluate::to_string(sheet.verdict));
  const std::string h = context.headline_text();
  const auto path = [&](std::string_view family, std::string_view name) { return context.headline_path(family, name); };
  const auto range = [&](std::string_view family, std::string_view name, Style style) {
    const evaluate::Number* number = figures.find(path(family, name));
    const bool missing = number != nullptr && !math::is_finite(number->value);
    return missing ? escape(number->reason) : ninety_five(figures.range(path(family, name), style));
  };
  std::string body =
      fmt::format("<div class=\"card full verdict v-{}\"><p class=\"word\">{}</p><p class=\"sentence\">{}</p>",
                  id_text(word), escape(word), escape_prose(sheet.verdict_sentence));
  body += "<div class=\"tiles\">";
  body += tile("Rank IC, " + h, figures.html(path("rank_ic", "mean"), Style::kCoefficient),
               range("rank_ic", "mean", Style::kCoefficient), "");
  body += tile("t (no overlap), " + h, figures.html(path("rank_ic", "t_no_overlap"), Style::kT), "",
               "<span class=\"faint\">naive " + figures.html(path("rank_ic", "t_naive"), Style::kT) + "</span>");
  body += tile("Spread a year, gross, " + h, figures.html(path("spread", "gross_annual"), Style::kReturn),
               range("spread", "gross_annual", Style::kReturn), "");
  body += tile("Spread a year, net of " + cost_text(context.sheet.options.cost_bps),
               figures.html(path("spread", "net_annual"), Style::kReturn),
               range("spread", "net_annual", Style::kReturn), "");
  body += "</div></div>";
  return section(1, "Verdict", "should I care?", body);
}

std::string honesty_section(const PageContext& context) {
  const evaluate::TearSheet& sheet = context.sheet;
  std::vector<Row> rows;
  for (const evaluate::Check& check : sheet.checks) {
    rows.push_back(check_row(check.title, check.state, escape_prose(check.result), check.note));
  }
  const std::array<std::pair<std::string_view, Row>, 5> own{{{"overlap", overlap_row(context)},
                                                             {"trials", trials_row(context.page)},
                                                             {"placebo", placebo_row(context)},
                                                             {"data", data_row(context.page)},
                                                             {"survivorship", survivorship_row(context)}}};
  for (const auto& [id, row] : own) {
    if (!has_check(sheet, id)) {
      rows.push_back(row);
    }
  }
  const auto open = std::ranges::count_if(rows, [](const Row& row) { return row.state != CheckState::kPassed; });
  const std::string head =
      sheet.checks.empty() ? "No check was recorded with this run."
      : open == 0
          ? fmt::format("{} passed.", rows.size() == 1 ? "The one check" : fmt::format("All {} checks", rows.size()))
          : fmt::format("{} of {} {} a look.", open, counted_text(static_cast<std::int64_t>(rows.size()), "check"),
                        open == 1 ? "needs" : "need");
  std::string lines;
  for (const Row& row : rows) {
    lines += row.html;
  }
  return section(
      2, "Honesty panel", "how could this be wrong?",
      "<div class=\"card full flows\"><div class=\"head\"><h3>" + head +
          "</h3><p>A failed check forbids the word strong; what is unknown has not passed.</p></div><div "
          "class=\"scroll\"><table class=\"checks\">"
          "<thead><tr><th scope=\"col\">Check</th><th scope=\"col\">Result</th><th scope=\"col\">Note</th></tr>"
          "</thead><tbody>" +
          lines + "</tbody></table></div></div>");
}

}  // namespace lode::report
