// ReplayHttp: an Http that answers from recorded exchanges and never from the network. It reads what Recorder writes,
// and the two forms that recordings of others come in.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "lode/base/world.h"

namespace lode::net {

// A request as recordings are found by: method and address, the query's parts in order of their text, without those
// that carry a credential or were redacted, and without a trailing '&'. A request body counts where one was recorded.
std::string replay_key(std::string_view method, std::string_view url);

class ReplayHttp final : public Http {
 public:
  ~ReplayHttp() override;

  // Every recording at or below `paths` (files or folders):
  //   BODY + BODY.meta.json   {url, method, status, request_headers, response_headers: name -> list, received_at?,
  //                           request_body?, body_sha256?}; the body may be there as BODY.gz, or not at all: it is
  //                           then empty; where its hash is told it is held against it;
  //   NAME.json               {request: {url, method?, headers?}, response: {status, headers, body | bodyText |
  //   bodyJson}}.
  // Other files are passed over. E0008 when a path is not there, E6107 for a damaged recording, E6106 for none at all.
  static Result<std::unique_ptr<ReplayHttp>> open(std::span<const std::string> paths);

  // E6106 when nothing recorded answers it, E6107 when its body is another than was recorded. Of several recordings of
  // one request the next is given each time, in the order they were received; the last one stays. received_at is the
  // recorded instant, else the answer's Date header.
  Result<HttpResponse> send(const HttpRequest& request) override;

  std::size_t size() const;                  // Recordings.
  std::vector<std::string> unasked() const;  // Addresses that no request has asked for.

 private:
  struct Recording;
  struct Series;
  ReplayHttp();
  Result<void> add(const std::string& path);

  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Series>> by_key_;
};

}  // namespace lode::net
