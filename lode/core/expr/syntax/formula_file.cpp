// Reader of formula files: splits the text into definitions, each with its line; what stands in a definition is the
// parser's business. One pass.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "lode/base/text.h"
#include "lode/core/expr/ast.h"
#include "lode/core/expr/syntax/lexer.h"

namespace lode::expr {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_name(std::string_view text) {
  const auto part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), part) && !(text[0] >= '0' && text[0] <= '9') &&
         text[0] != '.';
}

// Names of a table (`id TAB formula`) may be any word: 042, alpha101/042, KMID2.
bool is_word(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '(' || c == ')' || c == '=' || c == '"';
  });
}

// One statement: a logical line, which goes on while a parenthesis is open.
struct Statement {
  std::string_view text;  // Trimmed; comments inside still there.
  Span span;
  int line = 0;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<FormulaFile> run() {
    if (!is_utf8(text_)) {
      return fail(E::E1101, "the formula file is not UTF-8 text", "save it as UTF-8");
    }
    position_ = text_.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
    bool first = true;
    while (position_ < text_.size()) {
      LODE_TRY(const Statement statement, next());
      if (statement.text.empty()) {
        continue;
      }
      if (!(first && is_header(statement.text))) {
        LODE_CHECK(read(statement));
      }
      first = false;
    }
    return std::move(file_);
  }

 private:
  Result<Statement> next() {
    const std::size_t begin = position_;
    const int first_line = line_;
    int depth = 0;
    std::size_t open = 0;
    std::size_t content_end = begin;
    bool comment = false;
    for (; position_ < text_.size(); ++position_) {
      const char c = text_[position_];
      if (c == '\n') {
        ++line_;
        comment = false;
        if (depth == 0) {
          break;
        }
      } else if (c == '#') {
        comment = true;
      } else if (!comment) {
        open = c == '(' && depth == 0 ? position_ : open;
        depth += c == '(' ? 1 : 0;
        depth -= c == ')' && depth > 0 ? 1 : 0;
        content_end = position_ + 1;
      }
    }
    position_ = std::min(position_ + 1, text_.size());
    if (depth > 0) {
      const auto at = static_cast<std::uint32_t>(open);
      return fail_at(E::E1101,
                     fmt::format("expected \")\" to close \"(\" at {}, found end of file", line_and_column(text_, at)),
                     text_, {at, at + 1});
    }
    return statement(begin, content_end, first_line);
  }

  Statement statement(std::size_t begin, std::size_t end, int line) const {
    const std::string_view text = trim(text_.substr(begin, end - begin));
    const std::size_t offset = text.empty() ? begin : static_cast<std::size_t>(text.data() - text_.data());
    return {text, {static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(offset + text.size())}, line};
  }

  static bool is_header(std::string_view text) {
    const auto cells = split(text, '\t');
    return cells.size() == 2 && lower(trim(cells[0])) == "id" && lower(trim(cells[1])) == "formula";
  }

  Failure failure(const Statement& statement, std::string message, std::string hint = {}) const {
    return fail_at(E::E1101, fmt::format("line {}: {}", statement.line, message), text_, statement.span,
                   std::move(hint));
  }

  // Where a definition's name ends: at its TAB, or at the first '=' that is not part of '=='.
  static std::size_t separator(std::string_view text) {
    const std::size_t tab = text.find('\t');
    if (tab != std::string_view::npos && is_word(trim(text.substr(0, tab)))) {
      const std::size_t value = text.find_first_not_of(" \t", tab);
      return value != std::string_view::npos && text[value] == '=' ? value : tab;
    }
    const std::size_t equals = text.find('=');
    const bool doubled = equals != std::string_view::npos && text.substr(equals, 2) == "==";
    return doubled ? std::string_view::npos : equals;
  }

  Result<void> read(const Statement& statement) {
    const std::size_t word_end = std::min(statement.text.find_first_of(" \t"), statement.text.size());
    const std::string_view word = statement.text.substr(0, word_end);
    const std::string_view rest = trim(statement.text.substr(word_end));
    if (word == "profile" && is_name(rest)) {
      file_.profile = lower(rest);
      return {};
    }
    if (word == "option" && !rest.empty() && rest[0] != '=') {
      return option(statement, rest);
    }
    const std::size_t at = separator(statement.text);
    if (at == std::string_view::npos) {
      return failure(statement, "expected NAME = FORMULA, or NAME, a tab and FORMULA");
    }
    const std::string_view name = trim(statement.text.substr(0, at));
    const bool is_equation = statement.text[at] == '=';
    if (is_equation ? !is_name(name) : !is_word(name)) {
      return failure(statement, fmt::format("expected a name before the formula, found \"{}\"", name.substr(0, 40)),
                     "a name is a letter, then letters, digits, '_' and '.'");
    }
    return define(statement, name, trim(statement.text.substr(at + 1)));
  }

  Result<void> option(const Statement& statement, std::string_view rest) {
    const std::size_t equals = rest.find('=');
    const std::string_view name = trim(rest.substr(0, equals));
    const std::string_view value = equals == std::string_view::npos ? "" : trim(rest.substr(equals + 1));
    double number = 0.0;
    if (!is_name(name) || !(is_name(value) || parse_double(value, number))) {
      return failure(statement, "expected option NAME = VALUE, the value a number or a name");
    }
    file_.options.push_back({lower(name), lower(value), statement.line});
    return {};
  }

  Result<void> define(const Statement& statement, std::string_view name, std::string_view formula) {
    if (formula.empty()) {
      return failure(statement, fmt::format("'{}' has no formula", name));
    }
    const auto [where, is_new] = line_of_.emplace(std::string(name), statement.line);
    if (!is_new) {
      return failure(statement, fmt::format("'{}' is defined twice, first on line {}", name, where->second));
    }
    file_.definitions.push_back({std::string(name), std::string(formula), statement.line});
    return {};
  }

  std::string_view text_;
  std::size_t position_ = 0;
  int line_ = 1;
  std::map<std::string, int, std::less<>> line_of_;
  FormulaFile file_;
};

}  // namespace

Result<FormulaFile> parse_file(std::string_view text) { return Reader(text).run(); }

}  // namespace lode::expr
