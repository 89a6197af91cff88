// Articles as feeds and searches tell them. Whatever a publisher claims, an article counts from when Lode first had it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lode/io/source/collect/rows.h"

namespace lode::source {

struct Article {
  std::int64_t line = 0;
  std::string url;
  std::string title, summary, publisher, symbols, language;  // Plain text; "" = not told.
  std::optional<Time> published;
};

// Writes articles, each address once an answer; known when received.
class ArticleRows {
 public:
  ArticleRows(const Response& response, const Spec& spec);
  // "" or what the article lacks: an http address of at most 4,096 bytes without blanks, a title.
  std::string add(const Article& article);
  // Adds the article, or sets it aside in `out`.
  void add(const Article& article, Parsed& out);
  // Ends the answer: verdict and table.
  void finish(Parsed& out, std::string_view none);

 private:
  RowWriter rows_;
  Time received_;
  std::vector<std::string> hashes_;
};

// The host of an address without "www.": "news.google.com"; "" of none.
std::string host_of(std::string_view url);

}  // namespace lode::source
