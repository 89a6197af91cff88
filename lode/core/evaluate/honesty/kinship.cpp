// A book regressed on those that are known.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/honesty/kinship.h"

#include <algorithm>

#include "lode/base/math.h"
#include "lode/core/stat/correlation.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

// Gross returns of a book on `sessions`, NaN where it has none.
std::vector<double> gross_on(const TrialBook& book, std::span<const Date> sessions) {
  std::vector<double> out(sessions.size(), kNoValue);
  std::size_t at = 0;
  for (std::size_t row = 0; row < sessions.size(); ++row) {
    while (at < book.sessions.size() && book.sessions[at] < sessions[row]) {
      ++at;
    }
    out[row] = at < book.sessions.size() && book.sessions[at] == sessions[row] ? book.gross[at] : kNoValue;
  }
  return out;
}

struct Candidate {
  Relative relative;
  std::vector<double> gross;
};

}  // namespace

Kinship kinship(const TrialBook& own, std::span<const KnownBook> known) {
  Kinship out;
  std::vector<Candidate> candidates;
  for (const KnownBook& one : known) {
    std::vector<double> gross = gross_on(one.book, own.sessions);
    const auto valid = static_cast<double>(stat::count_valid(gross));
    const double correlation = stat::pearson(gross, own.gross);
    if (valid >= kEnoughSessions * static_cast<double>(gross.size()) && stat::is_valid(correlation)) {
      candidates.push_back({{one.name, correlation, {}}, std::move(gross)});
    }
  }
  if (candidates.empty()) {
    out.reason = "no other named factor of this lake has a book over these sessions";
    return out;
  }
  std::ranges::stable_sort(candidates, [](const Candidate& a, const Candidate& b) {
    return math::abs(a.relative.correlation) > math::abs(b.relative.correlation);
  });
  candidates.resize(std::min(candidates.size(), kMostRelatives));
  std::vector<std::span<const double>> columns;
  for (const Candidate& candidate : candidates) {
    columns.emplace_back(candidate.gross);
  }
  const stat::SeriesFit fit = stat::fit_series(own.gross, columns);
  out.alpha = fit.robust.front();
  out.r2 = fit.r2;
  out.sessions = static_cast<std::int64_t>(fit.n);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    candidates[i].relative.beta = fit.robust[i + 1];
    out.relatives.push_back(std::move(candidates[i].relative));
  }
  return out;
}

}  // namespace lode::evaluate
