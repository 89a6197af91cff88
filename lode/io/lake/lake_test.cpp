// The store as its users see it: what was committed is read, once, as of when it was known.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/lake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <fstream>

#include "lode/base/must.h"
#include "lode/io/lake/testing.h"

namespace lode::lake::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using LakeStore = LakeTest;

TEST_F(LakeStore, ReadsBackWhatWasCommittedSortedByKey) {
  const auto lake = open();
  import(*lake, bars({{2, day(2021, 1, 4), 20.5}, {1, day(2021, 1, 5), 10.25}, {1, day(2020, 12, 31), 9.0}}), "a");
  const auto snapshot = lake->snapshot();
  EXPECT_THAT(lines(read(*snapshot)), ElementsAre("1 2020-12-31 9", "1 2021-01-05 10.25", "2 2021-01-04 20.5"));
}

TEST_F(LakeStore, KeepsEveryColumnAndEveryNull) {
  const auto lake = open();
  Batch batch = bars({{1, day(2021, 1, 4), 20.5}, {1, day(2021, 1, 5), 21.5}});
  Column amount("amount", ColumnType::kFloat64);
  amount.push_null();
  amount.push(0.1);
  batch.column("amount") = amount;
  Column trades("trades", ColumnType::kInt64);
  trades.push(std::int64_t{-7});
  trades.push_null();
  batch.column("trades") = trades;
  import(*lake, batch, "a");
  const Batch back = read(*lake->snapshot());
  ASSERT_EQ(back.columns().size(), batch.columns().size());
  for (std::size_t i = 0; i < back.columns().size(); ++i) {
    const Column& before = batch.columns()[i];
    const Column& after = back.columns()[i];
    EXPECT_EQ(before.name(), after.name());
    EXPECT_EQ(before.type(), after.type());
    EXPECT_TRUE(before.same(0, after, 0)) << before.name();
    EXPECT_TRUE(before.same(1, after, 1)) << before.name();
  }
}

TEST_F(LakeStore, PartitionsBarsByYear) {
  const auto lake = open();
  import(*lake, bars({{1, day(2020, 1, 2), 1.0}, {1, day(2021, 1, 4), 2.0}, {2, day(2021, 1, 4), 3.0}}), "a");
  const auto parts = lake->snapshot()->parts("bars");
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].partition, "year=2020");
  EXPECT_EQ(parts[1].partition, "year=2021");
  EXPECT_EQ(parts[1].rows, 2);
  EXPECT_EQ(parts[1].date_min, day(2021, 1, 4));
  EXPECT_TRUE(std::filesystem::exists(folder + "/" + parts[0].path));
}

TEST_F(LakeStore, DropsWhatIsThereAlready) {
  const auto lake = open();
  const Batch batch = bars({{1, day(2021, 1, 4), 20.5}, {1, day(2021, 1, 5), 21.5}});
  import(*lake, batch, "a");
  auto writer = lake->writer();
  const auto outcome = writer->append("bars", batch, clock.now());
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->kept, 0);
  EXPECT_EQ(outcome->dropped, 2);
  const auto commit = writer->commit("b", "data import", {});
  EXPECT_EQ(commit->id, 1);  // An empty writer commits nothing.
  EXPECT_EQ(lake->snapshot()->parts("bars").size(), 1U);
}

