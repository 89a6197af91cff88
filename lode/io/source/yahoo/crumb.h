// Cookie and crumb: what Yahoo's quotes and options ask of a client. Two ways lead there, each a chain of requests in
// which an answer asks for the next: a cookie of one host and the crumb of another, or, where a page of consent stands
// in between, its form. Cookies travel in headers and the crumb in the address; both are told to the client as secrets
// and nothing keeps them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lode/io/source/collect/source.h"

namespace lode::source::yahoo {

// yahoo.query1_url and yahoo.cookie_url beside yahoo.base_url.
std::vector<Setting> crumb_settings();
// The request that begins the chain; when it has led to a crumb, `wanted` are asked with it.
Request begin_crumb(const Spec& spec, const FetchRequest& request, const std::vector<Request>& wanted);
// An answer of the chain: no rows, and what is asked next. nullopt when the answer is one of the wanted. The first way
// failing, the second is taken once; then the verdict is denied or throttled.
std::optional<Parsed> crumb_step(const Response& response);

// 1 to 64 characters, no markup, not "Too Many Requests"; else E6206. Blanks around it are no part of it.
Result<std::string> read_crumb(std::string_view body);
// What a client sends back: name=value of each Set-Cookie header, newer values in place of those in `before`.
std::string cookies_of(const Response& response, std::string_view before);

}  // namespace lode::source::yahoo
