// Every formula of every library, in both precisions, against the literal reference on a market of traps: under the
// library's own profile and in doubles here, under every profile it compiles under, in floats too and with more noise
// in `make long`, which sets LODE_TEST_LONG. All cells must agree but those that rounding alone decides; which these
// are, the reference tells by itself, with noise (factors.md 1.6 rule 5).
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lode/base/must.h"
#include "lode/base/test_rounds.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/factor/test_batch.h"
#include "test/oracle/program.h"

namespace lode::factor {
namespace {

// alpha101 looks back 251 sessions; most of it, far less.
std::size_t session_count() { return is_long() ? 330 : 110; }
std::uint64_t seed_count() { return is_long() ? 8 : 2; }

// What makes a cell ill-conditioned, and how far the others may be off.
struct Tolerance {
  oracle::Noise noise;
  double moved;    // Relative: a cell that noise moves further is ill-conditioned
  double allowed;  // Relative: of the rest
  double share;    // Of the rest that must agree
};
constexpr Tolerance kDouble = {{1e-11, 1e-14}, 1e-7, 1e-6, 1.0};
constexpr Tolerance kFloat = {{2e-6, 1e-7}, 1e-3, 1e-2, 0.995};

bool is_near(double a, double b, double share) {
  return std::isnan(a) ? std::isnan(b) : std::abs(a - b) <= share * std::max(std::abs(a), std::abs(b));
}

struct Cell {
  std::size_t session;
  std::size_t name;
};

struct Count {
  std::size_t cells = 0;
  std::size_t ill = 0;
  std::size_t again = 0;  // Of the ill ones, those that only the second look found
  std::size_t valid = 0;
  std::size_t wrong = 0;
  std::string first;  // The first wrong cell
};

// Three correlations that tie on paper, then an argmin, then ranks: which of many outcomes comes, a few draws of noise
// do not tell. So the cells that are wrong are looked at again, with this many.
constexpr std::uint64_t kSecondLook = 96;

class Comparison {
 public:
  Comparison(const Batch& batch, Precision precision, const Tolerance& tolerance)
      : batch_(batch),
        tolerance_(tolerance),
        market_(market_for(batch.program, session_count())),
        is_float_(precision == Precision::kFloat32),
        expected_(batch.program, market_, is_float_, {}) {
    for (std::uint64_t seed = 1; seed <= seed_count(); ++seed) {
      noisy_.emplace_back(batch.program, market_, is_float_, noise(seed));
    }
    for (const oracle::Sums sums : {oracle::Sums::kForward, oracle::Sums::kBackward}) {
      noisy_.emplace_back(batch.program, market_, is_float_, oracle::Noise{.sums = sums});
    }
    noisy_.emplace_back(batch.program, market_, is_float_, oracle::Noise{.rounds = false});
    noisy_.emplace_back(batch.program, market_, is_float_,
                        oracle::Noise{.sums = oracle::Sums::kBackward, .rounds = false});
    Pool pool(2);
    got_ = must(expr::evaluate(batch.program, fields_of(market_, precision), precision, pool));
  }

  Count count(std::size_t root) const {
    Count count;
    std::vector<Cell> wrong;
    for (std::size_t t = 0; t < market_.sessions; ++t) {
      for (std::size_t i = 0; i < oracle::TrapMarket::kNames; ++i) {
        const Cell cell{t, i};
        const double want = finite(expected_.root(root)[t][i]);
        ++count.cells;
        if (std::ranges::any_of(
                noisy_, [&](const oracle::Reference& noisy) { return is_moved(want, noisy.root(root), cell); })) {
          ++count.ill;
          continue;
        }
        count.valid += std::isnan(want) ? 0 : 1;
        if (!is_near(want, got_[root].at(t, i), tolerance_.allowed)) {
          wrong.push_back(cell);
        }
      }
    }
    const auto numbers = [&] {
      return static_cast<std::size_t>(std::ranges::count_if(
          wrong, [&](Cell cell) { return !oracle::missing(expected_.root(root)[cell.session][cell.name]); }));
    };
    const std::size_t found = wrong.size();
    const std::size_t numbers_found = numbers();
    look_again(root, wrong);
    count.valid -= numbers_found - numbers();
    count.again = found - wrong.size();
    count.ill += count.again;
    count.wrong = wrong.size();
    if (!wrong.empty()) {
      const auto [t, i] = wrong.front();
      count.first = fmt::format("session {} name {}: expected {}, got {}", t, i,
                                static_cast<double>(expected_.root(root)[t][i]), got_[root].at(t, i));
    }
    return count;
  }

