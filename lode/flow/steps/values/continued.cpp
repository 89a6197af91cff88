// Finding a run to go on from, what of it is kept, and the course through the rest.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/continued.h"

#include <algorithm>
#include <map>
#include <utility>

#include "lode/core/expr/stream.h"
#include "lode/flow/steps/values/stored.h"
#include "lode/flow/steps/values/wide_rows.h"

namespace lode::flow {

namespace {

constexpr int kMostLookedAt = 4;              // Stored runs compared before all is computed
constexpr std::size_t kMostPiecesAYear = 24;  // Ranges of a year; then it is written as one part again
constexpr std::size_t kCopiedRows = 65'536;

bool same_factors(const lake::ValuesSet& set, const Prepared& prepared) {
  const std::vector<std::string>& names = prepared.compiled.names;
  const std::vector<std::string>& hashes = prepared.compiled.program.hashes;
  std::map<std::string, std::string> wanted;
  for (std::size_t i = 0; i < names.size(); ++i) {
    wanted[names[i]] = hashes[i];
  }
  return set.factors.size() == names.size() && std::ranges::all_of(set.factors, [&](const lake::StoredFactor& factor) {
           const auto found = wanted.find(factor.name);
           return found != wanted.end() && found->second == factor.hash;
         });
}

// A state belongs to formulas in their order.
bool same_order(const lake::ValuesSet& set, const Prepared& prepared) {
  return std::ranges::equal(set.factors, prepared.compiled.names, {}, &lake::StoredFactor::name);
}

bool same_at(const Value& a, const Value& b, std::string_view key) {
  const Value* left = a.find(key);
  const Value* right = b.find(key);
  return (left == nullptr && right == nullptr) ||
         (left != nullptr && right != nullptr && to_json(*left) == to_json(*right));
}

// What the hashes of inputs do not tell, and must be equal.
bool same_request(const Value& a, const Value& b) {
  constexpr std::string_view kKeys[] = {"universe",  "from",   "adjust",          "precision",
                                        "benchmark", "scheme", "allow_lookahead", "profile"};
  return std::ranges::all_of(kKeys, [&](std::string_view key) { return same_at(a, b, key); });
}

// Words and length of bytes, as a column of numbers.
Batch bytes_batch(const std::string& bytes) {
  std::vector<std::uint64_t> words = {bytes.size()};
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8 && at + i < bytes.size(); ++i) {
      word |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
    }
    words.push_back(word);
  }
  return Batch({Column::uint64("word", std::move(words))});
}

std::string bytes_of(const Batch& batch) {
  const auto words = batch.column("word").uint64s();
  std::string out;
  const std::uint64_t size = words.empty() ? 0 : words[0];
  for (std::size_t i = 1; i < words.size(); ++i) {
    for (unsigned byte = 0; byte < 8 && out.size() < size; ++byte) {
      out.push_back(static_cast<char>(words[i] >> (8 * byte)));
    }
  }
  return out;
}

// Cells inside the universe on rows [begin, end).
std::int64_t cells_inside(const expr::Fields& fields, std::size_t begin, std::size_t end) {
  const std::size_t width = fields.axis().columns();
  const auto mask = fields.universe();
  if (mask.empty()) {
    return static_cast<std::int64_t>((end - begin) * width);
  }
  return std::count(mask.begin() + static_cast<std::ptrdiff_t>(begin * width),
                    mask.begin() + static_cast<std::ptrdiff_t>(end * width), std::uint8_t{1});
}

