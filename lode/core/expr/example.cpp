// Examples of operators, computed.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/example.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/expr/evaluate.h"

namespace lode::expr {
namespace {

using Rows = std::vector<std::vector<double>>;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

Rows rows_of(std::string_view text) {
  Rows rows;
  for (const std::string_view line : split(text, '|')) {
    rows.emplace_back();
    for (const std::string_view word : split(trim(line), ' ')) {
      double value = kMissing;
      if (!word.empty()) {
        LODE_ASSERT(word == "nan" || parse_double(word, value));
        rows.back().push_back(value);
      }
    }
  }
  return rows;
}

Fields fields_of(const std::vector<ExamplePanel>& panels) {
  auto axis = std::make_shared<Axis>();
  for (std::size_t row = 0; row < panels.front().rows.size(); ++row) {
    axis->sessions.push_back(Date::from_civil(2020, 1, 1) + static_cast<int>(row));
    axis->times.push_back(end_of_day(axis->sessions.back()));
  }
  for (std::size_t column = 0; column < panels.front().rows.front().size(); ++column) {
    axis->instruments.push_back({column + 1});
    axis->symbols.push_back(fmt::format("S{}", column + 1));
  }
  Fields fields(axis);
  for (const ExamplePanel& given : panels) {
    if (given.name == "g") {
      GroupPanel group{axis, {}, {}};
      for (const std::vector<double>& row : given.rows) {
        for (const double code : row) {
          group.codes.push_back(code >= 0.0 ? static_cast<std::int32_t>(code) : -1);
        }
      }
      fields.set(given.name, group);
      continue;
    }
    Panel panel(axis, Precision::kFloat64);
    for (std::size_t row = 0; row < given.rows.size(); ++row) {
      std::ranges::copy(given.rows[row], panel.mutable_row64(row).begin());
    }
    fields.set(given.name, panel);
  }
  return fields;
}

// One panel, by the place of the operand: the first has a gap, ties and zeros, the others nothing to hide.
std::string_view panel_of(Shape shape, std::size_t place) {
  if (shape == Shape::kSeries) {
    constexpr std::string_view kSeries[] = {"3 | 1 | nan | 4 | 4 | 2 | 5 | 0", "1 | 2 | 2 | 5 | 6 | 6 | 6 | 4",
                                            "2 | 1 | 3 | 3 | 5 | 4 | 8 | 7", "2 | 4 | 1 | 7 | 3 | 3 | 9 | 5"};
    return kSeries[std::min(place, std::size(kSeries) - 1)];
  }
  constexpr std::string_view kRow[] = {"3 nan 5 5 0 -2", "2 1 4 0 0 3", "1 1 2 2 5 5"};
  return kRow[std::min(place, std::size(kRow) - 1)];
}

std::string literal_of(const Parameter& parameter) {
  const bool is_share = parameter.most > 0.0 && parameter.most <= 1.0;
  return shortest(is_share ? parameter.least + 0.25 : std::max(parameter.least, 2.0));
}

}  // namespace

std::vector<ExamplePanel> example_panels(std::string_view fields) {
  std::vector<ExamplePanel> panels;
  for (const std::string_view field : split(fields, ';')) {
    const std::size_t colon = field.find(':');
    LODE_ASSERT(colon != std::string_view::npos);
    panels.push_back({std::string(trim(field.substr(0, colon))), rows_of(field.substr(colon + 1))});
  }
  return panels;
}

Result<Rows> run_example(std::string_view formula, std::string_view fields, const Profile& profile,
                         const OperatorTable& table, Pool& pool) {
  const Fields data = fields_of(example_panels(fields));
  CompileOptions options;
  options.fields = data.specs();
  LODE_TRY(const Program program, compile(formula, profile, table, options));
  LODE_TRY(const std::vector<Panel> values, evaluate(program, data, Precision::kFloat64, pool));
  Rows rows;
  for (std::size_t row = 0; row < values.front().rows(); ++row) {
    const auto cells = values.front().row64(row);
    rows.emplace_back(cells.begin(), cells.end());
  }
  return rows;
}

Trap trap_of(const Operator& op) {
  constexpr std::string_view kNames[] = {"x", "y", "z", "w"};
  std::string arguments;
  std::string fields;
  std::size_t place = 0;
  for (const Parameter& parameter : op.spec.parameters) {
    std::string argument;
    if (parameter.type == Type::kWindow) {
      argument = shortest(std::max(parameter.least + 1.0, 3.0));
    } else if (parameter.type == Type::kLiteral) {
      argument = parameter.optional ? "" : literal_of(parameter);
    } else if (parameter.type == Type::kGroup) {
      argument = "g";
      fields += "; g: 1 1 1 1 2 -1";
    } else {
      LODE_ASSERT(place < std::size(kNames));
      argument = parameter.type == Type::kBool && op.spec.shape == Shape::kSeries ? fmt::format("{} > 2", kNames[place])
                                                                                  : std::string(kNames[place]);
      fields += fmt::format("{}{}: {}", place > 0 ? "; " : "", kNames[place], panel_of(op.spec.shape, place));
      ++place;
    }
    arguments += (arguments.empty() || argument.empty() ? "" : ", ") + argument;
  }
  return {fmt::format("{}({})", op.spec.name, arguments), fields};
}

}  // namespace lode::expr
