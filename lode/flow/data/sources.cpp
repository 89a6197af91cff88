// lode data sources: where data can be fetched from, and everything about one of them.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/flow/fitted.h"
#include "lode/flow/flow.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/io/source/collect/source.h"

namespace lode {

namespace {

Value texts(const std::vector<std::string_view>& list) {
  Value out = Value::array();
  for (const std::string_view text : list) {
    out.push(Value(text));
  }
  return out;
}

std::string joined(const std::vector<std::string_view>& list) {
  return join(std::vector<std::string>(list.begin(), list.end()), ", ");
}

// The settings that a source asks nothing without.
std::vector<std::string_view> needs_of(const source::Spec& spec) {
  std::vector<std::string_view> out;
  for (const source::Setting& setting : spec.settings) {
    if (setting.required) {
      out.push_back(setting.name);
    }
  }
  return out;
}

Value setting_json(const source::Setting& setting) {
  Value out = Value::object();
  out.set("name", Value(setting.name));
  out.set("standard", Value(setting.standard));
  out.set("meaning", Value(setting.meaning));
  out.set("required", Value(setting.required));
  out.set("secret", Value(setting.secret));
  return out;
}

Value pace_json(const source::Pace& pace) {
  Value out = Value::object();
  out.set("name", Value(pace.name));
  out.set("per_second", Value(pace.per_second));
  out.set("most_per_second", Value(pace.most_per_second));
  out.set("blocked_seconds", Value(pace.blocked_seconds));
  return out;
}

Value spec_json(const source::Spec& spec) {
  Value out = Value::object();
  out.set("source", Value(spec.name));
  out.set("summary", Value(spec.summary));
  out.set("tables", texts(spec.tables));
  out.set("needs", texts(needs_of(spec)));
  out.set("names", Value(spec.names));
  out.set("kinds", Value(spec.kinds));
  Value settings = Value::array();
  for (const source::Setting& setting : spec.settings) {
    settings.push(setting_json(setting));
  }
  out.set("settings", std::move(settings));
  Value paces = Value::array();
  for (const source::Pace& pace : spec.paces) {
    paces.push(pace_json(pace));
  }
  out.set("paces", std::move(paces));
  out.set("example", Value(spec.example));
  out.set("terms", Value(spec.terms));
  return out;
}

// "0.5 requests a second, at most 1; left alone for 3600 s when it shuts us out".
std::string pace_text(const source::Pace& pace) {
  return fmt::format("{}: {:.3g} requests a second, at most {:.3g}; left alone for {} s when it shuts the address out",
                     pace.name, pace.per_second, pace.most_per_second, pace.blocked_seconds);
}

std::string spec_text(const source::Spec& spec) {
  std::string out = fmt::format("{}: {}\n\n", spec.name, spec.summary);
  const auto line = [&](std::string_view word, std::string_view text) {
    if (!text.empty()) {
      out += fmt::format("{:<9} {}\n", word, text);
    }
  };
  line("names", spec.names.empty() ? "takes none" : spec.names);
  line("kinds", spec.kinds.empty() ? "takes none" : spec.kinds);
  line("tables", joined(spec.tables));
  line("terms", spec.terms);
  for (const source::Pace& pace : spec.paces) {
    line("pace", pace_text(pace));
  }
  out += "\nsettings\n";
  for (const source::Setting& setting : spec.settings) {
    out += fmt::format("  {}{}{}\n      {}\n", setting.name,
                       setting.standard.empty() ? "" : fmt::format(" = {}", setting.standard),
                       setting.required && setting.secret ? " (needed, secret)"
                       : setting.required                 ? " (needed)"
                       : setting.secret                   ? " (secret)"
                                                          : "",
                       setting.meaning);
  }
  return out;
}

std::vector<const source::Source*> by_name() {
  const auto catalog = source_catalog();
  std::vector<const source::Source*> out(catalog.begin(), catalog.end());
  std::ranges::sort(out, {}, [](const source::Source* one) { return one->spec.name; });
  return out;
}

Result<Outcome> run(World& world, const Request& request) {
  Outcome out;
  out.data = Value::object();
  Value rows = Value::array();
  if (request.has("source")) {
    LODE_TRY(const source::Source* found, find_source(request.text("source")));
    rows.push(spec_json(found->spec));
    out.text = spec_text(found->spec);
    out.next = std::string(found->spec.example);
  } else {
    TextTable table({{"source", TextTable::Align::kLeft, 8},
                     {"needs", TextTable::Align::kLeft, 3},
                     {"tables", TextTable::Align::kLeft, 2},
                     {"gives", TextTable::Align::kLeft, 1}});
    for (const source::Source* one : by_name()) {
      const std::string needs = joined(needs_of(one->spec));
      table.add({std::string(one->spec.name), needs.empty() ? "-" : needs, joined(one->spec.tables),
                 std::string(one->spec.summary)});
      rows.push(spec_json(one->spec));
    }
    out.text = flow::fitted(world, table) + fmt::format("\n{} sources\n", rows.as_array().size());
    out.next = "lode data sources yahoo";
  }
  out.data.set("sources", std::move(rows));
  return flow::in_format(std::move(out), "sources", {"source", "summary", "names", "kinds", "example", "terms"},
                         request);
}

}  // namespace

const Flow& flow_data_sources() {
  static const Flow flow{
      {.noun = "data",
       .verb = "sources",
       .summary = "where data can be fetched from",
       .description = "One line a source: the settings it asks nothing without, the tables it fills and what it gives. "
                      "With a name everything about that source: what its names and kinds are, its settings and keys, "
                      "how fast it may be asked and on what terms its data may be used.",
       .journey = Journey::kData,
       .parameters = {{.name = "SOURCE", .summary = "one source, by its name", .positional = true},
                      flow::rows_format_parameter()},
       .examples = {{"lode data sources", "all sources"}, {"lode data sources yahoo", "everything about one"}},
       .schema = "lode.data.sources/1"},
      run};
  return flow;
}

}  // namespace lode
