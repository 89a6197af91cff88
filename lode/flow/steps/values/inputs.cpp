// Hashing and comparing inputs.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/inputs.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <span>
#include <utility>

#include "lode/base/hash.h"

namespace lode::flow {

namespace {

constexpr std::string_view kUniverse = "(universe)";
constexpr std::string_view kSession = "(session)";
constexpr std::string_view kDay = "session";

std::uint64_t hash_of(const std::vector<std::uint64_t>& words) {
  return xxh3({reinterpret_cast<const char*>(words.data()), words.size() * sizeof(std::uint64_t)});
}

template <class T>
void gather_row(std::span<const T> cells, const std::vector<InstrumentId>& ids, std::vector<std::uint64_t>& words) {
  for (std::size_t column = 0; column < cells.size(); ++column) {
    const auto value = static_cast<double>(cells[column]);
    if (value == value) {  // A NaN is missing; the call of is_nan costs more than the rest.
      words.push_back(ids[column].value);
      words.push_back(std::bit_cast<std::uint64_t>(value));
    }
  }
}

// Pairs of instrument and value of what is there of a row, into `words`.
void gather(const Panel& panel, std::size_t row, std::vector<std::uint64_t>& words) {
  words.clear();
  if (panel.precision() == Precision::kFloat64) {
    gather_row(panel.row64(row), panel.axis().instruments, words);
  } else {
    gather_row(panel.row32(row), panel.axis().instruments, words);
  }
}

void gather(const GroupPanel& group, const std::vector<std::uint64_t>& names, std::size_t row,
            std::vector<std::uint64_t>& words) {
  const auto codes = group.row(row);
  words.clear();
  for (std::size_t column = 0; column < codes.size(); ++column) {
    if (codes[column] >= 0) {
      words.push_back(group.axis->instruments[column].value);
      words.push_back(names[static_cast<std::size_t>(codes[column])]);
    }
  }
}

void gather_universe(const expr::Fields& fields, std::size_t row, std::vector<std::uint64_t>& words) {
  const Axis& axis = fields.axis();
  const auto mask = fields.universe();
  words.clear();
  for (std::size_t column = 0; column < axis.columns(); ++column) {
    if (mask.empty() || mask[row * axis.columns() + column] != 0) {
      words.push_back(axis.instruments[column].value);
    }
  }
}

}  // namespace

InputHashes hash_inputs(const expr::Fields& fields, const std::vector<std::string>& names, Pool& pool) {
  const Axis& axis = fields.axis();
  InputHashes out;
  out.sessions = axis.sessions;
  std::map<std::string, std::vector<std::uint64_t>> group_names;
  for (const std::string& name : names) {
    out.of[name].resize(axis.rows());
    if (const GroupPanel* group = fields.find_group(name)) {
      std::vector<std::uint64_t>& hashes = group_names[name];
      std::ranges::transform(group->names, std::back_inserter(hashes), [](const auto& text) { return xxh3(text); });
    }
  }
  std::vector<std::uint64_t>& universe = out.of[std::string(kUniverse)];
  std::vector<std::uint64_t>& session = out.of[std::string(kSession)];
  universe.resize(axis.rows());
  session.resize(axis.rows());
  pool.for_each(axis.rows(), [&](std::size_t row) {
    std::vector<std::uint64_t> words;
    words.reserve(2 * axis.columns());
    for (const std::string& name : names) {
      if (const Panel* panel = fields.find(name)) {
        gather(*panel, row, words);
      } else if (const GroupPanel* group = fields.find_group(name)) {
        gather(*group, group_names.at(name), row, words);
      }
      out.of.at(name)[row] = hash_of(words);
    }
    gather_universe(fields, row, words);
    universe[row] = hash_of(words);
    session[row] = static_cast<std::uint64_t>(axis.times[row].nanos);
  });
  return out;
}

Batch to_batch(const InputHashes& hashes) {
  std::vector<std::int32_t> days;
  std::ranges::transform(hashes.sessions, std::back_inserter(days), &Date::days);
  std::vector<Column> columns;
  columns.push_back(Column::date(std::string(kDay), std::move(days)));
  for (const auto& [name, values] : hashes.of) {
    columns.push_back(Column::uint64("hash " + name, values));
  }
  return Batch(std::move(columns));
}

InputHashes inputs_of(const Batch& batch) {
  InputHashes out;
  for (const Column& column : batch.columns()) {
    if (column.type() == ColumnType::kDate) {
      std::ranges::transform(column.dates(), std::back_inserter(out.sessions), [](auto day) { return Date{day}; });
    } else if (column.type() == ColumnType::kUint64) {
      const auto values = column.uint64s();
      out.of[column.name().substr(std::string_view("hash ").size())].assign(values.begin(), values.end());
    }
  }
  return out;
}

Likeness compare_inputs(const InputHashes& now, const InputHashes& then) {
  Likeness out;
  out.row_then.assign(now.sessions.size(), Likeness::kNone);
  out.run.assign(now.sessions.size(), 0);
  std::vector<std::pair<const std::vector<std::uint64_t>*, const std::vector<std::uint64_t>*>> pairs;
  for (const auto& [name, values] : now.of) {
    const auto found = then.of.find(name);
    if (found == then.of.end()) {
      return out;  // The earlier formulas did not read it, so they were others.
    }
    pairs.emplace_back(&values, &found->second);
  }
  for (std::size_t row = 0; row < now.sessions.size(); ++row) {
    const auto found = std::ranges::lower_bound(then.sessions, now.sessions[row]);
    if (found == then.sessions.end() || *found != now.sessions[row]) {
      continue;
    }
    const auto at = static_cast<std::size_t>(found - then.sessions.begin());
    if (!std::ranges::all_of(pairs, [&](const auto& pair) { return (*pair.first)[row] == (*pair.second)[at]; })) {
      continue;
    }
    out.row_then[row] = at;
    const bool follows = row > 0 && at > 0 && out.row_then[row - 1] == at - 1;
    out.run[row] = follows ? out.run[row - 1] + 1 : 1;
  }
  return out;
}

bool is_like(const Likeness& likeness, std::size_t row, bool depends_on_all, int lookback) {
  const bool from_the_first = likeness.run[row] == row + 1 && likeness.row_then[row] == row;
  return from_the_first || (!depends_on_all && likeness.run[row] > static_cast<std::size_t>(lookback));
}

}  // namespace lode::flow
