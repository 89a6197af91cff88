// Snapshots against each other.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/directory/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/io/source/parts/ask.h"
#include "lode/market/instrument.h"

namespace lode::source {
namespace {

const BodyContract kListContract{.name = "list", .least_share = 0.9};

std::string description_of(const Listing& entry, const Value& cap) {
  return hex(xxh3(fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", entry.name, entry.kind, entry.status, entry.sector,
                              entry.industry, entry.country, entry.listed_on ? to_string(*entry.listed_on) : "",
                              to_json(cap))));
}

std::string text_at(const Value::Array& cells, std::size_t at) {
  return at < cells.size() && cells[at].is_text() ? cells[at].as_text() : std::string();
}

void write_listing(RowWriter& rows, std::string_view directory, const Listing& entry, const Value& cap, Date since,
                   std::optional<Date> until, const RowTimes& times) {
  rows.put(directory).put(std::string_view(entry.symbol)).put(since).put(until);
  rows.put(instrument_id(entry.mic, entry.code).value).put(std::string_view(entry.mic));
  rows.put(std::string_view(entry.name)).put_some(entry.kind).put_some(entry.status).put_some(entry.sector);
  rows.put_some(entry.industry).put_some(entry.country).put(entry.listed_on);
  cap.is_number() ? rows.put(cap.as_double()) : rows.put_null();
  rows.end(times, entry.line);
}

}  // namespace

DirectoryState DirectoryState::load(const Cursor& cursor, std::string_view directory) {
  DirectoryState out;
  out.directory_ = directory;
  const Value* state = cursor.state.find(directory);
  const Value* day = state == nullptr ? nullptr : state->find("day");
  const Value* rows = state == nullptr ? nullptr : state->find("rows");
  const Value* before = state == nullptr ? nullptr : state->find("rows_before");
  const Value* symbols = state == nullptr ? nullptr : state->find("symbols");
  Date date;
  if (day == nullptr || !day->is_text() || !try_parse_date(day->as_text(), date) || rows == nullptr ||
      !rows->is_int() || symbols == nullptr || !symbols->is_object()) {
    return out;
  }
  out.snapshot_ = date;
  out.rows_ = rows->as_int();
  out.rows_before_ = before != nullptr && before->is_int() ? before->as_int() : 0;
  for (const auto& [symbol, cells] : symbols->as_object()) {
    if (!cells.is_array() || cells.as_array().size() < 8) {
      continue;
    }
    const Value::Array& list = cells.as_array();
    Known known{.name = text_at(list, 0), .description = text_at(list, 1)};
    try_parse_date(text_at(list, 2), known.since);
    try_parse_date(text_at(list, 3), known.seen);
    known.missing = list[4].is_int() ? static_cast<int>(list[4].as_int()) : 0;
    known.cap = list[5];
    known.mic = text_at(list, 6);
    known.code = text_at(list, 7);
    out.known_.emplace(symbol, std::move(known));
  }
  return out;
}

void DirectoryState::save(Cursor& cursor) const {
  Value::Object symbols;
  for (const auto& [symbol, known] : known_) {
    symbols.emplace_back(symbol, Value::Array{known.name, known.description, to_string(known.since),
                                              to_string(known.seen), known.missing, known.cap, known.mic, known.code});
  }
  Value state;
  state.set("day", snapshot_ ? Value(to_string(*snapshot_)) : Value());
  state.set("rows", rows_);
  state.set("rows_before", rows_before_);
  state.set("symbols", std::move(symbols));
  cursor.state.set(directory_, std::move(state));
}

DirectoryState::Known* DirectoryState::find(std::string_view symbol) {
  const auto found = known_.find(symbol);
  return found == known_.end() ? nullptr : &found->second;
}

