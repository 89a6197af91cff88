// Rows of the raw archive, for those who check or copy a lake.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lode/io/lake/lake_impl.h"

namespace lode::lake {

struct RawFile {
  std::string hash;        // SHA-256 of the bytes as delivered.
  std::string path;        // Relative to the lake; of a reference: where the file stood.
  std::int64_t bytes = 0;  // As delivered.
  bool referenced = false;
};

Result<std::vector<RawFile>> raw_files(const Database& manifest);  // By path.
// "" when the bytes still have their hash, else what is wrong.
std::string check_raw(const Lake::Impl& lake, const RawFile& file);

}  // namespace lode::lake
