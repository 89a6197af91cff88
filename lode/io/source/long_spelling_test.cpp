// Random long tables against a model: values are made first, written in some spelling of a file, and must come back as
// those values, dense or long, whatever the delimiter, line ends, quotes, order of rows or columns, or gzip.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/base/text.h"
#include "lode/io/source/long_table.h"

namespace lode::source {
namespace {

struct Cell {
  double x = 0.0;      // NaN = missing
  std::string sector;  // "" = none
};
using Model = std::map<std::pair<Date, std::string>, Cell>;

Model make_model(Random& random) {
  Model model;
  const std::string sectors[] = {"Banks", "Oil & Gas", "", "Tech"};
  for (std::uint64_t i = 0, count = 1 + random.next_below(60); i < count; ++i) {
    const Date day = Date::from_civil(2023, 12, 25) + static_cast<int>(random.next_below(15));
    Cell cell;
    cell.x = random.next_below(6) == 0 ? std::nan("") : std::round(random.next_normal() * 1e6) / 1e3;
    cell.sector = sectors[random.next_below(std::size(sectors))];
    model[{day, fmt::format("S{}", random.next_below(8))}] = cell;
  }
  // One value of each kind at least: a column without any says nothing of its type.
  model[{Date::from_civil(2024, 2, 1), "S0"}] = {1.0, "Tech"};
  return model;
}

// How a file may be written.
struct Spelling {
  char delimiter = ',';
  std::string end = "\n";
  bool quotes = false;
  bool compact_dates = false;
  bool last_end = true;
  bool mark = false;  // UTF-8 byte order mark.
  std::vector<std::size_t> columns = {0, 1, 2, 3};
  std::string header[4] = {"date", "symbol", "x", "sector"};
};

Spelling make_spelling(Random& random) {
  Spelling out;
  out.delimiter = ",;\t|"[random.next_below(4)];
  out.end = random.next_below(2) == 0 ? "\n" : "\r\n";
  out.quotes = random.next_below(2) == 0;
  out.compact_dates = random.next_below(3) == 0;
  out.last_end = random.next_below(2) == 0;
  out.mark = random.next_below(3) == 0;
  for (std::size_t i = out.columns.size(); i > 1; --i) {
    std::swap(out.columns[i - 1], out.columns[random.next_below(i)]);
  }
  const char* dates[] = {"date", "Session", "DAY", "timestamp"};
  const char* symbols[] = {"symbol", "Ticker", "INSTRUMENT", "code"};
  out.header[0] = dates[random.next_below(4)];
  out.header[1] = symbols[random.next_below(4)];
  return out;
}

std::string write(const Model& model, const Spelling& spelling, Random& random) {
  std::vector<std::string> lines;
  const auto line = [&](const std::string(&cells)[4], bool is_header) {
    std::string text;
    for (const std::size_t column : spelling.columns) {
      const std::string& cell = cells[column];
      text += text.empty() && column == spelling.columns.front() ? "" : std::string(1, spelling.delimiter);
      text += spelling.quotes && !is_header && random.next_below(2) == 0 ? "\"" + cell + "\"" : cell;
    }
    return text;
  };
  const char* missing[] = {"", "nan", "NaN", "NA", "N/A", "null", "None", "-"};
  for (const auto& [key, cell] : model) {
    std::string day = to_string(key.first);
    if (spelling.compact_dates) {
      std::erase(day, '-');
    }
    const std::string cells[4] = {
        day, random.next_below(2) == 0 ? key.second : " " + lower(key.second) + " ",
        std::isnan(cell.x) ? missing[random.next_below(std::size(missing))] : shortest(cell.x), cell.sector};
    lines.push_back(line(cells, false));
  }
  for (std::size_t i = lines.size(); i > 1; --i) {
    std::swap(lines[i - 1], lines[random.next_below(i)]);
  }
  std::string text = (spelling.mark ? "\xef\xbb\xbf" : "") + line(spelling.header, true);
  for (const std::string& one : lines) {
    text += spelling.end + one;
  }
  return spelling.last_end ? text + spelling.end : text;
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

TEST(LongTableModel, EverySpellingGivesTheSameCells) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Random random(seed, 4);
    const Model model = make_model(random);
    const std::string text = write(model, make_spelling(random), random);
    const Result<LongTable> read = read_long_csv(text, "v.csv");
    ASSERT_TRUE(read) << read.error().message() << "\n" << text;
    ASSERT_EQ(read->dates.size(), model.size()) << text;
    for (std::size_t row = 0; row < model.size(); ++row) {
      const auto found = model.find({read->dates[row], read->symbols[read->symbol_of[row]]});
      ASSERT_NE(found, model.end()) << text;
      EXPECT_TRUE(same(read->find("x")->numbers[row], found->second.x)) << seed;
      const LongColumn& sector = *read->find("sector");
      const std::int32_t code = sector.codes[row];
      EXPECT_EQ(code < 0 ? "" : sector.names[static_cast<std::size_t>(code)], found->second.sector) << seed;
    }
  }
}

TEST(LongTableModel, DenseHoldsTheModelAndNothingElse) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Random random(seed, 5);
    const Model model = make_model(random);
    const std::string text = write(model, make_spelling(random), random);
    const DenseTable dense = must(to_dense(must(read_long_csv(text, "v.csv"))));
    const Axis& axis = *dense.axis;
    EXPECT_TRUE(std::ranges::is_sorted(axis.sessions));
    EXPECT_TRUE(std::ranges::is_sorted(axis.instruments));
    std::size_t cells = 0;
    for (std::size_t row = 0; row < axis.rows(); ++row) {
      for (std::size_t column = 0; column < axis.columns(); ++column) {
        const auto found = model.find({axis.sessions[row], axis.symbols[column]});
        cells += found != model.end() ? 1 : 0;
        const double x = found == model.end() ? std::nan("") : found->second.x;
        EXPECT_TRUE(same(dense.panels.at("x").at(row, column), x)) << seed;
        const GroupPanel& sector = dense.groups.at("sector");
        const std::int32_t code = sector.codes[row * axis.columns() + column];
        EXPECT_EQ(code < 0, found == model.end() || found->second.sector.empty()) << seed;
      }
    }
    EXPECT_EQ(cells, model.size());
  }
}

