// Formula texts read a second time, from the definitions alone: tokens, precedence, the three notations as far as the
// libraries use them, and what each profile makes of a name, a window and an option. Nothing is shared with the
// product's parser, table of operators or graph; tests read a text with both and compare the values.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cctype>
#include <cmath>
#include <compare>
#include <cstdlib>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "test/oracle/operators.h"

namespace lode::oracle {

// One node of the oracle's own tree.
struct Term {
  enum class Kind { kNumber, kField, kGroup, kOperator };
  Kind kind = Kind::kNumber;
  double number = 0.0;
  std::string name;  // Of the field, the group or the operator, as operators.h calls it
  Shape shape = Shape::kElementwise;
  std::vector<int> operands;
  std::vector<double> literals;
  std::map<std::string, double> options;  // Choices by index

  auto operator<=>(const Term&) const = default;
};

// Terms, operands before those that read them, equal ones once.
struct Forest {
  std::string profile;
  std::vector<Term> terms;
  std::map<Term, int> known;

  int add(const Term& term) {
    const auto [found, is_new] = known.emplace(term, static_cast<int>(terms.size()));
    if (is_new) terms.push_back(term);
    return found->second;
  }
};

// How an operator is written: a letter an argument. x: any operand, r: one or more; d: window in sessions; n: number,
// a: number that may be left out; g: group.
struct Form {
  std::string name;
  Shape shape;
  std::string arguments;
};

// Every spelling in small letters and what stands behind it in profiles lode, paper, street and brain. Operators are
// parted by commas, the first spelling of each names it.
inline const std::map<std::string, Form>& forms() {
  struct Row {
    Shape shape;
    const char* arguments;
    const char* spellings;
  };
  static constexpr Row kRows[] = {
      {Shape::kElementwise, "x", "neg, abs, sign, log, exp, sqrt, floor, ceil, round, not, is_nan"},
      {Shape::kElementwise, "xx", "add, sub, mul, div, pow power, signedpower, lt, le, gt, ge, eq, ne, and, or"},
      {Shape::kElementwise, "xx", "min, max, fill"},
      {Shape::kElementwise, "xxx", "where if ifelse, clip"},
      {Shape::kSeries, "x", "ffill"},
      {Shape::kSeries, "xd", "delay ref ts_delay, delta ts_delta, ts_sum sum, ts_mean mean ma, ts_product product"},
      {Shape::kSeries, "xd",
       "ts_min, ts_max, ts_argmax idxmax ts_arg_max, ts_argmin idxmin ts_arg_min, ts_rank, count"},
      {Shape::kSeries, "xd", "ts_median med, ts_mad mad, ts_var var, ts_std stddev std ts_std_dev, ts_skew skew"},
      {Shape::kSeries, "xd", "ts_kurt kurt, ts_slope slope, ts_rsquare rsquare, ts_resid resi, ts_zscore, ts_scale"},
      {Shape::kSeries, "xd", "decay_linear wma decaylinear ts_decay_linear, ema, days_since"},
      {Shape::kSeries, "xxd", "ts_cov covariance cov, ts_corr correlation corr, ts_beta regbeta, ts_alpha"},
      {Shape::kSeries, "xrd", "ts_regresi regresi"},
      {Shape::kSeries, "xdn", "ts_quantile quantile, sma"},
      {Shape::kSeries, "xdx", "sumif"},
      {Shape::kCross, "x", "rank, demean, zscore, normal"},
      {Shape::kCross, "xa", "scale"},
      {Shape::kCross, "xr", "neutralize"},
      {Shape::kCross, "xg", "indneutralize group_demean group_neutralize, group_rank, group_zscore, group_scale"},
      {Shape::kCross, "xg", "group_mean, group_count"}};
  static const std::map<std::string, Form> table = [] {
    std::map<std::string, Form> out;
    for (const Row& row : kRows) {
      std::istringstream words(row.spellings);
      std::string name;  // Empty: the next word names an operator
      for (std::string word; words >> word;) {
        const bool is_last = word.back() == ',';
        if (is_last) word.pop_back();
        name = name.empty() ? word : name;
        out[word] = {name, row.shape, row.arguments};
        if (is_last) name.clear();
      }
    }
    return out;
  }();
  return table;
}

// What a call with so many positional arguments means where one name has several meanings.
inline Form form_of(const std::string& spelling, std::size_t count, bool is_second_number, const std::string& profile) {
  const bool is_qlib = profile == "qlib";
  if (spelling == "rank" && count == 2 && profile == "brain")
    throw std::invalid_argument("oracle: rank of BRAIN has a rate, no days");
  if (spelling == "rank" && count == 2) return {"ts_rank", Shape::kSeries, "xd"};
  if (spelling == "sma" && count == 2) return {"ts_mean", Shape::kSeries, "xd"};
  if (spelling == "quantile" && count == 2) return {"quantile", Shape::kCross, "xn"};
  if (spelling == "min" || spelling == "max") {
    const bool is_rolling = is_qlib || (profile != "lode" && is_second_number);
    if (is_rolling) return {"ts_" + spelling, Shape::kSeries, "xd"};
  }
  if (spelling == "less" || spelling == "greater") {
    if (!is_qlib) throw std::invalid_argument("oracle: " + spelling + " outside qlib");
    return {spelling == "less" ? "min" : "max", Shape::kElementwise, "xx"};
  }
  if (is_qlib && spelling == "signedpower") throw std::invalid_argument("oracle: signedpower in qlib");
  const auto found = forms().find(spelling);
  if (found == forms().end()) throw std::invalid_argument("oracle: no name " + spelling);
  return found->second;
}

// Reads one text into the forest.
class Reader {
 public:
  Reader(Forest& forest, std::string_view text) : forest_(forest), text_(text) { next(); }

