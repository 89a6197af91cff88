// The formulas of a library as one program, and the market of traps they are tried on. For tests.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/test_panels.h"
#include "lode/core/factor/library.h"
#include "test/oracle/market.h"

namespace lode::factor {

inline bool is_long() { return std::getenv("LODE_TEST_LONG") != nullptr; }

struct Batch {
  expr::Program program;
  std::vector<expr::Program> each;
  std::vector<std::string> names;
};

// The formulas of the library that compile under the profile.
inline Batch batch_of(const Library& library, const expr::Profile& profile) {
  static const expr::OperatorTable table;
  expr::CompileOptions options;
  options.fields = known_fields();
  Batch batch;
  for (const Formula& formula : library.formulas) {
    if (auto program = expr::compile(formula.text, profile, table, options)) {
      batch.each.push_back(std::move(*program));
      batch.names.push_back(library.id + "/" + formula.id);
    }
  }
  if (!batch.each.empty()) {
    batch.program = expr::merge(batch.each);
  }
  return batch;
}

// A field that bars do not have is drawn as a positive number with gaps.
inline oracle::TrapMarket market_for(const expr::Program& program, std::size_t sessions) {
  oracle::TrapMarket market(sessions, 11);
  for (const expr::Node& node : program.nodes) {
    if (node.kind == expr::NodeKind::kField && !market.fields.contains(node.field)) {
      market.add(node.field);
    }
  }
  return market;
}

inline expr::Fields fields_of(const oracle::TrapMarket& market, Precision precision) {
  expr::Fields fields(expr::testing::make_axis(market.sessions, market.names));
  for (const auto& [name, grid] : market.fields) {
    fields.set(name, expr::testing::make_panel(fields.shared_axis(), grid).as(precision));
  }
  for (const auto& [name, grid] : market.groups) {
    fields.set(name, expr::testing::make_group(fields.shared_axis(), grid));
  }
  return fields;
}

}  // namespace lode::factor
