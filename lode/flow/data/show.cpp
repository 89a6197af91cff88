// lode data show: rows of a table, by symbol, by dates, as known at some time.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "lode/base/printable.h"
#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/batch_text.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/facts/show_facts.h"
#include "lode/flow/steps/store/table_query.h"
#include "lode/market/quality.h"

namespace lode {

namespace {

// Columns that say where a row came from: shown on request, for people who look for values first.
constexpr std::string_view kProvenance[] = {"instrument_id", "source",        "raw_hash",
                                            "raw_line",      "known_assumed", "event_time"};

// Quality rules by their names instead of a set of bits.
Column named_flags(const Column& flags) {
  Column named("flags", ColumnType::kText);
  for (std::size_t row = 0; row < flags.size(); ++row) {
    const std::string names = flag_names(flags.uint64s()[row]);
    names.empty() ? named.push_null() : named.push(std::string_view(names));
  }
  return named;
}

// Text of files as a terminal may see it.
Column tame(const Column& column) {
  Column out(column.name(), ColumnType::kText);
  for (std::size_t row = 0; row < column.size(); ++row) {
    column.is_null(row) ? out.push_null() : out.push(std::string_view(printable(column.texts()[row])));
  }
  return out;
}

Batch tame(const Batch& batch) {
  std::vector<Column> columns;
  for (const Column& column : batch.columns()) {
    columns.push_back(column.type() == ColumnType::kText ? tame(column) : column);
  }
  return Batch(std::move(columns));
}

Batch readable(const Batch& batch, bool all) {
  const bool is_quarantine =
      batch.find("rule") != nullptr;  // A row set aside is looked up in its file: the line is shown.
  std::vector<Column> kept;
  for (const Column& column : batch.columns()) {
    const bool provenance =
        std::find(std::begin(kProvenance), std::end(kProvenance), column.name()) != std::end(kProvenance) &&
        !(is_quarantine && column.name() == "raw_line");
    const bool empty = batch.rows() > 0 && column.null_count() == batch.rows();
    if (!all && column.name() == "flags") {
      kept.push_back(named_flags(column));
    } else if (all || (!empty && !provenance)) {
      kept.push_back(column);
    }
  }
  return Batch(std::move(kept));
}

// The newest commits first: number, time, what made it, the rows it wrote by table, and whether they are hidden now.
Result<Outcome> show_commits(World& world, const lake::Lake& lake, const Request& request) {
  for (const char* option : {"symbol", "as-of", "cik", "versions"}) {
    if (request.has(option)) {
      return fail(E::E4, fmt::format("commits have nothing that --{} could mean", option), "leave it out");
    }
  }
  LODE_TRY(const std::optional<Date> from, request.date("from"));
  LODE_TRY(const std::optional<Date> to, request.date("to"));
  const std::int64_t limit = request.integer("limit", 20);
  LODE_TRY(std::vector<lake::CommitInfo> commits, lake.commits());
  LODE_TRY(const std::vector<lake::CommitRows> written, lake.commit_rows());
  std::ranges::reverse(commits);
  std::erase_if(commits, [&](const lake::CommitInfo& commit) {
    const Date day = utc_date(commit.time);
    return (from && day < *from) || (to && day > *to) ||
           (request.has("commit") && commit.id > request.integer("commit", 0));
  });
  if (commits.empty()) {
    return fail(E::E2101, "no commits", "lode data import PATH... makes one");
  }
  const bool is_cut = limit > 0 && static_cast<std::int64_t>(commits.size()) > limit;
  commits.resize(is_cut ? static_cast<std::size_t>(limit) : commits.size());
  Column ids("commit", ColumnType::kInt64), times("time", ColumnType::kTime), flows("command", ColumnType::kText);
  Column rows("rows", ColumnType::kInt64), tables("tables", ColumnType::kText), hidden("hidden", ColumnType::kBool);
  Value list = Value::array();
  for (const lake::CommitInfo& commit : commits) {
    std::int64_t count = 0;
    std::vector<std::string> names;
    Value by_table = Value::object();
    for (const lake::CommitRows& one : written) {
      if (one.commit == commit.id) {
        count += one.rows;
        names.push_back(fmt::format("{} {}", one.table, grouped(one.rows)));
        by_table.set(one.table, Value(one.rows));
      }
    }
    ids.push(commit.id);
    times.push(commit.time);
    flows.push(std::string_view(commit.flow));
    rows.push(count);
    tables.push(std::string_view(join(names, ", ")));
    hidden.push(commit.reverted);
    Value one = Value::object();
    one.set("commit", Value(commit.id));
    one.set("time", Value(to_string(commit.time)));
    one.set("command", Value(commit.flow));
    one.set("rows", Value(count));
    one.set("tables", std::move(by_table));
    one.set("hidden", Value(commit.reverted));
    list.push(std::move(one));
  }
  Outcome out;
  out.data = Value::object();
  out.data.set("table", Value("commits"));
  out.data.set("rows", std::move(list));
  const std::string format = request.text("format", "table");
  LODE_CHECK(flow::set_rows(out, Batch({ids, times, flows, rows, tables, hidden}), format,
                            static_cast<int>(world.config.get("columns").as_int())));
  if (format == "table" && is_cut) {
    out.text += fmt::format("\nthe newest {} (--limit)\n", grouped(limit));
  }
  return out;
}

// Columns by name, in that order; those without any value are left out.
Batch only(const Batch& batch, const std::vector<std::string_view>& names) {
  std::vector<Column> kept;
  for (const std::string_view name : names) {
    if (const Column& column = batch.column(name); column.null_count() < batch.rows()) {
      kept.push_back(column);
    }
  }
  return Batch(std::move(kept));
}

Result<void> set_text(Outcome& out, World& world, const Batch& batch, const std::string& format) {
  const bool is_for_people = format == "table" || format == "md";
  return flow::set_rows(out, is_for_people ? tame(batch) : batch, format,
                        static_cast<int>(world.config.get("columns").as_int()));
}

// A company's numbers as known at --as-of.
Result<Outcome> show_statements(World& world, const lake::Lake& lake, const Request& request) {
  LODE_TRY(const flow::FactsAnswer answer, flow::show_facts(lake, request));
  const std::int64_t limit = request.integer("limit", 20);
  const std::string format = request.text("format", "table");
  Batch rows = answer.rows;
  const bool is_cut = limit > 0 && static_cast<std::int64_t>(rows.rows()) > limit;
  if (is_cut) {
    std::vector<std::uint32_t> first(static_cast<std::size_t>(limit));
    std::iota(first.begin(), first.end(), 0U);
    rows = rows.take(first);
  }
  Outcome out;
  out.data = Value::object();
  out.data.set("table", Value("facts"));
  out.data.set("cik", Value(answer.cik));
  out.data.set("company", answer.name.empty() ? Value() : Value(answer.name));
  out.data.set("rows", flow::batch_json(rows));
  const bool all = request.flag("all") || format != "table";
  LODE_CHECK(set_text(out, world, all ? rows : only(rows, flow::brief_fact_columns()), format));
  if (format == "table") {
    out.text = fmt::format("{} (CIK {}){}\n\n", answer.name.empty() ? "company" : printable(answer.name), answer.cik,
                           request.has("as-of") ? ", as known " + request.text("as-of") : "") +
               out.text;
    if (is_cut) {
      out.text += fmt::format("\nthe first {} of {} rows (--limit); --all shows every column\n", grouped(limit),
                              grouped(static_cast<std::int64_t>(answer.rows.rows())));
    }
  }
  out.warnings = answer.notes;
  return out;
}

Result<Outcome> show_who(World& world, const lake::Lake& lake, const Request& request) {
  LODE_TRY(const Batch rows, flow::show_map(lake, request));
  Outcome out;
  out.data = Value::object();
  out.data.set("table", Value(flow::kMap));
  out.data.set("rows", flow::batch_json(rows));
  LODE_CHECK(set_text(out, world, rows, request.text("format", "table")));
  return out;
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const std::optional<Date> from, request.date("from"));
  LODE_TRY(const std::optional<Date> to, request.date("to"));
  if (from && to && *from > *to) {
    return fail(E::E4, fmt::format("--from {} is after --to {}", to_string(*from), to_string(*to)),
                "swap them: both days are part of the range");
  }
  const std::string table = request.text("table");
  LODE_CHECK(flow::check_facts_options(table, request));
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  const std::int64_t limit = request.integer("limit", 20);
  if (table == flow::kCommits) {
    return show_commits(world, *lake, request);
  }
  if (table == flow::kMap) {
    return show_who(world, *lake, request);
  }
  if (flow::asks_for_statements(table, request)) {
    return show_statements(world, *lake, request);
  }
  Outcome out;
  LODE_TRY(const Batch batch, flow::read_selected(*lake, table, request, limit, &out.warnings));
  if (batch.rows() == 0) {
    return flow::no_rows(*lake, table, request, "data show");
  }
  const std::string format = request.text("format", "table");
  out.data = Value::object();
  out.data.set("table", Value(table));
  out.data.set("rows", flow::batch_json(batch));
  const Batch shown = readable(batch, request.flag("all") || format != "table");
  LODE_CHECK(set_text(out, world, shown, format));
  if (format == "table" && static_cast<std::int64_t>(batch.rows()) == limit) {
    out.text += fmt::format("\nthe first {} (--limit); --all shows every column\n",
                            limit == 1 ? "row" : grouped(limit) + " rows");
  }
  return out;
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = flow::selection_parameters();
  list.insert(list.begin(), {.name = "TABLE",
                             .summary = "bars, actions, instruments, facts, filings, quarantine, ..., commits, or map",
                             .positional = true,
                             .required = true,
                             .completes = "tables"});
  for (const Parameter& parameter : flow::facts_parameters()) {
    list.push_back(parameter);
  }
  list.push_back({.name = "limit", .kind = ParameterKind::kInteger, .summary = "most rows, 0 = all", .fallback = "20"});
  list.push_back({.name = "all", .kind = ParameterKind::kFlag, .summary = "every column, provenance included"});
  list.push_back(flow::rows_format_parameter());
  return list;
}

}  // namespace

