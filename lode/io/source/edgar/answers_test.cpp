// Every recorded way in which EDGAR says no.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/io/source/edgar/recorded.h"

namespace lode::source::edgar {
namespace {

using testing::HasSubstr;

Response with_status(const std::string& file, int status) {
  return answer({}, read_test_data("edgar/errors/" + file), status);
}

TEST(Answers, EveryRecordedRefusalHasItsClass) {
  LODE_NEEDS_DATA("edgar/errors");
  const std::string folder = "edgar/errors/";
  EXPECT_EQ(judge(recorded_answer(folder + "304-full-index", folder + "304-full-index.meta.json")).kind,
            ResponseClass::kNotModified);
  EXPECT_EQ(judge(recorded_answer(folder + "403-accessdenied-missing-index.xml",
                                  folder + "403-accessdenied-missing-index.xml.meta.json"))
                .kind,
            ResponseClass::kAbsent);
  EXPECT_EQ(judge(with_status("403-undeclared-automated-tool.html", 403)).kind, ResponseClass::kDenied);
  EXPECT_EQ(judge(recorded_answer(folder + "404-nosuchkey-submissions.xml",
                                  folder + "404-nosuchkey-submissions.xml.meta.json"))
                .kind,
            ResponseClass::kAbsent);
  EXPECT_EQ(judge(with_status("cik_not_found.html", 200)).kind, ResponseClass::kAbsent);
}

TEST(Answers, ARefusedContactIsToldAsWhatItIs) {
  const auto reason = [](const std::string& contact) {
    Request asked;
    asked.http.headers = {{"User-Agent", contact}};
    const Verdict verdict = judge(answer(asked, "<title>Undeclared Automated Tool</title>", 403));
    EXPECT_EQ(verdict.kind, ResponseClass::kDenied);
    return verdict.reason;
  };
  EXPECT_THAT(reason("me"), HasSubstr("edgar.contact is 'me', expected a name and a mail address"));
  EXPECT_THAT(reason("someone@example.com"), HasSubstr("expected a name"));
  EXPECT_THAT(reason("Example Ltd someone@example.com"), HasSubstr("names 'Example Ltd someone@example.com'"));
  EXPECT_THAT(reason("Example Ltd someone@example.com"), HasSubstr("wait ten minutes"));
}

TEST(Answers, ABlockStopsTheHostForTenMinutesUnderEitherStatus) {
  LODE_NEEDS_DATA("edgar/errors");
  for (const int status : {403, 429}) {
    const Verdict verdict = judge(with_status("429-rate-exceeded.html", status));
    EXPECT_EQ(verdict.kind, ResponseClass::kBlocked) << status;
    EXPECT_GE(verdict.wait_seconds.value_or(0), 600);
    EXPECT_EQ(outcome_error(verdict, "the feed").number(), E::E6203);
  }
}

TEST(Answers, PastItsEndTheFeedIsEmptyOnlyBehindAFullPage) {
  LODE_NEEDS_DATA("edgar/errors");
  const std::string name = "edgar/errors/getcurrent-past-end-start5100-20251212T180331.503.html";
  Request asked;
  asked.part = "page";
  asked.about.set("behind_full_page", true);
  EXPECT_EQ(judge(recorded_answer(name, name + ".meta.json", asked)).kind, ResponseClass::kEmpty);
  Response elsewhere = recorded_answer(name, name + ".meta.json", asked);
  elsewhere.headers = {{"Server", "a mirror"}};
  EXPECT_EQ(judge(elsewhere).kind, ResponseClass::kEmpty) << "whoever serves it";
  asked.about.set("behind_full_page", false);
  EXPECT_EQ(judge(recorded_answer(name, name + ".meta.json", asked)).kind, ResponseClass::kUnavailable);
  EXPECT_EQ(judge(recorded_answer(name, name + ".meta.json")).kind, ResponseClass::kUnavailable);
}

TEST(Answers, WithoutAContactNothingIsAsked) {
  for (const source::Source* source : source_catalog()) {
    if (!source->spec.name.starts_with("edgar-")) {
      continue;
    }
    FetchRequest request;
    request.names = {"320193/0000320193-22-000061"};
    const auto plan = source->plan(request, {}, Time{});
    ASSERT_FALSE(plan) << source->spec.name;
    EXPECT_EQ(plan.error().number(), E::E6201);
    EXPECT_THAT(plan.error().hint(), HasSubstr("LODE_EDGAR_CONTACT"));
  }
}

TEST(Answers, AskingNamesTheContactAndObeysTheConfiguredHost) {
  FetchRequest request = with_contact();
  request.settings["edgar.data_url"] = "http://127.0.0.1:8080/";
  Spec spec;
  spec.settings = edgar_settings();
  const Request asked = edgar_get(spec, request, "edgar.data_url", "submissions/x.json");
  EXPECT_EQ(asked.http.url, "http://127.0.0.1:8080/submissions/x.json");
  EXPECT_EQ(asked.http.headers.at(0).second, "Example Company someone@example.com");
  EXPECT_EQ(asked.pace, "sec.gov");
  EXPECT_THAT(asked.http.answers, ::testing::ElementsAre(429)) << "a block is not asked into again";
  EXPECT_EQ(edgar_follow(asked, "y").http.url, "http://127.0.0.1:8080/y");
}

}  // namespace
}  // namespace lode::source::edgar
