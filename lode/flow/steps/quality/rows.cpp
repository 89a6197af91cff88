// Reading the rows beside the bars.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/quality/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "lode/base/error.h"
#include "lode/base/text.h"

namespace lode::flow {
namespace {

std::string text_at(const Batch& rows, std::string_view column, std::size_t row) {
  const Column& texts = rows.column(column);
  return texts.is_null(row) ? std::string() : std::string(texts.texts()[row]);
}

std::optional<double> number_at(const Batch& rows, std::string_view column, std::size_t row) {
  const Column& values = rows.column(column);
  return values.is_null(row) ? std::nullopt : std::optional(values.float64s()[row]);
}

bool is_bars(std::string_view table) { return table == "bars" || table == "benchmark"; }

// Symbol and exchange of an instrument; nullopt where the report is of a universe that has not got it.
class Names {
 public:
  explicit Names(const SpanBars& span) : span_(span) {
    for (const SpanLife& life : span.lives) {
      lives_[life.id] = &life;
    }
  }
  std::optional<std::pair<std::string, std::string>> find(InstrumentId id) const {
    if (const auto life = lives_.find(id); life != lives_.end()) {
      return std::pair(life->second->symbol, life->second->mic);
    }
    return span_.universe ? std::nullopt
                          : std::optional(std::pair(span_.known.symbol_of(id), span_.known.text(id, "mic")));
  }

 private:
  const SpanBars& span_;
  std::map<InstrumentId, const SpanLife*> lives_;
};

struct AsideRow {
  std::string table, rule, symbol;
  std::optional<Date> session;
};

std::optional<AsideRow> aside_in_sight(const Batch& rows, std::size_t row, const SpanBars& span,
                                       const std::set<std::string>& symbols) {
  AsideRow out{text_at(rows, "table_name", row), text_at(rows, "rule", row), text_at(rows, "symbol", row), {}};
  if (!rows.column("session").is_null(row)) {
    out.session = Date{rows.column("session").dates()[row]};
  }
  if (span.universe && (!is_bars(out.table) || !symbols.contains(out.symbol))) {
    return std::nullopt;
  }
  const Date day = out.session.value_or(utc_date(Time{rows.column("known_time").times()[row]}));
  return span.trend_from <= day && day <= span.request.to ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace

Result<void> count_set_aside(const lake::Snapshot& snapshot, const SpanBars& span, report::QualityReport& out) {
  LODE_TRY(const Batch rows, snapshot.read("quarantine", {}));
  std::set<std::string> symbols;
  for (const SpanLife& life : span.lives) {
    symbols.insert(life.symbol);
  }
  std::map<std::pair<std::string, std::string>, report::QualityReason> reasons;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::optional<AsideRow> aside = aside_in_sight(rows, row, span, symbols);
    if (!aside) {
      continue;
    }
    const Date day = aside->session.value_or(utc_date(Time{rows.column("known_time").times()[row]}));
    const auto of_trend = std::ranges::find(out.trend, day, &report::QualityDay::session);
    if (is_bars(aside->table) && of_trend != out.trend.end()) {
      ++of_trend->set_aside;
    }
    if (!span.is_in_span(day)) {
      continue;
    }
    out.set_aside += is_bars(aside->table) ? 1 : 0;
    report::QualityReason& reason = reasons[{aside->table, aside->rule}];
    const std::string path = text_at(rows, "path", row);
    const std::int64_t line = rows.column("raw_line").is_null(row) ? 0 : rows.column("raw_line").int64s()[row];
    if (reason.rows == 0 || std::pair(path, line) < std::pair(reason.path, reason.line)) {
      const E number = parse_error_number(aside->rule).value_or(E::E9001);
      reason = {aside->table, aside->rule, std::string(error_info(number).title), reason.rows,
                path,         line,        text_at(rows, "reason", row),          aside->symbol};
    }
    ++reason.rows;
  }
  for (auto& [key, reason] : reasons) {
    out.set_aside_by.push_back(std::move(reason));
  }
  return {};
}

Result<void> list_actions(const lake::Snapshot& snapshot, const SpanBars& span, report::QualityReport& out) {
  lake::Query query;
  query.from = span.request.from;
  query.to = span.request.to;
  LODE_TRY(const Batch rows, snapshot.read("actions", query));
  const Names names(span);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto named = names.find(InstrumentId{rows.column("instrument_id").uint64s()[row]});
    if (!named) {
      continue;
    }
    const std::optional<double> ratio = number_at(rows, "ratio", row);
    const std::optional<double> amount = number_at(rows, "amount", row);
    std::string told = ratio ? "ratio " + shortest(*ratio) : "";
    if (amount) {
      told += (told.empty() ? "" : ", ") + shortest(*amount);
      const std::string currency = text_at(rows, "currency", row);
      told += currency.empty() ? "" : " " + currency;
    }
    out.actions.push_back({named->first, named->second, Date{rows.column("ex_date").dates()[row]},
                           text_at(rows, "kind", row), std::move(told)});
  }
  std::ranges::stable_sort(out.actions, {}, [](const auto& one) { return std::pair(one.ex_date, one.symbol); });
  return {};
}

Result<void> list_repairs(const lake::Snapshot& snapshot, const SpanBars& span, report::QualityReport& out) {
  lake::Query query;
  query.from = span.request.from;
  query.to = span.request.to;
  LODE_TRY(const Batch rows, snapshot.read("repairs", query));
  const Names names(span);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if (const auto named = names.find(InstrumentId{rows.column("instrument_id").uint64s()[row]})) {
      out.repairs.push_back({named->first, named->second, Date{rows.column("session").dates()[row]},
                             text_at(rows, "column_name", row), text_at(rows, "rule", row), number_at(rows, "was", row),
                             number_at(rows, "mended", row)});
    }
  }
  std::ranges::stable_sort(out.repairs, {}, [](const auto& one) { return std::pair(one.session, one.symbol); });
  return {};
}

}  // namespace lode::flow
