// Specs that many indicators share.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/indicator.h"

namespace lode::indicator {

Spec pattern_spec(std::string_view name, std::string_view summary, std::string_view formula, double penetration) {
  constexpr double kMost = 3e37;
  Spec out{.name = name,
           .family = "pattern",
           .summary = summary,
           .formula = formula,
           .source = "TA-Lib 0.6.4",
           .inputs = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose},
           .outputs = {{.name = "signal", .whole = true}}};
  if (penetration > 0.0) {
    out.parameters = {{.name = "penetration", .fallback = penetration, .least = 0.0, .most = kMost, .whole = false}};
  }
  return out;
}

Spec transform_spec(std::string_view name, std::string_view summary) {
  return {.name = name,
          .family = "math",
          .summary = summary,
          .formula = "of x alone; outside its domain: missing",
          .source = "TA-Lib 0.6.4",
          .inputs = {Input::kReal},
          .outputs = {{.name = "real"}}};
}

}  // namespace lode::indicator
