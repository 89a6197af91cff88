// Merging: a counting sort by symbol that moves each column once, then a look at each symbol's rows.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <numeric>

namespace lode::flow {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

using source::ParsedBars;

// One piece of one file and where its rows go.
struct Part {
  ParsedBars* bars = nullptr;
  std::uint32_t file = 0;
  std::vector<std::uint32_t> symbol;     // File's symbol -> merged symbol.
  std::vector<std::size_t> target;       // Row -> merged row.
  std::vector<std::uint32_t> unordered;  // Rows out of order.
};

std::vector<double>& column_of(ParsedBars& bars, std::size_t field) {
  const std::array<std::vector<double>*, kBarFields> columns = {&bars.open,  &bars.high,   &bars.low,
                                                                &bars.close, &bars.volume, &bars.amount,
                                                                &bars.vwap,  &bars.trades, &bars.close_vendor};
  return *columns[field];
}

std::vector<Part> list_parts(std::vector<ParsedFile>& files) {
  std::vector<Part> parts;
  for (std::size_t file = 0; file < files.size(); ++file) {
    for (ParsedBars& piece : files[file].bars) {
      Part& part = parts.emplace_back();
      part.bars = &piece;
      part.file = static_cast<std::uint32_t>(file);
    }
  }
  return parts;
}

void number_symbols(std::vector<Part>& parts, MergedBars& out) {
  std::map<std::string, std::uint32_t> index;
  for (const Part& part : parts) {
    for (const std::string& symbol : part.bars->symbols) {
      index.emplace(symbol, 0);
    }
  }
  for (auto& [symbol, number] : index) {
    number = static_cast<std::uint32_t>(out.symbols.size());
    out.symbols.push_back(symbol);
  }
  for (Part& part : parts) {
    for (const std::string& symbol : part.bars->symbols) {
      part.symbol.push_back(index.find(symbol)->second);
    }
  }
}

// Calls use(part, row, symbol, session, session of the symbol's row before it) for the rows of one file that have one.
template <class Use>
void walk_steps(const std::vector<Part*>& parts, std::size_t symbols, Use use) {
  constexpr std::int32_t kNone = std::numeric_limits<std::int32_t>::min();
  std::vector<std::int32_t> last(symbols, kNone);
  for (Part* part : parts) {
    const ParsedBars& bars = *part->bars;
    for (std::size_t row = 0; row < bars.accepted(); ++row) {
      std::int32_t& before = last[part->symbol[bars.symbol[row]]];
      if (before != kNone) {
        use(*part, row, bars.session[row], before);
      }
      before = bars.session[row];
    }
  }
}

// Marks rows that stand out of order in their file, and tells how its rows go.
RowOrder find_unordered(const std::vector<Part*>& parts, std::size_t symbols) {
  std::size_t up = 0;
  std::size_t down = 0;
  walk_steps(parts, symbols, [&](Part&, std::size_t, std::int32_t session, std::int32_t before) {
    up += session > before ? 1U : 0U;
    down += session < before ? 1U : 0U;
  });
  if (down == 0 || up == 0) {
    return down == 0 ? RowOrder::kOldestFirst : RowOrder::kNewestFirst;
  }
  const bool newest_first = down > up;
  walk_steps(parts, symbols, [&](Part& part, std::size_t row, std::int32_t session, std::int32_t before) {
    if (newest_first ? session > before : session < before) {
      part.unordered.push_back(static_cast<std::uint32_t>(row));
    }
  });
  return RowOrder::kShuffled;
}

void find_unordered(std::vector<Part>& parts, std::size_t symbols, Pool& pool, std::vector<RowOrder>& order) {
  std::vector<std::vector<Part*>> files;
  for (Part& part : parts) {
    if (files.empty() || files.back().front()->file != part.file) {
      files.emplace_back();
    }
    files.back().push_back(&part);
  }
  pool.for_each(files.size(),
                [&](std::size_t i) { order[files[i].front()->file] = find_unordered(files[i], symbols); });
}

// Where each row goes: symbols side by side, rows of a symbol in the order of files and lines.
void place_rows(std::vector<Part>& parts, MergedBars& out) {
  std::vector<std::size_t> count(out.symbols.size() + 1, 0);
  for (const Part& part : parts) {
    for (const std::uint32_t symbol : part.bars->symbol) {
      ++count[part.symbol[symbol] + 1];
    }
  }
  std::partial_sum(count.begin(), count.end(), count.begin());
  out.begin.assign(count.begin(), count.end() - 1);
  out.end.assign(count.begin() + 1, count.end());
  std::vector<std::size_t> next = out.begin;
  for (Part& part : parts) {
    part.target.reserve(part.bars->accepted());
    for (const std::uint32_t symbol : part.bars->symbol) {
      part.target.push_back(next[part.symbol[symbol]]++);
    }
  }
}

template <class T, class Get>
void scatter(const std::vector<Part>& parts, std::vector<T>& target, std::size_t rows, Get get) {
  target.resize(rows);
  for (const Part& part : parts) {
    for (std::size_t row = 0; row < part.target.size(); ++row) {
      target[part.target[row]] = get(part, row);
    }
  }
}

void scatter_number(std::vector<Part>& parts, std::size_t field, std::size_t rows, MergedBars& out) {
  const bool any = std::ranges::any_of(parts, [&](const Part& part) { return !column_of(*part.bars, field).empty(); });
  if (!any && field >= kAmount) {
    return;
  }
  std::vector<double>& target = out.number[field];
  target.assign(rows, kMissing);
  for (Part& part : parts) {
    std::vector<double>& values = column_of(*part.bars, field);
    for (std::size_t row = 0; row < values.size(); ++row) {
      target[part.target[row]] = values[row];
    }
    std::vector<double>().swap(values);
  }
}

void move_rows(std::vector<Part>& parts, Pool& pool, MergedBars& out) {
  const std::size_t rows = out.end.empty() ? 0 : out.end.back();
  std::vector<std::function<void()>> jobs;
  for (std::size_t field = 0; field < kBarFields; ++field) {
    jobs.emplace_back([&, field] { scatter_number(parts, field, rows, out); });
  }
  jobs.emplace_back([&] {
    scatter(parts, out.session, rows, [](const Part& part, std::size_t row) { return part.bars->session[row]; });
  });
  jobs.emplace_back(
      [&] { scatter(parts, out.line, rows, [](const Part& part, std::size_t row) { return part.bars->line[row]; }); });
  jobs.emplace_back([&] { scatter(parts, out.file, rows, [](const Part& part, std::size_t) { return part.file; }); });
  jobs.emplace_back([&] {
    out.out_of_order.assign(rows, 0);
    for (const Part& part : parts) {
      for (const std::uint32_t row : part.unordered) {
        out.out_of_order[part.target[row]] = 1;
      }
    }
  });
  pool.for_each(jobs.size(), [&](std::size_t i) { jobs[i](); });
}

// Looks at one symbol's rows: brings them in order and keeps each session once.
class SymbolJudge {
 public:
  SymbolJudge(MergedBars& bars, std::size_t symbol) : bars_(bars), symbol_(symbol) {}

