// Requests kept between processes: whole, equal, and without a secret.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/ask.h"

#include <gmock/gmock.h>

#include "lode/base/must.h"
#include "lode/flow/steps/collect/answer.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

source::Request sample() {
  source::Request out;
  out.http.url = "https://example.com/a?key=" + secret_word("fred.key") + "&x=1";
  out.http.method = "POST";
  out.http.headers = {{"User-Agent", "x"},
                      {"Authorization", "Bearer " + secret_word("fred.key")},
                      {"Accept-Encoding", "gzip, deflate"}};
  out.http.body = R"({"q":")" + secret_word("fred.key") + R"("})";
  out.http.redirect_hosts = {"b.example.com"};
  out.http.answers = {429, 503};
  out.http.is_bulk = true;
  out.http.is_repeatable = true;
  out.pace = "example.com";
  out.part = "page";
  out.about.set("symbol", "AAPL");
  return out;
}

SourceSettings settings() { return {{{"fred.key", secret_word("fred.key")}}, {{secret_word("fred.key"), "a/b\"c"}}}; }

TEST(Ask, ComesBackAsItWas) {
  const Ask ask = make_ask(sample(), 3);
  const Ask back = must(read_ask(must(parse_json(to_json(ask_value(ask))))));
  EXPECT_EQ(back.id, ask.id);
  EXPECT_EQ(back.attempt, 3);
  EXPECT_EQ(back.request.http.url, ask.request.http.url);
  EXPECT_EQ(back.request.http.headers, ask.request.http.headers);
  EXPECT_EQ(back.request.http.answers, ask.request.http.answers);
  EXPECT_EQ(back.request.http.redirect_hosts, ask.request.http.redirect_hosts);
  EXPECT_TRUE(back.request.http.is_bulk && back.request.http.is_repeatable);
  EXPECT_EQ(back.request.part, "page");
  EXPECT_EQ(ask_name(back), "AAPL");
}

TEST(Ask, IsAnotherWithAnotherAttemptOrMemory) {
  EXPECT_EQ(make_ask(sample()).id, make_ask(sample()).id);
  EXPECT_NE(make_ask(sample(), 1).id, make_ask(sample(), 2).id);
  source::Request other = sample();
  other.about.set("symbol", "MSFT");
  EXPECT_NE(make_ask(other).id, make_ask(sample()).id);
}

TEST(Ask, TakesItsSecretsWhenItIsSent) {
  const HttpRequest sent = to_send(make_ask(sample()), "fred", settings());
  EXPECT_EQ(sent.url, "https://example.com/a?key=a%2Fb%22c&x=1") << "encoded for an address";
  EXPECT_EQ(sent.body, R"({"q":"a/b\"c"})") << "and for JSON";
  EXPECT_EQ(*find_header(sent.headers, "Authorization"), "Bearer a/b\"c");
  EXPECT_EQ(find_header(sent.headers, "Accept-Encoding"), nullptr) << "what io/net unpacks it asks for itself";
  EXPECT_EQ(sent.secrets, std::vector<std::string>{"a/b\"c"});
  EXPECT_EQ(sent.source, "fred");
  EXPECT_THAT(to_json(ask_value(make_ask(sample()))), Not(HasSubstr("a/b")));
}

TEST(Ask, ADamagedOneIsRefused) {
  EXPECT_FALSE(read_ask(must(parse_json("{}"))));
  EXPECT_FALSE(read_ask(must(parse_json(R"({"method":"GET"})"))));
}

TEST(Ask, SettingsOfASourceComeFromTheConfigurationWithoutAddresses) {
  Config config;
  must(config.merge_flag("fred.key", "abcdef", "test"));
  const SourceSettings found = settings_of(must(find_source("fred"))->spec, config);
  EXPECT_EQ(found.told.at("fred.key"), secret_word("fred.key"));
  EXPECT_EQ(found.secrets.at(secret_word("fred.key")), "abcdef");
  EXPECT_FALSE(found.told.contains("fred.base_url")) << "io/net puts it in on the wire";
}

TEST(Answer, ComesBackAsItWas) {
  Answer answer{.job = "j",
                .planned_at = Time{5},
                .ask = make_ask(sample()),
                .status = 404,
                .headers = {{"Content-Type", "text/csv"}},
                .raw_hash = std::string(64, 'a'),
                .received_at = Time{7}};
  const Answer back = must(read_answer(answer_payload(answer)));
  EXPECT_EQ(back.job, "j");
  EXPECT_EQ(back.planned_at, Time{5});
  EXPECT_EQ(back.ask.id, answer.ask.id);
  EXPECT_EQ(back.status, 404);
  EXPECT_EQ(back.headers, answer.headers);
  EXPECT_EQ(back.raw_hash, answer.raw_hash);
  EXPECT_EQ(back.received_at, Time{7});
  EXPECT_EQ(answer_key(back), answer_key(answer));
  answer.received_at = Time{8};
  EXPECT_NE(answer_key(back), answer_key(answer));
  EXPECT_FALSE(read_answer("{}"));
  EXPECT_FALSE(read_answer("no json"));
}

}  // namespace
}  // namespace lode::flow
