// How EDGAR's hosts say no: their error pages, block pages and missing files, told apart before a body is read.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lode/io/source/collect/rows.h"

namespace lode::source::edgar {

inline constexpr std::string_view kSourceName = "edgar";
inline constexpr std::string_view kPace = "sec.gov";  // All hosts of the SEC count together.

// The class of an answer by status and the words of its body. kOk means that the body may be read as data.
Verdict judge(const Response& response);

// The settings and paces every EDGAR source shares.
std::vector<Setting> edgar_settings();
std::vector<Pace> edgar_paces();

// A GET of `path` below the host of `host_setting`, with the contact as User-Agent.
Request edgar_get(const Spec& spec, const FetchRequest& request, std::string_view host_setting, std::string_view path);
// The same host and headers with another path: a follow-up of an answer.
Request edgar_follow(const Request& asked, std::string_view path);

Provenance provenance(const Response& response);

}  // namespace lode::source::edgar
