// Panels as research asks for them: fields of a universe, adjusted as of a date, with their lineage.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/io/lake/panels/adjusted.h"
#include "lode/io/lake/panels/benchmark.h"
#include "lode/io/lake/panels/cells.h"
#include "lode/io/lake/panels/cube.h"
#include "lode/io/lake/panels/frame.h"
#include "lode/io/lake/panels/groups.h"

namespace lode::lake {

namespace {

constexpr std::string_view kPrices[] = {"open", "high", "low", "close"};
constexpr std::string_view kColumns[] = {"open", "high", "low", "close", "volume", "amount", "vwap"};
constexpr std::string_view kGroups[] = {"sector", "industry", "subindustry"};
constexpr std::string_view kRawPrefix = "raw_";
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

template <std::size_t N>
bool among(std::string_view name, const std::string_view (&names)[N]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

std::string_view without_raw(std::string_view field) {
  return field.starts_with(kRawPrefix) ? field.substr(kRawPrefix.size()) : field;
}

// Columns and rows of the frame that the request wants, in frame order.
struct Window {
  std::vector<std::size_t> columns;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool all_columns = false;
  Universe universe;  // Members; unnamed for "all"
};

// The lake begins later or ends earlier than what was asked for, or the universe has no member there.
Failure no_bars(const Frame& frame, const PanelRequest& request) {
  const Axis& axis = *frame.axis;
  const std::string first = to_string(axis.sessions.front());
  const std::string last = to_string(axis.sessions.back());
  const bool outside =
      (request.to && *request.to < axis.sessions.front()) || (request.from && *request.from > axis.sessions.back());
  return fail(Error(E::E2101,
                    fmt::format("no bars of universe {} between {} and {}", request.universe,
                                request.from ? to_string(*request.from) : std::string("the start"),
                                request.to ? to_string(*request.to) : std::string("the end")),
                    outside || request.universe == "all"
                        ? fmt::format("choose dates inside: --from {} --to {}", first, last)
                        : fmt::format("see when {} has members: lode data show universe", request.universe))
                  .noting(fmt::format("the lake has bars from {} to {}", first, last)));
}

// The failure of a universe nobody stored (or knew by as_of), with those that are there.
Failure no_universe(const Snapshot& snapshot, const PanelRequest& request) {
  Query query;
  query.columns = {"name"};
  query.as_of = request.as_of;
  std::set<std::string> names{"all"};
  if (const Result<Batch> stored = snapshot.read("universe", query)) {
    for (std::size_t row = 0; row < stored->rows(); ++row) {
      names.emplace(stored->column("name").texts()[row]);
    }
  }
  const std::vector<std::string> known(names.begin(), names.end());
  const std::string hint = did_you_mean(request.universe, known);
  return fail(E::E2103, fmt::format("no universe called '{}' in this lake", request.universe),
              hint.empty() ? "there are: " + join(known, ", ") : hint);
}

Result<Universe> read_universe(const Snapshot& snapshot, const PanelRequest& request) {
  Query query;
  query.columns = {"name", "instrument_id", "valid_from", "valid_to"};
  query.where = "name = " + quote_text(request.universe);
  query.as_of = request.as_of;
  LODE_TRY(const Batch batch, snapshot.read("universe", query));
  std::vector<Membership> members;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    Membership member;
    member.id = InstrumentId{batch.column("instrument_id").uint64s()[row]};
    member.from = Date{batch.column("valid_from").dates()[row]};
    if (!batch.column("valid_to").is_null(row)) {
      member.to = Date{batch.column("valid_to").dates()[row]};
    }
    members.push_back(member);
  }
  if (members.empty()) {
    return no_universe(snapshot, request);
  }
  return Universe(request.universe, std::move(members));
}

Result<Window> choose(const Snapshot& snapshot, const Frame& frame, const PanelRequest& request) {
  const auto& sessions = frame.axis->sessions;
  Window window;
  const auto from = request.from ? std::lower_bound(sessions.begin(), sessions.end(), *request.from) : sessions.begin();
  const auto to = request.to ? std::upper_bound(sessions.begin(), sessions.end(), *request.to) : sessions.end();
  window.begin = static_cast<std::size_t>(from - sessions.begin());
  window.end = static_cast<std::size_t>(to - sessions.begin());
  if (window.begin >= window.end) {
    return no_bars(frame, request);
  }
  const Date first = sessions[window.begin];
  const Date last = sessions[window.end - 1];
  std::set<InstrumentId> members;
  if (request.universe != "all") {
    LODE_TRY(window.universe, read_universe(snapshot, request));
    const std::vector<InstrumentId> ids = window.universe.instruments(first, last);
    members.insert(ids.begin(), ids.end());
  }
  for (std::size_t column = 0; column < frame.facts.size(); ++column) {
    const InstrumentFacts& facts = frame.facts[column];
    const bool traded = facts.first <= last && facts.last >= first && !facts.is_index;
    if (traded && (request.universe == "all" || members.contains(frame.axis->instruments[column]))) {
      window.columns.push_back(column);
    }
  }
  window.all_columns = window.columns.size() == frame.facts.size();
  if (window.columns.empty()) {
    return no_bars(frame, request);
  }
  return window;
}

std::shared_ptr<const Axis> window_axis(const Frame& frame, const Window& window) {
  if (window.all_columns && window.begin == 0 && window.end == frame.axis->rows()) {
    return frame.axis;
  }
  auto axis = std::make_shared<Axis>();
  axis->sessions.assign(frame.axis->sessions.begin() + static_cast<std::ptrdiff_t>(window.begin),
                        frame.axis->sessions.begin() + static_cast<std::ptrdiff_t>(window.end));
  axis->times.assign(frame.axis->times.begin() + static_cast<std::ptrdiff_t>(window.begin),
                     frame.axis->times.begin() + static_cast<std::ptrdiff_t>(window.end));
  for (const std::size_t column : window.columns) {
    axis->instruments.push_back(frame.axis->instruments[column]);
    axis->symbols.push_back(frame.axis->symbols[column]);
  }
  return axis;
}

// The window of a whole panel: shared when only rows are cut, copied when columns are.
Panel cut(const Panel& whole, const Window& window, const std::shared_ptr<const Axis>& axis, Pool& pool) {
  if (window.all_columns) {
    return axis == whole.shared_axis() ? whole : whole.rows_from(window.begin, axis);
  }
  std::vector<std::size_t> rows(window.end - window.begin);
  std::iota(rows.begin(), rows.end(), window.begin);
  return pick_cells(whole, rows, window.columns, axis, pool);
}

// Columns of bars that `request` needs: what it names, the closes behind adjustment and the universe, and amount and
// volume behind a vwap nobody delivered.
std::vector<std::string> needed_columns(const PanelRequest& request) {
  std::set<std::string> columns{"close"};
  for (const std::string& field : request.fields) {
    const std::string_view base = without_raw(field);
    if (among(base, kColumns)) {
      columns.emplace(base);
    }
    if (base == "vwap") {
      columns.insert({"amount", "volume"});
    }
  }
  return {columns.begin(), columns.end()};
}

Result<void> check_fields(const PanelRequest& request) {
  std::vector<std::string> known(std::begin(kColumns), std::end(kColumns));
  known.insert(known.end(), std::begin(kGroups), std::end(kGroups));
  known.insert(known.end(), {"bench_open", "bench_close"});
  for (const std::string_view price : kPrices) {
    known.push_back(std::string(kRawPrefix) + std::string(price));
  }
  for (const std::string& field : request.fields) {
    if (std::find(known.begin(), known.end(), field) == known.end()) {
      const std::string hint = did_you_mean(field, known);
      return fail(E::E1113, fmt::format("the field {} is absent in this lake", field),
                  hint.empty() ? "lode factor fields lists what this lake has" : hint);
    }
  }
  return {};
}

// amount / volume where the source delivered no vwap; a volume of 0 or missing gives no value.
Panel derived_vwap(const Panel& amount, const Panel& volume, Pool& pool) {
  Cells out(amount.shared_axis());
  for_row_blocks(out.rows(), out.columns(), pool, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      const auto money = amount.row64(row);
      const auto shares = volume.row64(row);
      const auto cells = out.row(row);
      for (std::size_t column = 0; column < cells.size(); ++column) {
        cells[column] = shares[column] > 0.0 ? money[column] / shares[column] : kUnknown;
      }
    }
  });
  return std::move(out).finish();
}

