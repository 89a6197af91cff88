// Body contracts as data: what a good body of a source looks like, checked before any of it is read. A status of 200
// over a wrong body is the commonest silent failure of free sources.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "lode/base/result.h"

namespace lode::source {

// All text is static. Comparisons of bytes are exact, of media types lower case.
struct BodyContract {
  std::string_view name;                 // "edgar-atom"; named in messages.
  std::vector<std::string_view> types;   // Media types it may come under; a missing type passes; empty = any.
  std::vector<std::string_view> begins;  // One of these opens it, behind blanks and a byte-order mark; empty = any.
  std::vector<std::string_view> needs;   // Each stands somewhere in it.
  std::string_view ends;                 // Closes it, before blanks; "" = any.
  bool may_be_html = false;              // Else a body that opens as a web page is refused whatever its type says.
  std::size_t least_bytes = 1;
  std::size_t most_bytes = std::size_t{512} << 20;
  double least_share = 0.0;  // Rows against the last good pull; 0.9 refuses a list a tenth shorter.
};

// True when the body opens as a web page: <!DOCTYPE html or <html, in any case, behind blanks and a byte-order mark.
bool looks_like_html(std::string_view body);

// E6206 with what was found and what was expected. `type` is the media type without parameters, "" when unknown;
// `declared_bytes` the Content-Length of an uncompressed answer, where there was one.
Result<void> check_body(const BodyContract& contract, std::string_view type, std::string_view body,
                        std::optional<std::int64_t> declared_bytes = {});

// E6206 when `rows` are fewer than the contract's share of `rows_before` (0 = nothing to compare with).
Result<void> check_rows(const BodyContract& contract, std::int64_t rows, std::int64_t rows_before);

}  // namespace lode::source
