// Going on from values that are stored: which sessions of a call are the same as an earlier run's, proven by the hashes
// of what they were computed of, and so are kept; the others are computed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lode/base/world.h"
#include "lode/flow/steps/values/computation.h"
#include "lode/flow/steps/values/inputs.h"
#include "lode/flow/steps/values/totals.h"
#include "lode/io/lake/runs.h"
#include "lode/io/lake/values/values.h"

namespace lode::flow {

class Continuation {
 public:
  // `request`: the run's, without its formulas (what values depend on beside them and the lake).
  Continuation(World& world, std::shared_ptr<lake::Lake> lake, Value request, std::string universe, std::string profile,
               Precision precision, std::int64_t budget)
      : world_(world),
        lake_(std::move(lake)),
        request_(std::move(request)),
        universe_(std::move(universe)),
        profile_(std::move(profile)),
        precision_(precision),
        budget_(budget) {}

  // For Means::plan. Finds the newest stored run of the same formulas under the same request (another end, as-of or
  // commit may be: the inputs tell), code and precision that has sessions to keep. What a session is kept for: it and
  // the sessions its windows reach have the inputs they had, to the bit; where a formula depends on all sessions before
  // it (expr::depends_on_all), all of these. Formulas that look ahead are never continued.
  Result<std::optional<Course>> plan(const Prepared& prepared);

  bool goes_on() const { return parent_.has_value(); }
  // The stored run has the same sessions of the same inputs: there is nothing to store.
  bool has_nothing_new() const { return goes_on() && new_ + again_ == 0 && dropped_ == 0; }
  const lake::ValuesSet& parent() const { return *parent_; }
  std::int64_t sessions_new() const { return new_; }      // Not stored before
  std::int64_t sessions_again() const { return again_; }  // Stored, but of inputs that changed
  std::int64_t sessions_kept() const { return kept_sessions_; }
  const ValueTotals& kept_totals() const { return kept_totals_; }

  // Into a record of the new set: what it keeps, and what stands beside it. `state`: the stream's, or "".
  void complete(lake::ValuesRecord& record, const std::string& state) const;

 private:
  struct Found {
    lake::ValuesSet set;
    lake::Run run;
    InputHashes inputs;
    Likeness likeness;
    std::vector<bool> kept;  // By row of the panel
  };
  Result<std::optional<Found>> find(const Prepared& prepared, const lake::Snapshot& snapshot) const;
  Result<std::optional<Found>> look_at(const Prepared& prepared, const lake::Snapshot& snapshot,
                                       lake::ValuesSet set) const;
  Result<void> keep(const Prepared& prepared, const lake::Snapshot& snapshot, Found& found);
  Result<void> add_up(const Found& found);
  Result<ValueTotals> totals_of(const lake::ValuesSet& set, const std::vector<bool>& rows_then,
                                const InputHashes& inputs) const;
  Result<Course> course(const Prepared& prepared, const lake::Snapshot& snapshot, const Found& found);
  std::size_t first_row(const Axis& axis) const;

  World& world_;
  std::shared_ptr<lake::Lake> lake_;
  Value request_;
  std::string universe_, profile_;
  Precision precision_;
  std::int64_t budget_;

  InputHashes inputs_;
  bool depends_on_all_ = false;
  std::optional<lake::ValuesSet> parent_;
  std::vector<lake::KeptRange> kept_;
  std::vector<std::int64_t> supersedes_;
  std::vector<bool> copied_;  // By row: kept, but written again with its year
  ValueTotals kept_totals_;
  std::int64_t new_ = 0, again_ = 0, kept_sessions_ = 0;
  std::int64_t dropped_ = 0;  // Sessions of the stored run that this call has not
};

}  // namespace lode::flow
