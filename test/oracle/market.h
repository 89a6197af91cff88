// A small market that holds what goes wrong in real ones, for comparing formulas cell by cell: gaps, twins, ties in
// time and across names, constant and limit-locked stretches, no volume, splits, pennies and fortunes, late listings
// and delistings, lone, absent and changing groups.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "lode/base/random.h"

namespace lode::oracle {

using Grid64 = std::vector<std::vector<double>>;  // [session][instrument], NaN = missing

struct TrapMarket {
  static constexpr std::size_t kNames = 24;
  std::size_t sessions;
  std::size_t names = kNames;
  std::map<std::string, Grid64> fields;
  std::map<std::string, Grid64> groups;  // Codes; -1 = none

  TrapMarket(std::size_t count, std::uint64_t seed) : sessions(count), random_(seed, 3) {
    for (const char* name : {"open", "high", "low", "close", "volume", "amount", "vwap", "cap", "returns"}) {
      fields[name] = Grid64(count, std::vector<double>(kNames, std::nan("")));
    }
    for (std::size_t i = 0; i < kNames; ++i) {
      walk(i);
    }
    copy_name(3, 4);  // Twins.
    for (auto& [name, count_of] : std::map<std::string, int>{{"sector", 4}, {"industry", 6}, {"subindustry", 9}}) {
      groups[name] = Grid64(count, std::vector<double>(kNames));
      for (std::size_t t = 0; t < count; ++t) {
        for (std::size_t i = 0; i < kNames; ++i) {
          groups[name][t][i] = code(t, i, count_of);
        }
      }
    }
  }

  // A positive field that the market above does not have: an item of a report, an index. Every third name has gaps; the
  // others none, so that windows of a year are whole somewhere.
  void add(const std::string& name) {
    Grid64 grid(sessions, std::vector<double>(kNames, std::nan("")));
    for (std::size_t i = 0; i < kNames; ++i) {
      double value = std::exp(3.0 * random_.next_normal());
      for (std::size_t t = 0; t < sessions; ++t) {
        value = random_.next_uniform() < 0.05 ? value * (1.0 + 0.2 * random_.next_normal()) : value;
        grid[t][i] = i % 3 == 0 && random_.next_uniform() < 0.02 ? std::nan("") : value;
      }
    }
    fields[name] = grid;
  }

  // All names trade throughout, at prices and volumes that have no memory, so that ranks change every session: for
  // formulas that are missing where a few ranks in a row are equal.
  TrapMarket crowd() const {
    TrapMarket out = *this;
    for (std::size_t t = 0; t < sessions; ++t) {
      for (std::size_t i = 0; i < names; ++i) {
        double price[4];
        for (double& value : price) value = tick(100.0 * std::exp(0.05 * out.random_.next_normal()), 0.01);
        std::sort(std::begin(price), std::end(price));
        const bool is_rise = out.random_.next_uniform() < 0.5;
        const double volume = std::floor(1e5 * std::exp(out.random_.next_normal()));
        out.set(t, i, {price[is_rise ? 1 : 2], price[3], price[0], price[is_rise ? 2 : 1], volume});
      }
    }
    return out;
  }

  // These names alone: for formulas with long windows, of which many sessions are wanted but not many names.
  TrapMarket only(const std::vector<std::size_t>& wanted) const {
    TrapMarket out = *this;
    out.names = wanted.size();
    for (auto* grids : {&out.fields, &out.groups}) {
      for (auto& [name, grid] : *grids) {
        for (std::vector<double>& row : grid) {
          std::vector<double> kept;
          for (const std::size_t i : wanted) kept.push_back(row[i]);
          row = kept;
        }
      }
    }
    return out;
  }

