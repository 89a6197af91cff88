// Styles from sums over blocks of 21 sessions, each cell read once; then one rank correlation a style and date.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/study/exposures.h"

#include "lode/base/math.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/evaluate/kernel/dates.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/newey_west.h"
#include "lode/core/stat/rank.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

using Series = std::vector<double>;

constexpr std::size_t kQuarter = 3;  // Blocks of 63 sessions,
constexpr std::size_t kYear = 12;    // of 252.
constexpr std::size_t kWeek = 5;
constexpr int kOverlap = 12;

// Sums over sessions of one name.
struct Sums {
  double sessions = 0.0;  // With a return
  double own = 0.0;
  double own_squares = 0.0;
  double market = 0.0;
  double market_squares = 0.0;
  double products = 0.0;
  double traded_sessions = 0.0;
  double money = 0.0;

  void add(const Sums& other) {
    sessions += other.sessions;
    own += other.own;
    own_squares += other.own_squares;
    market += other.market;
    market_squares += other.market_squares;
    products += other.products;
    traded_sessions += other.traded_sessions;
    money += other.money;
  }
};

// The session `row` of every name.
void add_session(const Market& market, std::size_t row, double market_return, std::span<Sums> out) {
  const auto close = market.close.row64(row);
  const auto before = row > 0 ? market.close.row64(row - 1) : std::span<const double>();
  const auto volume = market.volume.empty() ? std::span<const double>() : market.volume.row64(row);
  for (std::size_t i = 0; i < out.size(); ++i) {
    Sums& sums = out[i];
    if (!volume.empty() && close[i] * volume[i] >= 0.0) {
      sums.traded_sessions += 1.0;
      sums.money += close[i] * volume[i];
    }
    if (!before.empty() && close[i] > 0.0 && before[i] > 0.0 && stat::is_valid(market_return)) {
      const double own = close[i] / before[i] - 1.0;
      sums.sessions += 1.0;
      sums.own += own;
      sums.own_squares += own * own;
      sums.market += market_return;
      sums.market_squares += market_return * market_return;
      sums.products += own * market_return;
    }
  }
}

bool is_half_known(double known, std::size_t blocks) { return known >= 0.5 * static_cast<double>(blocks * kStyleStep); }

double volatility_of(const Sums& sums) {
  if (!is_half_known(sums.sessions, kQuarter)) {
    return stat::kMissing;
  }
  const double mean = sums.own / sums.sessions;
  return math::sqrt(std::max(0.0, sums.own_squares / sums.sessions - mean * mean));
}

double beta_of(const Sums& sums) {
  const double spread = sums.market_squares - sums.market * sums.market / sums.sessions;
  return is_half_known(sums.sessions, kYear) && spread > 0.0
             ? (sums.products - sums.own * sums.market / sums.sessions) / spread
             : stat::kMissing;
}

// close[row] over close[row - back], less 1.
Series past_return(const Panel& close, std::size_t row, std::size_t back) {
  Series out(close.columns(), stat::kMissing);
  const auto now = close.row64(row);
  const auto then = close.row64(row - back);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = now[i] > 0.0 && then[i] > 0.0 ? now[i] / then[i] - 1.0 : stat::kMissing;
  }
  return out;
}

using Blocks = std::vector<std::vector<Sums>>;

// The five styles at the end of block `block`; empty where the history is too short.
std::array<Series, 5> styles_of(const Market& market, const Blocks& blocks, std::size_t block) {
  const std::size_t row = block * kStyleStep + kStyleStep - 1;
  const std::size_t columns = market.close.columns();
  const auto window = [&](std::size_t count) {
    std::vector<Sums> out(columns);
    for (std::size_t k = block + 1 - count; k <= block; ++k) {
      for (std::size_t i = 0; i < columns; ++i) {
        out[i].add(blocks[k][i]);
      }
    }
    return out;
  };
  std::array<Series, 5> out;
  out[2] = past_return(market.close, row, kWeek);
  if (block + 1 >= kQuarter) {
    for (const Sums& sums : window(kQuarter)) {
      const bool known = is_half_known(sums.traded_sessions, kQuarter);
      out[0].push_back(known ? sums.money / sums.traded_sessions : stat::kMissing);
      out[3].push_back(volatility_of(sums));
    }
  }
  if (row >= kYear * kStyleStep) {
    out[1] = past_return(market.close, row - kStyleStep, (kYear - 1) * kStyleStep);
  }
  if (block + 1 >= kYear) {
    for (const Sums& sums : window(kYear)) {
      out[4].push_back(beta_of(sums));
    }
  }
  return out;
}

