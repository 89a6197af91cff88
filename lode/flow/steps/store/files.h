// Whole files for flows: read with an error that names the path, write so that a reader never sees half of one.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "lode/base/result.h"

namespace lode::flow {

// E0008 when absent, E8009 when it cannot be read.
Result<std::string> read_file(const std::string& path);

// Writes beside and renames. E8006 disk full, E8004 not writable.
Result<void> write_file(const std::string& path, std::string_view bytes);

// Takes bytes piece by piece, in order.
using Sink = std::function<Result<void>(std::string_view)>;

// As write_file for what is too large to hold: `produce` hands its pieces to the sink. Its own error leaves no file.
Result<void> write_pieces(const std::string& path, const std::function<Result<void>(const Sink&)>& produce);

// Name without folders: "bars/2019.csv" -> "2019.csv".
std::string file_name(const std::string& path);

}  // namespace lode::flow
