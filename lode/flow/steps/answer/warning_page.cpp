// The register of warnings.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/warning_page.h"

#include <algorithm>

#include "lode/base/text.h"
#include "lode/flow/steps/answer/number_page.h"

namespace lode::flow {

namespace {

constexpr WarningInfo kWarnings[] = {
#define LODE_WARNING(number, title, meaning, bad, good) {number, title, meaning, bad, good},
#include "lode/flow/steps/answer/warning.def"
#undef LODE_WARNING
};

}  // namespace

std::span<const WarningInfo> all_warnings() { return kWarnings; }

const WarningInfo* find_warning(std::string_view number) {
  const auto found = std::ranges::find(kWarnings, upper(std::string(number)), &WarningInfo::number);
  return found == std::end(kWarnings) ? nullptr : found;
}

std::string warning_page(const WarningInfo& info) {
  const PageExample examples[] = {{"Warns", info.bad}, {"Does not", info.good}};
  return number_page(info.number, info.title, info.meaning, examples,
                     "A warning: the answer is given, and the exit code is not changed by it.");
}

Value warning_page_json(const WarningInfo& info) {
  Value page = Value::object();
  page.set("number", Value(info.number));
  page.set("title", Value(info.title));
  page.set("meaning", Value(info.meaning));
  page.set("warns", Value(info.bad));
  page.set("does_not", Value(info.good));
  return page;
}

}  // namespace lode::flow