// Rows of one name are held against that name's rows alone, whatever the name is made of.
TEST_F(LakeStore, DropsWhatIsThereAlreadyUnderANameOfAnyText) {
  const auto lake = open();
  const auto members = [](const std::vector<std::string>& names) {
    Batch batch = empty_batch(*find_table("universe"));
    for (const std::string& name : names) {
      batch.column("name").push(std::string_view(name));
      batch.column("instrument_id").push(std::uint64_t{1});
      batch.column("valid_from").push(day(2021, 1, 4));
      batch.column("valid_to").push_null();
      batch.column("event_time").push(start_of_day(day(2021, 1, 4)));
      batch.column("known_time").push(start_of_day(day(2021, 1, 4)));
      batch.column("known_assumed").push(true);
      batch.column("source").push("test");
      batch.column("raw_hash").push("00");
      batch.column("raw_line").push(std::int64_t{1});
    }
    return batch;
  };
  const std::vector<std::string> names = {"it's", "", "-- '", std::string("a\0b", 3), "plain"};
  import(*lake, members(names), "a", {}, "universe");
  for (const std::string& name : names) {
    EXPECT_EQ(must(must(lake->writer()).append("universe", members({name, name}), clock.now())).dropped, 2) << name;
    EXPECT_EQ(must(must(lake->writer()).append("universe", members({name + "x"}), clock.now())).kept, 1) << name;
  }
  EXPECT_EQ(must(must(lake->writer()).append("universe", members({"plain", "other"}), clock.now())).dropped, 1);
}

TEST_F(LakeStore, JudgesARerunWithOtherProvenanceAsEqual) {
  const auto lake = open();
  import(*lake, bars({{1, day(2021, 1, 4), 20.5}}), "a");
  Batch again = bars({{1, day(2021, 1, 4), 20.5, clock.now()}});
  again.column("source") = Column("source", ColumnType::kText);
  again.column("source").push("other");
  auto writer = lake->writer();
  EXPECT_EQ(writer->append("bars", again, clock.now())->dropped, 1);
}

TEST_F(LakeStore, SetsAsideAllRowsOfAKeyThatContradictsItself) {
  const auto lake = open();
  auto writer = lake->writer();
  const auto outcome = writer->append("bars",
                                      bars({{1, day(2021, 1, 4), 20.5},
                                            {2, day(2021, 1, 4), 7.0},
                                            {1, day(2021, 1, 4), 20.5},
                                            {1, day(2021, 1, 4), 20.6},
                                            {2, day(2021, 1, 4), 7.0}}),
                                      clock.now());
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->kept, 1);
  EXPECT_EQ(outcome->dropped, 1);
  EXPECT_THAT(outcome->conflicts, ElementsAre(0U, 2U, 3U));
  ASSERT_TRUE(writer->commit("a", "data import", {}).has_value());
  EXPECT_THAT(lines(read(*lake->snapshot())), ElementsAre("2 2021-01-04 7"));
}

TEST_F(LakeStore, StoresACorrectionAsKnownWhenReceived) {
  const auto lake = open();
  import(*lake, bars({{1, day(2021, 1, 4), 20.5}, {1, day(2021, 1, 5), 21.0}}), "a");
  const Time received = *parse_as_of("2022-03-01T09:00:00Z");
  auto writer = lake->writer();
  const auto outcome = writer->append("bars", bars({{1, day(2021, 1, 4), 30.5}}), received);
  EXPECT_EQ(outcome->kept, 1);
  EXPECT_EQ(outcome->corrected, 1);
  ASSERT_TRUE(writer->commit("b", "data import", {}).has_value());
  const auto snapshot = lake->snapshot();
  const Batch now = read(*snapshot);
  EXPECT_THAT(lines(now), ElementsAre("1 2021-01-04 30.5", "1 2021-01-05 21"));
  EXPECT_EQ(now.column("known_time").times()[0], received.nanos);
  EXPECT_EQ(now.column("known_assumed").bools()[0], 0);
  const Time before{received.nanos - 1};
  EXPECT_THAT(lines(read(*snapshot, {.as_of = before})), ElementsAre("1 2021-01-04 20.5", "1 2021-01-05 21"));
  EXPECT_THAT(lines(read(*snapshot, {.as_of = end_of_day(day(2021, 1, 4))})), ElementsAre("1 2021-01-04 20.5"));
}

Batch with_vendor_close(Batch rows, double value) {
  Column& column = rows.column("close_vendor");
  column = Column("close_vendor", ColumnType::kFloat64);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    column.push(value);
  }
  return rows;
}

