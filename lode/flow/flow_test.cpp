// The gate of every door: requests completed and checked against a Spec; and every Spec of the catalog.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/flow.h"

#include <gmock/gmock.h>

#include <set>

#include "lode/base/error.h"
#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/base/text.h"
#include "lode/flow/steps/answer/confirm.h"

namespace lode {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Result<Outcome> echo(World&, const Request& request) {
  Outcome out;
  out.data = request.values();
  return out;
}
Result<Outcome> refuse(World&, const Request&) { return fail(E::E2101, "nothing here", "look elsewhere"); }

// One parameter of each kind.
FlowSpec kinds() {
  return {.noun = "data",
          .verb = "try",
          .parameters = {{.name = "WHAT", .summary = "the subject", .positional = true, .required = true},
                         {.name = "count", .kind = ParameterKind::kInteger, .fallback = "20"},
                         {.name = "share", .kind = ParameterKind::kNumber},
                         {.name = "again", .kind = ParameterKind::kFlag},
                         {.name = "from", .kind = ParameterKind::kDate},
                         {.name = "as-of", .kind = ParameterKind::kInstant},
                         {.name = "profile", .kind = ParameterKind::kChoice, .choices = {"lode", "paper"}},
                         {.name = "horizons", .kind = ParameterKind::kIntegers, .config_key = "factor.horizons"},
                         {.name = "size", .kind = ParameterKind::kInteger, .least = 20, .most = 9999},
                         {.name = "shift", .kind = ParameterKind::kNumber, .least = -2.5},
                         {.name = "symbol", .repeated = true}},
          .examples = {{"lode data try this", ""}},
          .schema = "lode.data.try/1"};
}

Result<Request> completed(const std::string& json) {
  return complete_request(kinds(), must(parse_json(json)), Config());
}

std::string values(const std::string& json) { return to_json(must(completed(json)).values()); }

std::string mistake(const std::string& json) {
  const Result<Request> request = completed(json);
  return request ? "good" : render(request.error());
}

TEST(CompleteRequest, FillsDefaultsFromSpecAndSettings) {
  EXPECT_EQ(values(R"j({"what": "x"})j"), R"j({"what":"x","count":20,"horizons":[1,5,21]})j");
}

TEST(CompleteRequest, TellsWhereAValueCameFrom) {
  Config config;
  must(config.merge_toml("[factor]\nhorizons = \"2,4\"\n", "lode.toml"));
  const Request request = must(complete_request(kinds(), must(parse_json(R"j({"what": "x", "size": 30})j")), config));
  EXPECT_EQ(request.origin("size"), "--size");
  EXPECT_EQ(request.origin("what"), "WHAT");
  EXPECT_EQ(request.origin("horizons"), "lode.toml:2");
  EXPECT_EQ(request.origin("count"), "built-in");
  EXPECT_EQ(request.origin("nonsense"), "built-in");
}

TEST(CompleteRequest, RefusesNumbersOutOfRangeWithTheRange) {
  EXPECT_THAT(mistake(R"j({"what": "x", "count": "-1"})j"),
              HasSubstr("error[E0004]: --count is -1, expected 0 or more"));
  EXPECT_THAT(mistake(R"j({"what": "x", "count": -1})j"), HasSubstr("--count is -1, expected 0 or more"));
  EXPECT_THAT(mistake(R"j({"what": "x", "size": "19"})j"), HasSubstr("--size is 19, expected 20 to 9999"));
  EXPECT_THAT(mistake(R"j({"what": "x", "size": "10000"})j"), HasSubstr("--size is 10000, expected 20 to 9999"));
  EXPECT_THAT(mistake(R"j({"what": "x", "shift": "-2.6"})j"), HasSubstr("--shift is -2.6, expected -2.5 or more"));
  EXPECT_THAT(mistake(R"j({"what": "x", "horizons": "1,-5"})j"), HasSubstr("--horizons is -5, expected 0 or more"));
  EXPECT_THAT(mistake(R"j({"what": "x", "horizons": [1, 4294967301]})j"),
              HasSubstr("--horizons is 4294967301, expected 0 to 2147483647"));
  EXPECT_EQ(mistake(R"j({"what": "x", "size": 20, "shift": -2.5, "horizons": [0]})j"), "good");
}

TEST(CompleteRequest, TakesTheRangeOfASettingFromTheSetting) {
  const FlowSpec spec{
      .parameters = {{.name = "cost", .kind = ParameterKind::kNumber, .config_key = "factor.cost_bps"}}};
  const Result<Request> request = complete_request(spec, must(parse_json(R"j({"cost": "10001"})j")), Config());
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().message(), "--cost is 10001, expected 0 to 10000");
  EXPECT_TRUE(complete_request(spec, must(parse_json(R"j({"cost": 10000})j")), Config()));
}

