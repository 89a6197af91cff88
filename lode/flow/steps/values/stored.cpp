// Reading sets of values.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/stored.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "lode/base/error.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/flow/fitted.h"
#include "lode/flow/steps/research/symbols.h"
#include "lode/io/lake/panels/frame.h"

namespace lode::flow {

namespace {

constexpr std::size_t kRowsABatch = 65'536;
constexpr std::size_t kMostYearCells = std::size_t{32} << 20;  // Of a year at once: 256 MB; else months

// What a selection of a set spans.
struct Extent {
  std::set<InstrumentId> instruments;
  std::set<Date> sessions;
};

Result<Extent> extent_of(const lake::Snapshot& snapshot, const lake::ValuesSet& set, lake::ValuesQuery query) {
  Extent out;
  query.factors = {""};  // None: the keys alone are read.
  LODE_CHECK(lake::read_values(snapshot, set, query, kRowsABatch, [&](const Batch& batch) -> Result<void> {
    const auto ids = batch.column("instrument_id").uint64s();
    const auto days = batch.column("session").dates();
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      out.instruments.insert(InstrumentId{ids[row]});
      out.sessions.insert(Date{days[row]});
    }
    return {};
  }));
  return out;
}

// The instruments of the extent as columns, with the symbols they have at the end of the lake's bars.
Result<std::shared_ptr<const Axis>> columns_of(const lake::Snapshot& snapshot, const Extent& extent) {
  LODE_TRY(const lake::Frame frame, lake::read_frame(snapshot, {}));
  auto axis = std::make_shared<Axis>();
  for (const InstrumentId id : extent.instruments) {
    const int column = frame.axis->column_of(id);
    axis->instruments.push_back(id);
    axis->symbols.push_back(column < 0 ? to_string(id) : frame.axis->symbols[static_cast<std::size_t>(column)]);
  }
  return std::shared_ptr<const Axis>(axis);
}

// Blocks of a selection, one span of days after the other.
class Reader {
 public:
  Reader(std::shared_ptr<lake::Lake> lake, lake::Snapshot snapshot, lake::ValuesSet set, lake::ValuesQuery query,
         std::shared_ptr<const Axis> columns, std::vector<Date> sessions, std::vector<std::string> names)
      : lake_(std::move(lake)),
        snapshot_(std::move(snapshot)),
        set_(std::move(set)),
        query_(std::move(query)),
        columns_(std::move(columns)),
        sessions_(std::move(sessions)),
        names_(std::move(names)),
        by_month_(columns_->columns() * names_.size() * 260 > kMostYearCells) {}

  Result<const ValueBlock*> next() {
    if (row_ == sessions_.size()) {
      return static_cast<const ValueBlock*>(nullptr);
    }
    std::size_t end = row_;
    while (end < sessions_.size() && is_together(sessions_[end], sessions_[row_])) {
      ++end;
    }
    auto axis = std::make_shared<Axis>(*columns_);
    axis->sessions.assign(sessions_.begin() + at(row_), sessions_.begin() + at(end));
    axis->times.resize(axis->sessions.size());
    block_ = {axis, 0, {}, std::vector<std::uint8_t>(axis->rows() * axis->columns(), 0)};
    for (std::size_t i = 0; i < names_.size(); ++i) {
      block_.panels.emplace_back(block_.axis, set_.precision);
    }
    lake::ValuesQuery query = query_;
    query.from = sessions_[row_];
    query.to = sessions_[end - 1];
    LODE_CHECK(
        lake::read_values(snapshot_, set_, query, kRowsABatch, [&](const Batch& batch) { return place(batch); }));
    row_ = end;
    return static_cast<const ValueBlock*>(&block_);
  }