  int read() {
    const int root = choice();
    if (!token_.empty()) throw std::invalid_argument("oracle: left over: " + token_);
    return root;
  }

 private:
  // --- tokens ---
  static bool begins_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$'; }
  static bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

  void next() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    const std::size_t begin = at_;
    const auto peek = [&](std::size_t ahead) { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; };
    if (begins_name(peek(0))) {
      ++at_;
      while (begins_name(peek(0)) || is_digit(peek(0)) || peek(0) == '.') ++at_;
    } else if (is_digit(peek(0)) || (peek(0) == '.' && is_digit(peek(1)))) {
      while (is_digit(peek(0)) || peek(0) == '.') ++at_;
      const std::size_t sign = peek(1) == '-' || peek(1) == '+' ? 2 : 1;
      if ((peek(0) == 'e' || peek(0) == 'E') && is_digit(peek(sign))) {
        at_ += sign;
        while (is_digit(peek(0))) ++at_;
      }
    } else if (at_ < text_.size()) {
      const std::string two(text_.substr(at_, 2));
      const bool is_two =
          two == "<=" || two == ">=" || two == "==" || two == "!=" || two == "&&" || two == "||" || two == "**";
      at_ += is_two ? 2 : 1;
    }
    token_ = text_.substr(begin, at_ - begin);
    for (char& c : token_) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }

  bool take(std::string_view wanted) {
    if (token_ != wanted) return false;
    next();
    return true;
  }
  void expect(std::string_view wanted) {
    if (!take(wanted)) throw std::invalid_argument("oracle: expected " + std::string(wanted) + ", found " + token_);
  }

