// The contract of the queue: order, duplicates, leases, dead letters, limits, replay.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/queue/queue.h"

#include <gmock/gmock.h>

#include <thread>

#include "lode/io/queue/testing.h"

namespace lode::queue::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST_F(QueueTest, KeepsOrderInAGroupAndOneOfItInFlight) {
  open();
  push("a1", "a"), push("a2", "a"), push("b1", "b"), push("a3", "a"), push("b2", "b");
  const auto first = receive();
  EXPECT_THAT(keys_of(first), ElementsAre("a1", "b1"));
  EXPECT_THAT(receive(), IsEmpty()) << "one of a group at a time";
  ack(first[1]);
  EXPECT_THAT(keys_of(receive()), ElementsAre("b2")) << "groups do not wait for each other";
  ack(first[0]);
  EXPECT_THAT(keys_of(receive()), ElementsAre("a2"));
}

TEST_F(QueueTest, DeliversWhatWasPushed) {
  open();
  std::string bytes(3000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(i * 7);
  }
  const std::int64_t id = push("0000320193-19-000119", "320193", bytes);
  push("empty", "", "");
  const auto got = receive();
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].id, id);
  EXPECT_EQ(got[0].payload, bytes);
  EXPECT_EQ(got[0].group, "320193");
  EXPECT_EQ(got[0].attempt, 1);
  EXPECT_EQ(got[0].pushed, clock.now());
  EXPECT_EQ(got[1].payload, "");
}

TEST_F(QueueTest, ADuplicateGetsTheNumberOfTheFirstForEver) {
  open();
  const std::int64_t first = push("k");
  const std::vector<Message> batch{{"n", "g", "1"}, {"k", "g", "2"}, {"n", "other", "3"}};
  const auto outcome = must(queue->push(batch));
  EXPECT_FALSE(outcome[0].duplicate);
  EXPECT_TRUE(outcome[1].duplicate);
  EXPECT_EQ(outcome[1].id, first);
  EXPECT_TRUE(outcome[2].duplicate) << "within one call too";
  EXPECT_EQ(outcome[2].id, outcome[0].id);
  EXPECT_THAT(drain(), ElementsAre("k", "n"));
  EXPECT_EQ(must(queue->purge(Purge::kFinished)), 2);
  clock.pass(20.0 * 365 * 86'400);
  open();
  EXPECT_EQ(push("k"), first) << "twenty years later, in another process, the message long gone";
  EXPECT_THAT(drain(), IsEmpty());
  EXPECT_EQ(must(queue->stats()).duplicates, 3);
}

TEST_F(QueueTest, AWindowOfDuplicatesEnds) {
  open({.dedupe_window_s = 300});
  const std::int64_t first = push("k");
  clock.pass(299);
  EXPECT_EQ(push("k"), first);
  clock.pass(2);
  const std::int64_t second = push("k");
  EXPECT_NE(second, first);
  EXPECT_EQ(push("k"), second) << "the newest counts";
  EXPECT_THAT(drain(), ElementsAre("k", "k"));
}

TEST_F(QueueTest, WithoutDedupeEveryMessageIsItsOwn) {
  open({.dedupe = false});
  EXPECT_NE(push("k"), push("k"));
  EXPECT_THAT(drain(), ElementsAre("k", "k"));
  open({.dedupe = true});
  EXPECT_FALSE(queue->options().dedupe) << "settled when the queue was made";
}

TEST_F(QueueTest, ALeaseEndsAndItsTokenIsRefused) {
  open({.visibility_s = 60});
  push("a");
  const auto old = receive();
  clock.pass(59);
  EXPECT_THAT(receive(), IsEmpty());
  clock.pass(1);
  const auto now = receive();
  ASSERT_EQ(now.size(), 1U);
  EXPECT_GT(now[0].token, old[0].token);
  EXPECT_EQ(now[0].attempt, 2);
  EXPECT_EQ(number_of(ack_one(*queue, old[0].lease())), E::E8024);
  EXPECT_EQ(number_of(nack_one(*queue, old[0].lease(), "late")), E::E8024);
  const Lease stale = old[0].lease();
  EXPECT_EQ(number_of(queue->extend(std::span(&stale, 1), 100)), E::E8024);
  EXPECT_EQ(number_of(queue->seal(std::span(&stale, 1))), E::E8024);
  ack(now[0]);
  EXPECT_EQ(number_of(ack_one(*queue, old[0].lease())), E::E8024) << "not his to say";
  must(ack_one(*queue, now[0].lease()));  // The answer was lost, and it says so again.
  EXPECT_EQ(number_of(ack_one(*queue, {.id = 99, .token = 1})), E::E8024);
  EXPECT_EQ(number_of(ack_one(*queue, {.id = now[0].id, .token = 0})), E::E8024);
}

TEST_F(QueueTest, AllLeasesOfACallOrNone) {
  open({.visibility_s = 60});
  push("a", "a"), push("b", "b");
  const auto got = receive();
  const std::vector<Lease> leases{got[0].lease(), {.id = got[1].id, .token = got[1].token + 5}};
  EXPECT_EQ(number_of(queue->ack(leases)), E::E8024);
  EXPECT_EQ(must(queue->stats()).depth, 2);
}

TEST_F(QueueTest, ExtendAndDelayMoveTheEnd) {
  open({.visibility_s = 60});
  push("a"), push("b");
  const auto got = receive();
  const Lease lease = got[0].lease();
  clock.pass(50);
  must(queue->extend(std::span(&lease, 1), 60));
  clock.pass(50);
  EXPECT_THAT(receive(), IsEmpty());
  must(nack_one(*queue, lease, "no answer", 30));
  clock.pass(29);
  EXPECT_THAT(receive(), IsEmpty()) << "b waits behind a";
  clock.pass(1);
  EXPECT_THAT(keys_of(receive()), ElementsAre("a"));
}

TEST_F(QueueTest, AReceiveThatIsRepeatedGivesTheSame) {
  open({.visibility_s = 60});
  push("a", "a"), push("b", "b"), push("c", "c");
  const ReceiveRequest request{.most = 2, .attempt_id = "try-1"};
  const auto first = must(queue->receive(request)).messages;
  const auto again = must(queue->receive(request)).messages;
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again[0].token, first[0].token);
  EXPECT_EQ(again[1].payload, first[1].payload);
  EXPECT_THAT(keys_of(receive()), ElementsAre("c")) << "another receive is another";
  ack(again);
  EXPECT_THAT(must(queue->receive(request)).messages, IsEmpty());
}

