// What every indicator file includes before Highway's foreach_target: the vector targets lanes are compiled for. SSE2
// serves every x86 CPU; SSSE3 and SSE4 would cost compile time and gain nothing for arithmetic on doubles.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifdef __SANITIZE_ADDRESS__
// Sanitizers take three times as long over each target: one of 32 bytes beside the narrowest is enough to find what
// they look for, and the release build's tests run them all.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3 | HWY_AVX3_DL)
#else
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#endif
