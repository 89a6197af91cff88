// Finding stored values.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/choose.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/core/expr/program.h"
#include "lode/core/factor/library.h"
#include "lode/core/factor/operators.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/research/research.h"
#include "lode/io/lake/runs.h"

namespace lode::flow {

namespace {

constexpr std::size_t kLeastHash = 8;
constexpr std::size_t kOthersTold = 3;

bool is_hash(std::string_view text) {
  return text.size() >= kLeastHash && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string_view precision_word(Precision precision) { return precision == Precision::kFloat32 ? "f32" : "f64"; }

// What a text that is no stored name means as a formula, by profile.
class Meaning {
 public:
  explicit Meaning(const std::string& text) : text_(text) {
    if (factor::is_library_name(text)) {
      if (const Result<factor::Entry> entry = factor::find_formula(text)) {
        text_ = entry->formula->text;
        only_ = entry->library->profile;
      }
    }
  }
  // Hash of the formula under that profile; "" where it is none.
  const std::string& hash(const std::string& profile) {
    const auto [found, is_new] = hashes_.emplace(profile, "");
    const Result<const expr::Profile*> known = expr::find_profile(profile);
    if (is_new && known && (only_.empty() || only_ == profile)) {
      expr::CompileOptions options;
      options.fields = factor::known_fields();
      options.allow_lookahead = true;
      if (const Result<expr::Program> program = expr::compile(text_, **known, factor::operators(), options)) {
        found->second = program->hashes.front();
      }
    }
    return found->second;
  }

 private:
  std::string text_;
  std::string only_;
  std::map<std::string, std::string> hashes_;
};

// Sets of one key and profile, newest first, in which a name is one formula: what may be read together.
struct Shelf {
  std::vector<lake::ValuesSet> sets;
  std::map<std::string, std::string> hashes;  // By name

  bool takes(const lake::ValuesSet& set) const {
    return sets.front().key == set.key && sets.front().profile == set.profile &&
           std::ranges::all_of(set.factors, [&](const lake::StoredFactor& factor) {
             const auto found = hashes.find(factor.name);
             return found == hashes.end() || found->second == factor.hash;
           });
  }
  void put(lake::ValuesSet set) {
    for (const lake::StoredFactor& factor : set.factors) {
      hashes.emplace(factor.name, factor.hash);
    }
    sets.push_back(std::move(set));
  }
};

std::vector<Shelf> shelves_of(std::vector<lake::ValuesSet> sets) {
  std::vector<Shelf> out;
  for (auto set = sets.rbegin(); set != sets.rend(); ++set) {
    auto shelf = std::ranges::find_if(out, [&](const Shelf& one) { return one.takes(*set); });
    if (shelf == out.end()) {
      shelf = out.insert(out.end(), Shelf());
    }
    shelf->put(std::move(*set));
  }
  return out;
}

struct Place {
  std::size_t set;
  std::string name;
};

// By name first, then by what it means.
std::optional<Place> find_on(const Shelf& shelf, const std::string& wanted, Meaning& meaning) {
  for (std::size_t i = 0; i < shelf.sets.size(); ++i) {
    for (const lake::StoredFactor& factor : shelf.sets[i].factors) {
      if (factor.name == wanted) {
        return Place{i, factor.name};
      }
    }
  }
  for (std::size_t i = 0; i < shelf.sets.size(); ++i) {
    const std::string& hash = meaning.hash(shelf.sets[i].profile);
    for (const lake::StoredFactor& factor : shelf.sets[i].factors) {
      if (factor.hash == hash || (is_hash(wanted) && factor.hash.starts_with(wanted))) {
        return Place{i, factor.name};
      }
    }
  }
  return std::nullopt;
}

// All of a library on the shelf, by the newest set that has each.
std::vector<std::string> names_of(const Shelf& shelf, const std::string& library) {
  std::vector<std::string> out;
  for (auto set = shelf.sets.rbegin(); set != shelf.sets.rend(); ++set) {
    for (const lake::StoredFactor& factor : set->factors) {
      if (factor.name.starts_with(library + "/") && std::ranges::find(out, factor.name) == out.end()) {
        out.push_back(factor.name);
      }
    }
  }
  return out;
}

// What is asked of a shelf, or nothing when it lacks some.
std::optional<ChosenValues> take_from(const Shelf& shelf, const ValuesWish& wish, std::vector<Meaning>& meanings) {
  ChosenValues out;
  std::vector<std::vector<std::string>> names(shelf.sets.size());
  const auto add = [&](const Place& place) {
    if (std::ranges::find(names[place.set], place.name) == names[place.set].end()) {
      names[place.set].push_back(place.name);
    }
  };
  for (std::size_t i = 0; i < wish.factors.size(); ++i) {
    const std::optional<Place> place = find_on(shelf, wish.factors[i], meanings[i]);
    if (!place) {
      return std::nullopt;
    }
    add(*place);
    if (place->name != wish.factors[i]) {
      out.notes.push_back(fmt::format("note: {} is stored as {}: the same formula", wish.factors[i], place->name));
    }
  }
  if (!wish.library.empty()) {
    const std::vector<std::string> of_library = names_of(shelf, wish.library);
    if (of_library.empty()) {
      return std::nullopt;
    }
    for (const std::string& name : of_library) {
      Meaning none("");
      add(*find_on(shelf, name, none));
    }
    const Result<const factor::Library*> ships = factor::find_library(wish.library);
    if (ships && of_library.size() < (*ships)->formulas.size()) {
      out.notes.push_back(
          fmt::format("note: {} of the {} formulas of {}", of_library.size(), (*ships)->formulas.size(), wish.library));
    }
  }
  for (std::size_t i = 0; i < shelf.sets.size(); ++i) {
    if (!names[i].empty()) {
      out.parts.push_back({shelf.sets[i], std::move(names[i])});
    }
  }
  return out;
}

// The first that was stored under a library's name and is not what that name means: of another profile, or with
// definitions of the call that stored it.
std::optional<std::string> first_unmeant(const ChosenValues& chosen) {
  for (const auto& part : chosen.parts) {
    for (const lake::StoredFactor& factor : part.set.factors) {
      const bool is_asked = std::ranges::find(part.factors, factor.name) != part.factors.end();
      if (is_asked && factor::is_library_name(factor.name) &&
          Meaning(factor.name).hash(part.set.profile) != factor.hash) {
        return factor.name;
      }
    }
  }
  return std::nullopt;
}

std::vector<std::string> all_names(const lake::ValuesSet& set) {
  std::vector<std::string> out;
  std::ranges::transform(set.factors, std::back_inserter(out), &lake::StoredFactor::name);
  return out;
}

Error not_found(const std::vector<Shelf>& shelves, const ValuesWish& wish, std::vector<Meaning>& meanings) {
  std::vector<std::string> known;
  for (const Shelf& shelf : shelves) {
    for (const lake::ValuesSet& set : shelf.sets) {
      std::ranges::copy(all_names(set), std::back_inserter(known));
    }
  }
  for (std::size_t i = 0; i < wish.factors.size(); ++i) {
    const std::string& name = wish.factors[i];
    if (std::ranges::none_of(shelves,
                             [&](const Shelf& shelf) { return find_on(shelf, name, meanings[i]).has_value(); })) {
      const std::string hint = did_you_mean(name, known);
      return Error(
          E::E9, fmt::format("no values of {} are stored{}", quote(name), wish.run.empty() ? "" : " by " + wish.run),
          hint.empty() ? fmt::format("lode factor compute {} --universe all --store", shell_quoted(name)) : hint);
    }
  }
  if (!wish.library.empty()) {
    return Error(E::E9, fmt::format("no values of the library {} are stored", quote(wish.library)),
                 fmt::format("lode factor compute --library {} --universe all", wish.library));
  }
  return Error(E::E9, "no run stored all of these together, of the same data",
               "ask for them one by one, or name a run: --run r1");
}

// Who else holds the same: with what is different about them.
void tell_others(const std::vector<Shelf>& shelves, std::size_t chosen, const ValuesWish& wish,
                 std::vector<Meaning>& meanings, ChosenValues& out) {
  std::vector<std::string> others;
  std::size_t count = 0;
  for (std::size_t i = 0; i < shelves.size(); ++i) {
    const std::optional<ChosenValues> there = i == chosen ? std::nullopt : take_from(shelves[i], wish, meanings);
    if (!there) {
      continue;
    }
    const lake::ValuesSet& set = there->parts.front().set;
    const lake::ValuesSet& mine = out.parts.front().set;
    const bool is_earlier = set.universe == mine.universe && set.profile == mine.profile &&
                            set.precision == mine.precision;  // Of earlier data, mostly.
    ++count;
    if (others.size() < kOthersTold) {
      others.push_back(fmt::format("{} ({})", set.alias,
                                   is_earlier ? fmt::format("up to {}", set.last ? to_string(*set.last) : "-")
                                              : fmt::format("universe {}, profile {}, {}", set.universe, set.profile,
                                                            precision_word(set.precision))));
    }
  }
  if (count > 0) {
    out.notes.push_back(fmt::format(
        "note: {}; also in {}{}: choose one with --run {}", chosen == 0 ? "the newest" : "what the library says",
        join(others, ", "), count > others.size() ? ", ..." : "", others.front().substr(0, others.front().find(' '))));
  }
}

}  // namespace

Result<lake::ValuesSet> set_of_run(const lake::Lake& lake, const std::string& alias) {
  LODE_TRY(std::vector<lake::ValuesSet> sets, lake::values_sets(lake));
  const auto found = std::ranges::find_if(sets.rbegin(), sets.rend(), [&](const lake::ValuesSet& set) {
    return set.alias == alias || alias == "last" || (alias.size() >= 6 && set.run.starts_with(alias));
  });
  if (found == sets.rend()) {
    return fail(E::E9, fmt::format("run {} stored no values, or they were dropped", alias),
                "lode factor values lists those that did");
  }
  return std::move(*found);
}

Result<ChosenValues> choose_values(const lake::Lake& lake, const ValuesWish& wish) {
  LODE_TRY(std::vector<lake::ValuesSet> sets, lake::values_sets(lake));
  if (sets.empty()) {
    return fail(E::E9, "no values are stored in this lake", "lode factor compute --library alpha158 --universe all");
  }
  const bool wants_all = wish.factors.empty() && wish.library.empty();
  std::vector<Shelf> shelves;
  if (wish.run.empty()) {
    shelves = shelves_of(std::move(sets));
  } else {
    LODE_TRY(lake::ValuesSet own, set_of_run(lake, wish.run));
    // What its call found in the lake already stands with other runs of the same key; its own come first.
    std::erase_if(sets, [&](const lake::ValuesSet& set) { return set.key != own.key || set.run == own.run; });
    sets.push_back(std::move(own));
    shelves = shelves_of(std::move(sets));
  }
  if (wants_all) {
    lake::ValuesSet& set = shelves.front().sets.front();
    ChosenValues out;
    std::vector<std::string> names = all_names(set);
    out.parts.push_back({std::move(set), std::move(names)});
    return out;
  }
  std::vector<Meaning> meanings(wish.factors.begin(), wish.factors.end());
  // A library's name is first of all what the library says; the newest otherwise.
  std::optional<std::pair<std::size_t, ChosenValues>> best;
  for (std::size_t i = 0; i < shelves.size(); ++i) {
    std::optional<ChosenValues> found = take_from(shelves[i], wish, meanings);
    const bool is_meant = found && (!wish.run.empty() || !first_unmeant(*found));  // A run was chosen by its name.
    if (found && (!best || is_meant)) {
      best = {i, std::move(*found)};
    }
    if (is_meant) {
      break;
    }
  }
  if (!best) {
    return fail(not_found(shelves, wish, meanings));
  }
  auto& [shelf, chosen] = *best;
  if (const std::optional<std::string> name = first_unmeant(chosen)) {
    chosen.notes.push_back(
        fmt::format("note: {} of {} is not what the library says: computed under another profile, or "
                    "with --define",
                    *name, chosen.parts.front().set.alias));
  }
  if (wish.run.empty()) {
    tell_others(shelves, shelf, wish, meanings, chosen);
  }
  return std::move(chosen);
}

Result<std::string> values_told(lake::Lake& lake, const lake::ValuesSet& set) {
  Value data = Value::object();
  LODE_CHECK(put_values_told(lake, set, data));
  const Value* as_of = data.find("as_of");
  const std::string& adjust = data.find("adjust")->as_text();
  return fmt::format("{}: universe {}, profile {}, {}, {} .. {}{}{}, lake commit {}", set.alias, set.universe,
                     set.profile, precision_word(set.precision), set.first ? to_string(*set.first) : "-",
                     set.last ? to_string(*set.last) : "-", adjust == "all" ? "" : ", adjust " + adjust,
                     as_of->is_text() ? ", as of " + as_of->as_text() : std::string(), set.input_commit);
}

Result<void> put_values_told(lake::Lake& lake, const lake::ValuesSet& set, Value& data) {
  LODE_TRY(const lake::Run run, lake::RunStore(lake).get(set.alias));
  const auto asked = [&](std::string_view key) {
    const Value* value = run.request.find(key);
    return value != nullptr && value->is_text() ? *value : Value();
  };
  data.set("run", Value(set.alias));
  data.set("hash", Value(set.run));
  data.set("universe", Value(set.universe));
  data.set("profile", Value(set.profile));
  data.set("precision", Value(precision_word(set.precision)));
  data.set("as_of", asked("as_of"));
  data.set("adjust", asked("adjust").is_text() ? asked("adjust") : Value("all"));
  data.set("first", set.first ? Value(to_string(*set.first)) : Value());
  data.set("last", set.last ? Value(to_string(*set.last)) : Value());
  data.set("input_commit", Value(set.input_commit));
  return {};
}

}  // namespace lode::flow
