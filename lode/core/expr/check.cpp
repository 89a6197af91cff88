// Binding of arguments to parameters: arity, windows, literals, options, types.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "lode/base/math.h"
#include "lode/base/text.h"

namespace lode::expr {
namespace {

constexpr double kMaxWindow = 5'040.0;  // 20 years of sessions.

std::string counted(double count, std::string_view noun) {
  const bool whole = count == math::floor(count) && math::abs(count) < 1e15;
  const std::string number = whole ? grouped(static_cast<std::int64_t>(count)) : shortest(count);
  return fmt::format("{} {}{}", number, noun, count == 1.0 ? "" : "s");
}

// The operators that qlib.data.ops.Rolling computes itself: with 0 < N < 1 it asks for ewm(alpha=N).mean() whatever the
// operator is called, so that Std($close, 0.3) is Mean($close, 0.3). Those that override it want whole windows.
bool reads_fraction(std::string_view name) {
  constexpr std::string_view kRolling[] = {"ts_mean", "ts_sum", "ts_std",    "ts_var", "ts_max",
                                           "ts_min",  "count",  "ts_median", "ema"};
  return std::ranges::find(kRolling, name) != std::end(kRolling);
}

class Binder {
 public:
  Binder(const Operator& op, const Call& call, const CheckContext& context)
      : spec_(op.spec), is_lag_(is_lag(op)), call_(call), name_(call.syntax->text), context_(context) {}

  Result<Binding> run() {
    LODE_CHECK(check_arity());
    LODE_CHECK(assign());
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      LODE_CHECK(bind_slot(i));
    }
    for (const Slot& slot : slots_) {
      LODE_CHECK(check_order(slot));
    }
    LODE_CHECK(bind_options());
    return std::move(binding_);
  }

 private:
  // What fills one parameter; a parameter that repeats has several slots.
  struct Slot {
    const Parameter* parameter = nullptr;
    const AstNode* syntax = nullptr;  // nullptr: absent
    std::uint32_t node = 0;
    std::size_t position = 0;  // From 1, for messages.
  };

  Result<void> check_arity() const {
    const Arity allowed = arity(spec_);
    std::size_t got = call_.positional.size();
    bool fills_gaps = got <= allowed.most;  // What stands by position, and by name, leaves no required parameter out.
    for (const Keyword& keyword : call_.keywords) {
      got += keyword_parameter(spec_, keyword.option->text) != nullptr ? 1 : 0;
    }
    for (std::size_t i = call_.positional.size(); i < spec_.parameters.size(); ++i) {
      const Parameter& parameter = spec_.parameters[i];
      fills_gaps =
          fills_gaps && (parameter.optional || std::ranges::any_of(call_.keywords, [&](const Keyword& keyword) {
                           return keyword_parameter(spec_, keyword.option->text) == &parameter;
                         }));
    }
    if (fills_gaps) {
      return {};
    }
    std::string expected = counted(static_cast<double>(allowed.least), "argument");
    if (spec_.variadic) {
      expected = "at least " + expected;
    } else if (allowed.least != allowed.most) {
      expected = fmt::format("{} to {}", allowed.least, counted(static_cast<double>(allowed.most), "argument"));
    }
    return context_.failure(E::E1103,
                            fmt::format("{} takes {} ({}), got {}", name_, expected, parameter_list(spec_), got),
                            call_.syntax->span, fmt::format("{} {}", signature(spec_, name_), spec_.summary));
  }

  // Positional arguments in order, then those named by keyword.
  Result<void> assign() {
    for (const Parameter& parameter : spec_.parameters) {
      slots_.push_back({&parameter, nullptr, 0, slots_.size() + 1});
    }
    const std::vector<std::size_t> places = places_of_positional();
    for (std::size_t i = 0; i < call_.positional.size(); ++i) {
      if (places[i] >= slots_.size()) {
        slots_.push_back({&spec_.parameters.back(), nullptr, 0, i + 1});
      }
      slots_[places[i]].syntax = call_.positional[i].syntax;
      slots_[places[i]].node = call_.positional[i].node;
    }
    for (const Keyword& keyword : call_.keywords) {
      const Parameter* parameter = keyword_parameter(spec_, keyword.option->text);
      if (parameter == nullptr) {
        continue;
      }
      Slot& slot = slots_[static_cast<std::size_t>(parameter - spec_.parameters.data())];
      if (slot.syntax != nullptr) {
        return context_.failure(E::E1103, fmt::format("{} gets its argument {} twice", name_, parameter->name),
                                keyword.option->span, signature(spec_, name_));
      }
      slot.syntax = keyword.value;
      slot.node = keyword.node;
    }
    return {};
  }

