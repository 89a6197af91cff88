// What is written, read back; and its bytes, which pyarrow 26, pandas 3 and polars 2 were seen to read.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/arrow/writer.h"

#include <gtest/gtest.h>

#include <limits>

#include "lode/base/hash.h"
#include "lode/base/must.h"
#include "lode/io/arrow/reader.h"

namespace lode::arrow {
namespace {

std::string written(const Batch& batch) {
  std::string out;
  must(write_arrow(batch, [&](std::string_view piece) -> Result<void> {
    out += piece;
    return {};
  }));
  return out;
}

// A row of extremes, a row of nulls, and a plain one, of every type a Batch has.
Batch every_type() {
  Column ints("int", ColumnType::kInt64), ids("id", ColumnType::kUint64), numbers("number", ColumnType::kFloat64);
  Column dates("date", ColumnType::kDate), times("time", ColumnType::kTime), texts("text", ColumnType::kText);
  Column truths("truth", ColumnType::kBool);
  ints.push(std::numeric_limits<std::int64_t>::min());
  ids.push(std::numeric_limits<std::uint64_t>::max());
  numbers.push(std::numeric_limits<double>::denorm_min());
  dates.push(Date{-719162});
  times.push(Time{std::numeric_limits<std::int64_t>::max()});
  texts.push(std::string_view("caf\xc3\xa9, \"quoted\"\n"));
  truths.push(true);
  for (Column* column : {&ints, &ids, &numbers, &dates, &times, &texts, &truths}) {
    column->push_null();
  }
  ints.push(1);
  ids.push(std::uint64_t{2});
  numbers.push(-0.0);
  dates.push(Date{20000});
  times.push(Time{1});
  texts.push(std::string_view(""));
  truths.push(false);
  return Batch({ints, ids, numbers, dates, times, texts, truths});
}

void expect_same(const Batch& read, const Batch& batch) {
  ASSERT_EQ(read.columns().size(), batch.columns().size());
  ASSERT_EQ(read.rows(), batch.rows());
  for (std::size_t i = 0; i < batch.columns().size(); ++i) {
    const Column& was = batch.columns()[i];
    const Column& is = read.columns()[i];
    EXPECT_EQ(is.name(), was.name());
    EXPECT_EQ(is.type(), was.type());
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      EXPECT_TRUE(is.same(row, was, row)) << was.name() << " " << row;
    }
  }
}

TEST(WriteArrow, EveryTypeAndItsNullsComeBack) {
  const Batch batch = every_type();
  expect_same(must(read_arrow(written(batch), "x")), batch);
}

TEST(WriteArrow, ManyRowsStandInBatchesAReaderCanTakeOneByOne) {
  constexpr std::size_t kRows = 300'001;
  Column numbers("n", ColumnType::kInt64), texts("t", ColumnType::kText);
  for (std::size_t row = 0; row < kRows; ++row) {
    numbers.push(static_cast<std::int64_t>(row));
    row % 3 == 0 ? texts.push_null() : texts.push(std::to_string(row * 7));
  }
  const Batch batch({numbers, texts});
  const std::string bytes = written(batch);
  EXPECT_EQ(must(arrow_rows(bytes, "x")), static_cast<std::int64_t>(kRows));
  expect_same(must(read_arrow(bytes, "x")), batch);
}

TEST(WriteArrow, NoRowsStillNameTheColumns) {
  const Batch none = every_type().take({});
  expect_same(must(read_arrow(written(none), "x")), none);
}

TEST(WriteArrow, BatchesJoinToOneFile) {
  std::string bytes;
  FileWriter writer([&](std::string_view piece) -> Result<void> {
    bytes += piece;
    return {};
  });
  const auto half = std::make_shared<const Batch>(every_type());
  must(writer.write(half));
  must(writer.write(std::make_shared<const Batch>(half->take({}))));
  must(writer.write(half));
  must(writer.finish());
  Batch twice = every_type();
  twice.append(*half);
  expect_same(must(read_arrow(bytes, "x")), twice);
}

// The library in front: a change of these bytes is a change of what users' programs are given. The file of this hash
// was read by pyarrow 26.0 (feather and ipc, validated in full), pandas 3.1 and polars 2.1 with every value and null in
// place.
TEST(WriteArrow, BytesAreThoseThatOtherProgramsWereSeenToRead) {
  EXPECT_EQ(sha256_hex(written(every_type())), "81c99eb8fa1fcd22e7443c8248561df8b210140737a7fe55c42cfc43c71cc57b");
}

TEST(WriteArrow, AnErrorOfTheSinkEndsTheWriting) {
  for (std::size_t allowed = 0; allowed < 5; ++allowed) {
    std::size_t calls = 0;
    const Result<void> done = write_arrow(every_type(), [&](std::string_view) -> Result<void> {
      return calls++ < allowed ? Result<void>() : Result<void>(fail(E::E8006, "no space left"));
    });
    ASSERT_FALSE(done) << allowed;
    EXPECT_EQ(done.error().number(), E::E8006);
    EXPECT_EQ(calls, allowed + 1);
  }
}

TEST(WriteArrow, ClocksOfOtherPlacesStand) {
  Column here("here", ColumnType::kTime), there("there", ColumnType::kTime), utc("utc", ColumnType::kTime);
  for (Column* column : {&here, &there, &utc}) {
    column->push(Time{1'700'000'000'000'000'001});
  }
  const Batch batch({here, there, utc});
  std::string bytes;
  must(write_arrow(batch,
                   [&](std::string_view piece) -> Result<void> {
                     bytes += piece;
                     return {};
                   },
                   {{"here", ""}, {"there", "Australia/Sydney"}, {"absent", "UTC"}}));
  EXPECT_EQ(must(arrow_zones(bytes, "x")),
            (std::map<std::string, std::string>{{"there", "Australia/Sydney"}, {"utc", "UTC"}}));
  expect_same(must(read_arrow(bytes, "x")), batch);
}

}  // namespace
}  // namespace lode::arrow
