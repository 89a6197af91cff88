// What is left of a lake whose manifest is not there: everything only a lake writes, by which a folder is told from one
// where no lake ever was.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace lode::lake {

struct Trace {
  std::string what;  // "parts are", "raw files are", "runs are", "log of changes is"
  std::string path;  // One of them, relative to the lake.
};

// The first found of: a part, a raw file, what a run wrote, the manifest's log. By the names the lake gives them alone:
// other files of the user, and the cache of panels, which can be made again from nothing but parts, are no trace.
// Nothing is opened, and what cannot be listed is taken for not there.
std::optional<Trace> find_trace(const std::string& folder);

}  // namespace lode::lake
