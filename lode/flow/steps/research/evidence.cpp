// The evidence of a verdict as a document, and back.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/evidence.h"

#include <algorithm>
#include <array>
#include <limits>

namespace lode::flow {

namespace {

constexpr std::string_view kForm = "verdict/1";
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double number_of(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  return value != nullptr && value->is_number() ? value->as_double() : kNone;
}

std::int64_t count_of(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  return value != nullptr && value->is_int() ? value->as_int() : 0;
}

std::string text_of(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  return value != nullptr && value->is_text() ? value->as_text() : std::string();
}

// The members of a list, none where there is no list.
Value::Array list_of(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  return value != nullptr && value->is_array() ? value->as_array() : Value::Array();
}

Value estimate_json(const evaluate::Estimate& estimate) {
  Value out = Value::object();
  out.set("value", Value(estimate.value));
  out.set("lower", Value(estimate.lower));
  out.set("upper", Value(estimate.upper));
  out.set("n", Value(estimate.n));
  out.set("reason", Value(estimate.reason));
  return out;
}

evaluate::Estimate estimate_of(const Value& object, std::string_view key) {
  const Value* found = object.find(key);
  const Value& value = found == nullptr ? object : *found;
  return {number_of(value, "value"), number_of(value, "lower"), number_of(value, "upper"), count_of(value, "n"),
          text_of(value, "reason")};
}

Value horizon_json(const evaluate::HorizonResult& horizon) {
  Value out = Value::object();
  out.set("horizon", Value(horizon.horizon));
  out.set("dates", Value(horizon.dates));
  out.set("rank_ic", estimate_json(horizon.rank_ic.mean));
  out.set("t", Value(horizon.rank_ic.t_no_overlap));
  out.set("gross", estimate_json(horizon.spread.gross_annual));
  out.set("net", estimate_json(horizon.spread.net_annual));
  return out;
}

evaluate::HorizonResult horizon_of(const Value& value) {
  evaluate::HorizonResult out{};
  out.horizon = static_cast<int>(count_of(value, "horizon"));
  out.dates = count_of(value, "dates");
  out.rank_ic.mean = estimate_of(value, "rank_ic");
  out.rank_ic.t_no_overlap = number_of(value, "t");
  out.spread.gross_annual = estimate_of(value, "gross");
  out.spread.net_annual = estimate_of(value, "net");
  return out;
}

Value checks_json(const std::vector<evaluate::Check>& checks) {
  Value out = Value::array();
  for (const evaluate::Check& check : checks) {
    Value row = Value::object();
    row.set("id", Value(check.id));
    row.set("title", Value(check.title));
    row.set("state", Value(evaluate::to_string(check.state)));
    row.set("result", Value(check.result));
    out.push(std::move(row));
  }
  return out;
}

evaluate::Check check_of(const Value& value) {
  constexpr std::array kStates{evaluate::CheckState::kPassed, evaluate::CheckState::kWarning,
                               evaluate::CheckState::kFailed};
  const std::string word = text_of(value, "state");
  const auto* state = std::ranges::find_if(kStates, [&](auto one) { return evaluate::to_string(one) == word; });
  return {text_of(value, "id"), text_of(value, "title"),
          state == kStates.end() ? evaluate::CheckState::kUnknown : *state, text_of(value, "result"), ""};
}

}  // namespace

Value evidence_json(const evaluate::TearSheet& sheet) {
  Value out = Value::object();
  out.set("form", Value(kForm));
  out.set("first", Value(static_cast<std::int64_t>(sheet.sessions.front().days)));
  out.set("last", Value(static_cast<std::int64_t>(sheet.sessions.back().days)));
  out.set("cost_bps", Value(sheet.options.cost_bps));
  out.set("sessions_a_year", Value(sheet.options.sessions_a_year));
  out.set("headline", Value(sheet.headline));
  out.set("coverage", Value(sheet.coverage.ratio));
  out.set("placebo_lower", Value(sheet.placebo_lower));
  out.set("placebo_upper", Value(sheet.placebo_upper));
  Value horizons = Value::array();
  for (const evaluate::HorizonResult& horizon : sheet.horizons) {
    horizons.push(horizon_json(horizon));
  }
  out.set("horizons", std::move(horizons));
  Value years = Value::array();
  for (const evaluate::YearResult& year : sheet.years) {
    Value row = Value::object();
    row.set("year", Value(year.year));
    row.set("rank_ic", Value(year.rank_ic));
    years.push(std::move(row));
  }
  out.set("years", std::move(years));
  out.set("checks", checks_json(sheet.checks));
  return out;
}

std::optional<evaluate::TearSheet> sheet_of_evidence(const Value& evidence) {
  const auto headline = static_cast<std::size_t>(count_of(evidence, "headline"));
  if (text_of(evidence, "form") != kForm || headline >= list_of(evidence, "horizons").size()) {
    return std::nullopt;
  }
  evaluate::TearSheet sheet{};
  sheet.sessions = {Date{static_cast<std::int32_t>(count_of(evidence, "first"))},
                    Date{static_cast<std::int32_t>(count_of(evidence, "last"))}};
  sheet.options.cost_bps = number_of(evidence, "cost_bps");
  sheet.options.sessions_a_year = number_of(evidence, "sessions_a_year");
  sheet.headline = static_cast<int>(headline);
  sheet.coverage.ratio = number_of(evidence, "coverage");
  sheet.placebo_lower = number_of(evidence, "placebo_lower");
  sheet.placebo_upper = number_of(evidence, "placebo_upper");
  for (const Value& horizon : list_of(evidence, "horizons")) {
    sheet.horizons.push_back(horizon_of(horizon));
  }
  for (const Value& row : list_of(evidence, "years")) {
    evaluate::YearResult year{};
    year.year = static_cast<int>(count_of(row, "year"));
    year.rank_ic = number_of(row, "rank_ic");
    sheet.years.push_back(year);
  }
  for (const Value& check : list_of(evidence, "checks")) {
    sheet.checks.push_back(check_of(check));
  }
  return sheet;
}

}  // namespace lode::flow
