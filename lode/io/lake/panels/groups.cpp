// Group codes of each date.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace lode::lake {

namespace {

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
  return static_cast<std::size_t>(std::lower_bound(axis.sessions.begin(), axis.sessions.end(), date) - axis.sessions.begin());
}

}  // namespace

Result<GroupPanel> read_group(const Snapshot& snapshot, std::shared_ptr<const Axis> axis, const std::string& level,
                              std::optional<Time> as_of) {
  Query query;
  query.as_of = as_of;
  LODE_TRY(const Batch batch, snapshot.read("groups", query));
  const Column& names = batch.column(level);
  const std::map<std::string, std::int32_t> codes = codes_by_name(names);
  GroupPanel group{axis, std::vector<std::int32_t>(axis->rows() * axis->columns(), -1), {}};
  for (const auto& [name, code] : codes) {
    group.names.push_back(name);
  }
  bool any = false;
  for (std::size_t row = 0; row < batch.rows(); ++row) {  // By valid_from: a later row overrides from its date on.
    const int column = axis->column_of(InstrumentId{batch.column("instrument_id").uint64s()[row]});
    if (column < 0 || names.is_null(row)) {
      continue;
    }
    const Column& until = batch.column("valid_to");
    const std::size_t begin = first_row_at(*axis, Date{batch.column("valid_from").dates()[row]});
    const std::size_t end = until.is_null(row) ? axis->rows() : first_row_at(*axis, Date{until.dates()[row]} + 1);
    const std::int32_t code = codes.at(std::string(names.texts()[row]));
    for (std::size_t at = begin; at < end; ++at) {
      group.codes[at * axis->columns() + static_cast<std::size_t>(column)] = code;
    }
    any = any || begin < end;
  }
  if (!any) {
    return fail(E::E1113, fmt::format("no instrument of this universe has a {}", level),
                fmt::format("bring groups: lode data import FILE --table groups (columns symbol, {})", level));
  }
  return group;
}

}  // namespace lode::lake