  // Which parameter each argument without a name fills. Those that are a choice among words are passed over while the
  // others are enough: ta_stoch_slow_k(high, low, close, 14, 3, 3) has three lengths, and no type of average is 3.
  std::vector<std::size_t> places_of_positional() const {
    const std::size_t count = call_.positional.size();
    std::vector<std::size_t> numbers;
    std::vector<std::size_t> all(std::max(count, spec_.parameters.size()));
    std::iota(all.begin(), all.end(), std::size_t{0});
    for (std::size_t i = 0; i < spec_.parameters.size(); ++i) {
      if (spec_.parameters[i].choices.empty()) {
        numbers.push_back(i);
      }
    }
    return spec_.variadic || count > numbers.size() ? all : numbers;
  }

  Result<void> bind_slot(std::size_t index) {
    const Slot& slot = slots_[index];
    const Type type = slot.parameter->type;
    if (slot.syntax == nullptr) {
      if (type == Type::kWindow || type == Type::kLiteral) {
        binding_.literals.push_back(slot.parameter->fallback);
      }
      return {};
    }
    switch (type) {
      case Type::kWindow:
        return bind_window(slot);
      case Type::kLiteral:
        return bind_literal(slot);
      case Type::kGroup:
        return bind_group(slot);
      case Type::kNumber:
      case Type::kBool:
        return bind_number(slot);
    }
    return {};
  }

  const Node& lowered(const Slot& slot) const { return context_.graph.at(slot.node); }

  // The literal behind a slot: a number as written, or what it folds to.
  bool literal_of(const Slot& slot, bool folded_will_do, double& value) const {
    if (slot.syntax->kind == AstKind::kNumber) {
      value = slot.syntax->value;
      return true;
    }
    if (folded_will_do && slot.syntax->kind == AstKind::kCall && lowered(slot).kind == NodeKind::kLiteral) {
      value = lowered(slot).literal;
      return true;
    }
    return false;
  }

  Result<void> bind_window(const Slot& slot) {
    double value = 0.0;
    if (!literal_of(slot, call_.folded_windows, value)) {
      double folded = 0.0;
      const bool known = literal_of(slot, true, folded);
      return context_.failure(
          E::E1104, fmt::format("the window of {} must be a literal number of days, got an expression", name_),
          slot.syntax->span, known ? fmt::format("write {}", shortest(folded)) : signature(spec_, name_));
    }
    if (value < 0.0 && is_lag_) {
      return bind_lead(slot, value);
    }
    if (context_.profile.window_rounding == WindowRounding::kWhole) {
      LODE_TRY(value, whole_window(slot, value));
    }
    const bool is_special = value >= 0.0 && value < 1.0;
    if (context_.profile.window_rounding != WindowRounding::kWhole || !is_special) {
      LODE_TRY(value, round_window(slot, value));
    }
    binding_.literals.push_back(value);
    return {};
  }

  // Windows of qlib: whole numbers; of a lag 0 is the first value there is, of the rest the whole history; where
  // pandas' own rolling method is called by name, a fraction is the weight of today in an exponential mean.
  Result<double> whole_window(const Slot& slot, double value) const {
    if (value == 0.0 && spec_.name == "ema") {
      return context_.failure(E::E1105,
                              fmt::format("{} over the whole history, whose weights change every day in Qlib, is not "
                                          "offered",
                                          name_),
                              slot.syntax->span, "give a span of days, or the weight of today between 0 and 1");
    }
    if (value == 0.0) {
      return is_lag_ ? value : kMaxWindow;
    }
    const bool takes_fraction = reads_fraction(spec_.name);
    if (value != math::floor(value) && !(takes_fraction && value > 0.0 && value < 1.0)) {
      return context_.failure(E::E1105,
                              fmt::format("the window of {} must be a whole number of days in profile {}, got {}",
                                          name_, context_.profile.name, shortest(value)),
                              slot.syntax->span,
                              takes_fraction ? "or the weight of today, between 0 and 1" : signature(spec_, name_));
    }
    return value;
  }

