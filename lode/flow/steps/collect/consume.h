// Consume: archived answers become rows of the lake. A batch of answers is one commit under the batch's token, so that
// a consumer that dies anywhere and starts again leaves the same commit, once:
//
//   receive   the answers, at most one of each request
//   parse     one after another, each from where the one before left the cursor
//   follow    what they ask for further is written into the books
//   seal      the queue remembers that these answers belong together under one token
//   commit    their rows and what was set aside, under that token: a second commit of it does nothing
//   keep      the cursor, with the token
//   ack       the answers are done
//
// Killed before the cursor is kept, the same answers come again, are parsed from the same cursor and give the same
// rows; killed behind it, the token says that all is done.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lode/flow/steps/collect/answer.h"
#include "lode/flow/steps/collect/books.h"
#include "lode/flow/steps/collect/gather.h"
#include "lode/flow/steps/known/filing_rows.h"
#include "lode/io/queue/queue.h"

namespace lode::flow {

// What became of one answer.
struct Told {
  std::string job, ask, name;
  source::Verdict verdict;
  std::optional<Error> refusal;  // The body is not what was promised: E6206, E6207 and their like.
  std::int64_t records = 0, rows = 0, rejected = 0;
  std::vector<source::Missing> missing;  // Names among others that the source has nothing of.
  bool is_later = false;                 // The source put it off: the ask waits for another run.
  bool is_unchanged = false;             // The source said so (304), and what is stored of it was read again.
  bool is_one_of_span = false;           // That it is absent is no failure where others of the span are there.
};

// When a filing was accepted, and when it reached us.
struct Arrival {
  std::string accession, form;
  Time accepted, received, stored;
};

struct Consumed {
  std::int64_t answers = 0;
  std::vector<Told> told;
  std::vector<std::pair<std::string, Ask>> follow;  // With the job they belong to.
  std::map<std::string, TableCount, std::less<>> tables;
  std::map<std::string, std::int64_t> reasons;  // Of rows set aside, by rule and reason.
  std::vector<Arrival> arrivals;
  lake::CommitId commit = 0;  // 0: nothing was worth one.
};

class Consumer {
 public:
  // All parts outlive it; nobody else consumes the queue meanwhile (Books hold the lock).
  Consumer(World& world, const source::Source& source, lake::Lake& lake, Archive& archive, queue::Queue& queue,
           Books& books, Standing standing);

  // Gives back what a process that died held. Before the first run().
  Result<void> recover();
  // One commit's worth of answers; `answers` 0 when none is there.
  Result<Consumed> run(std::int64_t most);
  const source::Cursor& cursor() const { return standing_.cursor; }

 private:
  struct Read;
  Result<void> read(const queue::Delivery& delivery, const lake::Snapshot& snapshot, source::Cursor& cursor, Read& out);
  Result<bool> find_body(Read& out, source::Response& response);
  Result<void> leave_stored(const source::Cursor& before, Read& out) const;
  Result<std::vector<Read>> read_all(const queue::Received& received, source::Cursor& next, Consumed& out);
  bool is_worth(const std::vector<Read>& reads, const source::Cursor& next) const;
  Result<void> store(std::vector<Read>& reads, const std::string& token, const source::Cursor& next, Consumed& out);
  Value note(const std::vector<Read>& reads, const Gather& gather) const;
  Result<void> give_up(const queue::Delivery& delivery, const Error& error, Consumed& out);
  Result<void> settle(const std::vector<Read>& reads);

  World& world_;
  const source::Source& source_;
  lake::Lake& lake_;
  Archive& archive_;
  queue::Queue& queue_;
  Books& books_;
  Standing standing_;
  std::optional<FilingRows> filings_;  // Of the batch that is read.
  std::int64_t careful_ = 0;           // Answers that are taken one by one, because a process died over one of them.
};

}  // namespace lode::flow
