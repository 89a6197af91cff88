// Streams: a machine that takes a few sessions at a time, and the bytes its memory is saved in.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/core/expr/engine/machine.h"
#include "lode/core/expr/engine/run.h"
#include "lode/core/expr/engine/state.h"

namespace lode::expr {
namespace {

constexpr std::string_view kMagic = "lode stream state";
constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kMostSessions = 1'000'000'000;  // More than the number of a session has room for.
// Sessions a history takes in before its rows move: more costs memory, fewer cost time.
constexpr std::size_t kSpareRows = 64;

// Rows without dates: results are told apart by their place.
std::shared_ptr<const Axis> undated(std::size_t rows, const std::vector<std::string>& symbols) {
  auto axis = std::make_shared<Axis>();
  axis->sessions.resize(rows);
  axis->times.resize(rows);
  axis->symbols = symbols;
  axis->instruments.resize(symbols.size());
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    axis->instruments[i] = InstrumentId{i + 1};
  }
  return axis;
}

// Sessions of one instrument that is not there: every field missing, outside every group and the universe.
Fields absent_sessions(const Program& program, std::size_t rows) {
  Fields fields(undated(rows, {"absent"}));
  for (const Node& node : program.nodes) {
    if (node.kind == NodeKind::kField) {
      fields.set(node.field, Panel(fields.shared_axis(), Precision::kFloat64));
    } else if (node.kind == NodeKind::kGroupField) {
      fields.set(node.field, GroupPanel{fields.shared_axis(), std::vector<std::int32_t>(rows, -1), {}});
    }
  }
  fields.set_universe(std::vector<std::uint8_t>(rows, 0));
  return fields;
}

bool is_recursive(const Program& program) {
  return std::ranges::any_of(program.nodes,
                             [](const Node& node) { return node.op != nullptr && node.op->spec.recursive; });
}

Error damaged(std::string_view what) {
  return Error(E::E1116, fmt::format("the state of the stream is damaged: {}", what),
               "start a new one over the history; what was computed before stays right");
}

}  // namespace

struct Stream::Inside {
  Program program;
  std::vector<std::string> names;
  Precision precision;
  engine::Plan plan;
  std::unique_ptr<engine::Machine> machine;
  std::size_t most_rows;
  std::vector<Panel> outputs;
  std::vector<Panel> roots;  // Shares the cells of outputs.
  std::int64_t count = 0;

  // `is_restored`: the machine's memory comes from a state.
  Inside(Program from, std::vector<std::string> columns, Precision in, std::size_t rows, bool is_restored = false)
      : program(std::move(from)),
        names(std::move(columns)),
        precision(in),
        plan(engine::make_plan(program, true)),
        most_rows(rows) {
    machine = engine::make_machine(
        program, plan, names.size(), precision,
        {.stretch_rows = rows, .history_rows = std::max(rows, kSpareRows), .is_restored = is_restored});
  }

  // Outputs of so many rows; those of the last step where they fit.
  void make_outputs(std::size_t rows) {
    if (!outputs.empty() && outputs.front().rows() == rows) {
      return;
    }
    const std::shared_ptr<const Axis> axis = undated(rows, names);
    outputs.clear();
    roots.clear();
    for (std::size_t i = 0; i < plan.outputs.size(); ++i) {
      outputs.emplace_back(axis, precision);
    }
    for (const std::uint32_t output : plan.output_of_root) {
      roots.push_back(outputs[output]);
    }
  }

  // Columns that were not there before have the past of an absent instrument: mostly nothing, but 1 for is_nan(close)
  // and 2.5 for 2.5. As many sessions of it as anything remembers.
  void begin_now(std::span<const std::uint32_t> columns) {
    if (columns.empty()) {
      return;
    }
    Inside absent(program, {"absent"}, precision, kSpareRows);
    const auto lookback = static_cast<std::int64_t>(program.lookback());
    std::int64_t left = is_recursive(program) ? count : std::min(count, lookback);
    const std::size_t most = kSpareRows;
    Pool pool(1);
    while (left > 0) {
      const std::size_t rows = std::min(most, static_cast<std::size_t>(left));
      absent.machine->advance(absent_sessions(program, rows), 0, rows, {}, 0, pool);
      left -= static_cast<std::int64_t>(rows);
    }
    machine->adopt(*absent.machine, columns);
  }

  // The names of a state's columns: where each stands here, or kNone.
  std::vector<std::uint32_t> read_columns(engine::StateReader& from) const {
    std::map<std::string_view, std::uint32_t> columns;
    for (std::size_t i = 0; i < names.size(); ++i) {
      columns.emplace(names[i], static_cast<std::uint32_t>(i));
    }
    std::vector<std::uint32_t> column_of;
    for (std::uint64_t left = from.number(); left > 0 && from.is_whole(); --left) {
      const auto found = columns.find(from.text());
      column_of.push_back(found == columns.end() ? engine::kNone : found->second);
    }
    return column_of;
  }

  // Columns that are not among these.
  std::vector<std::uint32_t> columns_outside(std::span<const std::uint32_t> known) const {
    std::vector<bool> is_known(names.size(), false);
    for (const std::uint32_t column : known) {
      if (column != engine::kNone) {
        is_known[column] = true;
      }
    }
    std::vector<std::uint32_t> outside;
    for (std::uint32_t column = 0; column < is_known.size(); ++column) {
      if (!is_known[column]) {
        outside.push_back(column);
      }
    }
    return outside;
  }