 private:
  oracle::Noise noise(std::uint64_t seed) const {
    oracle::Noise noise = tolerance_.noise;
    noise.seed = 10 * seed;
    noise.rounds = seed % 2 == 0;
    return noise;
  }

  bool is_moved(double want, const oracle::Table& noisy, Cell cell) const {
    return !is_near(want, finite(noisy[cell.session][cell.name]), tolerance_.moved);
  }

  // Leaves in `wrong` the cells that no noise moves.
  void look_again(std::size_t root, std::vector<Cell>& wrong) const {
    const expr::Program& alone = batch_.each[root];
    for (std::uint64_t seed = seed_count() + 1; !wrong.empty() && seed <= kSecondLook; ++seed) {
      const oracle::Reference noisy(alone, market_, is_float_, noise(seed));
      std::erase_if(wrong, [&](Cell cell) {
        return is_moved(finite(expected_.root(root)[cell.session][cell.name]), noisy.root(0), cell);
      });
    }
  }

  // As results are stored.
  double finite(oracle::Real value) const {
    const oracle::Real most = is_float_ ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
    return std::fabs(value) <= most ? static_cast<double>(value) : std::nan("");
  }

  const Batch& batch_;
  Tolerance tolerance_;
  oracle::TrapMarket market_;
  bool is_float_;
  oracle::Reference expected_;
  std::vector<oracle::Reference> noisy_;
  std::vector<Panel> got_;
};

using Case = std::tuple<std::string, std::string, Precision>;
class LibraryOracle : public ::testing::TestWithParam<Case> {};

TEST_P(LibraryOracle, AgreesWhereRoundingDoesNotDecide) {
  const auto& [id, profile, precision] = GetParam();
  const Batch batch = batch_of(*must(find_library(id)), **expr::find_profile(profile));
  if (batch.names.empty()) {
    GTEST_SKIP() << id << " has no formula under " << profile;
  }
  if (kSanitized) {  // The reference takes minutes there; what the engine touches is looked at all the same.
    const oracle::TrapMarket market = market_for(batch.program, session_count());
    Pool pool(2);
    EXPECT_TRUE(expr::evaluate(batch.program, fields_of(market, precision), precision, pool));
    return;
  }
  const Tolerance& tolerance = precision == Precision::kFloat32 ? kFloat : kDouble;
  const Comparison comparison(batch, precision, tolerance);
  Count all;
  for (std::size_t root = 0; root < batch.names.size(); ++root) {
    const Count count = comparison.count(root);
    all.cells += count.cells;
    all.ill += count.ill;
    all.again += count.again;
    all.valid += count.valid;
    all.wrong += count.wrong;
    const double checked = static_cast<double>(count.cells - count.ill);
    EXPECT_LE(static_cast<double>(count.wrong), (1.0 - tolerance.share) * checked)
        << batch.names[root] << ": " << count.wrong << " of " << checked << " wrong, " << count.first << "\n"
        << batch.program.formulas[root];
  }
  RecordProperty("formulas", static_cast<int>(batch.names.size()));
  fmt::print(
      "{} under {} {}: {} formulas, {} cells, {} ill-conditioned ({:.2f} %, {} found at the second look), {} others "
      "valid, {} wrong\n",
      id, profile, precision == Precision::kFloat32 ? "f32" : "f64", batch.names.size(), all.cells, all.ill,
      100.0 * static_cast<double>(all.ill) / static_cast<double>(all.cells), all.again, all.valid, all.wrong);
  EXPECT_LT(all.ill, all.cells / 2);
  EXPECT_GT(all.valid, all.cells / 50);
}

std::vector<Case> cases() {
  std::vector<Case> out;
  for (const Library& library : libraries()) {
    for (const expr::Profile& profile : expr::profiles()) {
      const bool repeats =
          library.id == "alpha360" || !library.formulas_of.empty();  // Ratios alone; another's formulas
      if (!is_long() && (profile.name != library.profile || repeats)) {
        continue;
      }
      out.emplace_back(library.id, profile.name, Precision::kFloat64);
      if (is_long()) {
        out.emplace_back(library.id, profile.name, Precision::kFloat32);
      }
    }
  }
  return out;
}

INSTANTIATE_TEST_SUITE_P(All, LibraryOracle, ::testing::ValuesIn(cases()), [](const auto& shape) {
  const bool is_float = std::get<2>(shape.param) == Precision::kFloat32;
  return std::get<0>(shape.param) + "_" + std::get<1>(shape.param) + (is_float ? "_f32" : "_f64");
});

}  // namespace
}  // namespace lode::factor
