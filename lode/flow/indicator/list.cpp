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

// So much of a summary as fits beside the longest name in `columns`; on a wide terminal room is left for the others.
std::string shortened(std::string_view summary, std::int64_t columns) {
  std::size_t longest = 0;
  for (const indicator::Indicator* one : indicator::all_indicators()) {
    longest = std::max(longest, one->spec.name.size());
  }
  const std::int64_t others = columns >= kWidth ? 50 : 0;  // Family, inputs, most outputs.
  const auto left = static_cast<std::size_t>(std::max<std::int64_t>(columns - others, 0));
  const std::size_t room = std::max(left, longest + 24) - longest - 2;
  return summary.size() <= room ? std::string(summary) : std::string(summary.substr(0, room - 2)) + "..";
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const indicator::Profile profile, indicator::parse_profile(request.text("profile", "lode")));
  const std::string family = request.text("family");
  LODE_CHECK(check_family(family));
  const std::vector<std::string> words = request.texts("word");
  const std::int64_t asked = world.config.get("columns").as_int();
  const std::int64_t columns = asked > 0 ? asked : kWidth;
  using Align = TextTable::Align;
  TextTable table({{"name", Align::kLeft, 9},
                   {"what it says", Align::kLeft, 8},
                   {"family", Align::kLeft, 4},
                   {"inputs", Align::kLeft, 3},
                   {"outputs", Align::kLeft, 2},
                   {"call", Align::kLeft, 1}});
  Outcome out;
  Value rows = Value::array();
  Value flat = Value::array();
  for (const indicator::Indicator* one : indicator::all_indicators()) {
    const indicator::Spec& spec = one->spec;
    if ((!family.empty() && spec.family != family) || !is_about(spec, words)) {
      continue;
    }
    table.add({std::string(spec.name), shortened(spec.summary, columns), std::string(spec.family), inputs_of(spec),
               outputs_of(spec), flow::call_of(spec, profile)});
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
           "One line an indicator: its call with the defaults, family, inputs, outputs and what it says. Words narrow "
           "the list to those whose name, aliases, family or summary hold all of them. With --json everything their "
           "Specs say.",
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
