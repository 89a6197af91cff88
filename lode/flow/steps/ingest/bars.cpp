// Bars into the lake: merged over files, given to instruments, flagged, and written with what they make known of
// instruments and symbols.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <optional>

#include "lode/base/assert.h"
#include "lode/base/text.h"
#include "lode/flow/steps/ingest/identity.h"
#include "lode/flow/steps/ingest/known.h"
#include "lode/flow/steps/ingest/merge.h"
#include "lode/flow/steps/ingest/plan.h"
#include "lode/flow/steps/ingest/rows.h"

namespace lode::flow {

namespace {

// A bar read more than a day after its close was not received when it became true: its known_time is assumed.
constexpr std::int64_t kPromptNanos = kNanosPerDay;

// Rows of one instrument in the merged columns.
struct Range {
  std::size_t symbol = 0;
  Piece piece;             // begin and end count merged rows.
  std::size_t target = 0;  // First row in the batch.
  bool is_equity = false;

  std::size_t size() const { return piece.end - piece.begin; }
};

struct Bars {
  const IngestPlan& plan;
  std::vector<ParsedFile>& files;
  MergedBars merged;
  KnownInstruments known;
  BarContext context;
  std::vector<Range> ranges;  // Ascending by id.
  std::size_t rows = 0;
  std::vector<std::uint64_t> flags;  // One a row of the batch.
};

// The days on which the exchange is seen to trade: those of the lake and of the import.
Market market_of(const Bars& bars) {
  std::unordered_map<std::int32_t, std::int64_t> names;
  for (std::size_t symbol = 0; symbol < bars.merged.symbols.size(); ++symbol) {
    for (std::size_t row = bars.merged.begin[symbol]; row < bars.merged.end[symbol]; ++row) {
      ++names[bars.merged.session[row]];
    }
  }
  Market out;
  if (const auto stored = bars.known.markets.find(bars.plan.mic); stored != bars.known.markets.end()) {
    out = stored->second;
  }
  for (const auto& [day, count] : names) {
    out.add(Date{day}, count);
  }
  return out;
}

void assign(Bars& bars, Pool& pool) {
  const std::size_t symbols = bars.merged.symbols.size();
  std::vector<std::vector<Piece>> pieces(symbols);
  const Market market = market_of(bars);
  pool.for_each(symbols, [&](std::size_t i) {
    const std::size_t begin = bars.merged.begin[i];
    const std::size_t count = bars.merged.end[i] - begin;
    if (count == 0) {
      return;
    }
    const std::vector<Stay> stays = bars.known.stays(bars.plan.mic, bars.merged.symbols[i]);
    std::vector<Split> splits;
    for (const Stay& stay : stays) {
      if (const auto found = bars.known.splits.find(stay.id); found != bars.known.splits.end()) {
        splits.insert(splits.end(), found->second.begin(), found->second.end());
      }
    }
    // Actions may have come before any bar of the symbol.
    const InstrumentId first_holder = instrument_id(bars.plan.mic, bars.merged.symbols[i]);
    if (const auto found = bars.known.splits.find(first_holder); stays.empty() && found != bars.known.splits.end()) {
      splits = found->second;
    }
    const SymbolRows rows = {bars.merged.symbols[i], std::span(bars.merged.session).subspan(begin, count),
                             std::span(bars.merged.number[kClose]).subspan(begin, count)};
    pieces[i] = assign_instruments(bars.plan.mic, rows, stays, splits, bars.plan.calendar, market, bars.plan.limits);
  });
  for (std::size_t symbol = 0; symbol < symbols; ++symbol) {
    for (Piece piece : pieces[symbol]) {
      piece.begin += bars.merged.begin[symbol];
      piece.end += bars.merged.begin[symbol];
      const std::string kind = bars.known.text(piece.id, "kind");
      const bool is_told = kind.empty() || bars.plan.has_kind;
      bars.ranges.push_back({symbol, piece, 0, (is_told ? bars.plan.kind : kind) == "equity"});
    }
  }
  std::ranges::stable_sort(bars.ranges, {}, [](const Range& range) { return range.piece.id; });
  for (Range& range : bars.ranges) {
    range.target = bars.rows;
    bars.rows += range.size();
  }
}

// The stored bars that flags of the first new bars of an instrument look back on.
Result<void> read_context(const lake::Snapshot& snapshot, Bars& bars) {
  std::unordered_map<InstrumentId, Date> before;
  for (const Range& range : bars.ranges) {
    const Date first{bars.merged.session[range.piece.begin]};
    const auto span = bars.known.spans.find(range.piece.id);
    if (span != bars.known.spans.end() && span->second.first < first) {
      before.try_emplace(range.piece.id, first);
    }
  }
  LODE_TRY(bars.context, flow::read_context(snapshot, before));
  return {};
}

void flag_range(const Bars& bars, const Range& range, std::vector<std::uint64_t>& flags) {
  const auto& number = bars.merged.number;
  std::vector<BarRow> rows;
  if (const auto stored = bars.context.find(range.piece.id); stored != bars.context.end()) {
    rows = stored->second;
  }
  const std::size_t skipped = rows.size();
  rows.reserve(skipped + range.size());
  for (std::size_t row = range.piece.begin; row < range.piece.end; ++row) {
    rows.push_back({Date{bars.merged.session[row]}, number[kOpen][row], number[kHigh][row], number[kLow][row],
                    number[kClose][row], number[kVolume][row]});
  }
  std::vector<Date> splits;
  if (const auto known = bars.known.splits.find(range.piece.id); known != bars.known.splits.end()) {
    for (const Split& split : known->second) {
      splits.push_back(split.ex_date);
    }
  }
  const std::vector<std::uint64_t> found = flag_rows(rows, splits, range.is_equity, bars.plan.limits);
  constexpr auto kUnordered = static_cast<std::uint64_t>(BarFlag::kOutOfOrder);
  for (std::size_t i = 0; i < range.size(); ++i) {
    const bool unordered = bars.merged.out_of_order[range.piece.begin + i] != 0;
    flags[range.target + i] = found[skipped + i] | (unordered ? kUnordered : 0);
  }
}

// Session times as the batch needs them, asked of the calendar once a day and not once a row.
class SessionTimes {
 public:
  SessionTimes(const Calendar* calendar, std::span<const std::int32_t> sessions) {
    if (sessions.empty()) {
      return;
    }
    const auto [low, high] = std::ranges::minmax(sessions);
    first_ = low;
    for (std::int32_t day = low; day <= high; ++day) {
      const bool is_session = calendar != nullptr && Date{day} >= calendar->first() && Date{day} <= calendar->last() &&
                              calendar->is_session(Date{day});
      open_.push_back(is_session ? calendar->open(Date{day}).nanos : start_of_day(Date{day}).nanos);
      close_.push_back(is_session ? calendar->close(Date{day}).nanos : end_of_day(Date{day}).nanos);
    }
  }
  std::int64_t open(std::int32_t day) const { return open_[static_cast<std::size_t>(day - first_)]; }
  std::int64_t close(std::int32_t day) const { return close_[static_cast<std::size_t>(day - first_)]; }

