// Classes of answers: names, the rules by status, and the error each becomes.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/collect/response.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/assert.h"
#include "lode/base/text.h"

namespace lode::source {
namespace {

constexpr std::int64_t kLongestWait = 86'400;  // A source that asks for more is asked again tomorrow.

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// "Sat, 27 Jun 2026 07:11:02 GMT" (RFC 9110, 5.6.7, the preferred form).
std::optional<Time> http_date(std::string_view text) {
  if (text.size() != 29 || !text.ends_with(" GMT")) {
    return std::nullopt;
  }
  const auto month = std::ranges::find(kMonths, text.substr(8, 3));
  if (month == kMonths.end()) {
    return std::nullopt;
  }
  const std::string digits =
      fmt::format("{}-{:02}-{}", text.substr(12, 4), month - kMonths.begin() + 1, text.substr(5, 2));
  const auto instant = parse_as_of(fmt::format("{}T{}Z", digits, text.substr(17, 8)));
  return instant ? std::optional(*instant) : std::nullopt;
}

}  // namespace

std::string_view to_string(ResponseClass kind) {
  constexpr std::array<std::string_view, 10> kNames = {"ok",        "empty",  "not_modified", "absent",      "gone",
                                                       "throttled", "denied", "blocked",      "unavailable", "corrupt"};
  return kNames[static_cast<std::size_t>(kind)];
}

bool is_one_of_span(const Request& asked) {
  const Value* found = asked.about.find(kOneOfSpan);
  return found != nullptr && found->is_bool() && found->as_bool();
}

std::string text_about(const Request& asked, std::string_view key) {
  const Value* found = asked.about.find(key);
  return found != nullptr && found->is_text() ? found->as_text() : "";
}

std::vector<std::string> texts_about(const Request& asked, std::string_view key) {
  std::vector<std::string> out;
  const Value* found = asked.about.find(key);
  if (found != nullptr && found->is_array()) {
    for (const Value& text : found->as_array()) {
      if (text.is_text()) {
        out.push_back(text.as_text());
      }
    }
  }
  return out;
}

Value text_list(const std::vector<std::string>& texts) {
  Value out = Value::array();
  for (const std::string& text : texts) {
    out.push(text);
  }
  return out;
}

std::optional<std::string_view> header(const Response& response, std::string_view name) {
  const std::string wanted = lower(name);
  for (const auto& [key, value] : response.headers) {
    if (lower(key) == wanted) {
      return std::string_view(value);
    }
  }
  return std::nullopt;
}

std::string media_type(const Response& response) {
  const auto value = header(response, "content-type");
  return value ? lower(trim(value->substr(0, value->find(';')))) : "";
}

std::optional<std::int64_t> retry_after(const Response& response) {
  const auto value = header(response, "retry-after");
  if (!value) {
    return std::nullopt;
  }
  std::int64_t seconds = 0;
  if (!parse_int(trim(*value), seconds)) {
    const auto until = http_date(trim(*value));
    if (!until) {
      return std::nullopt;
    }
    seconds = (until->nanos - response.received_at.nanos + kNanosPerSecond - 1) / kNanosPerSecond;
  }
  return std::clamp<std::int64_t>(seconds, 0, kLongestWait);
}

Verdict by_status(const Response& response) {
  const int status = response.status;
  const auto verdict = [&](ResponseClass kind) {
    return Verdict{kind, fmt::format("status {}", status), retry_after(response)};
  };
  if (status == 200 || status == 206) {
    return {};
  }
  switch (status) {
    case 304:
      return verdict(ResponseClass::kNotModified);
    case 404:
      return verdict(ResponseClass::kAbsent);
    case 410:
      return verdict(ResponseClass::kGone);
    case 408:
      return verdict(ResponseClass::kUnavailable);
    case 418:
      return verdict(ResponseClass::kBlocked);
    case 425:
    case 429:
      return verdict(ResponseClass::kThrottled);
    default:
      return verdict(status >= 400 && status < 500 ? ResponseClass::kDenied : ResponseClass::kUnavailable);
  }
}

Error outcome_error(const Verdict& verdict, std::string_view what) {
  const std::string wait =
      verdict.wait_seconds ? fmt::format("; it may be asked again in {} s", *verdict.wait_seconds) : "";
  const auto error = [&](ErrorNumber number, std::string_view said) {
    return Error(number, fmt::format("{}: {} ({}){}", what, said, verdict.reason, wait));
  };
  switch (verdict.kind) {
    case ResponseClass::kEmpty:
      return error(E::E6205, "the source has no rows for it");
    case ResponseClass::kAbsent:
      return error(E::E6209, "the source has no such thing, or not yet");
    case ResponseClass::kGone:
      return error(E::E6209, "the source has taken it away");
    case ResponseClass::kThrottled:
      return error(E::E6203, "the source asks for fewer requests");
    case ResponseClass::kBlocked:
      return error(E::E6203, "the source has blocked this address");
    case ResponseClass::kDenied:
      return error(E::E6202, "the source refuses this client");
    case ResponseClass::kUnavailable:
      return error(E::E6204, "the source cannot serve now");
    case ResponseClass::kCorrupt:
      return error(E::E6206, "the answer is not what the source promises");
    case ResponseClass::kOk:
    case ResponseClass::kNotModified:
      break;
  }
  LODE_ASSERT(false && "an outcome with rows is no error");
  return error(E::E9001, "an outcome with rows");
}

}  // namespace lode::source
