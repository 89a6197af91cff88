// Reads the XML form of an instance.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/xbrl/instance.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "lode/base/value.h"
#include "lode/io/source/xbrl/builder.h"

namespace lode::source::xbrl {
namespace {

// One child of the root.
void read_child(XmlReader& xml, Namespaces& names, Builder& out) {
  if (names.is(xml.name(), kInstance, "context")) {
    return out.read_context(xml, names);
  }
  if (names.is(xml.name(), kInstance, "unit")) {
    return out.read_unit(xml, names);
  }
  FactTag tag = read_tag(xml, names);
  if (tag.context.empty()) {
    element_text(xml);  // References to schemas, footnotes, a tuple: nothing that is a fact.
    return;
  }
  tag.name = xml.name();
  const std::string full_name = names.full_name(xml.name());
  out.add(tag, full_name, element_text(xml));
}

}  // namespace

std::string dimensions_text(const Context& context) {
  if (context.dimensions.empty()) {
    return {};
  }
  Value out = Value::object();
  for (const Dimension& one : context.dimensions) {
    out.set(one.axis, one.member.empty() ? Value() : Value(one.member));
  }
  return to_json(out);
}

std::string_view Instance::text(std::string_view taxonomy, std::string_view tag) const {
  const auto found = std::ranges::find_if(facts, [&](const InstanceFact& one) {
    return one.tag == tag && one.taxonomy == taxonomy && !one.is_number() && !one.value.empty() &&
           contexts[one.context].dimensions.empty();
  });
  return found == facts.end() ? std::string_view() : std::string_view(found->value);
}

Result<Instance> read_instance(std::string_view body) {
  XmlReader xml(body);
  Namespaces names;
  Builder out;
  bool is_instance = false;
  bool is_whole = false;
  while (xml.next()) {
    if (xml.is_end() && xml.depth() == 0) {
      is_whole = is_instance;
    }
    if (!xml.is_start()) {
      continue;
    }
    if (!names.enter(xml)) {
      return fail(E::E6206, "an XBRL instance with too many namespaces");
    }
    if (is_instance) {
      read_child(xml, names, out);
    } else if (is_instance = names.is(xml.name(), kInstance, "xbrl"); !is_instance) {
      return fail(E::E6206, "no XBRL instance: its root is another element");
    }
  }
  if (xml.broken() || !is_whole) {
    return fail(E::E6206, fmt::format("an XBRL instance that {} after {} bytes",
                                      xml.broken() ? "is no XML, or declares entities," : "is cut off", xml.at()));
  }
  return out.finish();
}

}  // namespace lode::source::xbrl