  Result<double> round_window(const Slot& slot, double value) const {
    const Parameter& parameter = *slot.parameter;
    const double least = std::max(parameter.least, 1.0);
    const double most = parameter.most > 0.0 ? parameter.most : kMaxWindow;
    const double shift = context_.profile.window_rounding == WindowRounding::kNearest ? 0.5 : 0.0;
    const double window = std::max(math::floor(value + shift), 1.0);
    if (value <= 0.0 || window < least) {
      return context_.failure(
          E::E1105, fmt::format("{} needs at least {}, got {}", name_, counted(least, "day"), shortest(value)),
          slot.syntax->span, signature(spec_, name_));
    }
    if (window > most) {
      return context_.failure(E::E1105,
                              fmt::format("{} takes at most {}, got {}", name_, counted(most, "day"), shortest(value)),
                              slot.syntax->span, signature(spec_, name_));
    }
    if (window != value && context_.profile.warns_fractional_window) {
      context_.warn("W1104",
                    fmt::format("the window {} of {} is read as {}", shortest(value), name_, counted(window, "day")));
    }
    return window;
  }

  // A negative lag: the future. Refused unless the caller studies a leak on purpose.
  Result<void> bind_lead(const Slot& slot, double value) {
    LODE_TRY(const double sessions, round_window(slot, -value));
    if (context_.options.allow_lookahead) {
      binding_.literals.push_back(-sessions);
      return {};
    }
    const Slot& first = slots_.front();
    const bool is_field = lowered(first).kind == NodeKind::kField;
    const std::string what = is_field ? lowered(first).field : "values";
    const std::string remark =
        sessions == 1.0 ? fmt::format("a negative delay reads tomorrow's {}", what)
                        : fmt::format("a negative delay reads {} {} ahead", what, counted(sessions, "session"));
    return context_.failure(
        E::E1107, fmt::format("this formula looks {} into the future", counted(sessions, "session")), slot.syntax->span,
        fmt::format("use {}({}, {}). To study a leak on purpose: --allow-lookahead (marks every result)",
                    context_.source(call_.syntax->name), context_.quoted(first.syntax->span), shortest(sessions)),
        remark);
  }

  Result<void> bind_literal(const Slot& slot) {
    double value = 0.0;
    if (!slot.parameter->choices.empty() && slot.syntax->kind == AstKind::kName) {
      return bind_word(slot);
    }
    if (!literal_of(slot, true, value)) {
      return wrong_type(slot, "a literal number");
    }
    LODE_CHECK(check_range(slot, value));
    binding_.literals.push_back(value);
    return {};
  }

  // type=ema: the place of the word.
  Result<void> bind_word(const Slot& slot) {
    const auto& words = slot.parameter->choices;
    const auto found = std::ranges::find(words, slot.syntax->text);
    if (found == words.end()) {
      return context_.failure(E::E1105,
                              fmt::format("{} takes {} as one of {}, got {}", name_, slot.parameter->name,
                                          join(std::vector<std::string>(words.begin(), words.end()), ", "),
                                          slot.syntax->text.substr(0, 40)),
                              slot.syntax->span, signature(spec_, name_));
    }
    binding_.literals.push_back(static_cast<double>(found - words.begin()));
    return {};
  }

  Result<void> check_range(const Slot& slot, double value) const {
    const Parameter& parameter = *slot.parameter;
    const bool has_range = parameter.least != 0.0 || parameter.most != 0.0;
    const bool too_little = value < parameter.least || (parameter.above && value == parameter.least);
    const bool is_broken = parameter.whole && value != math::floor(value);
    if (!has_range || (!too_little && !is_broken && value <= parameter.most)) {
      return {};
    }
    // An indicator alone takes longer ones: no formula keeps that much of every instrument.
    const bool is_window = parameter.whole && parameter.most == kMaxWindow && value > kMaxWindow;
    return context_.failure(E::E1105,
                            fmt::format("{} takes {} {}{} {} {} {}, got {}", name_, parameter.name,
                                        parameter.whole ? "as a whole number " : "", parameter.above ? "above" : "from",
                                        shortest(parameter.least), parameter.above ? "up to" : "to",
                                        shortest(parameter.most), shortest(value)),
                            slot.syntax->span, signature(spec_, name_),
                            is_window ? "the longest window of a formula is 5,040 sessions, 20 years" : "");
  }