  // --- precedence, loosest first ---
  int choice() {
    const int condition = disjunction();
    if (!take("?")) return condition;
    const int chosen = choice();
    expect(":");
    const int otherwise = choice();
    return apply("where", Shape::kElementwise, {condition, chosen, otherwise});
  }
  int disjunction() {
    int left = conjunction();
    while (take("||") || take("or")) left = cellwise("or", left, conjunction());
    return left;
  }
  int conjunction() {
    int left = negation();
    while (take("&&") || take("and")) left = cellwise("and", left, negation());
    return left;
  }
  int negation() { return take("not") ? apply("not", Shape::kElementwise, {negation()}) : comparison(); }
  int comparison() {
    static const std::map<std::string, std::string> names = {{"<", "lt"},  {"<=", "le"}, {">", "gt"},
                                                             {">=", "ge"}, {"==", "eq"}, {"!=", "ne"}};
    const int left = sum();
    const auto found = names.find(token_);
    if (found == names.end()) return left;
    next();
    return cellwise(found->second, left, sum());
  }
  int sum() {
    int left = product();
    for (;;) {
      if (take("+")) {
        left = cellwise("add", left, product());
      } else if (take("-")) {
        left = cellwise("sub", left, product());
      } else {
        return left;
      }
    }
  }
  int product() {
    int left = sign();
    for (;;) {
      if (take("*")) {
        left = cellwise("mul", left, sign());
      } else if (take("/")) {
        left = cellwise("div", left, sign());
      } else {
        return left;
      }
    }
  }
  int sign() {
    if (take("-")) return apply("neg", Shape::kElementwise, {sign()});
    if (take("!")) return apply("not", Shape::kElementwise, {sign()});
    return take("+") ? sign() : power();
  }
  int power() {
    const int base = atom();
    return take("^") || take("**") ? cellwise("pow", base, sign()) : base;
  }
  int atom() {
    if (take("(")) {
      const int inner = choice();
      expect(")");
      return inner;
    }
    const std::string word = token_;
    next();
    if (!word.empty() && begins_name(word[0])) return token_ == "(" ? call(word) : name(word);
    if (word.empty() || (!is_digit(word[0]) && word[0] != '.')) throw std::invalid_argument("oracle: found " + word);
    return number(std::strtod(word.c_str(), nullptr));
  }

  // --- names ---
  int number(double value) { return forest_.add({.number = value}); }
  int field(const std::string& word) { return forest_.add({.kind = Term::Kind::kField, .name = word}); }

  int name(std::string word) {
    if (word[0] == '$') word.erase(0, 1);
    if (word.starts_with("indclass.")) word.erase(0, std::string("indclass.").size());
    if (word == "sector" || word == "industry" || word == "subindustry") {
      return forest_.add({.kind = Term::Kind::kGroup, .name = word});
    }
    if (word == "returns") {
      const int before = series("delay", {field("close")}, {1});
      return cellwise("sub", cellwise("div", field("close"), before), number(1));
    }
    if (word.starts_with("adv") && word.size() > 3 && is_digit(word[3])) {
      if (forest_.profile == "qlib") throw std::invalid_argument("oracle: adv in qlib");
      const bool is_shares = forest_.profile == "street" || forest_.profile == "brain";
      const int traded = field(is_shares ? "volume" : "amount");
      return series("ts_mean", {traded}, {std::strtod(word.c_str() + 3, nullptr)});
    }
    return field(word);
  }

  // --- calls ---
  struct Arguments {
    std::vector<int> positional;
    std::map<std::string, std::string> keywords;
  };

  Arguments arguments() {
    Arguments out;
    expect("(");
    do {
      const std::size_t before = at_;
      const std::string word = token_;
      if (begins_name(word[0])) {
        next();
        if (take("=")) {
          out.keywords[word] = token_;
          next();
          continue;
        }
        at_ = before;
        token_ = word;
      }
      out.positional.push_back(choice());
    } while (take(","));
    expect(")");
    return out;
  }

  int call(const std::string& spelling) {
    const Arguments given = arguments();
    const std::size_t count = given.positional.size();
    const bool is_second_number = count == 2 && is_number(given.positional[1]);
    const Form form = form_of(spelling, count, is_second_number, forest_.profile);
    Term term{.kind = Term::Kind::kOperator, .name = form.name, .shape = form.shape};
    std::string letters = form.arguments;
    if (const std::size_t many = letters.find('r'); many != std::string::npos && count + 1 > letters.size()) {
      letters.insert(many, count - letters.size(), 'x');
    }
    const bool may_lack = letters.ends_with('a') && count + 1 == letters.size();
    if (count != letters.size() && !may_lack) throw std::invalid_argument("oracle: arguments of " + spelling);
    for (std::size_t i = 0; i < count; ++i) {
      const int argument = given.positional[i];
      if (letters[i] == 'd') {
        term.literals.push_back(window(form.name, literal(argument)));
      } else if (letters[i] == 'n' || letters[i] == 'a') {
        term.literals.push_back(literal(argument));
      } else {
        term.operands.push_back(argument);
      }
    }
    if (form.name == "ts_regresi" && term.operands.size() > 2) term.name += std::to_string(term.operands.size() - 1);
    set_options(term, given.keywords);
    return add(term);
  }

