// Premiums and loadings: those of the core on this lake, rows with the columns other systems know, every factor a
// trial.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>

#include "lode/flow/steps/premium/premium.h"
#include "lode/flow/steps/research/research_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class PremiumOfFactors : public testing::Research {
 protected:
  PremiumOfFactors() { import_market(); }
  Outcome premium_of(const std::string& more) {
    return good("factor", "premium", fmt::format(R"j({{"formula": ["log(volume)", "close/open"]{}}})j", more));
  }
};

// With one factor the premium of a date is its covariance with returns over its deviation: the slope on z-scores.
TEST_F(PremiumOfFactors, OfOneFactorIsTheSlopeOnItsZScore) {
  Value request = Value::object();
  request.set("formula", must(parse_json(R"j(["log(volume)"])j")));
  request.set("horizons", must(parse_json("[1]")));
  request.set("quantiles", Value(5));
  request.set("cost-bps", Value(10.0));
  const Premium one = must(premium(world, Request(request)));
  const std::size_t row = 40;
  const Study& study = *one.alike.study;
  const evaluate::Labels labels =
      must(evaluate::forward_returns(study.market, 1, evaluate::Convention::kNextOpen, world.pool));
  const auto volume = study.panels.panels.at("volume").row64(row);
  const auto returns = labels.returns.row64(row);
  double n = 0.0;
  double x_mean = 0.0;
  double y_mean = 0.0;
  for (std::size_t i = 0; i < volume.size(); ++i) {
    n += 1.0;
    x_mean += std::log(volume[i]);
    y_mean += returns[i];
  }
  x_mean /= n;
  y_mean /= n;
  double xy = 0.0;
  double xx = 0.0;
  for (std::size_t i = 0; i < volume.size(); ++i) {
    xy += (std::log(volume[i]) - x_mean) * (returns[i] - y_mean);
    xx += std::pow(std::log(volume[i]) - x_mean, 2);
  }
  EXPECT_NEAR(one.fama_macbeth.premiums[1][row], xy / xx * std::sqrt(xx / (n - 1.0)), 1e-12);
  EXPECT_EQ(one.factors[0].summary.tested, static_cast<std::size_t>(testing::kNames));
}

TEST_F(PremiumOfFactors, TellsEachFactorAndCountsItAsATrial) {
  const Outcome out = premium_of("");
  EXPECT_EQ(out.data.at_path("factors")->as_array().size(), 2U);
  EXPECT_EQ(out.data.at_path("trials")->as_int(), 2);
  EXPECT_EQ(out.data.at_path("factors.0.run")->as_text(), "r1");
  EXPECT_THAT(out.text, HasSubstr("Fama-MacBeth: 5 sessions ahead"));
  EXPECT_LE(out.data.at_path("factors.0.loadings.positive")->as_int(),
            out.data.at_path("factors.0.loadings.tested")->as_int());
}

TEST_F(PremiumOfFactors, RowsHaveTheColumnsOtherSystemsKeep) {
  EXPECT_THAT(premium_of(R"(, "format": "csv")").text,
              StartsWith("factor_name,factor_type,test_date,start_date,end_date,avg_beta,avg_tstat,avg_rsquared,"
                         "significant_stocks,total_stocks,annualized_return,annualized_volatility,sharpe_ratio,"
                         "max_drawdown,description,update_time\n"));
  const std::string details = premium_of(R"(, "format": "csv", "table": "factor_details")").text;
  EXPECT_THAT(details, StartsWith("factor_name,factor_type,test_date,ticker,beta,tstat,pvalue,rsquared,conf_int_lower,"
                                  "conf_int_upper,"));
  EXPECT_EQ(std::count(details.begin(), details.end(), '\n'), 1 + 2 * testing::kNames);
  EXPECT_THAT(premium_of(R"(, "format": "csv", "table": "factor_timeseries")").text,
              StartsWith("factor_name,factor_type,date,factor_value,high_portfolio_return,low_portfolio_return,"
                         "update_time\n"));
}