// Stored values of the sessions onto panels.
Result<void> copy_values(const lake::Snapshot& snapshot, const lake::ValuesSet& set,
                         const std::vector<std::string>& names, const Axis& sessions, std::vector<Panel>& panels) {
  const lake::ValuesQuery query{{}, {}, sessions.sessions.front(), sessions.sessions.back()};
  return lake::read_values(snapshot, set, query, kCopiedRows, [&](const Batch& batch) -> Result<void> {
    const auto days = batch.column("session").dates();
    const auto ids = batch.column("instrument_id").uint64s();
    for (std::size_t i = 0; i < batch.rows(); ++i) {
      const int row = sessions.row_of(Date{days[i]});
      const int column = sessions.column_of(InstrumentId{ids[i]});
      for (std::size_t factor = 0; row >= 0 && column >= 0 && factor < names.size(); ++factor) {
        const Column& values = batch.column(names[factor]);
        if (values.is_null(i)) {
          continue;
        }
        const double value = values.float64s()[i];
        if (panels[factor].precision() == Precision::kFloat64) {
          panels[factor].mutable_row64(static_cast<std::size_t>(row))[static_cast<std::size_t>(column)] = value;
        } else {
          panels[factor].mutable_row32(static_cast<std::size_t>(row))[static_cast<std::size_t>(column)] =
              static_cast<float>(value);
        }
      }
    }
    return {};
  });
}

}  // namespace

std::size_t Continuation::first_row(const Axis& axis) const {
  Date from;
  const Value* text = request_.find("from");
  if (text == nullptr || !text->is_text() || !try_parse_date(text->as_text(), from)) {
    return 0;
  }
  return static_cast<std::size_t>(std::ranges::lower_bound(axis.sessions, from) - axis.sessions.begin());
}

Result<std::optional<Continuation::Found>> Continuation::look_at(const Prepared& prepared,
                                                                 const lake::Snapshot& snapshot,
                                                                 lake::ValuesSet set) const {
  LODE_TRY(lake::Run run, lake::RunStore(*lake_).get(set.alias));
  if (!totals_in(run.outcome, prepared.compiled.names) || !same_request(run.request, request_)) {
    return std::optional<Found>();
  }
  LODE_TRY(const std::optional<Batch> side, lake::read_side(snapshot, set, "inputs"));
  if (!side) {
    return std::optional<Found>();
  }
  Found out{std::move(set), std::move(run), inputs_of(*side), {}, {}};
  out.likeness = compare_inputs(inputs_, out.inputs);
  const Axis& axis = prepared.fields.axis();
  out.kept.assign(axis.rows(), false);
  for (std::size_t row = first_row(axis); row < axis.rows(); ++row) {
    out.kept[row] = is_like(out.likeness, row, depends_on_all_, prepared.compiled.program.lookback());
  }
  return std::optional(std::move(out));
}

Result<std::optional<Continuation::Found>> Continuation::find(const Prepared& prepared,
                                                              const lake::Snapshot& snapshot) const {
  LODE_TRY(const std::vector<lake::ValuesSet> sets, lake::values_sets(*lake_));
  std::optional<Found> best;
  int looked_at = 0;
  for (auto set = sets.rbegin(); set != sets.rend() && looked_at < kMostLookedAt; ++set) {
    if (set->universe != universe_ || set->profile != profile_ || set->precision != precision_ ||
        set->code_version != code_version() || !same_factors(*set, prepared)) {
      continue;
    }
    LODE_TRY(std::optional<Found> found, look_at(prepared, snapshot, *set));
    looked_at += found ? 1 : 0;
    const auto count = [](const Found& one) { return std::ranges::count(one.kept, true); };
    if (found && count(*found) > 0 && (!best || count(*found) > count(*best))) {
      best = std::move(found);
    }
  }
  return best;
}

// Rows that are kept as ranges of parts; those of a year in too many pieces are copied.
Result<void> Continuation::keep(const Prepared& prepared, const lake::Snapshot& snapshot, Found& found) {
  LODE_TRY(const std::vector<lake::KeptRange> stored, lake::values_ranges(snapshot, found.set));
  const Axis& axis = prepared.fields.axis();
  const auto factors = std::ssize(prepared.compiled.names);
  std::map<int, std::size_t> pieces;  // By year
  for (std::size_t begin = 0; begin < axis.rows();) {
    std::size_t end = begin + 1;
    const std::size_t then = found.likeness.row_then[begin];
    while (found.kept[begin] && end < axis.rows() && found.kept[end] &&
           found.likeness.row_then[end] == then + (end - begin)) {
      ++end;
    }
    for (std::size_t i = 0; found.kept[begin] && i < stored.size(); ++i) {
      const Date from = std::max(stored[i].from, axis.sessions[begin]);
      const Date to = std::min(stored[i].to, axis.sessions[end - 1]);
      const auto low = static_cast<std::size_t>(std::ranges::lower_bound(axis.sessions, from) - axis.sessions.begin());
      const auto high = static_cast<std::size_t>(std::ranges::upper_bound(axis.sessions, to) - axis.sessions.begin());
      const std::int64_t cells = from <= to ? cells_inside(prepared.fields, low, high) * factors : 0;
      if (cells > 0) {
        kept_.push_back({stored[i].part, from, to, cells});
        ++pieces[from.year()];
      }
    }
    begin = end;
  }
  copied_.assign(axis.rows(), false);
  const auto is_many = [&](int year) { return pieces.contains(year) && pieces.at(year) > kMostPiecesAYear; };
  std::erase_if(kept_, [&](const lake::KeptRange& range) { return is_many(range.from.year()); });
  for (std::size_t row = 0; row < axis.rows(); ++row) {
    copied_[row] = found.kept[row] && is_many(axis.sessions[row].year());
  }
  return {};
}

