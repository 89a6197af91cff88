// Which branches of a run's lineage one of its numbers rests on.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/metrics.h"
#include "lode/flow/steps/research/research.h"

namespace lode::flow {

namespace {

std::string_view name_of(const Value& node) {
  const Value* name = node.find("name");
  return name != nullptr && name->is_text() ? std::string_view(name->as_text()) : std::string_view();
}

// The value of a flag; nothing where the node has none, as in runs of before.
std::optional<bool> flag_of(const Value& node, std::string_view key) {
  const Value* flag = node.find(key);
  return flag != nullptr && flag->is_bool() ? std::optional(flag->as_bool()) : std::nullopt;
}

bool is_group(std::string_view name) { return name == "sector" || name == "industry" || name == "subindustry"; }

// Is this what the book of `horizon` was charged? 0: of the horizon the verdict speaks of.
bool is_charged(const Value& node, int horizon) {
  const Value* days = node.find("horizon_days");
  if (days == nullptr || !days->is_int()) {
    return true;
  }
  return horizon > 0 ? days->as_int() == horizon : flag_of(node, "is_headline").value_or(true);
}

template <class Keep>
Value with_children(const Value& node, Keep keep) {
  Value out = node;
  Value children = Value::array();
  for (const Value& child : node.find("children")->as_array()) {
    if (std::optional<Value> kept = keep(child)) {
      children.push(std::move(*kept));
    }
  }
  out.set("children", std::move(children));
  return out;
}

// A formula may read the benchmark itself, under the names of its fields.
bool reads_benchmark(const Value& root) {
  for (const Value& child : root.find("children")->as_array()) {
    if (name_of(child).starts_with("bench_")) {
      return true;
    }
  }
  return false;
}

}  // namespace

Value lineage_of(const Value& lineage, std::string_view path) {
  const evaluate::Basis basis = evaluate::basis_of(path);
  const bool indexed = basis.benchmark || reads_benchmark(lineage);
  return with_children(lineage, [&](const Value& child) -> std::optional<Value> {
    const std::string_view name = name_of(child);
    if ((name == "benchmark" && !indexed) || (name == "known returns" && !path.starts_with("known.")) ||
        (name == "costs" && !basis.costs) ||
        (is_group(name) && !basis.groups && !flag_of(child, "in_formula").value_or(true))) {
      return std::nullopt;
    }
    if (name != "costs") {
      return child;
    }
    return with_children(
        child, [&](const Value& leaf) { return is_charged(leaf, basis.horizon) ? std::optional(leaf) : std::nullopt; });
  });
}

}  // namespace lode::flow
