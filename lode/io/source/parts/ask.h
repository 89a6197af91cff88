// What collectors share in asking: addresses, what a request remembers, where rows come from.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lode/io/source/collect/rows.h"
#include "lode/io/source/collect/source.h"

namespace lode::source {

// RFC 3986: everything but letters, digits and -._~ as %XX.
std::string escape_url(std::string_view text);
// A GET of base + path, the base being the value of `base_setting` without closing slashes.
Request get_request(const Spec& spec, const FetchRequest& request, std::string_view base_setting, std::string_view path,
                    std::string_view pace, const BodyContract* contract, std::string_view part);
// The standard name of this client, in the form servers of web pages take.
inline constexpr std::string_view kAgent = "Mozilla/5.0 (compatible; lode/1.0)";

// What the request was asked to remember; "" and nullopt when absent or of another kind.
std::string_view about_text(const Request& asked, std::string_view key);
std::optional<std::int64_t> about_int(const Request& asked, std::string_view key);
std::optional<Date> about_date(const Request& asked, std::string_view key);

Provenance provenance_of(const Response& response, const Spec& spec);

// A row of a symbol set aside: E6210.
Rejected bad_record(std::int64_t line, std::string reason, std::string_view text, std::string_view symbol);

// UTC nanoseconds of whole seconds; nullopt outside 1800 to 2200, where no feed has a record.
std::optional<Time> time_of_seconds(std::int64_t seconds);
std::optional<Time> time_of_millis(std::int64_t millis);

// "2024-06-28T16:00:00Z", with decimals and offsets, as RFC 3339 writes it; nullopt for anything else.
std::optional<Time> read_rfc3339(std::string_view text);
// "Mon, 21 Jul 2025 18:30:00 GMT", "+0000", "EST" and the other names of RFC 2822, the weekday optional; nullopt else.
std::optional<Time> read_rfc2822(std::string_view text);

}  // namespace lode::source
