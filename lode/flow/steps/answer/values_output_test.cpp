// Values as rows: order, quoting, missing cells, blocks, and pieces that fail to be written.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/values_output.h"

#include <gmock/gmock.h>

#include <limits>

#include "lode/base/must.h"
#include "lode/base/value.h"

namespace lode::flow {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

class ValuesOutput : public ::testing::Test {
 protected:
  // Two sessions; one factor per list of cells, row by row.
  static Computed make(std::vector<std::string> symbols,
                       std::vector<std::pair<std::string, std::vector<double>>> factors) {
    auto axis = std::make_shared<Axis>();
    axis->sessions = {Date::from_civil(2020, 1, 2), Date::from_civil(2020, 1, 3)};
    axis->times = {Time{0}, Time{1}};
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      axis->instruments.push_back(InstrumentId{i + 1});
    }
    axis->symbols = std::move(symbols);
    Computed computed;
    computed.symbols = axis->symbols;
    computed.axis = axis;
    for (const auto& [name, cells] : factors) {
      Panel panel(axis, Precision::kFloat64);
      for (std::size_t i = 0; i < cells.size(); ++i) {
        panel.mutable_row64(i / axis->columns())[i % axis->columns()] = cells[i];
      }
      computed.names.push_back(name);
      computed.panels.push_back(panel);
    }
    return computed;
  }
  std::string text(const Computed& computed, ValuesFormat format = ValuesFormat::kCsv) {
    std::string out;
    const Sink sink = [&](std::string_view piece) -> Result<void> {
      out += piece;
      return {};
    };
    must(write(computed, format, sink));
    return out;
  }
  Result<void> write(const Computed& computed, ValuesFormat format, const Sink& sink) {
    Computation values = Computation::of(computed, {}, "lode");
    return write_values(values.head(), values.source(), format, pool, sink);
  }

  Pool pool{2};
};

TEST_F(ValuesOutput, RowsComeByDateThenSymbolThenFactorAsAsked) {
  EXPECT_EQ(text(make({"B", "A"}, {{"y", {1, 2, 3, 4}}, {"x", {5, 6, 7, kMissing}}})),
            "date,symbol,factor,value\n"
            "2020-01-02,A,y,2\n2020-01-02,A,x,6\n2020-01-02,B,y,1\n2020-01-02,B,x,5\n"
            "2020-01-03,A,y,4\n2020-01-03,A,x,\n2020-01-03,B,y,3\n2020-01-03,B,x,7\n");
}

TEST_F(ValuesOutput, DelimitersAndQuotesAreQuoted) {
  const Computed computed = make({"BRK,B", "Q\"T"}, {{"ts_mean(close,2)", {1, 2, 3, 4}}});
  EXPECT_THAT(text(computed), ::testing::HasSubstr("2020-01-02,\"BRK,B\",\"ts_mean(close,2)\",1\n"));
  EXPECT_THAT(text(computed), ::testing::HasSubstr("2020-01-02,\"Q\"\"T\",\"ts_mean(close,2)\",2\n"));
}

TEST_F(ValuesOutput, ANameThatASpreadsheetWouldRunIsDisarmedAndASymbolStaysItself) {
  const Computed computed = make({"=A"}, {{"=1+1", {1, 2}}, {"@x", {1, 2}}, {"-rank(close)", {1, 2}}});
  EXPECT_THAT(text(computed),
              ::testing::HasSubstr("2020-01-02,=A,'=1+1,1\n2020-01-02,=A,'@x,1\n2020-01-02,=A,-rank(close),1\n"));
}

TEST_F(ValuesOutput, CellsOutsideTheUniverseAndWarmUpRowsAreNoRows) {
  Computed computed = make({"A", "B"}, {{"x", {1, 2, 3, 4}}});
  computed.universe = {1, 1, 0, 1};
  computed.first_row = 1;
  EXPECT_EQ(text(computed), "date,symbol,factor,value\n2020-01-03,B,x,4\n");
  EXPECT_EQ(computed.rows_written(), 1);
}

TEST_F(ValuesOutput, NumbersReadBackToTheSameBits) {
  const std::vector<double> values{0.1 + 0.2, 5e-324, -1.7976931348623157e308, -0.0};
  const std::string csv = text(make({"A", "B"}, {{"x", values}}));
  std::vector<double> back;
  for (std::size_t at = csv.find('\n'); at + 1 < csv.size(); at = csv.find('\n', at + 1)) {
    const std::size_t end = csv.find('\n', at + 1);
    const std::size_t comma = csv.rfind(',', end);
    back.push_back(std::stod(csv.substr(comma + 1, end - comma - 1) == "5e-324" ? "0x1p-1074" : csv.substr(comma + 1)));
  }
  EXPECT_EQ(back, values);
}

TEST_F(ValuesOutput, JsonIsOneArrayWhateverIsInIt) {
  Computed computed = make({"A\"", "B"}, {{"x", {1, kMissing, 3, 4}}});
  const Value rows = must(parse_json(text(computed, ValuesFormat::kJson)));
  ASSERT_EQ(rows.as_array().size(), 4U);
  EXPECT_EQ(rows.as_array()[0].at_path("symbol")->as_text(), "A\"");
  EXPECT_TRUE(rows.as_array()[1].at_path("value")->is_null());
  computed.universe = {0, 0, 0, 1};
  EXPECT_EQ(must(parse_json(text(computed, ValuesFormat::kJson))).as_array().size(), 1U);
  computed.universe = {0, 0, 0, 0};
  EXPECT_EQ(must(parse_json(text(computed, ValuesFormat::kJson))).as_array().size(), 0U);
}

TEST_F(ValuesOutput, ASinkThatFailsEndsTheWriting) {
  int pieces = 0;
  const Sink full = [&](std::string_view) -> Result<void> {
    return ++pieces < 2 ? Result<void>() : Result<void>(fail(E::E8006, "no space left"));
  };
  for (const ValuesFormat format : {ValuesFormat::kCsv, ValuesFormat::kJson}) {
    pieces = 0;
    const Result<void> written = write(make({"A"}, {{"x", {1, 2}}}), format, full);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().number(), E::E8006);
  }
}

}  // namespace
}  // namespace lode::flow
