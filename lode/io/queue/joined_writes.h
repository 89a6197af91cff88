// Writes that follow each other in a file, joined into one.
//
// SQLite hands a commit to its log in two writes a page: 70 system calls for a hundred messages, a fifth of what they
// cost. Joined they are one. The bytes wait until somebody flushes them; whoever owns the file flushes before every
// sync and every read, and before another process may look.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace lode::queue {

// At most so many wait: SQLite's own file layer writes only the low 17 bits of a length (3.40, seekAndWriteFd).
inline constexpr std::size_t kJoinedBytes = 128 * 1024 - 1;

// Not thread-safe. A sink is called with (offset, bytes) and gives 0 or an error's code.
class JoinedWrites {
 public:
  // Takes the bytes, or gives them to the sink at once where they do not follow what waits, or there is no memory. An
  // error is that of bytes that waited, which are lost then, or of these.
  template <class Sink>
  int write(std::int64_t offset, std::string_view bytes, const Sink& sink) {
    if (used_ > 0 && (offset != offset_ + static_cast<std::int64_t>(used_) || used_ + bytes.size() > kJoinedBytes)) {
      if (const int code = flush(sink); code != 0) {
        return code;
      }
    }
    if (!take(offset, bytes)) {
      return sink(offset, bytes);
    }
    return 0;
  }

  // Nothing waits afterwards, whatever the sink says.
  template <class Sink>
  int flush(const Sink& sink) {
    const std::size_t size = std::exchange(used_, 0);
    return size == 0 ? 0 : sink(offset_, std::string_view(bytes_.get(), size));
  }

  std::size_t waiting() const { return used_; }

 private:
  bool take(std::int64_t offset, std::string_view bytes);

  std::unique_ptr<char[]> bytes_;  // Made at the first write.
  std::int64_t offset_ = 0;
  std::size_t used_ = 0;
};

}  // namespace lode::queue
