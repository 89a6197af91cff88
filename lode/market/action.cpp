// Corporate actions walked backwards into multipliers.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/action.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/base/text.h"

namespace lode {
namespace {

constexpr std::array<std::string_view, 8> kKinds = {"split",  "dividend", "special", "spin_off",
                                                    "rights", "rename",   "merger",  "delisting"};

bool pays_cash(ActionKind kind) {
  return kind == ActionKind::kDividend || kind == ActionKind::kSpecial || kind == ActionKind::kSpinOff ||
         kind == ActionKind::kRights;
}

// What one ex-date does to every session before it: shares multiply by `ratio`, and `paid` is the cash a share that
// leaves the price. Payments of one day add up, for the price falls by their sum once.
struct ExDay {
  double ratio = 1.0;
  double paid = 0.0;
};

// The reason the action cannot be applied; empty when it can. `before` is the last valid close before the ex-date.
std::string fault_of(const Action& action, std::optional<double> before, double paid) {
  const std::string_view kind = to_string(action.kind);
  if (action.kind == ActionKind::kSplit) {
    if (!math::is_finite(action.ratio) || action.ratio <= 0.0) {
      return fmt::format("split ratio {} is not above 0", action.ratio);
    }
  } else if (math::is_nan(action.amount)) {
    return fmt::format("the cash value of the {} is not known", kind);
  } else if (!math::is_finite(action.amount) || action.amount < 0.0) {
    return fmt::format("{} {} is below 0 or not finite", kind, action.amount);
  }
  if (!before) {
    return fmt::format("no session with a close stands before the ex-date {}", to_string(action.ex_date));
  }
  if (action.kind != ActionKind::kSplit && action.amount + paid >= *before) {
    return fmt::format("{} {} is not below the close before it, {}", kind, shortest(action.amount + paid),
                       shortest(*before));
  }
  return {};
}

bool counts(const Action& action, Time as_of, Adjust mode) {
  const bool in_mode = action.kind == ActionKind::kSplit || (mode == Adjust::kAll && pays_cash(action.kind));
  return in_mode && action.known_time <= as_of && action.ex_date <= utc_date(as_of);
}

std::optional<double> last_close_before(std::span<const Date> sessions, std::span<const double> raw_close, Date ex) {
  auto row = static_cast<std::size_t>(std::ranges::lower_bound(sessions, ex) - sessions.begin());
  while (row > 0) {
    --row;
    if (math::is_finite(raw_close[row]) && raw_close[row] > 0.0) {
      return raw_close[row];
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(ActionKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

bool parse_action_kind(std::string_view text, ActionKind& out) {
  const auto* found = std::ranges::find(kKinds, text);
  if (found == kKinds.end()) {
    return false;
  }
  out = static_cast<ActionKind>(found - kKinds.begin());
  return true;
}

Result<Adjust> parse_adjust(std::string_view text) {
  if (text == "all") {
    return Adjust::kAll;
  }
  if (text == "split") {
    return Adjust::kSplit;
  }
  if (text == "none") {
    return Adjust::kNone;
  }
  return fail(E::E4, fmt::format("'{}' is not a way to adjust prices, expected all, split or none", text),
              did_you_mean(text, std::array<std::string, 3>{"all", "split", "none"}));
}

Adjustment adjust(std::span<const Date> sessions, std::span<const double> raw_close, std::span<const Action> actions,
                  Time as_of, Adjust mode) {
  LODE_ASSERT(sessions.size() == raw_close.size());
  Adjustment out;
  out.price.assign(sessions.size(), 1.0);
  out.volume.assign(sessions.size(), 1.0);
  if (mode == Adjust::kNone) {
    return out;
  }
  std::vector<Action> known;
  std::ranges::copy_if(actions, std::back_inserter(known), [&](const Action& a) { return counts(a, as_of, mode); });
  std::ranges::stable_sort(known, std::ranges::greater(), &Action::ex_date);

  double splits = 1.0;
  double dividends = 1.0;
  std::size_t row = sessions.size();
  for (std::size_t next = 0; next < known.size();) {
    const Date ex = known[next].ex_date;
    for (; row > 0 && sessions[row - 1] >= ex; --row) {
      out.price[row - 1] = dividends / splits;
      out.volume[row - 1] = splits;
    }
    const std::optional<double> before = last_close_before(sessions, raw_close, ex);
    ExDay day;
    for (; next < known.size() && known[next].ex_date == ex; ++next) {
      if (std::string reason = fault_of(known[next], before, day.paid); !reason.empty()) {
        out.faults.push_back({known[next], std::move(reason)});
      } else if (known[next].kind == ActionKind::kSplit) {
        day.ratio *= known[next].ratio;
      } else {
        day.paid += known[next].amount;
      }
    }
    splits *= day.ratio;
    dividends *= before ? 1.0 - day.paid / *before : 1.0;
  }
  for (; row > 0; --row) {
    out.price[row - 1] = dividends / splits;
    out.volume[row - 1] = splits;
  }
  return out;
}

}  // namespace lode
