// Where the answers of a source go: into the archive, then the source's queue, and through its consumer into the lake.
// A fetch, a watch and a stream share it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "lode/base/world.h"
#include "lode/flow/steps/collect/collect.h"
#include "lode/flow/steps/collect/consume.h"

namespace lode::flow {

class Intake {
 public:
  // Opens lake, books and queue of the source, made where they are not, and takes the source's lock: E8003 when
  // somebody else holds it. Answers that a process that died held are given back.
  static Result<std::unique_ptr<Intake>> open(World& world, const source::Source& source);

  // The message of an answer whose bytes are archived; once it returns, the answer is stored whenever the process ends.
  Result<void> push(const Answer& answer);
  // Stores what waits in the queue, at most `most` answers in one commit; each commit is told.
  template <class Take>
  Result<void> consume(std::int64_t most, const Take& take) {
    while (true) {
      LODE_TRY(const Consumed consumed, consumer_.run(most));
      if (consumed.answers == 0) {
        return {};
      }
      take(consumed);
    }
  }

  Archive& archive() { return *archive_; }
  queue::Queue& queue() { return *queue_; }
  Books& books() { return books_; }
  const source::Cursor& cursor() const { return consumer_.cursor(); }

 private:
  Intake(World& world, const source::Source& source, std::unique_ptr<lake::Lake> lake, Books books,
         std::unique_ptr<queue::Queue> queue, Standing standing);

  std::unique_ptr<lake::Lake> lake_;
  std::unique_ptr<Archive> archive_;
  std::unique_ptr<queue::Queue> queue_;
  Books books_;
  Consumer consumer_;  // Holds references to all of them.
};

// Rows, reasons and commits of a batch, added up in a report.
void add_stored(const Consumed& consumed, CollectReport& report);

}  // namespace lode::flow
