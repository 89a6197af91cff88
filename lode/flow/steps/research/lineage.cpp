// What a judgement was made from, walked back to raw files.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/flow/steps/research/definition.h"
#include "lode/flow/steps/research/research.h"

namespace lode::flow {

namespace {

Value node(std::string name, std::string detail) {
  Value value = Value::object();
  value.set("name", Value(std::move(name)));
  value.set("detail", Value(std::move(detail)));
  value.set("children", Value::array());
  return value;
}

void add_child(Value& parent, Value child) { const_cast<Value*>(parent.find("children"))->push(std::move(child)); }

std::string short_hash(const std::string& hash) { return hash.substr(0, 4) + "..."; }

std::string text_at(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  return value != nullptr && value->is_text() ? value->as_text() : std::string();
}

std::int64_t count_at(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  return value != nullptr && value->is_int() ? value->as_int() : 0;
}

// One form for a path under the folder of the command, however it was put together: "lake/bars.csv", not "./lake/...".
std::string plain_path(std::string path) {
  while (path.starts_with("./")) {
    path.erase(0, 2);
  }
  return path;
}

// The files of every import of `table` that the judgement could read.
void add_files(Value& parent, const Study& study, std::string_view table) {
  for (const lake::CommitInfo& commit : study.commits) {
    const Value* files = commit.note.find("files");
    if (text_at(commit.note, "table") != table || files == nullptr || !files->is_array()) {
      continue;
    }
    for (const Value& file : files->as_array()) {
      const std::string hash = text_at(file, "sha256");
      std::string detail = fmt::format("sha256 {}  rows {}   set aside {}", short_hash(hash),
                                       grouped(count_at(file, "rows")), grouped(count_at(file, "set_aside")));
      if (const std::int64_t repaired = count_at(file, "repaired"); repaired > 0) {
        detail += "   repaired " + grouped(repaired);
      }
      Value leaf = node(plain_path(text_at(file, "path")), std::move(detail));
      leaf.set("sha256", Value(hash));  // Whole, for who compares it with the file.
      add_child(parent, std::move(leaf));
    }
  }
}

// The formula that decided who is in a universe, where one did; it may have gone on in several commits.
void add_definition(Value& parent, const Study& study, const std::string& name) {
  const lake::CommitInfo* newest = nullptr;
  for (const lake::CommitInfo& commit : study.commits) {
    const bool is_it = commit.flow == kDefinedBy && text_at(commit.note, "universe") == name;
    newest = is_it && (newest == nullptr || commit.id > newest->id) ? &commit : newest;
  }
  if (newest != nullptr) {
    add_child(parent,
              node("definition", fmt::format("{}  decided {}, lake commit {} ({})", text_at(newest->note, "formula"),
                                             text_at(newest->note, "rebalance"), newest->id, to_string(newest->time))));
  }
}

bool is_group(std::string_view field) { return field == "sector" || field == "industry" || field == "subindustry"; }

std::string field_detail(const lake::FieldLineage& field) {
  std::string text = fmt::format("lake commit {}", field.commit);
  if (!is_group(field.field)) {  // Parts are those of bars.
    text += fmt::format(", {} parts", field.parts.size());
  }
  if (field.actions_applied > 0) {
    text += fmt::format(", {} actions applied", grouped(field.actions_applied));
  }
  if (!field.action_faults.empty()) {
    text += fmt::format(", {} actions not applied", grouped(static_cast<std::int64_t>(field.action_faults.size())));
  }
  return text;
}

}  // namespace

Value lineage_json(const Study& study, const Judged& judged, const ResearchRequest& request) {
  Value root = node("factor", judged.subject.formula.empty() ? fmt::format("{}  sha256 {}", judged.subject.name,
                                                                           short_hash(judged.subject.values_hash))
                                                             : judged.subject.formula);
  Value universe = node(
      fmt::format("universe {}", request.universe),
      fmt::format("{} names, {} .. {}{}", grouped(names_of(study).all), to_string(judged.sheet.sessions.front()),
                  to_string(judged.sheet.sessions.back()), study.panels.survivor_biased ? ", survivor-biased" : ""));
  if (request.universe != "all") {  // That one is whoever has a bar.
    add_files(universe, study, "universe");
    add_definition(universe, study, request.universe);
  }
  add_child(root, std::move(universe));
  Value instruments = node("instruments", "delistings, kinds, names");
  add_files(instruments, study, "instruments");
  if (!instruments.find("children")->as_array().empty()) {
    add_child(root, std::move(instruments));
  }
  if (!study.panels.benchmark.symbol.empty()) {
    Value benchmark = node("benchmark", study.panels.benchmark.symbol);
    add_files(benchmark, study, "benchmark");
    add_child(root, std::move(benchmark));
  }
  bool bars_told = false;
  bool groups_told = false;
  for (const lake::FieldLineage& field : study.panels.lineage) {
    Value leaf = node(field.field, field_detail(field));
    Value stored = Value::array();
    for (const auto& part : field.parts) {
      stored.push(Value(part));
    }
    leaf.set("parts", std::move(stored));
    bool& told = is_group(field.field) ? groups_told : bars_told;
    if (!told) {  // Every field of a table comes from the same files: they are told once.
      add_files(leaf, study, is_group(field.field) ? "groups" : "bars");
      if (!is_group(field.field)) {
        add_files(leaf, study, "actions");
      }
    }
    told = true;
    add_child(root, std::move(leaf));
  }
  return root;
}

}  // namespace lode::flow
