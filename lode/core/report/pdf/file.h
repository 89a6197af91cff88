// A PDF 1.7 file under way (ISO 32000-1, 7.5): objects by number, streams deflated, then cross-references and trailer.
// Pure: no date, no name of a machine; its id is the hash of what it holds.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lode::report {

class PdfFile {
 public:
  // A number for an object that is set later.
  int reserve();
  // `body`: a dictionary, array or value in PDF's own words.
  void set(int number, std::string body);
  int add(std::string body);
  // `entries`: what stands in the dictionary beside length and filter.
  int add_stream(std::string_view entries, std::string_view bytes);

  // The file. `root`, `info`: numbers of the catalog and of the information dictionary.
  std::string finish(int root, int info) const;

 private:
  std::vector<std::string> objects_;  // Object n stands at n - 1.
};

// A text string: UTF-16 with its mark, in hexadecimal digits.
std::string pdf_text(std::string_view utf8);

// "12 0 R"
std::string reference(int object);

// At most `decimals` digits behind the point, none that are zero.
std::string pdf_number(double value, int decimals = 2);

}  // namespace lode::report
