// Lake, archive, queue, books and consumer of a source as one: what is pushed is stored once, whoever opens them next.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/flow/steps/collect/testing.h"

namespace lode::flow {
namespace {

class IntakeTest : public ::testing::Test {
 protected:
  // An answer of Yahoo with `days` bars of AAA, its bytes archived.
  Answer answer(Intake& intake, int days) {
    source::FetchRequest request = named({"AAA"});
    request.settings = settings_of(yahoo_.spec, world_.test.config).told;
    Answer out{.job = "test",
               .planned_at = world_.test.clock.now(),
               .ask = make_ask(must(yahoo_.plan(request, {}, world_.test.clock.now())).requests.front()),
               .status = 200,
               .headers = {{"Content-Type", "application/json"}},
               .raw_hash = {},
               .received_at = *parse_as_of("2025-12-12T23:03:31Z")};
    out.raw_hash = must(intake.archive().put("yahoo", chart_body("AAA", days), "{}"));
    return out;
  }
  CollectReport consume(Intake& intake) {
    CollectReport report;
    must(intake.consume(1, [&](const Consumed& consumed) { add_stored(consumed, report); }));
    return report;
  }

  CollectWorld world_;
  const source::Source& yahoo_ = *must(find_source("yahoo"));
};

TEST_F(IntakeTest, StoresWhatAnEarlierOneLeftOnceWhateverIsPushedAgain) {
  World world = world_.world();
  auto first = must(Intake::open(world, yahoo_));
  const Answer answer = this->answer(*first, 5);
  must(first->push(answer));
  must(first->push(answer));
  first.reset();  // What the end of a process does.
  const auto second = must(Intake::open(world, yahoo_));
  const CollectReport report = consume(*second);
  EXPECT_EQ(report.tables.at("bars").kept, 5);
  EXPECT_EQ(report.commits, 1);
  EXPECT_GT(report.commit, 0);
  must(second->push(answer));
  EXPECT_EQ(consume(*second).commits, 0);
  EXPECT_EQ(world_.rows("bars"), 5);
}

TEST_F(IntakeTest, TellsEachBatchAndAddsThemUp) {
  World world = world_.world();
  const auto intake = must(Intake::open(world, yahoo_));
  for (const int days : {3, 7}) {
    Answer one = answer(*intake, days);
    one.job = fmt::format("job {}", days);
    one.received_at = Time{one.received_at.nanos + days};
    must(intake->push(one));
  }
  const CollectReport report = consume(*intake);
  EXPECT_EQ(report.commits, 2) << "one answer in each";
  EXPECT_EQ(report.tables.at("bars").kept, 7) << "three of the second answer's bars are there";
  EXPECT_EQ(world_.rows("bars"), 7);
}

TEST_F(IntakeTest, IsOneAtATime) {
  World world = world_.world();
  const auto first = must(Intake::open(world, yahoo_));
  const auto second = Intake::open(world, yahoo_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().number(), E::E8003);
}

}  // namespace
}  // namespace lode::flow
