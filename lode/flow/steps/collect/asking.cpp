// How a collector asks: chunk by chunk, politely, and each answer kept before anything is made of it.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lode/base/text.h"
#include "lode/flow/steps/collect/collect.h"
#include "lode/flow/steps/collect/folder.h"
#include "lode/flow/steps/collect/intake.h"
#include "lode/flow/steps/collect/unchanged.h"
#include "lode/io/net/recorder.h"
#include "lode/io/net/redact.h"

namespace lode::flow {
namespace {

constexpr std::size_t kChunk = 32;  // Requests between two commits.
constexpr int kTroublesMost = 4;    // Then the host is not there.
constexpr int kChainMost = 12;      // Steps to a cookie and a crumb: two ways of a few redirects each.

bool is_stop(const Error& error) { return error.code() == ErrorCode::kCancelled; }

// Errors that speak of the host and not of the one request.
bool is_of_host(const Error& error) {
  return error.number() == E::E6101 || error.number() == E::E6102 || error.number() == E::E6103;
}

// Sources that want a second and more between requests get one connection.
int parallel_of(double pace) { return pace >= 2.0 ? 4 : 1; }

}  // namespace

bool Collector::tell(const Job& job, const CollectReport& report) {
  const std::string refused =
      report.unserved.empty() ? "" : grouped(static_cast<std::int64_t>(report.unserved.size())) + " refused";
  return report_progress(world_, fmt::format("fetching {}\t{}", source_.spec.name, refused),
                         report.before + report.answered, std::ssize(job.asks));
}

// Chunk by chunk: what came is stored before more is asked, so that a refusal is heard soon and memory stays bounded.
Result<void> Collector::ask(Job& job, CollectReport& report) {
  std::size_t first = 0;  // All asks before it were tried.
  while (!is_over_) {
    std::vector<Ask> some;
    while (first < job.asks.size() && tried_.contains(job.asks[first].id)) {
      ++first;
    }
    for (std::size_t k = first; k < job.asks.size() && some.size() < kChunk; ++k) {
      if (!tried_.contains(job.asks[k].id)) {
        some.push_back(job.asks[k]);
      }
    }
    if (some.empty()) {
      return {};
    }
    const auto chain = std::ranges::find_if(some, [](const Ask& one) { return one.request.http.is_private; });
    if (chain != some.end()) {
      LODE_CHECK(ask_private(*chain, job, report));  // The others may need what it brings.
      first = 0;                                     // It takes asks out.
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
    std::optional<StoredAnswer> stored =
        is_fresh_ ? std::nullopt : asked_for_changes(one, intake_->books(), intake_->archive());
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
  response.cursor = intake_->cursor();
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
    response.cursor = intake_->cursor();
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
  job.remove(first.id);
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
  const Value record = net::exchange_record(sent, response, redaction, places_);
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
    LODE_TRY(answer.exchange_hash, intake_->archive().put(source_.spec.name, to_json(record), to_json(record)));
    const auto stored = conditions_.find(ask.id);
    if (stored != conditions_.end() && stands_for(stored->second, response.headers)) {
      answer.raw_hash = stored->second.raw_hash;
    }
  } else {
    LODE_TRY(answer.raw_hash,
             intake_->archive().put(source_.spec.name, net::body_record(sent, response, redaction), to_json(record)));
  }
  return intake_->push(answer);
}

}  // namespace lode::flow
