// Parquet files of others: read as they are, refused with the reason.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <new>
#include <optional>

#include "lode/base/must.h"
#include "lode/io/lake/duckdb.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/multiset.h"
#include "lode/io/lake/parquet.h"
#include "lode/io/lake/testing.h"

namespace lode::lake::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Parquet : public LakeTest {
 protected:
  std::string path = root + "/year=2020 [a].parquet";
};

TEST_F(Parquet, RoundTripsEveryTypeAndNull) {
  const Batch batch = bars({{1, day(2021, 1, 4), 20.5}, {0xFFFFFFFFFFFFFFFFULL, day(1969, 12, 31), -0.0}});
  ASSERT_TRUE(write_parquet(path, batch).has_value());
  EXPECT_FALSE(stat_file(path + ".tmp"));
  const auto back = read_parquet(path);
  ASSERT_TRUE(back.has_value()) << render(back.error());
  EXPECT_EQ(back->columns().size(), batch.columns().size());  // No column is made of the folder's name.
  EXPECT_EQ(multiset_of(*back), multiset_of(batch));
}

TEST_F(Parquet, RoundTripsManyRowsInOrder) {
  Batch batch;
  std::vector<std::int64_t> numbers(300'000);
  Column text("text", ColumnType::kText);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = static_cast<std::int64_t>(i * 7919 % 300'007);
    if (i % 3 == 0) {
      text.push_null();
    } else {
      text.push(i % 2 == 0 ? "short" : "a text of more than twelve bytes");
    }
  }
  batch.add(Column::int64("number", numbers));
  batch.add(text);
  ASSERT_TRUE(write_parquet(path, batch).has_value());
  const auto back = read_parquet(path);
  ASSERT_TRUE(back.has_value());
  EXPECT_TRUE(std::ranges::equal(back->column("number").int64s(), numbers));
  EXPECT_EQ(back->column("text").null_count(), 100'000U);
  EXPECT_EQ(back->column("text").cell(4), "short");
  EXPECT_EQ(back->column("text").cell(5), "a text of more than twelve bytes");
  EXPECT_TRUE(back->column("text").is_null(299'997));
}

// Batches of 0 to 50,000 rows, made when asked for; the last one that was given is gone when the next one is made.
TEST_F(Parquet, OfManyBatchesIsAsOfOneAndInRowGroupsOfBoundedSize) {
  static constexpr std::size_t kSizes[] = {0, 50'000, 1, 0, 49'999, 2'048, 50'000, 47'953, 0};
  std::vector<std::int64_t> all;
  const auto source = [&all, next = std::size_t{0}]() mutable -> std::optional<Batch> {
    if (next == std::size(kSizes)) {
      return std::nullopt;
    }
    std::vector<std::int64_t> numbers;
    TextData texts;
    for (std::size_t i = 0; i < kSizes[next]; ++i) {
      numbers.push_back(static_cast<std::int64_t>(all.size()));
      all.push_back(numbers.back());
      texts.push(fmt::format("name {}", numbers.back() % 77));
    }
    ++next;
    Batch batch;
    batch.add(Column::int64("number", std::move(numbers)));
    batch.add(Column::text("name", std::move(texts)));
    return batch;
  };
  ASSERT_TRUE(write_parquet(path, BatchSource(source)).has_value());
  const auto back = read_parquet(path);
  ASSERT_TRUE(back.has_value());
  ASSERT_EQ(back->rows(), 200'001U);
  EXPECT_EQ(back->column("number").int64s().size(), all.size());
  EXPECT_TRUE(std::ranges::equal(back->column("number").int64s(), all)) << "in order";
  EXPECT_EQ(back->column("name").texts()[200'000], fmt::format("name {}", 200'000 % 77));
  const auto engine = Engine::shared(2);
  const auto groups = (*engine)->query(
      "SELECT count(DISTINCT row_group_id) AS groups, max(row_group_num_rows) AS most FROM parquet_metadata(" +
      quote_text(path) + ")");
  ASSERT_TRUE(groups.has_value());
  EXPECT_EQ(groups->column("groups").int64s()[0], 2);
  EXPECT_LE(groups->column("most").int64s()[0], 131'072 + 2'048)
      << "the engine ends a group with the chunk that fills it";
  all.clear();
  const auto bytes = parquet_bytes(BatchSource(source));
  ASSERT_TRUE(bytes.has_value());
  std::ifstream file(path, std::ios::binary);
  EXPECT_EQ(*bytes, std::string(std::istreambuf_iterator<char>(file), {})) << "a copy of the source begins anew";
}

// The rows are asked for by the engine's threads, which know nothing of our exceptions.
TEST_F(Parquet, ASourceThatThrowsIsAnErrorOfItsFile) {
  for (const int good : {0, 1, 3}) {
    const auto source = [good, given = 0]() mutable -> std::optional<Batch> {
      if (given++ == good) {
        throw std::bad_alloc();
      }
      Batch batch;
      batch.add(Column::int64("number", std::vector<std::int64_t>(50'000, given)));
      return batch;
    };
    // The first batch is asked for before there is a statement.
    if (good == 0) {
      EXPECT_THROW((void)write_parquet(path, BatchSource(source)), std::bad_alloc);
    } else {
      EXPECT_EQ(number_of(write_parquet(path, BatchSource(source))), E::E8011) << good;
    }
  }
  EXPECT_TRUE(write_parquet(path, bars({{1, day(2021, 1, 4), 20.5}})).has_value()) << "the engine stands";
}

TEST_F(Parquet, AsBytesIsTheFile) {
  const Batch batch = bars({{1, day(2021, 1, 4), 20.5}, {2, day(2021, 1, 5), -0.0}});
  const auto bytes = parquet_bytes(batch);
  ASSERT_TRUE(bytes.has_value()) << render(bytes.error());
  std::ofstream(path, std::ios::binary) << *bytes;
  const auto back = read_parquet(path);
  ASSERT_TRUE(back.has_value()) << render(back.error());
  EXPECT_EQ(multiset_of(*back), multiset_of(batch));
}

// DuckDB writes what another program would: a zone makes instants, read back in UTC.
TEST_F(Parquet, NamesColumnsOfInstantsThatAreNoMidnights) {
  const std::string zoned = root + "/zoned.parquet";
  auto engine = Engine::open({.threads = 1});
  ASSERT_TRUE(engine);
  const auto written =
      (*engine)->execute(fmt::format("COPY (SELECT TIMESTAMPTZ '2019-12-31 16:00:00+00' AS \"a \"\"b\", "
                                     "TIMESTAMPTZ '2020-01-01 00:00:00+00' AS midnight, "
                                     "TIMESTAMP '2019-12-31 16:00:00' AS stamp, DATE '2020-01-01' AS day) TO '{}' "
                                     "(FORMAT parquet)",
                                     zoned));
  ASSERT_TRUE(written) << render(written.error());
  const auto found = zoned_columns(zoned);
  ASSERT_TRUE(found) << render(found.error());
  EXPECT_THAT(*found, ElementsAre("a \"b"));
}

TEST_F(Parquet, TellsInstantsFromClockTimesAndKeepsNotes) {
  Column instant("at \"b", ColumnType::kTime), wall("wall", ColumnType::kTime);
  for (const std::int64_t nanos : {std::int64_t{-1'000'000'001'001'000}, std::int64_t{1'700'000'000'123'456'000}}) {
    instant.push(Time{nanos});
    wall.push(Time{nanos + 1});
  }
  instant.push_null();
  wall.push_null();
  const Batch batch({instant, wall});
  const ParquetMeaning meaning{.instants = {"at \"b"}, .notes = {{"ARROW:schema", "it's"}, {"b\"", "2"}}};
  ASSERT_TRUE(write_parquet(path, batch, meaning).has_value());
  EXPECT_THAT(must(instant_columns(path)), ElementsAre("at \"b"));
  EXPECT_EQ(must(parquet_note(path, "ARROW:schema")), "it's");
  EXPECT_EQ(must(parquet_note(path, "b\"")), "2");
  const Batch back = must(read_parquet(path));
  EXPECT_EQ(multiset_of(back), multiset_of(batch));
  std::ofstream(path, std::ios::binary) << must(parquet_bytes(batch, meaning));
  EXPECT_THAT(must(instant_columns(path)), ElementsAre("at \"b"));
}

TEST_F(Parquet, WritesAnEmptyBatch) {
  ASSERT_TRUE(write_parquet(path, empty_batch(*find_table("bars"))).has_value());
  const auto back = read_parquet(path);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->rows(), 0U);
  EXPECT_EQ(back->columns().size(), find_table("bars")->columns.size());
}

TEST_F(Parquet, SaysWhyAFileIsNotOne) {
  EXPECT_EQ(number_of(read_parquet(root + "/absent.parquet")), E::E8);
  EXPECT_EQ(number_of(read_parquet(root)), E::E8);
  const auto why = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
    const auto result = read_parquet(path);
    EXPECT_EQ(number_of(result), E::E2015);
    return result ? std::string() : result.error().message();
  };
  EXPECT_THAT(why(""), HasSubstr("it is empty"));
  EXPECT_THAT(why("date,close\n2020-01-01,1\n"), HasSubstr("does not begin"));
  ASSERT_TRUE(write_parquet(path, bars({{1, day(2021, 1, 4), 20.5}})).has_value());
  const std::string whole = *read_file(path);
  EXPECT_THAT(why(whole.substr(0, whole.size() / 2)), HasSubstr("end is missing"));
  EXPECT_THAT(why("PAR1" + whole.substr(whole.size() / 2)), HasSubstr("Parquet"));
  EXPECT_THAT(why("PAR1" + std::string(100, '\xff') + "PAR1"), HasSubstr("Parquet"));
}

TEST_F(Parquet, FailsWhereItCannotWrite) {
  EXPECT_FALSE(write_parquet(root + "/no/folder/x.parquet", bars({})).has_value());
}

class DuckEngine : public LakeTest {
 protected:
  DuckEngine() : engine(std::move(*Engine::open({.threads = 2}))) {}
  std::unique_ptr<Engine> engine;
};

TEST_F(DuckEngine, StreamsChunksInOrderUntilToldToStop) {
  std::vector<double> seen;
  ASSERT_TRUE(engine
                  ->stream("SELECT range::DOUBLE, CASE WHEN range % 2 = 0 THEN 'even' END FROM range(10000)",
                           [&](const Chunk& chunk) {
                             const auto values = chunk.values<double>(0);
                             seen.insert(seen.end(), values.begin(), values.end());
                             EXPECT_TRUE(chunk.has_nulls(1));
                             EXPECT_TRUE(chunk.is_null(1, 1));
                             EXPECT_EQ(chunk.text(1, 0), "even");
                             return true;
                           })
                  .has_value());
  ASSERT_EQ(seen.size(), 10'000U);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
  int calls = 0;
  ASSERT_TRUE(engine->stream("SELECT * FROM range(1000000)", [&](const Chunk&) { return ++calls < 3; }).has_value());
  EXPECT_EQ(calls, 3);
}

// The engine's threads stand in the middle of files when the rows stop being wanted.
TEST_F(DuckEngine, OutlivesAnExceptionOfItsReader) {
  std::string files;
  for (int file = 0; file < 8; ++file) {
    const std::string path = fmt::format("{}/{}.parquet", root, file);
    ASSERT_TRUE(engine
                    ->execute(fmt::format("COPY (SELECT range AS n, range * 0.5 AS x FROM range(20000)) TO '{}' "
                                          "(FORMAT parquet, ROW_GROUP_SIZE 2048)",
                                          path))
                    .has_value());
    files += fmt::format("{}'{}'", file == 0 ? "" : ", ", path);
  }
  const std::string sql =
      fmt::format("SELECT n, x FROM read_parquet([{0}]) UNION ALL SELECT x, n FROM read_parquet([{0}])", files);
  for (int round = 0; round < 60; ++round) {
    int chunks = 0;
    EXPECT_THROW((void)engine->stream(sql,
                                      [&](const Chunk&) -> bool {
                                        if (chunks++ == round % 4) {
                                          throw std::bad_alloc();
                                        }
                                        return true;
                                      }),
                 std::bad_alloc);
    EXPECT_THROW((void)engine->batches(sql, 4096, [](Batch) -> Result<void> { throw std::bad_alloc(); }),
                 std::bad_alloc);
  }
  EXPECT_EQ(engine->query("SELECT 1 AS n")->rows(), 1U);
}

TEST_F(DuckEngine, ReportsOurOwnBadSqlAsOurFault) {
  EXPECT_EQ(number_of(engine->query("SELECT nothing")), E::E9001);
  EXPECT_EQ(number_of(engine->execute("NONSENSE")), E::E9001);
  EXPECT_EQ(number_of(engine->stream("NONSENSE", [](const Chunk&) { return true; })), E::E9001);
  EXPECT_EQ(number_of(engine->query("SELECT * FROM read_parquet('" + root + "/absent.parquet')")), E::E8005);
}

TEST_F(DuckEngine, ReportsAnErrorInTheMiddleOfAStream) {
  const auto result = engine->stream("SELECT CASE WHEN range > 5000 THEN error('late') ELSE 1 END FROM range(10000)",
                                     [](const Chunk&) { return true; });
  EXPECT_FALSE(result.has_value());
}

TEST_F(DuckEngine, OfAProcessIsOneForAllUntilAnErrorEndsIt) {
  const auto first = *Engine::shared(2);
  EXPECT_EQ(*Engine::shared(2), first);
  EXPECT_NE(*Engine::shared(1), first);
  EXPECT_FALSE(first->execute("SELECT error('mine')").has_value());
  EXPECT_EQ(*Engine::shared(2), first) << "an error of one statement ended it";
  first->give_up();
  const auto second = *Engine::shared(2);
  EXPECT_NE(second, first);
  EXPECT_EQ(*Engine::shared(2), second);
  EXPECT_EQ(first->query("SELECT 1 AS n")->rows(), 1U);
}

TEST_F(DuckEngine, OfAProcessKeepsNothingOfAStatement) {
  const auto shared = *Engine::shared(2);
  ASSERT_TRUE(shared->execute("CREATE TEMP TABLE mine AS SELECT 1 AS n").has_value());
  EXPECT_FALSE(shared->query("SELECT * FROM mine").has_value());
  // A file of the same name, size and time is read again, not remembered.
  const std::string path = root + "/x.parquet";
  const std::string other = root + "/y.parquet";
  ASSERT_TRUE(write_parquet(path, bars({{1, day(2021, 1, 4), 1.0}})).has_value());
  ASSERT_TRUE(write_parquet(other, bars({{1, day(2021, 1, 4), 2.0}})).has_value());
  ASSERT_EQ(std::filesystem::file_size(path), std::filesystem::file_size(other));
  const auto written = std::filesystem::last_write_time(path);
  EXPECT_THAT(lines(*read_parquet(path)), ::testing::ElementsAre("1 2021-01-04 1"));
  std::filesystem::rename(other, path);
  std::filesystem::last_write_time(path, written);
  EXPECT_THAT(lines(*read_parquet(path)), ::testing::ElementsAre("1 2021-01-04 2"));
}

TEST_F(DuckEngine, OfAForkedChildIsItsOwn) {
  const auto shared = *Engine::shared(2);
  ASSERT_TRUE(shared->query("SELECT sum(range) FROM range(100000)").has_value());
  const pid_t child = fork();
  if (child == 0) {
    const auto own = Engine::shared(2);
    _exit(own && *own != shared && (*own)->query("SELECT sum(range) FROM range(1000000)") ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(*Engine::shared(2), shared);
}

TEST(SqlText, QuotesWhatCouldEndIt) {
  EXPECT_EQ(quote_text("it's"), "'it''s'");
  EXPECT_EQ(quote_name("na\"me"), "\"na\"\"me\"");
}

}  // namespace
}  // namespace lode::lake::testing
