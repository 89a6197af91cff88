// The machine's facts are plausible and stable.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/machine.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace lode {
namespace {

TEST(Machine, SaysWhatItIs) {
  EXPECT_FALSE(host_name().empty());
  EXPECT_EQ(host_name(), host_name());
  EXPECT_GE(core_count(), 1);
  EXPECT_FALSE(vector_unit().empty());
  EXPECT_NE(available_memory_bytes(), 0);
}

TEST(Machine, PeakMemoryIsAtLeastWhatWasTouched) {
  const std::int64_t before = peak_memory_bytes();
  ASSERT_GT(before, 0);
  constexpr std::size_t kBytes = std::size_t{64} << 20;
  const std::string large(kBytes, 'x');
  EXPECT_GE(peak_memory_bytes(), static_cast<std::int64_t>(kBytes));
  EXPECT_GE(peak_memory_bytes(), before) << "a peak never falls";
  EXPECT_EQ(large.back(), 'x');
}

TEST(Machine, CountsBytesReadAndWritten) {
  const IoBytes before = io_bytes();
  if (before.read < 0) {
    GTEST_SKIP() << "this kernel keeps no count";
  }
  std::ifstream in("/dev/zero", std::ios::binary);
  std::string bytes(1 << 20, 'x');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  std::ofstream out("/dev/null", std::ios::binary);
  out << bytes << std::flush;
  const IoBytes after = io_bytes();
  EXPECT_GE(after.read - before.read, 1 << 20);
  EXPECT_GE(after.written - before.written, 1 << 20);
}

}  // namespace
}  // namespace lode