// Each dividend moves a vendor's adjusted closes of all history. The bars are what they were.
TEST_F(LakeStore, AVendorsAdjustedCloseThatMovedCorrectsNothing) {
  const auto lake = open();
  const Batch rows = bars({{1, day(2020, 1, 2), 10.0}, {1, day(2020, 1, 3), 11.0}});
  import(*lake, with_vendor_close(rows, 9.5), "before the dividend", *parse_as_of("2024-01-05"));
  auto writer = must(lake->writer());
  const AppendOutcome outcome = must(writer.append("bars", with_vendor_close(rows, 9.4), *parse_as_of("2025-01-05")));
  EXPECT_EQ(outcome.dropped, 2);
  EXPECT_EQ(outcome.corrected, 0);
  EXPECT_EQ(outcome.kept, 0);
}

TEST_F(LakeStore, AVendorsAdjustedCloseIsNothingThatWasKnownThen) {
  const auto lake = open();
  import(*lake, with_vendor_close(bars({{1, day(2020, 1, 2), 10.0}}), 9.5), "token", *parse_as_of("2024-01-05"));
  const Snapshot now = must(lake->snapshot());
  EXPECT_EQ(read(now).column("close_vendor").cell(0), "9.5");
  Query then;
  then.as_of = *parse_as_of("2021-01-01");
  EXPECT_EQ(read(now, then).rows(), 1U);
  EXPECT_TRUE(read(now, then).column("close_vendor").is_null(0));
  EXPECT_EQ(read(now, then).column("close").cell(0), "10");
}

TEST_F(LakeStore, TakesAValueThatGoesBackAsACorrectionToo) {
  const auto lake = open();
  for (const double close : {1.0, 2.0, 1.0}) {
    import(*lake, bars({{1, day(2021, 1, 4), close}}), std::to_string(lake->commits()->size()), clock.now());
    clock.advance(kNanosPerDay);
  }
  EXPECT_THAT(lines(read(*lake->snapshot())), ElementsAre("1 2021-01-04 1"));
  EXPECT_THAT(lines(read(*lake->snapshot(2))), ElementsAre("1 2021-01-04 2"));
  EXPECT_THAT(lines(read(*lake->snapshot(1))), ElementsAre("1 2021-01-04 1"));
}

TEST_F(LakeStore, JudgesTwoAppendsOfOneWriterAgainstEachOther) {
  const auto lake = open();
  auto writer = lake->writer();
  ASSERT_TRUE(writer->append("bars", bars({{1, day(2021, 1, 4), 1.0}}), clock.now()).has_value());
  const auto second = writer->append("bars", bars({{1, day(2021, 1, 4), 1.0}, {1, day(2021, 1, 5), 2.0}}), clock.now());
  EXPECT_EQ(second->dropped, 1);
  EXPECT_EQ(second->kept, 1);
  ASSERT_TRUE(writer->commit("a", "data import", {}).has_value());
  EXPECT_EQ(read(*lake->snapshot()).rows(), 2U);
}

TEST_F(LakeStore, CommitsATokenOnce) {
  const auto lake = open();
  const CommitId first = import(*lake, bars({{1, day(2021, 1, 4), 1.0}}), "same");
  const CommitId second = import(*lake, bars({{2, day(2021, 1, 4), 1.0}}), "same");
  EXPECT_EQ(first, second);
  EXPECT_EQ(lake->commits()->size(), 1U);
  EXPECT_EQ(read(*lake->snapshot()).rows(), 1U);
}

TEST_F(LakeStore, ShowsNothingBeforeTheCommitAndCleansUpAfterADroppedWriter) {
  const auto lake = open();
  {
    auto writer = lake->writer();
    ASSERT_TRUE(writer->append("bars", bars({{1, day(2021, 1, 4), 1.0}}), clock.now()).has_value());
    EXPECT_EQ(read(*lake->snapshot()).rows(), 0U);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder + "/tables/bars/year=2021"));
}

