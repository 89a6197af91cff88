// Return on assets as it was known: a factor made of filings' facts, for `lode demo --live`. The net income of the last
// four quarters that a reader knew at each session's close, over the assets of the same balance sheet. Neither is a
// number a share, so splits and classes of shares do not enter. (A company's profitability as a predictor: R.
// Novy-Marx, The other side of value, Journal of Financial Economics 108, 2013.)
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/flow/steps/facts/statement.h"
#include "lode/market/panel.h"

namespace lode::flow {

// One value a time of `times` (ascending): NaN where fewer than four quarters in a row were known in USD, where no
// balance sheet of the last one's end was, or where that end is more than kStaleDays past. Pure.
std::vector<double> profitability(std::span<const KnownSeries> company, std::span<const Time> times);
inline constexpr int kStaleDays = 200;  // A quarter and a half, and a late filing: older statements are of the past.

// "date,symbol,value" lines of the cells that have a value, by session; columns[i] holds the values of column i, empty
// for none. For `--values`.
std::string values_csv(const Axis& axis, std::span<const std::vector<double>> columns);

}  // namespace lode::flow
