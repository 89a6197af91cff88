// RSS and Atom feeds of news: those of symbols (Yahoo, Google), and any address.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/io/source/news/article.h"
#include "lode/io/source/parts/ask.h"
#include "lode/io/source/parts/csv.h"
#include "lode/io/source/parts/xml.h"

namespace lode {
namespace source::rss {
namespace {

const BodyContract kContract{
    .name = "RSS feed",
    .types = {"application/rss+xml", "application/atom+xml", "application/xml", "text/xml", "text/plain"},
    .begins = {"<?xml", "<rss", "<feed", "<!--"},
    .ends = ">",
    .most_bytes = std::size_t{32} << 20};

const Spec& spec() {
  static const Spec kSpec{
      .name = "rss",
      .summary = "news of RSS and Atom feeds, counted from when they were first seen",
      .names = "symbols, or addresses of feeds",
      .kinds = "of symbols: yahoo (standard), google",
      .tables = {"articles"},
      .settings = {{"yahoo.rss_url", "https://feeds.finance.yahoo.com", "host of Yahoo's headlines"},
                   {"google.news_url", "https://news.google.com", "host of Google's news"}},
      .paces = {{"rss", 0.5, 2.0, 3600}},
      .example = "lode data fetch rss --symbols AAPL,MSFT",
      .terms = "the publishers'; for your own reading, texts are stored locally and never passed on"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  const std::string kind = request.kinds.empty() ? "yahoo" : request.kinds.front();
  if (request.names.empty() || request.kinds.size() > 1 || (kind != "yahoo" && kind != "google")) {
    return fail(E::E6208, "feeds are asked by symbol (of yahoo or google) or by address, and none is named",
                "--symbols AAPL");
  }
  Plan out;
  for (const std::string& name : request.names) {
    const bool is_address = name.starts_with("https://") || name.starts_with("http://");
    Request one = kind == "google"
                      ? get_request(spec(), request, "google.news_url",
                                    fmt::format("/rss/search?q={}&hl=en-US&gl=US&ceid=US:en", escape_url(name)), "rss",
                                    &kContract, "feed")
                      : get_request(spec(), request, "yahoo.rss_url",
                                    fmt::format("/rss/2.0/headline?s={}&region=US&lang=en-US", escape_url(name)), "rss",
                                    &kContract, "feed");
    if (is_address) {
      one.http.url = name;
    } else {
      one.about.set("symbol", name);
    }
    one.http.is_conditional = true;
    out.requests.push_back(std::move(one));
  }
  return out;
}

// Adds a text to the field its element stands for.
struct Item {
  Article article;
  std::string guid;
  bool guid_is_link = true;

  void take(std::string_view element, std::string_view text) {
    const std::string plain = plain_text(text);
    if (element == "title") {
      article.title += plain;
    } else if (element == "link") {
      article.url += plain;
    } else if (element == "guid" || element == "id") {
      guid += plain;
    } else if (element == "description" || element == "summary") {
      article.summary += plain;
    } else if (element == "source" || element == "dc:creator") {
      article.publisher = article.publisher.empty() ? plain : article.publisher;
    } else if (element == "nasdaq:tickers") {
      article.symbols += plain;
    } else if (element == "dc:language") {
      article.language += plain;
    } else if (element == "pubDate") {
      article.published = read_rfc2822(plain);
    } else if (element == "published" || element == "updated" || element == "dc:date") {
      article.published = article.published ? article.published : read_rfc3339(plain);
    }
  }
};

void finish(Item& item, std::string_view symbol, ArticleRows& rows, Parsed& out) {
  Article& article = item.article;
  if (article.url.empty() && item.guid_is_link && item.guid.starts_with("http")) {
    article.url = item.guid;
  }
  // Google's titles end in " - Publisher".
  const std::string tail = " - " + article.publisher;
  if (!article.publisher.empty() && article.title.size() > tail.size() && article.title.ends_with(tail)) {
    article.title.resize(article.title.size() - tail.size());
  }
  if (article.symbols.empty()) {
    article.symbols = clean_text(symbol);
  }
  article.line = out.records + 1;
  rows.add(article, out);
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = by_status(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  LODE_CHECK(check_body(kContract, media_type(response), response.body));
  Parsed out = only_verdict(response, {});
  ArticleRows rows(response, spec());
  XmlReader xml(response.body);
  std::optional<Item> item;
  std::string element;
  bool is_feed = false;
  while (xml.next()) {
    is_feed = is_feed || xml.is_start("channel") || xml.is_start("feed");
    if (xml.is_start("item") || xml.is_start("entry")) {
      item.emplace();
    } else if (item && (xml.is_end("item") || xml.is_end("entry"))) {
      finish(*item, about_text(response.asked, "symbol"), rows, out);
      item.reset();
    } else if (item && xml.is_start()) {
      element = xml.is_empty_element() ? "" : xml.name();
      if (xml.name() == "link" && !xml.attribute("href").empty()) {
        item->article.url = plain_text(xml.attribute("href"));
      } else if (xml.name() == "guid") {
        item->guid_is_link = xml.attribute("isPermaLink") != "false";
      }
    } else if (xml.is_end()) {
      element.clear();
    } else if (item && xml.is_text()) {
      item->take(element, xml.text());
    }
  }
  if (!is_feed || xml.broken() || xml.depth() != 0) {
    return fail(E::E6206, "a feed without channel, or that is no whole XML");
  }
  rows.finish(out, "the feed has no items");
  return out;
}

}  // namespace
}  // namespace source::rss

const source::Source& source_news_rss() {
  static const source::Source kSource{source::rss::spec(), source::rss::plan, source::rss::parse};
  return kSource;
}

}  // namespace lode
