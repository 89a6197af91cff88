// Reader of formula files: splits the text into definitions, each with its line; what stands in a definition is the
// parser's business. One pass; where a parenthesis never closes, a second over that statement.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
  std::optional<std::uint32_t> unclosed = {};  // Where a parenthesis opens that the statement never closes.
};

// Columns of a table of formulas, as its header names them: `library TAB id TAB formula`.
struct Columns {
  std::optional<std::size_t> library;  // Stands before the id: alpha158/KMID
  std::optional<std::size_t> id;
  std::optional<std::size_t> formula;
  std::size_t count = 0;
};

std::optional<Columns> header_columns(std::string_view text) {
  Columns out;
  const auto cells = split(text, '\t');
  out.count = cells.size();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string word = lower(trim(cells[i]));
    const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
      return std::find(words.begin(), words.end(), word) != words.end();
    };
    if (is_one_of({"formula", "expression", "expr"}) && !out.formula) {
      out.formula = i;
    } else if (is_one_of({"id", "name", "factor"}) && !out.id) {
      out.id = i;
    } else if (is_one_of({"library", "class", "group", "set", "category"}) && !out.library) {
      out.library = i;
    }
  }
  return cells.size() >= 2 && out.id && out.formula ? std::optional(out) : std::nullopt;
}

