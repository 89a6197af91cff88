// From a vendor's file to a number, twice: once through import, lake, panel, engine and evaluation, once by plain loops
// over the rows of the file. What the product says must be what the loops say.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "lode/base/text.h"
#include "lode/flow/steps/research/research_testing.h"

namespace lode::flow {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr double kRounding = 1e-9;  // Relative; both sides compute in f64, in another order.

using Grid = std::vector<std::vector<double>>;  // [session][name]

// A market in memory and as the files that are imported.
struct Sheet {
  std::vector<Date> days;
  Grid open, close, volume;
  std::string bars = "date,symbol,open,high,low,close,volume\n";

  Sheet(std::vector<Date> sessions, double gaps) : days(std::move(sessions)) {
    const std::vector<double> none(testing::kNames, kMissing);
    for (Grid* grid : {&open, &close, &volume}) {
      grid->assign(days.size(), none);
    }
    for (std::size_t name = 0; name < none.size(); ++name) {
      Random random(23, name);
      double price = 20.0 + 3.0 * static_cast<double>(name);
      for (std::size_t day = 0; day < days.size(); ++day) {
        const double first = rounded(price * (1.0 + 0.01 * random.next_normal()));
        price = rounded(first * (1.0 + 0.02 * random.next_normal()));
        const auto shares = static_cast<double>(1000 + random.next_below(100'000));
        if (random.next_uniform() < gaps) {
          continue;
        }
        open[day][name] = first;
        close[day][name] = price;
        volume[day][name] = shares;
        bars += fmt::format("{},S{:02},{:.4f},{:.4f},{:.4f},{:.4f},{}\n", to_string(days[day]), name, first,
                            std::max(first, price) * 1.02, std::min(first, price) * 0.98, price, shares);
      }
    }
  }
  static double rounded(double price) { return std::round(price * 1e4) / 1e4; }

  // Multiplies what stands before `day`: a split of `ratio` new shares an old one.
  void split(std::size_t day, std::size_t name, double ratio) {
    for (std::size_t i = 0; i < day; ++i) {
      open[i][name] /= ratio;
      close[i][name] /= ratio;
      volume[i][name] *= ratio;
    }
  }
  // A dividend lowers everything before its ex-date by its share of the close before it (as traded then).
  void dividend(std::size_t day, std::size_t name, double amount) {
    const double factor = 1.0 - amount / close[day - 1][name];
    for (std::size_t i = 0; i < day; ++i) {
      open[i][name] *= factor;
      close[i][name] *= factor;
    }
  }
};

// A row's average ranks over its valid cells, as a share of their number.
std::vector<double> ranks(const std::vector<double>& row) {
  const auto valid = std::ranges::count_if(row, [](double x) { return !std::isnan(x); });
  std::vector<double> out(row.size(), kMissing);
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!std::isnan(row[i])) {
      const auto below = std::ranges::count_if(row, [&](double x) { return x < row[i]; });
      const auto ties = std::ranges::count(row, row[i]);
      out[i] = (static_cast<double>(below) + 0.5 * static_cast<double>(ties + 1)) / static_cast<double>(valid);
    }
  }
  return out;
}

// Pearson over the pairs valid in both.
double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  double n = 0, mean_x = 0, mean_y = 0, xy = 0, xx = 0, yy = 0;
  const auto each = [&](auto&& use) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (!std::isnan(x[i]) && !std::isnan(y[i])) {
        use(x[i], y[i]);
      }
    }
  };
  each([&](double a, double b) { n += 1, mean_x += a, mean_y += b; });
  mean_x /= n, mean_y /= n;
  each([&](double a, double b) {
    xy += (a - mean_x) * (b - mean_y), xx += (a - mean_x) * (a - mean_x), yy += (b - mean_y) * (b - mean_y);
  });
  return xy / std::sqrt(xx * yy);
}

double spearman(std::vector<double> x, std::vector<double> y) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) || std::isnan(y[i])) {
      x[i] = y[i] = kMissing;
    }
  }
  return correlation(ranks(x), ranks(y));
}

