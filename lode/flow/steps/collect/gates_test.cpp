// The flags that fetched bars get, daily and intraday.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/gates.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "lode/base/must.h"
#include "lode/base/test_world.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kMonday = 1'736'173'800;  // 2025-01-06T14:30:00Z, a session's open in New York.

class Gates : public ::testing::Test {
 protected:
  // What Yahoo says of hours from `first` on, with these closes, judged beside what the lake holds.
  std::vector<std::string> flags_of(const std::vector<double>& closes, int first = 0) {
    const source::Source& yahoo = *must(find_source("yahoo"));
    const Time now{(kMonday + 5 * 86'400) * kNanosPerSecond};
    const source::FetchRequest asked{.names = {"A"}, .kinds = {"60m"}, .from = utc_date(now) - 6};
    source::Response answer{
        .asked = must(yahoo.plan(asked, {}, now)).requests.front(), .status = 200, .received_at = now};
    std::string stamps, prices, volumes;
    for (std::size_t i = 0; i < closes.size(); ++i) {
      const int hour = first + static_cast<int>(i);
      const std::string comma = i == 0 ? "" : ",";
      stamps += comma + fmt::format("{}", kMonday + hour / 6 * 86'400 + hour % 6 * kHour);
      prices += comma + fmt::format("{}", closes[i]);
      volumes += comma + "1000";
    }
    answer.body = fmt::format(
        R"({{"chart":{{"result":[{{"meta":{{"symbol":"A","currency":"USD","exchangeName":"NYQ","gmtoffset":-18000,)"
        R"("dataGranularity":"1h","instrumentType":"EQUITY"}},"timestamp":[{0}],"indicators":{{"quote":[{{"open":[{1}],)"
        R"("high":[{1}],"low":[{1}],"close":[{1}],"volume":[{2}]}}]}}}}],"error":null}}}})",
        stamps, prices, volumes);
    source::Parsed parsed = must(yahoo.parse(answer));
    must(flag_bars(must(lake_->snapshot()), QualityLimits(), parsed));
    std::vector<std::string> out;
    for (const source::TableRows& rows : parsed.tables) {
      if (rows.table == "bars") {
        for (const std::uint64_t flags : rows.rows.column("flags").uint64s()) {
          out.push_back(flag_names(flags));
        }
        lake::Writer writer = must(lake_->writer());
        must(writer.append("bars", rows.rows, now));
        must(writer.commit(fmt::format("token {}", first), "test", Value::object()));
      }
    }
    return out;
  }

 private:
  TestWorld test_;
  std::unique_ptr<lake::Lake> lake_ =
      must(lake::Lake::open(test_.folder + "/lake", lake::Access::kCreate, test_.clock, test_.pool));
};

TEST_F(Gates, AnHourAHundredTimesTooHighIsFlagged) {
  const std::vector<std::string> flags = flags_of({50, 50.5, 50.2, 5030, 50.4, 50.1, 50.3});
  ASSERT_EQ(flags.size(), 7U);
  EXPECT_THAT(flags[3], ::testing::HasSubstr("unit_error"));
  EXPECT_EQ(flags[1], "");
  EXPECT_EQ(flags[6], "") << "the next session's first hour";
}

TEST_F(Gates, AnHourIsJudgedBesideTheStoredOnesOfItsLength) {
  EXPECT_THAT(flags_of({50, 50.5, 50.2}), ElementsAre("", "", ""));
  EXPECT_THAT(flags_of({120, 121}, 3), ElementsAre("move,price_locked", ""));
}

}  // namespace
}  // namespace lode::flow
