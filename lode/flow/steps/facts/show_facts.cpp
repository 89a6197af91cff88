// Statements of a company for a person or a program.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/facts/show_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/text.h"
#include "lode/flow/steps/facts/company.h"
#include "lode/flow/steps/facts/statement.h"
#include "lode/flow/steps/identity/from_lake.h"
#include "lode/io/source/edgar/accession.h"
#include "lode/io/source/edgar/eastern.h"

namespace lode::flow {

namespace {

using source::edgar::Span;

constexpr std::array<Span, 6> kSpans = {Span::kInstant,    Span::kQuarter, Span::kHalf,
                                        Span::kNineMonths, Span::kYear,    Span::kOther};
constexpr std::array<std::string_view, 3> kOwnOptions = {"metric", "tag", "duration"};

lake::Query all_of(std::string where) {
  lake::Query out;
  out.where = std::move(where);
  return out;
}

Result<lake::Snapshot> snapshot_of(const lake::Lake& lake, const Request& request) {
  std::optional<lake::CommitId> commit;
  if (request.has("commit")) {
    commit = request.integer("commit", 0);
  }
  return lake.snapshot(commit);
}

// The day a spelling is asked about: that of --as-of on New York's clock, else later than any.
Result<Date> day_asked(const Request& request) {
  constexpr Date kNow{2'000'000};
  LODE_TRY(const std::optional<Time> as_of, request.instant("as-of"));
  return as_of ? source::edgar::eastern_date(*as_of) : kNow;
}

struct Company {
  std::string cik;
  std::vector<std::string> notes;
};

Result<Company> company_called(const lake::Snapshot& snapshot, const Request& request) {
  const std::vector<std::string> symbols = request.texts("symbol");
  if (symbols.size() > 1) {
    return fail(E::E4, "facts are of one company at a time", "give one --symbol, or --cik");
  }
  LODE_TRY(const Date day, day_asked(request));
  LODE_TRY(const SymbolMap map, read_symbol_map(snapshot));
  const std::string symbol = upper(trim(symbols.front()));
  const std::vector<CompanyLink> found = map.companies(symbol, day);
  const std::string when = request.has("as-of") ? " on " + to_string(day) : "";
  if (found.empty()) {
    return fail(E::E2104, fmt::format("no company with facts to look for is called {}{}", quote(symbol), when),
                fmt::format("lode data show map --symbol {} tells who was; --cik takes the company's number", symbol));
  }
  if (found.size() > 1) {
    std::vector<std::string> ciks;
    for (const CompanyLink& one : found) {
      ciks.push_back(one.cik);
    }
    return fail(E::E2104, fmt::format("{} is {} companies{}: {}", symbol, found.size(), when, join(ciks, ", ")),
                "choose one: --cik " + ciks.front());
  }
  Company out{found.front().cik, {}};
  if (found.front().is_assumed) {
    out.notes.push_back(fmt::format("that {} is company {} is first seen on {}: assumed for the time before", symbol,
                                    out.cik, to_string(found.front().since)));
  }
  return out;
}

Result<Company> company_asked(const lake::Snapshot& snapshot, const Request& request) {
  if (request.has("cik") && request.has("symbol")) {
    return fail(E::E4, "--cik and --symbol both name a company", "give one of them");
  }
  if (request.has("cik")) {
    LODE_TRY(std::string cik, read_cik_option(request));
    return Company{std::move(cik), {}};
  }
  if (request.has("symbol")) {
    return company_called(snapshot, request);
  }
  return fail(E::E3, "facts of which company?", "lode data show facts --cik 320193, or --symbol AAPL");
}

Result<StatementQuery> read_query(const Request& request) {
  StatementQuery out;
  out.metrics = request.texts("metric");
  out.tags = request.texts("tag");
  LODE_TRY(out.from, request.date("from"));
  LODE_TRY(out.to, request.date("to"));
  LODE_TRY(out.as_of, request.instant("as-of"));
  if (request.has("duration")) {
    const auto found = std::ranges::find_if(
        kSpans, [&](Span span) { return source::edgar::to_string(span) == request.text("duration"); });
    out.duration = *found;  // A choice: one of them.
  }
  out.all_versions = request.flag("versions");
  out.is_newest_only = out.metrics.empty() && out.tags.empty() && !out.from && !out.to;
  return out;
}

Result<std::string> name_of(const lake::Snapshot& snapshot, std::string_view cik) {
  LODE_TRY(const Batch rows, snapshot.read("issuers", all_of(fmt::format("cik = '{}'", cik))));
  return rows.rows() == 0 ? std::string() : std::string(rows.column("name").texts()[0]);
}

// "restated, derived": what a reader must not miss.
std::string remarks(const StatementLine& line) {
  std::vector<std::string> out;
  if (line.fact.derived) {
    out.emplace_back("derived");
  }
  if (line.is_restated) {
    out.emplace_back("restated");
  }
  return join(out, ", ");
}

Batch as_batch(const std::vector<StatementLine>& lines, std::string_view cik) {
  std::vector<Column> columns;
  const auto add = [&](const char* name, ColumnType type, auto&& cell) {
    Column column(name, type);
    for (const StatementLine& line : lines) {
      cell(column, line);
    }
    columns.push_back(std::move(column));
  };
  const auto text = [&](const char* name, auto&& of) {
    add(name, ColumnType::kText, [&](Column& column, const StatementLine& line) {
      const std::string cell(of(line));
      cell.empty() ? column.push_null() : column.push(std::string_view(cell));
    });
  };
  text("metric", [](const StatementLine& line) { return line.metric; });
  text("duration", [](const StatementLine& line) { return source::edgar::to_string(line.fact.span()); });
  add("period_start", ColumnType::kDate, [](Column& column, const StatementLine& line) {
    line.fact.start ? column.push(*line.fact.start) : column.push_null();
  });
  add("period_end", ColumnType::kDate, [](Column& column, const StatementLine& line) { column.push(line.fact.end); });
  add("value", ColumnType::kFloat64, [](Column& column, const StatementLine& line) { column.push(line.fact.value); });
  text("unit", [](const StatementLine& line) { return line.unit; });
  add("known_time", ColumnType::kTime, [](Column& column, const StatementLine& line) { column.push(line.known); });
  text("known_by", [](const StatementLine& line) { return line.known_by; });
  text("form", [](const StatementLine& line) { return line.fact.form; });
  text("remark", [](const StatementLine& line) { return remarks(line); });
  text("tag", [](const StatementLine& line) { return line.taxonomy + ":" + line.tag; });
  text("accession", [](const StatementLine& line) { return line.fact.accession; });
  text("less", [](const StatementLine& line) { return line.fact.part_accession; });
  add("filed_on", ColumnType::kDate,
      [](Column& column, const StatementLine& line) { column.push(line.fact.filed_on); });
  add("duration_days", ColumnType::kInt64,
      [](Column& column, const StatementLine& line) { column.push(line.fact.days()); });
  add("derived", ColumnType::kBool, [](Column& column, const StatementLine& line) { column.push(line.fact.derived); });
  add("restated", ColumnType::kBool, [](Column& column, const StatementLine& line) { column.push(line.is_restated); });
  add("version", ColumnType::kInt64, [](Column& column, const StatementLine& line) { column.push(line.versions); });
  text("value_exact", [](const StatementLine& line) { return line.fact.exact; });
  text("cik", [&](const StatementLine&) { return cik; });
  return Batch(std::move(columns));
}

Failure nothing_known(const std::vector<KnownSeries>& company, const Company& who, const Request& request) {
  if (company.empty()) {
    return fail(E::E2101, fmt::format("no facts of company {}", who.cik),
                "lode data tables shows which tables have rows");
  }
  std::optional<Time> first;
  for (const KnownSeries& series : company) {
    for (const KnownFact& one : series.facts) {
      first = std::min(first.value_or(one.known), one.known);
    }
  }
  const std::string as_of = request.has("as-of") ? " as known " + request.text("as-of") : "";
  return fail(Error(E::E2101, fmt::format("no such facts of company {}{}", who.cik, as_of),
                    "leave out --metric, --duration, --from and --to, or ask for what was known later")
                  .at(fmt::format("      the first of its facts was known {}", to_string(*first))));
}

}  // namespace

std::vector<Parameter> facts_parameters() {
  using Kind = ParameterKind;
  return {
      {.name = "metric", .summary = "of facts: a named number, revenue, net_income, assets ...", .repeated = true},
      {.name = "tag", .summary = "of facts: a tag as filed, us-gaap:Assets", .repeated = true},
      {.name = "duration",
       .kind = Kind::kChoice,
       .summary = "of facts: how long the period is",
       .choices = {"instant", "quarter", "half", "nine_months", "year", "other"}},
  };
}

bool asks_for_statements(std::string_view table, const Request& request) {
  return table == "facts" && (request.has("cik") || request.has("symbol") ||
                              std::ranges::any_of(kOwnOptions, [&](auto name) { return request.has(name); }));
}

Result<void> check_facts_options(std::string_view table, const Request& request) {
  for (const std::string_view option : kOwnOptions) {
    if (table != "facts" && request.has(option)) {
      return fail(E::E4, fmt::format("{} has nothing that --{} could mean: it chooses among facts", table, option),
                  "leave it out");
    }
  }
  return {};
}

Result<std::string> read_cik_option(const Request& request) {
  const std::string typed = request.text("cik");
  auto cik = source::edgar::read_cik(typed);
  if (!cik) {
    return fail(E::E4, fmt::format("--cik {}: a company's number has one to ten digits", quote(typed)),
                "--cik 320193; lode data show map --symbol AAPL tells a symbol's");
  }
  return std::move(*cik);
}

std::vector<std::string_view> brief_fact_columns() {
  return {"metric", "duration", "period_start", "period_end", "value", "unit", "known_time", "form", "remark", "tag"};
}

Result<FactsAnswer> show_facts(const lake::Lake& lake, const Request& request) {
  LODE_TRY(const lake::Snapshot snapshot, snapshot_of(lake, request));
  LODE_TRY(const Company who, company_asked(snapshot, request));
  LODE_TRY(const StatementQuery query, read_query(request));
  LODE_TRY(const std::vector<KnownSeries> company, read_company(snapshot, who.cik));
  LODE_TRY(std::vector<StatementLine> lines, statement(company, query));
  if (lines.empty()) {
    return nothing_known(company, who, request);
  }
  FactsAnswer out{as_batch(lines, who.cik), who.cik, {}, who.notes};
  LODE_TRY(out.name, name_of(snapshot, who.cik));
  const bool is_dated_only =
      std::ranges::any_of(lines, [](const StatementLine& line) { return line.known_by == "filing date"; });
  if (is_dated_only) {
    out.notes.emplace_back(
        "filings the lake does not know count from the end of their filing date; lode data fetch edgar-submissions "
        "brings the times");
  }
  return out;
}

}  // namespace lode::flow
