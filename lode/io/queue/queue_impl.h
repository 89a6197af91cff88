// The inside of a queue: its tables, its state, and the one way a change is made.
//
//   meta        name, value                 format, options, seeds, uid, boot
//   state       one row, see State          counters; written by every commit
//   log         id, pushed, grp, key, payload, crc        the messages; a row never changes. crc: CRC-32C of the others
//   links       id, grp, next, bytes, high, low           unfinished messages and the newest keys: the number of the
//               group, the next message of it (0: none), payload bytes, the key's hash. grp 0: finished
//   groups      the groups that have unfinished messages: name, head (next to deliver), tail, how many, and the lease
//   of
//               the head. state 0 ready, 1 leased (or delayed: token 0) until `until`, 2 blocked by a dead head
//   dead        id, grp, cause, attempts, first_at, last_at, died, host; a dead letter's row of links stays
//   acked       id, token                   so that an ack may be repeated
//   aside       id, place, found            messages that do not fit their CRC
//   offsets     consumer, offset
//   key_runs, key_blocks, key_merges        keys.h
//
// A group is a chain through links.next, because an index by group would write a page for each group of a batch. State
// that leads (head, tail, next) stands once and is covered by the checksum of its page.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <unordered_map>

#include "lode/io/lake/manifest.h"
#include "lode/io/queue/keys.h"
#include "lode/io/queue/mark.h"
#include "lode/io/queue/queue.h"

namespace lode::queue {

struct State {
  std::int64_t commits = 0;  // Each transaction that changed something.
  std::int64_t next_id = 1;
  std::int64_t token = 0;
  std::int64_t pending = 0;
  std::int64_t pending_bytes = 0;
  std::int64_t pushed = 0, duplicates = 0, acked = 0, dead = 0, set_aside = 0;
  std::int64_t trimmed = 1;  // No retained message below it is finished, but for those it stepped over.
  KeysTouched keys;
};

// A message's row of links.
struct Link {
  std::int64_t id = 0, group = 0, next = 0, bytes = 0;
};

struct GroupRow {
  std::int64_t id = 0;
  std::string name;
  std::int64_t head = 0, tail = 0, count = 0;
  std::int64_t state = 0, until = 0, token = 0, attempts = 0;
  std::int64_t first_at = 0, last_at = 0;
  std::string host, cause, attempt_id, seal;
};
inline constexpr std::int64_t kReady = 0;
inline constexpr std::int64_t kLeased = 1;
inline constexpr std::int64_t kBlocked = 2;

// A prepared statement in use; reset, so that it holds no lock, when the use ends.
class Use {
 public:
  explicit Use(lake::Statement* statement) : statement_(statement) {}
  Use(Use&& other) noexcept : statement_(other.statement_) { other.statement_ = nullptr; }
  Use& operator=(Use&&) = delete;
  ~Use() {
    if (statement_ != nullptr) {
      statement_->reset();
    }
  }
  lake::Statement* operator->() const { return statement_; }
  lake::Statement& operator*() const { return *statement_; }

 private:
  lake::Statement* statement_;
};

struct Queue::Impl {
  Impl(std::string file, Clock& the_clock) : path(std::move(file)), clock(the_clock) {}

  std::string path;
  std::string name;
  Clock& clock;
  Options options;
  std::string uid;   // 16 hex digits, drawn when the queue was made.
  std::string host;  // "alpha:4711"
  std::unique_ptr<lake::Database> database;
  std::optional<Mark> mark;
  std::unique_ptr<Keys> keys;

  // What one thread wants done in a transaction. It looks first, and calls `writes()` before its first change: refused
  // before that, it is the caller's business; failed after it, the whole transaction is undone.
  using Work = std::function<Result<void>(State&)>;
  Result<void> change(Work work);
  void writes() { has_written = true; }
  // A look at the file under the object's lock.
  template <class F>
  auto look(F f) -> decltype(f()) {
    const std::lock_guard guard(database_mutex);
    auto out = f();
    if (!out) {
      return fail(told(std::move(out).error()));
    }
    return out;
  }
  Result<State> read_state();
  Result<void> write_state(const State& state);
  // A statement that is prepared once; `sql` is a literal. One use at a time.
  Result<Use> prepared(const char* sql);
  Error told(Error error) const;             // The store's error as the queue's: E8022 with the place, E8023 busy.
  bool is_damage(const Error& error) const;  // The store's, of pages that are not as they were written.