 private:
  std::int32_t first_ = 0;
  std::vector<std::int64_t> open_, close_;
};

// Builds the batch's columns, each by one job; a source column is let go once it was copied.
class BatchBuilder {
 public:
  BatchBuilder(Bars& bars) : bars_(bars), times_(bars.plan.calendar, bars.merged.session) {}

  Batch run(Pool& pool) {
    std::vector<std::function<Column()>> jobs;
    for (const ColumnSpec& spec : find_table("bars")->columns) {
      jobs.push_back(job(spec));
    }
    std::vector<std::optional<Column>> columns(jobs.size());
    pool.for_each(jobs.size(), [&](std::size_t i) { columns[i].emplace(jobs[i]()); });
    std::vector<Column> out;
    for (std::optional<Column>& column : columns) {
      out.push_back(std::move(*column));
    }
    return Batch(std::move(out));
  }

 private:
  template <class T>
  std::vector<T> gather(const std::vector<T>& source) const {
    std::vector<T> out(bars_.rows);
    for (const Range& range : bars_.ranges) {
      std::memcpy(out.data() + range.target, source.data() + range.piece.begin, range.size() * sizeof(T));
    }
    return out;
  }

  template <class T, class Get>
  std::vector<T> fill(Get get) const {
    std::vector<T> out(bars_.rows);
    for (const Range& range : bars_.ranges) {
      for (std::size_t i = 0; i < range.size(); ++i) {
        out[range.target + i] = get(range, range.piece.begin + i);
      }
    }
    return out;
  }

