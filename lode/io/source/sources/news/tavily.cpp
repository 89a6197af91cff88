// Tavily: a search of the web and of news, by key.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/io/source/news/search.h"
#include "lode/io/source/parts/ask.h"

namespace lode {
namespace source::tavily {
namespace {

const BodyContract kContract{.name = "Tavily",
                             .types = {"application/json"},
                             .begins = {"{"},
                             .needs = {"\"results\""},
                             .ends = "}",
                             .most_bytes = std::size_t{32} << 20};

const Spec& spec() {
  static const Spec kSpec{
      .name = "tavily",
      .summary = "news and pages by a question, at most 20 each",
      .names = "questions",
      .kinds = "topic: news (standard), general, finance",
      .tables = {"articles"},
      .settings = {{"tavily.key", "", "API key, free at https://app.tavily.com", true, true},
                   {"tavily.base_url", "https://api.tavily.com", "host that is asked; a mirror or a proxy"}},
      .paces = {{"tavily.com", 1.0, 5.0, 600}},
      .example = "lode data fetch tavily --names 'Apple earnings' --from 2026-09-01",
      .terms = "Tavily, by the plan of your key; the pages are their publishers'"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  LODE_CHECK(check_questions(request, 400));
  const std::string topic = request.kinds.empty() ? "news" : request.kinds.front();
  if (request.kinds.size() > 1 || (topic != "news" && topic != "general" && topic != "finance")) {
    return fail(E::E6208, fmt::format("{} is no topic; there are news, general and finance", quote(topic)));
  }
  Plan out;
  for (const std::string& name : request.names) {
    Request one = get_request(spec(), request, "tavily.base_url", "/search", "tavily.com", &kContract, "search");
    one.http.method = "POST";
    one.http.headers.emplace_back("Content-Type", "application/json");
    one.http.headers.emplace_back("Authorization",
                                  fmt::format("Bearer {}", trim(request.setting(spec(), "tavily.key"))));
    Value body;
    body.set("query", name);
    body.set("topic", topic);
    body.set("search_depth", "basic");
    body.set("max_results", 20);
    if (request.from) {
      body.set("start_date", to_string(*request.from));
    }
    if (request.to) {
      body.set("end_date", to_string(*request.to));
    }
    one.http.body = to_json(body);
    out.requests.push_back(std::move(one));
  }
  return out;
}

Article read(JsonElement element) {
  const std::string_view published = json_text(element, "published_date").value_or("");
  const auto mail = read_rfc2822(published);
  return {.url = std::string(json_text(element, "url").value_or("")),
          .title = plain_member(element, "title"),
          .summary = plain_member(element, "content"),
          .published = mail ? mail : read_rfc3339(published)};
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = by_status(response);
  if (response.status == 432 || response.status == 433) {
    verdict = {ResponseClass::kThrottled, "the plan of the key is used up", 86'400};
  }
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  return read_articles(response, spec(), kContract, "results", read);
}

}  // namespace
}  // namespace source::tavily

const source::Source& source_news_tavily() {
  static const source::Source kSource{source::tavily::spec(), source::tavily::plan, source::tavily::parse};
  return kSource;
}

}  // namespace lode
