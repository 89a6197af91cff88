// What a reader of a day sees of a collected lake: of over a thousand random records and days none that was not known
// by then, and every one that was. Facts, filings, rates and shares as recorded, some of them corrected later.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "lode/base/random.h"
#include "lode/flow/steps/collect/testing.h"
#include "lode/io/lake/history/versions.h"
#include "lode/io/source/edgar/recorded.h"

namespace lode::flow {
namespace {

constexpr int kTimes = 22;    // Of each table.
constexpr int kRecords = 12;  // Of each time: 4 x 22 x 12 = 1,056 pairs.
constexpr int kTables = 4;

class KnownBy : public ::testing::Test {
 protected:
  void collect(const std::string& source, source::FetchRequest request, const std::string& body,
               const std::string& type = "application/json") {
    const auto urls = world.planned(source, request);
    ASSERT_FALSE(urls.empty());
    world.record(urls.front(), body, 200, type);
    must(world.fetch(source, std::move(request)));
  }
  // Corrects every `step`-th row of a table, known from then on.
  void correct(std::string_view table, const std::string& column, std::size_t step, Time received) {
    const auto lake = world.lake();
    const Batch rows = world.read(table);
    std::vector<std::uint32_t> chosen;
    for (std::size_t row = 0; row < rows.rows(); row += step) {
      chosen.push_back(static_cast<std::uint32_t>(row));
    }
    Batch changed = rows.take(chosen);
    Column other(column, ColumnType::kFloat64);
    for (std::size_t row = 0; row < changed.rows(); ++row) {
      other.push(changed.column(column).float64s()[row] + 1);
    }
    changed.column(column) = std::move(other);
    lake::Writer writer = must(lake->writer());
    EXPECT_EQ(must(writer.append(table, changed, received)).corrected, static_cast<std::int64_t>(chosen.size()));
    must(writer.commit("correction of " + std::string(table), "data fetch", Value()));
  }
  CollectWorld world;
};

std::string key_of(const TableSpec& table, const Batch& rows, std::size_t row) {
  std::string out;
  for (const std::string_view name : table.key) {
    const Column& column = rows.column(name);
    out += column.is_null(row) ? "\x01|" : column.cell(row) + "|";
  }
  return out;
}

// When each version of each record was known.
using Known = std::map<std::string, std::vector<std::int64_t>>;

int pairs_checked(const lake::Snapshot& snapshot, std::string_view name, Random& random) {
  const TableSpec& table = *find_table(name);
  std::vector<std::string> columns(table.key.begin(), table.key.end());
  columns.emplace_back("known_time");
  const Batch versions = must(lake::read_versions(snapshot, name, {.columns = columns}));
  Known known;
  std::vector<std::string> keys;
  for (std::size_t row = 0; row < versions.rows(); ++row) {
    keys.push_back(key_of(table, versions, row));
    known[keys.back()].push_back(versions.column("known_time").times()[row]);
  }
  int pairs = 0;
  for (int time = 0; time < kTimes; ++time) {
    // The instant at which some row became known, one nanosecond before it, or some day around it.
    const std::int64_t at = versions.column("known_time").times()[random.next_below(versions.rows())];
    const auto days = static_cast<std::int64_t>(random.next_below(800)) - 400;
    const Time as_of{time % 3 == 0 ? at : time % 3 == 1 ? at - 1 : at + days * 86'400 * kNanosPerSecond};
    lake::Query query{.columns = columns};
    query.as_of = as_of;
    const Batch seen = must(snapshot.read(name, query));
    std::map<std::string, std::int64_t> visible;
    for (std::size_t row = 0; row < seen.rows(); ++row) {
      const std::int64_t since = seen.column("known_time").times()[row];
      EXPECT_LE(since, as_of.nanos) << name << ": a row of the future";
      EXPECT_TRUE(visible.emplace(key_of(table, seen, row), since).second) << name << ": a record twice";
    }
    for (int record = 0; record < kRecords; ++record, ++pairs) {
      const std::string& key = keys[random.next_below(keys.size())];
      const std::vector<std::int64_t>& times = known.at(key);
      const bool was_known = std::ranges::any_of(times, [&](std::int64_t since) { return since <= as_of.nanos; });
      EXPECT_EQ(visible.contains(key), was_known) << name << " " << key << " as of " << to_string(as_of);
    }
  }
  return pairs;
}

TEST_F(KnownBy, NoRecordIsSeenBeforeItWasKnownAndNoneIsMissedAfter) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  LODE_NEEDS_DATA("macro");
  collect("edgar-facts", named({"320193"}), read_test_data("edgar/companyfacts/CIK0000320193.json.gz"));
  collect("edgar-xbrl", named({"320193/0000320193-23-000106"}),
          source::edgar::submission(
              {{"XML", "aapl-20230930_htm.xml", read_test_data("edgar/xbrl/aapl-20230930/aapl-20230930_htm.xml.gz")}}),
          "text/plain");
  collect("edgar-submissions", named({"320193"}), read_test_data("edgar/submissions/CIK0000320193.20260305.json"));
  source::FetchRequest rates;
  rates.kinds = {"hist"};
  collect("ecb", rates, read_test_data("macro/eurofxref-hist.zip"), "application/zip");
  correct("facts", "value", 40, *parse_as_of("2021-05-01T00:00:00Z"));
  correct("macro", "value", 400, *parse_as_of("2022-05-01T00:00:00Z"));
  const auto lake = world.lake();
  const lake::Snapshot snapshot = must(lake->snapshot());
  Random random(29, 0);
  int pairs = 0;
  for (const char* table : {"facts", "filings", "macro", "shares"}) {
    pairs += pairs_checked(snapshot, table, random);
  }
  EXPECT_EQ(pairs, kTables * kTimes * kRecords);
}

}  // namespace
}  // namespace lode::flow
