// Corporate actions and price adjustment: computed when read, as known at a reader's as_of; never stored (lake.md 4).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/base/time.h"

namespace lode {

enum class ActionKind : std::uint8_t { kSplit, kDividend, kSpecial, kSpinOff, kRights, kRename, kMerger, kDelisting };
std::string_view to_string(ActionKind kind);  // "split", "spin_off", ...
bool parse_action_kind(std::string_view text, ActionKind& out);

struct Action {
  Date ex_date;
  ActionKind kind = ActionKind::kSplit;
  double ratio = 1.0;   // Split, stock dividend: new shares an old one.
  double amount = 0.0;  // Dividend, special, spin-off, rights: cash value a share; NaN when unknown.
  Time known_time;
};

// --adjust all|split|none.
enum class Adjust : std::uint8_t { kAll, kSplit, kNone };
Result<Adjust> parse_adjust(std::string_view text);  // E0004

// Why an action could not be applied.
struct ActionFault {
  Action action;
  std::string reason;  // "dividend 12 is not below the close before it, 9.8"
};

// Per-session multipliers of one instrument: adjusted price = raw * price[i], adjusted volume = raw * volume[i].
struct Adjustment {
  std::vector<double> price;
  std::vector<double> volume;
  std::vector<ActionFault> faults;
};

// Walks back from the last session. `sessions` ascending with `raw_close` beside (NaN where no bar); only actions with
// known_time <= as_of and ex_date <= the UTC date of as_of count. Split factor s = product of ratios of later ex-dates;
// a dividend on the day of a split is per share before it; dividend factor d = product of (1 - amount / raw close of
// the last valid session before ex_date), where payments of one day add up first, for the price falls by their sum
// once. price = d / s, volume = s. A dividend >= that close or below 0, a ratio <= 0 or not finite, an unknown amount,
// or no session before the ex-date: a fault, not applied. Special dividends, spin-offs and rights count as dividends;
// renames, mergers and delistings change no price. kSplit leaves dividends out.
Adjustment adjust(std::span<const Date> sessions, std::span<const double> raw_close, std::span<const Action> actions,
                  Time as_of, Adjust mode);

}  // namespace lode
