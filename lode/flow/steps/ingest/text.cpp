// An import's report, for people.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/printable.h"
#include "lode/base/text.h"
#include "lode/flow/steps/ingest/identity.h"
#include "lode/flow/steps/ingest/plan.h"
#include "lode/io/arrow/reader.h"
#include "lode/io/source/file_bytes.h"

namespace lode::flow {

namespace {

constexpr std::size_t kSkippedShown = 5;
constexpr std::size_t kReasonWidth = 38;  // At least.
constexpr int kDecimalsMax = 9;
constexpr double kRoundSlack = 1e-9;  // A share that is round but for its last bits is not rounded up.

std::string plural(std::int64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", grouped(count), count == 1 ? one : many);
}

std::string count_line(std::string_view label, std::int64_t count, const std::string& remark) {
  return fmt::format("  {:<10}{:>9}{}{}\n", label, grouped(count), remark.empty() ? "" : "   ", remark);
}

// Where the kept rows lie: "512 symbols, 2015-01-02 .. 2024-12-31, daily, XNYS".
std::string kept_remark(const IngestReport& report) {
  std::string out = plural(report.symbols, "symbol", "symbols");
  if (report.first && report.last) {
    out += fmt::format(", {} .. {}", to_string(*report.first), to_string(*report.last));
  }
  if (report.table == "bars" || report.table == "benchmark") {
    out += ", daily";
  }
  out += report.mic == "XXXX" ? "" : ", " + report.mic;
  if (report.corrected > 0) {
    out += fmt::format("; {} corrected", grouped(report.corrected));
  }
  return out;
}

// What became of suspected unit errors.
std::string repaired_remark(const IngestReport& report) {
  if (!report.may_repair) {
    return "Lode repairs nothing unless told: --repair";
  }
  const auto found =
      std::ranges::find(report.flags, std::string("unit_error"), &std::pair<std::string, std::int64_t>::first);
  const std::int64_t left = (found == report.flags.end() ? 0 : found->second) - report.repaired;
  if (report.repaired == 0) {
    return left == 0 ? "no suspected unit errors"
                     : plural(left, "bar in a suspected unit error stands", "bars in suspected unit errors stand") +
                           " as read: lode data check";
  }
  const std::string others =
      left == 0 ? "" : fmt::format(", {} more stand{} as read", grouped(left), left == 1 ? "s" : "");
  return fmt::format("{}, prices divided by a power of ten{}: lode data check",
                     report.repaired == 1 ? "bar in a suspected unit error" : "bars in suspected unit errors", others);
}

std::string flag_phrase(std::string_view name, std::int64_t rows, double move_limit, double spike_limit) {
  const auto percent = [](double ratio) { return shortest(math::round_even(ratio * 1e6) / 1e4); };
  if (name == "move") {
    return plural(rows, "day move", "day moves") + " above " + percent(move_limit) + " %";
  }
  if (name == "spike") {
    return plural(rows, "spike", "spikes") + " above " + percent(spike_limit) + " %";
  }
  struct Phrase {
    std::string_view name, one, many;
  };
  static constexpr std::array<Phrase, 7> kPhrases = {{
      {"volume_outlier", "odd volume", "odd volumes"},
      {"zero_volume", "bar without volume", "bars without volume"},
      {"fractional_volume", "fractional volume", "fractional volumes"},
      {"gap_before", "gap", "gaps"},
      {"out_of_order", "row out of order", "rows out of order"},
      {"price_locked", "locked price", "locked prices"},
      {"unit_error", "bar in a suspected unit error", "bars in suspected unit errors"},
  }};
  const auto* const found = std::ranges::find(kPhrases, name, &Phrase::name);
  return found == kPhrases.end() ? fmt::format("{} {}", grouped(rows), name) : plural(rows, found->one, found->many);
}

// "  flagged   7 day moves above 50 %, 2 spikes above 30 %, no split known: lode data check", then other flags.
std::string flag_lines(const IngestReport& report, double move_limit, double spike_limit) {
  std::string moves;
  std::string others;
  for (const auto& [name, rows] : report.flags) {
    if (name == flag_names(static_cast<std::uint64_t>(BarFlag::kRepaired))) {
      continue;  // It has a line of its own.
    }
    std::string& list = name == "move" || name == "spike" ? moves : others;
    list += (list.empty() ? "" : ", ") + flag_phrase(name, rows, move_limit, spike_limit);
  }
  std::string out;
  if (!moves.empty()) {
    out += fmt::format("  flagged   {}, no split known: lode data check\n", moves);
  }
  if (!others.empty()) {
    out +=
        fmt::format("  {:<10}{}{}\n", moves.empty() ? "flagged" : "", others, moves.empty() ? ": lode data check" : "");
  }
  if (report.unclear > 0) {
    out += fmt::format("  {:<10}{} away for over {} sessions and back at a moved price: kept as one instrument\n",
                       out.empty() ? "flagged" : "", plural(report.unclear, "symbol", "symbols"), kReuseSessions);
  }
  if (out.empty() && report.kept > 0 && report.table == "bars") {
    out = "  flagged   nothing\n";
  }
  return out;
}

std::string skipped_lines(const IngestReport& report) {
  std::string out;
  for (std::size_t i = 0; i < std::min(report.skipped.size(), kSkippedShown); ++i) {
    out += fmt::format("  {:<10}{}: {}\n", i == 0 ? "skipped" : "", printable(report.skipped[i].first),
                       printable(report.skipped[i].second));
  }
  const std::int64_t all = std::ssize(report.skipped) + report.skipped_more;
  if (all > static_cast<std::int64_t>(kSkippedShown)) {
    out += fmt::format("  {:<10}and {} more\n", "", grouped(all - static_cast<std::int64_t>(kSkippedShown)));
  }
  return out;
}

std::string note_lines(const IngestReport& report) {
  std::string out;
  for (const std::string& note : report.notes) {
    out += fmt::format("  {:<10}{}\n", "", note);
  }
  return out;
}

std::string sorted_line(const IngestReport& report) {
  const std::string what = order_line(report.files);
  return what.empty() ? "" : fmt::format("  sorted    {}\n", what);
}

// What the lake keeps of the files themselves.
std::string raw_line(const IngestReport& report) {
  const auto copied = static_cast<std::int64_t>(std::ranges::count_if(report.files, &IngestFile::is_copied));
  const auto referenced = static_cast<std::int64_t>(report.files.size()) - copied;
  std::string what = copied > 0 ? plural(copied, "file", "files") + " copied into the lake" : "";
  if (referenced > 0) {
    what += fmt::format("{}{} only referenced: keep {} where {}", what.empty() ? "" : ", ",
                        plural(referenced, "file", "files"), referenced == 1 ? "it" : "them",
                        referenced == 1 ? "it lies" : "they lie");
  }
  return what.empty() ? "" : fmt::format("  {:<10}{}\n", "raw", what);
}

// Decimals that leave `digits` significant digits of a percentage below 1.
int decimals_of(double percent, int digits) {
  int decimals = digits - 1;
  for (double scaled = percent; scaled < 1.0 && decimals < kDecimalsMax; scaled *= 10.0) {
    ++decimals;
  }
  return decimals;
}

// A share in percent, two significant digits below 1: "0.011".
std::string percent_text(double ratio) {
  const double percent = ratio * 100.0;
  return fixed(percent, percent >= 1.0 ? 1 : decimals_of(percent, 2));
}

// The next round percentage at or above the share, one significant digit: 0.011 -> "0.02%".
std::string enough_percent(double ratio) {
  const double percent = ratio * 100.0;
  double unit = 1.0;
  for (; percent < unit; unit /= 10.0) {
  }
  for (; percent >= unit * 10.0; unit *= 10.0) {
  }
  const double steps = math::ceil(percent / unit - kRoundSlack);
  return fixed(steps * unit, percent >= 1.0 ? 0 : decimals_of(percent, 1)) + "%";
}

// How rows are to be written, where not one could be taken. A file with typed columns has no fields to part, and may
// hold text only where dates or numbers ought to be.
std::string spelling_help(const IngestReport& report) {
  const auto typed = std::ranges::count_if(
      report.files, [](const IngestFile& file) { return source::is_parquet(file.path) || arrow::is_arrow(file.path); });
  std::string out =
      "the reasons above show a row of each kind: dates are YYYY-MM-DD (--date-format tells another spelling)";
  if (typed > 0 && std::cmp_equal(typed, report.files.size())) {
    return out + " or a column of dates, prices and volumes numbers";
  }
  return out + ", decimals have a point" + (typed == 0 ? ", fields are parted as in the header" : "");
}

}  // namespace

std::string order_line(const std::vector<IngestFile>& files) {
  std::array<std::int64_t, 3> count = {}, rows = {}, against = {};
  for (const IngestFile& file : files) {
    const auto order = static_cast<std::size_t>(file.order);
    ++count[order];
    rows[order] += file.rows;
    against[order] += file.out_of_order;
  }
  constexpr auto kNewest = static_cast<std::size_t>(RowOrder::kNewestFirst);
  constexpr auto kShuffled = static_cast<std::size_t>(RowOrder::kShuffled);
  std::string out;
  if (count[kNewest] > 0) {
    out = fmt::format("{} newest first ({})", plural(count[kNewest], "file", "files"),
                      plural(rows[kNewest], "row", "rows"));
  }
  if (count[kShuffled] > 0) {
    out += fmt::format("{}{} shuffled ({} of {} out of order)", out.empty() ? "" : ", ",
                       plural(count[kShuffled], "file", "files"), grouped(against[kShuffled]),
                       plural(rows[kShuffled], "row", "rows"));
  }
  return out;
}

void set_orders(Value& out, const std::vector<IngestFile>& files) {
  out.set("files_newest_first", std::ranges::count(files, RowOrder::kNewestFirst, &IngestFile::order));
  out.set("files_shuffled", std::ranges::count(files, RowOrder::kShuffled, &IngestFile::order));
}

std::string reason_table(std::string_view title, const std::vector<IngestReason>& reasons) {
  std::size_t width = 0;
  std::size_t name_width = kReasonWidth;
  std::vector<std::string> places;
  std::vector<std::string> names;
  for (const IngestReason& reason : reasons) {
    places.push_back(printable(fmt::format("{}:{}", reason.path, reason.line)));
    width = std::max(width, code_points(places.back()));
    names.push_back(fmt::format("E{} {}", reason.number, reason.label));
    name_width = std::max(name_width, names.back().size());
  }
  std::string out = fmt::format("\n  {:<{}}{:>8}  first seen\n", title, name_width, "rows");
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    const IngestReason& reason = reasons[i];
    const std::string pad(width - code_points(places[i]), ' ');
    out += fmt::format("  {:<{}}{:>8}  {}{}  {}\n", names[i], name_width, grouped(reason.rows), places[i], pad,
                       printable(reason.text));
  }
  return out;
}

