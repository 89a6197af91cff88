// Tests of addresses: taken apart, resolved, refused; public and private ones.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/io/net/address.h"
#include "lode/io/net/places.h"

namespace lode::net {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(Url, IsTakenApart) {
  const Url url = must(parse_url("HTTPS://Data.SEC.gov./api/x.json?a=1&b#part"));
  EXPECT_EQ(url.scheme, "https");
  EXPECT_EQ(url.host, "data.sec.gov");
  EXPECT_EQ(url.port, 443);
  EXPECT_EQ(url.path, "/api/x.json");
  EXPECT_EQ(url.query, "a=1&b");
  EXPECT_EQ(url.text(), "https://data.sec.gov/api/x.json?a=1&b");
  EXPECT_EQ(must(parse_url("http://[::1]:8080")).text(), "http://[::1]:8080/");
  EXPECT_EQ(must(parse_url("wss://stream.binance.com:9443/ws")).origin(), "wss://stream.binance.com:9443");
}

TEST(Url, NumbersThatHideAnAddressAreSpeltOut) {
  for (const char* text : {"http://0x7f.1/", "http://2130706433/", "http://0177.0.0.1/", "http://127.1/"}) {
    EXPECT_EQ(must(parse_url(text)).host, "127.0.0.1") << text;
  }
}

TEST(Url, RefusesWhatNobodyGoesTo) {
  for (const char* text :
       {"", "example.org", "ftp://example.org/", "file:///etc/passwd", "gopher://x/", "https://",
        "https://user@example.org/", "https://user:word@example.org/", "https://a b/", "https://x/\r\nHost: y",
        "javascript:alert(1)", "https://example.org:99999/", "//example.org/"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().number(), E::E6104) << text;
  }
  EXPECT_FALSE(parse_url("https://x/" + std::string(20'000, 'a')));
}

TEST(Url, NeverTellsAPasswordInItsError) {
  for (const char* text : {"https://user:hunter22@example.org/", "htp://user:hunter22@example.org/",
                           "http://user:hunter22@host:99999/a@b", "http://user:hunter22@a b/", "user:hunter22@host"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().message().find("hunter22"), std::string::npos) << url.error().message();
  }
  EXPECT_EQ(without_userinfo("http://u:p@host:1/a@b?c=d@e"), "http://***@host:1/a@b?c=d@e");
  EXPECT_EQ(without_userinfo("https://host/a@b"), "https://host/a@b");
  EXPECT_EQ(without_userinfo("http://u:p@ss@host/x"), "http://***@host/x") << "a password with a sign of its own";
  for (const char* password : {"pa/ss", "pa?ss", "#pass", "p:a/s@s"}) {
    EXPECT_EQ(without_userinfo("http://user:" + std::string(password) + "@host:80/x"), "http://***@host:80/x");
  }
  EXPECT_EQ(without_userinfo("http://host:80/a@b"), "http://host:80/a@b");
  EXPECT_EQ(without_userinfo("http://[::1]:80/a@b"), "http://[::1]:80/a@b");
  EXPECT_EQ(without_userinfo("http://[::1/a@b"), "http://[::1/a@b");
}

TEST(Url, ResolvesWhatALocationHeaderSays) {
  const Url base = must(parse_url("https://a.example/dir/page?q=1"));
  EXPECT_EQ(must(resolve(base, "other")).text(), "https://a.example/dir/other");
  EXPECT_EQ(must(resolve(base, "/top?x=2")).text(), "https://a.example/top?x=2");
  EXPECT_EQ(must(resolve(base, "//b.example/y")).text(), "https://b.example/y");
  EXPECT_EQ(must(resolve(base, "http://c.example:81/")).text(), "http://c.example:81/");
  EXPECT_FALSE(resolve(base, "file:///etc/passwd"));
}

TEST(Url, QueriesAndPercents) {
  EXPECT_THAT(query_parts("a=1&b&=c&d=e=f"),
              ElementsAre(Pair("a", "1"), Pair("b", ""), Pair("", "c"), Pair("d", "e=f")));
  EXPECT_TRUE(query_parts("").empty());
  EXPECT_EQ(percent_encode("a b/\xc3\xa9~-._"), "a%20b%2F%C3%A9~-._");
  EXPECT_EQ(percent_decode("a%20b%2f%zz%4"), "a b/%zz%4");
}

TEST(Address, KnowsWhatIsPublic) {
  for (const char* host :
       {"8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "198.20.0.1", "223.255.255.255",
        "2606:4700::1111", "2001:4860:4860::8888", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "www.sec.gov"}) {
    EXPECT_TRUE(is_public_host(host)) << host;
  }
  for (const char* host : {"127.0.0.1",
                           "127.255.255.255",
                           "0.0.0.0",
                           "10.1.2.3",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.168.0.1",
                           "169.254.169.254",
                           "100.64.0.1",
                           "198.18.0.1",
                           "192.0.2.1",
                           "224.0.0.1",
                           "255.255.255.255",
                           "240.0.0.1",
                           "::",
                           "::1",
                           "::ffff:127.0.0.1",
                           "::ffff:169.254.169.254",
                           "::ffff:a00:1",
                           "::127.0.0.1",
                           "64:ff9b::10.0.0.1",
                           "2002:7f00:1::",
                           "2002:a00:1::",
                           "fe80::1",
                           "fe80::1%eth0",
                           "fc00::1",
                           "fd12:3456::1",
                           "ff02::1",
                           "2001:db8::1",
                           "2001::1",
                           "fec0::1",
                           "localhost",
                           "LOCALHOST",
                           "api.localhost"}) {
    EXPECT_FALSE(is_public_host(host)) << host;
  }
}

TEST(Places, ReadsBaseUrlsAndPacesFromTheConfiguration) {
  Config config;
  ASSERT_TRUE(config.merge_flag("edgar.base_url", "http://127.0.0.1:8080/mirror", "test"));
  ASSERT_TRUE(config.merge_flag("edgar.rate", "8", "test"));
  const Places places = must(Places::from(config));
  const OnWire moved = must(places.find(must(parse_url("https://www.sec.gov/cgi-bin/browse-edgar?action=getcurrent"))));
  EXPECT_EQ(moved.url.text(), "http://127.0.0.1:8080/mirror/cgi-bin/browse-edgar?action=getcurrent");
  EXPECT_TRUE(moved.may_be_private);
  const OnWire data = must(places.find(must(parse_url("https://data.sec.gov/submissions/x.json"))));
  EXPECT_EQ(data.url.text(), "https://data.sec.gov/submissions/x.json");
  EXPECT_FALSE(data.may_be_private);
  EXPECT_EQ(moved.bucket, data.bucket) << "the two hosts share their pace";
  EXPECT_EQ(data.rate.requests, 8);
  const OnWire gdelt = must(places.find(must(parse_url("https://api.gdeltproject.org/api/v2/doc/doc"))));
  EXPECT_EQ(gdelt.rate.requests, 1);
  EXPECT_EQ(gdelt.rate.window_nanos, 5 * kNanosPerSecond);
  EXPECT_EQ(must(places.find(must(parse_url("https://other.example/")))).bucket, "other.example");
}

TEST(Places, GoesToPrivateAddressesOnlyWhereTheUserSaidSo) {
  Config config;
  ASSERT_TRUE(config.merge_flag("edgar.base_url", "http://127.0.0.1:8080/mirror", "test"));
  const Places places = must(Places::from(config));
  EXPECT_TRUE(places.find(must(parse_url("http://127.0.0.1:8080/mirror/x"))));
  for (const char* text : {"http://127.0.0.1:8080/other", "http://127.0.0.1:8081/mirror/x",
                           "https://127.0.0.1:8080/mirror/x", "http://127.0.0.1:8080/mirrored", "http://www.sec.gov/",
                           "https://169.254.169.254/", "https://[::1]/", "http://example.org/"}) {
    const auto found = places.find(must(parse_url(text)));
    ASSERT_FALSE(found) << text;
    EXPECT_EQ(found.error().number(), E::E6104);
  }
}

TEST(Places, RefusesASettingThatIsNoAddress) {
  for (const char* text : {"127.0.0.1:8080", "ftp://x/", "https://x/?q=1"}) {
    Config config;
    ASSERT_TRUE(config.merge_flag("edgar.base_url", text, "test"));
    const auto places = Places::from(config);
    ASSERT_FALSE(places) << text;
    EXPECT_EQ(places.error().number(), E::E5002);
    EXPECT_NE(places.error().message().find("edgar.base_url"), std::string::npos);
  }
}

}  // namespace
}  // namespace lode::net