TEST_F(QueueTest, AfterFiveReceivesAMessageIsDeadWithItsCause) {
  open({.visibility_s = 60});
  push("poison"), push("good");
  const Time began = clock.now();
  for (int i = 0; i < 4; ++i) {
    EXPECT_THAT(keys_of(receive()), ElementsAre("poison"));
    clock.pass(60);
  }
  must(nack_one(*queue, receive()[0].lease(), "cannot parse: byte 17"));
  EXPECT_THAT(drain(), ElementsAre("good")) << "the group goes on";
  const auto dead = must(queue->dead_letters());
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead[0].key, "poison");
  EXPECT_EQ(dead[0].cause, "cannot parse: byte 17");
  EXPECT_EQ(dead[0].attempts, 5);
  EXPECT_EQ(dead[0].first_received, began);
  EXPECT_EQ(dead[0].died, clock.now());
  EXPECT_THAT(dead[0].host, HasSubstr(":" + std::to_string(getpid())));
  EXPECT_TRUE(must(queue->push({.key = "poison"})).duplicate) << "dead is not forgotten";
}

TEST_F(QueueTest, ALeaseThatEndsTooOftenIsADeathOfItsOwn) {
  open({.visibility_s = 60, .receives_most = 2});
  push("hangs");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(receive().size(), 1U);
    clock.pass(61);
  }
  EXPECT_THAT(receive(), IsEmpty());
  EXPECT_EQ(must(queue->dead_letters())[0].cause, "its lease ended 2 times without an ack");
}

