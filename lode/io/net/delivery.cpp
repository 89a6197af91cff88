// The life of requests: due, sent, answered; sent elsewhere or again; told.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/delivery.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/base/value.h"
#include "lode/io/net/patience.h"

namespace lode::net {

namespace {

constexpr std::int64_t kLook = kNanosPerSecond / 10;  // How often a wait asks whether to stop.
constexpr int kBulkTimes = 10;                        // A bulk request waits so many times as long.
constexpr int kBulkTotalTimes = 36;

bool is_tried_again(int status) {
  static constexpr std::array<int, 7> kStatuses = {408, 425, 429, 500, 502, 503, 504};
  return std::ranges::find(kStatuses, status) != kStatuses.end();
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// A second arrival changes nothing (RFC 9110 9.2.2), or the caller says so.
bool is_repeatable(const Job& job) {
  return job.asked->is_repeatable || job.method == "GET" || job.method == "HEAD" || job.method == "PUT" ||
         job.method == "DELETE" || job.method == "OPTIONS";
}

std::string_view class_of(int status) {
  if (status == 304) return "not_modified";
  if (status == 429) return "throttled";
  if (status == 401 || status == 403) return "denied";
  if (status == 404 || status == 410) return "absent";
  if (status >= 500) return "unavailable";
  return status >= 400 ? "refused" : "ok";
}

TransferLimits limits_of(const HttpRequest& request, TransferLimits limits) {
  limits.body.most_bytes = request.most_bytes;
  if (request.is_bulk) {
    limits.wait_ms *= kBulkTimes;
    limits.total_ms *= kBulkTotalTimes;
  }
  return limits;
}

}  // namespace

void Delivery::run(std::span<const HttpRequest> requests, int parallel, const Http::Answered& answered) {
  answer_ = &answered;
  std::size_t next = 0;
  while (!is_stopped_ && (next < requests.size() || !jobs_.empty())) {
    while (!is_stopped_ && next < requests.size() && jobs_.size() < static_cast<std::size_t>(std::max(1, parallel))) {
      admit(next, requests[next]);
      ++next;
    }
    start_due();
    wait();
    if (parts_.options.is_stopped && parts_.options.is_stopped()) {
      while (!is_stopped_ && !jobs_.empty()) {
        finish(*jobs_.back(), fail(E::E10, "stopped while waiting for " + shown(*jobs_.back())));
      }
      break;
    }
  }
  for (const auto& job : jobs_) {
    give_up(*job);
  }
  jobs_.clear();
  transfers_.drop_all();
}

// What is left on its way tells nothing of its host: a probe is another's to try.
void Delivery::give_up(const Job& job) {
  if (job.is_out) {
    parts_.hosts.gave_up(job.wire.url.origin());
  }
}

void Delivery::admit(std::size_t index, const HttpRequest& request) {
  auto job = std::make_unique<Job>();
  job->index = index;
  job->asked = &request;
  job->redaction = Redaction(request.secrets);
  job->method = request.method;
  job->headers = request.headers;
  job->body = request.body;
  job->started = parts_.clock.monotonic_nanos();
  job->due = job->started;
  Job& here = *job;
  jobs_.push_back(std::move(job));
  Result<Url> url = parse_url(request.url);
  if (!url) {
    // The message quotes the address, which may hold a key.
    finish(here, fail(E::E6104, here.redaction.url(url.error().message()), url.error().hint()));
    return;
  }
  here.url = std::move(*url);
  const auto is_broken = [](const auto& pair) {
    return (pair.first + pair.second).find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos;
  };
  if (std::ranges::any_of(request.headers, is_broken)) {  // What follows the break would be a request of its own.
    finish(here, fail(E::E6104, "a header of the request to " + shown(here) + " holds a line break"));
    return;
  }
  if (request.is_conditional && request.method == "GET") {
    for (auto& header : parts_.validators.ask(here.redaction.url(request.url))) {
      here.headers.push_back(std::move(header));
    }
  }
  if (find_header(here.headers, "User-Agent") == nullptr) {
    here.headers.emplace_back("User-Agent", parts_.options.user_agent);
  }
  if (find_header(here.headers, "Accept-Encoding") == nullptr) {
    here.headers.emplace_back("Accept-Encoding", "gzip");
  }
}

void Delivery::start_due() {
  const std::int64_t now = parts_.clock.monotonic_nanos();
  // By index: finishing a job takes it out of the list.
  for (std::size_t i = jobs_.size(); !is_stopped_ && i-- > 0;) {
    if (i < jobs_.size() && !jobs_[i]->is_out && jobs_[i]->due <= now) {
      start(*jobs_[i]);
    }
  }
}

void Delivery::start(Job& job) {
  Result<OnWire> wire = parts_.options.places.find(job.url);
  if (!wire) {
    const std::string why = job.redirects == 0
                                ? wire.error().message()
                                : fmt::format("{} leads to {}: {}", job.redaction.url(job.asked->url),
                                              quote(job.redaction.url(job.url.origin())), wire.error().message());
    finish(job, fail(wire.error().number(), why, wire.error().hint()));
    return;
  }
  job.wire = std::move(*wire);
  const std::string host = job.wire.url.origin();
  const std::int64_t now = parts_.clock.monotonic_nanos();
  if (const std::int64_t closed = parts_.hosts.ask(host); closed > 0) {
    if (closed > kLook && (job.attempt == 1 || closed > parts_.options.backoff.most_nanos)) {
      const std::string last = job.trouble.empty() ? "" : "; the last try: " + job.trouble;
      finish(job, fail(E::E6101,
                       fmt::format("{} failed several times in a row, next try in {} s{}", job.wire.url.origin(),
                                   (closed + kNanosPerSecond - 1) / kNanosPerSecond, last),
                       "the same command later goes on where this one stopped"));
      return;
    }
    job.due = now + closed;
    return;
  }
  Bucket& bucket = parts_.hosts.bucket(job.wire);
  if (const std::int64_t wait = bucket.try_take(); wait > 0) {
    parts_.hosts.gave_up(host);
    const Time held = bucket.held_until();
    if (wait > parts_.options.longest_wait_nanos && held > parts_.clock.now()) {
      finish(job, fail(E::E6102, fmt::format("{} is left alone until {}", job.wire.url.origin(), to_string(held)),
                       "the same command after that goes on where this one stopped"));
      return;
    }
    job.due = now + wait;
    return;
  }
  send(job);
}

void Delivery::send(Job& job) {
  Transfer transfer;
  transfer.method = job.method;
  transfer.url = job.wire.url.text();
  transfer.headers = job.headers;
  transfer.body = job.body;
  transfer.may_be_private = job.wire.may_be_private;
  transfer.redaction = &job.redaction;
  transfer.limits = limits_of(*job.asked, parts_.options.limits);
  job.is_out = true;
  transfers_.start(job.index, transfer);
}

std::int64_t Delivery::next_due() const {
  std::int64_t next = std::numeric_limits<std::int64_t>::max();
  for (const auto& job : jobs_) {
    if (!job->is_out) {
      next = std::min(next, job->due);
    }
  }
  return next;
}

void Delivery::wait() {
  if (is_stopped_ || jobs_.empty()) {
    return;
  }
  const std::int64_t left = std::max<std::int64_t>(0, next_due() - parts_.clock.monotonic_nanos());
  if (transfers_.in_flight() > 0) {
    for (Transferred& done : transfers_.run(static_cast<int>(std::min(left, kLook) / 1'000'000))) {
      if (!is_stopped_) {
        take(std::move(done));
      }
    }
    return;
  }
  if (left > 0) {
    parts_.sleeper.sleep(parts_.options.is_stopped ? std::min(left, kLook) : left);
  }
}

void Delivery::take(Transferred done) {
  const auto found = std::ranges::find_if(jobs_, [&](const auto& job) { return job->index == done.id; });
  if (found == jobs_.end()) {
    return;
  }
  Job& job = **found;
  job.is_out = false;
  if (done.trouble != Trouble::kNone) {
    troubled(job, done);
  } else {
    answered(job, std::move(done.response));
  }
}

// The address that is really asked, and the published one it stands for.
std::string Delivery::shown(const Job& job) const {
  const Result<OnWire> wire =
      job.url.host.empty() ? Result<OnWire>(fail(E::E6104, "")) : parts_.options.places.find(job.url);
  const std::string published = job.redaction.url(job.url.text());
  const std::string asked = wire ? job.redaction.url(wire->url.text()) : published;
  return asked == published ? asked : fmt::format("{} (in place of {})", asked, job.url.origin());
}

Failure Delivery::unreachable(const Job& job, std::string_view why) const {
  return fail(E::E6001,
              fmt::format("{} gave no answer: {} ({})", shown(job), why,
                          job.attempt == 1 ? std::string("one try") : fmt::format("{} tries", job.attempt)),
              "check the network, or try again later: what had arrived is stored");
}

void Delivery::troubled(Job& job, const Transferred& done) {
  const std::string host = job.wire.url.origin();
  const std::string& what = done.what;
  job.trouble = what;
  switch (done.trouble) {
    case Trouble::kTls:
      parts_.hosts.gave_up(host);
      count(job, "denied");
      finish(job, fail(E::E6103, fmt::format("{} could not prove who it is: {}", host, what),
                       "a company's proxy has certificates of its own: setting net.ca_file"));
      return;
    case Trouble::kForbidden:
      parts_.hosts.gave_up(host);
      count(job, "refused");
      finish(job, fail(E::E6104, fmt::format("{} is not allowed: {}", host, what),
                       "a setting like edgar.base_url names a mirror or a local server: lode config show"));
      return;
    case Trouble::kTooLarge:
      parts_.hosts.succeeded(host, job.asked->source);
      count(job, "corrupt");
      finish(job, fail(E::E6105, fmt::format("{} answered beyond the limits: {}", shown(job), what)));
      return;
    default:
      break;
  }
  parts_.hosts.failed(host, job.asked->source);
  count(job, "unavailable");
  if (!retry(job, 0, done.trouble == Trouble::kUnreachable)) {
    finish(job, unreachable(job, what));
  }
}

// `was_refused`: the host did nothing with the request, so that even an order may be sent again.
bool Delivery::retry(Job& job, std::int64_t least_wait, bool was_refused) {
  const int most = job.asked->attempts > 0 ? job.asked->attempts : parts_.options.attempts;
  if (job.attempt >= most || !(was_refused || is_repeatable(job)) || !parts_.hosts.may_retry(job.wire.url.origin())) {
    return false;
  }
  const std::int64_t jitter = parts_.hosts.backoff(job.attempt);
  // What the host says wins; the jitter on top is small, so that many who were told the same come apart.
  const std::int64_t wait = least_wait > 0 ? least_wait + jitter % kNanosPerSecond : jitter;
  job.due = parts_.clock.monotonic_nanos() + wait;
  ++job.attempt;
  return true;
}

void Delivery::answered(Job& job, HttpResponse response) {
  const std::string host = job.wire.url.origin();
  const int status = response.status;
  count(job, class_of(status));
  std::int64_t quota = 0;
  if (const std::string* left = find_header(response.headers, "X-RateLimit-Remaining");
      left != nullptr && parse_int(trim(*left), quota)) {
    parts_.metrics.set("lode_source_quota_remaining", static_cast<double>(quota),
                       fmt::format("source=\"{}\"", label_of(job.asked->source)));
  }
  const bool is_failure = status >= 500 && std::ranges::find(job.asked->answers, status) == job.asked->answers.end();
  if (is_failure) {
    parts_.hosts.failed(host, job.asked->source);
  } else {
    parts_.hosts.succeeded(host, job.asked->source);
  }
  if (is_redirect(status) && job.asked->redirects > 0 && find_header(response.headers, "Location") != nullptr) {
    if (redirect(job, response)) {
      return;
    }
  }
  const bool is_answer = std::ranges::find(job.asked->answers, status) != job.asked->answers.end();
  if (is_tried_again(status) && !is_answer) {
    job.trouble = fmt::format("status {}", status);
    const std::string* header = find_header(response.headers, "Retry-After");
    const std::int64_t asked = header == nullptr ? 0 : parse_retry_after(*header, parts_.clock.now()).value_or(0);
    if (asked > 0) {
      // For every process: who is told to wait and asks from elsewhere is told for longer.
      const std::int64_t held = std::min(asked, parts_.options.longest_hold_nanos);
      parts_.hosts.bucket(job.wire).hold({parts_.clock.now().nanos + held});
    }
    if (asked <= parts_.options.longest_wait_nanos && retry(job, asked, status == 429)) {
      return;
    }
  }
  finish(job, std::move(response));
}

// True when the job goes on, or has ended with a refusal.
bool Delivery::redirect(Job& job, const HttpResponse& response) {
  const std::string location = *find_header(response.headers, "Location");
  Result<Url> target = resolve(job.wire.url, location);
  const auto refuse = [&](std::string_view why) {
    finish(job, fail(E::E6104, fmt::format("{} leads to {}: {}", shown(job), quote(job.redaction.url(location)), why)));
    return true;
  };
  if (!target) {
    return refuse("that is no address Lode goes to");
  }
  if (++job.redirects > job.asked->redirects) {
    return refuse(fmt::format("more than {} redirects", job.asked->redirects));
  }
  const Result<Url> first = parse_url(job.asked->url);
  const auto& allowed = job.asked->redirect_hosts;
  if (!target->has_same_origin(job.wire.url) && !(first && target->host == first->host) &&
      std::ranges::find(allowed, target->host) == allowed.end()) {
    return refuse("the source does not name that host");
  }
  const bool keeps_body = response.status == 307 || response.status == 308;
  const bool has_secret_body = job.redaction.holds_secret(job.body);
  if (!target->has_same_origin(job.wire.url)) {
    if (keeps_body && has_secret_body) {
      return refuse("the body holds a secret, which goes to no other host");
    }
    std::erase_if(job.headers, [&](const auto& header) {
      return is_credential_header(header.first) || job.redaction.holds_secret(header.second);
    });
  }
  if (!keeps_body && job.method != "GET" && job.method != "HEAD") {
    job.method = "GET";
    job.body.clear();
    std::erase_if(job.headers, [](const auto& header) { return lower(header.first).starts_with("content-"); });
  }
  job.url = std::move(*target);
  job.due = parts_.clock.monotonic_nanos();
  return true;
}

void Delivery::count(const Job& job, std::string_view kind) {
  const std::string source = label_of(job.asked->source);
  parts_.metrics.add("lode_source_requests_total", 1.0, fmt::format("source=\"{}\",class=\"{}\"", source, kind));
  if (kind == "throttled") {
    parts_.metrics.add("lode_source_throttled_total", 1.0, fmt::format("source=\"{}\"", source));
  }
}

void Delivery::finish(Job& job, Result<HttpResponse> answer) {
  give_up(job);
  if (answer) {
    answer->attempts = job.attempt;
    answer->url = job.url.text();
    if (parts_.options.recorder != nullptr) {
      if (Result<void> kept = parts_.options.recorder->record(*job.asked, *answer); !kept) {
        answer = fail(std::move(kept).error());
      }
    }
  }
  Value fields = Value::object();
  fields.set("source", Value(label_of(job.asked->source)));
  fields.set("url", Value(job.redaction.url(job.asked->url)));
  fields.set("attempt", Value(job.attempt));
  fields.set("duration_ms", Value((parts_.clock.monotonic_nanos() - job.started) / 1'000'000));
  if (answer) {
    fields.set("status", Value(answer->status));
    fields.set("bytes", Value(static_cast<std::int64_t>(answer->body.size())));
    parts_.log.debug("exchange", fields);
  } else {
    fields.set("code", Value(to_string(answer.error().number())));
    fields.set("reason", Value(job.redaction.text(answer.error().message())));
    parts_.log.warning("exchange failed", fields);
  }
  const std::size_t index = job.index;
  std::erase_if(jobs_, [&](const auto& one) { return one.get() == &job; });
  if (!(*answer_)(index, std::move(answer))) {
    is_stopped_ = true;
  }
}

}  // namespace lode::net