// Series over the dates looked at.
struct Looked {
  std::array<Series, 5> styles;
  std::vector<Series> groups;
};

void correlate(const SortedRows& factor, std::size_t row, const std::array<Series, 5>& styles, std::size_t needed,
               std::size_t date, Looked& out) {
  RowPair pair(factor.columns);
  std::vector<std::uint32_t> order(factor.columns);
  stat::RankScratch scratch;
  for (std::size_t style = 0; style < styles.size(); ++style) {
    if (styles[style].empty()) {
      continue;
    }
    const std::size_t n = stat::sort_order(styles[style], order, scratch);
    pair.load(factor.values.row(row), factor.ranked(row), styles[style], {std::span(order).first(n)});
    if (pair.n() >= needed) {
      out.styles[style][date] = pair.rank_correlation();
    }
  }
}

void stand(const SortedRows& factor, const Standing& ranks, const GroupPanel& groups, std::size_t row, std::size_t date,
           Looked& out) {
  Series sums(groups.names.size(), 0.0);
  Series counts(groups.names.size(), 0.0);
  const auto codes = groups.row(row);
  Series room(ranks.width());
  const std::span<const double> places = ranks.part(row, 0, room);
  for (const std::uint32_t cell : factor.order(row)) {
    if (codes[cell] >= 0) {
      sums[static_cast<std::size_t>(codes[cell])] += places[cell];
      counts[static_cast<std::size_t>(codes[cell])] += 1.0;
    }
  }
  for (std::size_t group = 0; group < sums.size(); ++group) {
    out.groups[group][date] = counts[group] > 0.0 ? 0.5 + sums[group] / counts[group] : stat::kMissing;
  }
}

Standpoint standpoint(std::string id, std::span<const double> series) {
  const std::size_t n = stat::count_valid(series);
  if (n < kFewestStyleDates) {
    return {std::move(id),
            missing_estimate(n, too_few(n, static_cast<int>(kFewestStyleDates), "dates, one in 21 sessions"))};
  }
  const stat::MeanTest test = stat::newey_west(series, kOverlap);
  return {std::move(id), make_estimate(test.mean, test.standard_error, n)};
}

}  // namespace

void add_exposures(const SortedRows& factor, const Standing& ranks, const Market& market, const GroupPanel* groups,
                   std::span<const double> market_returns, const Options& options, Pool& pool, Shape& shape) {
  const std::size_t count = factor.values.rows / kStyleStep;
  const std::size_t columns = factor.columns;
  const std::size_t needed = names_needed(options);
  Blocks blocks(count);
  pool.for_each(count, [&](std::size_t block) {
    blocks[block].resize(columns);
    for (std::size_t row = block * kStyleStep; row < (block + 1) * kStyleStep; ++row) {
      add_session(market, row, market_returns[row], blocks[block]);
    }
  });
  Looked looked;
  looked.styles.fill(Series(count, stat::kMissing));
  looked.groups.assign(groups == nullptr ? 0 : groups->names.size(), Series(count, stat::kMissing));
  pool.for_each(count, [&](std::size_t block) {
    const std::size_t row = block * kStyleStep + kStyleStep - 1;
    if (factor.counts[row] < needed) {
      return;
    }
    correlate(factor, row, styles_of(market, blocks, block), needed, block, looked);
    if (groups != nullptr) {
      stand(factor, ranks, *groups, row, block, looked);
    }
  });
  for (std::size_t style = 0; style < kStyles.size(); ++style) {
    shape.exposures.push_back(standpoint(std::string(kStyles[style]), looked.styles[style]));
  }
  for (std::size_t group = 0; group < looked.groups.size(); ++group) {
    if (stat::count_valid(looked.groups[group]) > 0) {
      shape.groups.push_back(standpoint(groups->names[group], looked.groups[group]));
    }
  }
}

}  // namespace lode::evaluate
