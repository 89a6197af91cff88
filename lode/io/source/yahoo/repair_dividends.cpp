// Dividends against the adjusted close and against the fall of the price. The adjusted close holds, for each dividend,
// a step of 1 - amount / close before; where event and step disagree, the price's fall of that day decides, pooled over
// the symbol's dividends, as a likelihood ratio of normal moves.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "lode/io/source/yahoo/repair.h"

namespace lode::source::yahoo {
namespace {

constexpr double kNoise = 5e-6;       // Of a step: prices come in single precision.
constexpr double kAgrees = 0.02;      // Relative: event and step say the same.
constexpr double kScaled = 0.1;       // Relative: they differ by a hundred.
constexpr double kSure = 6;           // Log of the likelihood ratio that overrules what is stated twice.
constexpr double kMostCost = 12;      // Of one day: other things move prices too.
constexpr double kLeastSigma = 0.01;  // Of a day's move: quiet stocks still jump.
constexpr double kTiny = 0.0005;      // Of the price: a usual dividend is no such part of it.
constexpr double kPlausible = 0.1;    // Of the price: a usual dividend is less.
constexpr int kTwiceDays = 17;        // Dividends of one amount nearer than that are one.

// How the adjusted close took the dividend.
enum class Taken : std::uint8_t { kAsStated, kHundredth, kHundredfold, kBySplit, kNot, kUnclear };

struct Event {
  std::size_t row;     // Of the ex-date.
  std::size_t before;  // The last row before it with a close.
  double close;        // Of that row.
  double share;        // Amount / close.
  double step;         // 1 - the adjusted close's factor over the day.
  double fall;         // 1 - close of the day / close before.
  Taken taken = Taken::kUnclear;
  double truth;  // Amount as found.
  Repair repair = Repair::kDividendUnadjusted;
  bool is_moved = false;
  double asked = 0;  // Share of the price the adjusted close should have taken.
};

bool is_row(const ChartRow& row) {
  return row.close > 0 && row.adjusted > 0 && std::isfinite(row.close / row.adjusted);
}

// Standard deviation of a day's move from the mean of its size; splits and unit errors are left out.
double sigma_of(std::span<const ChartRow> rows) {
  double sum = 0;
  int count = 0;
  double before = std::numeric_limits<double>::quiet_NaN();
  for (const ChartRow& row : rows) {
    if (!(row.close > 0)) {
      continue;
    }
    const double move = std::abs(row.close / before - 1);
    if (move < 0.5) {
      sum += move;
      ++count;
    }
    before = row.close;
  }
  constexpr double kMeanToDeviation = 1.2533;  // sqrt(pi / 2)
  return std::max(kLeastSigma, count > 0 ? sum / count * kMeanToDeviation : 0.0);
}

Taken taken_of(const Event& event, double split) {
  const auto is_near = [&](double share, double relative) {
    return std::abs(event.step - share) < kNoise + relative * share;
  };
  if (is_near(event.share, kAgrees)) {
    return Taken::kAsStated;
  }
  if (split > 0 && split != 1 && is_near(event.share / split, kAgrees)) {
    return Taken::kBySplit;
  }
  if (std::abs(event.step) < kNoise + 0.005 * event.share) {
    return Taken::kNot;
  }
  if (is_near(event.share / 100, kScaled)) {
    return Taken::kHundredth;
  }
  return is_near(event.share * 100, kScaled) ? Taken::kHundredfold : Taken::kUnclear;
}

std::vector<Event> events_of(std::span<const ChartRow> rows) {
  std::vector<Event> out;
  std::optional<std::size_t> before;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!is_row(rows[i])) {
      continue;
    }
    if (before && rows[i].dividend > 0 && std::isfinite(rows[i].dividend)) {
      const ChartRow& b = rows[*before];
      Event event{.row = i,
                  .before = *before,
                  .close = b.close,
                  .share = rows[i].dividend / b.close,
                  .step = 1 - (b.adjusted / b.close) / (rows[i].adjusted / rows[i].close),
                  .fall = 1 - rows[i].close / b.close,
                  .truth = rows[i].dividend};
      event.asked = event.share;
      event.taken = taken_of(event, rows[i].split);
      out.push_back(event);
    }
    before = i;
  }
  return out;
}

// Log likelihood by which the day's fall favours share `a` over `b`. A price that did not move at all says nothing: no
// one traded.
double favours(const Event& event, double a, double b, double sigma) {
  if (event.fall == 0) {
    return 0;
  }
  const auto cost = [&](double share) {
    const double miss = (event.fall - share) / sigma;
    return std::min(kMostCost, miss * miss / 2);
  };
  return cost(b) - cost(a);
}

// Event and step differ by a hundred: all such events of the symbol are judged together.
bool judge_scaled(std::vector<Event>& events, Taken taken, double by, double sigma) {
  double for_event = 0;
  for (const Event& event : events) {
    if (event.taken == taken) {
      for_event += favours(event, event.share, event.share * by, sigma);
      for_event += event.share <= kPlausible && event.share >= kTiny ? 1 : -1;
    }
  }
  if (for_event >= 0) {
    return false;
  }
  for (Event& event : events) {
    if (event.taken == taken) {
      event.truth *= by;
      event.asked *= by;
      event.repair = Repair::kDividendUnit;
    }
  }
  return true;
}

