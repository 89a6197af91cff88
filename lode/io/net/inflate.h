// Inflate: unpacks a gzip body while it arrives, within limits on what it becomes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace lode::net {

// What a body may become. Text of sources packs 4 to 30 times; a bomb 1,000 times.
struct UnpackLimits {
  std::int64_t most_bytes = std::int64_t{64} << 20;
  std::int64_t most_ratio = 250;  // Unpacked to packed, looked at behind `free_bytes`.
  std::int64_t free_bytes = std::int64_t{4} << 20;
};

class Inflate {
 public:
  enum class State { kGoing, kTooLarge, kBomb, kDamaged };

  explicit Inflate(const UnpackLimits& limits);
  ~Inflate();
  Inflate(const Inflate&) = delete;
  Inflate& operator=(const Inflate&) = delete;

  // Unpacks the next bytes onto the end of `body`; the first state that is not kGoing stays. Several gzip members in a
  // row are one body (RFC 1952 2.2).
  State add(std::string_view packed, std::string& body);
  bool is_whole() const;  // The last member came to its end and its checksum was right.

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lode::net
