// Reading the cells of a row.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/record_cells.h"

#include <fmt/format.h>

#include <set>

#include "lode/base/text.h"
#include "lode/flow/steps/ingest/spelled.h"

namespace lode::flow {

namespace {

using source::Rejected;

// "2", or new to old shares as "2:1", "3/2".
bool read_ratio(std::string_view text, double& out) {
  const std::size_t colon = text.find_first_of(":/");
  double old = 1.0;
  double fresh = 0.0;
  if (!parse_double(trim(text.substr(0, colon)), fresh) ||
      (colon != std::string_view::npos && (!parse_double(trim(text.substr(colon + 1)), old) || !(old > 0.0)))) {
    return false;
  }
  out = fresh / old;
  return true;
}

}  // namespace

void RecordCells::open(const source::Record& record, const ParsedFile& file) {
  record_ = &record;
  file_ = &file;
  rejected_.reset();
}

Rejected RecordCells::take_fault() {
  Rejected out = std::move(*rejected_);
  std::string symbol;
  out.symbol = normalize_symbol(cell("symbol"), symbol) ? symbol : std::string();
  return out;
}

const std::string& RecordCells::cell(std::string_view column) const {
  return record_->cells[static_cast<std::size_t>(plan_.table->index_of(column))];
}

void RecordCells::reject(E number, std::string reason, std::string shown, std::string column) {
  if (!rejected_) {
    rejected_ = Rejected{static_cast<std::uint16_t>(number), record_->line, std::move(reason), std::move(shown),
                         std::move(column)};
    rejected_->text = record_->text;
  }
}

std::optional<Date> RecordCells::date(std::string_view column, bool needed) {
  const std::string& text = cell(column);
  Date out;
  if (!text.empty() && source::read_date(text, file_->dates, nullptr, out)) {
    return out;
  }
  if (!text.empty() || needed) {
    const Rejected bad = source::bad_date(text, file_->dates, record_->line);
    reject(E::E2005, fmt::format("{} {}", column, bad.reason), bad.shown, bad.column);
  }
  return std::nullopt;
}

std::optional<double> RecordCells::number(std::string_view column) {
  const std::string& text = cell(column);
  double out = 0.0;
  const bool good = column == "ratio" ? read_ratio(text, out) : parse_double(text, out);
  if (text.empty()) {
    return std::nullopt;
  }
  if (!good) {
    Rejected bad = source::bad_number(column, text, record_->line);
    reject(E::E2004, std::move(bad.reason), std::move(bad.shown), std::move(bad.column));
    return std::nullopt;
  }
  return out;
}

Holder RecordCells::holder(Date day) {
  Holder out;
  if (!normalize_symbol(cell("symbol"), out.symbol)) {
    Rejected bad = source::bad_symbol(cell("symbol"), record_->line);
    reject(E::E2010, std::move(bad.reason), std::move(bad.shown), std::move(bad.column));
    return out;
  }
  out.mic = mic_of(out.symbol);
  const Result<const Calendar*> calendar = find_calendar(out.mic);
  if (!calendar) {
    reject(E::E2019, calendar.error().message(), out.mic);
    return out;
  }
  out.calendar = *calendar;
  const SymbolRow* best = known_.holder(out.mic, out.symbol, day);
  out.id = best != nullptr ? best->id : instrument_id(out.mic, out.symbol);
  out.is_known = best != nullptr || known_.has(out.id);
  return out;
}

std::string RecordCells::mic_of(const std::string& symbol) {
  if (!cell("mic").empty()) {
    return upper(cell("mic"));
  }
  if (plan_.has_mic) {
    return plan_.mic;
  }
  std::set<std::string> mics, named;  // Of instruments that stand, and of those that are only named so far.
  for (const SymbolRow* one : spelled(known_, symbol)) {
    (known_.has(one->id) ? mics : named).insert(exchange_of(known_, *one));
  }
  mics = mics.empty() ? named : mics;
  if (mics.size() > 1) {
    const std::vector<std::string> names(mics.begin(), mics.end());
    reject(E::E2104, fmt::format("{} is held on {}: --mic says which", symbol, join(names, " and ")), symbol);
  }
  return mics.empty() ? std::string(kNoMic) : *mics.begin();
}

}  // namespace lode::flow
