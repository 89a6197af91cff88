// What the files of an import say of themselves in import.toml, each of them by the nearest one.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/base/result.h"
#include "lode/flow/steps/ingest/ingest.h"
#include "lode/io/source/import_settings.h"

namespace lode::flow {

// The import.toml that counts for the files behind `request.paths`: inside an archive, beside a file, or in a folder
// above it up to the one given. One import is of one kind, so files that say different things, or some and some
// nothing, are refused with both named (E5003), unless the request itself says it for all. E0008, E2014, E2021, E8009
// of the paths; E5001 to E5003 of an import.toml.
Result<source::ImportSettings> settings_of(const IngestRequest& request);

}  // namespace lode::flow
