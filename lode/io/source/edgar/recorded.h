// Recorded bodies of EDGAR for tests: pages of a crawl, answers with their recorded status and headers.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

#include "lode/base/hash.h"
#include "lode/base/must.h"
#include "lode/io/source/collect/source.h"
#include "lode/market/test_data.h"

namespace lode::source::edgar {

// Pages of a crawl, first `count` of them.
inline std::vector<std::string> recorded_pages(const std::string& folder, const std::string& prefix, int count) {
  std::vector<std::string> out;
  for (int page = 0; page < count; ++page) {
    out.push_back(read_test_data(fmt::format("edgar/atom/{}/{}-start{:04}.atom.xml.gz", folder, prefix, page * 100)));
  }
  return out;
}

// The answer to a planned request.
inline Response answer(const Request& asked, std::string body, int status = 200, const Cursor& cursor = {}) {
  Response out;
  out.asked = asked;
  out.status = status;
  out.raw_hash = sha256_hex(body);
  out.body = std::move(body);
  out.received_at = must(parse_as_of("2025-12-12T23:03:31Z"));
  out.cursor = cursor;
  return out;
}

// A body with the status and headers recorded beside it.
inline Response recorded_answer(const std::string& name, const std::string& meta, const Request& asked = {}) {
  Response out = answer(asked, read_test_data(name));
  const Value recorded = must(parse_json(read_test_data(meta)));
  out.status = static_cast<int>(recorded.find("status")->as_int());
  for (const auto& [key, values] : recorded.find("response_headers")->as_object()) {
    out.headers.emplace_back(key, values.as_array().at(0).as_text());
  }
  return out;
}

inline FetchRequest with_contact() {
  FetchRequest out;
  out.settings["edgar.contact"] = "Example Company someone@example.com";
  return out;
}

// The submission of Apple's annual report of 2023 around documents: type, file and body each.
inline std::string submission(const std::vector<std::array<std::string, 3>>& documents) {
  std::string out =
      "<SEC-DOCUMENT>0000320193-23-000106.txt : 20231103\n<SEC-HEADER>0000320193-23-000106.hdr.sgml : 20231103\n"
      "<ACCEPTANCE-DATETIME>20231102180827\nACCESSION NUMBER:\t\t0000320193-23-000106\n"
      "CONFORMED SUBMISSION TYPE:\t10-K\nPUBLIC DOCUMENT COUNT:\t\t2\nFILED AS OF DATE:\t\t20231103\n\nFILER:\n\n"
      "\tCOMPANY DATA:\t\n\t\tCOMPANY CONFORMED NAME:\t\t\tApple Inc.\n\t\tCENTRAL INDEX KEY:\t\t\t0000320193\n"
      "</SEC-HEADER>\n";
  int sequence = 0;
  for (const auto& [type, file, body] : documents) {
    out += fmt::format(
        "<DOCUMENT>\n<TYPE>{}\n<SEQUENCE>{}\n<FILENAME>{}\n<TEXT>\n<XBRL>\n{}\n</XBRL>\n</TEXT>\n</DOCUMENT>\n", type,
        ++sequence, file, body);
  }
  return out + "</SEC-DOCUMENT>\n";
}

}  // namespace lode::source::edgar
