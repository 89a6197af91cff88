// What the tests of this module share: a lake in a temporary folder, and rows of bars and instruments in one line each.
// For tests and benchmarks only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lode/base/error.h"
#include "lode/base/test_world.h"
#include "lode/io/lake/lake.h"
#include "lode/market/schema.h"

namespace lode::lake::testing {

// A folder that goes with the test; the lake in it is opened on demand.
class LakeTest : public ::testing::Test {
 protected:
  LakeTest() : pool(2), clock(*parse_as_of("2026-01-05T12:00:00Z")) {
    std::string place = (std::filesystem::temp_directory_path() / "lode-lake-test-XXXXXX").string();
    root = mkdtemp(place.data());
    folder = root + "/lake";
  }
  ~LakeTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(root, ignored);
  }

  std::unique_ptr<Lake> open(Access access = Access::kCreate) {
    auto lake = Lake::open(folder, access, clock, pool);
    EXPECT_TRUE(lake.has_value()) << (lake ? "" : render(lake.error()));
    return lake ? std::move(*lake) : nullptr;
  }

  std::string root;
  std::string folder;
  Pool pool;
  FixedClock clock;
};

// One daily bar; everything else follows from these.
struct BarLine {
  std::uint64_t instrument;
  Date session;
  double close;
  Time known = {};  // Epoch = the end of the session's day.
};

inline Batch bars(const std::vector<BarLine>& lines) {
  Batch batch = empty_batch(*find_table("bars"));
  std::int64_t line_number = 1;
  for (const BarLine& line : lines) {
    const Time close_time = end_of_day(line.session);
    batch.column("instrument_id").push(line.instrument);
    batch.column("interval_seconds").push(std::int64_t{0});
    batch.column("session").push(line.session);
    batch.column("start").push(start_of_day(line.session));
    for (const char* price : {"open", "high", "low", "close"}) {
      batch.column(price).push(line.close);
    }
    batch.column("volume").push(1000.0);
    for (const char* absent : {"amount", "vwap", "trades", "close_vendor"}) {
      batch.column(absent).push_null();
    }
    batch.column("provisional").push(false);
    batch.column("flags").push(std::uint64_t{0});
    batch.column("event_time").push(close_time);
    batch.column("known_time").push(line.known == Time{} ? close_time : line.known);
    batch.column("known_assumed").push(true);
    batch.column("source").push("test");
    batch.column("raw_hash").push("00");
    batch.column("raw_line").push(line_number++);
  }
  return batch;
}

inline Date day(int year, int month, int day_of_month) { return Date::from_civil(year, month, day_of_month); }

// Appends and commits; the commit's id, or 0 with a failed expectation.
inline CommitId import(Lake& lake, const Batch& batch, const std::string& token, Time received = {},
                       std::string_view table = "bars") {
  auto writer = lake.writer();
  if (!writer) {
    ADD_FAILURE() << render(writer.error());
    return 0;
  }
  const auto outcome = writer->append(table, batch, received);
  if (!outcome) {
    ADD_FAILURE() << render(outcome.error());
    return 0;
  }
  const auto commit = writer->commit(token, "data import", Value::object());
  if (!commit) {
    ADD_FAILURE() << render(commit.error());
    return 0;
  }
  return commit->id;
}

inline Batch read(const Snapshot& snapshot, const Query& query = {}, std::string_view table = "bars") {
  auto rows = snapshot.read(table, query);
  if (!rows) {
    ADD_FAILURE() << render(rows.error());
    return empty_batch(*find_table(table));
  }
  return std::move(*rows);
}

// "instrument day close" of each row, in order.
inline std::vector<std::string> lines(const Batch& rows) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    out.push_back(std::to_string(rows.column("instrument_id").uint64s()[i]) + " " + rows.column("session").cell(i) +
                  " " + rows.column("close").cell(i));
  }
  return out;
}

template <class T>
ErrorNumber number_of(const Result<T>& result) {
  return result ? ErrorNumber{} : result.error().number();
}

}  // namespace lode::lake::testing
