// Returns around the signal, by blocks of dates: eight names at a time are turned into columns of time, so that the
// whole window of a cell is one sum of neighbours in memory.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/study/event_study.h"

#include <array>

#include "lode/core/evaluate/estimate.h"
#include "lode/core/evaluate/kernel/rows.h"
#include "lode/core/stat/newey_west.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

using Series = std::vector<double>;

constexpr std::size_t kBefore = kEventBefore;
constexpr std::size_t kAfter = kEventAfter;
constexpr std::size_t kOffsets = kBefore + 1 + kAfter;
constexpr std::size_t kNames = 8;            // Turned at once: a line of the cache.
constexpr std::size_t kFirst = kBefore + 1;  // Row with a whole window: the first return is that of row 1.
using Column = std::array<double, kBlockRows + kBefore + kAfter>;  // Returns of one name in a block and its windows.

// The last close above 0 of each name before row `first`; NaN where there is none.
struct LastCloses {
  std::vector<Series> by_block;
};

// At the start of each block's windows. One pass, row by row.
LastCloses last_closes(const Panel& close, std::size_t blocks) {
  LastCloses out;
  Series known(close.columns(), stat::kMissing);
  for (std::size_t row = 0; out.by_block.size() < blocks; ++row) {
    if (row == kFirst - kBefore + out.by_block.size() * kBlockRows) {
      out.by_block.push_back(known);
    }
    const std::span<const double> cells = close.row64(row);
    for (std::size_t i = 0; i < known.size(); ++i) {
      known[i] = cells[i] > 0.0 ? cells[i] : known[i];
    }
  }
  return out;
}

// The returns of the rows from `first` on of the `names` names from `name` on.
void read_returns(const Market& market, std::span<const double> known_before, std::size_t first, std::size_t length,
                  std::size_t name, std::size_t names, std::span<Column> out) {
  std::array<double, kNames> known{};
  std::copy_n(known_before.begin() + static_cast<std::ptrdiff_t>(name), names, known.begin());
  for (std::size_t row = 0; row < length; ++row) {
    const std::span<const double> cells = market.close.row64(first + row).subspan(name, names);
    for (std::size_t i = 0; i < names; ++i) {
      const bool moves = cells[i] > 0.0;
      out[i][row] = moves && stat::is_valid(known[i]) ? cells[i] / known[i] - 1.0 : 0.0;
      known[i] = moves ? cells[i] : known[i];
    }
  }
  for (std::size_t i = 0; i < names && !market.delisted_row.empty(); ++i) {
    const std::int64_t after = market.delisted_row[name + i] + std::int64_t{1} - static_cast<std::int64_t>(first);
    const double earned = market.delisting_return[name + i];
    if (after >= 0 && after < static_cast<std::int64_t>(length) && market.delisted_row[name + i] >= 0 &&
        stat::is_valid(earned)) {
      out[i][static_cast<std::size_t>(after)] = earned;
    }
  }
}

// Sums of the returns of each bucket's names, for the dates of one block.
class BlockSums {
 public:
  BlockSums(std::size_t dates, std::size_t buckets) : buckets_(buckets), sums_(dates * buckets * kOffsets, 0.0) {}

  // `window`: of the date, its first session first.
  void add(std::size_t date, std::size_t bucket, const double* window) {
    double* sums = sums_.data() + (date * buckets_ + bucket) * kOffsets;
    for (std::size_t offset = 0; offset < kOffsets; ++offset) {
      sums[offset] += window[offset];
    }
  }

  // Mean of a bucket less that of all names; NaN for an empty bucket. `counts`: of the date, [0] unused.
  double demeaned(std::size_t date, std::size_t bucket, std::size_t offset,
                  std::span<const std::uint32_t> counts) const {
    double total = 0.0;
    double names = 0.0;
    for (std::size_t k = 0; k < buckets_; ++k) {
      total += sums_[(date * buckets_ + k) * kOffsets + offset];
      names += counts[k + 1];
    }
    const double count = counts[bucket + 1];
    return count > 0.0 ? sums_[(date * buckets_ + bucket) * kOffsets + offset] / count - total / names : stat::kMissing;
  }

 private:
  std::size_t buckets_;
  Series sums_;
};

using Steps = std::vector<std::vector<Series>>;  // [bucket][offset][row]

