// A small reader of XML bodies: elements, attributes and texts one after another, without a tree. Declarations of
// entities are refused, for they can make a small body large.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lode/base/result.h"

namespace lode::source {

//   XmlReader xml(body);
//   while (xml.next()) if (xml.is_start("item")) ...
class XmlReader {
 public:
  explicit XmlReader(std::string_view body) : body_(body) {}

  // The next start, end or text; false at the end of the body or at what is no XML (`broken()`).
  bool next();
  bool is_start(std::string_view name) const { return kind_ == Kind::kStart && name_ == name; }
  bool is_end(std::string_view name) const { return kind_ == Kind::kEnd && name_ == name; }
  bool is_text() const { return kind_ == Kind::kText; }
  bool is_start() const { return kind_ == Kind::kStart; }
  bool is_end() const { return kind_ == Kind::kEnd; }
  std::string_view name() const { return name_; }    // Of a start or an end, with its prefix: "dc:creator".
  bool is_empty_element() const { return closes_; }  // <a/>: no end comes.
  bool is_cdata() const { return is_cdata_; }
  std::string_view text() const { return text_; }  // As written.
  // Value of an attribute of the start at hand, as written; "" when absent.
  std::string_view attribute(std::string_view name) const;
  // The attributes of the start at hand one after another, name with its prefix and value as written; `at` begins at 0.
  // False at their end or at what is no attribute.
  bool next_attribute(std::size_t& at, std::string_view& name, std::string_view& value) const;
  std::size_t at() const { return at_; }  // Offset behind what was read.
  bool broken() const { return broken_; }
  int depth() const { return depth_; }  // Open elements.

 private:
  enum class Kind : unsigned char { kNone, kStart, kEnd, kText };
  bool fail_here();
  bool read_tag(std::size_t end);

  std::string_view body_;
  std::size_t at_ = 0;
  Kind kind_ = Kind::kNone;
  std::string_view name_, inside_, text_;
  bool closes_ = false, is_cdata_ = false, broken_ = false;
  int depth_ = 0;
};

}  // namespace lode::source