std::string ingest_text(const IngestReport& report, double move_limit, double spike_limit) {
  std::string out;
  if (report.repeated) {
    const bool one = report.files.size() == 1;
    out = fmt::format("Nothing to do: {} imported before, as commit {}. What it stored:\n\n",
                      one ? "this file was" : fmt::format("these {} files were", report.files.size()), report.commit);
  } else {
    out =
        fmt::format("Read {}, {} in {} s\n\n", plural(static_cast<std::int64_t>(report.files.size()), "file", "files"),
                    plural(report.read, "row", "rows"), fixed(report.seconds, 1));
  }
  out += count_line("kept", report.kept, kept_remark(report));
  out += count_line("dropped", report.dropped, "duplicates with equal values");
  out += count_line("set aside", report.set_aside,
                    report.set_aside == 0 ? "" : "in the table quarantine, one reason each");
  if (report.table == "bars" || report.table == "benchmark") {
    out += count_line("repaired", report.repaired, repaired_remark(report));
  }
  if (!report.reasons.empty()) {
    out += reason_table("reason", report.reasons);
  }
  const std::string tail = flag_lines(report, move_limit, spike_limit) + note_lines(report) + sorted_line(report) +
                           skipped_lines(report) + raw_line(report);
  return tail.empty() ? out : out + "\n" + tail;
}

