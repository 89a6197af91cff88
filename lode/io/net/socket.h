// Socket: a byte stream to a host, by libcurl, so that it has the same proxy, TLS checks and address rules as every
// exchange. For protocols that begin as HTTP and go on as their own.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "lode/base/result.h"
#include "lode/io/net/transfer.h"

namespace lode::net {

class Socket {
 public:
  // `url` is http or https. E6001 out of reach, E6103 certificate, E6104 a private address nobody named.
  static Result<std::unique_ptr<Socket>> connect(const std::string& url, const Route& route, bool may_be_private,
                                                 int connect_ms);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // All bytes, or E6001 when the other side is gone or takes none for `wait_ms`.
  Result<void> send(std::string_view bytes, int wait_ms);
  // What has come, at most 64 KiB; empty when nothing came within `wait_ms`. E6001 when the other side has closed.
  Result<std::string> receive(int wait_ms);

 private:
  struct Impl;
  explicit Socket(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lode::net
