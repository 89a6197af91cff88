// What a collector is given of an answer, and the ten classes every answer falls into. The outcomes a user must tell
// apart (no key, limited, source down, truly empty) have error numbers of their own.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/value.h"
#include "lode/base/world.h"
#include "lode/io/source/collect/contract.h"

namespace lode::source {

// What came back, by what the caller has to do about it.
enum class ResponseClass : std::uint8_t {
  kOk,           // Rows.
  kEmpty,        // Valid, and there are none.
  kNotModified,  // What is stored still holds.
  kAbsent,       // No such thing, or not yet: ask again another day.
  kGone,         // Taken away for good: a tombstone.
  kThrottled,    // Too fast: wait, then ask the same again.
  kDenied,       // The key or the client is refused: a person has to act.
  kBlocked,      // The address is shut out: leave the whole host alone.
  kUnavailable,  // Broken for now: retry.
  kCorrupt,      // Not what the source promises: keep aside, keep what is stored.
};
std::string_view to_string(ResponseClass kind);  // "ok", "not_modified"

// One request of a plan, with what `parse` must know again when the answer comes.
struct Request {
  HttpRequest http;
  std::string pace;                        // Requests of one pace share a token bucket: "sec.gov".
  const BodyContract* contract = nullptr;  // What a good body looks like; static.
  std::string part;                        // Which of the source's answers it asks for: "page", "overflow".
  Value about;                             // Whatever the source wants back: page, forms, cik.
  // How long a stored answer may stand for a new one; nullopt = for ever, 0 = never.
  std::optional<std::int64_t> keep_seconds = 0;
};

// Put into `about` (true) by a plan that asks for a span piece by piece: that one piece is absent (the index of a
// holiday) is no failure where others are there.
inline constexpr std::string_view kOneOfSpan = "one_of_span";
bool is_one_of_span(const Request& asked);

// Texts a plan put into `about`: "" and none when it put none.
std::string text_about(const Request& asked, std::string_view key);
std::vector<std::string> texts_about(const Request& asked, std::string_view key);
Value text_list(const std::vector<std::string>& texts);

// Where a source stands: its own words, opaque to everyone else. Committed with the rows it covers.
struct Cursor {
  Value state;
  bool operator==(const Cursor&) const = default;
};

// What `parse` sees: never the socket.
struct Response {
  Request asked;
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Time received_at;      // Arrival of the first byte.
  std::string raw_hash;  // SHA-256 of the body: where the archive keeps it.
  Cursor cursor;         // Where the source stood before this answer.
};
// The header's value, its name in any case; nullopt when absent.
std::optional<std::string_view> header(const Response& response, std::string_view name);
// The media type, lower case, without parameters: "application/json"; "" when none is given.
std::string media_type(const Response& response);
// Seconds to wait by Retry-After: whole seconds, or a date of RFC 9110 counted from `received_at`; nullopt when absent
// or unreadable. Never below 0; capped at a day.
std::optional<std::int64_t> retry_after(const Response& response);

// What status and body say before any of it is read as data. kOk means: read on.
struct Verdict {
  ResponseClass kind = ResponseClass::kOk;
  std::string reason;
  std::optional<std::int64_t> wait_seconds;  // Of kThrottled and kBlocked, where known.
};
// By status alone, for sources without words of their own: 304, 401 and 403, 404, 410, 429, 418, 5xx; other 4xx are
// denied. 200 and 206 are ok.
Verdict by_status(const Response& response);

// The error of an outcome without rows: E6202 denied, E6203 limited, E6204 down, E6205 truly empty, E6209 absent or
// gone, E6206 corrupt. `what` names what was asked. Not for kOk and kNotModified.
Error outcome_error(const Verdict& verdict, std::string_view what);

}  // namespace lode::source
