// What an import says of odd input: hostile bytes, wide tables, counts of one, files with nothing in them, dates of
// another spelling, bytes that are no text. Expected texts are written by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>

#include "lode/flow/steps/store/files.h"
#include "lode/flow/verb_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::number_of;

constexpr std::string_view kHeader = "date,symbol,open,high,low,close,volume\n";

class ImportText : public testing::Verbs {
 protected:
  std::string write(const std::string& name, std::string_view bytes) {
    const std::string path = parts.folder + "/data/" + name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    must(write_file(path, bytes));
    return path;
  }
  Result<Outcome> bring(const std::vector<std::string>& paths, const std::string& table = "bars",
                        const std::string& mic = "XNYS") {
    Value raw = Value::object();
    Value list = Value::array();
    for (const std::string& path : paths) {
      list.push(path);
    }
    raw.set("path", std::move(list));
    raw.set("table", table);
    raw.set("mic", mic);
    return run_flow(world, *find_flow("data", "import"), raw);
  }
  std::string refused(const std::vector<std::string>& paths) {
    const Result<Outcome> outcome = bring(paths);
    std::string text = outcome ? "no error" : render(outcome.error());
    const std::string place = parts.folder + "/data/";
    for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place)) {
      text.erase(at, place.size());
    }
    return text;
  }
};

TEST_F(ImportText, CellsAndNamesOfFilesCannotDriveTheTerminal) {
  const std::string path =
      write("b\x1b]0;x\x07r.csv",
            std::string(kHeader) + "2024-01-02,AAA,10,11,9,\x1b[2J\xc2\x9b,1\n" + "2024-01-03,AAA,1,1,1,1,1\n");
  write("none\x1b[1m.csv", kHeader);
  const Outcome outcome = must(bring({parts.folder + "/data"}));
  EXPECT_THAT(outcome.text, HasSubstr("b?]0;x?r.csv:2  \"?[2J?\"\n"));
  EXPECT_THAT(outcome.text, HasSubstr("none?[1m.csv: no rows\n"));
  for (const char c : outcome.text) {
    EXPECT_TRUE(c == '\n' || (c >= ' ' && c != '\x7f')) << static_cast<int>(c);
  }
}

TEST_F(ImportText, NulInACellIsNoText) {
  const std::string bytes = std::string(kHeader) + std::string("2024-01-02,A\0A,10,11,9,10,1\n", 28);
  EXPECT_EQ(refused({write("a.csv", bytes)}),
            "error[E2003]: a.csv is not text: byte 51 is 0\n"
            "help: expected CSV in UTF-8, or Parquet or Arrow in a file whose name ends in .parquet or .arrow");
}

TEST_F(ImportText, WideTextIsNamedWithAndWithoutItsMark) {
  const std::string text = std::string(kHeader) + "2024-01-02,AAA,10,11,9,10,100\n";
  std::string little, big;
  for (const char c : text) {
    little += c + std::string(1, '\0');
    big += std::string(1, '\0') + c;
  }
  EXPECT_EQ(refused({write("a.csv", little)}),
            "error[E2003]: a.csv looks like UTF-16LE without its byte order mark, expected UTF-8\n"
            "help: iconv -f UTF-16LE -t UTF-8 turns it into UTF-8");
  EXPECT_THAT(refused({write("b.csv", big)}), HasSubstr("b.csv looks like UTF-16BE"));
  EXPECT_THAT(refused({write("c.csv", "\xff\xfe" + little)}), HasSubstr("c.csv is UTF-16, expected UTF-8"));
  EXPECT_THAT(refused({parts.folder + "/data"}), HasSubstr("error[E2003]"))
      << "in a folder, too, nothing is passed over";
  EXPECT_FALSE(std::filesystem::exists(world.lake)) << "nothing was stored";
}

TEST_F(ImportText, BinaryFilesAreNamedForWhatTheyAre) {
  EXPECT_EQ(refused({write("book.csv", std::string("PK\x03\x04\x14\0\x06\0", 8))}),
            "error[E2003]: book.csv is a zip archive or an Excel workbook, not a table in text\n"
            "help: unpack it, or save the sheet as CSV in UTF-8");
  EXPECT_THAT(refused({write("p.csv", "PAR1....")}), HasSubstr("give it a name that ends in .parquet"));
  EXPECT_THAT(refused({write("z.csv", "\x28\xb5\x2f\xfd....")}), HasSubstr("packed with zstd"));
  EXPECT_THAT(refused({write("h.csv", "\x89HDF\r\n")}), HasSubstr("an HDF5 file"));
}

