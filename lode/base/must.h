// must(): the value of a Result that cannot fail here. For tests, and where a failure is our own broken invariant.
// (`result.value()` does not compile: it would have to copy the Error.)
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>
#include <utility>

#include "lode/base/result.h"

namespace lode {

// Prints the error as a user would see it and aborts.
[[noreturn]] void must_failed(const Error& error);

template <class T>
T must(Result<T> result) {
  if (!result) [[unlikely]] {
    must_failed(result.error());
  }
  if constexpr (!std::is_void_v<T>) {
    return std::move(*result);
  }
}

}  // namespace lode