Result<void> DirectoryState::take(const std::vector<Listing>& list, Date day, const RowTimes& times,
                                  RowWriter& listings, RowWriter& events) {
  const auto rows = static_cast<std::int64_t>(list.size());
  LODE_CHECK(check_rows(kListContract, rows, snapshot_ == day ? std::max(rows_, rows_before_) : rows_));
  if (snapshot_ && day < *snapshot_) {
    return fail(E::E6206, fmt::format("a list of {} after one of {}", to_string(day), to_string(*snapshot_)));
  }
  const bool is_first = !snapshot_.has_value();
  const auto tell = [&](std::string_view symbol, std::string_view kind, std::string_view name, std::string_view before,
                        std::int64_t line) {
    if (!is_first) {
      events.put(std::string_view(directory_)).put(day).put(symbol).put(kind).put_some(name).put_some(before);
      events.end(times, line);
    }
  };
  std::set<std::string_view> present;
  for (const Listing& entry : list) {
    present.insert(entry.symbol);
  }
  std::map<std::string, std::string> gone_names;  // Name -> symbol, of those that are missing from now on.
  for (const auto& [symbol, known] : known_) {
    if (known.missing == 0 && !present.contains(symbol)) {
      gone_names.emplace(known.name, symbol);
    }
  }
  for (const Listing& entry : list) {
    Known* known = find(entry.symbol);
    const Value cap = entry.market_cap ? Value(*entry.market_cap) : known != nullptr ? known->cap : Value();
    const std::string description = description_of(entry, cap);
    if (known == nullptr) {
      const auto renamed = gone_names.find(entry.name);
      renamed == gone_names.end() ? tell(entry.symbol, "added", entry.name, "", entry.line)
                                  : tell(entry.symbol, "renamed", entry.name, renamed->second, entry.line);
      known = &known_.emplace(entry.symbol, Known{.since = day}).first->second;
    } else if (known->missing > 0) {
      tell(entry.symbol, "back", entry.name, "", entry.line);
    } else if (known->name != entry.name) {
      tell(entry.symbol, "renamed", entry.name, known->name, entry.line);
    }
    if (known->description != description) {
      write_listing(listings, directory_, entry, cap, known->since, std::nullopt, times);
    }
    *known = {entry.name, description, known->since, day, 0, cap, entry.mic, entry.code};
  }
  for (auto at = known_.begin(); at != known_.end();) {
    Known& known = at->second;
    if (present.contains(at->first) || known.seen == day || (snapshot_ == day && known.missing > 0)) {
      ++at;  // A day read twice counts once.
      continue;
    }
    if (++known.missing < kGoneSnapshots) {
      if (known.missing == 1) {
        tell(at->first, "missing", known.name, "", 0);
      }
      ++at;
      continue;
    }
    tell(at->first, "removed", known.name, "", 0);
    Listing last{.symbol = at->first, .mic = known.mic, .code = known.code, .name = known.name};
    write_listing(listings, directory_, last, known.cap, known.since, known.seen, times);
    at = known_.erase(at);
  }
  // A list of the same day again moves the floor up and never down.
  rows_before_ = snapshot_ == day ? rows_before_ : rows_;
  rows_ = snapshot_ == day ? std::max(rows_, rows) : rows;
  snapshot_ = day;
  return {};
}

Result<void> take_snapshot(const Response& response, const Spec& spec, std::string_view directory, Date day,
                           const std::vector<Listing>& list, Parsed& out) {
  const Provenance from = provenance_of(response, spec);
  RowWriter listings("listings", from);
  RowWriter events("listing_events", from);
  DirectoryState state = DirectoryState::load(response.cursor, directory);
  LODE_CHECK(state.take(list, day, {response.received_at, response.received_at, false}, listings, events));
  out.next = response.cursor;
  state.save(out.next);
  out.verdict = verdict_of(static_cast<std::int64_t>(list.size()), "the list is empty");
  for (RowWriter* writer : {&listings, &events}) {
    if (writer->rows() > 0) {
      out.tables.push_back(writer->take());
    }
  }
  return {};
}

}  // namespace lode::source
