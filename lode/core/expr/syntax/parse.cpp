// The parser: recursive descent over the tokens, one function a line of the grammar (factors.md 1.1). Chains are loops
// and nesting is counted against kMaxDepth, so the stack is bounded whatever the text. Linear in the text.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lode/base/text.h"
#include "lode/core/expr/ast.h"
#include "lode/core/expr/syntax/lexer.h"

namespace lode::expr {
namespace {

using Index = std::uint32_t;

// Symbols and words of two operands, by precedence, with the operator they stand for.
struct Symbol {
  std::string_view text;
  std::string_view name;
};
constexpr Symbol kOr[] = {{"||", "or"}, {"or", "or"}};
constexpr Symbol kAnd[] = {{"&&", "and"}, {"and", "and"}};
constexpr Symbol kCompare[] = {{"<", "lt"}, {"<=", "le"}, {">", "gt"}, {">=", "ge"}, {"==", "eq"}, {"!=", "ne"}};
// As Qlib writes them, whose formulas are Python: closer than a comparison, so a < b & c < d is a chain there too.
constexpr Symbol kEither[] = {{"|", "or"}};
constexpr Symbol kBoth[] = {{"&", "and"}};
constexpr Symbol kSum[] = {{"+", "add"}, {"-", "sub"}};
constexpr Symbol kTerm[] = {{"*", "mul"}, {"/", "div"}};
constexpr Symbol kPower[] = {{"^", "pow"}, {"**", "pow"}};

// Counts one level of nesting while it lives.
class Nesting {
 public:
  explicit Nesting(int& depth, int by = 1) : depth_(depth), by_(by) { depth_ += by_; }
  ~Nesting() { depth_ -= by_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  int& depth_;
  int by_;
};

class Parser {
 public:
  Parser(std::string_view text, std::vector<Token> tokens) : text_(text), tokens_(std::move(tokens)) {}

  Result<std::vector<AstNode>> run() {
    LODE_CHECK(expression());
    if (here().kind != TokenKind::kEnd) {
      return unexpected_rest();
    }
    if (nodes_.size() > kMaxNodes) {
      return fail(E::E1112,
                  fmt::format("formula has {} nodes, limit {}", grouped(static_cast<std::int64_t>(nodes_.size())),
                              grouped(static_cast<std::int64_t>(kMaxNodes))),
                  "split it into several factors");
    }
    return std::move(nodes_);
  }

 private:
  const Token& here() const { return tokens_[at_]; }
  const Token& next() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  const Token& take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  bool is(std::string_view symbol) const { return here().kind == TokenKind::kSymbol && here().text == symbol; }
  bool is_word(std::string_view word) const {
    return here().kind == TokenKind::kName && here().text.size() == word.size() && lower(here().text) == word;
  }

  // The row of `table` that stands here, as symbol or word; nullptr when none does.
  template <std::size_t N>
  const Symbol* match(const Symbol (&table)[N]) const {
    for (const Symbol& symbol : table) {
      if (is(symbol.text) || is_word(symbol.text)) {
        return &symbol;
      }
    }
    return nullptr;
  }

  Failure failure(std::string message, Span span, std::string hint = {}) const {
    return fail_at(E::E1101, std::move(message), text_, span, std::move(hint));
  }

  Result<void> check_depth() const {
    if (depth_ > kMaxDepth) {
      return fail_at(E::E1112, fmt::format("formula is nested more than {} deep", kMaxDepth), text_, here().span,
                     "split it into several factors");
    }
    return {};
  }

  Index add_call(std::string_view name, Span name_span, Span span, std::vector<Index> children) {
    AstNode node;
    node.kind = AstKind::kCall;
    node.span = span;
    node.name = name_span;
    node.text = lower(name);
    node.children = std::move(children);
    nodes_.push_back(std::move(node));
    return static_cast<Index>(nodes_.size() - 1);
  }

  Index add_binary(std::string_view name, Span symbol, Index left, Index right) {
    return add_call(name, symbol, {nodes_[left].span.begin, nodes_[right].span.end}, {left, right});
  }

  Index add_leaf(AstKind kind, const Token& token, Span span) {
    AstNode node;
    node.kind = kind;
    node.span = span;
    node.name = span;
    node.value = token.value;
    if (kind == AstKind::kName) {
      node.text = lower(token.text);
    }
    nodes_.push_back(std::move(node));
    return static_cast<Index>(nodes_.size() - 1);
  }

