// The report of an import in words and as JSON: what it proposes works, what it writes can be read back, and its counts
// are those of the report.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/text.h"
#include "lode/base/test_rounds.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>

#include "lode/base/error.h"
#include "lode/base/random.h"
#include "lode/base/text.h"
#include "lode/flow/steps/ingest/plan.h"
#include "lode/flow/steps/ingest/testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

IngestReport counted(std::int64_t read, std::int64_t set_aside) {
  IngestReport report;
  report.read = read;
  report.set_aside = set_aside;
  report.kept = read - set_aside;
  return report;
}

// The share the hint of an E3001 proposes: the last word of its help.
std::string proposed(const Error& finding) {
  const std::string hint(finding.hint());
  return hint.substr(hint.rfind(' ') + 1);
}

TEST(ParseShare, ReadsPercentagesAndRatios) {
  EXPECT_DOUBLE_EQ(must(parse_share("0.02%")), 0.0002);
  EXPECT_DOUBLE_EQ(must(parse_share("5 %")), 0.05);
  EXPECT_DOUBLE_EQ(must(parse_share("100%")), 1.0);
  EXPECT_DOUBLE_EQ(must(parse_share("0.25")), 0.25);
  EXPECT_DOUBLE_EQ(must(parse_share("1")), 1.0);
  EXPECT_DOUBLE_EQ(must(parse_share("0")), 0.0);
}

TEST(ParseShare, RefusesWhatIsNoShare) {
  for (const char* text : {"", "%", "five", "-1%", "-0.1", "101%", "1.5", "5", "nan", "inf", "nan%", "1%%", "1,5%"}) {
    const Result<double> share = parse_share(text);
    ASSERT_FALSE(share) << text << " was read as " << *share;
    EXPECT_EQ(share.error().number(), E::E4) << text;
  }
}

TEST(SetAside, WhatTheHintProposesIsAcceptedAndAtMostTwiceTheShare) {
  Random random(1, 1);
  for (int round = 0; round < 2000; ++round) {
    const auto read = static_cast<std::int64_t>(1 + random.next_below(round % 2 == 0 ? 300 : 40'000'000));
    const auto set_aside = static_cast<std::int64_t>(1 + random.next_below(static_cast<std::uint64_t>(read)));
    const IngestReport report = counted(read, set_aside);
    const std::optional<Error> finding = set_aside_finding(report, 0.0);
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->number(), E::E3001);
    if (set_aside == read) {
      continue;  // No share allows an import of nothing.
    }
    const std::string words = proposed(*finding);
    const Result<double> share = parse_share(words);
    ASSERT_TRUE(share) << words;
    EXPECT_FALSE(set_aside_finding(report, *share)) << words << " of " << set_aside << " / " << read;
    const double ratio = static_cast<double>(set_aside) / static_cast<double>(read);
    EXPECT_LE(*share, 2.0 * ratio * (1.0 + 1e-9)) << words << ": one significant digit rounds up to at most double";
  }
}

TEST(SetAside, IsAFindingOnlyAboveWhatIsAllowed) {
  EXPECT_FALSE(set_aside_finding(counted(1000, 0), 0.0));
  EXPECT_FALSE(set_aside_finding(counted(1000, 10), 0.01)) << "exactly the share";
  EXPECT_TRUE(set_aside_finding(counted(1000, 11), 0.01));
  EXPECT_FALSE(set_aside_finding(counted(7, 6), 1.0));
  const std::optional<Error> nothing = set_aside_finding(counted(7, 7), 1.0);
  ASSERT_TRUE(nothing) << "an import that stores nothing is no success, whatever was allowed";
  EXPECT_THAT(nothing->hint(), ::testing::Not(HasSubstr("--allow-rejects")));
}

TEST(SetAside, TellsHowRowsAreWrittenInTheKindOfFileThatFailed) {
  const auto help = [](const std::vector<std::string>& paths) {
    IngestReport report = counted(7, 7);
    for (const std::string& path : paths) {
      report.files.emplace_back().path = path;
    }
    return set_aside_finding(report, 0.0)->hint();
  };
  EXPECT_THAT(help({"a.csv", "b.txt.gz"}), HasSubstr("decimals have a point, fields are parted as in the header"));
  for (const char* typed : {"a.parquet", "A.PARQUET", "b.arrow", "c.feather"}) {
    EXPECT_THAT(help({typed}), HasSubstr("a column of dates, prices and volumes numbers"));
    EXPECT_THAT(help({typed}), Not(HasSubstr("fields")));
    EXPECT_THAT(help({typed}), Not(HasSubstr("point")));
  }
  EXPECT_THAT(help({"a.csv", "b.parquet"}), HasSubstr("decimals have a point"));
  EXPECT_THAT(help({"a.csv", "b.parquet"}), Not(HasSubstr("fields")));
  EXPECT_THAT(help({"a.csv", "b.parquet"}), HasSubstr("dates are YYYY-MM-DD"));
}

