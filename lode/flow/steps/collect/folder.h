// Sources that are a folder of this machine: their addresses begin with file://, and their answers are files.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/base/world.h"

namespace lode::flow {

bool is_in_folder(const HttpRequest& request);

// The file as an answer: status 200 with its bytes, received now; 404 where there is none, or a folder. E8001 where it
// cannot be read, E6105 where it is larger than the request takes.
Result<HttpResponse> read_in_folder(const HttpRequest& request, Time now);

}  // namespace lode::flow
