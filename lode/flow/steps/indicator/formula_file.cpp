// Formulas over a file's bars.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/formula_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "lode/base/counted.h"
#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/factor/library.h"
#include "lode/core/factor/operators.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/research/formulas.h"
#include "lode/flow/steps/research/library_factors.h"
#include "lode/flow/steps/research/stored_factors.h"
#include "lode/io/lake/runs.h"
#include "lode/market/instrument.h"

namespace lode::flow {
namespace {

// One instrument, a row a bar. Formulas count rows, so the sessions are their numbers: an index need not be of days.
std::shared_ptr<const Axis> axis_of(const BarsFile& file) {
  auto out = std::make_shared<Axis>();
  for (std::size_t row = 0; row < file.rows(); ++row) {
    out->sessions.push_back(Date{static_cast<std::int32_t>(row)});
    out->times.push_back(start_of_day(out->sessions.back()));
  }
  out->instruments = {InstrumentId{1}};
  out->symbols = {file.path};
  return out;
}

// The columns that are numbers: by the names that formulas know, else by their own.
expr::Fields fields_of(const BarsFile& file) {
  const std::shared_ptr<const Axis> axis = axis_of(file);
  expr::Fields out(axis);
  const auto add = [&](const std::string& name, const std::string& column) {
    const Result<std::vector<double>> values = column_of(file, column);
    if (!values || out.find(name) != nullptr) {
      return;
    }
    Panel panel(axis, Precision::kFloat64);
    for (std::size_t row = 0; row < values->size(); ++row) {
      panel.mutable_row64(row)[0] = (*values)[row];
    }
    out.set(name, std::move(panel));
  };
  for (const expr::FieldSpec& known : factor::known_fields()) {
    if (!known.is_group) {
      add(known.name, known.name);
    }
  }
  for (const std::string& name : file.names) {
    add(lower(name), name);
  }
  return out;
}

// Names of libraries and of the lake's factors become their formulas.
Result<void> resolve(World& world, Formulas& formulas) {
  std::vector<std::string> labels;
  std::ranges::transform(formulas.texts, std::back_inserter(labels), &NamedText::name);
  LODE_CHECK(resolve_library_names(formulas));
  const bool has_words =
      std::ranges::any_of(formulas.texts, [](const NamedText& text) { return looks_like_name(text.text); });
  if (has_words) {
    const auto lake = open_lake(world, Wanted::kRead);
    if (lake) {  // A file needs no lake.
      LODE_CHECK(resolve_stored_names(**lake, formulas));
    }
  }
  for (std::size_t k = 0; k < labels.size(); ++k) {
    formulas.texts[k].name = labels[k];
  }
  return {};
}

// A word that is still none of it was meant for an indicator.
Result<void> check_words(const Formulas& formulas, const expr::Fields& fields) {
  for (std::size_t k = 0; k < formulas.texts.size(); ++k) {
    const std::string& text = formulas.texts[k].text;
    const bool is_known = fields.find(lower(text)) != nullptr ||
                          std::any_of(formulas.texts.begin(), formulas.texts.begin() + static_cast<std::ptrdiff_t>(k),
                                      [&](const NamedText& earlier) { return lower(earlier.name) == lower(text); });
    if (looks_like_name(text) && !is_known) {
      LODE_TRY(const indicator::Indicator* const found, indicator::find_indicator(text));
      (void)found;
    }
  }
  return {};
}

Result<void> check_one_instrument(const expr::Program& program, const BarsFile& file) {
  for (const expr::Node& node : program.nodes) {
    if (node.op != nullptr && node.op->spec.shape == expr::Shape::kCross) {
      return fail(E::E4,
                  fmt::format("{} looks across instruments, and {} is the bars of one", node.op->spec.name, file.path),
                  "lode factor compute 'FORMULA' --universe all, or --data with a file that has a column symbol");
    }
  }
  return {};
}

// A word that is no column may be the name of a kept factor, which stands alone.
Error explained(World& world, Error error) {
  if (error.number() != E::E1106) {
    return error;
  }
  std::vector<std::string> names;
  if (const auto lake = open_lake(world, Wanted::kRead)) {
    if (const auto factors = lake::RunStore(**lake).factors()) {
      std::ranges::transform(*factors, std::back_inserter(names), &lake::NamedFactor::name);
    }
  }
  return with_factor_alone(std::move(error), names);
}

}  // namespace

Result<std::vector<OutputColumn>> formulas_over_file(World& world, const BarsFile& file,
                                                     std::span<const NamedText> formulas,
                                                     std::vector<std::string>& warnings) {
  std::vector<OutputColumn> out;
  if (formulas.empty()) {
    return out;
  }
  Formulas asked;
  asked.profile = "lode";
  asked.texts.assign(formulas.begin(), formulas.end());
  LODE_CHECK(resolve(world, asked));
  const expr::Fields fields = fields_of(file);
  LODE_CHECK(check_words(asked, fields));
  Available available;
  for (const expr::FieldSpec& spec : fields.specs()) {
    available.insert(spec.name);
  }
  LODE_TRY(const Compiled compiled, compile_all({}, asked, &fields, &available, [&](const NamedText&, Error error) {
             return explained(world, std::move(error));
           }));
  if (!asked.failures.empty()) {
    return fail(asked.failures.front().error.clone());
  }
  LODE_CHECK(check_one_instrument(compiled.program, file));
  for (std::size_t k = 0; k < compiled.names.size(); ++k) {
    if (static_cast<std::size_t>(compiled.lookbacks[k]) >= file.rows()) {
      return fail(E::E2102,
                  fmt::format("{} needs {} before it answers, {} has {}", compiled.names[k],
                              counted(compiled.lookbacks[k] + 1, "bar"), file.path,
                              counted(static_cast<std::int64_t>(file.rows()), "bar")),
                  "give a longer history, or shorter windows");
    }
  }
  LODE_TRY(const std::vector<Panel> panels, expr::evaluate(compiled.program, fields, Precision::kFloat64, world.pool));
  for (std::size_t k = 0; k < panels.size(); ++k) {
    OutputColumn column{compiled.names[k], CellKind::kNumber, {}};
    for (std::size_t row = 0; row < file.rows(); ++row) {
      column.values.push_back(panels[k].row64(row)[0]);
    }
    out.push_back(std::move(column));
  }
  // W1302, a level in price: of a factor that is to be compared across names, and of no line beside the close.
  std::ranges::copy_if(compiled.warnings, std::back_inserter(warnings),
                       [](const std::string& line) { return line.find("[W1302]") == std::string::npos; });
  return out;
}

}  // namespace lode::flow
