// When was a filing accepted? The JSON's Z is not to be believed: files hold true UTC at one fetch and the New York
// clock at the next. These are the rules, authoritative first:
//   sgml           <ACCEPTANCE-DATETIME> of the header: always the eastern clock
//   atom           <updated> of the feed: has its offset
//   json-utc       a file of submissions that is proven to be UTC: a filer's row stands where the office is closed if
//   read
//                  as New York, and none where it is closed if read as UTC
//   json-new-york  anything else: never too early, at worst four or five hours late
// Authority over what is stored is `authority`; a better instant later is a correction, never an overwrite.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lode/base/time.h"

namespace lode::source::edgar {

enum class AcceptanceRule : std::uint8_t { kSgml, kAtom, kJsonUtc, kJsonNewYork };
std::string_view to_string(AcceptanceRule rule);  // "sgml", "atom", "json-utc", "json-new-york"
// How much a rule is believed where several told of one filing, by its name: sgml, then atom, json-utc, json-new-york,
// and 0 for any other word: a bare filing date, as an index tells it.
int authority(std::string_view rule);

struct Acceptance {
  Time at;
  std::string text;  // As written: "20220506183057", "2025-12-12T18:02:10-05:00"
  std::string zone;  // "America/New_York", "UTC", "-05:00"
  AcceptanceRule rule = AcceptanceRule::kSgml;
};

// nullopt when the digits are no time.
std::optional<Acceptance> accepted_by_header(std::string_view digits);  // "20220506183057"
std::optional<Acceptance> accepted_by_feed(std::string_view updated);   // "2025-12-12T18:02:10-05:00"

// Which clock one file of submissions shows, with the rows that prove it.
struct FileClock {
  bool utc = false;
  std::int64_t utc_rows = 0;       // Filers' rows outside office hours when read as New York.
  std::int64_t new_york_rows = 0;  // Filers' rows outside office hours when read as UTC.
};
// `accessions` and `digits` are columns of the file, of equal length. What the SEC made itself proves nothing.
FileClock file_clock(std::span<const std::string_view> accessions, std::span<const std::string_view> digits);

// "2022-05-06T18:30:57.000Z" read on the file's clock.
std::optional<Acceptance> accepted_by_json(std::string_view digits, const FileClock& clock);

}  // namespace lode::source::edgar
