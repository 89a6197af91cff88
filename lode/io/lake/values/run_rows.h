// A run's rows in the manifest, for who records it together with something else.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lode/io/lake/manifest.h"
#include "lode/io/lake/runs.h"

namespace lode::lake {

// Writes the run and its numbers, with the next alias or that of an equal hash. The caller holds an open transaction.
Result<Run> write_run_rows(const Database& manifest, Run run, const std::vector<StoredNumber>& numbers);

}  // namespace lode::lake