// Cells of one code have one text, and cells of one text one code.
TEST(LongTableModel, GroupsOfADenseTableAreThoseOfTheirTexts) {
  Random random(77, 6);
  const Model model = make_model(random);
  const DenseTable dense = must(to_dense(must(read_long_csv(write(model, {}, random), "v.csv"))));
  std::map<std::string, std::int32_t> code_of;
  std::map<std::int32_t, std::string> text_of;
  const Axis& axis = *dense.axis;
  for (const auto& [key, cell] : model) {
    if (cell.sector.empty()) {
      continue;
    }
    const auto row = static_cast<std::size_t>(std::ranges::find(axis.sessions, key.first) - axis.sessions.begin());
    const auto column = static_cast<std::size_t>(std::ranges::find(axis.symbols, key.second) - axis.symbols.begin());
    const std::int32_t code = dense.groups.at("sector").codes[row * axis.columns() + column];
    EXPECT_EQ(code_of.emplace(cell.sector, code).first->second, code);
    EXPECT_EQ(text_of.emplace(code, cell.sector).first->second, cell.sector);
  }
  EXPECT_GE(code_of.size(), 2U);
}

// Bytes that are no table end in an error or a table, never in anything else, and an error names the file.
TEST(LongTableModel, AnyDamageIsAnErrorOrATable) {
  int errors = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Random random(seed, 7);
    std::string text = write(make_model(random), make_spelling(random), random);
    for (std::uint64_t i = 0, count = 1 + random.next_below(4); i < count; ++i) {
      const std::size_t at = random.next_below(text.size());
      switch (random.next_below(3)) {
        case 0:
          text[at] = static_cast<char>(random.next_below(256));
          break;
        case 1:
          text.erase(at, 1 + random.next_below(5));
          break;
        default:
          text.insert(at, 1, "\",\n\r;\t"[random.next_below(6)]);
      }
    }
    const Result<LongTable> read = read_long_csv(text, "v.csv");
    if (!read) {
      ++errors;
      EXPECT_FALSE(read.error().message().empty());
      EXPECT_THAT(std::string(read.error().message()) + std::string(read.error().where()),
                  ::testing::HasSubstr("v.csv"))
          << seed;
      continue;
    }
    EXPECT_EQ(read->dates.size(), read->symbol_of.size());
    for (const LongColumn& column : read->columns) {
      EXPECT_EQ(column.is_text ? column.codes.size() : column.numbers.size(), read->dates.size()) << column.name;
    }
  }
  EXPECT_GT(errors, 300);
}

}  // namespace
}  // namespace lode::source
