// Values that do not fit: the same bytes as in memory, whatever the order of the rows, and what is told of bad input.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/computation.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "lode/flow/steps/answer/values_output.h"
#include "lode/flow/steps/research/research_testing.h"
#include "lode/flow/steps/store/files.h"
#include "lode/flow/steps/values/row_feed.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class OutOfCore : public testing::Research {
 protected:
  static constexpr const char* kFormulas =
      R"j("rank(ts_corr(close, volume, 10))", "ema(close, 20) / close", "indneutralize(close, sector)", "ts_mean(vwap, 5)")j";

  // Rows of a panel of walks: gaps, a symbol that lists late, amounts, a sector by name and one by number.
  static std::vector<std::string> rows(int sessions, int names) {
    std::vector<std::string> out;
    for (int name = 0; name < names; ++name) {
      Random random(7, static_cast<std::uint64_t>(name));
      double close = 20.0 + name;
      for (int day = name % 5 == 0 ? sessions / 3 : 0; day < sessions; ++day) {
        close *= 1.0 + 0.02 * random.next_normal();
        const double volume = 1000.0 + static_cast<double>(random.next_below(5000));
        if (random.next_below(20) == 0) {
          continue;
        }
        out.push_back(fmt::format("{},S{:03},{:.4f},{:.0f},{:.2f},{}\n", to_string(Date::from_civil(2000, 1, 1) + day),
                                  name, close, volume, close * volume,
                                  name % 3 == 0   ? "Banks"
                                  : name % 3 == 1 ? "Energy"
                                                  : ""));
      }
    }
    return out;
  }
  static std::string joined(const std::vector<std::string>& rows) {
    std::string out = "date,symbol,close,volume,amount,sector\n";
    for (const std::string& row : rows) {
      out += row;
    }
    return out;
  }
  Outcome compute(const std::string& data, const std::string& more) {
    return good("factor", "compute", fmt::format(R"j({{"formula": [{}], "data": ["{}"]{}}})j", kFormulas, data, more));
  }
  // The values in memory, and again with a budget that the panel is several times of.
  void expect_same(const std::string& small, const std::string& big, const std::string& more = "") {
    const std::string held = parts.folder + "/held.csv";
    const std::string streamed = parts.folder + "/streamed.csv";
    const Outcome one = compute(small, R"j(, "output": ")j" + held + "\"" + more);
    const Outcome two = compute(big, R"j(, "memory": 16, "output": ")j" + streamed + "\"" + more);
    EXPECT_EQ(must(read_file(held)), must(read_file(streamed)));
    EXPECT_EQ(one.text.substr(0, one.text.find(" to ")), two.text.substr(0, two.text.find(" to ")));
    Value told = one.data;
    told.set("output", *two.data.find("output"));
    EXPECT_EQ(to_json(told), to_json(two.data));
  }
};

// 60 names x 1,500 sessions: some 4 MB of text, which a budget of 16 MB does not hold as a panel.
TEST_F(OutOfCore, GivesTheBytesOfMemoryInAnyOrderOfRows) {
  std::vector<std::string> lines = rows(1500, 60);
  const std::string by_symbol = write("by_symbol.csv", joined(lines));
  expect_same(by_symbol, by_symbol);
  std::ranges::sort(lines);
  expect_same(by_symbol, write("by_date.csv", joined(lines)), R"j(, "from": "2001-05-01", "precision": "f32")j");
  Random random(3, 3);
  for (std::size_t i = lines.size(); i > 1; --i) {
    std::swap(lines[i - 1], lines[random.next_below(i)]);
  }
  lines.push_back(lines.front());  // The same row again is no harm.
  expect_same(by_symbol, write("shuffled.csv", joined(lines)), R"j(, "to": "2002-01-31")j");
}

TEST_F(OutOfCore, ParquetFoldersAndStandardInputAreTheSamePanel) {
  std::vector<std::string> lines = rows(300, 20);
  const std::string whole = write("whole.csv", joined(lines));
  const std::size_t half = lines.size() / 2;
  std::filesystem::create_directory(parts.folder + "/pieces");
  write("pieces/a.csv", joined({lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(half)}));
  write("pieces/b.csv", joined({lines.begin() + static_cast<std::ptrdiff_t>(half), lines.end()}));
  expect_same(whole, parts.folder + "/pieces");
  Column dates("date", ColumnType::kDate), symbols("symbol", ColumnType::kText), sectors("sector", ColumnType::kText);
  Column closes("close", ColumnType::kFloat64), volumes("volume", ColumnType::kFloat64),
      amounts("amount", ColumnType::kFloat64);
  const source::LongTable table = must(source::read_long_csv(joined(lines), "whole.csv"));
  for (std::size_t row = 0; row < table.dates.size(); ++row) {
    dates.push(table.dates[row]);
    symbols.push(table.symbols[table.symbol_of[row]]);
    closes.push(table.find("close")->numbers[row]);
    volumes.push(table.find("volume")->numbers[row]);
    amounts.push(table.find("amount")->numbers[row]);
    const std::int32_t code = table.find("sector")->codes[row];
    code < 0 ? sectors.push_null() : sectors.push(table.find("sector")->names[static_cast<std::size_t>(code)]);
  }
  std::filesystem::create_directory(parts.folder + "/packed");
  must(lake::write_parquet(parts.folder + "/packed/a.parquet",
                           Batch({dates, symbols, closes, volumes, amounts, sectors})));
  expect_same(whole, parts.folder + "/packed");
  std::string piped = must(read_file(whole));
  std::size_t at = 0;
  world.in = [&](char* to, std::size_t most) {
    const std::size_t got = std::min({most, piped.size() - at, std::size_t{1000}});
    std::copy_n(piped.data() + at, got, to);
    at += got;
    return got;
  };
  expect_same(whole, "-");
}

