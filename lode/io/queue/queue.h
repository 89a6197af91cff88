// Queue: a durable FIFO between a producer and its consumers, in one SQLite file of the lake:
// `<lake>/queue/<name>.sqlite` (WAL, synchronous=FULL, checked pages: checked_file.h) with `<name>.mark` beside it
// (mark.h).
//
//   order    FIFO in each group; at most one message of a group is in flight; groups go in parallel, the oldest first
//   push     returns once the messages are on the disk; a call is stored whole or not at all, so it may be repeated
//   dedupe   by natural key, for ever (keys.h): a duplicate push stores nothing and returns the number of the first.
//            Keys outlive their messages. A window in seconds is possible, for parity with others
//   lease    a received message is hidden for `visibility_s`; its token rises with every receive, and what is done
//            under an older one is refused (E8024). Leases run on the monotonic clock and end when the machine starts
//            again; wall time only dates records
//   dead     after `receives_most` receives a message goes to the dead letters with cause, attempts, times and host;
//   its
//            group goes on (kSkip) or waits for redrive or purge (kBlock). redrive puts it back to its place in the
//            group
//   limits   a message has at most 256 KiB; above `messages_most` or `bytes_most` push is refused (E8021), never
//   dropped damage   a message whose bytes do not fit their CRC-32C is set aside with its place, the others are served;
//   a
//            damaged page is E8022 with its place, and nothing is guessed. A failed sync ends the object's work
//            (E8025): open the queue again, which reads what really reached the disk
//
// An effect exactly once. A message may be delivered again after its consumer died, so the effect must know it was
// done:
//   1. one message:   effect_token(delivery) names its effect for ever. Give it to lake.commit, whose second commit of
//                     one token is a no-op, then ack. Killed between the two, the message comes again, the commit does
//                     nothing, ack.
//   2. many at once:  seal(leases) stores, before the effect, that these messages belong together under one token.
//   Until
//                     they are acked they come back only all together and with that token (Received::seal), however
//                     often the consumer dies. So: receive, build the batch, seal, lake.commit(seal), ack. A delivery
//                     with a seal goes straight to commit with the same rows and token: no second seal.
//   3. other stores:  write Delivery::key, or the token, in the transaction of the effect (outbox).
// The mark of a key commits with its message (push), the end of a message with the next of its group (ack); an ack
// repeated with the same token is no error.
//
// Thread-safe, and safe among processes of one machine. Concurrent calls share one commit (group commit): many threads
// that push one message each cost as many syncs as the disk can do, not one each.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/base/world.h"

namespace lode::queue {

inline constexpr std::int64_t kFormatVersion = 1;
inline constexpr std::size_t kMessageBytesMost = 256 * 1024;  // Payload of one message; larger ones: a lake reference.
inline constexpr std::size_t kNameBytesMost = 1024;           // Key or group.
inline constexpr std::int64_t kWaitSecondsMost = 20;          // Of one receive.

enum class OnDead : std::uint8_t { kSkip, kBlock };

// Kept in the file: who opens the queue with kCreate says them, who opens it otherwise works under them. `dedupe` is
// settled when the queue is made.
struct Options {
  bool dedupe = true;
  std::int64_t dedupe_window_s = 0;  // 0: without limit. Wall time.
  std::int64_t visibility_s = 300;
  std::int64_t receives_most = 5;  // A message received so often and not acked is dead.
  OnDead on_dead = OnDead::kSkip;
  std::int64_t messages_most = 100'000'000;           // Waiting and in flight.
  std::int64_t bytes_most = std::int64_t{64} << 30;   // Their payloads.
  std::int64_t retain_s = std::int64_t{14} * 86'400;  // Finished messages can be read again so long.
  std::int64_t fresh_keys = 262'144;                  // Keys in memory before they become a run.
  std::int64_t log_pages = 4'000;                     // Pages in the log before they go into the file.
};

struct Message {
  std::string_view key;    // Natural key, 1 to 1024 bytes: an accession; symbol, time and source; URL and content hash.
  std::string_view group;  // What must stay in order: a CIK, a symbol; "" is a group too.
  std::string_view payload;
};

struct Pushed {
  std::int64_t id = 0;     // Rises with each message of the queue; the offset of a replay. Never given twice.
  bool duplicate = false;  // The key was there: `id` is of the first.
};

struct Lease {
  std::int64_t id = 0;
  std::int64_t token = 0;
};

struct Delivery {
  std::int64_t id = 0;
  std::int64_t token = 0;  // 0 where nothing is leased: peek, replay.
  std::string key, group, payload;
  Time pushed;
  std::int64_t attempt = 0;  // 1 for the first receive.
  Lease lease() const { return {id, token}; }
};

struct Received {
  std::vector<Delivery> messages;  // At most one of a group, in order of their numbers.
  std::string seal;                // The token of a sealed batch that comes again; else "".
};

struct ReceiveRequest {
  std::int64_t most = 10;
  std::int64_t visibility_s = 0;  // 0: the queue's.
  double wait_s = 0.0;            // So long a message is waited for, at most kWaitSecondsMost.
  // A receive whose answer was lost is repeated with the same id, and gives the same messages under the same tokens
  // while their leases run. Empty: every receive is its own.
  std::string attempt_id = {};
};

struct DeadLetter {
  std::int64_t id = 0;
  std::string key, group;
  std::string cause;
  std::int64_t attempts = 0;
  Time first_received, last_received, died;
  std::string host;  // Of the last consumer, with its process: "alpha:4711".
};

struct GroupDepth {
  std::string group;
  std::int64_t messages = 0;
};

struct Stats {
  std::int64_t depth = 0;  // Not yet acked or dead: ready, in flight, and behind others of their group.
  std::int64_t ready = 0;  // Groups whose next message can be received.
  std::int64_t in_flight = 0;
  std::int64_t blocked = 0;  // Groups that wait for the redrive or purge of a dead letter.
  std::int64_t dead = 0;
  std::int64_t bytes = 0;                                             // Payloads of depth.
  std::int64_t pushed = 0, duplicates = 0, acked = 0, set_aside = 0;  // Since the queue was made.
  std::int64_t keys = 0;                                              // Remembered.
  std::int64_t next_id = 1;
  std::optional<Time> oldest;  // When the oldest of depth was pushed.
  double oldest_age_s = 0.0;
  std::vector<GroupDepth> groups;  // The deepest, as many as were asked for.
};

struct SetAside {
  std::int64_t id = 0;
  std::string place;  // "message 17 at page 5 (bytes 16384 to 20479)"
  Time found;
};

struct Replayed {
  std::vector<Delivery> messages;     // In order of their numbers, finished ones included.
  std::int64_t next = 0;              // Offset for the next call.
  std::vector<std::int64_t> damaged;  // Numbers whose bytes do not fit their checksum: not served.
};

// What a purge removes. Keys stay: the same message pushed again is a duplicate.
enum class Purge : std::uint8_t {
  kFinished,  // Acked messages that are only kept for replay.
  kDead,      // Dead letters; groups they block go on.
  kWaiting,   // All that waits, but for messages in flight and dead letters.
};

enum class Access : std::uint8_t { kWrite, kCreate };

class Queue {
 public:
  // `lake` is the lake's folder; it need not hold a lake yet. E0004 a bad name, E8020 no such queue (kWrite), E8002 a
  // newer format, E8022 damaged or acknowledged commits are missing, E8004, E8006, E8009.
  static Result<std::unique_ptr<Queue>> open(const std::string& lake, const std::string& name, Access access,
                                             Clock& clock, const Options& options = {});
  ~Queue();

