// The SQL engine's complaints in Lode's words.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/sql_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "lode/base/text.h"
#include "lode/market/schema.h"

namespace lode::flow {

namespace {

constexpr std::string_view kRefused = "SQL refused: ";
constexpr std::string_view kKind = " Error: ";  // "Binder Error: ", "Catalog Error: "
constexpr std::string_view kLine = "LINE ";

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// What stands between double quotes, from `at` to the quoted query, all of it.
std::vector<std::string> quoted(std::string_view text, std::size_t at = 0) {
  std::vector<std::string> out;
  text = text.substr(0, text.find(kLine));
  while ((at = text.find('"', at)) != std::string_view::npos) {
    const std::size_t end = text.find('"', at + 1);
    if (end == std::string_view::npos) {
      break;
    }
    out.emplace_back(text.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return out;
}

// "LINE 1: select x" and the caret below become Lode's margin, the whole word underlined. Empty: no place was given.
std::string place(std::string_view text) {
  const std::size_t begin = text.find(kLine);
  const std::size_t colon = text.find(": ", begin);
  const std::size_t end = text.find('\n', begin);
  if (begin == std::string_view::npos || colon == std::string_view::npos || end == std::string_view::npos) {
    return {};
  }
  const std::string_view number = text.substr(begin + kLine.size(), colon - begin - kLine.size());
  const std::string_view line = text.substr(colon + 2, end - colon - 2);
  const std::size_t caret = text.find('^', end);
  const std::size_t margin = colon + 2 - begin;
  if (caret == std::string_view::npos || caret < end + 1 + margin || caret - end - 1 - margin >= line.size()) {
    return {};
  }
  const std::size_t column = caret - end - 1 - margin;
  std::size_t width = 0;
  while (column + width < line.size() && is_word(line[column + width])) {
    ++width;
  }
  return fmt::format("{:>3} | {}\n    | {}{}", number, line, std::string(column, ' '),
                     std::string(width == 0 ? 1 : width, '^'));
}

struct Words {
  std::string message;
  std::string hint;
};

std::string nearest(const std::string& name, const std::vector<std::string>& candidates) {
  return did_you_mean(name, candidates);
}

// A table's columns in the engine's list are "t.close" or "close": a person typed only the last part.
std::vector<std::string> last_parts(std::vector<std::string> names) {
  for (std::string& name : names) {
    name = name.substr(name.rfind('.') + 1);
  }
  return names;
}

Words unknown_column(const std::string& name, std::string_view body, const std::vector<std::string>& columns) {
  const std::size_t list = body.find("Candidate ");
  std::vector<std::string> known =
      list == std::string_view::npos ? std::vector<std::string>() : last_parts(quoted(body, list));
  known = known.empty() ? columns : known;
  std::string hint = nearest(name, known);
  if (lower(name) == "symbol" && std::ranges::find(columns, "instrument_id") != columns.end()) {
    hint = "symbols stand in instruments: ... FROM bars JOIN instruments USING (instrument_id)";
  } else if (hint.empty() && !known.empty()) {
    hint = fmt::format("columns here: {}; a text stands in single quotes", join(known, ", "));
  }
  return {fmt::format("no column called {}", quote(name)), hint};
}

// The first sentence as it is, without what is for the engine's own users.
Words plain(std::string_view body) {
  std::string text(trim(body.substr(0, body.find('\n'))));
  while (!text.empty() && (text.back() == '!' || text.back() == '.')) {
    text.pop_back();
  }
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])) != 0) {
    text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  }
  return {text, {}};
}

Words in_our_words(std::string_view body, const std::vector<std::string>& columns) {
  const std::vector<std::string> names = quoted(body);
  if (body.starts_with("Referenced column ") && !names.empty()) {
    return unknown_column(names[0], body, columns);
  }
  if (body.find(" does not have a column named ") != std::string_view::npos && names.size() > 1) {
    return unknown_column(names[1], body, columns);
  }
  if (body.starts_with("Referenced table ") && !names.empty()) {
    const std::vector<std::string> known{names.begin() + 1, names.end()};
    return {fmt::format("no table or alias called {} in this query", quote(names[0])), nearest(names[0], known)};
  }
  constexpr std::string_view kFunction = "Function with name ";
  if (const std::size_t at = body.find(kFunction); at != std::string_view::npos) {
    const std::size_t begin = at + kFunction.size();
    const std::string name(body.substr(begin, body.find(' ', begin) - begin));
    const std::string hint = nearest(std::string(trim(name)), names);
    return {fmt::format("no SQL function called {}", quote(name)),
            hint.empty() ? "operators of formulas, such as ts_mean, are no SQL functions: lode factor compute" : hint};
  }
  if (body.find("must appear in the GROUP BY clause") != std::string_view::npos && !names.empty()) {
    return {fmt::format("{} is neither grouped nor within an aggregate", quote(names[0])),
            fmt::format("add it to GROUP BY, or take one value of it: any_value({})", names[0])};
  }
  if (body.starts_with("Ambiguous reference to column name ") && !names.empty()) {
    return {fmt::format("{} is a column of more than one table here", quote(names[0])),
            names.size() > 2 ? fmt::format("write {} or {}", names[1], names[2]) : std::string()};
  }
  return plain(body);
}

}  // namespace

std::vector<std::string> columns_of(std::string_view query) {
  std::vector<std::string> out;
  for (const TableSpec& table : tables()) {
    const std::string_view name = table.name;
    for (std::size_t at = query.find(name); at != std::string_view::npos; at = query.find(name, at + 1)) {
      const bool is_whole = (at == 0 || !is_word(query[at - 1])) &&
                            (at + name.size() == query.size() || !is_word(query[at + name.size()]));
      if (is_whole) {
        for (const ColumnSpec& column : table.columns) {
          out.emplace_back(column.name);
        }
        break;
      }
    }
  }
  return out;
}

Error sql_words(Error error, const std::vector<std::string>& columns) {
  const std::string_view message = error.message();
  if (error.number() != E::E2017 || !message.starts_with(kRefused)) {
    return error;
  }
  std::string_view body = message.substr(kRefused.size());
  const std::size_t kind = body.substr(0, body.find('\n')).find(kKind);
  const std::string where = place(body);
  if (kind == std::string_view::npos && where.empty()) {
    return error;
  }
  if (kind != std::string_view::npos) {
    body.remove_prefix(kind + kKind.size());
  }
  Words words = in_our_words(body, columns);
  Error out(E::E2017, std::string(kRefused) + words.message, words.hint.empty() ? error.hint() : words.hint);
  return where.empty() ? std::move(out) : std::move(out).at(where);
}

}  // namespace lode::flow