std::string_view stored_words(const IngestReport& report) {
  if (report.set_aside == report.read) {
    return "nothing is left to store";
  }
  return report.kept == 0 && report.dropped > 0 ? "the rest was stored before" : "the rest is stored";
}

std::optional<Error> set_aside_finding(const IngestReport& report, double allowed) {
  const bool nothing_left = report.set_aside > 0 && report.set_aside == report.read;  // No share allows that.
  if (!nothing_left &&
      (report.set_aside == 0 || static_cast<double>(report.set_aside) <= allowed * static_cast<double>(report.read))) {
    return std::nullopt;
  }
  const double share = static_cast<double>(report.set_aside) / static_cast<double>(report.read);
  return Error(E::E3001,
               fmt::format("{} of {} set aside ({} %), {}", grouped(report.set_aside),
                           plural(report.read, "row", "rows"), percent_text(share), stored_words(report)),
               nothing_left ? spelling_help(report)
                            : fmt::format("lode data show quarantine, or accept them with --allow-rejects {}",
                                          enough_percent(share)));
}

Result<double> parse_share(std::string_view text) {
  const bool is_percent = !text.empty() && text.back() == '%';
  double value = 0.0;
  if (!parse_double(trim(is_percent ? text.substr(0, text.size() - 1) : text), value) || value < 0.0 ||
      value > (is_percent ? 100.0 : 1.0)) {
    return fail(E::E4, fmt::format("--allow-rejects {} is no share of rows", quote(text)),
                "write a percentage, 0.02%, or a ratio from 0 to 1, 0.0002");
  }
  return is_percent ? value / 100.0 : value;
}

}  // namespace lode::flow
