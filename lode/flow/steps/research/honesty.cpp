// Trials on record held against the one judged.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/honesty.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/evaluate/honesty/honesty_numbers.h"
#include "lode/core/stat/distribution.h"

namespace lode::flow {

namespace {

bool is_same(const lake::Trial& a, const lake::Trial& b) {
  return a.formula == b.formula && a.universe == b.universe && a.from == b.from && a.to == b.to &&
         a.preparation == b.preparation;
}

// The largest double JSON can hold stands for no number there is.
Value number_or_null(double value) { return math::is_finite(value) ? Value(value) : Value(); }

Value deflation_json(double deviation, double independent, double all) {
  Value out = Value::object();
  out.set("deviation", number_or_null(deviation));
  out.set("independent", number_or_null(independent));
  out.set("all", number_or_null(all));
  return out;
}

}  // namespace

std::optional<lake::TrialBook> book_of(const evaluate::TearSheet& sheet, lake::Trial trial) {
  const evaluate::HorizonResult& headline = sheet.headline_horizon();
  lake::TrialBook out{};
  out.trial = std::move(trial);
  out.trial.horizon = headline.horizon;
  out.p = stat::normal_two_sided_p(headline.rank_ic.t_no_overlap);
  for (std::size_t row = 0; row < sheet.sessions.size(); ++row) {
    if (!math::is_nan(headline.spread_series[row]) && !math::is_nan(headline.traded_series[row])) {
      out.sessions.push_back(sheet.sessions[row]);
      out.gross.push_back(headline.spread_series[row]);
      out.traded.push_back(headline.traded_series[row]);
    }
  }
  if (out.sessions.empty()) {
    return std::nullopt;
  }
  lake::round_as_stored(out);
  return out;
}

evaluate::TrialBook plain_book(const lake::TrialBook& book) {
  return {.sessions = book.sessions, .gross = book.gross, .traded = book.traded, .p = book.p};
}

Result<evaluate::Honesty> honesty_of(lake::Lake& lake, const lake::TrialBook& own, double cost_bps, bool turned,
                                     double sessions_a_year) {
  const lake::RunStore store(lake);
  LODE_TRY(const std::vector<lake::TrialBook> stored, lake::trial_books(lake, own.trial.universe));
  std::vector<evaluate::TrialBook> books;
  for (const lake::TrialBook& book : stored) {
    if (!is_same(book.trial, own.trial)) {
      books.push_back(plain_book(book));
    }
  }
  books.push_back(plain_book(own));
  LODE_TRY(const lake::TrialCounts counts, store.trial_counts_with(own.trial));
  LODE_TRY(const std::int64_t ordinal, store.trial_ordinal(own.trial));
  evaluate::Honesty out;
  out.law = evaluate::trial_law(books, own.sessions, counts.universe);
  out.own = evaluate::deflated(out.law, books.back(), cost_bps, turned);
  out.q = out.law.q.back();
  out.ordinal = ordinal == 0 ? counts.universe : ordinal;
  out.sessions_a_year = sessions_a_year;
  return out;
}

namespace {

Result<std::optional<lake::TrialBook>> stored_book(lake::Lake& lake, const lake::Trial& trial) {
  LODE_TRY(const std::vector<lake::TrialBook> stored, lake::trial_books(lake, trial.universe));
  const auto own = std::ranges::find_if(stored, [&](const auto& book) { return is_same(book.trial, trial); });
  return own == stored.end() ? std::nullopt : std::optional(*own);
}

// What trial_json() wrote. E8007 for anything else.
Result<lake::Trial> trial_of_json(const Value& kept) {
  lake::Trial out{};
  for (const auto& [key, into] : {std::pair{"formula", &out.formula}, std::pair{"universe", &out.universe},
                                  std::pair{"preparation", &out.preparation}}) {
    const Value* text = kept.find(key);
    if (text == nullptr || !text->is_text()) {
      return fail(E::E8007, fmt::format("the run's record of its trial has no {}", key),
                  "lode factor eval ... --again records it anew");
    }
    *into = text->as_text();
  }
  for (const auto& [key, into] : {std::pair{"from", &out.from}, std::pair{"to", &out.to}}) {
    if (const Value* date = kept.find(key); date != nullptr && date->is_text()) {
      LODE_TRY(*into, parse_date(date->as_text()));
    }
  }
  return out;
}

}  // namespace

Result<std::optional<evaluate::Honesty>> stored_honesty(lake::Lake& lake, const lake::Trial& trial,
                                                        const evaluate::TearSheet& evidence) {
  LODE_TRY(const auto own, stored_book(lake, trial));
  if (!own) {
    return std::optional<evaluate::Honesty>();
  }
  LODE_TRY(evaluate::Honesty honesty,
           honesty_of(lake, *own, evidence.options.cost_bps, evidence.headline_horizon().rank_ic.mean.value < 0.0,
                      evidence.options.sessions_a_year));
  return std::optional<evaluate::Honesty>(std::move(honesty));
}

Result<evaluate::Kinship> kinship_of(lake::Lake& lake, const lake::TrialBook& own) {
  LODE_TRY(const std::vector<lake::NamedFactor> factors, lake::RunStore(lake).factors());
  LODE_TRY(const std::vector<lake::TrialBook> stored, lake::trial_books(lake, own.trial.universe));
  std::vector<evaluate::KnownBook> known;
  for (const lake::NamedFactor& factor : factors) {
    const std::string formula = fmt::format("{} [{}]", factor.formula, factor.profile);
    const auto newest =
        std::find_if(stored.rbegin(), stored.rend(), [&](const auto& book) { return book.trial.formula == formula; });
    if (formula != own.trial.formula && newest != stored.rend()) {
      known.push_back({factor.name, plain_book(*newest)});
    }
  }
  return evaluate::kinship(plain_book(own), known);
}

Value trial_json(const lake::Trial& trial) {
  const auto bound = [](const std::optional<Date>& date) { return date ? Value(to_string(*date)) : Value(); };
  Value out = Value::object();
  out.set("formula", Value(trial.formula));
  out.set("universe", Value(trial.universe));
  out.set("from", bound(trial.from));
  out.set("to", bound(trial.to));
  out.set("preparation", Value(trial.preparation));
  return out;
}

void add_numbers_of_today(const std::optional<evaluate::Honesty>& honesty,
                          const std::optional<evaluate::Kinship>& kinship, double sessions_a_year,
                          std::vector<evaluate::Number>& numbers) {
  if (honesty) {
    std::ranges::move(evaluate::honesty_numbers(*honesty), std::back_inserter(numbers));
  }
  if (kinship) {
    std::ranges::move(evaluate::kinship_numbers(*kinship, sessions_a_year), std::back_inserter(numbers));
  }
}

Result<std::vector<evaluate::Number>> numbers_of_today(lake::Lake& lake, const lake::Run& run) {
  std::vector<evaluate::Number> out;
  const Value* kept = run.outcome.find("trial");
  const Value* cost = run.request.find("cost_bps");
  if (kept == nullptr || !kept->is_object() || cost == nullptr || !cost->is_number()) {
    return out;
  }
  LODE_TRY(const lake::Trial trial, trial_of_json(*kept));
  LODE_TRY(const auto own, stored_book(lake, trial));
  if (!own) {
    return out;
  }
  const lake::RunStore store(lake);
  LODE_TRY(const lake::StoredNumber ic,
           store.number(run.alias, fmt::format("rank_ic.{}.mean", evaluate::horizon_key(own->trial.horizon))));
  const double year = evaluate::Options{}.sessions_a_year;
  LODE_TRY(const evaluate::Honesty honesty, honesty_of(lake, *own, cost->as_double(), ic.value < 0.0, year));
  LODE_TRY(const evaluate::Kinship kinship, kinship_of(lake, *own));
  add_numbers_of_today(honesty, kinship, year, out);
  return out;
}

Result<void> add_honesty(const Study& study, const ResearchRequest& request, Judged& judged) {
  judged.honesty.reset();
  LODE_TRY(lake::Trial trial, trial_in(*study.lake, request, judged.subject));
  const auto own = book_of(judged.sheet, std::move(trial));
  if (!own || !is_measured(judged.sheet)) {
    return {};
  }
  const evaluate::Options& options = judged.sheet.options;
  LODE_TRY(judged.honesty,
           honesty_of(*study.lake, *own, options.cost_bps, judged.sheet.headline_horizon().rank_ic.mean.value < 0.0,
                      options.sessions_a_year));
  evaluate::set_honesty(judged.sheet.checks, *judged.honesty);
  LODE_TRY(judged.kinship, kinship_of(*study.lake, *own));
  return {};
}

Value overfitting_json(const evaluate::TrialLaw& law) {
  Value out = Value::object();
  out.set("value", number_or_null(law.pbo));
  if (!law.pbo_reason.empty()) {
    out.set("reason", Value(law.pbo_reason));
    return out;
  }
  out.set("loss", number_or_null(law.pbo_loss));
  out.set("slope", number_or_null(law.pbo_slope));
  out.set("blocks", Value(evaluate::kOverfittingBlocks));
  out.set("choices", Value(law.pbo_choices));
  out.set("sessions", Value(law.pbo_sessions));
  return out;
}

Value kinship_json(const evaluate::Kinship& kinship) {
  Value out = Value::object();
  if (!kinship.reason.empty()) {
    out.set("reason", Value(kinship.reason));
    return out;
  }
  out.set("alpha", number_or_null(evaluate::annual_rate(kinship.alpha.value, evaluate::Options{}.sessions_a_year)));
  out.set("alpha_t", number_or_null(kinship.alpha.t));
  out.set("r2", number_or_null(kinship.r2));
  out.set("sessions", Value(kinship.sessions));
  Value list = Value::array();
  for (const evaluate::Relative& one : kinship.relatives) {
    Value row = Value::object();
    row.set("factor", Value(one.name));
    row.set("correlation", number_or_null(one.correlation));
    row.set("beta", number_or_null(one.beta.value));
    row.set("t", number_or_null(one.beta.t));
    list.push(std::move(row));
  }
  out.set("factors", std::move(list));
  return out;
}

Value honesty_json(const evaluate::Honesty& honesty) {
  const evaluate::TrialLaw& law = honesty.law;
  const evaluate::Deflated& own = honesty.own;
  Value out = Value::object();
  out.set("trials", Value(law.trials));
  out.set("ordinal", Value(honesty.ordinal));
  out.set("independent_trials", Value(law.independent));
  out.set("books", Value(law.books));
  out.set("sharpe", number_or_null(own.shape.sharpe));
  out.set("sharpe_annual", number_or_null(own.shape.sharpe * math::sqrt(honesty.sessions_a_year)));
  out.set("sessions", Value(static_cast<std::int64_t>(own.shape.n)));
  out.set("psr", number_or_null(own.psr));
  out.set("track_record_sessions", number_or_null(own.track_sessions));
  out.set("dsr", number_or_null(own.dsr()));
  out.set("dsr_across_trials", deflation_json(law.deviation, own.across_independent, own.across_all));
  out.set("dsr_null", deflation_json(own.null_deviation, own.null_independent, own.null_all));
  out.set("q", number_or_null(honesty.q));
  out.set("pbo", overfitting_json(law));
  return out;
}

Value checks_json(std::span<const evaluate::Check> checks) {
  Value out = Value::array();
  for (const evaluate::Check& check : checks) {
    Value row = Value::object();
    row.set("id", Value(check.id));
    row.set("state", Value(evaluate::to_string(check.state)));
    row.set("result", Value(check.result));
    row.set("note", Value(check.note));
    out.push(std::move(row));
  }
  return out;
}

}  // namespace lode::flow
