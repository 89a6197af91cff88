// Whose name a pair was, and when. A pair that pauses for more than seven days comes back as a new instrument: the name
// was given to another coin before. The spells of a pair grow by files in any order; a hole that no file was read of is
// no pause, for nothing tells what was in it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/time.h"

namespace lode::source::binance {

inline constexpr int kPauseDays = 7;

// Both days included.
struct Days {
  Date first, last;
  bool operator==(const Days&) const = default;
};

// "BTCUSDT-1d-2024-05.zip" and "BTCUSDT-1d-2024-05-17.zip": the days that are in it; nullopt for another name.
std::optional<Days> days_of_file(std::string_view name);
// The same of the date alone, "2024-05" or "2024-05-17".
std::optional<Days> days_of_stamp(std::string_view stamp);

// "2017-08-17..2022-05-13;2022-05-31..2024-06-01": the n-th is the pair's n-th instrument, whatever its days.
class Spells {
 public:
  Spells() = default;
  explicit Spells(std::string_view text);
  std::string text() const;

  // The numbers of the instruments of one file's sessions, which are ascending and each there once; their spells grow
  // to them. All days of `read`, which holds the file's, were read by now, or have no file: a session more than seven
  // days from a spell is another instrument where the days between are all among them, and the same where they are not.
  std::vector<std::uint32_t> take(const std::vector<Date>& sessions, const Days& read);

  // What is read again is not known: the days from `first` on are taken away, and numbers without days are free again.
  void forget(Date first);

  std::uint32_t size() const { return static_cast<std::uint32_t>(spells_.size()); }
  bool holds(std::uint32_t number) const;  // False of a number that has no days.
  const Days& at(std::uint32_t number) const { return spells_[number]; }
  // From the first to the last day of all; nullopt where there is none.
  std::optional<Days> whole() const;
  // True when a later spell than `number`'s is known: its days are over. False of one without days.
  bool is_followed(std::uint32_t number) const;

 private:
  std::vector<std::uint32_t> touched(const Days& run) const;
  void take_beside(const std::vector<std::uint32_t>& beside, std::span<const Date> run, std::span<std::uint32_t> out);
  std::uint32_t number_apart(const Days& run, const Days& read);
  std::vector<Days> spells_;  // One whose first day lies behind its last is free.
};

}  // namespace lode::source::binance
