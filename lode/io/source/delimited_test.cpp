// Headers, delimiters, encodings and rows, on the files people really have.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/delimited.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/random.h"
#include "lode/base/text.h"

namespace lode::source {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Dialect dialect(std::string_view text) {
  Result<Dialect> read = read_dialect(text, "a.csv");
  EXPECT_TRUE(read.has_value()) << read.error().message();
  return read ? std::move(*read) : Dialect();
}

// Rows as "line: a|b|c".
std::vector<std::string> rows_of(std::string_view text) {
  const Dialect header = dialect(text);
  RowReader reader(text, header);
  std::vector<std::string> out;
  while (reader.next()) {
    std::string row = std::to_string(reader.line()) + ":";
    for (const std::string_view field : reader.fields()) {
      row += " " + std::string(field) + " |";
    }
    out.push_back(row);
  }
  return out;
}

TEST(Dialect, FindsTheDelimiterOfTheHeader) {
  EXPECT_EQ(dialect("a,b;c,d\n").delimiter, ',');
  EXPECT_EQ(dialect("a;b;c\n").delimiter, ';');
  EXPECT_EQ(dialect("a\tb\n").delimiter, '\t');
  EXPECT_EQ(dialect("a|b\r\n").delimiter, '|');
  EXPECT_THAT(dialect("\xef\xbb\xbf"
                      "date, \"symbol\" ,close\r\n")
                  .header,
              ElementsAre("date", "symbol", "close"));
}

TEST(Dialect, ANameInQuotesMayHoldTheDelimiter) {
  EXPECT_THAT(dialect("date,\"close, adjusted\",\"the \"\"last\"\"\"\n").header,
              ElementsAre("date", "close, adjusted", "the \"last\""));
  EXPECT_EQ(dialect("\"a;b;c;d\",e,f\n").delimiter, ',') << "delimiters inside a name are not counted";
  EXPECT_THAT(dialect("date,5\" close\n").header, ElementsAre("date", "5\" close")) << "a quote that is not closed";
  EXPECT_THAT(rows_of("t,\"a,b\"\n1,2\n"), ElementsAre("2: 1 | 2 |"));
}

TEST(Dialect, RefusesWhatIsNoTable) {
  const auto one = read_dialect("just one column\n1\n", "notes.txt");
  ASSERT_FALSE(one.has_value());
  EXPECT_EQ(one.error().number(), E::E2003);
  EXPECT_THAT(one.error().message(), HasSubstr("notes.txt has one column, 'just one column'"));
  EXPECT_EQ(read_dialect("", "empty.csv").error().number(), E::E2014);
}

TEST(Dialect, NamesTheByteThatIsNoUtf8) {
  const auto latin = read_dialect("date,name\n2024-01-02,Caf\xe9\n", "latin.csv");
  ASSERT_FALSE(latin.has_value());
  EXPECT_EQ(latin.error().number(), E::E2003);
  EXPECT_THAT(latin.error().message(), HasSubstr("latin.csv is not UTF-8: byte 24 on line 2"));
  EXPECT_THAT(latin.error().hint(), HasSubstr("iconv"));
  const auto wide = read_dialect(std::string_view("\xff\xfe"
                                                  "d\0,\0",
                                                  6),
                                 "wide.csv");
  ASSERT_FALSE(wide.has_value());
  EXPECT_THAT(wide.error().message(), HasSubstr("UTF-16"));
  EXPECT_TRUE(read_dialect("date,name\n2024-01-02,Caf\xc3\xa9\n", "utf8.csv").has_value());
}

TEST(Dialect, RefusesAColumnThatStandsTwice) {
  const auto twice = read_dialect("date,close,Close\n", "a.csv");
  ASSERT_FALSE(twice.has_value());
  EXPECT_EQ(twice.error().number(), E::E2002);
  EXPECT_THAT(twice.error().message(), HasSubstr("a.csv has the column 'Close' twice"));
  EXPECT_EQ(twice.error().where(), "  1 | date,close,Close\n    |            ^^^^^ second");
  EXPECT_TRUE(read_dialect("date,close,Close\n", "a.csv", {{"close", "Close"}}).has_value());
  EXPECT_FALSE(read_dialect("date,close,close\n", "a.csv", {{"close", "close"}}).has_value());  // The map cannot tell.
  EXPECT_TRUE(read_dialect("date,%,#,,\n", "a.csv").has_value());
}

TEST(RowReader, SplitsRowsAndCountsLines) {
  EXPECT_THAT(rows_of("a,b\n1,2\n\n 3 ,\t4\r\n5,"), ElementsAre("2: 1 | 2 |", "4: 3 | 4 |", "5: 5 |  |"));
  EXPECT_THAT(rows_of("a,b\n1\n1,2,3\n,\n"), ElementsAre("2: 1 |", "3: 1 | 2 | 3 |", "4:  |  |"));
  EXPECT_TRUE(rows_of("a,b").empty());
  EXPECT_TRUE(rows_of("a,b\n   \n\r\n").empty());
}

TEST(RowReader, KeepsQuotedFieldsWhole) {
  EXPECT_THAT(rows_of("a,b\n\"x,y\",2\n\"two\nlines\",3\nz,4\n"),
              ElementsAre("2: x,y | 2 |", "3: two\nlines | 3 |", "5: z | 4 |"));
}

TEST(RowReader, ADoubledQuoteInsideQuotesIsOne) {
  EXPECT_EQ(rows_of("a,b\n\"Moody\"\"s, Inc\",\"\"\"x\"\"\"\n\"\",\"\"\"\"\nplain,as \"\"it\"\" is\n"),
            (std::vector<std::string>{"2: Moody\"s, Inc | \"x\" |", "3:  | \" |", "4: plain | as \"\"it\"\" is |"}));
}

TEST(RowReader, LosesOneRowToAStrayQuote) {
  std::string text = "a,b\n\"stray,1\n";
  for (int i = 0; i < 10'000; ++i) {
    text += "row," + std::to_string(i) + "\n";
  }
  const std::vector<std::string> rows = rows_of(text);
  ASSERT_EQ(rows.size(), 10'001U);
  EXPECT_EQ(rows[10'000], "10002: row | 9999 |");
}

TEST(CutRows, GivesEveryRowToOnePiece) {
  std::string text = "a,b\r\n";
  for (int i = 0; i < 5'000; ++i) {
    text += (i % 7 == 0 ? "\n" : "") + std::to_string(i) + ",x\n";
  }
  const Dialect header = dialect(text);
  std::vector<std::int64_t> whole;
  for (RowReader reader(text, header); reader.next();) {
    whole.push_back(reader.line());
  }
  for (const std::size_t step : {1U, 17U, 1000U, 100'000U}) {
    std::vector<std::int64_t> lines;
    for (const RowRange& range : cut_rows(text, header, step)) {
      for (RowReader reader(text, header, range); reader.next();) {
        lines.push_back(reader.line());
      }
    }
    EXPECT_EQ(lines, whole) << step;
  }
  EXPECT_EQ(cut_rows("a,b\n\"1\n\",2\n3,4\n5,6\n", dialect("a,b\n"), 1).size(), 1U);  // A quote may hold a line break.
}

TEST(RowReader, TakesAnyBytes) {
  Random random(7, 0);
  const std::string_view alphabet = "ab,\n\r\"; \t\x01";
  for (int round = 0; round < 2'000; ++round) {
    std::string text = "a,b\n";
    for (int i = 0; i < 60; ++i) {
      text += alphabet[static_cast<std::size_t>(random.next_below(alphabet.size()))];
    }
    std::int64_t last = 1;
    std::size_t bytes = 0;
    for (RowReader reader(text, dialect("a,b\n")); reader.next();) {
      EXPECT_GT(reader.line(), last);
      EXPECT_FALSE(reader.fields().empty());
      last = reader.line();
      bytes += reader.text().size();
    }
    EXPECT_LE(bytes, text.size());
  }
}

TEST(FindColumn, ComparesWithoutCaseBlanksAndSigns) {
  const std::vector<std::string> header = {"<DATE>", "Adj. Close", "Close*"};
  EXPECT_EQ(find_column(header, {"date"}), 0);
  EXPECT_EQ(find_column(header, {"adj_close"}), 1);
  EXPECT_EQ(find_column(header, {"close"}), 2);
  EXPECT_EQ(find_column(header, {"open", "volume"}), -1);
}

TEST(HeaderExcerpt, CutsALongHeaderAroundTheColumn) {
  std::string text = "date";
  for (int i = 0; i < 100; ++i) {
    text += ",column" + std::to_string(i);
  }
  const Dialect header = dialect(text + "\n");
  const std::string excerpt = header_excerpt(header, 60, "closest");
  const std::size_t line = excerpt.find('\n');
  EXPECT_LT(line, 120U);
  const std::size_t caret = excerpt.find('^') - line - 1;
  EXPECT_EQ(excerpt.substr(caret, 8), "column59");
}

TEST(RowReader, ALineOfDelimitersCostsNoMoreThanItsBytes) {
  constexpr std::size_t kDelimiters = std::size_t{64} << 20;
  for (const std::string_view quote : {"", "\"q\""}) {
    std::string text = "date,symbol,close\n2024-01-02,AAA,1\n";
    text.append(quote).append(kDelimiters, ',').append("\n2024-01-03,AAA,2\n");
    const Dialect header = dialect(text.substr(0, 18));
    RowReader reader(text, header);
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.cells(), 3U);
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.cells(), kDelimiters + 1);
    EXPECT_EQ(reader.fields().size(), 4U) << "one more than the header: enough to see that it does not fit";
    EXPECT_LE(reader.fields().capacity(), 8U);
    EXPECT_EQ(reader.text().size(), quote.size() + kDelimiters);
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.fields().back(), "2") << "the rows behind it are read as ever";
    EXPECT_EQ(reader.cells(), 3U);
    EXPECT_FALSE(reader.next());
  }
}

TEST(Dialect, AFirstLineOfDelimitersIsNoHeader) {
  for (const std::string& text : {"date,symbol" + std::string(std::size_t{8} << 20, ',') + "\n1,2\n",
                                  "a title\n" + std::string(std::size_t{8} << 20, ';') + "\n1,2\n"}) {
    const Result<Dialect> read = read_dialect(text, "a.csv");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().number(), E::E2003);
    EXPECT_THAT(read.error().message(), HasSubstr("a.csv"));
    EXPECT_LT(read.error().message().size(), 300U);
  }
  EXPECT_EQ(dialect("date" + std::string(50'000, ',') + "close\n").header.size(), 50'001U);
}

}  // namespace
}  // namespace lode::source