  void head(engine::StateWriter& to) const {
    to.text(kMagic);
    to.number(kVersion);
    to.text(program.profile->name);
    to.number(precision == Precision::kFloat64 ? 64 : 32);
    to.number(program.hashes.size());
    for (const std::string& hash : program.hashes) {
      to.text(hash);
    }
  }
};

Stream::Stream(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

Result<Stream> Stream::start(Program program, std::vector<std::string> symbols, Precision precision,
                             std::size_t most_rows) {
  return make(std::move(program), std::move(symbols), precision, most_rows, false);
}

Result<Stream> Stream::make(Program program, std::vector<std::string> symbols, Precision precision,
                            std::size_t most_rows, bool is_restored) {
  LODE_ASSERT(most_rows > 0);
  if (program.lookahead > 0) {
    return fail(E::E1107,
                fmt::format("{} looks {} sessions into the future, a stream has none",
                            program.formulas.empty() ? "the formula" : program.formulas.front(), program.lookahead),
                "a stream takes formulas without negative delays");
  }
  return Stream(std::make_unique<Inside>(std::move(program), std::move(symbols), precision, most_rows, is_restored));
}

Result<std::span<const Panel>> Stream::step(const Fields& sessions, Pool& pool) {
  const std::size_t rows = sessions.axis().rows();
  LODE_ASSERT(rows > 0 && rows <= inside_->most_rows && sessions.axis().columns() == inside_->names.size());
  LODE_CHECK(check_fields(inside_->program, sessions));
  inside_->make_outputs(rows);
  if (!inside_->names.empty()) {
    inside_->machine->advance(sessions, 0, rows, inside_->outputs, 0, pool);
  }
  inside_->count += static_cast<std::int64_t>(rows);
  return std::span<const Panel>(inside_->roots);
}

std::int64_t Stream::sessions() const { return inside_->count; }
const std::vector<std::string>& Stream::symbols() const { return inside_->names; }

std::string Stream::save() const {
  constexpr std::size_t kRoomForNames = 64;
  engine::StateWriter to(inside_->machine->saved_bytes() + inside_->names.size() * kRoomForNames + 64 * 1024);
  inside_->head(to);
  to.number(static_cast<std::uint64_t>(inside_->count));
  to.number(inside_->names.size());
  for (const std::string& name : inside_->names) {
    to.text(name);
  }
  inside_->machine->save(to);
  to.number(xxh3(to.so_far()));
  return to.take();
}

Result<Stream> Stream::resume(std::string_view state, Program program, std::vector<std::string> symbols,
                              Precision precision, std::size_t most_rows) {
  LODE_TRY(Stream stream, make(std::move(program), std::move(symbols), precision, most_rows, true));
  constexpr std::size_t kCheck = sizeof(std::uint64_t);
  if (state.size() < kCheck || engine::StateReader(state.substr(state.size() - kCheck)).number() !=
                                   xxh3(state.substr(0, state.size() - kCheck))) {
    return fail(damaged("its checksum does not fit"));
  }
  Inside& inside = *stream.inside_;
  engine::StateReader from(state.substr(0, state.size() - kCheck));
  engine::StateWriter own;
  inside.head(own);
  const std::string head = own.take();
  if (!state.starts_with(head)) {
    return fail(E::E1115, "the state belongs to other formulas, another profile or precision, or a newer version",
                "take those it was saved with, or start a new one over the history");
  }
  from = engine::StateReader(state.substr(head.size(), state.size() - kCheck - head.size()));
  const std::uint64_t sessions = from.number();
  if (sessions > kMostSessions) {
    return fail(damaged("it counts more sessions than there can be"));
  }
  inside.count = static_cast<std::int64_t>(sessions);
  const std::vector<std::uint32_t> column_of = inside.read_columns(from);
  inside.machine->restore(from, column_of);
  if (!from.is_whole() || from.left() > 0) {
    return fail(damaged("it has another length than its formulas and symbols ask for"));
  }
  inside.begin_now(inside.columns_outside(column_of));
  return stream;
}

bool depends_on_all(const Program& program) {
  return is_recursive(program) || program.profile->skips_missing || program.profile->missing_is_false;
}

Result<Replay> replay(const Program& program, const Fields& fields, std::size_t row, Precision precision, Pool& pool) {
  LODE_ASSERT(row < fields.axis().rows());
  LODE_CHECK(check_fields(program, fields));
  if (program.lookahead > 0) {
    return fail(E::E1107, "a formula that looks ahead cannot be replayed from a session on: earlier ones change too",
                "evaluate it over the whole history");
  }
  // Where first bars matter, all of the past is looked at, and a correction may be a new first bar: every session up to
  // the one that was the first until now reads otherwise.
  const bool needs_all = depends_on_all(program);
  const auto lookback = static_cast<std::size_t>(program.lookback());
  const std::size_t total = fields.axis().rows();
  engine::Rows rows{.begin = needs_all || row < lookback ? 0 : row - lookback, .first = row, .end = total};
  if (!needs_all) {
    rows.end = std::min(total, row + lookback + 1);
  }
  const engine::Plan plan = engine::make_plan(program, !fields.universe().empty());
  const std::vector<Panel> outputs = engine::run_rows(program, plan, fields, rows, precision, pool, {});
  Replay result{row, {}};
  for (const std::uint32_t output : plan.output_of_root) {
    result.panels.push_back(outputs[output]);
  }
  return result;
}

}  // namespace lode::expr
