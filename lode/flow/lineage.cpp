// What a judgement was made from, walked back to raw files.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/text.h"
#include "lode/flow/research.h"

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

// The files of every import that the parts of `field` came from.
void add_files(Value& parent, const Study& study) {
  const auto commits = study.lake->commits();
  if (!commits) {
    return;
  }
  for (const lake::CommitInfo& commit : *commits) {
    const Value* files = commit.note.find("files");
    if (commit.reverted || commit.id > study.panels.commit || files == nullptr || !files->is_array()) {
      continue;
    }
    for (const Value& file : files->as_array()) {
      add_child(parent, node(file.find("path")->as_text(),
                             fmt::format("sha256 {}  rows {}   set aside {}", short_hash(file.find("sha256")->as_text()),
                                         grouped(file.find("rows")->as_int()),
                                         grouped(file.find("set_aside")->as_int()))));
    }
  }
}

}  // namespace

Value lineage_json(const Study& study, const Judged& judged, const ResearchRequest& request) {
  Value root = node("factor", judged.subject.formula.empty()
                                  ? fmt::format("{}  sha256 {}", judged.subject.name,
                                                short_hash(judged.subject.values_hash))
                                  : judged.subject.formula);
  Value universe = node(fmt::format("universe {}", request.universe),
                        fmt::format("{} names, {} .. {}{}", grouped(static_cast<std::int64_t>(study.panels.axis->columns())),
                                    to_string(judged.sheet.sessions.front()), to_string(judged.sheet.sessions.back()),
                                    study.panels.survivor_biased ? ", survivor-biased" : ""));
  add_child(root, std::move(universe));
  bool files_told = false;
  for (const lake::FieldLineage& field : study.panels.lineage) {
    Value leaf = node(field.field, fmt::format("lake commit {}, {} parts{}", field.commit, field.parts.size(),
                                               field.actions_applied > 0
                                                   ? fmt::format(", {} actions applied", grouped(field.actions_applied))
                                                   : std::string()));
    if (!files_told) {  // Every field of the bars comes from the same files: they are told once.
      add_files(leaf, study);
    }
    files_told = true;
    add_child(root, std::move(leaf));
  }
  return root;
}

}  // namespace lode::flow
