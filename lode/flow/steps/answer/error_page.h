// The page of an error number: what happened, why Lode refuses, a failing and a mended example, how to switch it off.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/base/error.h"
#include "lode/base/value.h"

namespace lode::flow {

std::string error_page(const ErrorInfo& info);
Value error_page_json(const ErrorInfo& info);

}  // namespace lode::flow
