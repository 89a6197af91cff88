// Panel tests: mathematics of panels as text, run in both precisions. A file is a list of tests:
//
//   # ts_mean wants a full window: a gap empties the windows that touch it
//   panel close                  a field, one line a session, one column an instrument; nan is missing
//   1    2
//   nan  4
//   eval ts_mean(close, 2)       over the panels above
//   ----
//   nan  nan
//   nan  3
//
// `group NAME` is followed by group codes (-1: none), `universe` by 0 and 1, `profile NAME` stands on a line of its own
// (lode otherwise). `eval` may be repeated; after one, a panel, group, universe or profile begins a new test. Instead
// of
// `----` and rows, `error E1105 words` expects that error, its message holding the words.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/error.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/test_panels.h"

namespace lode::expr::testing {

// Relative to max(1, |expected|): a few roundings of the working type in results written with few digits.
inline constexpr double kTolerance64 = 1e-12;
inline constexpr double kTolerance32 = 2e-6;

class PanelTests {
 public:
  explicit PanelTests(std::string name, const OperatorTable& table) : name_(std::move(name)), table_(table) {}

  // Runs every test of the text; what failed, one line each.
  std::vector<std::string> run(std::string_view text) {
    for (const std::string_view line : split(text, '\n')) {
      ++line_;
      take_line(trim(line));
    }
    finish();
    if (evals_ == 0) {
      complain("holds no eval");
    }
    return failures_;
  }
  int evals() const { return evals_; }

 private:
  enum class Reading { kNothing, kPanel, kGroup, kUniverse, kExpected };

  void take_line(std::string_view line) {
    if (line.empty() || line.front() == '#') {
      return;
    }
    std::vector<double> row;
    if (reading_ != Reading::kNothing && parse_row(line, row)) {
      target_->push_back(std::move(row));
      return;
    }
    const std::string_view word = line.substr(0, line.find(' '));
    const std::string_view rest = trim(line.substr(word.size()));
    if (word == "panel" || word == "group" || word == "universe" || word == "profile") {
      begin_input(word, std::string(rest));
    } else if (word == "eval") {
      finish();
      formula_ = std::string(rest);
      eval_line_ = line_;
      has_eval_ = true;
      reading_ = Reading::kNothing;
    } else if (word == "----") {
      read_into(Reading::kExpected, expected_);
    } else if (word == "error") {
      expect_error(rest);
    } else {
      complain(fmt::format("does not understand '{}'", line));
    }
  }

  void read_into(Reading reading, Rows& rows) {
    reading_ = reading;
    rows.clear();
    target_ = &rows;
  }

  void begin_input(std::string_view word, std::string rest) {
    finish();
    if (tested_) {
      panels_.clear();
      groups_.clear();
      universe_.clear();
      profile_ = "lode";
      tested_ = false;
    }
    if (word == "panel") {
      read_into(Reading::kPanel, panels_[rest]);
    } else if (word == "group") {
      read_into(Reading::kGroup, groups_[rest]);
    } else if (word == "universe") {
      read_into(Reading::kUniverse, universe_);
    } else {
      profile_ = std::move(rest);
      reading_ = Reading::kNothing;
    }
  }

  // Ends the eval being read, if any, by running it.
  void finish() {
    if (has_eval_) {
      has_eval_ = false;
      tested_ = true;
      ++evals_;
      run_eval();
    }
    expected_.clear();
    reading_ = Reading::kNothing;
  }

  Fields make_fields() const {
    const Rows& shape = panels_.empty() ? groups_.begin()->second : panels_.begin()->second;
    const auto axis = make_axis(shape.size(), shape.empty() ? 0 : shape.front().size());
    Fields fields(axis);
    for (const auto& [name, rows] : panels_) {
      fields.set(name, make_panel(axis, rows));
    }
    for (const auto& [name, rows] : groups_) {
      fields.set(name, make_group(axis, rows));
    }
    std::vector<std::uint8_t> mask;
    for (const std::vector<double>& row : universe_) {
      for (const double inside : row) {
        mask.push_back(inside != 0.0 ? 1 : 0);
      }
    }
    fields.set_universe(std::move(mask));
    return fields;
  }

