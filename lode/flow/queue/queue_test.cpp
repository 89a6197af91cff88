// The commands about queues, on a queue with a dead letter, a duplicate and messages that wait.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "lode/flow/verb_testing.h"
#include "lode/io/queue/queue.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::number_of;

class QueueVerbs : public testing::Verbs {
 protected:
  QueueVerbs() {
    const auto queue =
        must(queue::Queue::open(world.lake, "filings", queue::Access::kCreate, world.clock, {.receives_most = 1}));
    for (const char* key : {"a1", "a2", "b1", "b1"}) {
      must(queue->push({.key = key, .group = std::string(1, key[0]), .payload = std::string("<doc>\n") + key}));
    }
    const Delivery_ first = must(queue->receive({.most = 1})).messages.front();
    const queue::Lease lease = first.lease();
    must(queue->nack(std::span(&lease, 1), "no header"));
  }
  using Delivery_ = queue::Delivery;
};

TEST_F(QueueVerbs, StatsTellEveryQueue) {
  must(queue::Queue::open(world.lake, "bars", queue::Access::kCreate, world.clock));
  const Outcome all = good("queue", "stats", "{}");
  EXPECT_EQ(all.data.at_path("queues.0.queue")->as_text(), "bars");
  EXPECT_EQ(all.data.at_path("queues.1.depth")->as_int(), 2);
  EXPECT_EQ(all.data.at_path("queues.1.dead")->as_int(), 1);
  EXPECT_EQ(all.data.at_path("queues.1.duplicates")->as_int(), 1);
  EXPECT_THAT(all.text, HasSubstr("filings"));
  const Outcome one = good("queue", "stats", R"j({"queue": "filings", "top": 1})j");
  EXPECT_THAT(one.text, HasSubstr("group a: 1 message\n"));
  EXPECT_EQ(one.next, "lode queue peek filings --dead");
  EXPECT_EQ(world.metrics.value("lode_queue_messages", R"(queue="filings",state="dead")"), 1.0);
}

TEST_F(QueueVerbs, PeekShowsWithoutReceiving) {
  for (int i = 0; i < 2; ++i) {
    const Outcome out = good("queue", "peek", R"j({"queue": "filings"})j");
    EXPECT_EQ(out.data.at_path("messages.0.key")->as_text(), "a2");
    EXPECT_EQ(out.data.at_path("messages.1.key")->as_text(), "b1");
    EXPECT_THAT(out.text, Not(HasSubstr("<doc>\nb1"))) << "one line a message";
  }
  EXPECT_EQ(
      good("queue", "peek", R"j({"queue": "filings", "group": "b"})j").data.at_path("messages")->as_array().size(), 1U);
  const Outcome dead = good("queue", "peek", R"j({"queue": "filings", "dead": true})j");
  EXPECT_EQ(dead.data.at_path("dead.0.cause")->as_text(), "no header");
  const Outcome from = good("queue", "peek", R"j({"queue": "filings", "from": 2})j");
  EXPECT_EQ(from.data.at_path("messages.0.id")->as_int(), 2);
  EXPECT_EQ(from.data.at_path("next")->as_int(), 4);
}

TEST_F(QueueVerbs, RedrivePutsBack) {
  EXPECT_EQ(number_of(call("queue", "redrive", R"j({"queue": "filings", "id": ["x"]})j")), E::E4);
  EXPECT_EQ(number_of(call("queue", "redrive", R"j({"queue": "filings", "id": ["2"]})j")), E::E8020);
  EXPECT_EQ(good("queue", "redrive", R"j({"queue": "filings"})j").text, "1 dead letter put back\n");
  EXPECT_EQ(good("queue", "peek", R"j({"queue": "filings"})j").data.at_path("messages.0.key")->as_text(), "a1");
}

TEST_F(QueueVerbs, PurgeAsksFirst) {
  EXPECT_THAT(mistake("queue", "purge", R"j({"queue": "filings", "what": "dead"})j"),
              HasSubstr("1 dead letter of filings will be removed; their keys stay known"));
  EXPECT_EQ(good("queue", "purge", R"j({"queue": "filings", "what": "dead", "yes": true})j").text,
            "1 message removed\n");
  EXPECT_EQ(good("queue", "purge", R"j({"queue": "filings", "what": "waiting", "yes": true})j").text,
            "2 messages removed\n");
  EXPECT_EQ(good("queue", "purge", R"j({"queue": "filings", "yes": true})j").text, "0 messages removed\n");
}

TEST_F(QueueVerbs, AnUnknownQueueNamesTheKnown) {
  const std::string said = mistake("queue", "peek", R"j({"queue": "filing"})j");
  EXPECT_THAT(said, HasSubstr("E8020"));
  EXPECT_THAT(said, HasSubstr("this lake has filings"));
  EXPECT_EQ(number_of(call("queue", "stats", R"j({"queue": "../x"})j")), E::E4);
}

}  // namespace
}  // namespace lode::flow
