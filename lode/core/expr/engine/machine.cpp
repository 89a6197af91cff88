// The machine: tasks of a stage on every core, values from slots, histories and slabs.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/engine/machine.h"

#include <algorithm>
#include <array>

#include "lode/base/assert.h"
#include "lode/core/expr/engine/chains.h"
#include "lode/core/expr/engine/fetch.h"
#include "lode/core/expr/engine/first_bars.h"
#include "lode/core/expr/engine/histories.h"
#include "lode/core/expr/engine/inputs.h"
#include "lode/core/expr/engine/memory.h"
#include "lode/core/expr/engine/notes.h"
#include "lode/core/expr/engine/recursive_states.h"
#include "lode/core/expr/engine/state.h"
#include "lode/core/expr/engine/values.h"
#include "lode/core/expr/kernels/kernel.h"

namespace lode::expr::engine {
namespace {

using kernels::stored;

constexpr std::size_t kMostOperands = 64;

// Values of one precision on their way through the stages.
template <class T>
class Runner final : public Machine {
 public:
  Runner(const Program& program, const Plan& plan, std::size_t columns, Room room)
      : nodes_(program.nodes),
        profile_(program.profile),
        plan_(plan),
        cut_(make_cut(columns, room.stretch_rows)),
        stride_(cut_.stride()),
        stretch_(room.stretch_rows),
        cross_rows_(
            std::clamp<std::size_t>(room.cross_bytes / std::max<std::size_t>(stride_ * sizeof(T), 1), 1, stretch_)),
        arenas_(arena_bytes()),
        values_(program.nodes, plan, cut_),
        histories_(plan.history_rows, cut_, room.history_rows),
        states_(program, plan, stride_),
        inputs_(program),
        first_bars_(program, columns),
        notes_(program.nodes.size()) {
    for (const Node& node : nodes_) {
      back_.push_back(node.kind == NodeKind::kOperator ? kept_rows(node, profile_) : 0);
    }
    if (!room.is_restored) {
      histories_.forget();
    }
    make_notes();
    for (const Stage& stage : plan_.stages) {
      reads_.emplace_back(stage, back_, notes_.are_taken(), cut_);
      chains_.push_back(stage.is_series ? Chains() : chains_of(stage, nodes_));
    }
  }

  void advance(const Fields& fields, std::size_t row, std::size_t rows, std::span<Panel> outputs, std::size_t out_row,
               Pool& pool) override {
    inputs_.see(fields, row, rows);
    first_bars_.see(fields, row, rows, session_);
    values_.put_out(outputs, out_row);
    histories_.begin(rows);
    for (std::size_t stage = 0; stage < plan_.stages.size(); ++stage) {
      run_stage(stage, rows, pool);
    }
    histories_.end(rows);
    session_ += static_cast<std::int32_t>(rows);
  }

  std::size_t saved_bytes() const override {
    return sizeof(std::uint64_t) + histories_.saved_bytes() + states_.saved_bytes(cut_.columns) +
           first_bars_.saved_bytes();
  }

  void save(StateWriter& to) const override {
    to.number(static_cast<std::uint64_t>(session_));
    histories_.save(to);
    states_.save(to, cut_.columns);
    first_bars_.save(to);
  }

  void restore(StateReader& from, std::span<const std::uint32_t> column_of) override {
    // A forged number, far beyond any session, must leave room to count on.
    session_ = static_cast<std::int32_t>(std::min<std::uint64_t>(from.number(), 1'000'000'000));
    histories_.restore(from, column_of);
    states_.restore(from, column_of);
    first_bars_.restore(from, column_of);
  }

  void adopt(const Machine& other, std::span<const std::uint32_t> columns) override {
    const auto& from = dynamic_cast<const Runner<T>&>(other);
    for (const std::uint32_t column : columns) {
      histories_.adopt(from.histories_, column);
      states_.adopt(from.states_, column);
    }
  }

 private:
  // One task: a stage's actions on one block of instruments, or on some rows.
  struct Task : Extent {
    T* slots = nullptr;
    Scratch scratch;
    std::vector<Place> unmasked;  // By slot: the value itself, where the running operator's mask has nothing to do.
    std::array<Tile<const T>, kMostOperands> operands;  // Of the running operator.
    std::array<GroupTile, kMostOperands> groups;
  };
  using Chains = std::vector<std::vector<std::uint32_t>>;

  std::size_t slot_cells(bool is_series) const { return is_series ? stretch_ * cut_.lanes : cross_rows_ * stride_; }

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
        const std::size_t width = stage.is_series ? cut_.lanes : cut_.columns;
        scratch = std::max(scratch, node.op->scratch_bytes(arguments(node), rows, width));
      }
      most = std::max(most, stage.slots * slot_cells(stage.is_series) * sizeof(T) + scratch + kAlignment);
    }
    return most;
  }

  // Notes are of floats and single sessions.
  void make_notes() {
    for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
      const Operator* op = nodes_[node].op;
      if (cut_.is_single() && sizeof(T) == sizeof(float) && back_[node] > 0 && op->note_bytes != nullptr) {
        notes_.take(node, op->note_bytes(arguments(nodes_[node])), stride_);
      }
    }
  }

