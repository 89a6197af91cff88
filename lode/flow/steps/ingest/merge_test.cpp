// Merging against a map: rows of random files, with equal and contradicting copies within and between them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "lode/base/random.h"

namespace lode::flow {
namespace {

using Key = std::pair<std::string, std::int32_t>;

struct Seen {
  std::vector<double> closes;
  std::vector<std::pair<std::uint32_t, std::int64_t>> places;  // File and line, in order.
};

void add(source::ParsedBars& piece, const std::string& symbol, std::int32_t session, double close, std::int64_t line) {
  const auto found = std::ranges::find(piece.symbols, symbol);
  piece.symbol.push_back(static_cast<std::uint32_t>(found - piece.symbols.begin()));
  if (found == piece.symbols.end()) {
    piece.symbols.push_back(symbol);
  }
  piece.session.push_back(session);
  piece.line.push_back(line);
  for (auto* column : {&piece.open, &piece.high, &piece.low, &piece.close, &piece.volume}) {
    column->push_back(close);
  }
  ++piece.rows;
}

TEST(MergeBars, AgreesWithAMapOnRandomFiles) {
  Pool pool(2);
  Random random(5, 1);
  for (int round = 0; round < 200; ++round) {
    std::vector<ParsedFile> files(1 + random.next_below(4));
    std::map<Key, Seen> model;
    for (std::uint32_t file = 0; file < files.size(); ++file) {
      files[file].bars.resize(1 + random.next_below(3));
      std::int64_t line = 2;
      for (source::ParsedBars& piece : files[file].bars) {
        for (std::uint64_t i = 0, count = random.next_below(25); i < count; ++i, ++line) {
          const std::string symbol(1, static_cast<char>('A' + random.next_below(4)));
          const auto session = static_cast<std::int32_t>(18'000 + random.next_below(12));
          const double close = 1.0 + static_cast<double>(random.next_below(2));
          add(piece, symbol, session, close, line);
          model[{symbol, session}].closes.push_back(close);
          model[{symbol, session}].places.emplace_back(file, line);
        }
      }
    }
    const MergedBars merged = merge_bars(files, pool);
    std::map<Key, std::pair<std::uint32_t, std::int64_t>> kept;
    for (std::size_t symbol = 0; symbol < merged.symbols.size(); ++symbol) {
      for (std::size_t row = merged.begin[symbol]; row < merged.end[symbol]; ++row) {
        EXPECT_TRUE(row == merged.begin[symbol] || merged.session[row - 1] < merged.session[row]) << "ascending, once";
        kept[{merged.symbols[symbol], merged.session[row]}] = {merged.file[row], merged.line[row]};
        EXPECT_EQ(merged.number[kClose][row], (model[{merged.symbols[symbol], merged.session[row]}].closes[0]));
      }
    }
    std::set<std::pair<std::size_t, std::int64_t>> conflicts;
    for (const SetAside& one : merged.conflicts) {
      EXPECT_EQ(one.row.number, 2012);
      EXPECT_TRUE(conflicts.emplace(one.file, one.row.line).second) << "each row once";
    }
    std::int64_t dropped = 0;
    for (const std::int64_t count : merged.dropped) {
      dropped += count;
    }
    std::int64_t copies = 0;
    std::size_t contradicting = 0;
    for (const auto& [key, seen] : model) {
      const bool agree = std::ranges::all_of(seen.closes, [&](double close) { return close == seen.closes[0]; });
      EXPECT_EQ(kept.contains(key), agree) << key.first << key.second;
      if (agree) {
        EXPECT_EQ(kept[key], seen.places[0]) << "of equal rows the first stays";
        copies += static_cast<std::int64_t>(seen.places.size()) - 1;
      } else {
        for (const auto& [file, line] : seen.places) {
          EXPECT_TRUE(conflicts.contains({file, line}));
        }
        contradicting += seen.places.size();
      }
    }
    EXPECT_EQ(dropped, copies);
    EXPECT_EQ(conflicts.size(), contradicting);
  }
}

TEST(MergeBars, MarksWhatStandsOutOfOrderInItsFile) {
  Pool pool(1);
  const auto marks = [&](const std::vector<std::int32_t>& days) {
    std::vector<ParsedFile> files(1);
    files[0].bars.resize(1);
    for (std::size_t i = 0; i < days.size(); ++i) {
      add(files[0].bars[0], "A", 18'000 + days[i], 1.0, static_cast<std::int64_t>(i) + 2);
    }
    const MergedBars merged = merge_bars(files, pool);
    std::string out;
    for (std::size_t row = merged.begin[0]; row < merged.end[0]; ++row) {
      out += merged.out_of_order[row] != 0 ? '!' : '.';
    }
    return out;
  };
  EXPECT_EQ(marks({1, 2, 3, 4}), "....");
  EXPECT_EQ(marks({4, 3, 2, 1}), "....") << "newest first is an order too";
  EXPECT_EQ(marks({1, 2, 5, 3, 6}), "..!..") << "by day: 3 stood behind 5";
}

}  // namespace
}  // namespace lode::flow