Result<ValueTotals> Continuation::totals_of(const lake::ValuesSet& set, const std::vector<bool>& rows_then,
                                            const InputHashes& inputs) const {
  ValueTotals out(set.factors.size());
  for (std::size_t begin = 0; begin < rows_then.size();) {
    std::size_t end = begin + 1;
    while (rows_then[begin] && end < rows_then.size() && rows_then[end]) {
      ++end;
    }
    if (rows_then[begin]) {
      const lake::ValuesQuery query{{}, {}, inputs.sessions[begin], inputs.sessions[end - 1]};
      Result<Computation> values = open_values(lake_, set, query, budget_);
      if (!values && values.error().number() != E::E2101) {
        return fail(std::move(values).error());
      }
      if (values) {
        WideRows rows(world_, *values);
        for (std::optional<Batch> batch = Batch(); batch;) {
          LODE_TRY(batch, rows.next());
        }
        out.add(rows.totals());
      }
    }
    begin = end;
  }
  return out;
}

// Totals of the kept sessions: those of the stored run less the others, or added up, whichever reads less.
Result<void> Continuation::add_up(const Found& found) {
  std::vector<bool> stays(found.inputs.sessions.size(), false);
  for (std::size_t row = 0; row < found.kept.size(); ++row) {
    if (found.kept[row] && !copied_[row]) {
      stays[found.likeness.row_then[row]] = true;
    }
  }
  Axis then;
  then.sessions = found.inputs.sessions;
  std::vector<bool> goes(stays.size(), false);
  for (std::size_t row = first_row(then); row < stays.size(); ++row) {
    goes[row] = !stays[row];
  }
  const auto is_stored = std::ranges::count(stays, true) + std::ranges::count(goes, true);
  dropped_ = is_stored - std::ranges::count(found.kept, true) - again_;
  const bool less = std::ranges::count(goes, true) <= std::ranges::count(stays, true);
  LODE_TRY(ValueTotals read, totals_of(found.set, less ? goes : stays, found.inputs));
  // By the names of the set, as the columns are read.
  std::vector<std::string> names;
  std::ranges::transform(found.set.factors, std::back_inserter(names), &lake::StoredFactor::name);
  kept_totals_ = less ? *totals_in(found.run.outcome, names) : read;
  if (less) {
    kept_totals_.take_away(read);
  }
  return {};
}