// Amounts a hundred times too small throughout: most are no usual part of the price, and the falls say so.
void judge_tiny(std::vector<Event>& events, double sigma) {
  double evidence = 0;
  std::size_t tiny = 0;
  for (const Event& event : events) {
    if (event.share < kTiny && event.taken == Taken::kAsStated) {
      ++tiny;
      evidence += favours(event, event.share * 100, event.share, sigma);
    }
  }
  if (tiny < 3 || tiny * 2 <= events.size() || evidence <= 0) {
    return;
  }
  for (Event& event : events) {
    if (event.share < kTiny && event.taken == Taken::kAsStated) {
      event.truth *= 100;
      event.asked = event.step * 100;  // The vendor's own step, which holds the close it was taken of.
      event.repair = Repair::kDividendUnit;
    }
  }
}

// The next row with prices; nullopt at the end.
std::optional<std::size_t> next_row(std::span<const ChartRow> rows, std::size_t row) {
  for (std::size_t i = row + 1; i < rows.size(); ++i) {
    if (is_row(rows[i])) {
      return i;
    }
  }
  return std::nullopt;
}

// A large dividend without a fall: a day early when the next session fell by about that much, else a hundred times off.
void judge_large(std::span<const ChartRow> rows, std::vector<Event>& events, bool hundredfold, double sigma) {
  for (Event& event : events) {
    const bool open_question = event.taken == Taken::kAsStated || event.taken == Taken::kNot;
    if (!open_question || event.truth != rows[event.row].dividend) {
      continue;
    }
    const double against = favours(event, event.share / 100, event.share, sigma);
    if (against < kSure && !(hundredfold && event.taken == Taken::kNot && event.share > kPlausible)) {
      continue;
    }
    const auto next = next_row(rows, event.row);
    if (next) {
      const double close = rows[event.row].close;
      const double share = event.truth / close;
      const double fall = 1 - rows[*next].close / close;
      const double deepest = 1 - rows[*next].low / close;
      if (fall > share / 2 && deepest < 1.5 * share && fall > 2 * sigma) {
        event.is_moved = true;
        event.repair = Repair::kDividendDay;
        continue;
      }
    }
    event.truth /= 100;
    event.asked /= 100;
    event.repair = Repair::kDividendUnit;
  }
}

void judge_twice(std::span<const ChartRow> rows, std::vector<Event>& events) {
  for (std::size_t k = 1; k < events.size(); ++k) {
    Event& first = events[k - 1];
    Event& second = events[k];
    const bool same = std::abs(first.truth - second.truth) <= 1e-6 * second.truth && first.truth > 0;
    if (same && rows[second.row].session - rows[first.row].session <= kTwiceDays) {
      Event& phantom = first.fall < second.fall ? first : second;
      phantom.truth = 0;
      phantom.asked = 0;
      phantom.repair = Repair::kDividendTwice;
    }
  }
}

// Rows before the step take the factor the amount asks for in place of the one they have.
void readjust(std::vector<ChartRow>& rows, std::size_t before_row, double factor, double has) {
  for (std::size_t i = 0; i <= before_row; ++i) {
    rows[i].adjusted *= factor / has;
  }
}

void apply(std::vector<ChartRow>& rows, const Event& event, std::vector<DividendRepair>& done) {
  if (event.is_moved) {
    const auto next = next_row(rows, event.row);
    rows[event.row].dividend = 0;
    rows[*next].dividend += event.truth;
    const double asked = 1 - event.truth / rows[event.row].close;
    readjust(rows, event.before, 1, 1 - event.step);
    readjust(rows, event.row, asked, 1);
    done.push_back({event.row, event.repair});
    done.push_back({*next, event.repair});
    return;
  }
  const double share = event.asked;
  const bool is_adjusted = std::abs(event.step - share) < kNoise + kAgrees * share;
  if (event.truth != rows[event.row].dividend) {
    rows[event.row].dividend = event.truth;
    done.push_back({event.row, event.repair});
  } else if (!is_adjusted) {
    done.push_back({event.row, Repair::kDividendUnadjusted});
  }
  if (!is_adjusted && share < 1) {
    readjust(rows, event.before, 1 - share, 1 - event.step);
  }
}

}  // namespace

std::vector<DividendRepair> repair_dividends(std::vector<ChartRow>& rows) {
  std::vector<Event> events = events_of(rows);
  const double sigma = sigma_of(rows);
  for (Event& event : events) {
    if (event.taken == Taken::kBySplit) {
      event.truth /= rows[event.row].split;
      event.asked /= rows[event.row].split;
      event.repair = Repair::kDividendSplit;
    }
  }
  const bool hundredfold = judge_scaled(events, Taken::kHundredth, 0.01, sigma);
  judge_scaled(events, Taken::kHundredfold, 100, sigma);
  judge_tiny(events, sigma);
  judge_large(rows, events, hundredfold, sigma);
  judge_twice(rows, events);
  std::vector<DividendRepair> done;
  for (const Event& event : events) {
    if (event.taken != Taken::kUnclear) {
      apply(rows, event, done);
    }
  }
  return done;
}

}  // namespace lode::source::yahoo
