// The machine: tasks of a stage on every core, values from slots, histories and slabs.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/engine/machine.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <type_traits>

#include "lode/base/assert.h"
#include "lode/core/expr/engine/first_bars.h"
#include "lode/core/expr/engine/memory.h"
#include "lode/core/expr/engine/state.h"
#include "lode/core/expr/kernels/kernel.h"

namespace lode::expr::engine {
namespace {

using kernels::kMissing;
using kernels::stored;

constexpr std::size_t kMostOperands = 64;

// Registers of a series task times its rows are about this many: few sessions at a time go through wide tiles, or the
// calls of kernels would cost more than their work. Always an odd number of registers, so that rows do not share cache
// sets, and never a single one: its rows of outputs would be too many pages for too few cells.
constexpr std::size_t kSeriesRegisters = 21;
constexpr std::size_t kLeastRegisters = 3;

std::size_t block_lanes(std::size_t columns, std::size_t stretch_rows) {
  const std::size_t wanted = kSeriesRegisters / std::max<std::size_t>(stretch_rows, 1) | 1;
  const std::size_t most = std::max<std::size_t>((columns + kLanes - 1) / kLanes, 1);
  return kLanes * std::min(std::max(wanted, kLeastRegisters), most);
}

// Values of one precision on their way through the stages.
template <class T>
class Runner final : public Machine {
 public:
  Runner(const Program& program, const Plan& plan, std::size_t columns, Room room)
      : nodes_(program.nodes),
        profile_(program.profile),
        plan_(plan),
        columns_(columns),
        lanes_(block_lanes(columns, room.stretch_rows)),
        blocks_((columns_ + lanes_ - 1) / lanes_),
        stride_(blocks_ * lanes_),
        stretch_(room.stretch_rows),
        cross_rows_(std::clamp<std::size_t>(room.cross_bytes / (stride_ * sizeof(T)), 1, stretch_)),
        slabs_(plan.slabs * stretch_ * stride_ * sizeof(T)),
        arenas_(arena_bytes()),
        first_bars_(program, columns) {
    for (const std::size_t kept : plan.history_rows) {
      // Histories that have room for more than one stretch are filled up to different heights at first, so that not
      // all of them must move their rows in the same stretch.
      const std::size_t spare = std::max(room.history_rows, stretch_);
      const std::size_t head = spare > stretch_ ? histories_.size() % (spare / stretch_) * stretch_ : 0;
      histories_.push_back({Block(blocks_ * (kept + spare) * lanes_ * sizeof(T)), kept, kept + spare, kept + head});
      forget(histories_.back());
    }
    for (const Node& node : nodes_) {
      back_.push_back(node.kind == NodeKind::kOperator ? kept_rows(node, profile_) : 0);
    }
    make_states();
    make_literals();
  }

  void advance(const Fields& fields, std::size_t row, std::size_t rows, std::span<Panel> outputs, std::size_t out_row,
               Pool& pool) override {
    LODE_ASSERT(rows <= stretch_);
    fields_ = &fields;
    field_row_ = row;
    out_row_ = out_row;
    find_fields(rows);
    first_bars_.see(fields, row, rows, session_);
    outputs_.clear();
    for (Panel& panel : outputs) {
      outputs_.push_back(cells(panel));
    }
    for (History& history : histories_) {
      history.moves = history.at + rows > history.capacity;
      history.from = history.at - history.kept;
      history.at = history.moves ? history.kept : history.at;
    }
    for (const Stage& stage : plan_.stages) {
      const std::size_t tasks = stage.is_series ? blocks_ : (rows + cross_rows_ - 1) / cross_rows_;
      pool.for_each(stage.actions.empty() ? 0 : tasks, [&](std::size_t task) { run_task(stage, task, rows); });
    }
    for (History& history : histories_) {
      history.at += rows;
    }
    session_ += static_cast<std::int32_t>(rows);
  }

  void save(StateWriter& to) const override {
    to.number(static_cast<std::uint64_t>(session_));
    for (const History& history : histories_) {
      for (std::size_t row = history.at - history.kept; row < history.at; ++row) {
        for (std::size_t column = 0; column < columns_; ++column) {
          to.cell(history_cell(history, row, column));
        }
      }
    }
    for (const auto& [values, per_lane] : state_) {
      for (std::size_t i = 0; i < columns_ * per_lane; ++i) {
        to.cell(values[i]);
      }
    }
    for (const auto& [name, sessions] : first_bars_.by_field()) {
      for (const std::int32_t session : sessions) {
        to.cell(session);
      }
    }
  }

