// Sets of values in the lake: whole or not at all, whatever stops the writer, and the view over them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/values/values.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bit>
#include <csignal>
#include <filesystem>
#include <limits>

#include "lode/base/must.h"
#include "lode/io/lake/testing.h"

namespace lode::lake::testing {
namespace {

namespace fs = std::filesystem;

class Values : public LakeTest {
 protected:
  Values() : lake(open()) {}

  // Sessions of two years, two instruments, two factors; b of the second instrument is missing.
  static std::optional<Batch> batch(int number) {
    if (number > 2) {
      return std::nullopt;
    }
    const Date session = day(number == 0 ? 2020 : 2021, 1, 4 + number);
    Column sessions("session", ColumnType::kDate), ids("instrument_id", ColumnType::kUint64);
    Column known("known_time", ColumnType::kTime), a("a/one", ColumnType::kFloat64),
        b("b \"two\"", ColumnType::kFloat64);
    for (std::uint64_t id = 1; id <= 2; ++id) {
      sessions.push(session);
      ids.push(id);
      known.push(Time{session.days * kNanosPerDay});
      a.push(0.1 * number + static_cast<double>(id));
      id == 1 ? b.push(1.0 / 3.0) : b.push_null();
    }
    return Batch({sessions, ids, known, a, b});
  }
  static BatchSource three() {
    return [number = 0]() mutable -> Result<std::optional<Batch>> { return batch(number++); };
  }
  static ValuesRecord record(const std::string& hash) {
    ValuesRecord out;
    out.set.key = "key";
    out.set.profile = "lode";
    out.set.universe = "all";
    out.set.factors = {{"a/one", "close", "h1"}, {"b \"two\"", "open", "h2"}};
    out.set.cells = 12;
    out.run.hash = hash;
    out.run.flow = kValuesFlow;
    out.run.request = Value::object();
    out.run.outcome = Value::object();
    out.run.status = "done";
    return out;
  }
  static Result<ValuesSet> store(Lake& lake, const std::string& hash, const BatchSource& rows = three(),
                                 Precision precision = Precision::kFloat64) {
    return store_values(lake, hash, 2, precision, rows, [&]() -> Result<ValuesRecord> { return record(hash); });
  }
  static std::size_t files_under(const std::string& folder) {
    std::size_t count = 0;
    std::error_code code;
    for (fs::recursive_directory_iterator at(folder, code), end; !code && at != end; at.increment(code)) {
      count += at->is_regular_file() ? 1 : 0;
    }
    return count;
  }

  std::unique_ptr<Lake> lake;
};

TEST_F(Values, AreAPartAYearAndRowsOfTheLongTable) {
  const ValuesSet set = must(store(*lake, "abcdef01"));
  EXPECT_EQ(set.alias, "r1");
  const Snapshot now = must(lake->snapshot());
  const std::vector<PartInfo> parts = now.parts(kFactorValues);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].partition, "run=abcdef01/year=2020");
  EXPECT_EQ(parts[1].rows, 8) << "cells, not wide rows";
  EXPECT_EQ(must(now.count(kFactorValues)), 12);
  const Batch rows = must(now.read(kFactorValues, {}));
  ASSERT_EQ(rows.rows(), 12U);
  EXPECT_EQ(rows.column("run").texts()[0], "abcdef01");
  EXPECT_EQ(rows.column("factor").texts()[0], "a/one");
  EXPECT_EQ(rows.column("value").null_count(), 3U);
  const Batch sql =
      must(now.sql("select factor, count(value) n, min(value) low from factor_values group by 1 order by 1"));
  EXPECT_EQ(sql.column("n").int64s()[1], 3);
  EXPECT_EQ(sql.column("low").float64s()[1], 1.0 / 3.0);
  EXPECT_TRUE(must(lake->verify()).damaged.empty());
  EXPECT_EQ(must(lake->compact(kFactorValues)).id, set.commit) << "nothing to merge";
}

TEST_F(Values, OfF32AreStoredAsFloatsAndReadBackAsTheirValues) {
  must(store(*lake, "abcdef01", three(), Precision::kFloat32));
  std::vector<double> read;
  const ValuesSet set = must(values_sets(*lake)).front();
  must(read_values(must(lake->snapshot()), set, {.factors = {"a/one"}}, 1, [&](const Batch& batch) -> Result<void> {
    EXPECT_EQ(batch.columns().size(), 3U);
    for (const double value : batch.column("a/one").float64s()) {
      read.push_back(value);
    }
    return {};
  }));
  EXPECT_EQ(read, (std::vector<double>{1.0, 2.0, static_cast<double>(1.1F), static_cast<double>(2.1F),
                                       static_cast<double>(1.2F), static_cast<double>(2.2F)}));
}

