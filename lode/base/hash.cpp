// xxHash and OpenSSL behind our names.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/hash.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "lode/base/assert.h"

// Header only, so that the hash is compiled with our flags and nothing is linked.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace lode {

std::uint64_t xxh3(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::string xxh3_hex(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return hex(hash.high64) + hex(hash.low64);
}

std::string hex(std::uint64_t value) { return fmt::format("{:016x}", value); }

struct Sha256::Impl {
  Impl() : context(EVP_MD_CTX_new()) {
    LODE_ASSERT(context != nullptr);
    LODE_ASSERT(EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1);
  }
  ~Impl() { EVP_MD_CTX_free(context); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  EVP_MD_CTX* context;
};

Sha256::Sha256() : impl_(std::make_unique<Impl>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
  LODE_ASSERT(EVP_DigestUpdate(impl_->context, bytes.data(), bytes.size()) == 1);
}

std::string Sha256::hex() {
  unsigned char digest[32];
  LODE_ASSERT(EVP_DigestFinal_ex(impl_->context, digest, nullptr) == 1);
  std::string text;
  for (const unsigned char byte : digest) {
    text += fmt::format("{:02x}", byte);
  }
  return text;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

}  // namespace lode
