// gunzip in pieces, by zlib.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/inflate.h"

#include <zlib.h>

#include <array>

#include "lode/base/assert.h"

namespace lode::net {

namespace {
constexpr int kGzipOnly = 16 + MAX_WBITS;
constexpr std::size_t kPiece = 64 << 10;
}  // namespace

struct Inflate::Impl {
  UnpackLimits limits;
  z_stream stream{};
  std::array<char, kPiece> piece{};
  std::int64_t packed = 0;
  std::int64_t unpacked = 0;
  State state = State::kGoing;
  bool is_at_end = false;  // Behind a member, before the next.
};

Inflate::Inflate(const UnpackLimits& limits) : impl_(std::make_unique<Impl>()) {
  impl_->limits = limits;
  const int code = inflateInit2(&impl_->stream, kGzipOnly);
  LODE_ASSERT(code == Z_OK);
}

Inflate::~Inflate() { inflateEnd(&impl_->stream); }

bool Inflate::is_whole() const { return impl_->state == State::kGoing && impl_->is_at_end; }

Inflate::State Inflate::add(std::string_view packed, std::string& body) {
  Impl& my = *impl_;
  // zlib's interface is not const and does not write here.
  my.stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  my.stream.avail_in = static_cast<uInt>(packed.size());
  my.packed += static_cast<std::int64_t>(packed.size());
  while (my.state == State::kGoing && my.stream.avail_in > 0) {
    if (my.is_at_end) {
      inflateReset(&my.stream);
      my.is_at_end = false;
    }
    my.stream.next_out = reinterpret_cast<Bytef*>(my.piece.data());
    my.stream.avail_out = static_cast<uInt>(my.piece.size());
    const int code = inflate(&my.stream, Z_NO_FLUSH);
    const std::size_t got = my.piece.size() - my.stream.avail_out;
    my.unpacked += static_cast<std::int64_t>(got);
    if (code != Z_OK && code != Z_STREAM_END) {
      my.state = State::kDamaged;
    } else if (my.unpacked > my.limits.most_bytes) {
      my.state = State::kTooLarge;
    } else if (my.unpacked > my.limits.free_bytes && my.unpacked / my.limits.most_ratio > my.packed) {
      my.state = State::kBomb;
    } else {
      body.append(my.piece.data(), got);
      my.is_at_end = code == Z_STREAM_END;
    }
  }
  return my.state;
}

}  // namespace lode::net
