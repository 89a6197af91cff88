// lode factor add: keeps a formula under a name, or those of a formula file under theirs.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "lode/base/text.h"
#include "lode/core/expr/program.h"
#include "lode/core/indicator/choice.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/research/compute.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/stored_factors.h"

namespace lode {

namespace {

std::string where(const flow::NamedText& text) {
  return text.origin.empty() ? text.name : fmt::format("{}, {}", text.name, text.origin);
}

// The formulas that were asked for, each under its name, checked.
Result<std::vector<lake::NamedFactor>> factors_of_file(const Request& request) {
  flow::ComputeRequest wanted;
  wanted.formulas = {request.text("name")};
  wanted.profile = request.text("profile", "lode");
  wanted.profile_given = flow::is_profile_given(request);
  LODE_TRY(flow::Formulas formulas, flow::read_formulas(wanted));
  LODE_CHECK(flow::settle_profile(formulas));
  if (!formulas.unread.empty()) {
    flow::FormulaFailure& first = formulas.unread.front();
    return fail(std::move(first.error).while_doing(where(first.formula)));
  }
  std::vector<lake::NamedFactor> out;
  std::vector<expr::NameDefinition> earlier;
  for (const flow::NamedText& text : formulas.texts) {
    if (!text.options.empty()) {
      return fail(
          E::E7,
          fmt::format("{}: a kept factor has no options, and the file sets {}", where(text), text.options.front().name),
          "lode factor eval @FILE reads them; to keep the factor, take the option line out");
    }
    const auto in_place = [&text](Error error) { return std::move(error).while_doing(where(text)); };
    LODE_CHECK(flow::check_factor_name(text.name).map_error(in_place));
    LODE_TRY(
        lake::NamedFactor factor,
        flow::make_factor(text.name, text.text, formulas.profile, request.text("note"), earlier).map_error(in_place));
    earlier.push_back({lower(text.name), factor.formula});
    out.push_back(std::move(factor));
  }
  return out;
}

Result<std::vector<lake::NamedFactor>> wanted_factors(const Request& request) {
  const std::string name = request.text("name");
  if (name.starts_with('@')) {
    if (request.has("formula")) {
      return fail(E::E7, fmt::format("{} is a file of formulas, and a formula was given too", name),
                  "a file's formulas have names of their own: lode factor add " + name);
    }
    return factors_of_file(request);
  }
  if (!request.has("formula")) {
    return fail(
        E::E3, "lode factor add needs FORMULA: the formula in quotes",
        "such as: lode factor add reversal5 'rank(-ts_delta(close,5))'; a file of formulas: lode factor add @FILE");
  }
  LODE_CHECK(flow::check_factor_name(name));
  LODE_TRY(lake::NamedFactor factor,
           flow::make_factor(name, request.text("formula"), request.text("profile", "lode"), request.text("note")));
  return std::vector<lake::NamedFactor>{std::move(factor)};
}

// Nothing is kept where one name is taken.
Result<void> check_names(const lake::RunStore& store, const std::vector<lake::NamedFactor>& factors) {
  LODE_TRY(const std::vector<lake::NamedFactor> kept, store.factors());
  for (const lake::NamedFactor& factor : factors) {
    const auto same = std::ranges::find(kept, factor.name, &lake::NamedFactor::name);
    if (same != kept.end() && same->hash != factor.hash) {
      return fail(E::E11, fmt::format("the name {} is taken by {}", factor.name, same->formula),
                  "choose another name, or replace it with --replace");
    }
  }
  return {};
}

// An indicator's name is never asked for as a factor where indicators are computed.
bool is_taken_by_indicators(const std::string& name) {
  const std::string word = lower(name);
  return word == "all" || word == "vote" || indicator::find_indicator(word).has_value();
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(std::vector<lake::NamedFactor> factors, wanted_factors(request));
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kCreate));
  lake::RunStore store(*lake);
  if (!request.flag("replace")) {
    LODE_CHECK(check_names(store, factors));
  }
  Outcome out;
  Value rows = Value::array();
  for (lake::NamedFactor& factor : factors) {
    factor.added = world.clock.now();
    LODE_CHECK(store.add_factor(factor, request.flag("replace")));
    if (is_taken_by_indicators(factor.name)) {
      out.warnings.push_back(fmt::format(
          "{0} is what lode indicator run calls something of its own; this factor is computed by lode factor "
          "compute {0} alone",
          factor.name));
    }
    out.text += fmt::format("{}  {}  profile {}\n", factor.name, factor.formula, factor.profile);
    rows.push(flow::factor_json(factor));
  }
  if (request.has("formula")) {
    out.data = flow::factor_json(factors.front());
  } else {
    out.data = Value::object();
    out.data.set("factors", std::move(rows));
  }
  out.next = fmt::format("lode factor eval {}", factors.front().name);
  return out;
}

}  // namespace

const Flow& flow_factor_add() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "add",
       .summary = "keep a formula, or those of a file, under a name",
       .description =
           "Checks a formula and keeps it in the lake under a name, so that eval, report, compute and list know it. "
           "The same name with another formula is refused unless --replace is given. A file of formulas (NAME = "
           "FORMULA a "
           "line) is kept whole, each under its own name, or not at all; one may use another above it, and is kept "
           "with "
           "that written out.",
       .journey = Journey::kResearch,
       .parameters = {{.name = "NAME",
                       .summary =
                           "letters, digits, _ . - and at most one / between library and id; or @FILE of formulas",
                       .positional = true,
                       .required = true},
                      {.name = "FORMULA", .summary = "the formula in quotes", .positional = true},
                      {.name = "profile",
                       .kind = ParameterKind::kChoice,
                       .summary = "what the formula means",
                       .config_key = "factor.profile",
                       .choices = flow::profile_choices()},
                      {.name = "note", .summary = "one line about it"},
                      {.name = "replace", .kind = ParameterKind::kFlag, .summary = "replace a formula of that name"}},
       .examples = {{"lode factor add reversal5 'rank(-ts_delta(close,5))' --replace", "a name for a formula"},
                    {"lode factor add @my.factors", "all formulas of a file, under their names", false}},
       .schema = "lode.factor.add/1"},
      run};
  return flow;
}

}  // namespace lode
