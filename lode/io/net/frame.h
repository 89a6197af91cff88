// Frames of the WebSocket protocol (RFC 6455), the client's side: bytes to messages and back. Pure: no socket, no
// clock.
//
// A frame: FIN, three reserved bits (0: no extension is asked for), 4 bits of opcode; a mask bit (client to server
// only), 7 bits of length, 126 and 127 for 16 and 64 bits more; 4 bytes of mask; the payload. Messages may be spread
// over frames, with control frames between.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"

namespace lode::net {

enum class FrameKind : std::uint8_t { kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10 };

// A whole message, or a control frame.
struct Frame {
  FrameKind kind = FrameKind::kText;
  std::string payload;  // Of a close: the reason.
  int close_code = 0;   // Of a close: 1005 when it gave none.
};

struct FrameLimits {
  std::int64_t most_message_bytes = std::int64_t{16} << 20;  // Over all its frames.
  int most_frames = 100'000;                                 // Of one message.
};

// Puts messages together from bytes as they come. After an error it takes no more.
class FrameReader {
 public:
  explicit FrameReader(FrameLimits limits = {}) : limits_(limits) {}

  // Appends to `out` what the next bytes complete. E6108 for what RFC 6455 forbids a server (a mask, a reserved bit or
  // opcode, a length not in its shortest form, a fragmented or long control frame, a continuation of nothing, text that
  // is no UTF-8, a wrong close code) and for a message beyond the limits; close_code_for_error() is then what the other
  // side is told.
  Result<void> add(std::string_view bytes, std::vector<Frame>& out);
  int close_code_for_error() const { return error_code_; }

 private:
  Result<bool> next(std::vector<Frame>& out);
  Result<void> control(FrameKind kind, std::string_view payload, std::vector<Frame>& out);
  Result<void> data(int opcode, bool is_last, std::string_view payload, std::vector<Frame>& out);
  Failure broken(int code, std::string_view what);

  FrameLimits limits_;
  std::string buffer_;
  std::size_t at_ = 0;  // In buffer_; what lies before is read.
  std::string message_;
  std::optional<FrameKind> open_;  // The kind of a message whose frames still come.
  int frames_ = 0;
  int error_code_ = 0;
};

// One frame, masked as a client must. `mask`: 32 fresh random bits, so that no proxy can be led to read a payload as a
// request of its own.
std::string encode_frame(FrameKind kind, std::string_view payload, std::uint32_t mask);
// The payload of a close frame.
std::string close_payload(int code, std::string_view reason);

// The Sec-WebSocket-Accept that answers `key` (RFC 6455 4.2.2: SHA-1 of the key and a fixed text, in base64).
std::string accept_of(std::string_view key);

}  // namespace lode::net
