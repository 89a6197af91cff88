// The stream's life: connect, shake hands, subscribe, read, lose, wait, again.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/stream.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "lode/base/assert.h"
#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/base/value.h"
#include "lode/io/net/base64.h"
#include "lode/io/net/hosts.h"

namespace lode::net {

namespace {

constexpr int kSendMs = 10'000;
constexpr int kLookMs = 50;
constexpr std::size_t kMostHeaders = 16 << 10;
constexpr int kNormal = 1000;
constexpr int kGoingAway = 1001;
constexpr std::uint64_t kJitterStream = 0x777373;

std::int64_t real_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Bits nobody can guess, as RFC 6455 10.3 wants for masks and keys.
template <std::size_t N>
std::array<unsigned char, N> secret_bytes() {
  std::array<unsigned char, N> out{};
  const int made = RAND_bytes(out.data(), static_cast<int>(N));
  LODE_ASSERT(made == 1);
  return out;
}

std::uint32_t fresh_mask() {
  const auto bytes = secret_bytes<4>();
  return std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U | std::uint32_t{bytes[2]} << 8U | bytes[3];
}

bool has_word(const std::string* header, std::string_view word) {
  if (header != nullptr) {
    for (const std::string_view one : split(*header, ',')) {
      if (lower(trim(one)) == word) {
        return true;
      }
    }
  }
  return false;
}

// Why the answer to a handshake is none; empty when it is one. What a host says is quoted without secrets: a key that
// is cut is none that a redaction knows.
std::string refusal(std::string_view head, std::string_view key, const Redaction& redaction) {
  const auto lines = split(head, '\n');
  const auto words = split(trim(lines[0]), ' ');
  if (words.size() < 2 || !words[0].starts_with("HTTP/1.") || words[1] != "101") {
    return fmt::format("it answered {}", quote(redaction.text(trim(lines[0]))));
  }
  HttpHeaders headers;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t colon = lines[i].find(':');
    if (colon != std::string_view::npos) {
      headers.emplace_back(trim(lines[i].substr(0, colon)), trim(lines[i].substr(colon + 1)));
    }
  }
  const std::string* accept = find_header(headers, "Sec-WebSocket-Accept");
  if (!has_word(find_header(headers, "Upgrade"), "websocket") ||
      !has_word(find_header(headers, "Connection"), "upgrade")) {
    return "its answer is no upgrade to a WebSocket";
  }
  if (accept == nullptr || *accept != accept_of(key)) {
    return "it did not answer our key";
  }
  return find_header(headers, "Sec-WebSocket-Extensions") == nullptr ? "" : "it uses an extension nobody asked for";
}

}  // namespace

Stream::Stream(StreamOptions options, const Places& places, const Route& route, const Clock& clock, Sleeper& sleeper,
               Log& log, Metrics& metrics)
    : options_(std::move(options)),
      places_(places),
      route_(route),
      clock_(clock),
      sleeper_(sleeper),
      log_(log),
      metrics_(metrics),
      redaction_(options_.secrets),
      random_(fresh_mask(), kJitterStream),
      reader_(options_.limits) {}

Stream::~Stream() { close(); }

void Stream::push(StreamEvent::Kind kind, std::string text, bool is_binary) {
  events_.push_back({kind, std::move(text), is_binary, clock_.now(), connection_});
}

Result<void> Stream::put(FrameKind kind, std::string_view payload) {
  if (socket_ == nullptr) {
    return fail(E::E6001, "the stream is not connected");
  }
  return socket_->send(encode_frame(kind, payload, fresh_mask()), kSendMs);
}

Result<void> Stream::send(std::string_view message) { return put(FrameKind::kText, message); }

void Stream::subscribe(std::string message) {
  if (socket_ != nullptr) {
    if (const Result<void> sent = send(message); !sent) {
      lose(sent.error().message(), 0);
    }
  }
  options_.subscriptions.push_back(std::move(message));
}

void Stream::reconnect(std::string_view why) {
  if (socket_ != nullptr) {
    lose(why, kGoingAway);
    if (failures_ == 1) {  // The first in a row.
      retry_at_ = clock_.monotonic_nanos();
    }
  }
}

void Stream::close() {
  if (socket_ != nullptr) {
    static_cast<void>(put(FrameKind::kClose, close_payload(kNormal, "")).has_value());
    socket_.reset();
  }
  is_closed_ = true;
}

// `code` is told to the other side; 0: it is gone already.
void Stream::lose(std::string_view why, int code) {
  if (code != 0 && socket_ != nullptr) {
    static_cast<void>(put(FrameKind::kClose, close_payload(code, "")).has_value());
  }
  socket_.reset();
  ++failures_;
  retry_at_ = clock_.monotonic_nanos() + options_.backoff.wait(failures_, random_);
  const std::string told = redaction_.text(why);
  metrics_.add("lode_stream_lost_total", 1.0, fmt::format("source=\"{}\"", label_of(options_.source)));
  Value fields = Value::object();
  fields.set("source", Value(label_of(options_.source)));
  fields.set("reason", Value(told));
  fields.set("attempt", Value(failures_));
  log_.warning("stream lost", fields);
  push(StreamEvent::Kind::kLost, told);
}

