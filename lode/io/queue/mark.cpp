// The mark's file.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/queue/mark.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "lode/base/crc32c.h"
#include "lode/io/lake/files.h"

namespace lode::queue {

namespace {

constexpr std::size_t kSlotBytes = 16;
using Slot = std::array<char, kSlotBytes>;

Slot slot_of(std::int64_t commit) {
  Slot out{};
  std::memcpy(out.data(), &commit, 8);
  const std::uint32_t sum = crc32c({out.data(), 8}, crc32c("lode queue mark"));
  std::memcpy(out.data() + 8, &sum, 4);
  return out;
}

}  // namespace

Result<Mark> Mark::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    return fail(lake::file_error("open", path, errno));
  }
  return Mark(descriptor);
}

std::int64_t Mark::read(const std::string& path) {
  const auto bytes = lake::read_file(path);
  std::int64_t out = 0;
  for (std::size_t at = 0; bytes && at + kSlotBytes <= std::min(bytes->size(), 2 * kSlotBytes); at += kSlotBytes) {
    std::int64_t commit = 0;
    std::memcpy(&commit, bytes->data() + at, 8);
    const Slot expected = slot_of(commit);
    if (std::memcmp(expected.data(), bytes->data() + at, kSlotBytes) == 0) {
      out = std::max(out, commit);
    }
  }
  return out;
}

Mark::~Mark() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

void Mark::write(std::int64_t commit) const {
  const Slot slot = slot_of(commit);
  [[maybe_unused]] const ssize_t written =
      pwrite(descriptor_, slot.data(), slot.size(), static_cast<off_t>(commit % 2) * static_cast<off_t>(kSlotBytes));
}

}  // namespace lode::queue
