// The small tables into the lake: actions, groups, universe, instruments. Each row is judged, given to the instrument
// that held its symbol then, and told when it could be known.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <set>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/steps/ingest/known.h"
#include "lode/flow/steps/ingest/plan.h"
#include "lode/flow/steps/ingest/rows.h"
#include "lode/market/action.h"
#include "lode/market/universe.h"

namespace lode::flow {

namespace {

using source::Record;
using source::Rejected;

Rejected fault(E number, const Record& record, std::string reason, std::string shown, std::string column = {}) {
  Rejected out{static_cast<std::uint16_t>(number), record.line, std::move(reason), std::move(shown), std::move(column)};
  out.text = record.text;
  return out;
}

// "2024-06-28" and a time of day behind it.
bool read_date(std::string_view text, Date& out) {
  return try_parse_date(text.size() > 10 && (text[10] == ' ' || text[10] == 'T') ? text.substr(0, 10) : text, out);
}

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

std::string stem_of(const std::string& path) {
  std::string name = lower(std::filesystem::path(path).filename().string());
  return name.substr(0, name.find('.'));
}

// Where a row belongs.
struct Holder {
  InstrumentId id;
  std::string mic;
  std::string symbol;
  const Calendar* calendar = nullptr;
  bool is_known = false;
};

// Reads the rows of one table. Each step leaves the first fault it meets; rows without one are put into `rows`.
class RecordReader {
 public:
  RecordReader(const IngestPlan& plan, KnownInstruments& known)
      : plan_(plan), known_(known), rows_(plan.table->name), instruments_("instruments"), symbols_("symbols") {}

  // True when the row was taken; else `rejected` says why not.
  bool read(const Record& record, const IngestFile& file, Rejected& rejected) {
    record_ = &record;
    file_ = &file;
    rejected_.reset();
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
    if (rejected_) {
      rejected = std::move(*rejected_);
      std::string symbol;
      rejected.symbol = normalize_symbol(cell("symbol"), symbol) ? symbol : std::string();
    }
    return !rejected_;
  }

  TableRows& rows() { return rows_; }
  TableRows& instruments() { return instruments_; }
  TableRows& symbols() { return symbols_; }
  const std::set<std::string>& seen() const { return seen_; }
  const std::set<std::string>& unknown() const { return unknown_; }
  std::int64_t undated() const { return undated_; }
  std::optional<Date> first, last;

 private:
  const std::string& cell(std::string_view column) const {
    return record_->cells[static_cast<std::size_t>(plan_.table->index_of(column))];
  }

  void reject(E number, std::string reason, std::string shown, std::string column = {}) {
    if (!rejected_) {
      rejected_ = fault(number, *record_, std::move(reason), std::move(shown), std::move(column));
    }
  }

  // Empty: nullopt.
  std::optional<Date> date(std::string_view column, bool needed = false) {
    const std::string& text = cell(column);
    Date out;
    if (!text.empty() && read_date(text, out)) {
      return out;
    }
    if (!text.empty() || needed) {
      const Rejected bad = source::bad_date(text, record_->line);
      reject(E::E2005, fmt::format("{} {}", column, bad.reason), bad.shown, bad.column);
    }
    return std::nullopt;
  }

  std::optional<double> number(std::string_view column) {
    const std::string& text = cell(column);
    double out = 0.0;
    const bool good = column == "ratio" ? read_ratio(text, out) : parse_double(text, out);
    if (text.empty()) {
      return std::nullopt;
    }
    if (!good) {
      reject(E::E2004, fmt::format("{} is {}, expected a number", column, quote(text)),
             fmt::format("\"{}\"", text.substr(0, 24)), std::string(column));
      return std::nullopt;
    }
    return out;
  }

