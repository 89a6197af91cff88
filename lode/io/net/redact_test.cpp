// Tests of redaction: fifty secrets, in every spelling, in everything that is kept; and of recordings written and
// answered from.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/redact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

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

// "%2B" as "%2b": the digits behind a '%' alone.
std::string lower_hex_digits(std::string text) {
  for (std::size_t at = text.find('%'); at < text.size(); at = text.find('%', at + 1)) {
    text.replace(at, 3, lower(text.substr(at, 3)));
  }
  return text;
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
         {secret, percent_encode(secret), lower_hex_digits(percent_encode(secret)), base64(secret)}) {
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

// How hosts write a character down. Each is told apart from the reading of it: written with snprintf, read by the code.
std::string formatted(const char* format, unsigned value) {
  std::array<char, 16> out{};
  std::snprintf(out.data(), out.size(), format, value);  // NOLINT(cppcoreguidelines-pro-type-vararg)
  return out.data();
}

bool is_letter_or_digit(char c) { return (c | 32) >= 'a' ? (c | 32) <= 'z' : c >= '0' && c <= '9'; }

std::string html(char c) {
  return c == '&'    ? "&amp;"
         : c == '<'  ? "&lt;"
         : c == '>'  ? "&gt;"
         : c == '"'  ? "&quot;"
         : c == '\'' ? "&#39;"
                     : std::string(1, c);
}

// One character of printable ASCII in the `way`-th spelling.
constexpr unsigned kWays = 17;
std::string spelt(char c, unsigned way) {
  const auto code = static_cast<unsigned>(c);
  const std::string json = to_json(Value(std::string(1, c)));
  const std::string inside = json.substr(1, json.size() - 2);
  const bool is_plain = is_letter_or_digit(c);
  switch (way) {
    case 0:
      return std::string(1, c);
    case 1:
      return percent_encode(std::string(1, c));
    case 2:
      return is_plain ? std::string(1, c) : formatted("%%%02x", code);
    case 3:
      return formatted("%%%02x", code);
    case 4:
      return formatted("%%%02X", code);
    case 5:
      return formatted("%%25%02x", code);
    case 6:
      return c == ' ' ? "+" : percent_encode(std::string(1, c));
    case 7:
      return inside;
    case 8:
      return c == '/' ? "\\/" : inside;
    case 9:
      return formatted("\\u%04x", code);
    case 10:
      return formatted("\\u%04X", code);
    case 11:
      return is_plain ? std::string(1, c) : formatted("\\u%04X", code);
    case 12:
      return formatted("\\\\u%04x", code);
    case 13:
      return html(c);
    case 14:
      return formatted("&#%u;", code);
    case 15:
      return formatted("&#x%X;", code);
    default:
      return formatted("\\x%02x", code);
  }
}

std::string spelt(const std::string& key, unsigned way) {
  std::string out;
  for (const char c : key) {
    out += spelt(c, way);
  }
  return out;
}

std::string random_key(Random& random) {
  std::string key;
  const std::size_t length = 6 + random.next_below(40);
  while (key.size() < length) {
    key += static_cast<char>(0x20 + random.next_below(0x5f));
  }
  return key;
}

TEST(Redaction, NothingOfAKeyComesOutInAnySpelling) {
  Random random(20261123, 3);
  for (int round = 0; round < 300; ++round) {
    const std::string key = random_key(random);
    const Redaction redaction(std::vector<std::string>{key});
    std::vector<std::string> spellings;
    for (unsigned way = 0; way < kWays; ++way) {
      spellings.push_back(spelt(key, way));
    }
    std::string mixed;  // A spelling of its own for each character: but for text inside text, where all are inside.
    for (const char c : key) {
      mixed += spelt(c, 1 + static_cast<unsigned>(random.next_below(6)));
    }
    spellings.push_back(mixed);
    const std::string once = to_json(Value(key));
    const std::string twice = to_json(Value(once.substr(1, once.size() - 2)));
    spellings.push_back(twice.substr(1, twice.size() - 2));
    for (const std::string& spelling : spellings) {
      EXPECT_EQ(redaction.text("{\"message\": \"before " + spelling + " after\"}"),
                "{\"message\": \"before REDACTED after\"}")
          << key << " as " << spelling;
      EXPECT_TRUE(redaction.holds_secret(spelling));
    }
    EXPECT_FALSE(redaction.holds_secret("\n" + key.substr(1) + "\n" + key.substr(0, key.size() - 1)));
  }
}

TEST(Redaction, NothingOfAKeyComesOutOfBase64AndHex) {
  Random random(20261123, 4);
  for (int round = 0; round < 300; ++round) {
    const std::string key = random_key(random);
    const Redaction redaction(std::vector<std::string>{key});
    std::string upper_hex;
    std::string mixed_hex;
    for (const char c : key) {
      upper_hex += formatted("%02X", static_cast<unsigned>(c));
      mixed_hex += formatted(random.next_below(2) == 0 ? "%02X" : "%02x", static_cast<unsigned>(c));
    }
    EXPECT_EQ(redaction.text("a " + upper_hex + " b"), "a REDACTED b");
    EXPECT_EQ(redaction.text("a " + mixed_hex + " b"), "a REDACTED b");
    for (const std::string around : {"", "u:", "us:", "use:"}) {
      for (const std::string behind : {"", "x", "xx"}) {
        std::string coded = base64(around + key + behind);
        std::string escaped;
        for (char& c : coded) {
          escaped += c == '/' ? "\\/" : std::string(1, c);
        }
        std::string of_addresses = coded.substr(0, coded.find('='));
        std::ranges::replace(of_addresses, '+', '-');
        std::ranges::replace(of_addresses, '/', '_');
        for (const std::string& one :
             {coded, escaped, percent_encode(coded), lower_hex_digits(percent_encode(coded)), of_addresses}) {
          const std::string told = redaction.text("Basic " + one + " end");
          // What is left is of the name before it or the text behind it: whole groups of four at most.
          EXPECT_THAT(told, HasSubstr(kRedacted)) << one;
          EXPECT_LE(told.size(), std::string("Basic REDACTED end").size() + 6 + 8) << key << " in " << told;
        }
      }
    }
  }
}

TEST(Redaction, SecretsThatOverlapLeaveNothing) {
  const Redaction redaction(std::vector<std::string>{"ABCDEF", "DEFGHI", "ABCDEFGH"});
  EXPECT_EQ(redaction.text("-ABCDEFGHI-"), "-REDACTED-");
  EXPECT_EQ(redaction.text("-ABCDEFABCDEF-"), "-REDACTEDREDACTED-");
  EXPECT_EQ(redaction.text("ABCDE"), "ABCDE");
  const Redaction accents(std::vector<std::string>{"na\xc3\xafve\xf0\x9f\x94\x91"});
  EXPECT_EQ(accents.text(R"(a na\u00efve\uD83D\uDD11 b na%C3%afve%f0%9F%94%91 c na&#239;ve&#x1F511;)"),
            "a REDACTED b REDACTED c REDACTED");
  EXPECT_EQ(redaction.text("%4"), "%4");
  EXPECT_EQ(redaction.text("ABC\\u004"), "ABC\\u004") << "a spelling that the text ends in";
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string out;
  out.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) {
    out += piece;
  }
  return out;
}

