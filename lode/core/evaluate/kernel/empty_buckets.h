// Why a bucket has too few dates when the factor has too few different values: equal values share a bucket, and the
// buckets between them stay empty.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/core/evaluate/kernel/dates.h"

namespace lode::evaluate {

// "the top bucket is empty on 1,249 of 1,249 dates: the factor has at most 2 different values a date", for buckets
// 1..quantiles of `dates`, made with Depth::kEverything from `factor`; "" when the bucket has members on every date
// with buckets.
std::string why_empty(const SortedRows& factor, const Buckets& buckets, int bucket);

// The cause in the place of the count of dates, where a bucket's or the spread's number is missing for it.
void explain_empty_buckets(const SortedRows& factor, const Buckets& buckets, HorizonResult& result);

}  // namespace lode::evaluate
