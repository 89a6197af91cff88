// Reads facts out of filed pages: marks may lie inside one another, then the text belongs to all of them.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

#include "lode/base/text.h"
#include "lode/io/source/xbrl/builder.h"
#include "lode/io/source/xbrl/transform.h"

namespace lode::source::xbrl {
namespace {

constexpr std::size_t kHeadBytes = 65'536;  // Where a page declares its namespaces.
constexpr std::size_t kMostOpen = 32;       // Facts around one text: each keeps a piece of it.

// A fact whose end has not come.
struct Open {
  FactTag tag;
  std::string full_name;
  std::string text;
  int depth = 0;
  bool is_number = false;
};

class Page {
 public:
  Page(std::string_view body, Builder& out) : xml_(body), out_(out) {}

  Result<void> read() {
    while (xml_.next()) {
      if (xml_.is_text()) {
        take_text();
      } else if (xml_.is_end()) {
        close();
      } else if (!names_.enter(xml_) || open_.size() > kMostOpen) {
        return fail(E::E6206, "an inline XBRL page with too many namespaces or facts inside facts");
      } else {
        start();
      }
    }
    if (xml_.broken() || xml_.depth() != 0) {
      return fail(E::E6206, fmt::format("an inline XBRL page that {} after {} bytes",
                                        xml_.broken() ? "is no XML, or declares entities," : "is cut off", xml_.at()));
    }
    return {};
  }

 private:
  bool is_mark(std::string_view local) const {
    return names_.is(xml_.name(), kInline, local) || names_.is(xml_.name(), kInlineBefore, local);
  }
  void start();
  void close();
  void take_text() {
    for (std::size_t i = excluded_ > 0 ? open_.size() : 0; i < open_.size(); ++i) {
      append_text(xml_, open_[i].text);
    }
  }
  void add(Open&& fact);

  XmlReader xml_;
  Builder& out_;
  Namespaces names_;
  std::vector<Open> open_;
  int excluded_ = 0;  // Depth of the ix:exclude at hand; 0 = none.
};

void Page::start() {
  const std::string_view local = split_name(xml_.name()).local;
  if (local == "context" && names_.is(xml_.name(), kInstance, local)) {
    return out_.read_context(xml_, names_);
  }
  if (local == "unit" && names_.is(xml_.name(), kInstance, local)) {
    return out_.read_unit(xml_, names_);
  }
  if (local == "exclude" && is_mark(local) && excluded_ == 0 && !xml_.is_empty_element()) {
    excluded_ = xml_.depth();
  }
  const bool is_number = local == "nonFraction";
  if ((!is_number && local != "nonNumeric" && local != "fraction") || !is_mark(local)) {
    return;
  }
  Open one{read_tag(xml_, names_), {}, {}, xml_.depth(), is_number};
  if (local == "fraction") {
    return out_.set_aside(one.tag, "a fraction, which is not read:");
  }
  one.full_name = names_.full_name(one.tag.name);
  if (xml_.is_empty_element()) {
    return add(std::move(one));
  }
  open_.push_back(std::move(one));
}

void Page::close() {
  excluded_ = xml_.depth() < excluded_ ? 0 : excluded_;
  if (!open_.empty() && xml_.depth() < open_.back().depth) {
    Open one = std::move(open_.back());
    open_.pop_back();
    add(std::move(one));
  }
}

// The number a mark stands for, or "" with `wrong`.
std::string value_of(const FactTag& tag, std::string_view text, std::string& wrong) {
  std::int64_t places = 0;
  if (!tag.scale.empty() && !parse_int(tag.scale, places)) {
    wrong = fmt::format("the scale {}", quote(tag.scale));
    return {};
  }
  const auto number = plain_number(text, tag.format);
  const auto value =
      number && places >= -100 && places <= 100 ? scaled(*number, static_cast<int>(places)) : std::nullopt;
  if (!value) {
    wrong = fmt::format("{} shown as {} with scale {}", quote(text), quote(tag.format), places);
    return {};
  }
  const bool is_zero = value->find_first_not_of("0.") == std::string::npos;
  return tag.sign == "-" && !is_zero ? "-" + *value : *value;
}

void Page::add(Open&& fact) {
  if (!fact.is_number || fact.tag.is_nil) {
    fact.tag.unit = fact.is_number ? fact.tag.unit : std::string_view();
    return out_.add(fact.tag, fact.full_name, std::string(trim(fact.text)));
  }
  std::string wrong;
  std::string value = value_of(fact.tag, fact.text, wrong);
  if (!wrong.empty()) {
    return out_.set_aside(fact.tag, "no number: " + wrong);
  }
  out_.add(fact.tag, fact.full_name, std::move(value));
}

}  // namespace

Result<Instance> read_inline(std::span<const std::string_view> pages) {
  Builder out;
  for (const std::string_view page : pages) {
    LODE_CHECK(Page(page, out).read());
  }
  if (!out.has_heads()) {
    return fail(E::E6206, "inline XBRL without contexts");
  }
  return out.finish();
}

bool is_inline(std::string_view page) {
  const std::string_view head = page.substr(0, kHeadBytes);
  return head.find(kInline) != std::string_view::npos || head.find(kInlineBefore) != std::string_view::npos;
}

}  // namespace lode::source::xbrl
