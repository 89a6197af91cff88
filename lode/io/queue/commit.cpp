// The one way a queue changes: work of many threads in one transaction, durable before anybody is told.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/assert.h"
#include "lode/io/queue/checked_file.h"
#include "lode/io/queue/queue_impl.h"

namespace lode::queue {

namespace {

constexpr std::size_t kWorksOfCommit = 256;
constexpr std::int64_t kTrimEvery = 16;  // Commits.
constexpr std::int64_t kTrimmedAtOnce = 512;

}  // namespace

Error Queue::Impl::told(Error error) const {
  switch (error.number()) {
    case E::E8003:
      return {E::E8023, fmt::format("the queue {} is busy: another process holds it", path),
              "try again when it is done"};
    case E::E8007: {
      const FileHealth health = file_health(path);
      return {E::E8022,
              health.damaged.empty() ? fmt::format("the queue is damaged: {}", error.message())
                                     : fmt::format("the queue {} is damaged at {}: its bytes do not fit their checksum",
                                                   path, health.latest),
              "bring the file and its .mark back from a backup, or move both away and fetch again what it held"};
    }
    default:
      return error;
  }
}

Result<Use> Queue::Impl::prepared(const char* sql) {
  const auto found = statements.find(sql);
  if (found != statements.end()) {
    return Use(&found->second);
  }
  LODE_TRY(lake::Statement statement, database->prepare(sql));
  return Use(&statements.emplace(sql, std::move(statement)).first->second);
}

Result<State> Queue::Impl::read_state() {
  LODE_TRY(Use select,
           prepared("SELECT commits, next_id, token, pending, pending_bytes, pushed, duplicates, acked, dead, "
                    "set_aside, trimmed, flushed, key_version FROM state WHERE one = 1"));
  LODE_TRY(const bool row, select->step());
  if (!row) {
    return fail(E::E8022, fmt::format("the queue {} is damaged: it has no state", path));
  }
  State out;
  int column = 0;
  for (std::int64_t* field :
       {&out.commits, &out.next_id, &out.token, &out.pending, &out.pending_bytes, &out.pushed, &out.duplicates,
        &out.acked, &out.dead, &out.set_aside, &out.trimmed, &out.keys.flushed, &out.keys.version}) {
    *field = select->int64(column++);
  }
  return out;
}

Result<void> Queue::Impl::write_state(const State& state) {
  LODE_TRY(Use update, prepared("UPDATE state SET commits = ?1, next_id = ?2, token = ?3, pending = ?4, "
                                "pending_bytes = ?5, pushed = ?6, duplicates = ?7, acked = ?8, dead = ?9, "
                                "set_aside = ?10, trimmed = ?11, flushed = ?12, key_version = ?13 WHERE one = 1"));
  int parameter = 1;
  for (const std::int64_t field :
       {state.commits, state.next_id, state.token, state.pending, state.pending_bytes, state.pushed, state.duplicates,
        state.acked, state.dead, state.set_aside, state.trimmed, state.keys.flushed, state.keys.version}) {
    update->bind(parameter++, field);
  }
  return update->run();
}

bool Queue::Impl::is_damage(const Error& error) const { return told(error.clone()).number() == E::E8022; }

Result<bool> Queue::Impl::transact(std::span<Waiting* const> group) {
  LODE_TRY(lake::Transaction transaction, lake::Transaction::begin(*database));
  LODE_TRY(State state, read_state());
  if (options.dedupe) {
    LODE_CHECK(keys->catch_up(*database, state.keys, state.next_id - 1));
  }
  bool any = false;
  for (Waiting* one : group) {
    has_written = false;
    auto outcome = one->work(state);
    // A read may cost the whole transaction too: what came after it would be a commit of its own, of a state that is
    // not there.
    if (!outcome && (has_written || !database->is_in_transaction())) {
      return fail(std::move(outcome).error());
    }
    if (!outcome) {
      one->error = told(std::move(outcome).error());
    }
    any = any || has_written;
  }
  if (!any) {
    return false;
  }
  if (++state.commits % kTrimEvery == 0) {
    const std::int64_t before = clock.now().nanos - options.retain_s * kNanosPerSecond;
    std::int64_t removed = 0;
    auto trimmed = trim(state.trimmed, state.next_id, before, kTrimmedAtOnce, removed);
    if (trimmed) {
      state.trimmed = *trimmed;
    } else if (!is_damage(trimmed.error()) || !database->is_in_transaction()) {
      return fail(std::move(trimmed).error());  // Where other tables are damaged, what is finished stays.
    }
  }
  LODE_CHECK(write_state(state));
  LODE_CHECK(transaction.commit());
  mark->write(state.commits);
  return true;
}

bool Queue::Impl::commit_together(std::span<Waiting* const> group) {
  const std::lock_guard guard(database_mutex);
  Result<bool> outcome = false;
  if (broken) {
    outcome = fail(E::E8025, *broken, "open the queue again");
  } else {
    try {
      outcome = transact(group);
    } catch (const std::bad_alloc&) {
      outcome = fail(E::E8011, fmt::format("no memory for a commit of the queue {}", path));
    }
    if (!outcome) {
      keys->forget();
    }
    // After a failed sync nobody knows which pages the disk has: whoever opens the file reads what it really holds.
    if (file_health(path).failed_syncs != failed_syncs_before) {
      broken = fmt::format("the disk refused to sync the queue {}", path);
      if (!outcome) {  // Else the commit was synced, and only the file that takes over the log was not.
        outcome =
            fail(E::E8025, *broken, "what was in hand may be stored or not: open the queue again and do it again");
      }
    }
  }
  if (outcome) {
    return *outcome;
  }
  const Error error = told(std::move(outcome).error());
  for (Waiting* one : group) {
    one->error = error.clone();
  }
  return false;
}

Result<void> Queue::Impl::change(Work work) {
  Waiting mine{.work = std::move(work), .done = false, .error = {}};
  std::unique_lock lock(mutex);
  waiting.push_back(&mine);
  while (!mine.done) {
    if (leading) {
      turn.wait(lock);
      continue;
    }
    leading = true;  // This thread commits for all that wait now.
    std::vector<Waiting*> group;
    while (!waiting.empty() && group.size() < kWorksOfCommit) {
      group.push_back(waiting.front());
      waiting.pop_front();
    }
    lock.unlock();
    const bool changed = commit_together(group);
    lock.lock();
    for (Waiting* one : group) {
      one->done = true;
    }
    leading = false;
    turn.notify_all();
    if (changed) {
      ++arrivals;
      arrival.notify_all();
    }
  }
  if (mine.error) {
    return fail(std::move(*mine.error));
  }
  return {};
}

}  // namespace lode::queue
