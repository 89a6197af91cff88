// Names of the conventions, verdicts.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "lode/base/text.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {
namespace {

constexpr std::array<std::string_view, 4> kConventions{"next_open", "next_close", "close_to_close", "vwap"};
constexpr std::array<std::string_view, 5> kVerdicts{"strong", "weak", "costs eat it", "none", "cannot tell"};

}  // namespace

std::string_view to_string(Convention convention) { return kConventions[static_cast<std::size_t>(convention)]; }

std::string_view to_string(Verdict verdict) { return kVerdicts[static_cast<std::size_t>(verdict)]; }

Result<Convention> parse_convention(std::string_view text) {
  for (std::size_t i = 0; i < kConventions.size(); ++i) {
    if (text == kConventions[i]) {
      return static_cast<Convention>(i);
    }
  }
  const std::vector<std::string> names(kConventions.begin(), kConventions.end());
  std::string hint = did_you_mean(text, names);
  return fail(E::E4,
              fmt::format("no convention called '{}', expected next_open, next_close, close_to_close or vwap", text),
              hint.empty() ? "next_open trades a signal of tonight's close at tomorrow's open" : std::move(hint));
}

}  // namespace lode::evaluate
