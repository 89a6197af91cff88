// Streams against evaluate(): the same bits for every formula, profile and precision, session by session, through saved
// states, with symbols that come and go, and after corrections.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/stream.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <numeric>

#include "lode/base/hash.h"
#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/core/expr/engine/state.h"
#include "lode/core/expr/random_formula.h"
#include "lode/core/expr/test_panels.h"

namespace lode::expr {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kRows = kSanitized ? 60 : 170;
constexpr std::size_t kColumns = 21;
constexpr const char* kFieldNames[] = {"open", "high", "low", "close", "volume", "amount", "vwap"};

// A market with gaps, late listings, ties and zeros; rows [0, rows) can be cut out of it.
struct Market {
  std::map<std::string, testing::Rows> values;
  std::vector<std::vector<double>> sectors;
  std::vector<std::vector<std::uint8_t>> inside;

  Market() {
    Random random(5, 9);
    for (const char* name : kFieldNames) {
      testing::Rows rows(kRows, std::vector<double>(kColumns));
      for (std::size_t row = 0; row < kRows; ++row) {
        for (std::size_t column = 0; column < kColumns; ++column) {
          const bool is_absent = random.next_uniform() < 0.05 || row < column * 2 % 11;
          const double value = std::round((5.0 + random.next_normal()) * 4.0) / 4.0;
          rows[row][column] = is_absent ? std::nan("") : (random.next_uniform() < 0.03 ? 0.0 : value);
        }
      }
      values[name] = rows;
    }
    for (std::size_t row = 0; row < kRows; ++row) {
      sectors.emplace_back();
      inside.emplace_back();
      for (std::size_t column = 0; column < kColumns; ++column) {
        sectors.back().push_back(static_cast<double>((column + row / 40) % 5) - 1.0);
        inside.back().push_back(random.next_uniform() < 0.9 ? 1 : 0);
      }
    }
  }

  // Sessions [begin, end) with the instruments in the order of `columns`.
  Fields fields(std::size_t begin, std::size_t end, const std::vector<std::size_t>& columns) const {
    Fields fields(testing::make_axis(end - begin, columns.size()));
    const auto pick = [&](const testing::Rows& from) {
      testing::Rows rows;
      for (std::size_t row = begin; row < end; ++row) {
        rows.emplace_back();
        for (const std::size_t column : columns) {
          rows.back().push_back(from[row][column]);
        }
      }
      return rows;
    };
    for (const auto& [name, rows] : values) {
      fields.set(name, testing::make_panel(fields.shared_axis(), pick(rows)));
    }
    fields.set("sector", testing::make_group(fields.shared_axis(), pick(sectors)));
    std::vector<std::uint8_t> mask;
    for (std::size_t row = begin; row < end; ++row) {
      for (const std::size_t column : columns) {
        mask.push_back(inside[row][column]);
      }
    }
    fields.set_universe(mask);
    return fields;
  }
};

std::vector<std::size_t> all_columns() {
  std::vector<std::size_t> columns(kColumns);
  std::iota(columns.begin(), columns.end(), 0);
  return columns;
}

std::vector<std::string> names_of(const std::vector<std::size_t>& columns) {
  std::vector<std::string> names;
  for (const std::size_t column : columns) {
    names.push_back("S" + std::to_string(column));
  }
  return names;
}

// Formulas written for this, and random ones, whatever compiles under the profile.
Program program_of(const Profile& profile) {
  static const OperatorTable table;
  std::vector<std::string> texts = {"rank(ts_corr(rank(close), rank(volume), 6))",
                                    "ema(close, 5) - ema(open, 9)",
                                    "sma(close, 7, 2) + ts_mean(close, 31)",
                                    "indneutralize(decay_linear(close, 12), sector)",
                                    "ts_argmax(close, 20) + ts_rank(volume, 9) / ts_std(close, 4)",
                                    "close / open > 1 ? ts_first(close) : delay(close, 17)",
                                    "count(close > delay(close, 1), 8)",
                                    "close",
                                    "scale(delta(log(volume), 3)) + adv5"};
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    texts.push_back(testing::RandomFormula(seed).expression(static_cast<int>(seed % 5)));
  }
  std::vector<Program> programs;
  for (const std::string& text : texts) {
    if (Result<Program> program = compile(text, profile, table)) {
      programs.push_back(std::move(*program));
    }
  }
  EXPECT_GT(programs.size(), 40U) << profile.name;
  return merge(programs);
}

