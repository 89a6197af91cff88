// Bars of one instrument from a file.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/bars_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <unordered_map>
#include <utility>

#include "lode/base/counted.h"
#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/flow/steps/indicator/bar_index.h"
#include "lode/flow/steps/indicator/typed_bars.h"
#include "lode/flow/steps/store/files.h"
#include "lode/io/arrow/reader.h"
#include "lode/io/lake/parquet.h"
#include "lode/io/source/columns.h"
#include "lode/io/source/delimited.h"
#include "lode/io/source/file_bytes.h"
#include "lode/io/source/long_table.h"

namespace lode::flow {
namespace {

using indicator::Input;

constexpr std::string_view kStdinName = "stdin";

Result<BarsFile> from_csv(std::string_view bytes, const std::string& path) {
  LODE_CHECK(source::check_encoding(bytes, path));
  LODE_TRY(const source::Dialect dialect, source::read_dialect(bytes, path));
  if (source::is_row_of_values(dialect)) {
    return fail(E::E2003, fmt::format("{}: the first line holds values, expected the names of the columns", path),
                "write a first line that names the columns: date,open,high,low,close,volume");
  }
  BarsFile out;
  out.index_name = dialect.header.front();
  out.names.assign(dialect.header.begin() + 1, dialect.header.end());
  out.cells.resize(out.names.size());
  source::RowReader rows(bytes, dialect);
  while (rows.next()) {
    if (rows.cells() != dialect.header.size()) {
      return fail(
          E::E2009,
          fmt::format("{} line {} has {} cells, expected {}", path, rows.line(), rows.cells(), dialect.header.size()),
          "mend the line, then run the same command again");
    }
    out.index.emplace_back(rows.fields().front());
    for (std::size_t k = 0; k < out.cells.size(); ++k) {
      out.cells[k].emplace_back(rows.fields()[k + 1]);
    }
    out.lines.push_back(rows.line());
  }
  return out;
}

Result<BarsFile> read_any(const std::string& path) {
  LODE_TRY(const source::FileBytes file, source::read_data_file(path));
  if (arrow::is_arrow(path)) {
    return bars_of_arrow(file.bytes, path);
  }
  return source::is_parquet(path) ? bars_of_parquet(path) : from_csv(file.bytes, path);
}

bool is_symbol_name(const std::string& name) {
  const Result<const source::ImportTable*> bars = source::find_import_table("bars");
  const int rule = bars ? (*bars)->index_of("symbol") : -1;
  return rule >= 0 && source::find_column({name}, (*bars)->columns[static_cast<std::size_t>(rule)].names) >= 0;
}

// What to do with rows that stand in no order, or twice, where their columns say why; else `plain`.
std::string help_with_rows(const BarsFile& file, const std::string& plain) {
  const auto has_several = [](const std::vector<std::string>& cells) {
    return std::ranges::adjacent_find(cells, std::ranges::not_equal_to()) != cells.end();
  };
  const auto date = std::ranges::find_if(file.names, source::is_date_name);
  const bool is_by_symbol = is_symbol_name(file.index_name);
  for (std::size_t k = 0; k <= file.names.size(); ++k) {
    const bool is_index = k == file.names.size();
    if ((is_index ? is_by_symbol : is_symbol_name(file.names[k])) &&
        has_several(is_index ? file.index : file.cells[k])) {
      return fmt::format(
          "it holds several instruments, and an indicator is of one: lode data import {}, then lode "
          "indicator run NAME --universe all",
          file.path == kStdinName ? "FILE" : file.path);
    }
  }
  if (date != file.names.end() && !source::is_date_name(file.index_name)) {
    if (file.is_of_pandas) {
      return fmt::format("the index is {}, as pandas noted in the file: df.set_index({}) makes one of the dates",
                         quote(file.index_name), quote(*date));
    }
    return fmt::format("the index is its first column, {}: put the column {} first", quote(file.index_name),
                       quote(*date));
  }
  return plain;
}

// Whether instants of the file are finer than they were read.
bool is_rounded(const BarsFile& file) {
  if (!file.typed_index || !file.typed_index->zone || !source::is_parquet(file.path)) {
    return false;
  }
  const Result<std::vector<std::string>> finer = lake::nanosecond_instants(file.path);
  return finer && std::ranges::find(*finer, file.index_name) != finer->end();
}

Failure stands_twice(const BarsFile& file, std::size_t first, std::size_t row) {
  const bool is_same = file.index[first] == file.index[row];
  if (is_same && is_rounded(file)) {
    return fail(E::E2012,
                fmt::format("{}: the index {} stands in line {} and in line {}, to the microsecond", file.path,
                            quote(file.index[row]), file.lines[first], file.lines[row]),
                "instants with a zone are read from Parquet to the microsecond; from Arrow, and without a zone, to the "
                "nanosecond");
  }
  return fail(E::E2012,
              is_same
                  ? fmt::format("{}: the index {} stands in line {} and in line {}", file.path, quote(file.index[row]),
                                file.lines[first], file.lines[row])
                  : fmt::format("{}: the index {} of line {} is {} of line {}, spelled otherwise", file.path,
                                quote(file.index[row]), file.lines[row], quote(file.index[first]), file.lines[first]),
              help_with_rows(file, "keep one row a bar; Lode does not choose"));
}

// Of "2024-01-05": nobody reads that otherwise.
bool is_year_first(std::string_view day) { return day.size() >= 10 && day[4] == '-' && day[7] == '-'; }

Failure out_of_order(const BarsFile& file, std::size_t row) {
  const bool is_plain = file.days.empty() || file.typed_index || is_year_first(file.index[row]);
  return fail(E::E2027,
              fmt::format("{} line {}: the index {} comes after {}, expected rows from old to new", file.path,
                          file.lines[row], quote(file.index[row]), quote(file.index[row - 1])),
              help_with_rows(file, fmt::format("sort the file by its {}; an indicator never looks ahead, so order is "
                                               "meaning{}",
                                               file.typed_index ? "index" : "first column",
                                               is_plain ? "" : "; --date-format says how its dates are to be read")));
}

// Whole numbers that are seconds or milliseconds since 1970, of 1973 and later: said so, they are dates.
std::string epoch_hint(const BarIndex& index) {
  const auto all_within = [&](std::int64_t least, std::int64_t most) {
    return !index.wholes.empty() &&
           std::ranges::all_of(index.wholes, [&](std::int64_t whole) { return whole >= least && whole < most; });
  };
  if (all_within(100'000'000, 10'000'000'000)) {
    return "--date-format epoch reads it as seconds since 1970";
  }
  return all_within(100'000'000'000, 10'000'000'000'000) ? "--date-format epoch_ms reads it as milliseconds since 1970"
                                                         : "";
}

Result<void> check_index(BarsFile& file, const IndexWish& wish) {
  std::unordered_map<std::string_view, std::size_t> seen;
  LODE_TRY(const BarIndex index, read_bar_index(file.index, file.lines, file.path, wish));
  if (index.kind == IndexKind::kLabel && !wish.is_labels) {
    file.warnings.push_back(
        fmt::format("{}: the index, {} first, is not of dates or numbers throughout, so the order of its rows was not "
                    "checked; the first row is taken for the oldest{}",
                    file.path, quote(file.index.front()),
                    std::ranges::any_of(file.index.front(), [](char c) { return c >= '0' && c <= '9'; })
                        ? "; dates written in another way are read with --date-format %d-%b-%y and the like"
                        : ""));
  }
  if (index.kind == IndexKind::kDate) {
    for (const Date day : index.days) {
      file.days.push_back(day.days);
    }
  }
  file.days_hint = epoch_hint(index);
  for (std::size_t row = 0; row < file.rows(); ++row) {
    const auto [other, is_new] = seen.emplace(file.index[row], row);
    if (!is_new || index.repeats_at(row)) {
      return stands_twice(file, is_new ? row - 1 : other->second, row);
    }
    if (index.falls_at(row)) {
      return out_of_order(file, row);
    }
  }
  return {};
}

bool is_missing(std::string_view text) {
  const std::string word = lower(text);
  return word.empty() || word == "nan" || word == "na" || word == "n/a" || word == "null" || word == "none" ||
         word == "-" || word == "inf" || word == "-inf" || word == "+inf";
}

// The column called so: as written, without case, or by the usual other spellings of a bar's columns. -1: none.
int place_of(const BarsFile& file, const std::string& name) {
  const auto exact = std::ranges::find(file.names, name);
  if (exact != file.names.end()) {
    return static_cast<int>(exact - file.names.begin());
  }
  const std::string word = source::normal_name(name);
  if (const int same = source::find_column(file.names, {word}); same >= 0) {
    return same;
  }
  const Result<const source::ImportTable*> bars = source::find_import_table("bars");
  const int rule = bars ? (*bars)->index_of(word) : -1;
  return rule < 0 ? -1 : source::find_column(file.names, (*bars)->columns[static_cast<std::size_t>(rule)].names);
}

}  // namespace

namespace {

// How many cells say in words that there is no number: told, for some of them may have been meant otherwise.
void warn_of_words(BarsFile& file) {
  std::vector<std::string> words;
  std::int64_t count = 0;
  std::int64_t line = 0;
  for (std::size_t column = 0; column < file.cells.size(); ++column) {
    for (std::size_t row = 0; row < file.rows(); ++row) {
      const std::string& cell = file.cells[column][row];
      const bool may_be_number = cell.empty() || (cell.front() >= '0' && cell.front() <= '9') || cell.front() == '.';
      if (may_be_number || !is_missing(cell) || lower(cell) == "nan") {
        continue;
      }
      line = count == 0 ? file.lines[row] : std::min(line, file.lines[row]);
      ++count;
      if (std::ranges::find(words, quote(cell)) == words.end()) {
        words.push_back(quote(cell));
      }
    }
  }
  if (count > 0) {
    file.warnings.push_back(fmt::format("{}: {} taken for missing, {}, the first in line {}", file.path,
                                        counted(count, "cell is", "cells are"), join_some(words, 4), line));
  }
}

// How many rows of a file hold what no bar can: told, and computed as they stand.
void warn_of_odd_bars(BarsFile& file) {
  const auto numbers = [&](const char* name) {
    Result<std::vector<double>> out = column_of(file, name);
    return out ? std::move(*out) : std::vector<double>();
  };
  const auto tell = [&](std::string_view what, auto is_odd) {
    std::size_t first = 0;
    std::int64_t count = 0;
    for (std::size_t row = file.rows(); row-- > 0;) {
      first = is_odd(row) ? row : first;
      count += is_odd(row) ? 1 : 0;
    }
    if (count > 0) {
      file.warnings.push_back(fmt::format("{}: {} {}, the first in line {}; computed as they stand", file.path,
                                          counted(count, "bar has", "bars have"), what, file.lines[first]));
    }
  };
  const std::vector<double> prices[] = {numbers("open"), numbers("high"), numbers("low"), numbers("close")};
  const std::vector<double> volume = numbers("volume");
  if (!prices[1].empty() && !prices[2].empty()) {
    tell("a high below its low", [&](std::size_t row) { return prices[1][row] < prices[2][row]; });
  }
  tell("a price below 0", [&](std::size_t row) {
    return std::ranges::any_of(prices, [&](const auto& one) { return !one.empty() && one[row] < 0.0; });
  });
  tell("a volume below 0", [&](std::size_t row) { return !volume.empty() && volume[row] < 0.0; });
}

// A first column of prices is the index all the same: told, for it is none that anybody meant.
void warn_of_index(BarsFile& file) {
  static constexpr std::string_view kOfBars[] = {"open", "high", "low", "close", "volume"};
  if (std::ranges::find(kOfBars, source::normal_name(file.index_name)) != std::end(kOfBars)) {
    file.warnings.push_back(
        fmt::format("{}: the column {} is taken for the index; put one of "
                    "dates or numbers first",
                    file.path, quote(file.index_name)));
  }
}

Result<BarsFile> checked(BarsFile out, const std::string& path, const IndexWish& wish) {
  out.path = path;
  if (out.names.empty() || out.rows() == 0) {
    return fail(E::E2014,
                out.names.empty() ? fmt::format("{} has no column behind its first, which is the index", path)
                                  : fmt::format("{} has no row", path),
                "date,open,high,low,close,volume, and a row a bar");
  }
  LODE_CHECK(check_index(out, wish));
  warn_of_index(out);
  warn_of_odd_bars(out);
  warn_of_words(out);
  return out;
}

}  // namespace

Result<BarsFile> read_bars_file(const std::string& path, const IndexWish& wish) {
  LODE_TRY(BarsFile out, read_any(path));
  return checked(std::move(out), path, wish);
}

Result<BarsFile> read_piped_bars(const In& in, const IndexWish& wish) {
  if (!in) {
    return fail(E::E8, "nothing is piped in", "cat bars.csv | lode indicator run rsi --data -");
  }
  constexpr std::size_t kPiece = std::size_t{1} << 16;
  std::string bytes;
  for (std::size_t got = 1; got > 0;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kPiece);
    got = in(bytes.data() + before, kPiece);
    bytes.resize(before + got);
  }
  const std::string path(kStdinName);
  if (bytes.empty()) {
    return fail(E::E2014, fmt::format("{} is empty", path), "date,open,high,low,close,volume, and a row a bar");
  }
  LODE_TRY(BarsFile out, from_csv(bytes, path));
  return checked(std::move(out), path, wish);
}

Result<std::vector<double>> column_of(const BarsFile& file, const std::string& name) {
  const int place = place_of(file, name);
  if (place < 0 && name == "session" && !file.days.empty()) {
    return file.days;
  }
  if (place < 0 && name == "session") {
    return fail(E::E2001, fmt::format("{} has no column 'session', and its index is no date", file.path),
                file.days_hint.empty() ? "a column session that changes where one begins; or an index of dates"
                                       : file.days_hint + "; or a column session that changes where one begins");
  }
  if (place < 0) {
    const std::string near = did_you_mean(name, file.names);
    return fail(E::E2001, fmt::format("{} has no column {}", file.path, quote(name)),
                fmt::format("{}it has {} behind its index {}; --inputs names the columns to use",
                            near.empty() ? "" : near + " ", join_some(file.names), quote(file.index_name)));
  }
  const std::vector<std::string>& cells = file.cells[static_cast<std::size_t>(place)];
  std::vector<double> out(cells.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t row = 0; row < cells.size(); ++row) {
    if (!is_missing(cells[row]) && !parse_double(cells[row], out[row])) {
      return fail(E::E2004,
                  fmt::format("{} line {}: {} in column {} is no number", file.path, file.lines[row], quote(cells[row]),
                              file.names[static_cast<std::size_t>(place)]),
                  "leave a missing value empty; --inputs names the columns to use");
    }
  }
  return out;
}

std::string adjusted_close(const BarsFile& file) {
  const int close = place_of(file, "close");
  for (std::size_t k = 0; k < file.names.size(); ++k) {
    const std::string word = source::normal_name(file.names[k]);
    const bool is_adjusted =
        word == "adjclose" || word == "adjustedclose" || word == "closeadj" || word == "closeadjusted";
    if (close >= 0 && static_cast<int>(k) != close && is_adjusted) {
      return file.names[k];
    }
  }
  return {};
}

bool is_bar_a_session(const BarsFile& file) {
  return !file.is_anchored && place_of(file, "session") < 0 && !file.days.empty() &&
         std::ranges::adjacent_find(file.days) == file.days.end();
}

Result<void> anchor_at(BarsFile& file, Date anchor) {
  if (file.days.empty()) {
    return fail(E::E4, fmt::format("--anchor is a date, and the index of {} is none", file.path),
                (file.days_hint.empty() ? "" : file.days_hint + "; or ") +
                    "a column called session says where one begins: 0 before the anchor, 1 from it on");
  }
  if (file.days.back() < anchor.days) {
    return fail(E::E2101, fmt::format("no bar of {} is of {} or later", file.path, to_string(anchor)),
                "choose an earlier --anchor");
  }
  file.is_anchored = true;
  for (double& day : file.days) {
    day = day >= anchor.days ? 1.0 : 0.0;
  }
  return {};
}

Result<std::vector<std::string>> input_columns(const indicator::Spec& spec, std::span<const std::string> wanted) {
  const bool is_pair = std::ranges::find(spec.inputs, Input::kReal2) != spec.inputs.end();
  std::vector<std::string> out;
  for (const Input input : spec.inputs) {
    out.emplace_back(input == Input::kReal    ? (is_pair ? "high" : "close")
                     : input == Input::kReal2 ? "low"
                                              : to_string(input));
  }
  if (wanted.empty()) {
    return out;
  }
  if (wanted.size() != out.size()) {
    return fail(
        E::E4,
        fmt::format("--inputs names {}, {} takes {}",
                    wanted.size() == 1 ? "1 column" : fmt::format("{} columns", wanted.size()), spec.name, out.size()),
        fmt::format("--inputs {}", join(out, ",")));
  }
  return std::vector<std::string>(wanted.begin(), wanted.end());
}

}  // namespace lode::flow
