// One process that collects from one source.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/collect.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "lode/base/text.h"
#include "lode/flow/steps/collect/folder.h"
#include "lode/flow/steps/collect/unchanged.h"
#include "lode/io/net/places.h"
#include "lode/io/net/recorder.h"
#include "lode/io/net/redact.h"

namespace lode::flow {
namespace {

constexpr std::int64_t kJobNanos = kNanosPerDay;  // An unfinished fetch is gone on with so long.
constexpr std::size_t kChunk = 32;                // Requests between two commits.
constexpr std::int64_t kBatch = 32;               // Answers in one commit.
constexpr int kTroublesMost = 4;                  // Then the host is not there.
constexpr int kRefusalsMost = 3;                  // Then it is the source and not the symbol.
constexpr std::size_t kReplayMost = 1000;
constexpr int kChainMost = 12;  // Steps to a cookie and a crumb: two ways of a few redirects each.

bool is_stop(const Error& error) { return error.code() == ErrorCode::kCancelled; }

// Errors that speak of the host and not of the one request.
bool is_of_host(const Error& error) {
  return error.number() == E::E6101 || error.number() == E::E6102 || error.number() == E::E6103;
}

// The source is to be asked no more for now.
bool is_end(source::ResponseClass kind) {
  using enum source::ResponseClass;
  return kind == kThrottled || kind == kBlocked;
}

// The same request whatever the attempt.
std::string first_id(const Ask& ask) { return ask.attempt == 1 ? ask.id : make_ask(ask.request).id; }

// Asks of a job, of each request the last attempt: a request that was put off is one request still.
std::map<std::string, const Ask*> last_attempts(const Job& job) {
  std::map<std::string, const Ask*> out;
  for (const Ask& one : job.asks) {
    const Ask*& last = out[first_id(one)];
    last = last == nullptr || last->attempt < one.attempt ? &one : last;
  }
  return out;
}

std::int64_t count_of(const std::map<std::string, const Ask*>& asks, const std::set<std::string>& ids) {
  return std::ranges::count_if(asks, [&](const auto& one) { return ids.contains(one.second->id); });
}

// Where nothing of a span is there, each piece of it is missing.
void settle_absent(CollectReport& report) {
  if (report.served + report.before == 0) {
    report.unserved.insert(report.unserved.end(), report.absent.begin(), report.absent.end());
    report.absent.clear();
  }
}

// Sources that want a second and more between requests get one connection.
int parallel_of(double pace) { return pace >= 2.0 ? 4 : 1; }

}  // namespace

double pace_of(const source::Spec& spec, const Ask& ask) {
  const auto found = std::ranges::find(spec.paces, std::string_view(ask.request.pace), &source::Pace::name);
  return found == spec.paces.end() ? 1.0 : found->per_second;
}

Result<std::unique_ptr<Collector>> Collector::open(World& world, const source::Source& source,
                                                   source::FetchRequest request) {
  std::unique_ptr<Collector> out(new Collector(world, source));
  LODE_CHECK(out->prepare(std::move(request)));
  return out;
}

Result<void> Collector::prepare(source::FetchRequest request) {
  LODE_CHECK(net::Places::from(world_.config));  // A setting that is none is no answer of the source.
  settings_ = settings_of(source_.spec, world_.config);
  request_ = std::move(request);
  request_.settings = settings_.told;
  // What cannot be planned leaves no folder behind.
  LODE_CHECK(source_.plan(request_, {}, world_.clock.now()));
  LODE_TRY(lake_, lake::Lake::open(world_.lake, lake::Access::kCreate, world_.clock, world_.pool));
  LODE_TRY(Books books, Books::open(world_.lake, source_.spec.name));
  books_.emplace(std::move(books));
  archive_ = lake::make_archive(*lake_, world_.clock);
  LODE_TRY(queue_, queue::Queue::open(world_.lake, std::string(kCollectQueue) + std::string(source_.spec.name),
                                      queue::Access::kCreate, world_.clock));
  LODE_TRY(Standing standing, books_->standing(*lake_));
  consumer_.emplace(world_, source_, *lake_, *archive_, *queue_, *books_, std::move(standing));
  LODE_CHECK(consumer_->recover());
  books_->forget(Time{world_.clock.now().nanos - kJobNanos});
  return {};
}

Result<Job> Collector::plan(std::string id) {
  Job job{.id = std::move(id), .planned_at = world_.clock.now(), .asks = {}};
  LODE_TRY(source::Plan plan, source_.plan(request_, consumer_->cursor(), job.planned_at));
  for (source::Request& request : plan.requests) {
    job.add(make_ask(std::move(request)));
  }
  LODE_TRY(const queue::Stats stats, queue_->stats());
  job.offset = stats.next_id;
  return job;
}

// Ids of the asks whose answers are in the queue, stored or not.
Result<std::set<std::string>> Collector::answered(const Job& job) const {
  std::set<std::string> out;
  std::int64_t offset = job.offset;
  while (true) {
    LODE_TRY(const queue::Replayed some, queue_->replay(offset, kReplayMost));
    for (const queue::Delivery& message : some.messages) {
      if (const Result<Answer> answer = read_answer(message.payload);
          answer && answer->job == job.id && answer->planned_at.nanos == job.planned_at.nanos) {
        out.insert(answer->ask.id);
      }
    }
    if (some.messages.empty() && some.damaged.empty()) {
      return out;
    }
    offset = some.next;
  }
}

Result<CollectReport> Collector::fetch(bool fresh) {
  const std::int64_t begin = world_.clock.monotonic_nanos();
  CollectReport report{.source = std::string(source_.spec.name)};
  is_fresh_ = request_.anew = fresh;
  LODE_CHECK(consume(nullptr, report));  // What an earlier process archived and did not store.
  const std::string id = job_id(source_.spec.name, request_);
  std::optional<Job> job;
  if (!fresh) {
    LODE_TRY(job, books_->job(id, Time{world_.clock.now().nanos - kJobNanos}));
  }
  if (!job) {
    books_->end(id);
    LODE_TRY(job, plan(id));
    LODE_CHECK(books_->begin(*job));
  }
  LODE_TRY(tried_, answered(*job));
  report.before = count_of(last_attempts(*job), tried_);
  LODE_CHECK(ask(*job, report));
  LODE_TRY(const std::set<std::string> done, answered(*job));
  const auto asks = last_attempts(*job);
  report.planned = std::ssize(asks);
  report.left = report.planned - count_of(asks, done);
  if (report.left == 0) {
    books_->end(id);
  }
  settle_absent(report);
  report.seconds = static_cast<double>(world_.clock.monotonic_nanos() - begin) * 1e-9;
  return report;
}

Result<CollectReport> Collector::poll() {
  const std::int64_t begin = world_.clock.monotonic_nanos();
  CollectReport report{.source = std::string(source_.spec.name)};
  is_over_ = false;
  troubles_ = refusals_ = 0;
  tried_.clear();
  LODE_CHECK(consume(nullptr, report));
  LODE_TRY(Job job, plan("watch"));
  LODE_CHECK(ask(job, report));
  report.planned = std::ssize(last_attempts(job));
  report.left = std::max<std::int64_t>(0, report.planned - report.answered);
  settle_absent(report);
  report.seconds = static_cast<double>(world_.clock.monotonic_nanos() - begin) * 1e-9;
  return report;
}

bool Collector::tell(const Job& job, const CollectReport& report) {
  const std::string refused =
      report.unserved.empty() ? "" : grouped(static_cast<std::int64_t>(report.unserved.size())) + " refused";
  return report_progress(world_, fmt::format("fetching {}\t{}", source_.spec.name, refused),
                         report.before + report.answered, std::ssize(job.asks));
}

// Chunk by chunk: what came is stored before more is asked, so that a refusal is heard soon and memory stays bounded.
Result<void> Collector::ask(Job& job, CollectReport& report) {
  while (!is_over_) {
    std::vector<Ask> some;
    for (const Ask& one : job.asks) {
      if (some.size() < kChunk && !tried_.contains(one.id)) {
        some.push_back(one);
      }
    }
    if (some.empty()) {
      return {};
    }
    const auto chain = std::ranges::find_if(some, [](const Ask& one) { return one.request.http.is_private; });
    if (chain != some.end()) {
      LODE_CHECK(ask_private(*chain, job, report));  // The others may need what it brings.
      continue;
    }
    std::erase_if(some, [&](const Ask& one) { return !is_known(one, settings_) && tried_.insert(one.id).second; });
    if (!some.empty()) {
      LODE_CHECK(ask_some(some, job, report));
    }
    LODE_CHECK(consume(&job, report));
  }
  return {};
}

std::vector<HttpRequest> Collector::to_send(const std::vector<Ask>& asks) {
  std::vector<HttpRequest> out;
  for (const Ask& one : asks) {
    out.push_back(flow::to_send(one, source_.spec.name, settings_));
    std::optional<StoredAnswer> stored = is_fresh_ ? std::nullopt : asked_for_changes(one, *books_, *archive_);
    out.back().is_conditional = stored.has_value();
    if (stored) {
      conditions_.insert_or_assign(one.id, std::move(*stored));
    }
  }
  return out;
}

Result<void> Collector::ask_some(const std::vector<Ask>& asks, const Job& job, CollectReport& report) {
  conditions_.clear();
  const std::vector<HttpRequest> requests = to_send(asks);
  Result<void> kept;
  const auto take = [&](std::size_t index, Result<HttpResponse> answer) {
    tried_.insert(asks[index].id);
    bool goes_on = true;
    if (!answer) {
      missed(asks[index], answer.error(), report);
    } else {
      troubles_ = 0;
      ++report.answered;
      goes_on = heed(asks[index], *answer);
      kept = keep(asks[index], job, requests[index], *answer);
      is_over_ = is_over_ || !kept;
    }
    if (!tell(job, report)) {
      report.stopped = is_over_ = true;
    }
    return !is_over_ && goes_on;
  };
  if (is_in_folder(requests.front())) {
    bool goes_on = true;
    for (std::size_t k = 0; k < requests.size() && goes_on; ++k) {
      goes_on = take(k, read_in_folder(requests[k], world_.clock.now()));
    }
  } else {
    world_.http.send_all(requests, parallel_of(pace_of(source_.spec, asks.front())), take);
  }
  return kept;
}

// What a status means is the source's to say: a file that is not there stops nobody. False: a refusal, which is looked
// at before more is asked.
bool Collector::heed(const Ask& ask, const HttpResponse& answer) {
  if (answer.status < 400) {
    return true;
  }
  source::Response response;
  response.asked = ask.request;
  response.status = answer.status;
  response.headers = answer.headers;
  response.body = answer.body;
  response.received_at = answer.received_at;
  response.cursor = consumer_->cursor();
  const auto parsed = source_.parse(response);
  if (!parsed) {
    return true;  // It is set aside.
  }
  using enum source::ResponseClass;
  const source::ResponseClass kind = parsed->verdict.kind;
  return !is_end(kind) && kind != kDenied && kind != kUnavailable;
}

Result<void> Collector::ask_private(const Ask& first, Job& job, CollectReport& report) {
  tried_.insert(first.id);
  const std::string name = fmt::format("{}'s cookie and crumb", source_.spec.name);
  std::vector<Ask> steps = {first};
  std::vector<source::Request> wanted;
  for (int count = 0; !steps.empty(); ++count) {
    if (count == kChainMost) {
      report.unserved.push_back({name, E::E6206, fmt::format("{}: more than {} steps lead nowhere", name, kChainMost)});
      return {};
    }
    const Ask step = std::move(steps.back());
    steps.pop_back();
    const HttpRequest sent = flow::to_send(step, source_.spec.name, settings_);
    Result<HttpResponse> answer = world_.http.send(sent);
    if (!answer) {
      missed(step, answer.error(), report);
      return {};
    }
    troubles_ = 0;
    heed(step, *answer);
    source::Response response;
    response.asked = step.request;
    response.status = answer->status;
    response.headers = std::move(answer->headers);
    response.body = std::move(answer->body);
    response.received_at = answer->received_at;
    response.cursor = consumer_->cursor();
    Result<source::Parsed> parsed = source_.parse(response);
    if (!parsed) {
      report.unserved.push_back({name, parsed.error().number(), parsed.error().message()});
      return {};
    }
    if (parsed->follow.empty() && parsed->verdict.kind != source::ResponseClass::kOk) {
      refused(parsed->verdict, name, report);
      return {};
    }
    for (source::Request& next : parsed->follow) {
      next.http.is_private ? steps.push_back(make_ask(std::move(next))) : wanted.push_back(std::move(next));
    }
  }
  std::erase_if(job.asks, [&](const Ask& one) { return one.id == first.id; });
  for (source::Request& request : wanted) {
    hide_secrets(request, settings_);
    job.add(make_ask(std::move(request)));
  }
  return {};
}

// A verdict without rows, told under a name; one that speaks of the host ends the run.
void Collector::refused(const source::Verdict& verdict, const std::string& name, CollectReport& report) {
  using enum source::ResponseClass;
  const Error error = source::outcome_error(verdict, name);
  report.unserved.push_back({name, error.number(), error.message()});
  is_over_ = true;
  if (verdict.kind == kThrottled || verdict.kind == kBlocked) {
    report.wait_seconds = std::max(report.wait_seconds.value_or(0), verdict.wait_seconds.value_or(0));
  }
}

void Collector::missed(const Ask& ask, const Error& error, CollectReport& report) {
  if (is_stop(error)) {
    report.stopped = is_over_ = true;
    return;
  }
  ++troubles_;
  is_over_ = is_over_ || is_of_host(error) || troubles_ >= kTroublesMost;
  report.unserved.push_back({ask_name(ask), error.number(), error.message()});
}

// Bytes first: then the message that names them. Killed between the two, the request is asked once more.
Result<void> Collector::keep(const Ask& ask, const Job& job, const HttpRequest& sent, const HttpResponse& response) {
  const net::Redaction redaction(sent.secrets);
  const Value record = net::exchange_record(sent, response, redaction);
  Answer answer{.job = job.id,
                .planned_at = job.planned_at,
                .ask = ask,
                .status = response.status,
                .headers = redaction.headers(response.headers),
                .raw_hash = {},
                .received_at = response.received_at,
                .exchange_hash = {}};
  if (answer.is_unchanged()) {
    // It has no body: its record is kept in the place of one, and the body is the one it stands for.
    LODE_TRY(answer.exchange_hash, archive_->put(source_.spec.name, to_json(record), to_json(record)));
    const auto stored = conditions_.find(ask.id);
    if (stored != conditions_.end() && stands_for(stored->second, response.headers)) {
      answer.raw_hash = stored->second.raw_hash;
    }
  } else {
    LODE_TRY(answer.raw_hash,
             archive_->put(source_.spec.name, net::body_record(sent, response, redaction), to_json(record)));
  }
  const std::string key = answer_key(answer);
  const std::string payload = answer_payload(answer);
  LODE_CHECK(queue_->push(queue::Message{.key = key, .group = ask.id, .payload = payload}));
  return {};
}

Result<void> Collector::consume(Job* job, CollectReport& report) {
  while (true) {
    LODE_TRY(const Consumed consumed, consumer_->run(kBatch));
    if (consumed.answers == 0) {
      return {};
    }
    count(consumed, job, report);
  }
}

void Collector::count(const Consumed& consumed, Job* job, CollectReport& report) {
  for (const Told& told : consumed.told) {
    report.records += told.records;
    report.rejected += told.rejected;
    using enum source::ResponseClass;
    const source::ResponseClass kind = told.verdict.kind;
    const bool is_list = source_.spec.names.empty();
    const bool is_quiet = kind == kNotModified || (kind == kEmpty && (told.records > 0 || told.rows > 0 || is_list));
    if (told.refusal) {
      report.unserved.push_back({told.name, told.refusal->number(), told.refusal->message()});
    } else if (kind == kOk || is_quiet) {
      ++report.served;
      report.unchanged += is_quiet ? 1 : 0;
      if (kind != kEmpty && !told.verdict.reason.empty()) {
        report.notes.push_back(told.name + ": " + told.verdict.reason);
      }
      report.not_modified += told.is_unchanged ? 1 : 0;
    } else {
      const Error error = source::outcome_error(told.verdict, told.name);
      auto& list = kind == kAbsent && told.is_one_of_span ? report.absent : report.unserved;
      list.push_back({told.name, error.number(), error.message()});
    }
    for (const source::Missing& one : told.missing) {
      const Error error = source::outcome_error(one.verdict, one.name);
      report.unserved.push_back({one.name, error.number(), error.message()});
    }
    // One symbol may be refused or broken; several in a row are the source.
    refusals_ = !told.refusal && (kind == kDenied || kind == kUnavailable) ? refusals_ + 1 : 0;
    is_over_ = is_over_ || refusals_ >= kRefusalsMost;
    if (is_end(kind)) {
      is_over_ = true;
      report.wait_seconds = std::max(report.wait_seconds.value_or(0), told.verdict.wait_seconds.value_or(0));
    }
  }
  for (const auto& [table, rows] : consumed.tables) {
    report.tables[table] += rows;
  }
  for (const auto& [reason, rows] : consumed.reasons) {
    report.reasons[reason] += rows;
  }
  report.arrivals.insert(report.arrivals.end(), consumed.arrivals.begin(), consumed.arrivals.end());
  report.commit = consumed.commit != 0 ? consumed.commit : report.commit;
  report.commits += consumed.commit != 0 ? 1 : 0;
  for (const auto& [of, ask] : consumed.follow) {
    if (job != nullptr && of == job->id) {
      if (ask.attempt > 1) {
        tried_.insert(ask.id);  // The source put it off: not now.
      }
      job->add(ask);
    }
  }
}

Result<Preview> preview_fetch(World& world, const source::Source& source, source::FetchRequest request, bool fresh) {
  const SourceSettings settings = settings_of(source.spec, world.config);
  request.settings = settings.told;
  request.anew = fresh;
  LODE_CHECK(net::Places::from(world.config));
  const Time now = world.clock.now();
  Preview out;
  LODE_TRY(source::Plan first, source.plan(request, {}, now));
  const auto lake = lake::Lake::open(world.lake, lake::Access::kRead, world.clock, world.pool);
  std::optional<Job> job;
  if (lake) {
    const std::string id = job_id(source.spec.name, request);
    if (!fresh) {
      LODE_TRY(job, look_at_job(world.lake, source.spec.name, id, Time{now.nanos - kJobNanos}));
    }
    LODE_TRY(const Standing standing, look_at_standing(world.lake, source.spec.name, lake->get()));
    LODE_TRY(first, source.plan(request, standing.cursor, now));
  }
  if (job) {
    out.asks = job->asks;
  } else {
    for (source::Request& one : first.requests) {
      out.asks.push_back(make_ask(std::move(one)));
    }
  }
  for (const Ask& ask : out.asks) {
    out.seconds += 1.0 / pace_of(source.spec, ask);
  }
  return out;
}

}  // namespace lode::flow
