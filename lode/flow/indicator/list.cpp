// lode indicator list: every indicator there is.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/error.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/indicator/describe.h"

namespace lode {

namespace {

// Every word stands somewhere in the name, an alias, the family or the summary.
bool is_about(const indicator::Spec& spec, const std::vector<std::string>& words) {
  std::string text = fmt::format("{} {} {}", spec.name, spec.family, spec.summary);
  for (const std::string_view alias : spec.aliases) {
    text += " " + std::string(alias);
  }
  text = lower(text);
  return std::ranges::all_of(words, [&](const std::string& word) { return text.find(lower(word)) != text.npos; });
}

Result<void> check_family(const std::string& family) {
  std::set<std::string> known;
  for (const indicator::Indicator* one : indicator::all_indicators()) {
    known.emplace(one->spec.family);
  }
  if (family.empty() || known.contains(family)) {
    return {};
  }
  const std::vector<std::string> all(known.begin(), known.end());
  const std::string near = did_you_mean(family, all);
  return fail(E::E4, fmt::format("--family is {}, expected one of {}", quote(family), join(all, ", ")), near);
}

std::string inputs_of(const indicator::Spec& spec) {
  std::string out;
  for (const indicator::Input input : spec.inputs) {
    out += (out.empty() ? "" : " ") + std::string(to_string(input));
  }
  return out;
}

std::string outputs_of(const indicator::Spec& spec) {
  std::string out;
  for (const indicator::Output& output : spec.outputs) {
    out += (out.empty() ? "" : " ") + std::string(output.name);
  }
  return out;
}

constexpr std::int64_t kWidth = 120;  // Of the table where nobody says how wide it may be.

std::string cut(std::string text, std::size_t most) {
  return text.size() <= most ? std::move(text) : text.substr(0, most - 2) + "..";
}

// How wide the columns of the table may be: on a narrow one only the summary stands beside the name.
struct Widths {
  std::size_t summary;
  std::size_t parameters;
  std::size_t outputs;
};

Widths widths_of(std::int64_t columns) {
  constexpr std::int64_t kLeast = 110;    // Of a table with parameters and outputs,
  constexpr std::int64_t kFamilies = 40;  // and what family and inputs take beside them,
  constexpr std::int64_t kAll = 160;      // from here on.
  std::size_t longest = 0;
  for (const indicator::Indicator* one : indicator::all_indicators()) {
    longest = std::max(longest, one->spec.name.size());
  }
  Widths out{.summary = 24, .parameters = columns < kAll ? 24U : 44U, .outputs = columns < kAll ? 20U : 30U};
  const std::int64_t others =
      columns < kLeast ? 0
                       : static_cast<std::int64_t>(out.parameters + out.outputs + 4) + (columns < kAll ? 0 : kFamilies);
  const std::int64_t left = columns - others - static_cast<std::int64_t>(longest) - 2;
  out.summary = static_cast<std::size_t>(std::max<std::int64_t>(left, 24));
  return out;
}

// "period=14, type=sma": the call without its name and brackets.
std::string parameters_of(const indicator::Spec& spec, indicator::Profile profile) {
  const std::string call = flow::call_of(spec, profile);
  const std::size_t open = call.find('(');
  return open == std::string::npos ? "" : call.substr(open + 1, call.size() - open - 2);
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const indicator::Profile profile, indicator::parse_profile(request.text("profile", "lode")));
  const std::string family = request.text("family");
  LODE_CHECK(check_family(family));
  const std::vector<std::string> words = request.texts("word");
  const std::int64_t asked = world.config.get("columns").as_int();
  const std::int64_t columns = asked > 0 ? asked : kWidth;
  using Align = TextTable::Align;
  const Widths widths = widths_of(columns);
  TextTable table({{"name", Align::kLeft, 9},
                   {"parameters", Align::kLeft, 7},
                   {"outputs", Align::kLeft, 6},
                   {"what it says", Align::kLeft, 8},
                   {"family", Align::kLeft, 4},
                   {"inputs", Align::kLeft, 3}});
  Outcome out;
  Value rows = Value::array();
  Value flat = Value::array();
  for (const indicator::Indicator* one : indicator::all_indicators()) {
    const indicator::Spec& spec = one->spec;
    if ((!family.empty() && spec.family != family) || !is_about(spec, words)) {
      continue;
    }
    table.add({std::string(spec.name), cut(parameters_of(spec, profile), widths.parameters),
               cut(outputs_of(spec), widths.outputs), cut(std::string(spec.summary), widths.summary),
               std::string(spec.family), inputs_of(spec)});
    Value row = flow::indicator_json(*one, profile);
    if (request.flag("examples")) {
      row.set("example", flow::example_json(*one, profile));
    }
    rows.push(std::move(row));
    Value line = Value::object();
    line.set("name", Value(spec.name));
    line.set("call", Value(flow::call_of(spec, profile)));
    line.set("family", Value(spec.family));
    line.set("inputs", Value(inputs_of(spec)));
    line.set("outputs", Value(outputs_of(spec)));
    line.set("summary", Value(spec.summary));
    flat.push(std::move(line));
  }
  const std::size_t shown = rows.as_array().size();
  const std::size_t all = indicator::all_indicators().size();
  out.data = Value::object();
  out.data.set("indicators", std::move(rows));
  out.text = shown == 0
                 ? "None of them is about that.\n"
                 : table.render(static_cast<int>(columns)) + fmt::format(
                                                                 "\n{} of {} shown. lode indicator show NAME tells "
                                                                 "one in full.\n",
                                                                 shown, all);
  static constexpr std::string_view kColumns[] = {"name", "call", "family", "inputs", "outputs", "summary"};
  return flow::rows_in_format(std::move(out), flat, kColumns, request);
}

}  // namespace

const Flow& flow_indicator_list() {
  static const Flow flow{
      {.noun = "indicator",
       .verb = "list",
       .summary = "every indicator there is",
       .description =
           "One line an indicator: its parameters with the defaults, outputs, what it says, family and inputs; a "
           "narrow table has the first of them, --format csv all in full. Words narrow the list to those whose name, "
           "aliases, family or summary hold all of them. With --json everything their Specs say. The vote of five of "
           "them: lode indicator show vote.",
       .journey = Journey::kResearch,
       .parameters = {{.name = "WORD", .summary = "only those about it", .positional = true, .repeated = true},
                      {.name = "family",
                       .summary = "only this family: cycle, math, momentum, overlap, pattern, price, statistic, "
                                  "volatility, volume"},
                      {.name = "profile",
                       .summary = "whose defaults: lode, talib064, talib08, tulip, ttr",
                       .fallback = "lode"},
                      {.name = "examples",
                       .kind = ParameterKind::kFlag,
                       .summary = "with --json: each with an example worked on synthetic bars"},
                      flow::rows_format_parameter()},
       .examples = {{"lode indicator list", "all of them"},
                    {"lode indicator list bands", "those about bands"},
                    {"lode indicator list --family volume --format csv", "one family, for a spreadsheet"}},
       .schema = "lode.indicator.list/1"},
      run};
  return flow;
}

}  // namespace lode
