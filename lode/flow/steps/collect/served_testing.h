// A source behind a real server and client: it names its bodies by their validators, and says "nothing changed" when it
// is asked with the right ones. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "lode/flow/steps/collect/testing.h"
#include "lode/io/net/client_testing.h"
#include "lode/io/net/server_testing.h"

namespace lode::flow {

// What lies at the paths of a host.
class ServedSource {
 public:
  ServedSource() : server([this](const net::Seen& seen, net::Wire& wire) { answer(seen, wire); }) {}

  void serve(const std::string& path, std::string body, std::string etag) {
    const std::lock_guard lock(mutex_);
    bodies_[path] = {std::move(body), std::move(etag)};
  }
  // The statuses answered since the last call.
  std::vector<int> answered() {
    const std::lock_guard lock(mutex_);
    return std::exchange(answered_, {});
  }

  net::TestServer server;
  std::string misnamed;  // The ETag that answers without news name; "" the right one.

 private:
  struct Body {
    std::string bytes, etag;
  };
  void answer(const net::Seen& seen, net::Wire& wire) {
    const std::lock_guard lock(mutex_);
    const auto found = bodies_.find(seen.target);
    const int status = found == bodies_.end()                                                              ? 404
                       : !found->second.etag.empty() && seen.header("If-None-Match") == found->second.etag ? 304
                                                                                                           : 200;
    answered_.push_back(status);
    if (status == 304) {
      wire.send("HTTP/1.1 304 Not Modified\r\nETag: " + (misnamed.empty() ? found->second.etag : misnamed) +
                "\r\n\r\n");
    } else if (status == 200) {
      wire.answer(200, found->second.bytes,
                  found->second.etag.empty() ? HttpHeaders{} : HttpHeaders{{"ETag", found->second.etag}});
    } else {
      wire.answer(404, "");
    }
  }

  mutable std::mutex mutex_;
  std::map<std::string, Body> bodies_;
  std::vector<int> answered_;
};

// A fetch from `published` ("https://www.ecb.europa.eu"), which `served` serves, into the lake at `folder`.
inline Result<CollectReport> fetch_served(ServedSource& served, const std::string& published, const std::string& source,
                                          source::FetchRequest request, const std::string& folder, TestWorld& test,
                                          FixedClock& clock, bool fresh = false) {
  net::ClientOptions options = net::test_options({net::place_at(published, served.server.origin())});
  options.validator_folder = folder + "/net";
  net::ClockSleeper sleeper(clock);
  net::Client client(options, clock, sleeper, test.log, test.metrics);
  World world{clock, test.archive, client, test.log, test.metrics, test.pool, test.config, folder, {}, {}};
  LODE_TRY(const auto collector, Collector::open(world, *must(find_source(source)), std::move(request)));
  return collector->fetch(fresh);
}

// The European Central Bank's daily file.
inline constexpr const char* kEcb = "https://www.ecb.europa.eu";
inline constexpr const char* kEcbPath = "/stats/eurofxref/eurofxref-daily.xml";
inline std::string ecb_body(const std::string& day, double dollars) {
  return fmt::format(R"(<?xml version="1.0"?><gesmes:Envelope><Cube><Cube time="{}"><Cube currency="USD" rate="{}"/>)"
                     R"(<Cube currency="JPY" rate="150.5"/></Cube></Cube></gesmes:Envelope>)",
                     day, dollars);
}

}  // namespace lode::flow
