// The labels of a market as all factors share them: forward returns of each horizon, sorted, ranked, and seen by
// groups. Making them is most of the work of judging one factor, and none of it knows the factor.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "lode/core/evaluate/groups.h"
#include "lode/core/evaluate/kernel/book.h"
#include "lode/core/evaluate/kernel/labels.h"
#include "lode/core/evaluate/kernel/places.h"
#include "lode/core/evaluate/kernel/sorted_rows.h"
#include "lode/core/stat/bootstrap.h"

namespace lode::evaluate {

// Labels of one horizon with the places of their rows, which stand only in a set that keeps.
struct SortedLabels {
  Labels labels;
  std::optional<Places> places;
  LabelRows rows() const { return places ? LabelRows(labels.returns, *places) : LabelRows(labels.returns); }
};

// The one-session labels that every horizon is tested against.
struct OneDay {
  Labels labels;    // Of members,
  Panel held;       // and of everybody: what a position earns.
  Standing ranks;   // Centred, of rows of kFewestNames names or more.
  Standing scores;  // Standard scores.
  std::vector<std::uint32_t> names;
  std::size_t rows = 0;  // With a label.
};

// Memory of one factor's judgement, used again for the next: fresh pages cost as much as the arithmetic on them.
struct Spare {
  SortedRows rows;
  std::shared_ptr<std::vector<std::int16_t>> ranks;
  std::vector<stat::BlockDraws> draws;  // Of drawn_seed.
  std::uint64_t drawn_seed = 0;
  std::vector<std::vector<std::uint8_t>> buckets;
};

// Not for two threads at once. 13 bytes a cell and horizon when it keeps, and some 60 more for one day and groups.
class LabelSet {
 public:
  // `keeps`: labels are made once and stay, for many factors; else each is made when asked for and forgotten. Errors
  // of LabelMaker::make. `market` and `groups` (may be null) must outlive the set.
  static Result<LabelSet> make(const Market& market, const GroupPanel* groups, Convention convention, bool keeps,
                               Pool& pool);

  const LabelMaker& maker() const { return maker_; }
  Convention convention() const { return convention_; }
  const Market& market() const { return *market_; }
  const GroupPanel* groups() const { return groups_; }
  const OneDay& one_day() const { return one_day_; }
  std::shared_ptr<const SortedLabels> at(int horizon, Pool& pool);
  // By groups; there must be some.
  std::shared_ptr<const GroupedLabels> grouped(const SortedLabels& labels, Pool& pool);
  // Of the market: what trading costs in it, its mean member's return, and its regime on each row.
  std::shared_ptr<const Liquidity> liquidity(Pool& pool);
  const std::vector<double>& mean_member();
  const std::vector<std::uint8_t>& regimes();
  Spare& spare() { return spare_; }

 private:
  LabelSet(LabelMaker maker, const Market& market, const GroupPanel* groups, Convention convention, bool keeps)
      : maker_(std::move(maker)), market_(&market), groups_(groups), convention_(convention), keeps_(keeps) {}

  LabelMaker maker_;
  const Market* market_;
  const GroupPanel* groups_;
  Convention convention_;
  bool keeps_;
  OneDay one_day_;
  std::map<int, std::shared_ptr<const SortedLabels>> labels_;
  std::shared_ptr<const GroupedLabels> grouped_;  // Of the horizon asked for last.
  std::shared_ptr<const Liquidity> liquidity_;
  std::vector<double> mean_member_;
  std::vector<std::uint8_t> regimes_;
  Spare spare_;
};

}  // namespace lode::evaluate
