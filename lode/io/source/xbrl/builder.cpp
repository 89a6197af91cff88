// Contexts, units and facts on their way to an instance.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/xbrl/builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lode/base/text.h"
#include "lode/io/source/collect/source.h"
#include "lode/io/source/edgar/atom.h"

namespace lode::source::xbrl {
namespace {

constexpr std::size_t kMostDimensions = 16;
constexpr std::size_t kDimensionBytes = 1000;  // Of all axes and members: every fact of the context carries them.

// A day as periods write it. At midnight an instant or an end is the end of the day before, a start the day itself.
bool read_day(std::string_view text, bool is_start, Date& out) {
  text = trim(text);
  if (!try_parse_date(text.substr(0, 10), out)) {
    return false;
  }
  const std::string_view clock = text.size() > 10 ? text.substr(10) : std::string_view();
  const bool is_midnight = clock == "T00:00:00" || clock == "T00:00:00Z";
  if (is_midnight && !is_start) {
    out = out - 1;
  }
  return clock.empty() || is_midnight;
}

void read_member(XmlReader& xml, Namespaces& names, Context& context, std::string& wrong) {
  Dimension one;
  one.is_typed = names.is(xml.name(), kDimensions, "typedMember");
  if (!one.is_typed && !names.is(xml.name(), kDimensions, "explicitMember")) {
    wrong = "its segment holds what is no dimension";
    return;
  }
  one.axis = names.full_name(xml.attribute("dimension"));
  const std::string text = edgar::unescape_xml(trim(element_text(xml)));
  one.member = one.is_typed ? text : names.full_name(text);
  if (one.axis.empty() || (one.member.empty() && !one.is_typed)) {
    wrong = "a dimension of it has no name";
  }
  context.dimensions.push_back(std::move(one));
}

// The children of a segment or scenario.
void read_members(XmlReader& xml, Namespaces& names, Context& context, std::string& wrong) {
  const int depth = xml.depth();
  if (xml.is_empty_element()) {
    return;
  }
  while (xml.depth() >= depth && xml.next()) {
    if (xml.is_start() && !names.enter(xml)) {
      wrong = "too many namespaces";
    } else if (xml.is_start() && wrong.empty()) {
      read_member(xml, names, context, wrong);
    }
  }
}

// Why facts of the context cannot be used; "" when they can.
std::string check(Context& context, bool has_end) {
  std::ranges::sort(context.dimensions);
  std::size_t bytes = 0;
  for (const Dimension& one : context.dimensions) {
    bytes += one.axis.size() + one.member.size();
  }
  const auto doubled = std::ranges::adjacent_find(context.dimensions, {}, &Dimension::axis);
  if (context.dimensions.size() > kMostDimensions || bytes > kDimensionBytes) {
    return "its dimensions are too many or too long";
  }
  if (doubled != context.dimensions.end()) {
    return fmt::format("its axis {} stands twice", quote(doubled->axis));
  }
  if (!has_end) {
    return "its period has no end";
  }
  if (context.start && *context.start > context.end) {
    return "its period starts after its end";
  }
  return context.entity.empty() || context.entity.size() > kNameBytes || context.scheme.size() > kNameBytes
             ? "it names no entity"
             : "";
}

}  // namespace

FactTag read_tag(const XmlReader& xml, const Namespaces& names) {
  FactTag out;
  std::size_t at = 0;
  std::string_view name;
  std::string_view value;
  while (xml.next_attribute(at, name, value)) {
    const auto take = [&](std::string_view wanted, std::string_view& to) {
      if (name == wanted) {
        to = trim(value);
      }
    };
    take("name", out.name);
    take("contextRef", out.context);
    take("unitRef", out.unit);
    take("decimals", out.decimals);
    take("format", out.format);
    take("scale", out.scale);
    take("sign", out.sign);
    take("continuedAt", out.continued_at);
    if (name.ends_with(":nil") && names.is(name, kSchemaInstance, "nil")) {
      out.is_nil = trim(value) == "true" || trim(value) == "1";
    }
  }
  return out;
}

void append_text(const XmlReader& xml, std::string& out) {
  if (out.size() > kTextBytes) {
    return;
  }
  const std::string_view piece = xml.text().substr(0, 4 * kTextBytes);  // An entity may take several bytes for one.
  out += xml.is_cdata() ? std::string(piece) : edgar::unescape_xml(piece);
  if (out.size() > kTextBytes || xml.text().size() > piece.size()) {
    out.resize(kTextBytes + 1, ' ');
  }
}

std::string element_text(XmlReader& xml) {
  std::string out;
  const int depth = xml.depth();
  if (xml.is_empty_element()) {
    return out;
  }
  while (xml.depth() >= depth && xml.next()) {
    if (xml.is_text()) {
      append_text(xml, out);
    }
  }
  return out;
}

void Builder::read_context(XmlReader& xml, Namespaces& names) {
  const std::string_view id = xml.attribute("id");
  HeldContext held;
  bool has_end = false;
  const int depth = xml.depth();
  while (!xml.is_empty_element() && xml.depth() >= depth && xml.next()) {
    if (!xml.is_start()) {
      continue;
    }
    if (!names.enter(xml)) {
      held.wrong = "too many namespaces";
      continue;
    }
    const std::string_view local = split_name(xml.name()).local;
    if (local == "identifier") {
      held.context.scheme = edgar::unescape_xml(xml.attribute("scheme").substr(0, kNameBytes + 1));
      held.context.entity = std::string(trim(element_text(xml)));
    } else if (local == "segment" || local == "scenario") {
      read_members(xml, names, held.context, held.wrong);
    } else if (local == "startDate") {
      Date day;
      held.wrong = read_day(element_text(xml), true, day) ? held.wrong : "its start is no day";
      held.context.start = day;
    } else if (local == "endDate" || local == "instant") {
      has_end = read_day(element_text(xml), false, held.context.end);
    }
  }
  const std::string wrong = check(held.context, has_end);
  held.wrong = held.wrong.empty() ? wrong : held.wrong;
  const auto [at, is_new] = contexts_.try_emplace(id, held);
  if (!is_new && at->second.context != held.context) {
    at->second.wrong = "another context has its name";
  }
}

void Builder::read_unit(XmlReader& xml, Namespaces& names) {
  const std::string_view id = xml.attribute("id");
  std::string over;
  std::string under;
  bool is_under = false;
  const int depth = xml.depth();
  while (!xml.is_empty_element() && xml.depth() >= depth && xml.next()) {
    if (!xml.is_start() || !names.enter(xml)) {
      continue;
    }
    const std::string_view local = split_name(xml.name()).local;
    is_under = is_under || local == "unitDenominator";
    if (local == "measure") {
      const std::string text = element_text(xml);
      std::string& to = is_under ? under : over;
      to += to.empty() ? "" : "*";
      to += split_name(text).local;
      to.resize(std::min(to.size(), kNameBytes + 1));
    }
  }
  std::string unit = under.empty() ? over : over + "/" + under;
  if (over.empty() || unit.size() > kNameBytes) {
    unit.clear();
  }
  const auto [at, is_new] = units_.try_emplace(id, unit);
  if (!is_new && at->second != unit) {
    at->second.clear();
  }
}

void Builder::set_aside(const FactTag& tag, std::string_view why) {
  ++records_;
  rejected_.push_back(
      bad_record(records_, fmt::format("{} of {} in {}", why, quote(tag.name), quote(tag.context)), ""));
}

void Builder::add(const FactTag& tag, std::string_view full_name, std::string value) {
  const Name parts = split_name(full_name);
  if (parts.prefix.empty()) {
    return set_aside(tag, "a name that belongs to no taxonomy:");
  }
  ++records_;
  HeldFact held{{}, tag.context, tag.unit, tag.name};
  held.fact.line = records_;
  held.fact.taxonomy = parts.prefix;
  held.fact.tag = parts.local;
  held.fact.decimals = tag.decimals.substr(0, 8);
  held.fact.is_nil = tag.is_nil;
  if (value.size() > kTextBytes || !tag.continued_at.empty()) {
    ++long_texts_;
    value.clear();
  }
  held.fact.value = tag.is_nil ? std::string() : std::move(value);
  facts_.push_back(std::move(held));
}

// "" or why the fact is set aside.
std::string Builder::join(HeldFact& held, Instance& out) {
  const auto context = contexts_.find(held.context);
  if (context == contexts_.end()) {
    return fmt::format("no context {}", quote(held.context));
  }
  if (!context->second.wrong.empty()) {
    return fmt::format("context {}: {}", quote(held.context), context->second.wrong);
  }
  if (!held.unit.empty()) {
    const auto unit = units_.find(held.unit);
    if (unit == units_.end() || unit->second.empty()) {
      return fmt::format("no unit {}", quote(held.unit));
    }
    held.fact.unit = unit->second;
    double number = 0;
    if (!held.fact.is_nil && !parse_double(trim(held.fact.value), number)) {
      return fmt::format("{} is no number", quote(held.fact.value));
    }
    held.fact.value = std::string(trim(held.fact.value));
  }
  std::size_t& place = context->second.place;
  if (place == 0) {
    out.contexts.push_back(context->second.context);
    place = out.contexts.size();
  }
  held.fact.context = place - 1;
  return "";
}

Instance Builder::finish() {
  Instance out;
  out.rejected = std::move(rejected_);
  out.records = records_;
  out.long_texts = long_texts_;
  out.facts.reserve(facts_.size());
  for (HeldFact& held : facts_) {
    const std::string wrong = join(held, out);
    if (wrong.empty()) {
      out.facts.push_back(std::move(held.fact));
    } else {
      out.rejected.push_back(bad_record(held.fact.line, fmt::format("{}: {}", quote(held.name), wrong), ""));
    }
  }
  std::ranges::stable_sort(out.rejected, {}, &Rejected::line);
  return out;
}

}  // namespace lode::source::xbrl
