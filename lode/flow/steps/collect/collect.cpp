// One process that collects from one source.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/collect.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "lode/flow/steps/collect/folder.h"
#include "lode/flow/steps/collect/intake.h"
#include "lode/io/net/client.h"
#include "lode/io/net/redact.h"
#include "lode/io/net/url.h"

namespace lode::flow {
namespace {

constexpr std::int64_t kJobNanos = kNanosPerDay;  // An unfinished fetch is gone on with so long.
constexpr std::int64_t kBatch = 32;               // Answers in one commit.
constexpr int kRefusalsMost = 3;                  // Then it is the source and not the symbol.
constexpr std::size_t kReplayMost = 1000;

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

// Where requests go, by the settings; a setting of the network that is none is told here, before a folder is made.
// Recordings and files need no network, whatever proxy this machine has.
Result<net::Places> places_of(const Config& config, const source::Plan& plan) {
  LODE_TRY(net::Places places, net::Places::from(config));
  if (!config.get("net.replay").as_text().empty()) {
    return net::Places();
  }
  if (plan.requests.empty() || !std::ranges::all_of(plan.requests, is_in_folder, &source::Request::http)) {
    LODE_CHECK(net::client_options(config));
  }
  return places;
}

std::string asked_address(const std::string& published, const net::Places& places) {
  const Result<net::Url> url = net::parse_url(published);  // A file of a folder is none.
  const Result<net::OnWire> wire = url ? places.find(*url) : Result<net::OnWire>(fail(E::E6104, ""));
  return wire && wire->may_be_private ? wire->url.text() : published;
}

}  // namespace

bool is_end(source::ResponseClass kind) {
  using enum source::ResponseClass;
  return kind == kThrottled || kind == kBlocked;
}

double pace_of(const source::Spec& spec, const Ask& ask) {
  const auto found = std::ranges::find(spec.paces, std::string_view(ask.request.pace), &source::Pace::name);
  return found == spec.paces.end() ? 1.0 : found->per_second;
}

Collector::Collector(World& world, const source::Source& source) : world_(world), source_(source) {}
Collector::~Collector() = default;

Result<std::unique_ptr<Collector>> Collector::open(World& world, const source::Source& source,
                                                   source::FetchRequest request) {
  std::unique_ptr<Collector> out(new Collector(world, source));
  LODE_CHECK(out->prepare(std::move(request)));
  return out;
}

Result<void> Collector::prepare(source::FetchRequest request) {
  settings_ = settings_of(source_.spec, world_.config);
  request_ = std::move(request);
  request_.settings = settings_.told;
  // What cannot be planned leaves no folder behind, and a setting that is none is no answer of the source.
  LODE_TRY(const source::Plan first, source_.plan(request_, {}, world_.clock.now()));
  LODE_TRY(places_, places_of(world_.config, first));
  LODE_TRY(intake_, Intake::open(world_, source_));
  intake_->books().forget(Time{world_.clock.now().nanos - kJobNanos});
  return {};
}

Result<Job> Collector::plan(std::string id) {
  Job job{.id = std::move(id), .planned_at = world_.clock.now(), .asks = {}};
  LODE_TRY(source::Plan plan, source_.plan(request_, intake_->cursor(), job.planned_at));
  for (source::Request& request : plan.requests) {
    job.add(make_ask(std::move(request)));
  }
  LODE_TRY(const queue::Stats stats, intake_->queue().stats());
  job.offset = stats.next_id;
  return job;
}

// Ids of the asks whose answers are in the queue, stored or not.
Result<std::set<std::string>> Collector::answered(const Job& job) const {
  std::set<std::string> out;
  std::int64_t offset = job.offset;
  while (true) {
    LODE_TRY(const queue::Replayed some, intake_->queue().replay(offset, kReplayMost));
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
    LODE_TRY(job, intake_->books().job(id, Time{world_.clock.now().nanos - kJobNanos}));
  }
  if (!job) {
    intake_->books().end(id);
    LODE_TRY(job, plan(id));
    LODE_CHECK(intake_->books().begin(*job));
  }
  LODE_TRY(tried_, answered(*job));
  report.before = count_of(last_attempts(*job), tried_);
  LODE_CHECK(ask(*job, report));
  LODE_TRY(const std::set<std::string> done, answered(*job));
  const auto asks = last_attempts(*job);
  report.planned = std::ssize(asks);
  report.left = report.planned - count_of(asks, done);
  if (report.left == 0) {
    intake_->books().end(id);
  }
  settle_absent(report);
  hide_secrets_in(report);
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
  hide_secrets_in(report);
  report.seconds = static_cast<double>(world_.clock.monotonic_nanos() - begin) * 1e-9;
  return report;
}

void Collector::hide_secrets_in(CollectReport& report) const {
  const std::vector<std::string> secrets = secrets_of(settings_);
  const net::Redaction redaction(secrets);
  for (std::vector<Unserved>* list : {&report.unserved, &report.absent}) {
    for (Unserved& one : *list) {
      one.reason = redaction.text(one.reason);
    }
  }
  for (std::string& note : report.notes) {
    note = redaction.text(note);
  }
}

Result<void> Collector::consume(Job* job, CollectReport& report) {
  return intake_->consume(kBatch, [&](const Consumed& consumed) { count(consumed, job, report); });
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
  add_stored(consumed, report);
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
  const Time now = world.clock.now();
  Preview out;
  LODE_TRY(source::Plan first, source.plan(request, {}, now));
  LODE_TRY(const net::Places places, places_of(world.config, first));
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
    out.urls.push_back(asked_address(ask.request.http.url, places));
    out.seconds += 1.0 / pace_of(source.spec, ask);
  }
  return out;
}

}  // namespace lode::flow
