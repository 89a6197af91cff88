// What searches of news share: a question for each name, one JSON answer with a list of articles.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/io/source/collect/json_document.h"
#include "lode/io/source/collect/source.h"
#include "lode/io/source/news/article.h"

namespace lode::source {

// Reads the list `key` (a dotted path of one or two steps) of a JSON answer by `read`, one article an element. Control
// characters that some put into their JSON are blanked first. E6206 without the list.
Result<Parsed> read_articles(const Response& response, const Spec& spec, const BodyContract& contract,
                             std::string_view key, Article (*read)(JsonElement));
// The member as plain text, "" when absent.
std::string plain_member(JsonElement object, std::string_view key);
// E6208 unless there are names, none is empty or longer than `most` bytes.
Result<void> check_questions(const FetchRequest& request, std::size_t most);

}  // namespace lode::source
