// Files of the user that are packed by gzip: one member after the other, as large as the memory allowed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "lode/base/result.h"

namespace lode::source {

// Asked before that many bytes more are held; false stops the reading (E2023).
using HoldBytes = std::function<bool(std::int64_t)>;

bool is_gzip(std::string_view bytes);

// All members unpacked. E2021 damaged (offset named) or more than `limit_bytes`, E2023; `path` is for the message.
Result<std::string> unpack_gzip(std::string_view packed, const std::string& path, const HoldBytes& hold,
                                std::int64_t limit_bytes);

// E2023 of a file that does not fit.
Failure too_much_to_unpack(const std::string& path);

}  // namespace lode::source
