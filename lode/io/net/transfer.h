// Transfers: single HTTP exchanges over libcurl, many at a time on one thread. No policy: no retry, no redirect, no
// pace; only what must hold of every exchange (limits, verified TLS, no private address).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lode/base/world.h"
#include "lode/io/net/inflate.h"
#include "lode/io/net/redact.h"

namespace lode::net {

struct TransferLimits {
  int connect_ms = 10'000;
  int wait_ms = 30'000;  // For the first byte, and between two.
  int total_ms = 300'000;
  int slow_window_ms = 30'000;       // In every window of that length,
  std::int64_t slow_bytes = 30'000;  // fewer bytes than this are too slow.
  UnpackLimits body;
  std::int64_t most_header_bytes = 128 << 10;
};

// How to get out of this machine: the same for all exchanges of a client.
struct Route {
  std::string proxy;     // As proxy_address() gives it. Empty: none, whatever the environment says.
  std::string no_proxy;  // Hosts, with commas between.
  std::string ca_file;   // Empty: the system's.
};

struct Transfer {
  std::string method = "GET";
  std::string url;
  HttpHeaders headers;
  std::string body;
  bool may_be_private = false;           // The address was named by the user: http and private addresses are allowed.
  const Redaction* redaction = nullptr;  // Outlives the exchange. Its secrets are in nothing that is told of it.
  TransferLimits limits;
};

enum class Trouble : std::uint8_t {
  kNone,
  kUnreachable,  // No name, no route, refused: nothing was sent.
  kTimeout,      // Too late, or too slow.
  kBroken,       // Cut, reset, half a body, or no HTTP at all.
  kTls,          // Certificate or protocol not accepted.
  kForbidden,    // A private address.
  kTooLarge,     // Body, header or ratio beyond the limits, or packed in a way nobody asked for.
};

struct Transferred {
  std::size_t id = 0;
  Trouble trouble = Trouble::kNone;
  std::string what;  // Of the trouble: a few words, without the address, and without a secret.
  HttpResponse response;
};

// Not thread-safe; connections are kept open between exchanges.
class Transfers {
 public:
  Transfers(const Clock& clock, Route route);
  ~Transfers();
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  void start(std::size_t id, const Transfer& transfer);
  // Moves bytes for at most `wait_ms` and returns what ended meanwhile; at once when something has.
  std::vector<Transferred> run(int wait_ms);
  std::size_t in_flight() const;
  void drop_all();  // What is under way is forgotten, its connections closed.

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::string curl_version_text();  // "libcurl 7.88.1, OpenSSL/3.0.19"

}  // namespace lode::net
