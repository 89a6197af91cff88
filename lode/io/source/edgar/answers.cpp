// Classes of EDGAR's answers and the requests that get them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/answers.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"

namespace lode::source::edgar {
namespace {

constexpr std::int64_t kBlockSeconds = 600;  // Asking earlier makes the block longer.
constexpr std::size_t kPageBytes = 65'536;   // Error pages are small; no more of a body is searched for their words.

bool says(std::string_view body, std::string_view words) {
  return body.substr(0, kPageBytes).find(words) != std::string_view::npos;
}

// Who asked without a contact was never sent (E6201): the SEC does not like the one it got.
std::string undeclared(const Request& asked) {
  const auto agent = std::ranges::find(asked.http.headers, "User-Agent", [](const auto& one) { return one.first; });
  const std::string contact = agent == asked.http.headers.end() ? "" : agent->second;
  if (contact.find('@') == std::string::npos || trim(contact).find(' ') == std::string_view::npos) {
    return fmt::format(
        "an undeclared tool to the SEC: edgar.contact is {}, expected a name and a mail address, as 'Company Name "
        "contact@example.com'",
        quote(contact));
  }
  return fmt::format(
      "an undeclared tool to the SEC, though the request names {}: it may have been one request too many, or the "
      "address is on its list; wait ten minutes, then try another edgar.contact or ask webmaster@sec.gov",
      quote(contact));
}

Verdict judge_refusal(const Response& response) {
  const std::string_view body = response.body;
  if (response.status == 403 && says(body, "<Code>AccessDenied</Code>")) {
    return {ResponseClass::kAbsent, "no such file, or not yet (403 AccessDenied)", {}};
  }
  if (says(body, "Undeclared Automated Tool")) {
    return {ResponseClass::kDenied, undeclared(response.asked), {}};
  }
  if (response.status == 429 || says(body, "Rate Threshold Exceeded") || says(body, "rate limit")) {
    const std::int64_t asked = retry_after(response).value_or(0);
    return {ResponseClass::kBlocked, fmt::format("too many requests (status {})", response.status),
            std::max(asked, kBlockSeconds)};
  }
  return {ResponseClass::kDenied, "refused without a known reason (403)", {}};
}

// Past its end the feed is a 503 of the page store; only a page behind a full one can stand there.
bool is_past_end(const Response& response) {
  const Value* behind = response.asked.about.find("behind_full_page");
  return behind != nullptr && behind->is_bool() && behind->as_bool() && response.asked.part == "page" &&
         looks_like_html(response.body);
}

}  // namespace

Verdict judge(const Response& response) {
  switch (response.status) {
    case 200:
      if (looks_like_html(response.body) &&
          (says(response.body, "No matching CIK") || says(response.body, "No matching Ticker Symbol"))) {
        return {ResponseClass::kAbsent, "no such company", {}};
      }
      return {};
    case 403:
    case 429:
      return judge_refusal(response);
    case 503:
      if (is_past_end(response)) {
        return {ResponseClass::kEmpty, "past the end of the feed", {}};
      }
      return by_status(response);
    default:
      return by_status(response);
  }
}

std::vector<Setting> edgar_settings() {
  return {{"edgar.contact", "", "who asks, as 'Company Name contact@example.com': the SEC refuses clients without one",
           true},
          {"edgar.base_url", "https://www.sec.gov", "host of feed, indexes and filings; a mirror or a proxy"},
          {"edgar.data_url", "https://data.sec.gov", "host of submissions and facts; a mirror or a proxy"}};
}

std::vector<Pace> edgar_paces() { return {{kPace, 5.0, 8.0, kBlockSeconds}}; }

Request edgar_get(const Spec& spec, const FetchRequest& request, std::string_view host_setting, std::string_view path) {
  Request out;
  std::string_view host = request.setting(spec, host_setting);
  while (host.ends_with('/')) {
    host.remove_suffix(1);
  }
  out.http.url = fmt::format("{}/{}", host, path);
  out.http.headers = {{"User-Agent", std::string(request.setting(spec, "edgar.contact"))},
                      {"Accept-Encoding", "gzip, deflate"}};
  out.http.answers = {429};  // A block, which asking again makes longer.
  out.pace = kPace;
  out.about.set("host", host);
  return out;
}

Request edgar_follow(const Request& asked, std::string_view path) {
  Request out = asked;
  const Value* host = asked.about.find("host");
  out.http.url =
      fmt::format("{}/{}", host != nullptr && host->is_text() ? host->as_text() : "https://www.sec.gov", path);
  return out;
}

Provenance provenance(const Response& response) { return {std::string(kSourceName), response.raw_hash}; }

}  // namespace lode::source::edgar
