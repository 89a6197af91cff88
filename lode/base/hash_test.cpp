// Tests of the hashes against published vectors: FIPS 180-2 for SHA-256, xxhsum 0.8 for XXH3.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/hash.h"

#include <gtest/gtest.h>

namespace lode {
namespace {

TEST(Sha256, PublishedVectors) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PiecesGiveTheSameAsTheWhole) {
  Sha256 hash;
  const std::string text(1000, 'a');
  for (int i = 0; i < 1000; ++i) {
    hash.update(text);
  }
  EXPECT_EQ(hash.hex(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, Moves) {
  Sha256 first;
  first.update("a");
  Sha256 second = std::move(first);
  second.update("bc");
  EXPECT_EQ(second.hex(), sha256_hex("abc"));
}

TEST(Xxh3, PublishedValues) {
  EXPECT_EQ(hex(xxh3("")), "2d06800538d394c2");
  EXPECT_EQ(hex(xxh3("abc")), "78af5f94892f3950");
  EXPECT_EQ(hex(xxh3("lodelodelodelodelode")), "56f1248c498789be");
  EXPECT_EQ(hex(xxh3(std::string(1'000'000, 'a'))), "b1fd6fae5285c4eb");
  EXPECT_EQ(hex(xxh3("abc", 42)), "d8438def21bbdcc3");
}

TEST(Xxh3, HundredTwentyEightBits) {
  EXPECT_EQ(xxh3_hex(""), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(xxh3_hex("abc"), "06b05ab6733a618578af5f94892f3950");
  EXPECT_EQ(xxh3_hex(std::string(1'000'000, 'a')), "a545df8e384a9579b1fd6fae5285c4eb");
}

TEST(Hex, HasSixteenDigits) {
  EXPECT_EQ(hex(0), "0000000000000000");
  EXPECT_EQ(hex(0xABCDEF), "0000000000abcdef");
  EXPECT_EQ(hex(~std::uint64_t{0}), "ffffffffffffffff");
}

}  // namespace
}  // namespace lode
