// Reading and writing frames.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/frame.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <array>

#include "lode/base/text.h"
#include "lode/io/net/base64.h"

namespace lode::net {

namespace {

constexpr std::string_view kAcceptText = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr int kProtocolError = 1002;
constexpr int kNotUtf8 = 1007;
constexpr int kTooLarge = 1009;
constexpr int kNoCode = 1005;

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t out = 0;
  for (const char c : bytes) {
    out = out << 8U | static_cast<unsigned char>(c);
  }
  return out;
}

// Codes a peer may send: those the standard and its registry define, and the ranges left to libraries and applications.
bool is_close_code(int code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

// Whether the bytes may be the beginning of valid UTF-8: all of it is, but for a character cut at the end.
bool may_become_utf8(std::string_view text) {
  if (is_utf8(text)) {
    return true;
  }
  constexpr std::size_t kCut = 3;  // Bytes of a character that can be there without its last.
  for (std::size_t cut = 1; cut <= kCut && cut <= text.size(); ++cut) {
    const std::string_view tail = text.substr(text.size() - cut);
    const auto lead = static_cast<unsigned char>(tail[0]);
    const std::size_t wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    if (wanted <= cut || lead > 0xf4 || !is_utf8(text.substr(0, text.size() - cut))) {
      continue;
    }
    // Some way to go on must exist: 80 or BF in each place left, and in the second as its lead allows.
    for (const char filler : {'\x80', '\xbf', '\x9f', '\x90'}) {
      if (is_utf8(std::string(tail) + std::string(wanted - cut, filler)) ||
          is_utf8(std::string(tail) + std::string(1, filler) + std::string(wanted - cut - 1, '\x80'))) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

Failure FrameReader::broken(int code, std::string_view what) {
  error_code_ = code;
  return fail(E::E6108, fmt::format("the stream broke its protocol: {}", what));
}

Result<void> FrameReader::add(std::string_view bytes, std::vector<Frame>& out) {
  if (error_code_ != 0) {
    return broken(error_code_, "it went on after an error");
  }
  buffer_.append(bytes);
  for (;;) {
    LODE_TRY(const bool was_whole, next(out));
    if (!was_whole) {
      break;
    }
  }
  buffer_.erase(0, at_);
  at_ = 0;
  return {};
}

// Reads one frame where all of it is there; false where not.
Result<bool> FrameReader::next(std::vector<Frame>& out) {
  const std::string_view rest = std::string_view(buffer_).substr(at_);
  if (rest.size() < 2) {
    return false;
  }
  const auto first = static_cast<unsigned char>(rest[0]);
  const auto second = static_cast<unsigned char>(rest[1]);
  const int opcode = first & 15U;
  if ((first & 0x70U) != 0) {
    return broken(kProtocolError, "a reserved bit is set");
  }
  if ((opcode > 2 && opcode < 8) || opcode > 10) {
    return broken(kProtocolError, fmt::format("opcode {} is reserved", opcode));
  }
  if ((second & 0x80U) != 0) {
    return broken(kProtocolError, "a frame of the server is masked");
  }
  const bool is_last = (first & 0x80U) != 0;
  std::uint64_t length = second & 0x7fU;
  if (opcode >= 8 && (!is_last || length > 125)) {
    return broken(kProtocolError, "a control frame is fragmented or longer than 125 bytes");
  }
  const std::size_t more = length == 126 ? 2 : length == 127 ? 8 : 0;
  if (rest.size() < 2 + more) {
    return false;
  }
  if (more > 0) {
    length = big_endian(rest.substr(2, more));
    if (length < (more == 2 ? 126U : 65'536U) || length >> 63U != 0) {
      return broken(kProtocolError, "a length is not in its shortest form");
    }
  }
  const auto most = static_cast<std::uint64_t>(limits_.most_message_bytes);
  if (opcode < 8 && (length > most || message_.size() + length > most)) {
    return broken(kTooLarge, fmt::format("a message of more than {} bytes", grouped(limits_.most_message_bytes)));
  }
  if (rest.size() - 2 - more < length) {
    return false;
  }
  const std::string payload(rest.substr(2 + more, static_cast<std::size_t>(length)));
  at_ += 2 + more + static_cast<std::size_t>(length);
  if (opcode >= 8) {
    LODE_CHECK(control(static_cast<FrameKind>(opcode), payload, out));
  } else {
    LODE_CHECK(data(opcode, is_last, payload, out));
  }
  return true;
}

Result<void> FrameReader::control(FrameKind kind, std::string_view payload, std::vector<Frame>& out) {
  if (kind != FrameKind::kClose) {
    out.push_back({kind, std::string(payload), 0});
    return {};
  }
  if (payload.empty()) {
    out.push_back({kind, "", kNoCode});
    return {};
  }
  const int code = payload.size() < 2 ? 0 : static_cast<int>(big_endian(payload.substr(0, 2)));
  if (!is_close_code(code)) {
    return broken(kProtocolError, fmt::format("close code {} is none", code));
  }
  if (!is_utf8(payload.substr(2))) {
    return broken(kNotUtf8, "the reason of a close is no UTF-8");
  }
  out.push_back({kind, std::string(payload.substr(2)), code});
  return {};
}

Result<void> FrameReader::data(int opcode, bool is_last, std::string_view payload, std::vector<Frame>& out) {
  if (opcode == 0 && !open_) {
    return broken(kProtocolError, "a continuation of nothing");
  }
  if (opcode != 0 && open_) {
    return broken(kProtocolError, "a new message inside another");
  }
  if (opcode != 0) {
    open_ = static_cast<FrameKind>(opcode);
    frames_ = 0;
  }
  if (++frames_ > limits_.most_frames) {
    return broken(kTooLarge, fmt::format("a message of more than {} frames", limits_.most_frames));
  }
  const std::size_t before = message_.size();
  message_.append(payload);
  if (*open_ == FrameKind::kText) {
    // As early as it shows, and only the new part: what came before was the beginning of something valid.
    const std::size_t from = before > 3 ? before - 3 : 0;
    std::size_t start = from;
    while (start < message_.size() && start < from + 3 && from > 0 &&
           (static_cast<unsigned char>(message_[start]) & 0xc0U) == 0x80) {
      ++start;
    }
    const std::string_view tail = std::string_view(message_).substr(start);
    if (is_last ? !is_utf8(tail) : !may_become_utf8(tail)) {
      return broken(kNotUtf8, "a text message is no UTF-8");
    }
  }
  if (is_last) {
    out.push_back({*open_, std::move(message_), 0});
    message_.clear();
    open_.reset();
  }
  return {};
}

std::string encode_frame(FrameKind kind, std::string_view payload, std::uint32_t mask) {
  std::string out;
  out.reserve(payload.size() + 14);
  out += static_cast<char>(0x80U | static_cast<unsigned>(kind));
  const auto length = static_cast<std::uint64_t>(payload.size());
  const int more = length < 126 ? 0 : length < 65'536 ? 2 : 8;
  out += static_cast<char>(0x80U | (more == 0 ? length : more == 2 ? 126U : 127U));
  for (int i = more - 1; i >= 0; --i) {
    out += static_cast<char>(length >> (8U * static_cast<unsigned>(i)) & 255U);
  }
  std::array<char, 4> key{};
  for (std::size_t i = 0; i < key.size(); ++i) {
    key[i] = static_cast<char>(mask >> (24U - 8U * i) & 255U);
    out += key[i];
  }
  for (std::size_t i = 0; i < payload.size(); ++i) {
    out += static_cast<char>(payload[i] ^ key[i % 4]);
  }
  return out;
}

std::string close_payload(int code, std::string_view reason) {
  constexpr std::size_t kLongest = 123;  // Of a control frame, less the code.
  std::string out;
  out += static_cast<char>(code >> 8 & 255);
  out += static_cast<char>(code & 255);
  return out + std::string(reason.substr(0, kLongest));
}

std::string accept_of(std::string_view key) {
  const std::string text = std::string(key) + std::string(kAcceptText);
  std::array<unsigned char, SHA_DIGEST_LENGTH> hash{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
  return base64({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

}  // namespace lode::net
