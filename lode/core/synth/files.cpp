// Writing a market's files.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/synth/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/synth/bar_line.h"

namespace lode::synth {

namespace {

constexpr std::string_view kBarHeader = "date,symbol,open,high,low,close,volume,amount\n";
constexpr int kNotice = 15;  // Sessions between the declaration of a payment and its ex-date.

const std::string& symbol_of(const Market& market, int instrument) {
  return market.listings[static_cast<std::size_t>(instrument)].symbol;
}

std::string date_or_nothing(const std::optional<Date>& date) { return date ? to_string(*date) : std::string(); }

// Appends the rows of one session: good ones by symbol, a dirty one where the good one would stand.
void append_session(const Market& market, std::size_t row, std::span<const DirtyRow> dirty, std::string& out) {
  const std::string date = to_string(market.sessions[row]) + ",";
  std::string prefix;
  for (std::size_t column = 0; column < market.columns(); ++column) {
    bool replaced = false;
    for (const DirtyRow& bad : dirty) {
      if (bad.replaces == static_cast<int>(column)) {
        out += bad.text + "\n";
        replaced = true;
      }
    }
    const std::size_t cell = market.cell(row, column);
    if (!replaced && !math::is_nan(market.close[cell])) {
      prefix.assign(date).append(market.listings[column].symbol).push_back(',');
      append_bar(out, prefix, market, cell);
    }
  }
  for (const DirtyRow& bad : dirty) {
    if (bad.replaces < 0) {
      out += bad.text + "\n";
    }
  }
}

std::string action_line(const Market& market, const ListedAction& listed) {
  const Action& action = listed.action;
  const bool is_split = action.kind == ActionKind::kSplit;
  const auto ex = std::ranges::lower_bound(market.sessions, action.ex_date) - market.sessions.begin();
  const std::string declared =
      ex >= kNotice ? to_string(market.sessions[static_cast<std::size_t>(ex - kNotice)]) : std::string();
  return fmt::format("{},{},{},{},{},{},{}\n", to_string(action.ex_date), symbol_of(market, listed.instrument),
                     to_string(action.kind), is_split ? shortest(action.ratio) : std::string(),
                     is_split ? std::string() : shortest(action.amount), is_split ? "" : "USD", declared);
}

}  // namespace

std::string bars_file_name(int year) { return fmt::format("bars_{}.csv", year); }

std::vector<int> years(const Market& market) {
  std::set<int> out;
  for (const Date session : market.sessions) {
    out.insert(session.year());
  }
  return {out.begin(), out.end()};
}

std::string bars_csv(const Market& market, int year) {
  const auto begin = std::ranges::lower_bound(market.sessions, year, {}, &Date::year) - market.sessions.begin();
  const auto end = std::ranges::upper_bound(market.sessions, year, {}, &Date::year) - market.sessions.begin();
  std::string out;
  if (begin == end) {
    return out;
  }
  constexpr std::size_t kBytesALine = 80;
  out.reserve(static_cast<std::size_t>(end - begin) * market.columns() * kBytesALine);
  out += kBarHeader;
  for (auto row = begin; row < end; ++row) {
    const auto dirty = std::ranges::equal_range(market.dirty, static_cast<int>(row), {}, &DirtyRow::row);
    append_session(market, static_cast<std::size_t>(row), {dirty.begin(), dirty.end()}, out);
  }
  return out;
}

std::string instruments_csv(const Market& market) {
  std::string out = "symbol,kind,currency,listed_on\n";
  for (const Listing& listing : market.listings) {
    out += fmt::format("{},equity,USD,{}\n", listing.symbol,
                       to_string(market.sessions[static_cast<std::size_t>(listing.first)]));
  }
  return out;
}

std::string actions_csv(const Market& market) {
  std::string out = "ex_date,symbol,kind,ratio,amount,currency,declared_on\n";
  for (const ListedAction& listed : market.actions) {
    out += action_line(market, listed);
  }
  for (const Listing& listing : market.listings) {
    if (listing.delisted) {
      out +=
          fmt::format("{},{},delisting,,{},,\n", to_string(market.sessions[static_cast<std::size_t>(listing.last) + 1]),
                      listing.symbol, shortest(listing.delisting_return));
    }
  }
  return out;
}

std::string groups_csv(const Market& market) {
  std::string out = "symbol,scheme,sector,industry,valid_from,valid_to\n";
  for (const ListedGroup& group : market.groups) {
    out += fmt::format("{},user:synthetic,{},{},{},{}\n", symbol_of(market, group.instrument), group.sector,
                       group.industry, to_string(group.from), date_or_nothing(group.to));
  }
  return out;
}

std::string universe_csv(const Market& market) {
  std::string out = "name,symbol,valid_from,valid_to\n";
  for (const ListedMember& member : market.members) {
    out += fmt::format("{},{},{},{}\n", kUniverse, symbol_of(market, member.instrument), to_string(member.from),
                       date_or_nothing(member.to));
  }
  return out;
}

}  // namespace lode::synth
