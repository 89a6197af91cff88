// What is told of the fields and values of a computation.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/prepared.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/expr/history.h"
#include "lode/core/factor/operators.h"
#include "lode/flow/steps/answer/counted.h"

namespace lode::flow {

namespace {

constexpr std::string_view kPrices[] = {"open", "high", "low", "close"};

bool is_price(const std::string& name) { return std::ranges::find(kPrices, name) != std::end(kPrices); }

}  // namespace

void FieldFaults::see_prices(const expr::Fields& sessions) {
  for (const std::string& name : read_) {
    const Panel* panel = is_price(name) ? sessions.find(name) : nullptr;
    for (std::size_t row = 0; panel != nullptr && row < panel->rows(); ++row) {
      odd_[name] += std::ranges::count_if(panel->row64(row), [](double price) { return price <= 0.0; });
    }
  }
  const bool reads_range = std::ranges::any_of(read_, [](const auto& name) { return name == "high" || name == "low"; });
  const Panel* high = reads_range ? sessions.find("high") : nullptr;
  const Panel* low = sessions.find("low");
  for (std::size_t row = 0; high != nullptr && low != nullptr && row < high->rows(); ++row) {
    const auto highs = high->row64(row);
    const auto lows = low->row64(row);
    for (std::size_t column = 0; column < highs.size(); ++column) {
      crossed_ += highs[column] < lows[column] ? 1 : 0;
    }
  }
}

void FieldFaults::see_gaps(const expr::Fields& sessions) {
  for (const std::string& name : read_) {
    const Panel* panel = sessions.find(name);
    for (std::size_t row = 0; panel != nullptr && row < panel->rows(); ++row) {
      const auto cells = panel->row64(row);
      if (std::ranges::none_of(cells, [](double value) { return !math::is_nan(value); })) {
        Gap& gap = gaps_[name];
        gap.first = gap.sessions++ == 0 ? sessions.axis().sessions[row] : gap.first;
      }
    }
  }
}

void FieldFaults::see(const expr::Fields& sessions) {
  see_prices(sessions);
  see_gaps(sessions);
  sessions_ += static_cast<std::int64_t>(sessions.axis().rows());
}

std::vector<std::string> FieldFaults::lines(bool is_lake) const {
  std::vector<std::string> out;
  std::vector<std::string> told;
  for (const std::string_view name : kPrices) {
    const auto odd = odd_.find(std::string(name));
    if (odd != odd_.end() && odd->second > 0) {
      told.push_back(fmt::format("{} of {} at 0 or below", counted(odd->second, "price"), name));
    }
  }
  if (crossed_ > 0) {
    told.push_back(fmt::format("{} with high below low", counted(crossed_, "bar")));
  }
  if (!told.empty() && !is_lake) {
    out.push_back(
        fmt::format("warning: {}, used as they are: lode data import would set them aside", join(told, ", ")));
  }
  for (const auto& [name, gap] : gaps_) {
    if (!is_lake && gap.sessions < sessions_) {  // Without any value at all it is told as a factor without any.
      out.push_back(fmt::format("warning[W2109]: {} has no value on {} of {}, first {}", name, grouped(gap.sessions),
                                counted(sessions_, "session"), to_string(gap.first)));
    }
  }
  return out;
}

std::vector<std::string> outcome_warnings(const Compiled& compiled, const std::vector<std::int64_t>& valid_cells,
                                          std::size_t sessions, std::size_t instruments) {
  std::vector<std::string> out;
  if (compiled.lookahead > 0) {
    out.push_back(
        fmt::format("warning: values look up to {} into the future, allowed on purpose: their factor "
                    "is called {}...",
                    counted(compiled.lookahead, "session"), kLooksAhead));
  }
  const bool compares = std::ranges::any_of(compiled.program.nodes, [](const expr::Node& node) {
    return node.op != nullptr && node.op->spec.shape == expr::Shape::kCross;
  });
  if (instruments == 1 && compares) {
    out.push_back(
        "warning[W2110]: one instrument: what compares names on a date (rank, zscore, scale) has nothing to compare");
  }
  const expr::OperatorTable& table = factor::operators();
  for (std::size_t i = 0; i < valid_cells.size(); ++i) {
    if (valid_cells[i] == 0 && sessions > 0) {
      const Error error = expr::no_value(compiled.texts[i], compiled.lookbacks[i], table, sessions, instruments);
      const bool is_window = error.number() == E::E1105;
      out.push_back(fmt::format("warning{}: every cell of {} is missing{}", is_window ? "[E1105]" : "",
                                compiled.names[i], is_window ? ": " + error.message() : std::string()));
    }
  }
  return out;
}

}  // namespace lode::flow
