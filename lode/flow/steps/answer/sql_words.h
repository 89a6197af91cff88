// The SQL engine's complaints in Lode's words: what was wrong, the line with a caret, the nearest name.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"

namespace lode::flow {

// An E2017 whose message holds the engine's text ("Binder Error: ...", candidates, "LINE 1: ..." with a caret below)
// as one sentence, a place and a hint; every other error as it is. `columns` are those a query could have meant.
Error sql_words(Error error, const std::vector<std::string>& columns = {});

// The columns of the lake's tables whose names stand in `query`.
std::vector<std::string> columns_of(std::string_view query);

}  // namespace lode::flow
