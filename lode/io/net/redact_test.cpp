// Tests of redaction: fifty secrets, in every spelling, in everything that is kept; and of recordings written and
// answered from.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/redact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/base/text.h"
#include "lode/base/value.h"
#include "lode/io/net/base64.h"
#include "lode/io/net/url.h"

namespace lode::net {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Base64, TheVectorsOfTheStandard) {
  // RFC 4648, section 10.
  const std::pair<const char*, const char*> rows[] = {{"", ""},
                                                      {"f", "Zg=="},
                                                      {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg=="},
                                                      {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : rows) {
    EXPECT_EQ(base64(plain), coded);
    EXPECT_EQ(base64_decode(coded), plain);
  }
  for (const char* bad : {"Zg", "Zg=", "Zh==", "Z===", "Zm9v!", "Zg==Zg==", "Zm9\n"}) {
    EXPECT_FALSE(base64_decode(bad)) << bad;
  }
}

TEST(Redaction, TakesFiftySecretsOutOfEverySpelling) {
  Random random(3, 1);
  constexpr std::string_view kSigns = "abcdefghXYZ0123456789+/=&%? \"\\-_.\xc3\xa9";
  std::vector<std::string> secrets;
  for (int i = 0; i < 50; ++i) {
    std::string secret = "k";
    const std::size_t length = 7 + random.next_below(40);
    while (secret.size() < length) {
      secret += kSigns[random.next_below(kSigns.size())];
    }
    secrets.push_back(secret);
  }
  const Redaction redaction(secrets);
  for (const std::string& secret : secrets) {
    const std::string json = to_json(Value(secret));
    for (const std::string& spelling :
         {secret, percent_encode(secret), lower(percent_encode(secret)), base64(secret)}) {
      const std::string text = redaction.text("before " + spelling + " after");
      EXPECT_THAT(text, Not(HasSubstr(spelling)));
      EXPECT_THAT(text, HasSubstr(kRedacted));
      EXPECT_TRUE(redaction.holds_secret(spelling));
    }
    EXPECT_THAT(redaction.text(json), Not(HasSubstr(json.substr(1, json.size() - 2))));
    // As the password of a Basic authorization, whatever the length of the name.
    for (const std::string name : {"u", "us", "use"}) {
      const std::string text = redaction.text(base64(name + ":" + secret));
      const std::string left = base64_decode(text.substr(0, text.find(kRedacted) / 4 * 4)).value_or("");
      EXPECT_THAT(text, HasSubstr(kRedacted)) << name;
      EXPECT_LE(left.size(), name.size() + 3);
    }
  }
  EXPECT_EQ(redaction.text("nothing of the kind"), "nothing of the kind");
}

TEST(Redaction, ShortValuesAreNoSecrets) {
  const Redaction redaction(std::vector<std::string>{"", "1", "abc"});
  EXPECT_EQ(redaction.text("abc 1 abc"), "abc 1 abc");
}

TEST(Redaction, KnowsNamesThatCarryCredentials) {
  const Redaction none;
  EXPECT_EQ(none.url("https://x/q?symbol=A&apikey=K1&Token=t&crumb=c&limit=5&flag"),
            "https://x/q?symbol=A&apikey=REDACTED&Token=REDACTED&crumb=REDACTED&limit=5&flag");
  EXPECT_EQ(none.url("https://x/path"), "https://x/path");
  const HttpHeaders told = none.headers({{"Authorization", "Bearer x"},
                                         {"Set-Cookie", "A3=1"},
                                         {"APCA-API-KEY-ID", "k"},
                                         {"APCA-API-SECRET-KEY", "k"},
                                         {"X-Subscription-Token", "t"},
                                         {"Accept", "a"}});
  for (const auto& [name, value] : told) {
    EXPECT_EQ(value, name == "Accept" ? "a" : name == "Set-Cookie" ? "A3=REDACTED" : kRedacted) << name;
  }
}

}  // namespace
}  // namespace lode::net
