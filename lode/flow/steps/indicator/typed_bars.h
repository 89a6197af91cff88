// Bars of one instrument out of files that have types.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lode/base/result.h"
#include "lode/flow/steps/indicator/bars_file.h"

namespace lode::flow {

// The rows, not yet checked: the index is the column that pandas' note names, else the first. E2002, E2004, E2005 a
// zone that nobody knows, E2015.
Result<BarsFile> bars_of_parquet(const std::string& path);
Result<BarsFile> bars_of_arrow(std::string_view bytes, const std::string& path);

}  // namespace lode::flow