TEST_F(ImportText, WhatStandsBeforeAHeaderIsNamedWithTheLineThatLooksLikeOne) {
  const std::string row = "2024-01-02,AAA,10,11,9,10,100\n";
  const std::string file = std::string(kHeader) + row;
  const std::string place = parts.folder + "/data/";
  EXPECT_EQ(refused({write("a.csv", "# prices of today\n\n" + file)}),
            "error[E2003]: a.csv: the first line is a comment, expected the names of the columns\n"
            "  1 | # prices of today\n"
            "help: the header looks to be line 3: tail -n +3 a.csv writes the file from there");
  EXPECT_THAT(refused({write("b.csv", "\n" + file)}), HasSubstr("b.csv: the first line is empty"));
  EXPECT_THAT(refused({write("c.csv", "sep=,\n" + file)}), HasSubstr("the first line is a note for spreadsheets"));
  EXPECT_THAT(refused({write("d.csv", "Prices,,,,,,\n" + file)}), HasSubstr("the first line is a title"));
  EXPECT_THAT(refused({write("e.csv", "\n\n")}), HasSubstr("error[E2014]: e.csv holds empty lines only"));
  EXPECT_EQ(refused({write("f.csv", "#" + file)}), "no error") << "a header may begin so";
}

TEST_F(ImportText, LinesOfOldMacsAreNamed) {
  std::string text = std::string(kHeader) + "2024-01-02,AAA,10,11,9,10,100\n";
  std::ranges::replace(text, '\n', '\r');
  EXPECT_EQ(refused({write("mac.csv", text)}),
            "error[E2003]: mac.csv ends its lines with a carriage return alone, as old Macs do\n"
            "help: tr '\\r' '\\n' < mac.csv > lines.csv mends it");
}

TEST_F(ImportText, OtherThingsThanTablesAreNamed) {
  EXPECT_THAT(refused({write("a.csv", "<!DOCTYPE html>\n<html>a, b</html>")}),
              HasSubstr("a.csv is a web page, not a table"));
  EXPECT_THAT(refused({write("b.csv", "[{\"date\":\"2024-01-02\",\"close\":1}]")}), HasSubstr("b.csv is JSON"));
  EXPECT_THAT(refused({write("w.csv", "date,AAA,BBB\n2024-01-02,1,2\n")}),
              HasSubstr("a column a symbol is a wide table"));
  const std::string junk = refused({write("p.parquet", "PAR1" + std::string(400, 'x') + "PAR1")});
  EXPECT_THAT(junk, HasSubstr("p.parquet is not a whole Parquet file: "));
  EXPECT_THAT(junk, Not(HasSubstr("SELECT")));
}

TEST_F(ImportText, CellsSayWhatWasMeant) {
  const Outcome outcome = must(bring({write("a.csv",
                                            "date;symbol;open;close;volume\n"
                                            "2024-01-02;AAA;10;10,25;1\n"
                                            "2024-01-03;AAA;1,010.5;10;1\n"
                                            "2024-01-04;AAA;10;10;1,000\n"
                                            "2024-01-05;\xc3\x84\xc3\x96;10;10;1\n")}));
  EXPECT_THAT(outcome.text, HasSubstr("\"\xc3\x84\xc3\x96\": expected at most 24 of A-Z 0-9 . - _ ^ = / & + $ #\n"));
  EXPECT_THAT(outcome.text, HasSubstr("\"10,25\": numbers are with a decimal point\n"));
  EXPECT_EQ(sql("select reason from quarantine where rule = 'E2004' order by raw_line"),
            "\"close is '10,25', expected a number with a decimal point\"\n"
            "\"open is '1,010.5', expected a number without marks between thousands\"\n"
            "\"volume is '1,000', expected a number without marks between thousands\"\n");
}

TEST_F(ImportText, AFileWithoutAHeaderIsToldSo) {
  EXPECT_EQ(refused({write("a.csv", "2024-01-02,AAA,10,11,9,10,100\n2024-01-03,AAA,10,11,9,10,100\n")}),
            "error[E2001]: a.csv has no header: its first line is a row of values\n"
            "  1 | 2024-01-02,AAA,10,11,9,10,100\n"
            "help: put a line before it that names the columns; needed: date, symbol, close");
}

