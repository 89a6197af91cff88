// How many rows a Parquet file holds, as its footer says.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/base/result.h"

namespace lode::lake {

// Reads the footer alone. E2015 for a file that is not Parquet or is damaged.
Result<std::int64_t> parquet_rows(const std::string& path);

}  // namespace lode::lake
