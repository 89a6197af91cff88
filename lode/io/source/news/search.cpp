// Answers of searches.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/news/search.h"

#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/io/source/parts/csv.h"

namespace lode::source {

Result<Parsed> read_articles(const Response& response, const Spec& spec, const BodyContract& contract,
                             std::string_view key, Article (*read)(JsonElement)) {
  LODE_CHECK(check_body(contract, media_type(response), response.body));
  std::string body = response.body;
  for (char& c : body) {
    c = static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  LODE_TRY(const JsonDocument json, JsonDocument::read(body, contract.name));
  JsonElement at = json.root();
  const std::size_t dot = key.find('.');
  if (dot != std::string_view::npos) {
    const auto inner = json_member(at, key.substr(0, dot));
    at = inner ? *inner : at;
    key = key.substr(dot + 1);
  }
  const auto list = json_array(at, key);
  if (!list) {
    return fail(E::E6206, fmt::format("an answer of {} without {}", contract.name, key));
  }
  Parsed out = only_verdict(response, {});
  ArticleRows rows(response, spec);
  for (const JsonElement element : *list) {
    Article article = read(element);
    article.line = out.records + 1;
    rows.add(article, out);
  }
  rows.finish(out, "nothing was found");
  return out;
}

std::string plain_member(JsonElement object, std::string_view key) {
  return plain_text(json_text(object, key).value_or(""));
}

Result<void> check_questions(const FetchRequest& request, std::size_t most) {
  if (request.names.empty()) {
    return fail(E::E6208, "a search needs a question, and none is named", "--names 'Apple earnings'");
  }
  for (const std::string& name : request.names) {
    if (trim(name).empty() || name.size() > most) {
      return fail(E::E6208,
                  fmt::format("the question {} has {} bytes: expected 1 to {}", quote(name), name.size(), most));
    }
  }
  return {};
}

}  // namespace lode::source