  // expr = or [ "?" expr ":" expr ]
  Result<Index> expression() {
    const Nesting nesting(depth_);
    LODE_CHECK(check_depth());
    LODE_TRY(const Index condition, disjunction());
    if (!is("?")) {
      return condition;
    }
    const Token question = take();
    LODE_TRY(const Index chosen, expression());
    if (!is(":")) {
      return failure(fmt::format("expected \":\" for \"?\" at {}, found {}",
                                 line_and_column(text_, question.span.begin), describe(here())),
                     here().span);
    }
    take();
    LODE_TRY(const Index otherwise, expression());
    return add_call("where", question.span, {nodes_[condition].span.begin, nodes_[otherwise].span.end},
                    {condition, chosen, otherwise});
  }

  // A left-associative chain of one precedence.
  template <std::size_t N, class Operand>
  Result<Index> chain(const Symbol (&table)[N], Operand operand) {
    LODE_TRY(Index left, (this->*operand)());
    while (const Symbol* symbol = match(table)) {
      const Span span = take().span;
      LODE_TRY(const Index right, (this->*operand)());
      left = add_binary(symbol->name, span, left, right);
    }
    return left;
  }
  Result<Index> disjunction() { return chain(kOr, &Parser::conjunction); }
  Result<Index> conjunction() { return chain(kAnd, &Parser::negation); }
  Result<Index> either() { return chain(kEither, &Parser::both); }
  Result<Index> both() { return chain(kBoth, &Parser::sum); }
  Result<Index> sum() { return chain(kSum, &Parser::term); }
  Result<Index> term() { return chain(kTerm, &Parser::unary); }

  // `Not(x)` as Qlib writes it is a call; `not (x) / y` is not((x) / y), as in Python.
  bool is_call_of_not() const {
    return here().text.starts_with('N') && next().kind == TokenKind::kSymbol && next().text == "(";
  }

  // not = "not" not | compare
  Result<Index> negation() {
    std::vector<Token> words;
    while (is_word("not") && !is_call_of_not()) {
      words.push_back(take());
    }
    const Nesting nesting(depth_, static_cast<int>(words.size()));
    LODE_CHECK(check_depth());
    LODE_TRY(Index operand, comparison());
    for (auto word = words.rbegin(); word != words.rend(); ++word) {
      operand = add_call("not", word->span, {word->span.begin, nodes_[operand].span.end}, {operand});
    }
    return operand;
  }

  // compare = either [ op either ]; either = both ( "|" both )*; both = sum ( "&" sum )*
  Result<Index> comparison() {
    LODE_TRY(const Index left, either());
    const Symbol* symbol = match(kCompare);
    if (symbol == nullptr) {
      return left;
    }
    const Token first = take();
    LODE_TRY(const Index right, either());
    if (match(kCompare) != nullptr) {
      return chained(left, first, right);
    }
    return add_binary(symbol->name, first.span, left, right);
  }

  static bool is_one_line(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  }

  Result<Index> chained(Index left, const Token& first, Index middle) {
    const Token second = take();
    LODE_TRY(const Index right, either());
    const auto source = [this](Index node) {
      return text_.substr(nodes_[node].span.begin, nodes_[node].span.end - nodes_[node].span.begin);
    };
    std::string a(source(left));
    std::string b(source(middle));
    std::string c(source(right));
    if (a.size() + b.size() + c.size() > 60 || !is_one_line(a + b + c)) {
      a = "a";
      b = "b";
      c = "c";
    }
    return fail_at(E::E1108,
                   fmt::format("{0} {3} {1} {4} {2} is ambiguous; write ({0} {3} {1}) && ({1} {4} {2})", a, b, c,
                               first.text, second.text),
                   text_, second.span, "write each comparison in parentheses and join them with &&");
  }

  // unary = ("-" | "+" | "!") unary | power. A minus before a literal is folded here, after the power was read.
  Result<Index> unary() {
    std::vector<Token> signs;
    while (is("-") || is("+") || is("!")) {
      signs.push_back(take());
    }
    const bool of_number = !signs.empty() && here().kind == TokenKind::kNumber;  // Part of it, no level.
    const Nesting nesting(depth_, static_cast<int>(signs.size()) - (of_number ? 1 : 0));
    LODE_CHECK(check_depth());
    LODE_TRY(Index operand, power());
    for (auto sign = signs.rbegin(); sign != signs.rend(); ++sign) {
      const Span span{sign->span.begin, nodes_[operand].span.end};
      if (sign->text == "!") {
        operand = add_call("not", sign->span, span, {operand});
      } else if (nodes_[operand].kind == AstKind::kNumber) {
        nodes_[operand].value = sign->text == "-" ? -nodes_[operand].value : nodes_[operand].value;
        nodes_[operand].span = span;
      } else if (sign->text == "-") {
        operand = add_call("neg", sign->span, span, {operand});
      }
    }
    return operand;
  }

