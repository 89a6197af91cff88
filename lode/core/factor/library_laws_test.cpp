// Laws of every library formula, under the library's own profile here, under all that have the formula and in floats
// too in `make long`: a value depends neither on the future, nor on a bad cell its windows have left, nor on threads,
// nor on whether its sessions came at once or one by one. To the last bit.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <set>

#include "lode/base/must.h"
#include "lode/base/test_rounds.h"
#include "lode/core/expr/stream.h"
#include "lode/core/factor/test_batch.h"

namespace lode::factor {
namespace {

constexpr std::size_t kNames = oracle::TrapMarket::kNames;
constexpr std::size_t kDamaged = 60;  // The session that is damaged; every name that ever trades has begun by then.

std::size_t session_count() { return is_long() ? 330 : 150; }

// Sessions [begin, end) of the market, all names.
oracle::TrapMarket cut(const oracle::TrapMarket& market, std::size_t begin, std::size_t end) {
  oracle::TrapMarket out = market;
  out.sessions = end - begin;
  for (auto* grids : {&out.fields, &out.groups}) {
    for (auto& [name, grid] : *grids) {
      grid.assign(grid.begin() + static_cast<std::ptrdiff_t>(begin), grid.begin() + static_cast<std::ptrdiff_t>(end));
    }
  }
  return out;
}

bool same_row(const Panel& a, std::size_t row, const Panel& b, std::size_t other) {
  return a.precision() == Precision::kFloat64
             ? std::memcmp(a.row64(row).data(), b.row64(other).data(), kNames * sizeof(double)) == 0
             : std::memcmp(a.row32(row).data(), b.row32(other).data(), kNames * sizeof(float)) == 0;
}

// True when the root reads a recursive operator: it never forgets.
bool remembers(const expr::Program& program) {
  return std::ranges::any_of(program.nodes, [](const expr::Node& node) {
    return node.kind == expr::NodeKind::kOperator && (node.op->spec.recursive || node.op->state > 0);
  });
}

using Case = std::tuple<std::string, std::string, Precision>;
class LibraryLaws : public ::testing::TestWithParam<Case> {
 protected:
  LibraryLaws()
      : batch_(batch_of(*must(find_library(std::get<0>(GetParam()))), **expr::find_profile(std::get<1>(GetParam())))),
        market_(market_for(batch_.program, session_count())) {}

  void SetUp() override {
    if (batch_.names.empty()) {
      GTEST_SKIP() << "no formula of it is one of this profile";
    }
    whole_ = values(market_);
  }
  Precision precision() const { return std::get<2>(GetParam()); }
  std::vector<Panel> values(const oracle::TrapMarket& market, int threads = 1) const {
    Pool pool(threads);
    return must(expr::evaluate(batch_.program, fields_of(market, precision()), precision(), pool));
  }
  // Rows of `got` from `first` to `last` are those of the whole.
  void expect_rows(const std::vector<Panel>& got, std::size_t root, std::size_t first, std::size_t last) const {
    for (std::size_t row = first; row < last; ++row) {
      ASSERT_TRUE(same_row(whole_[root], row, got[root], row)) << batch_.names[root] << " session " << row;
    }
  }

  Batch batch_;
  oracle::TrapMarket market_;
  std::vector<Panel> whole_;
};

TEST_P(LibraryLaws, TheFutureChangesNothing) {
  const std::size_t end = market_.sessions * 2 / 3;
  const std::vector<Panel> early = values(cut(market_, 0, end));
  for (std::size_t root = 0; root < batch_.names.size(); ++root) {
    expect_rows(early, root, 0, end);
  }
}

TEST_P(LibraryLaws, ThreadsDoNotMatter) {
  const std::vector<Panel> shared = values(market_, 3);
  for (std::size_t root = 0; root < batch_.names.size(); ++root) {
    expect_rows(shared, root, 0, market_.sessions);
  }
}

TEST_P(LibraryLaws, ABadSessionIsForgotten) {
  oracle::TrapMarket damaged = market_;
  for (auto& [name, grid] : damaged.fields) {
    for (std::size_t i = 0; i < kNames; ++i) {
      const bool trades = i != 16;  // Name 16 never does: a cell there would be its first bar.
      grid[kDamaged][i] = !trades     ? grid[kDamaged][i]
                          : i % 3 > 0 ? std::nan("")
                                      : (i % 2 > 0 ? 1e30 : std::numeric_limits<double>::infinity());
    }
  }
  const std::vector<Panel> got = values(damaged);
  std::size_t tried = 0;
  for (std::size_t root = 0; root < batch_.names.size(); ++root) {
    expect_rows(got, root, 0, kDamaged);
    const std::size_t clean = kDamaged + static_cast<std::size_t>(batch_.each[root].lookback()) + 1;
    if (!remembers(batch_.each[root]) && clean < market_.sessions) {
      expect_rows(got, root, clean, market_.sessions);
      ++tried;
    }
  }
  EXPECT_GT(tried, batch_.names.size() / 2);
}

TEST_P(LibraryLaws, AStreamIsTheBatch) {
  Pool pool(1);
  std::vector<std::string> symbols;
  for (std::size_t i = 0; i < kNames; ++i) {
    symbols.push_back("S" + std::to_string(i));
  }
  expr::Stream stream = must(expr::Stream::start(batch_.program, symbols, precision()));
  for (std::size_t row = 0; row < market_.sessions; ++row) {
    const auto got = must(stream.step(fields_of(cut(market_, row, row + 1), precision()), pool));
    for (std::size_t root = 0; root < batch_.names.size(); ++root) {
      ASSERT_TRUE(same_row(whole_[root], row, got[root], 0)) << batch_.names[root] << " session " << row;
    }
    if (row == market_.sessions / 2) {
      stream = must(expr::Stream::resume(stream.save(), batch_.program, symbols, precision()));
    }
  }
}

std::vector<Case> cases() {
  std::vector<Case> out;
  for (const Library& library : libraries()) {
    for (const expr::Profile& profile : expr::profiles()) {
      const bool is_own = profile.name == library.profile && library.formulas_of.empty();
      if (is_own || is_long()) {
        out.emplace_back(library.id, profile.name, Precision::kFloat64);
      }
      if (is_long() || (is_own && !kSanitized)) {
        out.emplace_back(library.id, profile.name, Precision::kFloat32);
      }
    }
  }
  return out;
}

INSTANTIATE_TEST_SUITE_P(All, LibraryLaws, ::testing::ValuesIn(cases()), [](const auto& shape) {
  const bool is_float = std::get<2>(shape.param) == Precision::kFloat32;
  return std::get<0>(shape.param) + "_" + std::get<1>(shape.param) + (is_float ? "_f32" : "_f64");
});

}  // namespace
}  // namespace lode::factor
