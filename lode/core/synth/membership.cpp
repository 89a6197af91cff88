// Sectors and universe.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/synth/membership.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/math.h"

namespace lode::synth {

namespace {

constexpr std::size_t kFirstReview = 21;
constexpr std::size_t kReviewSessions = 63;
constexpr double kShareLarge = 0.4;
constexpr std::size_t kFewestLarge = 10;

std::vector<std::size_t> review_rows(const std::vector<Date>& sessions) {
  std::vector<std::size_t> rows{kFirstReview};
  for (std::size_t row = kFirstReview + 1; row < sessions.size(); ++row) {
    if (sessions[row].year() != sessions[row - 1].year()) {
      rows.push_back(row);
    }
  }
  return rows;
}

// 1 for the names that traded most before `row` and are still there.
std::vector<char> largest(const Market& market, std::size_t row) {
  std::vector<std::pair<double, std::size_t>> traded;
  for (std::size_t i = 0; i < market.columns(); ++i) {
    double sum = 0.0;
    for (std::size_t at = row - std::min(row, kReviewSessions); at < row; ++at) {
      const double amount = market.amount[market.cell(at, i)];
      sum += math::is_nan(amount) ? 0.0 : amount;
    }
    if (sum > 0.0 && market.listings[i].last >= static_cast<int>(row)) {
      traded.emplace_back(-sum, i);
    }
  }
  std::ranges::sort(traded);
  const auto wanted = static_cast<std::size_t>(kShareLarge * static_cast<double>(market.columns()));
  traded.resize(std::min(traded.size(), std::max(kFewestLarge, wanted)));
  std::vector<char> out(market.columns(), 0);
  for (const auto& [sum, i] : traded) {
    out[i] = 1;
  }
  return out;
}

}  // namespace

std::vector<ListedGroup> make_groups(const Cast& cast, const std::vector<Date>& sessions) {
  std::vector<ListedGroup> out;
  for (std::size_t i = 0; i < cast.traits.size(); ++i) {
    if (i == kNoGroup || i == kNoGroupEither) {
      continue;
    }
    const Listing& listing = cast.listings[i];
    const auto group = [&](int sector, Date from, std::optional<Date> to) {
      const std::string name(sector_name(sector));
      out.push_back({static_cast<int>(i), name, fmt::format("{} {}", name, cast.traits[i].industry), from, to});
    };
    const int sector = cast.traits[i].sector;
    const Date from = sessions[static_cast<std::size_t>(listing.first)];
    if (i != kChangesGroup) {
      group(sector, from, std::nullopt);
      continue;
    }
    const auto change = static_cast<std::size_t>((listing.first + listing.last) / 2);
    group(sector, from, sessions[change - 1]);
    group((sector + 1) % kSectors, sessions[change], std::nullopt);
  }
  return out;
}

std::vector<ListedMember> make_members(const Market& market) {
  const std::vector<std::size_t> reviews = review_rows(market.sessions);
  std::vector<ListedMember> out;
  std::vector<std::size_t> stay(market.columns(), 0);  // 1 + index of the open stay in `out`; 0 = not a member.
  for (const std::size_t row : reviews) {
    const std::vector<char> member = largest(market, row);
    for (std::size_t i = 0; i < market.columns(); ++i) {
      if (member[i] != 0 && stay[i] == 0) {
        out.push_back({static_cast<int>(i), market.sessions[row], std::nullopt});
        stay[i] = out.size();
      } else if (member[i] == 0 && stay[i] != 0) {
        out[stay[i] - 1].to = market.sessions[row - 1];
        stay[i] = 0;
      }
    }
  }
  std::ranges::sort(out, {}, [](const ListedMember& m) { return std::pair(m.instrument, m.from); });
  return out;
}

}  // namespace lode::synth
