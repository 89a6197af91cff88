// Ids do not depend on anything but their inputs; symbols are spelt one way.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/instrument.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace lode {
namespace {

TEST(InstrumentId, IsTheSameEverywhereAndForEver) {
  // Stored in every lake: a change of these numbers orphans all stored rows.
  EXPECT_EQ(to_string(instrument_id("XNYS", "IBM")), "9d2e01efeb60c833");
  EXPECT_EQ(to_string(instrument_id("XXXX", "AAPL")), "c0489a7fff3e8cab");
  EXPECT_EQ(to_string(instrument_id("XNYS", "IBM", 1)), "8f5fad9c97c5b8a5");
}

TEST(InstrumentId, DiffersByExchangeSymbolAndReuse) {
  std::set<InstrumentId> ids;
  for (const std::string_view mic : {"XNYS", "XNAS", "XXXX"}) {
    for (const std::string_view symbol : {"A", "AA", "AAPL", "BRK.B"}) {
      for (const std::uint32_t reuse : {0U, 1U, 256U}) {
        ids.insert(instrument_id(mic, symbol, reuse));
      }
    }
  }
  EXPECT_EQ(ids.size(), 36U);
  EXPECT_NE(instrument_id("XNYSA", "B"), instrument_id("XNYS", "AB"));
}

TEST(InstrumentId, RoundTripsThroughText) {
  const InstrumentId id{0x00ab000000000001ULL};
  EXPECT_EQ(to_string(id), "00ab000000000001");
  EXPECT_EQ(*parse_instrument_id("00ab000000000001"), id);
  EXPECT_EQ(*parse_instrument_id("00AB000000000001"), id);
  for (const std::string_view bad :
       {"", "ab", "00ab00000000000g", "00ab0000000000011", "-0ab000000000001", "0x00000000000001"}) {
    const auto read = parse_instrument_id(bad);
    ASSERT_FALSE(read) << bad;
    EXPECT_EQ(read.error().number(), E::E4);
  }
}

TEST(NormalizeSymbol, TrimsAndUppercases) {
  std::string out;
  EXPECT_TRUE(normalize_symbol("  brk.b ", out));
  EXPECT_EQ(out, "BRK.B");
  for (const std::string_view good :
       {"^GSPC", "EURUSD=X", "BTC-USD", "BRK/B", "BF_B", "A+", "T&T", "X$", "7203.T", "#1"}) {
    EXPECT_TRUE(normalize_symbol(good, out)) << good;
    EXPECT_EQ(out, good);
  }
}

TEST(NormalizeSymbol, RefusesWhatIsNoSymbol) {
  std::string out;
  for (const std::string_view bad :
       {"", "   ", "A B", "A,B", "caf\xc3\xa9", "A\tB", "\"A\"", "ABCDEFGHIJKLMNOPQRSTUVWXY"}) {
    EXPECT_FALSE(normalize_symbol(bad, out)) << bad;
  }
  EXPECT_TRUE(normalize_symbol("ABCDEFGHIJKLMNOPQRSTUVWX", out));
}

}  // namespace
}  // namespace lode
