// Tests of what doctor is told of the network.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/look.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/error.h"
#include "lode/base/must.h"
#include "lode/io/net/client.h"
#include "lode/io/net/proxy.h"

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
  EXPECT_THAT(look.fact, HasSubstr("proxy http://***@proxy.example:3128"));
  EXPECT_THAT(look.fact, Not(HasSubstr("hunter22")));
}

// Wherever a sign stands in a password: the last one ends it.
TEST(Look, APasswordOfAnyCharactersIsRead) {
  EXPECT_EQ(shown_proxy("http://user:p@ss/w@proxy:1"), "http://***@proxy:1");
  EXPECT_EQ(shown_proxy("user:p@s://s@proxy:1"), "***@proxy:1") << "no scheme";
  EXPECT_EQ(shown_proxy("proxy:1"), "proxy:1");
  const Result<ClientOptions> right = client_options(config({{"net.proxy", "http://user:p@ss@127.0.0.1:19998"}}));
  ASSERT_TRUE(right) << render(right.error());
  EXPECT_EQ(right->route.proxy, "http://user:p%40ss@127.0.0.1:19998") << "as libcurl reads it";
  const Result<ClientOptions> wrong = client_options(config({{"net.proxy", "http://user:p@ss@127.0.0.1:199980"}}));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().number(), E::E5002);
  EXPECT_EQ(wrong.error().message(), "setting net.proxy is 'http://***@127.0.0.1:199980', expected http://HOST:PORT");
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