// True when any cell has a value. Stops at the first, so that a mapped field is not read to be counted.
bool has_values(const Panel& panel) {
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    const auto cells = panel.row64(row);
    if (std::any_of(cells.begin(), cells.end(), [](double value) { return !math::is_nan(value); })) {
      return true;
    }
  }
  return false;
}

// The failure of a field no bar has, with what stands near it where the lake has that.
Failure no_values(const Snapshot& snapshot, const Frame& frame, const std::string& field, const std::string& base) {
  std::string hint = "lode factor fields lists what this lake has";
  if (base == "vwap") {
    hint = "it needs a column vwap, or amount beside volume";
  } else if (base == "amount") {
    const auto cube = read_cube(snapshot, frame, {"close", "volume"});
    const bool near = cube && has_values(cube->at("close")) && has_values(cube->at("volume"));
    hint = near ? "import a column amount, or write close * volume, which is near it" : "it needs a column amount";
  }
  return fail(E::E1113, fmt::format("the field {} is absent: no bar of this universe has it", field), hint);
}

// Raw panels of the window by field name; vwap derived where it must be.
Result<std::map<std::string, Panel>> raw_panels(const Snapshot& snapshot, const Frame& frame, const Window& window,
                                                const std::shared_ptr<const Axis>& axis, const PanelRequest& request,
                                                Pool& pool) {
  LODE_TRY(const auto cube, read_cube(snapshot, frame, needed_columns(request)));
  std::map<std::string, Panel> raw;
  for (const auto& [field, panel] : cube) {
    raw.emplace(field, cut(panel, window, axis, pool));
  }
  const auto vwap = raw.find("vwap");
  if (vwap != raw.end() && !has_values(vwap->second)) {
    vwap->second = derived_vwap(raw.at("amount"), raw.at("volume"), pool);
  }
  for (const std::string& field : request.fields) {
    const std::string base(without_raw(field));
    if (raw.contains(base) && !has_values(raw.at(base))) {
      return no_values(snapshot, frame, field, base);
    }
  }
  return raw;
}

