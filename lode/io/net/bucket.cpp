// The token bucket and its file.
//
// The file is text: "lode-rate 1", a line "held <nanoseconds of the wall clock>", then a line a token taken, in
// nanoseconds of the machine's monotonic clock. It is rewritten in place under a lock: a crash in between leaves a file
// that counts as damaged and costs one window.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/bucket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/base/text.h"

namespace lode::net {

namespace {

constexpr std::string_view kMagic = "lode-rate 1";
constexpr std::size_t kMostBytes = 4096;

// A window is taken 2 % longer than asked, because between taking a token and the host counting it lies a network.
constexpr std::int64_t widened(std::int64_t window) { return window + window / 50; }

void lock(int fd, int how) {
  while (flock(fd, how) != 0 && errno == EINTR) {
  }
}

std::string read_all(int fd) {
  std::string text(kMostBytes, '\0');
  const ssize_t got = pread(fd, text.data(), text.size(), 0);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

void write_all(int fd, std::string_view text) {
  // What cannot be written (a full disk) leaves a file that counts as damaged, which is the slow side.
  if (pwrite(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()) ||
      ftruncate(fd, static_cast<off_t>(text.size())) != 0) {
    return;
  }
}

}  // namespace

Rate Rate::per_second(double rate) {
  LODE_ASSERT(rate > 0.0);
  if (rate < 1.0) {
    return {1, static_cast<std::int64_t>(static_cast<double>(kNanosPerSecond) / rate)};
  }
  const int requests = std::min(kMostTokens, static_cast<int>(rate));
  return {requests, static_cast<std::int64_t>(static_cast<double>(kNanosPerSecond) * requests / rate)};
}

std::int64_t BucketState::take(const Rate& rate, std::int64_t monotonic, Time now) {
  LODE_ASSERT(rate.requests >= 1 && rate.requests <= kMostTokens);
  if (held_until > now) {
    return held_until.nanos - now.nanos;
  }
  // A token of the future was taken before the machine was started again.
  std::erase_if(taken, [&](std::int64_t at) { return at > monotonic; });
  const auto most = static_cast<std::size_t>(rate.requests);
  if (taken.size() >= most) {
    const std::int64_t free_at = taken[taken.size() - most] + widened(rate.window_nanos);
    if (free_at > monotonic) {
      return free_at - monotonic;
    }
  }
  taken.push_back(monotonic);
  if (taken.size() > static_cast<std::size_t>(kMostTokens)) {
    taken.erase(taken.begin());
  }
  return 0;
}

std::string BucketState::text() const {
  std::string out = fmt::format("{}\nheld {}\n", kMagic, held_until.nanos);
  for (const std::int64_t at : taken) {
    out += fmt::format("{}\n", at);
  }
  // Its own checksum: a line cut in the middle is a number too.
  return out + "sum " + hex(xxh3(out)) + "\n";
}

BucketState BucketState::parse(std::string_view text, std::int64_t monotonic) {
  BucketState out;
  if (text.empty()) {
    return out;
  }
  BucketState full;
  full.taken.assign(static_cast<std::size_t>(kMostTokens), monotonic);
  const std::size_t sum = text.rfind("sum ");
  if (sum == std::string_view::npos || text.substr(sum) != "sum " + hex(xxh3(text.substr(0, sum))) + "\n") {
    return full;
  }
  const std::vector<std::string_view> lines = split(text.substr(0, sum), '\n');
  if (lines.size() < 3 || lines[0] != kMagic || !lines[1].starts_with("held ") ||
      !parse_int(lines[1].substr(5), out.held_until.nanos)) {
    return full;
  }
  for (std::size_t i = 2; i + 1 < lines.size(); ++i) {
    std::int64_t at = 0;
    if (!parse_int(lines[i], at)) {
      return full;
    }
    out.taken.push_back(at);
  }
  std::ranges::sort(out.taken);
  return out;
}

Bucket::Bucket(std::string path, Rate rate, const Clock& clock) : path_(std::move(path)), rate_(rate), clock_(clock) {
  if (!path_.empty()) {
    fd_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  }
}

Bucket::~Bucket() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

template <class Change>
auto Bucket::locked(const Change& change) {
  const std::lock_guard guard(mutex_);
  if (fd_ < 0) {
    return change(own_);
  }
  lock(fd_, LOCK_EX);
  BucketState state = BucketState::parse(read_all(fd_), clock_.monotonic_nanos());
  const std::string before = state.text();
  const auto answer = change(state);
  if (state.text() != before) {
    write_all(fd_, state.text());
  }
  lock(fd_, LOCK_UN);
  return answer;
}

std::int64_t Bucket::try_take() {
  // The clock is read under the lock: tokens stand in the order they were taken.
  return locked([&](BucketState& state) { return state.take(rate_, clock_.monotonic_nanos(), clock_.now()); });
}

void Bucket::hold(Time until) {
  locked([&](BucketState& state) {
    state.held_until = std::max(state.held_until, until);
    return 0;
  });
}

Time Bucket::held_until() {
  return locked([](BucketState& state) { return state.held_until; });
}

Buckets::Buckets(std::string folder, const Clock& clock) : folder_(std::move(folder)), clock_(clock) {
  std::error_code ignored;  // A folder that cannot be made leaves buckets that are not shared.
  if (!folder_.empty()) {
    std::filesystem::create_directories(folder_, ignored);
  }
}

Bucket& Buckets::of(const std::string& name, const Rate& rate) {
  const std::lock_guard guard(mutex_);
  std::unique_ptr<Bucket>& bucket = buckets_[name];
  if (bucket == nullptr) {
    std::string file = name;
    std::ranges::replace_if(
        file, [](char c) { return !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.' && c != '-'; }, '_');
    bucket = std::make_unique<Bucket>(folder_.empty() ? "" : folder_ + "/" + file + ".rate", rate, clock_);
  }
  return *bucket;
}

}  // namespace lode::net
