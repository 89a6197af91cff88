// lode runs diff: what two runs asked differently and what came out differently.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>
#include <set>

#include "lode/base/counted.h"
#include "lode/base/math.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/answer/run_text.h"

namespace lode {

namespace {

std::string shown(const Value* value) {
  return value == nullptr || value->is_null() ? std::string("-")
         : value->is_text()                   ? value->as_text()
                                              : to_json(*value);
}

Value request_changes(const lake::Run& a, const lake::Run& b, std::string& text) {
  Value changes = Value::array();
  std::set<std::string> keys;
  for (const lake::Run* run : {&a, &b}) {
    for (const auto& [key, value] : run->request.as_object()) {
      keys.insert(key);
    }
  }
  const auto note = [&](const std::string& key, const std::string& was, const std::string& is) {
    if (was != is) {
      text += fmt::format("  {}: {} -> {}\n", key, was, is);
      Value row = Value::object();
      row.set("key", Value(key));
      row.set("was", Value(was));
      row.set("is", Value(is));
      changes.push(std::move(row));
    }
  };
  for (const std::string& key : keys) {
    note(key, shown(a.request.find(key)), shown(b.request.find(key)));
  }
  note("lake commit", std::to_string(a.input_commit), std::to_string(b.input_commit));
  note("code", a.code_version, b.code_version);
  return changes;
}

std::string figure(double value) { return math::is_nan(value) ? std::string("n/a") : fmt::format("{:.6g}", value); }

// "only in r1: 12 numbers, such as rank_ic.21d.mean"; empty when there are none.
std::string only_in(const std::string& alias, const std::vector<std::string>& paths) {
  return paths.empty()
             ? std::string()
             : fmt::format("only in {}: {}, such as {}\n", alias, counted(std::ssize(paths), "number"), paths.front());
}

Value paths_json(const std::vector<std::string>& paths) {
  Value list = Value::array();
  for (const std::string& path : paths) {
    list.push(Value(path));
  }
  return list;
}

bool same(double x, double y) { return x == y || (math::is_nan(x) && math::is_nan(y)); }

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  const lake::RunStore store(*lake);
  LODE_TRY(const lake::Run a, store.get(request.text("first")));
  LODE_TRY(const lake::Run b, store.get(request.text("second")));
  LODE_TRY(const std::vector<lake::StoredNumber> was, store.numbers(a.alias));
  LODE_TRY(const std::vector<lake::StoredNumber> is, store.numbers(b.alias));
  Outcome out;
  out.data = Value::object();
  out.text = fmt::format("asked differently, {} -> {}\n", a.alias, b.alias);
  const std::size_t before = out.text.size();
  out.data.set("request", request_changes(a, b, out.text));
  if (out.text.size() == before) {
    out.text += "  nothing\n";
  }
  std::map<std::string, const lake::StoredNumber*> by_path;
  for (const lake::StoredNumber& number : was) {
    by_path[number.path] = &number;
  }
  TextTable table({{"number"}, {a.alias, TextTable::Align::kRight}, {b.alias, TextTable::Align::kRight}});
  Value rows = Value::array();
  std::size_t equal = 0;
  std::size_t months = 0;
  std::vector<std::string> only_second;
  for (const lake::StoredNumber& number : is) {
    const auto other = by_path.extract(number.path);
    if (other.empty()) {
      only_second.push_back(number.path);
      continue;
    }
    const double before_value = other.mapped()->value;
    if (same(before_value, number.value)) {
      ++equal;
      continue;
    }
    if (number.path.starts_with("month.")) {
      ++months;  // Sixty rows for what the years say in five.
    } else {
      table.add({number.path, figure(before_value), figure(number.value)});
    }
    Value row = Value::object();
    row.set("path", Value(number.path));
    row.set("was", Value(before_value));
    row.set("is", Value(number.value));
    rows.push(std::move(row));
  }
  std::vector<std::string> only_first;
  for (const lake::StoredNumber& number : was) {
    if (by_path.contains(number.path)) {
      only_first.push_back(number.path);
    }
  }
  out.text += fmt::format("\nnumbers that differ ({} equal)\n", counted(static_cast<std::int64_t>(equal), "is", "are"));
  out.text += rows.is_array() && rows.as_array().empty() ? "  none\n" : table.render(0, 2);
  if (months > 0) {
    out.text += fmt::format("  and {} of single months: add --json\n", months);
  }
  out.text += only_in(a.alias, only_first) + only_in(b.alias, only_second);
  out.data.set("numbers", std::move(rows));
  out.data.set("only_first", paths_json(only_first));
  out.data.set("only_second", paths_json(only_second));
  out.data.set("equal", Value(static_cast<std::int64_t>(equal)));
  return flow::in_format(std::move(out), "numbers", {"path", "was", "is"}, request);
}

}  // namespace

const Flow& flow_runs_diff() {
  static const Flow flow{
      {.noun = "runs",
       .verb = "diff",
       .summary = "what two runs asked and found differently",
       .description = "Compares the requests, commits and code of two runs, then every number both have.",
       .journey = Journey::kOperate,
       .parameters =
           {{.name = "FIRST", .summary = "alias of a run", .positional = true, .required = true, .completes = "runs"},
            {.name = "SECOND",
             .summary = "alias of another",
             .positional = true,
             .required = true,
             .completes = "runs"},
            flow::rows_format_parameter()},
       .examples = {{"lode runs diff r1 r2", "two runs of the demo"}},
       .schema = "lode.runs.diff/1"},
      run};
  return flow;
}

}  // namespace lode
