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

constexpr std::size_t kMostRowsABatch = 65'536;
constexpr std::size_t kLeastRowsABatch = 1'024;
constexpr std::size_t kMostCells = std::size_t{32} << 20;  // Of sessions read at once: 256 MB; more saves no time

// What a selection of a set spans.
struct Extent {
  std::set<InstrumentId> instruments;
  std::set<Date> sessions;
};

Result<Extent> extent_of(const lake::Snapshot& snapshot, const lake::ValuesSet& set, lake::ValuesQuery query) {
  Extent out;
  query.factors = {""};  // None: the keys alone are read.
  LODE_CHECK(lake::read_values(snapshot, set, query, kMostRowsABatch, [&](const Batch& batch) -> Result<void> {
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

// Blocks of a selection, one span of sessions after the other.
class Reader {
 public:
  Reader(std::shared_ptr<lake::Lake> lake, lake::Snapshot snapshot, ChosenValues chosen, lake::ValuesQuery query,
         std::shared_ptr<const Axis> columns, std::vector<Date> sessions, std::int64_t budget)
      : lake_(std::move(lake)),
        snapshot_(std::move(snapshot)),
        chosen_(std::move(chosen)),
        query_(std::move(query)),
        columns_(std::move(columns)),
        sessions_(std::move(sessions)),
        precision_(chosen_.parts.front().set.precision) {
    std::size_t factors = 0;
    for (const ChosenValues::Part& part : chosen_.parts) {
      factors += part.factors.size();
    }
    const std::size_t room = static_cast<std::size_t>(std::max<std::int64_t>(budget, 0)) / 8;  // Of 8 bytes a cell
    const std::size_t session = std::max<std::size_t>(columns_->columns() * factors, 1);
    most_rows_ = std::max<std::size_t>(std::min(room / 2, kMostCells) / session, 1);
    rows_a_batch_ = std::clamp(room / 8 / std::max<std::size_t>(factors, 1), kLeastRowsABatch, kMostRowsABatch);
  }

  Result<const ValueBlock*> next() {
    if (row_ == sessions_.size()) {
      return static_cast<const ValueBlock*>(nullptr);
    }
    std::size_t end = row_;
    while (end < sessions_.size() && end - row_ < most_rows_ && sessions_[end].year() == sessions_[row_].year()) {
      ++end;
    }
    auto axis = std::make_shared<Axis>(*columns_);
    axis->sessions.assign(sessions_.begin() + at(row_), sessions_.begin() + at(end));
    axis->times.resize(axis->sessions.size());
    block_ = {axis, 0, {}, std::vector<std::uint8_t>(axis->rows() * axis->columns(), 0)};
    lake::ValuesQuery query = query_;
    query.from = sessions_[row_];
    query.to = sessions_[end - 1];
    for (const ChosenValues::Part& part : chosen_.parts) {
      const std::size_t first = block_.panels.size();
      for (std::size_t i = 0; i < part.factors.size(); ++i) {
        block_.panels.emplace_back(block_.axis, precision_);
      }
      query.factors = part.factors;
      LODE_CHECK(lake::read_values(snapshot_, part.set, query, rows_a_batch_,
                                   [&](const Batch& batch) { return place(batch, part.factors, first); }));
    }
    row_ = end;
    return static_cast<const ValueBlock*>(&block_);
  }

 private:
  static std::ptrdiff_t at(std::size_t i) { return static_cast<std::ptrdiff_t>(i); }
  Result<void> place(const Batch& batch, const std::vector<std::string>& names, std::size_t first) {
    const auto days = batch.column("session").dates();
    const auto ids = batch.column("instrument_id").uint64s();
    const std::size_t width = columns_->columns();
    std::vector<std::size_t> cells(batch.rows());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto row = static_cast<std::size_t>(block_.axis->row_of(Date{days[i]}));
      cells[i] = row * width + static_cast<std::size_t>(block_.axis->column_of(InstrumentId{ids[i]}));
      block_.universe[cells[i]] = 1;
    }
    for (std::size_t factor = 0; factor < names.size(); ++factor) {
      const Column& column = batch.column(names[factor]);
      const auto values = column.float64s();
      Panel& panel = block_.panels[first + factor];
      for (std::size_t i = 0; i < cells.size(); ++i) {
        if (column.is_null(i)) {
          continue;
        }
        if (precision_ == Precision::kFloat64) {
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
  ChosenValues chosen_;
  lake::ValuesQuery query_;
  std::shared_ptr<const Axis> columns_;
  std::vector<Date> sessions_;
  Precision precision_;
  std::size_t most_rows_ = 1;
  std::size_t rows_a_batch_ = kMostRowsABatch;
  std::size_t row_ = 0;
  ValueBlock block_;
};

std::string first_names(const lake::ValuesSet& set) {
  constexpr std::size_t kShown = 3;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(kShown, set.factors.size()); ++i) {
    names.push_back(set.factors[i].name);
  }
  return join(names, ", ") + (set.factors.size() > kShown ? ", ..." : "");
}

}  // namespace

Result<Computation> open_values(std::shared_ptr<lake::Lake> lake, const lake::ValuesSet& set,
                                const lake::ValuesQuery& query, std::int64_t budget) {
  ChosenValues chosen;
  chosen.parts.push_back({set, {}});
  for (const lake::StoredFactor& factor : set.factors) {
    if (query.factors.empty() || std::ranges::find(query.factors, factor.name) != query.factors.end()) {
      chosen.parts.front().factors.push_back(factor.name);
    }
  }
  return open_values(std::move(lake), chosen, query, budget);
}

Result<Computation> open_values(std::shared_ptr<lake::Lake> lake, const ChosenValues& asked,
                                const lake::ValuesQuery& query, std::int64_t budget) {
  ChosenValues chosen = asked;
  const lake::ValuesSet set = chosen.parts.front().set;
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
  for (ChosenValues::Part& part : chosen.parts) {
    std::vector<std::string> in_order;  // Of the set, as its columns are read.
    for (const lake::StoredFactor& factor : part.set.factors) {
      if (std::ranges::find(part.factors, factor.name) != part.factors.end()) {
        in_order.push_back(factor.name);
        head.names.push_back(factor.name);
        head.formulas.push_back(factor.formula);
        head.hashes.push_back(factor.hash);
      }
    }
    part.factors = std::move(in_order);
  }
  const auto bytes = static_cast<std::int64_t>(extent.sessions.size() * extent.instruments.size() * head.names.size() *
                                               (set.precision == Precision::kFloat64 ? 8 : 4));
  auto reader = std::make_shared<Reader>(std::move(lake), snapshot, std::move(chosen), query, columns,
                                         std::vector<Date>(extent.sessions.begin(), extent.sessions.end()), budget);
  return Computation::of(
      std::move(head), [reader] { return reader->next(); }, [] { return std::vector<std::string>(); },
      bytes <= budget / 2);
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
    row.set("continues", set->continues.empty() ? Value() : Value(set->continues));
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