  // The instrument that held the row's symbol on a day.
  Holder holder(Date day) {
    Holder out;
    if (!normalize_symbol(cell("symbol"), out.symbol)) {
      reject(E::E2010, fmt::format("{} is not a symbol", quote(cell("symbol"))),
             fmt::format("\"{}\"", cell("symbol").substr(0, 24)));
      return out;
    }
    out.mic = mic_of(out.symbol);
    const Result<const Calendar*> calendar = find_calendar(out.mic);
    if (!calendar) {
      reject(E::E2019, calendar.error().message(), out.mic);
      return out;
    }
    out.calendar = *calendar;
    const Spelling* best = nullptr;
    if (const auto found = known_.spellings.find(out.symbol); found != known_.spellings.end()) {
      for (const Spelling& spelling : found->second) {
        const bool covers = spelling.valid_from <= day;
        const bool better =
            best == nullptr || (covers && (best->valid_from > day || spelling.valid_from > best->valid_from));
        best = spelling.naming == out.mic && better ? &spelling : best;
      }
    }
    out.id = best != nullptr ? best->id : instrument_id(out.mic, out.symbol);
    out.is_known = best != nullptr || known_.has(out.id);
    return out;
  }

  std::string mic_of(const std::string& symbol) {
    if (!cell("mic").empty()) {
      return upper(cell("mic"));
    }
    if (plan_.has_mic) {
      return plan_.mic;
    }
    std::set<std::string> mics;
    if (const auto found = known_.spellings.find(symbol); found != known_.spellings.end()) {
      for (const Spelling& spelling : found->second) {
        mics.insert(spelling.naming);
      }
    }
    if (mics.size() > 1) {
      const std::vector<std::string> names(mics.begin(), mics.end());
      reject(E::E2104, fmt::format("{} is held on {}: --mic says which", symbol, join(names, " and ")), symbol);
    }
    return mics.empty() ? std::string(kNoMic) : *mics.begin();
  }

  void take(const Holder& holder, std::optional<Date> day) {
    seen_.insert(holder.symbol);
    if (!holder.is_known && plan_.table->name != "instruments") {
      unknown_.insert(holder.symbol);
    }
    if (day) {
      first = first ? std::min(*first, *day) : *day;
      last = last ? std::max(*last, *day) : *day;
    }
  }

  static Time open_of(const Calendar* calendar, Date day) {
    if (calendar == nullptr || day < calendar->first() || day >= calendar->last()) {
      return start_of_day(day);
    }
    return calendar->open(calendar->at_or_after(day));
  }

  Provenance from(Time event, Time known, bool assumed) const {
    return {event, known, assumed, plan_.source(), file_->sha256, record_->line};
  }