Result<void> Stream::shake_hands(const Url& url, Socket& socket) {
  const auto bytes = secret_bytes<16>();
  const std::string key = base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  std::string request = fmt::format(
      "GET {}{}{} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {}\r\n"
      "Sec-WebSocket-Version: 13\r\n",
      url.path, url.query.empty() ? "" : "?", url.query, url.origin().substr(url.scheme.size() + 3), key);
  for (const auto& [name, value] : options_.headers) {
    if (name.find_first_of("\r\n") != std::string::npos || value.find_first_of("\r\n") != std::string::npos) {
      return fail(E::E6104, "a header of the stream holds a line break");
    }
    request += name + ": " + value + "\r\n";
  }
  LODE_CHECK(socket.send(request + "\r\n", options_.connect_ms));
  const std::int64_t until = real_ms() + options_.connect_ms;
  std::string head;
  std::size_t end = std::string::npos;
  while ((end = head.find("\r\n\r\n")) == std::string::npos) {
    const std::int64_t left = until - real_ms();
    if (left <= 0 || head.size() > kMostHeaders) {
      return fail(E::E6001, head.size() > kMostHeaders ? "its headers do not end" : "it did not answer the handshake");
    }
    LODE_TRY(const std::string more, socket.receive(static_cast<int>(left)));
    head += more;
  }
  if (const std::string why = refusal(std::string_view(head).substr(0, end), key, redaction_); !why.empty()) {
    return fail(E::E6001, why);
  }
  reader_ = FrameReader(options_.limits);
  ++connection_;
  push(StreamEvent::Kind::kOpened, "");
  read(std::string_view(head).substr(end + 4));  // Frames may follow the headers at once, and end it all.
  return {};
}

Result<void> Stream::open() {
  LODE_TRY(const Url published, parse_url(options_.url));
  LODE_TRY(const OnWire wire, places_.find(published));
  Url url = wire.url;
  url.scheme = url.is_secure() ? "https" : "http";
  LODE_TRY(std::unique_ptr<Socket> socket,
           Socket::connect(url.text(), route_, wire.may_be_private, options_.connect_ms));
  opened_at_ = heard_at_ = pinged_at_ = clock_.monotonic_nanos();
  Socket& here = *socket;
  socket_ = std::move(socket);
  LODE_CHECK(shake_hands(url, here));
  for (const std::string& message : options_.subscriptions) {
    if (socket_ == nullptr) {
      return {};  // Closed by the first frames.
    }
    LODE_CHECK(send(message));
  }
  return {};
}

void Stream::take(Frame frame) {
  heard_at_ = clock_.monotonic_nanos();
  switch (frame.kind) {
    case FrameKind::kPing:
      if (const Result<void> sent = put(FrameKind::kPong, frame.payload); !sent) {
        lose(sent.error().message(), 0);
      }
      return;
    case FrameKind::kPong:
      return;
    case FrameKind::kClose:
      lose(fmt::format("the other side closed it with {} {}", frame.close_code, quote(redaction_.text(frame.payload))),
           frame.close_code == 1005 ? kNormal : frame.close_code);
      return;
    default:
      break;
  }
  if (heard_at_ - opened_at_ >= options_.lasting_nanos) {
    failures_ = 0;
  }
  const bool has_gap = options_.has_gap && options_.has_gap(frame.payload);
  push(StreamEvent::Kind::kMessage, std::move(frame.payload), frame.kind == FrameKind::kBinary);
  if (has_gap) {
    reconnect("messages are missing before the last one");
  }
}

void Stream::look_at_clock() {
  const std::int64_t now = clock_.monotonic_nanos();
  if (now - heard_at_ > options_.silence_nanos) {
    lose(fmt::format("nothing was heard for {} s", (now - heard_at_) / kNanosPerSecond), kGoingAway);
  } else if (options_.life_nanos > 0 && now - opened_at_ > options_.life_nanos) {
    reconnect("it is as old as it may get");
  } else if (now - std::max(heard_at_, pinged_at_) > options_.ping_nanos) {
    pinged_at_ = now;
    if (const Result<void> sent = put(FrameKind::kPing, "lode"); !sent) {
      lose(sent.error().message(), 0);
    }
  }
}

void Stream::receive(int wait_ms) {
  const Result<std::string> bytes = socket_->receive(wait_ms);
  if (!bytes) {
    lose(bytes.error().message(), 0);
    return;
  }
  read(*bytes);
}

void Stream::read(std::string_view bytes) {
  std::vector<Frame> frames;
  const Result<void> right = reader_.add(bytes, frames);
  for (Frame& frame : frames) {
    if (socket_ == nullptr) {
      return;  // What follows a close is nothing.
    }
    take(std::move(frame));
  }
  if (!right && socket_ != nullptr) {
    metrics_.add("lode_stream_rejected_total", 1.0, "reason=\"protocol\"");
    lose(right.error().message(), reader_.close_code_for_error());
  }
}

Result<std::optional<StreamEvent>> Stream::next(int wait_ms) {
  const std::int64_t until = real_ms() + wait_ms;
  for (;;) {
    if (!events_.empty()) {
      StreamEvent event = std::move(events_.front());
      events_.pop_front();
      return std::optional(std::move(event));
    }
    const std::int64_t left = until - real_ms();
    if (is_closed_) {
      return std::optional<StreamEvent>();
    }
    if (socket_ != nullptr) {
      look_at_clock();
      if (socket_ != nullptr) {
        receive(static_cast<int>(std::clamp<std::int64_t>(left, 0, kLookMs)));
      }
    } else if (const std::int64_t early = retry_at_ - clock_.monotonic_nanos(); early > 0) {
      sleeper_.sleep(std::min<std::int64_t>(early, std::max<std::int64_t>(left, 1) * 1'000'000));
    } else if (Result<void> opened = open(); !opened) {
      if (opened.error().number() == E::E6103 || opened.error().number() == E::E6104) {
        socket_.reset();
        is_closed_ = true;
        return fail(std::move(opened).error().while_doing(redaction_.url(options_.url)));
      }
      lose(opened.error().message(), 0);
    }
    if (events_.empty() && left <= 0) {
      return std::optional<StreamEvent>();
    }
  }
}

}  // namespace lode::net