class JourneyOfANumber : public testing::Research {
 protected:
  void import(const std::string& table, const std::string& text) {
    IngestRequest request;
    request.paths = {write(table + ".csv", text)};
    request.table = table;
    request.mic = "XNYS";
    must(ingest(world, request));
  }

  // The answer of `factor compute` as a grid.
  Grid computed(const Sheet& sheet, const std::string& formula) {
    std::map<std::string, std::size_t> rows;
    for (std::size_t day = 0; day < sheet.days.size(); ++day) {
      rows[to_string(sheet.days[day])] = day;
    }
    Grid out(sheet.days.size(), std::vector<double>(testing::kNames, kMissing));
    const Outcome outcome =
        good("factor", "compute", fmt::format(R"j({{"formula": ["{}"], "universe": "all"}})j", formula));
    const std::vector<std::string_view> lines = split(outcome.payload, '\n');
    for (std::size_t i = 1; i < lines.size() && !lines[i].empty(); ++i) {
      const std::vector<std::string_view> cells = split(lines[i], ',');
      double value = kMissing;
      if (!trim(cells.back()).empty()) {
        EXPECT_TRUE(parse_double(trim(cells.back()), value)) << lines[i];
      }
      out[rows.at(std::string(cells[0]))][std::stoul(std::string(cells[1].substr(1)))] = value;
    }
    return out;
  }
  static void expect_equal(const Grid& found, const Grid& expected, const std::string& what) {
    std::size_t valid = 0;
    std::size_t wrong = 0;
    for (std::size_t day = 0; day < expected.size(); ++day) {
      for (std::size_t name = 0; name < expected[day].size(); ++name) {
        const double x = found[day][name];
        const double y = expected[day][name];
        valid += std::isnan(y) ? 0 : 1;
        const bool same = std::isnan(x) == std::isnan(y) &&
                          (std::isnan(x) || std::abs(x - y) <= kRounding * std::max(1.0, std::abs(y)));
        if (!same && ++wrong < 5) {
          ADD_FAILURE() << what << ": row " << day << " S" << name << " is " << x << ", the loops say " << y;
        }
      }
    }
    EXPECT_EQ(wrong, 0U) << what;
    EXPECT_GT(valid, expected.size() * testing::kNames / 2) << what;
  }
};

using Cell = std::function<double(const Sheet&, std::size_t day, std::size_t name)>;

Grid by_loops(const Sheet& sheet, const Cell& cell) {
  Grid out(sheet.days.size(), std::vector<double>(testing::kNames, kMissing));
  for (std::size_t day = 0; day < out.size(); ++day) {
    for (std::size_t name = 0; name < out[day].size(); ++name) {
      // Outside the universe "all", on days without a bar, there is no value.
      out[day][name] = std::isnan(sheet.close[day][name]) ? kMissing : cell(sheet, day, name);
    }
  }
  return out;
}

double change(const Sheet& sheet, std::size_t day, std::size_t name) {
  return day < 5 ? kMissing : sheet.close[day][name] - sheet.close[day - 5][name];
}

TEST_F(JourneyOfANumber, FactorValuesAreThoseOfTheFilesRows) {
  Sheet sheet(sessions(), 0.03);
  import("bars", sheet.bars);
  import("groups", groups_csv());
  expect_equal(computed(sheet, "ts_delta(close, 5)"), by_loops(sheet, change), "delta");

  Grid ranked =
      by_loops(sheet, [](const Sheet& s, std::size_t day, std::size_t name) { return -change(s, day, name); });
  std::ranges::transform(ranked, ranked.begin(), ranks);
  expect_equal(computed(sheet, "rank(-ts_delta(close, 5))"), ranked, "rank");

  const Grid mean = by_loops(sheet, [](const Sheet& s, std::size_t day, std::size_t name) {
    double sum = day < 9 ? kMissing : 0.0;
    for (std::size_t back = 0; back < 10 && day >= 9; ++back) {
      sum += s.close[day - back][name];
    }
    return sum / 10.0 / s.open[day][name] - 1.0;
  });
  expect_equal(computed(sheet, "ts_mean(close, 10) / open - 1"), mean, "mean");

  const Grid within = by_loops(sheet, [](const Sheet& s, std::size_t day, std::size_t name) {
    double sum = 0.0;
    double count = 0.0;
    for (std::size_t other = name % 2; other < s.volume[day].size(); other += 2) {  // Banks are even, Energy is odd.
      if (!std::isnan(s.volume[day][other])) {
        sum += s.volume[day][other];
        count += 1.0;
      }
    }
    return s.volume[day][name] - sum / count;
  });
  expect_equal(computed(sheet, "indneutralize(volume, sector)"), within, "sector");
}

