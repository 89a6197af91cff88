// Pool on a oneTBB task arena; oneTBB is seen nowhere else.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/pool.h"

#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <optional>

namespace lode {
namespace {

// True while this thread works for some for_each: a nested one then runs inline.
thread_local bool inside_for_each = false;

constexpr std::size_t kChunksPerThread = 64;  // Enough to even out tasks of unequal length.

}  // namespace

struct Pool::Impl {
  explicit Impl(int count) : threads(count), arena(count) {
    // More threads than cores: tests of thread counts need them really to exist, and oneTBB keeps to the cores unless
    // told.
    if (count > tbb::info::default_concurrency()) {
      control.emplace(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(count));
    }
  }

  int threads;
  std::optional<tbb::global_control> control;
  tbb::task_arena arena;  // Starts its threads at the first use.
};

Pool::Pool(int threads) : impl_(std::make_unique<Impl>(threads > 0 ? threads : tbb::info::default_concurrency())) {}
Pool::~Pool() = default;

int Pool::threads() const { return impl_->threads; }

void Pool::for_each(std::size_t count, const std::function<void(std::size_t)>& task) {
  if (inside_for_each || impl_->threads == 1 || count < 2) {
    for (std::size_t i = 0; i < count; ++i) {
      task(i);
    }
    return;
  }
  const std::size_t chunk =
      std::max<std::size_t>(1, count / (static_cast<std::size_t>(impl_->threads) * kChunksPerThread));
  impl_->arena.execute([&] {
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, count, chunk),
        [&](const tbb::blocked_range<std::size_t>& range) {
          inside_for_each = true;
          for (std::size_t i = range.begin(); i != range.end(); ++i) {
            task(i);
          }
          inside_for_each = false;
        },
        tbb::simple_partitioner());
  });
}

}  // namespace lode
