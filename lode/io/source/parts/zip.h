// Reads zip archives that came as a body: the files of the central directory, stored or deflated.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"

namespace lode::source {

struct ZipFile {
  std::string name;
  std::string bytes;
};

// Every file in it. E6206: no zip, cut off, another method or encrypted, a checksum that does not fit, more than
// `most_bytes` in all, or more than 10,000 files. Directories are passed over. A body that claims more than it holds is
// refused before it is held.
Result<std::vector<ZipFile>> read_zip(std::string_view body, std::size_t most_bytes = std::size_t{1} << 30);
// The one file of it whose name ends in `ending`, in any case; E6206 when there is none or several.
Result<ZipFile> read_zipped(std::string_view body, std::string_view ending);

}  // namespace lode::source