  std::vector<std::int64_t> instants(bool open) const {
    return fill<std::int64_t>([&](const Range&, std::size_t row) {
      const std::int32_t day = bars_.merged.session[row];
      return open ? times_.open(day) : times_.close(day);
    });
  }

  Column number(const std::string& name, BarField field) {
    std::vector<double>& source = bars_.merged.number[field];
    if (source.empty()) {
      return Column::float64(name, std::vector<double>(bars_.rows, std::numeric_limits<double>::quiet_NaN()));
    }
    Column out = Column::float64(name, gather(source));
    std::vector<double>().swap(source);
    return out;
  }

  Column trades() const {
    Column out("trades", ColumnType::kInt64);
    out.reserve(bars_.rows);
    const std::vector<double>& source = bars_.merged.number[kTrades];
    for (const Range& range : bars_.ranges) {
      for (std::size_t row = range.piece.begin; row < range.piece.end; ++row) {
        const bool missing = source.empty() || source[row] != source[row];
        missing ? out.push_null() : out.push(static_cast<std::int64_t>(source[row]));
      }
    }
    return out;
  }

  Column hashes() const {
    TextData out;
    out.offsets.reserve(bars_.rows + 1);
    out.bytes.reserve(bars_.rows * 64);
    for (const Range& range : bars_.ranges) {
      for (std::size_t row = range.piece.begin; row < range.piece.end; ++row) {
        out.push(bars_.files[bars_.merged.file[row]].report.sha256);
      }
    }
    return Column::text("raw_hash", std::move(out));
  }

  Column sources() const {
    TextData out;
    out.offsets.reserve(bars_.rows + 1);
    out.bytes.reserve(bars_.rows * bars_.plan.source().size());
    for (std::size_t row = 0; row < bars_.rows; ++row) {
      out.push(bars_.plan.source());
    }
    return Column::text("source", std::move(out));
  }

  Column assumed() const {
    const std::int64_t prompt = bars_.plan.received_at.nanos - kPromptNanos;
    return Column::boolean("known_assumed", fill<std::uint8_t>([&](const Range&, std::size_t row) {
                             return static_cast<std::uint8_t>(times_.close(bars_.merged.session[row]) < prompt);
                           }));
  }

  Column ids() const {
    return Column::uint64("instrument_id",
                          fill<std::uint64_t>([](const Range& range, std::size_t) { return range.piece.id.value; }));
  }

  std::function<Column()> job(const ColumnSpec& spec) {
    const std::string name(spec.name);
    const std::size_t rows = bars_.rows;
    static const std::vector<std::pair<std::string_view, BarField>> numbers = {
        {"open", kOpen},     {"high", kHigh},     {"low", kLow},   {"close", kClose},
        {"volume", kVolume}, {"amount", kAmount}, {"vwap", kVwap}, {"close_vendor", kCloseVendor}};
    for (const auto& [column, field] : numbers) {
      if (name == column) {
        return [this, name, field = field] { return number(name, field); };
      }
    }
    const std::vector<std::pair<std::string_view, std::function<Column()>>> others = {
        {"instrument_id", [this] { return ids(); }},
        {"interval_seconds", [rows] { return Column::int64("interval_seconds", std::vector<std::int64_t>(rows, 0)); }},
        {"session", [this] { return Column::date("session", gather(bars_.merged.session)); }},
        {"start", [this] { return Column::time("start", instants(true)); }},
        {"trades", [this] { return trades(); }},
        {"provisional", [rows] { return Column::boolean("provisional", std::vector<std::uint8_t>(rows, 0)); }},
        {"flags", [this] { return Column::uint64("flags", bars_.flags); }},
        {"event_time", [this] { return Column::time("event_time", instants(false)); }},
        {"known_time", [this] { return Column::time("known_time", instants(false)); }},
        {"known_assumed", [this] { return assumed(); }},
        {"source", [this] { return sources(); }},
        {"raw_hash", [this] { return hashes(); }},
        {"raw_line", [this] { return Column::int64("raw_line", gather(bars_.merged.line)); }}};
    const auto found =
        std::ranges::find(others, spec.name, &std::pair<std::string_view, std::function<Column()>>::first);
    if (found != others.end()) {
      return found->second;
    }
    // A column that files of bars do not have.
    return [name, rows, type = spec.type] {
      Column out(name, type);
      for (std::size_t row = 0; row < rows; ++row) {
        out.push_null();
      }
      return out;
    };
  }