  // power = atom [ ("^" | "**") unary ]
  Result<Index> power() {
    LODE_TRY(const Index base, atom());
    const Symbol* symbol = match(kPower);
    if (symbol == nullptr) {
      return base;
    }
    const Span span = take().span;
    const Nesting nesting(depth_);
    LODE_CHECK(check_depth());
    LODE_TRY(const Index exponent, unary());
    return add_binary(symbol->name, span, base, exponent);
  }

  Result<Index> atom() {
    const Token& token = here();
    if (token.kind == TokenKind::kNumber) {
      take();
      return add_leaf(AstKind::kNumber, token, token.span);
    }
    if (token.kind == TokenKind::kField) {
      take();
      return add_leaf(AstKind::kName, token, token.span);
    }
    if (token.kind == TokenKind::kName) {
      const bool is_call = next().kind == TokenKind::kSymbol && next().text == "(";
      if (is_call) {
        return call();
      }
      if (!is_word("and") && !is_word("or") && !is_word("not")) {
        take();
        return add_leaf(AstKind::kName, token, token.span);
      }
    }
    if (is("(")) {
      return parenthesis();
    }
    return failure(fmt::format("expected a number, a field or an operator, found {}", describe(token)), token.span);
  }

  Result<Index> parenthesis() {
    const Token open = take();
    LODE_TRY(const Index inside, expression());
    LODE_TRY(const Span close, closing(open));
    nodes_[inside].span = {open.span.begin, close.end};
    return inside;
  }

  Result<Span> closing(const Token& open) {
    if (!is(")")) {
      return failure(fmt::format("expected \")\" to close \"(\" at {}, found {}",
                                 line_and_column(text_, open.span.begin), describe(here())),
                     here().span, is("=") ? "write == to compare" : "");
    }
    return take().span;
  }

  // call = name "(" [ arg { "," arg } ] ")"
  Result<Index> call() {
    const Token name = take();
    const Token open = take();
    std::vector<Index> arguments;
    bool keywords = false;
    while (!is(")") || !arguments.empty()) {
      const bool keyword = here().kind == TokenKind::kName && next().kind == TokenKind::kSymbol && next().text == "=";
      if (keywords && !keyword) {
        return failure("keyword arguments come last: this one needs a name as well", here().span);
      }
      keywords = keyword;
      LODE_TRY(const Index argument, keyword ? option() : expression());
      arguments.push_back(argument);
      if (!is(",")) {
        break;
      }
      take();
    }
    LODE_TRY(const Span close, closing(open));
    return add_call(name.text, name.span, {name.span.begin, close.end}, std::move(arguments));
  }

  // name "=" expr: the word or number of an option, or what stands for a parameter
  Result<Index> option() {
    const Token name = take();
    take();
    const Token value = here();
    const bool is_operand = value.kind == TokenKind::kNumber || value.kind == TokenKind::kName ||
                            value.kind == TokenKind::kField || is("-") || is("+") || is("!") || is("(");
    if (!is_operand) {
      return failure(
          fmt::format("expected a number or a name behind \"{}=\", found {}", name.text.substr(0, 40), describe(value)),
          value.span);
    }
    LODE_TRY(const Index child, expression());
    const Index result = add_leaf(AstKind::kName, name, name.span);
    nodes_[result].kind = AstKind::kOption;
    nodes_[result].span.end = nodes_[child].span.end;
    nodes_[result].value = 0.0;
    nodes_[result].children = {child};
    return result;
  }

  Failure unexpected_rest() const {
    if (here().kind == TokenKind::kNewline) {
      return failure("expected the formula to end with its line, found more text below", next().span,
                     "put the formula in parentheses to write it on several lines");
    }
    if (is(")")) {
      return failure("found \")\" without a \"(\"", here().span);
    }
    return failure(fmt::format("expected an operator or the end of the formula, found {}", describe(here())),
                   here().span, is("=") ? "write == to compare" : "");
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = -1;  // The formula itself is no nesting.
  std::vector<AstNode> nodes_;
};

}  // namespace

Result<Ast> parse(std::string_view text) {
  if (text.size() > kMaxTextBytes) {
    return fail(E::E1112,
                fmt::format("formula has {} bytes, limit {}", grouped(static_cast<std::int64_t>(text.size())),
                            grouped(static_cast<std::int64_t>(kMaxTextBytes))),
                "split it into several factors");
  }
  LODE_TRY(std::vector<Token> tokens, tokenize(text));
  Ast ast;
  LODE_TRY(ast.nodes, Parser(text, std::move(tokens)).run());
  ast.source = std::string(text);
  return ast;
}

}  // namespace lode::expr
