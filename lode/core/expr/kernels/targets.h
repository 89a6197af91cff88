// The vector targets we compile kernels for: scalar, SSE4, AVX2 and AVX-512 on x86 (NEON on Arm comes by itself). The
// others Highway knows would cost compile time and gain nothing for arithmetic on doubles. Include before
// hwy/foreach_target.h.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifdef __SANITIZE_ADDRESS__
// Sanitizers take three times as long over each target: one of 32 bytes beside the narrowest is enough to find what
// they look for, and the release build's tests run them all.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3 | HWY_AVX3_DL)
#else
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#endif
