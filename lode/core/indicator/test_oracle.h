// Answers of other libraries, recorded in test/oracle: what they are compared with and how.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "lode/base/must.h"
#include "lode/base/text.h"
#include "lode/core/indicator/test_bars.h"

namespace lode::indicator {

inline constexpr double kOracleTolerance = 1e-9;  // Of max(1, |value|).

inline double number(std::string_view text) {
  double out = kNan;
  EXPECT_TRUE(parse_double(text, out)) << text;
  return out;
}

// The fields of each line that is not a comment.
inline std::vector<std::vector<std::string>> oracle_rows(const std::string& name, char separator = '\t') {
  std::vector<std::vector<std::string>> out;
  std::ifstream file("test/oracle/" + name);
  EXPECT_TRUE(file) << "run from the root of the checkout";
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("#")) {
      const auto fields = split(line, separator);
      out.emplace_back(fields.begin(), fields.end());
    }
  }
  return out;
}

inline std::map<Input, Series> oracle_bars() {
  constexpr Input kColumns[] = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose, Input::kVolume};
  std::map<Input, Series> out;
  for (const auto& cells : oracle_rows("bars.txt", ' ')) {
    for (std::size_t k = 0; k < cells.size(); ++k) {
      out[kColumns[k]].push_back(number(cells[k]) / (kColumns[k] == Input::kVolume ? 1.0 : 100.0));
    }
    out[Input::kPeriods].push_back(1.0 + static_cast<double>(out[Input::kPeriods].size() % 37));
  }
  out[Input::kReal] = out[Input::kClose];
  return out;
}

// The same bars with closes outside low..high now and then, or with all prices 50 less, some below 0.
inline std::map<Input, Series> oracle_bars(std::string_view kind) {
  std::map<Input, Series> out = oracle_bars();
  Series& close = out[Input::kClose];
  for (std::size_t t = 0; t < close.size(); ++t) {
    const double high = out[Input::kHigh][t];
    const double low = out[Input::kLow][t];
    if (kind == "outside") {
      close[t] = t % 7 == 3 ? high + 2.0 * (high - low) + 0.5 : close[t];
      close[t] = t % 11 == 5 ? low - 2.0 * (high - low) - 0.5 : close[t];
    } else if (kind == "through0") {
      for (const Input price : {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose}) {
        out[price][t] -= 50.0;
      }
    }
  }
  out[Input::kReal] = close;
  return out;
}

// Functions of two series were given high and low, or the columns that a row names.
inline SeriesSet oracle_inputs(const Spec& spec, const std::map<Input, Series>& series, std::string_view columns) {
  SeriesSet out;
  const bool has_two = std::ranges::find(spec.inputs, Input::kReal2) != spec.inputs.end();
  for (const Input input : spec.inputs) {
    const Input pair[] = {columns == "open,close" ? Input::kOpen : Input::kHigh,
                          columns == "open,close" ? Input::kClose : Input::kLow};
    out.push_back(series.at(has_two ? pair[input == Input::kReal2] : input));
  }
  return out;
}

// Compares every row "name, parameters, output, bar:value ..[, columns or kind of bars]" and gives the count of values
// compared. `begin`: a row of reals begins with the first value there is.
inline std::size_t compare_with(const std::string& file, Profile profile, bool begin = false) {
  std::map<std::string, std::map<Input, Series>> kinds;
  for (const std::string kind : {"", "outside", "through0"}) {
    kinds[kind] = oracle_bars(kind);
  }
  std::size_t compared = 0;
  for (const auto& fields : oracle_rows(file)) {
    EXPECT_GE(fields.size(), 4u) << fields.front();
    std::vector<Argument> arguments;
    for (const std::string_view word : split(fields[1], ' ')) {
      if (!word.empty()) {
        arguments.push_back({"", number(word)});
      }
    }
    const Choice choice = must(choose(fields[0], arguments, profile));
    const std::string kind = fields.size() > 4 ? fields[4] : "";
    const auto& series = kinds.contains(kind) ? kinds.at(kind) : kinds.at("");
    const SeriesSet outputs = run(choice, oracle_inputs(choice.spec(), series, kind));
    const auto place = static_cast<std::size_t>(number(fields[2]));
    const Series& output = outputs.at(place);
    if (begin && !choice.spec().outputs[place].whole && !fields[3].empty()) {
      const double first = number(split(fields[3], ':').front());
      const auto found = std::ranges::find_if(output, [](double value) { return !std::isnan(value); });
      EXPECT_EQ(static_cast<double>(found - output.begin()), first)
          << fields[0] << "(" << fields[1] << ") output " << fields[2] << ": the first bar with a value";
    }
    for (const std::string_view cell : split(fields[3], ' ')) {
      if (cell.empty()) {
        continue;
      }
      const auto parts = split(cell, ':');
      const double expected = number(parts[1]);
      const double got = output.at(static_cast<std::size_t>(number(parts[0])));
      EXPECT_LE(std::fabs(got - expected), kOracleTolerance * std::fmax(1.0, std::fabs(expected)))
          << fields[0] << "(" << fields[1] << ") output " << fields[2] << " at " << parts[0] << ": " << got
          << ", expected " << expected;
      ++compared;
    }
  }
  return compared;
}

}  // namespace lode::indicator
