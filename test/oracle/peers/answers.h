// What public packages said of small panels (answers.tsv, written by record.py), and the panels themselves, made here
// by the same rule as there. For tests, which run in the root of the checkout.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace lode::oracle {

using Answer = std::vector<double>;

// By name; empty where the file is not there.
inline const std::map<std::string, Answer>& answers() {
  static const std::map<std::string, Answer> all = [] {
    std::map<std::string, Answer> out;
    std::ifstream file("test/oracle/peers/answers.tsv");
    for (std::string line; std::getline(file, line);) {
      std::istringstream cells(line);
      std::string name;
      std::getline(cells, name, '\t');
      if (name.starts_with('#')) continue;
      for (std::string cell; std::getline(cells, cell, '\t');) {
        out[name].push_back(std::strtod(cell.c_str(), nullptr));
      }
    }
    return out;
  }();
  return all;
}

// The named answer; throws where nothing was recorded under the name.
inline const Answer& answer(const std::string& name) { return answers().at(name); }

struct PeerCase {
  const char* name;
  std::uint64_t seed;
  int quantiles;
  std::int64_t levels;  // 0: none; else the factor is a multiple of it
  bool lists;           // Some names begin at row 20, some end from row 60 on
  bool thin;            // Every ninth date has 7 names or fewer
  bool gaps;            // 5 % of the cells are missing
};
inline constexpr PeerCase kPeerCases[] = {
    {"whole", 6, 5, 0, false, false, false}, {"plain", 1, 5, 0, false, false, true},
    {"ties", 2, 3, 500, false, false, true}, {"listings", 3, 4, 0, true, false, true},
    {"thin", 4, 3, 0, false, true, true},    {"all", 5, 3, 100, true, true, true}};
inline constexpr std::size_t kPeerRows = 96;
inline constexpr std::size_t kPeerColumns = 40;
inline constexpr std::size_t kPeerTail = 10;

// splitmix64 (Steele, Lea & Flood 2014) at a place.
inline std::uint64_t peer_bits(std::uint64_t seed, std::uint64_t what, std::uint64_t row, std::uint64_t column) {
  constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15ULL;
  std::uint64_t z = seed * kStep + (what * 1000 + row) * 1000 + column + kStep;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

using PeerPanel = std::vector<std::vector<double>>;  // [row][column]

inline PeerPanel empty_panel() {
  return PeerPanel(kPeerRows, std::vector<double>(kPeerColumns, std::numeric_limits<double>::quiet_NaN()));
}

inline PeerPanel peer_close(std::uint64_t seed, bool lists) {
  PeerPanel out = empty_panel();
  for (std::size_t column = 0; column < kPeerColumns; ++column) {
    auto ticks = static_cast<std::int64_t>(6400 + 64 * column);
    for (std::size_t row = 0; row < kPeerRows; ++row) {
      if (row > 0) {
        ticks =
            std::max<std::int64_t>(640, ticks + static_cast<std::int64_t>(peer_bits(seed, 1, row, column) % 401) - 200);
      }
      const bool begins = !lists || column % 7 != 1 || row >= 20;
      const bool ends = lists && column % 6 == 2 && row > 60 + column % 5;
      if (begins && !ends) out[row][column] = static_cast<double>(ticks) / 64.0;
    }
  }
  return out;
}

inline PeerPanel peer_factor(const PeerCase& asked, const PeerPanel& close) {
  PeerPanel out = empty_panel();
  for (std::size_t row = 0; row + kPeerTail < kPeerRows; ++row) {
    for (std::size_t column = 0; column < kPeerColumns; ++column) {
      std::int64_t total = 0;
      for (std::size_t past = row >= 7 ? row - 7 : 0; past <= row; ++past) {
        total += static_cast<std::int64_t>(peer_bits(asked.seed, 2, past, column) % 4001) - 2000;
      }
      if (asked.levels > 0) {  // Towards minus infinity.
        const std::int64_t part = ((total % asked.levels) + asked.levels) % asked.levels;
        total -= part;
      }
      const bool few = asked.thin && row % 9 == 4 && column % 6 != 0;
      const bool gap = asked.gaps && peer_bits(asked.seed, 3, row, column) % 20 == 0;
      if (!gap && !few && !std::isnan(close[row][column])) out[row][column] = static_cast<double>(total) / 8.0;
    }
  }
  return out;
}

}  // namespace lode::oracle
