// Brave's search of news, by key.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/io/source/news/search.h"
#include "lode/io/source/parts/ask.h"

namespace lode {
namespace source::brave {
namespace {

const BodyContract kContract{
    .name = "Brave", .types = {"application/json"}, .begins = {"{"}, .ends = "}", .most_bytes = std::size_t{32} << 20};

const Spec& spec() {
  static const Spec kSpec{
      .name = "brave",
      .summary = "news by a question, at most 50 each",
      .names = "questions of at most 400 characters and 50 words",
      .kinds = "",
      .tables = {"articles"},
      .settings = {{"brave.key", "", "subscription token, from https://brave.com/search/api", true, true},
                   {"brave.base_url", "https://api.search.brave.com", "host that is asked; a mirror or a proxy"}},
      .paces = {{"brave.com", 1.0, 50.0, 600}},
      .example = "lode data fetch brave --names 'Apple earnings'",
      .terms = "Brave, by the plan of your token; the articles are their publishers'"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time now) {
  LODE_CHECK(check_settings(spec(), request));
  LODE_CHECK(check_questions(request, 400));
  Plan out;
  for (const std::string& name : request.names) {
    std::string path = fmt::format("/res/v1/news/search?q={}&count=50", escape_url(name));
    if (request.from || request.to) {
      path += fmt::format("&freshness={}to{}", to_string(request.from.value_or(Date::from_civil(2000, 1, 1))),
                          to_string(request.to.value_or(utc_date(now))));
    }
    Request one = get_request(spec(), request, "brave.base_url", path, "brave.com", &kContract, "search");
    one.http.headers.emplace_back("Accept", "application/json");
    one.http.headers.emplace_back("X-Subscription-Token", std::string(trim(request.setting(spec(), "brave.key"))));
    out.requests.push_back(std::move(one));
  }
  return out;
}

Article read(JsonElement element) {
  Article out{.url = std::string(json_text(element, "url").value_or("")),
              .title = plain_member(element, "title"),
              .summary = plain_member(element, "description")};
  if (const auto meta = json_member(element, "meta_url")) {
    out.publisher = plain_member(*meta, "hostname");
  }
  const std::string age(json_text(element, "page_age").value_or(""));
  out.published = read_rfc3339(age.size() == 19 ? age + "Z" : age);  // Its times are UTC without a word on it.
  return out;
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = by_status(response);
  if (response.status == 422) {
    verdict = {ResponseClass::kDenied, "the token or the question is refused", {}};
  }
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  return read_articles(response, spec(), kContract, "results", read);
}

}  // namespace
}  // namespace source::brave

const source::Source& source_news_brave() {
  static const source::Source kSource{source::brave::spec(), source::brave::plan, source::brave::parse};
  return kSource;
}

}  // namespace lode
