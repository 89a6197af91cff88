// What waits.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/queue/joined_writes.h"

#include <cstring>
#include <new>

namespace lode::queue {

bool JoinedWrites::take(std::int64_t offset, std::string_view bytes) {
  if (bytes.size() > kJoinedBytes) {
    return false;
  }
  if (bytes_ == nullptr) {
    bytes_.reset(new (std::nothrow) char[kJoinedBytes]);  // No exception may pass through SQLite.
    if (bytes_ == nullptr) {
      return false;
    }
  }
  if (used_ == 0) {
    offset_ = offset;
  }
  std::memcpy(bytes_.get() + used_, bytes.data(), bytes.size());
  used_ += bytes.size();
  return true;
}

}  // namespace lode::queue
