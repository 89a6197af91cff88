// Proxies whose name and password hold any signs: reached through a server that plays one, and told nowhere.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/proxy.h"

#include <gmock/gmock.h>

#include "lode/base/error.h"
#include "lode/io/net/base64.h"
#include "lode/io/net/client_testing.h"
#include "lode/io/net/curl_setup.h"
#include "lode/io/net/server_testing.h"
#include "lode/io/net/stream.h"

namespace lode::net {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kSource = "https://source.example";

struct Proxied {
  const char* written;  // Before the '@'.
  const char* meant;    // As a proxy gets it.
};
constexpr Proxied kProxied[] = {{"user:SECRETp@ss", "user:SECRETp@ss"},     {"user:SECRETp?q", "user:SECRETp?q"},
                                {"user:SECRETp#q", "user:SECRETp#q"},       {"us er:SECRETpw", "us er:SECRETpw"},
                                {"user:p@SECRETss/w", "user:p@SECRETss/w"}, {"user:SECRET:://1", "user:SECRET:://1"},
                                {"user:SECRET%40ss", "user:SECRET@ss"},     {"user:SECRET50%", "user:SECRET50%"},
                                {"user:SECRET%zz", "user:SECRET%zz"},       {"SECRETname", "SECRETname:"}};

Route route_by(const std::string& proxy) {
  Config config;
  must(config.merge_flag("net.proxy", proxy, "https_proxy"));
  return must(client_options(config)).route;
}

TEST(Proxy, TakesANameAndPasswordOfAnyCharacters) {
  for (const Proxied& one : kProxied) {
    TestServer proxy([](const Seen&, Wire& wire) { wire.answer(200, "by proxy"); });
    ClientOptions options = test_options({place_at(kSource, "http://mirror.example")});
    options.attempts = 1;
    options.route = route_by(fmt::format("http://{}@127.0.0.1:{}", one.written, proxy.port()));
    TestClient test(options);
    const auto answer = test.client.send(get(std::string(kSource) + "/x"));
    ASSERT_TRUE(answer) << one.written << ": " << render(answer.error());
    EXPECT_EQ(answer->body, "by proxy");
    ASSERT_EQ(proxy.count(), 1U);
    EXPECT_EQ(proxy.seen()[0].target, "http://mirror.example/x");
    EXPECT_EQ(proxy.seen()[0].header("Proxy-Authorization"), "Basic " + base64(one.meant)) << one.written;
  }
}

TEST(Proxy, ThatIsNotThereIsToldWithoutItsPassword) {
  for (const Proxied& one : kProxied) {
    for (const char* front : {"http://", ""}) {
      ClientOptions options = test_options({place_at(kSource, "http://mirror.example")});
      options.attempts = 1;
      options.route = route_by(fmt::format("{}{}@127.0.0.1:1", front, one.written));
      TestClient test(options);
      const auto answer = test.client.send(get(std::string(kSource) + "/x"));
      ASSERT_FALSE(answer);
      EXPECT_EQ(answer.error().number(), E::E6001);
      StreamOptions asked;
      asked.url = "wss://source.example/";
      RealSleeper sleeper;
      Stream stream(asked, options.places, options.route, test.parts.clock, sleeper, test.log, test.parts.metrics);
      const auto lost = must(stream.next(5000));
      ASSERT_TRUE(lost);
      EXPECT_EQ(lost->kind, StreamEvent::Kind::kLost);
      for (const std::string& told : {render(answer.error()), lost->text, test.log.text}) {
        EXPECT_THAT(told, Not(HasSubstr("SECRET"))) << one.written;
        EXPECT_THAT(told, Not(HasSubstr("proxy syntax"))) << one.written;
      }
    }
  }
}

// Whatever libcurl quotes of it.
TEST(Proxy, WordsOfTheLibraryAreToldWithoutIt) {
  Route route;
  route.proxy = must(proxy_address("http://someone:SECRETp@ss@127.0.0.1:19"));
  EXPECT_EQ(told_of_proxy(route, "Unsupported proxy syntax in 'http://someone:SECRETp@ss@127.0.0.1:19'"),
            "Unsupported proxy syntax in 'http://REDACTED:REDACTED@127.0.0.1:19'");
  EXPECT_EQ(told_of_proxy(route, "bad " + route.proxy), "bad http://REDACTED:REDACTED@127.0.0.1:19");
  EXPECT_EQ(told_of_proxy(Route(), "no proxy"), "no proxy");
}

TEST(Proxy, AddressesAreMadeWhole) {
  EXPECT_EQ(must(proxy_address("http://user:p@ss@127.0.0.1:19998")), "http://user:p%40ss@127.0.0.1:19998");
  EXPECT_EQ(must(proxy_address("proxy:3128")), "http://proxy:3128");
  EXPECT_EQ(must(proxy_address("name@proxy:3128")), "http://name@proxy:3128");
  for (const char* bad :
       {"http://user:SECRETp@ss@127.0.0.1:199980", "ftp://SECRET@x", "user:SECRET@a b", "http://S:ECRET@"}) {
    const Result<std::string> wrong = proxy_address(bad);
    ASSERT_FALSE(wrong) << bad;
    EXPECT_EQ(wrong.error().number(), E::E5002);
    EXPECT_THAT(render(wrong.error()), Not(HasSubstr("ECRET")));
  }
}

}  // namespace
}  // namespace lode::net
