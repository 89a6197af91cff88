// Planning: stages by the shapes of operators, places by who reads a value where, slots by a free list.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/engine/plan.h"

#include <algorithm>

#include "lode/base/assert.h"

namespace lode::expr::engine {
namespace {

using Index = std::uint32_t;

constexpr int kUnplaced = -1;

bool is_series(int stage) { return stage % 2 == 0; }

// What the planner learns of a node before it writes actions.
struct Facts {
  bool is_live = false;        // Some root needs it.
  int stage = kUnplaced;       // Where it is computed; leaves have none.
  std::vector<Index> readers;  // Live nodes it is an operand of, once an operand.
  Index history = kNone;
  int home = kUnplaced;  // The stage that fills the history.
  Index slab = kNone;
  Index output = kNone;
};

class Planner {
 public:
  Planner(const Program& program, bool is_masked)
      : program_(program),
        nodes_(program.nodes),
        is_masked_(is_masked || program.profile->keeps_infinite),
        facts_(nodes_.size()) {}

  Plan run() {
    find_live();
    find_outputs();
    place_operators();
    place_floating();
    give_histories();
    give_states();
    give_slabs();
    plan_.stages.resize(stage_count());
    for (std::size_t stage = 0; stage < plan_.stages.size(); ++stage) {
      write_stage(static_cast<int>(stage));
    }
    return std::move(plan_);
  }

 private:
  bool is_operator(Index node) const { return nodes_[node].kind == NodeKind::kOperator; }
  bool is_group(Index node) const { return nodes_[node].kind == NodeKind::kGroupField; }
  Shape shape(Index node) const { return nodes_[node].op->spec.shape; }

  void find_live() {
    for (const Index root : program_.roots) {
      facts_[root].is_live = true;
    }
    for (Index node = size(); node-- > 0;) {
      for (const Index operand : nodes_[node].operands) {
        LODE_ASSERT(operand < node);
        facts_[operand].is_live = facts_[operand].is_live || facts_[node].is_live;
        if (facts_[node].is_live) {
          facts_[operand].readers.push_back(node);
        }
      }
    }
  }

  void find_outputs() {
    for (const Index root : program_.roots) {
      LODE_ASSERT(!is_group(root));
      Facts& facts = facts_[root];
      if (facts.output == kNone) {
        facts.output = static_cast<Index>(plan_.outputs.size());
        plan_.outputs.push_back(root);
      }
      plan_.output_of_root.push_back(facts.output);
    }
  }

  // Operators go to the first stage of their shape that has its operands. Elementwise operators over fields alone
  // float.
  void place_operators() {
    for (Index node = 0; node < size(); ++node) {
      if (!facts_[node].is_live || !is_operator(node)) {
        continue;
      }
      int stage = kUnplaced;
      for (const Index operand : nodes_[node].operands) {
        stage = std::max(stage, facts_[operand].stage);
      }
      if (shape(node) == Shape::kSeries) {
        stage = stage == kUnplaced ? 0 : stage + (is_series(stage) ? 0 : 1);
      } else if (shape(node) == Shape::kCross) {
        stage = stage == kUnplaced ? 1 : stage + (is_series(stage) ? 1 : 0);
      }
      facts_[node].stage = stage;
    }
  }

  // Floating operators go where they are first read; roots among them to the rows, which is how they are stored.
  void place_floating() {
    for (Index node = size(); node-- > 0;) {
      Facts& facts = facts_[node];
      if (!facts.is_live || !is_operator(node) || facts.stage != kUnplaced) {
        continue;
      }
      for (const Index reader : facts.readers) {
        const int stage = facts_[reader].stage;
        facts.stage = facts.stage == kUnplaced ? stage : std::min(facts.stage, stage);
      }
      facts.stage = facts.stage == kUnplaced ? 1 : facts.stage;
    }
  }

  void give_histories() {
    for (Index node = 0; node < size(); ++node) {
      Facts& facts = facts_[node];
      if (!facts.is_live || is_group(node)) {
        continue;
      }
      std::size_t rows = 0;
      bool is_left_over = false;  // By one series stage to another.
      for (const Index reader : facts.readers) {
        const Facts& reading = facts_[reader];
        if (!is_series(reading.stage)) {
          continue;
        }
        if (shape(reader) == Shape::kSeries) {
          rows = std::max(rows, kept_rows(nodes_[reader], program_.profile));
        }
        is_left_over = is_left_over || (is_operator(node) && is_series(facts.stage) && reading.stage != facts.stage);
        facts.home = facts.home == kUnplaced ? reading.stage : std::min(facts.home, reading.stage);
      }
      if (rows > 0 || is_left_over) {
        facts.history = static_cast<Index>(plan_.history_rows.size());
        plan_.history_rows.push_back(rows);
        facts.home = is_operator(node) && is_series(facts.stage) ? facts.stage : facts.home;
      }
    }
  }

