// What every source needs of its requests, and finding one by name.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/collect/source.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"

namespace lode::source {

std::string_view FetchRequest::setting(const Spec& spec, std::string_view name) const {
  const auto set = settings.find(name);
  if (set != settings.end()) {
    return set->second;
  }
  const auto known = std::ranges::find(spec.settings, name, &Setting::name);
  return known == spec.settings.end() ? std::string_view() : known->standard;
}

Result<void> check_settings(const Spec& spec, const FetchRequest& request) {
  for (const Setting& setting : spec.settings) {
    if (setting.required && trim(request.setting(spec, setting.name)).empty()) {
      return fail(
          E::E6201, fmt::format("source {} asks nothing without {}: {}", spec.name, setting.name, setting.meaning),
          fmt::format("set {} in {} or by LODE_{}", setting.name, setting.secret ? "secrets.toml" : "lode.toml", [&] {
            std::string key = upper(setting.name);
            std::ranges::replace(key, '.', '_');
            return key;
          }()));
    }
  }
  return {};
}

Verdict verdict_of(std::int64_t rows, std::string_view none) {
  return rows > 0 ? Verdict{} : Verdict{ResponseClass::kEmpty, std::string(none), {}};
}

Rejected bad_record(std::int64_t line, std::string reason, std::string_view text) {
  Rejected out;
  out.number = 6210;
  out.line = line;
  out.reason = std::move(reason);
  out.text = row_text(text);
  return out;
}

Parsed only_verdict(const Response& response, Verdict verdict) {
  Parsed out;
  out.verdict = std::move(verdict);
  out.next = response.cursor;
  return out;
}

}  // namespace lode::source

namespace lode {

Result<const source::Source*> find_source(std::string_view name) {
  std::vector<std::string> names;
  for (const source::Source* source : source_catalog()) {
    if (source->spec.name == name) {
      return source;
    }
    names.emplace_back(source->spec.name);
  }
  return fail(E::E6208, fmt::format("{} is no source; there are {}", quote(name), join_some(names)),
              did_you_mean(name, names));
}

}  // namespace lode
