// Books: what a lake remembers of the collecting from one source, under <lake>/fetch/<source>/:
//
//   lock                     held while a process collects from it: one at a time, so that the cursor is nobody else's
//   cursor.json              where the source stands, with the token of the commit that moved it there
//   stored-<address>.json    the answer of an address that is stored, which a "304 Not Modified" stands for
//   <job>/plan.json          the requests of a fetch that is not finished
//   <job>/follow-<n>.json    requests that answer n of the queue asked for, written before the answer's rows
//
// Each file is a checksum and a JSON text, written beside, synced and renamed, so that it is whole or not there.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "lode/flow/steps/collect/ask.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {

// The cursor as it was last kept.
struct Standing {
  source::Cursor cursor;
  std::string token;          // Of the effect it belongs to; "" at the beginning.
  lake::CommitId commit = 0;  // The lake's last commit then.
};

// A fetch that was begun: what it asks for in all, follow-ups included.
struct Job {
  std::string id;           // Of the source and what the user asked for, 16 digits.
  Time planned_at;          // Also names this beginning of it: answers of an earlier one do not count.
  std::int64_t offset = 1;  // The queue's next number when it was planned.
  std::vector<Ask> asks;    // In order, each id once.

  void add(Ask ask);                    // Unless it was added before.
  void remove(const std::string& ask);  // By its id.

  std::unordered_set<std::string> added = {};  // Ids of `asks`, of those that add() put there.
};

// An answer whose rows are in the lake: what its source means when it says that nothing changed.
struct StoredAnswer {
  std::string asked;          // what_is_asked() of it: another request of the address may have read other rows.
  std::string raw_hash;       // Its body, in the archive.
  HttpHeaders headers;        // That name and describe the body: ETag, Last-Modified, Content-Type.
  lake::CommitId commit = 0;  // The lake's last commit once it was stored.
};

std::string job_id(std::string_view source, const source::FetchRequest& request);

class Books {
 public:
  // Makes the folder and takes the lock. E8003 names who collects from the source now.
  static Result<Books> open(const std::string& lake, std::string_view source);

  // A fresh start when there is none, or when a commit that moved it was reverted since. E8005 damaged.
  Result<Standing> standing(const lake::Lake& lake) const;
  Result<void> keep(const Standing& standing);

  // What is stored of an address; nullopt when nothing is known to be. A damaged file is nothing.
  std::optional<StoredAnswer> stored(const std::string& url) const;
  Result<void> remember(const std::string& url, const StoredAnswer& stored);
  // From here on the address is asked as if for the first time. E8009.
  Result<void> drop(const std::string& url);
  // True when rows of the source were hidden since: what was stored then may be gone.
  Result<bool> is_reverted_since(lake::CommitId commit, const lake::Lake& lake) const;

  // The unfinished job of that id, with all follow-ups; nullopt when there is none or it is older than `oldest`.
  Result<std::optional<Job>> job(const std::string& id, Time oldest) const;
  // The requests of a new one, in the place of an old one.
  Result<void> begin(const Job& job);
  // What the answer of message `message` asks for. Nothing happens when the job is unknown: it was given up.
  Result<void> follow(const std::string& job, std::int64_t message, const std::vector<Ask>& asks);
  void end(const std::string& job);
  // Takes away jobs planned before `oldest`.
  void forget(Time oldest);

  const std::string& folder() const { return folder_; }

 private:
  Books(std::string folder, lake::CommitLock lock) : folder_(std::move(folder)), lock_(std::move(lock)) {}
  std::string stored_path(const std::string& url) const;
  std::string_view source() const;
  // When the job's plan was made, read once: nobody else writes it.
  Result<std::optional<Time>> begun(const std::string& job);
  std::string folder_;
  lake::CommitLock lock_;
  std::map<std::string, Time> begun_;  // Of the jobs that are known to have a plan.
};

// The jobs and the cursor without a lock, to look at: for --dry-run.
Result<std::optional<Job>> look_at_job(const std::string& lake, std::string_view source, const std::string& id,
                                       Time oldest);
Result<Standing> look_at_standing(const std::string& folder, std::string_view source, const lake::Lake* lake);

}  // namespace lode::flow
