// What can be kept, and a kept run's request in words.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/steps/indicator/keep.h"
#include "lode/flow/steps/indicator/vote_rules.h"
#include "lode/io/lake/values/values.h"

namespace lode::flow {
namespace {

using indicator::Choice;

std::string_view adjust_word(Adjust adjust) {
  return adjust == Adjust::kAll ? "all" : adjust == Adjust::kSplit ? "split" : "none";
}

std::string text_of(const Value& request, std::string_view key) {
  const Value* value = request.find(key);
  return value != nullptr && value->is_text() ? value->as_text() : std::string();
}

// "rsi(20)": with every number, whether it stood in brackets or was an option.
std::string called(const Choice& choice) {
  std::vector<std::string> values;
  for (const double value : choice.values) {
    values.push_back(shortest(value));
  }
  return values.empty() ? std::string(choice.spec().name)
                        : fmt::format("{}({})", choice.spec().name, join(values, ", "));
}

Failure not_kept(std::string message) {
  return fail(
      E::E4, std::move(message),
      "-o FILE writes any indicator of a universe, lode factor compute 'ta_zlema(close, 20)' --universe all --store "
      "keeps any; lode data sql 'describe processed' shows the columns");
}

}  // namespace

Result<std::vector<Chosen>> kept_indicators(std::span<const Chosen> asked) {
  LODE_TRY(const std::vector<Chosen> all, parse_indicators(default_indicators(), indicator::Profile::kLode));
  if (asked.empty()) {
    return all;
  }
  std::vector<bool> is_asked(all.size(), false);
  for (const Chosen& one : asked) {
    if (one.choice.profile != indicator::Profile::kLode) {
      return not_kept(
          fmt::format("the lake keeps indicators of profile lode, --profile is {}", to_string(one.choice.profile)));
    }
    if (one.choice.unstable > 0) {
      return not_kept(fmt::format("the lake keeps {} from its first answer on, --unstable drops {}", one.label,
                                  one.choice.unstable));
    }
    bool is_there = false;
    for (std::size_t k = 0; k < all.size(); ++k) {
      const bool fits =
          all[k].choice.indicator == one.choice.indicator && (one.is_bare || all[k].choice.values == one.choice.values);
      is_asked[k] = is_asked[k] || fits;
      is_there = is_there || fits;
    }
    if (!is_there) {
      return not_kept(fmt::format("the table processed has no column for {}", called(one.choice)));
    }
  }
  std::vector<Chosen> out;
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (is_asked[k]) {
      out.push_back(all[k]);
    }
  }
  return out;
}

// The columns are of the indicators behind the vote, so these must be the default ones; weights and bounds are free.
Result<void> check_kept_rules(const indicator::VoteRules& rules) {
  LODE_TRY(const std::vector<Choice> asked, indicator::vote_choices(rules));
  LODE_TRY(const std::vector<Choice> usual, indicator::vote_choices({}));
  const bool is_usual = std::ranges::equal(asked, usual, [](const Choice& a, const Choice& b) {
    return a.indicator == b.indicator && a.values == b.values;
  });
  if (!is_usual) {
    return fail(E::E7, "the table votes holds means of 5, 20 and 50 and the other default periods; --rules has others",
                "-o FILE writes votes of any periods");
  }
  return {};
}

Value kept_request(const LakeWork& work, const LakeWish& wish) {
  Value out = Value::object();
  Value names = Value::array();
  for (const Chosen& one : work.chosen) {
    names.push(Value(one.label));
  }
  if (work.rules) {
    names.push(Value("vote"));
    out.set("rules", rules_json(*work.rules));
  }
  out.set("indicators", std::move(names));
  out.set("universe", Value(wish.universe));
  out.set("from", wish.from ? Value(to_string(*wish.from)) : Value());
  out.set("to", wish.to ? Value(to_string(*wish.to)) : Value());
  out.set("as_of", wish.as_of ? Value(to_string(*wish.as_of)) : Value());
  out.set("adjust", Value(adjust_word(wish.adjust)));
  return out;
}

Result<KeptAsk> ask_of(const lake::Run& run) {
  const Value* names = run.request.find("indicators");
  if (run.flow != lake::kIndicatorsFlow || names == nullptr || !names->is_array()) {
    return fail(E::E9, fmt::format("run {} kept no indicators", run.alias), "lode runs list shows what each run did");
  }
  KeptAsk out;
  if (const Value* rules = run.request.find("rules"); rules != nullptr) {
    LODE_TRY(out.work.rules, rules_from(*rules));
  } else {
    LODE_TRY(out.work.chosen, kept_indicators({}));
    std::erase_if(out.work.chosen, [&](const Chosen& one) {
      return std::ranges::none_of(names->as_array(), [&](const Value& name) { return name.as_text() == one.label; });
    });
  }
  out.wish.universe = text_of(run.request, "universe");
  LODE_TRY(out.wish.adjust, parse_adjust(text_of(run.request, "adjust")));
  if (const std::string from = text_of(run.request, "from"); !from.empty()) {
    LODE_TRY(out.wish.from, parse_date(from));
  }
  if (const std::string to = text_of(run.request, "to"); !to.empty()) {
    LODE_TRY(out.wish.to, parse_date(to));
  }
  if (const std::string as_of = text_of(run.request, "as_of"); !as_of.empty()) {
    LODE_TRY(out.wish.as_of, parse_as_of(as_of));
  }
  out.wish.commit = run.input_commit;
  out.wish.is_kept = true;
  return out;
}

}  // namespace lode::flow
