// Hashes: xxh3 for identity and checksums of our own files, SHA-256 where bytes must be named to the world.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace lode {

// XXH3-64 of the bytes: the same on every machine. Fast (memory speed) and not against forgery: it tells damage and
// names our own things. Empty bytes have a hash too.
std::uint64_t xxh3(std::string_view bytes, std::uint64_t seed = 0);
// XXH3-128 as 32 lower-case hex digits: the name of a part's bytes, where 64 bits would collide in a large lake.
std::string xxh3_hex(std::string_view bytes);
// SHA-256 (FIPS 180-4) as 64 lower-case hex digits: what the world checks a delivered file by. A tenth of xxh3's speed.
std::string sha256_hex(std::string_view bytes);

// SHA-256 of bytes that arrive in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(std::string_view bytes);
  std::string hex();  // Ends the stream; call once.

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::string hex(std::uint64_t value);  // 16 digits, lower case.

}  // namespace lode
