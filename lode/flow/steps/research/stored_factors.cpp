// Factors kept under names.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/stored_factors.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "lode/base/text.h"
#include "lode/core/expr/program.h"
#include "lode/core/factor/library.h"
#include "lode/core/factor/operators.h"

namespace lode::flow {

namespace {

bool name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

double number_or_nan(const std::vector<lake::StoredNumber>& numbers, std::string_view path) {
  const auto found = std::find_if(numbers.begin(), numbers.end(), [&](const auto& n) { return n.path == path; });
  return found == numbers.end() ? std::numeric_limits<double>::quiet_NaN() : found->value;
}

// Key of the horizon nearest to 5 among those the run judged, the one `list` shows: "5d"; "" when it judged none.
std::string headline_key(const std::vector<lake::StoredNumber>& numbers) {
  constexpr std::string_view kPrefix = "rank_ic.";
  constexpr std::string_view kSuffix = "d.mean";
  std::int64_t best = 0;
  for (const lake::StoredNumber& number : numbers) {
    std::string_view path = number.path;
    std::int64_t horizon = 0;
    if (!path.starts_with(kPrefix) || !path.ends_with(kSuffix)) {
      continue;
    }
    path.remove_prefix(kPrefix.size());
    path.remove_suffix(kSuffix.size());
    const auto distance = [](std::int64_t h) { return std::max(h - 5, 5 - h); };
    if (parse_int(path, horizon) && (best == 0 || distance(horizon) < distance(best))) {
      best = horizon;
    }
  }
  return best == 0 ? std::string() : fmt::format("{}d", best);
}

// "did you mean 'alpha101'?" of "alhpa101/042"; "" where no library's id is near.
std::string nearest_library(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return {};
  }
  std::vector<std::string> ids;
  std::ranges::transform(factor::libraries(), std::back_inserter(ids), &factor::Library::id);
  return did_you_mean(text.substr(0, slash), ids);
}

}  // namespace

Result<void> check_factor_name(const std::string& name) {
  const auto slashes = std::count(name.begin(), name.end(), '/');
  const bool good = !name.empty() && name.size() <= 64 && slashes <= 1 && name.front() != '/' && name.back() != '/' &&
                    name.front() != '-' && name.front() != '.' &&
                    std::all_of(name.begin(), name.end(), [](char c) { return name_character(c) || c == '/'; });
  if (!good) {
    return fail(E::E4, fmt::format("'{}' is not a factor name", name),
                "letters, digits, _ . - and at most one / between library and id: quality/accruals");
  }
  if (factor::operators().find(name) != nullptr) {
    return fail(E::E4, fmt::format("'{}' is an operator of the language", name), "choose another name");
  }
  if (factor::is_library_name(name)) {
    return fail(E::E4, fmt::format("'{}' is the name of a formula that ships", name),
                "choose another word before the /");
  }
  for (const expr::FieldSpec& field : expr::standard_fields()) {
    if (field.name == lower(name)) {
      return fail(E::E4, fmt::format("'{}' is a field of the language", name), "choose another name");
    }
  }
  return {};
}

Error without_lookahead_option(Error error) {
  const std::size_t offer = error.hint().find(" To study a leak");
  if (error.number() != E::E1107 || offer == std::string::npos) {
    return error;
  }
  std::string kept = error.hint().substr(0, offer);
  return std::move(error).hinting(std::move(kept));
}

Result<lake::NamedFactor> make_factor(const std::string& name, const std::string& formula, const std::string& profile,
                                      const std::string& note, std::span<const expr::NameDefinition> earlier) {
  LODE_TRY(const expr::Profile* found, expr::find_profile(profile));
  Result<expr::Program> compiled = expr::compile(formula, *found, factor::operators());
  if (!compiled && compiled.error().number() == E::E1106 && !earlier.empty()) {
    expr::CompileOptions beside;
    beside.definitions.assign(earlier.begin(), earlier.end());
    compiled = expr::compile(formula, *found, factor::operators(), beside);
  }
  if (!compiled) {
    return fail(without_lookahead_option(std::move(compiled).error()));
  }
  const expr::Program program = std::move(*compiled);
  lake::NamedFactor factor;
  factor.name = name;
  factor.formula = program.formulas.front();
  factor.profile = found->name;
  factor.note = note;
  factor.hash = program.hashes.front();
  return factor;
}

bool looks_like_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return name_character(c) || c == '/'; });
}

Error with_nearest_factor(Error error, std::string_view text, const std::vector<std::string>& names) {
  if (!looks_like_name(text)) {
    return error;
  }
  if (const std::string hint = did_you_mean(text, names); !hint.empty()) {
    return std::move(error).hinting(hint + "  lode factor list shows those of this lake");
  }
  const std::string library = nearest_library(text);
  return library.empty() ? std::move(error)
                         : std::move(error).hinting(library + "  lode factor list --libraries shows what ships");
}

Error with_factor_alone(Error error, const std::vector<std::string>& names) {
  const std::string& message = error.message();  // "no field called 'mom'"
  const std::size_t open = message.find('\'');
  const std::size_t shut = message.rfind('\'');
  const std::string name = open < shut && shut != std::string::npos ? message.substr(open + 1, shut - open - 1) : "";
  if (std::ranges::find(names, name) == names.end()) {
    return error;
  }
  return std::move(error).hinting(fmt::format(
      "{} is a stored factor: its name stands alone, not in a formula. lode factor show {} has the formula to "
      "write in its place",
      name, name));
}

Value factor_json(const lake::NamedFactor& factor) {
  Value row = Value::object();
  row.set("name", Value(factor.name));
  row.set("formula", Value(factor.formula));
  row.set("profile", Value(factor.profile));
  row.set("note", factor.note.empty() ? Value() : Value(factor.note));
  row.set("hash", Value(factor.hash));
  row.set("added", Value(to_string(factor.added)));
  return row;
}

Result<FactorNews> factor_news(const lake::RunStore& store, const std::vector<lake::RunNews>& runs,
                               const lake::NamedFactor& factor) {
  FactorNews news{number_or_nan({}, ""), number_or_nan({}, ""), number_or_nan({}, ""), "", "", {}};
  const auto run = std::find_if(runs.begin(), runs.end(), [&](const lake::RunNews& judged) {
    return judged.formula == factor.formula && judged.profile == factor.profile;
  });
  if (run == runs.end()) {
    return news;
  }
  LODE_TRY(const std::vector<lake::StoredNumber> numbers, store.numbers(run->alias));
  const std::string key = headline_key(numbers);
  news.coverage = number_or_nan(numbers, "coverage.ratio");
  news.rank_ic = number_or_nan(numbers, "rank_ic." + key + ".mean");
  news.t = number_or_nan(numbers, "rank_ic." + key + ".t_no_overlap");
  news.horizon = key;
  news.run = run->alias;
  news.judged = run->finished;
  return news;
}

}  // namespace lode::flow