TEST(CompleteRequest, RefusesTextsThatAreEmpty) {
  EXPECT_THAT(mistake(R"j({"what": ""})j"), HasSubstr("error[E0004]: WHAT is empty, expected the subject"));
  EXPECT_THAT(mistake(R"j({"what": "x", "symbol": ["A", " "]})j"), HasSubstr("--symbol is empty"));
  EXPECT_THAT(mistake(R"j({"what": "x", "from": ""})j"), HasSubstr("error[E0005]: --from is ''"));
}

TEST(CompleteRequest, ReadsTextAsTheParametersKind) {
  EXPECT_EQ(
      values(R"j({"what":"x","count":"3","share":"0.5","again":"true","from":"20240628","as-of":"2024-06-28",
                        "profile":"paper","horizons":"1, 5","symbol":["A","B"]})j"),
      R"j({"what":"x","count":3,"share":0.5,"again":true,"from":"2024-06-28","as-of":"2024-06-28","profile":"paper",)j"
      R"j("horizons":[1,5],"symbol":["A","B"]})j");
}

TEST(CompleteRequest, TakesTypedValuesAsTheyAre) {
  EXPECT_EQ(values(R"j({"what":"x","count":3,"share":1,"again":false,"horizons":[2]})j"),
            R"j({"what":"x","count":3,"share":1,"again":false,"horizons":[2]})j");
}

TEST(CompleteRequest, MakesAListOfOneValueWhereSeveralMayStand) {
  EXPECT_EQ(values(R"j({"what":"x","symbol":"A"})j"),
            R"j({"what":"x","count":20,"horizons":[1,5,21],"symbol":["A"]})j");
}

TEST(CompleteRequest, RefusesWhatIsNotOfTheKind) {
  EXPECT_EQ(mistake(R"j({"what":"x","count":"many"})j"),
            "error[E0004]: --count is 'many', expected a whole number\nhelp: lode data try --help shows what each "
            "option takes");
  EXPECT_THAT(mistake(R"j({"what":"x","count":2.5})j"), HasSubstr("error[E0004]: --count is '2.5'"));
  EXPECT_THAT(mistake(R"j({"what":"x","share":"half"})j"), HasSubstr("expected a number"));
  EXPECT_THAT(mistake(R"j({"what":"x","again":"yes"})j"), HasSubstr("expected true or false"));
  EXPECT_THAT(mistake(R"j({"what":"x","horizons":"1,x"})j"), HasSubstr("such as 1,5,21"));
  EXPECT_THAT(mistake(R"j({"what":"x","horizons":["a"]})j"), HasSubstr("error[E0004]"));
  EXPECT_THAT(mistake(R"j({"what":{}})j"), HasSubstr("error[E0004]: WHAT is '{}', expected text"));
}

TEST(CompleteRequest, RefusesDatesThatDoNotExist) {
  EXPECT_THAT(mistake(R"j({"what":"x","from":"2023-02-29"})j"), HasSubstr("error[E0005]: --from is '2023-02-29'"));
  EXPECT_THAT(mistake(R"j({"what":"x","as-of":"03/04/2024"})j"), HasSubstr("error[E0005]: --as-of is '03/04/2024'"));
}

TEST(CompleteRequest, NamesTheNearestChoiceAndOption) {
  EXPECT_THAT(mistake(R"j({"what":"x","profile":"papr"})j"),
              HasSubstr("expected one of lode, paper\nhelp: did you mean 'paper'?"));
  EXPECT_THAT(mistake(R"j({"what":"x","horizns":"1"})j"),
              HasSubstr("error[E0002]: lode data try has no option called 'horizns'\nhelp: did you mean 'horizons'?"));
}

TEST(CompleteRequest, NeedsWhatIsRequired) {
  EXPECT_THAT(mistake("{}"),
              HasSubstr("error[E0003]: lode data try needs WHAT: the subject\nhelp: such as: lode data try this"));
  EXPECT_THAT(mistake(R"j({"what":null})j"), HasSubstr("error[E0003]"));
}

