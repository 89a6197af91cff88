// What the files of one import show of the order of day and month.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/printable.h"
#include "lode/base/text.h"
#include "lode/flow/steps/ingest/plan.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {

using Kind = source::DateFormat::Kind;

Result<std::optional<source::DateFormat>> common_date_order(const std::vector<const ParsedFile*>& files) {
  const ParsedFile* day = nullptr;
  const ParsedFile* month = nullptr;
  for (const ParsedFile* file : files) {
    if (!file->date_proof.empty()) {
      const ParsedFile*& first = file->dates.kind == Kind::kDmy ? day : month;
      first = first == nullptr ? file : first;
    }
  }
  if (day != nullptr && month != nullptr) {
    return fail(E::E2025,
                fmt::format("{} has the day first ({}), {} the month ({})", day->report.path, quote(day->date_proof),
                            month->report.path, quote(month->date_proof)),
                "import them in two commands, each with its --date-format, once it is certain that both are right");
  }
  if (day == nullptr && month == nullptr) {
    return std::optional<source::DateFormat>();
  }
  return std::optional(day != nullptr ? day->dates : month->dates);
}

void note_dates(const std::vector<ParsedFile>& files, IngestReport& report) {
  const auto timed = std::ranges::find_if(files, [](const ParsedFile& file) { return !file.time_of_day.empty(); });
  if (timed != files.end()) {
    report.notes.push_back(fmt::format("dates with a time of day, first {} in {}: taken as the bar of the whole day",
                                       printable(timed->time_of_day), printable(file_name(timed->report.path))));
  }
  const ParsedFile* proof = nullptr;
  const ParsedFile* borrower = nullptr;
  std::int64_t count = 0, borrowers = 0;
  for (const ParsedFile& file : files) {
    const bool has_proof = !file.date_proof.empty();
    count += has_proof || file.has_dates_of_others;
    borrowers += file.has_dates_of_others;
    proof = proof == nullptr && has_proof ? &file : proof;
    borrower = borrower == nullptr && file.has_dates_of_others ? &file : borrower;
  }
  if (proof == nullptr) {
    return;
  }
  report.notes.push_back(fmt::format("dates of {} file{} read {} first, as {} shows (--date-format {})", grouped(count),
                                     count == 1 ? "" : "s", proof->dates.kind == Kind::kDmy ? "day" : "month",
                                     printable(proof->date_proof), source::to_string(proof->dates)));
  if (borrower != nullptr) {
    report.notes.push_back(fmt::format("{} of these, first {}, could be read two ways without {}", grouped(borrowers),
                                       printable(borrower->report.path), printable(proof->report.path)));
  }
}

}  // namespace lode::flow