  void restore(StateReader& from, std::span<const std::uint32_t> column_of) override {
    session_ = static_cast<std::int32_t>(from.number());
    for (History& history : histories_) {
      for (std::size_t row = history.at - history.kept; row < history.at; ++row) {
        for (const std::uint32_t column : column_of) {
          const T value = from.template cell<T>();
          if (column != kNone) {
            history_cell(history, row, column) = value;
          }
        }
      }
    }
    for (auto& [values, per_lane] : state_) {
      for (const std::uint32_t column : column_of) {
        for (std::size_t i = 0; i < per_lane; ++i) {
          const double value = from.template cell<double>();
          if (column != kNone) {
            values[column * per_lane + i] = value;
          }
        }
      }
    }
    for (auto& [name, sessions] : first_bars_.by_field()) {
      for (const std::uint32_t column : column_of) {
        const auto session = from.template cell<std::int32_t>();
        if (column != kNone) {
          sessions[column] = session;
        }
      }
    }
    first_bars_.follow_fields();
  }

  void adopt(const Machine& other, std::span<const std::uint32_t> columns) override {
    const auto& from = dynamic_cast<const Runner<T>&>(other);
    for (const std::uint32_t column : columns) {
      for (std::size_t i = 0; i < histories_.size(); ++i) {
        for (std::size_t back = 1; back <= histories_[i].kept; ++back) {
          history_cell(histories_[i], histories_[i].at - back, column) =
              from.history_cell(from.histories_[i], from.histories_[i].at - back, 0);
        }
      }
      for (std::size_t i = 0; i < state_.size(); ++i) {
        std::copy_n(from.state_[i].values.begin(), state_[i].per_lane,
                    state_[i].values.begin() + static_cast<std::ptrdiff_t>(column * state_[i].per_lane));
      }
    }
  }

 private:
  // One task: a stage's actions on one block of instruments, or on some rows.
  struct Task {
    bool is_series = false;
    std::size_t block = 0;  // Series: which instruments.
    std::size_t first = 0;  // Cross: first row within the stretch.
    std::size_t rows = 0;
    T* slots = nullptr;
    Scratch scratch;
    std::array<Tile<const T>, kMostOperands> operands;  // Of the running operator.
    std::array<GroupTile, kMostOperands> groups;
  };

  // The last rows of an operand: [block][capacity][lanes]. Rows are appended until the room is full; then the `kept`
  // last ones move to the front.
  struct History {
    Block cells;
    std::size_t kept = 0;
    std::size_t capacity = 0;
    std::size_t at = 0;    // Where the stretch's first row goes.
    bool moves = false;    // In this stretch.
    std::size_t from = 0;  // Where the kept rows stood before.
  };

  // Everything before the first session is missing.
  void forget(const History& history) const {
    for (std::size_t block = 0; block < blocks_; ++block) {
      std::fill_n(history.cells.template as<T>() + block * history.capacity * lanes_, history.at * lanes_, kMissing<T>);
    }
  }
  T& history_cell(const History& history, std::size_t row, std::size_t column) const {
    const std::size_t block = column / lanes_;
    return history.cells.template as<T>()[(block * history.capacity + row) * lanes_ + column % lanes_];
  }

  // Doubles of a recursive node, `per_lane` for each instrument.
  struct State {
    std::vector<double> values;
    std::size_t per_lane = 0;
  };

  static T* cells(Panel& panel) {
    if (panel.rows() == 0) {
      return nullptr;
    }
    if constexpr (sizeof(T) == sizeof(double)) {
      return panel.mutable_row64(0).data();
    } else {
      return panel.mutable_row32(0).data();
    }
  }

  std::size_t slot_cells(bool is_series) const { return is_series ? stretch_ * lanes_ : cross_rows_ * stride_; }

  std::size_t arena_bytes() const {
    std::size_t most = 0;
    for (const Stage& stage : plan_.stages) {
      std::size_t scratch = 0;
      for (const Action& action : stage.actions) {
        if (action.kind != Action::Kind::kRun || nodes_[action.node].op->scratch_bytes == nullptr) {
          continue;
        }
        const Node& node = nodes_[action.node];
        const std::size_t rows = stage.is_series ? kept_rows(node, profile_) + stretch_ : cross_rows_;
        const std::size_t width = stage.is_series ? lanes_ : columns_;
        scratch = std::max(scratch, node.op->scratch_bytes(arguments(node), rows, width));
      }
      most = std::max(most, stage.slots * slot_cells(stage.is_series) * sizeof(T) + scratch + kAlignment);
    }
    return most;
  }

