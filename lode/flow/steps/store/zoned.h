// Dates that a file holds as instants with a time zone. What pandas writes as 2 January in Sydney stands in a Parquet
// file as 13:00 of the 1st in UTC: the day is the one that the writer's clock showed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/market/batch.h"
#include "lode/market/calendar.h"

namespace lode::flow {

// Columns of instants, and the zone their writer named; "" = none.
using ZonedColumns = std::map<std::string, std::string>;

// Of a Parquet file, by the schema of Arrow or the note of pandas in it. E2015.
Result<ZonedColumns> zones_of_parquet(const std::string& path);
// Of the bytes of an Arrow file. E2015, E2004.
Result<ZonedColumns> zones_of_arrow(std::string_view bytes, const std::string& path);

// Makes of a column of instants what its writer saw, written as if it were UTC: the days where all were midnights
// there, else clock times. Midnights of UTC alone are days as they stand, for so a date is written where only instants
// can be. Instants of UTC or of no named zone are read on the clock of `calendar`'s exchange; without one the day
// cannot be told: E2005, also for a zone that nobody knows.
Result<void> read_on_their_clock(Column& column, const std::string& zone, const Calendar* calendar,
                                 const std::string& path);
// A column of clock times as the days they fall on; others stay.
void keep_days(Column& column);

// The columns of `batch` that go by a name of dates (source::is_date_name), read on their clock as days. Where they
// are no midnights there they stay instants.
Result<void> read_days_of_zones(Batch& batch, const ZonedColumns& zones, const std::string& path);

// The zone of a column: nullopt where it holds clock times of no place (or no times), "" instants of no named zone.
std::optional<std::string> zone_of(const ZonedColumns& zones, const std::string& name);

// The cells of a column of times as its own clock showed them: "2024-03-08T10:00:00+11:00" of a zone, ".. Z" of UTC or
// of instants of no named zone, "2024-03-08T10:00:00" of clock times. Where all are midnights there, "2024-03-08". ""
// for null. E2005 a zone that nobody knows.
Result<std::vector<std::string>> cells_on_their_clock(const Column& column, const std::optional<std::string>& zone,
                                                      const std::string& path);

// The columns that pandas says were the index, by the note it leaves in files: {"index_columns": ["Date"]}. None where
// the rows were counted, or where the note is another's.
std::vector<std::string> index_of_pandas(const std::string& note);

}  // namespace lode::flow
