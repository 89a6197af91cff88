// A user's file as a long table: CSV, JSON, Parquet or Arrow alike.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/io/source/long_table.h"

namespace lode::flow {

// E2005 for a Parquet file whose column of dates holds instants with a time zone that are not all midnights of UTC: its
// days are not those that were written.
Result<void> check_dates_have_no_zone(const std::string& path);

// E0008, E2001..E2005, E2009, E2014, E2015, E2020, E2021, E2023. The hash is of the bytes on disk.
Result<source::LongTable> read_long_file(const std::string& path);

}  // namespace lode::flow
