// Bucket: how often a host may be asked, counted over all threads and processes of a user. Its state is a small file
// that whoever takes a token locks, reads and writes; so a second `lode`, or a crash, changes nothing of the pace.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/base/world.h"

namespace lode::net {

// At most `requests` in every window of that length, wherever it begins. Up to kMostTokens requests.
struct Rate {
  int requests = 1;
  std::int64_t window_nanos = kNanosPerSecond;

  // 5 is five a second, 0.2 one in five seconds.
  static Rate per_second(double rate);
};
inline constexpr int kMostTokens = 64;

// When tokens were taken, and until when nobody may: what the file holds. Pure.
struct BucketState {
  std::vector<std::int64_t> taken;  // Monotonic nanoseconds, rising.
  Time held_until;                  // By the wall clock, so that a restart of the machine does not forget it.

  // 0 and a token is taken, or nanoseconds until one may be there.
  std::int64_t take(const Rate& rate, std::int64_t monotonic, Time now);
  std::string text() const;
  // Of bytes that no bucket wrote: as if every token had just been taken, so that damage never means a burst.
  static BucketState parse(std::string_view text, std::int64_t monotonic);
};

// One host's bucket. Thread-safe.
class Bucket {
 public:
  // `path` is made when absent; where that fails the bucket counts for this process alone (see is_shared).
  Bucket(std::string path, Rate rate, const Clock& clock);
  ~Bucket();
  Bucket(const Bucket&) = delete;
  Bucket& operator=(const Bucket&) = delete;

  std::int64_t try_take();  // As BucketState::take.
  void hold(Time until);    // A later hold wins; an earlier one changes nothing.
  Time held_until();
  bool is_shared() const { return fd_ >= 0; }

 private:
  template <class Change>
  auto locked(const Change& change);

  std::mutex mutex_;
  std::string path_;
  Rate rate_;
  const Clock& clock_;
  int fd_ = -1;
  BucketState own_;  // Used where there is no file.
};

// The buckets of one folder by name, made at first use. Thread-safe.
class Buckets {
 public:
  // `folder` is made when absent; empty: nothing is shared between processes.
  Buckets(std::string folder, const Clock& clock);
  // `name`: letters, digits, dots and dashes of a host or a source.
  Bucket& of(const std::string& name, const Rate& rate);

 private:
  std::mutex mutex_;
  std::string folder_;
  const Clock& clock_;
  std::map<std::string, std::unique_ptr<Bucket>> buckets_;
};

}  // namespace lode::net
