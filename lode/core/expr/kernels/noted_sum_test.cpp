// Sums that go on from session to session against adding up each window: the same bits, whatever the values do.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/noted_sum.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/core/expr/kernels/window.h"

namespace lode::expr::kernels {
namespace {

constexpr std::size_t kWidth = 2 * kLanes;

// What a lane may hold, from calm to nasty.
constexpr int kKinds = 10;
float draw(int kind, Random& random) {
  const auto normal = static_cast<float>(random.next_normal());
  const bool is_rare = random.next_below(40) == 0;
  switch (kind) {
    case 0:
      return 50.0F + normal;  // A price.
    case 1:
      return std::floor(std::exp(14.0F + normal));  // A volume.
    case 2:
      return is_rare ? 1e-20F * normal : normal;  // Now and then too small to be added without rounding.
    case 3:
      return is_rare ? 1e20F * normal : normal;
    case 4:
      return std::round(normal);  // Sums that are 0.
    case 5:
      return random.next_below(2) == 0 ? 0.0F : -0.0F;
    case 6:
      return 7.25F;
    case 7:
      return is_rare ? std::numeric_limits<float>::max() : 1.0F;
    case 8:
      return is_rare ? std::numeric_limits<float>::denorm_min() : 0.0F;
    default:
      return std::exp(30.0F * normal);  // Every window too wide.
  }
}

using Sessions = std::vector<float>;  // [session][lane]

// Lane i is of kind i % kKinds; `gaps` of a thousand values are missing, and lane 3 altogether.
Sessions draw_sessions(std::size_t count, std::uint64_t gaps, std::uint64_t seed) {
  Random random(seed, gaps);
  Sessions cells(count * kWidth);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool is_missing = random.next_below(1000) < gaps || i % kWidth == 3;
    const float value = draw(static_cast<int>(i % kWidth) % kKinds, random);
    cells[i] = is_missing ? kMissing<float> : value;
  }
  return cells;
}

struct Pair {
  const char* name;
  Kernel plain;
  std::size_t (*bytes)(const KernelArguments&);
  void (*noted)(const KernelCall<float>&, std::span<std::byte>);
};

// Each session's results, from notes and from the windows.
void expect_same_bits(const Pair& pair, const Sessions& cells, int days, std::size_t forget_every) {
  const double literal = days;
  const double option = 0.0;
  const KernelArguments arguments{std::span(&literal, 1), std::span(&option, 1), nullptr};
  const auto back = static_cast<std::size_t>(days) - 1;
  std::vector<std::byte> scratch(window_scratch_bytes(arguments, back + 1, kWidth) + 64);
  std::vector<std::byte> notes(kWidth * pair.bytes(arguments), std::byte{0});
  ASSERT_FALSE(notes.empty());
  std::vector<float> expected(kWidth);
  std::vector<float> result(kWidth);
  auto* aligned = reinterpret_cast<std::byte*>((reinterpret_cast<std::uintptr_t>(scratch.data()) + 63) / 64 * 64);
  for (std::size_t session = back; session < cells.size() / kWidth; ++session) {
    if (forget_every > 0 && session % forget_every == 0) {
      std::ranges::fill(notes, std::byte{0});
    }
    const Tile<const float> rows{cells.data() + (session - back) * kWidth, back + 1, kWidth, kWidth};
    KernelCall<float> call{std::span(&rows, 1), {}, {expected.data(), 1, kWidth, kWidth}, arguments, {}, back, {}, {}};
    call.scratch = {std::span(aligned, scratch.size() - 64)};
    pair.plain.run32(call);
    call.out.cells = result.data();
    pair.noted(call, notes);
    const bool are_equal = std::memcmp(expected.data(), result.data(), kWidth * sizeof(float)) == 0;
    for (std::size_t lane = 0; !are_equal && lane < kWidth; ++lane) {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(expected[lane]), std::bit_cast<std::uint32_t>(result[lane]))
          << pair.name << " of " << days << " days, session " << session << " lane " << lane << ": " << expected[lane]
          << " and " << result[lane];
    }
  }
}

void expect_same_bits_everywhere() {
  const Pair pairs[] = {{"ts_sum", ts_sum(), noted_sum_bytes, run_noted_sum},
                        {"ts_mean", ts_mean(), noted_mean_bytes, run_noted_mean}};
  const std::size_t sessions = kSanitized ? 300 : 500;
  for (const Pair& pair : pairs) {
    for (const int days : {12, 20, 61, 250}) {
      for (const std::uint64_t gaps : {0, 2, 60}) {
        const Sessions cells = draw_sessions(sessions, gaps, static_cast<std::uint64_t>(days));
        ASSERT_NO_FATAL_FAILURE(expect_same_bits(pair, cells, days, 0));
        ASSERT_NO_FATAL_FAILURE(expect_same_bits(pair, cells, days, 97));
      }
    }
  }
}

TEST(NotedSums, HaveTheBitsOfAddingUpAgain) {
  const std::int64_t supported = hwy::SupportedTargets();
  for (std::int64_t bit = 1; bit != 0 && bit <= supported; bit <<= 1) {
    if ((supported & bit) != 0) {
      hwy::SetSupportedTargetsForTest(bit);
      hwy::GetChosenTarget().Update(bit);
      SCOPED_TRACE(hwy::TargetName(bit));
      ASSERT_NO_FATAL_FAILURE(expect_same_bits_everywhere());
    }
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

TEST(NotedSums, AreForFullWindowsThatAreLongEnough) {
  const auto bytes = [](double days, double min_periods, auto of) {
    return of(KernelArguments{std::span(&days, 1), std::span(&min_periods, 1), nullptr});
  };
  EXPECT_GT(bytes(20, 0, noted_sum_bytes), 0U);
  EXPECT_GT(bytes(5000, 0, noted_sum_bytes), 0U);
  EXPECT_EQ(bytes(2, 0, noted_sum_bytes), 0U);
  EXPECT_EQ(bytes(20, 5, noted_sum_bytes), 0U);
  EXPECT_GT(bytes(256, 0, noted_mean_bytes), 0U);
  EXPECT_EQ(bytes(257, 0, noted_mean_bytes), 0U) << "these are corrected by a second pass";
}

}  // namespace
}  // namespace lode::expr::kernels
