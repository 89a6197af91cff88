// Walks the marks of an XML body.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/parts/xml.h"

namespace lode::source {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::string_view kBlanks = " \t\r\n";
constexpr int kMostDepth = 64;

// The '>' that closes the tag at `at`, one inside quotes passed over.
std::size_t tag_end(std::string_view body, std::size_t at) {
  char quote = 0;
  for (; at < body.size(); ++at) {
    const char c = body[at];
    if (quote != 0) {
      quote = c == quote ? '\0' : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return at;
    }
  }
  return kNone;
}

}  // namespace

bool XmlReader::fail_here() {
  broken_ = true;
  kind_ = Kind::kNone;
  at_ = body_.size();
  return false;
}

bool XmlReader::read_tag(std::size_t end) {
  std::string_view tag = body_.substr(at_ + 1, end - at_ - 1);
  at_ = end + 1;
  const bool is_end = tag.starts_with('/');
  if (is_end) {
    tag.remove_prefix(1);
  }
  closes_ = !is_end && tag.ends_with('/');
  if (closes_) {
    tag.remove_suffix(1);
  }
  const std::size_t name_end = tag.find_first_of(kBlanks);
  name_ = tag.substr(0, name_end);
  inside_ = name_end == kNone ? std::string_view() : tag.substr(name_end);
  kind_ = is_end ? Kind::kEnd : Kind::kStart;
  depth_ += is_end ? -1 : closes_ ? 0 : 1;
  return name_.empty() || depth_ < 0 || depth_ > kMostDepth ? fail_here() : true;
}

bool XmlReader::next() {
  while (at_ < body_.size()) {
    const std::string_view rest = body_.substr(at_);
    if (rest[0] != '<') {
      const std::size_t end = rest.find('<');
      text_ = rest.substr(0, end);
      at_ = end == kNone ? body_.size() : at_ + end;
      if (text_.find_first_not_of(kBlanks) != kNone) {
        kind_ = Kind::kText;
        is_cdata_ = false;
        return true;
      }
    } else if (rest.starts_with("<![CDATA[")) {
      const std::size_t end = rest.find("]]>");
      if (end == kNone) {
        return fail_here();
      }
      text_ = rest.substr(9, end - 9);
      at_ += end + 3;
      kind_ = Kind::kText;
      is_cdata_ = true;
      return true;
    } else if (rest.starts_with("<!--") || rest.starts_with("<?")) {
      const std::string_view mark = rest[1] == '?' ? "?>" : "-->";
      const std::size_t end = rest.find(mark);
      if (end == kNone) {
        return fail_here();
      }
      at_ += end + mark.size();
    } else if (rest.starts_with("<!")) {
      return fail_here();
    } else {
      const std::size_t end = tag_end(body_, at_ + 1);
      return end == kNone ? fail_here() : read_tag(end);
    }
  }
  kind_ = Kind::kNone;
  return false;
}

std::string_view XmlReader::attribute(std::string_view name) const {
  for (std::size_t at = inside_.find(name); at != kNone; at = inside_.find(name, at + 1)) {
    const std::size_t mark = at + name.size();
    const bool starts_word = at > 0 && kBlanks.find(inside_[at - 1]) != kNone;
    if (starts_word && mark + 1 < inside_.size() && inside_[mark] == '=' &&
        (inside_[mark + 1] == '"' || inside_[mark + 1] == '\'')) {
      const std::size_t end = inside_.find(inside_[mark + 1], mark + 2);
      return end == kNone ? std::string_view() : inside_.substr(mark + 2, end - mark - 2);
    }
  }
  return {};
}

bool XmlReader::next_attribute(std::size_t& at, std::string_view& name, std::string_view& value) const {
  at = inside_.find_first_not_of(kBlanks, at);
  const std::size_t mark = at == kNone ? kNone : inside_.find('=', at);
  const std::size_t quote = mark == kNone ? kNone : inside_.find_first_not_of(kBlanks, mark + 1);
  if (quote == kNone || (inside_[quote] != '"' && inside_[quote] != '\'')) {
    at = inside_.size();
    return false;
  }
  const std::size_t end = inside_.find(inside_[quote], quote + 1);
  if (end == kNone) {
    at = inside_.size();
    return false;
  }
  name = inside_.substr(at, mark - at);
  name = name.substr(0, name.find_last_not_of(kBlanks) + 1);
  value = inside_.substr(quote + 1, end - quote - 1);
  at = end + 1;
  return true;
}

}  // namespace lode::source
