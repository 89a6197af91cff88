// lode factor add: keeps a formula under a name.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/core/expr/program.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/research/stored_factors.h"

namespace lode {

namespace {

Result<Outcome> run(World& world, const Request& request) {
  const std::string name = request.text("name");
  LODE_CHECK(flow::check_factor_name(name));
  LODE_TRY(lake::NamedFactor factor,
           flow::make_factor(name, request.text("formula"), request.text("profile", "lode"), request.text("note")));
  factor.added = world.clock.now();
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kCreate));
  LODE_CHECK(lake::RunStore(*lake).add_factor(factor, request.flag("replace")));
  Outcome out;
  out.data = flow::factor_json(factor);
  out.text = fmt::format("{}  {}  profile {}\n", factor.name, factor.formula, factor.profile);
  out.next = fmt::format("lode factor eval {}", factor.name);
  return out;
}

}  // namespace

const Flow& flow_factor_add() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "add",
       .summary = "keep a formula under a name",
       .description =
           "Checks a formula and keeps it in the lake under a name, so that eval, report, compute and list know it. "
           "The same name with another formula is refused unless --replace is given.",
       .journey = Journey::kResearch,
       .parameters = {{.name = "NAME",
                       .summary = "letters, digits, _ . - and at most one / between library and id",
                       .positional = true,
                       .required = true},
                      {.name = "FORMULA", .summary = "the formula in quotes", .positional = true, .required = true},
                      {.name = "profile",
                       .kind = ParameterKind::kChoice,
                       .summary = "what the formula means",
                       .config_key = "factor.profile",
                       .choices = {"lode", "paper", "street", "qlib", "brain"}},
                      {.name = "note", .summary = "one line about it"},
                      {.name = "replace", .kind = ParameterKind::kFlag, .summary = "replace a formula of that name"}},
       .examples = {{"lode factor add reversal5 'rank(-ts_delta(close,5))' --replace", "a name for a formula"}},
       .schema = "lode.factor.add/1"},
      run};
  return flow;
}

}  // namespace lode
