// Stepping a stream through the sessions of a file.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/stream/stream.h"

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
#include "lode/flow/steps/stream/corrections.h"
#include "lode/io/source/long_table.h"

namespace lode::flow {

namespace {

constexpr std::int64_t kStateVersion = 2;  // 1 had no inputs
constexpr std::size_t kStepRows = 64;      // Most sessions a step; no result depends on it.

Error damaged(std::string_view what) {
  return Error(E::E1116, fmt::format("the state of the stream is damaged: {}", what),
               "move it away and start a new one over the history; values written before stay right");
}

void put_number(std::uint64_t number, std::string& out) {
  for (unsigned byte = 0; byte < 8; ++byte) {
    out.push_back(static_cast<char>(number >> (8 * byte)));
  }
}

std::uint64_t number_at(std::string_view bytes, std::size_t index) {
  std::uint64_t out = 0;
  for (std::size_t byte = 0; byte < 8; ++byte) {
    out |= std::uint64_t{static_cast<unsigned char>(bytes[8 * index + byte])} << (8 * byte);
  }
  return out;
}

// The sessions, then the hashes of each field, as little-endian numbers.
std::string inputs_text(const InputHashes& inputs) {
  std::string out;
  for (const Date session : inputs.sessions) {
    put_number(static_cast<std::uint64_t>(session.days), out);
  }
  for (const auto& [name, hashes] : inputs.of) {
    for (const std::uint64_t hash : hashes) {
      put_number(hash, out);
    }
  }
  return out;
}

// Takes the inputs that the head names from the front of `bytes`.
Result<InputHashes> take_inputs(const Value& head, std::string_view& bytes) {
  InputHashes out;
  const Value* sessions = head.find("sessions");
  const Value* fields = head.find("fields");
  if (sessions == nullptr || fields == nullptr || !sessions->is_int() || !fields->is_array() ||
      sessions->as_int() < 0) {
    return out;
  }
  const auto count = static_cast<std::size_t>(sessions->as_int());
  const std::size_t columns = fields->as_array().size() + 1;
  if (count > bytes.size() / 8 / columns) {
    return fail(damaged("it lacks what it says of its inputs"));
  }
  for (std::size_t i = 0; i < count; ++i) {
    out.sessions.push_back(Date{static_cast<std::int32_t>(number_at(bytes, i))});
  }
  for (std::size_t column = 1; column < columns; ++column) {
    const Value& name = fields->as_array()[column - 1];
    std::vector<std::uint64_t>& hashes = out.of[name.is_text() ? name.as_text() : std::string()];
    for (std::size_t i = 0; i < count; ++i) {
      hashes.push_back(number_at(bytes, column * count + i));
    }
  }
  bytes.remove_prefix(8 * count * columns);
  return out;
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

// Rows [begin, end) of the file through the stream, a few at a time; results from `first` on go to `out`, from `to` on.
struct Span {
  std::size_t begin = 0;
  std::size_t first = 0;
  std::size_t end = 0;
  std::size_t to = 0;
};
Result<void> step_through(World& world, expr::Stream& stream, const Rows& rows, const Span& span, Computed& out) {
  for (std::size_t row = span.begin; row < span.end;) {
    const std::size_t until = row < span.first ? span.first : span.end;  // No step is both warm-up and result.
    const std::size_t count = std::min(kStepRows, until - row);
    LODE_TRY(const std::span<const Panel> results, stream.step(rows.take(row, count), world.pool));
    for (std::size_t i = 0; row >= span.first && i < results.size(); ++i) {
      copy_rows(results[i], out.panels[i], span.to + row - span.first);
    }
    row += count;
  }
  return {};
}

// What the stream of a call goes through: sessions corrected, each stretch with a stream of its own, then the new ones,
// from the state before or behind the last stretch.
struct Plan {
  std::vector<Corrections::Stretch> again;
  std::size_t first = 0;  // Row of the file
  bool from_state = true;
};

// The sessions that are given: those of the stretches, and the new ones.
std::shared_ptr<const Axis> given_axis(const Axis& file, const Plan& plan, const std::vector<std::string>& symbols) {
  Axis axis = *axis_of(file, plan.first, symbols);
  std::vector<Date> sessions;
  std::vector<Time> times;
  for (const Corrections::Stretch& stretch : plan.again) {
    for (std::size_t row = stretch.first; row < std::min(stretch.end, plan.first); ++row) {
      sessions.push_back(file.sessions[row]);
      times.push_back(file.times[row]);
    }
  }
  axis.sessions.insert(axis.sessions.begin(), sessions.begin(), sessions.end());
  axis.times.insert(axis.times.begin(), times.begin(), times.end());
  return std::make_shared<Axis>(std::move(axis));
}

// Computes along the plan; the state after the last session.
Result<std::string> follow(World& world, const ComputeRequest& request, const expr::Program& program,
                           const StreamState* before, const Plan& plan, const Rows& rows, std::size_t end,
                           Streamed& out) {
  const std::vector<std::string>& symbols = out.computed.symbols;
  std::size_t to = 0;
  for (const Corrections::Stretch& stretch : plan.again) {
    const bool is_last = !plan.from_state && &stretch == &plan.again.back();
    const std::size_t until = is_last ? end : stretch.end;
    LODE_TRY(expr::Stream stream, open(request, program, nullptr, symbols, until - stretch.begin));
    LODE_CHECK(step_through(world, stream, rows, {stretch.begin, stretch.first, until, to}, out.computed));
    to += until - stretch.first;
    if (is_last) {
      return stream.save();
    }
  }
  if (plan.first == end) {
    return before->bytes;
  }
  LODE_TRY(expr::Stream stream, open(request, program, before, symbols, end - plan.first));
  LODE_CHECK(step_through(world, stream, rows, {plan.first, plan.first, end, to}, out.computed));
  return stream.save();
}

// What the state has seen once this call is done.
InputHashes joined(const StreamState* before, const InputHashes& file, std::size_t from) {
  InputHashes out;
  if (before == nullptr) {
    return file;
  }
  if (before->inputs.sessions.empty()) {
    return out;  // Begun by an earlier version, which told nothing of the sessions behind it.
  }
  const auto kept =
      std::ranges::lower_bound(before->inputs.sessions, file.sessions[from]) - before->inputs.sessions.begin();
  out.sessions.assign(before->inputs.sessions.begin(), before->inputs.sessions.begin() + kept);
  out.sessions.insert(out.sessions.end(), file.sessions.begin() + static_cast<std::ptrdiff_t>(from),
                      file.sessions.end());
  for (const auto& [name, hashes] : file.of) {
    const auto then = before->inputs.of.find(name);
    if (then == before->inputs.of.end()) {
      return {};
    }
    std::vector<std::uint64_t>& all = out.of[name];
    all.assign(then->second.begin(), then->second.begin() + kept);
    all.insert(all.end(), hashes.begin() + static_cast<std::ptrdiff_t>(from), hashes.end());
  }
  return out;
}

Error nothing_new(const ComputeRequest& request, const StreamState& before) {
  return Error(E::E2101,
               fmt::format("{} has no session after {}, where the state ends", file_name(request.data_path()),
                           to_string(before.last)),
               "give the sessions that came since; --correct takes changed ones from before too");
}

// Which sessions are computed, and of what; fills what is told of those seen before.
Result<Plan> plan_of(const InputHashes& hashes, const expr::Program& program, const ComputeRequest& request,
                     const StreamState* before, bool corrects, Streamed& out) {
  Plan plan;
  if (before == nullptr) {
    return plan;
  }
  plan.first = static_cast<std::size_t>(out.seen_before);
  if (corrects && before->inputs.sessions.empty()) {
    return fail(E::E1115, "the state does not tell what it was made of: an earlier version wrote it",
                "start a new one over the corrected history");
  }
  Corrections corrections;
  if (!before->inputs.sessions.empty()) {
    const bool all = expr::depends_on_all(program);
    corrections = find_corrections(hashes, plan.first, before->inputs, all, program.lookback());
    if (corrects) {
      LODE_CHECK(check_corrections(corrections, hashes, plan.first, before->inputs, all, program.lookback()));
    }
  }
  out.differing = corrections.differing;
  out.first_differing = corrections.first;
  if (corrects) {
    plan.again = std::move(corrections.again);
    plan.from_state = corrections.state_holds;
    for (const Corrections::Stretch& stretch : plan.again) {
      out.corrected += static_cast<std::int64_t>(stretch.end - stretch.first);
    }
  }
  if (plan.first == hashes.sessions.size() && plan.again.empty()) {
    return fail(nothing_new(request, *before));
  }
  return plan;
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
  head.set("sessions", Value(std::ssize(state.inputs.sessions)));
  Value fields = Value::array();
  for (const auto& [name, hashes] : state.inputs.of) {
    fields.push(Value(name));
  }
  head.set("fields", std::move(fields));
  const std::string body = to_json(head) + "\n" + inputs_text(state.inputs) + state.bytes;
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
  std::string_view rest = body.substr(end + 1);
  LODE_TRY(state.inputs, take_inputs(*head, rest));
  state.bytes = std::string(rest);
  return state;
}

InputHashes hash_stream_inputs(const expr::Fields& fields, const std::vector<std::string>& names, Pool& pool) {
  InputHashes out = hash_inputs(fields, names, pool);
  std::erase_if(out.of, [](const auto& entry) { return entry.first.starts_with('('); });  // A file has no universe.
  return out;
}

Result<Streamed> stream_file(World& world, const ComputeRequest& request, Formulas& formulas, const StreamState* before,
                             bool corrects) {
  LODE_TRY(const PanelFile file, read_panel_file(request.data_path(), request.to));
  const Axis& all = file.fields.axis();
  Streamed out;
  out.seen_before = before == nullptr ? 0 : std::ranges::upper_bound(all.sessions, before->last) - all.sessions.begin();
  if (out.seen_before == std::ssize(all.sessions) && !corrects) {
    return fail(nothing_new(request, *before));
  }
  Available available;
  for (const expr::FieldSpec& spec : file.fields.specs()) {
    available.insert(spec.name);
  }
  LODE_TRY(Compiled compiled, compile_all(request, formulas, &file.fields, &available,
                                          [](const NamedText&, Error error) { return error; }));
  const std::vector<std::string> names = compiled.program.fields();
  expr::Fields fields = file.fields;
  group_numbers(compiled.program, fields);
  const InputHashes hashes = hash_stream_inputs(fields, names, world.pool);
  LODE_TRY(const Plan plan, plan_of(hashes, compiled.program, request, before, corrects, out));
  const std::vector<std::string> symbols = all_symbols(before, all, out.begun);
  out.computed.axis = given_axis(all, plan, symbols);
  out.computed.symbols = symbols;
  out.computed.names = compiled.names;
  out.computed.formulas = compiled.program.formulas;
  out.hashes = compiled.program.hashes;
  out.computed.warnings = std::move(compiled.warnings);
  for (std::size_t i = 0; i < compiled.names.size(); ++i) {
    out.computed.panels.push_back(Panel::unwritten(out.computed.axis, request.precision));
  }
  const Rows rows(fields, names, symbols);
  LODE_CHECK(begin_phase(world, "computing"));
  LODE_TRY(std::string bytes, follow(world, request, compiled.program, before, plan, rows, all.rows(), out));
  // Of what was computed of a file without consent to correct, the state is what it was.
  const std::size_t from = corrects ? 0 : plan.first;
  out.state = {all.sessions.back(), symbols, std::move(bytes), joined(before, hashes, from)};
  out.sessions = std::ssize(out.state.inputs.sessions);
  if (out.sessions == 0) {
    LODE_TRY(const expr::Stream stream,
             expr::Stream::resume(out.state.bytes, compiled.program, symbols, request.precision));
    out.sessions = stream.sessions();
  }
  return out;
}

}  // namespace lode::flow
