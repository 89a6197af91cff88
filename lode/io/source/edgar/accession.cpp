// Reads and writes EDGAR's names.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/accession.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"

namespace lode::source::edgar {
namespace {

bool digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_accession(std::string_view text) {
  return text.size() == 20 && text[10] == '-' && text[13] == '-' && digits(text.substr(0, 10)) &&
         digits(text.substr(11, 2)) && digits(text.substr(14));
}

std::optional<std::string> read_accession(std::string_view text) {
  if (is_accession(text)) {
    return std::string(text);
  }
  if (text.size() != 18 || !digits(text)) {
    return std::nullopt;
  }
  return fmt::format("{}-{}-{}", text.substr(0, 10), text.substr(10, 2), text.substr(12));
}

bool is_made_by_sec(std::string_view accession) { return accession.starts_with("99999999"); }

std::optional<std::string> read_cik(std::string_view text) {
  text = trim(text);
  if (text.size() == 13 && lower(text.substr(0, 3)) == "cik") {
    text.remove_prefix(3);  // CIK0000320193, as EDGAR's addresses have it.
  }
  if (text.empty() || text.size() > 10 || !digits(text)) {
    return std::nullopt;
  }
  return std::string(10 - text.size(), '0') + std::string(text);
}

std::optional<Date> read_day(std::string_view text) {
  Date day;
  return try_parse_date(text, day) ? std::optional(day) : std::nullopt;
}

std::string submission_path(std::string_view cik, std::string_view accession) {
  const std::size_t first = std::min(cik.find_first_not_of('0'), cik.size());
  std::string bare(accession);
  std::erase(bare, '-');
  return fmt::format("edgar/data/{}/{}/{}.txt", cik.substr(first), bare, accession);
}

}  // namespace lode::source::edgar
