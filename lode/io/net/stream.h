// Stream: a WebSocket (RFC 6455) that stays: it connects, subscribes, answers pings, notices silence, comes back after
// it was lost, and says so, because what was sent meanwhile is missing.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/world.h"
#include "lode/io/net/client.h"
#include "lode/io/net/frame.h"
#include "lode/io/net/socket.h"

namespace lode::net {

struct StreamOptions {
  std::string url;  // ws or wss, as the source publishes it.
  HttpHeaders headers;
  std::string source;                      // Label of metrics and logs.
  std::vector<std::string> secrets;        // As of HttpRequest.
  std::vector<std::string> subscriptions;  // Sent in order after each connection.
  FrameLimits limits;
  int connect_ms = 10'000;
  std::int64_t ping_nanos = 20 * kNanosPerSecond;         // Of silence before we ask whether anybody is there.
  std::int64_t silence_nanos = 60 * kNanosPerSecond;      // Without any frame: lost.
  std::int64_t life_nanos = 23 * 3600 * kNanosPerSecond;  // Then a new connection: sources cut after 24 h.
  Backoff backoff;                                        // Between connections that did not last.
  // A message so long after the opening shows that a connection lasts: a venue greets before it refuses.
  std::int64_t lasting_nanos = 30 * kNanosPerSecond;
  // Asked with each message; true: messages before it are missing, so connect and subscribe anew (and the caller takes
  // a new snapshot). Empty: never.
  std::function<bool(std::string_view message)> has_gap;
};

struct StreamEvent {
  enum class Kind { kOpened, kMessage, kLost };
  Kind kind = Kind::kMessage;
  std::string text;  // The message; of kLost why.
  bool is_binary = false;
  Time received_at;
  int connection = 0;  // Counted from 1: messages of one connection follow each other without a gap.
};

// For one thread. All parts outlive it.
class Stream {
 public:
  Stream(StreamOptions options, const Places& places, const Route& route, const Clock& clock, Sleeper& sleeper,
         Log& log, Metrics& metrics);
  ~Stream();

  // The next event, or nothing within `wait_ms`. A lost connection is an event and then tried again, for ever; errors
  // are what trying again cannot mend: E6103 certificate, E6104 address.
  Result<std::optional<StreamEvent>> next(int wait_ms);
  // Sends now when connected, and after every later connection.
  void subscribe(std::string message);
  // Sends now; E6001 when not connected.
  Result<void> send(std::string_view message);
  // As if the connection had been lost: the caller found a gap. At once where it lasted, else after a pause too.
  void reconnect(std::string_view why);
  void close();  // Tells the other side; next() then gives nothing more.
  bool is_open() const { return socket_ != nullptr; }

 private:
  Result<void> open();
  Result<void> shake_hands(const Url& url, Socket& socket);
  void look_at_clock();
  void receive(int wait_ms);
  void read(std::string_view bytes);
  void take(Frame frame);
  void lose(std::string_view why, int code);
  Result<void> put(FrameKind kind, std::string_view payload);
  void push(StreamEvent::Kind kind, std::string text, bool is_binary = false);

  StreamOptions options_;
  const Places& places_;
  const Route& route_;
  const Clock& clock_;
  Sleeper& sleeper_;
  Log& log_;
  Metrics& metrics_;
  Redaction redaction_;
  Random random_;
  std::unique_ptr<Socket> socket_;
  FrameReader reader_;
  std::deque<StreamEvent> events_;
  int connection_ = 0;
  int failures_ = 0;  // Connections in a row that did not last.
  std::int64_t retry_at_ = 0;
  std::int64_t opened_at_ = 0;
  std::int64_t heard_at_ = 0;
  std::int64_t pinged_at_ = 0;
  bool is_closed_ = false;
};

}  // namespace lode::net