  void give_states() {
    plan_.state_of.assign(nodes_.size(), kNone);
    for (Index node = 0; node < size(); ++node) {
      if (facts_[node].is_live && is_operator(node)) {
        if (carries_state(*nodes_[node].op)) {
          plan_.state_of[node] = static_cast<Index>(plan_.states++);
        }
        const auto lookback = nodes_[node].op->lookback;
        plan_.reads_ahead =
            plan_.reads_ahead || (lookback != nullptr && lookback(arguments_of(nodes_[node], program_.profile)) < 0);
      }
    }
  }

  // The last stage that reads the node's slab; kUnplaced when it needs none.
  int last_slab_reader(Index node) const {
    const Facts& facts = facts_[node];
    int last = kUnplaced;
    if (!facts.is_live || !is_operator(node)) {
      return last;
    }
    for (const Index reader : facts.readers) {
      const int stage = facts_[reader].stage;
      if (stage == facts.stage || (is_series(stage) && is_series(facts.stage))) {
        continue;
      }
      last = std::max(last, is_series(stage) && facts.history != kNone ? facts.home : stage);
    }
    return last;
  }

  void give_slabs() {
    std::vector<int> free_after;  // By slab: the last stage that reads what it holds.
    std::vector<Index> order;
    for (Index node = 0; node < size(); ++node) {
      order.push_back(node);
    }
    std::ranges::stable_sort(order, {}, [this](Index node) { return facts_[node].stage; });
    for (const Index node : order) {
      const int last = last_slab_reader(node);
      if (last == kUnplaced) {
        continue;
      }
      const auto free = std::ranges::find_if(free_after, [&](int stage) { return stage < facts_[node].stage; });
      facts_[node].slab = static_cast<Index>(free - free_after.begin());
      if (free == free_after.end()) {
        free_after.push_back(last);
      } else {
        *free = last;
      }
    }
    plan_.slabs = free_after.size();
  }

  std::size_t stage_count() const {
    int last = kUnplaced;
    for (Index node = 0; node < size(); ++node) {
      const Facts& facts = facts_[node];
      last = std::max(last, facts.stage);
      if (facts.output != kNone && !is_operator(node)) {
        last = std::max(last, 1);
      }
    }
    return static_cast<std::size_t>(last) + 1;
  }

  // Slots of the stage being written, and what stands where in its tasks.
  struct Writing {
    int stage = 0;
    std::vector<Index> free;
    std::vector<Place> places;       // By node; index kNone: not there.
    std::vector<std::size_t> reads;  // By node: operands in this stage still to come.
  };

  void write_stage(int stage) {
    Stage& out = plan_.stages[static_cast<std::size_t>(stage)];
    out.is_series = is_series(stage);
    Writing writing{stage, {}, std::vector<Place>(nodes_.size()), std::vector<std::size_t>(nodes_.size(), 0)};
    for (Index node = 0; node < size(); ++node) {
      if (facts_[node].stage == stage) {
        for (const Index operand : nodes_[node].operands) {
          ++writing.reads[operand];
        }
      }
    }
    for (Index node = 0; node < size(); ++node) {
      if (facts_[node].stage == stage) {
        write_operator(node, out, writing);
      } else if (stage == 1 && facts_[node].output != kNone && !is_operator(node)) {
        ++writing.reads[node];
        emit(node, find(node, out, writing), out);
        done(node, writing);
      }
    }
  }

  Place new_slot(Stage& out, Writing& writing) const {
    if (writing.free.empty()) {
      return {Place::Kind::kSlot, static_cast<Index>(out.slots++)};
    }
    const Index slot = writing.free.back();
    writing.free.pop_back();
    return {Place::Kind::kSlot, slot};
  }

  // One read of `node` is behind us.
  void done(Index node, Writing& writing) const {
    if (--writing.reads[node] == 0) {
      free(writing.places[node], writing);
    }
  }

  static void free(Place place, Writing& writing) {
    if (place.kind == Place::Kind::kSlot || place.kind == Place::Kind::kOutput) {
      writing.free.push_back(place.kind == Place::Kind::kSlot ? place.index : place.slot);
    }
  }

