// The quality report as JSON, schema lode.data.report/1. Keys are stable: new ones may join, none changes its meaning.
//
// SPDX-License-Identifier: Apache-2.0
#include <functional>

#include "lode/flow/steps/quality/quality.h"

namespace lode::flow {
namespace {

using report::QualityReport;

template <class Rows, class Write>
Value list(const Rows& rows, Write write) {
  Value out = Value::array();
  for (const auto& row : rows) {
    Value one = Value::object();
    write(row, one);
    out.push(std::move(one));
  }
  return out;
}

template <class T>
Value or_null(const std::optional<T>& value) {
  return value ? Value(*value) : Value();
}
Value or_null(const std::optional<Date>& day) { return day ? Value(to_string(*day)) : Value(); }
Value text_or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

template <class Row>
void put_bar(const Row& row, Value& out) {
  out.set("symbol", row.symbol);
  out.set("exchange", row.mic);
  out.set("session", to_string(row.session));
}

Value measures_json(const QualityReport& report) {
  return list(report.measures, [](const report::QualityMeasure& one, Value& out) {
    out.set("name", one.name);
    out.set("value", or_null(one.value));
    out.set("unit", one.unit);
    out.set("goal", one.limit);
    out.set("goal_is", one.is_above ? "above" : one.limit == 0.0 ? "equal" : "below");
    out.set("good", one.value ? Value(one.is_good) : Value());
    out.set("part", one.part);
    out.set("part_name", one.part_name);
    out.set("whole", one.whole);
    out.set("whole_name", one.whole_name);
    out.set("reason", one.value ? Value() : Value(one.reason));
    out.set("rows", text_or_null(one.rows));
  });
}

Value odd_json(const QualityReport& report, const std::function<bool(const report::QualityOdd&)>& is_wanted) {
  std::vector<report::QualityOdd> rows;
  for (const report::QualityOdd& one : report.odd) {
    if (is_wanted(one)) {
      rows.push_back(one);
    }
  }
  return list(rows, [](const report::QualityOdd& one, Value& out) {
    put_bar(one, out);
    out.set("flags", one.flags);
    out.set("close_before", or_null(one.before));
    out.set("close", or_null(one.close));
    out.set("volume", or_null(one.volume));
  });
}

Value errors_json(const QualityReport& report) {
  return list(report.set_aside_by, [](const report::QualityReason& one, Value& out) {
    out.set("table", one.table);
    out.set("rule", one.rule);
    out.set("title", one.title);
    out.set("rows", one.rows);
    Value first = Value::object();
    first.set("path", one.path);
    first.set("line", one.line);
    first.set("symbol", text_or_null(one.symbol));
    first.set("text", one.text);
    out.set("first", std::move(first));
  });
}

Value restated_json(const QualityReport& report) {
  return list(report.restated, [](const report::QualityRestated& one, Value& out) {
    put_bar(one, out);
    Value changes = Value::array();
    for (const std::string& change : one.changes) {
      changes.push(change);
    }
    out.set("changes", std::move(changes));
    out.set("known_time", to_string(one.known));
    out.set("was_provisional", one.was_provisional);
  });
}

Value sources_json(const QualityReport& report) {
  return list(report.sources, [](const report::QualitySource& one, Value& out) {
    out.set("source", one.name);
    out.set("commits", one.commits);
    Value outcomes = Value::object();
    for (const auto& [outcome, count] : one.outcomes) {
      outcomes.set(outcome, count);
    }
    out.set("answers", std::move(outcomes));
    out.set("kept", one.kept);
    out.set("corrected", one.corrected);
    out.set("dropped", one.dropped);
    out.set("set_aside", one.set_aside);
    out.set("bars", one.bars);
    out.set("lag_hours_median", or_null(one.lag_median));
    out.set("lag_hours_p95", or_null(one.lag_p95));
    out.set("lag_hours_most", or_null(one.lag_most));
  });
}

Value trend_json(const QualityReport& report) {
  return list(report.trend, [](const report::QualityDay& one, Value& out) {
    out.set("session", to_string(one.session));
    out.set("expected", one.expected);
    out.set("present", one.present);
    out.set("set_aside", one.set_aside);
    out.set("anomalies", one.odd);
    out.set("provisional", one.provisional);
    out.set("corrected", one.corrected);
  });
}

Value exchanges_json(const QualityReport& report) {
  return list(report.exchanges, [](const report::QualityExchange& one, Value& out) {
    out.set("exchange", one.mic);
    out.set("has_calendar", one.has_calendar);
    out.set("sessions", one.sessions);
    out.set("expected", one.expected);
    out.set("present", one.present);
    out.set("newest", or_null(one.newest));
  });
}

void put_rows(const QualityReport& report, Value& out) {
  out.set("missing_symbols", list(report.missing, [](const report::QualityMissing& one, Value& row) {
            put_bar(one, row);
            row.set("last_bar", or_null(one.last));
          }));
  out.set("provisional", list(report.provisional, [](const report::QualityProvisional& one, Value& row) {
            put_bar(one, row);
            row.set("known_time", to_string(one.known));
            row.set("overdue", one.is_overdue);
          }));
  out.set("restatements", restated_json(report));
  out.set("actions", list(report.actions, [](const report::QualityAction& one, Value& row) {
            row.set("symbol", one.symbol);
            row.set("exchange", one.mic);
            row.set("ex_date", to_string(one.ex_date));
            row.set("kind", one.kind);
            row.set("amount", text_or_null(one.amount));
          }));
  out.set("repairs", list(report.repairs, [](const report::QualityRepair& one, Value& row) {
            put_bar(one, row);
            row.set("column", one.column);
            row.set("rule", one.rule);
            row.set("was", or_null(one.was));
            row.set("mended", or_null(one.mended));
          }));
  out.set("changes", list(report.changes, [](const report::QualityChange& one, Value& row) {
            row.set("where", one.where);
            row.set("on", to_string(one.on));
            row.set("kind", one.kind);
            row.set("symbol", one.symbol);
            row.set("before", text_or_null(one.before));
            row.set("name", text_or_null(one.name));
          }));
}

template <class Texts>
Value texts(const Texts& lines) {
  Value out = Value::array();
  for (const auto& line : lines) {
    out.push(line);
  }
  return out;
}

}  // namespace

Value quality_json(const QualityReport& report) {
  Value out = Value::object();
  out.set("status", report::to_string(report.status));
  out.set("reasons", texts(report.reasons));
  out.set("span", report.is_week ? "week" : "day");
  out.set("from", to_string(report.from));
  out.set("date", to_string(report.to));
  out.set("made_at", to_string(report.made_at));
  out.set("commit", report.commit);
  out.set("universe", text_or_null(report.universe));
  out.set("synthetic", report.synthetic);
  out.set("total_symbols", report.total_symbols);
  out.set("symbols_with_data", report.symbols_with_data);
  out.set("bars", report.bars);
  out.set("data_completeness", report.measures.empty() ? Value() : or_null(report.measures.front().value));
  out.set("kpis", measures_json(report));
  out.set("exchanges", exchanges_json(report));
  out.set("trend", trend_json(report));
  out.set("validation_errors", errors_json(report));
  out.set("price_spikes", odd_json(report, [](const auto& one) { return one.is_spike; }));
  out.set("volume_anomalies", odd_json(report, [](const auto& one) { return one.is_volume; }));
  Value flags = Value::object();
  for (const auto& [flag, rows] : report.flags) {
    flags.set(flag, rows);
  }
  out.set("flags", std::move(flags));
  Value days = Value::array();
  for (const Date day : report.suspicious) {
    days.push(to_string(day));
  }
  out.set("suspicious_days", std::move(days));
  Value copies = Value::object();
  copies.set("stored", report.stored_twice);
  copies.set("dropped", report.copies_dropped);
  out.set("duplicate_entries", std::move(copies));
  put_rows(report, out);
  out.set("became_final", report.became_final);
  out.set("sources", sources_json(report));
  out.set("notes", texts(report.notes));
  out.set("command", report.command);
  return out;
}

}  // namespace lode::flow