void fill_delistings(const Frame& frame, const Window& window, PanelSet& set) {
  const Axis& axis = *set.axis;
  for (std::size_t i = 0; i < window.columns.size(); ++i) {
    const InstrumentFacts& facts = frame.facts[window.columns[i]];
    std::int32_t row = -1;
    const bool is_over = facts.delisted_on && *facts.delisted_on <= axis.sessions.back();
    if (is_over && *facts.delisted_on < facts.last) {
      // Who trades on has not ended there: from its price of that day nobody received the delisting return.
      set.outlived.push_back({facts.symbol, *facts.delisted_on, facts.last});
    } else if (is_over) {
      const auto after = std::upper_bound(axis.sessions.begin(), axis.sessions.end(), facts.last);
      row = static_cast<std::int32_t>(after - axis.sessions.begin()) - 1;
    }
    set.delisted_row.push_back(row);
    set.delisting_return.push_back(row >= 0 ? facts.delisting_return : kUnknown);
    set.adjusted_by_source = set.adjusted_by_source || facts.adjusted_by_source;
  }
}

// "all": whoever has a bar that session; else the stored membership.
void fill_universe(const Window& window, const Panel& close, PanelSet& set, Pool& pool) {
  if (!window.universe.name().empty()) {
    set.universe = window.universe.mask(*set.axis);
    set.survivor_biased = window.universe.survivor_biased();
    return;
  }
  set.universe.resize(close.rows() * close.columns());
  for_row_blocks(close.rows(), close.columns(), pool, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      std::uint8_t* member = set.universe.data() + row * close.columns();
      for (const double value : close.row64(row)) {
        *member++ = math::is_nan(value) ? 0 : 1;
      }
    }
  });
}

}  // namespace