  // A literal that may not exceed another one: m of sma its n, low of clip its high.
  Result<void> check_order(const Slot& slot) const {
    double value = 0.0;
    if (slot.parameter->at_most.empty() || slot.syntax == nullptr || !known_literal(slot, value)) {
      return {};
    }
    for (const Slot& other : slots_) {
      double most = 0.0;
      const bool is_it = other.parameter->name == slot.parameter->at_most && other.syntax != nullptr;
      if (is_it && known_literal(other, most) && value > most) {
        return context_.failure(E::E1105,
                                fmt::format("{} takes {} up to {} = {}, got {}", name_, slot.parameter->name,
                                            other.parameter->name, shortest(most), shortest(value)),
                                slot.syntax->span, signature(spec_, name_));
      }
    }
    return {};
  }

  // What is known of an argument before any data are: a number, and what is made of numbers alone.
  bool known_literal(const Slot& slot, double& value) const {
    if (slot.parameter->type == Type::kWindow || slot.parameter->type == Type::kLiteral) {
      return literal_of(slot, true, value);
    }
    value = lowered(slot).literal;
    return lowered(slot).kind == NodeKind::kLiteral;
  }

  Result<void> bind_group(const Slot& slot) {
    if (lowered(slot).type != Type::kGroup) {
      return wrong_type(slot, "a group (sector, industry, ..)");
    }
    binding_.operands.push_back(slot.node);
    return {};
  }

  Result<void> bind_number(const Slot& slot) {
    if (lowered(slot).type == Type::kGroup) {
      return wrong_type(slot, slot.parameter->type == Type::kBool ? "a condition" : "a number");
    }
    binding_.operands.push_back(slot.node);
    return {};
  }

  Failure wrong_type(const Slot& slot, std::string_view needed) const {
    std::string got = "a number";
    if (lowered(slot).type == Type::kGroup) {
      got = fmt::format("the group {}", lowered(slot).field);
    } else if (slot.parameter->type == Type::kLiteral) {
      got = "an expression";
    }
    return context_.failure(E::E1109,
                            fmt::format("{} needs {} as argument {}, got {}", name_, needed, slot.position, got),
                            slot.syntax->span, signature(spec_, name_));
  }

  Result<void> bind_options() {
    binding_.options = default_options(spec_, context_.profile);
    LODE_CHECK(apply_defaults());
    std::vector<char> given(spec_.options.size(), 0);
    for (const Keyword& keyword : call_.keywords) {
      if (keyword_parameter(spec_, keyword.option->text) != nullptr) {
        continue;
      }
      LODE_TRY(const std::size_t index, find_option(keyword));
      const OptionSpec& option = spec_.options[index];
      if (given[index] != 0) {
        return context_.failure(E::E1110, fmt::format("option {} stands twice", option.name), keyword.option->span);
      }
      given[index] = 1;
      const AstNode& value = *keyword.value;
      const bool is_call = value.kind == AstKind::kCall;
      const std::string text = value.kind == AstKind::kNumber ? shortest(value.value) : value.text;
      if (is_call || !read_option(option, text, binding_.options[index])) {
        return bad_option(option, is_call ? "an expression" : text, value.span);
      }
      LODE_CHECK(check_count(option, binding_.options[index], value.span));
    }
    return {};
  }

  // `option NAME = VALUE` of a formula file reaches every operator that has the option.
  Result<void> apply_defaults() {
    for (const FileOption& wanted : context_.options.option_defaults) {
      for (std::size_t i = 0; i < spec_.options.size(); ++i) {
        if (spec_.options[i].name != wanted.name) {
          continue;
        }
        if (!context_.profile.allows_options) {
          return context_.failure(
              E::E1110,
              fmt::format("option {} of the file is not part of profile {}", wanted.name, context_.profile.name),
              call_.syntax->span, "leave the line out, or use --profile lode, which has options");
        }
        if (!read_option(spec_.options[i], wanted.value, binding_.options[i])) {
          return bad_option(spec_.options[i], wanted.value, call_.syntax->span);
        }
        LODE_CHECK(check_count(spec_.options[i], binding_.options[i], call_.syntax->span));
      }
    }
    return {};
  }