TEST_F(LakeStore, KeepsASnapshotAsItWas) {
  const auto lake = open();
  import(*lake, bars({{1, day(2021, 1, 4), 1.0}}), "a");
  const auto before = lake->snapshot();
  import(*lake, bars({{1, day(2021, 1, 4), 2.0}, {2, day(2021, 1, 4), 3.0}}), "b", clock.now());
  EXPECT_THAT(lines(read(*before)), ElementsAre("1 2021-01-04 1"));
  EXPECT_EQ(before->commit(), 1);
}

TEST_F(LakeStore, ResolvesWritersThatStartedFromTheSameState) {
  const auto lake = open();
  auto one = lake->writer();
  auto two = lake->writer();
  const Time received = clock.now();
  ASSERT_TRUE(one->append("bars", bars({{1, day(2021, 1, 4), 1.0}, {1, day(2021, 1, 5), 2.0}}), received).has_value());
  ASSERT_TRUE(two->append("bars", bars({{1, day(2021, 1, 4), 1.0}, {1, day(2021, 1, 5), 9.0}}), received).has_value());
  ASSERT_TRUE(one->commit("one", "data import", {}).has_value());
  ASSERT_TRUE(two->commit("two", "data import", {}).has_value());
  const auto snapshot = lake->snapshot();
  const Batch rows = read(*snapshot);
  EXPECT_THAT(lines(rows), ElementsAre("1 2021-01-04 1", "1 2021-01-05 9"));
  EXPECT_EQ(rows.column("known_time").times()[1], received.nanos);  // The second writer's row is a correction.
  EXPECT_EQ(snapshot->tables()[0].rows, 3);                         // The equal row was not stored again.
  EXPECT_EQ(one->dropped_late("bars"), 0);
  EXPECT_EQ(two->dropped_late("bars"), 1) << "what append kept and commit dropped is told";
}

TEST_F(LakeStore, TellsTheSecondOfTwoEqualImportsThatItStoredNothing) {
  const auto lake = open();
  auto one = lake->writer();
  auto two = lake->writer();
  const std::vector<BarLine> rows = {{1, day(2021, 1, 4), 1.0}, {2, day(2022, 1, 5), 2.0}};
  ASSERT_TRUE(one->append("bars", bars(rows), clock.now()).has_value());
  ASSERT_TRUE(two->append("bars", bars(rows), clock.now()).has_value());
  const auto first = one->commit("same", "data import", {});
  const auto second = two->commit("same", "data import", {});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->id, second->id);
  EXPECT_EQ(two->dropped_late("bars"), 2);
}

TEST_F(LakeStore, ChoosesColumnsInstrumentsAndDays) {
  const auto lake = open();
  import(
      *lake,
      bars(
          {{1, day(2020, 6, 1), 1.0}, {1, day(2021, 6, 1), 2.0}, {2, day(2021, 6, 1), 3.0}, {3, day(2021, 6, 2), 4.0}}),
      "a");
  const auto snapshot = lake->snapshot();
  const Batch rows = read(
      *snapshot,
      {.columns = {"close", "session"}, .instruments = {InstrumentId{1}, InstrumentId{3}}, .from = day(2021, 1, 1)});
  ASSERT_EQ(rows.columns().size(), 2U);
  EXPECT_EQ(rows.columns()[0].name(), "close");
  EXPECT_THAT(rows.column("close").float64s(), ElementsAre(2.0, 4.0));
  EXPECT_EQ(read(*snapshot, {.to = day(2020, 12, 31)}).rows(), 1U);
  EXPECT_EQ(read(*snapshot, {.where = "close > 2.5"}).rows(), 2U);
  EXPECT_THAT(lines(read(*snapshot, {.limit = 1})), ElementsAre("1 2020-06-01 1"));
}

