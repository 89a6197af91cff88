// An import from end to end: read, judge, archive the raw files, append, one commit.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/ingest.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "lode/base/assert.h"
#include "lode/base/error.h"
#include "lode/base/hash.h"
#include "lode/base/printable.h"
#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/ingest/plan.h"
#include "lode/flow/steps/ingest/rows.h"
#include "lode/flow/steps/ingest/settings.h"
#include "lode/flow/steps/store/crowded.h"
#include "lode/flow/steps/store/files.h"
#include "lode/market/instrument.h"

namespace lode::flow {

namespace {

constexpr std::string_view kFlowName = "data import";

std::string first_of(const std::string& a, const std::string& b, std::string_view c) {
  return !a.empty() ? a : !b.empty() ? b : std::string(c);
}

// Names what is imported: the same bytes under the same options are the same import, wherever the files lie.
std::string token_of(const IngestPlan& plan, const std::vector<ParsedFile>& files) {
  std::string text =
      fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", plan.table->name, plan.mic, plan.has_mic, plan.kind, plan.adjusted,
                  plan.synthetic, shortest(plan.limits.move_limit), shortest(plan.limits.spike_limit),
                  shortest(plan.limits.volume_z_limit), plan.limits.gap_days);
  for (const auto& [ours, theirs] : plan.map) {
    text += fmt::format("|{}={}", ours, theirs);
  }
  text += plan.dates ? "|dates " + source::to_string(*plan.dates) : "";
  for (const ParsedFile& file : files) {
    text += fmt::format("\n{} {}", file.report.sha256, file_name(file.report.path));
  }
  return "import-" + sha256_hex(text).substr(0, 32);
}

// An import is done already when the same one was made before and is the latest word on its rows. The files as they are
// and the files repaired are versions of the same bars; a correction made since, and a revert of what it found stored
// already, need it to be made again.
struct Write {
  std::string token;                       // Names the logical write, should it be made.
  std::optional<lake::CommitInfo> before;  // Made already.
};

std::string_view main_table(const IngestReport& report) {
  return report.table == "benchmark" ? std::string_view("bars") : report.table;
}

// Whether a reader may see other rows than the import `same` left, because of the commit `later` than it.
bool may_change(const lake::CommitInfo& later, const lake::CommitInfo& same, const std::set<lake::CommitId>& holding) {
  if (later.reverted) {
    return false;
  }
  if (const Value* reverts = later.note.find("reverts"); reverts != nullptr && reverts->is_int()) {
    return reverts->as_int() < same.id;  // Rows equal to hidden ones were dropped.
  }
  if (later.flow != kFlowName) {
    return holding.contains(later.id) && later.flow != lake::kCompactFlow;
  }
  const IngestReport ours = ingest_from_json(same.note);
  const IngestReport theirs = ingest_from_json(later.note);
  const bool apart = ours.first && ours.last && theirs.first && theirs.last &&
                     (*theirs.first > *ours.last || *theirs.last < *ours.first);
  return main_table(ours) == main_table(theirs) && theirs.corrected > 0 && !apart;
}

// The newest commit that may have changed what `same` left; 0 for none.
Result<lake::CommitId> last_change(const lake::Lake& lake, const std::vector<lake::CommitInfo>& commits,
                                   const lake::CommitInfo& same) {
  LODE_TRY(const std::vector<lake::CommitRows> rows, lake.commit_rows());
  const std::string table(main_table(ingest_from_json(same.note)));
  std::set<lake::CommitId> holding;
  for (const lake::CommitRows& one : rows) {
    if (one.table == table) {
      holding.insert(one.commit);
    }
  }
  lake::CommitId out = 0;
  for (const lake::CommitInfo& commit : commits) {
    if (commit.id > same.id && may_change(commit, same, holding)) {
      out = commit.id;
    }
  }
  return out;
}

Result<Write> find_write(const lake::Lake& lake, const std::string& import, bool repair) {
  LODE_TRY(const std::vector<lake::CommitInfo> commits, lake.commits());
  const auto newest = [&](const std::string& token) {
    const lake::CommitInfo* found = nullptr;
    for (const lake::CommitInfo& commit : commits) {
      if (!commit.reverted && (commit.token == token || commit.token.starts_with(token + "-after-"))) {
        found = &commit;
      }
    }
    return found;
  };
  const std::string repaired = import + "-repair";
  const lake::CommitInfo* same = newest(repair ? repaired : import);
  const lake::CommitInfo* other = newest(repair ? import : repaired);
  Write out{repair ? repaired : import, {}};
  if (same == nullptr) {
    return out;
  }
  LODE_TRY(lake::CommitId since, last_change(lake, commits, *same));
  since = std::max(since, other == nullptr || other->id < same->id ? 0 : other->id);
  if (since == 0) {
    out.before = *same;
  } else {
    out.token += fmt::format("-after-{}", since);
  }
  return out;
}

// The bytes that a file's hash is of: as they lie on disk, or in their archive.
Result<std::string> raw_bytes(const ParsedFile& file) {
  if (!file.inside) {
    return read_file(file.report.path);
  }
  return source::raw_table(*file.inside);
}

// What comes out of an archive has no place on the disk that could be referred to, so it is always copied.
Result<void> archive_raw(World& world, const IngestPlan& plan, lake::Lake& lake, std::vector<ParsedFile>& files) {
  const std::unique_ptr<Archive> archive = lake::make_archive(lake, world.clock);
  Meter meter(world, "archiving", static_cast<std::int64_t>(files.size()));
  for (ParsedFile& file : files) {
    IngestFile& report = file.report;
    report.is_copied = file.inside || plan.copies(report.bytes);
    if (!report.is_copied) {
      LODE_CHECK(lake::reference_raw(lake, report.path, plan.source(), report.sha256, report.bytes, plan.received_at));
    } else {
      LODE_TRY(const std::string bytes, raw_bytes(file));
      if (sha256_hex(bytes) != report.sha256) {
        return fail(E::E8009, fmt::format("{} changed while it was being imported", report.path),
                    "run the same command again once nothing writes to it");
      }
      Value headers = Value::object();
      headers.set("path", report.path);
      LODE_CHECK(archive->put(plan.source(), bytes, to_json(headers)));
    }
    if (!meter.count(1)) {
      return stopped_by_user();
    }
  }
  return {};
}

// What a rule is called in a summary; a rule may be told more closely by its rows.
class Reasons {
 public:
  explicit Reasons(const IngestPlan& plan) : plan_(plan) {}

