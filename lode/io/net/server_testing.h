// A server on 127.0.0.1 for tests: each request goes to a function that answers byte by byte as it likes, well or
// badly. Plain sockets, a thread a connection, TLS on request. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "lode/base/assert.h"
#include "lode/base/text.h"
#include "lode/base/world.h"

namespace lode::net {

// A request as it arrived.
struct Seen {
  std::string method;
  std::string target;  // Path and query.
  HttpHeaders headers;
  std::string body;
  std::int64_t arrived_nanos = 0;  // Steady clock.
  int connection = 0;              // Counted from 1.

  std::string header(std::string_view name) const {
    const std::string* value = find_header(headers, name);
    return value == nullptr ? "" : *value;
  }
};

// The server's end of a connection.
class Wire {
 public:
  Wire(int fd, SSL* tls, const std::atomic<bool>& stopping) : fd_(fd), tls_(tls), stopping_(stopping) {}

  // False once the client is gone or the server stops.
  bool send(std::string_view bytes) {
    while (!bytes.empty() && !stopping_) {
      const long put = tls_ != nullptr ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                                       : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (put <= 0) {
        return false;
      }
      sent_ += put;
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return bytes.empty();
  }
  // At least one byte; empty at the end, or once the server stops.
  std::string receive() {
    char buffer[16 << 10];
    while (!stopping_) {
      if (tls_ == nullptr || SSL_pending(tls_) == 0) {
        pollfd ready{fd_, POLLIN, 0};
        if (poll(&ready, 1, 20) == 0) {
          continue;
        }
      }
      const long got = tls_ != nullptr ? SSL_read(tls_, buffer, sizeof buffer) : recv(fd_, buffer, sizeof buffer, 0);
      return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : "";
    }
    return {};
  }
  void sleep_ms(int ms) const {
    for (int slept = 0; slept < ms && !stopping_; slept += 5) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  // Until the client closes: an answer that never comes.
  void hang() {
    while (!receive().empty()) {
    }
  }
  // A reset instead of an orderly end.
  void reset() {
    const linger now{1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    is_done_ = true;
  }
  void close() { is_done_ = true; }
  bool is_done() const { return is_done_ || stopping_; }
  long sent() const { return sent_; }

  // A whole, right answer; the connection stays open.
  bool answer(int status, std::string_view body, const HttpHeaders& headers = {}) {
    std::string text = fmt::format("HTTP/1.1 {} Status\r\nContent-Length: {}\r\n", status, body.size());
    for (const auto& [name, value] : headers) {
      text += name + ": " + value + "\r\n";
    }
    return send(text + "\r\n" + std::string(body));
  }

 private:
  int fd_;
  SSL* tls_;
  const std::atomic<bool>& stopping_;
  bool is_done_ = false;
  long sent_ = 0;
};

class TestServer {
 public:
  using Answer = std::function<void(const Seen& request, Wire& wire)>;

  // Listens at once. `tls`: null for plain http; it must outlive the server.
  explicit TestServer(Answer answer, SSL_CTX* tls = nullptr) : answer_(std::move(answer)), tls_(tls) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL.
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    LODE_ASSERT(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    LODE_ASSERT(listen(listener_, 64) == 0);
    LODE_ASSERT(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~TestServer() {
    stopping_ = true;
    acceptor_.join();
    for (std::thread& one : connections_) {
      one.join();
    }
    ::close(listener_);
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  int port() const { return port_; }
  std::string origin() const { return fmt::format("{}://127.0.0.1:{}", tls_ == nullptr ? "http" : "https", port_); }
  std::vector<Seen> seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }
  std::size_t count() const { return seen().size(); }
  int connection_count() const { return count_; }

 private:
  void accept_all() {
    while (!stopping_) {
      pollfd ready{listener_, POLLIN, 0};
      if (poll(&ready, 1, 10) <= 0) {
        continue;
      }
      const int fd = accept(listener_, nullptr, nullptr);
      if (fd >= 0) {
        const int number = ++count_;
        connections_.emplace_back([this, fd, number] { serve(fd, number); });
      }
    }
  }

  void serve(int fd, int number) {
    SSL* tls = nullptr;
    if (tls_ != nullptr) {
      tls = SSL_new(tls_);
      SSL_set_fd(tls, fd);
    }
    if (tls == nullptr || SSL_accept(tls) == 1) {
      Wire wire(fd, tls, stopping_);
      std::string buffer;
      Seen request;
      while (!wire.is_done() && read_request(wire, buffer, request)) {
        request.connection = number;
        {
          const std::lock_guard lock(mutex_);
          seen_.push_back(request);
        }
        answer_(request, wire);
      }
    }
    if (tls != nullptr) {
      SSL_free(tls);
    }
    ::close(fd);
  }

  static bool read_request(Wire& wire, std::string& buffer, Seen& out) {
    std::size_t end = 0;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
      const std::string more = wire.receive();
      if (more.empty()) {
        return false;
      }
      buffer += more;
    }
    out = {};
    out.arrived_nanos = std::chrono::steady_clock::now().time_since_epoch().count();
    const std::string head = buffer.substr(0, end);
    buffer.erase(0, end + 4);
    const auto lines = split(head, '\n');
    const auto words = split(trim(lines[0]), ' ');
    out.method = words[0];
    out.target = words.size() > 1 ? words[1] : "";
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const std::size_t colon = lines[i].find(':');
      if (colon != std::string_view::npos) {
        out.headers.emplace_back(trim(lines[i].substr(0, colon)), trim(lines[i].substr(colon + 1)));
      }
    }
    std::int64_t length = 0;
    parse_int(out.header("Content-Length"), length);
    while (static_cast<std::int64_t>(buffer.size()) < length) {
      const std::string more = wire.receive();
      if (more.empty()) {
        return false;
      }
      buffer += more;
    }
    out.body = buffer.substr(0, static_cast<std::size_t>(length));
    buffer.erase(0, static_cast<std::size_t>(length));
    return true;
  }

  Answer answer_;
  SSL_CTX* tls_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> count_ = 0;
  mutable std::mutex mutex_;
  std::vector<Seen> seen_;
  std::thread acceptor_;
  std::vector<std::thread> connections_;
};

}  // namespace lode::net