const Flow& flow_data_show() {
  static const Flow flow{
      {.noun = "data",
       .verb = "show",
       .summary = "rows of a table, as known at some time",
       .description = "Reads the current view of a table: for each key the newest version among those known "
                      "at --as-of (default: all). Prices are raw; adjustment happens in panels. "
                      "facts with --cik or --symbol are a company's numbers as known then: of each period the version "
                      "public at --as-of, quarters derived where only longer spans were filed; --versions tells every "
                      "version. map tells which instrument and company a symbol was, and when. "
                      "commits lists what was written when, newest first: the numbers that --commit and data revert "
                      "take.",
       .journey = Journey::kData,
       .parameters = parameters(),
       .examples = {{"lode data show bars --limit 5", "the first rows"},
                    {"lode data show quarantine", "rows set aside, with the reason"},
                    {"lode data show commits", "what was written when, by which command"},
                    {"lode data show bars --symbol AAPL --as-of 2024-06-30", "as known then", false},
                    {"lode data show facts --cik 320193 --as-of 2019-03-01", "a company's numbers as known then",
                     false},
                    {"lode data show facts --cik 320193 --metric revenue --duration quarter", "its quarters", false},
                    {"lode data show map --symbol AAPL", "who was called so, and when", false}},
       .schema = "lode.data.show/1"},
      run};
  return flow;
}

}  // namespace lode
