// Group codes of each date.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "lode/base/text.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/panels/cells.h"

namespace lode::lake {

namespace {

using SchemesByName = std::map<std::string, GroupScheme, std::less<>>;

Result<Batch> read_rows(const Snapshot& snapshot, const std::string& level, std::optional<Time> as_of) {
  Query query;
  query.columns = {"instrument_id", "scheme", "valid_from", "valid_to", "raw_hash", level};
  query.as_of = as_of;
  return snapshot.read("groups", query);
}

Date first_day(const Batch& batch, std::size_t row) { return Date{batch.column("valid_from").dates()[row]}; }

// For each file of groups the newest commit that brought it and stood at the snapshot.
Result<std::map<std::string, CommitId>> commits_of_files(const Snapshot& snapshot) {
  const auto manifest = snapshot.state().lake->manifest();
  LODE_TRY(Statement rows, manifest->prepare("SELECT id, note FROM commits WHERE id <= ?1 AND (reverted_by IS NULL OR "
                                             "reverted_by > ?1) ORDER BY id"));
  rows.bind(1, snapshot.commit());
  std::map<std::string, CommitId> newest;
  for (;;) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      return newest;
    }
    LODE_TRY(const Value note, parse_json(rows.text(1)));
    const Value* table = note.find("table");
    const Value* files = note.find("files");
    if (table == nullptr || !table->is_text() || table->as_text() != "groups" || files == nullptr ||
        !files->is_array()) {
      continue;
    }
    for (const Value& file : files->as_array()) {
      if (const Value* hash = file.find("sha256"); hash != nullptr && hash->is_text()) {
        newest[hash->as_text()] = rows.int64(0);
      }
    }
  }
}

// The schemes of rows that name a group of the level.
SchemesByName schemes_in(const Batch& batch, const Column& names) {
  SchemesByName schemes;
  std::map<std::string, std::pair<std::set<std::uint64_t>, std::set<std::string>>, std::less<>> seen;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    if (names.is_null(row)) {
      continue;
    }
    const std::string name(batch.column("scheme").texts()[row]);
    GroupScheme& scheme = schemes[name];
    scheme.name = name;
    scheme.is_undated = scheme.is_undated || first_day(batch, row) == kNoBeginning;
    auto& [instruments, files] = seen[name];
    instruments.insert(batch.column("instrument_id").uint64s()[row]);
    files.emplace(batch.column("raw_hash").texts()[row]);
  }
  for (auto& [name, scheme] : schemes) {
    const auto& [instruments, files] = seen.at(name);
    scheme.instruments = static_cast<std::int64_t>(instruments.size());
    scheme.files.assign(files.begin(), files.end());
  }
  return schemes;
}

Result<std::vector<GroupScheme>> in_order(const Snapshot& snapshot, SchemesByName schemes) {
  std::vector<GroupScheme> out;
  if (schemes.empty()) {
    return out;
  }
  LODE_TRY(const auto commits, commits_of_files(snapshot));
  for (auto& [name, scheme] : schemes) {
    for (const std::string& file : scheme.files) {
      const auto found = commits.find(file);
      scheme.commit = found == commits.end() ? scheme.commit : std::max(scheme.commit, found->second);
    }
    out.push_back(std::move(scheme));
  }
  // By name already; the sort is stable.
  std::ranges::stable_sort(out, [](const GroupScheme& a, const GroupScheme& b) {
    return std::tuple(-a.commit, a.is_undated, -a.instruments) < std::tuple(-b.commit, b.is_undated, -b.instruments);
  });
  return out;
}

std::string names_of(const std::vector<GroupScheme>& schemes) {
  std::vector<std::string> names;
  for (const GroupScheme& scheme : schemes) {
    names.push_back(scheme.name);
  }
  return join(names, ", ");
}

