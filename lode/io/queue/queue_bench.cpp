// Speed of the queue: durable messages a second in batches of 100, with and without the keys of ten million messages;
// consuming; opening a queue in which ten million wait. The disk's sync latency stands beside each figure (`sync_ms`),
// because the figure is syncs a second times the batch. Each run checks what it stored.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "lode/base/must.h"
#include "lode/io/queue/testing.h"

namespace lode::queue::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatch = 100;
constexpr std::size_t kPayloadBytes = 1024;

struct Place {
  Place() {
    std::string place = (fs::temp_directory_path() / "lode-queue-bench-XXXXXX").string();
    folder = mkdtemp(place.data());
  }
  ~Place() {
    queue.reset();
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
  // Milliseconds that a write of 100 KB and its fdatasync take: what a commit cannot be faster than.
  double sync_ms() const {
    const std::string path = folder + "/sync";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT, 0666);
    const std::string bytes(kBatch * kPayloadBytes, 's');
    const auto begin = std::chrono::steady_clock::now();
    constexpr int kTimes = 100;
    for (int i = 0; i < kTimes; ++i) {
      if (pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(i % 40) * static_cast<off_t>(bytes.size())) < 0 ||
          fdatasync(file) != 0) {
        break;
      }
    }
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    close(file);
    return took.count() / kTimes;
  }
  void open(const Options& options) { queue = must(Queue::open(folder, "bench", Access::kCreate, clock, options)); }

  std::string folder;
  TwoClocks clock;
  std::unique_ptr<Queue> queue;
};

// Accessions, as the EDGAR feed gives them: in no order of their bytes.
std::string key_of(std::int64_t i) {
  return fmt::format("{:010}-26-{:06}", static_cast<std::uint64_t>(i) * 2654435761U % 10'000'000'000U, i % 1'000'000);
}

class Producer {
 public:
  explicit Producer(int groups) : groups_(groups), payload_(kPayloadBytes, 'p') {}
  std::vector<Message> batch(std::size_t size) {
    keys_.clear();
    names_.clear();
    for (std::size_t i = 0; i < size; ++i, ++next_) {
      keys_.push_back(key_of(next_));
      names_.push_back(fmt::format("cik{}", next_ % groups_));
    }
    std::vector<Message> out;
    for (std::size_t i = 0; i < size; ++i) {
      out.push_back({.key = keys_[i], .group = names_[i], .payload = payload_});
    }
    return out;
  }
  void payload_bytes(std::size_t bytes) { payload_.resize(bytes); }
  std::int64_t next() const { return next_; }

 private:
  int groups_;
  std::string payload_;
  std::vector<std::string> keys_, names_;
  std::int64_t next_ = 0;
};

// Fills a queue with `keys` small messages, quickly: large batches.
void fill(Queue& queue, Producer& producer, std::int64_t keys) {
  producer.payload_bytes(8);
  while (producer.next() < keys) {
    must(queue.push(producer.batch(20'000)));
  }
  producer.payload_bytes(kPayloadBytes);
}

void push_batches(benchmark::State& state, bool dedupe, std::int64_t known, int groups) {
  Place place;
  place.open({.dedupe = dedupe});
  Producer producer(groups);
  fill(*place.queue, producer, known);
  const std::int64_t before = must(place.queue->stats()).pushed;
  state.counters["sync_ms"] = place.sync_ms();
  for (auto _ : state) {
    state.PauseTiming();
    const std::vector<Message> batch = producer.batch(kBatch);
    state.ResumeTiming();
    benchmark::DoNotOptimize(must(place.queue->push(batch)));
  }
  const auto pushed = static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(kBatch);
  if (must(place.queue->stats()).pushed - before != pushed) {
    state.SkipWithError("messages were lost");
  }
  state.counters["keys"] = static_cast<double>(dedupe ? known : 0);
  state.SetItemsProcessed(pushed);
}

void consume(benchmark::State& state, std::int64_t messages) {
  Place place;
  place.open({});
  Producer producer(1000);
  fill(*place.queue, producer, messages);
  state.counters["sync_ms"] = place.sync_ms();
  std::int64_t taken = 0;
  for (auto _ : state) {
    const Received got = must(place.queue->receive({.most = kBatch}));
    std::vector<Lease> leases;
    for (const Delivery& one : got.messages) {
      leases.push_back(one.lease());
    }
    must(place.queue->ack(leases));
    taken += std::ssize(leases);
  }
  if (must(place.queue->stats()).acked != taken || taken == 0) {
    state.SkipWithError("messages were lost");
  }
  state.SetItemsProcessed(taken);
}

// What a restart costs: open, and the first message.
void restart(benchmark::State& state, std::int64_t messages) {
  Place place;
  place.open({});
  Producer producer(1000);
  fill(*place.queue, producer, messages);
  for (auto _ : state) {
    state.PauseTiming();
    place.queue.reset();
    state.ResumeTiming();
    place.open({});
    if (must(place.queue->receive({.most = 1})).messages.size() != 1) {
      state.SkipWithError("nothing came");
    }
  }
  if (must(place.queue->stats()).depth != producer.next()) {
    state.SkipWithError("messages were lost");
  }
}

#define LODE_QUEUE_BENCH(name, ...) \
  BENCHMARK_CAPTURE(__VA_ARGS__)->Name(name)->UseRealTime()->Unit(benchmark::kMillisecond)

LODE_QUEUE_BENCH("push_plain/small", push_batches, plain_small, false, 0, 1)->Iterations(3);
LODE_QUEUE_BENCH("push_keys/small", push_batches, keys_small, true, 200'000, 1)->Iterations(3);
LODE_QUEUE_BENCH("consume/small", consume, small, 20'000)->Iterations(3);
LODE_QUEUE_BENCH("restart/small", restart, small, 20'000)->Iterations(2);
LODE_QUEUE_BENCH("push_plain", push_batches, plain, false, 0, 1)->Iterations(3'000);
LODE_QUEUE_BENCH("push_plain_200k", push_batches, plain_200k, false, 200'000, 1)->Iterations(3'000);
LODE_QUEUE_BENCH("push_plain_10M", push_batches, plain_10m, false, 10'000'000, 1)->Iterations(3'000);
LODE_QUEUE_BENCH("push_keys_none", push_batches, none, true, 0, 1)->Iterations(3'000);
LODE_QUEUE_BENCH("push_keys_200k", push_batches, some_keys, true, 200'000, 1)->Iterations(3'000);
LODE_QUEUE_BENCH("push_keys_10M", push_batches, ten_million, true, 10'000'000, 1)->Iterations(3'000);
// Over whole rounds of merging: of the keys of 2.5 million messages.
LODE_QUEUE_BENCH("push_plain_10M_long", push_batches, plain_long, false, 10'000'000, 1)->Iterations(25'000);
LODE_QUEUE_BENCH("push_keys_10M_long", push_batches, keys_long, true, 10'000'000, 1)->Iterations(25'000);
LODE_QUEUE_BENCH("push_100_groups", push_batches, groups, true, 0, 100)->Iterations(3'000);
LODE_QUEUE_BENCH("consume", consume, large, 1'000'000)->Iterations(1'000);
LODE_QUEUE_BENCH("restart_10M", restart, ten_million, 10'000'000)->Iterations(5);

}  // namespace
}  // namespace lode::queue::testing
