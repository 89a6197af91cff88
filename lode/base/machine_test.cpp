// The machine's facts are plausible and stable.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/machine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "lode/base/test_world.h"

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

// Advice: the bytes are the same ones, whatever the block's size and place.
TEST(Machine, LargePagesChangeNoByte) {
  prefer_large_pages({});
  for (const std::size_t size : {std::size_t{1}, std::size_t{4096}, (std::size_t{2} << 20) + 1, std::size_t{9} << 20}) {
    for (const std::size_t skip : {std::size_t{0}, std::size_t{3}}) {
      std::vector<std::byte> bytes(size + skip, std::byte{7});
      prefer_large_pages(std::span(bytes).subspan(skip));
      EXPECT_TRUE(std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{7}; })) << size;
    }
  }
}

TEST(Machine, AControlGroupMayLeaveLessThanTheMachine) {
  namespace fs = std::filesystem;
  const TestWorld world;
  const std::string root = world.folder;
  const auto write = [&](const std::string& name, std::string_view text) {
    fs::create_directories(fs::path(root + name).parent_path());
    std::ofstream(root + name) << text;
  };
  const auto left = [&] { return group_memory_bytes(root + "/self", root); };
  EXPECT_EQ(left(), -1) << "no such file";
  write("/self", "0::/a/b\n");
  EXPECT_EQ(left(), -1) << "no such group";
  write("/a/b/memory.max", "max\n");
  write("/a/b/memory.current", "500\n");
  EXPECT_EQ(left(), -1) << "no limit";
  write("/a/memory.max", "1000\n");
  write("/a/memory.current", "700\n");
  EXPECT_EQ(left(), 300) << "the group above has one";
  write("/a/memory.stat", "anon 100\ninactive_file 200\n");
  EXPECT_EQ(left(), 500) << "files that may go are free";
  write("/a/b/memory.max", "600\n");
  EXPECT_EQ(left(), 100) << "the least counts";
  write("/a/b/memory.current", "700\n");
  EXPECT_EQ(left(), 0);
  write("/self", "0::/elsewhere/on/the/host\n");
  write("/memory.max", "900\n");
  write("/memory.current", "200\n");
  EXPECT_EQ(left(), 700) << "a container sees its own group as the root";
  write("/self", "5:cpu:/x\n4:memory:/x\n");
  write("/memory/x/memory.limit_in_bytes", "4000\n");
  write("/memory/x/memory.usage_in_bytes", "1500\n");
  EXPECT_EQ(left(), 2500) << "version 1";
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
