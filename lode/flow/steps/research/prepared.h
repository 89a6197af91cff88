// Formulas and their data at hand, before anything is computed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lode/base/world.h"
#include "lode/flow/steps/research/compute.h"
#include "lode/flow/steps/research/formulas.h"

namespace lode::flow {

// Of a lake: what stored values name as their inputs.
struct LakeInputs {
  std::shared_ptr<lake::Lake> lake;
  std::optional<lake::Snapshot> snapshot;
  std::vector<lake::FieldLineage> lineage;
  bool survivor_biased = false;
};

struct Prepared {
  Compiled compiled;
  expr::Fields fields;               // Every session up to --to, warm-up included
  std::vector<std::string> symbols;  // As printed, one a column
  std::vector<lake::FieldLineage> groups;
  std::vector<std::string> notes;  // For after the computation's own warnings
  std::optional<LakeInputs> inputs;
};

// Compiles the formulas and reads their fields, of the file or the lake. Errors as compute().
Result<Prepared> prepare(World& world, const ComputeRequest& request, Formulas& formulas);
// The same over the fields of a file that was read already; none of the warnings about its cells.
Result<Compiled> compile_for(const ComputeRequest& request, Formulas& formulas, const expr::Fields& fields);

// The first session that is written: --from. E2101 when none is left.
Result<std::size_t> first_written(const ComputeRequest& request, const Axis& axis);

// Tells what of the fields that formulas read an import would set aside, or may surprise: prices at 0 or below, bars
// with high below low, sessions on which a field has no value at all.
class FieldFaults {
 public:
  explicit FieldFaults(std::vector<std::string> read) : read_(std::move(read)) {}
  void see(const expr::Fields& sessions);  // The next ones
  // `is_lake`: its bars passed the gates of an import.
  std::vector<std::string> lines(bool is_lake) const;

 private:
  struct Gap {
    std::int64_t sessions = 0;
    Date first;
  };
  void see_prices(const expr::Fields& sessions);
  void see_gaps(const expr::Fields& sessions);

  std::vector<std::string> read_;
  std::map<std::string, std::int64_t> odd_;  // Prices at 0 or below, by field
  std::map<std::string, Gap> gaps_;
  std::int64_t crossed_ = 0;
  std::int64_t sessions_ = 0;
};

// The line about formulas that look ahead, where any does; that one instrument has nothing to compare itself with,
// where a formula compares; the lines about formulas without any value.
std::vector<std::string> outcome_warnings(const Compiled& compiled, const std::vector<std::int64_t>& valid_cells,
                                          std::size_t sessions, std::size_t instruments);

}  // namespace lode::flow
