// The client: shared parts, and connections kept for the next call.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/client.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <thread>

#include "lode/base/assert.h"
#include "lode/io/net/delivery.h"
#include "lode/io/net/proxy.h"

namespace lode::net {

void RealSleeper::sleep(std::int64_t nanos) { std::this_thread::sleep_for(std::chrono::nanoseconds(nanos)); }

struct Client::Impl {
  Impl(ClientOptions options_in, const Clock& clock, Sleeper& sleeper, Log& log, Metrics& metrics)
      : options(std::move(options_in)),
        hosts(options, clock, metrics),
        validators(options.validator_folder),
        parts{options, clock, sleeper, log, metrics, hosts, validators} {}

  // A call works alone on its Transfers; afterwards they wait, with their open connections, for the next.
  std::unique_ptr<Transfers> borrow() {
    const std::lock_guard lock(mutex);
    if (idle.empty()) {
      return std::make_unique<Transfers>(parts.clock, options.route);
    }
    std::unique_ptr<Transfers> out = std::move(idle.back());
    idle.pop_back();
    return out;
  }
  void give_back(std::unique_ptr<Transfers> transfers) {
    constexpr std::size_t kKept = 8;
    const std::lock_guard lock(mutex);
    if (idle.size() < kKept) {
      idle.push_back(std::move(transfers));
    }
  }

  ClientOptions options;
  Hosts hosts;
  Validators validators;
  Parts parts;
  std::mutex mutex;
  std::vector<std::unique_ptr<Transfers>> idle;
};

Client::Client(ClientOptions options, const Clock& clock, Sleeper& sleeper, Log& log, Metrics& metrics)
    : impl_(std::make_unique<Impl>(std::move(options), clock, sleeper, log, metrics)) {}

Client::~Client() = default;

void Client::send_all(std::span<const HttpRequest> requests, int parallel, const Answered& answered) {
  std::unique_ptr<Transfers> transfers = impl_->borrow();
  Delivery(impl_->parts, *transfers).run(requests, parallel, answered);
  impl_->give_back(std::move(transfers));
}

Result<HttpResponse> Client::send(const HttpRequest& request) {
  std::optional<Result<HttpResponse>> out;
  send_all({&request, 1}, 1, [&](std::size_t, Result<HttpResponse> answer) {
    out = std::move(answer);
    return true;
  });
  LODE_ASSERT(out.has_value());
  return std::move(*out);
}

void Client::hold(std::string_view url, Time until) {
  const Result<Url> parts = parse_url(url);
  const Result<OnWire> wire = parts ? impl_->options.places.find(*parts) : Result<OnWire>(fail(E::E6104, ""));
  if (wire) {
    impl_->hosts.bucket(*wire).hold(until);
  }
}

Result<void> Client::stored(const HttpRequest& request, const HttpResponse& response) {
  if (request.method != "GET" || response.status != 200) {
    return {};
  }
  return impl_->validators.save(Redaction(request.secrets).url(request.url), response.headers);
}

Result<ClientOptions> client_options(const Config& config) {
  ClientOptions out;
  LODE_TRY(out.places, Places::from(config));
  if (const std::string& proxy = config.get("net.proxy").as_text(); !proxy.empty()) {
    LODE_TRY(out.route.proxy, proxy_address(proxy));
  }
  out.route.no_proxy = config.get("net.no_proxy").as_text();
  out.route.ca_file = config.get("net.ca_file").as_text();
  out.attempts = static_cast<int>(config.get("net.attempts").as_int());
  return out;
}

}  // namespace lode::net
