// Raw daily fields as dense panels.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/cube.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/io/lake/panels/cache.h"
#include "lode/io/lake/panels/cells.h"
#include "lode/io/lake/panels/daily.h"
#include "lode/io/lake/panels/scatter.h"

namespace lode::lake {

namespace {

std::string cache_path(const Snapshot::State& state, const Frame& frame, const std::string& field) {
  return state.lake->absolute(fmt::format("panels/{}/{}.panel", frame.key, field));
}

Result<std::vector<Panel>> scan(const Snapshot::State& state, const Frame& frame,
                                const std::vector<std::string>& fields) {
  std::vector<Cells> cells;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    cells.emplace_back(frame.axis).clear(state.lake->pool);
  }
  const auto partitions = by_partition(frame.parts);
  const RowsByDay row_of(*frame.axis);
  std::vector<Scatter> scatters(partitions.size(), Scatter(*frame.axis, row_of, cells));
  LODE_CHECK(stream_daily(*state.lake, partitions, frame.early, fields,
                          [&](std::size_t partition, const Chunk& chunk) { scatters[partition].take(chunk); }));
  LODE_ASSERT(std::ranges::none_of(scatters, &Scatter::strayed));
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
  std::vector<std::string> fresh;  // Not in the cache yet
  std::vector<std::string> missing;
  for (const std::string& field : fields) {
    if (const auto read = frame.cells.find(field); read != frame.cells.end()) {
      fresh.push_back(field);
      out.emplace(field, read->second);
      continue;
    }
    std::optional<Panel> mapped = cacheable ? map_panel(cache_path(state, frame, field), frame.axis) : std::nullopt;
    if (mapped) {
      out.emplace(field, std::move(*mapped));
    } else {
      missing.push_back(field);
    }
  }
  if (!missing.empty()) {
    LODE_CHECK(state.lake->check_parts(frame.parts));
    LODE_TRY(std::vector<Panel> panels, scan(state, frame, missing));
    for (std::size_t i = 0; i < missing.size(); ++i) {
      out.emplace(missing[i], std::move(panels[i]));
    }
    fresh.insert(fresh.end(), missing.begin(), missing.end());
  }
  if (cacheable && state.lake->writable) {
    state.lake->pool.for_each(
        fresh.size(), [&](std::size_t i) { store_panel(cache_path(state, frame, fresh[i]), out.at(fresh[i])); });
  }
  return out;
}

}  // namespace lode::lake
