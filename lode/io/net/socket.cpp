// A connected libcurl handle, read and written by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/socket.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>

#include "lode/base/assert.h"
#include "lode/io/net/curl_setup.h"

namespace lode::net {

namespace {

constexpr std::size_t kPiece = 64 << 10;

std::int64_t real_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

struct Socket::Impl {
  CURL* curl = nullptr;
  curl_socket_t fd = CURL_SOCKET_BAD;
  Gate gate;
  std::string url;
  char error[CURL_ERROR_SIZE] = "";

  ~Impl() { curl_easy_cleanup(curl); }
  // False when the time is over.
  bool wait(short events, std::int64_t until) const {
    pollfd ready{fd, events, 0};
    const std::int64_t left = until - real_ms();
    return left > 0 && poll(&ready, 1, static_cast<int>(left)) > 0;
  }
  Failure lost(CURLcode code) const {
    return fail(E::E6001,
                fmt::format("the connection was lost: {}", error[0] == '\0' ? curl_easy_strerror(code) : error));
  }
};

Socket::Socket(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Socket::~Socket() = default;

Result<std::unique_ptr<Socket>> Socket::connect(const std::string& url, const Route& route, bool may_be_private,
                                                int connect_ms) {
  start_curl();
  auto impl = std::make_unique<Impl>();
  impl->curl = curl_easy_init();
  LODE_ASSERT(impl->curl != nullptr);
  impl->gate.may_be_private = may_be_private;
  impl->url = url;
  set_common(impl->curl, impl->url, route, impl->gate, impl->error);
  curl_easy_setopt(impl->curl, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(impl->curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
  // Without it TLS would offer HTTP/2, which has no such streams.
  curl_easy_setopt(impl->curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(impl->curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_ms));
  curl_easy_setopt(impl->curl, CURLOPT_TIMEOUT_MS, static_cast<long>(connect_ms) * 2);
  const CURLcode code = curl_easy_perform(impl->curl);
  if (code != CURLE_OK) {
    const std::string what = impl->error[0] == '\0' ? curl_easy_strerror(code) : impl->error;
    if (!impl->gate.kept_from.empty()) {
      return fail(E::E6104, fmt::format("it is at the private address {}", impl->gate.kept_from));
    }
    return fail(trouble_of(code, what) == Trouble::kTls ? E::E6103 : E::E6001, told_of_proxy(route, what));
  }
  curl_easy_getinfo(impl->curl, CURLINFO_ACTIVESOCKET, &impl->fd);
  return std::unique_ptr<Socket>(new Socket(std::move(impl)));
}

Result<void> Socket::send(std::string_view bytes, int wait_ms) {
  const std::int64_t until = real_ms() + wait_ms;
  while (!bytes.empty()) {
    std::size_t put = 0;
    const CURLcode code = curl_easy_send(impl_->curl, bytes.data(), bytes.size(), &put);
    bytes.remove_prefix(put);
    if (code != CURLE_OK && code != CURLE_AGAIN) {
      return impl_->lost(code);
    }
    if (code == CURLE_AGAIN && !impl_->wait(POLLOUT, until)) {
      return fail(E::E6001, "the connection was lost: the other side takes no more bytes");
    }
  }
  return {};
}

Result<std::string> Socket::receive(int wait_ms) {
  const std::int64_t until = real_ms() + wait_ms;
  std::string out(kPiece, '\0');
  for (;;) {
    std::size_t got = 0;
    // Before waiting: TLS may hold bytes that the socket no longer has.
    const CURLcode code = curl_easy_recv(impl_->curl, out.data(), out.size(), &got);
    if (code == CURLE_OK && got > 0) {
      out.resize(got);
      return out;
    }
    if (code == CURLE_OK) {
      return fail(E::E6001, "the connection was lost: the other side closed it");
    }
    if (code != CURLE_AGAIN) {
      return impl_->lost(code);
    }
    if (!impl_->wait(POLLIN, until)) {
      return std::string();
    }
  }
}

}  // namespace lode::net