// The dates begin .. end of `rows`, all with whole windows.
void add_block(const Buckets& buckets, const Market& market, std::span<const double> known_before, std::size_t begin,
               std::size_t end, Steps& out) {
  const std::size_t first = begin - kBefore;
  const auto parts = static_cast<std::size_t>(buckets.quantiles);
  BlockSums sums(end - begin, parts);
  std::vector<Column> turned(kNames);
  for (std::size_t name = 0; name < buckets.columns; name += kNames) {
    const std::size_t names = std::min(kNames, buckets.columns - name);
    read_returns(market, known_before, first, end - begin + kBefore + kAfter, name, names, turned);
    for (std::size_t row = begin; row < end; ++row) {
      const auto cells = buckets.row(row).subspan(name, names);
      for (std::size_t i = 0; i < names; ++i) {
        if (cells[i] != 0) {
          sums.add(row - begin, cells[i] - 1U, turned[i].data() + (row - begin));
        }
      }
    }
  }
  for (std::size_t bucket = 0; bucket < parts; ++bucket) {
    for (std::size_t offset = 0; offset < kOffsets; ++offset) {
      for (std::size_t row = begin; row < end; ++row) {
        if (buckets.count(row)[1] > 0) {  // The lowest bucket is never empty on a date with buckets.
          out[bucket][offset][row] = sums.demeaned(row - begin, bucket, offset, buckets.count(row));
        }
      }
    }
  }
}

// From the close of t to each offset: what was earned after it, and with the sign turned what was earned up to it.
std::vector<Series> added_up(const std::vector<Series>& steps) {
  std::vector<Series> out(kOffsets, Series(steps.front().size(), 0.0));
  for (std::size_t row = 0; row < steps.front().size(); ++row) {
    out[kBefore][row] = 0.0 * steps[kBefore][row];
    for (std::size_t offset = kBefore + 1; offset < kOffsets; ++offset) {
      out[offset][row] = out[offset - 1][row] + steps[offset][row];
    }
    for (std::size_t offset = kBefore; offset-- > 0;) {
      out[offset][row] = out[offset + 1][row] - steps[offset + 1][row];
    }
  }
  return out;
}

EventPath path_of(const std::vector<Series>& steps) {
  EventPath out;
  const std::vector<Series> paths = added_up(steps);
  for (std::size_t offset = 0; offset < kOffsets; ++offset) {
    const stat::MeanTest step = stat::mean_test(steps[offset]);
    const int away = std::abs(static_cast<int>(offset) - kEventBefore);
    const stat::MeanTest path = stat::newey_west(paths[offset], std::max(0, away - 1));
    out.step.push_back(step.mean);
    out.step_error.push_back(step.standard_error);
    out.path.push_back(path.mean);
    out.path_error.push_back(away == 0 ? 0.0 : path.standard_error);
  }
  return out;
}

std::vector<Series> difference(const std::vector<Series>& top, const std::vector<Series>& bottom) {
  std::vector<Series> out = top;
  for (std::size_t offset = 0; offset < out.size(); ++offset) {
    for (std::size_t row = 0; row < out[offset].size(); ++row) {
      out[offset][row] -= bottom[offset][row];
    }
  }
  return out;
}

}  // namespace

EventStudy event_study(const Buckets& buckets, const Market& market, const Options& options, Pool& pool) {
  EventStudy out;
  const std::size_t rows = market.close.rows();
  const std::size_t end = rows > kAfter ? rows - kAfter : 0;
  for (std::size_t row = kFirst; row < end; ++row) {
    out.dates += buckets.count(row)[1] > 0 ? 1 : 0;
  }
  if (out.dates < options.min_dates) {
    out.reason = too_few(static_cast<std::size_t>(out.dates), options.min_dates, "dates");
    return out;
  }
  const auto parts = static_cast<std::size_t>(buckets.quantiles);
  Steps steps(parts, std::vector<Series>(kOffsets, Series(rows, stat::kMissing)));
  const LastCloses known = last_closes(market.close, block_count(end - kFirst));
  for_blocks(end - kFirst, pool, [&](std::size_t block, std::size_t from, std::size_t to) {
    add_block(buckets, market, known.by_block[block], kFirst + from, kFirst + to, steps);
  });
  for (const std::vector<Series>& one : steps) {
    out.quantiles.push_back(path_of(one));
  }
  out.spread = path_of(difference(steps.back(), steps.front()));
  return out;
}

}  // namespace lode::evaluate
