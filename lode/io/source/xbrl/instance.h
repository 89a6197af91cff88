// The facts of an XBRL instance, segments included, whatever form it was filed in:
//
//   an instance      <xbrl> with contexts, units and facts: stand-alone before 2019, and since then the file that EDGAR
//                    extracts from a filed page and puts beside it (NAME_htm.xml)
//   inline           the page itself: facts are marked in its text, shown as a reader likes them (format, scale, sign),
//                    contexts and units stand in its hidden head; several pages may share one head
//
// Both give the same Instance. Sources: XBRL 2.1, Dimensions 1.0, Inline XBRL 1.1 and its transformation registries.
// Bodies are foreign: declarations (a DTD, entities) are refused, a name, a text or a list of dimensions that is too
// long sets its facts aside, and nothing is looked up outside the bytes, so memory and time are linear in them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/base/time.h"
#include "lode/io/source/rejected.h"

namespace lode::source::xbrl {

// One axis and where on it the fact lies: a member by its name (us-gaap:ProductMember) or, typed, a value as written.
struct Dimension {
  std::string axis;    // "srt:ProductOrServiceAxis"
  std::string member;  // "" of a typed one that is nil.
  bool is_typed = false;
  auto operator<=>(const Dimension&) const = default;
};

// Whom, when and which part a fact is of.
struct Context {
  std::string scheme, entity;         // "http://www.sec.gov/CIK", "0000320193"
  std::optional<Date> start;          // None: an instant.
  Date end;                           // The last day; of an instant the day at whose end it is.
  std::vector<Dimension> dimensions;  // By axis, each once.
  auto operator<=>(const Context&) const = default;
};
// {"srt:ProductOrServiceAxis":"us-gaap:ProductMember"} by axis, a nil typed member as null; "" without dimensions.
std::string dimensions_text(const Context& context);

struct InstanceFact {
  std::string taxonomy, tag;  // "us-gaap", "Assets"
  std::size_t context = 0;    // In Instance::contexts.
  std::string unit;           // "USD", "USD/shares", "pure"; "" of what is no number.
  std::string value;          // A number as decimal text, shown forms resolved; else the text. "" of nil.
  std::string decimals;       // "-6", "2", "INF" as written: to what place the number is right; "" = not said.
  bool is_nil = false;        // Said to be missing.
  bool is_number() const { return !unit.empty(); }
  std::int64_t line = 0;  // Which fact of the document, from 1.
};

struct Instance {
  std::vector<Context> contexts;
  std::vector<InstanceFact> facts;  // In the order of the document; doubled ones too (settle).
  std::vector<Rejected> rejected;   // E6210.
  std::int64_t records = 0;         // Facts seen, those set aside included.
  std::int64_t long_texts = 0;      // Of the facts those whose text is over 1,000 bytes or goes on elsewhere: "" here.
  // Value of a text fact without dimensions: ("dei", "DocumentFiscalYearFocus"); "" when absent.
  std::string_view text(std::string_view taxonomy, std::string_view tag) const;
};

// E6206: it is no instance, is cut off, declares entities, or is no XML.
Result<Instance> read_instance(std::string_view body);
// The pages of one inline document. E6206: one is cut off, declares entities or is no XML; none has a head.
Result<Instance> read_inline(std::span<const std::string_view> pages);
// True of a page that declares one of the namespaces of inline XBRL near its beginning.
bool is_inline(std::string_view page);

// A document may tell a number twice, at times rounded otherwise. What agrees within its rounding becomes the most
// exact of them; where they contradict each other all are set aside (E6210). Texts stay as they are.
void settle(Instance& instance);

}  // namespace lode::source::xbrl