  // Where the tasks of this stage find a value; writes its load at the first use.
  Place find(Index node, Stage& out, Writing& writing) const {
    Place& place = writing.places[node];
    if (place.index != kNone) {
      return place;
    }
    const Facts& facts = facts_[node];
    if (out.is_series && facts.history != kNone) {
      place = {Place::Kind::kHistory, facts.history};
      if (facts.home == writing.stage) {
        add({Action::Kind::kKeep, node, {}, place, {}, {}, kNone}, out);
        add({Action::Kind::kLoad, node, slab_of(node), place, {}, {}, kNone}, out);
      }
    } else if (facts.slab != kNone) {
      place = slab_of(node);
    } else if (nodes_[node].kind == NodeKind::kLiteral) {
      place = {Place::Kind::kLiteral, node};
    } else {
      place = new_slot(out, writing);
      add({Action::Kind::kLoad, node, slab_of(node), place, {}, {}, kNone}, out);
    }
    return place;
  }

  Place slab_of(Index node) const { return {Place::Kind::kSlab, facts_[node].slab}; }

  static void add(Action action, Stage& out) { out.actions.push_back(std::move(action)); }

  void emit(Index node, Place from, Stage& out) const {
    Action action;
    action.kind = Action::Kind::kEmit;
    action.node = node;
    action.from = from;
    action.output = facts_[node].output;
    add(std::move(action), out);
  }

  void write_operator(Index node, Stage& out, Writing& writing) const {
    Action run;
    run.node = node;
    std::vector<Index> masked_slots;
    for (const Index operand : nodes_[node].operands) {
      if (is_group(operand)) {
        run.groups.push_back(operand);
        continue;
      }
      Place place = find(operand, out, writing);
      const bool is_clean = is_operator(operand) && shape(operand) == Shape::kCross;
      if (is_masked_ && shape(node) == Shape::kCross && !is_clean) {
        const Place masked = new_slot(out, writing);
        add({Action::Kind::kMask, operand, place, masked, {}, {}, kNone}, out);
        masked_slots.push_back(masked.index);
        place = masked;
      }
      run.operands.push_back(place);
    }
    const Facts& facts = facts_[node];
    if (out.is_series && facts.history != kNone) {
      run.to = {Place::Kind::kHistory, facts.history};
      add({Action::Kind::kKeep, node, {}, run.to, {}, {}, kNone}, out);
    } else if (facts.slab != kNone) {
      run.to = slab_of(node);
    } else {
      run.to = new_slot(out, writing);
      if (facts.output != kNone && !out.is_series && !is_masked_) {
        run.to = {Place::Kind::kOutput, facts.output, run.to.index};
      }
    }
    const Place to = run.to;
    writing.places[node] = to;
    add(std::move(run), out);
    if (to.kind == Place::Kind::kHistory && facts.slab != kNone) {
      add({Action::Kind::kSpill, node, to, slab_of(node), {}, {}, kNone}, out);
    }
    if (facts.output != kNone && to.kind != Place::Kind::kOutput) {
      emit(node, to, out);
    }
    release(node, masked_slots, writing);
  }

  // After a node has run: its operands' reads, its masks, and itself when nothing here reads it.
  void release(Index node, const std::vector<Index>& masked_slots, Writing& writing) const {
    for (const Index operand : nodes_[node].operands) {
      if (!is_group(operand)) {
        done(operand, writing);
      }
    }
    writing.free.insert(writing.free.end(), masked_slots.begin(), masked_slots.end());
    if (writing.reads[node] == 0) {
      free(writing.places[node], writing);
    }
  }

  Index size() const { return static_cast<Index>(nodes_.size()); }

  const Program& program_;
  const std::vector<Node>& nodes_;
  bool is_masked_;
  std::vector<Facts> facts_;
  Plan plan_;
};

}  // namespace

KernelArguments arguments_of(const Node& node, const Profile* profile) {
  return {node.literals, node.options, profile, node.op};
}

bool carries_state(const Operator& op) { return op.state > 0 || op.state_of != nullptr; }

std::size_t kept_rows(const Node& node, const Profile* profile) {
  if (carries_state(*node.op) || node.op->lookback == nullptr) {
    return 0;
  }
  return static_cast<std::size_t>(std::max(0, node.op->lookback(arguments_of(node, profile))));
}

Plan make_plan(const Program& program, bool is_masked) { return Planner(program, is_masked).run(); }

}  // namespace lode::expr::engine