// Both zeros, infinities, the smallest number, one value often: what dictionaries of the format would merge.
TEST_F(Values, AreReadBackToTheBit) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::vector<double> kinds = {0.0, -0.0, 1.0, -0.0, 0.0, kInfinity, -kInfinity, 5e-324, -5e-324, 0.1};
  for (const Precision precision : {Precision::kFloat64, Precision::kFloat32}) {
    const std::string hash = precision == Precision::kFloat64 ? "abcdef01" : "abcdef02";
    std::vector<double> written;
    const BatchSource once = [&]() -> Result<std::optional<Batch>> {
      if (!written.empty()) {
        return std::optional<Batch>();
      }
      Column sessions("session", ColumnType::kDate), ids("instrument_id", ColumnType::kUint64),
          known("known_time", ColumnType::kTime), a("a/one", ColumnType::kFloat64),
          b("b \"two\"", ColumnType::kFloat64);
      for (std::uint64_t i = 0; i < 5000; ++i) {
        sessions.push(day(2020, 1, 4));
        ids.push(i + 1);
        known.push(Time{0});
        const double value = kinds[(i * 7 + i / 11) % kinds.size()];
        written.push_back(precision == Precision::kFloat64 ? value : static_cast<double>(static_cast<float>(value)));
        a.push(value);
        b.push(-value);
      }
      return std::optional(Batch({sessions, ids, known, a, b}));
    };
    const ValuesSet set = must(store(*lake, hash, once, precision));
    std::vector<double> read;
    must(read_values(must(lake->snapshot()), set, {.factors = {"a/one"}}, 512, [&](const Batch& rows) -> Result<void> {
      const auto values = rows.column("a/one").float64s();
      read.insert(read.end(), values.begin(), values.end());
      return {};
    }));
    ASSERT_EQ(read.size(), written.size());
    std::size_t differ = 0;
    for (std::size_t i = 0; i < read.size(); ++i) {
      differ += std::bit_cast<std::uint64_t>(read[i]) == std::bit_cast<std::uint64_t>(written[i]) ? 0 : 1;
    }
    EXPECT_EQ(differ, 0U);
  }
}

TEST_F(Values, ThatFailOnTheWayLeaveNothing) {
  const BatchSource broken = [number = 0]() mutable -> Result<std::optional<Batch>> {
    return number == 2 ? Result<std::optional<Batch>>(fail(E::E10, "stopped")) : batch(number++);
  };
  const Result<ValuesSet> failed = store(*lake, "abcdef01", broken);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().number(), E::E10);
  EXPECT_EQ(files_under(folder + "/tables"), 0U);
  EXPECT_TRUE(must(RunStore(*lake).list()).empty());
  const Result<ValuesSet> unrecorded = store_values(*lake, "abcdef01", 2, Precision::kFloat64, three(),
                                                    []() -> Result<ValuesRecord> { return fail(E::E10, "stopped"); });
  EXPECT_FALSE(unrecorded);
  EXPECT_EQ(files_under(folder + "/tables"), 0U);
  must(store(*lake, "abcdef01"));
}