  Result<Program> compiled(const Fields& fields) const {
    LODE_TRY(const Profile* profile, find_profile(profile_));
    CompileOptions options;
    options.fields = fields.specs();
    return compile(formula_, *profile, table_, options);
  }

  void expect_error(std::string_view rest) {
    if (!has_eval_ || panels_.empty()) {
      complain("error stands without eval or panel");
      return;
    }
    has_eval_ = false;
    tested_ = true;
    ++evals_;
    const std::string_view number = rest.substr(0, rest.find(' '));
    const std::string_view words = trim(rest.substr(number.size()));
    const Result<Program> program = compiled(make_fields());
    if (program) {
      complain(fmt::format("{}: expected {}, got a program", formula_, number));
    } else if (to_string(program.error().number()) != number ||
               program.error().message().find(words) == std::string::npos) {
      complain(fmt::format("{}: expected {}, got {}", formula_, rest, render(program.error())));
    }
  }

  void run_eval() {
    if (panels_.empty() && groups_.empty()) {
      complain("eval stands without a panel");
      return;
    }
    const Fields fields = make_fields();
    const Result<Program> program = compiled(fields);
    if (!program) {
      complain(fmt::format("{}: {}", formula_, render(program.error())));
      return;
    }
    Pool pool(1);
    for (const Precision precision : {Precision::kFloat64, Precision::kFloat32}) {
      const Result<std::vector<Panel>> results = evaluate(*program, fields, precision, pool);
      if (!results) {
        complain(fmt::format("{}: {}", formula_, render(results.error())));
        return;
      }
      compare(results->front(), precision == Precision::kFloat64 ? kTolerance64 : kTolerance32);
    }
  }

  void compare(const Panel& panel, double tolerance) {
    std::ostringstream shown;
    bool same = expected_.size() == panel.rows();
    for (std::size_t row = 0; row < panel.rows(); ++row) {
      same = same && expected_[row].size() == panel.columns();
      for (std::size_t column = 0; column < panel.columns(); ++column) {
        const double got = panel.at(row, column);
        shown << (std::isnan(got) ? "nan" : shortest(got)) << ' ';
        same = same && is_near(got, expected_[row][column], tolerance);
      }
      shown << '\n';
    }
    if (!same) {
      complain(fmt::format("{} ({}) gave\n{}", formula_, tolerance == kTolerance64 ? "f64" : "f32", shown.str()));
    }
  }

  static bool is_near(double got, double expected, double tolerance) {
    return std::isnan(expected) ? std::isnan(got)
                                : std::abs(got - expected) <= tolerance * std::max(1.0, std::abs(expected));
  }

  void complain(const std::string& what) {
    failures_.push_back(fmt::format("{}:{}: {}", name_, has_eval_ || eval_line_ == 0 ? line_ : eval_line_, what));
  }

  std::string name_;
  const OperatorTable& table_;
  std::map<std::string, Rows> panels_;
  std::map<std::string, Rows> groups_;
  Rows universe_;
  std::string profile_ = "lode";
  std::string formula_;
  Rows expected_;
  Rows* target_ = nullptr;
  Reading reading_ = Reading::kNothing;
  bool has_eval_ = false;
  bool tested_ = false;  // The panels have been used: the next input begins a new test.
  int line_ = 0;
  int eval_line_ = 0;
  int evals_ = 0;
  std::vector<std::string> failures_;
};

// An example of a Spec as a panel test.
inline std::string as_panel_test(const Example& example) {
  const auto rows = [](std::string_view text) {
    std::string lines;
    for (const std::string_view row : split(text, '|')) {
      lines += std::string(trim(row)) + "\n";
    }
    return lines;
  };
  std::string text;
  for (const std::string_view field : split(example.fields, ';')) {
    const std::size_t colon = field.find(':');
    const std::string_view name = trim(field.substr(0, colon));
    text += fmt::format("{} {}\n{}", name == "g" ? "group" : "panel", name, rows(field.substr(colon + 1)));
  }
  return text + fmt::format("eval {}\n----\n{}", example.formula, rows(example.expected));
}

}  // namespace lode::expr::testing
