// Formulas over a universe of the lake.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/formula_lake.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "lode/base/text.h"
#include "lode/core/factor/library.h"
#include "lode/core/indicator/choice.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/research/library_factors.h"
#include "lode/flow/steps/research/stored_factors.h"

namespace lode::flow {
namespace {

constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

// A word that is no factor and no field was meant for an indicator.
Result<void> check_words(std::span<const NamedText> texts) {
  const std::vector<expr::FieldSpec> fields = factor::known_fields();
  for (std::size_t k = 0; k < texts.size(); ++k) {
    const std::string word = lower(texts[k].text);
    const bool is_known = !looks_like_name(word) || word.find('/') != std::string::npos ||
                          std::ranges::find(fields, word, &expr::FieldSpec::name) != fields.end() ||
                          std::any_of(texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(k),
                                      [&](const NamedText& earlier) { return lower(earlier.name) == word; });
    if (!is_known) {
      LODE_TRY(const indicator::Indicator* const found, indicator::find_indicator(texts[k].text));
      (void)found;
    }
  }
  return {};
}

// Of each of `wanted`, where it stands in `all`, which ascends.
template <class T>
std::vector<std::size_t> places_of(const std::vector<T>& wanted, const std::vector<T>& all) {
  std::vector<std::size_t> out;
  for (const T& one : wanted) {
    const auto found = std::ranges::lower_bound(all, one);
    out.push_back(found != all.end() && *found == one ? static_cast<std::size_t>(found - all.begin()) : kNowhere);
  }
  return out;
}

// The formulas with names of libraries and of the lake's factors written out; each keeps its own name.
Result<Formulas> resolved(lake::Lake& lake, std::span<const NamedText> formulas) {
  Formulas out;
  out.profile = "lode";
  out.texts.assign(formulas.begin(), formulas.end());
  LODE_CHECK(resolve_library_names(out));
  LODE_CHECK(resolve_stored_names(lake, out));
  LODE_CHECK(check_words(out.texts));
  for (std::size_t k = 0; k < formulas.size(); ++k) {
    out.texts[k].name = formulas[k].name;
  }
  return out;
}

}  // namespace

Result<void> check_lake_words(World& world, std::span<const NamedText> formulas) {
  LODE_TRY(const auto lake, open_lake(world, Wanted::kRead));
  LODE_TRY(const Formulas known, resolved(*lake, formulas));
  (void)known;
  return {};
}

Result<LakeFormulas> LakeFormulas::compute(World& world, const LakeWish& wish, const LakeBars& bars,
                                           std::span<const NamedText> formulas) {
  LakeFormulas out;
  if (formulas.empty()) {
    return out;
  }
  LODE_TRY(Formulas asked, resolved(*bars.lake, formulas));
  ComputeRequest request;
  request.universe = wish.universe;
  request.from = wish.from;
  request.to = wish.to;
  request.as_of = wish.as_of;
  request.adjust = wish.adjust;
  request.commit = bars.set.commit;
  Result<Computed> values = flow::compute(world, request, asked);
  if (!values) {
    return fail(with_factor_alone(std::move(values).error(), asked.stored));
  }
  out.values_ = std::move(*values);
  if (!asked.failures.empty()) {
    return fail(asked.failures.front().error.clone());
  }
  // W1302, a level in price: of a factor that is to be compared across names, and of no line beside the close.
  std::ranges::copy_if(out.values_.warnings, std::back_inserter(out.warnings_),
                       [](const std::string& line) { return line.find("[W1302]") == std::string::npos; });
  out.rows_ = places_of(bars.set.axis->sessions, out.values_.axis->sessions);
  out.columns_ = places_of(bars.set.axis->instruments, out.values_.axis->instruments);
  return out;
}

double LakeFormulas::at(std::size_t formula, std::size_t row, std::size_t column) const {
  return rows_[row] == kNowhere || columns_[column] == kNowhere
             ? std::numeric_limits<double>::quiet_NaN()
             : values_.panels[formula].row64(rows_[row])[columns_[column]];
}

}  // namespace lode::flow
