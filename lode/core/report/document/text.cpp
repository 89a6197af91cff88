// Lines of words.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/document/text.h"

#include <utility>

#include "lode/base/assert.h"
#include "lode/core/report/number_text.h"

namespace lode::report {

Text::Text(std::string words) {
  if (!words.empty()) {
    runs_.push_back({std::move(words)});
  }
}

Text& Text::operator+=(const Text& more) {
  runs_.insert(runs_.end(), more.runs_.begin(), more.runs_.end());
  return *this;
}

std::string Text::plain() const {
  std::string out;
  for (const Run& run : runs_) {
    out += run.words;
  }
  return out;
}

Text faint(Text text) {
  for (Run& run : text.runs_) {
    run.faint = true;
  }
  return text;
}

Text code(std::string words) { return Run{std::move(words), Run::Kind::kCode}; }

Text missing(std::string_view reason) {
  return Run{std::string(kMissing), Run::Kind::kGap, false, "", std::string(reason)};
}

Text prose(std::string_view sentence) {
  std::string out;
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    const bool starts = i == 0 || sentence[i - 1] == ' ' || sentence[i - 1] == '(';
    const bool number =
        i + 1 < sentence.size() && ((sentence[i + 1] >= '0' && sentence[i + 1] <= '9') || sentence[i + 1] == '.');
    const bool ends_number = i > 0 && sentence[i - 1] >= '0' && sentence[i - 1] <= '9';
    if (sentence[i] == '-' && starts && number) {
      out += kMinus;
    } else if (sentence[i] == ' ' && ends_number && sentence.substr(i + 1).starts_with('%')) {
      out += kThinSpace;
    } else {
      out += sentence[i];
    }
  }
  return out;
}

Text words(std::string_view pattern, std::initializer_list<Text> parts) {
  Text out;
  for (const Text& part : parts) {
    const std::size_t at = pattern.find("{}");
    LODE_ASSERT(at != std::string_view::npos);
    out += pattern.substr(0, at);
    out += part;
    pattern.remove_prefix(at + 2);
  }
  LODE_ASSERT(pattern.find("{}") == std::string_view::npos);
  return out + pattern;
}

}  // namespace lode::report