  void run() {
    const std::size_t begin = bars_.begin[symbol_];
    const std::size_t end = bars_.end[symbol_];
    bool ascending = true;
    for (std::size_t row = begin + 1; row < end && ascending; ++row) {
      ascending = bars_.session[row] > bars_.session[row - 1];
    }
    if (ascending) {
      return;
    }
    std::vector<std::size_t> order(end - begin);
    std::iota(order.begin(), order.end(), begin);
    std::ranges::stable_sort(order, {}, [&](std::size_t row) { return bars_.session[row]; });
    rearrange(select(order));
  }

  std::vector<std::uint32_t> dropped_files;
  std::vector<SetAside> conflicts;

 private:
  bool same(std::size_t a, std::size_t b) const {
    return std::ranges::all_of(bars_.number, [&](const std::vector<double>& column) {
      return column.empty() || column[a] == column[b] || (column[a] != column[a] && column[b] != column[b]);
    });
  }

  // The rows to keep, in order.
  std::vector<std::size_t> select(const std::vector<std::size_t>& order) {
    std::vector<std::size_t> kept;
    for (std::size_t first = 0; first < order.size();) {
      std::size_t next = first + 1;
      bool all_same = true;
      while (next < order.size() && bars_.session[order[next]] == bars_.session[order[first]]) {
        all_same = all_same && same(order[first], order[next]);
        ++next;
      }
      if (all_same) {
        kept.push_back(order[first]);
        for (std::size_t copy = first + 1; copy < next; ++copy) {
          dropped_files.push_back(bars_.file[order[copy]]);
        }
      } else {
        for (std::size_t one = first; one < next; ++one) {
          conflicts.push_back(conflict(order[one], next - first));
        }
      }
      first = next;
    }
    return kept;
  }