// How far a statement reaches.
struct Extent {
  std::size_t content_end = 0;  // Behind its last character that is no comment
  std::size_t end = 0;          // Where the next one begins
  std::size_t open = 0;         // The outermost parenthesis that is open
  int depth = 0;                // How many are open at the end
  int lines = 0;
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
      const Statement statement = next();
      if (statement.text.empty()) {
        continue;
      }
      if (first) {
        columns_ = header_columns(statement.text);
      }
      if (!first || !columns_) {
        LODE_CHECK(take(statement));
      }
      first = false;
    }
    return std::move(file_);
  }

 private:
  // A definition that fails is set aside; an option or a profile that fails would change the meaning of all.
  Result<void> take(const Statement& statement) {
    Result<void> done = statement.unclosed ? Result<void>(unclosed(statement)) : read(statement);
    if (done || is_option(statement.text) || is_profile(statement.text)) {
      return done;
    }
    const std::size_t at = separator(statement.text);
    std::string name(trim(statement.text.substr(0, at == std::string_view::npos ? 0 : at)));
    name = is_word(name) ? name : fmt::format("line {}", statement.line);
    file_.broken.push_back({std::move(name), statement.line, std::move(done).error()});
    return {};
  }

  // A line that begins a definition ends one whose parenthesis is still open. `name = ` behind ',' or '(' may be an
  // argument of the call that is open, so it begins one only when the parenthesis is known never to close.
  Statement next() {
    const std::size_t begin = position_;
    const int line = line_;
    Extent found = extent(begin, false);
    if (found.depth > 0) {
      found = extent(begin, true);
    }
    position_ = found.end;
    line_ += found.lines;
    Statement out = statement(begin, found.content_end, line);
    if (found.depth > 0) {
      out.unclosed = static_cast<std::uint32_t>(found.open);
    }
    return out;
  }

  Extent extent(std::size_t begin, bool never_closes) const {
    Extent out{.content_end = begin};
    bool comment = false;
    char last = 0;
    std::size_t at = begin;
    for (; at < text_.size(); ++at) {
      const char c = text_[at];
      if (c == '\n') {
        ++out.lines;
        comment = false;
        if (out.depth == 0 || begins_definition(at + 1, never_closes || (last != ',' && last != '('))) {
          break;
        }
      } else if (c == '#') {
        comment = true;
      } else if (!comment) {
        out.open = c == '(' && out.depth == 0 ? at : out.open;
        out.depth += c == '(' ? 1 : 0;
        out.depth -= c == ')' && out.depth > 0 ? 1 : 0;
        out.content_end = at + 1;
        last = c == ' ' || c == '\t' || c == '\r' ? last : c;
      }
    }
    out.end = std::min(at + 1, text_.size());
    return out;
  }

  // `name TAB formula`, or `name = formula` where that form counts, from the first column on.
  bool begins_definition(std::size_t at, bool equation_counts) const {
    const std::string_view line = text_.substr(at, text_.substr(std::min(at, text_.size())).find('\n'));
    const std::size_t tab = line.find('\t');
    if (tab != std::string_view::npos && is_word(line.substr(0, tab)) && !trim(line.substr(tab)).empty()) {
      return line.find_first_not_of("+-*/,)") == 0;
    }
    const std::size_t equals = line.find('=');
    return equation_counts && equals != std::string_view::npos && line.substr(equals, 2) != "==" && line[0] != ' ' &&
           is_name(trim(line.substr(0, equals)));
  }

  Failure unclosed(const Statement& statement) const {
    const std::uint32_t at = *statement.unclosed;
    return fail_at(
        E::E1101,
        fmt::format(
            "line {}: expected \")\" to close \"(\" at {}, found {}", statement.line, line_and_column(text_, at),
            position_ < text_.size() ? fmt::format("the definition on line {}", line_) : std::string("end of file")),
        text_, {at, at + 1});
  }

  Statement statement(std::size_t begin, std::size_t end, int line) const {
    const std::string_view text = trim(text_.substr(begin, end - begin));
    const std::size_t offset = text.empty() ? begin : static_cast<std::size_t>(text.data() - text_.data());
    return {.text = text,
            .span = {static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(offset + text.size())},
            .line = line};
  }

  static bool is_option(std::string_view text) {
    const std::size_t end = text.find_first_of(" \t");
    const std::string_view rest = end == std::string_view::npos ? "" : trim(text.substr(end));
    return text.substr(0, end) == "option" && !rest.empty() && rest[0] != '=';
  }

  static bool is_profile(std::string_view text) {
    const std::size_t end = text.find_first_of(" \t");
    return end != std::string_view::npos && text.substr(0, end) == "profile" && is_name(trim(text.substr(end)));
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
    const std::string_view rest = trim(statement.text.substr(word_end));
    if (is_profile(statement.text)) {
      return profile(statement, rest);
    }
    if (is_option(statement.text)) {
      return option(statement, rest);
    }
    if (const auto cells = row_cells(statement.text); !cells.empty()) {
      return read_row(statement, cells);
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

  // The cells of a row of a table: by its header, or where there is none and two words stand before what begins a
  // formula. Empty for the other forms; a tab inside a formula is a blank.
  std::vector<std::string_view> row_cells(std::string_view text) const {
    std::vector<std::string_view> cells = split(text, '\t');
    const auto word_at = [&](std::size_t i) { return i < cells.size() && is_word(trim(cells[i])); };
    const bool by_header = columns_ && cells.size() > 1 && (*columns_->id > 0 || word_at(0));
    const bool by_words = !columns_ && cells.size() > 2 && word_at(0) && word_at(1) && !trim(cells[2]).empty() &&
                          trim(cells[2]).find_first_of("+-*/<>=!&|?:^,)") != 0;
    return by_header || by_words ? cells : std::vector<std::string_view>();
  }

  Result<void> read_row(const Statement& statement, const std::vector<std::string_view>& cells) {
    const Columns columns = columns_ ? *columns_ : Columns{0, 1, 2, 3};
    const std::size_t last = std::max({columns.library.value_or(0), *columns.id, *columns.formula});
    if (cells.size() <= last) {
      return failure(statement,
                     fmt::format("expected {} columns, as the header has, found {}", last + 1, cells.size()));
    }
    const bool is_last = *columns.formula + 1 == columns.count;  // Then tabs behind it are its own.
    const std::string_view from =
        statement.text.substr(static_cast<std::size_t>(cells[*columns.formula].data() - statement.text.data()));
    const std::string_view formula = is_last ? from : cells[*columns.formula];
    std::string name(trim(cells[*columns.id]));
    if (columns.library && !trim(cells[*columns.library]).empty()) {
      name = fmt::format("{}/{}", trim(cells[*columns.library]), name);
    }
    if (!is_word(name)) {
      return failure(statement, fmt::format("expected a name before the formula, found \"{}\"", name.substr(0, 40)),
                     "a name is one word without '(', ')', '=' or quotes");
    }
    return define(statement, name, trim(formula));
  }

  // One a file, above what it rules: read from top to bottom it would otherwise seem to rule what follows alone.
  Result<void> profile(const Statement& statement, std::string_view rest) {
    const std::string name = lower(rest);
    if (!file_.profile.empty()) {
      return file_.profile == name ? Result<void>()
                                   : failure(statement,
                                             fmt::format("profile {}, but line {} said {}: a file has one profile",
                                                         name, file_.profile_line, file_.profile),
                                             "put the formulas of each profile into a file of their own");
    }
    if (!file_.definitions.empty() || !file_.broken.empty()) {
      return failure(statement, fmt::format("profile {} stands below formulas that it would rule", name),
                     "put the line above the first formula");
    }
    file_.profile = name;
    file_.profile_line = statement.line;
    return {};
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
  std::optional<Columns> columns_;  // Of the header, where the file has one
  std::map<std::string, int, std::less<>> line_of_;
  FormulaFile file_;
};

}  // namespace

Result<FormulaFile> parse_file(std::string_view text) { return Reader(text).run(); }

}  // namespace lode::expr
