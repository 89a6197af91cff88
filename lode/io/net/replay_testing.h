// A source made of its recordings, well or badly served: what a collector's test puts behind the published address to
// see whether a fault costs a row. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "lode/base/text.h"
#include "lode/io/net/fault_testing.h"
#include "lode/io/net/replay.h"

namespace lode::net {

// Which fault the n-th request (from 0) meets.
using FaultPlan = std::function<Fault(std::size_t count)>;

// Answers for `published` ("https://www.sec.gov") from recordings, through the faults of `plan`; 599 for what nobody
// recorded, so that a collector which asks for more than it should is seen. `replay` must outlive the server.
inline TestServer::Answer recorded_source(ReplayHttp& replay, std::string published, FaultPlan plan) {
  const auto count = std::make_shared<std::atomic<std::size_t>>(0);
  return [&replay, published, plan, count](const Seen& seen, Wire& wire) {
    if (const Fault fault = plan((*count)++); fault != Fault::kNone) {
      // Of a body of its own: a broken answer uses up no recording.
      answer_with(fault, seen, wire, std::string(20'000, 'f'), "Mon, 05 Jan 2026 12:00:30 GMT");
      return;
    }
    HttpRequest request;
    request.method = seen.method;
    request.url = published + seen.target;
    request.body = seen.body;
    const Result<HttpResponse> recorded = replay.send(request);
    if (!recorded) {
      wire.answer(599, recorded.error().message());
      return;
    }
    // How the bytes travelled then says nothing of how they travel now.
    static constexpr std::array<std::string_view, 4> kOfTheWire = {"content-length", "content-encoding",
                                                                   "transfer-encoding", "connection"};
    HttpHeaders headers;
    for (const auto& header : recorded->headers) {
      if (std::ranges::find(kOfTheWire, lower(header.first)) == kOfTheWire.end()) {
        headers.push_back(header);
      }
    }
    if (recorded->status == 304) {
      wire.send("HTTP/1.1 304 Not Modified\r\n\r\n");
      return;
    }
    wire.answer(recorded->status, recorded->body, headers);
  };
}

}  // namespace lode::net
