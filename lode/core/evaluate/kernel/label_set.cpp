// Labels made once.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/label_set.h"

#include "lode/base/assert.h"
#include "lode/core/evaluate/capacity.h"
#include "lode/core/evaluate/question.h"
#include "lode/core/evaluate/regimes.h"

namespace lode::evaluate {
namespace {

OneDay make_one_day(const LabelMaker& maker, Pool& pool) {
  OneDay out;
  out.labels = maker.labels(1, Whose::kMembers, pool);
  out.held = maker.has_universe() ? maker.labels(1, Whose::kAll, pool).returns : out.labels.returns;
  if (out.labels.returns.columns() <= kMostPlaces) {
    const RowOrders orders = sort_rows(out.labels.returns, pool);
    out.ranks = compact_ranks(orders, out.labels.returns, kFewestNames, pool);
    out.scores = compact_scores(orders, out.labels.returns, kFewestNames, pool);
    out.names = orders.counts;
  } else {
    const SortedRows sorted = sort_rows(copy_cells(out.labels.returns), pool);
    out.ranks = centered_ranks(sorted, kFewestNames, pool);
    out.scores = standard_scores(sorted, kFewestNames, pool);
    out.names = sorted.counts;
  }
  out.rows = maker.labelled_rows(1);
  return out;
}

}  // namespace

Result<LabelSet> LabelSet::make(const Market& market, const GroupPanel* groups, Convention convention, bool keeps,
                                Pool& pool) {
  LODE_TRY(LabelMaker maker, LabelMaker::make(market, convention, pool));
  LabelSet out(std::move(maker), market, groups, convention, keeps);
  out.one_day_ = make_one_day(out.maker_, pool);
  return out;
}

std::shared_ptr<const SortedLabels> LabelSet::at(int horizon, Pool& pool) {
  if (const auto found = labels_.find(horizon); found != labels_.end()) {
    return found->second;
  }
  auto made = std::make_shared<SortedLabels>();
  made->labels = horizon == 1 ? one_day_.labels : maker_.labels(horizon, Whose::kMembers, pool);
  if (keeps_) {
    if (made->labels.returns.columns() <= kMostPlaces) {
      made->places = places_of(made->labels.returns, pool);
    }
    labels_[horizon] = made;
  }
  return made;
}

std::shared_ptr<const GroupedLabels> LabelSet::grouped(const SortedLabels& labels, Pool& pool) {
  LODE_ASSERT(groups_ != nullptr);
  if (grouped_ != nullptr && grouped_->horizon == labels.labels.horizon) {
    return grouped_;
  }
  const GroupCodes codes{.codes = groups_->codes, .groups = groups_->names.size()};
  auto made = std::make_shared<const GroupedLabels>(
      group_labels(labels.rows(), labels.labels.horizon, one_day_.labels.returns, codes, pool));
  if (keeps_) {
    grouped_ = made;
  }
  return made;
}

std::shared_ptr<const Liquidity> LabelSet::liquidity(Pool& pool) {
  if (liquidity_ != nullptr) {
    return liquidity_;
  }
  auto made = std::make_shared<const Liquidity>(liquidity_of(*market_, pool));
  if (keeps_) {
    liquidity_ = made;
  }
  return made;
}

const std::vector<double>& LabelSet::mean_member() {
  if (mean_member_.empty()) {
    mean_member_ = market_returns(*market_);
  }
  return mean_member_;
}

const std::vector<std::uint8_t>& LabelSet::regimes() {
  if (regimes_.empty()) {
    regimes_ = regimes_of(mean_member());
  }
  return regimes_;
}

}  // namespace lode::evaluate
