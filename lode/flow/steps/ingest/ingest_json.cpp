// An import's report as JSON: the answer to machines, and the note of its commit, read back when the same import comes
// again.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "lode/base/error.h"
#include "lode/flow/steps/ingest/ingest.h"
#include "lode/flow/steps/ingest/plan.h"
#include "lode/flow/steps/ingest/text.h"

namespace lode::flow {

namespace {

Value files_json(const IngestReport& report) {
  Value out = Value::array();
  for (const IngestFile& file : report.files) {
    Value one = Value::object();
    one.set("path", file.path);
    one.set("sha256", file.sha256);
    one.set("bytes", file.bytes);
    one.set("rows", file.rows);
    one.set("kept", file.kept);
    one.set("dropped", file.dropped);
    one.set("set_aside", file.set_aside);
    one.set("raw", file.is_copied ? "copy" : "reference");
    one.set("order", to_string(file.order));
    one.set("out_of_order", file.out_of_order);
    one.set("repaired", file.repaired);
    one.set("first", file.first ? Value(to_string(*file.first)) : Value());
    one.set("last", file.last ? Value(to_string(*file.last)) : Value());
    out.push(std::move(one));
  }
  return out;
}

Value repairs_json(const IngestReport& report) {
  Value out = Value::array();
  for (const IngestRepair& repair : report.repairs) {
    Value one = Value::object();
    one.set("symbol", repair.symbol);
    one.set("session", to_string(repair.session));
    one.set("close_was", repair.was);
    one.set("close", repair.now);
    one.set("path", repair.path);
    one.set("line", repair.line);
    out.push(std::move(one));
  }
  return out;
}

Value reasons_json(const IngestReport& report) {
  Value out = Value::object();
  for (const IngestReason& reason : report.reasons) {
    Value first = Value::object();
    first.set("path", reason.path);
    first.set("line", reason.line);
    first.set("text", reason.text);
    Value one = Value::object();
    one.set("label", reason.label);
    one.set("rows", reason.rows);
    one.set("first", std::move(first));
    out.set(fmt::format("E{}", reason.number), std::move(one));
  }
  return out;
}

// Paths are unique, and may be many: Value::set would look each of them up among those before.
Value skipped_json(const IngestReport& report, std::size_t most) {
  Value::Object out;
  for (std::size_t i = 0; i < std::min(report.skipped.size(), most); ++i) {
    out.emplace_back(report.skipped[i].first, report.skipped[i].second);
  }
  return out;
}

std::int64_t integer_at(const Value& note, std::string_view key) {
  const Value* value = note.find(key);
  return value != nullptr && value->is_int() ? value->as_int() : 0;
}

std::string text_at(const Value& note, std::string_view key) {
  const Value* value = note.find(key);
  return value != nullptr && value->is_text() ? value->as_text() : std::string();
}

std::optional<Date> date_at(const Value& note, std::string_view key) {
  Date date;
  return try_parse_date(text_at(note, key), date) ? std::optional(date) : std::nullopt;
}

void read_reasons(const Value& reasons, IngestReport& out) {
  for (const auto& [number, value] : reasons.as_object()) {
    IngestReason reason;
    reason.number = static_cast<std::uint16_t>(parse_error_number(number).value_or(E::E9001));
    reason.label = text_at(value, "label");
    reason.rows = integer_at(value, "rows");
    if (const Value* first = value.find("first"); first != nullptr) {
      reason.path = text_at(*first, "path");
      reason.line = integer_at(*first, "line");
      reason.text = text_at(*first, "text");
    }
    out.reasons.push_back(std::move(reason));
  }
}

double number_at(const Value& note, std::string_view key) {
  const Value* value = note.find(key);
  return value != nullptr && value->is_number() ? value->as_double() : std::numeric_limits<double>::quiet_NaN();
}

void read_repairs(const Value& repairs, IngestReport& out) {
  for (const Value& repair : repairs.as_array()) {
    out.repairs.push_back({text_at(repair, "symbol"), date_at(repair, "session").value_or(Date{}),
                           number_at(repair, "close_was"), number_at(repair, "close"), text_at(repair, "path"),
                           integer_at(repair, "line")});
  }
}

RowOrder order_at(const Value& file) {
  const std::string text = text_at(file, "order");
  for (const RowOrder order : {RowOrder::kNewestFirst, RowOrder::kShuffled}) {
    if (text == to_string(order)) {
      return order;
    }
  }
  return RowOrder::kOldestFirst;
}

void read_files(const Value& files, IngestReport& out) {
  for (const Value& file : files.as_array()) {
    out.files.push_back({text_at(file, "path"), text_at(file, "sha256"), integer_at(file, "bytes"),
                         integer_at(file, "rows"), integer_at(file, "kept"), integer_at(file, "dropped"),
                         integer_at(file, "set_aside"), text_at(file, "raw") == "copy", order_at(file),
                         integer_at(file, "out_of_order"), integer_at(file, "repaired"), date_at(file, "first"),
                         date_at(file, "last")});
  }
}

}  // namespace

std::string_view to_string(RowOrder order) {
  return order == RowOrder::kOldestFirst   ? "oldest_first"
         : order == RowOrder::kNewestFirst ? "newest_first"
                                           : "shuffled";
}

Value ingest_json(const IngestReport& report, std::size_t most_skipped) {
  Value out = Value::object();
  out.set("table", report.table);
  out.set("mic", report.mic);
  out.set("read", report.read);
  out.set("kept", report.kept);
  out.set("dropped", report.dropped);
  out.set("set_aside", report.set_aside);
  out.set("corrected", report.corrected);
  out.set("flagged", report.flagged);
  out.set("repair", report.may_repair);
  out.set("repaired", report.repaired);
  out.set("repairs", repairs_json(report));
  set_orders(out, report.files);
  out.set("symbols", report.symbols);
  out.set("new_instruments", report.new_instruments);
  out.set("unclear_symbols", report.unclear);
  out.set("first", report.first ? Value(to_string(*report.first)) : Value());
  out.set("last", report.last ? Value(to_string(*report.last)) : Value());
  out.set("reasons", reasons_json(report));
  Value flags = Value::object();
  for (const auto& [name, rows] : report.flags) {
    flags.set(name, rows);
  }
  out.set("flags", std::move(flags));
  Value notes = Value::array();
  for (const std::string& note : report.notes) {
    notes.push(note);
  }
  out.set("notes", std::move(notes));
  out.set("skipped", skipped_json(report, most_skipped));
  out.set("skipped_files", std::ssize(report.skipped) + report.skipped_more);
  out.set("files", files_json(report));
  return out;
}

IngestReport ingest_from_json(const Value& note) {
  IngestReport out;
  out.table = text_at(note, "table");
  out.mic = text_at(note, "mic");
  out.read = integer_at(note, "read");
  out.kept = integer_at(note, "kept");
  out.dropped = integer_at(note, "dropped");
  out.set_aside = integer_at(note, "set_aside");
  out.corrected = integer_at(note, "corrected");
  out.flagged = integer_at(note, "flagged");
  out.repaired = integer_at(note, "repaired");
  if (const Value* repair = note.find("repair"); repair != nullptr && repair->is_bool()) {
    out.may_repair = repair->as_bool();
  }
  if (const Value* repairs = note.find("repairs"); repairs != nullptr && repairs->is_array()) {
    read_repairs(*repairs, out);
  }
  out.symbols = integer_at(note, "symbols");
  out.new_instruments = integer_at(note, "new_instruments");
  out.unclear = integer_at(note, "unclear_symbols");
  out.first = date_at(note, "first");
  out.last = date_at(note, "last");
  if (const Value* reasons = note.find("reasons"); reasons != nullptr && reasons->is_object()) {
    read_reasons(*reasons, out);
  }
  if (const Value* flags = note.find("flags"); flags != nullptr && flags->is_object()) {
    for (const auto& [name, rows] : flags->as_object()) {
      out.flags.emplace_back(name, rows.as_int());
    }
  }
  if (const Value* notes = note.find("notes"); notes != nullptr && notes->is_array()) {
    for (const Value& line : notes->as_array()) {
      out.notes.push_back(line.as_text());
    }
  }
  if (const Value* skipped = note.find("skipped"); skipped != nullptr && skipped->is_object()) {
    for (const auto& [path, why] : skipped->as_object()) {
      out.skipped.emplace_back(path, why.as_text());
    }
    out.skipped_more = std::max<std::int64_t>(integer_at(note, "skipped_files") - std::ssize(out.skipped), 0);
  }
  if (const Value* files = note.find("files"); files != nullptr && files->is_array()) {
    read_files(*files, out);
  }
  return out;
}

}  // namespace lode::flow