TEST_F(QueueTest, RedriveKeepsTheOrderOfTheGroup) {
  open({.receives_most = 1});
  for (const char* key : {"1", "2", "3", "4", "5"}) {
    push(key);
  }
  for (int i = 0; i < 3; ++i) {
    must(nack_one(*queue, receive()[0].lease(), "no"));
  }
  const auto in_flight = receive();
  EXPECT_THAT(keys_of(in_flight), ElementsAre("4"));
  EXPECT_EQ(must(queue->redrive()), 3);
  EXPECT_EQ(must(queue->stats()).depth, 5);
  ack(in_flight);
  EXPECT_THAT(drain(), ElementsAre("1", "2", "3", "5"));
  EXPECT_THAT(must(queue->dead_letters()), IsEmpty());
}

TEST_F(QueueTest, RedriveOneByOneInAnyOrderAndIntoAnEmptyGroup) {
  open({.receives_most = 1});
  std::vector<std::int64_t> ids;
  for (const char* key : {"1", "2", "3"}) {
    ids.push_back(push(key));
  }
  for (int i = 0; i < 3; ++i) {
    must(nack_one(*queue, receive()[0].lease(), "no"));
  }
  for (const std::size_t i : {1U, 0U, 2U}) {
    EXPECT_EQ(must(queue->redrive(std::span(&ids[i], 1))), 1);
  }
  EXPECT_EQ(number_of(queue->redrive(std::span(&ids[0], 1))), E::E8020) << "no longer dead";
  EXPECT_THAT(drain(), ElementsAre("1", "2", "3"));
}

TEST_F(QueueTest, ABlockedGroupWaitsAndOthersGoOn) {
  open({.receives_most = 1, .on_dead = OnDead::kBlock});
  push("a1", "a"), push("a2", "a"), push("b1", "b");
  must(nack_one(*queue, receive(1)[0].lease(), "no"));
  EXPECT_THAT(drain(), ElementsAre("b1"));
  const Stats stats = must(queue->stats());
  EXPECT_EQ(stats.blocked, 1);
  EXPECT_EQ(stats.depth, 1);
  EXPECT_EQ(stats.oldest, clock.now());
  EXPECT_EQ(must(queue->redrive()), 1);
  EXPECT_THAT(drain(), ElementsAre("a1", "a2"));
  push("c1", "c"), push("c2", "c");
  must(nack_one(*queue, receive()[0].lease(), "no"));
  EXPECT_EQ(must(queue->purge(Purge::kDead)), 1);
  EXPECT_THAT(drain(), ElementsAre("c2"));
}

TEST_F(QueueTest, FullMeansRefusedAndNothingIsDropped) {
  open({.messages_most = 3, .bytes_most = 100});
  push("1", "a"), push("2", "b");
  const std::vector<Message> two{{"3", "g", "x"}, {"4", "g", "x"}};
  const auto refused = queue->push(two);
  ASSERT_EQ(number_of(refused), E::E8021);
  EXPECT_THAT(refused.error().message(), HasSubstr("2 messages of 2 bytes wait, at most 3 of 100"));
  EXPECT_EQ(must(queue->stats()).depth, 2) << "a call is stored whole or not at all";
  EXPECT_TRUE(must(queue->push({.key = "1"})).duplicate) << "a duplicate needs no room";
  EXPECT_EQ(number_of(queue->push({.key = "5", .payload = std::string(99, 'x')})), E::E8021);
  EXPECT_THAT(drain(), ElementsAre("1", "2"));
  must(queue->push(two));
  EXPECT_THAT(drain(), ElementsAre("3", "4"));
}

TEST_F(QueueTest, WhatIsTooLargeIsRefused) {
  open();
  const std::string most(kMessageBytesMost, 'x');
  EXPECT_EQ(must(queue->push({.key = "large", .payload = most})).id, 1);
  EXPECT_EQ(receive()[0].payload, most);
  const auto refused = queue->push({.key = "larger", .payload = most + "x"});
  ASSERT_EQ(number_of(refused), E::E4);
  EXPECT_THAT(render(refused.error()), HasSubstr("archive"));
  EXPECT_EQ(number_of(queue->push({.key = ""})), E::E4);
  EXPECT_EQ(number_of(queue->push({.key = std::string(1025, 'k')})), E::E4);
  EXPECT_EQ(number_of(queue->push({.key = "k", .group = std::string(1025, 'g')})), E::E4);
}

