// Tests of what doctor is told of the network.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/look.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"

namespace lode::net {
namespace {

using testing::HasSubstr;
using testing::Not;

Config config(std::initializer_list<std::pair<const char*, const char*>> values) {
  Config out;
  for (const auto& [key, value] : values) {
    must(out.merge_flag(key, value, "test"));
  }
  return out;
}

TEST(Look, NamesTheLibraryAndThatNobodyWasAsked) {
  const Look look = look_at_network(Config());
  EXPECT_NE(look.state, Look::State::kUnusable);
  EXPECT_THAT(look.fact, HasSubstr("libcurl "));
  EXPECT_THAT(look.fact, HasSubstr("OpenSSL"));
  EXPECT_THAT(look.fact, HasSubstr("no proxy; nobody was asked"));
}

TEST(Look, ShowsAProxyWithoutItsPassword) {
  const Look look = look_at_network(config({{"net.proxy", "http://name:hunter22@proxy.example:3128"}}));
  EXPECT_THAT(look.fact, HasSubstr("proxy http://proxy.example:3128"));
  EXPECT_THAT(look.fact, Not(HasSubstr("hunter22")));
}

TEST(Look, NamesHostsThatWereMoved) {
  const Look look = look_at_network(config({{"edgar.base_url", "http://127.0.0.1:8080"}}));
  EXPECT_THAT(look.fact, HasSubstr("www.sec.gov at http://127.0.0.1:8080"));
}

TEST(Look, FailsOnSettingsThatCannotWork) {
  EXPECT_EQ(look_at_network(config({{"edgar.base_url", "ftp://x"}})).state, Look::State::kUnusable);
  EXPECT_EQ(look_at_network(config({{"net.proxy", "ftp://x"}})).state, Look::State::kUnusable);
  const Look look = look_at_network(config({{"net.ca_file", "/nowhere/ca.pem"}}));
  EXPECT_EQ(look.state, Look::State::kUnusable);
  EXPECT_THAT(look.fact, HasSubstr("/nowhere/ca.pem"));
}

}  // namespace
}  // namespace lode::net