TEST(SetAside, SaysWhatBecameOfTheRest) {
  IngestReport all = counted(5, 5);
  IngestReport some = counted(5, 2);
  IngestReport again = counted(5, 2);
  again.dropped = again.kept;
  again.kept = 0;
  EXPECT_NE(stored_words(all), stored_words(some));
  EXPECT_NE(stored_words(some), stored_words(again));
  EXPECT_THAT(set_aside_finding(all, 0.0)->message(), HasSubstr(std::string(stored_words(all))));
}

IngestReport random_report(Random& random) {
  const auto count = [&] { return static_cast<std::int64_t>(random.next_below(1'000'000'000)); };
  IngestReport out;
  out.table = "bars";
  out.mic = "XNAS";
  for (std::int64_t* number : {&out.read, &out.kept, &out.dropped, &out.set_aside, &out.corrected, &out.flagged,
                               &out.symbols, &out.new_instruments, &out.repaired}) {
    *number = count();
  }
  if (random.next_below(4) != 0) {
    out.first = Date::from_civil(2000, 1, 3) + static_cast<int>(random.next_below(5000));
    out.last = *out.first + static_cast<int>(random.next_below(1000));
  }
  for (std::uint64_t i = 0, files = random.next_below(3); i < files; ++i) {
    out.files.push_back(
        {fmt::format("a \"{}\"\n\xc3\xa9.csv", i), std::string(64, 'f'), count(), count(), count(), count(), count()});
    out.skipped.emplace_back(fmt::format("b{}.txt", i), "no rows; \\ and \t stay");
  }
  out.reasons.push_back({2007, "high below low", count(), "x.csv", 17, "h 10.1 l 10.4"});
  out.reasons.push_back({2011, "not a session of the exchange", count(), "y,z.csv", count(), "2024-12-25"});
  out.flags = {{"move", count()}, {"zero_volume", count()}};
  out.may_repair = random.next_below(2) == 0;
  if (out.may_repair) {
    out.repairs = {{"AAA", Date::from_civil(2001, 2, 5), 0.887, 88.7, "x \"1\".csv", count()}};
  }
  out.notes = {"one line", "another, with \"quotes\""};
  return out;
}

TEST(IngestJson, ReadsBackFromTheTextOfACommitsNote) {
  Random random(2, 1);
  for (int round = 0; round < 50; ++round) {
    const IngestReport report = random_report(random);
    const Value note = must(parse_json(to_json(ingest_json(report))));
    const IngestReport back = ingest_from_json(note);
    EXPECT_EQ(to_json(ingest_json(back)), to_json(ingest_json(report)));
    EXPECT_EQ(back.set_aside, report.set_aside);
    EXPECT_EQ(back.first, report.first);
    ASSERT_EQ(back.reasons.size(), 2U);
    EXPECT_EQ(back.reasons[0].number, 2007);
    EXPECT_EQ(back.reasons[0].text, "h 10.1 l 10.4");
    ASSERT_EQ(back.files.size(), report.files.size());
    for (std::size_t i = 0; i < back.files.size(); ++i) {
      EXPECT_EQ(back.files[i].path, report.files[i].path);
      EXPECT_EQ(back.files[i].dropped, report.files[i].dropped);
    }
  }
}

TEST(IngestJson, ANoteOfAnotherKindGivesAnEmptyReport) {
  for (const char* text : {"{}", R"j({"read": "many", "files": 3, "reasons": [], "flags": null})j"}) {
    const IngestReport report = ingest_from_json(must(parse_json(text)));
    EXPECT_EQ(report.read, 0);
    EXPECT_TRUE(report.files.empty());
    EXPECT_FALSE(report.first);
  }
}

TEST(IngestText, HoldsEveryCountGroupedByThousands) {
  IngestReport report = counted(1'234'567, 4'321);
  report.files.resize(2);
  report.kept -= 1000;
  report.dropped = 1000;
  report.reasons.push_back({2007, "high below low", 4'000, "x.csv", 17, "h 10.1 l 10.4"});
  report.reasons.push_back({2011, "not a session of the exchange", 321, "y.csv", 3, "2024-12-25"});
  report.notes = {"a note of its own"};
  report.skipped = {{"readme.txt", "not bars"}};
  const std::string text = ingest_text(report, 0.5, 0.3);
  for (const std::string& part :
       {grouped(report.read), grouped(report.kept), grouped(report.dropped), grouped(report.set_aside),
        grouped(std::int64_t{4'000}), std::string("E2007"), std::string("E2011"), std::string("x.csv:17"),
        std::string("y.csv:3"), std::string("a note of its own"), std::string("readme.txt")}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_EQ(text.back(), '\n');
  EXPECT_THAT(text, Not(HasSubstr("\n\n\n")));
}

// The text as it was designed, with its figures; the files' keeping is told after it.
TEST(IngestText, StandsAsItWasDesigned) {
  IngestReport report;
  report.table = "bars";
  report.mic = "XNYS";
  report.read = 1'261'004;
  report.kept = 1'260'667;
  report.dropped = 204;
  report.set_aside = 133;
  report.files.resize(4);
  for (IngestFile& file : report.files) {
    file.is_copied = true;
  }
  report.symbols = 512;
  report.first = Date::from_civil(2015, 1, 2);
  report.last = Date::from_civil(2024, 12, 31);
  report.seconds = 0.9;
  report.reasons = {{2004, "close is not a number", 61, "bars/2019.csv", 88412, "\"abc\""},
                    {2007, "high below low", 38, "bars/2021.csv", 1204, "h 10.1 l 10.4"},
                    {2011, "not a session of XNYS (holiday)", 24, "bars/2015.csv", 377, "2015-01-19"},
                    {2012, "duplicate day, values differ", 10, "bars/2024.csv", 52001, "all set aside"}};
  report.flags = {{"move", 7}, {"spike", 2}};
  report.notes = {"daily bars have no time zone: taken as XNYS sessions"};
  EXPECT_EQ(ingest_text(report, 0.5, 0.3), R"(Read 4 files, 1,261,004 rows in 0.9 s

  kept      1,260,667   512 symbols, 2015-01-02 .. 2024-12-31, daily, XNYS
  dropped         204   duplicates with equal values
  set aside       133   in the table quarantine, one reason each
  repaired          0   Lode repairs nothing unless told: --repair

  reason                                    rows  first seen
  E2004 close is not a number                 61  bars/2019.csv:88412  "abc"
  E2007 high below low                        38  bars/2021.csv:1204   h 10.1 l 10.4
  E2011 not a session of XNYS (holiday)       24  bars/2015.csv:377    2015-01-19
  E2012 duplicate day, values differ          10  bars/2024.csv:52001  all set aside

  flagged   7 day moves above 50 %, 2 spikes above 30 %, no split known: lode data check
            daily bars have no time zone: taken as XNYS sessions
  raw       4 files copied into the lake
)");
  EXPECT_EQ(render(*set_aside_finding(report, 0.0)),
            "error[E3001]: 133 of 1,261,004 rows set aside (0.011 %), the rest is stored\n"
            "help: lode data show quarantine, or accept them with --allow-rejects 0.02%");
}

TEST(IngestText, SaysWhatRepairDidAndLeft) {
  const auto line = [](std::int64_t repaired, std::int64_t suspected, bool may_repair) {
    IngestReport report = counted(1'000, 0);
    report.table = "bars";
    report.repaired = repaired;
    report.may_repair = may_repair;
    report.flags = {{"unit_error", suspected}, {"repaired", repaired}};
    const std::string text = ingest_text(report, 0.5, 0.3);
    const std::size_t at = text.find("  repaired");
    return text.substr(at, text.find('\n', at) - at);
  };
  EXPECT_EQ(line(0, 3, false), "  repaired          0   Lode repairs nothing unless told: --repair");
  EXPECT_EQ(line(0, 0, true), "  repaired          0   no suspected unit errors");
  EXPECT_EQ(line(0, 1, true),
            "  repaired          0   1 bar in a suspected unit error stands as read: lode data check");
  EXPECT_EQ(line(1, 1, true),
            "  repaired          1   bar in a suspected unit error, prices divided by a power of ten: lode data check");
  EXPECT_EQ(line(1'200, 1'203, true),
            "  repaired      1,200   bars in suspected unit errors, prices divided by a power of ten, 3 more stand as "
            "read: lode data check");
}

// Every row of a file is judged: what an import says about it adds up, whatever is wrong with it.
TEST(IngestText, CountsOfRandomDirtyFilesAddUp) {
  Random random(3, 1);
  const std::string cells[] = {"10", "11", "9", "", "abc", "-1", "0", "1e400", "nan"};
  for (int round = 0; round < test_rounds(12); ++round) {
    IngestWorld world;
    std::string text(kBarsHeader);
    std::int64_t lines = 1;
    text += "2024-01-02,AAA,10,11,9,10,100\n";
    for (int row = 0; row < 40; ++row, ++lines) {
      text += fmt::format("2024-01-{:02},{}", 2 + random.next_below(12), random.next_below(9) == 0 ? "" : "AAA");
      for (std::uint64_t i = 0, count = random.next_below(12) == 0 ? 4 : 5; i < count; ++i) {
        text += "," + cells[random.next_below(random.next_below(3) == 0 ? std::size(cells) : 3)];
      }
      text += "\n";
    }
    const IngestReport report = must(world.run({world.write("dirty.csv", text)}));
    EXPECT_EQ(report.read, lines);
    EXPECT_EQ(report.kept + report.dropped + report.set_aside, report.read);
    std::int64_t by_reason = 0;
    for (const IngestReason& reason : report.reasons) {
      by_reason += reason.rows;
    }
    EXPECT_EQ(by_reason, report.set_aside);
    EXPECT_EQ(static_cast<std::int64_t>(world.rows("bars", {"session"}).size()), report.kept);
    EXPECT_EQ(report.set_aside == 0 ? 0 : static_cast<std::int64_t>(world.rows("quarantine", {"rule"}).size()),
              report.set_aside);
  }
}

}  // namespace
}  // namespace lode::flow
