// What a bucket's names did before and after the signal: their mean return in each session around it.
//
// For each date t with buckets whose window t - 10 .. t + 21 lies inside the data, and each offset d: the mean return
// of the bucket's names in session t + d (close to close), less the same mean over the names of all buckets; then mean
// and standard error over these dates. That is alphalens' average_cumulative_return_by_quantile with demeaned=True on
// daily returns; its deviation over dates comes without the allowance for overlap made here. The path adds these
// returns up from the close of t, where it is 0. It is no trade (the signal needs that close) but shows what the factor
// follows (before) and what follows it (after). The error of a step is ordinary, since the sessions of different dates
// do not overlap; that of the path d sessions away Newey and West's (1987) with lag |d| - 1.
//
// A missing close counts as the last known one: a halted name stands still and makes good what it missed on its next
// close; a name not listed yet stands still too. A delisting earns its return in the session after the last bar, where
// it is known.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/core/evaluate/kernel/dates.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

// Of buckets made on the rows of `market`. Nothing but a reason below min_dates such dates. One pass over the cells, 32
// additions each. Same bits for any thread count.
EventStudy event_study(const Buckets& buckets, const Market& market, const Options& options, Pool& pool);

}  // namespace lode::evaluate