TEST_F(LakeStore, AppliesAConditionToTheNewestVersionOnly) {
  const auto lake = open();
  import(*lake, bars({{1, day(2021, 1, 4), 100.0}}), "a");
  import(*lake, bars({{1, day(2021, 1, 4), 1.0}}), "b", clock.now());
  EXPECT_EQ(read(*lake->snapshot(), {.where = "close > 50"}).rows(), 0U);
}

TEST_F(LakeStore, NamesTheNearestTableAndColumn) {
  const auto lake = open();
  const auto snapshot = lake->snapshot();
  const auto table = snapshot->read("bras", {});
  EXPECT_EQ(number_of(table), E::E2016);
  EXPECT_THAT(table.error().hint(), HasSubstr("bars"));
  const auto column = snapshot->read("bars", {.columns = {"clsoe"}});
  EXPECT_EQ(number_of(column), E::E2001);
  EXPECT_THAT(column.error().hint(), HasSubstr("close"));
  EXPECT_EQ(number_of(snapshot->read("symbols", {.from = day(2020, 1, 1)})), E::E2001);
  EXPECT_EQ(number_of(lake->snapshot(5)), E::E8008);
  auto writer = lake->writer();
  EXPECT_EQ(number_of(writer->append("nothing", Batch(), clock.now())), E::E2016);
  EXPECT_EQ(number_of(writer->append("bars", Batch(), clock.now())), E::E2001);
}

TEST_F(LakeStore, GivesAnEmptyTableItsColumns) {
  const auto lake = open();
  const Batch rows = read(*lake->snapshot(), {}, "actions");
  EXPECT_EQ(rows.rows(), 0U);
  EXPECT_EQ(rows.column("ex_date").type(), ColumnType::kDate);
  EXPECT_EQ(rows.column("known_time").type(), ColumnType::kTime);
  EXPECT_TRUE(lake->snapshot()->tables().empty());
}