// A code for every name the scheme has at the level, in order of the names.
std::map<std::string, std::int32_t> codes_by_name(const Batch& batch, const Column& names, std::string_view scheme) {
  std::set<std::string> seen;
  for (std::size_t row = 0; row < names.size(); ++row) {
    if (!names.is_null(row) && batch.column("scheme").texts()[row] == scheme) {
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

// One row of the table on the axis: sessions [begin, end) of a column.
struct Stay {
  std::size_t column;
  std::size_t begin;
  std::size_t end;
  std::int32_t code;
};

// The rows of `scheme` that hold on some session of the axis, with whether one of them has no first day.
std::vector<Stay> stays_of(const Batch& batch, const Column& names, const Axis& axis,
                           const std::map<std::string, std::int32_t>& codes, GroupScheme& scheme) {
  const Column& until = batch.column("valid_to");
  std::vector<Stay> stays;
  scheme.is_undated = false;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const int column = axis.column_of(InstrumentId{batch.column("instrument_id").uint64s()[row]});
    if (column < 0 || names.is_null(row) || batch.column("scheme").texts()[row] != scheme.name) {
      continue;
    }
    const Date from = first_day(batch, row);
    const std::size_t begin = first_row_at(axis, from);
    const std::size_t end = until.is_null(row) ? axis.rows() : first_row_at(axis, Date{until.dates()[row]} + 1);
    if (begin < end) {
      stays.push_back({static_cast<std::size_t>(column), begin, end, codes.at(std::string(names.texts()[row]))});
      scheme.is_undated = scheme.is_undated || from == kNoBeginning;
    }
  }
  return stays;
}

}  // namespace

Result<std::vector<GroupScheme>> group_schemes(const Snapshot& snapshot, const std::string& level,
                                               std::optional<Time> as_of) {
  LODE_TRY(const Batch batch, read_rows(snapshot, level, as_of));
  return in_order(snapshot, schemes_in(batch, batch.column(level)));
}

Result<GroupScheme> choose_scheme(const std::vector<GroupScheme>& schemes, const std::string& level,
                                  const std::string& asked) {
  const std::string_view article = level == "industry" ? "an" : "a";
  if (schemes.empty()) {
    return fail(E::E1113, fmt::format("no instrument of this lake has {} {}", article, level),
                fmt::format("bring groups: lode data import FILE --table groups (columns symbol, {})", level));
  }
  if (asked.empty()) {
    return schemes.front();
  }
  for (const std::string& name : {asked, "user:" + asked}) {
    const auto found = std::ranges::find(schemes, name, &GroupScheme::name);
    if (found != schemes.end()) {
      return *found;
    }
  }
  return fail(E::E1113, fmt::format("no scheme '{}' gives {} {}", asked, article, level),
              fmt::format("schemes that do, the last imported first: {}", names_of(schemes)));
}

Result<GroupRead> read_group(const Snapshot& snapshot, std::shared_ptr<const Axis> axis, const std::string& level,
                             std::optional<Time> as_of, const std::string& asked) {
  LODE_TRY(const Batch batch, read_rows(snapshot, level, as_of));
  const Column& names = batch.column(level);
  LODE_TRY(const std::vector<GroupScheme> schemes, in_order(snapshot, schemes_in(batch, names)));
  LODE_TRY(GroupScheme scheme, choose_scheme(schemes, level, asked));
  const std::map<std::string, std::int32_t> codes = codes_by_name(batch, names, scheme.name);
  const std::vector<Stay> stays = stays_of(batch, names, *axis, codes, scheme);
  if (stays.empty()) {
    return fail(E::E1113,
                fmt::format("no instrument of this universe has {} {} in the scheme {}",
                            level == "industry" ? "an" : "a", level, scheme.name),
                schemes.size() > 1
                    ? fmt::format("ask for another scheme: --scheme NAME, of {}", names_of(schemes))
                    : fmt::format("bring groups: lode data import FILE --table groups (columns symbol, {})", level));
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
  return GroupRead{std::move(group), std::move(scheme), static_cast<std::int64_t>(schemes.size())};
}

}  // namespace lode::lake
