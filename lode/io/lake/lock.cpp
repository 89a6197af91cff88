// The commit lock: flock on <lake>/lock, with the holder's identity written inside for whoever waits in vain.
//
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include "lode/base/text.h"
#include "lode/base/value.h"
#include "lode/io/lake/files.h"

namespace lode::lake {
namespace {

constexpr auto kRetry = std::chrono::milliseconds(5);
constexpr auto kNoticePause = std::chrono::milliseconds(50);

std::string first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// Start of this process in clock ticks since boot: field 22 of /proc/self/stat, counted behind the name's last bracket.
std::int64_t process_start() {
  const std::string stat = first_line("/proc/self/stat");
  const std::size_t bracket = stat.rfind(')');
  if (bracket == std::string::npos || bracket + 2 > stat.size()) {
    return 0;
  }
  const std::string rest = stat.substr(bracket + 2);
  const std::vector<std::string_view> fields = split(rest, ' ');
  constexpr std::size_t kStart = 22 - 3;  // The name is field 2, what follows it starts at 3.
  std::int64_t ticks = 0;
  if (fields.size() > kStart) {
    parse_int(fields[kStart], ticks);
  }
  return ticks;
}

std::string own_identity() {
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  Value holder = Value::object();
  holder.set("pid", std::int64_t{getpid()});
  holder.set("host", std::string(host));
  holder.set("boot_id", first_line("/proc/sys/kernel/random/boot_id"));
  holder.set("start", process_start());
  return to_json(holder) + "\n";
}

// "process 4711 on alpha", as far as the lock file tells.
std::string holder_of(const std::string& path) {
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const auto holder = parse_json(text);
  const Value* pid = holder ? holder->find("pid") : nullptr;
  const Value* host = holder ? holder->find("host") : nullptr;
  if (pid == nullptr || !pid->is_int() || host == nullptr || !host->is_text()) {
    return "another process";
  }
  return fmt::format("process {} on {}", pid->as_int(), host->as_text());
}

}  // namespace

Result<CommitLock> CommitLock::acquire(const std::string& lake, double wait_seconds,
                                       const std::function<bool(std::string_view)>& notice) {
  using std::chrono::steady_clock;
  const std::string path = lake + "/lock";
  CommitLock lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (lock.descriptor_ < 0) {
    return fail(file_error("lock", path, errno));
  }
  const auto until = steady_clock::now() + std::chrono::duration<double>(wait_seconds);
  auto next_notice = steady_clock::now() + std::chrono::duration<double>(kSilentWaitSeconds);
  while (flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return fail(file_error("lock", path, errno));
    }
    if (notice && steady_clock::now() >= next_notice) {
      if (!notice(holder_of(path))) {
        return fail(E::E10, "stopped while waiting for the lake's lock", "the same command starts again");
      }
      next_notice = steady_clock::now() + kNoticePause;
    }
    if (steady_clock::now() >= until) {
      return fail(E::E8003,
                  fmt::format("the lake {} is locked by {}, waited {} s", lake, holder_of(path), wait_seconds),
                  "wait until it is done, or end that process: its lock goes with it");
    }
    std::this_thread::sleep_for(kRetry);
  }
  // The text only serves a message: a full disk must not refuse the lock that a clean-up may need.
  const std::string identity = own_identity();
  if (ftruncate(lock.descriptor_, 0) == 0) {
    [[maybe_unused]] const ssize_t written = pwrite(lock.descriptor_, identity.data(), identity.size(), 0);
  }
  return lock;
}

std::optional<std::string> lock_holder(const std::string& lake) {
  const std::string path = lake + "/lock";
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return std::nullopt;
  }
  const bool held = flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close(descriptor);
  return held ? std::optional(holder_of(path)) : std::nullopt;
}

CommitLock::~CommitLock() {
  if (descriptor_ >= 0) {
    close(descriptor_);  // Releases the lock: the descriptor is nobody else's.
  }
}

}  // namespace lode::lake
