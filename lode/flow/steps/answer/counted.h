// A number with its noun, under the name the flows know it by.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/base/counted.h"

namespace lode::flow {

using lode::counted;

}  // namespace lode::flow
