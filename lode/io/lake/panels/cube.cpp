// Raw daily fields as dense panels.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/cube.h"

#include <fmt/format.h>

#include "lode/io/lake/panels/cache.h"
#include "lode/io/lake/panels/cells.h"
#include "lode/io/lake/panels/daily.h"

namespace lode::lake {

namespace {

std::string cache_path(const Snapshot::State& state, const Frame& frame, const std::string& field) {
  return state.lake->absolute(fmt::format("panels/{}/{}.panel", frame.key, field));
}

// Row of each day between the first and last session; -1 where there is none.
std::vector<std::int32_t> rows_by_day(const Axis& axis) {
  const std::int32_t first = axis.sessions.front().days;
  std::vector<std::int32_t> rows(static_cast<std::size_t>(axis.sessions.back().days - first) + 1, -1);
  for (std::size_t row = 0; row < axis.rows(); ++row) {
    rows[static_cast<std::size_t>(axis.sessions[row].days - first)] = static_cast<std::int32_t>(row);
  }
  return rows;
}

// Puts the values of one partition's chunks into the cells. Rows come sorted by instrument within a part, so the column
// is looked up once an instrument, and sessions through a table by day. Partitions never share a cell.
class Scatter {
 public:
  Scatter(const Axis& axis, const std::vector<std::int32_t>& row_of, std::vector<Cells>& fields)
      : axis_(axis), row_of_(row_of), fields_(fields) {}

  void take(const Chunk& chunk) {
    const auto ids = chunk.values<std::uint64_t>(0);
    const auto days = chunk.values<std::int32_t>(1);
    const std::int32_t first = axis_.sessions.front().days;
    places_.resize(chunk.rows());
    for (std::size_t i = 0; i < chunk.rows(); ++i) {
      if (column_ < 0 || ids[i] != id_) {
        id_ = ids[i];
        column_ = axis_.column_of(InstrumentId{id_});
      }
      const std::int32_t row = row_of_[static_cast<std::size_t>(days[i] - first)];
      places_[i] = static_cast<std::size_t>(row) * axis_.columns() + static_cast<std::size_t>(column_);
    }
    for (std::size_t field = 0; field < fields_.size(); ++field) {
      const auto values = chunk.values<double>(field + 2);
      double* cells = fields_[field].data();
      const bool nulls = chunk.has_nulls(field + 2);
      for (std::size_t i = 0; i < chunk.rows(); ++i) {
        if (!nulls || !chunk.is_null(field + 2, i)) {
          cells[places_[i]] = values[i];
        }
      }
    }
  }

 private:
  const Axis& axis_;
  const std::vector<std::int32_t>& row_of_;
  std::vector<Cells>& fields_;
  std::vector<std::size_t> places_;
  std::uint64_t id_ = 0;
  int column_ = -1;
};

Result<std::vector<Panel>> scan(const Snapshot::State& state, const Frame& frame,
                                const std::vector<std::string>& fields) {
  std::vector<Cells> cells;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    cells.emplace_back(frame.axis).clear(state.lake->pool);
  }
  const auto partitions = by_partition(frame.parts);
  const std::vector<std::int32_t> row_of = rows_by_day(*frame.axis);
  std::vector<Scatter> scatters(partitions.size(), Scatter(*frame.axis, row_of, cells));
  LODE_CHECK(stream_daily(*state.lake, partitions, frame.early, fields,
                          [&](std::size_t partition, const Chunk& chunk) { scatters[partition].take(chunk); }));
  std::vector<Panel> panels;
  for (Cells& field : cells) {
    panels.push_back(std::move(field).finish());
  }
  return panels;
}

}  // namespace

Result<std::map<std::string, Panel>> read_cube(const Snapshot& snapshot, const Frame& frame,
                                               const std::vector<std::string>& fields) {
  const Snapshot::State& state = snapshot.state();
  const bool cacheable = frame.early.empty();  // A view of the past is asked rarely and would fill the disk.
  std::map<std::string, Panel> out;
  std::vector<std::string> missing;
  for (const std::string& field : fields) {
    std::optional<Panel> mapped = cacheable ? map_panel(cache_path(state, frame, field), frame.axis) : std::nullopt;
    if (mapped) {
      out.emplace(field, std::move(*mapped));
    } else {
      missing.push_back(field);
    }
  }
  if (missing.empty()) {
    return out;
  }
  LODE_CHECK(state.lake->check_parts(frame.parts));
  LODE_TRY(std::vector<Panel> panels, scan(state, frame, missing));
  for (std::size_t i = 0; i < missing.size(); ++i) {
    if (cacheable && state.lake->writable) {
      store_panel(cache_path(state, frame, missing[i]), panels[i]);
    }
    out.emplace(missing[i], std::move(panels[i]));
  }
  return out;
}

}  // namespace lode::lake
