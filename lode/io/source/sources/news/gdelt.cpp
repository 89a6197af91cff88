// GDELT's search of the world's news: addresses and titles with the time its crawler saw them.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>

#include "lode/base/text.h"
#include "lode/io/source/news/search.h"
#include "lode/io/source/parts/ask.h"

namespace lode {
namespace source::gdelt {
namespace {

const BodyContract kContract{.name = "GDELT",
                             .types = {"application/json", "text/json"},
                             .begins = {"{"},
                             .ends = "}",
                             .most_bytes = std::size_t{32} << 20};

constexpr std::size_t kSentenceBytes = 600;  // Longer ones are none.

const Spec& spec() {
  static const Spec kSpec{
      .name = "gdelt",
      .summary = "news of the world's press by words, at most 250 a question",
      .names = "questions: '\"Apple Inc\" sourcelang:english'",
      .kinds = "",
      .tables = {"articles"},
      .settings = {{"gdelt.base_url", "https://api.gdeltproject.org", "host that is asked; a mirror or a proxy"}},
      .paces = {{"gdeltproject.org", 0.2, 0.2, 600}},
      .example = "lode data fetch gdelt --names 'Apple Inc' --from 2026-09-01",
      .terms = "The GDELT Project; free with its name; the articles are their publishers'"};
  return kSpec;
}

std::string stamp(Date date, bool is_end) {
  std::string out = to_string(date);
  std::erase(out, '-');
  return out + (is_end ? "235959" : "000000");
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  LODE_CHECK(check_questions(request, 1000));
  Plan out;
  for (const std::string& name : request.names) {
    std::string path =
        fmt::format("/api/v2/doc/doc?query={}&mode=artlist&format=json&maxrecords=250&sort=datedesc", escape_url(name));
    path += request.from ? "&startdatetime=" + stamp(*request.from, false) : "";
    path += request.to ? "&enddatetime=" + stamp(*request.to, true) : "";
    out.requests.push_back(
        get_request(spec(), request, "gdelt.base_url", path, "gdeltproject.org", &kContract, "search"));
    out.requests.back().about.set("question", name);
  }
  return out;
}

// "20260910T192906Z".
std::optional<Time> read_stamp(std::string_view text) {
  return text.size() == 16
             ? read_rfc3339(fmt::format("{}-{}-{}T{}:{}:{}Z", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2),
                                        text.substr(9, 2), text.substr(11, 2), text.substr(13, 2)))
             : std::nullopt;
}

Article read(JsonElement element) {
  return {.url = std::string(json_text(element, "url").value_or("")),
          .title = plain_member(element, "title"),
          .publisher = plain_member(element, "domain"),
          .language = plain_member(element, "language"),
          .published = read_stamp(json_text(element, "seendate").value_or(""))};
}

// Without the byte-order mark and blanks around it.
std::string_view text_of(const Response& response) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  const std::string_view body = response.body;
  return trim(body.starts_with(kMark) ? body.substr(kMark.size()) : body);
}

// GDELT says no by 200 and a sentence, under text/html as under any other type; a web page is no sentence.
std::string_view sentence_of(const Response& response) {
  const std::string_view body = text_of(response);
  const bool is_data = body.starts_with('{') || body.starts_with('[') || body.starts_with('<');
  return is_data || body.size() > kSentenceBytes ? std::string_view() : body;
}

// What it says of the question is E6208; hosts on the way to it speak under the same status. Nothing for a sentence
// that says none of this: no answer of GDELT's.
std::optional<Result<Parsed>> take_sentence(const Response& response, std::string_view sentence) {
  const std::string words = lower(sentence);
  const auto says = [&](std::initializer_list<std::string_view> some) {
    return std::ranges::any_of(some, [&](std::string_view one) { return words.find(one) != std::string::npos; });
  };
  const std::string said = fmt::format("GDELT says {}", quote(sentence.substr(0, 120)));
  if (says({"limit requests", "too many requests"})) {
    return only_verdict(response, {ResponseClass::kThrottled, said, {}});
  }
  if (says({"access denied", "blocked"})) {
    return only_verdict(response, {ResponseClass::kBlocked, said, {}});
  }
  if (says({"try again", "timed out", "timeout", "unavailable", "unknown error", "maintenance", "upstream",
            "connection", "overloaded", "internal error", "server error"})) {
    return only_verdict(response, {ResponseClass::kUnavailable, said, {}});
  }
  if (!says({"query", "queries", "keyword", "phrase", "search", "too short", "too long", "parenthes", "timespan",
             "start date", "end date", "startdatetime", "enddatetime"})) {
    return std::nullopt;
  }
  return fail(
      E::E6208,
      fmt::format("the question {} is none GDELT takes: {}", quote(about_text(response.asked, "question")), said),
      "ask it otherwise: a phrase in quotes, fewer or longer words");
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = by_status(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  if (text_of(response) == "{}") {
    return only_verdict(response, {ResponseClass::kEmpty, "nothing was found", {}});
  }
  if (const std::string_view sentence = sentence_of(response); !sentence.empty()) {
    if (auto taken = take_sentence(response, sentence)) {
      return std::move(*taken);
    }
  }
  return read_articles(response, spec(), kContract, "articles", read);
}

}  // namespace
}  // namespace source::gdelt

const source::Source& source_news_gdelt() {
  static const source::Source kSource{source::gdelt::spec(), source::gdelt::plan, source::gdelt::parse};
  return kSource;
}

}  // namespace lode