TEST_F(QueueTest, ASealedBatchComesBackWholeUntilItIsAcked) {
  open({.visibility_s = 60, .receives_most = 2});
  push("a1", "a"), push("b1", "b"), push("c1", "c"), push("a2", "a"), push("d1", "d");
  const auto got = receive(2);
  std::vector<Lease> leases{got[0].lease(), got[1].lease()};
  const std::string seal = must(queue->seal(leases));
  EXPECT_THAT(seal, HasSubstr("queue/q-"));
  EXPECT_EQ(number_of(queue->seal(leases)), E::E4) << "one effect, one token";
  for (int death = 0; death < 4; ++death) {  // More often than receives_most: the effect may have happened.
    clock.pass(61);
    open({.visibility_s = 60, .receives_most = 2});
    const Received again = must(queue->receive({.most = 10}));
    EXPECT_THAT(keys_of(again.messages), ElementsAre("a1", "b1"));
    EXPECT_EQ(again.seal, seal);
    leases = {again.messages[1].lease()};
  }
  must(queue->ack(leases));  // One names all.
  EXPECT_THAT(drain(), ElementsAre("c1", "a2", "d1"));
  EXPECT_EQ(must(queue->stats()).acked, 5);
}

TEST_F(QueueTest, ANackUndoesASeal) {
  open();
  push("a", "a"), push("b", "b");
  const auto got = receive();
  const std::vector<Lease> leases{got[0].lease(), got[1].lease()};
  must(queue->seal(leases));
  must(nack_one(*queue, got[0].lease(), "the lake is read-only"));
  const Received again = must(queue->receive({.most = 1}));
  EXPECT_EQ(again.seal, "");
  EXPECT_EQ(again.messages.size(), 1U);
}

TEST_F(QueueTest, ReplayReadsTheRetainedFromAnOffset) {
  open();
  for (int i = 1; i <= 5; ++i) {
    push(std::to_string(i), "g" + std::to_string(i % 2));
  }
  drain();
  const Replayed two = must(queue->replay(2, 2));
  EXPECT_THAT(keys_of(two.messages), ElementsAre("2", "3"));
  EXPECT_EQ(two.next, 4);
  must(queue->keep_offset("scorer", two.next));
  open();
  EXPECT_EQ(must(queue->offset("scorer")), 4);
  EXPECT_EQ(must(queue->offset("nobody")), 1);
  const Time before = clock.now();
  clock.pass(10);
  push("6");
  EXPECT_EQ(must(queue->purge(Purge::kFinished, Time{before.nanos + 1})), 5);
  EXPECT_THAT(keys_of(must(queue->replay(1, 10)).messages), ElementsAre("6"));
  EXPECT_EQ(must(queue->replay(1, 10)).next, 7);
  EXPECT_EQ(number_of(queue->keep_offset("", 1)), E::E4);
}

TEST_F(QueueTest, FinishedMessagesGoWhenTheirTimeIsOver) {
  open({.retain_s = 100});
  push("old", "a"), push("waits", "b");
  ack(receive(1));
  clock.pass(101);
  for (int i = 0; i < 40; ++i) {
    push("n" + std::to_string(i), "n");
  }
  EXPECT_EQ(must(queue->replay(1, 1)).messages[0].key, "waits") << "what is not finished stays";
  ack(receive(1));
  EXPECT_EQ(must(queue->replay(1, 1)).messages[0].key, "n0") << "its time was over already";
}

TEST_F(QueueTest, PurgeOfWhatWaitsLeavesWhatIsInFlightOrDead) {
  open({.receives_most = 1});
  push("a1", "a"), push("a2", "a"), push("b1", "b"), push("c1", "c"), push("c2", "c");
  must(nack_one(*queue, receive(1)[0].lease(), "no"));  // a1 dies.
  const auto held = receive(1);
  EXPECT_THAT(keys_of(held), ElementsAre("a2"));
  EXPECT_EQ(must(queue->purge(Purge::kWaiting)), 3);
  EXPECT_THAT(receive(), IsEmpty());
  ack(held);
  const Stats stats = must(queue->stats());
  EXPECT_EQ(stats.depth, 0);
  EXPECT_EQ(stats.bytes, 0);
  EXPECT_EQ(must(queue->redrive()), 1);
  EXPECT_THAT(drain(), ElementsAre("a1"));
  EXPECT_TRUE(must(queue->push({.key = "c2"})).duplicate);
}

