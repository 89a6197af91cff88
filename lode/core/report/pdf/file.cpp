// Objects, cross-references, trailer.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/pdf/file.h"

#include <fmt/format.h>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/core/report/pdf/font.h"
#include "lode/core/report/scene/data_block.h"

namespace lode::report {

int PdfFile::reserve() {
  objects_.emplace_back();
  return static_cast<int>(objects_.size());
}

void PdfFile::set(int number, std::string body) { objects_[static_cast<std::size_t>(number - 1)] = std::move(body); }

int PdfFile::add(std::string body) {
  objects_.push_back(std::move(body));
  return static_cast<int>(objects_.size());
}

int PdfFile::add_stream(std::string_view entries, std::string_view bytes) {
  const std::string packed = deflated(bytes);
  return add(fmt::format("<<{}/Filter/FlateDecode/Length {}>>\nstream\n", entries, packed.size()) + packed +
             "\nendstream");
}

std::string PdfFile::finish(int root, int info) const {
  std::string out = "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";  // Four bytes that are no text, so that nobody takes it for one.
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    LODE_ASSERT(!objects_[i].empty());
    places.push_back(out.size());
    out += fmt::format("{} 0 obj\n", i + 1);
    out += objects_[i];
    out += "\nendobj\n";
  }
  const std::string id = sha256_hex(out).substr(0, 32);
  const std::size_t start = out.size();
  out += fmt::format("xref\n0 {}\n0000000000 65535 f \n", objects_.size() + 1);
  for (const std::size_t place : places) {
    out += fmt::format("{:010} 00000 n \n", place);
  }
  out += fmt::format("trailer\n<</Size {}/Root {}/Info {}/ID[<{}><{}>]>>\nstartxref\n{}\n%%EOF\n", objects_.size() + 1,
                     reference(root), reference(info), id, id, start);
  return out;
}

std::string pdf_text(std::string_view utf8) {
  std::string out = "<FEFF";
  for (const char32_t code : characters(utf8)) {
    if (code >= 0x10000) {
      out += fmt::format("{:04X}{:04X}", 0xD800U + ((code - 0x10000U) >> 10U), 0xDC00U + ((code - 0x10000U) & 0x3FFU));
    } else {
      out += fmt::format("{:04X}", static_cast<unsigned>(code));
    }
  }
  return out + ">";
}

std::string reference(int object) { return fmt::format("{} 0 R", object); }

std::string pdf_number(double value, int decimals) {
  std::string out = fixed(value, decimals);
  if (out.find('.') != std::string::npos) {
    out.erase(out.find_last_not_of('0') + 1);
    out.erase(out.find_last_not_of('.') + 1);
  }
  return out == "-0" ? "0" : out;
}

}  // namespace lode::report
