// Recorder: keeps finished exchanges with everything that led to them, so that a collector runs again from what really
// came. Secrets are taken out by value before anything reaches a Recorder.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "lode/base/value.h"
#include "lode/base/world.h"
#include "lode/io/net/places.h"
#include "lode/io/net/redact.h"

namespace lode::net {

class Recorder {
 public:
  virtual ~Recorder() = default;
  // Thread-safe; durable when it returns.
  virtual Result<void> record(const HttpRequest& request, const HttpResponse& response) = 0;
};

// Request and response of an exchange without bodies and secrets: {url, method, status, request_headers,
// response_headers (name -> list), received_at, source, answered_by, in_place_of, attempts, request_body}. Where
// `places` send an address elsewhere, answered_by is the one that was asked, in_place_of the published one.
Value exchange_record(const HttpRequest& request, const HttpResponse& response, const Redaction& redaction,
                      const Places& places);
// The body as it may be kept: secrets out, nothing at all of a private answer.
std::string body_record(const HttpRequest& request, const HttpResponse& response, const Redaction& redaction);

// One exchange is a body and beside it <body>.meta.json, the record above with body_sha256 of the body as it is kept:
// <folder>/<source>/<time>-<hash>.body. E8009, E8006.
std::unique_ptr<Recorder> record_to_folder(std::string folder, Places places = Places());
// Into the archive of a World; the record above is the bytes' headers. Its errors.
std::unique_ptr<Recorder> record_to_archive(Archive& archive);

}  // namespace lode::net
