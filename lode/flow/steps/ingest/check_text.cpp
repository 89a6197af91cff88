// The state of the bars, for people and as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "lode/base/printable.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/flow/steps/ingest/check.h"
#include "lode/flow/steps/ingest/text.h"

namespace lode::flow {

namespace {

constexpr std::size_t kFaultsShown = 5;
constexpr std::size_t kOutlivedShown = 20;
constexpr std::size_t kPageColumns = 80;  // Of a terminal nobody has widened.

// "1 bar", "1,204 bars"
std::string counted(std::int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

std::string percent(const std::optional<double>& ratio) { return ratio ? fixed(*ratio * 100.0, 2) + " %" : "n/a"; }

Value number_or_null(double value) { return std::isfinite(value) ? Value(value) : Value(); }

// "AAPL 2008-01-23  12.3 -> 4.5 (-63.4 %)"
std::string example_text(const std::string& flag, const FlagExample& example) {
  std::string head = fmt::format("{} {}", example.symbol, to_string(example.session));
  if (flag == "gap_before" || flag == "out_of_order") {
    return head;
  }
  if (example.repair) {
    return fmt::format("{} {} -> {} (line {} of {})", head, shortest(example.repair->was), shortest(example.close),
                       example.repair->line, printable(example.repair->path));
  }
  if (flag == "repaired") {
    return fmt::format("{} close {}", head, shortest(example.close));
  }
  if (flag == "zero_volume" || flag == "fractional_volume" || flag == "volume_outlier") {
    return std::isnan(example.volume) ? head : fmt::format("{} volume {}", head, shortest(example.volume));
  }
  if (std::isnan(example.before)) {
    return fmt::format("{} close {}", head, shortest(example.close));
  }
  return fmt::format("{} {} -> {} ({} %)", head, shortest(example.before), shortest(example.close),
                     signed_fixed((example.close / example.before - 1.0) * 100.0, 1));
}

std::string measure_table(const CheckReport& report) {
  TextTable table({{.title = "measure", .importance = 3},
                   {.title = "value", .align = TextTable::Align::kRight, .importance = 2},
                   {.title = "wanted", .align = TextTable::Align::kRight, .importance = 1},
                   {.title = "", .importance = 3}});
  for (const Measure& measure : report.measures) {
    table.add({measure.name, percent(measure.value), measure.wanted, measure.is_good ? "ok" : "fail"});
  }
  return table.render(0, 2);
}

// Remarks by reason, in the order in which the reasons come: how many, and the first as `told` puts it.
template <class Remark, class Told>
std::string remark_table(std::string_view title, const std::vector<Remark>& remarks, Told told) {
  TextTable table({{.title = std::string(title), .importance = 3},
                   {.title = "number", .align = TextTable::Align::kRight, .importance = 2},
                   {.title = "first", .importance = 1}});
  std::vector<std::pair<const Remark*, std::int64_t>> reasons;
  for (const Remark& remark : remarks) {
    const auto found =
        std::ranges::find_if(reasons, [&](const auto& reason) { return reason.first->reason == remark.reason; });
    found == reasons.end() ? void(reasons.emplace_back(&remark, 1)) : void(++found->second);
  }
  for (const auto& [first, count] : reasons) {
    table.add({first->reason, grouped(count), told(*first)});
  }
  return table.render(0, 2);
}

std::string action_line(const ActionRemark& remark) {
  return fmt::format("{} {} {}: {}", remark.symbol, to_string(remark.ex_date), remark.kind, remark.effect);
}

std::string later_line(const LaterRemark& remark) {
  return fmt::format("{} {}: {}", remark.symbol, to_string(remark.session), remark.effect);
}

// The texts as lines of at most `room` characters where that can be: a comma between two, never a break within one.
std::vector<std::string> lines_of(const std::vector<std::string>& texts, std::size_t room) {
  std::vector<std::string> lines;
  for (const std::string& text : texts) {
    if (lines.empty() || code_points(lines.back()) + code_points(text) + 3 > room) {
      lines.push_back(text);
    } else {
      lines.back() += ", " + text;
    }
  }
  return lines;
}

std::string flag_table(const CheckReport& report) {
  std::size_t taken = std::string_view("  flagged  bars  ").size();
  for (const FlagCount& flag : report.flags) {
    taken = std::max(taken, flag.name.size() + std::max<std::size_t>(grouped(flag.rows).size(), 4) + 6);
  }
  TextTable table({{.title = "flagged", .importance = 3},
                   {.title = "bars", .align = TextTable::Align::kRight, .importance = 2},
                   {.title = "first", .importance = 1}});
  for (const FlagCount& flag : report.flags) {
    std::vector<std::string> examples;
    for (const FlagExample& example : flag.examples) {
      examples.push_back(example_text(flag.name, example));
    }
    const std::vector<std::string> lines = lines_of(examples, kPageColumns - std::min(taken, kPageColumns));
    table.add({flag.name, grouped(flag.rows), lines.empty() ? "" : lines.front()});
    for (std::size_t i = 1; i < lines.size(); ++i) {
      table.add({"", "", lines[i]});
    }
  }
  return table.render(0, 2);
}

std::string gap_table(const CheckReport& report) {
  TextTable table({{.title = "sessions without a bar", .importance = 3},
                   {.title = "missing", .align = TextTable::Align::kRight, .importance = 2},
                   {.title = "of", .align = TextTable::Align::kRight, .importance = 2},
                   {.title = "longest", .align = TextTable::Align::kRight, .importance = 1},
                   {.title = "from", .importance = 1}});
  for (const GapCount& gap : report.gaps) {
    table.add(
        {gap.symbol, grouped(gap.missing), grouped(gap.expected), grouped(gap.longest), to_string(gap.longest_from)});
  }
  return table.render(0, 2);
}

std::string fault_lines(const CheckReport& report) {
  std::string out;
  for (std::size_t i = 0; i < report.action_faults.size() && i < kFaultsShown; ++i) {
    out += fmt::format("  {}\n", report.action_faults[i]);
  }
  if (report.action_faults.size() > kFaultsShown) {
    out += fmt::format("  and {} more (--json lists them)\n", report.action_faults.size() - kFaultsShown);
  }
  return out;
}

// The first by symbol; nothing is hidden, --json lists them all.
std::string outlived_table(const CheckReport& report) {
  TextTable table({{.title = "delistings with bars after them", .importance = 3},
                   {.title = "delisted on", .importance = 3},
                   {.title = "bars after it", .align = TextTable::Align::kRight, .importance = 2},
                   {.title = "from", .importance = 1},
                   {.title = "to", .importance = 3}});
  const std::size_t shown = std::min(report.outlived.size(), kOutlivedShown);
  for (const OutlivedRemark& one : std::span(report.outlived).first(shown)) {
    table.add(
        {one.symbol, to_string(one.delisted_on), grouped(one.bars), to_string(one.first_after), to_string(one.last)});
  }
  const auto more = static_cast<std::int64_t>(report.outlived.size() - shown);
  return table.render(0, 2) + (more > 0 ? fmt::format("  and {} more (--json lists them)\n", grouped(more)) : "");
}

Value outlived_json(const CheckReport& report) {
  Value out = Value::array();
  for (const OutlivedRemark& one : report.outlived) {
    Value row = Value::object();
    row.set("symbol", one.symbol);
    row.set("delisted_on", to_string(one.delisted_on));
    row.set("bars_after", one.bars);
    row.set("first_after", to_string(one.first_after));
    row.set("last", to_string(one.last));
    out.push(std::move(row));
  }
  return out;
}

Value reasons_json(const CheckReport& report) {
  Value out = Value::array();
  for (const IngestReason& reason : report.rejected) {
    Value one = Value::object();
    one.set("rule", fmt::format("E{}", reason.number));
    one.set("mic", reason.mic);
    one.set("label", reason.label);
    one.set("rows", reason.rows);
    one.set("path", reason.path);
    one.set("line", reason.line);
    one.set("text", reason.text);
    out.push(std::move(one));
  }
  return out;
}

Value flags_json(const CheckReport& report) {
  Value out = Value::array();
  for (const FlagCount& flag : report.flags) {
    Value one = Value::object();
    one.set("flag", flag.name);
    one.set("rows", flag.rows);
    Value examples = Value::array();
    for (const FlagExample& example : flag.examples) {
      Value row = Value::object();
      row.set("symbol", example.symbol);
      row.set("session", to_string(example.session));
      row.set("close_before", number_or_null(example.before));
      row.set("close", number_or_null(example.close));
      row.set("volume", number_or_null(example.volume));
      if (flag.name == "repaired") {
        row.set("close_was", example.repair ? number_or_null(example.repair->was) : Value());
        row.set("path", example.repair ? Value(example.repair->path) : Value());
        row.set("line", example.repair ? Value(example.repair->line) : Value());
      }
      examples.push(std::move(row));
    }
    one.set("examples", std::move(examples));
    out.push(std::move(one));
  }
  return out;
}

Value gaps_json(const CheckReport& report) {
  Value out = Value::array();
  for (const GapCount& gap : report.gaps) {
    Value one = Value::object();
    one.set("symbol", gap.symbol);
    one.set("missing", gap.missing);
    one.set("expected", gap.expected);
    one.set("longest", gap.longest);
    one.set("longest_from", to_string(gap.longest_from));
    out.push(std::move(one));
  }
  return out;
}

Value measures_json(const CheckReport& report) {
  Value out = Value::object();
  for (const Measure& measure : report.measures) {
    Value one = Value::object();
    one.set("value", measure.value ? Value(*measure.value) : Value());
    one.set("limit", measure.limit);
    one.set("good", measure.is_good);
    out.set(measure.name == "set aside" ? "set_aside" : measure.name, std::move(one));
  }
  return out;
}

}  // namespace

std::string check_text(const CheckReport& report) {
  std::string out =
      fmt::format("Checked {} of {}, {} .. {}\n\n", counted(report.bars, "bar"),
                  counted(report.instruments, "instrument"), to_string(*report.first), to_string(*report.last));
  out += measure_table(report);
  if (!report.rejected.empty()) {
    out += reason_table("set aside", report.rejected);
  }
  if (!report.flags.empty()) {
    out += "\n" + flag_table(report);
  }
  if (!report.later_remarks.empty()) {
    out += "\n" + remark_table("known by now", report.later_remarks, later_line);
  }
  if (!report.gaps.empty()) {
    out += "\n" + gap_table(report);
  }
  if (!report.suspicious.empty()) {
    out += fmt::format("\n  {} on which over 80 % of the bars are anomalous, first {}\n",
                       counted(static_cast<std::int64_t>(report.suspicious.size()), "day"),
                       to_string(report.suspicious.front()));
  }
  if (!report.action_remarks.empty()) {
    out += "\n" + remark_table("actions to know of", report.action_remarks, action_line);
  }
  if (!report.outlived.empty()) {
    out += "\n" + outlived_table(report);
  }
  if (const std::string sorted = order_line(report.files); !sorted.empty()) {
    out += fmt::format("\n  sorted when imported: {}\n", sorted);
  }
  if (!report.action_faults.empty()) {
    out += "\n  actions that cannot be applied\n" + fault_lines(report);
  }
  return out;
}

std::optional<Error> check_finding(const CheckReport& report) {
  std::vector<std::string> failed;
  bool only_rejects = true;
  for (const Measure& measure : report.measures) {
    if (!measure.is_good) {
      failed.push_back(fmt::format("{} {}, wanted {}", measure.name, percent(measure.value), measure.wanted));
      only_rejects = only_rejects && measure.name == "set aside";
    }
  }
  if (!report.suspicious.empty()) {
    failed.push_back(counted(static_cast<std::int64_t>(report.suspicious.size()), "suspicious day"));
    only_rejects = false;
  }
  if (!report.action_faults.empty()) {
    failed.push_back(counted(static_cast<std::int64_t>(report.action_faults.size()), "action") +
                     " that cannot be applied");
    only_rejects = false;
  }
  if (!report.outlived.empty()) {
    failed.push_back(counted(static_cast<std::int64_t>(report.outlived.size()), "delisting") +
                     (report.outlived.size() == 1 ? " with bars after it" : " with bars after them"));
    only_rejects = false;
  }
  if (failed.empty()) {
    return std::nullopt;
  }
  return Error(only_rejects ? E::E3001 : E::E3002, join(failed, "; "),
               only_rejects ? "lode data show quarantine"
                            : "lode data check --json lists the rows; lode data show bars --symbol S shows them");
}

Value check_json(const CheckReport& report) {
  Value out = Value::object();
  out.set("bars", report.bars);
  out.set("instruments", report.instruments);
  out.set("first", to_string(*report.first));
  out.set("last", to_string(*report.last));
  out.set("measures", measures_json(report));
  out.set("set_aside", report.set_aside);
  out.set("reasons", reasons_json(report));
  out.set("flags", flags_json(report));
  out.set("sessions_expected", report.expected);
  out.set("sessions_missing", report.missing);
  out.set("gaps", gaps_json(report));
  out.set("duplicates", report.duplicates);
  Value days = Value::array();
  for (const Date day : report.suspicious) {
    days.push(to_string(day));
  }
  out.set("suspicious_days", std::move(days));
  Value faults = Value::array();
  for (const std::string& fault : report.action_faults) {
    faults.push(fault);
  }
  out.set("action_faults", std::move(faults));
  Value remarks = Value::array();
  for (const ActionRemark& remark : report.action_remarks) {
    Value one = Value::object();
    one.set("symbol", remark.symbol);
    one.set("ex_date", to_string(remark.ex_date));
    one.set("kind", remark.kind);
    one.set("reason", remark.reason);
    one.set("effect", remark.effect);
    remarks.push(std::move(one));
  }
  out.set("action_remarks", std::move(remarks));
  Value later = Value::array();
  for (const LaterRemark& remark : report.later_remarks) {
    Value one = Value::object();
    one.set("symbol", remark.symbol);
    one.set("session", to_string(remark.session));
    one.set("reason", remark.reason);
    one.set("effect", remark.effect);
    later.push(std::move(one));
  }
  out.set("later_remarks", std::move(later));
  out.set("outlived_delistings", outlived_json(report));
  set_orders(out, report.files);
  return out;
}

}  // namespace lode::flow
