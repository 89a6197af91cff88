// What the tests of research flows share: a lake with a small random market, imported through the real pipeline. For
// tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/flow/verb_testing.h"
#include "lode/market/calendar.h"

namespace lode::flow::testing {

inline constexpr int kNames = 30;
inline constexpr int kSessions = 260;

// Random walks of kNames symbols S00.. over kSessions sessions of XNYS from 2020-01-02, two sectors.
class Research : public Verbs {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    const std::string path = parts.folder + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  static std::vector<Date> sessions() {
    const Calendar* calendar = must(find_calendar("XNYS"));
    std::vector<Date> days = calendar->sessions(Date::from_civil(2020, 1, 2), Date::from_civil(2021, 6, 30));
    days.resize(kSessions);
    return days;
  }

  static std::string bars_csv() {
    std::string text = "date,symbol,open,high,low,close,volume\n";
    for (int name = 0; name < kNames; ++name) {
      Random random(11, static_cast<std::uint64_t>(name));
      double close = 50.0 + name;
      for (const Date day : sessions()) {
        const double open = close * (1.0 + 0.005 * random.next_normal());
        close = open * (1.0 + 0.02 * random.next_normal());
        text += fmt::format("{},S{:02},{:.4f},{:.4f},{:.4f},{:.4f},{}\n", to_string(day), name, open,
                            std::max(open, close) * 1.01, std::min(open, close) * 0.99, close,
                            1000 + random.next_below(9000));
      }
    }
    return text;
  }

  static std::string groups_csv() {
    std::string text = "symbol,sector,valid_from\n";
    for (int name = 0; name < kNames; ++name) {
      text += fmt::format("S{:02},{},2020-01-02\n", name, name % 2 == 0 ? "Banks" : "Energy");
    }
    return text;
  }

  void import_market() {
    IngestRequest bars;
    bars.paths = {write("bars.csv", bars_csv())};
    bars.table = "bars";
    bars.mic = "XNYS";
    bars.raw = "reference";  // So that a test may change the file behind a run.
    must(ingest(world, bars));
    IngestRequest groups;
    groups.paths = {write("groups.csv", groups_csv())};
    groups.table = "groups";
    groups.mic = "XNYS";
    must(ingest(world, groups));
  }
};

inline double number(const Outcome& outcome, std::string_view path) {
  const Value* value = outcome.data.at_path(fmt::format("numbers.{}.value", path));
  EXPECT_NE(value, nullptr) << path;
  return value != nullptr && value->is_number() ? value->as_double() : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace lode::flow::testing