  void add(const source::Rejected& row, std::size_t file, const std::string& path) {
    Entry& entry = entries_[row.number];
    const bool is_first =
        entry.reason.rows == 0 || file < entry.file || (file == entry.file && row.line < entry.reason.line);
    if (entry.reason.rows == 0) {
      entry.column = row.column;
    } else if (entry.column != row.column) {
      entry.column = "value";
    }
    if (row.session && row.session->weekday() >= 5) {
      entry.weekends += 1;
    }
    ++entry.reason.rows;
    if (is_first) {
      entry.file = file;
      entry.reason.path = path;
      entry.reason.line = row.line;
      entry.reason.text = row.shown;
    }
  }

  std::vector<IngestReason> take() {
    std::vector<IngestReason> out;
    for (auto& [number, entry] : entries_) {
      entry.reason.number = number;
      entry.reason.label = label(static_cast<E>(number), entry);
      out.push_back(std::move(entry.reason));
    }
    return out;
  }

 private:
  struct Entry {
    IngestReason reason;
    std::size_t file = 0;
    std::string column;
    std::int64_t weekends = 0;
  };

  std::string label(E number, const Entry& entry) const {
    switch (number) {
      case E::E2004:
        return (entry.column.empty() ? "value" : entry.column) + " is not a number";
      case E::E2005:
        return entry.column == "date"          ? "date does not exist"
               : entry.column == "date format" ? "date not understood, expected YYYY-MM-DD"
                                               : "date not understood or does not exist";
      case E::E2007:
        return "high below low";
      case E::E2011: {
        const std::string_view kind = entry.weekends == 0                   ? "holiday"
                                      : entry.weekends == entry.reason.rows ? "weekend"
                                                                            : "weekend, holiday";
        return fmt::format("not a session of {} ({})", plan_.mic, kind);
      }
      default:
        return std::string(error_info(number).title);
    }
  }

