// Stepping a stream through the sessions of a file.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "lode/base/error.h"
#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/base/value.h"
#include "lode/core/expr/stream.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/answer/phase.h"
#include "lode/flow/steps/research/formulas.h"
#include "lode/flow/steps/research/panel_file.h"
#include "lode/flow/steps/store/files.h"
#include "lode/io/source/long_table.h"

namespace lode::flow {

namespace {

constexpr std::int64_t kStateVersion = 1;
constexpr std::size_t kStepRows = 64;  // Most sessions a step; no result depends on it.

Error damaged(std::string_view what) {
  return Error(E::E1116, fmt::format("the state of the stream is damaged: {}", what),
               "move it away and start a new one over the history; values written before stay right");
}

// What the state and the file have, as the columns of a file stand: sums across names add up in that order.
std::vector<std::string> all_symbols(const StreamState* before, const Axis& file, std::vector<std::string>& begun) {
  std::vector<std::string> symbols = before == nullptr ? std::vector<std::string>() : before->symbols;
  std::vector<std::string> known = symbols;
  std::ranges::sort(known);
  for (const std::string& symbol : file.symbols) {
    if (!std::ranges::binary_search(known, symbol)) {
      symbols.push_back(symbol);
      begun.push_back(symbol);
    }
  }
  source::put_in_column_order(symbols);
  return symbols;
}

// The new sessions on the stream's columns.
std::shared_ptr<const Axis> axis_of(const Axis& file, std::size_t first, const std::vector<std::string>& symbols) {
  auto axis = std::make_shared<Axis>();
  axis->sessions.assign(file.sessions.begin() + static_cast<std::ptrdiff_t>(first), file.sessions.end());
  axis->times.assign(file.times.begin() + static_cast<std::ptrdiff_t>(first), file.times.end());
  axis->interval = file.interval;
  axis->symbols = symbols;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    axis->instruments.push_back({i + 1});
  }
  return axis;
}

// Rows of the file's fields, moved to the stream's columns; what the file lacks is missing.
class Rows {
 public:
  Rows(const expr::Fields& fields, const std::vector<std::string>& names, const std::vector<std::string>& symbols)
      : fields_(fields), names_(names), symbols_(symbols), column_of_(symbols.size(), -1) {
    std::map<std::string_view, int> columns;
    for (std::size_t i = 0; i < fields.axis().symbols.size(); ++i) {
      columns.emplace(fields.axis().symbols[i], static_cast<int>(i));
    }
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      const auto found = columns.find(symbols[i]);
      column_of_[i] = found == columns.end() ? -1 : found->second;
    }
  }

  bool has(std::size_t column) const { return column_of_[column] >= 0; }

  expr::Fields take(std::size_t first, std::size_t count) const {
    const Axis& file = fields_.axis();
    auto axis = std::make_shared<Axis>(*axis_of(file, first, symbols_));
    axis->sessions.resize(count);
    axis->times.resize(count);
    expr::Fields out(axis);
    for (const std::string& name : names_) {
      if (const Panel* panel = fields_.find(name)) {
        out.set(name, move_panel(*panel, axis, first));
      }
      if (const GroupPanel* group = fields_.find_group(name)) {
        out.set(name, move_group(*group, axis, first));
      }
    }
    return out;
  }

 private:
  Panel move_panel(const Panel& from, const std::shared_ptr<const Axis>& axis, std::size_t first) const {
    Panel to(axis, Precision::kFloat64);
    for (std::size_t row = 0; row < to.rows(); ++row) {
      for (std::size_t i = 0; i < column_of_.size(); ++i) {
        if (has(i)) {
          to.mutable_row64(row)[i] = from.at(first + row, static_cast<std::size_t>(column_of_[i]));
        }
      }
    }
    return to;
  }

  GroupPanel move_group(const GroupPanel& from, const std::shared_ptr<const Axis>& axis, std::size_t first) const {
    GroupPanel to{axis, std::vector<std::int32_t>(axis->rows() * axis->columns(), -1), from.names};
    for (std::size_t row = 0; row < axis->rows(); ++row) {
      for (std::size_t i = 0; i < column_of_.size(); ++i) {
        if (has(i)) {
          to.codes[row * axis->columns() + i] = from.row(first + row)[static_cast<std::size_t>(column_of_[i])];
        }
      }
    }
    return to;
  }

  const expr::Fields& fields_;
  const std::vector<std::string>& names_;
  const std::vector<std::string>& symbols_;
  std::vector<int> column_of_;
};

void copy_rows(const Panel& from, Panel& to, std::size_t first) {
  for (std::size_t row = 0; row < from.rows(); ++row) {
    if (to.precision() == Precision::kFloat64) {
      std::ranges::copy(from.row64(row), to.mutable_row64(first + row).begin());
    } else {
      std::ranges::copy(from.row32(row), to.mutable_row32(first + row).begin());
    }
  }
}

