// Tests of the JSON writer and reader. Expected texts follow RFC 8259 and are written by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/base/value.h"

namespace lode {
namespace {

std::string round_trip(std::string_view text) { return to_json(must(parse_json(text))); }

TEST(ToJson, WritesEveryKind) {
  Value value;
  value.set("null", Value());
  value.set("yes", true);
  value.set("int", -5);
  value.set("double", 0.1);
  value.set("text", "a");
  value.set("list", Value::array()).push(1);
  value.set("empty_list", Value::array());
  value.set("empty", Value::object());
  EXPECT_EQ(to_json(value),
            R"({"null":null,"yes":true,"int":-5,"double":0.1,"text":"a","list":[1],"empty_list":[],"empty":{}})");
}

TEST(ToJson, PrettyPrints) {
  Value value;
  value.set("a", 1);
  value.set("b", Value::array()).push(Value::object());
  value.find("b");
  EXPECT_EQ(to_json(value, 2), "{\n  \"a\": 1,\n  \"b\": [\n    {}\n  ]\n}");
}

TEST(ToJson, Escapes) {
  EXPECT_EQ(to_json(Value("a\"b\\c\n\r\t")), R"("a\"b\\c\n\r\t")");
  EXPECT_EQ(to_json(Value(std::string_view("\0\x1f\x7f", 3))), "\"\\u0000\\u001f\x7f\"");
  EXPECT_EQ(to_json(Value("caf\xC3\xA9 \xF0\x9F\x98\x80")), "\"caf\xC3\xA9 \xF0\x9F\x98\x80\"");
}

TEST(ToJson, BytesThatAreNoTextBecomeTheReplacementCharacter) {
  EXPECT_EQ(to_json(Value("a\xFFz")), "\"a\xEF\xBF\xBDz\"");
  EXPECT_EQ(to_json(Value("\xC3")), "\"\xEF\xBF\xBD\"");                                  // Cut short.
  EXPECT_EQ(to_json(Value("\xED\xA0\x80")), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // A surrogate.
  EXPECT_EQ(to_json(Value("\xC0\x80")), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // Overlong.
}

TEST(ToJson, MissingAndInfiniteAreNull) {
  EXPECT_EQ(to_json(Value(std::nan(""))), "null");
  EXPECT_EQ(to_json(Value(std::numeric_limits<double>::infinity())), "null");
}

TEST(ToJson, DoublesStayDoubles) {
  EXPECT_EQ(to_json(Value(1.0)), "1.0");
  EXPECT_EQ(to_json(Value(-0.0)), "-0.0");
  EXPECT_EQ(to_json(Value(1e300)), "1e+300");
  EXPECT_TRUE(must(parse_json("1.0")).is_double());
  EXPECT_TRUE(must(parse_json("1")).is_int());
}

TEST(ToJson, EveryDoubleReadsBackToItsBits) {
  Random random(1, 2);
  for (int i = 0; i < 20'000; ++i) {
    const double value = std::bit_cast<double>(random.next_bits());
    if (std::isfinite(value)) {
      const double back = must(parse_json(to_json(Value(value)))).as_double();
      ASSERT_EQ(std::bit_cast<std::uint64_t>(back), std::bit_cast<std::uint64_t>(value)) << to_json(Value(value));
    }
  }
}

TEST(ParseJson, ReadsWhatItWrites) {
  const std::string_view text =
      R"({"a":[1,2.5,"x",null,true,{"b":{}}],"c":"\u00e9\ud83d\ude00","d":-9223372036854775808,"e":[[],[[]]]})";
  const Value value = must(parse_json(text));
  EXPECT_EQ(must(parse_json(to_json(value))), value);
  EXPECT_EQ(must(parse_json(to_json(value, 4))), value);
  EXPECT_EQ(value.find("c")->as_text(), "\xC3\xA9\xF0\x9F\x98\x80");
  EXPECT_EQ(value.find("d")->as_int(), std::numeric_limits<std::int64_t>::min());
}

TEST(ParseJson, KeepsTheOrderOfKeys) { EXPECT_EQ(round_trip(R"({"z":1,"a":2,"m":3})"), R"({"z":1,"a":2,"m":3})"); }

TEST(ParseJson, OfADoubledKeyTheLastWins) {
  EXPECT_EQ(round_trip(R"({"a":1,"b":2,"a":{"x":3}})"), R"({"a":{"x":3},"b":2})");
  EXPECT_EQ(round_trip(R"({"a":1,"a":2,"b":3,"c":4,"b":5})"), R"({"a":2,"b":5,"c":4})");
}

TEST(ParseJson, NumbersBeyondIntegersAreDoubles) {
  EXPECT_EQ(must(parse_json("9223372036854775807")).as_int(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(must(parse_json("9223372036854775808")).as_double(), 9223372036854775808.0);
  EXPECT_EQ(must(parse_json("123456789012345678901234567890")).as_double(), 123456789012345678901234567890.0);
}

TEST(ParseJson, RefusesWhatIsNotJson) {
  for (const std::string_view text :
       {"",    " ",     "{",        "[1,]",     "{\"a\":}",    "{a:1}", "'a'",  "nul", "01",     "1.",     "+1",
        "NaN", "1e999", "\"\x01\"", "\"\xFF\"", "\"\\ud800\"", "1 2",   "{} x", "[1",  "\"open", "// c\n1"}) {
    const auto result = parse_json(text);
    ASSERT_FALSE(result.has_value()) << text;
    EXPECT_EQ(result.error().number(), E::E2020) << text;
  }
}

TEST(ParseJson, NamesTheByteOfTheError) {
  const auto result = parse_json("{\"a\": 1, \"b\": x}");
  ASSERT_FALSE(result.has_value());
  EXPECT_NE(result.error().message().find("byte 15 of 16"), std::string::npos) << result.error().message();
}

TEST(ParseJson, ALongTokenDoesNotFloodTheMessage) {
  const auto result = parse_json("\"" + std::string(100'000, 'x'));
  ASSERT_FALSE(result.has_value());
  EXPECT_LT(result.error().message().size(), 300U);
}

TEST(ParseJson, AllowsTwoHundredFiftySixLevels) {
  const std::string deepest = std::string(256, '[') + std::string(256, ']');
  EXPECT_EQ(round_trip(deepest), deepest);
  const std::string deeper(257, '[');
  const auto result = parse_json(deeper + std::string(257, ']'));
  ASSERT_FALSE(result.has_value());
  EXPECT_NE(result.error().message().find("256"), std::string::npos);
  EXPECT_FALSE(parse_json(std::string(5'000'000, '[')).has_value()) << "no stack is exhausted";
}

TEST(ParseJson, ManyKeysTakeLinearTime) {
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i) {
    text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
  }
  EXPECT_EQ(must(parse_json(text + "}")).as_object().size(), 200'000U);
}

}  // namespace
}  // namespace lode
