// What Yahoo's answers are before any of them is read as data, and how its symbols name instruments.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/io/source/collect/source.h"
#include "lode/market/instrument.h"

namespace lode::source::yahoo {

inline constexpr std::string_view kPace = "yahoo.com";
std::vector<Pace> yahoo_paces();        // A request each two seconds, at most one a second.
std::vector<Setting> yahoo_settings();  // yahoo.base_url
std::string_view yahoo_terms();

// Class of an answer by status and words. "Too Many Requests" is throttled and "Will be right back" unavailable under
// any status; a page asking for consent is denied; an error object "Not Found" is gone.
Verdict judge(const Response& response);

// The instrument a symbol of Yahoo's names, by its exchange code: CBA.AX of ASX is CBA on XASX, BRK-B of NYQ is BRK.B
// on XNYS. An exchange not known keeps the symbol as it is, on XXXX.
struct Named {
  std::string mic;
  std::string symbol;
  InstrumentId id;
};
Named name_instrument(std::string_view yahoo_symbol, std::string_view exchange);
// EQUITY -> equity, ETF -> etf, INDEX, FUTURE, OPTION, CRYPTOCURRENCY -> crypto, CURRENCY -> fx; "" else.
std::string_view instrument_kind(std::string_view type);

// Prices in minor units: GBp is 100 to the GBP, ZAc to the ZAR, ILA to the ILS. `per` is what divides a price.
struct Unit {
  std::string currency;
  double per = 1;
};
Unit unit_of(std::string_view currency);

}  // namespace lode::source::yahoo
