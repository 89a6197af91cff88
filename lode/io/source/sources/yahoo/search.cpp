// Yahoo's search: which symbols a name stands for, as listings seen that day, and the news beside them.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/io/source/collect/json_document.h"
#include "lode/io/source/news/article.h"
#include "lode/io/source/news/search.h"
#include "lode/io/source/parts/ask.h"
#include "lode/io/source/yahoo/answers.h"

namespace lode {
namespace source::yahoo_search {
namespace {

const BodyContract kContract{.name = "Yahoo search",
                             .types = {"application/json", "text/json", "text/plain"},
                             .begins = {"{"},
                             .needs = {"\"quotes\""},
                             .ends = "}",
                             .most_bytes = std::size_t{16} << 20};

const Spec& spec() {
  static const Spec kSpec{
      .name = "yahoo-search",
      .summary = "symbols that a name stands for, and news beside them",
      .names = "questions: a company's name, a symbol, an ISIN",
      .kinds = "",
      .tables = {"listings", "articles"},
      .settings = {{"yahoo.query1_url", "https://query1.finance.yahoo.com", "host that is asked; a mirror or a proxy"}},
      .paces = yahoo::yahoo_paces(),
      .example = "lode data fetch yahoo-search --names 'Bayerische Motoren Werke'",
      .terms = yahoo::yahoo_terms()};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  LODE_CHECK(check_questions(request, 256));
  Plan out;
  for (const std::string& name : request.names) {
    out.requests.push_back(
        get_request(spec(), request, "yahoo.query1_url",
                    fmt::format("/v1/finance/search?q={}&quotesCount=20&newsCount=20", escape_url(name)), yahoo::kPace,
                    &kContract, "search"));
  }
  return out;
}

// "" or what the finding lacks. Contracts of options are no listings and come by thousands: they are passed over.
std::string write_listing(JsonElement element, const Response& response, std::int64_t line, RowWriter& rows) {
  const std::string_view symbol = json_text(element, "symbol").value_or("");
  const std::string name = plain_member(element, json_text(element, "longname") ? "longname" : "shortname");
  if (symbol.empty() || symbol.size() > 64 || name.empty()) {
    return "no symbol or no name";
  }
  const yahoo::Named named = yahoo::name_instrument(symbol, json_text(element, "exchange").value_or(""));
  const Date day = utc_date(response.received_at);
  rows.put(std::string_view("yahoo-search")).put(symbol).put(day).put(day).put(named.id.value);
  rows.put(std::string_view(named.mic)).put(std::string_view(name));
  rows.put_some(yahoo::instrument_kind(json_text(element, "quoteType").value_or(""))).put_null();
  rows.put_some(plain_member(element, "sector")).put_some(plain_member(element, "industry"));
  rows.put_null().put_null().put_null();
  rows.end({response.received_at, response.received_at, false}, line);
  return "";
}

Article read_news(JsonElement element) {
  Article out{.url = std::string(json_text(element, "link").value_or("")),
              .title = plain_member(element, "title"),
              .publisher = plain_member(element, "publisher")};
  if (const auto related = json_array(element, "relatedTickers")) {
    for (const JsonElement one : *related) {
      out.symbols += (out.symbols.empty() ? "" : ",") + std::string(as_text(one).value_or(""));
    }
  }
  if (const auto stamp = json_int(element, "providerPublishTime")) {
    out.published = time_of_seconds(*stamp);
  }
  return out;
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = yahoo::judge(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  LODE_CHECK(check_body(kContract, media_type(response), response.body));
  LODE_TRY(const JsonDocument json, JsonDocument::read(response.body, "Yahoo search"));
  const auto quotes = json_array(json.root(), "quotes");
  if (!quotes) {
    return fail(E::E6206, "a Yahoo search without its list of quotes");
  }
  Parsed out = only_verdict(response, {});
  RowWriter rows("listings", provenance_of(response, spec()));
  for (const JsonElement element : *quotes) {
    ++out.records;
    if (json_text(element, "quoteType").value_or("") == "OPTION") {
      continue;
    }
    std::string lacks = write_listing(element, response, out.records, rows);
    if (!lacks.empty()) {
      out.rejected.push_back(bad_record(out.records, std::move(lacks), json_text(element, "symbol").value_or("")));
    }
  }
  ArticleRows articles(response, spec());
  if (const auto news = json_array(json.root(), "news")) {
    for (const JsonElement element : *news) {
      Article article = read_news(element);
      article.line = out.records + 1;
      articles.add(article, out);
    }
  }
  articles.finish(out, "Yahoo found nothing");
  if (rows.rows() > 0) {
    out.verdict = {};
    out.tables.push_back(rows.take());
  }
  return out;
}

}  // namespace
}  // namespace source::yahoo_search

const source::Source& source_yahoo_search() {
  static const source::Source kSource{source::yahoo_search::spec(), source::yahoo_search::plan,
                                      source::yahoo_search::parse};
  return kSource;
}

}  // namespace lode