  Result<std::size_t> find_option(const Keyword& keyword) const {
    const std::string& name = keyword.option->text;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < spec_.options.size(); ++i) {
      if (spec_.options[i].name == name && context_.profile.allows_options) {
        return i;
      }
      names.emplace_back(spec_.options[i].name);
    }
    const bool is_known = std::ranges::find(names, name) != names.end();
    if (is_known) {
      return context_.failure(E::E1110, fmt::format("option {} is not part of profile {}", name, context_.profile.name),
                              keyword.option->span, fmt::format("--profile lode has it: {}", join(names, ", ")));
    }
    std::vector<std::string> known = names;
    for (const Parameter& parameter : spec_.parameters) {
      known.emplace_back(parameter.name);
    }
    const std::string near = did_you_mean(name, known);
    const bool is_called_by_name = std::ranges::any_of(spec_.parameters, &Parameter::optional);
    if (names.empty() && is_called_by_name) {
      return context_.failure(E::E1110, fmt::format("{} has no parameter {}", name_, name), keyword.option->span,
                              near.empty() ? fmt::format("it takes {}", signature(spec_, name_)) : near);
    }
    const std::string under = context_.profile.allows_options ? "" : ", under --profile lode alone";
    const std::string hint =
        names.empty() ? fmt::format("{} has no options under any profile: {}", name_, signature(spec_, name_))
                      : fmt::format("its options{}: {}", under, join(names, ", "));
    return context_.failure(E::E1110, fmt::format("{} has no option {}", name_, name), keyword.option->span,
                            near.empty() ? hint : near);
  }

  static bool read_option(const OptionSpec& option, const std::string& text, double& out) {
    if (option.choices.empty()) {
      double value = 0.0;
      const bool read = parse_double(text, value) && math::is_finite(value);
      out = read ? value : out;
      return read;
    }
    const auto found = std::find(option.choices.begin(), option.choices.end(), text);
    if (found == option.choices.end()) {
      return false;
    }
    out = static_cast<double>(found - option.choices.begin());
    return true;
  }

  Failure bad_option(const OptionSpec& option, const std::string& text, Span span) const {
    std::string expected = "a number";
    if (!option.choices.empty()) {
      const std::vector<std::string> choices(option.choices.begin(), option.choices.end());
      expected = "one of " + join(choices, ", ");
    }
    return context_.failure(
        E::E1110, fmt::format("option {} of {} must be {}, got {}", option.name, name_, expected, text.substr(0, 40)),
        span);
  }

  // Options that count sessions are whole and have a range; where it has no end, the window of the call is it.
  Result<void> check_count(const OptionSpec& option, double value, Span span) const {
    if (!option.choices.empty()) {
      return {};
    }
    const bool has_window = option.most == 0.0 && !binding_.literals.empty();
    const double most = has_window ? binding_.literals.front() : option.most > 0.0 ? option.most : kMaxWindow;
    if (value == math::floor(value) && value >= option.least && value <= most) {
      return {};
    }
    return context_.failure(E::E1105,
                            fmt::format("{} of {} must be a whole number from {} to {}, got {}", option.name, name_,
                                        shortest(option.least), shortest(most), shortest(value)),
                            span, signature(spec_, name_));
  }

  const Spec& spec_;
  bool is_lag_;
  const Call& call_;
  const std::string& name_;
  const CheckContext& context_;
  std::vector<Slot> slots_;
  Binding binding_;
};

}  // namespace

namespace {

bool has_word(std::string_view words, std::string_view wanted) {
  return !wanted.empty() && std::ranges::any_of(split(words, ' '), [&](std::string_view one) { return one == wanted; });
}

}  // namespace

const Parameter* keyword_parameter(const Spec& spec, std::string_view name) {
  const bool is_window = name == "days" || name == "d" || name == "n" || name == "window";
  const auto found = std::find_if(spec.parameters.begin(), spec.parameters.end(), [&](const Parameter& parameter) {
    return parameter.name == name || has_word(parameter.alias, name) || (is_window && parameter.type == Type::kWindow);
  });
  return found == spec.parameters.end() ? nullptr : &*found;
}

std::vector<double> default_options(const Spec& spec, const Profile& profile) {
  std::vector<double> options;
  for (const OptionSpec& option : spec.options) {
    options.push_back(profile.skips_missing && option.name == "min_periods" ? 1.0 : option.fallback);
  }
  return options;
}

Result<Binding> bind(const Operator& op, const Call& call, const CheckContext& context) {
  return Binder(op, call, context).run();
}

}  // namespace lode::expr
