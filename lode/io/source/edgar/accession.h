// Names of EDGAR: accession numbers, ten-digit company numbers, addresses.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lode/base/time.h"

namespace lode::source::edgar {

// "0000320193-22-000061": ten digits, two, six.
bool is_accession(std::string_view text);
// With or without dashes to the dashed form; nullopt for anything else.
std::optional<std::string> read_accession(std::string_view text);
// True of what the SEC writes itself (9999999999-..., 9999999997-...): notices and scanned paper, at any hour.
bool is_made_by_sec(std::string_view accession);

// One to ten digits, or CIK and ten digits, blanks around them allowed, to ten digits; nullopt for anything else.
std::optional<std::string> read_cik(std::string_view text);

// "20220506" or "2022-05-06" to a day; nullopt for anything else, "" included.
std::optional<Date> read_day(std::string_view text);

// edgar/data/320193/000032019322000061/0000320193-22-000061.txt below /Archives/: the whole submission.
std::string submission_path(std::string_view cik, std::string_view accession);

}  // namespace lode::source::edgar