 private:
  static std::ptrdiff_t at(std::size_t i) { return static_cast<std::ptrdiff_t>(i); }
  bool is_together(Date a, Date b) const { return a.year() == b.year() && (!by_month_ || a.month() == b.month()); }
  Result<void> place(const Batch& batch) {
    const auto days = batch.column("session").dates();
    const auto ids = batch.column("instrument_id").uint64s();
    const std::size_t width = columns_->columns();
    std::vector<std::size_t> cells(batch.rows());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto row = static_cast<std::size_t>(block_.axis->row_of(Date{days[i]}));
      cells[i] = row * width + static_cast<std::size_t>(block_.axis->column_of(InstrumentId{ids[i]}));
      block_.universe[cells[i]] = 1;
    }
    for (std::size_t factor = 0; factor < names_.size(); ++factor) {
      const Column& column = batch.column(names_[factor]);
      const auto values = column.float64s();
      Panel& panel = block_.panels[factor];
      for (std::size_t i = 0; i < cells.size(); ++i) {
        if (column.is_null(i)) {
          continue;
        }
        if (set_.precision == Precision::kFloat64) {
          panel.mutable_row64(cells[i] / width)[cells[i] % width] = values[i];
        } else {
          panel.mutable_row32(cells[i] / width)[cells[i] % width] = static_cast<float>(values[i]);
        }
      }
    }
    return {};
  }

  std::shared_ptr<lake::Lake> lake_;
  lake::Snapshot snapshot_;
  lake::ValuesSet set_;
  lake::ValuesQuery query_;
  std::shared_ptr<const Axis> columns_;
  std::vector<Date> sessions_;
  std::vector<std::string> names_;
  bool by_month_;
  std::size_t row_ = 0;
  ValueBlock block_;
};

bool holds(const lake::ValuesSet& set, const std::string& name) {
  return std::ranges::find(set.factors, name, &lake::StoredFactor::name) != set.factors.end();
}

std::string first_names(const lake::ValuesSet& set) {
  constexpr std::size_t kShown = 3;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(kShown, set.factors.size()); ++i) {
    names.push_back(set.factors[i].name);
  }
  return join(names, ", ") + (set.factors.size() > kShown ? ", ..." : "");
}

}  // namespace

Result<lake::ValuesSet> find_values(const lake::Lake& lake, const std::vector<std::string>& names,
                                    const std::string& alias) {
  LODE_TRY(std::vector<lake::ValuesSet> sets, lake::values_sets(lake));
  if (sets.empty()) {
    return fail(E::E9, "no values are stored in this lake", "lode factor compute --library alpha158 --universe all");
  }
  std::ranges::reverse(sets);
  if (!alias.empty()) {
    const auto found = std::ranges::find_if(sets, [&](const lake::ValuesSet& set) {
      return set.alias == alias || alias == "last" || (alias.size() >= 6 && set.run.starts_with(alias));
    });
    if (found == sets.end()) {
      return fail(E::E9, fmt::format("run {} stored no values", alias), "lode factor values lists those that did");
    }
    sets = {*found};
  }
  std::vector<std::string> known;
  for (const lake::ValuesSet& set : sets) {
    if (std::ranges::all_of(names, [&](const std::string& name) { return holds(set, name); })) {
      return set;
    }
    for (const lake::StoredFactor& factor : set.factors) {
      known.push_back(factor.name);
    }
  }
  for (const std::string& name : names) {
    if (std::ranges::find(known, name) == known.end()) {
      const std::string hint = did_you_mean(name, known);
      return fail(E::E9, fmt::format("no values of {} are stored{}", quote(name), alias.empty() ? "" : " by " + alias),
                  hint.empty() ? fmt::format("lode factor compute {} --universe all --store", name) : hint);
    }
  }
  return fail(E::E9, "no run stored all of these together", "ask for them one by one, or name a run: --run r1");
}

