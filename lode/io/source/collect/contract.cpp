// Checks bodies against their contracts.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/collect/contract.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"

namespace lode::source {
namespace {

std::string_view opening(std::string_view body) {
  if (body.starts_with("\xEF\xBB\xBF")) {
    body.remove_prefix(3);
  }
  const std::size_t at = body.find_first_not_of(" \t\r\n");
  return at == std::string_view::npos ? std::string_view() : body.substr(at);
}

Failure refuse(const BodyContract& contract, std::string_view body, const std::string& expected) {
  return fail(E::E6206,
              fmt::format("a body of {} bytes that opens with {} is no {}: expected {}", body.size(),
                          quote(opening(body).substr(0, 60)), contract.name, expected),
              "the body is kept aside; what was stored before stays");
}

std::string any_of(const std::vector<std::string_view>& words) { return fmt::format("{}", fmt::join(words, " or ")); }

}  // namespace

bool looks_like_html(std::string_view body) {
  const std::string start = lower(opening(body).substr(0, 15));
  return start.starts_with("<!doctype html") || start.starts_with("<html");
}

Result<void> check_body(const BodyContract& contract, std::string_view type, std::string_view body,
                        std::optional<std::int64_t> declared_bytes) {
  if (body.size() > contract.most_bytes) {
    return refuse(contract, body, fmt::format("at most {} bytes", contract.most_bytes));
  }
  if (declared_bytes && *declared_bytes != static_cast<std::int64_t>(body.size())) {
    return refuse(contract, body, fmt::format("the {} bytes of its Content-Length", *declared_bytes));
  }
  if (body.size() < contract.least_bytes) {
    return refuse(contract, body, fmt::format("at least {} bytes", contract.least_bytes));
  }
  if (!contract.may_be_html && looks_like_html(body)) {
    return refuse(contract, body, "data, not a web page");
  }
  if (!type.empty() && !contract.types.empty() && std::ranges::find(contract.types, type) == contract.types.end()) {
    return refuse(contract, body, fmt::format("the type {}, not {}", any_of(contract.types), quote(type)));
  }
  const std::string_view start = opening(body);
  if (!contract.begins.empty() &&
      std::ranges::none_of(contract.begins, [&](std::string_view word) { return start.starts_with(word); })) {
    return refuse(contract, body, fmt::format("{} at its beginning", any_of(contract.begins)));
  }
  for (const std::string_view word : contract.needs) {
    if (body.find(word) == std::string_view::npos) {
      return refuse(contract, body, fmt::format("{} in it", word));
    }
  }
  const std::size_t last = body.find_last_not_of(" \t\r\n");
  if (!contract.ends.empty() &&
      (last == std::string_view::npos || !body.substr(0, last + 1).ends_with(contract.ends))) {
    return refuse(contract, body, fmt::format("{} at its end: it is cut off", contract.ends));
  }
  return {};
}

Result<void> check_rows(const BodyContract& contract, std::int64_t rows, std::int64_t rows_before) {
  if (rows_before > 0 && static_cast<double>(rows) < contract.least_share * static_cast<double>(rows_before)) {
    return fail(E::E6206,
                fmt::format("{} has {} rows where the last good one had {}: expected at least {:.0f} %", contract.name,
                            grouped(rows), grouped(rows_before), contract.least_share * 100),
                "the body is kept aside; what was stored before stays");
  }
  return {};
}

}  // namespace lode::source
