// Raw daily fields as dense panels.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/cube.h"

#include <fmt/format.h>

#include "lode/io/lake/panels/cache.h"
#include "lode/io/lake/view.h"

namespace lode::lake {

namespace {

std::string cache_path(const Snapshot::State& state, const Frame& frame, const std::string& field) {
  return state.lake->absolute(fmt::format("panels/{}/{}.panel", frame.key, field));
}

// Puts the values of chunks into the panels. Rows come sorted by instrument within a part, so the column is looked up
// once an instrument, and sessions through a table by day.
class Scatter {
 public:
  Scatter(const Axis& axis, std::vector<Panel>& panels) : axis_(axis), panels_(panels) {
    first_day_ = axis.sessions.front().days;
    row_of_.assign(static_cast<std::size_t>(axis.sessions.back().days - first_day_) + 1, -1);
    for (std::size_t row = 0; row < axis.rows(); ++row) {
      row_of_[static_cast<std::size_t>(axis.sessions[row].days - first_day_)] = static_cast<std::int32_t>(row);
    }
    for (Panel& panel : panels) {
      cells_.push_back(panel.mutable_row64(0).data());
    }
  }

  void take(const Chunk& chunk) {
    const auto ids = chunk.values<std::uint64_t>(0);
    const auto days = chunk.values<std::int32_t>(1);
    places_.resize(chunk.rows());
    for (std::size_t i = 0; i < chunk.rows(); ++i) {
      if (column_ < 0 || ids[i] != id_) {
        id_ = ids[i];
        column_ = axis_.column_of(InstrumentId{id_});
      }
      const std::int32_t row = row_of_[static_cast<std::size_t>(days[i] - first_day_)];
      places_[i] = static_cast<std::size_t>(row) * axis_.columns() + static_cast<std::size_t>(column_);
    }
    for (std::size_t field = 0; field < panels_.size(); ++field) {
      const auto values = chunk.values<double>(field + 2);
      double* cells = cells_[field];
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
  std::vector<Panel>& panels_;
  std::vector<double*> cells_;
  std::vector<std::size_t> places_;
  std::vector<std::int32_t> row_of_;
  std::int32_t first_day_ = 0;
  std::uint64_t id_ = 0;
  int column_ = -1;
};

Result<std::vector<Panel>> scan(const Snapshot::State& state, const Frame& frame, const std::vector<std::string>& fields) {
  LODE_TRY(const TableSpec* table, require_table("bars"));
  std::vector<std::string_view> columns{"instrument_id", "session"};
  for (const std::string& field : fields) {
    columns.push_back(table->find(field)->name);
  }
  const std::string late = "interval_seconds = 0";
  const std::string selected = names_sql(columns);
  columns.push_back("interval_seconds");
  const std::string rows = view_sql(
      {.table = table, .parts = frame.parts, .columns = columns, .early = frame.early, .late = late}, state.lake->folder);
  std::vector<Panel> panels;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    panels.emplace_back(frame.axis, Precision::kFloat64);
  }
  Scatter scatter(*frame.axis, panels);
  LODE_TRY(Engine * engine, state.lake->engine());
  LODE_CHECK(engine->stream(fmt::format("SELECT {} FROM ({})", selected, rows), [&](const Chunk& chunk) {
    scatter.take(chunk);
    return true;
  }));
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