TEST_F(JourneyOfANumber, PricesAreAdjustedAsTheActionsSay) {
  Sheet sheet(sessions(), 0.0);
  import("bars", sheet.bars);
  const auto day = [&](std::size_t row) { return to_string(sheet.days[row]); };
  import("actions", fmt::format("ex_date,symbol,kind,ratio,amount\n{},S03,split,4,\n{},S04,dividend,,0.75\n"
                                "{},S05,split,0.1,\n{},S05,dividend,,1.5\n",
                                day(100), day(150), day(60), day(200)));
  sheet.split(100, 3, 4.0);
  sheet.dividend(150, 4, 0.75);
  sheet.split(60, 5, 0.1);
  sheet.dividend(200, 5, 1.5);
  const Cell ratio = [](const Sheet& s, std::size_t row, std::size_t name) {
    return row < 5 ? kMissing : s.close[row][name] / s.close[row - 5][name] - 1.0;
  };
  expect_equal(computed(sheet, "close / delay(close, 5) - 1"), by_loops(sheet, ratio), "returns");
  const Cell turnover = [](const Sheet& s, std::size_t row, std::size_t name) {
    return row < 1 ? kMissing : s.volume[row][name] / s.volume[row - 1][name];
  };
  expect_equal(computed(sheet, "volume / delay(volume, 1)"), by_loops(sheet, turnover), "volume");
}

TEST_F(JourneyOfANumber, InformationCoefficientsAreThoseOfPlainLoops) {
  Sheet sheet(sessions(), 0.0);
  import("bars", sheet.bars);
  import("actions", fmt::format("ex_date,symbol,kind,ratio\n{},S07,split,3\n", to_string(sheet.days[120])));
  sheet.split(120, 7, 3.0);
  const Grid factor = by_loops(sheet, [](const Sheet& s, std::size_t day, std::size_t name) {
    return day < 5 ? kMissing : -(s.close[day][name] / s.close[day - 5][name]);
  });
  for (const auto& [convention, delay] :
       {std::pair("next_open", std::size_t{1}), std::pair("close_to_close", std::size_t{0})}) {
    const Outcome outcome = good("factor", "eval",
                                 fmt::format(R"j({{"formula": "-(close / delay(close, 5))", "horizons": "1,5",
                                                   "convention": "{}"}})j",
                                             convention));
    const Grid& price = delay == 1 ? sheet.open : sheet.close;
    for (const std::size_t horizon : {std::size_t{1}, std::size_t{5}}) {
      double rank_sum = 0.0;
      double sum = 0.0;
      double days = 0.0;
      for (std::size_t day = 5; day + delay + horizon < sheet.days.size(); ++day) {
        std::vector<double> earned;
        for (std::size_t name = 0; name < testing::kNames; ++name) {
          earned.push_back(price[day + delay + horizon][name] / price[day + delay][name] - 1.0);
        }
        rank_sum += spearman(factor[day], earned);
        sum += correlation(factor[day], earned);
        days += 1.0;
      }
      const std::string what = fmt::format("{}d", horizon);
      EXPECT_NEAR(testing::number(outcome, "rank_ic." + what + ".mean"), rank_sum / days, kRounding) << convention;
      EXPECT_NEAR(testing::number(outcome, "ic." + what + ".mean"), sum / days, kRounding) << convention;
    }
  }
}

}  // namespace
}  // namespace lode::flow
