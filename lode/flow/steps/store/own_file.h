// Files outside the lake that Lode wrote, told from a person's own. The mark is an extended attribute of the file,
// `user.lode`, that holds its size and the time it was written: a file somebody has changed since no longer fits it,
// and a copy that keeps attributes and times (cp -a, rsync -X) still does. Nothing in the file itself is changed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace lode::flow {

// Marks the file as written by Lode, as it stands now. Nothing happens where `path` is no regular file, or where the
// file system keeps no such attributes: the file then counts as a person's own.
void mark_own(const std::string& path);

// True for a regular file with a mark that fits it.
bool is_own(const std::string& path);

}  // namespace lode::flow
