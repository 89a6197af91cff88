// What the queues of collectors still name.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/waiting.h"

#include <set>

#include "lode/flow/steps/collect/answer.h"
#include "lode/flow/steps/collect/collect.h"
#include "lode/io/queue/queue.h"

namespace lode::flow {
namespace {

constexpr std::int64_t kAtOnce = 1000;

void add_hashes(const queue::Delivery& message, std::set<std::string>& out) {
  const Result<Answer> answer = read_answer(message.payload);
  for (const std::string& hash :
       answer ? std::vector{answer->raw_hash, answer->exchange_hash} : std::vector<std::string>()) {
    if (!hash.empty()) {
      out.insert(hash);
    }
  }
}

// From the oldest that waits on: finished ones among them are renewed too, which only keeps them a day longer.
Result<void> add_waiting(const queue::Queue& queue, std::set<std::string>& out) {
  LODE_TRY(const queue::Stats stats, queue.stats());
  for (std::int64_t offset = 1; stats.depth > 0;) {
    LODE_TRY(const queue::Replayed some, queue.replay(offset, kAtOnce));
    for (const queue::Delivery& message : some.messages) {
      if (!stats.oldest || message.pushed >= *stats.oldest) {
        add_hashes(message, out);
      }
    }
    if (some.messages.empty() && some.damaged.empty()) {
      break;
    }
    offset = some.next;
  }
  LODE_TRY(const std::vector<queue::DeadLetter> dead, queue.dead_letters());
  for (const queue::DeadLetter& letter : dead) {
    LODE_TRY(const queue::Replayed one, queue.replay(letter.id, 1));
    for (const queue::Delivery& message : one.messages) {
      if (message.id == letter.id) {
        add_hashes(message, out);
      }
    }
  }
  return {};
}

}  // namespace

Result<std::int64_t> renew_waiting(World& world, lake::Lake& lake) {
  const auto archive = lake::make_archive(lake, world.clock);
  std::int64_t count = 0;
  for (const std::string& name : queue::list_queues(world.lake)) {
    if (!name.starts_with(kCollectQueue)) {
      continue;
    }
    LODE_TRY(const auto queue, queue::Queue::open(world.lake, name, queue::Access::kWrite, world.clock));
    std::set<std::string> hashes;
    LODE_CHECK(add_waiting(*queue, hashes));
    for (const std::string& hash : hashes) {
      if (const Result<std::string> bytes = archive->get(hash)) {
        // The same bytes again: nothing is written, and the file is as young as this moment.
        LODE_CHECK(archive->put(name.substr(kCollectQueue.size()), *bytes, "{}"));
        ++count;
      }
    }
  }
  return count;
}

}  // namespace lode::flow