  void read_action() {
    ActionKind kind = ActionKind::kSplit;
    if (!parse_action_kind(lower(cell("kind")), kind)) {
      reject(
          E::E2018,
          fmt::format(
              "kind {} is no action, expected split, dividend, special, spin_off, rights, rename, merger or delisting",
              quote(cell("kind"))),
          fmt::format("\"{}\"", cell("kind").substr(0, 24)));
    }
    const std::optional<Date> ex = date("ex_date", true);
    const std::optional<Date> declared = date("declared_on");
    const std::optional<Date> paid = date("pay_date");
    const std::optional<double> ratio = number("ratio");
    const std::optional<double> amount = number("amount");
    const std::int64_t sequence = read_sequence();
    check_action(kind, ratio, amount);
    const Holder at = holder(ex.value_or(kAlways));
    if (rejected_) {
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
    rows_.put_text("currency", upper(cell("currency")));
    put_optional("pay_date", paid);
    put_optional("declared_on", declared);
    rows_.put(from(open, known, !declared));
    rows_.end_row();
    if (kind == ActionKind::kDelisting) {
      put_delisting(at, *ex, amount, open);
    }
  }

  template <class T>
  void put_optional(std::string_view column, const std::optional<T>& value) {
    value ? rows_.put(column, *value) : rows_.put_null(column);
  }

  std::int64_t read_sequence() {
    std::int64_t out = 0;
    if (!cell("sequence").empty() && (!parse_int(cell("sequence"), out) || out < 0)) {
      reject(E::E2004, fmt::format("sequence is {}, expected 0, 1, ...", quote(cell("sequence"))), cell("sequence"),
             "sequence");
    }
    return out;
  }

  void check_action(ActionKind kind, std::optional<double> ratio, std::optional<double> amount) {
    const auto cannot = [&](std::string_view column, std::optional<double> value, std::string_view expected) {
      const std::string was = value ? shortest(*value) : "missing";
      reject(E::E2018, fmt::format("{} with {} {}, expected {}", to_string(kind), column, was, expected),
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
  void put_delisting(const Holder& at, Date day, std::optional<double> value, Time known) {
    std::map<std::string, std::function<void()>> cells;
    cells["delisted_on"] = [&, day] { instruments_.put("delisted_on", day); };
    if (value) {
      cells["delisting_return"] = [&, value] { instruments_.put("delisting_return", *value); };
    }
    put_instrument(at, cells, from(known, known, true));
  }

  // The instrument's row with some cells changed; what is not named stays as the lake has it, and so the row is known
  // when the last of its facts was.
  void put_instrument(const Holder& at, const std::map<std::string, std::function<void()>>& cells, Provenance from) {
    const auto stored = known_.row_of.find(at.id);
    if (stored != known_.row_of.end()) {
      from.known_time =
          std::max(from.known_time, Time{known_.instruments.column("known_time").times()[stored->second]});
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

  void put_span(Date valid_from, std::optional<Date> valid_to) {
    rows_.put("valid_from", valid_from);
    put_optional("valid_to", valid_to);
    const Time start = start_of_day(valid_from);
    rows_.put(from(start, start, true));
    rows_.end_row();
  }

  // valid_from and valid_to of a row; kAlways when the file says no beginning.
  std::pair<Date, std::optional<Date>> read_span() {
    const std::optional<Date> begin = date("valid_from");
    const std::optional<Date> end = date("valid_to");
    undated_ += begin ? 0 : 1;
    if (begin && end && *end < *begin) {
      reject(E::E2005, fmt::format("valid_to {} is before valid_from {}", to_string(*end), to_string(*begin)),
             to_string(*end));
    }
    return {begin.value_or(kAlways), end};
  }

  void read_group() {
    const auto [begin, end] = read_span();
    const Holder at = holder(begin == kAlways ? Date::from_civil(2100, 1, 1) : begin);
    if (rejected_) {
      return;
    }
    take(at, std::nullopt);
    rows_.put("instrument_id", at.id.value);
    rows_.put("scheme", cell("scheme").empty() ? "user:" + stem_of(file_->path) : cell("scheme"));
    for (const std::string_view column : {"sector", "industry", "subindustry"}) {
      rows_.put_text(column, cell(column));
    }
    put_span(begin, end);
  }

  void read_member() {
    const std::int64_t undated = undated_;
    const auto [begin, end] = read_span();
    const Holder at = holder(begin == kAlways ? Date::from_civil(2100, 1, 1) : begin);
    if (rejected_) {
      return;
    }
    take(at, std::nullopt);
    std::string name = cell("name").empty() ? stem_of(file_->path) : cell("name");
    if (undated_ > undated && !name.starts_with(kTodayPrefix)) {
      name = std::string(kTodayPrefix) + name;
    }
    rows_.put("name", name);
    rows_.put("instrument_id", at.id.value);
    put_span(begin, end);
  }

  void read_instrument() {
    const std::optional<Date> listed = date("listed_on");
    const std::optional<Date> delisted = date("delisted_on");
    const std::optional<double> value = number("delisting_return");
    if (value && *value < -1.0) {
      reject(E::E2004, fmt::format("delisting_return is {}, expected -1 or more", shortest(*value)), shortest(*value),
             "delisting_return");
    }
    const Holder at = holder(listed.value_or(Date::from_civil(2100, 1, 1)));
    if (rejected_) {
      return;
    }
    take(at, std::nullopt);
    std::map<std::string, std::function<void()>> cells;
    for (const char* column : {"kind", "currency", "name", "country", "share_class", "cik", "isin", "figi"}) {
      if (!cell(column).empty()) {
        cells[column] = [this, column] { instruments_.put(column, cell(column)); };
      }
    }
    if (listed) {
      cells["listed_on"] = [&] { instruments_.put("listed_on", *listed); };
    }
    if (delisted) {
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

  void put_spelling(const Holder& at, Date valid_from, Time known) {
    symbols_.put("instrument_id", at.id.value);
    symbols_.put("naming", at.mic);
    symbols_.put("symbol", at.symbol);
    symbols_.put("valid_from", valid_from);
    symbols_.put(from(known, known, true));
    symbols_.end_row();
  }

  const IngestPlan& plan_;
  KnownInstruments& known_;
  TableRows rows_, instruments_, symbols_;
  const Record* record_ = nullptr;
  const IngestFile* file_ = nullptr;
  std::optional<Rejected> rejected_;
  std::set<std::string> seen_, unknown_;
  std::int64_t undated_ = 0;
};

struct Origin {
  std::size_t file = 0;
  const Record* record = nullptr;
};

// The exchange a row names itself, "" when it names none.
std::string mic_of(const IngestPlan& plan, const Record& record) {
  const int column = plan.table->index_of("mic");
  return column < 0 ? std::string() : upper(record.cells[static_cast<std::size_t>(column)]);
}

void add_conflict(const Origin& origin, const IngestPlan& plan, std::vector<SetAside>& out) {
  Rejected row =
      fault(E::E2012, *origin.record, "the same key stands several times with different values", "all set aside");
  const int symbol = plan.table->index_of("symbol");
  row.symbol = upper(origin.record->cells[static_cast<std::size_t>(symbol)]);
  out.push_back({origin.file, std::move(row), mic_of(plan, *origin.record)});
}

Result<void> append_rows(const IngestPlan& plan, lake::Writer& writer, RecordReader& reader,
                         const std::vector<Origin>& origins, std::vector<SetAside>& set_aside, IngestReport& report) {
  const bool are_instruments = plan.table->name == "instruments";
  TableRows& main = are_instruments ? reader.instruments() : reader.rows();
  if (main.rows() > 0) {
    LODE_TRY(const lake::AppendOutcome stored, writer.append(plan.table->name, main.take(), plan.received_at));
    report.kept = stored.kept;
    report.dropped += stored.dropped;
    report.corrected = stored.corrected;
    for (const std::uint32_t row : stored.conflicts) {
      add_conflict(origins[row], plan, set_aside);
    }
  }
  if (!are_instruments && reader.instruments().rows() > 0) {
    LODE_CHECK(writer.append("instruments", reader.instruments().take(), plan.received_at));
  }
  if (reader.symbols().rows() > 0) {
    LODE_CHECK(writer.append("symbols", reader.symbols().take(), plan.received_at));
  }
  return {};
}

void describe(const RecordReader& reader, const IngestPlan& plan, IngestReport& report) {
  report.symbols = static_cast<std::int64_t>(reader.seen().size());
  report.first = reader.first;
  report.last = reader.last;
  if (!reader.unknown().empty()) {
    const auto count = static_cast<std::int64_t>(reader.unknown().size());
    report.notes.push_back(fmt::format("{} symbol{} {} no bars in this lake yet, first {}", grouped(count),
                                       count == 1 ? "" : "s", count == 1 ? "has" : "have", *reader.unknown().begin()));
  }
  if (reader.undated() > 0 && plan.table->name == "universe") {
    report.notes.emplace_back("no dates: named today:..., results on it are stamped survivor-biased");
  } else if (reader.undated() > 0 && plan.table->name == "groups") {
    report.notes.emplace_back("no dates: taken to hold always, which looks ahead");
  }
}

}  // namespace

Result<void> store_records(World& world, const IngestPlan& plan, const lake::Lake& lake, lake::Writer& writer,
                           std::vector<ParsedFile>& files, std::vector<SetAside>& set_aside, IngestReport& report) {
  LODE_TRY(const lake::Snapshot snapshot, lake.snapshot());
  LODE_TRY(KnownInstruments known, read_known(snapshot));
  RecordReader reader(plan, known);
  std::vector<Origin> origins;
  std::set<std::vector<std::string>> seen;
  Meter meter(world, "storing", report.read);
  for (std::size_t file = 0; file < files.size(); ++file) {
    for (const Record& record : files[file].records.rows) {
      std::vector<std::string> cells = record.cells;
      cells.push_back(stem_of(files[file].report.path));  // It may stand for a name or a scheme.
      if (!seen.insert(std::move(cells)).second) {
        ++files[file].report.dropped;
        ++report.dropped;
        continue;
      }
      Rejected rejected;
      if (reader.read(record, files[file].report, rejected)) {
        origins.push_back({file, &record});
      } else {
        set_aside.push_back({file, std::move(rejected), mic_of(plan, record)});
      }
    }
    if (!meter.count(static_cast<std::int64_t>(files[file].records.rows.size()))) {
      return stopped_by_user();
    }
  }
  LODE_CHECK(append_rows(plan, writer, reader, origins, set_aside, report));
  describe(reader, plan, report);
  return {};
}

}  // namespace lode::flow
