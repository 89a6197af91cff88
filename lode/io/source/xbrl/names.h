// Names of XBRL: prefixes are a document's own, so a name is told by the taxonomy its namespace belongs to.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/io/source/parts/xml.h"

namespace lode::source::xbrl {

inline constexpr std::string_view kInstance = "http://www.xbrl.org/2003/instance";
inline constexpr std::string_view kDimensions = "http://xbrl.org/2006/xbrldi";
inline constexpr std::string_view kSchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";
inline constexpr std::string_view kInline = "http://www.xbrl.org/2013/inlineXBRL";
inline constexpr std::string_view kInlineBefore = "http://www.xbrl.org/2008/inlineXBRL";
inline constexpr std::size_t kNameBytes = 256;  // A name that is longer is none.

// "us-gaap:Assets" in its two parts; the prefix is "" where there is none.
struct Name {
  std::string_view prefix, local;
};
Name split_name(std::string_view text);

// The namespaces declared where a reader stands.
class Namespaces {
 public:
  // Takes the declarations of the start at hand; those of elements that are closed by now are forgotten. False with
  // more than 1,000 open at once: no document of the world has them, and each is looked through.
  bool enter(const XmlReader& xml);
  // "" of a prefix that is not declared; the prefix "" is the default namespace.
  std::string_view uri(std::string_view prefix) const;
  // True when `name` is `local` of the namespace.
  bool is(std::string_view name, std::string_view uri, std::string_view local) const;
  // The name of a taxonomy: us-gaap, dei, ifrs-full, srt by their publisher's address, whatever the prefix and the
  // year; of a filer's own the prefix. "" where the prefix is not declared, absent, or stands for a published taxonomy
  // that is another's.
  std::string taxonomy(std::string_view prefix) const;
  // "us-gaap:ProductMember" of a name as written; "" where it has no taxonomy or is too long.
  std::string full_name(std::string_view text) const;

 private:
  struct Declared {
    int depth;
    std::string_view prefix, uri;
  };
  std::vector<Declared> declared_;
};

}  // namespace lode::source::xbrl