TEST_F(ImportText, AnotherSpellingOfDatesIsNotADayThatDoesNotExist) {
  const Outcome foreign = must(bring({write("a.csv", std::string(kHeader) + "02-Jan-2020,AAA,10,11,9,10,1\n"
                                                                            "03-Jan-2020,AAA,10,11,9,10,1\n")}));
  EXPECT_THAT(foreign.text, HasSubstr("\n  reason                                            rows  first seen\n"
                                      "  E2005 date not understood, expected YYYY-MM-DD       2  "));
  EXPECT_THAT(foreign.text, HasSubstr("a.csv:2  \"02-Jan-2020\": --date-format %d-%b-%Y\n"));
  ASSERT_TRUE(foreign.finding);
  EXPECT_EQ(foreign.finding->message(), "2 of 2 rows set aside (100.0 %), nothing is left to store");
  EXPECT_EQ(
      sql("select reason from quarantine order by raw_line limit 1"),
      "\"'02-Jan-2020' is not understood as a date, expected YYYY-MM-DD; --date-format %d-%b-%Y would read it\"\n");
  const Outcome gone = must(bring({write("b.csv", std::string(kHeader) + "2020-02-30,AAA,10,11,9,10,1\n")}));
  EXPECT_THAT(gone.text, HasSubstr("E2005 date does not exist"));
  EXPECT_EQ(gone.finding->message(), "1 of 1 row set aside (100.0 %), nothing is left to store");
  const Outcome both = must(bring({write("c.csv", std::string(kHeader) + "2020-02-30,AAA,10,11,9,10,1\n"
                                                                         "30 Jan 2020,AAA,10,11,9,10,1\n")}));
  EXPECT_THAT(both.text, HasSubstr("E2005 date not understood or does not exist"));
}

TEST_F(ImportText, AFileShowsItselfWhetherTheDayStandsFirst) {
  const Outcome day = must(bring({write("a.csv", std::string(kHeader) + "03/04/2023,AAA,10,11,9,10,1\n"
                                                                        "13/04/2023,AAA,10,11,9,11,1\n")}));
  EXPECT_THAT(day.text, HasSubstr("dates of 1 file read day first, as 13/04/2023 shows (--date-format dmy)\n"));
  EXPECT_EQ(sql("select session from bars order by session"), "2023-04-03\n2023-04-13\n");
  EXPECT_EQ(refused({write("b.csv", std::string(kHeader) + "03/04/2023,BBB,10,11,9,10,1\n")}),
            "error[E2025]: b.csv: '03/04/2023' on line 2, and every other date, can be read two ways\n"
            "help: --date-format dmy when the day stands first, --date-format mdy when the month does");
  EXPECT_EQ(refused({write("c/d.csv", std::string(kHeader) + "13/04/2023,CCC,10,11,9,10,1\n"),
                     write("c/m.csv", std::string(kHeader) + "04/13/2023,DDD,10,11,9,10,1\n")}),
            "error[E2025]: c/d.csv has the day first ('13/04/2023'), c/m.csv the month ('04/13/2023')\n"
            "help: import them in two commands, each with its --date-format, once it is certain that both are right");
}

TEST_F(ImportText, AFileThatCanBeReadTwoWaysIsReadAsThoseBesideItProve) {
  const std::string open = write("c/b.csv", std::string(kHeader) + "03/04/2023,BBB,10,11,9,10,1\n");
  const std::string proof = write("c/z.csv", std::string(kHeader) + "13/04/2023,CCC,10,11,9,10,1\n");
  const Outcome both = must(bring({open, proof}));
  EXPECT_THAT(both.text, HasSubstr("dates of 2 files read day first, as 13/04/2023 shows (--date-format dmy)\n"));
  EXPECT_THAT(both.text, HasSubstr("1 of these, first " + open + ", could be read two ways without " + proof));
  EXPECT_EQ(sql("select session from bars order by session"), "2023-04-03\n2023-04-13\n");
  EXPECT_THAT(refused({open, proof, write("c/m.csv", std::string(kHeader) + "04/14/2023,DDD,10,11,9,10,1\n")}),
              HasSubstr("error[E2025]: c/z.csv has the day first"))
      << "who contradicts each other proves nothing";
  EXPECT_THAT(refused({open, write("c/iso.csv", std::string(kHeader) + "2023-04-14,DDD,10,11,9,10,1\n")}),
              HasSubstr("error[E2025]: c/b.csv: '03/04/2023' on line 2"))
      << "ISO dates show nothing of the others";
}

