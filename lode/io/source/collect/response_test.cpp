// Classes of answers and the errors they become.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/collect/response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"

namespace lode::source {
namespace {

using testing::HasSubstr;

Response with(int status, std::vector<std::pair<std::string, std::string>> headers = {}) {
  Response out;
  out.status = status;
  out.headers = std::move(headers);
  out.received_at = must(parse_as_of("2026-06-27T07:00:00Z"));
  return out;
}

TEST(Responses, AreClassedByStatus) {
  for (const auto& [status, kind] : std::vector<std::pair<int, std::string_view>>{{200, "ok"},
                                                                                  {206, "ok"},
                                                                                  {304, "not_modified"},
                                                                                  {401, "denied"},
                                                                                  {403, "denied"},
                                                                                  {404, "absent"},
                                                                                  {408, "unavailable"},
                                                                                  {410, "gone"},
                                                                                  {418, "blocked"},
                                                                                  {429, "throttled"},
                                                                                  {500, "unavailable"},
                                                                                  {503, "unavailable"},
                                                                                  {302, "unavailable"}}) {
    EXPECT_EQ(to_string(by_status(with(status)).kind), kind) << status;
  }
}

TEST(Responses, RetryAfterIsSecondsOrADate) {
  EXPECT_EQ(retry_after(with(429, {{"Retry-After", "120"}})), 120);
  EXPECT_EQ(retry_after(with(429, {{"retry-after", "Sat, 27 Jun 2026 07:11:02 GMT"}})), 662);
  EXPECT_EQ(retry_after(with(429, {{"Retry-After", "Sat, 27 Jun 2026 06:00:00 GMT"}})), 0);
  EXPECT_EQ(retry_after(with(429, {{"Retry-After", "9999999999"}})), 86'400);
  EXPECT_EQ(retry_after(with(429, {{"Retry-After", "-5"}})), 0);
  EXPECT_FALSE(retry_after(with(429, {{"Retry-After", "soon"}})));
  EXPECT_FALSE(retry_after(with(429, {{"Retry-After", "Sat, 27 Foo 2026 07:11:02 GMT"}})));
  EXPECT_FALSE(retry_after(with(429)));
  EXPECT_EQ(by_status(with(503, {{"Retry-After", "7"}})).wait_seconds, 7);
}

TEST(Responses, MediaTypeComesWithoutParameters) {
  EXPECT_EQ(media_type(with(200, {{"Content-Type", "Application/JSON; charset=utf-8"}})), "application/json");
  EXPECT_EQ(media_type(with(200)), "");
}

TEST(Responses, FourOutcomesAreToldApart) {
  const auto number = [](ResponseClass kind) { return outcome_error({kind, "why", 30}, "facts of 1").number(); };
  EXPECT_EQ(number(ResponseClass::kDenied), E::E6202);
  EXPECT_EQ(number(ResponseClass::kThrottled), E::E6203);
  EXPECT_EQ(number(ResponseClass::kBlocked), E::E6203);
  EXPECT_EQ(number(ResponseClass::kUnavailable), E::E6204);
  EXPECT_EQ(number(ResponseClass::kEmpty), E::E6205);
  EXPECT_EQ(number(ResponseClass::kAbsent), E::E6209);
  EXPECT_EQ(number(ResponseClass::kGone), E::E6209);
  EXPECT_EQ(number(ResponseClass::kCorrupt), E::E6206);
  EXPECT_THAT(outcome_error({ResponseClass::kThrottled, "429", 30}, "facts of 1").message(), HasSubstr("in 30 s"));
}

TEST(Responses, APlanGetsItsOwnWordsBack) {
  Request asked;
  asked.about.set("cik", "0000320193");
  asked.about.set("forms", text_list({"4", "8-K"}));
  EXPECT_EQ(text_about(asked, "cik"), "0000320193");
  EXPECT_EQ(text_about(asked, "nothing"), "");
  EXPECT_EQ(texts_about(asked, "forms"), (std::vector<std::string>{"4", "8-K"}));
  EXPECT_TRUE(texts_about(asked, "cik").empty());
}

}  // namespace
}  // namespace lode::source
