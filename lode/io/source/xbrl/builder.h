// Collects what both forms of an instance hold; facts may stand before the contexts and units they name.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lode/io/source/xbrl/instance.h"
#include "lode/io/source/xbrl/names.h"

namespace lode::source::xbrl {

inline constexpr std::size_t kTextBytes = 1000;  // A longer text is not kept.

// What a fact's tag says. Views into the body.
struct FactTag {
  std::string_view name, context, unit, decimals, format, scale, sign, continued_at;
  bool is_nil = false;
};
FactTag read_tag(const XmlReader& xml, const Namespaces& names);

// Text inside the element at hand, marks left out, entities resolved; reads past its end. At most kTextBytes + 1.
std::string element_text(XmlReader& xml);
// Appends a piece of text at hand, to at most kTextBytes + 1 in all.
void append_text(const XmlReader& xml, std::string& out);

class Builder {
 public:
  // The start at hand is a context or a unit: reads past its end.
  void read_context(XmlReader& xml, Namespaces& names);
  void read_unit(XmlReader& xml, Namespaces& names);
  // `tag.name` resolved to a full name ("us-gaap:Assets", "" when it cannot be). `value`: of a number its decimal text.
  void add(const FactTag& tag, std::string_view full_name, std::string value);
  void set_aside(const FactTag& tag, std::string_view why);
  bool has_heads() const { return !contexts_.empty(); }
  // Joins the facts to their contexts and units.
  Instance finish();

 private:
  struct HeldContext {
    Context context;
    std::string wrong;      // Why facts of it are set aside; "" when it is whole.
    std::size_t place = 0;  // In the instance + 1, once a fact named it.
  };
  struct HeldFact {
    InstanceFact fact;
    std::string_view context, unit, name;
  };
  std::string join(HeldFact& held, Instance& out);

  std::unordered_map<std::string_view, HeldContext> contexts_;
  std::unordered_map<std::string_view, std::string> units_;  // "" = one that cannot be read.
  std::vector<HeldFact> facts_;
  std::vector<Rejected> rejected_;
  std::int64_t records_ = 0, long_texts_ = 0;
};

}  // namespace lode::source::xbrl