  void make_states() {
    state_.resize(plan_.states);
    for (std::size_t node = 0; node < nodes_.size(); ++node) {
      if (plan_.state_of[node] != kNone) {
        const std::size_t per_lane = nodes_[node].op->state;
        state_[plan_.state_of[node]] = {std::vector<double>(stride_ * per_lane, kMissing<double>), per_lane};
      }
    }
  }

  // A row of each literal, which stands for all rows.
  void make_literals() {
    literal_of_.resize(nodes_.size());
    std::size_t count = 0;
    for (std::size_t node = 0; node < nodes_.size(); ++node) {
      literal_of_[node] = nodes_[node].kind == NodeKind::kLiteral ? count++ : 0;
    }
    literals_ = Block(count * stride_ * sizeof(T));
    for (std::size_t node = 0; node < nodes_.size(); ++node) {
      if (nodes_[node].kind == NodeKind::kLiteral) {
        std::fill_n(literals_.template as<T>() + literal_of_[node] * stride_, stride_, stored<T>(nodes_[node].literal));
      }
    }
  }

  void find_fields(std::size_t rows) {
    panels_.resize(nodes_.size());
    groups_.resize(nodes_.size());
    repeats_.resize(nodes_.size());
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].kind == NodeKind::kField) {
        panels_[i] = fields_->find(nodes_[i].field);
      } else if (nodes_[i].kind == NodeKind::kGroupField) {
        groups_[i] = fields_->find_group(nodes_[i].field);
        find_repeats(*groups_[i], rows, repeats_[i]);
      }
    }
  }

  // 1 for each session whose codes are those of the session before: groups rarely change.
  void find_repeats(const GroupPanel& group, std::size_t rows, std::vector<std::uint8_t>& repeats) const {
    repeats.assign(rows, 0);
    LODE_ASSERT(group.codes.size() >= (field_row_ + rows) * columns_);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::int32_t* codes = group.codes.data() + (field_row_ + row) * columns_;
      repeats[row] = field_row_ + row > 0 && std::equal(codes, codes + columns_, codes - columns_) ? 1 : 0;
    }
  }

  KernelArguments arguments(const Node& node) const { return {node.literals, node.options, profile_}; }

  void run_task(const Stage& stage, std::size_t index, std::size_t rows) {
    const Arenas::Lease arena(arenas_);
    Task task;
    task.is_series = stage.is_series;
    task.block = stage.is_series ? index : 0;
    task.first = stage.is_series ? 0 : index * cross_rows_;
    task.rows = stage.is_series ? rows : std::min(cross_rows_, rows - task.first);
    task.slots = reinterpret_cast<T*>(arena.bytes().data());
    const std::size_t slot_bytes = stage.slots * slot_cells(stage.is_series) * sizeof(T);
    task.scratch = {arena.bytes().subspan(kernels::Bump::aligned(slot_bytes))};
    for (const Action& action : stage.actions) {
      switch (action.kind) {
        case Action::Kind::kKeep:
          keep(action, task);
          break;
        case Action::Kind::kLoad:
          load(action, task);
          break;
        case Action::Kind::kMask:
          mask(action, task);
          break;
        case Action::Kind::kRun:
          run_operator(action, task);
          break;
        case Action::Kind::kSpill:
          copy(tile(action.from, task, 0), slab_tile(action.to.index, task));
          break;
        case Action::Kind::kEmit:
          emit(action, task);
          break;
      }
    }
  }

  // The value at `place` for the rows of the task, `back` rows of history in front.
  Tile<T> tile(Place place, const Task& task, std::size_t back) const {
    if (place.kind == Place::Kind::kSlab) {
      return slab_tile(place.index, task);
    }
    if (place.kind == Place::Kind::kLiteral) {
      T* start = literals_.template as<T>() + literal_of_[place.index] * stride_;
      return {start, task.rows, task.is_series ? lanes_ : columns_, 0};
    }
    if (place.kind == Place::Kind::kHistory) {
      const History& history = histories_[place.index];
      T* start = history.cells.template as<T>() + (task.block * history.capacity + history.at - back) * lanes_;
      return {start, back + task.rows, lanes_, lanes_};
    }
    if (place.kind == Place::Kind::kOutput) {
      return output_tile(place, task);
    }
    T* start = task.slots + place.index * slot_cells(task.is_series);
    return task.is_series ? Tile<T>{start, task.rows, lanes_, lanes_} : Tile<T>{start, task.rows, columns_, stride_};
  }

  // The rows of a cross task in an output; without outputs, in a warm-up, a slot.
  Tile<T> output_tile(Place place, const Task& task) const {
    if (outputs_.empty()) {
      return {task.slots + place.slot * slot_cells(false), task.rows, columns_, stride_};
    }
    return {outputs_[place.index] + (out_row_ + task.first) * columns_, task.rows, columns_, columns_};
  }

  // The task's part of a slab: its rows, or its block of columns.
  Tile<T> slab_tile(std::uint32_t slab, const Task& task) const {
    T* start = slabs_.template as<T>() + (slab * stretch_ + task.first) * stride_ + task.block * lanes_;
    return {start, task.rows, task.is_series ? lanes_ : columns_, stride_};
  }

  static void copy(const Tile<T>& from, const Tile<T>& to) {
    if (to.width == kLanes) {
      for (std::size_t row = 0; row < to.rows; ++row) {
        copy_block(from.row(row), to.row(row));
      }
      return;
    }
    for (std::size_t row = 0; row < to.rows; ++row) {
      std::copy_n(from.row(row), to.width, to.row(row));
    }
  }

  // Of a size the compiler knows, so that it becomes a few moves.
  static void copy_block(const T* from, T* to) { std::memcpy(to, from, kLanes * sizeof(T)); }

  // Columns of the panel that the task's tiles stand for: [first_column, first_column + used_width).
  std::size_t first_column(const Task& task) const { return task.block * lanes_; }
  std::size_t used_width(const Task& task) const {
    return task.is_series ? std::min(lanes_, columns_ - first_column(task)) : columns_;
  }

  void keep(const Action& action, const Task& task) const {
    const History& history = histories_[action.to.index];
    if (history.moves) {
      T* start = history.cells.template as<T>() + task.block * history.capacity * lanes_;
      std::copy_n(start + history.from * lanes_, history.kept * lanes_, start);
    }
  }

  void load(const Action& action, const Task& task) const {
    const Tile<T> to = tile(action.to, task, 0);
    const Node& node = nodes_[action.node];
    if (node.kind == NodeKind::kOperator) {
      copy(slab_tile(action.from.index, task), to);
    } else if (node.kind == NodeKind::kLiteral) {
      for (std::size_t row = 0; row < to.rows; ++row) {
        std::fill_n(to.row(row), to.width, stored<T>(node.literal));
      }
    } else if (panels_[action.node]->precision() == Precision::kFloat64) {
      load_field(task, to, [&](std::size_t row) { return panels_[action.node]->row64(row).data(); });
    } else {
      load_field(task, to, [&](std::size_t row) { return panels_[action.node]->row32(row).data(); });
    }
  }

  template <class S>
  static void load_cells(const S* from, T* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      if constexpr (sizeof(S) == sizeof(T)) {
        // Finite. In whole numbers, so that it runs in lanes.
        using Bits = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
        constexpr auto kInfinite = std::bit_cast<Bits>(std::numeric_limits<T>::infinity());
        const auto bits = std::bit_cast<Bits>(from[i]);
        to[i] = std::bit_cast<T>((bits & kInfinite) == kInfinite ? std::bit_cast<Bits>(kMissing<T>) : bits);
      } else {
        to[i] = stored<T>(from[i]);
      }
    }
  }

  // An infinite cell of a field is missing; so are the lanes beyond the last column.
  template <class RowOf>
  void load_field(const Task& task, const Tile<T>& to, RowOf row_of) const {
    const std::size_t used = used_width(task);
    for (std::size_t row = 0; row < to.rows; ++row) {
      const auto* from = row_of(field_row_ + task.first + row) + first_column(task);
      T* cell = to.row(row);
      if (used == kLanes) {
        load_cells(from, cell, kLanes);
      } else {
        load_cells(from, cell, used);
        std::fill_n(cell + used, to.width - used, kMissing<T>);
      }
    }
  }

  void masked_copy(const T* from, T* to, std::size_t row, const Task& task) const {
    const std::size_t used = used_width(task);
    if (profile_->keeps_infinite && used == kLanes) {
      load_cells(from, to, kLanes);
    } else if (profile_->keeps_infinite) {
      load_cells(from, to, used);
    } else if (used == kLanes) {
      copy_block(from, to);
    } else {
      std::copy_n(from, used, to);
    }
    if (fields_->universe().empty()) {
      return;
    }
    const std::uint8_t* inside = fields_->universe().data() + (field_row_ + row) * columns_ + first_column(task);
    for (std::size_t i = 0; i < used; ++i) {
      to[i] = inside[i] != 0 ? to[i] : kMissing<T>;
    }
  }

  void mask(const Action& action, const Task& task) const {
    const Tile<T> from = tile(action.from, task, 0);
    const Tile<T> to = tile(action.to, task, 0);
    for (std::size_t row = 0; row < task.rows; ++row) {
      masked_copy(from.row(row), to.row(row), task.first + row, task);
    }
  }

  void emit(const Action& action, const Task& task) const {
    if (outputs_.empty()) {
      return;  // A warm-up.
    }
    const Tile<T> from = tile(action.from, task, 0);
    T* out = outputs_[action.output] + (out_row_ + task.first) * columns_ + first_column(task);
    for (std::size_t row = 0; row < task.rows; ++row) {
      masked_copy(from.row(row), out + row * columns_, task.first + row, task);
    }
  }

  void run_operator(const Action& action, Task& task) {
    const Node& node = nodes_[action.node];
    const std::size_t back = back_[action.node];
    LODE_ASSERT(action.operands.size() <= kMostOperands);
    LODE_ASSERT(action.groups.size() <= kMostOperands);
    for (std::size_t i = 0; i < action.operands.size(); ++i) {
      const Tile<T> operand = tile(action.operands[i], task, back);
      task.operands[i] = {operand.cells, operand.rows, operand.width, operand.stride};
    }
    for (std::size_t i = 0; i < action.groups.size(); ++i) {
      const GroupPanel& panel = *groups_[action.groups[i]];
      task.groups[i] = {panel.codes.data() + (field_row_ + task.first) * columns_,
                        repeats_[action.groups[i]].data() + task.first, task.rows, columns_, columns_};
    }
    KernelCall<T> call{std::span(task.operands).first(action.operands.size()),
                       std::span(task.groups).first(action.groups.size()),
                       tile(action.to, task, 0),
                       arguments(node),
                       task.scratch,
                       back,
                       {},
                       first_bars_of(action.node, task),
                       session_ + static_cast<std::int32_t>(task.first)};
    if (plan_.state_of[action.node] != kNone) {
      const std::size_t doubles = lanes_ * node.op->state;
      call.state = std::span(state_[plan_.state_of[action.node]].values).subspan(task.block * doubles, doubles);
    }
    if constexpr (sizeof(T) == sizeof(double)) {
      node.op->run64(call);
    } else {
      node.op->run32(call);
    }
    if (node.op->revives && call.session < first_bars_.last_of(action.node)) {
      blank_before_first_bars(call);
    }
  }

  std::span<const std::int32_t> first_bars_of(std::uint32_t node, const Task& task) const {
    const std::span<const std::int32_t> all = first_bars_.of(node);
    return all.empty() || !task.is_series ? all : all.subspan(first_column(task));
  }

  static void blank_before_first_bars(const KernelCall<T>& call) {
    for (std::size_t row = 0; row < call.out.rows; ++row) {
      const std::int32_t session = call.session + static_cast<std::int32_t>(row);
      for (std::size_t i = 0; i < std::min(call.out.width, call.first_bars.size()); ++i) {
        T& cell = call.out.row(row)[i];
        cell = session < call.first_bars[i] ? kMissing<T> : cell;
      }
    }
  }

  const std::vector<Node>& nodes_;
  const Profile* profile_;
  const Plan& plan_;
  const Fields* fields_ = nullptr;  // Of the stretch.
  std::size_t field_row_ = 0;       // Where it begins in them.
  std::size_t out_row_ = 0;         // And in the outputs.
  std::int32_t session_ = 0;        // Sessions before it.
  std::size_t columns_;
  std::size_t lanes_;   // Instruments of a series task.
  std::size_t blocks_;  // Of so many instruments.
  std::size_t stride_;  // Cells a row of a slab or cross slot: whole blocks.
  std::size_t stretch_;
  std::size_t cross_rows_;  // Rows of a cross task.
  Block slabs_;
  Arenas arenas_;
  Block literals_;
  std::vector<std::size_t> literal_of_;  // By node: its row there.
  std::vector<History> histories_;
  std::vector<State> state_;
  std::vector<T*> outputs_;
  std::vector<std::size_t> back_;     // By node: rows of history its kernel reads.
  std::vector<const Panel*> panels_;  // By node.
  std::vector<const GroupPanel*> groups_;
  std::vector<std::vector<std::uint8_t>> repeats_;  // By node, of the stretch's sessions.
  FirstBars first_bars_;
};

}  // namespace

std::unique_ptr<Machine> make_machine(const Program& program, const Plan& plan, std::size_t columns,
                                      Precision precision, Room room) {
  if (precision == Precision::kFloat64) {
    return std::make_unique<Runner<double>>(program, plan, columns, room);
  }
  return std::make_unique<Runner<float>>(program, plan, columns, room);
}

}  // namespace lode::expr::engine
