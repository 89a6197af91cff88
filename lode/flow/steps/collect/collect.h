// Collect: plan, fetch, archive, queue, parse, gates, lake; the whole way of a source's data, for `lode data fetch` and
// each poll of `lode data watch`.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lode/base/world.h"
#include "lode/flow/steps/collect/consume.h"
#include "lode/io/net/places.h"

namespace lode::flow {

// A request that brought nothing, and why.
struct Unserved {
  std::string name;
  ErrorNumber number{};
  std::string reason;
};

struct CollectReport {
  std::string source;
  std::int64_t planned = 0;       // Requests in all, follow-ups included.
  std::int64_t before = 0;        // Of them answered by an earlier run.
  std::int64_t answered = 0;      // By this run.
  std::int64_t left = 0;          // For another run of the same command.
  std::int64_t served = 0;        // Answers with rows, or with the news that there are none.
  std::int64_t unchanged = 0;     // Of them without news.
  std::int64_t not_modified = 0;  // Of those, told by the source itself (304) instead of by sending all of it.
  std::int64_t rejected = 0;      // Records set aside.
  std::int64_t records = 0;
  std::vector<Unserved> unserved;
  std::vector<std::string> notes;  // What answers say of their own rows: "provisional: ...", each with its name.
  std::vector<Unserved> absent;    // Pieces of a span that are not there, where others are: holidays.
  std::map<std::string, TableCount, std::less<>> tables;
  std::map<std::string, std::int64_t> reasons;  // Of records set aside.
  std::vector<Arrival> arrivals;
  lake::CommitId commit = 0;  // The last one; 0 for none.
  std::int64_t commits = 0;
  std::optional<std::int64_t> wait_seconds;  // Before the source may be asked again.
  bool stopped = false;                      // By Ctrl-C.
  double seconds = 0.0;
};

class Intake;

// The collecting of one source in one process.
class Collector {
 public:
  ~Collector();
  // Opens lake, queue and books, and takes the source's lock: E8003 when somebody else holds it. What an earlier
  // process left in the queue is stored first. `request` without settings: they are read here.
  static Result<std::unique_ptr<Collector>> open(World& world, const source::Source& source,
                                                 source::FetchRequest request);

  // One fetch, or the rest of one that was begun less than a day ago and not finished (unless `fresh`). Errors of
  // single requests stand in the report; E6201, E6208 when nothing can be planned; errors of lake and queue.
  Result<CollectReport> fetch(bool fresh);
  // One poll: planned anew, and forgotten when it does not end.
  Result<CollectReport> poll();

 private:
  Collector(World& world, const source::Source& source);
  Result<void> prepare(source::FetchRequest request);
  Result<Job> plan(std::string id);
  Result<std::set<std::string>> answered(const Job& job) const;
  Result<void> ask(Job& job, CollectReport& report);
  std::vector<HttpRequest> to_send(const std::vector<Ask>& asks);
  Result<void> ask_some(const std::vector<Ask>& asks, const Job& job, CollectReport& report);
  // Walks a chain whose answers are secrets (a cookie, a crumb): nothing of it is archived or queued. What it leads to
  // joins the job, with words for the secrets.
  Result<void> ask_private(const Ask& first, Job& job, CollectReport& report);
  Result<void> keep(const Ask& ask, const Job& job, const HttpRequest& sent, const HttpResponse& response);
  Result<void> consume(Job* job, CollectReport& report);
  void count(const Consumed& consumed, Job* job, CollectReport& report);
  bool heed(const Ask& ask, const HttpResponse& answer);
  void refused(const source::Verdict& verdict, const std::string& name, CollectReport& report);
  void missed(const Ask& ask, const Error& error, CollectReport& report);
  bool tell(const Job& job, const CollectReport& report);
  // Texts of the source are decoded, so a key that it echoes is as plain as it can be.
  void hide_secrets_in(CollectReport& report) const;

  World& world_;
  const source::Source& source_;
  source::FetchRequest request_;
  SourceSettings settings_;
  net::Places places_;  // Where requests really go; of recordings nowhere.
  std::unique_ptr<Intake> intake_;
  std::set<std::string> tried_;                     // Asks of this run.
  std::map<std::string, StoredAnswer> conditions_;  // By ask: what may be answered by "nothing changed".
  bool is_fresh_ = false;                           // Everything is asked in full.
  int troubles_ = 0;                                // Requests in a row that no answer came to.
  int refusals_ = 0;                                // Answers in a row that refused, or could not serve.
  bool is_over_ = false;                            // The source is to be left alone, or the user stops.
};

// What a fetch would ask, without asking.
struct Preview {
  std::vector<Ask> asks;
  std::vector<std::string> urls;  // Of each the address that is really asked: a mirror, where a setting names one.
  std::int64_t answered = 0;      // Of an unfinished fetch that it would go on with.
  double seconds = 0.0;           // At the source's pace, if each is answered at once.
};
Result<Preview> preview_fetch(World& world, const source::Source& source, source::FetchRequest request, bool fresh);

// An answer of this kind ends the run: the source is to be asked no more for now.
bool is_end(source::ResponseClass kind);

// Requests a second that the source allows to begin with.
double pace_of(const source::Spec& spec, const Ask& ask);

inline constexpr std::string_view kCollectQueue = "collect-";  // And the source's name: its queue of answers.

}  // namespace lode::flow
