// Indicators over a file's bars.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/over_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <utility>

#include "lode/base/counted.h"
#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/indicator/panel_run.h"

namespace lode::flow {
namespace {

// Columns of a file, each read once.
class Inputs {
 public:
  explicit Inputs(const BarsFile& file) : file_(file) {}
  Result<const double*> get(const std::string& name) {
    const auto found = columns_.find(name);
    if (found != columns_.end()) {
      return found->second.data();
    }
    LODE_TRY(std::vector<double> column, column_of(file_, name));
    return columns_.emplace(name, std::move(column)).first->second.data();
  }
  // Whether a cell of what was read, but of actions, is missing.
  bool has_gap() const {
    return std::ranges::any_of(columns_, [](const auto& one) {
      return std::ranges::any_of(one.second, [](double cell) { return math::is_nan(cell); });
    });
  }
  // A column of actions: an empty cell says that there was none.
  Result<const double*> get_actions(const std::string& name, double none) {
    LODE_TRY(std::vector<double> column, column_of(file_, name));
    for (double& cell : column) {
      cell = math::is_nan(cell) ? none : cell;
    }
    return actions_.insert_or_assign(name, std::move(column)).first->second.data();
  }

 private:
  const BarsFile& file_;
  std::map<std::string, std::vector<double>> columns_;
  std::map<std::string, std::vector<double>> actions_;
};

Column column_from(const OutputColumn& one, std::size_t first) {
  Column out = one.empty();
  out.reserve(one.values.size() - first);
  for (std::size_t row = first; row < one.values.size(); ++row) {
    push_cell(one.values[row], one.kind, out);
  }
  return out;
}

Failure too_short(const BarsFile& file, const Chosen& one) {
  return fail(E::E2102,
              fmt::format("{} needs {} before it answers, {} has {}", one.label,
                          counted(one.choice.first_lookback() + 1, "bar"), file.path,
                          counted(static_cast<std::int64_t>(file.rows()), "bar")),
              "give a longer history, or shorter periods");
}

// Of sessions of one bar each a mean is the bar's own price. Only pivots, of the session before, say anything of them.
Result<void> check_sessions(const BarsFile& file, const Chosen& one) {
  const auto& inputs = one.choice.spec().inputs;
  const bool has_sessions = std::ranges::find(inputs, indicator::Input::kSession) != inputs.end();
  if (!has_sessions || one.choice.spec().name == "pivot_session" || !is_bar_a_session(file)) {
    return {};
  }
  return fail(
      E::E2001,
      fmt::format("{} has no column 'session', and each of its days is one bar: no session has two", file.path),
      "--anchor 2024-05-01 begins one at a date; or a column session that changes where one begins, or intraday "
      "bars");
}

Result<std::vector<OutputColumn>> outputs_of(const BarsFile& file, const Chosen& one, const FileWish& wish,
                                             Inputs& inputs) {
  LODE_TRY(const std::vector<std::string> columns, input_columns(one.choice.spec(), wish.inputs));
  LODE_CHECK(check_sessions(file, one));
  indicator::Job job{.choice = &one.choice, .inputs = {}, .outputs = {}};
  for (std::size_t k = 0; k < columns.size(); ++k) {
    const indicator::Input input = one.choice.spec().inputs[k];
    const bool is_split = input == indicator::Input::kSplit;
    LODE_TRY(const double* values, is_split || input == indicator::Input::kDividend
                                       ? inputs.get_actions(columns[k], is_split ? 1.0 : 0.0)
                                       : inputs.get(columns[k]));
    job.inputs.push_back(values);
  }
  if (static_cast<std::size_t>(one.choice.first_lookback()) >= file.rows()) {
    return too_short(file, one);
  }
  std::vector<OutputColumn> out = output_columns({&one, 1}, file.rows());
  for (OutputColumn& output : out) {
    job.outputs.push_back(output.values.data());
  }
  indicator::run_series(job, file.rows());
  return out;
}

// The index and the columns from row `first` on, into `over`.
Result<void> set_rows(const BarsFile& file, const std::vector<OutputColumn>& columns, std::size_t first,
                      OverFile& over) {
  if (std::ranges::find(columns, file.index_name, &OutputColumn::name) != columns.end()) {
    return fail(E::E2002,
                fmt::format("the index of {} and an output are both called {}", file.path, quote(file.index_name)),
                fmt::format("give the output another name: 'my_{} = ...'", file.index_name));
  }
  Column index(file.index_name, ColumnType::kText);
  for (std::size_t row = first; row < file.rows(); ++row) {
    index.push(std::string_view(file.index[row]));
  }
  over.rows.add(std::move(index));
  for (const OutputColumn& one : columns) {
    over.rows.add(column_from(one, first));
  }
  if (file.typed_index) {
    std::vector<std::uint32_t> rows(file.rows() - first);
    std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(first));
    over.index = TypedIndex{file.typed_index->column.take(rows), file.typed_index->zone};
  }
  return {};
}

std::size_t first_value(const std::vector<OutputColumn>& outputs, std::size_t rows) {
  std::size_t first = rows;
  for (const OutputColumn& one : outputs) {
    const auto found = std::ranges::find_if(one.values, [](double value) { return !math::is_nan(value); });
    first = std::min(first, static_cast<std::size_t>(found - one.values.begin()));
  }
  return first;
}

}  // namespace