Result<Course> Continuation::course(const Prepared& prepared, const lake::Snapshot& snapshot, const Found& found) {
  const Axis& axis = prepared.fields.axis();
  Course out;
  out.wants_state = depends_on_all_;
  const auto lookback = static_cast<std::size_t>(prepared.compiled.program.lookback());
  for (std::size_t begin = first_row(axis); begin < axis.rows();) {
    const auto kind = [&](std::size_t row) { return found.kept[row] ? (copied_[row] ? 1 : 0) : 2; };
    std::size_t end = begin + 1;
    while (end < axis.rows() && kind(end) == kind(begin)) {
      ++end;
    }
    if (kind(begin) == 1) {
      out.stretches.push_back({begin, begin, end, true});
    } else if (kind(begin) == 2) {
      out.stretches.push_back({depends_on_all_ || begin < lookback ? 0 : begin - lookback, begin, end});
    }
    begin = end;
  }
  // Where all sessions before count, what is computed is one stretch, up to the last; it goes on from the stored state
  // where the sessions behind that are what they were.
  const std::size_t seen = found.inputs.sessions.size();
  const bool is_prefix = seen > 0 && seen <= axis.rows() && found.likeness.run[seen - 1] == seen &&
                         found.likeness.row_then[seen - 1] == seen - 1;
  if (depends_on_all_ && is_prefix && same_order(found.set, prepared) && !out.stretches.empty()) {
    LODE_TRY(const std::optional<Batch> state, lake::read_side(snapshot, found.set, "state"));
    if (state && !out.stretches.back().is_copied) {
      out.stretches.back().begin = seen;
      out.stretches.back().first = std::max(out.stretches.back().first, seen);
      out.stretches.back().state = bytes_of(*state);
    }
  }
  const lake::ValuesSet set = found.set;
  out.copy = [snapshot, set, names = prepared.compiled.names](const Axis& sessions, std::vector<Panel>& panels) {
    return copy_values(snapshot, set, names, sessions, panels);
  };
  return out;
}

Result<std::optional<Course>> Continuation::plan(const Prepared& prepared) {
  if (prepared.compiled.lookahead > 0) {
    return std::optional<Course>();
  }
  const expr::Program& program = prepared.compiled.program;
  depends_on_all_ = expr::depends_on_all(program);
  inputs_ = hash_inputs(prepared.fields, program.fields(), world_.pool);
  LODE_TRY(const lake::Snapshot snapshot, lake_->snapshot());
  LODE_TRY(std::optional<Found> found, find(prepared, snapshot));
  const Axis& axis = prepared.fields.axis();
  if (!found) {
    if (!depends_on_all_) {
      return std::optional<Course>();
    }
    Course whole;
    whole.stretches = {{0, first_row(axis), axis.rows()}};
    whole.wants_state = true;
    return std::optional(std::move(whole));
  }
  LODE_CHECK(keep(prepared, snapshot, *found));
  for (std::size_t row = first_row(axis); row < axis.rows(); ++row) {
    const bool was_stored = std::ranges::binary_search(found->inputs.sessions, axis.sessions[row]);
    (found->kept[row] ? kept_sessions_ : was_stored ? again_ : new_) += 1;
  }
  LODE_CHECK(add_up(*found));
  LODE_TRY(Course out, course(prepared, snapshot, *found));
  // In the order of this call's formulas.
  ValueTotals ordered(prepared.compiled.names.size());
  ordered.rows = kept_totals_.rows;
  for (std::size_t i = 0; i < prepared.compiled.names.size(); ++i) {
    const auto at = std::ranges::find(found->set.factors, prepared.compiled.names[i], &lake::StoredFactor::name) -
                    found->set.factors.begin();
    ordered.digests[i] = kept_totals_.digests[static_cast<std::size_t>(at)];
    ordered.valid[i] = kept_totals_.valid[static_cast<std::size_t>(at)];
  }
  kept_totals_ = std::move(ordered);
  out.valid_kept = kept_totals_.valid;
  if (same_at(found->run.request, request_, "to") && same_at(found->run.request, request_, "as_of")) {
    supersedes_ = lake::side_parts(snapshot, found->set);
  }
  parent_ = std::move(found->set);
  return std::optional(std::move(out));
}

void Continuation::complete(lake::ValuesRecord& record, const std::string& state) const {
  if (!inputs_.of.empty()) {
    record.sides.emplace_back("inputs", to_batch(inputs_));
  }
  if (!state.empty()) {
    record.sides.emplace_back("state", bytes_batch(state));
  }
  if (!parent_) {
    return;
  }
  record.set.continues = parent_->alias;
  record.set.kept = kept_;
  record.set.supersedes = supersedes_;
  for (const lake::KeptRange& range : kept_) {
    record.set.first = record.set.first ? std::min(*record.set.first, range.from) : range.from;
    record.set.last = record.set.last ? std::max(*record.set.last, range.to) : range.to;
  }
}

}  // namespace lode::flow
