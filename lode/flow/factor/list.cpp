// lode factor list: the factors of this lake with what they were last judged to be.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "lode/base/math.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/flow/fitted.h"
#include "lode/flow/flow.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/research/library_factors.h"
#include "lode/flow/steps/research/operators.h"
#include "lode/flow/steps/research/stored_factors.h"

namespace lode {

namespace {

std::string age(Time now, Time then) {
  const std::int64_t seconds = (now.nanos - then.nanos) / kNanosPerSecond;
  if (seconds < 3600) return fmt::format("{} min", std::max<std::int64_t>(0, seconds / 60));
  return seconds < 86400 ? fmt::format("{} h", seconds / 3600) : fmt::format("{} d", seconds / 86400);
}

// "+0.018", and of which horizon where that is not the column's.
std::string shown_ic(const flow::FactorNews& news) {
  const std::string text = math::is_nan(news.rank_ic) ? std::string("-") : signed_fixed(news.rank_ic, 3);
  return news.horizon.empty() || news.horizon == "5d" ? text : fmt::format("{} ({})", text, news.horizon);
}

std::string shown(double value, int decimals) {
  return math::is_nan(value) ? std::string("-") : signed_fixed(value, decimals);
}

// A word before the '/' that is of no library and no factor of this lake is a misspelling, not an empty list.
Result<void> check_library(const std::string& library, const std::vector<lake::NamedFactor>& factors) {
  std::set<std::string> known;
  for (const lake::NamedFactor& factor : factors) {
    const std::size_t slash = factor.name.find('/');
    if (slash != std::string::npos) {
      known.insert(factor.name.substr(0, slash));
    }
  }
  if (library.empty() || known.contains(library)) {
    return {};
  }
  std::ranges::transform(factor::libraries(), std::inserter(known, known.end()), &factor::Library::id);
  const std::vector<std::string> all(known.begin(), known.end());
  const std::string near = did_you_mean(library, all);
  return fail(E::E9,
              fmt::format("no library called {}: neither a factor of this lake nor what ships is named {}/..",
                          quote(library), library.substr(0, 40)),
              near.empty() ? "there are: " + join(all, ", ") : near);
}

// The libraries of the program; no lake is asked.
Result<Outcome> shipped(const World& world, const Request& request) {
  const int width = static_cast<int>(world.config.get("columns").as_int());
  if (request.flag("libraries")) {
    return flow::in_format(flow::list_libraries(width), "libraries",
                           {"library", "title", "formulas_count", "missing_count", "profile", "source"}, request);
  }
  LODE_TRY(Outcome out, flow::list_library(request.text("library"), width));
  return flow::in_format(std::move(out), "formulas",
                         {"name", "formula", "profile", "fields", "history", "unit", "hash"}, request);
}

Result<Outcome> run(World& world, const Request& request) {
  if (request.flag("operators")) {
    return flow::in_format(flow::list_operators(world.pool), "operators",
                           {"operator", "signature", "summary", "definition", "source"}, request);
  }
  if (request.flag("libraries") || factor::is_library_name(request.text("library") + "/")) {
    return shipped(world, request);
  }
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  const lake::RunStore store(*lake);
  LODE_TRY(const std::vector<lake::NamedFactor> factors, store.factors());
  LODE_TRY(const std::vector<lake::RunNews> runs, store.newest_of_formulas());
  const std::string library = request.text("library");
  TextTable table({{"name", TextTable::Align::kLeft, 6},
                   {"formula", TextTable::Align::kLeft, 3},
                   {"cover", TextTable::Align::kRight, 2},
                   {"IC 5d", TextTable::Align::kRight, 5},
                   {"t", TextTable::Align::kRight, 4},
                   {"age", TextTable::Align::kRight, 1}});
  Outcome out;
  out.data = Value::object();
  Value rows = Value::array();
  std::size_t shown_count = 0;
  LODE_CHECK(check_library(library, factors));
  bool never_judged = false;
  for (const lake::NamedFactor& factor : factors) {
    if (!library.empty() && !factor.name.starts_with(library + "/")) {
      continue;
    }
    LODE_TRY(const flow::FactorNews news, flow::factor_news(store, runs, factor));
    never_judged = never_judged || news.run.empty();
    table.add({factor.name, factor.formula, math::is_nan(news.coverage) ? "-" : fixed(100.0 * news.coverage, 0) + " %",
               shown_ic(news), shown(news.t, 1), news.run.empty() ? "-" : age(world.clock.now(), news.judged)});
    Value row = flow::factor_json(factor);
    row.set("coverage", Value(news.coverage));
    row.set("rank_ic", Value(news.rank_ic));
    row.set("horizon", news.horizon.empty() ? Value() : Value(news.horizon));
    row.set("t", Value(news.t));
    row.set("run", news.run.empty() ? Value() : Value(news.run));
    rows.push(std::move(row));
    ++shown_count;
  }
  out.data.set("factors", std::move(rows));
  out.text = flow::fitted(world, table) + fmt::format("\n{} of {} shown (--library).", shown_count, factors.size());
  out.text += never_judged ? " A dash: not judged yet, lode factor eval NAME.\n" : "\n";
  if (factors.empty()) {
    out.text = "No factor is kept here yet.\n";
    out.next = "lode factor add reversal5 'rank(-ts_delta(close,5))'";
  }
  return flow::in_format(
      std::move(out), "factors",
      {"name", "formula", "profile", "note", "hash", "added", "coverage", "rank_ic", "horizon", "t", "run"}, request);
}

}  // namespace

const Flow& flow_factor_list() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "list",
       .summary = "the factors kept here, with what they were last judged to be",
       .description =
           "One line a factor: name, formula, coverage, rank IC near five days and its no-overlap t from the "
           "newest evaluation, and how old that is. The libraries that ship (alpha101, alpha158, gtja191 ..) are "
           "listed with "
           "their fields and history instead, the operators of the language with what they do.",
       .journey = Journey::kResearch,
       .parameters = {{.name = "library",
                       .summary = "only names that start with LIBRARY/; the formulas of a library that ships"},
                      {.name = "libraries", .kind = ParameterKind::kFlag, .summary = "the libraries that ship"},
                      {.name = "operators",
                       .kind = ParameterKind::kFlag,
                       .summary =
                           "the operators of the formula language; with --json all their Specs say, and examples"},
                      flow::rows_format_parameter()},
       .examples = {{"lode factor list", "all of them"},
                    {"lode factor list --libraries", "what ships"},
                    {"lode factor list --library alpha101", "the formulas of one library"},
                    {"lode factor list --operators", "the language"},
                    {"lode factor list --json", "for a program"}},
       .schema = "lode.factor.list/1"},
      run};
  return flow;
}

}  // namespace lode
