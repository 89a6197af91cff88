// A user's own factor values on a lake's axis.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/values_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <iterator>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "lode/base/hash.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/flow/steps/research/compute.h"
#include "lode/flow/steps/research/symbols.h"
#include "lode/flow/steps/store/data_file.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {

namespace {

// The column of the values: `value`, else `score`, else `factor`, else the only column of numbers.
Result<const source::LongColumn*> value_column(const source::LongTable& table) {
  for (const std::string_view name : {"value", "score", "factor"}) {
    const source::LongColumn* column = table.find(name);
    if (column != nullptr && !column->is_text) {
      return column;
    }
  }
  const source::LongColumn* only = nullptr;
  int numbers = 0;
  std::vector<std::string> names;
  for (const source::LongColumn& column : table.columns) {
    names.push_back(column.name);
    if (!column.is_text) {
      only = &column;
      ++numbers;
    }
  }
  if (numbers == 1) {
    return only;
  }
  const bool is_text = std::ranges::any_of(table.columns, [](const auto& c) { return c.name == "value"; });
  return fail(E::E2001,
              is_text ? fmt::format("the column value of {} holds text, expected numbers", table.path)
              : numbers == 0
                  ? fmt::format("{} has no column of numbers beside date and symbol", table.path)
                  : fmt::format("{} has {} columns of numbers and none is called 'value'", table.path, numbers),
              fmt::format("beside date and symbol: {}    needed: date, symbol, value",
                          names.empty() ? "nothing" : join_some(names)));
}

// What stands in the column factor, each once in order of first appearance; empty without such a column.
std::vector<std::string> factors_of(const source::LongTable& table) {
  const source::LongColumn* column = table.find("factor");
  std::vector<std::string> factors;
  if (column == nullptr || !column->is_text) {
    return factors;
  }
  std::vector<bool> seen(column->names.size(), false);
  for (const std::int32_t code : column->codes) {  // Names alone may hold one that no row has.
    if (code >= 0 && !seen[static_cast<std::size_t>(code)]) {
      seen[static_cast<std::size_t>(code)] = true;
      factors.push_back(column->names[static_cast<std::size_t>(code)]);
    }
  }
  return factors;
}

// Was it written by factor compute --allow-lookahead?
bool looks_ahead(const source::LongTable& table) {
  return std::ranges::any_of(factors_of(table), [](const auto& name) { return name.starts_with(kLooksAhead); });
}

// What makes two files the same numbers.
std::string rows_hash(const source::LongTable& table, const source::LongColumn& values) {
  std::vector<std::size_t> order;
  for (std::size_t row = 0; row < table.dates.size(); ++row) {
    if (!math::is_nan(values.numbers[row])) {
      order.push_back(row);
    }
  }
  const auto key = [&](std::size_t row) {
    return std::tuple(table.dates[row].days, std::string_view(table.symbols[table.symbol_of[row]]),
                      std::bit_cast<std::uint64_t>(values.numbers[row] + 0.0));  // -0 and 0 are one number.
  };
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  const auto same = std::ranges::unique(order, [&](std::size_t a, std::size_t b) { return key(a) == key(b); });
  order.erase(same.begin(), same.end());
  Sha256 hash;
  std::string line;
  for (const std::size_t row : order) {
    const auto [day, symbol, bits] = key(row);
    line.clear();
    fmt::format_to(std::back_inserter(line), "{}\t{}\t{}\n", day, symbol, bits);
    hash.update(line);
  }
  if (looks_ahead(table)) {  // Another answer than the same numbers without a mark.
    hash.update(kLooksAhead);
  }
  return hash.hex();
}

// Columns that are in the universe on some session.
std::vector<std::uint8_t> ever_members(const Axis& axis, std::span<const std::uint8_t> universe) {
  std::vector<std::uint8_t> ever(axis.columns(), universe.empty() ? 1 : 0);
  for (std::size_t i = 0; i < universe.size(); ++i) {
    ever[i % axis.columns()] |= universe[i];
  }
  return ever;
}

// E2010 where members of two exchanges bear the symbol.
Result<void> check_one_exchange(const source::LongTable& table, std::size_t symbol,
                                const std::vector<std::size_t>& columns, const std::vector<std::uint8_t>& ever,
                                const std::vector<std::string>& mics) {
  std::set<std::string> candidates;
  for (const std::size_t column : columns) {
    if (ever[column] != 0) {
      candidates.insert(qualified_symbol(table.symbols[symbol], mics[column]));
    }
  }
  if (candidates.size() < 2) {
    return {};
  }
  const auto row = std::find(table.symbol_of.begin(), table.symbol_of.end(), static_cast<std::uint32_t>(symbol));
  return fail(E::E2010,
              fmt::format("{} line {}: {} is listed on {} exchanges", table.path,
                          table.lines[static_cast<std::size_t>(row - table.symbol_of.begin())], table.symbols[symbol],
                          candidates.size()),
              fmt::format("write which one is meant: {}",
                          join(std::vector<std::string>(candidates.begin(), candidates.end()), ", ")));
}

// Columns of each symbol of the table: mostly one, none when the axis has it not.
Result<std::vector<std::vector<std::size_t>>> columns_of(const source::LongTable& table, const Axis& axis,
                                                         std::span<const std::uint8_t> universe,
                                                         const std::vector<std::string>& mics,
                                                         const std::vector<std::string>& symbols) {
  std::unordered_map<std::string, std::vector<std::size_t>> by_symbol;
  std::unordered_map<std::string, std::vector<std::size_t>> by_name;
  for (std::size_t column = 0; column < axis.columns(); ++column) {
    by_symbol[symbols[column]].push_back(column);
    if (!mics.empty()) {
      by_name[qualified_symbol(symbols[column], mics[column])].push_back(column);
    }
  }
  const std::vector<std::uint8_t> ever = ever_members(axis, universe);
  std::vector<std::vector<std::size_t>> out(table.symbols.size());
  for (std::size_t i = 0; i < table.symbols.size(); ++i) {
    if (const auto plain = by_symbol.find(table.symbols[i]); plain != by_symbol.end()) {
      out[i] = plain->second;
      if (!mics.empty()) {
        LODE_CHECK(check_one_exchange(table, i, out[i], ever, mics));
      }
    } else if (const auto qualified = by_name.find(table.symbols[i]); qualified != by_name.end()) {
      out[i] = qualified->second;
    }
  }
  return out;
}

// The column meant on a row: the only one, or the only one that is in the universe then; -1 when there is none.
std::ptrdiff_t column_on(const std::vector<std::size_t>& columns, std::span<const std::uint8_t> members) {
  if (columns.size() == 1) {
    return static_cast<std::ptrdiff_t>(columns.front());
  }
  std::ptrdiff_t found = -1;
  for (const std::size_t column : columns) {
    if (members.empty() || members[column] != 0) {
      if (found >= 0) {
        return -1;
      }
      found = static_cast<std::ptrdiff_t>(column);
    }
  }
  return found;
}

// What factor compute writes of several formulas is no one factor.
Result<void> check_one_factor(const source::LongTable& table) {
  const std::vector<std::string> factors = factors_of(table);
  if (factors.size() > 1) {
    return fail(E::E4,
                fmt::format("{} holds {} factors ({}, {}{}), and --values judges one", table.path, factors.size(),
                            factors[0], factors[1], factors.size() > 2 ? ", ..." : ""),
                "write each to a file of its own: lode factor compute FORMULA ... -o one.csv");
  }
  return {};
}

std::string cell_words(double value) { return math::is_nan(value) ? "empty" : shortest(value); }

}  // namespace