  // E8021 the queue is full (nothing of the call is stored); E0004 an empty key, or a key, group or payload too long;
  // E8006 disk full (the next push tries again), E8025 after a failed sync.
  Result<std::vector<Pushed>> push(std::span<const Message> messages);
  Result<Pushed> push(const Message& message);

  Result<Received> receive(const ReceiveRequest& request = {});
  // These take all leases or none. E8024 one of them is stale: it was received again, acked by another, or nacked.
  // Of sealed messages all go together, whichever are named.
  Result<void> ack(std::span<const Lease> leases);
  Result<void> extend(std::span<const Lease> leases, std::int64_t visibility_s);  // From now on.
  // Gives messages back: they come again after `delay_s`, before the rest of their group, or are dead when they were
  // received `receives_most` times. A seal is undone: the caller knows that the effect did not happen.
  Result<void> nack(std::span<const Lease> leases, std::string_view cause, std::int64_t delay_s = 0);
  // The token of an effect of these messages together; see the head of this file. E8024; E0004 when one is sealed.
  Result<std::string> seal(std::span<const Lease> leases);
  std::string effect_token(const Delivery& delivery) const;

  Result<std::vector<DeadLetter>> dead_letters(std::int64_t most = 0) const;  // Oldest first; 0: all.
  // Puts dead letters back, each to its place in its group. Empty: all. How many there were.
  Result<std::int64_t> redrive(std::span<const std::int64_t> ids = {});
  Result<std::vector<SetAside>> set_aside() const;

  Result<Stats> stats(std::int64_t top_groups = 0) const;
  // The next messages that a receive could get, without receiving them; or of one group, in order.
  Result<std::vector<Delivery>> peek(std::int64_t most, const std::optional<std::string>& group = {}) const;
  // Messages from `offset` on, finished or not, as far as they are retained.
  Result<Replayed> replay(std::int64_t offset, std::int64_t most) const;
  // Where a consumer of replay() stands; 1 for one that is not known.
  Result<void> keep_offset(std::string_view consumer, std::int64_t offset);
  Result<std::int64_t> offset(std::string_view consumer) const;
  // How many messages went. `before`: of the finished only those pushed before.
  Result<std::int64_t> purge(Purge what, std::optional<Time> before = {});
  // Every page of the file against its checksum, every message against its own. The first damage found is E8022.
  Result<void> verify() const;

  const std::string& path() const;
  const Options& options() const;

  struct Impl;

 private:
  explicit Queue(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Names of the queues of a lake, sorted.
std::vector<std::string> list_queues(const std::string& lake);

// The gauges and counters of reliability: lode_queue_messages{queue,state}, lode_queue_oldest_age_seconds{queue},
// lode_queue_duplicates_total{queue}. A queue's name is a bounded label: queues are made by programs.
void publish(const Stats& stats, std::string_view queue, Metrics& metrics);

}  // namespace lode::queue
