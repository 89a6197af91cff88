// Names, brackets and options to indicators with parameters.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/chosen.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/core/factor/operators.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {
namespace {

using indicator::Argument;
using indicator::Choice;
using indicator::Profile;

constexpr std::string_view kDefaults =
    "sma(5), sma(10), sma(20), sma(50), sma(100), sma(200), ema(12), ema(20), ema(26), ema(50), ema(100), wma(20), "
    "wma(50), rsi(14), rsi_cutler(14), macd = macd(12, 26, 9), stoch = stoch(fast_k=14, slow_k=3, slow_d=3), cci(20), "
    "willr(14), roc(10), bollinger = bbands(20, 2, 2), atr(14), stddev(20), keltner = kc(20, 20, 2), obv, vwap, "
    "mfi(14), adx(14), ad";

// What stands between the commas of a bracket: a name ("" where none is given) and a value.
using Arguments = std::vector<std::pair<std::string, std::string>>;

// What was typed, before it is checked.
struct Typed {
  std::string name;
  std::string label = {};    // Behind "label ="; "" for none
  Arguments arguments = {};  // Name "": by its place
  std::string formula = {};  // Of what is no indicator's call; "" for one
};

// Lines joined by one comma, whether or not they have it, but where a bracket goes on over their end.
std::string without_comments(std::string_view text) {
  std::string out;
  bool is_open = false;
  for (const std::string_view line : split(text, '\n')) {
    std::string_view kept = trim(line.substr(0, line.find('#')));
    kept.remove_prefix(!is_open && kept.starts_with(',') ? 1 : 0);
    if (trim(kept).empty()) {
      continue;
    }
    out += kept;
    is_open = std::ranges::count(out, '(') > std::ranges::count(out, ')');
    out += is_open ? " " : out.ends_with(',') ? "" : ",";
  }
  return out;
}

// A list as it was typed: without the comma that joins its lines.
std::string quoted_list(std::string_view text) {
  text = trim(text);
  text.remove_suffix(text.ends_with(',') ? 1 : 0);
  return quote(text);
}

// The pieces between commas outside brackets.
Result<std::vector<std::string>> pieces_of(const std::string& text) {
  std::vector<std::string> out(1);
  int depth = 0;
  for (const char letter : text) {
    depth += letter == '(' ? 1 : letter == ')' ? -1 : 0;
    if (depth < 0) {
      return fail(E::E1101, fmt::format("the brackets of {} do not match", quoted_list(text)),
                  "sma(20), bbands(20, 2)");
    }
    if (letter == ',' && depth == 0) {
      out.emplace_back();
    } else {
      out.back() += letter;
    }
  }
  if (depth != 0) {
    return fail(E::E1101, fmt::format("a bracket of {} is not closed", quoted_list(text)), "sma(20), bbands(20, 2)");
  }
  return out;
}

Arguments arguments_of(std::string_view inside) {
  Arguments out;
  if (trim(inside).empty()) {
    return out;
  }
  for (const std::string_view argument : split(inside, ',')) {
    const std::size_t sign = argument.find('=');
    const bool is_named = sign != std::string_view::npos;
    out.emplace_back(is_named ? std::string(trim(argument.substr(0, sign))) : std::string(),
                     std::string(trim(is_named ? argument.substr(sign + 1) : argument)));
  }
  return out;
}

// The operator of formulas that gives a value of an indicator, by its name: ta_rsi, ta_macd_signal. nullptr: none.
const factor::IndicatorOperator* operator_of(std::string_view name) {
  const auto all = factor::indicator_operators();
  const expr::Operator* const found = factor::operators().find(lower(name));
  const auto same = std::ranges::find_if(all, [&](const factor::IndicatorOperator* one) { return one == found; });
  return found == nullptr || same == all.end() ? nullptr : *same;
}

// ta_rsi(14): of no series, so a formula of a constant that nobody meant.
bool is_of_no_series(std::string_view name, std::string_view inside) {
  const factor::IndicatorOperator* const op = operator_of(name);
  return op != nullptr && std::ranges::all_of(arguments_of(inside), [&](const auto& argument) {
           double value = 0.0;
           return argument.first.empty() ? parse_double(argument.second, value)
                                         : indicator::find_parameter(op->indicator->spec, argument.first) != nullptr;
         });
}

// An indicator's call is a name of the catalog, alone or with one bracket that ends it and holds no other. The rest may
// be a formula; a call of a name that neither has is taken for a mistyped indicator.
bool is_formula(std::string_view piece) {
  const std::size_t open = piece.find('(');
  const std::string name(trim(piece.substr(0, open)));
  if (lower(name) == "all" || lower(name) == "vote") {
    return false;
  }
  const bool is_word = std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  const bool is_indicator = indicator::find_indicator(name).has_value();
  if (!is_word) {
    return true;
  }
  if (open == std::string_view::npos) {
    return !is_indicator;
  }
  const bool is_one_call = piece.find('(', open + 1) == std::string_view::npos && piece.find(')') + 1 == piece.size();
  return !is_one_call || (!is_indicator && factor::operators().find(lower(name)) != nullptr &&
                          !is_of_no_series(name, piece.substr(open + 1, piece.size() - open - 2)));
}

// Where "label =" ends: an '=' before the first bracket that is no part of a comparison. npos: no label.
std::size_t label_end(std::string_view piece) {
  const std::size_t sign = piece.substr(0, piece.find('(')).find('=');
  if (sign == std::string_view::npos || sign == 0 || piece.substr(sign + 1).starts_with('=') ||
      std::string_view("<>!").find(piece[sign - 1]) != std::string_view::npos) {
    return std::string_view::npos;
  }
  return sign;
}

Typed read_call(std::string_view piece) {
  Typed out;
  if (const std::size_t sign = label_end(piece); sign != std::string_view::npos) {
    out.label = trim(piece.substr(0, sign));
    piece = trim(piece.substr(sign + 1));
  }
  const std::size_t open = piece.find('(');
  out.name = trim(piece.substr(0, open));
  if (is_formula(piece)) {
    out.formula = piece;
    out.label = out.label.empty() ? out.formula : out.label;
    return out;
  }
  if (open != std::string_view::npos) {
    out.arguments = arguments_of(piece.substr(open + 1, piece.size() - open - 2));
  }
  return out;
}

std::string expected(const indicator::Parameter& parameter) {
  std::string out = fmt::format("a {}number from {} to {}", parameter.whole ? "whole " : "", shortest(parameter.least),
                                shortest(parameter.most));
  for (const std::string_view word : parameter.choices) {
    out += fmt::format("{}{}", word == parameter.choices.front() ? ", or " : ", ", word);
  }
  return out;
}

Result<double> value_of(const indicator::Spec& spec, const indicator::Parameter& parameter, const std::string& text) {
  double value = 0.0;
  if (parse_double(text, value)) {
    return value;
  }
  const auto word = std::ranges::find(parameter.choices, lower(text));
  if (word != parameter.choices.end()) {
    return static_cast<double>(word - parameter.choices.begin());
  }
  return fail(E::E4,
              fmt::format("{}: {} is {}, expected {}", spec.name, parameter.name, quote(text), expected(parameter)));
}

Result<std::vector<std::size_t>> places_of_unnamed(const indicator::Spec& spec, const Typed& typed) {
  std::size_t count = 0;
  bool has_word = false;
  for (const auto& [name, text] : typed.arguments) {
    double value = 0.0;
    count += name.empty() ? 1 : 0;
    has_word = has_word || (name.empty() && !parse_double(text, value));
  }
  return indicator::places_of(spec, count, has_word);
}

// The columns that are read where none are named.
std::vector<std::string> usual_columns(const indicator::Spec& spec) {
  std::vector<std::string> out;
  const bool has_two = std::ranges::find(spec.inputs, indicator::Input::kReal2) != spec.inputs.end();
  for (const indicator::Input input : spec.inputs) {
    const bool is_any = input == indicator::Input::kReal;
    out.emplace_back(is_any                              ? (has_two ? "high" : "close")
                     : input == indicator::Input::kReal2 ? "low"
                                                         : to_string(input));
  }
  return out;
}

bool is_usual_column(std::string_view word) {
  constexpr std::string_view kUsual[] = {"open", "high", "low", "close", "volume"};
  return std::ranges::find(kUsual, lower(word)) != std::end(kUsual);
}

// Which indicator a name means, as the catalog or as formulas have it.
struct Meant {
  const indicator::Indicator* indicator = nullptr;
  std::string operator_name;  // That formulas know it by; of several values the first where none was named
  bool is_operator = false;   // It was called by a name of formulas: ta_rsi, ta_bbands, ta_macd_signal.
};

std::optional<Meant> meant_by(const std::string& name) {
  constexpr std::string_view kOperator = "ta_";  // What an indicator's name begins with in a formula.
  const std::string word = lower(name);
  if (const factor::IndicatorOperator* const op = operator_of(word); op != nullptr) {
    return Meant{op->indicator, std::string(op->spec.name), true};
  }
  const bool is_operator = word.starts_with(kOperator);
  const Result<const indicator::Indicator*> found =
      indicator::find_indicator(is_operator ? std::string_view(word).substr(kOperator.size()) : word);
  return found ? std::optional(Meant{*found, "", is_operator}) : std::nullopt;
}

// What stands in a bracket: words in front that are no parameter's, as TA-Lib and formulas have columns, and the rest.
struct Bracket {
  std::vector<std::string> columns, rest;
};

Bracket bracket_of(const Typed& typed, const indicator::Spec& spec) {
  Bracket out;
  for (const auto& [name, text] : typed.arguments) {
    double value = 0.0;
    const bool is_column = out.rest.empty() && name.empty() && !parse_double(text, value) &&
                           std::ranges::none_of(spec.parameters, [&](const indicator::Parameter& parameter) {
                             return std::ranges::find(parameter.choices, lower(text)) != parameter.choices.end();
                           });
    (is_column ? out.columns : out.rest).push_back(name.empty() ? text : name + "=" + text);
  }
  return out;
}

// The call as it is written here, and as a formula. Columns of another count than the indicator reads, and more values
// than it has parameters, would be refused again: the usual columns, and the first values.
std::string hint_of(const Meant& meant, const Bracket& typed) {
  const indicator::Spec& spec = meant.indicator->spec;
  const std::vector<std::string> usual = usual_columns(spec);
  const std::vector<std::string>& columns = typed.columns.size() == usual.size() ? typed.columns : usual;
  const std::vector<std::string> rest(
      typed.rest.begin(), typed.rest.begin() + std::min(std::ssize(typed.rest), std::ssize(spec.parameters)));
  std::vector<std::string> all = columns;
  all.insert(all.end(), rest.begin(), rest.end());
  std::vector<std::string> values = {meant.operator_name};
  if (meant.operator_name.empty()) {
    values = Chosen{.choice = {.indicator = meant.indicator}, .label = fmt::format("ta_{}", spec.name)}.columns();
  }
  return fmt::format("write {}{}{}; as a formula: {}({}){}", spec.name,
                     rest.empty() ? "" : "(" + join(rest, ", ") + ")",
                     columns == usual ? "" : " --inputs " + join(columns, ","), values.front(), join(all, ", "),
                     values.size() == 1 ? "" : ", one value each: " + join(values, ", "));
}

// TA-Lib's notation and that of formulas, sma(close, 20), ta_bbands(close, 20), ta_rsi(14): how it is said here.
Result<void> check_notation(const Typed& typed) {
  const std::optional<Meant> meant = meant_by(typed.name);
  if (!meant) {
    return {};
  }
  const indicator::Spec& spec = meant->indicator->spec;
  const Bracket bracket = bracket_of(typed, spec);
  if (meant->is_operator) {
    return fail(E::E1102, fmt::format("unknown indicator {}", quote(typed.name)), hint_of(*meant, bracket));
  }
  const bool is_too_many = typed.arguments.size() > spec.parameters.size();
  if (bracket.columns.empty() || !(is_too_many || is_usual_column(bracket.columns.front()))) {
    return {};
  }
  std::vector<std::string> all = bracket.columns;
  all.insert(all.end(), bracket.rest.begin(), bracket.rest.end());
  return fail(E::E1103,
              fmt::format("{}({}): {} is no parameter, and columns do not stand in brackets", spec.name,
                          join(all, ", "), bracket.columns.front()),
              hint_of(*meant, bracket));
}

// `options`: parameters given to the whole call, by name.
Result<Chosen> chosen_of(const Typed& typed, Profile profile, const std::map<std::string, std::string>& options) {
  if (const std::string word = lower(typed.name); word == "all" || word == "vote") {
    return fail(E::E7, fmt::format("{} stands beside other names, expected it alone", quote(word)),
                fmt::format("lode indicator run {}, and another call for the others", word));
  }
  for (std::size_t k = 0; k < typed.arguments.size(); ++k) {
    if (typed.arguments[k].second.empty()) {
      return fail(E::E4, fmt::format("{}: argument {} of {} is empty", typed.name, k + 1, typed.arguments.size()),
                  "what is left out takes its default: bbands, bbands(20), bbands(20, down=1)");
    }
  }
  LODE_CHECK(check_notation(typed));
  LODE_TRY(const indicator::Indicator* const found, indicator::find_indicator(typed.name));
  const indicator::Spec& spec = found->spec;
  Chosen out{.choice = {}, .is_bare = true, .label = std::string(spec.name)};
  std::vector<Argument> arguments;
  std::set<std::string_view> given;
  LODE_TRY(const std::vector<std::size_t> places, places_of_unnamed(spec, typed));
  std::size_t unnamed = 0;
  for (const auto& [name, text] : typed.arguments) {
    const indicator::Parameter* parameter =
        name.empty() ? &spec.parameters[places[unnamed++]] : indicator::find_parameter(spec, name);
    double value = 0.0;
    if (parameter != nullptr) {
      LODE_TRY(value, value_of(spec, *parameter, text));
      given.insert(parameter->name);
    }
    out.is_bare = false;
    // Of one that is not there choose() says so.
    arguments.push_back({parameter != nullptr ? parameter->name : std::string_view(name), value});
    out.label += "_" + text;
  }
  out.label = typed.label.empty() ? out.label : typed.label;
  for (const auto& [name, text] : options) {
    const indicator::Parameter* parameter = indicator::find_parameter(spec, name);
    if (parameter != nullptr && !given.contains(parameter->name)) {
      LODE_TRY(const double value, value_of(spec, *parameter, text));
      arguments.push_back({parameter->name, value});
      out.is_bare = false;
    }
  }
  LODE_TRY(out.choice, indicator::choose(spec.name, arguments, profile));
  return out;
}

std::vector<Typed> all_of_them() {
  std::vector<Typed> out;
  for (const indicator::Indicator* one : indicator::all_indicators()) {
    if (std::ranges::all_of(one->spec.inputs, indicator::is_of_bars)) {
      out.push_back({.name = std::string(one->spec.name)});
    }
  }
  return out;
}

Result<std::vector<Typed>> read_list(std::string_view text) {
  LODE_TRY(const std::vector<std::string> pieces, pieces_of(without_comments(text)));
  std::vector<Typed> out;
  for (std::size_t k = 0; k < pieces.size(); ++k) {
    const std::string_view piece = trim(pieces[k]);
    if (!piece.empty()) {
      out.push_back(read_call(piece));
    } else if (k + 1 < pieces.size()) {
      return fail(E::E1101, fmt::format("nothing stands between two commas of {}", quote(trim(text))), "rsi,macd");
    }
  }
  return out;
}

Result<std::vector<Chosen>> chosen_of_all(const std::vector<Typed>& typed, Profile profile,
                                          const std::map<std::string, std::string>& options,
                                          std::vector<NamedText>* formulas) {
  std::vector<Chosen> out;
  std::set<std::string> columns;
  const auto add = [&](const std::string& column) -> Result<void> {
    if (!columns.insert(column).second) {
      return fail(E::E7, fmt::format("two columns would be called {}", column),
                  "name each once; sma(10),sma(20) makes sma_10 and sma_20");
    }
    return {};
  };
  for (const Typed& one : typed) {
    if (!one.formula.empty() && formulas != nullptr) {
      LODE_CHECK(add(one.label));
      formulas->push_back({one.label, one.formula, ""});
      continue;
    }
    LODE_TRY(Chosen chosen, chosen_of(one, profile, options));
    for (const std::string& column : chosen.columns()) {
      LODE_CHECK(add(column));
    }
    out.push_back(std::move(chosen));
  }
  return out;
}

// "fast_k" as people type it: "fast-k".
std::string as_option(std::string_view parameter) {
  std::string out(parameter);
  std::ranges::replace(out, '_', '-');
  return out;
}

// Parameters of the catalog by name, Lode's and TA-Lib's, with the indicators that have them.
const std::map<std::string, std::vector<std::string>>& known_parameters() {
  static const std::map<std::string, std::vector<std::string>> known = [] {
    std::map<std::string, std::vector<std::string>> out;
    for (const indicator::Indicator* one : indicator::all_indicators()) {
      for (const indicator::Parameter& parameter : one->spec.parameters) {
        out[std::string(parameter.name)].emplace_back(one->spec.name);
        for (const std::string_view other : indicator::other_names(one->spec, parameter)) {
          out[std::string(other)].emplace_back(one->spec.name);
        }
      }
    }
    return out;
  }();
  return known;
}

// Whether the brackets give the parameter already, by its name or by its place.
bool is_in_brackets(const Typed& typed, const indicator::Spec& spec, const indicator::Parameter& parameter) {
  const Result<std::vector<std::size_t>> places = places_of_unnamed(spec, typed);
  std::size_t unnamed = 0;
  for (const auto& [name, text] : typed.arguments) {
    const indicator::Parameter* given = name.empty() ? nullptr : indicator::find_parameter(spec, name);
    if (name.empty() && places) {
      given = &spec.parameters[(*places)[unnamed++]];
    }
    if (given == &parameter) {
      return true;
    }
  }
  return false;
}

// E1102 where no indicator of the call has a parameter that was given, or all of it is formulas; E0007 where all that
// have it say it themselves.
Result<void> check_options(const std::vector<Typed>& typed, const std::map<std::string, std::string>& options) {
  for (const auto& [name, text] : options) {
    std::optional<std::string> first;
    std::optional<std::string> sayer;
    bool is_taken = false;
    for (const Typed& one : typed) {
      LODE_TRY(const indicator::Indicator* const found, indicator::find_indicator(one.name));
      const indicator::Parameter* const parameter = indicator::find_parameter(found->spec, name);
      const bool is_said = parameter != nullptr && is_in_brackets(one, found->spec, *parameter);
      is_taken = is_taken || (parameter != nullptr && !is_said);
      sayer = is_said ? std::string(found->spec.name) : sayer;
      first = first ? first : std::string(found->spec.name);
    }
    if (!is_taken && sayer) {
      return fail(E::E7, fmt::format("--{} and the brackets behind {} both give its {}", as_option(name), *sayer, name),
                  fmt::format("leave out --{}, or say it in brackets alone", as_option(name)));
    }
    if (typed.empty()) {
      return fail(
          E::E1102, fmt::format("a formula has no parameter {}", name),
          fmt::format("leave out --{}: the numbers of a formula stand in it, ta_ema(close, 12)", as_option(name)));
    }
    if (!is_taken) {
      return fail(E::E1102,
                  fmt::format("{} parameter {}", typed.size() == 1 ? *first + " has no" : "none of them has a", name),
                  fmt::format("--{} is a parameter of {}", as_option(name), join_some(known_parameters().at(name), 6)));
    }
  }
  return {};
}

// --unstable: so many answers more are dropped, or until the seed has faded.
Result<double> unstable_bars(const Request& request, const Choice& choice) {
  const std::string text = request.text("unstable", "0");
  double bars = 0.0;
  if (lower(text) == "auto") {
    return static_cast<double>(indicator::bars_to_fade(choice));
  }
  if (!parse_double(text, bars)) {
    return fail(E::E4, fmt::format("--unstable is {}, expected a whole number of bars, or auto", quote(text)));
  }
  return bars;
}

}  // namespace

