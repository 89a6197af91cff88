// What a shell may complete with.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/candidates.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "lode/base/error.h"
#include "lode/core/expr/program.h"
#include "lode/core/factor/library.h"
#include "lode/flow/open_lake.h"
#include "lode/io/lake/runs.h"
#include "lode/market/schema.h"

namespace lode::flow {

namespace {

constexpr std::size_t kMost = 200;
constexpr std::size_t kLibraryPrefix = 3;  // Typed before the hundreds of library formulas are offered: "alp".

std::set<std::string> column_of(World& world, const char* table, const char* column) {
  std::set<std::string> found;
  const auto lake = open_lake(world, Wanted::kRead);
  if (!lake) return found;
  const auto snapshot = (*lake)->snapshot();
  if (!snapshot) return found;
  lake::Query query;
  query.columns = {column};
  const Result<Batch> batch = snapshot->read(table, query);
  for (std::size_t row = 0; batch && row < batch->rows(); ++row) {
    found.emplace(batch->column(column).texts()[row]);
  }
  return found;
}

std::set<std::string> run_names(World& world) {
  std::set<std::string> found{"last"};
  if (const auto lake = open_lake(world, Wanted::kRead); lake) {
    const auto runs = lake::RunStore(**lake).list(static_cast<int>(kMost));
    for (std::size_t i = 0; runs && i < runs->size(); ++i) {
      found.insert((*runs)[i].alias);
    }
  }
  return found;
}

std::set<std::string> factor_names(World& world, std::string_view prefix) {
  std::set<std::string> found;
  for (const std::string& name : expr::OperatorTable().names()) {
    found.insert(name);
  }
  if (prefix.size() >= kLibraryPrefix) {
    for (const factor::Library& library : factor::libraries()) {
      std::ranges::transform(library.formulas, std::inserter(found, found.end()),
                             [&](const factor::Formula& formula) { return library.id + "/" + formula.id; });
    }
  }
  if (const auto lake = open_lake(world, Wanted::kRead); lake) {
    const auto factors = lake::RunStore(**lake).factors();
    for (std::size_t i = 0; factors && i < factors->size(); ++i) {
      found.insert((*factors)[i].name);
    }
  }
  return found;
}

std::set<std::string> all_of(World& world, std::string_view kind, std::string_view prefix) {
  if (kind == "factors") return factor_names(world, prefix);
  if (kind == "runs") return run_names(world);
  if (kind == "symbols") return column_of(world, "instruments", "symbol");
  if (kind == "universes") {
    std::set<std::string> found = column_of(world, "universe", "name");
    found.insert("all");
    return found;
  }
  std::set<std::string> found;
  if (kind == "tables") {
    for (const TableSpec& table : tables()) found.emplace(table.name);
  } else if (kind == "errors") {
    for (const ErrorInfo& info : all_errors()) found.insert(to_string(info.number));
  }
  return found;
}

}  // namespace

std::vector<std::string> candidates(World& world, std::string_view kind, std::string_view prefix) {
  std::vector<std::string> out;
  for (const std::string& word : all_of(world, kind, prefix)) {
    if (word.starts_with(prefix) && out.size() < kMost) {
      out.push_back(word);
    }
  }
  return out;
}

}  // namespace lode::flow
