// Lake, archive, books, queue and consumer of one source.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/intake.h"

#include <string>
#include <utility>

#include "lode/io/lake/lake.h"

namespace lode::flow {

Intake::Intake(World& world, const source::Source& source, std::unique_ptr<lake::Lake> lake, Books books,
               std::unique_ptr<queue::Queue> queue, Standing standing)
    : lake_(std::move(lake)),
      archive_(lake::make_archive(*lake_, world.clock)),
      queue_(std::move(queue)),
      books_(std::move(books)),
      consumer_(world, source, *lake_, *archive_, *queue_, books_, std::move(standing)) {}

Result<std::unique_ptr<Intake>> Intake::open(World& world, const source::Source& source) {
  LODE_TRY(auto lake, lake::Lake::open(world.lake, lake::Access::kCreate, world.clock, world.pool));
  LODE_TRY(Books books, Books::open(world.lake, source.spec.name));
  LODE_TRY(auto queue, queue::Queue::open(world.lake, std::string(kCollectQueue) + std::string(source.spec.name),
                                          queue::Access::kCreate, world.clock));
  LODE_TRY(Standing standing, books.standing(*lake));
  std::unique_ptr<Intake> out(
      new Intake(world, source, std::move(lake), std::move(books), std::move(queue), std::move(standing)));
  LODE_CHECK(out->consumer_.recover());
  return out;
}

Result<void> Intake::push(const Answer& answer) {
  const std::string key = answer_key(answer);
  const std::string payload = answer_payload(answer);
  LODE_CHECK(queue_->push(queue::Message{.key = key, .group = answer.ask.id, .payload = payload}));
  return {};
}

void add_stored(const Consumed& consumed, CollectReport& report) {
  for (const auto& [table, rows] : consumed.tables) {
    report.tables[table] += rows;
  }
  for (const auto& [reason, rows] : consumed.reasons) {
    report.reasons[reason] += rows;
  }
  report.arrivals.insert(report.arrivals.end(), consumed.arrivals.begin(), consumed.arrivals.end());
  report.commit = consumed.commit != 0 ? consumed.commit : report.commit;
  report.commits += consumed.commit != 0 ? 1 : 0;
}

}  // namespace lode::flow