TEST_F(ImportText, OddDatesAmongOthersSpeakForNobody) {
  std::string iso(kHeader);
  for (const char* day : {"03", "04", "05", "06", "11", "12", "13", "14", "17", "18", "19", "20"}) {
    iso += fmt::format("2023-04-{},AAA,10,11,9,10,1\n", day);
  }
  iso.insert(iso.find("2023-04-04"),
             "05/04/2023,AAA,10,11,9,10,1\n13/02/2014,AAA,10,11,9,10,1\n"
             "02/14/2014,AAA,10,11,9,10,1\n");
  const Outcome alone = must(bring({write("i.csv", iso)}));
  EXPECT_THAT(alone.text, ::testing::Not(HasSubstr("first, as")));
  const Outcome beside = must(
      bring({parts.folder + "/data/i.csv", write("t.csv", std::string(kHeader) + "13/04/2023,TTT,10,11,9,10,1\n")}));
  EXPECT_THAT(beside.text, HasSubstr("dates of 1 file read day first, as 13/04/2023 shows"));
}

TEST_F(ImportText, FilesSayInImportTomlHowTheyWriteDates) {
  write("import.toml", "mic = \"XNYS\"\ndate_format = \"mdy\"\n");
  must(bring({write("a.csv", std::string(kHeader) + "04/03/2023,AAA,10,11,9,10,1\n")}));
  EXPECT_EQ(sql("select session from bars"), "2023-04-03\n");
  EXPECT_EQ(refused({write("b/b.csv", std::string(kHeader) + "04/03/2023,BBB,10,11,9,10,1\n")}).substr(0, 12),
            "error[E2025]")
      << "the folder above says nothing";
  write("import.toml", "date_format = \"american\"\n");
  EXPECT_EQ(refused({parts.folder + "/data/a.csv"}).substr(0, 71),
            "error[E0004]: --date-format 'american' is no way to write dates\nhelp: y");
}

TEST_F(ImportText, DatesOfActionsAreReadAsTheirFileWritesThem) {
  must(bring({write("a.csv", std::string(kHeader) + "2023-04-03,AAA,10,11,9,10,1\n2023-04-13,AAA,10,11,9,10,1\n")}));
  must(
      bring({write("s.csv", "ex_date,symbol,kind,ratio,declared_on\n04/04/2023,AAA,split,2,31/03/2023\n")}, "actions"));
  EXPECT_EQ(sql("select ex_date, declared_on from actions"), "2023-04-04,2023-03-31\n")
      << "one column shows it for all";
}

TEST_F(ImportText, RowsThatDoNotStandOldestFirstAreSortedAndTold) {
  const auto row = [](const char* day, const char* symbol) {
    return std::string("2024-01-") + day + "," + symbol + ",10,11,9,10,1\n";
  };
  write("down.csv", std::string(kHeader) + row("05", "AAA") + row("04", "AAA") + row("03", "AAA"));
  write("up.csv", std::string(kHeader) + row("03", "BBB") + row("04", "BBB"));
  write("mixed.csv", std::string(kHeader) + row("03", "CCC") + row("05", "CCC") + row("04", "CCC") + row("08", "CCC"));
  const Outcome outcome = must(bring({parts.folder + "/data"}));
  EXPECT_THAT(outcome.text,
              HasSubstr("  sorted    1 file newest first (3 rows), 1 file shuffled (1 of 4 rows out of order)\n"));
  EXPECT_EQ(outcome.data.find("files_newest_first")->as_int(), 1);
  EXPECT_EQ(outcome.data.find("files_shuffled")->as_int(), 1);
  const auto& files = outcome.data.find("files")->as_array();
  EXPECT_EQ(files[0].find("order")->as_text(), "newest_first");
  EXPECT_EQ(files[1].find("order")->as_text(), "shuffled");
  EXPECT_EQ(files[1].find("out_of_order")->as_int(), 1);
  EXPECT_EQ(files[2].find("order")->as_text(), "oldest_first");
  EXPECT_EQ(sql("select session from bars join symbols using (instrument_id) where symbol = 'AAA' order by session"),
            "2024-01-03\n2024-01-04\n2024-01-05\n");
  const Outcome check = must(call("data", "check", "{}"));
  EXPECT_THAT(check.text,
              HasSubstr("  sorted when imported: 1 file newest first (3 rows), 1 file shuffled (1 of 4 rows "
                        "out of order)\n"));
  EXPECT_EQ(check.data.find("files_newest_first")->as_int(), 1);
  const Outcome again = must(bring({parts.folder + "/data"}));
  EXPECT_THAT(again.text, HasSubstr("  sorted    1 file newest first (3 rows), ")) << "an import that was made before";
  must(bring({write("plain/p.csv", std::string(kHeader) + row("09", "DDD"))}));
  must(call("data", "revert", R"j({"commit":1,"yes":true})j"));
  EXPECT_THAT(must(call("data", "check", "{}")).text, Not(HasSubstr("sorted"))) << "of what stands";
}

