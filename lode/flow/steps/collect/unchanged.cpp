// Stored bodies and the answers that stand for them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/unchanged.h"

#include <fmt/format.h>

#include <array>

namespace lode::flow {
namespace {

constexpr std::array<const char*, 3> kDescribing = {"ETag", "Last-Modified", "Content-Type"};

HttpHeaders describing(const HttpHeaders& headers) {
  HttpHeaders out;
  for (const char* name : kDescribing) {
    if (const std::string* value = find_header(headers, name); value != nullptr && !value->empty()) {
      out.emplace_back(name, *value);
    }
  }
  return out;
}

bool names_itself(const HttpHeaders& headers) {
  return find_header(headers, "ETag") != nullptr || find_header(headers, "Last-Modified") != nullptr;
}

// Weak comparison (RFC 9110, 8.8.3.2).
std::string_view opaque(std::string_view etag) { return etag.starts_with("W/") ? etag.substr(2) : etag; }

const std::string& address(const Answer& answer) { return answer.ask.request.http.url; }

}  // namespace

std::optional<StoredAnswer> asked_for_changes(const Ask& ask, const Books& books, const Archive& archive) {
  if (!ask.request.http.is_conditional) {
    return std::nullopt;
  }
  std::optional<StoredAnswer> stored = books.stored(ask.request.http.url);
  return stored && archive.get(stored->raw_hash) ? std::move(stored) : std::nullopt;
}

bool stands_for(const StoredAnswer& stored, const HttpHeaders& headers) {
  for (const char* name : {"ETag", "Last-Modified"}) {  // The stronger first.
    const std::string* told = find_header(headers, name);
    const std::string* kept = find_header(stored.headers, name);
    if (told != nullptr && kept != nullptr) {
      return opaque(*told) == opaque(*kept);
    }
  }
  return true;  // It need not name it (RFC 9110, 15.4.5).
}

// The books first forget, then are told: they never name a body that io/net's validators do not belong to.
Result<void> remember_stored(const Answer& answer, const HttpRequest& sent, lake::CommitId commit, Books& books,
                             Http& http) {
  if (!answer.ask.request.http.is_conditional || answer.status != 200) {
    return {};
  }
  LODE_CHECK(books.drop(address(answer)));
  HttpResponse response;
  response.status = answer.status;
  response.headers = answer.headers;
  LODE_CHECK(http.stored(sent, response));
  if (!names_itself(answer.headers)) {
    return {};
  }
  return books.remember(address(answer),
                        {what_is_asked(answer.ask), answer.raw_hash, describing(answer.headers), commit});
}

Result<void> remember_again(const Answer& answer, lake::CommitId commit, Books& books) {
  std::optional<StoredAnswer> stored = books.stored(address(answer));
  if (!stored || stored->raw_hash != answer.raw_hash) {
    return {};
  }
  stored->asked = what_is_asked(answer.ask);
  stored->commit = commit;
  return books.remember(address(answer), *stored);
}

Result<Whole> whole_answer(const Answer& answer, const Books& books, const Archive& archive) {
  if (answer.raw_hash.empty()) {
    return fail(E::E9, fmt::format("{} says that nothing changed, and nothing of it is stored", address(answer)),
                "it is asked in full by the next run");
  }
  Whole out;
  LODE_TRY(out.body, archive.get(answer.raw_hash));
  if (const auto stored = books.stored(address(answer)); stored && stored->raw_hash == answer.raw_hash) {
    out.headers = stored->headers;
  }
  return out;
}

Result<bool> is_held(const Answer& answer, const Books& books, const lake::Lake& lake) {
  const std::optional<StoredAnswer> stored = books.stored(address(answer));
  if (!stored || stored->raw_hash != answer.raw_hash || stored->asked != what_is_asked(answer.ask)) {
    return false;
  }
  LODE_TRY(const bool is_reverted, books.is_reverted_since(stored->commit, lake));
  return !is_reverted;
}

}  // namespace lode::flow
