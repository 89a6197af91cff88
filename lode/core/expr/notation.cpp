// The tables behind the notations.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/notation.h"

#include <algorithm>
#include <array>
#include <string>

#include "lode/base/text.h"

namespace lode::expr {
namespace {

struct Overload {
  std::string_view name;
  std::size_t arguments;
  std::string_view canonical;
};
constexpr std::array kOverloads = {
    Overload{"rank", 2, "ts_rank"},
    Overload{"quantile", 3, "ts_quantile"},
    Overload{"sma", 2, "ts_mean"},
    Overload{"ts_regresi", 4, "ts_regresi2"},
    Overload{"ts_regresi", 5, "ts_regresi3"},
    Overload{"regresi", 4, "ts_regresi2"},
    Overload{"regresi", 5, "ts_regresi3"},
};

constexpr std::array kKeywordOverloads = {
    KeywordOverload{"neutralize", "g", "group_neutralize_on", 1},
    KeywordOverload{"winsorize", "std", "winsorize_std", 1},
};

struct Differing {
  std::string_view name;
  std::string_view message;
};
constexpr std::array kDiffering = {
    Differing{"greater", "Greater(x, y) is elementwise max in qlib; write max(x, y) or x > y"},
    Differing{"less", "Less(x, y) is elementwise min in qlib; write min(x, y) or x < y"},
};

// Operator pages of WorldQuant BRAIN. More arguments than `most` have no reading there: quantile(x, 5) is buckets.
struct DifferingInBrain {
  std::string_view name;
  std::size_t least;
  std::size_t most;
  OtherMeaning means;
};
constexpr std::array kDifferingInBrain = {
    DifferingInBrain{"rank",
                     2,
                     2,
                     {"the second argument of BRAIN's rank is how exactly it sorts, no window",
                      "write rank(x), which sorts exactly, as rate=0 does; or ts_rank(x, days)"}},
    DifferingInBrain{"quantile",
                     1,
                     1,
                     {"BRAIN's quantile(x) is the normal score of a rank, here quantile(x, q) is a bucket of x",
                      "write normal(x), or quantile(x, q) for one of q buckets"}},
    DifferingInBrain{"ts_quantile",
                     2,
                     2,
                     {"BRAIN's ts_quantile(x, d) is the normal score of ts_rank(x, d), here ts_quantile(x, d, q) is a "
                      "quantile of the window",
                      "ts_rank(x, d) orders the same; or write ts_quantile(x, d, q)"}},
    DifferingInBrain{"winsorize",
                     1,
                     1,
                     {"BRAIN's winsorize(x) cuts at 4 deviations, here winsorize without std= cuts at quantiles",
                      "write winsorize(x, std=4)"}},
};

struct Names {
  std::string_view canonical;
  std::string_view paper;
  std::string_view qlib;
};
// Empty: the canonical name. qlib's WMA, EMA, Count, Min and Max mean something else, so they are not written.
constexpr std::array kNames = {
    Names{"delay", "", "Ref"},
    Names{"delta", "", "Delta"},
    Names{"abs", "", "Abs"},
    Names{"sign", "", "Sign"},
    Names{"log", "", "Log"},
    Names{"pow", "", "Power"},
    Names{"where", "", "If"},
    Names{"and", "", "And"},
    Names{"or", "", "Or"},
    Names{"not", "", "Not"},
    Names{"ts_sum", "sum", "Sum"},
    Names{"ts_mean", "", "Mean"},
    Names{"ts_product", "product", ""},
    Names{"ts_argmax", "Ts_ArgMax", "IdxMax"},
    Names{"ts_argmin", "Ts_ArgMin", "IdxMin"},
    Names{"ts_rank", "Ts_Rank", "Rank"},
    Names{"ts_quantile", "", "Quantile"},
    Names{"ts_median", "", "Med"},
    Names{"ts_mad", "", "Mad"},
    Names{"ts_std", "stddev", "Std"},
    Names{"ts_var", "", "Var"},
    Names{"ts_skew", "", "Skew"},
    Names{"ts_kurt", "", "Kurt"},
    Names{"ts_cov", "covariance", "Cov"},
    Names{"ts_corr", "correlation", "Corr"},
    Names{"ts_slope", "", "Slope"},
    Names{"ts_rsquare", "", "Rsquare"},
    Names{"ts_resid", "", "Resi"},
    Names{"signedpower", "SignedPower", ""},
    Names{"indneutralize", "IndNeutralize", ""},
};

// What Qlib has besides kNames: words that mean the same under its own profile alone.
struct OwnName {
  std::string_view canonical;
  std::string_view qlib;
};
constexpr std::array kOwnOfQlib = {
    OwnName{"min", "Less"},    OwnName{"max", "Greater"},      OwnName{"ts_min", "Min"}, OwnName{"ts_max", "Max"},
    OwnName{"count", "Count"}, OwnName{"decay_linear", "WMA"}, OwnName{"ema", "EMA"},    OwnName{"ts_first", "Ref"},
};

bool reads_back(const Spec& spec, std::string_view name) {
  const std::string written = lower(name);
  const auto is_same = [&](std::string_view alias) { return lower(alias) == written; };
  return is_same(spec.name) || std::any_of(spec.aliases.begin(), spec.aliases.end(), is_same) ||
         resolve_overload(written, spec.parameters.size()) == spec.name;
}

struct InfixRow {
  std::string_view canonical;
  Infix infix;
};
constexpr std::array kInfix = {
    InfixRow{"or", {"||", 2, 2, 3}},
    InfixRow{"and", {"&&", 3, 3, 4}},
    InfixRow{"lt", {"<", 5, 6, 6}},
    InfixRow{"le", {"<=", 5, 6, 6}},
    InfixRow{"gt", {">", 5, 6, 6}},
    InfixRow{"ge", {">=", 5, 6, 6}},
    InfixRow{"eq", {"==", 5, 6, 6}},
    InfixRow{"ne", {"!=", 5, 6, 6}},
    InfixRow{"add", {"+", 6, 6, 7}},
    InfixRow{"sub", {"-", 6, 6, 7}},
    InfixRow{"mul", {"*", 7, 7, 8}},
    InfixRow{"div", {"/", 7, 7, 8}},
    InfixRow{"neg", {"-", kUnaryPrecedence, 0, kUnaryPrecedence}},
    InfixRow{"not", {"!", kUnaryPrecedence, 0, kUnaryPrecedence}},
    InfixRow{"pow", {"^", 9, kAtomPrecedence, kUnaryPrecedence}},
};

}  // namespace

std::string_view resolve_overload(std::string_view name, std::size_t arguments) {
  const auto found = std::find_if(kOverloads.begin(), kOverloads.end(), [&](const Overload& overload) {
    return overload.name == name && overload.arguments == arguments;
  });
  return found == kOverloads.end() ? name : found->canonical;
}

const KeywordOverload* resolve_keyword(std::string_view name, std::string_view keyword) {
  const auto found = std::find_if(kKeywordOverloads.begin(), kKeywordOverloads.end(), [&](const KeywordOverload& row) {
    return row.name == name && row.keyword == keyword;
  });
  return found == kKeywordOverloads.end() ? nullptr : &*found;
}

std::string_view differing_meaning(std::string_view name) {
  const auto found =
      std::find_if(kDiffering.begin(), kDiffering.end(), [&](const Differing& row) { return row.name == name; });
  return found == kDiffering.end() ? std::string_view{} : found->message;
}

OtherMeaning differing_in_brain(std::string_view name, std::size_t arguments) {
  const auto found = std::ranges::find(kDifferingInBrain, name, &DifferingInBrain::name);
  const bool differs = found != kDifferingInBrain.end() && arguments >= found->least && arguments <= found->most;
  return differs ? found->means : OtherMeaning{};
}

std::string_view notation_name(const Spec& spec, Notation notation) {
  const auto found =
      std::find_if(kNames.begin(), kNames.end(), [&](const Names& names) { return names.canonical == spec.name; });
  if (found == kNames.end() || notation == Notation::kCanonical || notation == Notation::kCall) {
    return spec.name;
  }
  const std::string_view own = notation == Notation::kPaper ? found->paper : found->qlib;
  return !own.empty() && reads_back(spec, own) ? own : spec.name;
}

std::string_view name_in_qlib(const Spec& spec, bool is_own) {
  const auto own = std::ranges::find(kOwnOfQlib, spec.name, &OwnName::canonical);
  if (is_own && own != kOwnOfQlib.end()) {
    return own->qlib;
  }
  const auto known = std::ranges::find(kNames, spec.name, &Names::canonical);
  return known == kNames.end() ? std::string_view() : known->qlib;
}

Infix infix(std::string_view canonical) {
  const auto found =
      std::find_if(kInfix.begin(), kInfix.end(), [&](const InfixRow& row) { return row.canonical == canonical; });
  return found == kInfix.end() ? Infix{} : found->infix;
}

}  // namespace lode::expr
