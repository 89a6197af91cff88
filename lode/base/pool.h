// Pool: a fixed set of threads with one call. No result may depend on how work was split.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace lode {

class Pool {
 public:
  explicit Pool(int threads);  // 0: one a core.
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  int threads() const;  // At least 1; those asked for, also where there are fewer cores.

  // Calls task(i) once for each i in [0, count), on any thread, and returns when all are done. Tasks write to disjoint
  // places; they must not throw. A nested call runs inline on the calling thread's share.
  void for_each(std::size_t count, const std::function<void(std::size_t)>& task);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lode