TEST(RequestTest, AnswersByNameWithFallbacks) {
  const Request request = must(completed(R"j({"what":"x","share":"0.5","from":"2024-06-28","symbol":["A"]})j"));
  EXPECT_TRUE(request.has("share"));
  EXPECT_FALSE(request.has("again"));
  EXPECT_EQ(request.text("what"), "x");
  EXPECT_EQ(request.text("nothing", "else"), "else");
  EXPECT_EQ(request.number("share", 0.0), 0.5);
  EXPECT_EQ(request.integer("count", 0), 20);
  EXPECT_FALSE(request.flag("again"));
  EXPECT_THAT(request.texts("symbol"), ElementsAre("A"));
  EXPECT_THAT(request.texts("what"), ElementsAre("x"));
  EXPECT_THAT(request.integers("horizons"), ElementsAre(1, 5, 21));
  EXPECT_EQ(must(request.date("from")), Date::from_civil(2024, 6, 28));
  EXPECT_EQ(must(request.date("to")), std::nullopt);
  EXPECT_EQ(must(request.instant("as-of")), std::nullopt);
}

TEST(RunFlow, CountsWhatItRanAndWhatFailed) {
  TestWorld parts;
  World world = parts.world();
  const Flow good{kinds(), echo};
  const Flow bad{kinds(), refuse};
  EXPECT_EQ(must(run_flow(world, good, must(parse_json(R"j({"what":"x"})j")))).data.find("what")->as_text(), "x");
  EXPECT_EQ(run_flow(world, bad, must(parse_json(R"j({"what":"x"})j"))).error().number(), E::E2101);
  EXPECT_EQ(run_flow(world, good, Value::object()).error().number(), E::E3);
  const std::string metrics = world.metrics.prometheus_text();
  EXPECT_THAT(metrics, HasSubstr(R"j(lode_task_errors_total{task="data_try"} 1)j"));
}

TEST(Confirm, PrintsThePlanUntilToldYes) {
  TestWorld parts;
  const World world = parts.world();
  Request request;
  EXPECT_FALSE(flow::can_confirm(world, request));
  const Result<void> asked = flow::confirm(world, request, "3 files will go");
  ASSERT_FALSE(asked);
  EXPECT_EQ(render(asked.error()), "error[E0006]: 3 files will go\nhelp: nothing was done; add --yes to do it");
  request.set("yes", Value(true));
  EXPECT_TRUE(flow::can_confirm(world, request));
  EXPECT_TRUE(flow::confirm(world, request, "3 files will go"));
}

TEST(Confirm, AsksWhoeverIsThereEachTime) {
  TestWorld parts;
  World world = parts.world();
  std::vector<std::string> asked;
  world.consent = [&](std::string_view plan) {
    asked.emplace_back(plan);
    return plan == "2 files will go";
  };
  Request request;
  EXPECT_TRUE(flow::can_confirm(world, request));
  const Result<void> refused = flow::confirm(world, request, "3 files will go");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().number(), E::E6);
  EXPECT_TRUE(flow::confirm(world, request, "2 files will go"));
  request.set("yes", Value(true));
  EXPECT_TRUE(flow::confirm(world, request, "3 files will go")) << "--yes is a yes to all";
  EXPECT_THAT(asked, ::testing::ElementsAre("3 files will go", "2 files will go"));
}

TEST(FindFlow, KnowsTheCatalogAndNothingElse) {
  for (const Flow* flow : flow_catalog()) {
    EXPECT_EQ(find_flow(flow->spec.noun, flow->spec.verb), flow);
  }
  EXPECT_EQ(find_flow("factor", "banana"), nullptr);
  EXPECT_EQ(find_flow("banana", "list"), nullptr);
}

// What help, documentation and every door need of a Spec.
TEST(Catalog, EverySpecIsComplete) {
  std::set<std::string> schemas;
  for (const Flow* flow : flow_catalog()) {
    const FlowSpec& spec = flow->spec;
    SCOPED_TRACE(command_name(spec));
    EXPECT_NE(flow->run, nullptr);
    EXPECT_FALSE(spec.verb.empty());
    EXPECT_FALSE(spec.summary.empty());
    EXPECT_FALSE(spec.summary.ends_with('.'));
    EXPECT_LE(spec.summary.size(), 80U);
    EXPECT_TRUE(spec.description.ends_with('.'));
    EXPECT_FALSE(spec.examples.empty());
    EXPECT_TRUE(schemas.insert(std::string(spec.schema)).second) << spec.schema << " stands twice";
    const std::string noun = spec.noun.empty() ? "" : std::string(spec.noun) + ".";
    EXPECT_EQ(spec.schema, "lode." + noun + std::string(spec.verb) + "/1");
    for (const FlowExample& example : spec.examples) {
      EXPECT_TRUE(example.command.starts_with(command_name(spec))) << example.command;
      EXPECT_FALSE(example.summary.empty()) << example.command;
    }
  }
}