const void* cells(const Panel& panel, std::size_t row) {
  return panel.precision() == Precision::kFloat64 ? static_cast<const void*>(panel.row64(row).data())
                                                  : static_cast<const void*>(panel.row32(row).data());
}
bool same_row(const Panel& a, std::size_t a_row, const Panel& b, std::size_t b_row) {
  const std::size_t size = a.precision() == Precision::kFloat64 ? 8 : 4;
  return std::memcmp(cells(a, a_row), cells(b, b_row), a.columns() * size) == 0;
}

using Case = std::tuple<std::size_t, Precision>;
class Streams : public ::testing::TestWithParam<Case> {
 protected:
  const Profile& profile() const { return profiles()[std::get<0>(GetParam())]; }
  Precision precision() const { return std::get<1>(GetParam()); }
  // evaluate() over everything.
  std::vector<Panel> whole(const Program& program, const std::vector<std::size_t>& columns) {
    return must(evaluate(program, market_.fields(0, kRows, columns), precision(), pool_));
  }
  Market market_;
  Pool pool_{2};
};

TEST_P(Streams, GiveTheBitsOfBatch) {
  const Program program = program_of(profile());
  const std::vector<std::size_t> columns = all_columns();
  const std::vector<Panel> expected = whole(program, columns);
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}}) {
    Stream stream = must(Stream::start(program, names_of(columns), precision(), step));
    for (std::size_t row = 0; row < kRows; row += step) {
      const std::size_t end = std::min(kRows, row + step);
      const auto results = must(stream.step(market_.fields(row, end, columns), pool_));
      ASSERT_EQ(results.size(), expected.size());
      for (std::size_t root = 0; root < expected.size(); ++root) {
        for (std::size_t i = row; i < end; ++i) {
          ASSERT_TRUE(same_row(expected[root], i, results[root], i - row))
              << program.formulas[root] << " session " << i << " in steps of " << step;
        }
      }
    }
    EXPECT_EQ(stream.sessions(), static_cast<std::int64_t>(kRows));
  }
}

TEST_P(Streams, GoOnFromASavedState) {
  const Program program = program_of(profile());
  const std::vector<std::size_t> columns = all_columns();
  const std::vector<Panel> expected = whole(program, columns);
  std::string state = must(Stream::start(program, names_of(columns), precision())).save();
  for (std::size_t row = 0; row < kRows; ++row) {
    Stream stream = must(Stream::resume(state, program, names_of(columns), precision()));
    EXPECT_EQ(stream.sessions(), static_cast<std::int64_t>(row));
    const auto results = must(stream.step(market_.fields(row, row + 1, columns), pool_));
    for (std::size_t root = 0; root < expected.size(); ++root) {
      ASSERT_TRUE(same_row(expected[root], row, results[root], 0)) << program.formulas[root] << " session " << row;
    }
    state = stream.save();
  }
}

// A state is the same bytes whatever the steps and threads were, and goes on in steps of any other length.
TEST_P(Streams, SaveAndGoOnInStepsOfAnyLength) {
  const Program program = program_of(profile());
  const std::vector<std::size_t> columns = all_columns();
  const std::vector<Panel> expected = whole(program, columns);
  const std::string fresh = must(Stream::start(program, names_of(columns), precision())).save();
  std::string state = fresh;
  std::string single_state = fresh;
  std::size_t row = 0;
  for (std::size_t round = 0; row < kRows; ++round) {
    const std::size_t step = std::array<std::size_t, 5>{3, 1, 40, 1, 9}[round % 5];
    const std::size_t end = std::min(kRows, row + step);
    Pool pool(static_cast<int>(round % 3) + 1);
    Stream stream = must(Stream::resume(state, program, names_of(columns), precision(), step));
    const auto results = must(stream.step(market_.fields(row, end, columns), pool));
    for (std::size_t root = 0; root < expected.size(); ++root) {
      for (std::size_t i = row; i < end; ++i) {
        ASSERT_TRUE(same_row(expected[root], i, results[root], i - row)) << program.formulas[root] << " session " << i;
      }
    }
    state = stream.save();
    Stream single = must(Stream::resume(single_state, program, names_of(columns), precision()));
    for (; row < end; ++row) {
      (void)must(single.step(market_.fields(row, row + 1, columns), pool_));
    }
    single_state = single.save();
    ASSERT_EQ(state, single_state) << "after session " << row;
  }
}

