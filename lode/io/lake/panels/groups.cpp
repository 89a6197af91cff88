// Group codes of each date.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/panels/cells.h"

namespace lode::lake {

namespace {

// A code for every name of the level, in order of the names.
std::map<std::string, std::int32_t> codes_by_name(const Column& names) {
  std::set<std::string> seen;
  for (std::size_t row = 0; row < names.size(); ++row) {
    if (!names.is_null(row)) {
      seen.emplace(names.texts()[row]);
    }
  }
  std::map<std::string, std::int32_t> codes;
  for (const std::string& name : seen) {
    codes.emplace(name, static_cast<std::int32_t>(codes.size()));
  }
  return codes;
}

std::size_t first_row_at(const Axis& axis, Date date) {
  return static_cast<std::size_t>(std::lower_bound(axis.sessions.begin(), axis.sessions.end(), date) -
                                  axis.sessions.begin());
}

// Of several schemes the one that groups most instruments of the axis at this level, by name where they are even: codes
// of two schemes on one panel would mean nothing.
std::string chosen_scheme(const Batch& batch, const Column& names, const Axis& axis) {
  std::map<std::string, std::set<int>> columns;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const int column = axis.column_of(InstrumentId{batch.column("instrument_id").uint64s()[row]});
    if (column >= 0 && !names.is_null(row)) {
      columns[std::string(batch.column("scheme").texts()[row])].insert(column);
    }
  }
  const auto most = std::max_element(columns.begin(), columns.end(),
                                     [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
  return most == columns.end() ? std::string() : most->first;
}

// One row of the table on the axis: sessions [begin, end) of a column.
struct Stay {
  std::size_t column;
  std::size_t begin;
  std::size_t end;
  std::int32_t code;
};

std::vector<Stay> stays_of(const Batch& batch, const Column& names, const Axis& axis,
                           const std::map<std::string, std::int32_t>& codes) {
  const std::string scheme = chosen_scheme(batch, names, axis);
  const Column& until = batch.column("valid_to");
  std::vector<Stay> stays;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const int column = axis.column_of(InstrumentId{batch.column("instrument_id").uint64s()[row]});
    if (column < 0 || names.is_null(row) || batch.column("scheme").texts()[row] != scheme) {
      continue;
    }
    const std::size_t begin = first_row_at(axis, Date{batch.column("valid_from").dates()[row]});
    const std::size_t end = until.is_null(row) ? axis.rows() : first_row_at(axis, Date{until.dates()[row]} + 1);
    if (begin < end) {
      stays.push_back({static_cast<std::size_t>(column), begin, end, codes.at(std::string(names.texts()[row]))});
    }
  }
  return stays;
}

}  // namespace

Result<GroupPanel> read_group(const Snapshot& snapshot, std::shared_ptr<const Axis> axis, const std::string& level,
                              std::optional<Time> as_of) {
  Query query;
  query.columns = {"instrument_id", "scheme", "valid_from", "valid_to", level};
  query.as_of = as_of;
  LODE_TRY(const Batch batch, snapshot.read("groups", query));
  const Column& names = batch.column(level);
  const std::map<std::string, std::int32_t> codes = codes_by_name(names);
  const std::vector<Stay> stays = stays_of(batch, names, *axis, codes);
  if (stays.empty()) {
    return fail(E::E1113,
                fmt::format("no instrument of this universe has {} {}", level == "industry" ? "an" : "a", level),
                fmt::format("bring groups: lode data import FILE --table groups (columns symbol, {})", level));
  }
  GroupPanel group{axis, std::vector<std::int32_t>(axis->rows() * axis->columns(), -1), {}};
  for (const auto& [name, code] : codes) {
    group.names.push_back(name);
  }
  // Rows come by valid_from, so a later one overrides from its date on; blocks of sessions keep the writes together.
  for_row_blocks(axis->rows(), axis->columns(), snapshot.state().lake->pool, [&](std::size_t first, std::size_t last) {
    for (const Stay& stay : stays) {
      for (std::size_t row = std::max(first, stay.begin); row < std::min(last, stay.end); ++row) {
        group.codes[row * axis->columns() + stay.column] = stay.code;
      }
    }
  });
  return group;
}

}  // namespace lode::lake
