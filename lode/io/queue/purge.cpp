// Removing messages: finished ones whose time for replay is over, and what a person wants gone.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <vector>

#include "lode/io/queue/checked_file.h"
#include "lode/io/queue/queue_impl.h"

namespace lode::queue {

namespace {

constexpr std::int64_t kRowsOfCommit = 10'000;

Result<void> drop_rows(Queue::Impl& impl, std::int64_t id) {
  for (const char* sql : {"DELETE FROM log WHERE id = ?1", "DELETE FROM acked WHERE id = ?1"}) {
    LODE_TRY(Use drop, impl.prepared(sql));
    drop->bind(1, id);
    LODE_CHECK(drop->run());
  }
  return {};
}

Result<void> execute(Queue::Impl& impl, const char* sql) {
  LODE_TRY(Use statement, impl.prepared(sql));
  return statement->run();
}

// Does it, or nothing of it where that meets a damaged page (false). SQLite does not undo a DELETE that broke off among
// the pages of a long message: those before the damaged one would be free and still belong to it.
template <class Work>
Result<bool> whole_or_not(Queue::Impl& impl, const Work& work) {
  LODE_CHECK(execute(impl, "SAVEPOINT whole"));
  const NoHoles whole;  // Pages that SQLite itself finds out of order would end the transaction.
  Result<void> outcome = work();
  const bool met_damage = !outcome && impl.is_damage(outcome.error());
  if (met_damage && impl.database->is_in_transaction()) {
    LODE_CHECK(execute(impl, "ROLLBACK TO whole"));
    outcome = {};
  }
  LODE_CHECK(std::move(outcome));
  LODE_CHECK(execute(impl, "RELEASE whole"));
  return !met_damage;
}

struct Finished {
  std::vector<std::int64_t> ids;
  std::int64_t next = 0;  // Behind what was looked at.
};

// Behind a damaged page of the log, which tells nothing of the messages in it: the first number that can be looked up,
// or `end`. A thousand numbers at a time, the rest at the next call.
Result<std::int64_t> behind_damage(Queue::Impl& impl, std::int64_t from, std::int64_t end) {
  constexpr std::int64_t kSteps = 1'000;
  for (std::int64_t id = from; id < std::min(end, from + kSteps); ++id) {
    LODE_TRY(Use select, impl.prepared("SELECT 1 FROM log WHERE id = ?1"));
    select->bind(1, id);
    const auto row = select->step();
    if (row) {
      return id;
    }
    if (!impl.is_damage(row.error())) {
      return fail(row.error().clone());
    }
  }
  return std::min(end, from + kSteps);
}

Result<Finished> list_finished(Queue::Impl& impl, std::int64_t from, std::int64_t end, std::int64_t before,
                               std::int64_t most) {
  const NoHoles whole;
  Finished out{.ids = {}, .next = from};
  bool met_damage = false;
  {
    LODE_TRY(Use select,
             impl.prepared("SELECT l.id, l.pushed, coalesce(k.grp, 0) FROM log l LEFT JOIN links k ON k.id = l.id "
                           "WHERE l.id >= ?1 ORDER BY l.id LIMIT ?2"));
    select->bind(1, from).bind(2, most);
    while (true) {
      const auto row = select->step();
      if (!row && !impl.is_damage(row.error())) {
        return fail(row.error().clone());
      }
      met_damage = !row;
      if (!row || !*row || select->int64(1) >= before) {
        break;
      }
      out.next = select->int64(0) + 1;
      if (select->int64(2) == 0) {
        out.ids.push_back(out.next - 1);
      }
    }
  }
  if (met_damage && out.next == from) {
    LODE_TRY(out.next, behind_damage(impl, from, end));
  }
  return out;
}

Result<std::int64_t> purge_finished(Queue::Impl& impl, Time before) {
  std::int64_t removed = 0;
  std::int64_t from = 1;
  for (std::int64_t end = 2; from < end;) {
    auto changed = impl.change([&](State& state) -> Result<void> {
      end = state.next_id;
      const std::int64_t was = from;
      LODE_TRY(from, impl.trim(from, end, before.nanos, kRowsOfCommit, removed));
      end = from == was ? from : end;  // Nothing more is there, or it is too young.
      return {};
    });
    LODE_CHECK(std::move(changed));
  }
  return removed;
}

// A dead letter at the head of its group blocks it; the others stand outside.
Result<std::int64_t> purge_dead(Queue::Impl& impl) {
  std::int64_t removed = 0;
  auto changed = impl.change([&](State& state) -> Result<void> {
    removed = 0;
    std::vector<std::int64_t> ids;
    {
      LODE_TRY(Use select, impl.prepared("SELECT id FROM dead ORDER BY id"));
      while (true) {
        LODE_TRY(const bool row, select->step());
        if (!row) {
          break;
        }
        ids.push_back(select->int64(0));
      }
    }
    if (ids.empty()) {
      return {};
    }
    impl.writes();
    for (const std::int64_t id : ids) {
      LODE_TRY(const Link link, impl.chain_link(id));
      LODE_TRY(const auto group, impl.group_of_id(link.group));
      {
        LODE_TRY(Use drop, impl.prepared("DELETE FROM dead WHERE id = ?1"));
        drop->bind(1, id);
        LODE_CHECK(drop->run());
      }
      if (group && group->head == id) {
        LODE_CHECK(impl.advance(state, *group, link));
      }
      LODE_CHECK(impl.finish_link(state, id));
      LODE_CHECK(impl.drop_message(id));
      --state.dead;
      ++removed;
    }
    return {};
  });
  LODE_CHECK(std::move(changed));
  return removed;
}

// Everything behind the head of a group that is in flight, sealed or blocked, and all of the others.
Result<std::int64_t> purge_waiting(Queue::Impl& impl) {
  std::int64_t removed = 0;
  auto changed = impl.change([&](State& state) -> Result<void> {
    removed = 0;
    std::vector<GroupRow> groups;
    {
      LODE_TRY(Use select, impl.prepared("SELECT id, head, state, token, seal FROM groups"));
      while (true) {
        LODE_TRY(const bool row, select->step());
        if (!row) {
          break;
        }
        GroupRow group{.id = select->int64(0), .name = {}, .head = select->int64(1)};
        group.state = select->int64(2);
        group.token = select->int64(3);
        group.seal = select->text(4);
        groups.push_back(std::move(group));
      }
    }
    if (groups.empty()) {
      return {};
    }
    impl.writes();
    for (const GroupRow& group : groups) {
      const bool keeps = group.state == kBlocked || (group.state == kLeased && group.token > 0) || !group.seal.empty();
      std::int64_t at = group.head;
      if (keeps) {
        LODE_TRY(const Link head, impl.chain_link(group.head));
        at = head.next;
        LODE_CHECK(impl.set_next(group.head, 0));
      }
      LODE_TRY(Use end, keeps ? impl.prepared("UPDATE groups SET tail = head, count = 1 WHERE id = ?1")
                              : impl.prepared("DELETE FROM groups WHERE id = ?1"));
      end->bind(1, group.id);
      LODE_CHECK(end->run());
      while (at != 0) {
        LODE_TRY(const Link link, impl.chain_link(at));
        LODE_TRY(const bool dead, impl.is_dead(at));
        if (!dead) {
          LODE_CHECK(impl.finish_link(state, at));
          LODE_CHECK(impl.drop_message(at));
          --state.pending;
          state.pending_bytes -= link.bytes;
          ++removed;
        }
        at = link.next;
      }
    }
    return {};
  });
  LODE_CHECK(std::move(changed));
  return removed;
}

}  // namespace

Result<std::int64_t> Queue::Impl::trim(std::int64_t from, std::int64_t end, std::int64_t before, std::int64_t most,
                                       std::int64_t& removed) {
  LODE_TRY(const Finished finished, list_finished(*this, from, end, before, most));
  if (!finished.ids.empty()) {
    writes();
  }
  const auto drop_all = [&]() -> Result<void> {
    for (const std::int64_t id : finished.ids) {
      LODE_CHECK(drop_rows(*this, id));
    }
    return {};
  };
  {
    // Of messages that were acked when their time had passed already.
    LODE_TRY(Use drop, prepared("DELETE FROM acked WHERE id < ?1"));
    drop->bind(1, from);
    LODE_CHECK(drop->run());
  }
  LODE_TRY(const bool all, whole_or_not(*this, drop_all));
  if (all) {
    removed += std::ssize(finished.ids);
    return finished.next;
  }
  for (const std::int64_t id : finished.ids) {
    LODE_TRY(const bool gone, drop_message(id));
    removed += gone ? 1 : 0;
  }
  return finished.next;
}

Result<bool> Queue::Impl::drop_message(std::int64_t id) {
  return whole_or_not(*this, [&] { return drop_rows(*this, id); });
}

Result<std::int64_t> Queue::purge(Purge what, std::optional<Time> before) {
  switch (what) {
    case Purge::kFinished:
      return purge_finished(*impl_, before.value_or(Time{std::numeric_limits<std::int64_t>::max()}));
    case Purge::kDead:
      return purge_dead(*impl_);
    case Purge::kWaiting:
      break;
  }
  return purge_waiting(*impl_);
}

}  // namespace lode::queue