// Halfway the columns are shuffled, one instrument leaves and one arrives: the bits are those of a batch in which the
// first has left the universe and the second was missing before.
TEST_P(Streams, TakeSymbolsThatComeAndGo) {
  const std::size_t half = kRows / 2;
  for (std::size_t row = 0; row < half; ++row) {
    for (auto& [name, rows] : market_.values) {
      rows[row][20] = std::nan("");
    }
  }
  const Program program = program_of(profile());
  std::vector<std::size_t> before(20);
  std::iota(before.begin(), before.end(), 0);
  std::vector<std::size_t> after = {20, 3, 2, 1, 0};
  for (std::size_t column = 5; column < 20; ++column) {
    after.push_back(column);
  }
  for (std::size_t row = 0; row < kRows; ++row) {
    market_.inside[row][4] = 0;  // The one that leaves: no other instrument may feel it.
    market_.inside[row][20] = row < half ? 0 : market_.inside[row][20];
  }
  Stream first = must(Stream::start(program, names_of(before), precision()));
  for (std::size_t row = 0; row < half; ++row) {
    (void)must(first.step(market_.fields(row, row + 1, before), pool_));
  }
  Stream second = must(Stream::resume(first.save(), program, names_of(after), precision()));
  const std::vector<Panel> expected = whole(program, after);
  for (std::size_t row = half; row < kRows; ++row) {
    const auto results = must(second.step(market_.fields(row, row + 1, after), pool_));
    for (std::size_t root = 0; root < expected.size(); ++root) {
      ASSERT_TRUE(same_row(expected[root], row, results[root], 0)) << program.formulas[root] << " session " << row;
    }
  }
}

TEST_P(Streams, ReplayWhatACorrectionTouches) {
  const Program program = program_of(profile());
  const std::vector<std::size_t> columns = all_columns();
  const std::vector<Panel> before = whole(program, columns);
  const std::size_t corrected = kRows / 3;
  market_.values["close"][corrected][7] = 123.0;
  const std::vector<Panel> after = whole(program, columns);
  const Replay result = must(replay(program, market_.fields(0, kRows, columns), corrected, precision(), pool_));
  ASSERT_EQ(result.first, corrected);
  std::size_t changed = 0;
  for (std::size_t root = 0; root < after.size(); ++root) {
    for (std::size_t row = 0; row < kRows; ++row) {
      const bool is_replayed = row >= corrected && row < corrected + result.panels[root].rows();
      if (is_replayed) {
        ASSERT_TRUE(same_row(after[root], row, result.panels[root], row - corrected)) << program.formulas[root];
        changed += same_row(after[root], row, before[root], row) ? 0 : 1;
      } else {
        ASSERT_TRUE(same_row(after[root], row, before[root], row)) << program.formulas[root] << " session " << row;
      }
    }
  }
  EXPECT_GT(changed, 20U);
}

