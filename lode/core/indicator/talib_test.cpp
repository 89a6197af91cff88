// Every name of TA-Lib against what TA-Lib 0.6.4 answers (test/oracle/talib064.tsv, made by
// bench/indicators/compare.py, which compares far more series where the wheel is installed).
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "lode/base/must.h"
#include "lode/base/text.h"
#include "lode/core/indicator/test_bars.h"

namespace lode::indicator {
namespace {

constexpr double kTolerance = 1e-9;  // Of max(1, |value|).

double number(std::string_view text) {
  double out = kNan;
  EXPECT_TRUE(parse_double(text, out)) << text;
  return out;
}

std::ifstream oracle(const std::string& name) {
  std::ifstream file("test/oracle/" + name);
  EXPECT_TRUE(file) << "run from the root of the checkout";
  return file;
}

std::map<Input, Series> oracle_bars() {
  constexpr Input kColumns[] = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose, Input::kVolume};
  std::map<Input, Series> out;
  std::ifstream file = oracle("bars.txt");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) {
      continue;
    }
    const auto cells = split(line, ' ');
    for (std::size_t k = 0; k < cells.size(); ++k) {
      out[kColumns[k]].push_back(number(cells[k]) / (kColumns[k] == Input::kVolume ? 1.0 : 100.0));
    }
    out[Input::kPeriods].push_back(1.0 + static_cast<double>(out[Input::kPeriods].size() % 37));
  }
  out[Input::kReal] = out[Input::kClose];
  return out;
}

// TA-Lib's functions of two series were given high and low.
SeriesSet inputs_of(const Spec& spec, const std::map<Input, Series>& series) {
  SeriesSet out;
  const bool has_two = std::ranges::find(spec.inputs, Input::kReal2) != spec.inputs.end();
  for (const Input input : spec.inputs) {
    const Input from = has_two ? (input == Input::kReal ? Input::kHigh : Input::kLow) : input;
    out.push_back(series.at(from));
  }
  return out;
}

TEST(TaLib, EveryNameAnswersAsTaLibDoes) {
  const auto series = oracle_bars();
  std::ifstream file = oracle("talib064.tsv");
  std::size_t compared = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) {
      continue;
    }
    const auto fields = split(line, '\t');
    ASSERT_EQ(fields.size(), 4u) << line;
    std::vector<Argument> arguments;
    for (const std::string_view word : split(fields[1], ' ')) {
      if (!word.empty()) {
        arguments.push_back({"", number(word)});
      }
    }
    const Choice choice = must(choose(fields[0], arguments, Profile::kTalib064));
    const SeriesSet outputs = run(choice, inputs_of(choice.spec(), series));
    const Series& output = outputs.at(static_cast<std::size_t>(number(fields[2])));
    for (const std::string_view cell : split(fields[3], ' ')) {
      if (cell.empty()) {
        continue;
      }
      const auto parts = split(cell, ':');
      const double expected = number(parts[1]);
      const double got = output.at(static_cast<std::size_t>(number(parts[0])));
      EXPECT_LE(std::fabs(got - expected), kTolerance * std::fmax(1.0, std::fabs(expected)))
          << line << " at " << parts[0];
      ++compared;
    }
  }
  EXPECT_GT(compared, 1500u) << "the file is cut off";
}

}  // namespace
}  // namespace lode::indicator
