// Numbers of searching: the values of the structures, every path once, a reason where there is no value.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/honesty/honesty_numbers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "lode/base/random.h"

namespace lode::evaluate {
namespace {

using ::testing::HasSubstr;

TrialBook book_of(std::uint64_t stream, int count = 320) {
  Random random(11, stream);
  TrialBook book{.sessions = {}, .gross = {}, .traded = {}, .p = 0.02};
  for (int i = 0; i < count; ++i) {
    book.sessions.push_back(Date{18'000 + i});
    book.gross.push_back(0.001 + 0.01 * random.next_normal());
    book.traded.push_back(0.1);
  }
  return book;
}

Honesty honesty_of(const std::vector<TrialBook>& books) {
  Honesty out;
  out.law = trial_law(books, books.back().sessions, static_cast<std::int64_t>(books.size()));
  out.own = deflated(out.law, books.back(), 10.0, false);
  out.q = out.law.q.back();
  out.ordinal = static_cast<std::int64_t>(books.size());
  return out;
}

const Number& number(const std::vector<Number>& numbers, std::string_view path) {
  const auto found = std::ranges::find(numbers, path, &Number::path);
  EXPECT_NE(found, numbers.end()) << path;
  return *found;
}

void expect_whole(const std::vector<Number>& numbers) {
  std::set<std::string> paths;
  for (const Number& one : numbers) {
    EXPECT_TRUE(paths.insert(one.path).second) << one.path;
    EXPECT_TRUE(one.definition.ends_with('.')) << one.path;
    EXPECT_EQ(std::isnan(one.value), !one.reason.empty()) << one.path << ": " << one.reason;
  }
}

TEST(HonestyNumbers, AreThoseOfTheStructures) {
  const Honesty honesty = honesty_of({book_of(1), book_of(2), book_of(3)});
  const std::vector<Number> numbers = honesty_numbers(honesty);
  expect_whole(numbers);
  EXPECT_EQ(number(numbers, "honesty.trials").value, 3.0);
  EXPECT_EQ(number(numbers, "honesty.ordinal").value, 3.0);
  EXPECT_EQ(number(numbers, "honesty.dsr").value, honesty.own.dsr());
  EXPECT_EQ(number(numbers, "honesty.dsr").value,
            std::min(number(numbers, "honesty.dsr_across_trials").value, number(numbers, "honesty.dsr_null").value));
  EXPECT_EQ(number(numbers, "honesty.q").value, honesty.q);
  EXPECT_EQ(number(numbers, "honesty.pbo").value, honesty.law.pbo);
  EXPECT_EQ(number(numbers, "honesty.pbo").n, honesty.law.pbo_choices);
  EXPECT_NEAR(number(numbers, "honesty.sharpe_annual").value, honesty.own.shape.sharpe * std::sqrt(252.0), 1e-12);
  EXPECT_NEAR(number(numbers, "honesty.deviation_null").value, 1.0 / std::sqrt(319.0), 1e-12);
}

TEST(HonestyNumbers, OfOneTrialSayWhatTheyNeed) {
  const std::vector<Number> numbers = honesty_numbers(honesty_of({book_of(1)}));
  expect_whole(numbers);
  EXPECT_EQ(number(numbers, "honesty.dsr_across_trials").reason, "1 trial, needs 2");
  EXPECT_THAT(number(numbers, "honesty.pbo").reason, HasSubstr("needs 2"));
  EXPECT_FALSE(std::isnan(number(numbers, "honesty.dsr").value));
}

// A ratio that is not above 0 never becomes certain: told in words, not as an infinite number.
TEST(HonestyNumbers, ATrackThatIsNeverLongEnoughHasAReason) {
  TrialBook book = book_of(1);
  std::ranges::transform(book.gross, book.gross.begin(), [](double r) { return r - 0.01; });
  const std::vector<Number> numbers = honesty_numbers(honesty_of({book}));
  expect_whole(numbers);
  EXPECT_THAT(number(numbers, "honesty.track_record_sessions").reason, HasSubstr("never long enough"));
}

TEST(KinshipNumbers, AreTheRegressionAYear) {
  const TrialBook own = book_of(5);
  const std::vector<KnownBook> known{{"value/ep", book_of(6)}, {"mine", book_of(7)}};
  const Kinship kin = kinship(own, known);
  const std::vector<Number> numbers = kinship_numbers(kin, 252.0);
  expect_whole(numbers);
  const Number& alpha = number(numbers, "kinship.alpha");
  EXPECT_NEAR(alpha.value, std::pow(1.0 + kin.alpha.value, 252.0) - 1.0, 1e-12);
  EXPECT_LT(alpha.lower, alpha.value);
  EXPECT_GT(alpha.upper, alpha.value);
  EXPECT_EQ(number(numbers, "kinship.alpha_t").value, kin.alpha.t);
  EXPECT_EQ(numbers.size(), 3U + 3U * kin.relatives.size());
  EXPECT_EQ(number(numbers, "kinship.value/ep.correlation").value,
            std::ranges::find(kin.relatives, "value/ep", &Relative::name)->correlation);
}

TEST(KinshipNumbers, WithoutRelativesSayWhy) {
  const Kinship kin = kinship(book_of(5), {});
  const std::vector<Number> numbers = kinship_numbers(kin, 252.0);
  expect_whole(numbers);
  ASSERT_EQ(numbers.size(), 1U);
  EXPECT_EQ(numbers[0].reason, kin.reason);
}

}  // namespace
}  // namespace lode::evaluate
