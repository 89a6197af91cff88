// Reader of library files: the formulas by the reader of formula files, and the "#:" lines beside them.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <utility>

#include "lode/base/text.h"
#include "lode/core/expr/ast.h"
#include "lode/core/factor/library.h"

namespace lode::factor {
namespace {

constexpr std::string_view kMark = "#:";

struct Remark {
  std::string_view word;
  std::string_view text;
  int line = 0;
};

Failure failure(int line, std::string message, std::string hint = {}) {
  return fail(E::E1101, fmt::format("line {}: {}", line, message), std::move(hint));
}

// A word and what stands behind it, both trimmed.
std::pair<std::string_view, std::string_view> first_word(std::string_view text) {
  const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
  return {text.substr(0, end), trim(text.substr(end))};
}

std::vector<Remark> remarks_of(std::string_view text) {
  std::vector<Remark> remarks;
  int line = 0;
  for (const std::string_view row : split(text, '\n')) {
    ++line;
    if (row.starts_with(kMark)) {
      const auto [word, rest] = first_word(trim(row.substr(kMark.size())));
      remarks.push_back({word, rest, line});
    }
  }
  return remarks;
}

Result<void> set_once(std::string& place, const Remark& remark) {
  if (!place.empty()) {
    return failure(remark.line, fmt::format("'{}' is given twice", remark.word));
  }
  place = remark.text;
  return {};
}

const std::map<std::string_view, expr::Unit>& input_units() {
  using Kind = expr::Unit::Kind;
  static const std::map<std::string_view, expr::Unit> units = {{"any", {}},
                                                               {"ratio", {Kind::kRatio, 0, 0}},
                                                               {"price", {Kind::kDimension, 1, 0}},
                                                               {"shares", {Kind::kDimension, 0, 1}},
                                                               {"money", {Kind::kDimension, 1, 1}}};
  return units;
}

Result<void> add_input(Library& library, const Remark& remark) {
  const auto [name, rest] = first_word(remark.text);
  const auto [unit, meaning] = first_word(rest);
  const auto found = input_units().find(unit);
  if (found == input_units().end() || meaning.empty()) {
    return failure(remark.line,
                   fmt::format("expected input NAME UNIT MEANING, found \"{}\"", remark.text.substr(0, 60)),
                   "a unit is any, ratio, price, shares or money");
  }
  library.inputs.push_back({std::string(name), found->second, std::string(meaning)});
  return {};
}

// What the library's own words set; nullptr for a word about a formula.
std::string* library_place(Library& library, std::string_view word) {
  const std::array<std::pair<std::string_view, std::string*>, 6> places = {{{"library", &library.id},
                                                                            {"title", &library.title},
                                                                            {"source", &library.source},
                                                                            {"rights", &library.rights},
                                                                            {"profile_reason", &library.profile_reason},
                                                                            {"formulas_of", &library.formulas_of}}};
  const auto found = std::ranges::find(places, word, &std::pair<std::string_view, std::string*>::first);
  return found == places.end() ? nullptr : found->second;
}

Result<void> describe(Formula& formula, const Remark& remark) {
  if (remark.word == "title") return set_once(formula.title, remark);
  if (remark.word == "time") return set_once(formula.time, remark);
  if (remark.word == "source") return set_once(formula.source, remark);
  if (remark.word == "printed") return set_once(formula.printed, remark);
  if (remark.word == "repair") {
    formula.repairs.emplace_back(remark.text);
    return {};
  }
  if (remark.word == "note") {
    formula.notes.emplace_back(remark.text);
    return {};
  }
  if (remark.word == "aliases") {
    for (const std::string_view alias : split(remark.text, ' ')) {
      formula.aliases.emplace_back(alias);
    }
    return {};
  }
  if (remark.word == "direction") {
    std::int64_t sign = 0;
    if (formula.direction || !parse_int(remark.text, sign) || sign < -1 || sign > 1) {
      return failure(remark.line, "expected one direction, +1, 0 or -1");
    }
    formula.direction = static_cast<int>(sign);
    return {};
  }
  return failure(remark.line, fmt::format("'{}' is no word of a library file", remark.word.substr(0, 40)),
                 "lode/core/factor/library.h lists them");
}

// Puts the remarks in their places: those before the first one about a formula are the library's.
class Builder {
 public:
  Builder(const expr::FormulaFile& file, std::vector<Remark> remarks) : file_(file), remarks_(std::move(remarks)) {}