  KernelArguments arguments(const Node& node) const { return arguments_of(node, profile_); }

  void run_stage(std::size_t stage, std::size_t rows, Pool& pool) {
    const bool is_series = plan_.stages[stage].is_series;
    const std::size_t tasks = is_series ? cut_.blocks() : (rows + cross_rows_ - 1) / cross_rows_;
    if (plan_.stages[stage].actions.empty()) {
      return;
    }
    if (!is_series && tasks == 1 && pool.threads() > 1) {
      const Chains& chains = chains_[stage];
      pool.for_each(chains.size(), [&](std::size_t chain) {
        run_task(stage, 0, rows, [&](auto run) { std::ranges::for_each(chains[chain], run); });
      });
      return;
    }
    pool.for_each(tasks, [&](std::size_t task) {
      run_task(stage, task, rows, [&](auto run) {
        for (std::size_t i = 0; i < plan_.stages[stage].actions.size(); ++i) {
          run(i);
        }
      });
    });
  }

  // `each` calls its argument with the indices of the actions that are to run.
  template <class Each>
  void run_task(std::size_t stage_index, std::size_t index, std::size_t rows, Each each) {
    const Stage& stage = plan_.stages[stage_index];
    const Arenas::Lease arena(arenas_);
    Task task;
    task.is_series = stage.is_series;
    task.block = stage.is_series ? index : 0;
    task.first = stage.is_series ? 0 : index * cross_rows_;
    task.rows = stage.is_series ? rows : std::min(cross_rows_, rows - task.first);
    task.slots = reinterpret_cast<T*>(arena.bytes().data());
    const std::size_t slot_bytes = stage.slots * slot_cells(stage.is_series) * sizeof(T);
    task.scratch = {arena.bytes().subspan(kernels::Bump::aligned(slot_bytes))};
    task.unmasked.resize(stage.is_series ? 0 : stage.slots);
    Fetcher<T> fetcher(reads_[stage_index], histories_, task.block);
    each([&](std::size_t i) {
      const Action& action = stage.actions[i];
      if (stage.is_series && cut_.is_single() && action.kind == Action::Kind::kRun && back_[action.node] > 0) {
        run_windows(action, task, [&](std::size_t group) { fetcher.before(i, group); });
      } else {
        run_action(action, task);
      }
      if (stage.is_series && action.kind != Action::Kind::kKeep && action.to.kind == Place::Kind::kHistory) {
        histories_.written(action.to.index, task.block);
      }
    });
  }

  void run_action(const Action& action, Task& task) {
    switch (action.kind) {
      case Action::Kind::kKeep:
        histories_.make_room(action.to.index, task.block);
        break;
      case Action::Kind::kLoad:
        load(action, task);
        break;
      case Action::Kind::kMask:
        mask(action, task);
        break;
      case Action::Kind::kRun:
        run_operator(action, task);
        std::ranges::fill(task.unmasked, Place{});
        break;
      case Action::Kind::kSpill:
        copy(tile(action.from, task, 0), values_.slab(action.to.index, task));
        break;
      case Action::Kind::kEmit:
        emit(action, task);
        break;
    }
  }

  // The value at `place` for the rows of the task, `back` rows of history in front.
  Tile<T> tile(Place place, const Task& task, std::size_t back) const {
    switch (place.kind) {
      case Place::Kind::kSlab:
        return values_.slab(place.index, task);
      case Place::Kind::kLiteral:
        return values_.literal(place.index, task);
      case Place::Kind::kHistory:
        return back > 0 ? histories_.window(place.index, task.block, 0, back, task.rows)
                        : histories_.today(place.index, task.block, task.rows);
      case Place::Kind::kOutput:  // A slot instead in a warm-up.
        return values_.has_outputs() ? values_.output(place.index, task) : slot(place.slot, task);
      case Place::Kind::kSlot:
        break;
    }
    if (!task.unmasked.empty() && task.unmasked[place.index].index != kNone) {
      return tile(task.unmasked[place.index], task, back);
    }
    return slot(place.index, task);
  }
  Tile<T> slot(std::uint32_t index, const Task& task) const {
    T* start = task.slots + index * slot_cells(task.is_series);
    return task.is_series ? Tile<T>{start, task.rows, cut_.lanes, cut_.lanes}
                          : Tile<T>{start, task.rows, cut_.columns, stride_};
  }

  static void copy(const Tile<T>& from, const Tile<T>& to) {
    for (std::size_t row = 0; row < to.rows; ++row) {
      if (to.width == kLanes) {
        std::copy_n(from.row(row), kLanes, to.row(row));  // A count the compiler knows: a few moves.
      } else {
        std::copy_n(from.row(row), to.width, to.row(row));
      }
    }
  }

  // What the task's tiles stand for.
  Part part_of(const Task& task) const {
    const std::size_t first = task.block * cut_.lanes;
    return {task.first, first, task.is_series ? std::min(cut_.lanes, cut_.columns - first) : cut_.columns};
  }