// The book is its top leg less its bottom leg, and its summary that of the series.
TEST_F(PremiumOfFactors, TimeSeriesAndSummaryAgree) {
  const Value series = must(parse_json(premium_of(R"(, "format": "json", "table": "factor_timeseries")").text));
  double sum = 0.0;
  double n = 0.0;
  for (const Value& row : series.as_array()) {
    if (row.at_path("factor_name")->as_text() == "log(volume)") {
      const double book = row.at_path("factor_value")->as_double();
      EXPECT_NEAR(book,
                  row.at_path("high_portfolio_return")->as_double() - row.at_path("low_portfolio_return")->as_double(),
                  1e-12);
      sum += book;
      n += 1.0;
    }
  }
  const Value summary = must(parse_json(premium_of(R"(, "format": "json")").text));
  EXPECT_NEAR(summary.as_array()[0].at_path("annualized_return")->as_double(), sum / n * 252.0, 1e-12);
}

TEST_F(PremiumOfFactors, RowsStayInTheLake) {
  const Outcome out = premium_of(R"(, "format": "csv", "table": "factor_details")");
  const auto sql = [&](std::string_view query) {
    return good("data", "sql", fmt::format(R"j({{"query": "{}", "format": "csv"}})j", query)).text;
  };
  EXPECT_EQ(sql("select count(*) n, count(distinct run) runs, min(alias) a from factor_details"),
            fmt::format("n,runs,a\n{},2,r1\n", 2 * testing::kNames));
  // What the view of the other system shows is what the verb told, to the last digit.
  const std::string told = out.text.substr(out.text.find('\n') + 1);
  const std::string line = told.substr(0, told.find('\n'));
  const std::string kept =
      sql("select factor_name, factor_type, test_date, ticker, beta, tstat from fm.factor_details "
          "order by factor_name desc, ticker limit 1");
  EXPECT_THAT(line, StartsWith(kept.substr(kept.find('\n') + 1, kept.size() - kept.find('\n') - 2)));
  EXPECT_EQ(sql("select count(*) n from fm.factor_summary where abs(sharpe_ratio - annualized_return / "
                "annualized_volatility) < 1e-12"),
            "n\n2\n");
  EXPECT_EQ(sql("select count(*) n from fm.factor_timeseries where abs(factor_value - high_portfolio_return + "
                "low_portfolio_return) > 1e-12"),
            "n\n0\n");
}

TEST_F(PremiumOfFactors, ARunIsKeptOnceAndDisturbsNoOther) {
  const Value before = good("factor", "eval", R"j({"formula": "log(volume)"})j").data;
  EXPECT_FALSE(premium_of("").data.at_path("commit")->is_null());
  EXPECT_TRUE(premium_of("").data.at_path("commit")->is_null());
  const Outcome alone = good("factor", "premium", R"j({"formula": ["log(volume)"]})j");
  EXPECT_TRUE(alone.data.at_path("commit")->is_null());
  const Value after = good("factor", "eval", R"j({"formula": "log(volume)"})j").data;
  EXPECT_EQ(before.at_path("hash")->as_text(), after.at_path("hash")->as_text());
  EXPECT_EQ(after.at_path("trials")->as_int(), 2);
}

TEST_F(PremiumOfFactors, RevertedRowsAreKeptAgain) {
  const std::int64_t commit = premium_of("").data.at_path("commit")->as_int();
  good("data", "revert", fmt::format(R"j({{"commit": {}, "yes": true}})j", commit));
  const std::string count = R"j({"query": "select count(*) n from factor_summary", "format": "csv"})j";
  EXPECT_EQ(good("data", "sql", count).text, "n\n0\n");
  EXPECT_FALSE(premium_of("").data.at_path("commit")->is_null());
  EXPECT_EQ(good("data", "sql", count).text, "n\n2\n");
}

TEST_F(PremiumOfFactors, MistakesAreNamed) {
  EXPECT_THAT(mistake("factor", "premium", "{}"), HasSubstr("0 factors are given"));
  EXPECT_THAT(mistake("factor", "premium", R"j({"formula": ["rank(clsoe)"]})j"), HasSubstr("clsoe"));
}

}  // namespace
}  // namespace lode::flow
