// Asking real sources for the demo's names.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/demo/live_sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/steps/collect/ask.h"
#include "lode/flow/steps/collect/report.h"
#include "lode/flow/steps/demo/large_us.h"
#include "lode/io/net/url.h"

namespace lode::flow {
namespace {

constexpr double kAllowedRejects = 0.01;  // As `lode data fetch` allows.
constexpr int kKnocks = 2;                // A host that is there answers one of two.

constexpr std::array<std::string_view, 4> kSources = {"yahoo", "edgar-symbols", "edgar-submissions", "edgar-facts"};

// The filings whose numbers become facts.
const std::vector<std::string>& report_forms() {
  static const std::vector<std::string> kForms = {"10-K", "10-Q", "10-K/A", "10-Q/A"};
  return kForms;
}

std::string host_of(const std::string& url) {
  const auto parsed = net::parse_url(url);
  return parsed ? parsed->host : url;
}

// The first request of the plan, as it is sent.
Result<HttpRequest> first_request(const World& world, const LiveSource& one) {
  const SourceSettings settings = settings_of(one.source->spec, world.config);
  source::FetchRequest request = one.request;
  request.settings = settings.told;
  LODE_TRY(source::Plan plan, one.source->plan(request, {}, world.clock.now()));
  return to_send(make_ask(std::move(plan.requests.front())), one.source->spec.name, settings);
}

// Answers that are here already, each once; the rest from elsewhere.
class Recalled final : public Http {
 public:
  Recalled(Http& inner, std::map<std::string, HttpResponse> answers) : inner_(inner), answers_(std::move(answers)) {}

  Result<HttpResponse> send(const HttpRequest& request) override {
    auto here = take(request);
    return here ? Result<HttpResponse>(std::move(*here)) : inner_.send(request);
  }
  void send_all(std::span<const HttpRequest> requests, int parallel, const Answered& answered) override {
    std::vector<HttpRequest> rest;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (auto here = take(requests[i])) {
        if (!answered(i, std::move(*here))) {
          return;
        }
      } else {
        rest.push_back(requests[i]);
        places.push_back(i);
      }
    }
    if (!rest.empty()) {
      inner_.send_all(rest, parallel, [&](std::size_t index, Result<HttpResponse> answer) {
        return answered(places[index], std::move(answer));
      });
    }
  }
  void hold(std::string_view url, Time until) override { inner_.hold(url, until); }
  Result<void> stored(const HttpRequest& request, const HttpResponse& response) override {
    return inner_.stored(request, response);
  }

 private:
  std::optional<HttpResponse> take(const HttpRequest& request) {
    const auto found = request.method == "GET" ? answers_.find(request.url) : answers_.end();
    if (found == answers_.end()) {
      return std::nullopt;
    }
    HttpResponse out = std::move(found->second);
    answers_.erase(found);
    return out;
  }

  Http& inner_;
  std::map<std::string, HttpResponse> answers_;
};

bool is_unreached(const std::vector<Unreached>& hosts, const std::string& host) {
  return std::ranges::find(hosts, host, &Unreached::host) != hosts.end();
}

}  // namespace

Result<std::vector<LiveSource>> live_sources(const World& world, Date from) {
  source::FetchRequest charts, reports, facts;
  for (const LargeName& name : large_us()) {
    charts.names.emplace_back(name.symbol);
    reports.names.push_back(name.cik());
  }
  facts.names = reports.names;
  charts.from = reports.from = from;
  reports.kinds = report_forms();
  const std::array<source::FetchRequest, kSources.size()> requests = {charts, {}, reports, facts};
  std::vector<LiveSource> out;
  for (std::size_t i = 0; i < kSources.size(); ++i) {
    LODE_TRY(const source::Source* source, find_source(kSources[i]));
    LiveSource one{source, requests[i], {}};
    LODE_TRY(const HttpRequest first, first_request(world, one));
    one.host = host_of(first.url);
    out.push_back(std::move(one));
  }
  return out;
}

bool is_live_source(std::string_view name) { return std::ranges::find(kSources, name) != kSources.end(); }

Result<Knocked> knock(World& world, const std::vector<LiveSource>& sources) {
  std::vector<std::string> asked;
  Knocked out;
  for (const LiveSource& one : sources) {
    if (std::ranges::find(asked, one.host) != asked.end()) {
      continue;
    }
    if (!report_progress(world, "looking for " + one.host, static_cast<std::int64_t>(asked.size()), 0)) {
      return fail(E::E10, "stopped before anything was stored");
    }
    asked.push_back(one.host);
    LODE_TRY(HttpRequest request, first_request(world, one));
    request.attempts = kKnocks;
    Result<HttpResponse> answer = world.http.send(request);
    if (!answer && answer.error().code() == ErrorCode::kCancelled) {
      return fail(answer.error().clone());
    }
    if (!answer) {
      out.unreached.push_back({one.host, answer.error().number(), answer.error().message()});
    } else if (request.method == "GET") {
      out.answers.emplace(request.url, std::move(*answer));
    }
  }
  return out;
}

Error unreached_error(const std::vector<Unreached>& hosts, std::string_view what) {
  std::vector<std::string> names, reasons;
  for (const Unreached& one : hosts) {
    names.push_back(one.host);
    reasons.push_back(fmt::format("      {}: {}", one.host, one.reason));
  }
  const bool is_recorded = std::ranges::all_of(hosts, [](const Unreached& one) { return one.number == E::E6106; });
  Error out(is_recorded ? E::E6106 : E::E6001, fmt::format("{} cannot be reached: {}", join(names, ", "), what),
            "lode demo needs no network; the same command again when there is one");
  return std::move(out).at(join(reasons, "\n"));
}

Result<std::vector<LiveFetch>> fetch_live(World& world, const std::vector<LiveSource>& sources, Knocked knocked) {
  Recalled recalled(world.http, std::move(knocked.answers));
  World with{world.clock,  world.archive, recalled,       world.log,     world.metrics, world.pool,
             world.config, world.lake,    world.progress, world.consent, world.out,     world.in};
  std::vector<LiveFetch> out;
  for (const LiveSource& one : sources) {
    if (is_unreached(knocked.unreached, one.host)) {
      continue;
    }
    LODE_TRY(const auto collector, Collector::open(with, *one.source, one.request));
    LODE_TRY(CollectReport report, collector->fetch(false));
    std::optional<Error> finding = collect_finding(report, kAllowedRejects);
    const bool is_stopped = report.stopped;
    out.push_back({std::move(report), std::move(finding)});
    if (is_stopped) {
      break;
    }
  }
  return out;
}

}  // namespace lode::flow
