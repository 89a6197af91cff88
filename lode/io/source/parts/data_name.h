// Which files of a folder or an archive are data, by their names.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace lode::source {

// .csv, .txt or .tsv, in any case.
bool is_text_name(std::string_view path);
// .csv .txt .tsv (each also .gz), .zip, .parquet, .arrow, .arrows, .feather and .ipc, in any case; hidden files,
// READMEs and licences are none.
bool is_data_name(std::string_view path);

}  // namespace lode::source
