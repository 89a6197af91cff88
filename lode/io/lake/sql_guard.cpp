// Walks the tree once for names of CTEs, once for what is refused.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/sql_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "lode/base/text.h"
#include "lode/market/schema.h"

namespace lode::lake {
namespace {

// Table functions that only turn arguments into rows. Others reach files, settings or the engine's insides, and a few
// write where they are told (enable_profiling, enable_logging).
constexpr std::array<std::string_view, 7> kTableFunctions = {"range",      "generate_series", "unnest",   "repeat",
                                                             "repeat_row", "json_each",       "json_tree"};
// Functions in expressions that tell about the machine or leave a trace.
constexpr std::array<std::string_view, 6> kRefusedFunctions = {"current_setting", "getenv",  "getvariable",
                                                               "write_log",       "nextval", "currval"};

std::string text_of(const Value& node, std::string_view key) {
  const Value* value = node.find(key);
  return value != nullptr && value->is_text() ? value->as_text() : std::string();
}

std::vector<std::string> table_names() {
  std::vector<std::string> out;
  for (const TableSpec& table : lode::tables()) {
    out.emplace_back(table.name);
  }
  for (const NamedView& view : named_views()) {
    out.push_back(fmt::format("{}.{}", view.schema, view.name));
  }
  return out;
}

// Calls visit(object) for every object of the tree until one fails.
template <class Visit>
Result<void> walk(const Value& node, const Visit& visit) {
  if (node.is_array()) {
    for (const Value& item : node.as_array()) {
      LODE_CHECK(walk(item, visit));
    }
  } else if (node.is_object()) {
    LODE_CHECK(visit(node));
    for (const auto& [key, member] : node.as_object()) {
      LODE_CHECK(walk(member, visit));
    }
  }
  return {};
}

std::set<std::string> cte_names(const Value& tree) {
  std::set<std::string> out;
  const auto done = walk(tree, [&](const Value& node) -> Result<void> {
    const Value* map = node.at_path("cte_map.map");
    if (map != nullptr && map->is_array()) {
      for (const Value& entry : map->as_array()) {
        out.insert(lower(text_of(entry, "key")));
      }
    }
    if (text_of(node, "type") == "RECURSIVE_CTE_NODE" || text_of(node, "type") == "CTE_NODE") {
      out.insert(lower(text_of(node, "cte_name")));
    }
    return {};
  });
  (void)done;  // The visitor never fails.
  return out;
}

Result<void> check_table(const Value& node, const std::set<std::string>& ctes) {
  const std::string schema = lower(text_of(node, "schema_name"));
  const std::string name = lower(text_of(node, "table_name"));
  if (schema == "information_schema") {
    return {};
  }
  const bool local = schema.empty() || schema == "main";
  if (local && (find_table(name) != nullptr || ctes.contains(name))) {
    return {};
  }
  if (std::ranges::any_of(named_views(), [&](const NamedView& v) { return v.schema == schema && v.name == name; })) {
    return {};
  }
  const std::string hint = did_you_mean(local ? name : fmt::format("{}.{}", schema, name), table_names());
  return fail(E::E2017,
              fmt::format("SQL refused: there is no table '{}{}' in the lake",
                          local ? "" : text_of(node, "schema_name") + ".", text_of(node, "table_name")),
              hint.empty() ? "see the tables with `lode data tables`" : hint);
}

Result<void> check_function(const Value& node) {
  const std::string name = lower(text_of(node, "function_name"));
  if (std::ranges::find(kRefusedFunctions, name) != kRefusedFunctions.end()) {
    return fail(E::E2017, fmt::format("SQL refused: the function {} is not allowed here", name));
  }
  return {};
}

Result<void> check_table_function(const Value& node) {
  const Value* function = node.find("function");
  const std::string name = function == nullptr ? std::string() : lower(text_of(*function, "function_name"));
  if (std::ranges::find(kTableFunctions, name) == kTableFunctions.end()) {
    return fail(E::E2017, fmt::format("SQL refused: the table function {} is not allowed here", name),
                "read the lake's tables; files are brought in with `lode data import`");
  }
  return {};
}

}  // namespace

Result<void> check_statement(const Value& tree) {
  const Value* failed = tree.find("error");
  if (failed == nullptr || !failed->is_bool()) {
    return fail(E::E9001, "the SQL engine gave no syntax tree");
  }
  if (failed->as_bool()) {
    const std::string why = text_of(tree, "error_message");
    return fail(E::E2017, why.starts_with("Only SELECT")
                              ? "SQL refused: only SELECT is allowed, the lake is read here and never changed"
                              : fmt::format("SQL refused: {}", why));
  }
  const Value* statements = tree.find("statements");
  const std::size_t count = statements == nullptr || !statements->is_array() ? 0 : statements->as_array().size();
  if (count != 1) {
    return fail(E::E2017, fmt::format("SQL refused: {} statements, expected one SELECT", count));
  }
  const std::set<std::string> ctes = cte_names(*statements);
  return walk(*statements, [&](const Value& node) -> Result<void> {
    const std::string type = text_of(node, "type");
    if (type == "BASE_TABLE") {
      return check_table(node, ctes);
    }
    if (type == "TABLE_FUNCTION") {
      return check_table_function(node);
    }
    return type == "FUNCTION" ? check_function(node) : Result<void>();
  });
}

}  // namespace lode::lake
