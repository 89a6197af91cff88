// How often a randomized or exhaustive test repeats itself. The plain build runs every round; under the sanitizers,
// which look for another kind of fault and cost five times the time, a fifth of them is enough. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

namespace lode {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

// `rounds` in a plain build; a fifth of them, but at least `least`, under the sanitizers. A test that counts what its
// rounds found asks for so many that the count holds.
constexpr int test_rounds(int rounds, int least = 1) { return kSanitized ? std::max(rounds / 5, least) : rounds; }

}  // namespace lode