  // chain.cpp: groups and links
  Result<std::optional<GroupRow>> group_of_id(std::int64_t id);
  Result<std::optional<GroupRow>> group_named(std::string_view name);
  Result<std::vector<GroupRow>> groups_sealed(const std::string& seal);
  Result<std::vector<GroupRow>> groups_ready(std::int64_t most);  // By their next message, oldest first.
  Result<std::vector<GroupRow>> groups_leased(std::int64_t until_most);
  Result<std::vector<GroupRow>> groups_of_attempt(const std::string& attempt, std::int64_t now);
  Result<void> save_group(const GroupRow& group);
  Result<std::optional<Link>> link_of(std::int64_t id);
  Result<Link> chain_link(std::int64_t id);  // Of an unfinished message: E8022 when it has none.
  Result<void> set_next(std::int64_t id, std::int64_t next);
  // The row goes, or stays for its key alone; so does the message, where it is only kept for replay.
  Result<void> finish_link(const State& state, std::int64_t id);
  // To the next message; without one the group goes.
  Result<void> advance(const State& state, const GroupRow& group, const Link& head);
  Result<bool> is_dead(std::int64_t id);
  Result<void> bury(State& state, GroupRow group, const std::string& cause);

  // receive.cpp
  Result<void> end_leases(State& state, std::int64_t now);
  // From the log. nullopt: its bytes are damaged or gone, and `place` says where; with `tolerant` a message whose own
  // checksum fits is read from a page that does not fit its.
  Result<std::optional<Delivery>> load(std::int64_t id, std::string& place);
  Result<void> put_aside(State& state, const GroupRow& group, const std::string& place);
  Result<void> take(State& state, const ReceiveRequest& request, Received& out);
  Result<bool> lease_one(State& state, GroupRow group, const ReceiveRequest& request, Received& out);

  // purge.cpp: removes a message's row from the log and from the acked ones. False: it stands in a damaged page, and
  // stays as it is.
  Result<bool> drop_message(std::int64_t id);
  // Removes finished messages from `from` on and before `end` that were pushed before `before`, but for those in
  // damaged pages, which it steps over; looks at `most` at most. Where it stopped; `removed` is added to.
  Result<std::int64_t> trim(std::int64_t from, std::int64_t end, std::int64_t before, std::int64_t most,
                            std::int64_t& removed);

  // The leases' groups, each once, sealed ones completed. E8024.
  Result<std::vector<GroupRow>> holders(std::span<const Lease> leases, bool acked_is_fine);

  std::mutex database_mutex;  // Whoever uses `database`, `keys` or `statements`.
  std::unordered_map<const void*, lake::Statement> statements;
  bool has_written = false;
  std::optional<std::string> broken;     // Why nothing more is accepted.
  std::int64_t failed_syncs_before = 0;  // Of the file, when it was opened.

  // Group commit.
  struct Waiting {
    Work work;
    bool done = false;
    std::optional<Error> error;
  };
  std::mutex mutex;
  std::condition_variable turn;  // A commit ended.
  std::deque<Waiting*> waiting;
  bool leading = false;
  std::condition_variable arrival;  // Something may be there to receive.
  std::uint64_t arrivals = 0;

 private:
  bool commit_together(std::span<Waiting* const> group);  // True: something changed.
  Result<bool> transact(std::span<Waiting* const> group);
};

// The CRC-32C of a message's row.
std::uint32_t message_crc(std::int64_t id, std::int64_t pushed, std::string_view group, std::string_view key,
                          std::string_view payload);

// schema.cpp: opens or makes the file and fills what is read from it.
Result<void> open_file(Queue::Impl& impl, Access access, const Options& options);

}  // namespace lode::queue
