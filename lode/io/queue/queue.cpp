// Opening and closing queues, and their figures for others.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/queue/queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "lode/io/lake/files.h"
#include "lode/io/queue/checked_file.h"
#include "lode/io/queue/queue_impl.h"

namespace lode::queue {

namespace {

constexpr std::string_view kSuffix = ".sqlite";

bool is_name(std::string_view name) {
  constexpr std::size_t kMost = 64;
  return !name.empty() && name.size() <= kMost && name.front() != '-' && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

}  // namespace

Queue::Queue(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Queue::~Queue() = default;

const std::string& Queue::path() const { return impl_->path; }
const Options& Queue::options() const { return impl_->options; }

Result<std::unique_ptr<Queue>> Queue::open(const std::string& lake, const std::string& name, Access access,
                                           Clock& clock, const Options& options) {
  if (!is_name(name)) {
    return fail(E::E4, fmt::format("\"{}\" is no name of a queue", name),
                "use 1 to 64 of a-z, 0-9, _ and -, not beginning with -");
  }
  const std::string folder = lake + "/queue";
  if (lake::is_network_file_system(lake)) {
    return fail(E::E8004,
                fmt::format("{} lies on a network file system, where a queue's locks cannot be trusted", lake),
                "put the lake on a local disk");
  }
  std::error_code ignored;
  const std::string path = std::filesystem::weakly_canonical(std::filesystem::absolute(folder), ignored).string() +
                           "/" + name + std::string(kSuffix);
  auto impl = std::make_unique<Impl>(path, clock);
  impl->name = name;
  if (auto opened = open_file(*impl, access, options); !opened) {
    return fail(impl->told(std::move(opened).error()));
  }
  return std::unique_ptr<Queue>(new Queue(std::move(impl)));
}

std::vector<std::string> list_queues(const std::string& lake) {
  std::vector<std::string> out;
  for (const std::string& file : lake::list_files(lake + "/queue")) {
    if (file.ends_with(kSuffix) && is_name(file.substr(0, file.size() - kSuffix.size()))) {
      out.push_back(file.substr(0, file.size() - kSuffix.size()));
    }
  }
  return out;
}

void publish(const Stats& stats, std::string_view queue, Metrics& metrics) {
  const auto set = [&](std::string_view state, std::int64_t value) {
    metrics.set("lode_queue_messages", static_cast<double>(value),
                fmt::format(R"(queue="{}",state="{}")", queue, state));
  };
  set("ready", stats.depth - stats.in_flight);
  set("inflight", stats.in_flight);
  set("dead", stats.dead);
  const std::string label = fmt::format(R"(queue="{}")", queue);
  metrics.set("lode_queue_oldest_age_seconds", stats.oldest_age_s, label);
  metrics.set("lode_queue_duplicates_total", static_cast<double>(stats.duplicates), label);
}

}  // namespace lode::queue