  Bars& bars_;
  SessionTimes times_;
};

Provenance first_row_of(const Bars& bars, const Range& range) {
  const std::size_t row = range.piece.begin;
  const Time close = session_close(bars.plan.calendar, Date{bars.merged.session[row]});
  return {
      close, close, true, bars.plan.source(), bars.files[bars.merged.file[row]].report.sha256, bars.merged.line[row]};
}

// What bars say of who an instrument is does not depend on which of its bars came first.
Provenance always(Provenance from) {
  from.event_time = start_of_day(kAlways);
  from.known_time = from.event_time;
  from.known_assumed = true;
  return from;
}

std::string_view currency_of(std::string_view mic) {
  return mic == "XNYS" || mic == "XNAS" ? "USD" : mic == "XASX" ? "AUD" : "";
}

// The instruments that are new, those now known to be adjusted by their source, and those of another kind than thought.
Batch instrument_rows(const Bars& bars) {
  TableRows rows("instruments");
  std::optional<InstrumentId> last;
  for (const Range& range : bars.ranges) {
    const InstrumentId id = range.piece.id;
    const bool is_known = bars.known.has(id);
    const bool turns_adjusted = is_known && bars.plan.adjusted && bars.known.text(id, "adjusted_by_source") == "false";
    const bool turns_kind = is_known && bars.plan.has_kind && bars.known.text(id, "kind") != bars.plan.kind;
    if (last == id || (is_known && !turns_adjusted && !turns_kind)) {
      continue;
    }
    last = id;
    if (is_known) {
      Batch row = bars.known.instruments.take(std::vector<std::uint32_t>{bars.known.row_of.find(id)->second});
      for (const Column& column : row.columns()) {
        if (column.name() == "adjusted_by_source" && turns_adjusted) {
          rows.put("adjusted_by_source", true);
        } else if (column.name() == "kind" && turns_kind) {
          rows.put("kind", bars.plan.kind);
        } else {
          rows.put_cell(column, 0);
        }
      }
    } else {
      rows.put("instrument_id", id.value);
      rows.put("mic", bars.plan.mic);
      rows.put("symbol", bars.merged.symbols[range.symbol]);
      rows.put("kind", bars.plan.kind);
      rows.put_text("currency", currency_of(bars.plan.mic));
      rows.put("adjusted_by_source", bars.plan.adjusted);
      rows.put(always(first_row_of(bars, range)));
    }
    rows.end_row();
  }
  return rows.take();
}

class SymbolRowsBuilder {
 public:
  explicit SymbolRowsBuilder(const Bars& bars) : bars_(bars) {}

  // New spellings; where a symbol goes over to another instrument, the one before ends with its last bar.
  Batch run() {
    std::map<std::size_t, std::vector<const Range*>> by_symbol;
    for (const Range& range : bars_.ranges) {
      by_symbol[range.symbol].push_back(&range);
    }
    for (auto& [symbol, ranges] : by_symbol) {
      std::ranges::sort(ranges, {}, [](const Range* range) { return range->piece.begin; });
      add_symbol(bars_.merged.symbols[symbol], ranges);
    }
    return rows_.take();
  }

 private:
  // One instrument under a symbol, as the lake has it or as this import adds it.
  struct Holding {
    InstrumentId id;
    Date key;                // valid_from.
    Date first, last;        // Its first and last bar, as far as known.
    std::optional<Date> to;  // As stored.
    const Range* range = nullptr;
    bool is_stored = false;
  };

  Date session(std::size_t row) const { return Date{bars_.merged.session[row]}; }

  void add_symbol(const std::string& symbol, const std::vector<const Range*>& ranges) {
    std::vector<Holding> found = stored(symbol);
    for (const Range* range : ranges) {
      const Date first = session(range->piece.begin);
      found.push_back({range->piece.id, first, first, session(range->piece.end - 1), {}, range, false});
    }
    const std::vector<Holding> holdings = folded(std::move(found));
    for (std::size_t i = 0; i < holdings.size(); ++i) {
      add_holding(symbol, holdings[i], i + 1 < holdings.size() ? &holdings[i + 1] : nullptr, ranges.front());
    }
  }