TEST_F(LakeStore, StoresTextsOfEveryLength) {
  const auto lake = open();
  Batch batch = empty_batch(*find_table("symbols"));
  const std::vector<std::string> names = {
      "A", "BRK.B", std::string(12, 'x'), std::string(13, 'y'), "\xc3\xa4\xe2\x82\xac", ""};
  for (std::size_t i = 0; i < names.size(); ++i) {
    batch.column("instrument_id").push(static_cast<std::uint64_t>(i));
    batch.column("naming").push("XNYS");
    batch.column("symbol").push(std::string_view(names[i]));
    batch.column("valid_from").push(day(2020, 1, 1));
    batch.column("valid_to").push_null();
    batch.column("event_time").push_null();
    batch.column("known_time").push(clock.now());
    batch.column("known_assumed").push(false);
    batch.column("source").push("test");
    batch.column("raw_hash").push("0");
    batch.column("raw_line").push_null();
  }
  import(*lake, batch, "a", {}, "symbols");
  const Batch back = read(*lake->snapshot(), {}, "symbols");
  ASSERT_EQ(back.rows(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(back.column("symbol").texts()[i], names[i]);
  }
  EXPECT_EQ(back.column("valid_to").null_count(), names.size());
}

TEST_F(LakeStore, TellsTablesCommitsAndNotes) {
  const auto lake = open();
  auto writer = lake->writer();
  ASSERT_TRUE(writer->append("bars", bars({{1, day(2021, 1, 4), 1.0}, {1, day(2022, 1, 4), 1.0}}), {}).has_value());
  Value note = Value::object();
  note.set("rows", 2);
  ASSERT_TRUE(writer->commit("token", "data import", std::move(note)).has_value());
  const auto tables = lake->snapshot()->tables();
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(tables[0].name, "bars");
  EXPECT_EQ(tables[0].rows, 2);
  EXPECT_EQ(tables[0].parts, 2);
  EXPECT_EQ(tables[0].first, day(2021, 1, 4));
  EXPECT_EQ(tables[0].last, day(2022, 1, 4));
  const auto commits = lake->commits();
  ASSERT_EQ(commits->size(), 1U);
  EXPECT_EQ((*commits)[0].flow, "data import");
  EXPECT_EQ((*commits)[0].time, clock.now());
  EXPECT_EQ((*commits)[0].note.find("rows")->as_int(), 2);
}

TEST_F(LakeStore, WorksInAFolderWithAwkwardName) {
  folder = root + "/a 'b' [c] * %41?#";
  const auto lake = open();
  import(*lake, bars({{1, day(2021, 1, 4), 1.0}}), "a");
  EXPECT_EQ(read(*lake->snapshot()).rows(), 1U);
  EXPECT_EQ(read(*open(Access::kRead)->snapshot()).rows(), 1U);
}

TEST_F(LakeStore, CountsWhatAReaderSees) {
  const auto lake = open();
  EXPECT_EQ(*lake->snapshot()->count("bars"), 0);
  import(*lake, bars({{1, day(2021, 1, 4), 1.0}, {2, day(2021, 1, 4), 1.0}, {1, day(2022, 1, 4), 1.0}}), "a");
  EXPECT_EQ(*lake->snapshot()->count("bars"), 3);
  import(*lake, bars({{1, day(2021, 1, 4), 2.0}, {3, day(2021, 1, 4), 1.0}}), "b");  // A correction and a new row.
  EXPECT_EQ(*lake->snapshot()->count("bars"), 4);
  EXPECT_EQ(lake->snapshot()->tables()[0].rows, 5) << "stored, versions included";
  EXPECT_EQ(*lake->snapshot(1)->count("bars"), 3);
  ASSERT_TRUE(lake->revert(2).has_value());
  EXPECT_EQ(*lake->snapshot()->count("bars"), 3);
  EXPECT_EQ(number_of(lake->snapshot()->count("brs")), E::E2016);
}

TEST_F(LakeStore, TellsWhatEachCommitWrote) {
  const auto lake = open();
  EXPECT_TRUE(lake->commit_rows()->empty());
  import(*lake, bars({{1, day(2021, 1, 4), 1.0}, {1, day(2022, 1, 4), 1.0}}), "a");
  import(*lake, bars({{1, day(2021, 1, 4), 2.0}}), "b");
  ASSERT_TRUE(lake->revert(1).has_value());
  const auto rows = *lake->commit_rows();
  ASSERT_EQ(rows.size(), 2U) << "hidden ones too; the commit that hides wrote nothing";
  EXPECT_EQ(std::tuple(rows[0].commit, rows[0].table, rows[0].rows), std::tuple(1, "bars", 2));
  EXPECT_EQ(std::tuple(rows[1].commit, rows[1].table, rows[1].rows), std::tuple(2, "bars", 1));
}

TEST_F(LakeTest, AFileInThePlaceOfALakeIsNamed) {
  std::ofstream(root + "/plain") << "text";
  for (const Access access : {Access::kRead, Access::kWrite, Access::kCreate}) {
    const auto at_file = Lake::open(root + "/plain", access, clock, pool);
    ASSERT_FALSE(at_file);
    EXPECT_EQ(at_file.error().number(), E::E4);
    EXPECT_EQ(at_file.error().message(), "the lake " + root + "/plain is a file, expected a folder");
    const auto below = Lake::open(root + "/plain/x/lake", access, clock, pool);
    ASSERT_FALSE(below);
    EXPECT_EQ(below.error().number(), E::E4);
    EXPECT_NE(below.error().message().find(root + "/plain is a file"), std::string::npos);
  }
  EXPECT_EQ(number_of(Lake::open(root + "/none", Access::kRead, clock, pool)), E::E8001);
}

}  // namespace
}  // namespace lode::lake::testing