  void set_options(Term& term, const std::map<std::string, std::string>& keywords) {
    static const std::map<std::string, double> choices = {{"true", 1}, {"false", 0}, {"average", 0}, {"min", 1},
                                                          {"max", 2},  {"first", 3}, {"oldest", 0},  {"newest", 1},
                                                          {"none", 0}, {"zero", 1}};
    if (term.name == "rank" || term.name == "ts_rank" || term.name == "group_rank") term.options["pct"] = 1;
    const bool is_window = term.shape == Shape::kSeries && term.name != "delay" && term.name != "delta";
    if (forest_.profile == "qlib" && is_window) term.options["min_periods"] = 1;
    if (!keywords.empty() && forest_.profile != "lode" && keywords.count("g") == 0) {
      throw std::invalid_argument("oracle: options outside lode");
    }
    for (const auto& [key, value] : keywords) {
      if (key == "g") {
        term.operands.push_back(name(value));
      } else {
        const auto found = choices.find(value);
        term.options[key] = found == choices.end() ? std::strtod(value.c_str(), nullptr) : found->second;
      }
    }
  }

  // The window in sessions, as the profile rounds it. 0 under qlib: all sessions so far, more than any test has.
  static constexpr double kExpanding = 5040;
  double window(const std::string& operation, double days) const {
    const std::string& profile = forest_.profile;
    if (days < 0 || (days == 0 && operation != "delay" && profile != "qlib"))
      throw std::invalid_argument("oracle: window below 1");
    if (profile == "qlib") {
      const bool is_weight = operation == "ema" && days < 1;
      if (days != std::floor(days) && !is_weight) throw std::invalid_argument("oracle: fraction in qlib");
      return days == 0 ? kExpanding : days;
    }
    return days == 0 ? 0 : std::max(1.0, std::floor(profile == "street" ? days + 0.5 : days));
  }

  // --- terms ---
  bool is_number(int index) const { return forest_.terms[static_cast<std::size_t>(index)].kind == Term::Kind::kNumber; }
  double literal(int index) const {
    if (!is_number(index)) throw std::invalid_argument("oracle: a number is wanted");
    return forest_.terms[static_cast<std::size_t>(index)].number;
  }
  int cellwise(const std::string& name, int left, int right) { return apply(name, Shape::kElementwise, {left, right}); }
  int series(const std::string& name, std::vector<int> operands, std::vector<double> literals) {
    return add({.kind = Term::Kind::kOperator,
                .name = name,
                .shape = Shape::kSeries,
                .operands = std::move(operands),
                .literals = std::move(literals)});
  }
  int apply(const std::string& name, Shape shape, std::vector<int> operands) {
    return add({.kind = Term::Kind::kOperator, .name = name, .shape = shape, .operands = std::move(operands)});
  }

  // A cell-by-cell operator on numbers alone is a number.
  int add(const Term& term) {
    bool is_constant = term.shape == Shape::kElementwise;
    for (const int operand : term.operands) is_constant = is_constant && is_number(operand);
    if (!is_constant) return forest_.add(term);
    Call call{.name = term.name};
    for (const int operand : term.operands) call.operands.push_back({{literal(operand)}});
    return number(static_cast<double>(elementwise_cell(call, 0, 0)));
  }

  Forest& forest_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::string token_;
};

// Adds the formula to the forest and returns its root. Throws std::invalid_argument on what it cannot read.
inline int read_formula(Forest& forest, std::string_view text) { return Reader(forest, text).read(); }

}  // namespace lode::oracle
