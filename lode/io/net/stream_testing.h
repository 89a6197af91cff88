// The server's side of a WebSocket in a test's hand: the handshake, and frames put together by hand, right or wrong.
// It shares no code with the client but the hash of the handshake. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lode/io/net/frame.h"
#include "lode/io/net/server_testing.h"

namespace lode::net {

// A frame as a server sends it: `first` is FIN, reserved bits and opcode as one byte (0x81: a whole text).
inline std::string server_frame(int first, std::string_view payload) {
  std::string out(1, static_cast<char>(first));
  const std::size_t size = payload.size();
  if (size < 126) {
    out += static_cast<char>(size);
  } else if (size < 65536) {
    out += static_cast<char>(126);
    out += static_cast<char>(size / 256);
    out += static_cast<char>(size % 256);
  } else {
    out += static_cast<char>(127);
    for (int shift = 56; shift >= 0; shift -= 8) {
      out += static_cast<char>(size >> shift & 255U);
    }
  }
  return out + std::string(payload);
}

inline bool accept_stream(const Seen& request, Wire& wire) {
  return wire.send(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
      "Sec-WebSocket-Accept: " +
      accept_of(request.header("Sec-WebSocket-Key")) + "\r\n\r\n");
}

// A frame of the client, unmasked; `kind` 0 when it is gone.
struct ClientFrame {
  int kind = 0;
  bool is_masked = false;
  std::string payload;
};

// Reads one frame after another.
class ClientFrames {
 public:
  explicit ClientFrames(Wire& wire) : wire_(wire) {}
  ClientFrame next() {
    if (!fill(2)) {
      return {};
    }
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(buffer_[at]); };
    ClientFrame out{byte(0) & 15, (byte(1) & 128) != 0, ""};
    std::size_t size = byte(1) & 127U;
    std::size_t at = 2;
    const std::size_t more = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (!fill(2 + more)) {
      return {};
    }
    if (more > 0) {
      size = 0;
      for (std::size_t i = 0; i < more; ++i) {
        size = size * 256 + byte(at++);
      }
    }
    if (!fill(at + 4 + size)) {
      return {};
    }
    for (std::size_t i = 0; i < size; ++i) {
      out.payload += static_cast<char>(buffer_[at + 4 + i] ^ buffer_[at + i % 4]);
    }
    buffer_.erase(0, at + 4 + size);
    return out;
  }

 private:
  bool fill(std::size_t bytes) {
    while (buffer_.size() < bytes) {
      const std::string more = wire_.receive();
      if (more.empty()) {
        return false;
      }
      buffer_ += more;
    }
    return true;
  }
  Wire& wire_;
  std::string buffer_;
};

}  // namespace lode::net
