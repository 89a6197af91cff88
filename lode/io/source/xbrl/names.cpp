// Namespaces in scope and the taxonomies they stand for.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/xbrl/names.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lode/base/text.h"

namespace lode::source::xbrl {
namespace {

constexpr std::size_t kMostDeclared = 1000;
// Publishers of taxonomies: the last word of the path is the taxonomy, what begins with a digit is its year.
constexpr std::array<std::string_view, 5> kPublishers = {"fasb.org", "xbrl.fasb.org", "xbrl.sec.gov", "xbrl.us",
                                                         "xbrl.ifrs.org"};
// What only they may be called.
constexpr std::array<std::string_view, 7> kPublished = {"us-gaap", "dei", "ifrs-full", "srt", "invest", "ecd", "ffd"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

Name split_name(std::string_view text) {
  text = trim(text);
  const std::size_t colon = text.find(':');
  return colon == std::string_view::npos ? Name{"", text} : Name{text.substr(0, colon), text.substr(colon + 1)};
}

bool Namespaces::enter(const XmlReader& xml) {
  const int depth = xml.depth() + (xml.is_empty_element() ? 1 : 0);
  while (!declared_.empty() && declared_.back().depth >= depth) {
    declared_.pop_back();
  }
  std::size_t at = 0;
  std::string_view name;
  std::string_view value;
  while (xml.next_attribute(at, name, value)) {
    if (name == "xmlns") {
      declared_.push_back({depth, "", value});
    } else if (name.starts_with("xmlns:")) {
      declared_.push_back({depth, name.substr(6), value});
    }
    if (declared_.size() > kMostDeclared) {
      return false;
    }
  }
  return true;
}

std::string_view Namespaces::uri(std::string_view prefix) const {
  for (std::size_t i = declared_.size(); i-- > 0;) {
    if (declared_[i].prefix == prefix) {
      return declared_[i].uri;
    }
  }
  return {};
}

bool Namespaces::is(std::string_view name, std::string_view uri_wanted, std::string_view local) const {
  const Name parts = split_name(name);
  return parts.local == local && uri(parts.prefix) == uri_wanted;
}

std::string Namespaces::taxonomy(std::string_view prefix) const {
  const std::string_view where = uri(prefix);
  const std::size_t host = where.find("://");
  if (host == std::string_view::npos) {
    const bool is_taken = where.empty() || std::ranges::find(kPublished, prefix) != kPublished.end();
    return is_taken ? std::string() : std::string(prefix);
  }
  const std::vector<std::string_view> path = split(where.substr(host + 3), '/');
  if (std::ranges::find(kPublishers, path[0]) != kPublishers.end()) {
    for (std::size_t i = path.size(); i-- > 1;) {
      if (!path[i].empty() && is_letter(path[i][0])) {
        return std::string(path[i]);
      }
    }
  }
  return std::ranges::find(kPublished, prefix) == kPublished.end() ? std::string(prefix) : std::string();
}

std::string Namespaces::full_name(std::string_view text) const {
  const Name parts = split_name(text);
  std::string out = taxonomy(parts.prefix);
  if (out.empty() || parts.local.empty() || out.size() + parts.local.size() >= kNameBytes) {
    return {};
  }
  out += ':';
  out += parts.local;
  return out;
}

}  // namespace lode::source::xbrl
