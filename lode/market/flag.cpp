// Flags over one instrument's bars: moves, spikes, unit errors, gaps and odd volumes.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "lode/base/math.h"
#include "lode/market/quality.h"

namespace lode {
namespace {

constexpr std::array<BarFlagInfo, 10> kFlags = {{
    {BarFlag::kMove, "move", "close moved by more than the limit in a session, and no split is known"},
    {BarFlag::kSpike, "spike", "close moved by more than the limit and came back the next session"},
    {BarFlag::kVolumeOutlier, "volume_outlier", "log volume far from its last 60 sessions"},
    {BarFlag::kZeroVolume, "zero_volume", "no shares traded"},
    {BarFlag::kFractionalVolume, "fractional_volume", "volume of an equity is not a whole number"},
    {BarFlag::kGapBefore, "gap_before",
     "more sessions missing before it than the limit; where no calendar is known, days"},
    {BarFlag::kOutOfOrder, "out_of_order", "stood out of date order in its file"},
    {BarFlag::kPriceLocked, "price_locked", "one price all day after a move: locked at a daily limit"},
    {BarFlag::kUnitError, "unit_error", "moved by a power of ten and back: unit error suspected"},
    {BarFlag::kRepaired, "repaired", "prices in a unit error divided by their power of ten when imported, as told"},
}};

// A move is a spike when the next session undoes at least this share of it.
constexpr double kSpikeUndone = 0.5;
// The narrowest daily price limit in use is 5 %; rounding to the tick can make a locked move a little smaller.
constexpr double kLockedMove = 0.04;
// Volume is judged against this many earlier sessions that traded, once they exist.
constexpr std::size_t kVolumeWindow = 60;
// Below this variance of log volume the window is constant but for rounding, and a z-score means nothing.
constexpr double kVolumeVarianceMin = 1e-9;

std::uint64_t mask(BarFlag flag) { return static_cast<std::uint64_t>(flag); }

double change(const BarRow& from, const BarRow& to) { return to.close / from.close - 1.0; }

bool split_between(std::span<const Date> split_on, Date after, Date until) {
  return std::ranges::any_of(split_on, [&](Date ex) { return ex > after && ex <= until; });
}

void flag_moves(std::span<const BarRow> rows, std::span<const Date> split_on, const QualityLimits& limits,
                std::vector<std::uint64_t>& flags) {
  const double least = std::min({limits.move_limit, limits.spike_limit, kLockedMove});
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const BarRow& before = rows[i - 1];
    const double move = math::abs(change(before, rows[i]));
    if (move <= least || split_between(split_on, before.session, rows[i].session)) {
      continue;
    }
    flags[i] |= move > limits.move_limit ? mask(BarFlag::kMove) : 0;
    flags[i] |= move > kLockedMove && rows[i].high == rows[i].low ? mask(BarFlag::kPriceLocked) : 0;
    if (move > limits.spike_limit && i + 1 < rows.size()) {
      const double left = math::abs(rows[i + 1].close - before.close);
      const bool undone = left <= (1.0 - kSpikeUndone) * math::abs(rows[i].close - before.close);
      flags[i] |= undone ? mask(BarFlag::kSpike) : 0;
    }
  }
}

// Splits do not excuse a unit error: they do not revert.
void flag_units(std::span<const BarRow> rows, std::vector<std::uint64_t>& flags) {
  for (const UnitRun& run : unit_runs(rows)) {
    for (std::size_t bad = run.begin; bad < run.end; ++bad) {
      flags[bad] |= mask(BarFlag::kUnitError);
    }
  }
}

// Days the exchange was closed (a holiday, a storm) are no hole in anybody's bars.
bool is_gap(Date before, Date session, const QualityLimits& limits, const Calendar* calendar) {
  const int days = session - before;
  if (calendar == nullptr || days <= limits.gap_days) {  // There are no more sessions than days.
    return days > limits.gap_days;
  }
  return calendar->sessions_between(before, session) - 1 > limits.gap_days;
}

// z of each traded volume's logarithm against the kVolumeWindow traded sessions before it. The sums roll over values
// shifted by the first one, so that they stay small and lose no digits that matter beside a limit of 5.
void flag_volumes(std::span<const BarRow> rows, const QualityLimits& limits, std::vector<std::uint64_t>& flags) {
  std::vector<double> logs;
  std::vector<std::size_t> traded;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].volume > 0.0) {
      logs.push_back(rows[i].volume);
      traded.push_back(i);
    }
  }
  if (logs.size() <= kVolumeWindow) {
    return;
  }
  math::log(logs.data(), logs.data(), logs.size());
  const double shift = logs.front();
  constexpr auto kCount = static_cast<double>(kVolumeWindow);
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const double value = logs[i] - shift;
    if (i >= kVolumeWindow) {
      const double mean = sum / kCount;
      const double variance = (squares - sum * mean) / (kCount - 1.0);
      const double distance = value - mean;
      if (variance > kVolumeVarianceMin &&
          distance * distance > limits.volume_z_limit * limits.volume_z_limit * variance) {
        flags[traded[i]] |= mask(BarFlag::kVolumeOutlier);
      }
      const double oldest = logs[i - kVolumeWindow] - shift;
      sum -= oldest;
      squares -= oldest * oldest;
    }
    sum += value;
    squares += value * value;
  }
}

}  // namespace

std::span<const BarFlagInfo> bar_flags() { return kFlags; }

std::string flag_names(std::uint64_t flags) {
  std::string names;
  for (const BarFlagInfo& info : kFlags) {
    if ((flags & mask(info.flag)) != 0) {
      names.append(names.empty() ? "" : ",").append(info.name);
    }
  }
  return names;
}

std::vector<std::uint64_t> flag_rows(std::span<const BarRow> rows, std::span<const Date> split_on, bool is_equity,
                                     const QualityLimits& limits, const Calendar* calendar) {
  std::vector<std::uint64_t> flags(rows.size(), 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double volume = rows[i].volume;
    flags[i] |= volume == 0.0 ? mask(BarFlag::kZeroVolume) : 0;
    flags[i] |=
        is_equity && volume != math::floor(volume) && !math::is_nan(volume) ? mask(BarFlag::kFractionalVolume) : 0;
    const bool gap = i > 0 && is_gap(rows[i - 1].session, rows[i].session, limits, calendar);
    flags[i] |= gap ? mask(BarFlag::kGapBefore) : 0;
  }
  flag_moves(rows, split_on, limits, flags);
  flag_units(rows, flags);
  flag_volumes(rows, limits, flags);
  return flags;
}

}  // namespace lode