TEST_F(QueueTest, StatsCountAndPublish) {
  open({.visibility_s = 60});
  push("a1", "a", "xxxx"), push("a2", "a", "yy");
  clock.pass(5);
  push("b1", "b"), push("b1", "b");
  receive(1);
  const Stats stats = must(queue->stats(1));
  EXPECT_EQ(stats.depth, 3);
  EXPECT_EQ(stats.in_flight, 1);
  EXPECT_EQ(stats.ready, 1);
  EXPECT_EQ(stats.bytes, 7);
  EXPECT_EQ(stats.pushed, 3);
  EXPECT_EQ(stats.duplicates, 1);
  EXPECT_EQ(stats.keys, 3);
  EXPECT_EQ(stats.oldest_age_s, 5.0);
  ASSERT_EQ(stats.groups.size(), 1U);
  EXPECT_EQ(stats.groups[0].group, "a");
  EXPECT_EQ(stats.groups[0].messages, 2);
  Metrics metrics;
  publish(stats, "q", metrics);
  EXPECT_EQ(metrics.value("lode_queue_messages", R"(queue="q",state="inflight")"), 1.0);
  EXPECT_EQ(metrics.value("lode_queue_messages", R"(queue="q",state="ready")"), 2.0);
  EXPECT_EQ(metrics.value("lode_queue_oldest_age_seconds", R"(queue="q")"), 5.0);
  EXPECT_EQ(metrics.value("lode_queue_duplicates_total", R"(queue="q")"), 1.0);
}

TEST_F(QueueTest, PeekReceivesNothing) {
  open();
  push("a1", "a"), push("b1", "b"), push("a2", "a");
  EXPECT_THAT(keys_of(must(queue->peek(10))), ElementsAre("a1", "b1"));
  EXPECT_THAT(keys_of(must(queue->peek(10, "a"))), ElementsAre("a1", "a2"));
  EXPECT_THAT(must(queue->peek(10, "nothing")), IsEmpty());
  EXPECT_THAT(keys_of(receive()), ElementsAre("a1", "b1"));
}

TEST_F(QueueTest, QueuesOfALakeHaveNames) {
  open({}, "filings");
  open({}, "bars-1m");
  EXPECT_THAT(list_queues(folder), ElementsAre("bars-1m", "filings"));
  EXPECT_EQ(number_of(Queue::open(folder, "nothing", Access::kWrite, clock)), E::E8020);
  for (const char* bad : {"", "../x", "A", "-x", "a b"}) {
    EXPECT_EQ(number_of(Queue::open(folder, bad, Access::kCreate, clock)), E::E4) << bad;
  }
  EXPECT_EQ(must(Queue::open(folder, "filings", Access::kWrite, clock))->options().visibility_s, 300);
}

class SteadyClock final : public Clock {
 public:
  Time now() const override { return {}; }
  std::int64_t monotonic_nanos() const override { return std::chrono::steady_clock::now().time_since_epoch().count(); }
};

TEST_F(QueueTest, AWaitingReceiveIsWokenByAPush) {
  SteadyClock steady;
  const auto shared = must(Queue::open(folder, "w", Access::kCreate, steady));
  const auto other = must(Queue::open(folder, "w", Access::kCreate, steady));  // As another process has it.
  for (Queue* producer : {shared.get(), other.get()}) {
    std::vector<Delivery> got;
    std::thread consumer([&] { got = must(shared->receive({.most = 1, .wait_s = 20.0})).messages; });
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    const std::string key = producer == shared.get() ? "here" : "there";
    must(producer->push({.key = key}));
    consumer.join();  // Long before the 20 seconds are over, or the test takes them.
    ASSERT_THAT(keys_of(got), ElementsAre(key));
    must(ack_one(*shared, got[0].lease()));
  }
  EXPECT_THAT(must(shared->receive({.wait_s = 0.05})).messages, IsEmpty());
}

}  // namespace
}  // namespace lode::queue::testing