Result<std::string> hash_of_values(const std::string& path) {
  LODE_TRY(const source::LongTable table, read_long_file(path));
  LODE_TRY(const source::LongColumn* values, value_column(table));
  return rows_hash(table, *values);
}

Result<ValuesFile> read_values_file(const std::string& path, std::shared_ptr<const Axis> axis,
                                    std::span<const std::uint8_t> universe, const std::vector<std::string>& mics,
                                    const std::vector<std::string>& symbols) {
  LODE_TRY(const source::LongTable table, read_long_file(path));
  LODE_CHECK(check_one_factor(table));
  LODE_TRY(const source::LongColumn* values, value_column(table));
  LODE_TRY(const auto columns, columns_of(table, *axis, universe, mics, symbols.empty() ? axis->symbols : symbols));
  ValuesFile out{.name = file_name(path),
                 .hash = table.hash,
                 .rows_hash = rows_hash(table, *values),
                 .panel = Panel(axis, Precision::kFloat64),
                 .rows = static_cast<std::int64_t>(table.dates.size()),
                 .infinite = values->infinities};
  out.looks_ahead = looks_ahead(table);
  for (std::size_t i = 0; i < table.dates.size(); ++i) {
    const int session = axis->row_of(table.dates[i]);
    const auto row = static_cast<std::size_t>(std::max(session, 0));
    const auto members = universe.empty() ? universe : universe.subspan(row * axis->columns(), axis->columns());
    const std::ptrdiff_t column = session < 0 ? -1 : column_on(columns[table.symbol_of[i]], members);
    if (column < 0) {
      ++out.unmatched;
      continue;
    }
    double& cell = out.panel.mutable_row64(row)[static_cast<std::size_t>(column)];
    const double value = values->numbers[i];
    if (!math::is_nan(cell) && cell != value) {
      return fail(E::E2012,
                  fmt::format("{} line {}: {} on {} was {} before and is {} here", path, table.lines[i],
                              table.symbols[table.symbol_of[i]], to_string(table.dates[i]), cell_words(cell),
                              cell_words(value)),
                  "keep the right one; Lode does not choose");
    }
    cell = value;
  }
  if (out.unmatched == out.rows) {
    return fail(E::E2101,
                fmt::format("none of the {} values in {} falls on a symbol and session of this universe",
                            grouped(out.rows), path),
                fmt::format("this universe has {} names, {} .. {}; symbols are matched as written in the lake",
                            axis->columns(), to_string(axis->sessions.front()), to_string(axis->sessions.back())));
  }
  return out;
}

}  // namespace lode::flow
