// Slicing a study.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/judged_rows.h"

#include <fmt/format.h>

#include <algorithm>

namespace lode::flow {

Result<expr::Fields> fields_of(const lake::PanelSet& set, const expr::Program& program) {
  expr::Fields fields(set.axis);
  for (const auto& [name, panel] : set.panels) {
    fields.set(name, panel);
  }
  for (const auto& [name, group] : set.groups) {
    fields.set(name, group);
  }
  fields.set_universe(set.universe);
  for (const std::string& name : program.fields()) {
    if (fields.find(name) == nullptr && fields.find_group(name) == nullptr) {
      return fail(E::E1113, fmt::format("the formula needs the field {}, absent in this data", name),
                  "lode factor fields lists what this lake has");
    }
  }
  return fields;
}

evaluate::Market sliced(const evaluate::Market& market, const RowSlice& slice) {
  evaluate::Market out;
  out.open = slice.panel(market.open);
  out.high = slice.panel(market.high);
  out.low = slice.panel(market.low);
  out.close = slice.panel(market.close);
  out.volume = slice.panel(market.volume);
  out.vwap = slice.panel(market.vwap);
  out.universe = slice.mask(market.universe);
  out.delisting_return = market.delisting_return;
  if (!market.benchmark.empty()) {
    out.benchmark.assign(market.benchmark.begin() + static_cast<std::ptrdiff_t>(slice.begin()), market.benchmark.end());
  }
  for (const evaluate::KnownReturns& one : market.known) {
    const auto begin = static_cast<std::ptrdiff_t>(slice.begin());
    out.known.push_back({one.name, {one.returns.begin() + begin, one.returns.end()}});
  }
  for (const std::int32_t row : market.delisted_row) {
    out.delisted_row.push_back(std::max(-1, row - static_cast<std::int32_t>(slice.begin())));
  }
  return out;
}

JudgedRows::JudgedRows(const Study& study)
    : slice(study.panels.axis, static_cast<std::size_t>(study.first_row), study.panels.axis->rows()),
      market(sliced(study.market, slice)),
      group(study.group ? std::optional<GroupPanel>(slice.group(*study.group)) : std::nullopt) {}

}  // namespace lode::flow
