// Answers: what came for an ask, on its way from the archive through the queue to the lake.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/flow/steps/collect/ask.h"

namespace lode::flow {

struct Answer {
  std::string job;
  Time planned_at;  // Of that beginning of the job.
  Ask ask;
  int status = 0;
  HttpHeaders headers;   // Without secrets.
  std::string raw_hash;  // Of the body; of an answer that nothing changed, of the body that is stored ("" = unknown).
  Time received_at;
  std::string exchange_hash;  // Of an answer that nothing changed: its own record in the archive. Else "".

  bool is_unchanged() const { return status == 304; }
};
std::string answer_payload(const Answer& answer);
Result<Answer> read_answer(std::string_view payload);
// Names the answer for ever: a push that is repeated after a lost acknowledgement stores nothing.
std::string answer_key(const Answer& answer);

}  // namespace lode::flow
