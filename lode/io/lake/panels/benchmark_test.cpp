// A lake's benchmark as a series and as fields: none, one, several, and what is known when.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/benchmark.h"

#include <gmock/gmock.h>

#include "lode/io/lake/panels/testing.h"

namespace lode::lake {
namespace {

using ::testing::ElementsAre;
using testing::missing;

class Benchmarks : public testing::MarketTest {
 protected:
  static Date day(int of_month) { return testing::january(of_month); }

  Result<PanelSet> try_load(const PanelRequest& request) {
    const Snapshot snapshot = *lake->snapshot();
    return load_panels(snapshot, request, pool);
  }
  PanelSet load(const PanelRequest& request) {
    Result<PanelSet> set = try_load(request);
    EXPECT_TRUE(set) << (set ? "" : render(set.error()));
    return std::move(*set);
  }
  void two_names_and_an_index() {
    add_instruments({{1, "AAA", ""}, {2, "^SPX", "index"}, {3, "CCC", ""}});
    add_bars({{1, day(2), 10}, {2, day(2), 3000}, {3, day(2), 30}});
    add_bars({{1, day(3), 11}, {3, day(3), 31}});
    add_bars({{1, day(6), 12}, {2, day(6), 3010}, {3, day(6), 32}});
  }
};

TEST_F(Benchmarks, AreFieldsWithOneValueADate) {
  two_names_and_an_index();
  const PanelSet set = load({.fields = {"close", "bench_close"}});
  EXPECT_THAT(set.axis->symbols, ElementsAre("AAA", "CCC"));
  const Panel& bench = set.panels.at("bench_close");
  for (std::size_t column = 0; column < 2; ++column) {
    EXPECT_EQ(bench.at(0, column), 3000);
    EXPECT_TRUE(missing(bench.at(1, column))) << "no bar, no value";
    EXPECT_EQ(bench.at(2, column), 3010);
  }
  EXPECT_EQ(set.benchmark.symbol, "^SPX");
  EXPECT_EQ(set.benchmark.close[2], 3010);
  EXPECT_THAT(*available_fields(*lake->snapshot()), ::testing::Contains("bench_close"));
}

TEST_F(Benchmarks, AreCutWithTheRowsAsked) {
  two_names_and_an_index();
  const PanelSet set = load({.fields = {"bench_close"}, .from = day(6)});
  EXPECT_EQ(set.benchmark.close, std::vector<double>{3010});
  EXPECT_EQ(set.panels.at("bench_close").at(0, 1), 3010);
}

TEST_F(Benchmarks, ThatAreAbsentSayHowToBringThem) {
  add_instruments({{1, "AAA", ""}});
  add_bars({{1, day(2), 10}});
  const auto none = try_load({.fields = {"bench_open"}});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().number(), E::E1113);
  EXPECT_THAT(none.error().hint(), ::testing::HasSubstr("--table benchmark"));
  EXPECT_TRUE(load({.fields = {"close"}}).benchmark.known.empty());
  EXPECT_THAT(*available_fields(*lake->snapshot()), ::testing::Not(::testing::Contains("bench_close")));
}

TEST_F(Benchmarks, OfSeveralOneIsNamed) {
  add_instruments({{1, "AAA", ""}, {2, "^SPX", "index"}, {3, "^NDX", "index"}});
  add_bars({{1, day(2), 10}, {2, day(2), 3000}, {3, day(2), 9000}});
  const auto open = try_load({.fields = {"bench_close"}});
  ASSERT_FALSE(open);
  EXPECT_EQ(open.error().message(), "the field bench_close is not decided: this lake has 2 benchmarks, ^NDX, ^SPX");
  EXPECT_EQ(open.error().hint(), "say which is meant: --benchmark ^NDX");
  const PanelSet undecided = load({.fields = {"close"}});
  EXPECT_EQ(undecided.benchmark.symbol, "");
  EXPECT_THAT(undecided.benchmark.known, ElementsAre("^NDX", "^SPX"));
  const PanelSet set = load({.fields = {"bench_close"}, .benchmark = "^NDX"});
  EXPECT_EQ(set.panels.at("bench_close").at(0, 0), 9000);
  const auto unknown = try_load({.fields = {"close"}, .benchmark = "^SPY"});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().number(), E::E2104);
  EXPECT_THAT(unknown.error().hint(), ::testing::HasSubstr("^SPX"));
}

TEST_F(Benchmarks, OfOneSymbolOnTwoExchangesAreToldApart) {
  add_instruments({{1, "AAA", ""}, {2, "^IDX", "index"}});
  add_instruments({{3, "^IDX", "index"}}, "XASX");
  add_bars({{1, day(2), 10}, {2, day(2), 3000}, {3, day(2), 9000}});
  EXPECT_EQ(load({.fields = {"close"}}).benchmark.symbol, "");
  EXPECT_THAT(load({.fields = {"close"}}).benchmark.known, ElementsAre("^IDX.XASX", "^IDX.XNYS"));
  const auto both = try_load({.fields = {"close"}, .benchmark = "^IDX"});
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().number(), E::E2010);
  EXPECT_EQ(both.error().message(), "the benchmark ^IDX is listed on 2 exchanges");
  EXPECT_EQ(both.error().hint(), "write which one is meant: ^IDX.XASX, ^IDX.XNYS");
  const PanelSet set = load({.fields = {"bench_close"}, .benchmark = "^IDX.XASX"});
  EXPECT_EQ(set.benchmark.symbol, "^IDX.XASX");
  EXPECT_EQ(set.panels.at("bench_close").at(0, 0), 9000);
}

}  // namespace
}  // namespace lode::lake