TEST(Catalog, EveryParameterIsWellFormed) {
  const std::set<std::string_view> completions{"",        "factors", "symbols", "runs",    "universes", "tables",
                                               "errors",  "files",   "docs",    "fields",  "operators", "mics",
                                               "commits", "metrics", "numbers", "schemes", "indicators"};
  for (const Flow* flow : flow_catalog()) {
    SCOPED_TRACE(command_name(flow->spec));
    std::set<std::string> names;
    bool optional_seen = false;
    for (const Parameter& parameter : flow->spec.parameters) {
      SCOPED_TRACE(parameter.name);
      EXPECT_FALSE(parameter.summary.empty());
      EXPECT_TRUE(names.insert(lower(parameter.name)).second) << "stands twice";
      EXPECT_EQ(parameter.kind == ParameterKind::kChoice, !parameter.choices.empty());
      EXPECT_EQ(parameter.positional, upper(parameter.name) == parameter.name) << "positional ones are written large";
      EXPECT_TRUE(parameter.letter == 0 || std::string_view("ofqvnh").find(parameter.letter) != std::string_view::npos);
      EXPECT_TRUE(completions.contains(parameter.completes)) << parameter.completes;
      EXPECT_FALSE(parameter.positional && parameter.required && optional_seen)
          << "a required one behind an optional one";
      optional_seen = optional_seen || (parameter.positional && !parameter.required);
      if (!parameter.config_key.empty()) {
        Config().get(parameter.config_key);  // Asserts that the setting exists.
      }
    }
    EXPECT_FALSE(names.contains("lake") || names.contains("json") || names.contains("threads"))
        << "options of every command";
  }
}

// base knows no profile, so lode.toml is checked against words of its own: they are those of the options.
TEST(Catalog, ASettingTakesTheWordsOfItsOption) {
  int compared = 0;
  for (const Flow* flow : flow_catalog()) {
    for (const Parameter& parameter : flow->spec.parameters) {
      for (const ConfigKey& key : Config::keys()) {
        if (key.name == parameter.config_key && parameter.kind == ParameterKind::kChoice) {
          const std::set<std::string> words(parameter.choices.begin(), parameter.choices.end());
          EXPECT_EQ(std::set<std::string>(key.choices.begin(), key.choices.end()), words)
              << command_name(flow->spec) << " --" << parameter.name << ": edit base/config_keys.cpp";
          ++compared;
        }
      }
    }
  }
  EXPECT_GT(compared, 5);
}

TEST(Catalog, DefaultsPassTheirOwnGate) {
  for (const Flow* flow : flow_catalog()) {
    SCOPED_TRACE(command_name(flow->spec));
    Value raw = Value::object();
    for (const Parameter& parameter : flow->spec.parameters) {
      if (parameter.required) {
        const bool is_number = parameter.kind == ParameterKind::kInteger;
        raw.set(lower(parameter.name),
                parameter.choices.empty() ? Value(is_number ? "1" : "x") : Value(parameter.choices.front()));
      }
    }
    const Result<Request> request = complete_request(flow->spec, raw, Config());
    EXPECT_TRUE(request) << request.error().message();
  }
}

// Each number of each command: one below its least and one above its most are refused at the gate, by name.
TEST(Catalog, NumbersOutOfRangeAreRefusedByTheNameOfTheirOption) {
  for (const Flow* flow : flow_catalog()) {
    for (const Parameter& parameter : flow->spec.parameters) {
      const bool is_number = parameter.kind == ParameterKind::kInteger || parameter.kind == ParameterKind::kNumber ||
                             parameter.kind == ParameterKind::kIntegers;
      for (const char* wrong : {"-1", "99999999999999999"}) {
        FlowSpec spec = flow->spec;
        std::erase_if(spec.parameters, [&](const Parameter& p) { return p.name != parameter.name; });
        Value raw = Value::object();
        raw.set(lower(parameter.name), Value(wrong));
        if (is_number && !(parameter.least < 0.0)) {
          const Result<Request> request = complete_request(spec, raw, Config());
          ASSERT_FALSE(request) << command_name(spec) << " " << parameter.name << " " << wrong;
          EXPECT_EQ(request.error().number(), E::E4);
          EXPECT_THAT(request.error().message(), HasSubstr(parameter.name));
        }
      }
    }
  }
}

TEST(CommandName, IsWhatAPersonTypes) {
  EXPECT_EQ(command_name(find_flow("factor", "eval")->spec), "lode factor eval");
  EXPECT_EQ(command_name(find_flow("", "doctor")->spec), "lode doctor");
}

TEST(CodeVersion, NamesTheSources) { EXPECT_THAT(code_version(), ::testing::MatchesRegex("lode@[0-9a-f.]+")); }

}  // namespace
}  // namespace lode
