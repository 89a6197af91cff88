// Rows of actions, groups, universes and instruments as rows of the lake: each is judged, given to the instrument that
// held its symbol then, and told when it could be known.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "lode/flow/steps/ingest/record_cells.h"
#include "lode/flow/steps/ingest/rows.h"
#include "lode/market/action.h"

namespace lode::flow {

// Reads the rows of one table into batches for the lake.
class RecordReader {
 public:
  RecordReader(const IngestPlan& plan, const KnownInstruments& known);

  // True when the row was taken; else `rejected` says why not: E2004, E2005, E2010, E2018, E2019, E2024, E2104.
  bool read(const source::Record& record, const ParsedFile& file, source::Rejected& rejected);

  TableRows& rows() { return rows_; }                // Of the table itself; none for instruments.
  TableRows& instruments() { return instruments_; }  // What the rows say of who an instrument is.
  TableRows& symbols() { return symbols_; }
  const std::set<std::string>& seen() const { return seen_; }        // Symbols of the rows taken.
  const std::set<std::string>& unknown() const { return unknown_; }  // Of these, those without an instrument yet.
  // Of instruments and actions taken, the last day of trading they tell.
  const std::map<InstrumentId, Date>& delistings() const { return delistings_; }
  std::int64_t undated() const { return undated_; }  // Rows that name no beginning.
  std::optional<Date> first, last;                   // Ex-dates of the actions taken.

 private:
  void take(const Holder& holder, std::optional<Date> day);
  Provenance from(Time event, Time known, bool assumed) const;
  template <class T>
  void put_optional(std::string_view column, const std::optional<T>& value) {
    value ? rows_.put(column, *value) : rows_.put_null(column);
  }

  void read_action();
  std::int64_t read_sequence();
  void check_action(ActionKind kind, std::optional<double> ratio, std::optional<double> amount);
  void put_delisting(const Holder& at, Date day, std::optional<double> value, Time known);
  void put_instrument(const Holder& at, const std::map<std::string, std::function<void()>>& cells, Provenance from);
  void put_span(Date valid_from, std::optional<Date> valid_to);
  std::pair<Date, std::optional<Date>> read_span();
  void read_group();
  void read_member();
  void read_instrument();
  void put_spelling(const Holder& at, Date valid_from, Time known);

  const IngestPlan& plan_;
  const KnownInstruments& known_;
  RecordCells cells_;
  TableRows rows_, instruments_, symbols_;
  std::set<std::string> seen_, unknown_;
  std::map<InstrumentId, Date> delistings_;
  std::int64_t undated_ = 0;
};

// The name of a file without its folder and its endings, in lower case: what a universe or a scheme is called when no
// column says so.
std::string stem_of(const std::string& path);

}  // namespace lode::flow