TEST(Redaction, ReadsTextsInsideTextsAsDeepAsHostsPutThem) {
  const Redaction redaction(std::vector<std::string>{"pass\"word/1&2%3"});
  for (const std::size_t depth : {1U, 3U, 6U}) {
    const std::string slashes((std::size_t{1} << depth) - 1, '\\');
    EXPECT_EQ(redaction.text("a pass" + slashes + "\"word" + slashes + "/1&2%3 b"), "a REDACTED b") << depth;
    EXPECT_EQ(redaction.text("a pass" + slashes + "u0022word/1&2%3 b"), "a REDACTED b") << depth;
  }
  for (const std::size_t depth : {1U, 4U, 15U}) {
    const std::string percent = "%" + repeated("25", depth);
    EXPECT_EQ(redaction.text("a pass" + percent + "22word" + percent + "2F1" + percent + "262" + percent + "253 b"),
              "a REDACTED b")
        << depth;
    const std::string entity = "&" + repeated("amp;", depth);
    EXPECT_EQ(redaction.text("a pass" + entity + "quot;word/1" + entity + "amp;2%3 b"), "a REDACTED b") << depth;
  }
}

// The escapes that a writer of a whole text puts in: where its format wants them, or everywhere.
std::string escaped(const std::string& text, unsigned kind) {
  std::string out;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    const std::string json = to_json(Value(std::string(1, c)));
    switch (kind) {
      case 0:
        out += json.substr(1, json.size() - 2);
        break;
      case 1:
        out += formatted("\\u%04x", code);
        break;
      case 2:  // Of Go: signs of HTML by number, the rest as JSON wants it.
        out += html(c) != std::string(1, c) && c != '"' ? formatted("\\u%04x", code) : json.substr(1, json.size() - 2);
        break;
      case 3:
        out += html(c);
        break;
      case 4:
        out += formatted("&#%u;", code);
        break;
      case 5:
        out += is_letter_or_digit(c) || c == ' ' ? std::string(1, c) : formatted("&#x%X;", code);
        break;
      case 6:
        out += percent_encode(std::string(1, c));
        break;
      default:
        out += formatted("%%%02x", code);
        break;
    }
  }
  return out;
}