Result<OverFile> run_over_file(const BarsFile& file, std::span<const Chosen> chosen, const FileWish& wish,
                               std::vector<OutputColumn> others) {
  Inputs inputs(file);
  std::vector<OutputColumn> outputs;
  OverFile out;
  std::map<ErrorNumber, std::vector<std::string>> left_out;
  for (const Chosen& one : chosen) {
    Result<std::vector<OutputColumn>> some = outputs_of(file, one, wish, inputs);
    if (!some && wish.leave_out && (some.error().number() == E::E2001 || some.error().number() == E::E2102)) {
      left_out[some.error().number()].push_back(one.label);
      continue;
    }
    if (!some) {
      return fail(std::move(some.error()));
    }
    outputs.insert(outputs.end(), std::make_move_iterator(some->begin()), std::make_move_iterator(some->end()));
  }
  std::ranges::move(others, std::back_inserter(outputs));
  for (const auto& [number, labels] : left_out) {
    out.warnings.push_back(fmt::format("left out, as {} has not the {}: {}", file.path,
                                       number == E::E2001 ? "columns" : "bars", join(labels, ", ")));
  }
  if (outputs.empty()) {
    return fail(E::E2102, fmt::format("{} has bars and columns for none of them", file.path),
                "a file of bars: date,open,high,low,close,volume");
  }
  LODE_CHECK(set_rows(file, outputs, wish.pad ? 0 : first_value(outputs, file.rows()), out));
  if (out.rows.rows() == 0) {
    const std::string why =
        chosen.empty()     ? ""
        : inputs.has_gap() ? ": too many cells are missing"
                           : fmt::format(", and no cell is missing: lode indicator show {} tells where it has none",
                                         chosen.front().choice.spec().name);
    out.warnings.push_back(fmt::format("no bar of {} has a value{}", file.path, why));
  }
  return out;
}

Result<OverFile> vote_over_file(const BarsFile& file, const indicator::VoteRules& rules, const FileWish& wish) {
  const std::vector<std::string> inputs =
      wish.inputs.empty() ? std::vector<std::string>{"high", "low", "close"} : wish.inputs;
  if (inputs.size() != 3) {
    return fail(E::E4, fmt::format("--inputs names {}, vote takes 3", counted(std::ssize(inputs), "column")),
                "--inputs high,low,close");
  }
  std::vector<std::vector<double>> bars;
  for (const std::string& input : inputs) {
    LODE_TRY(std::vector<double> one, column_of(file, input));
    bars.push_back(std::move(one));
  }
  LODE_TRY(const indicator::Votes votes, indicator::vote_series(rules, bars[0], bars[1], bars[2]));
  const auto found = std::ranges::find_if(votes.votes, [](const auto& vote) { return vote.has_value(); });
  if (found == votes.votes.end()) {
    LODE_TRY(const std::vector<indicator::Choice> choices, indicator::vote_choices(rules));
    int lookback = 0;
    for (const indicator::Choice& choice : choices) {
      lookback = std::max(lookback, choice.lookback());
    }
    return fail(E::E2102,
                fmt::format("vote needs {} without a gap before it answers, {} has {}", counted(lookback + 2, "bar"),
                            file.path, counted(static_cast<std::int64_t>(file.rows()), "bar")),
                "give a longer history; a short one is not neutral, it has no vote");
  }
  std::vector<OutputColumn> columns = vote_columns(file.rows());
  for (std::size_t row = 0; row < file.rows(); ++row) {
    put_vote(votes.votes[row], row, columns);
  }
  columns.push_back({"close", CellKind::kNumber, bars[2]});
  for (std::size_t k = 0; k < indicator::kVoteInputs; ++k) {
    columns.push_back({std::string(vote_input_names()[k]), CellKind::kNumber, votes.inputs[k]});
  }
  OverFile out;
  LODE_CHECK(set_rows(file, columns, wish.pad ? 0 : static_cast<std::size_t>(found - votes.votes.begin()), out));
  return out;
}

}  // namespace lode::flow