// A bar before what was the first: comparisons read every session since as one that is there.
TEST_P(Streams, ReplayANewFirstBar) {
  const std::size_t late = kRows / 2;
  for (auto& [name, rows] : market_.values) {
    for (std::size_t row = 0; row < late; ++row) {
      rows[row][7] = std::nan("");
    }
  }
  const Program program = program_of(profile());
  const std::vector<std::size_t> columns = all_columns();
  const std::vector<Panel> before = whole(program, columns);
  const std::size_t corrected = 5;
  market_.values["close"][corrected][7] = 5.25;
  const std::vector<Panel> after = whole(program, columns);
  const Replay result = must(replay(program, market_.fields(0, kRows, columns), corrected, precision(), pool_));
  for (std::size_t root = 0; root < after.size(); ++root) {
    for (std::size_t row = 0; row < kRows; ++row) {
      const bool is_replayed = row >= corrected && row < corrected + result.panels[root].rows();
      ASSERT_TRUE(is_replayed ? same_row(after[root], row, result.panels[root], row - corrected)
                              : same_row(after[root], row, before[root], row))
          << program.formulas[root] << " session " << row;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, Streams,
                         ::testing::Combine(::testing::Range<std::size_t>(0, 5),
                                            ::testing::Values(Precision::kFloat64, Precision::kFloat32)),
                         [](const auto& shape) {
                           const bool is_double = std::get<1>(shape.param) == Precision::kFloat64;
                           return std::string(profiles()[std::get<0>(shape.param)].name) + (is_double ? "64" : "32");
                         });

Program compiled(std::string_view formula, std::string_view profile = "lode", bool allow_lookahead = false) {
  static const OperatorTable table;
  CompileOptions options;
  options.allow_lookahead = allow_lookahead;
  return must(compile(formula, **find_profile(profile), table, options));
}

TEST(StreamState, RefusesWhatIsNotItsOwn) {
  const std::vector<std::string> names = {"A", "B"};
  const std::string state = must(Stream::start(compiled("ts_mean(close, 3)"), names, Precision::kFloat64)).save();
  const auto resumed = [&](const Program& program, Precision precision, std::string_view bytes) {
    return Stream::resume(bytes, program, names, precision);
  };
  EXPECT_TRUE(resumed(compiled("mean(close, 3)"), Precision::kFloat64, state));
  for (const auto& other : {resumed(compiled("ts_mean(close, 4)"), Precision::kFloat64, state),
                            resumed(compiled("ts_mean(close, 3)", "paper"), Precision::kFloat64, state),
                            resumed(compiled("ts_mean(close, 3)"), Precision::kFloat32, state)}) {
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().number(), E::E1115);
  }
  for (std::size_t size = 0; size < state.size(); ++size) {
    const auto cut = resumed(compiled("ts_mean(close, 3)"), Precision::kFloat64, state.substr(0, size));
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().number(), E::E1116);
  }
  for (std::size_t at = 0; at < state.size(); ++at) {
    std::string flipped = state;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x40);
    EXPECT_FALSE(resumed(compiled("ts_mean(close, 3)"), Precision::kFloat64, flipped));
  }
}

// Bytes that somebody changed, checksum and all: refused or read as other numbers, never a crash.
TEST(StreamState, SurvivesAForgedChecksum) {
  const std::vector<std::string> names = {"A", "B", "C"};
  const Program program = compiled("ts_mean(close, 14) + ema(close, 3)", "qlib");
  Pool pool(1);
  Stream stream = must(Stream::start(program, names, Precision::kFloat32));
  Fields fields(testing::make_axis(1, 3));
  fields.set("close", testing::make_panel(fields.shared_axis(), {{1.0, 2.0, 3.0}}));
  (void)must(stream.step(fields, pool));
  const std::string state = stream.save();
  const auto forged = [](std::string bytes) {
    engine::StateWriter check;
    check.number(xxh3(bytes));
    return bytes + check.take();
  };
  const std::string body = state.substr(0, state.size() - 8);
  ASSERT_EQ(forged(body), state);
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(Stream::resume(forged(body.substr(0, size)), program, names, Precision::kFloat32));
  }
  EXPECT_FALSE(Stream::resume(forged(body + "x"), program, names, Precision::kFloat32));
  int taken = 0;
  for (std::size_t at = 0; at < body.size(); ++at) {
    for (const unsigned bits : {0x01U, 0x80U, 0xffU}) {
      std::string flipped = body;
      flipped[at] = static_cast<char>(static_cast<unsigned char>(flipped[at]) ^ bits);
      if (Result<Stream> next = Stream::resume(forged(flipped), program, names, Precision::kFloat32)) {
        EXPECT_TRUE(next->step(fields, pool));
        ++taken;
      }
    }
  }
  EXPECT_GT(taken, 100) << "other numbers in the places of cells";
}

TEST(StreamState, HasNoFuture) {
  const auto stream = Stream::start(compiled("delay(close, -2)", "lode", true), {"A"}, Precision::kFloat64);
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().number(), E::E1107);
  EXPECT_THAT(stream.error().message(), HasSubstr("looks 2 sessions into the future"));
}

