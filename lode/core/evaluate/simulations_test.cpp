// What the statistics promise, kept on markets of noise: sizes of tests, uniform p-values, false discoveries, verdicts,
// deflated Sharpe ratios and probabilities of overfitting. Small here; with LODE_TEST_LONG at full size, and every
// simulation then prints its line of the table that bench/evaluate shows.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "lode/base/test_rounds.h"
#include "lode/core/evaluate/honesty/honesty.h"
#include "lode/core/evaluate/kernel/no_overlap.h"
#include "lode/core/evaluate/kernel/sorted_rows.h"
#include "lode/core/evaluate/test_market.h"
#include "lode/core/stat/distribution.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/overfit/cscv.h"
#include "lode/core/stat/overfit/multiple_tests.h"
#include "lode/core/stat/overfit/sharpe.h"

namespace lode::evaluate {
namespace {

bool is_full_size() { return std::getenv("LODE_TEST_LONG") != nullptr; }
std::uint64_t size_of(std::uint64_t full, std::uint64_t small) { return is_full_size() ? full : small; }

// A line of the table; at small size nobody reads it.
void tell(const std::string& what, const std::string& found) {
  if (is_full_size()) {
    fmt::print("{:<62} {}\n", what, found);
    std::fflush(stdout);
  }
}

// p of the Kolmogorov-Smirnov distance of `values` from the uniform, by the limit of Kolmogorov (1933) with the
// correction of Stephens (1970).
double uniform_p(std::vector<double> values) {
  std::ranges::sort(values);
  const auto n = static_cast<double>(values.size());
  double distance = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    distance = std::max({distance, static_cast<double>(i + 1) / n - values[i], values[i] - static_cast<double>(i) / n});
  }
  const double scaled = (std::sqrt(n) + 0.12 + 0.11 / std::sqrt(n)) * distance;
  double p = 0.0;
  for (int k = 1; k <= 100; ++k) p += (k % 2 == 1 ? 2.0 : -2.0) * std::exp(-2.0 * k * k * scaled * scaled);
  return std::clamp(p, 0.0, 1.0);
}

double share_above(const std::vector<double>& values, double bar) {
  return static_cast<double>(std::ranges::count_if(values, [bar](double x) { return x > bar; })) /
         static_cast<double>(values.size());
}

struct NullCase {
  int horizon;
  double persistence;
};

// Every headline t of one sheet of a worthless factor.
std::map<std::string, double> headline_ts(const NullCase& asked, std::uint64_t seed, Verdict& verdict) {
  const auto axis = test::make_axis(756, 120);
  const Market market = test::make_market(axis, {.rows = 756, .columns = 120, .seed = 5000 + seed});
  const Panel factor =
      test::make_factor(market, {.persistence = asked.persistence, .missing = 0.05, .seed = 900 + seed});
  const GroupPanel groups = test::make_groups(axis, 6, false);
  Options options;
  options.horizons = {asked.horizon};
  Pool pool(1);
  const auto sheet = tear_sheet(factor, market, &groups, options, pool);
  EXPECT_TRUE(sheet.has_value());
  const HorizonResult& h = sheet->horizons.front();
  verdict = sheet->verdict;
  return {{"rank IC", h.rank_ic.t_no_overlap},
          {"IC", h.ic.t_no_overlap},
          {"spread", h.spread.t_no_overlap},
          {"group-neutral rank IC", sheet->group_neutral->t_no_overlap},
          {"rank IC within a group", sheet->groups.front().t_no_overlap}};
}

class Simulation : public ::testing::TestWithParam<NullCase> {
 protected:
  void SetUp() override {
    if (kSanitized) GTEST_SKIP() << "a share over many seeds, for the plain build; other tests run the same code";
  }
};

// Of 300 seeds a two-sided 5 % test rejects 3 to 8 %, and the p-values are uniform. Of the few seeds of the small size
// at most 5 (10 of 24 by the naive t, at 21 sessions): more with probability below 2e-3.
TEST_P(Simulation, EveryHeadlineTKeepsItsSize) {
  const std::uint64_t seeds = size_of(300, 24);
  std::vector<std::map<std::string, double>> found(seeds);
  std::vector<Verdict> verdicts(seeds);
  Pool pool(2);
  pool.for_each(seeds, [&](std::size_t seed) { found[seed] = headline_ts(GetParam(), seed, verdicts[seed]); });
  for (const auto& [name, unused] : found.front()) {
    std::vector<double> sizes;
    std::vector<double> p;
    for (const auto& one : found) {
      ASSERT_TRUE(std::isfinite(one.at(name))) << name;
      sizes.push_back(std::abs(one.at(name)));
      p.push_back(stat::normal_two_sided_p(one.at(name)));
    }
    const double share = share_above(sizes, 1.959963984540054);
    const double uniform = uniform_p(p);
    tell(fmt::format("h {}, rho {}, t of the {}, {} seeds", GetParam().horizon, GetParam().persistence, name, seeds),
         fmt::format("rejects {:.1f} % (3 to 8), KS p {:.3f}", 100.0 * share, uniform));
    if (is_full_size()) {
      EXPECT_GE(share, 0.03) << name;
      EXPECT_LE(share, 0.08) << name;
    } else {
      EXPECT_LE(share, 5.0 / 24.0) << name;
    }
    EXPECT_GT(uniform, 1e-3) << name;
  }
  const auto quiet = std::ranges::count_if(
      verdicts, [](Verdict verdict) { return verdict == Verdict::kNone || verdict == Verdict::kCannotTell; });
  const double share = static_cast<double>(quiet) / static_cast<double>(seeds);
  tell(fmt::format("h {}, rho {}, verdict none or cannot tell", GetParam().horizon, GetParam().persistence),
       fmt::format("{:.1f} % (95 or more)", 100.0 * share));
  EXPECT_GE(share, is_full_size() ? 0.95 : 0.85);
}

INSTANTIATE_TEST_SUITE_P(Noise, Simulation, ::testing::Values(NullCase{1, 0.9}, NullCase{5, 0.9}, NullCase{21, 0.98}));

class SimulationOfMany : public Simulation {};

Standing noise_ranks(const std::shared_ptr<const Axis>& axis, std::uint64_t seed, std::uint64_t stream,
                     double persistence, Pool& pool) {
  const Random random(seed, stream);
  Cells cells(axis->rows(), axis->columns(), 0.0);
  const double fresh = std::sqrt(1.0 - persistence * persistence);
  for (std::size_t at = 0; at < cells.values.size(); ++at) {
    const double shock = random.normal_at(at);
    cells.values[at] = at < axis->columns() ? shock : persistence * cells.values[at - axis->columns()] + fresh * shock;
  }
  return centered_ranks(sort_rows(std::move(cells), pool), 3, pool);
}

// Of worthless factors judged together, Benjamini-Hochberg at 10 % makes a discovery in at most 10 % of the seeds:
// where nothing is true, every discovery is false. 200 seeds: 15 % or less but with probability 0.01.
TEST_F(SimulationOfMany, WorthlessFactorsPassTheFdrAsSeldomAsPromised) {
  const std::uint64_t seeds = size_of(200, 12);
  const std::uint64_t factors = size_of(1000, 60);
  const auto axis = test::make_axis(756, 40);
  std::vector<std::size_t> discoveries(seeds);
  Pool pool(2);
  pool.for_each(seeds, [&](std::size_t seed) {
    Pool one(1);
    const Standing returns = noise_ranks(axis, 70 + seed, 0, 0.0, one);
    std::vector<double> p;
    for (std::uint64_t k = 1; k <= factors; ++k) {
      const Standing factor = noise_ranks(axis, 70 + seed, k, 0.9, one);
      p.push_back(stat::normal_two_sided_p(no_overlap(factor, returns, 5, one).t));
    }
    for (const double q : stat::adjusted_p(p, stat::Adjustment::kBenjaminiHochberg)) discoveries[seed] += q <= 0.1;
  });
  const auto any = std::ranges::count_if(discoveries, [](std::size_t count) { return count > 0; });
  const double share = static_cast<double>(any) / static_cast<double>(seeds);
  tell(fmt::format("FDR 10 %, {} noise factors, {} seeds with a discovery", factors, seeds),
       fmt::format("{:.1f} % (10 or less; 15 by chance in 1 of 100)", 100.0 * share));
  EXPECT_LE(share, is_full_size() ? 0.15 : 5.0 / 12.0);
}

// Returns of `count` worthless strategies.
std::vector<std::vector<double>> noise_books(std::uint64_t seed, std::size_t count, std::size_t rows) {
  std::vector<std::vector<double>> out(count);
  for (std::size_t k = 0; k < count; ++k) {
    Random random(seed, k);
    for (std::size_t row = 0; row < rows; ++row) out[k].push_back(0.01 * random.next_normal());
  }
  return out;
}

// The deflated Sharpe ratio of the best of many worthless ones: by the ratio's own error around the expected best, so
// about a half, and hardly ever above 0.95.
TEST_F(SimulationOfMany, TheBestOfWorthlessStrategiesIsDeflated) {
  const std::uint64_t seeds = size_of(300, 40);
  std::vector<double> across;
  std::vector<double> null;
  std::vector<double> undeflated;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    std::vector<double> ratios;
    stat::ReturnShape best{-9.0, 0.0, 3.0};
    for (const std::vector<double>& book : noise_books(300 + seed, 100, 504)) {
      const stat::ReturnShape shape = stat::return_shape(book);
      ratios.push_back(shape.sharpe);
      if (shape.sharpe > best.sharpe) best = shape;
    }
    across.push_back(stat::deflated_sharpe(best, stat::standard_deviation(ratios), 100.0));
    null.push_back(stat::deflated_sharpe(best, stat::null_sharpe_deviation(best.n), 100.0));
    undeflated.push_back(stat::probabilistic_sharpe(best, 0.0));
  }
  for (const auto& [name, dsr] : {std::pair{"deviation across trials", across}, std::pair{"null deviation", null}}) {
    tell(fmt::format("DSR of the best of 100 noise strategies, {}, {} seeds", name, seeds),
         fmt::format("mean {:.2f}, above 0.95 in {:.1f} % (5 or less)", stat::mean(dsr),
                     100.0 * share_above(dsr, 0.95)));
    EXPECT_NEAR(stat::mean(dsr), 0.5, 0.1) << name;
    EXPECT_LE(share_above(dsr, 0.95), 0.05) << name;
  }
  tell("  the same without deflation (PSR)",
       fmt::format("above 0.95 in {:.1f} %", 100.0 * share_above(undeflated, 0.95)));
  EXPECT_GT(share_above(undeflated, 0.95), 0.9) << "what deflation is for";
}