  std::vector<Holding> stored(const std::string& symbol) const {
    std::vector<Holding> out;
    const auto known = bars_.known.spellings.find(symbol);
    if (known == bars_.known.spellings.end()) {
      return out;
    }
    for (const Spelling& spelling : known->second) {
      if (spelling.naming == bars_.plan.mic) {
        const auto span = bars_.known.spans.find(spelling.id);
        const bool has_bars = span != bars_.known.spans.end();
        const Date from = spelling.valid_from;
        out.push_back({spelling.id, from, has_bars ? std::max(from, span->second.first) : from,
                       has_bars ? std::max(from, span->second.last) : from, spelling.valid_to, nullptr, true});
      }
    }
    return out;
  }

  // By time; new bars of an instrument beside what is stored of it say nothing new and are folded into it. Who holds a
  // symbol first has always held it, so that earlier files, in whatever order they come, change nothing.
  static std::vector<Holding> folded(std::vector<Holding> found) {
    std::ranges::stable_sort(found, {}, [](const Holding& one) { return std::pair(one.first, !one.is_stored); });
    std::vector<Holding> out;
    for (Holding& one : found) {
      const bool same = !out.empty() && out.back().id == one.id;
      if (same && !one.is_stored) {
        out.back().last = std::max(out.back().last, one.last);
      } else if (same && !out.back().is_stored && one.key <= out.back().first) {
        one.first = out.back().first;
        out.back() = one;
      } else {
        out.push_back(one);
      }
    }
    const bool is_held = std::ranges::any_of(out, [](const Holding& one) { return one.key == kAlways; });
    if (!out.front().is_stored && !is_held) {
      out.front().key = kAlways;
    }
    return out;
  }

  void add_holding(const std::string& symbol, const Holding& holding, const Holding* next, const Range* cause) {
    std::optional<Date> to = holding.to;
    if (next != nullptr && (!to || *to >= next->key)) {
      to = next->id == holding.id ? next->key - 1 : std::min(holding.last, next->key - 1);
    }
    if (holding.is_stored && to == holding.to) {
      return;
    }
    rows_.put("instrument_id", holding.id.value);
    rows_.put("naming", bars_.plan.mic);
    rows_.put("symbol", symbol);
    rows_.put("valid_from", holding.key);
    if (to) {
      rows_.put("valid_to", *to);
    }
    const Provenance from = first_row_of(bars_, holding.range != nullptr ? *holding.range : *cause);
    rows_.put(holding.key == kAlways ? always(from) : from);
    rows_.end_row();
  }