// Whatever stands inside whatever: three writers, each of which takes the text of the one before.
TEST(Redaction, NothingOfAKeyComesOutOfEscapesInsideEachOther) {
  Random random(20261123, 5);
  constexpr unsigned kWriters = 8;
  for (int round = 0; round < 12; ++round) {
    const std::string key = random_key(random);
    const Redaction redaction(std::vector<std::string>{key});
    for (unsigned chain = 0; chain < kWriters * kWriters * kWriters; ++chain) {
      const std::string spelling =
          escaped(escaped(escaped(key, chain % kWriters), chain / kWriters % kWriters), chain / kWriters / kWriters);
      ASSERT_EQ(redaction.text("{\"title\": \"before " + spelling + " after\"}"),
                "{\"title\": \"before REDACTED after\"}")
          << key << " by " << chain << " as " << spelling;
    }
  }
}

TEST(Redaction, AKeyInTheFormsOfRealWritersIsFound) {
  const Redaction redaction(std::vector<std::string>{"tvly-a&b\"c'd+9/Z"});
  for (const char* told :
       {R"(tvly-a\u0026amp;b\u0026#34;c\u0026#x27;d+9/Z)", R"(tvly-a\u0026amp;b\u0026quot;c\u0026#39;d\u0026#43;9\/Z)",
        R"(tvly-a%26amp%3Bb%26%2334%3Bc%26%23x27%3Bd%2B9%2FZ)",
        R"(tvly-a\u002526b\u002522c\u002527d\u00252B9\u00252FZ)",
        R"(tvly-a\u005cu0026b\u005c\"c'd\u005cu002b9\u005c/Z)"}) {
    EXPECT_EQ(redaction.text(std::string("T1 ") + told + " end"), "T1 REDACTED end") << told;
    EXPECT_TRUE(redaction.holds_secret(told));
  }
}

// Seconds of this thread that it takes to read a body; the least of some, since others work here too.
double seconds_to_read(const Redaction& redaction, const std::string& body) {
  double least = 1e9;
  for (int i = 0; i < 3; ++i) {
    timespec begin{};
    timespec end{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
    EXPECT_EQ(redaction.text(body), body);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    least = std::min(least, static_cast<double>(end.tv_sec - begin.tv_sec) +
                                static_cast<double>(end.tv_nsec - begin.tv_nsec) * 1e-9);
  }
  return least;
}

// Eight times the body costs eight times as much, and not sixty-four: with room for a machine that does other things.
TEST(Redaction, BodiesOfNothingButEscapesCostWhatTheirLengthSays) {
  const Redaction redaction(std::vector<std::string>{"pass\\word%%&&&1", "pass\xF0\x9F\x94\x91word", "ud83dpass"});
  constexpr std::size_t kBytes = 16'384;
  for (const std::string_view piece : {"\\", "\\u", "%25", "25", "&amp;", "amp;", "\\ud83d", "p\\", "%", "&", "\\u005c",
                                       "\\u0025", "&#38;", "%5c%26", "\\u0026amp;", "&#x5c;u005c"}) {
    const std::string front = piece == "25" ? "%" : piece == "amp;" ? "&" : "";
    const double one = seconds_to_read(redaction, front + repeated(piece, kBytes / piece.size()));
    const double eight = seconds_to_read(redaction, front + repeated(piece, 8 * kBytes / piece.size()));
    EXPECT_LE(eight, 20 * one + 0.005) << piece;
  }
  const auto runs = [](std::string_view between, std::size_t length) {
    const std::string run(length, '\\');
    return run + std::string(between) + run + "udd11" + run;
  };
  for (const std::string_view between : {"u0070", "p", "ud83d", "u0070pa\\u0073s\\ud83d", "\\"}) {
    EXPECT_LE(seconds_to_read(redaction, runs(between, 8 * kBytes)),
              20 * seconds_to_read(redaction, runs(between, kBytes)) + 0.005)
        << between;
  }
}

// A key of signs alone leaves as many ways open as its text has signs.
TEST(Redaction, KeysOfNothingButSignsEndToo) {
  for (const char* key : {R"(\\\\\\\\\\)", "%%%%%%%%%%%%", "&&&&&&&&&&&&", "%25%25%25%25%25%25"}) {
    const Redaction redaction(std::vector<std::string>{key});
    for (const std::string_view piece : {"\\", "%25", "&amp;", "%", "&", "\\u005c", "\\u0026amp;"}) {
      const std::string body = "a" + repeated(piece, 20'000 / piece.size()) + "b";
      EXPECT_LE(redaction.text(body).size(), body.size() * 8) << key << " in " << piece;
    }
    EXPECT_EQ(redaction.text(std::string("a ") + key + " b"), "a REDACTED b");
  }
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
