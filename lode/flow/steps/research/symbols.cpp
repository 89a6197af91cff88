// Symbols of two exchanges told apart.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/symbols.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "lode/flow/steps/identity/called.h"
#include "lode/flow/steps/identity/from_lake.h"

namespace lode::flow {

namespace {

bool has_twins(const Axis& axis) {
  std::unordered_set<std::string_view> seen;
  return !std::all_of(axis.symbols.begin(), axis.symbols.end(),
                      [&](const std::string& symbol) { return seen.insert(symbol).second; });
}

}  // namespace

std::string qualified_symbol(std::string_view symbol, std::string_view mic) {
  return fmt::format("{}.{}", symbol, mic);
}

Result<std::vector<std::string>> exchanges_of(const lake::Snapshot& snapshot, const Axis& axis) {
  LODE_TRY(const Batch batch, snapshot.read("instruments", {.columns = {"instrument_id", "mic"}}));
  std::vector<std::string> mics(axis.columns());
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const int column = axis.column_of(InstrumentId{batch.column("instrument_id").uint64s()[row]});
    if (column >= 0 && !batch.column("mic").is_null(row)) {
      mics[static_cast<std::size_t>(column)] = batch.column("mic").texts()[row];
    }
  }
  return mics;
}

std::vector<std::string> symbol_names(const Axis& axis, const std::vector<std::string>& mics) {
  std::vector<std::string> names = axis.symbols;
  if (mics.empty()) {
    return names;
  }
  std::unordered_map<std::string_view, std::size_t> first;
  std::unordered_set<std::string_view> shared;
  for (std::size_t column = 0; column < axis.columns(); ++column) {
    const auto [found, is_new] = first.emplace(axis.symbols[column], column);
    if (!is_new && mics[found->second] != mics[column]) {
      shared.insert(axis.symbols[column]);
    }
  }
  for (std::size_t column = 0; column < axis.columns(); ++column) {
    if (shared.contains(axis.symbols[column]) && !mics[column].empty()) {
      names[column] = qualified_symbol(axis.symbols[column], mics[column]);
    }
  }
  return names;
}

Result<std::vector<std::string>> dated_symbols(const lake::Snapshot& snapshot, const Axis& axis) {
  LODE_TRY(const SymbolMap map, read_symbol_map(snapshot));
  const RowNames names(map);
  std::vector<std::string> out = axis.symbols;
  for (std::size_t column = 0; column < axis.columns(); ++column) {
    const InstrumentId id = axis.instruments[column];
    const std::string_view name = axis.sessions.empty() ? names.newest(id) : names.on(id, axis.sessions.back());
    if (!name.empty()) {
      out[column] = name;
    }
  }
  return out;
}

Result<std::vector<std::string>> symbol_names(const lake::Snapshot& snapshot, const Axis& axis) {
  Axis named = axis;
  LODE_TRY(named.symbols, dated_symbols(snapshot, axis));
  if (!has_twins(named)) {
    return named.symbols;
  }
  LODE_TRY(const std::vector<std::string> mics, exchanges_of(snapshot, named));
  return symbol_names(named, mics);
}

}  // namespace lode::flow