Result<Computation> open_values(std::shared_ptr<lake::Lake> lake, const lake::ValuesSet& set,
                                const lake::ValuesQuery& query) {
  LODE_TRY(const lake::Snapshot snapshot, lake->snapshot());
  LODE_TRY(const Extent extent, extent_of(snapshot, set, query));
  if (extent.sessions.empty()) {
    return fail(E::E2101, fmt::format("{} holds no value of what was asked", set.alias),
                fmt::format("it spans {} to {}", set.first ? to_string(*set.first) : "-",
                            set.last ? to_string(*set.last) : "-"));
  }
  LODE_TRY(const std::shared_ptr<const Axis> columns, columns_of(snapshot, extent));
  ValueHead head;
  LODE_TRY(head.symbols, symbol_names(snapshot, *columns));
  head.profile = set.profile;
  head.precision = set.precision;
  for (const lake::StoredFactor& factor : set.factors) {
    if (query.factors.empty() || std::ranges::find(query.factors, factor.name) != query.factors.end()) {
      head.names.push_back(factor.name);
      head.formulas.push_back(factor.formula);
      head.hashes.push_back(factor.hash);
    }
  }
  auto reader = std::make_shared<Reader>(std::move(lake), snapshot, set, query, columns,
                                         std::vector<Date>(extent.sessions.begin(), extent.sessions.end()), head.names);
  return Computation::of(
      std::move(head), [reader] { return reader->next(); }, [] { return std::vector<std::string>(); });
}

Outcome list_values(const World& world, const std::vector<lake::ValuesSet>& sets) {
  using Align = TextTable::Align;
  TextTable table({{"run", Align::kLeft, 9},
                   {"factors", Align::kRight, 8},
                   {"which", Align::kLeft, 7},
                   {"universe", Align::kLeft, 6},
                   {"first", Align::kLeft, 5},
                   {"last", Align::kLeft, 5},
                   {"profile", Align::kLeft, 4},
                   {"bits", Align::kLeft, 3},
                   {"input", Align::kRight, 2},
                   {"MB", Align::kRight, 4}});
  Value rows = Value::array();
  for (auto set = sets.rbegin(); set != sets.rend(); ++set) {
    const std::string precision = set->precision == Precision::kFloat32 ? "f32" : "f64";
    table.add({set->alias, std::to_string(set->factors.size()), first_names(*set), set->universe,
               set->first ? to_string(*set->first) : "-", set->last ? to_string(*set->last) : "-", set->profile,
               precision, std::to_string(set->input_commit), fixed(static_cast<double>(set->bytes) / 1e6, 1)});
    Value row = Value::object();
    row.set("run", Value(set->alias));
    row.set("hash", Value(set->run));
    row.set("universe", Value(set->universe));
    row.set("first", set->first ? Value(to_string(*set->first)) : Value());
    row.set("last", set->last ? Value(to_string(*set->last)) : Value());
    row.set("sessions", Value(set->sessions));
    row.set("instruments", Value(set->instruments));
    row.set("values", Value(set->cells));
    row.set("profile", Value(set->profile));
    row.set("precision", Value(precision));
    row.set("input_commit", Value(set->input_commit));
    row.set("code_version", Value(set->code_version));
    row.set("commit", Value(set->commit));
    row.set("stored", Value(to_string(set->time)));
    row.set("bytes", Value(set->bytes));
    Value factors = Value::array();
    for (const lake::StoredFactor& factor : set->factors) {
      Value one = Value::object();
      one.set("name", Value(factor.name));
      one.set("formula", Value(factor.formula));
      one.set("hash", Value(factor.hash));
      factors.push(std::move(one));
    }
    row.set("factors", std::move(factors));
    rows.push(std::move(row));
  }
  Outcome out;
  out.data = Value::object();
  out.data.set("sets", std::move(rows));
  out.text = sets.empty() ? "No values are stored in this lake.\n" : fitted(world, table);
  out.next = sets.empty() ? "lode factor compute --library alpha158 --universe all"
                          : fmt::format("lode factor values --run {} -o values.parquet", sets.back().alias);
  return out;
}

}  // namespace lode::flow
