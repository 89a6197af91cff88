// Indicators as operators: their names, parameters and units.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/factor/operators.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "lode/base/must.h"
#include "lode/core/expr/ops/parts.h"
#include "lode/core/factor/indicator_kernel.h"
#include "lode/core/factor/indicator_unit.h"
#include "lode/core/indicator/choice.h"

namespace lode::factor {
namespace {

// Texts that Specs point to; made once, kept for ever.
class Texts {
 public:
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

 private:
  std::deque<std::string> texts_;
};

std::string name_of(std::string_view indicator, const indicator::Spec& spec, std::size_t output) {
  const std::string_view suffix = spec.outputs[output].name;
  const bool is_plain = spec.outputs.size() == 1 || suffix == spec.name;
  return is_plain ? fmt::format("ta_{}", indicator) : fmt::format("ta_{}_{}", indicator, suffix);
}

std::string_view operand_name(indicator::Input input) {
  switch (input) {
    case indicator::Input::kReal:
      return "x";
    case indicator::Input::kReal2:
      return "y";
    default:
      return indicator::to_string(input);
  }
}

// Counts of bars end with the longest window of the language.
double most_of(const indicator::Parameter& parameter) {
  const bool counts_bars = parameter.whole && parameter.choices.empty();
  return counts_bars ? std::min(parameter.most, expr::ops::kMostDays) : parameter.most;
}

// What a parameter may be called as well: "days" for a period, and TA-Lib's names.
std::string_view aliases_of(const indicator::Spec& spec, const indicator::Parameter& parameter, Texts& texts) {
  std::string out = parameter.name == "period" ? "days" : "";
  for (const std::string_view other : indicator::other_names(spec, parameter)) {
    out += fmt::format("{}{}", out.empty() ? "" : " ", other);
  }
  return texts.keep(std::move(out));
}

std::vector<expr::Parameter> parameters_of(const indicator::Spec& spec, Texts& texts) {
  std::vector<expr::Parameter> out;
  for (const indicator::Input input : spec.inputs) {
    out.push_back({.name = operand_name(input)});
  }
  for (const indicator::Parameter& parameter : spec.parameters) {
    out.push_back({.name = parameter.name,
                   .type = expr::Type::kLiteral,
                   .optional = true,
                   .fallback = parameter.fallback,
                   .least = parameter.least,
                   .most = most_of(parameter),
                   .whole = parameter.whole,
                   .alias = aliases_of(spec, parameter, texts),
                   .choices = parameter.choices});
  }
  return out;
}

std::string_view sentence_of(indicator::Missing rule) {
  switch (rule) {
    case indicator::Missing::kPoint:
      return "Missing where a cell that it is made of is.";
    case indicator::Missing::kWindow:
      return "Missing while one of the last sessions that it looks at is; no trace afterwards.";
    case indicator::Missing::kSkip:
      break;
  }
  return "Missing where x is; the state is then kept, as if the session were not there.";
}

std::string definition_of(const indicator::Indicator& indicator) {
  const indicator::Choice usual = must(indicator::choose(indicator.spec.name));
  return fmt::format(
      "{}. {} Windows and means begin with the first session of the data. The whole story: lode "
      "indicator show {}.",
      indicator.spec.formula, sentence_of(usual.missing()), indicator.spec.name);
}

// The miner has the language's own functions of a cell, and patterns are 0 on most days.
bool is_for_the_miner(const indicator::Spec& spec) { return spec.family != "pattern" && spec.family != "math"; }

IndicatorOperator made(const indicator::Indicator& indicator, std::size_t output, Texts& texts) {
  const indicator::Spec& spec = indicator.spec;
  IndicatorOperator op;
  op.indicator = &indicator;
  op.output = output;
  op.spec.name = texts.keep(name_of(spec.name, spec, output));
  for (const std::string_view alias : spec.aliases) {
    op.spec.aliases.push_back(texts.keep(name_of(alias, spec, output)));
  }
  const bool is_one_of_several = spec.outputs.size() > 1;
  op.spec.summary = texts.keep(is_one_of_several ? fmt::format("{} of: {}", spec.outputs[output].name, spec.summary)
                                                 : std::string(spec.summary));
  op.spec.definition = texts.keep(definition_of(indicator));
  op.spec.family = "indicator";
  op.spec.source = spec.source;
  op.spec.shape = expr::Shape::kSeries;
  op.spec.unit = unit_rule_of(indicator, output);
  op.spec.parameters = parameters_of(spec, texts);
  op.spec.recursive = true;
  op.spec.mine = is_for_the_miner(spec);
  op.run32 = run_indicator32;
  op.run64 = run_indicator64;
  op.lookback = indicator_lookback;
  op.scratch_bytes = indicator_scratch_bytes;
  op.state_of = indicator_state;
  return op;
}

}  // namespace

std::span<const IndicatorOperator* const> indicator_operators() {
  static Texts texts;
  static const std::deque<IndicatorOperator> all = [] {
    std::deque<IndicatorOperator> out;
    for (const indicator::Indicator* indicator : indicator::all_indicators()) {
      for (std::size_t output = 0; output < indicator->spec.outputs.size(); ++output) {
        out.push_back(made(*indicator, output, texts));
      }
    }
    return out;
  }();
  static const std::vector<const IndicatorOperator*> sorted = [] {
    std::vector<const IndicatorOperator*> out;
    for (const IndicatorOperator& op : all) {
      out.push_back(&op);
    }
    std::ranges::sort(out, {}, [](const IndicatorOperator* op) { return op->spec.name; });
    return out;
  }();
  return sorted;
}

const expr::OperatorTable& operators() {
  static const expr::OperatorTable table = [] {
    expr::OperatorTable out;
    for (const IndicatorOperator* op : indicator_operators()) {
      out.add(*op);
    }
    return out;
  }();
  return table;
}

}  // namespace lode::factor