  Result<Library> run() {
    std::size_t at = 0;
    LODE_CHECK(head(at));
    for (const expr::Definition& definition : file_.definitions) {
      Formula formula;
      formula.id = definition.name;
      formula.text = definition.text;
      for (; at < remarks_.size() && remarks_[at].line < definition.line; ++at) {
        LODE_CHECK(about(formula, remarks_[at]));
      }
      library_.formulas.push_back(std::move(formula));
    }
    Formula after;
    for (; at < remarks_.size(); ++at) {
      LODE_CHECK(about(after, remarks_[at]));
    }
    if (!is_blank(after)) {
      return failure(remarks_.back().line, "no formula follows what is said here");
    }
    LODE_CHECK(check());
    return std::move(library_);
  }

 private:
  static bool is_blank(const Formula& formula) {
    return formula.title.empty() && formula.time.empty() && formula.source.empty() && formula.printed.empty() &&
           formula.repairs.empty() && formula.notes.empty() && formula.aliases.empty() && !formula.direction;
  }

  // The library's words end with the line `profile NAME`, which stands before the first formula.
  Result<void> head(std::size_t& at) {
    const int first = file_.definitions.empty() ? 0 : file_.definitions.front().line;
    for (; at < remarks_.size() && (first == 0 || remarks_[at].line < first); ++at) {
      const Remark& remark = remarks_[at];
      if (remark.word == "input") {
        LODE_CHECK(add_input(library_, remark));
        continue;
      }
      std::string* place = library_place(library_, remark.word);
      if (place == nullptr || !place->empty()) {
        break;  // About the first formula; a second title is its own.
      }
      *place = remark.text;
    }
    library_.profile = file_.profile;
    return {};
  }

  // `missing ID REASON` takes what was printed above it.
  Result<void> about(Formula& formula, const Remark& remark) {
    if (remark.word != "missing") {
      return describe(formula, remark);
    }
    const auto [id, reason] = first_word(remark.text);
    if (id.empty() || reason.empty()) {
      return failure(remark.line, "expected missing ID REASON");
    }
    library_.missing.push_back({std::string(id), std::string(reason), std::exchange(formula.printed, {})});
    if (!is_blank(formula)) {
      return failure(remark.line, "a missing formula has a printed text and a reason alone");
    }
    return {};
  }

  Result<void> check() const {
    for (const auto& [word, text] : {std::pair("library", &library_.id),
                                     {"title", &library_.title},
                                     {"source", &library_.source},
                                     {"rights", &library_.rights}}) {
      if (text->empty()) {
        return fail(E::E1101, fmt::format("the library file has no line \"{} {}\"", kMark, word));
      }
    }
    if (library_.profile.empty()) {
      return fail(E::E1101, fmt::format("the library {} names no profile", library_.id), "add a line: profile paper");
    }
    std::map<std::string, std::string> seen;
    const auto is_new = [&](const std::string& name, const std::string& id) {
      return seen.emplace(lower(name), id).second;
    };
    for (const Formula& formula : library_.formulas) {
      bool good = is_new(formula.id, formula.id);
      for (const std::string& alias : formula.aliases) {
        good = is_new(alias, formula.id) && good;
      }
      if (!good) {
        return fail(E::E1101, fmt::format("{}/{} shares a name with another formula", library_.id, formula.id));
      }
    }
    const auto clash = std::ranges::find_if(library_.missing, [&](const auto& row) { return !is_new(row.id, row.id); });
    if (clash != library_.missing.end()) {
      return fail(E::E1101, fmt::format("{}/{} is both a formula and missing", library_.id, clash->id));
    }
    return {};
  }

  const expr::FormulaFile& file_;
  std::vector<Remark> remarks_;
  Library library_;
};

}  // namespace

Result<Library> parse_library(std::string_view text) {
  LODE_TRY(expr::FormulaFile file, expr::parse_file(text));
  if (!file.broken.empty()) {
    return fail(std::move(file.broken.front().error));
  }
  return Builder(file, remarks_of(text)).run();
}

}  // namespace lode::factor
