// A synthetic market as the files a vendor would deliver: CSV with a header, rows by session, then symbol.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lode/core/synth/market.h"

namespace lode::synth {

// bars_2020.csv: date,symbol,open,high,low,close,volume,amount; one file a year, dirty rows included. Empty for a year
// without sessions.
std::string bars_csv(const Market& market, int year);
std::string bars_file_name(int year);          // "bars_2020.csv"
std::vector<int> years(const Market& market);  // Ascending.

std::string instruments_csv(const Market& market);  // symbol,kind,currency,listed_on
// ex_date,symbol,kind,ratio,amount,currency,declared_on; delistings stand last, dated the session after the last bar,
// with the delisting return as amount.
std::string actions_csv(const Market& market);
std::string groups_csv(const Market& market);    // symbol,scheme,sector,industry,valid_from,valid_to
std::string universe_csv(const Market& market);  // name,symbol,valid_from,valid_to

}  // namespace lode::synth
