// The vector targets we compile kernels for: scalar, SSE4, AVX2 and AVX-512 on x86 (NEON on Arm comes by itself). The
// others Highway knows would cost compile time and gain nothing for arithmetic on doubles. Include before
// hwy/foreach_target.h.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
