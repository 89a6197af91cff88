// Cutting fields into steps.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/feeds.h"

#include <algorithm>
#include <utility>

#include "lode/flow/steps/research/slice.h"

namespace lode::flow {

HeldFeed::HeldFeed(expr::Fields fields, std::vector<std::string> names, std::size_t step_rows, std::size_t begin,
                   std::size_t end)
    : fields_(std::move(fields)), names_(std::move(names)), step_rows_(step_rows), row_(begin), end_(end) {}

Result<std::optional<expr::Fields>> HeldFeed::next() {
  if (row_ == end_) {
    return std::optional<expr::Fields>();
  }
  const std::size_t end = std::min(row_ + step_rows_, end_);
  const RowSlice slice(fields_.shared_axis(), row_, end);
  expr::Fields out(slice.axis());
  for (const std::string& name : names_) {
    if (const Panel* panel = fields_.find(name)) {
      out.set(name, slice.panel(*panel));
    }
    if (const GroupPanel* group = fields_.find_group(name)) {
      out.set(name, slice.group(*group));
    }
  }
  if (const auto universe = fields_.universe(); !universe.empty()) {
    const auto at = [&](std::size_t row) { return static_cast<std::ptrdiff_t>(row * fields_.axis().columns()); };
    out.set_universe({universe.begin() + at(row_), universe.begin() + at(end)});
  }
  row_ = end;
  return std::optional(std::move(out));
}

Result<std::optional<expr::Fields>> SpilledFeed::next() {
  LODE_TRY(std::optional<expr::Fields> fields, spill_.next());
  if (fields) {
    derive_fields(*fields);
    groups_.add(program_, *fields);
    faults_.see(*fields);
  }
  return fields;
}

}  // namespace lode::flow
