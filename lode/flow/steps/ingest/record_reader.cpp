// What a row of a small table says.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/record_reader.h"

#include <fmt/format.h>

#include <filesystem>

#include "lode/base/text.h"
#include "lode/market/universe.h"

namespace lode::flow {

namespace {

Time open_of(const Calendar* calendar, Date day) {
  if (calendar == nullptr || day < calendar->first() || day >= calendar->last()) {
    return start_of_day(day);
  }
  return calendar->open(calendar->at_or_after(day));
}

}  // namespace

std::string stem_of(const std::string& path) {
  std::string name = lower(std::filesystem::path(path).filename().string());
  return name.substr(0, name.find('.'));
}

RecordReader::RecordReader(const IngestPlan& plan, const KnownInstruments& known)
    : plan_(plan),
      known_(known),
      cells_(plan, known),
      rows_(plan.table->name),
      instruments_("instruments"),
      symbols_("symbols") {}

bool RecordReader::read(const source::Record& record, const ParsedFile& file, source::Rejected& rejected) {
  cells_.open(record, file);
  const std::string_view table = plan_.table->name;
  if (table == "actions") {
    read_action();
  } else if (table == "groups") {
    read_group();
  } else if (table == "universe") {
    read_member();
  } else {
    read_instrument();
  }
  if (cells_.is_rejected()) {
    rejected = cells_.take_fault();
    return false;
  }
  return true;
}

void RecordReader::take(const Holder& holder, std::optional<Date> day) {
  seen_.insert(holder.symbol);
  if (!holder.is_known && plan_.table->name != "instruments" && unknown_.insert(holder.symbol).second) {
    put_spelling(holder, kAlways, start_of_day(kAlways));  // So that its rows have a name before its bars come.
  }
  if (day) {
    first = first ? std::min(*first, *day) : *day;
    last = last ? std::max(*last, *day) : *day;
  }
}

Provenance RecordReader::from(Time event, Time known, bool assumed) const {
  return {event, known, assumed, plan_.source(), cells_.file().sha256, cells_.record().line};
}

void RecordReader::read_action() {
  ActionKind kind = ActionKind::kSplit;
  if (!parse_action_kind(lower(cells_.cell("kind")), kind)) {
    cells_.reject(
        E::E2018,
        fmt::format(
            "kind {} is no action, expected split, dividend, special, spin_off, rights, rename, merger or delisting",
            quote(cells_.cell("kind"))),
        source::shown_cell(cells_.cell("kind")));
  }
  const std::optional<Date> ex = cells_.date("ex_date", true);
  const std::optional<Date> declared = cells_.date("declared_on");
  const std::optional<Date> paid = cells_.date("pay_date");
  const std::optional<double> ratio = cells_.number("ratio");
  const std::optional<double> amount = cells_.number("amount");
  const std::int64_t sequence = read_sequence();
  check_action(kind, ratio, amount);
  const Holder at = cells_.holder(ex.value_or(kAlways));
  if (cells_.is_rejected()) {
    return;
  }
  take(at, ex);
  const Time open = open_of(at.calendar, *ex);
  // Everyone sees a price without the right at the open of the ex-date; a declaration is taken at the end of its day.
  const Time known = declared ? std::min(end_of_day(*declared), open) : open;
  rows_.put("instrument_id", at.id.value);
  rows_.put("ex_date", *ex);
  rows_.put("kind", to_string(kind));
  rows_.put("sequence", sequence);
  put_optional("ratio", ratio);
  put_optional("amount", amount);
  rows_.put_text("currency", upper(cells_.cell("currency")));
  put_optional("pay_date", paid);
  put_optional("declared_on", declared);
  rows_.put(from(open, known, !declared));
  rows_.end_row();
  if (kind == ActionKind::kDelisting) {
    put_delisting(at, *ex, amount, open);
  }
}

std::int64_t RecordReader::read_sequence() {
  std::int64_t out = 0;
  if (!cells_.cell("sequence").empty() && (!parse_int(cells_.cell("sequence"), out) || out < 0)) {
    cells_.reject(E::E2004, fmt::format("sequence is {}, expected 0, 1, ...", quote(cells_.cell("sequence"))),
                  cells_.cell("sequence"), "sequence");
  }
  return out;
}

void RecordReader::check_action(ActionKind kind, std::optional<double> ratio, std::optional<double> amount) {
  const auto cannot = [&](std::string_view column, std::optional<double> value, std::string_view expected) {
    const std::string was = value ? shortest(*value) : "missing";
    cells_.reject(E::E2018, fmt::format("{} with {} {}, expected {}", to_string(kind), column, was, expected),
                  fmt::format("{} {}", column, was));
  };
  switch (kind) {
    case ActionKind::kSplit:
      if (!ratio || !(*ratio > 0.0)) {
        cannot("ratio", ratio, "a ratio above 0");
      }
      break;
    case ActionKind::kDividend:
    case ActionKind::kSpecial:
      if (!amount || !(*amount > 0.0)) {
        cannot("amount", amount, "an amount above 0");
      }
      break;
    case ActionKind::kDelisting:
      if (amount && *amount < -1.0) {
        cannot("amount", amount, "a return of -1 or more, or nothing");
      }
      break;
    default:
      if (amount && *amount < 0.0) {
        cannot("amount", amount, "an amount of 0 or more, or nothing");
      }
  }
}

// A delisting is also a fact about the instrument.
void RecordReader::put_delisting(const Holder& at, Date day, std::optional<double> value, Time known) {
  std::map<std::string, std::function<void()>> cells;
  delistings_.insert_or_assign(at.id, day);
  cells["delisted_on"] = [&, day] { instruments_.put("delisted_on", day); };
  if (value) {
    cells["delisting_return"] = [&, value] { instruments_.put("delisting_return", *value); };
  }
  put_instrument(at, cells, from(known, known, true));
}

// The instrument's row with some cells changed; what is not named stays as the lake has it, and so the row is known
// when the last of its facts was.
void RecordReader::put_instrument(const Holder& at, const std::map<std::string, std::function<void()>>& cells,
                                  Provenance from) {
  const auto stored = known_.row_of.find(at.id);
  if (stored != known_.row_of.end()) {
    from.known_time = std::max(from.known_time, Time{known_.instruments.column("known_time").times()[stored->second]});
  }
  for (const ColumnSpec& spec : find_table("instruments")->columns) {
    const auto changed = cells.find(std::string(spec.name));
    if (spec.name == "event_time") {
      break;
    }
    if (changed != cells.end()) {
      changed->second();
    } else if (stored != known_.row_of.end()) {
      instruments_.put_cell(known_.instruments.column(spec.name), stored->second);
    } else if (spec.name == "instrument_id") {
      instruments_.put("instrument_id", at.id.value);
    } else if (spec.name == "mic") {
      instruments_.put("mic", at.mic);
    } else if (spec.name == "symbol") {
      instruments_.put("symbol", at.symbol);
    } else if (spec.name == "kind") {
      instruments_.put("kind", plan_.kind);
    } else if (spec.name == "adjusted_by_source") {
      instruments_.put("adjusted_by_source", plan_.adjusted);
    } else {
      instruments_.put_null(spec.name);
    }
  }
  instruments_.put(from);
  instruments_.end_row();
}

void RecordReader::put_span(Date valid_from, std::optional<Date> valid_to) {
  rows_.put("valid_from", valid_from);
  put_optional("valid_to", valid_to);
  const Time start = start_of_day(valid_from);
  rows_.put(from(start, start, true));
  rows_.end_row();
}

// valid_from and valid_to of a row; kAlways when the file says no beginning.
std::pair<Date, std::optional<Date>> RecordReader::read_span() {
  const std::optional<Date> begin = cells_.date("valid_from");
  const std::optional<Date> end = cells_.date("valid_to");
  undated_ += begin ? 0 : 1;
  if (begin && end && *end < *begin) {
    cells_.reject(E::E2024, fmt::format("valid_to {} is before valid_from {}", to_string(*end), to_string(*begin)),
                  to_string(*end));
  }
  return {begin.value_or(kAlways), end};
}

void RecordReader::read_group() {
  const auto [begin, end] = read_span();
  const Holder at = cells_.holder(begin == kAlways ? Date::from_civil(2100, 1, 1) : begin);
  if (cells_.is_rejected()) {
    return;
  }
  take(at, std::nullopt);
  rows_.put("instrument_id", at.id.value);
  rows_.put("scheme", cells_.cell("scheme").empty() ? "user:" + stem_of(cells_.file().path) : cells_.cell("scheme"));
  for (const std::string_view column : {"sector", "industry", "subindustry"}) {
    rows_.put_text(column, cells_.cell(column));
  }
  put_span(begin, end);
}

void RecordReader::read_member() {
  const std::int64_t undated = undated_;
  const auto [begin, end] = read_span();
  const Holder at = cells_.holder(begin == kAlways ? Date::from_civil(2100, 1, 1) : begin);
  if (cells_.is_rejected()) {
    return;
  }
  take(at, std::nullopt);
  std::string name = cells_.cell("name").empty() ? stem_of(cells_.file().path) : cells_.cell("name");
  if (undated_ > undated && !name.starts_with(kTodayPrefix)) {
    name = std::string(kTodayPrefix) + name;
  }
  rows_.put("name", name);
  rows_.put("instrument_id", at.id.value);
  put_span(begin, end);
}

void RecordReader::read_instrument() {
  const std::optional<Date> listed = cells_.date("listed_on");
  const std::optional<Date> delisted = cells_.date("delisted_on");
  const std::optional<double> value = cells_.number("delisting_return");
  if (value && *value < -1.0) {
    cells_.reject(E::E2004, fmt::format("delisting_return is {}, expected -1 or more", shortest(*value)),
                  shortest(*value), "delisting_return");
  }
  if (listed && delisted && *delisted < *listed) {
    cells_.reject(E::E2024,
                  fmt::format("delisted_on {} is before listed_on {}", to_string(*delisted), to_string(*listed)),
                  to_string(*delisted));
  }
  const Holder at = cells_.holder(listed.value_or(Date::from_civil(2100, 1, 1)));
  if (cells_.is_rejected()) {
    return;
  }
  take(at, std::nullopt);
  std::map<std::string, std::function<void()>> cells;
  for (const char* column : {"kind", "currency", "name", "country", "share_class", "cik", "isin", "figi"}) {
    if (!cells_.cell(column).empty()) {
      cells[column] = [this, column] { instruments_.put(column, cells_.cell(column)); };
    }
  }
  if (listed) {
    cells["listed_on"] = [&] { instruments_.put("listed_on", *listed); };
  }
  if (delisted) {
    delistings_.insert_or_assign(at.id, *delisted);
    cells["delisted_on"] = [&] { instruments_.put("delisted_on", *delisted); };
  }
  if (value) {
    cells["delisting_return"] = [&] { instruments_.put("delisting_return", *value); };
  }
  const Time start = start_of_day(listed.value_or(kAlways));
  const Time known = delisted ? end_of_day(*delisted) : start;
  put_instrument(at, cells, from(known, known, true));
  if (!at.is_known || !known_.spellings.contains(at.symbol)) {
    put_spelling(at, listed.value_or(kAlways), start);
  }
}

void RecordReader::put_spelling(const Holder& at, Date valid_from, Time known) {
  symbols_.put("instrument_id", at.id.value);
  symbols_.put("naming", at.mic);
  symbols_.put("symbol", at.symbol);
  symbols_.put("valid_from", valid_from);
  symbols_.put(from(known, known, true));
  symbols_.end_row();
}

}  // namespace lode::flow
