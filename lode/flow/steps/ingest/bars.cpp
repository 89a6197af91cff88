// Bars into the lake: merged over files, given to instruments, flagged, and written with what they make known of
// instruments and symbols.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "lode/base/assert.h"
#include "lode/base/counted.h"
#include "lode/base/text.h"
#include "lode/flow/steps/ingest/bar_batch.h"
#include "lode/flow/steps/ingest/elsewhere.h"
#include "lode/flow/steps/ingest/identity.h"
#include "lode/flow/steps/ingest/known.h"
#include "lode/flow/steps/ingest/merge.h"
#include "lode/flow/steps/ingest/outlived.h"
#include "lode/flow/steps/ingest/plan.h"
#include "lode/market/instrument.h"

namespace lode::flow {

namespace {

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

// One instrument's rows with the stored ones before them, as the flags see them.
struct Sight {
  std::vector<BarRow> rows;
  std::vector<double> vwap;  // One a row; empty when no file has it.
  std::vector<Date> splits;
  std::size_t skipped = 0;  // Rows of the lake, before those of the range.
};

Sight sight_of(const Bars& bars, const Range& range) {
  const auto& number = bars.merged.number;
  Sight out;
  if (const auto stored = bars.context.find(range.piece.id); stored != bars.context.end()) {
    out.rows = stored->second;
  }
  out.skipped = out.rows.size();
  out.rows.reserve(out.skipped + range.size());
  for (std::size_t row = range.piece.begin; row < range.piece.end; ++row) {
    out.rows.push_back({Date{bars.merged.session[row]}, number[kOpen][row], number[kHigh][row], number[kLow][row],
                        number[kClose][row], number[kVolume][row]});
  }
  if (const std::vector<double>& vwap = number[kVwap]; bars.plan.repair && !vwap.empty()) {
    out.vwap.assign(out.skipped, std::numeric_limits<double>::quiet_NaN());
    out.vwap.insert(out.vwap.end(), vwap.begin() + static_cast<std::ptrdiff_t>(range.piece.begin),
                    vwap.begin() + static_cast<std::ptrdiff_t>(range.piece.end));
  }
  if (const auto known = bars.known.splits.find(range.piece.id); known != bars.known.splits.end()) {
    for (const Split& split : known->second) {
      out.splits.push_back(split.ex_date);
    }
  }
  return out;
}

constexpr auto kUnordered = static_cast<std::uint64_t>(BarFlag::kOutOfOrder);
constexpr auto kUnitError = static_cast<std::uint64_t>(BarFlag::kUnitError);
constexpr auto kRepaired = static_cast<std::uint64_t>(BarFlag::kRepaired);

// Mends the range's rows, in the merged columns and in `sight`; gives the flags that tell of it, one a row of the
// range.
std::vector<std::uint64_t> repair_range(Bars& bars, const Range& range, Sight& sight) {
  std::vector<std::uint64_t> out(range.size(), 0);
  for (const UnitRun& run : unit_runs(sight.rows)) {
    for (std::size_t row = std::max(run.begin, sight.skipped); row < run.end; ++row) {
      out[row - sight.skipped] = kUnitError;
    }
  }
  const auto mended = repair_units(sight.rows, sight.vwap, sight.skipped, sight.splits, bars.plan.limits);
  auto& number = bars.merged.number;
  for (std::size_t i = 0; i < range.size(); ++i) {
    const std::size_t row = range.piece.begin + i;
    const std::size_t seen = sight.skipped + i;
    bars.close_read[range.target + i] = number[kClose][row];
    if (mended[seen] == 0) {
      continue;
    }
    out[i] |= kRepaired;
    number[kOpen][row] = sight.rows[seen].open;
    number[kHigh][row] = sight.rows[seen].high;
    number[kLow][row] = sight.rows[seen].low;
    number[kClose][row] = sight.rows[seen].close;
    if (!sight.vwap.empty()) {
      number[kVwap][row] = sight.vwap[seen];
    }
  }
  return out;
}

// A relabelled bar keeps that it was repaired; its prices are as they were stored.
std::vector<std::uint64_t> repaired_before(const Bars& bars, const Range& range) {
  std::vector<std::uint64_t> out(range.size(), 0);
  for (std::size_t i = 0; i < range.size() && !bars.plan.mended.empty(); ++i) {
    const std::size_t row = range.piece.begin + i;
    const auto lines = bars.plan.mended.find(bars.files[bars.merged.file[row]].report.sha256);
    const bool is_mended = lines != bars.plan.mended.end() && lines->second.contains(bars.merged.line[row]);
    out[i] = is_mended ? kUnitError | kRepaired : 0;
  }
  return out;
}

// Flags tell of the bars as they are stored, but for unit_error, which stays on what it made us repair.
void flag_range(Bars& bars, const Range& range) {
  Sight sight = sight_of(bars, range);
  const std::vector<std::uint64_t> told =
      bars.plan.repair ? repair_range(bars, range, sight) : repaired_before(bars, range);
  const std::vector<std::uint64_t> found =
      flag_rows(sight.rows, sight.splits, range.is_equity, bars.plan.limits, bars.plan.calendar);
  for (std::size_t i = 0; i < range.size(); ++i) {
    const bool unordered = bars.merged.out_of_order[range.piece.begin + i] != 0;
    bars.flags[range.target + i] = found[sight.skipped + i] | told[i] | (unordered ? kUnordered : 0);
  }
}

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

void list_repairs(const Bars& bars, IngestReport& report) {
  report.may_repair = bars.plan.repair;
  report.repaired = std::ranges::count_if(bars.flags, [](std::uint64_t flags) { return (flags & kRepaired) != 0; });
  for (const Range& range : bars.ranges) {
    for (std::size_t i = 0; i < range.size() && report.repaired > 0; ++i) {
      if ((bars.flags[range.target + i] & kRepaired) == 0) {
        continue;
      }
      const std::size_t row = range.piece.begin + i;
      IngestFile& file = bars.files[bars.merged.file[row]].report;
      ++file.repaired;
      if (bars.plan.repair) {  // A relabelling keeps what the import told.
        report.repairs.push_back({bars.merged.symbols[range.symbol], Date{bars.merged.session[row]},
                                  bars.close_read[range.target + i], bars.merged.number[kClose][row], file.path,
                                  bars.merged.line[row]});
      }
    }
  }
  std::ranges::stable_sort(
      report.repairs, {}, [](const IngestRepair& one) { return std::pair(std::string_view(one.symbol), one.session); });
  report.repairs.resize(std::min(report.repairs.size(), kRepairsNoted));
}

// A symbol that came back at a broken price names another instrument from there on: whoever knows better has to be
// told.
void note_parted(const Bars& bars, IngestReport& report) {
  std::int64_t count = 0;
  std::string first;
  std::optional<InstrumentId> last;
  for (const Range& range : bars.ranges) {
    if (std::exchange(last, range.piece.id) == range.piece.id) {
      continue;
    }
    const std::string& symbol = bars.merged.symbols[range.symbol];
    const Date begin{bars.merged.session[range.piece.begin]};
    if (!range.piece.is_new || range.piece.id == instrument_id(bars.plan.mic, symbol)) {
      continue;
    }
    ++count;
    if (const std::string one = fmt::format("{} from {}", symbol, to_string(begin)); first.empty() || one < first) {
      first = one;
    }
  }
  if (count > 0) {
    report.notes.push_back(
        fmt::format("{} came back after over {} sessions at another price, taken as another instrument, first {}",
                    count == 1 ? "1 symbol" : grouped(count) + " symbols", kReuseSessions, first));
  }
}

// Bars that cannot be, as far as the lake knows.
void note_outlived(const Bars& bars, IngestReport& report) {
  std::map<InstrumentId, lake::Outlived> found;
  for (const Range& range : bars.ranges) {
    const std::optional<Date> delisted = bars.known.delisted_on(range.piece.id);
    const Date last{bars.merged.session[range.piece.end - 1]};
    if (delisted && last > *delisted) {
      lake::Outlived& one = found[range.piece.id];
      one = {bars.merged.symbols[range.symbol], *delisted, std::max(one.last, last)};
    }
  }
  std::vector<lake::Outlived> told;
  for (const auto& [id, one] : found) {
    told.push_back(one);
  }
  if (std::string note = outlived_note(std::move(told)); !note.empty()) {
    report.notes.push_back(std::move(note));
  }
}

// First and last session that each file says something of.
void span_files(Bars& bars) {
  for (const Range& range : bars.ranges) {
    for (std::size_t row = range.piece.begin; row < range.piece.end; ++row) {
      IngestFile& file = bars.files[bars.merged.file[row]].report;
      const Date day{bars.merged.session[row]};
      file.first = file.first ? std::min(*file.first, day) : day;
      file.last = file.last ? std::max(*file.last, day) : day;
    }
  }
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
  note_parted(bars, report);
  note_outlived(bars, report);
  for (const BarFlagInfo& info : bar_flags()) {
    const auto bit = static_cast<std::uint64_t>(info.flag);
    const auto count = std::ranges::count_if(bars.flags, [&](std::uint64_t flags) { return (flags & bit) != 0; });
    if (count > 0) {
      report.flags.emplace_back(info.name, count);
    }
  }
  report.flagged = std::ranges::count_if(bars.flags, [](std::uint64_t flags) { return flags != 0; });
  list_repairs(bars, report);
}

// Bars of a session that was still on when they were read.
void note_provisional(const Batch& rows, IngestReport& report) {
  const auto count = std::ranges::count(rows.column("provisional").bools(), std::uint8_t{1});
  if (count > 0) {
    report.notes.push_back(
        fmt::format("{} of a session that is not over: provisional until a later import brings the final {}",
                    counted(count, "bar"), count == 1 ? "one" : "ones"));
  }
}

Result<void> append_all(Bars& bars, lake::Writer& writer, Pool& pool, IngestReport& report) {
  if (Batch rows = instrument_rows(bars); rows.rows() > 0) {
    LODE_CHECK(writer.append("instruments", std::move(rows), bars.plan.received_at));
  }
  if (Batch rows = symbol_rows(bars); rows.rows() > 0) {
    LODE_CHECK(writer.append("symbols", std::move(rows), bars.plan.received_at));
  }
  Batch rows = bar_batch(bars, pool);
  note_provisional(rows, report);
  LODE_TRY(const lake::AppendOutcome stored, writer.append("bars", std::move(rows), bars.plan.received_at));
  LODE_ASSERT(stored.conflicts.empty());  // merge_bars left one row a key.
  report.kept = stored.kept;
  report.dropped = stored.dropped;
  report.corrected = stored.corrected;
  return {};
}

// A symbol of an exchange is either held by somebody who trades or is a benchmark: stored as the other, its bars would
// replace the ones that stand. Told with a kind of its own (import.toml, --kind) it turns on purpose.
Result<void> check_roles(const Bars& bars) {
  for (const Range& range : bars.ranges) {
    const std::string stored = bars.known.text(range.piece.id, "kind");
    if (stored.empty() || bars.plan.has_kind || (stored == "index") == (bars.plan.kind == "index")) {
      continue;
    }
    const std::string& symbol = bars.merged.symbols[range.symbol];
    return stored == "index"
               ? fail(E::E2026, fmt::format("{} is a benchmark of this lake, not an instrument that trades", symbol),
                      fmt::format("give the benchmark another symbol first, such as ^{}: lode data revert its import, "
                                  "then import it anew",
                                  symbol))
               : fail(E::E2026, fmt::format("{} has bars of its own in this lake (kind {})", symbol, stored),
                      fmt::format("write another symbol for the benchmark into its file, such as ^{}", symbol));
  }
  return {};
}

}  // namespace

Result<void> store_bars(World& world, const IngestPlan& plan, const lake::Lake& lake, lake::Writer& writer,
                        std::vector<ParsedFile>& files, std::vector<SetAside>& set_aside, IngestReport& report) {
  Bars bars{plan, files, merge_bars(files, world.pool), {}, {}, {}, 0, {}, {}};
  std::ranges::move(bars.merged.conflicts, std::back_inserter(set_aside));
  for (std::size_t file = 0; file < files.size(); ++file) {
    files[file].report.dropped = bars.merged.dropped[file];
    files[file].report.order = bars.merged.order[file];
    files[file].report.out_of_order = bars.merged.unordered[file];
  }
  LODE_TRY(const lake::Snapshot snapshot, lake.snapshot());
  LODE_TRY(bars.known, read_known(snapshot));
  LODE_CHECK(read_spans(snapshot, bars.known));
  if (!plan.is_relabelling) {
    LODE_CHECK(check_elsewhere(snapshot, bars, report));
  }
  assign(bars, world.pool);
  LODE_CHECK(check_collisions(bars));
  if (!plan.is_relabelling) {
    LODE_CHECK(check_roles(bars));
  }
  LODE_CHECK(read_context(snapshot, bars));
  bars.flags.assign(bars.rows, 0);
  bars.close_read.assign(plan.repair ? bars.rows : 0, 0.0);
  world.pool.for_each(bars.ranges.size(), [&](std::size_t i) { flag_range(bars, bars.ranges[i]); });
  span_files(bars);
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