// Panels of more instruments than a task takes, some of them in its last registers alone, for every operator that looks
// back; the windows of some reach before the first session.
TEST(WideStreams, GiveTheBitsOfBatch) {
  static const OperatorTable table;
  std::vector<Program> programs;
  for (const Operator* op : table.all()) {
    if (op->spec.shape != Shape::kSeries || op->spec.parameters.size() < 2) {
      continue;
    }
    for (const int days : {1, 4, 13, 30}) {
      for (const char* operands : {"close", "returns, volume"}) {
        const std::string text = fmt::format("{}({}, {})", op->spec.name, operands, days);
        if (Result<Program> program = compile(text, **find_profile("street"), table)) {
          programs.push_back(std::move(*program));
        }
      }
    }
  }
  ASSERT_GT(programs.size(), 100U);
  const Program program = merge(programs);
  constexpr std::size_t kSessions = 45;
  const std::size_t columns = kSanitized ? 100 : 1400;
  Random random(3, 1);
  Fields fields(testing::make_axis(kSessions, columns));
  for (const char* name : {"close", "volume"}) {
    testing::Rows rows(kSessions, std::vector<double>(columns));
    for (std::vector<double>& row : rows) {
      for (double& cell : row) {
        cell = random.next_below(90) == 0 ? std::nan("") : std::round(100.0 + 8.0 * random.next_normal()) / 4.0;
      }
    }
    fields.set(name, testing::make_panel(fields.shared_axis(), rows));
  }
  Pool pool(2);
  for (const Precision precision : {Precision::kFloat32, Precision::kFloat64}) {
    const std::vector<Panel> expected = must(evaluate(program, fields, precision, pool));
    Stream stream = must(Stream::start(program, fields.axis().symbols, precision));
    for (std::size_t row = 0; row < kSessions; ++row) {
      Fields session(testing::make_axis(1, columns));
      for (const char* name : {"close", "volume"}) {
        const std::span<const double> cells = fields.find(name)->row64(row);
        session.set(name, testing::make_panel(session.shared_axis(), {{cells.begin(), cells.end()}}));
      }
      const auto results = must(stream.step(session, pool));
      for (std::size_t root = 0; root < expected.size(); ++root) {
        ASSERT_TRUE(same_row(expected[root], row, results[root], 0)) << program.formulas[root] << " session " << row;
      }
    }
  }
}

TEST(StreamState, NamesTheFieldThatIsAbsent) {
  Stream stream = must(Stream::start(compiled("close / open"), {"A", "B"}, Precision::kFloat64));
  Fields fields(testing::make_axis(1, 2));
  fields.set("close", testing::make_panel(fields.shared_axis(), {{1.0, 2.0}}));
  Pool pool(1);
  const auto result = stream.step(fields, pool);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().number(), E::E1113);
  EXPECT_EQ(stream.sessions(), 0);
}

TEST(StreamState, BeginsWithoutAnInstrument) {
  for (const Precision precision : {Precision::kFloat32, Precision::kFloat64}) {
    Stream stream = must(Stream::start(compiled("rank(ts_mean(close, 3))"), {}, precision));
    const Stream next = must(Stream::resume(stream.save(), compiled("rank(ts_mean(close, 3))"), {"A"}, precision));
    EXPECT_EQ(next.sessions(), 0);
  }
}

TEST(StreamState, RefusesAForgedNumberOfSessions) {
  const Program program = compiled("ema(close, 3)");
  Stream stream = must(Stream::start(program, {"A"}, Precision::kFloat64));
  const std::string state = stream.save();
  // The number stands behind the head, which every state of these formulas shares: all of its bytes set in turn.
  int refused = 0;
  for (std::size_t at = 0; at + 16 < state.size(); ++at) {
    std::string body = state.substr(0, state.size() - 8);
    body[at] = static_cast<char>(0x7f);
    engine::StateWriter check;
    check.number(xxh3(body));
    refused += Stream::resume(body + check.take(), program, {"A", "B"}, Precision::kFloat64) ? 0 : 1;
  }
  EXPECT_GT(refused, 10);
}

}  // namespace
}  // namespace lode::expr
