// Breaking prose, and only prose, into lines.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/wrapped.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "lode/base/text.h"

namespace lode::cli {

namespace {

constexpr std::string_view kGap = "  ";              // Between cells that are aligned, or facts of one line
constexpr std::size_t kWidthMin = 20;                // A terminal narrower than this gets the text as it is.
constexpr std::string_view kErrorIndent = "      ";  // As error lines have it: as wide as "help: ".

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Binds the words on both its sides: an operator of a formula.
bool is_operator(std::string_view token) {
  static constexpr std::string_view kOperators[] = {
      "+", "-", "*", "/", "^", "<", ">", "<=", ">=", "==", "!=", "&&", "||", "?", ":", "="};
  return std::ranges::find(kOperators, token) != std::end(kOperators);
}

// The end of what is quoted from `at` on, past the quote; `at` where nothing is. 'day''s' apostrophe quotes nothing.
std::size_t quoted_end(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool opens = (quote == '\'' || quote == '"' || quote == '`') && (at == 0 || !is_word(text[at - 1]));
  if (!opens) {
    return at;
  }
  std::size_t end = text.find(quote, at + 1);
  while (end != std::string_view::npos && end + 1 < text.size() && is_word(text[end + 1])) {
    end = text.find(quote, end + 1);
  }
  return end == std::string_view::npos ? at : end + 1;
}

// Pieces that must not be broken: words, whole calls such as ts_corr(close, volume, 10), quoted text.
std::vector<std::string_view> tokens(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  std::vector<bool> calls;  // One an open bracket: does it belong to a call, or stand within one?
  for (std::size_t i = 0; i < text.size();) {
    if (const std::size_t end = quoted_end(text, i); end != i) {
      i = end;
      continue;
    }
    if (text[i] == '(') {
      calls.push_back((!calls.empty() && calls.back()) || (i > 0 && is_word(text[i - 1])));
    } else if (text[i] == ')' && !calls.empty()) {
      calls.pop_back();
    } else if (text[i] == ' ' && (calls.empty() || !calls.back())) {
      if (i > begin) {
        out.push_back(text.substr(begin, i - begin));
      }
      begin = i + 1;
    }
    ++i;
  }
  if (begin < text.size()) {
    out.push_back(text.substr(begin));
  }
  return out;
}

// Tokens with what belongs to them: "(high - low) / (high + low)", "95 %".
std::vector<std::string> unbreakable(std::string_view text) {
  std::vector<std::string> out;
  bool binds = false;
  for (const std::string_view token : tokens(text)) {
    const bool is_bound = is_operator(token) || token == "%" || token == "%/yr";
    if (!out.empty() && (binds || is_bound)) {
      out.back().append(" ").append(token);
    } else {
      out.emplace_back(token);
    }
    binds = is_operator(token) || token == "->";
  }
  return out;
}

// Puts `pieces` into lines of `columns`, `gap` between them; the first stands at `column`, other lines at `indent`.
std::string filled(const std::vector<std::string>& pieces, std::string_view gap, std::size_t column, std::size_t indent,
                   std::size_t columns) {
  std::string out;
  bool starts_line = true;
  for (const std::string& piece : pieces) {
    const std::size_t width = code_points(piece);
    if (!starts_line && column + gap.size() + width > columns) {
      out.append("\n").append(indent, ' ');
      column = indent;
      starts_line = true;
    }
    if (!starts_line) {
      out.append(gap);
      column += gap.size();
    }
    out += piece;
    column += width;
    starts_line = false;
  }
  return out;
}

std::size_t leading_blanks(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

// Where the last of the cells of `line` begins: behind the last two blanks in a row, else its first character.
std::size_t last_cell(std::string_view line) {
  const std::size_t gap = line.rfind(kGap);
  return gap == std::string_view::npos ? 0 : gap + kGap.size();
}

// The blanks under which the text of a list's item goes on.
std::size_t item_width(std::string_view text) {
  const std::size_t mark = text.find(' ');
  const std::string_view word = text.substr(0, mark);
  const bool is_number =
      word.size() > 1 && word.back() == '.' &&
      std::ranges::all_of(word.substr(0, word.size() - 1), [](char c) { return c >= '0' && c <= '9'; });
  return word == "-" || word == "*" || is_number ? word.size() + 1 : 0;
}

bool is_kept(std::string_view line) {
  const std::string_view text = trim(line);
  return text.empty() || text.starts_with("|") || text.starts_with("+-") || text.starts_with("help: ") ||
         text.starts_with("#");
}

// The byte at `at` goes on a character that began before it.
bool is_inside(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

// A leaf of a tree ("|  +- lake/raw/2024/bars.csv  sha256 ...") that is `over` characters too long: the path that it
// names loses its middle, as far as both ends stay readable.
std::string with_short_path(const std::string& line, std::size_t over) {
  constexpr std::string_view kBranch = "+- ";
  constexpr std::string_view kCut = "...";
  constexpr std::size_t kShortest = 13;
  const std::size_t branch = line.find(kBranch);
  const std::size_t begin = branch + kBranch.size();
  const std::size_t end = branch == std::string::npos ? line.size() : std::min(line.find(kGap, begin), line.size());
  const std::string path = branch == std::string::npos ? "" : line.substr(begin, end - begin);
  if (path.find('/') == std::string::npos || path.find_first_of(" (") != std::string::npos ||
      path.size() <= kShortest) {
    return line;
  }
  const std::size_t kept = std::max(kShortest, path.size() - std::min(path.size(), over + kCut.size()));
  std::size_t head = kept / 3;
  std::size_t tail = path.size() - (kept - head);
  while (head > 0 && is_inside(path, head)) {
    --head;
  }
  while (is_inside(path, tail)) {
    ++tail;
  }
  return tail <= head + kCut.size()
             ? line
             : line.substr(0, begin) + path.substr(0, head).append(kCut) + path.substr(tail) + line.substr(end);
}

// What stands two blanks or more apart.
std::vector<std::string> facts_of(std::string_view line) {
  std::vector<std::string> facts;
  for (std::size_t at = leading_blanks(line); at < line.size();) {
    const std::size_t end = std::min(line.find(kGap, at), line.size());
    facts.emplace_back(line.substr(at, end - at));
    at = std::min(line.find_first_not_of(' ', end), line.size());
  }
  return facts;
}

// One line that is too long; `is_alone`: nothing stands right above or below it.
std::string broken(std::string_view line, bool is_alone, std::size_t columns) {
  const std::size_t lead = leading_blanks(line);
  const std::size_t cell = last_cell(line);
  if (cell <= lead) {
    const std::string_view text = line.substr(lead);
    const bool is_told = text.starts_with("error[") || text.starts_with("note: ") || text.starts_with("warning[");
    const std::size_t indent = is_told ? kErrorIndent.size() : lead + item_width(text);
    return std::string(lead, ' ') + filled(unbreakable(text), " ", lead, indent, columns);
  }
  const std::vector<std::string> facts = facts_of(line);
  const bool are_facts = std::all_of(facts.begin() + 1, facts.end(), [&](const std::string& fact) {
    return code_points(fact) <= columns / 2;  // Longer ones are words about the first.
  });
  if (is_alone && are_facts) {
    return std::string(lead, ' ') + filled(facts, kGap, lead, lead + kGap.size(), columns);
  }
  const std::size_t column = code_points(line.substr(0, cell));
  if (column > columns / 2) {
    return std::string(line);  // A row of a table.
  }
  return std::string(line.substr(0, cell)) + filled(unbreakable(line.substr(cell)), " ", column, column, columns);
}

// Does the sentence of `line` go on in `next`, a line of the same paragraph?
bool goes_on(std::string_view line, std::string_view next) {
  const std::size_t lead = leading_blanks(line);
  const std::size_t under = lead + item_width(line.substr(lead));
  const std::string_view words = trim(next);
  return !words.empty() && std::string_view(".:;!?)`").find(line.back()) == std::string_view::npos &&
         last_cell(line) <= lead && last_cell(next) <= leading_blanks(next) && !is_kept(next) &&
         !words.starts_with("```") && item_width(words) == 0 && leading_blanks(next) == under;
}

}  // namespace

std::string wrapped(std::string_view text, int columns) {
  if (columns < static_cast<int>(kWidthMin)) {
    return std::string(text);
  }
  const auto width = static_cast<std::size_t>(columns);
  const std::vector<std::string_view> lines = split(text, '\n');
  const auto is_empty = [&](std::size_t i) { return i >= lines.size() || trim(lines[i]).empty(); };
  std::string out;
  bool is_code = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string line(lines[i]);
    is_code = is_code != trim(line).starts_with("```");
    const bool fits = line.size() <= width || code_points(line) <= width;
    const bool is_alone = is_empty(i - 1) && is_empty(i + 1);
    if (!fits && !is_code && !is_kept(line)) {
      while (i + 1 < lines.size() && goes_on(line, lines[i + 1])) {
        line.append(" ").append(trim(lines[++i]));
      }
      line = broken(line, is_alone, width);
    } else if (!fits && !is_code) {
      line = with_short_path(line, code_points(line) - width);
    }
    out += line;
    out += i + 1 < lines.size() ? "\n" : "";
  }
  return out;
}

}  // namespace lode::cli