  const IngestPlan& plan_;
  std::map<std::uint16_t, Entry> entries_;
};

// All rows set aside, in the order of files and lines: into the report and into the table quarantine.
Result<void> store_quarantine(const IngestPlan& plan, std::vector<ParsedFile>& files, std::vector<SetAside>& later,
                              lake::Writer& writer, IngestReport& report) {
  for (std::size_t file = 0; file < files.size(); ++file) {
    const auto take = [&](std::vector<source::Rejected>& rows) {
      for (source::Rejected& row : rows) {
        later.push_back({file, std::move(row), {}});
      }
      rows.clear();
    };
    for (source::ParsedBars& piece : files[file].bars) {
      take(piece.rejected);
    }
    take(files[file].records.rejected);
  }
  read_texts(files, later);
  std::ranges::stable_sort(later, {}, [](const SetAside& row) { return std::pair(row.file, row.row.line); });
  Reasons reasons(plan);
  TableRows rows("quarantine");
  for (const SetAside& one : later) {
    IngestFile& file = files[one.file].report;
    ++file.set_aside;
    reasons.add(one.row, one.file, file.path);
    rows.put("table_name", plan.table->name);
    rows.put("mic", one.mic.empty() ? plan.mic : one.mic);
    rows.put("path", file.path);
    rows.put("rule", to_string(static_cast<E>(one.row.number)));
    rows.put("reason", one.row.reason);
    rows.put_text("symbol", one.row.symbol);
    if (one.row.session) {
      rows.put("session", *one.row.session);
    }
    rows.put("text", one.row.text);
    rows.put(Provenance{plan.received_at, plan.received_at, false, plan.source(), file.sha256, one.row.line});
    rows.end_row();
  }
  report.reasons = reasons.take();
  report.set_aside = static_cast<std::int64_t>(later.size());
  if (rows.rows() > 0) {
    LODE_CHECK(writer.append("quarantine", rows.take(), plan.received_at));
  }
  return {};
}

void count_files(const std::vector<ParsedFile>& files, IngestReport& report) {
  for (const ParsedFile& file : files) {
    IngestFile one = file.report;
    one.kept = one.rows - one.dropped - one.set_aside;
    report.files.push_back(one);
    report.read += one.rows;
  }
}

// Symbols are stored in upper case; whoever wrote them otherwise is told.
void note_raised(const std::vector<ParsedFile>& files, IngestReport& report) {
  std::set<std::string> raised;
  for (const ParsedFile& file : files) {
    for (const source::ParsedBars& piece : file.bars) {
      raised.insert(piece.raised.begin(), piece.raised.end());
    }
  }
  if (!raised.empty()) {
    report.notes.push_back(
        fmt::format("{} in lower case stored in upper case, first {} as {}",
                    raised.size() == 1 ? "1 symbol" : grouped(static_cast<std::int64_t>(raised.size())) + " symbols",
                    printable(*raised.begin()), upper(*raised.begin())));
  }
}

// What a reader of the bars must know first: how their days were taken.
void note_sessions(const IngestPlan& plan, IngestReport& report) {
  report.notes.insert(report.notes.begin(),
                      plan.calendar == nullptr
                          ? "no calendar: sessions not checked"
                          : fmt::format("daily bars have no time zone: taken as {} sessions", plan.mic));
}

}  // namespace

QualityLimits quality_limits(const World& world) {
  QualityLimits limits;
  limits.move_limit = world.config.get("quality.move_limit").as_double();
  limits.spike_limit = world.config.get("quality.spike_limit").as_double();
  limits.volume_z_limit = world.config.get("quality.volume_z_limit").as_double();
  limits.gap_days = static_cast<int>(world.config.get("quality.gap_days").as_int());
  limits.last = utc_date(world.clock.now());
  return limits;
}

