// Panels from the lake: dense sessions x instruments fields, adjusted as of a date, from a cache that is mapped,
// checked by hash and rebuilt when wrong.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/io/lake/lake.h"
#include "lode/io/lake/panels/adjusted.h"
#include "lode/io/lake/panels/benchmark.h"
#include "lode/io/lake/panels/groups.h"
#include "lode/market/action.h"
#include "lode/market/calendar.h"
#include "lode/market/panel.h"
#include "lode/market/universe.h"

namespace lode::lake {

struct PanelRequest {
  // open high low close volume amount vwap, raw_<price>; sector industry subindustry; bench_open bench_close
  std::vector<std::string> fields;
  std::string universe = "all";  // "all": every instrument with a bar in the range; else a stored universe (E2103)
  std::optional<Date> from, to;  // Both inclusive; default: what the lake has.
  std::optional<Time> as_of;
  Adjust adjust = Adjust::kAll;
  Precision precision = Precision::kFloat64;
  std::string benchmark;  // Symbol of an index; "" = the only one
  std::string scheme;     // Of the group fields; "" = the one imported last
};

// What one field was made from: answers `lode why`.
struct FieldLineage {
  std::string field;
  CommitId commit = 0;
  std::vector<std::string> parts;  // Paths.
  std::int64_t actions_applied = 0;
  std::vector<std::string> action_faults;
  // Of a group field alone:
  std::string scheme;               // The one in use; "" for any other field
  std::int64_t schemes = 0;         // How many the lake has at this level
  bool is_undated = false;          // Groups without a first day were read, which look ahead
  std::vector<std::string> hashes;  // SHA-256 of the scheme's raw files, sorted
};

// A delisting with later bars of the same instrument, whichever of the two is wrong: the name stands in the panels with
// every bar it has, no delisting and no delisting return is applied to it, and it is told.
struct Outlived {
  std::string symbol;
  Date delisted_on;
  Date last;  // Its last bar.
};

struct PanelSet {
  std::shared_ptr<const Axis> axis;
  std::map<std::string, Panel> panels;  // By field, f32 or f64 as asked.
  std::map<std::string, GroupPanel> groups;
  std::vector<std::uint8_t> universe;      // rows * columns; membership of each session. "all": has a bar.
  std::vector<double> delisting_return;    // A column; NaN unknown or listed.
  std::vector<std::int32_t> delisted_row;  // -1 = still listed at the end of the range.
  std::vector<Outlived> outlived;          // By column; delistings in the range that were not applied.
  // The factors behind adjusted prices and volumes, by column of the axis; null where nothing was adjusted.
  std::shared_ptr<const Adjustments> adjustments;
  bool survivor_biased = false;
  bool adjusted_by_source = false;  // Some instrument has vendor-adjusted prices only.
  Benchmark benchmark;              // On the rows of the axis
  std::vector<FieldLineage> lineage;
  CommitId commit = 0;
};

// Sessions: the exchange's calendar between first and last bar (a missing bar is NaN); without a calendar the union of
// dates. vwap: the column if any bar has it, else amount / volume in adjusted terms, volume 0 or missing: NaN; with
// neither the field is absent (E1113). Prices adjusted with actions known by as_of. Groups: codes of each date, of one
// scheme (group_schemes). Errors: E2101 no bars in the range, E2103, E1113, E8005.
Result<PanelSet> load_panels(const Snapshot& snapshot, const PanelRequest& request, Pool& pool);

// The fields bars of this snapshot can give, for help and suggestions.
Result<std::vector<std::string>> available_fields(const Snapshot& snapshot);

// "sector", "industry" or "subindustry".
bool is_group_field(std::string_view field);

}  // namespace lode::lake