 private:
  bool is_absent(std::size_t t, std::size_t i) {
    const std::size_t half = sessions / 2;
    switch (i) {
      case 8:  // Listed late.
        return t < half / 2;
      case 9:  // Delisted.
        return t > half + half / 2;
      case 10:  // Suspended for long, and now and then.
        return (t > half && t < half + 40) || t % 37 < 2;
      case 16:
        return true;
      case 17:  // The first, a middle and the last session.
        return t == 0 || t == half || t + 1 == sessions;
      default:
        return i >= 18 && random_.next_uniform() < 0.03;
    }
  }

  double next_price(std::size_t t, std::size_t i, double price) {
    const double move = 0.02 * random_.next_normal();
    switch (i) {
      case 5:  // Does not move for a long time.
        return t % 100 > 50 ? price : tick(price * (1.0 + move), 0.01);
      case 6:  // Pennies.
        return std::max(
            0.01, price + (random_.next_uniform() < 0.3 ? 0.01 : 0.0) - (random_.next_uniform() < 0.3 ? 0.01 : 0.0));
      case 13:  // One of few prices.
        return 10.0 + static_cast<double>(random_.next_below(3));
      case 14:  // A fortune a share.
        return tick(price * (1.0 + move), 1.0);
      case 15:  // Splits, unadjusted.
        return tick(t % 90 == 60 ? price / 2.0 : price * (1.0 + move), 0.01);
      default:
        return std::max(0.5, tick(price * (1.0 + move), 0.01));
    }
  }

  static double tick(double price, double size) { return std::round(price / size) * size; }

  void walk(std::size_t i) {
    double close = i == 6 ? 0.03 : (i == 14 ? 600000.0 : 20.0 + static_cast<double>(i));
    const double size = i == 6 || i != 14 ? 0.01 : 1.0;
    double before = std::nan("");
    for (std::size_t t = 0; t < sessions; ++t) {
      close = next_price(t, i, close);
      if (is_absent(t, i)) {
        before = std::nan("");
        continue;
      }
      const bool is_locked = i == 11 && t % 5 < 2;
      const double open = is_locked ? close : std::max(size, tick(close * (1.0 + 0.01 * random_.next_normal()), size));
      const double high = is_locked ? close : std::max(open, close) + size * static_cast<double>(random_.next_below(4));
      const double low =
          is_locked ? close
                    : std::max(size / 2, std::min(open, close) - size * static_cast<double>(random_.next_below(4)));
      double volume = std::floor(1e5 * std::exp(random_.next_normal()));
      volume = i == 7 ? 1e10 + volume : volume;
      volume = (i == 12 && t % 3 == 0) || (i == 11 && t % 20 == 0) ? 0.0 : volume;
      set(t, i, {open, high, low, close, volume});
      fields["returns"][t][i] = close / before - 1.0;
      before = close;
    }
  }

  void set(std::size_t t, std::size_t i, const std::vector<double>& bar) {
    const char* kinds[] = {"open", "high", "low", "close", "volume"};
    for (std::size_t k = 0; k < bar.size(); ++k) {
      fields[kinds[k]][t][i] = bar[k];
    }
    const double typical = (bar[1] + bar[2] + bar[3]) / 3.0;
    fields["amount"][t][i] = bar[4] * typical;
    fields["vwap"][t][i] = bar[4] > 0.0 ? typical : std::nan("");
    fields["cap"][t][i] = bar[3] * 1e7 * static_cast<double>(i + 1);
  }

  void copy_name(std::size_t from, std::size_t to) {
    for (auto& [name, grid] : fields) {
      for (std::vector<double>& row : grid) {
        row[to] = row[from];
      }
    }
  }

  double code(std::size_t t, std::size_t i, int count) const {
    if (i == 18) {
      return count;  // Alone in its group.
    }
    if (i == 19) {
      return -1.0;
    }
    const std::size_t moved = i == 20 && t > sessions / 2 ? 1 : 0;
    return static_cast<double>((i + moved) % static_cast<std::size_t>(count));
  }

  Random random_;
};

}  // namespace lode::oracle
