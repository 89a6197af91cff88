// Reading the files of an import.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "lode/base/machine.h"
#include "lode/base/printable.h"
#include "lode/base/text.h"
#include "lode/flow/steps/ingest/memory_budget.h"
#include "lode/flow/steps/ingest/plan.h"
#include "lode/flow/steps/store/files.h"
#include "lode/flow/steps/store/zoned.h"
#include "lode/io/arrow/reader.h"
#include "lode/io/lake/parquet_rows.h"
#include "lode/io/source/bar_collector.h"
#include "lode/io/source/date_order.h"
#include "lode/io/source/delimited.h"
#include "lode/io/source/file_bytes.h"
#include "lode/io/source/intraday.h"
#include "lode/io/source/number_format.h"

namespace lode::flow {

namespace {

constexpr std::int64_t kWaveBytes = std::int64_t{64} << 20;  // On disk; unpacked about five times that.
constexpr std::size_t kPieceBytes = std::size_t{4} << 20;    // Of one file, parsed by one thread.

// A file in hand: its bytes live until its pieces are parsed.
struct OpenFile {
  std::string path;
  bool is_named = false;  // On the command line, not found in a folder.
  std::int64_t size = 0;  // On disk; of a table inside an archive, as it would lie unpacked.
  std::string bytes;
  std::int64_t held = 0;       // Of the budget, for these bytes.
  std::int64_t rows_held = 0;  // Of the budget, for its rows.
  std::optional<Batch> batch;
  std::vector<std::size_t> clocks;  // Columns of the batch that hold clock times where they are no days yet.
  bool is_rewritten = false;        // Its numbers were made plain.
  std::string comma;                // The cell that showed a decimal comma; "" else.
  source::Dialect dialect;
  source::Layout layout;
  std::vector<source::RowRange> ranges;
  std::optional<Error> fault;      // Why it was not taken.
  std::optional<Error> undecided;  // Why its dates cannot be read by itself; other files may say.
  ParsedFile parsed;
};

// How the file writes its dates: as told, else as its cells show.
Result<void> settle_dates(const IngestPlan& plan, OpenFile& file) {
  if (plan.dates) {
    file.parsed.dates = *plan.dates;
    return {};
  }
  const std::vector<int> columns = source::date_columns(*plan.table, file.layout);
  const source::DateEvidence evidence = file.batch ? source::date_evidence(*file.batch, columns)
                                                   : source::date_evidence(file.bytes, file.dialect, columns);
  Result<source::DateFormat> settled = evidence.settle(file.path);
  if (!settled && evidence.is_undecided()) {
    file.undecided.emplace(std::move(settled).error());
    return {};
  }
  LODE_TRY(file.parsed.dates, std::move(settled));
  file.parsed.date_proof = evidence.proof();
  return {};
}

// Numbers with decimal commas or parted thousands become plain ones, as the file's own cells show how.
Result<void> plain_numbers(const IngestPlan& plan, OpenFile& file) {
  if (!plan.is_bars()) {
    return {};
  }
  std::vector<int> columns;
  for (const source::BarColumn field : source::kBarNumbers) {
    columns.push_back(file.layout.column[field]);
  }
  const source::NumberEvidence evidence = source::number_evidence(file.bytes, file.dialect, columns);
  LODE_TRY(const source::NumberFormat format, evidence.settle(file.path));
  if (format.has_marks) {
    source::make_plain(file.bytes, file.dialect, columns, format);
    file.is_rewritten = true;
    file.comma = format.decimal == ',' ? evidence.proof() : "";
  }
  return {};
}

// Told as one error for the wave, for which file meets the limit first depends on the threads.
Failure too_large(const OpenFile& file) { return fail(E::E2023, file.path + " does not fit into memory"); }

Result<void> hold_rows(MemoryBudget& budget, OpenFile& file, std::int64_t rows) {
  if (!budget.take_rows(rows)) {
    return too_large(file);
  }
  file.rows_held = rows;
  return {};
}

// Of a file with typed columns, once its rows are in hand. Instants with a zone become what their writer's clock
// showed; they stay times until it is sure that no two are of one day.
Result<void> lay_out_batch(const IngestPlan& plan, const ZonedColumns& zones, OpenFile& file) {
  file.dialect = source::dialect_of(*file.batch);
  LODE_TRY(file.layout, source::find_layout(*plan.table, file.dialect, file.path, plan.map));
  for (const int place : source::date_columns(*plan.table, file.layout)) {
    if (place < 0) {
      continue;
    }
    Column& column = file.batch->columns()[static_cast<std::size_t>(place)];
    if (const auto zone = zones.find(column.name()); zone != zones.end()) {
      LODE_CHECK(read_on_their_clock(column, zone->second, plan.calendar, file.path));
      file.clocks.push_back(static_cast<std::size_t>(place));
    }
  }
  file.ranges.resize(1);
  return {};
}

Result<void> open_parquet(const IngestPlan& plan, MemoryBudget& budget, OpenFile& file) {
  LODE_CHECK(hold_rows(budget, file, lake::parquet_rows(file.path).value_or(0)));  // Damage is named by reading it.
  LODE_TRY(file.batch, lake::read_parquet(file.path));
  LODE_TRY(const ZonedColumns zones, zones_of_parquet(file.path));
  return lay_out_batch(plan, zones, file);
}

Result<void> open_arrow(const IngestPlan& plan, MemoryBudget& budget, const source::FileBytes& read, OpenFile& file) {
  LODE_CHECK(hold_rows(budget, file, arrow::arrow_rows(read.bytes, file.path).value_or(0)));  // As above.
  LODE_TRY(file.batch, arrow::read_arrow(read.bytes, file.path));
  LODE_TRY(const ZonedColumns zones, zones_of_arrow(read.bytes, file.path));
  return lay_out_batch(plan, zones, file);
}

Result<void> open_text(const IngestPlan& plan, MemoryBudget& budget, source::FileBytes read, OpenFile& file) {
  file.bytes = std::move(read.bytes);
  LODE_TRY(file.dialect, source::read_dialect(file.bytes, file.path, plan.map));
  LODE_TRY(file.layout, source::find_layout(*plan.table, file.dialect, file.path, plan.map));
  LODE_CHECK(hold_rows(budget, file, std::ranges::count(file.bytes, '\n')));
  LODE_CHECK(plain_numbers(plan, file));
  file.ranges = source::cut_rows(file.bytes, file.dialect, plan.is_bars() ? kPieceBytes : file.bytes.size());
  return {};
}

// The bytes of a file, counted before each step that takes some.
Result<source::FileBytes> read_within(MemoryBudget& budget, OpenFile& file) {
  const auto hold = [&](std::int64_t bytes) {
    const bool fits = budget.take(bytes);
    file.held += fits ? bytes : 0;
    return fits;
  };
  return hold(file.size) ? read_source(file.parsed, hold) : Result<source::FileBytes>(too_large(file));
}

// Several bars a day are no days: one of them stored as the day would be a wrong price under a right date.
Result<void> check_times(const IngestPlan& plan, OpenFile& file) {
  if (!plan.is_bars() || file.undecided) {
    return {};
  }
  source::TimesOfDay times =
      file.batch ? source::times_of_day(*file.batch, file.layout, file.parsed.dates, plan.calendar)
                 : source::times_of_day(file.bytes, file.dialect, file.layout, file.parsed.dates, plan.calendar);
  if (times.pair) {
    const source::IntradayPair& pair = *times.pair;
    const std::string symbol = pair.symbol.empty() ? source::symbol_of_file(file.path) : pair.symbol;
    return fail(E::E2012,
                fmt::format("{} has intraday bars, which are not stored yet: {} on {} at {} and at {}", file.path,
                            printable(symbol), to_string(pair.session), printable(pair.first), printable(pair.second)),
                "make one bar a day of them first: first open, highest high, lowest low, last close, sum of volume");
  }
  file.parsed.time_of_day = std::move(times.first);
  return {};
}

Result<void> open_file(const IngestPlan& plan, MemoryBudget& budget, OpenFile& file) {
  const bool is_parquet = source::is_parquet(file.path);
  Result<source::FileBytes> read = read_within(budget, file);
  if (!read) {
    const bool is_empty_parquet = is_parquet && read.error().number() == E::E2014;
    return is_empty_parquet ? open_parquet(plan, budget, file)
                            : Result<void>(fail(std::move(read).error()));  // E2015 names it.
  }
  file.parsed.report.sha256 = read->sha256;
  file.parsed.report.bytes = read->disk_bytes;
  if (is_parquet) {
    std::string().swap(read->bytes);
  }
  LODE_CHECK(is_parquet                   ? open_parquet(plan, budget, file)
             : arrow::is_arrow(file.path) ? open_arrow(plan, budget, *read, file)
                                          : open_text(plan, budget, std::move(*read), file));
  LODE_CHECK(settle_dates(plan, file));
  LODE_CHECK(check_times(plan, file));
  for (const std::size_t place : file.clocks) {
    keep_days(file.batch->columns()[place]);
  }
  if (file.undecided) {
    file.ranges.clear();
  }
  file.parsed.bars.resize(plan.is_bars() ? file.ranges.size() : 0);
  return {};
}

void parse_piece(const IngestPlan& plan, OpenFile& file, std::size_t piece) {
  if (!plan.is_bars()) {
    file.parsed.records = file.batch ? source::parse_records(*file.batch, file.layout)
                                     : source::parse_records(file.bytes, file.dialect, file.layout);
    return;
  }
  const source::BarGates gates = {plan.calendar, plan.limits, source::symbol_of_file(file.path), file.parsed.dates};
  file.parsed.bars[piece] = file.batch
                                ? source::parse_bars(*file.batch, file.layout, gates)
                                : source::parse_bars(file.bytes, file.dialect, file.layout, file.ranges[piece], gates);
  if (file.is_rewritten) {
    for (source::Rejected& row : file.parsed.bars[piece].rejected) {
      row.text.clear();  // Read again, as the file has it.
    }
  }
}

std::int64_t count_rows(const ParsedFile& file) {
  std::int64_t rows = static_cast<std::int64_t>(file.records.rows.size() + file.records.rejected.size());
  for (const source::ParsedBars& piece : file.bars) {
    rows += piece.rows;
  }
  return rows;
}

// A file of a folder may hold something else; damage is never passed over.
bool may_skip(const OpenFile& file) {
  const E number = file.fault->number();
  // A pattern of the shell names every file of a folder: one without a row is passed over there as in the folder.
  return number == E::E2014 ||
         (!file.is_named && (number == E::E2001 || number == E::E2012 ||
                             (number == E::E2003 && file.dialect.header.empty() && is_utf8(file.bytes))));
}

std::string skip_reason(const OpenFile& file, const IngestPlan& plan) {
  switch (file.fault->number()) {
    case E::E2001: {
      const std::string& message = file.fault->message();
      const std::size_t at = std::min(message.find("has no column"), message.find("has no header"));
      return at == std::string::npos ? fmt::format("not a table of {}", plan.table->name) : message.substr(at);
    }
    case E::E2014:
      return "no rows";
    case E::E2012: {
      const std::string& message = file.fault->message();
      return message.substr(std::min(message.find("intraday bars, "), message.size()));
    }
    default:
      return "not a table";
  }
}

// Reads and parses files [begin, end).
Result<void> read_wave(World& world, const IngestPlan& plan, MemoryBudget& budget, const std::vector<OpenFile*>& files,
                       std::size_t begin, std::size_t end, Meter& meter) {
  world.pool.for_each(end - begin, [&](std::size_t i) {
    OpenFile& file = *files[begin + i];
    if (meter.stopped()) {
      return;
    }
    if (Result<void> opened = open_file(plan, budget, file); !opened) {
      file.fault.emplace(std::move(opened).error());
    }
    meter.count(0);
  });
  std::vector<std::pair<std::size_t, std::size_t>> pieces;
  for (std::size_t i = begin; i < end; ++i) {
    if (files[i]->fault && !may_skip(*files[i])) {
      return fail(std::move(*files[i]->fault));
    }
    for (std::size_t piece = 0; piece < (files[i]->fault ? 0 : files[i]->ranges.size()); ++piece) {
      pieces.emplace_back(i, piece);
    }
  }
  world.pool.for_each(pieces.size(), [&](std::size_t i) {
    if (!meter.stopped()) {
      OpenFile& file = *files[pieces[i].first];
      parse_piece(plan, file, pieces[i].second);
      meter.count(file.parsed.report.bytes / static_cast<std::int64_t>(file.ranges.size()));
    }
  });
  for (std::size_t i = begin; i < end; ++i) {
    OpenFile& file = *files[i];
    file.parsed.report.rows = count_rows(file.parsed);
    budget.give_back(file.held + (file.rows_held - file.parsed.report.rows) * kBytesARow);
    file.held = file.rows_held = 0;
    if (!file.fault && !file.undecided && file.parsed.report.rows == 0) {
      file.fault.emplace(E::E2014, fmt::format("{} has a header and no row", file.path),
                         "expected one row an instrument and day behind the header");
    }
    std::string().swap(file.bytes);
    file.batch.reset();
  }
  return meter.stopped() ? Result<void>(stopped_by_user()) : Result<void>();
}

// Bytes an import may take: as set, else three quarters of what is free; 0 = nobody knows.
std::int64_t memory_limit(const World& world) {
  constexpr std::int64_t kMegabyte = 1'000'000;
  const std::int64_t set = world.config.get("import.memory_mb").as_int() * kMegabyte;
  const std::int64_t free = available_memory_bytes();
  return set > 0 ? set : free < 0 ? 0 : std::max<std::int64_t>(free / 4 * 3, 1);
}

// The files [begin, end) of a wave do not fit beside the `rows` before them.
Failure out_of_memory(const std::vector<OpenFile*>& files, std::size_t begin, std::size_t end, std::int64_t rows,
                      std::int64_t limit) {
  const std::size_t count = end - begin;
  const std::string what = count == 1 ? files[begin]->path + " needs"
                                      : fmt::format("{} of {} files, {} to {}, need", count, files.size(),
                                                    files[begin]->path, files[end - 1]->path);
  const std::string beside = rows == 0 ? "" : fmt::format(" beside the {} rows of the files before", grouped(rows));
  return fail(E::E2023,
              fmt::format("{} more memory{} than the {} MB allowed, enough for {} rows", what, beside,
                          grouped(limit / 1'000'000), grouped(limit / kBytesARow)),
              count == 1 ? "import it in pieces, oldest first, or raise import.memory_mb in lode.toml"
                         : "import fewer files a command, oldest first, or raise import.memory_mb in lode.toml");
}

// Reads and parses all files, a bounded number of bytes at once.
Result<void> read_all(World& world, const IngestPlan& plan, MemoryBudget& budget, const std::vector<OpenFile*>& files,
                      Meter& meter) {
  std::int64_t rows = budget.held() / kBytesARow;
  for (std::size_t begin = 0; begin < files.size();) {
    std::size_t end = begin;
    for (std::int64_t bytes = 0; end < files.size() && (end == begin || bytes + files[end]->size <= kWaveBytes);
         ++end) {
      bytes += files[end]->size;
    }
    if (Result<void> read = read_wave(world, plan, budget, files, begin, end, meter); !read) {
      return read.error().number() == E::E2023 ? out_of_memory(files, begin, end, rows, budget.limit())
                                               : std::move(read);
    }
    for (; begin < end; ++begin) {
      rows += files[begin]->parsed.report.rows;
    }
  }
  return {};
}

// Files whose dates can be read two ways are read as the others prove. E2025 when no other does.
Result<void> read_undecided(World& world, const IngestPlan& plan, MemoryBudget& budget, std::vector<OpenFile>& files,
                            Meter& meter) {
  std::vector<OpenFile*> undecided;
  std::vector<const ParsedFile*> others;
  for (OpenFile& file : files) {
    if (file.undecided) {
      undecided.push_back(&file);
    } else if (!file.fault) {
      others.push_back(&file.parsed);
    }
  }
  if (undecided.empty()) {
    return {};
  }
  IngestPlan told = plan;
  LODE_TRY(told.dates, common_date_order(others));
  if (!told.dates) {
    return fail(std::move(*undecided.front()->undecided));
  }
  for (OpenFile* file : undecided) {
    file->undecided.reset();
    file->parsed.has_dates_of_others = true;
  }
  return read_all(world, told, budget, undecided, meter);
}

OpenFile listed(const std::string& path, std::int64_t size) {
  OpenFile out;
  out.path = out.parsed.report.path = path;
  out.size = size;
  return out;
}

// The files by name, with the tables of archives that hold several.
Result<std::vector<OpenFile>> list_files(const std::vector<std::string>& names, const std::vector<std::string>& paths) {
  std::vector<OpenFile> files;
  for (const std::string& name : names) {
    LODE_TRY(std::vector<source::ZipTable> tables, source::tables_inside(name));
    for (source::ZipTable& table : tables) {
      files.push_back(listed(table.path, static_cast<std::int64_t>(table.entry.unpacked)));
      files.back().parsed.inside = std::move(table);
    }
    if (!tables.empty()) {
      continue;
    }
    std::error_code code;
    const auto size = std::filesystem::file_size(name, code);
    files.push_back(listed(name, code ? 0 : static_cast<std::int64_t>(size)));
    files.back().is_named = std::ranges::any_of(paths, [&](const std::string& path) {
      return std::filesystem::path(path).lexically_normal().string() == name;
    });
  }
  return files;
}

// Columns of a file that no column of the table takes.
void add_ignored(const OpenFile& file, std::set<std::string>& names) {
  for (std::size_t i = 0; i < file.dialect.header.size(); ++i) {
    const std::string name(trim(file.dialect.header[i]));
    if (!name.empty() && std::ranges::find(file.layout.column, static_cast<int>(i)) == file.layout.column.end()) {
      names.insert(name);
    }
  }
}

void note_ignored(const IngestPlan& plan, const std::set<std::string>& names, IngestReport& report) {
  constexpr std::size_t kShown = 6;
  if (names.empty()) {
    return;
  }
  std::vector<std::string> shown(names.begin(), names.end());
  const std::string more = shown.size() > kShown ? fmt::format(" and {} more", shown.size() - kShown) : "";
  shown.resize(std::min(shown.size(), kShown));
  report.notes.push_back(fmt::format("columns that {} does not have, not stored: {}{}", plan.table->name,
                                     printable(join(shown, ", ")), more));
}

// An index known by its closes alone cannot stand beside a book that trades at the open, which is the default.
void note_closes_only(const IngestPlan& plan, const OpenFile& file, IngestReport& report) {
  if (plan.table->name == "benchmark" && file.layout.column[source::kOpen] < 0) {
    report.notes.push_back(fmt::format(
        "{} has no column open: beside returns from open to open, the default, it is left out (--convention "
        "close_to_close, or a file with open)",
        printable(file.path)));
  }
}

void note_comma(std::int64_t count, const std::string& first, IngestReport& report) {
  if (count > 0) {
    report.notes.push_back(fmt::format("numbers of {} file{} read with a decimal comma, as {} shows", grouped(count),
                                       count == 1 ? "" : "s", printable(first)));
  }
}

// Nobody wrote these symbols into a row: who meant another one has to see it.
void note_by_name(std::int64_t count, const std::string& first, IngestReport& report) {
  if (count > 0) {
    report.notes.push_back(fmt::format("no column for the symbol: taken from {}, {}{}",
                                       count == 1 ? "the file's name" : grouped(count) + " file names",
                                       count == 1 ? "" : "first ", printable(first)));
  }
}

// Keeps the files that fit, lists the others. The same bytes twice would double every bad row, so one copy is left out.
Result<std::vector<ParsedFile>> select_files(const IngestPlan& plan, std::vector<OpenFile>& files,
                                             IngestReport& report) {
  std::vector<ParsedFile> out;
  std::map<std::string, std::string> seen;
  std::set<std::string> ignored;
  const Error* reason = nullptr;
  std::int64_t by_names = 0, commas = 0;
  std::string first_comma;
  std::string first_by_name;
  for (OpenFile& file : files) {
    if (file.fault) {
      if (!may_skip(file)) {
        return fail(std::move(*file.fault));
      }
      report.skipped.emplace_back(file.path, skip_reason(file, plan));
      reason = reason == nullptr || file.fault->number() == E::E2001 ? &*file.fault : reason;
      continue;
    }
    const bool by_name = plan.is_bars() && file.layout.column.back() < 0;  // The symbol stands last.
    const std::string symbol = by_name ? source::symbol_of_file(file.path) : std::string();
    const auto [first, is_new] = seen.try_emplace(file.parsed.report.sha256 + symbol, file.path);
    if (!is_new) {
      report.skipped.emplace_back(file.path, "the same bytes as " + first->second);
      continue;
    }
    if (by_name) {
      first_by_name = first_by_name.empty() ? fmt::format("{} as {}", file_name(file.path), symbol) : first_by_name;
      ++by_names;
    }
    commas += file.comma.empty() ? 0 : 1;
    first_comma = first_comma.empty() ? file.comma : first_comma;
    add_ignored(file, ignored);
    note_closes_only(plan, file, report);
    out.push_back(std::move(file.parsed));
  }
  note_by_name(by_names, first_by_name, report);
  note_comma(commas, first_comma, report);
  note_ignored(plan, ignored, report);
  std::vector<const ParsedFile*> taken;
  for (const ParsedFile& file : out) {
    taken.push_back(&file);
  }
  LODE_CHECK(common_date_order(taken));
  note_dates(out, report);
  if (out.empty()) {
    return reason != nullptr ? fail(reason->clone()) : fail(E::E2014, "no file to import");
  }
  return out;
}

}  // namespace

bool Meter::count(std::int64_t count) {
  const std::int64_t done = done_.fetch_add(count, std::memory_order_relaxed) + count;
  if (std::this_thread::get_id() == owner_ && !report_progress(world_, phase_, done, total_)) {
    stopped_.store(true, std::memory_order_relaxed);
  }
  return !stopped();
}

Failure stopped_by_user() {
  return fail(E::E10, "stopped: nothing of this import is stored", "the same command starts it again");
}

Result<source::FileBytes> read_source(const ParsedFile& file, const source::HoldBytes& hold) {
  return file.inside ? source::read_table(*file.inside, hold) : source::read_data_file(file.report.path, hold);
}

Result<std::vector<ParsedFile>> read_sources(World& world, const IngestPlan& plan,
                                             const std::vector<std::string>& paths, IngestReport& report) {
  LODE_TRY(const source::DataFiles found, source::data_files(paths));
  report.skipped = found.passed_over;
  LODE_TRY(std::vector<OpenFile> files, list_files(found.files, paths));
  std::int64_t total = 0;
  std::vector<OpenFile*> all;
  for (OpenFile& file : files) {
    total += file.size;
    all.push_back(&file);
  }
  Meter meter(world, "reading", total);
  MemoryBudget budget(memory_limit(world));
  LODE_CHECK(read_all(world, plan, budget, all, meter));
  LODE_CHECK(read_undecided(world, plan, budget, files, meter));
  return select_files(plan, files, report);
}

void read_texts(const std::vector<ParsedFile>& files, std::vector<SetAside>& rows) {
  std::map<std::size_t, std::map<std::int64_t, std::vector<SetAside*>>> wanted;
  for (SetAside& row : rows) {
    if (row.row.text.empty()) {
      wanted[row.file][row.row.line].push_back(&row);
    }
  }
  for (auto& [index, lines] : wanted) {
    const std::string& path = files[index].report.path;
    if (source::is_parquet(path) || arrow::is_arrow(path)) {
      continue;  // Its row number is the reference.
    }
    const Result<source::FileBytes> read = read_source(files[index]);
    if (!read || read->sha256 != files[index].report.sha256) {
      continue;  // Gone or changed since: the line stays the reference.
    }
    const Result<source::Dialect> dialect = source::read_dialect(read->bytes, path);
    const source::Dialect plain{',', {}, {}, std::min(read->bytes.find('\n'), read->bytes.size() - 1) + 1};
    source::RowReader reader(read->bytes, dialect ? *dialect : plain);
    while (!lines.empty() && reader.next()) {
      if (const auto found = lines.find(reader.line()); found != lines.end()) {
        for (SetAside* row : found->second) {
          row->row.text = source::row_text(reader.text());
        }
        lines.erase(found);
      }
    }
  }
}

}  // namespace lode::flow