std::vector<std::string> Chosen::columns() const {
  const indicator::Spec& spec = choice.spec();
  std::vector<std::string> out;
  for (const indicator::Output& output : spec.outputs) {
    const bool is_plain = spec.outputs.size() == 1 || output.name == spec.name;
    out.push_back(is_plain ? label : label + "_" + std::string(output.name));
  }
  return out;
}

Result<std::vector<Chosen>> parse_indicators(std::string_view text, Profile profile) {
  LODE_TRY(const std::vector<Typed> typed, read_list(text));
  return chosen_of_all(typed, profile, {}, nullptr);
}

Result<std::vector<Chosen>> choose_indicators(std::span<const std::string> texts, const Request& request,
                                              std::vector<NamedText>* formulas) {
  LODE_TRY(const Profile profile, indicator::parse_profile(request.text("profile", "lode")));
  std::map<std::string, std::string> options;
  for (const auto& [name, holders] : known_parameters()) {
    if (request.has(as_option(name))) {
      options[name] = request.text(as_option(name));
    }
  }
  std::vector<Typed> typed;
  for (const std::string& text : texts) {
    std::vector<Typed> some;
    if (lower(trim(text)) == "all") {
      some = all_of_them();
    } else if (text.starts_with('@')) {
      LODE_TRY(const std::string file, read_file(text.substr(1)));
      LODE_TRY(some, read_list(file));
    } else {
      LODE_TRY(some, read_list(text));
    }
    typed.insert(typed.end(), some.begin(), some.end());
  }
  if (typed.empty()) {
    return fail(E::E3, "no indicator is named",
                "lode indicator run rsi --data bars.csv; lode indicator list shows all");
  }
  std::vector<Typed> calls;
  std::ranges::copy_if(typed, std::back_inserter(calls),
                       [&](const Typed& one) { return one.formula.empty() || formulas == nullptr; });
  LODE_CHECK(check_options(calls, options));
  LODE_TRY(std::vector<Chosen> out, chosen_of_all(typed, profile, options, formulas));
  for (Chosen& one : out) {
    LODE_TRY(const double bars, unstable_bars(request, one.choice));
    LODE_TRY(one.choice, indicator::with_unstable(std::move(one.choice), bars));
  }
  return out;
}

std::string stray_option(const Request& request) {
  for (const auto& [name, holders] : known_parameters()) {
    if (request.has(as_option(name))) {
      return "--" + as_option(name);
    }
  }
  if (request.text("unstable", "0") != "0") {
    return "--unstable " + request.text("unstable");
  }
  const std::string profile = request.text("profile", "lode");
  return profile == "lode" ? "" : "--profile " + profile;
}

std::vector<Parameter> indicator_parameters() {
  static const std::set<std::string> options = [] {
    std::set<std::string> out;
    for (const auto& [name, holders] : known_parameters()) {
      out.insert(as_option(name));
    }
    return out;
  }();
  std::vector<Parameter> list = {
      {.name = "profile",
       .summary = "whose defaults, seeds and degenerate values: lode, talib064, talib08, tulip, ttr",
       .fallback = "lode"},
      {.name = "unstable",
       .summary = "answers more to drop of what remembers its first bars: a number, or auto until they have faded"}};
  for (const std::string& name : options) {  // One summary of all, so that help tells them in one row.
    list.push_back({.name = name, .summary = "parameters of indicators: lode indicator show NAME tells which one has"});
  }
  return list;
}

std::string_view default_indicators() { return kDefaults; }

}  // namespace lode::flow