TEST_F(OutOfCore, ColumnsOfSeveralFilesAreOnePanelAndWhatOneLacksIsTold) {
  const std::string prices =
      write("prices.csv", "date,symbol,close\n2024-01-02,A,1\n2024-01-02,B,2\n2024-01-03,A,3\n2024-01-03,B,4\n");
  const std::string caps = write("caps.csv", "date,symbol,cap\n2024-01-03,B,40\n2024-01-03,A,30\n");
  const Outcome out =
      good("factor", "compute", fmt::format(R"j({{"formula": ["close * cap"], "data": ["{}", "{}"]}})j", prices, caps));
  EXPECT_EQ(out.payload,
            "date,symbol,factor,value\n2024-01-02,A,close * cap,\n2024-01-02,B,close * cap,\n"
            "2024-01-03,A,close * cap,90\n2024-01-03,B,close * cap,160\n");
  EXPECT_THAT(out.warnings, Contains("warning[W2109]: cap has no value on 1 of 2 sessions, first 2024-01-02"));
}

TEST_F(OutOfCore, RowsThatContradictAreRefusedWithBothLines) {
  const std::string twice = write("twice.csv", "date,symbol,close\n2024-01-03,A,1\n2024-01-02,A,1\n2024-01-03,A,2\n");
  const auto refused = [&](const std::string& files) {
    const Result<Outcome> out =
        call("factor", "compute", fmt::format(R"j({{"formula": ["rank(close)"], "data": [{}]}})j", files));
    return out ? std::string("computed") : fmt::format("{} {}", to_string(out.error().number()), out.error().message());
  };
  const std::string other = write("other.csv", "date,symbol,close\n2024-01-03,A,9\n2024-01-04,A,9\n");
  const std::string one = write("one.csv", "date,symbol,close\n2024-01-03,A,1\n2024-01-02,A,1\n");
  const std::string folder = parts.folder;
  EXPECT_EQ(refused("\"" + twice + "\""),
            "E2012 " + twice + " has two rows for A on 2024-01-03 with different values: lines 2 and 4");
  EXPECT_EQ(refused(fmt::format("\"{}\", \"{}\"", write("far.csv", "date,symbol,x\n2023-01-03,A,1\n"), twice)),
            "E2012 " + twice + " has two rows for A on 2024-01-03 with different values: lines 2 and 4");
  EXPECT_EQ(refused(fmt::format("\"{}\", \"{}\"", one, other)),
            fmt::format("E2012 A on 2024-01-03 has one value in {} line 2 and another in {} line 2", one, other));
  EXPECT_EQ(refused(fmt::format("\"{}\", \"{}\"", one, write("words.csv", "date,symbol,close\n2024-01-05,A,high\n"))),
            fmt::format("E2004 column close is numbers in {} and text in {}/words.csv", one, folder));
}

TEST_F(OutOfCore, OneInstrumentIsToldAndNoneIsAnError) {
  const std::string one = write("one.csv", "date,symbol,close\n2024-01-02,A,1\n2024-01-03,A,2\n");
  const Outcome out =
      good("factor", "compute", fmt::format(R"j({{"formula": ["rank(close)"], "data": ["{}"]}})j", one));
  EXPECT_EQ(out.payload, "date,symbol,factor,value\n2024-01-02,A,rank(close),1\n2024-01-03,A,rank(close),1\n");
  EXPECT_THAT(out.warnings, Contains(HasSubstr("W2110")));
  const Outcome own =
      good("factor", "compute", fmt::format(R"j({{"formula": ["close / delay(close, 1)"], "data": ["{}"]}})j", one));
  EXPECT_THAT(own.warnings, ::testing::Not(Contains(HasSubstr("W2110")))) << "nothing compares names";
  const std::string none = write("none.csv", "date,symbol,close\n");
  const Result<Outcome> failed =
      call("factor", "compute", fmt::format(R"j({{"formula": ["rank(close)"], "data": ["{}", "{}"]}})j", none, none));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().number(), E::E2014);
}

TEST_F(OutOfCore, AnAnswerOfOnePieceOfMoreThanMemoryIsRefusedWithWhatToDo) {
  std::string formulas;
  for (int days = 2; days < 16; ++days) {  // 14 x 90,000 values of 8 bytes, more than half of 16 MB.
    formulas += fmt::format("{}\"ts_mean(close, {})\"", days == 2 ? "" : ", ", days);
  }
  const std::string request = fmt::format(R"j({{"formula": [{}], "data": ["{}"], "memory": 16}})j", formulas,
                                          write("big.csv", joined(rows(1500, 60))));
  const Result<Outcome> out = call("factor", "compute", request);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().number(), E::E3);
  EXPECT_THAT(out.error().hint(), HasSubstr("-o"));
  std::string live;  // Who reads on the way gets it piece by piece.
  world.out = [&](std::string_view piece) {
    live += piece;
    return true;
  };
  const Outcome told = good("factor", "compute", request);
  EXPECT_TRUE(told.payload.empty());
  EXPECT_EQ(std::ranges::count(live, '\n'), told.data.find("rows")->as_int() + 1);
}

TEST(WholeLines, EndOutsideQuotes) {
  EXPECT_EQ(whole_lines("a,b\nc"), 4U);
  EXPECT_EQ(whole_lines("a,b"), 0U);
  EXPECT_EQ(whole_lines("a,\"b\nc\"\nd,\"e\n"), 8U);
  EXPECT_EQ(whole_lines("\"\"\n"), 3U);
}

}  // namespace
}  // namespace lode::flow
