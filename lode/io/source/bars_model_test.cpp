// Random files against a model: rows are made as values first, written in some spelling of CSV, and must come back as
// those values and no others, whatever the delimiter, the line ends, the quotes, or where the file was cut for threads.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/base/text.h"
#include "lode/io/source/bars.h"
#include "lode/io/source/delimited.h"

namespace lode::source {
namespace {

struct Row {
  std::string symbol;
  Date session;
  double close = 0.0;
  double volume = 0.0;
  std::uint16_t fault = 0;  // Rule it breaks; 0: good.
  std::string cells[4];     // date, symbol, close, volume as written.
};

// A good row, or one broken in a known way.
Row make_row(Random& random) {
  Row row;
  row.symbol = fmt::format("S{}", random.next_below(7));
  row.session = Date::from_civil(2020, 1, 1) + static_cast<int>(random.next_below(900));
  row.close = static_cast<double>(1 + random.next_below(99'999)) / 100.0;
  row.volume = static_cast<double>(random.next_below(1'000'000));
  row.cells[0] = to_string(row.session);
  row.cells[1] = random.next_below(2) == 0 ? row.symbol : lower(row.symbol);
  row.cells[2] = shortest(row.close);
  row.cells[3] = shortest(row.volume);
  switch (random.next_below(12)) {
    case 0:
      row.cells[2] = "abc";
      row.fault = 2004;
      break;
    case 1:
      row.cells[0] = "2020-02-30";
      row.fault = 2005;
      break;
    case 2:
      row.cells[2] = "-" + row.cells[2];
      row.fault = 2006;
      break;
    case 3:
      row.cells[3] = "-1";
      row.fault = 2008;
      break;
    case 4:
      row.cells[1] = "no symbol";
      row.fault = 2010;
      break;
    default:
      break;
  }
  return row;
}

struct Spelling {
  char delimiter;
  std::string end;
  bool has_mark, quotes, ends_with_line, blank_lines;
};

std::string write(const std::vector<Row>& rows, const Spelling& how) {
  const auto line = [&](const std::string* cells) {
    std::string out;
    for (int i = 0; i < 4; ++i) {
      out += (i == 0 ? "" : std::string(1, how.delimiter)) + (how.quotes ? "\"" + cells[i] + "\"" : cells[i]);
    }
    return out;
  };
  const std::string header[4] = {"Date", "Ticker", "Close", "Volume"};
  std::string out = (how.has_mark ? "\xef\xbb\xbf" : "") + line(header) + how.end;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out += line(rows[i].cells) + (i + 1 < rows.size() || how.ends_with_line ? how.end : "");
    out += how.blank_lines && i % 5 == 4 ? how.end : "";
  }
  return out;
}

TEST(ParseBarsModel, EverySpellingGivesTheSameRows) {
  const ImportTable* const table = must(find_import_table("bars"));
  Random random(3, 1);
  for (int round = 0; round < 120; ++round) {
    std::vector<Row> rows;
    for (std::uint64_t i = 0, count = 1 + random.next_below(60); i < count; ++i) {
      rows.push_back(make_row(random));
    }
    const Spelling how{",;\t|"[random.next_below(4)], random.next_below(2) == 0 ? "\n" : "\r\n",
                       random.next_below(3) == 0,     random.next_below(3) == 0,
                       random.next_below(2) == 0,     random.next_below(4) == 0};
    const std::string bytes = write(rows, how);
    const Dialect dialect = must(read_dialect(bytes, "a.csv"));
    EXPECT_EQ(dialect.delimiter, how.delimiter);
    const Layout layout = must(find_layout(*table, dialect, "a.csv", {}));
    std::vector<const Row*> good, bad;
    for (const Row& row : rows) {
      (row.fault == 0 ? good : bad).push_back(&row);
    }
    std::size_t at_good = 0, at_bad = 0;
    for (const RowRange& range : cut_rows(bytes, dialect, 1 + random.next_below(400))) {
      const ParsedBars parsed = parse_bars(bytes, dialect, layout, range, {});
      ASSERT_EQ(static_cast<std::size_t>(parsed.rows), parsed.accepted() + parsed.rejected.size());
      for (std::size_t i = 0; i < parsed.accepted(); ++i, ++at_good) {
        ASSERT_LT(at_good, good.size());
        EXPECT_EQ(parsed.symbols[parsed.symbol[i]], good[at_good]->symbol);
        EXPECT_EQ(parsed.session[i], good[at_good]->session.days);
        EXPECT_EQ(parsed.close[i], good[at_good]->close);
        EXPECT_EQ(parsed.volume[i], good[at_good]->volume);
        EXPECT_TRUE(parsed.open[i] != parsed.open[i]) << "a column the file has not is missing, not 0";
      }
      for (const Rejected& rejected : parsed.rejected) {
        ASSERT_LT(at_bad, bad.size());
        EXPECT_EQ(rejected.number, bad[at_bad]->fault) << rejected.text;
        EXPECT_THAT(rejected.text, ::testing::HasSubstr(bad[at_bad]->cells[2]));
        // The line, counted by hand: the header, the rows before it, and blank lines among them.
        const auto index = static_cast<std::int64_t>(bad[at_bad] - rows.data());
        EXPECT_EQ(rejected.line, 2 + index + (how.blank_lines ? index / 5 : 0));
        ++at_bad;
      }
    }
    EXPECT_EQ(at_good, good.size());
    EXPECT_EQ(at_bad, bad.size());
  }
}

TEST(BadDate, TellsASpellingFromADay) {
  for (const char* cell : {"2023-02-29", "2023/13/01", "20230431", "2024-00-10", "2020-1-32", "2023-02-29T00:00:00"}) {
    EXPECT_EQ(bad_date(cell, {}, 7).column, "date") << cell;
    EXPECT_THAT(bad_date(cell, {}, 7).reason, ::testing::HasSubstr("is a day that does not exist")) << cell;
  }
  for (const char* cell : {"02.01.2020", "01/02/2020", "Jan 2, 2020", "", "1577923200", "2020-01/02"}) {
    EXPECT_EQ(bad_date(cell, {}, 7).column, "date format") << cell;
    EXPECT_THAT(bad_date(cell, {}, 7).reason, ::testing::HasSubstr("expected YYYY-MM-DD")) << cell;
  }
  EXPECT_EQ(bad_date("x", {}, 7).line, 7);
  EXPECT_EQ(bad_date("x", {}, 7).number, 2005);
}

TEST(Encoding, KnowsTextByItsZeros) {
  const auto said = [](const std::string& bytes) {
    const auto checked = check_encoding(bytes, "a.csv");
    return checked ? std::string("text") : checked.error().message();
  };
  const std::string text = "date,symbol,close\n2024-01-02,AAA,10\n";
  const auto wide = [&](std::string_view pattern) {  // 'c' = the character, '0' = a zero.
    std::string out;
    for (const char c : text) {
      for (const char place : pattern) {
        out += place == 'c' ? c : '\0';
      }
    }
    return out;
  };
  EXPECT_EQ(said(text), "text");
  EXPECT_EQ(said(wide("c0")), "a.csv looks like UTF-16LE without its byte order mark, expected UTF-8");
  EXPECT_EQ(said(wide("0c")), "a.csv looks like UTF-16BE without its byte order mark, expected UTF-8");
  EXPECT_EQ(said(wide("c000")), "a.csv looks like UTF-32LE without its byte order mark, expected UTF-8");
  EXPECT_EQ(said(wide("000c")), "a.csv looks like UTF-32BE without its byte order mark, expected UTF-8");
  EXPECT_EQ(said(text + std::string(1, '\0')), "a.csv is not text: byte 36 is 0");
  EXPECT_EQ(said(std::string(4096, '\0')), "a.csv is not text: byte 0 is 0");
  EXPECT_THAT(said("caf\xe9,1\n"), ::testing::HasSubstr("a.csv is not UTF-8: byte 3 on line 1"));
}

TEST(Header, IsNoRowOfValues) {
  const auto is_row = [](std::vector<std::string> cells) {
    Dialect dialect;
    dialect.header = std::move(cells);
    return is_row_of_values(dialect);
  };
  EXPECT_TRUE(is_row({"2024-01-02", "AAA", "10"}));
  EXPECT_TRUE(is_row({"AAA", "1", "2"}));
  EXPECT_FALSE(is_row({"date", "symbol", "close"}));
  EXPECT_FALSE(is_row({"date", "symbol", "2024"})) << "one odd name is a name";
  EXPECT_FALSE(is_row({}));
}

}  // namespace
}  // namespace lode::source