Result<PanelSet> load_panels(const Snapshot& snapshot, const PanelRequest& request, Pool& pool) {
  LODE_CHECK(check_fields(request));
  LODE_TRY(const Frame frame, read_frame(snapshot, request.as_of, needed_columns(request)));
  LODE_TRY(const Window window, choose(snapshot, frame, request));
  PanelSet set;
  set.axis = window_axis(frame, window);
  set.commit = snapshot.commit();
  LODE_TRY(set.benchmark, read_benchmark(snapshot, frame, request.benchmark, window.begin, window.end - window.begin));
  LODE_TRY(const auto raw, raw_panels(snapshot, frame, window, set.axis, request, pool));
  fill_delistings(frame, window, set);
  fill_universe(window, raw.at("close"), set, pool);

  LODE_TRY(Adjustments adjustments,
           read_adjustments(snapshot, *set.axis, raw.at("close"), request.as_of, request.adjust, pool));
  std::map<std::string, FieldLineage> of_groups;
  for (const std::string& field : request.fields) {
    if (among(field, kGroups)) {
      LODE_TRY(GroupRead group, read_group(snapshot, set.axis, field, request.as_of, request.scheme));
      set.groups.emplace(field, std::move(group.panel));
      of_groups.emplace(field, FieldLineage{.scheme = std::move(group.scheme.name),
                                            .schemes = group.schemes,
                                            .is_undated = group.scheme.is_undated,
                                            .hashes = std::move(group.scheme.files)});
      continue;
    }
    if (is_benchmark_field(field)) {
      LODE_TRY(const Panel bench, benchmark_panel(set.benchmark, field, set.axis, pool));
      set.panels.emplace(field, bench.as(request.precision));
      continue;
    }
    const Panel& cells = raw.at(std::string(without_raw(field)));
    const bool is_raw = field != without_raw(field) || field == "amount";
    const Panel adjusted = is_raw ? cells : adjustments.apply(cells, field == "volume", pool);
    set.panels.emplace(field, adjusted.as(request.precision));
  }
  std::vector<std::string> paths;
  for (const StoredPart& part : frame.parts) {
    paths.push_back(part.path);
  }
  for (const std::string& field : request.fields) {
    const bool adjusts = among(field, kPrices) || field == "volume" || field == "vwap";
    FieldLineage lineage = among(field, kGroups) ? std::move(of_groups.at(field)) : FieldLineage();
    lineage.field = field;
    lineage.commit = snapshot.commit();
    lineage.parts = paths;
    lineage.actions_applied = adjusts ? adjustments.applied : 0;
    lineage.action_faults = adjusts ? adjustments.faults : std::vector<std::string>();
    set.lineage.push_back(std::move(lineage));
  }
  if (!adjustments.columns.empty()) {
    set.adjustments = std::make_shared<const Adjustments>(std::move(adjustments));
  }
  return set;
}

bool is_group_field(std::string_view field) { return among(field, kGroups); }

Result<std::vector<std::string>> available_fields(const Snapshot& snapshot) {
  LODE_TRY(const Frame frame, read_frame(snapshot, {}));
  std::vector<std::string> fields;
  const auto has = [&](std::string_view name) { return std::ranges::find(fields, name) != fields.end(); };
  for (const std::string_view name : kColumns) {
    const std::string column(name);
    LODE_TRY(const auto cube, read_cube(snapshot, frame, {column}));  // One at a time: dense fields are large.
    if (has_values(cube.at(column)) || (column == "vwap" && has("amount") && has("volume"))) {
      fields.push_back(column);
    }
  }
  for (const std::string_view price : kPrices) {
    if (has(price)) {
      fields.push_back(std::string(kRawPrefix) + std::string(price));
    }
  }
  if (std::ranges::any_of(frame.facts, [](const InstrumentFacts& facts) { return facts.is_index; })) {
    fields.insert(fields.end(), {"bench_open", "bench_close"});
  }
  for (const std::string_view group : kGroups) {
    if (read_group(snapshot, frame.axis, std::string(group), {})) {
      fields.emplace_back(group);
    }
  }
  return fields;
}

}  // namespace lode::lake