// A child process killed between two batches: nothing of it is seen, and the same again stores it.
TEST_F(Values, OfAKilledProcessAreNotThere) {
  lake.reset();
  for (int killed_at = 0; killed_at < 3; ++killed_at) {
    const pid_t child = fork();
    if (child == 0) {
      FixedClock own(clock.now());
      Pool alone(1);
      auto mine = Lake::open(folder, Access::kWrite, own, alone);
      const BatchSource rows = [&, number = 0]() mutable -> Result<std::optional<Batch>> {
        if (number == killed_at) {
          kill(getpid(), SIGKILL);
        }
        return batch(number++);
      };
      (void)store(**mine, "abcdef01", rows);
      _exit(0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << killed_at;
    auto seen = must(Lake::open(folder, Access::kRead, clock, pool));
    EXPECT_TRUE(must(values_sets(*seen)).empty());
    EXPECT_TRUE(must(RunStore(*seen).list()).empty());
    EXPECT_EQ(must(must(seen->snapshot()).count(kFactorValues)), 0);
  }
  lake = must(Lake::open(folder, Access::kWrite, clock, pool));
  must(store(*lake, "abcdef01"));
  EXPECT_EQ(must(must(lake->snapshot()).count(kFactorValues)), 12);
  EXPECT_TRUE(must(lake->verify()).damaged.empty());
}

TEST_F(Values, OfOneRunAreStoredOnceThoughTwoProcessesMadeThem) {
  const ValuesSet first = must(store(*lake, "abcdef01"));
  const ValuesSet second = must(store(*lake, "abcdef01"));
  EXPECT_EQ(second.commit, first.commit);
  EXPECT_EQ(must(must(lake->snapshot()).count(kFactorValues)), 12);
  EXPECT_EQ(files_under(folder + "/tables"), 2U) << "the parts made twice are gone";
}

TEST_F(Values, DoNotCountAsDataThatValuesAreComputedOf) {
  const CommitId data = import(*lake, bars({{1, day(2020, 1, 2), 5.0}}), "bars");
  const ValuesSet set = must(store(*lake, "abcdef01"));
  EXPECT_EQ(must(input_commit(*lake, set.commit)), data);
  const CommitInfo hidden = must(lake->revert(set.commit));
  EXPECT_EQ(must(input_commit(*lake, hidden.id)), data);
  EXPECT_TRUE(must(values_sets(*lake)).empty());
  const CommitInfo gone = must(lake->revert(data));
  EXPECT_EQ(must(input_commit(*lake, gone.id)), gone.id) << "hiding bars changes what there is to compute of";
}

// A set whose own part has the second session of 2021; the two others stand in parts of `first`.
class ContinuedValues : public Values {
 protected:
  ContinuedValues() : first(must(store(*lake, "abcdef01"))), second(go_on("abcdef02", first)) {}

  ValuesSet go_on(const std::string& hash, const ValuesSet& from) {
    const std::vector<PartInfo> parts = must(lake->snapshot()).parts(kFactorValues);
    const BatchSource last = [done = false]() mutable -> Result<std::optional<Batch>> {
      return std::exchange(done, true) ? std::nullopt : other(batch(2));
    };
    return must(store_values(*lake, hash, 2, Precision::kFloat64, last, [&]() -> Result<ValuesRecord> {
      ValuesRecord out = record(hash);
      out.set.continues = from.alias;
      out.set.kept = {{parts[0].id, day(2020, 1, 4), day(2020, 1, 4), 4},
                      {parts[1].id, day(2021, 1, 5), day(2021, 1, 5), 4}};
      out.sides = {{"inputs", Batch({Column::uint64("hash", {7, 9})})}};
      return out;
    }));
  }
  // The same keys with other numbers: what was computed again.
  static std::optional<Batch> other(std::optional<Batch> batch) {
    std::vector<double> ones(batch->rows(), 77.0);
    Batch out({batch->column("session"), batch->column("instrument_id"), batch->column("known_time"),
               Column::float64("a/one", ones), batch->column("b \"two\"")});
    return out;
  }
  std::vector<double> read(const ValuesSet& set, const ValuesQuery& more = {}) const {
    std::vector<double> out;
    ValuesQuery query = more;
    query.factors = {"a/one"};
    Date before;
    must(read_values(must(lake->snapshot()), set, query, 1, [&](const Batch& rows) -> Result<void> {
      for (std::size_t i = 0; i < rows.rows(); ++i) {
        const Date session{rows.column("session").dates()[i]};
        EXPECT_LE(before, session);
        before = session;
        out.push_back(rows.column("a/one").float64s()[i]);
      }
      return {};
    }));
    return out;
  }

  ValuesSet first, second;
};

TEST_F(ContinuedValues, AreReadFromThePartsOfBoth) {
  EXPECT_EQ(read(first), (std::vector<double>{1.0, 2.0, 1.1, 2.1, 1.2, 2.2}));
  EXPECT_EQ(read(second), (std::vector<double>{1.0, 2.0, 1.1, 2.1, 77.0, 77.0}));
  EXPECT_EQ(read(second, {.from = day(2021, 1, 5), .to = day(2021, 1, 5)}), (std::vector<double>{1.1, 2.1}));
  EXPECT_EQ(read(second, {.from = day(2021, 1, 6)}), (std::vector<double>{77.0, 77.0}));
  const Snapshot now = must(lake->snapshot());
  EXPECT_EQ(must(now.count(kFactorValues)), 24);
  EXPECT_EQ(must(now.read(kFactorValues, {})).rows(), 24U);
  const Batch sql =
      must(now.sql("select run, count(*) n, sum(value) s from factor_values where factor = 'a/one' "
                   "group by 1 order by 1"));
  EXPECT_EQ(sql.column("n").int64s()[1], 6);
  EXPECT_DOUBLE_EQ(sql.column("s").float64s()[1], 1.0 + 2.0 + 1.1 + 2.1 + 154.0);
  EXPECT_EQ(must(read_side(now, second, "inputs"))->column("hash").uint64s()[1], 9U);
  EXPECT_FALSE(must(read_side(now, first, "inputs")));
}

TEST_F(ContinuedValues, StandThoughTheirPredecessorIsHiddenOrDropped) {
  const std::vector<double> rows = read(second);
  must(lake->revert(first.commit));
  clock.advance(std::int64_t{3} * kNanosPerDay);
  must(lake->vacuum(true));
  EXPECT_EQ(read(second), rows);
  EXPECT_TRUE(must(lake->verify()).damaged.empty());
}

TEST_F(ContinuedValues, AreDroppedWithWhatNobodyElseReads) {
  const ValuesDrop asked = must(drop_values(*lake, first, false));
  EXPECT_EQ(asked.files, 0) << "all of its parts are read by the second";
  EXPECT_EQ(asked.needed_by, (std::vector<std::string>{"r2"}));
  EXPECT_EQ(must(values_sets(*lake)).size(), 2U);
  must(drop_values(*lake, first, true));
  ASSERT_EQ(must(values_sets(*lake)).size(), 1U);
  EXPECT_EQ(read(second), (std::vector<double>{1.0, 2.0, 1.1, 2.1, 77.0, 77.0}));
  const CommitId between = must(lake->snapshot()).commit();
  const ValuesDrop last = must(drop_values(*lake, second, true));
  EXPECT_EQ(last.files, 4) << "its own, its inputs, and the two of the hidden one";
  EXPECT_GT(last.bytes, 0);
  EXPECT_EQ(files_under(folder + "/tables"), 0U);
  EXPECT_EQ(must(RunStore(*lake).list()).size(), 2U) << "the record stays";
  EXPECT_TRUE(must(lake->verify()).damaged.empty());
  must(lake->snapshot(between));  // Other tables can be read as they were then.
  must(store(*lake, "abcdef01"));
  EXPECT_EQ(must(values_sets(*lake)).size(), 1U) << "and comes again where it is stored again";
}

TEST_F(ContinuedValues, AreNotStoredOnPartsThatWent) {
  must(drop_values(*lake, second, true));
  const Result<ValuesSet> late =
      store_values(*lake, "abcdef03", 2, Precision::kFloat64, three(), [&]() -> Result<ValuesRecord> {
        ValuesRecord out = record("abcdef03");
        out.set.continues = "r1";
        out.set.kept = {{must(lake->snapshot()).parts(kFactorValues)[0].id, day(2020, 1, 4), day(2020, 1, 4), 4}};
        must(drop_values(*lake, first, true));
        return out;
      });
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().number(), E::E8005);
  EXPECT_EQ(files_under(folder + "/tables"), 0U);
}

TEST_F(ContinuedValues, LetVacuumTakeWhatTheySuperseded) {
  const std::vector<PartInfo> parts = must(lake->snapshot()).parts(kFactorValues);
  const auto side = std::ranges::find(parts, "run=abcdef02/kind=inputs", &PartInfo::partition);
  ASSERT_NE(side, parts.end());
  const BatchSource none = []() -> Result<std::optional<Batch>> { return std::nullopt; };
  must(store_values(*lake, "abcdef03", 2, Precision::kFloat64, none, [&]() -> Result<ValuesRecord> {
    ValuesRecord out = record("abcdef03");
    out.set.continues = "r2";
    out.set.kept = second.kept;
    out.set.supersedes = {side->id};
    return out;
  }));
  const VacuumReport gone = must(lake->vacuum(true));
  EXPECT_EQ(gone.paths, (std::vector<std::string>{side->path}));
  EXPECT_EQ(read(second).size(), 6U);
  EXPECT_FALSE(must(read_side(must(lake->snapshot()), second, "inputs")));
}

}  // namespace
}  // namespace lode::lake::testing
