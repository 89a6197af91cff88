// A market in which every cell is a pure function of its field, instrument and session, so that it can be cut short,
// shuffled, widened or damaged without any other cell changing: ties, constant stretches, zeros, pennies, millions,
// late listings, gaps, infinities, groups that change, a universe with holes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "lode/base/random.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/test_panels.h"

namespace lode::expr::testing {

using Instruments = std::vector<std::size_t>;
inline constexpr std::size_t kStranger = 1'000;  // Instruments from here on are never in the universe.

class RandomMarket {
 public:
  static constexpr std::array kFields = {"open", "high", "low", "close", "volume", "amount", "vwap", "cap"};
  static constexpr std::size_t kLastListing = 11;  // By this session every name but the absent one has its first bar.

  explicit RandomMarket(std::uint64_t seed) : seed_(seed) {}

  // One name in seventeen never has a bar.
  static bool is_absent(std::size_t name) { return name % 17 == 16; }

  // Whole numbers alone, so that adding a whole number is exact.
  bool is_whole = false;
  // One name in five jumps between 1e-30 and 1e30: sums that round what others are made of.
  bool is_wild = false;
  // What a cell becomes; by field, instrument, session.
  std::function<double(std::size_t, std::size_t, std::size_t, double)> change;

  // Sessions from `first` on.
  Fields fields(std::size_t rows, const Instruments& names, std::size_t first = 0) const {
    Fields fields(make_axis(rows, names.size()));
    for (std::size_t field = 0; field < kFields.size(); ++field) {
      Panel panel(fields.shared_axis(), Precision::kFloat64);
      for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < names.size(); ++column) {
          const double value = cell(field, names[column], first + row);
          panel.mutable_row64(row)[column] = change ? change(field, names[column], first + row, value) : value;
        }
      }
      fields.set(kFields[field], panel);
    }
    GroupPanel sector{fields.shared_axis(), {}, {}};
    std::vector<std::uint8_t> inside;
    for (std::size_t row = first; row < first + rows; ++row) {
      for (const std::size_t name : names) {
        sector.codes.push_back(static_cast<std::int32_t>((name + (name % 3 == 0 ? row / 20 : 0)) % 5) - 1);
        inside.push_back(name < kStranger && random(name, row, 98).uniform_at(0) < 0.95 ? 1 : 0);
      }
    }
    fields.set("sector", sector);
    fields.set_universe(inside);
    return fields;
  }

 private:
  Random random(std::size_t name, std::size_t row, std::size_t field) const {
    return {seed_, (name << 32) + (row << 8) + field};
  }

  double cell(std::size_t field, std::size_t name, std::size_t row) const {
    const std::size_t start = name % 7 == 6 ? name * 3 % kLastListing : 0;
    const Random here = random(name, row, field);
    const double chance = here.uniform_at(0);
    if (row < start || is_absent(name) || (row > start && chance < 0.05)) {
      return std::nan("");
    }
    if (row > start && chance < 0.055) {
      return chance < 0.052 ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
    }
    const double normal = here.normal_at(1);
    const double size = is_wild && name % 5 == 2 ? std::pow(10.0, std::floor(61.0 * here.uniform_at(2)) - 30.0) : 1.0;
    const double value = size * plain_cell(field, name, row, normal, chance);
    return is_whole ? std::round(value > 1e4 ? normal * 20.0 : value) : value;
  }

  double plain_cell(std::size_t field, std::size_t name, std::size_t row, double normal, double chance) const {
    switch (name % 7) {
      case 1:  // Stands still for a week, then moves.
        return 10.0 + std::round(4.0 * random(name, row / 7, field).normal_at(1)) / 4.0;
      case 2:
        return chance < 0.4 ? (chance < 0.2 ? 0.0 : -0.0) : normal;
      case 3:
        return row % 30 < 20 ? 2.0 : 2.0 + 0.25 * std::round(normal);
      case 4:
        return 3e6 + 1e4 * normal;
      case 5:
        return 0.01 * (1.0 + std::floor(5.0 * chance));
      default:
        return 20.0 + 0.25 * std::round(8.0 * normal);  // Ties across names and in time.
    }
  }

  std::uint64_t seed_;
};

}  // namespace lode::expr::testing
