// Indicators told.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "lode/base/counted.h"
#include "lode/base/math.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/core/indicator/sample.h"
#include "lode/flow/steps/answer/paragraph.h"
#include "lode/flow/steps/indicator/chosen.h"

namespace lode::flow {
namespace {

using indicator::Choice;
using indicator::Indicator;
using indicator::Profile;
using indicator::Spec;

constexpr std::size_t kShownBars = 5;

// Every profile there is, by its word.
const std::vector<Profile>& profiles() {
  static const std::vector<Profile> all = [] {
    std::vector<Profile> out;
    for (const char* word : {"lode", "talib064", "talib08", "tulip", "ttr"}) {
      if (const Result<Profile> one = indicator::parse_profile(word)) {
        out.push_back(*one);
      }
    }
    return out;
  }();
  return all;
}

Choice defaults_of(const Indicator& one, Profile profile) {
  Choice out{.indicator = &one, .values = {}, .profile = profile};
  for (std::size_t k = 0; k < one.spec.parameters.size(); ++k) {
    out.values.push_back(indicator::default_of(one.spec, k, profile));
  }
  return out;
}

// "30", or the word of a parameter that has words.
std::string shown(const indicator::Parameter& parameter, double value) {
  const auto place = static_cast<std::size_t>(std::max(0.0, value));
  const bool has_word = place < parameter.choices.size() && static_cast<double>(place) == value;
  return has_word ? std::string(parameter.choices[place]) : shortest(value);
}

Value words(const std::vector<std::string_view>& of) {
  Value out = Value::array();
  for (const std::string_view word : of) {
    out.push(Value(word));
  }
  return out;
}

Value parameter_json(const Spec& spec, std::size_t k, Profile profile) {
  const indicator::Parameter& parameter = spec.parameters[k];
  Value out = Value::object();
  out.set("name", Value(parameter.name));
  out.set("default", Value(indicator::default_of(spec, k, profile)));
  out.set("least", Value(parameter.least));
  out.set("most", Value(parameter.most));
  out.set("whole", Value(parameter.whole));
  out.set("choices", words(parameter.choices));
  Value others = Value::object();
  for (const Profile other : profiles()) {
    const double value = indicator::default_of(spec, k, other);
    if (value != indicator::default_of(spec, k, profile)) {
      others.set(to_string(other), Value(value));
    }
  }
  out.set("default_under", std::move(others));
  return out;
}

Value series_json(const std::vector<double>& values) {
  Value out = Value::array();
  for (const double value : values) {
    out.push(Value(value));
  }
  return out;
}

std::string parameter_lines(const Spec& spec, Profile profile) {
  using Align = TextTable::Align;
  TextTable table({{"parameter", Align::kLeft, 5},
                   {"default", Align::kRight, 4},
                   {"from", Align::kRight, 3},
                   {"to", Align::kRight, 3},
                   {"kind", Align::kLeft, 2},
                   {"elsewhere", Align::kLeft, 1}});
  for (std::size_t k = 0; k < spec.parameters.size(); ++k) {
    const indicator::Parameter& parameter = spec.parameters[k];
    const double usual = indicator::default_of(spec, k, profile);
    std::string others;
    for (const Profile other : profiles()) {
      const double value = indicator::default_of(spec, k, other);
      others += value == usual
                    ? std::string()
                    : fmt::format("{}{} {}", others.empty() ? "" : ", ", to_string(other), shown(parameter, value));
    }
    std::string kind = parameter.whole ? "whole number" : "number";
    if (!parameter.choices.empty()) {
      const std::vector<std::string> names(parameter.choices.begin(), parameter.choices.end());
      kind = join(names, " ");
    }
    table.add({std::string(parameter.name), shown(parameter, usual), shortest(parameter.least),
               shortest(parameter.most), kind, others});
  }
  return spec.parameters.empty() ? "  no parameters\n" : table.render(0, 2);
}

// The last bars of the sample: inputs, then outputs.
std::string example_lines(const Indicator& one, Profile profile) {
  const indicator::Sample sample = indicator::sample_of(defaults_of(one, profile), kExampleBars);
  std::vector<TextTable::Column> columns = {{"bar", TextTable::Align::kRight, 9}};
  std::vector<const std::vector<double>*> cells;
  for (std::size_t k = 0; k < sample.inputs.size(); ++k) {
    columns.push_back({std::string(to_string(one.spec.inputs[k])), TextTable::Align::kRight, 1});
    cells.push_back(&sample.inputs[k]);
  }
  for (std::size_t k = 0; k < sample.outputs.size(); ++k) {
    const bool is_alone = sample.outputs.size() == 1;
    columns.push_back({std::string(is_alone ? one.spec.name : one.spec.outputs[k].name), TextTable::Align::kRight, 8});
    cells.push_back(&sample.outputs[k]);
  }
  // A pattern is shown where it stands.
  std::size_t end = sample.bars.size();
  while (one.spec.family == "pattern" && end > kShownBars && sample.outputs[0][end - 1] == 0.0) {
    --end;
  }
  TextTable table(columns);
  for (std::size_t row = end - kShownBars; row < end; ++row) {
    std::vector<std::string> line = {std::to_string(sample.first + row)};
    for (const std::vector<double>* column : cells) {
      const double value = (*column)[row];
      line.push_back(math::is_nan(value) ? "-" : fmt::format("{:.7g}", value));
    }
    table.add(std::move(line));
  }
  return table.render(0, 2);
}

}  // namespace

std::string call_of(const Spec& spec, Profile profile) {
  std::string out(spec.name);
  for (std::size_t k = 0; k < spec.parameters.size(); ++k) {
    out += fmt::format("{}{}={}", k == 0 ? "(" : ", ", spec.parameters[k].name,
                       shown(spec.parameters[k], indicator::default_of(spec, k, profile)));
  }
  return spec.parameters.empty() ? out : out + ")";
}

std::string_view missing_sentence(indicator::Missing rule) {
  switch (rule) {
    case indicator::Missing::kPoint:
      return "Missing exactly where a value it is made of is missing.";
    case indicator::Missing::kWindow:
      return "Missing while the window holds a missing input; no trace of it afterwards.";
    default:
      return "A bar with a missing input has no answer and changes nothing: all others are as if it were cut out.";
  }
}

std::string_view session_sentence(const Spec& spec) {
  const bool has_sessions = std::ranges::find(spec.inputs, indicator::Input::kSession) != spec.inputs.end();
  return has_sessions ? "A session begins where the file's column session changes (0: not begun); without that column "
                        "at the first bar of a day, of intraday bars, or at --anchor DATE. all leaves it out."
                      : "";
}

Value indicator_json(const Indicator& one, Profile profile) {
  const Spec& spec = one.spec;
  const Choice choice = defaults_of(one, profile);
  Value out = Value::object();
  out.set("name", Value(spec.name));
  out.set("family", Value(spec.family));
  out.set("call", Value(call_of(spec, profile)));
  out.set("summary", Value(spec.summary));
  out.set("formula", Value(spec.formula));
  out.set("source", Value(spec.source));
  out.set("aliases", words(spec.aliases));
  Value inputs = Value::array();
  for (const indicator::Input input : spec.inputs) {
    inputs.push(Value(to_string(input)));
  }
  out.set("inputs", std::move(inputs));
  Value parameters = Value::array();
  for (std::size_t k = 0; k < spec.parameters.size(); ++k) {
    parameters.push(parameter_json(spec, k, profile));
  }
  out.set("parameters", std::move(parameters));
  Value outputs = Value::array();
  const std::vector<std::string> columns =
      Chosen{.choice = choice, .is_bare = true, .label = std::string(spec.name)}.columns();
  for (std::size_t k = 0; k < columns.size(); ++k) {
    Value output = Value::object();
    output.set("name", Value(spec.outputs[k].name));
    output.set("column", Value(columns[k]));
    output.set("whole", Value(spec.outputs[k].whole));
    outputs.push(std::move(output));
  }
  out.set("outputs", std::move(outputs));
  out.set("lookback", Value(choice.lookback()));
  out.set("missing", Value(missing_sentence(choice.missing())));
  out.set("unstable", Value(spec.unstable));
  out.set("session", Value(session_sentence(spec)));
  return out;
}

Value example_json(const Indicator& one, Profile profile) {
  const indicator::Sample sample = indicator::sample_of(defaults_of(one, profile), kExampleBars);
  Value out = Value::object();
  Value bars = Value::object();
  bars.set("open", series_json(sample.bars.open));
  bars.set("high", series_json(sample.bars.high));
  bars.set("low", series_json(sample.bars.low));
  bars.set("close", series_json(sample.bars.close));
  bars.set("volume", series_json(sample.bars.volume));
  out.set("bars", std::move(bars));
  Value inputs = Value::array();
  for (const std::vector<double>& input : sample.inputs) {
    inputs.push(series_json(input));
  }
  out.set("inputs", std::move(inputs));
  Value outputs = Value::array();
  for (const std::vector<double>& output : sample.outputs) {
    outputs.push(series_json(output));
  }
  out.set("outputs", std::move(outputs));
  return out;
}

std::string indicator_text(const Indicator& one, Profile profile) {
  const Spec& spec = one.spec;
  const Choice choice = defaults_of(one, profile);
  std::vector<std::string> inputs;
  for (const indicator::Input input : spec.inputs) {
    inputs.emplace_back(to_string(input));
  }
  std::vector<std::string> outputs;
  for (const indicator::Output& output : spec.outputs) {
    outputs.push_back(std::string(output.name) + (output.whole ? " (whole)" : ""));
  }
  std::string out = fmt::format("{}  {}\n\n{}\n\n{}\n", call_of(spec, profile), spec.summary,
                                paragraph(std::string(spec.formula)), parameter_lines(spec, profile));
  out += fmt::format("  family     {}\n  inputs     {}\n  outputs    {}\n  lookback   {}\n", spec.family,
                     join(inputs, ", "), join(outputs, ", "), counted(choice.lookback(), "bar"));
  if (!spec.aliases.empty()) {
    const std::vector<std::string> aliases(spec.aliases.begin(), spec.aliases.end());
    out += fmt::format("  also       {}\n", join(aliases, ", "));
  }
  out += fmt::format("\n{}\n", paragraph(std::string(missing_sentence(choice.missing())) +
                                         (spec.unstable ? " It remembers its first bars, ever more faintly." : "")));
  if (const std::string_view session = session_sentence(spec); !session.empty()) {
    out += fmt::format("\n{}\n", paragraph(session));
  }
  out += fmt::format("\nExample, of synthetic bars:\n{}", example_lines(one, profile));
  out += fmt::format("\nSource: {}\n", spec.source);
  return out;
}

}  // namespace lode::flow
