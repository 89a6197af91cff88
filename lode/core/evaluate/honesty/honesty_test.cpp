// Trials together: aligned books, a literal deflated Sharpe ratio, q of every trial, overfitting of luck and of skill.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/honesty/honesty.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "lode/base/random.h"
#include "lode/core/stat/overfit/multiple_tests.h"

namespace lode::evaluate {
namespace {

using ::testing::HasSubstr;

constexpr double kCost = 10.0;

std::vector<Date> days(int first, int count) {
  std::vector<Date> out;
  for (int i = 0; i < count; ++i) {
    out.push_back(Date{first + i});
  }
  return out;
}

TrialBook book_of(std::uint64_t seed, std::uint64_t stream, double drift, int count = 640, int first = 18'000) {
  Random random(seed, stream);
  TrialBook book{.sessions = days(first, count), .gross = {}, .traded = {}, .p = 0.5};
  for (int i = 0; i < count; ++i) {
    book.gross.push_back(drift + 0.01 * random.next_normal());
    book.traded.push_back(0.2);
  }
  return book;
}

std::vector<TrialBook> noise(std::uint64_t seed, std::size_t count) {
  std::vector<TrialBook> books;
  for (std::size_t i = 0; i < count; ++i) {
    books.push_back(book_of(seed, i, 0.0002));
  }
  return books;
}

// Sharpe ratio and its error from the moments written out; net of 10 bp on what was traded.
struct Plain {
  double sharpe;
  double error;
};
Plain plain(const TrialBook& book, double sign, double cost = 0.001) {
  const auto n = static_cast<double>(book.gross.size());
  double mean = 0.0;
  for (std::size_t i = 0; i < book.gross.size(); ++i) {
    mean += (sign * book.gross[i] - cost * book.traded[i]) / n;
  }
  double m2 = 0.0;
  double m3 = 0.0;
  double m4 = 0.0;
  for (std::size_t i = 0; i < book.gross.size(); ++i) {
    const double d = sign * book.gross[i] - cost * book.traded[i] - mean;
    m2 += d * d / n;
    m3 += d * d * d / n;
    m4 += d * d * d * d / n;
  }
  const double sharpe = mean / std::sqrt(m2 * n / (n - 1.0));
  const double radicand = 1.0 - m3 / std::pow(m2, 1.5) * sharpe + (m4 / m2 / m2 - 1.0) / 4.0 * sharpe * sharpe;
  return {sharpe, std::sqrt(radicand / (n - 1.0))};
}

double phi(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

// z with phi(z) = p, by bisection.
double quantile(double p) {
  double low = -10.0;
  double high = 10.0;
  for (int i = 0; i < 200; ++i) {
    const double middle = 0.5 * (low + high);
    (phi(middle) < p ? low : high) = middle;
  }
  return low;
}

double best_of(double trials) {
  constexpr double kGamma = 0.57721566490153286;
  return (1.0 - kGamma) * quantile(1.0 - 1.0 / trials) + kGamma * quantile(1.0 - 1.0 / (trials * std::exp(1.0)));
}

TEST(Honesty, DeflatesByBothDeviationsAndBothCounts) {
  std::vector<TrialBook> books = noise(3, 6);
  books.push_back(books[2]);  // A variant: one idea more is not one trial less on record.
  for (double& value : books.back().gross) {
    value += 1e-5;
  }
  books.push_back(book_of(3, 99, 0.0015));
  const TrialLaw law = trial_law(books, books.back().sessions, 10);
  EXPECT_EQ(law.trials, 10);
  EXPECT_EQ(law.books, 8);
  EXPECT_EQ(law.independent, 9);  // 7 ideas, and 2 trials that left no book.

  double mean = 0.0;
  for (const TrialBook& book : books) {
    mean += plain(book, 1.0, 0.0).sharpe / 8.0;
  }
  double squares = 0.0;
  for (const TrialBook& book : books) {
    squares += std::pow(plain(book, 1.0, 0.0).sharpe - mean, 2);
  }
  const double deviation = std::sqrt(squares / 7.0);
  EXPECT_NEAR(law.deviation, deviation, 1e-12);

  const Deflated own = deflated(law, books.back(), kCost, false);
  const Plain of = plain(books.back(), 1.0);
  EXPECT_NEAR(own.shape.sharpe, of.sharpe, 1e-12);
  EXPECT_NEAR(own.psr, phi(of.sharpe / of.error), 1e-9);
  EXPECT_NEAR(own.across_all, phi((of.sharpe - deviation * best_of(20.0)) / of.error), 1e-9);
  EXPECT_NEAR(own.across_independent, phi((of.sharpe - deviation * best_of(18.0)) / of.error), 1e-9);
  const double null = 1.0 / std::sqrt(639.0);
  EXPECT_NEAR(own.null_all, phi((of.sharpe - null * best_of(20.0)) / of.error), 1e-9);
  EXPECT_NEAR(own.null_independent, phi((of.sharpe - null * best_of(18.0)) / of.error), 1e-9);
  EXPECT_EQ(own.dsr(), std::min(own.across_independent, own.null_independent));
  EXPECT_LT(own.across_all, own.psr);
}

TEST(Honesty, ABookTurnedRoundPaysTheSameCosts) {
  const std::vector<TrialBook> books{book_of(5, 1, -0.001)};
  const TrialLaw law = trial_law(books, books[0].sessions, 1);
  EXPECT_NEAR(deflated(law, books[0], kCost, true).shape.sharpe, plain(books[0], -1.0).sharpe, 1e-12);
  EXPECT_GT(deflated(law, books[0], 0.0, true).shape.sharpe, deflated(law, books[0], kCost, true).shape.sharpe);
}

TEST(Honesty, QIsOverEveryTrialOnRecord) {
  std::vector<TrialBook> books = noise(4, 3);
  books[0].p = 0.001;
  books[1].p = 0.02;
  books[2].p = kNoValue;
  const TrialLaw law = trial_law(books, books[0].sessions, 40);
  EXPECT_DOUBLE_EQ(law.q[0], 0.04);
  EXPECT_DOUBLE_EQ(law.q[1], 0.4);
  EXPECT_TRUE(std::isnan(law.q[2]));
}

// What a book earned on other sessions is not looked at: a vault stays shut.
TEST(Honesty, OnlyTheSessionsJudgedCount) {
  std::vector<TrialBook> books = noise(6, 4);
  const std::vector<Date> judged = days(18'000, 400);
  const TrialLaw law = trial_law(books, judged, 4);
  for (TrialBook& book : books) {
    for (std::size_t i = 400; i < book.gross.size(); ++i) {
      book.gross[i] = 0.05;
    }
  }
  const TrialLaw again = trial_law(books, judged, 4);
  EXPECT_EQ(law.deviation, again.deviation);
  EXPECT_EQ(law.pbo, again.pbo);
  EXPECT_EQ(law.independent, again.independent);
}

TEST(Honesty, ABookOfOtherSessionsIsALoneTrial) {
  std::vector<TrialBook> books = noise(7, 3);
  books[0] = book_of(7, 0, 0.0002, 640, 10'000);
  const TrialLaw law = trial_law(books, books[2].sessions, 3);
  EXPECT_EQ(law.books, 2);
  EXPECT_EQ(law.independent, 3);
}

TEST(Honesty, LuckOverfitsAndSkillDoesNot) {
  double luck = 0.0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    std::vector<TrialBook> books = noise(seed, 12);
    luck += trial_law(books, books[0].sessions, 12).pbo / 6.0;
    books.push_back(book_of(seed, 77, 0.003));
    const TrialLaw law = trial_law(books, books[0].sessions, 13);
    EXPECT_LT(law.pbo, 0.05) << "seed " << seed;
    EXPECT_EQ(law.pbo_choices, 12'870);
    EXPECT_EQ(law.pbo_sessions, 640);
  }
  EXPECT_GT(luck, 0.25);
}

TEST(Honesty, SaysWhyThereIsNoPbo) {
  const std::vector<TrialBook> one = noise(8, 1);
  EXPECT_EQ(trial_law(one, one[0].sessions, 1).pbo_reason, "1 trial with a book on these sessions, needs 2");
  const std::vector<TrialBook> two = noise(8, 2);
  EXPECT_EQ(trial_law(two, days(18'000, 20), 2).pbo_reason, "20 sessions, needs 32");
  const TrialLaw none = trial_law({}, {}, 0);
  EXPECT_EQ(none.independent, 0);
  EXPECT_TRUE(std::isnan(none.pbo));
}

Honesty honesty_of(const std::vector<TrialBook>& books, std::int64_t trials) {
  Honesty out;
  out.law = trial_law(books, books.back().sessions, trials);
  out.own = deflated(out.law, books.back(), kCost, false);
  out.q = out.law.q.back();
  out.ordinal = trials;
  return out;
}

TEST(Honesty, RowsOfThePanelFollowTheNumbers) {
  std::vector<TrialBook> books = noise(9, 5);
  books.push_back(book_of(9, 50, 0.004));
  books.back().p = 1e-8;
  const std::vector<Check> good = honesty_checks(honesty_of(books, 6));
  ASSERT_EQ(good.size(), 4U);
  for (const Check& check : good) {
    EXPECT_NE(check.state, CheckState::kUnknown) << check.id << " " << check.result;
  }
  EXPECT_EQ(good[1].state, CheckState::kPassed) << good[1].result;
  EXPECT_EQ(good[2].result, "q below 0.001 over 6 trials");
  EXPECT_EQ(good[3].state, CheckState::kPassed);
  const std::vector<TrialBook> poor{book_of(9, 1, -0.004)};
  const std::vector<Check> bad = honesty_checks(honesty_of(poor, 1));
  EXPECT_EQ(bad[0].state, CheckState::kWarning);
  EXPECT_THAT(bad[1].result, HasSubstr("nothing is left after costs"));
  EXPECT_EQ(bad[3].state, CheckState::kUnknown);
  std::vector<Check> rows{{"pbo", "old", CheckState::kFailed, "", ""}, {"kept", "", CheckState::kPassed, "", ""}};
  set_honesty(rows, honesty_of(poor, 1));
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows.front().id, "kept");
}

TEST(Honesty, EachLimitIsSeenFromBothSides) {
  std::vector<TrialBook> books = noise(9, 5);
  books.push_back(book_of(9, 50, 0.004));
  const Honesty plain = honesty_of(books, 6);
  const auto state = [&](std::size_t row, auto change) {
    Honesty changed = plain;
    change(changed);
    return honesty_checks(changed).at(row).state;
  };
  const auto deflate = [](double by_all, double by_null) {
    return [=](Honesty& h) {
      h.own.across_independent = by_all;
      h.own.null_independent = by_null;
    };
  };
  EXPECT_EQ(state(0, deflate(0.96, 0.97)), CheckState::kPassed);
  EXPECT_EQ(state(0, deflate(0.94, 0.99)), CheckState::kWarning) << "the stricter of both counts";
  EXPECT_EQ(state(0, deflate(0.99, 0.94)), CheckState::kWarning);
  EXPECT_EQ(state(1, [](Honesty& h) { h.own.track_sessions = 1e6; }), CheckState::kWarning);
  EXPECT_EQ(state(1, [](Honesty& h) { h.own.track_sessions = 10.0; }), CheckState::kPassed);
  EXPECT_EQ(state(2, [](Honesty& h) { h.q = 0.06; }), CheckState::kWarning);
  EXPECT_EQ(state(2, [](Honesty& h) { h.q = 0.04; }), CheckState::kPassed);
  EXPECT_EQ(state(3, [](Honesty& h) { h.law.pbo = 0.51; }), CheckState::kWarning);
  EXPECT_EQ(state(3, [](Honesty& h) { h.law.pbo = 0.49; }), CheckState::kPassed);
}

TEST(Honesty, TellsTheHowManyethFactorItIs) {
  EXPECT_EQ(ordinal_words(1), "1st");
  EXPECT_EQ(ordinal_words(2), "2nd");
  EXPECT_EQ(ordinal_words(3), "3rd");
  EXPECT_EQ(ordinal_words(11), "11th");
  EXPECT_EQ(ordinal_words(37), "37th");
  EXPECT_EQ(ordinal_words(1'112), "1,112th");
  EXPECT_EQ(ordinal_words(1'122), "1,122nd");
  const std::string text = honesty_text(honesty_of(noise(2, 4), 37));
  EXPECT_THAT(text, HasSubstr("37th factor tried on this data, 37 independent of 37."));
  EXPECT_THAT(honesty_text(honesty_of(noise(2, 1), 1)), HasSubstr("PBO: 1 trial with a book on these sessions"));
}

}  // namespace
}  // namespace lode::evaluate
