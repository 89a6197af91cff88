// Rules of the vote from text.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/vote_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"

namespace lode::flow {
namespace {

using indicator::VoteRules;

struct Rule {
  std::string_view name;
  std::variant<double*, int*, bool*> place;
};

std::vector<Rule> rules_of(VoteRules& rules) {
  std::vector<Rule> out;
  for (std::size_t k = 0; k < indicator::kBallots; ++k) {
    out.push_back({indicator::kBallotNames[k], &rules.weights[k]});
  }
  const std::vector<Rule> rest = {{"buy", &rules.buy},
                                  {"sell", &rules.sell},
                                  {"strong", &rules.strong},
                                  {"moderate", &rules.moderate},
                                  {"rsi_low", &rules.rsi_low},
                                  {"rsi_high", &rules.rsi_high},
                                  {"k_low", &rules.k_low},
                                  {"k_high", &rules.k_high},
                                  {"trend_filter", &rules.has_trend_filter},
                                  {"ma_fast", &rules.ma_fast},
                                  {"ma_slow", &rules.ma_slow},
                                  {"ma_trend", &rules.ma_trend},
                                  {"rsi_period", &rules.rsi_period},
                                  {"macd_fast", &rules.macd_fast},
                                  {"macd_slow", &rules.macd_slow},
                                  {"macd_signal", &rules.macd_signal},
                                  {"bollinger_period", &rules.bollinger_period},
                                  {"bollinger_width", &rules.bollinger_width},
                                  {"stochastic_k", &rules.stochastic_k},
                                  {"stochastic_slow", &rules.stochastic_slow},
                                  {"stochastic_d", &rules.stochastic_d}};
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

Failure wrong(std::string_view name, std::string_view text, std::string_view expected) {
  return fail(E::E4, fmt::format("--rules: {} is {}, expected {}", name, quote(text), expected));
}

Result<void> set(const Rule& rule, std::string_view text) {
  double value = 0.0;
  const bool is_number = parse_double(text, value);
  if (double* const* number = std::get_if<double*>(&rule.place)) {
    if (!is_number) {
      return wrong(rule.name, text, "a number");
    }
    **number = value;
  } else if (int* const* whole = std::get_if<int*>(&rule.place)) {
    if (!is_number || value != math::floor(value) || math::abs(value) > 1e6) {
      return wrong(rule.name, text, "a whole number of bars");
    }
    **whole = static_cast<int>(value);
  } else {
    if (!is_number || (value != 0.0 && value != 1.0)) {
      return wrong(rule.name, text, "1 or 0");
    }
    *std::get<bool*>(rule.place) = value == 1.0;
  }
  return {};
}

Result<void> set_means(VoteRules& rules, std::string_view text) {
  if (text != "wilder" && text != "simple") {
    return wrong("rsi_means", text, "wilder or simple");
  }
  rules.rsi = text == "wilder" ? "rsi" : "rsi_cutler";
  return {};
}

Failure unknown(std::string_view name, const std::vector<Rule>& rules) {
  std::vector<std::string> names = {"rsi_means"};
  for (const Rule& rule : rules) {
    names.emplace_back(rule.name);
  }
  const std::string near = did_you_mean(name, names);
  return fail(E::E4, fmt::format("--rules: there is no rule {}", quote(name)),
              near.empty() ? "there are " + join_some(names, 30) : near);
}

}  // namespace

Result<VoteRules> parse_rules(std::string_view text) {
  VoteRules out;
  const std::vector<Rule> rules = rules_of(out);
  std::set<std::string> seen;
  for (const std::string_view piece : trim(text).empty() ? std::vector<std::string_view>() : split(text, ',')) {
    const std::size_t sign = piece.find('=');
    const std::string name(trim(piece.substr(0, sign)));
    const std::string_view value = sign == std::string_view::npos ? std::string_view() : trim(piece.substr(sign + 1));
    const auto rule = std::ranges::find(rules, name, &Rule::name);
    if (rule == rules.end() && name != "rsi_means") {
      return unknown(name, rules);
    }
    if (!seen.insert(name).second) {
      return fail(E::E4, fmt::format("--rules: {} stands twice", name), "say each rule once");
    }
    LODE_CHECK(name == "rsi_means" ? set_means(out, value) : set(*rule, value));
  }
  LODE_CHECK(indicator::check_rules(out));
  return out;
}

Value rules_json(const VoteRules& rules) {
  VoteRules copy = rules;
  Value out = Value::object();
  for (const Rule& rule : rules_of(copy)) {
    out.set(rule.name, std::visit([](auto* place) { return Value(*place); }, rule.place));
  }
  out.set("rsi_means", Value(rules.rsi == "rsi" ? "wilder" : "simple"));
  return out;
}

Result<VoteRules> rules_from(const Value& json) {
  std::vector<std::string> pieces;
  for (const auto& [name, value] : json.as_object()) {
    const std::string text = value.is_bool()   ? (value.as_bool() ? "1" : "0")
                             : value.is_text() ? value.as_text()
                                               : shortest(value.as_double());
    pieces.push_back(fmt::format("{}={}", name, text));
  }
  return parse_rules(join(pieces, ","));
}

}  // namespace lode::flow
