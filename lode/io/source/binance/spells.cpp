// Spells of names as sets of days.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/binance/spells.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"

namespace lode::source::binance {
namespace {

constexpr Days kFree{Date{1}, Date{0}};

bool is_free(const Days& spell) { return spell.first > spell.last; }

void grow(Days& spell, Date day) {
  spell.first = std::min(spell.first, day);
  spell.last = std::max(spell.last, day);
}

// Sessions without a pause between them.
std::vector<Days> runs_of(const std::vector<Date>& sessions) {
  std::vector<Days> out;
  for (const Date day : sessions) {
    if (out.empty() || day - out.back().last > kPauseDays) {
      out.push_back({day, day});
    }
    out.back().last = day;
  }
  return out;
}

}  // namespace

std::optional<Days> days_of_stamp(std::string_view stamp) {
  Date day;
  if (stamp.size() == 10 && try_parse_date(stamp, day)) {
    return Days{day, day};
  }
  if (stamp.size() == 7 && try_parse_date(std::string(stamp) + "-01", day)) {
    Date end = day + 27;
    while ((end + 1).month() == day.month()) {
      end = end + 1;
    }
    return Days{day, end};
  }
  return std::nullopt;
}

std::optional<Days> days_of_file(std::string_view name) {
  if (!name.ends_with(".zip")) {
    return std::nullopt;
  }
  name.remove_suffix(4);
  for (const std::size_t size : {std::size_t{10}, std::size_t{7}}) {
    if (name.size() > size && name[name.size() - size - 1] == '-') {
      if (const auto days = days_of_stamp(name.substr(name.size() - size))) {
        return days;
      }
    }
  }
  return std::nullopt;
}

Spells::Spells(std::string_view text) {
  for (const std::string_view spell : text.empty() ? std::vector<std::string_view>() : split(text, ';')) {
    Days days;
    const bool is_good = spell.size() == 22 && try_parse_date(spell.substr(0, 10), days.first) &&
                         try_parse_date(spell.substr(12), days.last);
    spells_.push_back(is_good ? days : kFree);  // Its number stays.
  }
}

std::string Spells::text() const {
  std::string out;
  for (std::size_t i = 0; i < spells_.size(); ++i) {
    out += i > 0 ? ";" : "";
    out += is_free(spells_[i]) ? "" : fmt::format("{}..{}", to_string(spells_[i].first), to_string(spells_[i].last));
  }
  return out;
}

std::optional<Days> Spells::whole() const {
  std::optional<Days> out;
  for (const Days& spell : spells_) {
    if (!is_free(spell)) {
      out = out ? Days{std::min(out->first, spell.first), std::max(out->last, spell.last)} : spell;
    }
  }
  return out;
}

bool Spells::holds(std::uint32_t number) const { return number < spells_.size() && !is_free(spells_[number]); }

bool Spells::is_followed(std::uint32_t number) const {
  return holds(number) && std::ranges::any_of(spells_, [&](const Days& one) {
           return !is_free(one) && one.first > spells_[number].last;
         });
}

void Spells::forget(Date first) {
  for (Days& spell : spells_) {
    spell.last = std::min(spell.last, first - 1);
    spell = is_free(spell) ? kFree : spell;
  }
  while (!spells_.empty() && is_free(spells_.back())) {
    spells_.pop_back();
  }
}

// Spells that no pause parts from the run, by their days.
std::vector<std::uint32_t> Spells::touched(const Days& run) const {
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i < spells_.size(); ++i) {
    const Days& spell = spells_[i];
    if (!is_free(spell) && spell.first - run.last <= kPauseDays && run.first - spell.last <= kPauseDays) {
      out.push_back(static_cast<std::uint32_t>(i));
    }
  }
  std::ranges::sort(out, {}, [&](std::uint32_t i) { return spells_[i].first; });
  return out;
}

// The number of a run that lies more than a pause from every spell.
std::uint32_t Spells::number_apart(const Days& run, const Days& read) {
  std::optional<std::uint32_t> left, right, free;
  for (std::size_t i = spells_.size(); i-- > 0;) {
    const auto number = static_cast<std::uint32_t>(i);
    if (is_free(spells_[i])) {
      free = number;
    } else if (spells_[i].last < run.first) {
      left = !left || spells_[i].last > spells_[*left].last ? number : *left;
    } else {
      right = !right || spells_[i].first < spells_[*right].first ? number : *right;
    }
  }
  if (left && spells_[*left].last + 1 < read.first) {
    return *left;
  }
  if (right && spells_[*right].first - 1 > read.last) {
    return *right;
  }
  if (!free) {
    free = static_cast<std::uint32_t>(spells_.size());
    spells_.push_back(kFree);
  }
  spells_[*free] = run;
  return *free;
}

// The numbers of the sessions of a run beside known spells: each is of the one it is in, else of the one before it.
void Spells::take_beside(const std::vector<std::uint32_t>& beside, std::span<const Date> run,
                         std::span<std::uint32_t> out) {
  for (std::size_t i = 0; i < run.size(); ++i) {
    std::uint32_t number = beside.front();
    for (const std::uint32_t one : beside) {
      number = spells_[one].first <= run[i] ? one : number;
    }
    out[i] = number;
    grow(spells_[number], run[i]);
  }
}

std::vector<std::uint32_t> Spells::take(const std::vector<Date>& sessions, const Days& read) {
  std::vector<std::uint32_t> out(sessions.size(), 0);
  struct Run {
    Days days;
    std::size_t begin, size;
  };
  std::vector<Run> apart;
  std::size_t begin = 0;
  for (const Days& days : runs_of(sessions)) {
    std::size_t end = begin;
    while (end < sessions.size() && sessions[end] <= days.last) {
      ++end;
    }
    if (const auto beside = touched(days); !beside.empty()) {
      take_beside(beside, std::span(sessions).subspan(begin, end - begin), std::span(out).subspan(begin, end - begin));
    } else {
      apart.push_back({days, begin, end - begin});  // What lies around it tells of it.
    }
    begin = end;
  }
  for (const Run& run : apart) {
    const std::uint32_t number = number_apart(run.days, read);
    grow(spells_[number], run.days.first);
    grow(spells_[number], run.days.last);
    std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(run.begin), run.size, number);
  }
  return out;
}

}  // namespace lode::source::binance