// Of noise the best of one half is anywhere on the other.
TEST_F(SimulationOfMany, PickingAmongWorthlessStrategiesIsOverfitting) {
  const std::uint64_t seeds = size_of(100, 12);
  std::vector<double> plain;
  std::vector<double> both_ways;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const auto books = noise_books(9000 + seed, 40, 640);
    const std::vector<std::span<const double>> spans(books.begin(), books.end());
    plain.push_back(stat::overfitting(spans, 16).probability);
    std::vector<TrialBook> trials;
    for (const std::vector<double>& book : books) {
      trials.push_back({.sessions = test::make_axis(640, 1)->sessions, .gross = book, .traded = {}, .p = 0.5});
      trials.back().traded.assign(640, 0.0);
    }
    both_ways.push_back(trial_law(trials, trials.front().sessions, 40).pbo);
  }
  const double error = stat::standard_deviation(plain) / std::sqrt(static_cast<double>(seeds));
  tell(fmt::format("PBO of 40 noise strategies, S = 16, {} seeds", seeds),
       fmt::format("mean {:.2f} +- {:.2f} (about 0.5)", stat::mean(plain), error));
  tell("  the same, each strategy both ways round, as a report has it",
       fmt::format("mean {:.2f}", stat::mean(both_ways)));
  EXPECT_NEAR(stat::mean(plain), 0.5, std::max(0.06, 4.0 * error));
  EXPECT_GT(stat::mean(both_ways), 0.35);
}

}  // namespace
}  // namespace lode::evaluate
