// Combinations: asked, computed, judged.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/combine/combined.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/core/expr/evaluate.h"
#include "lode/flow/steps/research/honesty.h"
#include "lode/flow/steps/research/vault.h"

namespace lode::flow {

namespace {

constexpr std::size_t kMostParts = 50;
constexpr int kShortestWindow = 20;
constexpr int kLongestWindow = 2520;
constexpr std::size_t kLevelsRows = 64;  // Compared by the levels test of each part, as of any factor.

// What makes this combination this one, for its run: formulas with their profiles and the options.
Value recipe_of(const CombineAsk& ask, const std::vector<Part>& parts) {
  Value recipe = Value::object();
  recipe.set("method", Value(evaluate::to_string(ask.options.weighting)));
  recipe.set("window", Value(ask.options.window));
  recipe.set("least_rows", Value(ask.options.least_rows));
  recipe.set("ridge", Value(ask.options.ridge));
  Value list = Value::array();
  for (const Part& part : parts) {
    Value one = Value::object();
    one.set("formula", Value(part.subject.formula));
    one.set("profile", Value(part.subject.profile));
    list.push(std::move(one));
  }
  recipe.set("factors", std::move(list));
  return recipe;
}

std::string text_of(const CombineAsk& ask, const std::vector<Part>& parts) {
  std::vector<std::string> formulas;
  for (const Part& part : parts) {
    formulas.push_back(part.subject.formula);
  }
  const std::string window =
      ask.options.weighting == evaluate::Weighting::kEqual ? "" : fmt::format(" of {} sessions", ask.options.window);
  const std::string ridge = ask.options.weighting == evaluate::Weighting::kRidge
                                ? fmt::format(" {}", shortest(ask.options.ridge))
                                : std::string();
  return fmt::format("combine {}{}{}: {}", evaluate::to_string(ask.options.weighting), ridge, window,
                     join(formulas, "; "));
}

Result<std::vector<Part>> compile_parts(World& world, const CombineAsk& ask, const Value* profiles) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < ask.names.size(); ++i) {
    ResearchRequest one = ask.research;
    one.subject = ask.names[i];
    if (profiles != nullptr) {
      one.profile = profiles->as_array()[i].find("profile")->as_text();
    }
    Part part{.name = ask.names[i], .subject = {}, .program = {}};
    Result<expr::Program> program = compile_subject(world, one, part.subject);
    if (!program) {
      return fail(std::move(program).error().clone().while_doing(ask.names[i]));
    }
    if (program->lookahead > 0 && !ask.research.allow_lookahead) {
      return fail(E::E1107, fmt::format("{} looks ahead", ask.names[i]), "use delay() with a positive number of days");
    }
    part.program = std::move(*program);
    parts.push_back(std::move(part));
  }
  return parts;
}

// Values of one part on all rows of `study`, as computed.
Result<Panel> values_of(World& world, const Study& study, const Part& part, Precision precision) {
  expr::Fields fields(study.panels.axis);
  for (const auto& [name, panel] : study.panels.panels) {
    fields.set(name, panel);
  }
  for (const auto& [name, group] : study.panels.groups) {
    fields.set(name, group);
  }
  fields.set_universe(study.panels.universe);
  LODE_TRY(const std::vector<Panel> computed, expr::evaluate(part.program, fields, precision, world.pool));
  return computed.front();
}

// Forward returns as somebody knew them `horizon` + 1 rows later: an exit that had to wait was not known by then.
Result<Panel> labels_of(World& world, const Study& study, const CombineAsk& ask) {
  LODE_TRY(evaluate::Labels labels,
           evaluate::forward_returns(study.market, ask.options.horizon, ask.research.options.convention, world.pool));
  for (std::size_t row = 0; row < labels.returns.rows(); ++row) {
    const auto cells = labels.returns.mutable_row64(row);
    for (std::size_t name = 0; name < cells.size(); ++name) {
      const std::uint8_t flags = labels.flags[row * cells.size() + name];
      if ((flags & (evaluate::kLateExit | evaluate::kNeverTradedAgain | evaluate::kDelistedInside)) != 0) {
        cells[name] = evaluate::kNoValue;
      }
    }
  }
  return labels.returns;
}

Result<evaluate::Combination> combine_on(World& world, const Study& study, const CombineAsk& ask,
                                         const std::vector<Part>& parts) {
  std::vector<Panel> values;
  for (const Part& part : parts) {
    LODE_TRY(const Panel panel, values_of(world, study, part, ask.research.precision));
    values.push_back(panel.as(Precision::kFloat64));
  }
  LODE_TRY(const Panel labels, labels_of(world, study, ask));
  std::vector<const Panel*> factors;
  for (const Panel& panel : values) {
    factors.push_back(&panel);
  }
  return evaluate::combine(factors, labels, ask.options, world.pool);
}

// The levels test of a sum is that of its parts, the one that moves most: z-scores of values that stay in their order,
// weighted by returns, which are ratios, stay where they are. Part by part, so that no more than one is in memory.
Result<LevelsTest> test_parts(World& world, const Study& study, const CombineAsk& ask, const std::vector<Part>& parts) {
  const auto share = [](const LevelsTest& test) {
    return test.compared == 0 ? -1.0 : static_cast<double>(test.moved) / static_cast<double>(test.compared);
  };
  LevelsTest worst;
  for (const Part& part : parts) {
    LODE_TRY(const Panel values, values_of(world, study, part, ask.research.precision));
    LODE_TRY(LevelsTest test, test_levels(world, study.panels, part.program, values,
                                          static_cast<std::size_t>(study.first_row), kLevelsRows));
    if (share(test) > share(worst)) {
      worst = std::move(test);
      worst.of = part.name;
    }
  }
  return worst;
}

