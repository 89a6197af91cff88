// Books of trials on the sessions judged, and what they say together.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/honesty/honesty.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/counted.h"
#include "lode/core/evaluate/similarity.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/overfit/clusters.h"
#include "lode/core/stat/overfit/cscv.h"
#include "lode/core/stat/overfit/multiple_tests.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

using Series = std::vector<double>;

// What a book earned after costs on each of `sessions`, NaN where it has none; turned round with `sign` -1.
Series net_on(const TrialBook& book, std::span<const Date> sessions, double cost_bps, double sign) {
  Series out(sessions.size(), stat::kMissing);
  std::size_t at = 0;
  for (std::size_t row = 0; row < sessions.size(); ++row) {
    while (at < book.sessions.size() && book.sessions[at] < sessions[row]) {
      ++at;
    }
    if (at < book.sessions.size() && book.sessions[at] == sessions[row]) {
      out[row] = sign * book.gross[at] - cost_bps * 1e-4 * book.traded[at];
    }
  }
  return out;
}

bool is_long_enough(const Series& series) {
  return static_cast<double>(stat::count_valid(series)) >= kEnoughSessions * static_cast<double>(series.size());
}

// Books that can be held against each other, both ways round.
struct Comparable {
  std::vector<Series> as_tried;
  std::vector<Series> turned;
};

Comparable comparable(std::span<const TrialBook> books, std::span<const Date> sessions) {
  Comparable out;
  if (sessions.empty()) {
    return out;
  }
  const std::size_t skipped = books.size() > kMostBooks ? books.size() - kMostBooks : 0;
  for (const TrialBook& book : books.subspan(skipped)) {
    LODE_ASSERT(book.gross.size() == book.sessions.size());
    LODE_ASSERT(book.traded.size() == book.sessions.size());
    Series gross = net_on(book, sessions, 0.0, 1.0);
    if (is_long_enough(gross)) {
      out.as_tried.push_back(std::move(gross));
      out.turned.push_back(net_on(book, sessions, 0.0, -1.0));
    }
  }
  return out;
}

std::size_t count_ideas(const std::vector<Series>& books) {
  const std::vector<std::span<const double>> series(books.begin(), books.end());
  const Correlations alike = series_correlations(series, 2);
  return stat::cluster_trials(alike.cells, alike.dates, books.size()).count;
}

void add_overfitting(const Comparable& books, std::size_t sessions, TrialLaw& out) {
  if (books.as_tried.size() < 2) {
    out.pbo_reason = fmt::format("{} with a book on these sessions, needs 2", counted(out.books, "trial"));
    return;
  }
  if (sessions < static_cast<std::size_t>(2 * kOverfittingBlocks)) {
    out.pbo_reason =
        fmt::format("{}, needs {}", counted(static_cast<std::int64_t>(sessions), "session"), 2 * kOverfittingBlocks);
    return;
  }
  std::vector<std::span<const double>> both(books.as_tried.begin(), books.as_tried.end());
  both.insert(both.end(), books.turned.begin(), books.turned.end());
  const stat::Overfitting found = stat::overfitting(both, kOverfittingBlocks);
  out.pbo = found.probability;
  out.pbo_loss = found.loss_probability;
  out.pbo_slope = found.slope;
  out.pbo_choices = static_cast<std::int64_t>(found.choices);
  out.pbo_sessions = static_cast<std::int64_t>(found.rows_used);
  out.pbo_reason = stat::is_valid(found.probability) ? "" : "the books do not vary enough";
}

}  // namespace

TrialLaw trial_law(std::span<const TrialBook> books, std::span<const Date> sessions, std::int64_t trials) {
  TrialLaw out;
  out.trials = std::max(trials, static_cast<std::int64_t>(books.size()));
  const Comparable compared = comparable(books, sessions);
  out.books = static_cast<std::int64_t>(compared.as_tried.size());
  out.independent = static_cast<std::int64_t>(count_ideas(compared.as_tried)) + out.trials - out.books;
  Series ratios;
  for (const Series& gross : compared.as_tried) {
    ratios.push_back(stat::return_shape(gross).sharpe);
  }
  out.deviation = stat::standard_deviation(ratios);
  Series p;
  for (const TrialBook& book : books) {
    p.push_back(book.p);
  }
  out.q = stat::adjusted_p(p, stat::Adjustment::kBenjaminiHochberg, static_cast<std::size_t>(out.trials));
  add_overfitting(compared, sessions.size(), out);
  return out;
}

double Deflated::dsr() const {
  return stat::is_valid(across_independent) ? std::min(across_independent, null_independent) : null_independent;
}

Deflated deflated(const TrialLaw& law, const TrialBook& book, double cost_bps, bool turned) {
  Deflated out;
  out.shape = stat::return_shape(net_on(book, book.sessions, cost_bps, turned ? -1.0 : 1.0));
  out.psr = stat::probabilistic_sharpe(out.shape, 0.0);
  out.track_sessions = stat::least_track_record(out.shape, 0.0, kTrackConfidence);
  out.null_deviation = stat::null_sharpe_deviation(out.shape.n);
  const double all = 2.0 * static_cast<double>(law.trials);
  const double independent = 2.0 * static_cast<double>(law.independent);
  out.across_all = stat::deflated_sharpe(out.shape, law.deviation, all);
  out.across_independent = stat::deflated_sharpe(out.shape, law.deviation, independent);
  out.null_all = stat::deflated_sharpe(out.shape, out.null_deviation, all);
  out.null_independent = stat::deflated_sharpe(out.shape, out.null_deviation, independent);
  return out;
}

}  // namespace lode::evaluate
