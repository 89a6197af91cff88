// The worker of crash tests: not a test of its own.
//
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "lode/io/queue/crash_testing.h"

namespace lode::queue::testing {

namespace {

void say(const std::string& line) {
  const std::string text = line + "\n";
  if (write(3, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    _exit(9);
  }
}

// Does `what` again after a full disk was cleaned up; any other error ends the worker with exit code 3, once it has
// seen that a queue whose sync failed takes nothing more.
template <class F>
auto insist(Queue& queue, F what) -> std::remove_cvref_t<decltype(*what())> {
  auto result = what();
  if (!result && result.error().number() == E::E8006) {
    say("F");
    const auto stats = queue.stats();  // Reads go on.
    if (!stats || stats->next_id < 1) {
      _exit(5);
    }
    unlink(std::getenv("LODE_FAULT_COUNT"));  // Somebody made room.
    result = what();
  }
  if (!result) {
    say("E " + to_string(result.error().number()) + " " + result.error().message());
    const bool takes_more = queue.push({.key = "after", .group = "after"}).has_value();
    _exit(takes_more ? 4 : 3);
  }
  return std::move(*result);
}

void play_round(Queue& queue, int round) {
  const std::vector<CrashMessage> texts = messages_of(round);
  std::vector<Message> batch;
  for (const CrashMessage& one : texts) {
    batch.push_back({.key = one.key, .group = one.group, .payload = one.payload});
  }
  insist(queue, [&] { return queue.push(batch); });
  for (const CrashMessage& one : texts) {
    say("P " + one.key);
  }
  const Received got = insist(queue, [&] { return queue.receive({.most = 3}); });
  std::vector<Lease> leases;
  for (const Delivery& one : got.messages) {
    if (one.id % 11 == 0) {  // Poison: dead after two receives.
      const Lease lease = one.lease();
      insist(queue, [&]() -> Result<bool> {
        LODE_CHECK(queue.nack(std::span(&lease, 1), "poison"));
        return true;
      });
      continue;
    }
    leases.push_back(one.lease());
    say("B " + one.key);
  }
  insist(queue, [&]() -> Result<bool> {
    LODE_CHECK(queue.ack(leases));
    return true;
  });
  for (const Delivery& one : got.messages) {
    if (one.id % 11 != 0) {
      say("A " + one.key);
    }
  }
  if (round % 5 == 4) {
    insist(queue, [&] { return queue.redrive(); });
  }
  if (round % 6 == 5) {
    insist(queue, [&] { return queue.purge(Purge::kFinished); });
  }
}

TEST(QueueCrashWorker, DISABLED_Play) {
  const char* const folder = std::getenv("LODE_TEST_QUEUE");
  ASSERT_NE(folder, nullptr);
  TwoClocks clock;
  auto opened = Queue::open(folder, "q", Access::kCreate, clock, kCrashOptions);
  if (!opened && opened.error().number() == E::E8006) {
    say("F");
    unlink(std::getenv("LODE_FAULT_COUNT"));
    opened = Queue::open(folder, "q", Access::kCreate, clock, kCrashOptions);
  }
  if (!opened) {
    say("E " + to_string(opened.error().number()) + " " + opened.error().message());
    _exit(3);
  }
  const int rounds = std::atoi(std::getenv("LODE_TEST_QUEUE_ROUNDS"));
  for (int round = 0; round < rounds; ++round) {
    play_round(**opened, round);
  }
}

}  // namespace

std::vector<CrashMessage> messages_of(int round) {
  std::vector<CrashMessage> out;
  for (int i = 0; i < kCrashBatch; ++i) {
    const std::string key = fmt::format("{:03}-{}", round, i);
    out.push_back({key, fmt::format("g{}", i % 3), std::string(static_cast<std::size_t>(200 + 97 * i), 'a') + key});
  }
  if (round > 0) {
    out.push_back({fmt::format("{:03}-0", round - 1), "g0", "again"});
  }
  return out;
}

std::string shim_path() {
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  const auto path = self.parent_path() / "liblode_fault_shim.so";
  return std::filesystem::exists(path, failed) ? path.string() : std::string();
}

Worker::Worker(const std::string& folder, int rounds, const Fault& fault) {
  int ends[2];
  EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const std::string count_file = std::filesystem::path(folder).string() + ".calls";
  if (fault.what == "full") {
    std::ofstream(count_file) << "full";
  }
  std::vector<std::string> environment{"LODE_TEST_QUEUE=" + folder,
                                       fmt::format("LODE_TEST_QUEUE_ROUNDS={}", rounds),
                                       "LD_PRELOAD=" + shim_path(),
                                       "LODE_FAULT_FOLDER=" + folder + "/",
                                       fmt::format("LODE_FAULT_AT={}", fault.at),
                                       "LODE_FAULT_DO=" + fault.what,
                                       "LODE_FAULT_COUNT=" + count_file,
                                       "ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0"};
  std::vector<const char*> variables;
  for (const std::string& one : environment) {
    variables.push_back(one.c_str());
  }
  variables.push_back(nullptr);
  const char* arguments[] = {"io_queue_test", "--gtest_filter=QueueCrashWorker.*", "--gtest_also_run_disabled_tests",
                             nullptr};
  const pid_t child = vfork();
  if (child == 0) {
    const int nothing = ::open("/dev/null", O_WRONLY);
    dup2(nothing, 1);
    dup2(nothing, 2);
    dup2(ends[1], 3);
    execve("/proc/self/exe", const_cast<char* const*>(arguments), const_cast<char* const*>(variables.data()));
    _exit(127);
  }
  close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(n));
  }
  close(ends[0]);
  waitpid(child, &status, 0);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::string rest = line.size() > 2 ? line.substr(2) : "";
    (line[0] == 'P' ? pushed : line[0] == 'A' ? acked : asked).insert(rest);
    if (line[0] == 'E' || line[0] == 'F') {
      asked.erase(rest);
      notes.push_back(line);
    }
  }
  std::ifstream(count_file) >> calls;
  std::error_code ignored;
  std::filesystem::remove(count_file, ignored);
}

bool Worker::killed() const { return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL; }
bool Worker::finished() const { return WIFEXITED(status) && WEXITSTATUS(status) == 0; }

}  // namespace lode::queue::testing
