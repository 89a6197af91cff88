// A vacuum over answers that wait.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/waiting.h"

#include <gmock/gmock.h>

#include <fstream>

#include "lode/flow/steps/collect/testing.h"
#include "lode/io/lake/upkeep/checkup.h"
#include "lode/io/queue/queue.h"

namespace lode::flow {
namespace {

class Waiting : public ::testing::Test {
 protected:
  // An answer that was archived and queued by a process that then ended, and one that nobody queued.
  void SetUp() override {
    const auto lake =
        must(lake::Lake::open(world.lake_folder(), lake::Access::kCreate, world.test.clock, world.test.pool));
    const auto archive = lake::make_archive(*lake, world.test.clock);
    waiting = must(archive->put("yahoo", "a body that waits", "{}"));
    orphan = must(archive->put("yahoo", "a body that nobody waits for", "{}"));
    Answer answer{.job = "j",
                  .planned_at = Time{1},
                  .ask = {},
                  .status = 200,
                  .headers = {},
                  .raw_hash = waiting,
                  .received_at = Time{2},
                  .exchange_hash = {}};
    source::Request request;
    request.http.url = "https://example.com/a";
    answer.ask = make_ask(request);
    queue = must(queue::Queue::open(world.lake_folder(), "collect-yahoo", queue::Access::kCreate, world.test.clock));
    const std::string key = answer_key(answer), payload = answer_payload(answer);
    must(queue->push(queue::Message{.key = key, .group = "g", .payload = payload}));
    // Files are as old as the disk says; the lake's clock is what makes them older.
    world.test.clock.advance(
        std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count() -
        world.test.clock.now().nanos);
  }
  // Makes every raw file two days old.
  void age() const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(world.lake_folder() + "/raw")) {
      if (entry.is_regular_file()) {
        std::filesystem::last_write_time(entry.path(),
                                         std::filesystem::file_time_type::clock::now() - std::chrono::hours(48));
      }
    }
  }
  bool has(const std::string& hash) {
    return lake::make_archive(*world.lake(), world.test.clock)->get(hash).has_value();
  }
  void vacuum() {
    World one = world.world();
    const auto lake = world.lake();
    must(renew_waiting(one, *lake));
    must(lake->vacuum(true));
  }

  CollectWorld world;
  std::unique_ptr<queue::Queue> queue;
  std::string waiting, orphan;
};

TEST_F(Waiting, KeepsItsBytesHoweverOldTheyAre) {
  age();
  vacuum();
  EXPECT_TRUE(has(waiting));
  EXPECT_FALSE(has(orphan));
}

TEST_F(Waiting, DeadLettersKeepThemToo) {
  for (std::int64_t i = 0; i < queue->options().receives_most; ++i) {
    const queue::Received held = must(queue->receive());
    ASSERT_EQ(held.messages.size(), 1U);
    const queue::Lease lease = held.messages[0].lease();
    must(queue->nack(std::span(&lease, 1), "broken"));
  }
  ASSERT_EQ(must(queue->stats()).dead, 1);
  age();
  vacuum();
  EXPECT_TRUE(has(waiting));
}

TEST_F(Waiting, IsOverWithTheAcknowledgement) {
  const queue::Received held = must(queue->receive());
  const queue::Lease lease = held.messages[0].lease();
  must(queue->ack(std::span(&lease, 1)));
  age();
  vacuum();
  EXPECT_FALSE(has(waiting)) << "no commit names it";
}

TEST_F(Waiting, WhatCannotBeReadStopsTheVacuum) {
  const std::string path = queue->path();
  queue.reset();
  std::ofstream(path, std::ios::trunc) << "no queue";
  World one = world.world();
  EXPECT_FALSE(renew_waiting(one, *world.lake()));
}

}  // namespace
}  // namespace lode::flow
