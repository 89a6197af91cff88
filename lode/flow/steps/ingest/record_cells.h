// One row of a small table in hand: its cells as dates and numbers, whose row it is, and the first fault it has.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lode/base/error.h"
#include "lode/flow/steps/ingest/known.h"
#include "lode/flow/steps/ingest/plan.h"
#include "lode/io/source/records.h"

namespace lode::flow {

// Where a row belongs.
struct Holder {
  InstrumentId id;
  std::string mic;
  std::string symbol;
  const Calendar* calendar = nullptr;  // nullptr for XXXX.
  bool is_known = false;               // The lake has the instrument.
};

// Reads cells by the names of the table's columns. The first fault stays, later ones are not told: what a reader gives
// after a fault is of no use.
class RecordCells {
 public:
  RecordCells(const IngestPlan& plan, const KnownInstruments& known) : plan_(plan), known_(known) {}

  // The next row; both are kept until the one after.
  void open(const source::Record& record, const ParsedFile& file);
  const source::Record& record() const { return *record_; }
  const IngestFile& file() const { return file_->report; }

  const std::string& cell(std::string_view column) const;
  // nullopt when empty; E2005 for another than a date of the file's format, or for an empty one that is needed.
  std::optional<Date> date(std::string_view column, bool needed = false);
  // nullopt when empty; E2004. A ratio may be written "2:1" or "3/2", new to old.
  std::optional<double> number(std::string_view column);
  // The instrument that held the row's symbol on a day: on the exchange the row names, else the plan's, else the only
  // one the lake knows. E2010 no symbol, E2019 unknown exchange, E2104 held on several.
  Holder holder(Date day);

  void reject(E number, std::string reason, std::string shown, std::string column = {});
  bool is_rejected() const { return rejected_.has_value(); }
  // Why the row is set aside, with its symbol where it has one; only of a rejected row.
  source::Rejected take_fault();

 private:
  std::string mic_of(const std::string& symbol);

  const IngestPlan& plan_;
  const KnownInstruments& known_;
  const source::Record* record_ = nullptr;
  const ParsedFile* file_ = nullptr;
  std::optional<source::Rejected> rejected_;
};

}  // namespace lode::flow
