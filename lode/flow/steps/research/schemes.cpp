// The classification behind groups.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/schemes.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/counted.h"

namespace lode::flow {

Parameter scheme_parameter() {
  return {.name = "scheme",
          .summary =
              "classification that sector, industry and subindustry are of (default: the one "
              "imported last)",
          .completes = "schemes"};
}

std::vector<lake::FieldLineage> groups_read(const std::vector<lake::FieldLineage>& lineage,
                                            const std::vector<std::string>& fields, const std::string& group) {
  std::vector<lake::FieldLineage> out;
  for (const lake::FieldLineage& one : lineage) {
    if (!one.scheme.empty() && (one.field == group || std::ranges::find(fields, one.field) != fields.end())) {
      out.push_back(one);
    }
  }
  return out;
}

Result<void> check_scheme_is_read(const std::string& asked, bool reads_groups) {
  if (asked.empty() || reads_groups) {
    return {};
  }
  return fail(E::E7, fmt::format("--scheme {} was given, and nothing here reads groups", asked),
              "leave it out, or read groups: --group sector, indneutralize(x, sector)");
}

Result<void> find_schemes(World& world, const ResearchRequest& request, const std::vector<std::string>& fields,
                          Subject& subject) {
  std::set<std::string> levels;
  std::ranges::copy_if(fields, std::inserter(levels, levels.end()), lake::is_group_field);
  if (!request.group.empty()) {
    levels.insert(request.group);
  }
  LODE_CHECK(check_scheme_is_read(request.scheme, !levels.empty()));
  if (levels.empty()) {
    return {};
  }
  LODE_TRY(const auto lake, open_lake(world, Wanted::kRead));
  LODE_TRY(const lake::Snapshot snapshot, lake->snapshot(request.commit));
  for (const std::string& level : levels) {
    LODE_TRY(const auto schemes, lake::group_schemes(snapshot, level, request.as_of));
    LODE_TRY(lake::GroupScheme chosen, lake::choose_scheme(schemes, level, request.scheme));
    subject.schemes[level] = std::move(chosen.name);
  }
  return {};
}

std::string only_scheme(const Subject& subject) {
  std::set<std::string> names;
  for (const auto& [level, scheme] : subject.schemes) {
    names.insert(scheme);
  }
  return names.size() == 1 ? *names.begin() : std::string();
}

Value schemes_json(const Subject& subject) {
  if (subject.schemes.empty()) {
    return {};
  }
  if (std::string one = only_scheme(subject); !one.empty()) {
    return Value(std::move(one));
  }
  Value out = Value::object();
  for (const auto& [level, scheme] : subject.schemes) {
    out.set(level, Value(scheme));
  }
  return out;
}

std::string groups_sentence(const std::vector<lake::FieldLineage>& groups, const std::string& asked) {
  std::vector<std::string> told;
  for (const lake::FieldLineage& group : groups) {
    const std::string why = group.schemes < 2 ? std::string()
                            : asked.empty()   ? fmt::format(", imported last of {}", grouped(group.schemes))
                                              : fmt::format(", asked of {}", grouped(group.schemes));
    told.push_back(fmt::format("{} of {}{}", group.field, group.scheme, why));
  }
  if (told.empty()) {
    return "";
  }
  const bool has_others = std::ranges::any_of(groups, [](const auto& group) { return group.schemes > 1; });
  return fmt::format("Groups: {}{}.\n", join(told, "; "),
                     has_others && asked.empty() ? " (--scheme names another)" : "");
}

Value groups_json(const std::vector<lake::FieldLineage>& groups) {
  Value out = Value::object();
  for (const lake::FieldLineage& group : groups) {
    Value one = Value::object();
    one.set("scheme", Value(group.scheme));
    one.set("schemes", Value(group.schemes));
    one.set("dated", Value(!group.is_undated));
    out.set(group.field, std::move(one));
  }
  return out;
}

std::string undated_groups(const std::vector<lake::FieldLineage>& groups) {
  std::vector<std::string> names;
  for (const lake::FieldLineage& group : groups) {
    if (group.is_undated) {
      names.push_back(fmt::format("{} of {}", group.field, group.scheme));
    }
  }
  if (names.empty()) {
    return "";
  }
  return fmt::format("{} {} no dates: one list stands on every past day, which looks ahead; import it with valid_from",
                     join(names, ", "), names.size() == 1 ? "has" : "have");
}

}  // namespace lode::flow
