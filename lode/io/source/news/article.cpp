// Rows of articles.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/news/article.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/io/source/parts/ask.h"

namespace lode::source {
namespace {

constexpr std::size_t kLongestUrl = 4096;

bool is_address(std::string_view url) {
  return (url.starts_with("https://") || url.starts_with("http://")) && url.size() <= kLongestUrl && is_utf8(url) &&
         std::ranges::all_of(url, [](char c) { return static_cast<unsigned char>(c) > 0x20; });
}

}  // namespace

ArticleRows::ArticleRows(const Response& response, const Spec& spec)
    : rows_("articles", provenance_of(response, spec)), received_(response.received_at) {}

std::string ArticleRows::add(const Article& article) {
  if (!is_address(article.url)) {
    return fmt::format("address {}", quote(article.url));
  }
  if (article.title.empty()) {
    return "no title";
  }
  std::string hash = sha256_hex(article.url);
  if (std::ranges::find(hashes_, hash) != hashes_.end()) {
    return "";
  }
  rows_.put(std::string_view(hash)).put(std::string_view(article.url)).put(utc_date(received_)).put(received_);
  rows_.put(article.published);
  rows_.put_some(article.publisher.empty() ? host_of(article.url) : article.publisher);
  rows_.put(std::string_view(article.title)).put_some(article.summary).put_some(article.symbols);
  rows_.put_some(article.language);
  rows_.end({article.published ? article.published : std::optional(received_), received_, false}, article.line);
  hashes_.push_back(std::move(hash));
  return "";
}

void ArticleRows::add(const Article& article, Parsed& out) {
  ++out.records;
  std::string lacks = add(article);
  if (!lacks.empty()) {
    out.rejected.push_back(bad_record(article.line, std::move(lacks), article.title));
  }
}

void ArticleRows::finish(Parsed& out, std::string_view none) {
  out.verdict = verdict_of(rows_.rows(), none);
  if (rows_.rows() > 0) {
    out.tables.push_back(rows_.take());
  }
}

std::string host_of(std::string_view url) {
  const std::size_t start = url.find("://");
  if (start == std::string_view::npos) {
    return "";
  }
  const std::string_view rest = url.substr(start + 3);
  const std::string host = lower(rest.substr(0, rest.find_first_of("/?#:")));
  return host.starts_with("www.") ? host.substr(4) : host;
}

}  // namespace lode::source