Result<IngestPlan> plan_ingest(World& world, const IngestRequest& request) {
  LODE_TRY(const source::ImportSettings settings, settings_of(request));
  IngestPlan plan;
  LODE_TRY(plan.table, source::find_import_table(first_of(request.table, settings.table, "bars")));
  plan.map = request.map.empty() ? settings.map : request.map;
  LODE_CHECK(source::check_map(*plan.table, plan.map));
  plan.mic = first_of(request.mic, settings.mic, kNoMic);
  plan.has_mic = plan.mic != kNoMic;
  LODE_TRY(plan.calendar, find_calendar(plan.mic));
  plan.repair = request.repair;
  if (plan.repair && !plan.is_bars()) {
    return fail(E::E4, fmt::format("--repair mends prices of bars, and the table is {}", plan.table->name),
                "leave it out");
  }
  plan.limits = quality_limits(world);
  plan.has_kind = !request.kind.empty() || !settings.kind.empty();
  plan.kind = first_of(request.kind, settings.kind, plan.table->name == "benchmark" ? "index" : "equity");
  plan.adjusted = request.adjusted || settings.adjusted;
  if (const std::string dates = first_of(request.date_format, settings.date_format, ""); !dates.empty()) {
    LODE_TRY(plan.dates, source::parse_date_format(dates));
  }
  plan.synthetic = request.synthetic;
  const std::string raw = first_of(request.raw, world.config.get("data.raw").as_text(), "auto");
  plan.raw = raw == "copy" ? RawKeeping::kCopy : raw == "reference" ? RawKeeping::kReference : RawKeeping::kBySize;
  plan.received_at = world.clock.now();
  return plan;
}

IngestReport settled(IngestReport report, const lake::Writer& writer) {
  const std::string_view table = report.table == "benchmark" ? std::string_view("bars") : report.table;
  const std::int64_t dropped = writer.dropped_late(table);
  report.kept -= dropped;
  report.dropped += dropped;
  report.corrected += writer.corrected_late(table);
  report.new_instruments = std::max<std::int64_t>(report.new_instruments - writer.dropped_late("instruments"), 0);
  return report;
}

Result<IngestReport> ingest(World& world, const IngestRequest& request) {
  const std::int64_t started = world.clock.monotonic_nanos();
  LODE_TRY(const IngestPlan plan, plan_ingest(world, request));
  IngestReport report;
  report.table = plan.table->name;
  report.mic = plan.mic;
  LODE_TRY(std::vector<ParsedFile> files, read_sources(world, plan, request.paths, report));
  note_raised(files, report);
  LODE_TRY(const std::shared_ptr<lake::Lake> lake, open_lake(world, Wanted::kCreate));
  LODE_TRY(const Write write, find_write(*lake, token_of(plan, files), plan.repair));
  const auto seconds = [&] { return static_cast<double>(world.clock.monotonic_nanos() - started) / 1e9; };
  if (write.before) {
    IngestReport stored = ingest_from_json(write.before->note);
    stored.repeated = true;
    stored.commit = write.before->id;
    stored.seconds = seconds();
    return stored;
  }
  LODE_CHECK(archive_raw(world, plan, *lake, files));
  LODE_TRY(lake::Writer writer, lake->writer());
  std::vector<SetAside> set_aside;
  LODE_CHECK(plan.is_bars() ? store_bars(world, plan, *lake, writer, files, set_aside, report)
                            : store_records(world, plan, *lake, writer, files, set_aside, report));
  LODE_CHECK(store_quarantine(plan, files, set_aside, writer, report));
  count_files(files, report);
  LODE_ASSERT(report.kept + report.dropped + report.set_aside == report.read);
  if (plan.is_bars()) {
    note_sessions(plan, report);
  }
  if (!report_progress(world, "committing", 0, 1)) {
    return stopped_by_user();
  }
  const auto note = [&] {
    Value out = ingest_json(settled(report, writer), kSkippedNoted);
    out.set("synthetic", plan.synthetic);
    return out;
  };
  LODE_TRY(const lake::CommitInfo commit, writer.commit_with(write.token, std::string(kFlowName), note));
  report = settled(std::move(report), writer);
  report.commit = commit.id;
  merge_crowded(world, *lake);
  report.seconds = seconds();
  return report;
}

}  // namespace lode::flow
