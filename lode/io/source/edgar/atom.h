// The current feed of EDGAR: one page of Atom, one entry for every role in a filing. Read by a scanner of our own that
// follows no entity, no DTD and no nesting, so that no page can cost more than its bytes.
//
//   <entry> title "FORM - NAME (CIK) (ROLE)", link@href, summary (escaped HTML: Filed, AccNo, Size, Item lines),
//           updated, category@term = the exact form, id = ...accession-number=ACCESSION </entry>
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/io/source/collect/contract.h"
#include "lode/io/source/edgar/filing.h"
#include "lode/io/source/rejected.h"

namespace lode::source::edgar {

extern const BodyContract kAtomContract;

struct FeedPage {
  std::vector<Filing> entries;  // One role each, in the order of the page; line = entry of the page, from 1.
  std::vector<Rejected> rejected;
  std::size_t records = 0;  // Entries, the rejected ones included.
};

// E6206 when the body is no whole feed. An entry that lacks what it must have is set aside (E6210).
Result<FeedPage> parse_atom(std::string_view body);

// Text of XML: the five named entities and numbers resolved, anything else left as it stands.
std::string unescape_xml(std::string_view text);
// Bytes of ISO 8859-1 as UTF-8; what is UTF-8 already stays.
std::string utf8_of_latin1(std::string_view bytes);

}  // namespace lode::source::edgar