  const Bars& bars_;
  TableRows rows_{"symbols"};
};

Result<void> check_collisions(const Bars& bars) {
  for (const Range& range : bars.ranges) {
    const InstrumentId id = range.piece.id;
    if (range.piece.is_new && bars.known.has(id) &&
        (bars.known.text(id, "mic") != bars.plan.mic ||
         bars.known.text(id, "symbol") != bars.merged.symbols[range.symbol])) {
      return fail(E::E9001,
                  fmt::format("{} of {} and {} of {} have the same id {}", bars.merged.symbols[range.symbol],
                              bars.plan.mic, bars.known.text(id, "symbol"), bars.known.text(id, "mic"), to_string(id)));
    }
  }
  return {};
}

// Days with few names make poor cross-sections; an average over all days hides them.
void note_thin_days(const Bars& bars, IngestReport& report) {
  constexpr std::int64_t kFewNames = 20;       // As the verdict of a factor has it.
  constexpr std::int64_t kWorthSaying = 10;    // One day in ten.
  std::map<std::int32_t, std::int64_t> names;  // A session.
  for (const Range& range : bars.ranges) {
    for (std::size_t row = range.piece.begin; row < range.piece.end; ++row) {
      ++names[bars.merged.session[row]];
    }
  }
  const auto days = static_cast<std::int64_t>(names.size());
  const auto is_full = [](const auto& day) { return day.second >= kFewNames; };
  const std::int64_t full = std::ranges::count_if(names, is_full);
  if (full == 0 || (days - full) * kWorthSaying <= days) {
    return;  // A small set of names is what it is.
  }
  const auto first = std::ranges::find_if(names, is_full);
  const auto last = std::find_if(names.rbegin(), names.rend(), is_full);
  report.notes.push_back(fmt::format(
      "{} of {} sessions have under {} names; those with more lie in {} .. {} (--from, --to)", grouped(days - full),
      grouped(days), kFewNames, to_string(Date{first->first}), to_string(Date{last->first})));
}

void describe(const Bars& bars, IngestReport& report) {
  report.symbols = std::ranges::count_if(
      bars.merged.begin, [&, i = std::size_t{0}](std::size_t begin) mutable { return bars.merged.end[i++] > begin; });
  std::optional<InstrumentId> last;
  for (const Range& range : bars.ranges) {
    report.new_instruments += !bars.known.has(range.piece.id) && last != range.piece.id ? 1 : 0;
    report.unclear += range.piece.is_unclear ? 1 : 0;
    last = range.piece.id;
    const Date first{bars.merged.session[range.piece.begin]};
    const Date end{bars.merged.session[range.piece.end - 1]};
    report.first = report.first ? std::min(*report.first, first) : first;
    report.last = report.last ? std::max(*report.last, end) : end;
  }
  note_thin_days(bars, report);
  for (const BarFlagInfo& info : bar_flags()) {
    const auto bit = static_cast<std::uint64_t>(info.flag);
    const auto count = std::ranges::count_if(bars.flags, [&](std::uint64_t flags) { return (flags & bit) != 0; });
    if (count > 0) {
      report.flags.emplace_back(info.name, count);
    }
  }
  report.flagged = std::ranges::count_if(bars.flags, [](std::uint64_t flags) { return flags != 0; });
}

Result<void> append_all(Bars& bars, lake::Writer& writer, Pool& pool, IngestReport& report) {
  if (Batch rows = instrument_rows(bars); rows.rows() > 0) {
    LODE_CHECK(writer.append("instruments", std::move(rows), bars.plan.received_at));
  }
  if (Batch rows = SymbolRowsBuilder(bars).run(); rows.rows() > 0) {
    LODE_CHECK(writer.append("symbols", std::move(rows), bars.plan.received_at));
  }
  LODE_TRY(const lake::AppendOutcome stored,
           writer.append("bars", BatchBuilder(bars).run(pool), bars.plan.received_at));
  LODE_ASSERT(stored.conflicts.empty());  // merge_bars left one row a key.
  report.kept = stored.kept;
  report.dropped = stored.dropped;
  report.corrected = stored.corrected;
  return {};
}

}  // namespace

Result<void> store_bars(World& world, const IngestPlan& plan, const lake::Lake& lake, lake::Writer& writer,
                        std::vector<ParsedFile>& files, std::vector<SetAside>& set_aside, IngestReport& report) {
  Bars bars{plan, files, merge_bars(files, world.pool), {}, {}, {}, 0, {}};
  std::ranges::move(bars.merged.conflicts, std::back_inserter(set_aside));
  for (std::size_t file = 0; file < files.size(); ++file) {
    files[file].report.dropped = bars.merged.dropped[file];
  }
  LODE_TRY(const lake::Snapshot snapshot, lake.snapshot());
  LODE_TRY(bars.known, read_known(snapshot));
  LODE_CHECK(read_spans(snapshot, bars.known));
  assign(bars, world.pool);
  LODE_CHECK(check_collisions(bars));
  LODE_CHECK(read_context(snapshot, bars));
  bars.flags.assign(bars.rows, 0);
  world.pool.for_each(bars.ranges.size(), [&](std::size_t i) { flag_range(bars, bars.ranges[i], bars.flags); });
  describe(bars, report);
  if (plan.adjusted) {
    report.notes.emplace_back("prices adjusted by their source: the instruments are marked so");
  } else if (snapshot.parts("actions").empty()) {
    report.notes.emplace_back("no actions imported: prices are used as delivered");
  }
  Meter meter(world, "storing", static_cast<std::int64_t>(bars.rows));
  if (!meter.count(0)) {
    return stopped_by_user();
  }
  if (bars.rows > 0) {
    LODE_CHECK(append_all(bars, writer, world.pool, report));
  }
  for (const std::int64_t copies : bars.merged.dropped) {
    report.dropped += copies;
  }
  return {};
}

}  // namespace lode::flow