  SetAside conflict(std::size_t row, std::size_t copies) const {
    const Date session{bars_.session[row]};
    SetAside out;
    out.file = bars_.file[row];
    out.row.number = static_cast<std::uint16_t>(E::E2012);
    out.row.line = bars_.line[row];
    out.row.reason = fmt::format("{} on {} stands {} times with different values", bars_.symbols[symbol_],
                                 to_string(session), copies);
    out.row.shown = "all set aside";
    out.row.symbol = bars_.symbols[symbol_];
    out.row.session = session;
    return out;
  }

  template <class T>
  void rearrange_column(std::vector<T>& column, const std::vector<std::size_t>& rows) {
    if (column.empty()) {
      return;
    }
    std::vector<T> values;
    values.reserve(rows.size());
    for (const std::size_t row : rows) {
      values.push_back(column[row]);
    }
    std::ranges::copy(values, column.begin() + static_cast<std::ptrdiff_t>(bars_.begin[symbol_]));
  }

  void rearrange(const std::vector<std::size_t>& rows) {
    for (std::vector<double>& column : bars_.number) {
      rearrange_column(column, rows);
    }
    rearrange_column(bars_.session, rows);
    rearrange_column(bars_.file, rows);
    rearrange_column(bars_.line, rows);
    rearrange_column(bars_.out_of_order, rows);
    bars_.end[symbol_] = bars_.begin[symbol_] + rows.size();
  }

  MergedBars& bars_;
  std::size_t symbol_;
};

void judge_symbols(MergedBars& bars, Pool& pool) {
  std::vector<SymbolJudge> judges;
  for (std::size_t symbol = 0; symbol < bars.symbols.size(); ++symbol) {
    judges.emplace_back(bars, symbol);
  }
  pool.for_each(judges.size(), [&](std::size_t i) { judges[i].run(); });
  for (SymbolJudge& judge : judges) {
    for (const std::uint32_t file : judge.dropped_files) {
      ++bars.dropped[file];
    }
    std::ranges::move(judge.conflicts, std::back_inserter(bars.conflicts));
  }
}

}  // namespace

MergedBars merge_bars(std::vector<ParsedFile>& files, Pool& pool) {
  MergedBars out;
  out.dropped.assign(files.size(), 0);
  std::vector<Part> parts = list_parts(files);
  number_symbols(parts, out);
  out.order.assign(files.size(), RowOrder::kOldestFirst);
  find_unordered(parts, out.symbols.size(), pool, out.order);
  out.unordered.assign(files.size(), 0);
  for (const Part& part : parts) {
    out.unordered[part.file] += static_cast<std::int64_t>(part.unordered.size());
  }
  place_rows(parts, out);
  move_rows(parts, pool, out);
  for (Part& part : parts) {
    std::vector<source::Rejected> rejected = std::move(part.bars->rejected);
    const std::int64_t rows = part.bars->rows;
    *part.bars = ParsedBars();
    part.bars->rejected = std::move(rejected);
    part.bars->rows = rows;
  }
  judge_symbols(out, pool);
  return out;
}

}  // namespace lode::flow