TEST_F(ImportText, RestStoredBeforeIsToldFromRestStoredNow) {
  const std::string good_rows = std::string(kHeader) + "2024-01-02,AAA,10,11,9,10,1\n";
  ASSERT_TRUE(bring({write("a.csv", good_rows)}));
  const Outcome again = must(bring({write("b.csv", good_rows + "2024-01-03,AAA,10,11,9,x,1\n")}));
  EXPECT_EQ(again.finding->message(), "1 of 2 rows set aside (50.0 %), the rest was stored before");
  const Outcome more =
      must(bring({write("c.csv", good_rows + "2024-01-04,AAA,10,11,9,x,1\n2024-01-05,AAA,1,1,1,1,1\n")}));
  EXPECT_EQ(more.finding->message(), "1 of 3 rows set aside (33.3 %), the rest is stored");
}

TEST_F(ImportText, SymbolsInLowerCaseAreToldOnce) {
  const Outcome outcome = must(bring({write("a.csv", std::string(kHeader) + "2024-01-02,aapl,10,11,9,10,1\n"
                                                                            "2024-01-03,aapl,10,11,9,10,1\n"
                                                                            "2024-01-04,AAPL,10,11,9,10,1\n"
                                                                            "2024-01-02,Msft,10,11,9,10,1\n"
                                                                            "2024-01-02, IBM ,10,11,9,10,1\n")}));
  EXPECT_THAT(outcome.text, HasSubstr("2 symbols in lower case stored in upper case, first Msft as MSFT\n"));
  EXPECT_EQ(outcome.data.find("symbols")->as_int(), 3);
  const Outcome plain = must(bring({write("aapl.csv", "date,close\n2024-01-05,10\n")}));
  EXPECT_THAT(plain.text, Not(HasSubstr("upper case"))) << "the name of a file is no spelling";
}

TEST_F(ImportText, ReasonsStandInColumnsHoweverLong) {
  const Outcome outcome = must(bring({write("actions.csv",
                                            "ex_date,symbol,kind,ratio\n2024-01-02,AAA,split,0\n"
                                            "2024-01-02,AAA\n2024-01-02,AAA,jump,1\n")},
                                     "actions"));
  const std::size_t head = outcome.text.find("  reason ");
  ASSERT_NE(head, std::string::npos);
  const std::size_t column = outcome.text.find("first seen", head) - head;
  std::size_t at = outcome.text.find('\n', head) + 1;
  int rows = 0;
  for (; outcome.text.compare(at, 3, "  E") == 0; at = outcome.text.find('\n', at) + 1, ++rows) {
    EXPECT_EQ(outcome.text.substr(at + column, parts.folder.size()), parts.folder) << outcome.text;
  }
  EXPECT_EQ(rows, 2) << "E2009 and E2018";
}

TEST_F(ImportText, AnEmptyFileIsPassedOverNamedOrNot) {
  const std::string full = write("full.csv", std::string(kHeader) + "2024-01-02,AAA,10,11,9,10,1\n");
  const std::string empty = write("empty.csv", "");
  const std::string header = write("header.csv", kHeader);
  for (const auto& paths : {std::vector<std::string>{full, empty, header}, {parts.folder + "/data"}}) {
    const Outcome outcome = must(bring(paths));
    EXPECT_EQ(outcome.data.at_path("read")->as_int(), 1);
    EXPECT_THAT(outcome.text, HasSubstr("empty.csv: no rows\n"));
    EXPECT_THAT(outcome.text, HasSubstr("header.csv: no rows\n"));
  }
  EXPECT_EQ(number_of(bring({empty})), E::E2014) << "with nothing beside it there is nothing to import";
  EXPECT_EQ(number_of(bring({header, empty})), E::E2014);
}

}  // namespace
}  // namespace lode::flow
