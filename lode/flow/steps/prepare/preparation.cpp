// Options as operators around a formula.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/prepare/preparation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/error.h"
#include "lode/base/text.h"

namespace lode::flow {

namespace {

constexpr std::int64_t kLongestFill = 504;

// "mad", or a share of the cells below one half.
Result<std::string> read_winsorize(const Request& request) {
  const std::string text = request.text("winsorize", "none");
  if (text == "none") {
    return std::string();
  }
  double share = 0.0;
  if (text != "mad" && (!parse_double(text, share) || !(share > 0.0 && share < 0.5))) {
    return fail(E::E4, fmt::format("--winsorize is '{}', expected mad, or a share above 0 and below 0.5", text),
                "--winsorize mad clips to 3 robust deviations, --winsorize 0.01 to the outer percents of a date");
  }
  return text;
}

std::string normalized(const Preparation& preparation, std::string formula) {
  return preparation.normalize.empty() ? formula : fmt::format("{}({})", preparation.normalize, formula);
}

}  // namespace

std::vector<Parameter> preparation_parameters() {
  using Kind = ParameterKind;
  return {
      {.name = "fill",
       .kind = Kind::kInteger,
       .summary = "a missing value is the last one, of at most so many sessions before",
       .fallback = "0",
       .least = 0},
      {.name = "winsorize",
       .summary = "clip each date: mad (3 robust deviations) or a share such as 0.01 at either end",
       .fallback = "none"},
      {.name = "normalize",
       .kind = Kind::kChoice,
       .summary = "each date to z-scores or ranks, again after --neutralize",
       .fallback = "none",
       .choices = {"none", "zscore", "rank"}},
      {.name = "neutralize",
       .summary = "take out of each date, with commas: sector, industry or subindustry, size, beta, formulas, factors"},
  };
}

Result<std::vector<std::string>> split_formulas(std::string_view text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : text) {
    depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
    if (c == ',' && depth == 0) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  for (std::string& part : parts) {
    part = std::string(trim(part));
    if (part.empty()) {
      return fail(E::E4, fmt::format("'{}' has an empty place between its commas", text),
                  "--neutralize sector,size,'ts_std(returns, 20)'");
    }
  }
  return parts;
}

bool is_group_level(std::string_view text) {
  constexpr std::array<std::string_view, 3> kLevels{"sector", "industry", "subindustry"};
  return std::ranges::find(kLevels, text) != kLevels.end();
}

std::string exposure_formula(std::string_view text, std::string_view profile) {
  if (text == "size") {
    return "log(cap)";
  }
  return text != "beta" ? ""
                        : fmt::format("ts_beta(returns, returns - demean(returns), 252{})",
                                      profile == "lode" ? ", min_periods=126" : "");
}

Result<Preparation> read_preparation(const Request& request) {
  Preparation out;
  out.fill = static_cast<int>(request.integer("fill", 0));
  if (out.fill < 0 || out.fill > kLongestFill) {
    return fail(E::E4, fmt::format("--fill is {}, expected 0 to {} sessions", out.fill, kLongestFill), "--fill 5");
  }
  LODE_TRY(out.winsorize, read_winsorize(request));
  out.normalize = request.text("normalize", "none");
  out.normalize = out.normalize == "none" ? "" : out.normalize;
  if (const std::string list = request.text("neutralize"); !list.empty()) {
    LODE_TRY(out.neutralize, split_formulas(list));
  }
  if (std::ranges::count_if(out.neutralize, is_group_level) > 1) {
    return fail(E::E4, "--neutralize names two levels of groups", "the finer one holds the other");
  }
  return out;
}

std::string prepared_text(const Preparation& preparation, std::string_view formula,
                          const std::vector<std::string>& exposures) {
  std::string text(formula);
  if (preparation.fill > 0) {
    text = fmt::format("ffill({}, limit={})", text, preparation.fill);
  }
  if (preparation.winsorize == "mad") {
    text = fmt::format("winsorize_mad({})", text);
  } else if (!preparation.winsorize.empty()) {
    text = fmt::format("winsorize({}, {})", text, preparation.winsorize);
  }
  text = normalized(preparation, std::move(text));
  if (exposures.empty()) {
    return text;
  }
  std::string group;
  std::string others;
  for (const std::string& exposure : exposures) {
    is_group_level(exposure) ? group = exposure : others += ", " + exposure;
  }
  text = group.empty()    ? fmt::format("neutralize({}{})", text, others)
         : others.empty() ? fmt::format("indneutralize({}, {})", text, group)
                          : fmt::format("group_neutralize_on({}, {}{})", text, group, others);
  return normalized(preparation, std::move(text));
}

void set_preparation(Value& request, const Preparation& preparation) {
  if (preparation.fill > 0) {
    request.set("fill", Value(preparation.fill));
  }
  if (!preparation.winsorize.empty()) {
    request.set("winsorize", Value(preparation.winsorize));
  }
  if (!preparation.normalize.empty()) {
    request.set("normalize", Value(preparation.normalize));
  }
  if (!preparation.neutralize.empty()) {
    request.set("neutralize", Value(join(preparation.neutralize, ",")));
  }
}

}  // namespace lode::flow