Result<CombineAsk> checked(CombineAsk ask) {
  if (ask.names.size() < 2 || ask.names.size() > kMostParts) {
    return fail(ask.names.size() < 2 ? E::E3 : E::E4,
                fmt::format("{} given, expected 2 to {}",
                            ask.names.size() == 1 ? "1 factor is" : fmt::format("{} factors are", ask.names.size()),
                            kMostParts),
                "lode factor combine A B --method ic");
  }
  if (ask.options.window < kShortestWindow || ask.options.window > kLongestWindow) {
    return fail(
        E::E4,
        fmt::format("--window is {}, expected {} to {} sessions", ask.options.window, kShortestWindow, kLongestWindow),
        "--window 252");
  }
  if (!(ask.options.ridge > 0.0 && ask.options.ridge <= 1e6)) {
    return fail(E::E4, fmt::format("--ridge is {}, expected above 0", shortest(ask.options.ridge)), "--ridge 0.1");
  }
  const std::vector<int>& horizons = ask.research.options.horizons;
  ask.options.horizon = horizons[static_cast<std::size_t>(evaluate::headline_of(horizons))];
  ask.options.min_names = std::max(evaluate::kFewestNames, ask.research.options.min_names);
  ask.options.least_rows = std::min(ask.options.least_rows, ask.options.window);
  ask.research.subject = "";
  return ask;
}

Result<Combined> combine_compiled(World& world, const CombineAsk& ask, std::vector<Part> parts) {
  Combined out;
  std::set<std::string> fields;
  int lookback = 0;
  for (const Part& part : parts) {
    const std::vector<std::string> own = part.program.fields();
    fields.insert(own.begin(), own.end());
    lookback = std::max(lookback, part.program.lookback());
  }
  LODE_TRY(out.judgement.study, open_study(world, ask.research, {fields.begin(), fields.end()}));
  const Study& study = out.judgement.study;
  FunctionOfStudy function;
  function.subject.formula = text_of(ask, parts);
  function.subject.profile = "combine";
  function.subject.recipe = recipe_of(ask, parts);
  function.fields.assign(fields.begin(), fields.end());
  function.lookback = lookback;
  function.compute = [&](const Study& of) -> Result<Panel> {
    LODE_TRY(evaluate::Combination made, combine_on(world, of, ask, parts));
    Panel score = made.score;
    if (of.panels.axis == study.panels.axis) {
      out.values = std::move(made);
    }
    return score;
  };
  function.levels = [&](const Study& of) { return test_parts(world, of, ask, parts); };
  LODE_TRY(out.judgement.judged, judge_function(world, study, ask.research, function));
  LODE_CHECK(add_honesty(study, ask.research, out.judgement.judged));
  LODE_CHECK(add_vault(study, ask.research, out.judgement.judged));
  out.parts = std::move(parts);
  return out;
}

}  // namespace

std::vector<Parameter> combine_parameters() {
  using Kind = ParameterKind;
  std::vector<std::string_view> methods;
  for (int i = 0; i <= static_cast<int>(evaluate::Weighting::kPca); ++i) {
    methods.push_back(evaluate::to_string(static_cast<evaluate::Weighting>(i)));
  }
  return {
      {.name = "method", .kind = Kind::kChoice, .summary = "what weighs them", .fallback = "ic", .choices = methods},
      {.name = "window",
       .kind = Kind::kInteger,
       .summary = "sessions the weights of a date are estimated on",
       .fallback = "252"},
      {.name = "ridge",
       .kind = Kind::kNumber,
       .summary = "of --method ridge: penalty as a share of a factor's variance",
       .fallback = "0.1"}};
}

Result<CombineAsk> read_combine(World& world, const Request& request) {
  CombineAsk ask;
  ask.names = request.texts("formula");
  Value values = request.values();
  values.set("formula", Value(ask.names.empty() ? "close" : ask.names.front()));  // Read with the rest; not used.
  Request one(std::move(values));
  one.set_origin("cost-bps", request.origin("cost-bps"));
  LODE_TRY(ask.research, ask_research(world, one));
  LODE_TRY(ask.options.weighting, evaluate::parse_weighting(request.text("method", "ic")));
  ask.options.window = static_cast<int>(request.integer("window", 252));
  ask.options.ridge = request.number("ridge", 0.1);
  return checked(std::move(ask));
}

Result<CombineAsk> combine_of(const lake::Run& run) {
  CombineAsk ask;
  LODE_TRY(ask.research, request_of(run));
  const Value* recipe = run.request.find("combination");
  if (recipe == nullptr || !recipe->is_object()) {
    return fail(E::E9, fmt::format("run {} says nothing of what it combined", run.alias),
                "lode runs show tells what it is");
  }
  LODE_TRY(ask.options.weighting, evaluate::parse_weighting(recipe->find("method")->as_text()));
  ask.options.window = static_cast<int>(recipe->find("window")->as_int());
  ask.options.ridge = recipe->find("ridge")->as_double();
  for (const Value& one : recipe->find("factors")->as_array()) {
    ask.names.push_back(one.find("formula")->as_text());
  }
  LODE_TRY(ask, checked(std::move(ask)));
  ask.recipe = *recipe;
  return ask;
}

Result<Combined> combine(World& world, const CombineAsk& ask) {
  const Value* profiles = ask.recipe.is_object() ? ask.recipe.find("factors") : nullptr;
  LODE_TRY(std::vector<Part> parts, compile_parts(world, ask, profiles));
  return combine_compiled(world, ask, std::move(parts));
}

}  // namespace lode::flow