  void load(const Action& action, const Task& task) const {
    const Tile<T> to = tile(action.to, task, 0);
    const Node& node = nodes_[action.node];
    if (node.kind == NodeKind::kOperator) {
      copy(values_.slab(action.from.index, task), to);
    } else if (node.kind == NodeKind::kLiteral) {
      for (std::size_t row = 0; row < to.rows; ++row) {
        std::fill_n(to.row(row), to.width, stored<T>(node.literal));
      }
    } else {
      inputs_.load(action.node, part_of(task), to);
    }
  }

  void mask(const Action& action, Task& task) const {
    if (inputs_.are_inside()) {
      task.unmasked[action.to.index] = action.from;
      return;
    }
    const Tile<T> from = tile(action.from, task, 0);
    const Tile<T> to = tile(action.to, task, 0);
    inputs_.copy_inside(from, to, part_of(task));
  }

  void emit(const Action& action, const Task& task) const {
    if (!values_.has_outputs()) {
      return;  // A warm-up.
    }
    const Tile<T> from = tile(action.from, task, 0);
    const Tile<T> to = values_.output(action.output, task);
    inputs_.copy_inside(from, to, part_of(task));
  }

  // The call of the action's kernel on the task's tiles.
  KernelCall<T> call_of(const Action& action, Task& task) {
    const Node& node = nodes_[action.node];
    const std::size_t back = back_[action.node];
    LODE_ASSERT(action.operands.size() <= kMostOperands);
    LODE_ASSERT(action.groups.size() <= kMostOperands);
    for (std::size_t i = 0; i < action.operands.size(); ++i) {
      const Tile<T> operand = tile(action.operands[i], task, back);
      task.operands[i] = {operand.cells, operand.rows, operand.width, operand.stride};
    }
    for (std::size_t i = 0; i < action.groups.size(); ++i) {
      task.groups[i] = inputs_.groups(action.groups[i], task.first, task.rows);
    }
    KernelCall<T> call{std::span(task.operands).first(action.operands.size()),
                       std::span(task.groups).first(action.groups.size()),
                       tile(action.to, task, 0),
                       arguments(node),
                       task.scratch,
                       back,
                       {},
                       first_bars_of(action.node, task, 0),
                       session_ + static_cast<std::int32_t>(task.first)};
    if (plan_.state_of[action.node] != kNone) {
      call.state = states_.of(plan_.state_of[action.node], task.block * cut_.lanes, cut_.lanes);
    }
    return call;
  }

  void run_operator(const Action& action, Task& task) { run(action.node, call_of(action, task), 0); }

  // A window operator of a single session: group by group, each its windows' own run of memory.
  template <class Before>
  void run_windows(const Action& action, Task& task, Before before) {
    KernelCall<T> call = call_of(action, task);
    call.out.width = cut_.group_lanes();
    for (std::size_t group = 0; group < cut_.groups; ++group) {
      before(group);
      for (std::size_t i = 0; i < action.operands.size(); ++i) {
        LODE_ASSERT(action.operands[i].kind == Place::Kind::kHistory);
        const Tile<T> rows = histories_.window(action.operands[i].index, task.block, group, call.history, 1);
        task.operands[i] = {rows.cells, rows.rows, rows.width, rows.stride};
      }
      const std::size_t lane = group * cut_.group_lanes();
      call.first_bars = first_bars_of(action.node, task, lane);
      run(action.node, call, task.block * cut_.lanes + lane);
      call.out.cells += cut_.group_lanes();
    }
  }

  // `column`: where the call's notes begin.
  void run(std::uint32_t node, const KernelCall<T>& call, std::size_t column) const {
    const Operator& op = *nodes_[node].op;
    if constexpr (sizeof(T) == sizeof(double)) {
      op.run64(call);
    } else if (notes_.are_taken()[node]) {
      op.noting32(call, notes_.of(node, column, call.out.width));
    } else {
      op.run32(call);
    }
    if (op.revives && call.session < first_bars_.last_of(node)) {
      blank_before_first_bars(call);
    }
  }

  // By lane from lane `first` of the task on.
  std::span<const std::int32_t> first_bars_of(std::uint32_t node, const Task& task, std::size_t first) const {
    const std::span<const std::int32_t> all = first_bars_.of(node);
    return all.empty() || !task.is_series ? all : all.subspan(std::min(part_of(task).first_column + first, all.size()));
  }

  const std::vector<Node>& nodes_;
  const Profile* profile_;
  const Plan& plan_;
  std::int32_t session_ = 0;  // Sessions before it.
  Cut cut_;
  std::size_t stride_;  // Cells a row of a slab or cross slot: whole blocks.
  std::size_t stretch_;
  std::size_t cross_rows_;  // Rows of a cross task.
  Arenas arenas_;
  Values<T> values_;
  Histories<T> histories_;
  RecursiveStates states_;
  Inputs<T> inputs_;  // Of the stretch.
  FirstBars first_bars_;
  std::vector<std::size_t> back_;  // By node: rows of history its kernel reads.
  Notes notes_;
  std::vector<Reads> reads_;    // By stage.
  std::vector<Chains> chains_;  // By stage, of cross stages.
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
