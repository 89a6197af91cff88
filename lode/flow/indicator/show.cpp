// lode indicator show: one indicator in full.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/text.h"
#include "lode/flow/flow.h"
#include "lode/flow/steps/indicator/describe.h"
#include "lode/flow/steps/indicator/vote_rules.h"

namespace lode {

namespace {

Result<Outcome> run(World&, const Request& request) {
  LODE_TRY(const indicator::Profile profile, indicator::parse_profile(request.text("profile", "lode")));
  Outcome out;
  if (lower(trim(request.text("name"))) == "vote") {
    out.data = flow::vote_json();
    out.text = flow::vote_text();
    out.next = "lode indicator run vote --data bars.csv --rules ma=0.4,buy=0.25";
    return out;
  }
  LODE_TRY(const indicator::Indicator* const found, indicator::find_indicator(request.text("name")));
  out.data = flow::indicator_json(*found, profile);
  out.data.set("example", flow::example_json(*found, profile));
  out.text = flow::indicator_text(*found, profile);
  out.next = "lode indicator run " + std::string(found->spec.name) + " --data bars.csv";
  return out;
}

}  // namespace

const Flow& flow_indicator_show() {
  static const Flow flow{
      {.noun = "indicator",
       .verb = "show",
       .summary = "one indicator in full",
       .description =
           "What it says, its whole formula, parameters with their ranges and the defaults of every profile, how many "
           "bars it needs before it answers, what a missing input does, other names it goes by, where it comes from, "
           "and an example worked on synthetic bars while you wait. vote: how it is counted, and every rule that "
           "--rules of "
           "lode indicator run takes.",
       .journey = Journey::kResearch,
       .parameters = {{.name = "NAME",
                       .summary = "an indicator by name or alias, in any case; or vote",
                       .positional = true,
                       .required = true,
                       .completes = "indicators"},
                      {.name = "profile",
                       .summary = "whose defaults: lode, talib064, talib08, tulip, ttr",
                       .fallback = "lode"}},
       .examples = {{"lode indicator show rsi", "one number a bar"},
                    {"lode indicator show bbands --profile talib064", "under TA-Lib's defaults"},
                    {"lode indicator show vote", "the vote and its rules"}},
       .schema = "lode.indicator.show/1"},
      run};
  return flow;
}

}  // namespace lode
