// Hashes: xxh3 for identity and checksums of our own files, SHA-256 where bytes must be named to the world.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace lode {

std::uint64_t xxh3(std::string_view bytes, std::uint64_t seed = 0);
std::string xxh3_hex(std::string_view bytes);    // 128-bit variant, 32 hex digits.
std::string sha256_hex(std::string_view bytes);  // 64 hex digits.

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
