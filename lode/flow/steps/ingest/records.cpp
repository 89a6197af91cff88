// The small tables into the lake: actions, groups, universe, instruments.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/steps/ingest/known.h"
#include "lode/flow/steps/ingest/outlived.h"
#include "lode/flow/steps/ingest/plan.h"
#include "lode/flow/steps/ingest/record_reader.h"

namespace lode::flow {

namespace {

using source::Record;

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
  source::Rejected row{static_cast<std::uint16_t>(E::E2012), origin.record->line,
                       "the same key stands several times with different values", "all set aside"};
  row.text = origin.record->text;
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

// What the rows read since the reader's span was reset say of the days of their file, and of the import.
void widen(const RecordReader& reader, IngestFile& file, IngestReport& report) {
  file.first = reader.first;
  file.last = reader.last;
  if (file.first) {
    report.first = report.first ? std::min(*report.first, *file.first) : file.first;
    report.last = report.last ? std::max(*report.last, *file.last) : file.last;
  }
}

void describe(const RecordReader& reader, const IngestPlan& plan, IngestReport& report) {
  report.symbols = static_cast<std::int64_t>(reader.seen().size());
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

// Delistings that cannot be, as far as the bars of the lake tell.
Result<void> note_outlived(const lake::Snapshot& snapshot, const KnownInstruments& known, const RecordReader& reader,
                           IngestReport& report) {
  if (reader.delistings().empty()) {
    return {};
  }
  LODE_TRY(const auto lasts, read_last_sessions(snapshot));
  std::vector<lake::Outlived> found;
  for (const auto& [id, delisted] : reader.delistings()) {
    const auto last = lasts.find(id);
    if (last != lasts.end() && last->second > delisted) {
      found.push_back({known.symbol_of(id), delisted, last->second});
    }
  }
  if (std::string note = outlived_note(std::move(found)); !note.empty()) {
    report.notes.push_back(std::move(note));
  }
  return {};
}

}  // namespace

Result<void> store_records(World& world, const IngestPlan& plan, const lake::Lake& lake, lake::Writer& writer,
                           std::vector<ParsedFile>& files, std::vector<SetAside>& set_aside, IngestReport& report) {
  LODE_TRY(const lake::Snapshot snapshot, lake.snapshot());
  LODE_TRY(const KnownInstruments known, read_known(snapshot));
  RecordReader reader(plan, known);
  std::vector<Origin> origins;
  std::set<std::vector<std::string>> seen;
  Meter meter(world, "storing", report.read);
  for (std::size_t file = 0; file < files.size(); ++file) {
    reader.first.reset();
    reader.last.reset();
    for (const Record& record : files[file].records.rows) {
      std::vector<std::string> cells = record.cells;
      cells.push_back(stem_of(files[file].report.path));  // It may stand for a name or a scheme.
      if (!seen.insert(std::move(cells)).second) {
        ++files[file].report.dropped;
        ++report.dropped;
        continue;
      }
      source::Rejected rejected;
      if (reader.read(record, files[file], rejected)) {
        origins.push_back({file, &record});
      } else {
        set_aside.push_back({file, std::move(rejected), mic_of(plan, record)});
      }
    }
    widen(reader, files[file].report, report);
    if (!meter.count(static_cast<std::int64_t>(files[file].records.rows.size()))) {
      return stopped_by_user();
    }
  }
  LODE_CHECK(append_rows(plan, writer, reader, origins, set_aside, report));
  describe(reader, plan, report);
  return note_outlived(snapshot, known, reader, report);
}

}  // namespace lode::flow