Result<expr::Stream> open(const ComputeRequest& request, const expr::Program& program, const StreamState* before,
                          const std::vector<std::string>& symbols, std::size_t sessions) {
  const std::size_t step = std::min(kStepRows, sessions);  // A single one is what streams are quickest at.
  if (before == nullptr) {
    return expr::Stream::start(program, symbols, request.precision, step);
  }
  return expr::Stream::resume(before->bytes, program, symbols, request.precision, step);
}

// The panels of all new sessions, a few at a time.
Result<void> step_through(World& world, expr::Stream& stream, const Rows& rows, std::size_t first, Computed& out) {
  for (std::size_t row = 0; row < out.axis->rows(); row += kStepRows) {
    const std::size_t count = std::min(kStepRows, out.axis->rows() - row);
    LODE_TRY(const std::span<const Panel> results, stream.step(rows.take(first + row, count), world.pool));
    for (std::size_t i = 0; i < results.size(); ++i) {
      copy_rows(results[i], out.panels[i], row);
    }
  }
  return {};
}

}  // namespace

std::string state_text(const StreamState& state) {
  Value head = Value::object();
  head.set("lode_stream", Value(kStateVersion));
  head.set("last", Value(to_string(state.last)));
  Value symbols = Value::array();
  for (const std::string& symbol : state.symbols) {
    symbols.push(Value(symbol));
  }
  head.set("symbols", std::move(symbols));
  const std::string body = to_json(head) + "\n" + state.bytes;
  return xxh3_hex(body) + "\n" + body;
}

Result<StreamState> parse_state(std::string_view text) {
  const std::size_t line = text.find('\n');
  if (line == std::string_view::npos || text.substr(0, line) != xxh3_hex(text.substr(line + 1))) {
    return fail(damaged("its checksum does not fit"));
  }
  const std::string_view body = text.substr(line + 1);
  const std::size_t end = body.find('\n');
  const Result<Value> head = parse_json(body.substr(0, end));
  const Value* version = head ? head->find("lode_stream") : nullptr;
  if (end == std::string_view::npos || version == nullptr || !version->is_int()) {
    return fail(damaged("it does not begin as one"));
  }
  if (version->as_int() > kStateVersion) {
    return fail(E::E1115,
                fmt::format("the state is of version {}, this program knows {}", version->as_int(), kStateVersion),
                "use a newer lode, or start a new state over the history");
  }
  StreamState state;
  const Value* last = head->find("last");
  const Value* symbols = head->find("symbols");
  if (last == nullptr || !last->is_text() || symbols == nullptr || !symbols->is_array()) {
    return fail(damaged("it lacks its last session or symbols"));
  }
  LODE_TRY(state.last, parse_date(last->as_text()));
  for (const Value& symbol : symbols->as_array()) {
    state.symbols.push_back(symbol.is_text() ? symbol.as_text() : std::string());
  }
  state.bytes = std::string(body.substr(end + 1));
  return state;
}

Result<Streamed> stream_file(World& world, const ComputeRequest& request, Formulas& formulas,
                             const StreamState* before) {
  LODE_TRY(const PanelFile file, read_panel_file(request.data_path(), request.to));
  const Axis& all = file.fields.axis();
  const auto first = static_cast<std::size_t>(
      before == nullptr ? 0 : std::ranges::upper_bound(all.sessions, before->last) - all.sessions.begin());
  if (first == all.rows()) {
    return fail(E::E2101,
                fmt::format("{} has no session after {}, where the state ends", file_name(request.data_path()),
                            to_string(before->last)),
                "give the sessions that came since");
  }
  Available available;
  for (const expr::FieldSpec& spec : file.fields.specs()) {
    available.insert(spec.name);
  }
  LODE_TRY(Compiled compiled, compile_all(request, formulas, &file.fields, &available,
                                          [](const NamedText&, Error error) { return error; }));
  Streamed out;
  out.seen_before = static_cast<std::int64_t>(first);
  const std::vector<std::string> symbols = all_symbols(before, all, out.begun);
  LODE_TRY(expr::Stream stream, open(request, compiled.program, before, symbols, all.rows() - first));
  out.computed.axis = axis_of(all, first, symbols);
  out.computed.symbols = symbols;
  out.computed.names = compiled.names;
  out.computed.formulas = compiled.program.formulas;
  out.hashes = compiled.program.hashes;
  out.computed.warnings = std::move(compiled.warnings);
  for (std::size_t i = 0; i < compiled.names.size(); ++i) {
    out.computed.panels.push_back(Panel::unwritten(out.computed.axis, request.precision));
  }
  const std::vector<std::string> names = compiled.program.fields();
  expr::Fields fields = file.fields;
  group_numbers(compiled.program, fields);
  const Rows rows(fields, names, symbols);
  LODE_CHECK(begin_phase(world, "computing"));
  LODE_CHECK(step_through(world, stream, rows, first, out.computed));
  out.sessions = stream.sessions();
  out.state = {all.sessions.back(), symbols, stream.save()};
  return out;
}

}  // namespace lode::flow
