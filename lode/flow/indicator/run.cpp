// lode indicator run: indicators, or their vote, over a file of bars or a universe of the lake.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "lode/base/counted.h"
#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/steps/answer/batch_text.h"
#include "lode/flow/steps/answer/output_place.h"
#include "lode/flow/steps/indicator/formula_file.h"
#include "lode/flow/steps/indicator/formula_lake.h"
#include "lode/flow/steps/indicator/keep.h"
#include "lode/flow/steps/indicator/over_file.h"
#include "lode/flow/steps/indicator/over_lake.h"
#include "lode/flow/steps/indicator/vote_rules.h"
#include "lode/flow/steps/values/row_feed.h"

namespace lode {

namespace {

constexpr std::string_view kFormats[] = {"csv", "json", "ndjson", "parquet", "arrow", "md", "table"};
constexpr std::span<const std::string_view> kFileFormats(kFormats, std::size(kFormats) - 1);  // A table is for the eye.

// What one call wants, whatever it is of.
struct Wanted {
  flow::LakeWork work;
  bool is_all = false;
  bool is_default = false;  // No name was given: the default set
  std::vector<std::string> inputs;
  std::vector<flow::NamedText> formulas = {};
};

// A formula names what it reads, and its numbers stand in it: what is said of indicators alone would be ignored.
Result<void> check_formulas(const Request& request, const Wanted& wanted) {
  if (wanted.formulas.empty()) {
    return {};
  }
  const std::string first = quote(wanted.formulas.front().text);
  const std::pair<bool, std::string_view> options[] = {{request.has("inputs"), "--inputs"},
                                                       {request.text("profile", "lode") != "lode", "--profile"},
                                                       {request.text("unstable", "0") != "0", "--unstable"}};
  for (const auto& [is_given, name] : options) {
    if (is_given) {
      return fail(E::E7, fmt::format("{} and the formula {} were both given", name, first),
                  fmt::format("{} is of indicators; compute the formula in a call of its own", name));
    }
  }
  return {};
}

Result<Wanted> read_wanted(const Request& request) {
  Wanted out;
  std::vector<std::string> names = request.texts("name");
  if (request.has("inputs")) {
    const std::string named = request.text("inputs");
    for (const std::string_view one : split(named, ',')) {
      out.inputs.emplace_back(trim(one));
    }
  }
  const bool is_vote = names.size() == 1 && lower(trim(names.front())) == "vote";
  if (request.has("rules") && !is_vote) {
    return fail(E::E7, "--rules and indicators were both given; rules are those of the vote",
                "lode indicator run vote --rules ma=0.4,buy=0.25");
  }
  if (const std::string stray = flow::stray_option(request); !stray.empty() && (is_vote || names.empty())) {
    return fail(E::E7, fmt::format("{} was given, and no indicator that takes it", stray),
                is_vote ? "periods of the vote: --rules ma_fast=8,rsi_period=10"
                        : "name the indicators: lode indicator run rsi");
  }
  if (is_vote) {
    LODE_TRY(out.work.rules, flow::parse_rules(request.text("rules")));
    return out;
  }
  out.is_all = std::ranges::any_of(names, [](const std::string& name) { return lower(trim(name)) == "all"; });
  if (names.empty() && request.has("universe")) {
    out.is_default = true;
    return out;
  }
  LODE_TRY(out.work.chosen, flow::choose_indicators(names, request, &out.formulas));
  LODE_CHECK(check_formulas(request, out));
  return out;
}

// Rows as one JSON array, for --json.
void set_rows_json(Outcome& out, const Batch& rows) {
  out.rows = [kept = std::make_shared<const Batch>(rows)](const std::function<void(std::string_view)>& write) {
    constexpr std::size_t kPiece = 4096;
    write("[");
    std::vector<std::uint32_t> places;
    for (std::size_t begin = 0; begin < kept->rows(); begin += kPiece) {
      places.clear();
      for (std::size_t row = begin; row < std::min(kept->rows(), begin + kPiece); ++row) {
        places.push_back(static_cast<std::uint32_t>(row));
      }
      const std::string text = to_json(flow::batch_json(kept->take(places)));
      write(begin == 0 ? "" : ",");
      write(std::string_view(text).substr(1, text.size() - 2));
    }
    write("]");
  };
}

// The rows to -o, or as the answer; what was done as data.
Result<void> answer(World& world, const Request& request, const Batch& rows, Outcome& out,
                    const flow::Carried* carried = nullptr) {
  Value columns = Value::array();
  for (const Column& column : rows.columns()) {
    columns.push(Value(column.name()));
  }
  out.data.set("columns", std::move(columns));
  out.data.set("count", Value(static_cast<std::int64_t>(rows.rows())));
  if (!request.has("output")) {
    set_rows_json(out, rows);
    return flow::set_rows(out, rows, request.text("format", "csv"),
                          static_cast<int>(world.config.get("columns").as_int()), carried);
  }
  LODE_CHECK(flow::write_batch(rows, request.text("output"), request.text("format"), carried));
  out.data.set("output", Value(request.text("output")));
  out.text = fmt::format("{} of {} to {}\n", counted(static_cast<std::int64_t>(rows.rows()), "row"),
                         counted(std::ssize(rows.columns()) - 1, "column"), request.text("output"));
  out.is_filed = true;
  return {};
}

Result<Outcome> over_file(World& world, const Request& request, const Wanted& wanted) {
  flow::IndexWish index;
  if (request.has("date-format")) {
    LODE_TRY(index, flow::parse_index_wish(request.text("date-format")));
  }
  const std::string path = request.text("data");
  LODE_TRY(flow::BarsFile file,
           path == flow::kStandardInput ? flow::read_piped_bars(world.in, index) : flow::read_bars_file(path, index));
  LODE_TRY(const std::optional<Date> anchor, request.date("anchor"));
  if (anchor) {
    LODE_CHECK(flow::anchor_at(file, *anchor));
  }
  const flow::FileWish wish{.inputs = wanted.inputs, .pad = request.flag("pad"), .leave_out = wanted.is_all};
  std::vector<std::string> warnings = file.warnings;
  if (const std::string adjusted = flow::adjusted_close(file); wanted.inputs.empty() && !adjusted.empty()) {
    warnings.push_back(
        fmt::format("{}: prices as traded are read, not {}, which stands beside them", file.path, quote(adjusted)));
  }
  LODE_TRY(std::vector<flow::OutputColumn> others, flow::formulas_over_file(world, file, wanted.formulas, warnings));
  LODE_TRY(flow::OverFile rows, wanted.work.rules
                                    ? flow::vote_over_file(file, *wanted.work.rules, wish)
                                    : flow::run_over_file(file, wanted.work.chosen, wish, std::move(others)));
  Outcome out;
  out.data = Value::object();
  if (wanted.work.rules) {
    out.data.set("rules", flow::rules_json(*wanted.work.rules));
  }
  out.warnings = std::move(warnings);
  out.warnings.insert(out.warnings.end(), rows.warnings.begin(), rows.warnings.end());
  flow::Carried carried;
  if (rows.index) {
    carried = {.column = std::move(rows.index->column), .zone = std::move(rows.index->zone)};
  }
  LODE_CHECK(answer(world, request, rows.rows, out, &carried));
  return out;
}

Result<flow::LakeWish> read_lake_wish(const Request& request) {
  flow::LakeWish out{.universe = request.text("universe"), .from = {}, .to = {}, .as_of = {}};
  LODE_TRY(out.from, request.date("from"));
  LODE_TRY(out.to, request.date("to"));
  LODE_TRY(out.as_of, request.instant("as-of"));
  LODE_TRY(out.adjust, parse_adjust(request.text("adjust", "all")));
  if (out.from && out.to && *out.to < *out.from) {
    return fail(E::E2024, fmt::format("--to {} is before --from {}", to_string(*out.to), to_string(*out.from)),
                "give the first session first");
  }
  return out;
}

// What the universe is told of, whether its rows were computed now or before.
void warn_of_universe(bool survivor_biased, Outcome& out) {
  if (survivor_biased) {
    out.warnings.emplace_back("note: the universe is of today's members and survivor-biased");
  }
}

void tell_kept(const flow::Kept& kept, const flow::LakeWork& work, Outcome& out) {
  const std::string_view table = flow::kept_table(work).name;
  out.data.set("run", Value(kept.alias));
  out.data.set("table", Value(table));
  out.data.set("rows_stored", Value(kept.rows));
  out.data.set("instruments", Value(kept.instruments));
  out.data.set("first", kept.first ? Value(to_string(*kept.first)) : Value());
  out.data.set("last", kept.last ? Value(to_string(*kept.last)) : Value());
  out.data.set("was_there", Value(kept.was_there));
  out.data.set("made_anew", Value(kept.made_anew));
  out.text = fmt::format("{}: {} of {}, {} .. {}, {} the table {}\n", kept.alias, counted(kept.rows, "row"),
                         counted(kept.instruments, "instrument"), kept.first ? to_string(*kept.first) : "-",
                         kept.last ? to_string(*kept.last) : "-", kept.was_there ? "already in" : "into", table);
  out.next = work.rules ? "lode data sql 'select * from rt.stock_indicators limit 5'"
                        : "lode data sql 'select * from ax.processed limit 5'";
  warn_of_universe(kept.survivor_biased, out);
  if (kept.made_anew > 0) {
    out.warnings.push_back(fmt::format(
        "note: all kept rows of {} were made anew, from {} on, with every column kept: splits, dividends or "
        "corrected bars changed the prices that the rows before were made of",
        counted(kept.made_anew, "instrument"), kept.anew_from ? to_string(*kept.anew_from) : "-"));
  }
}

// Into the tables processed and votes, whose columns are given: what was asked is stored, or refused.
Result<Outcome> into_lake(World& world, flow::LakeWish wish, Wanted wanted) {
  if (!wanted.formulas.empty()) {
    LODE_CHECK(flow::check_lake_words(world, wanted.formulas));
    return fail(
        E::E4,
        fmt::format("{} is a formula, which the table processed has no column for",
                    quote(wanted.formulas.front().text)),
        fmt::format("-o FILE or --format csv gives its rows; lode factor compute {} --universe {} --store keeps "
                    "its values",
                    quote(wanted.formulas.front().text), wish.universe));
  }
  if (wanted.work.rules) {
    LODE_CHECK(flow::check_kept_rules(*wanted.work.rules));
  } else if (wanted.is_all) {
    return fail(
        E::E4, "all was given, and the table processed has columns for the default set alone",
        "leave all out for the default set; -o FILE writes all of them; lode factor compute 'ta_zlema(close, 20)' "
        "--universe all --store keeps any one");
  } else {
    LODE_TRY(wanted.work.chosen, flow::kept_indicators(wanted.work.chosen));
  }
  wish.is_kept = true;
  LODE_TRY(std::optional<flow::Kept> kept, flow::kept_before(world, wanted.work, wish));
  if (!kept) {
    LODE_TRY(flow::LakeBars bars, flow::read_lake_bars(world, wish, wanted.work));
    LODE_TRY(kept, flow::keep_in_lake(world, std::move(bars), wanted.work, wish));
  }
  Outcome out;
  out.data = Value::object();
  tell_kept(*kept, wanted.work, out);
  return out;
}

// E2102 where an indicator of the call needs more sessions than there are; of a set nobody named one by one, a warning.
Result<void> check_bars(const flow::LakeBars& bars, const Wanted& wanted, Outcome& out) {
  const std::size_t sessions = bars.set.axis->rows();
  std::vector<std::string> empty;
  for (const flow::Chosen& one : wanted.work.chosen) {
    if (static_cast<std::size_t>(one.choice.lookback()) < sessions) {
      continue;
    }
    if (!wanted.is_all && !wanted.is_default) {
      return fail(E::E2102,
                  fmt::format("{} needs {} before it answers, the bars have {}", one.label,
                              counted(one.choice.lookback() + 1, "session"),
                              counted(static_cast<std::int64_t>(sessions), "session")),
                  "import a longer history, or give shorter periods");
    }
    empty.push_back(one.label);
  }
  if (!empty.empty()) {
    out.warnings.push_back(fmt::format("left empty, as the bars have {} alone: {}",
                                       counted(static_cast<std::int64_t>(sessions), "session"), join(empty, ", ")));
  }
  return {};
}

Result<Outcome> over_lake(World& world, const Request& request, Wanted wanted) {
  LODE_TRY(const flow::LakeWish wish, read_lake_wish(request));
  if (!request.has("output") && !request.has("format")) {
    return into_lake(world, wish, std::move(wanted));
  }
  if (wanted.is_default) {
    LODE_TRY(wanted.work.chosen, flow::kept_indicators({}));
  }
  LODE_TRY(const flow::LakeBars bars, flow::read_lake_bars(world, wish, wanted.work));
  Outcome out;
  out.data = Value::object();
  warn_of_universe(bars.set.survivor_biased, out);
  LODE_CHECK(check_bars(bars, wanted, out));
  LODE_TRY(const flow::LakeFormulas formulas, flow::LakeFormulas::compute(world, wish, bars, wanted.formulas));
  std::ranges::copy(formulas.warnings(), std::back_inserter(out.warnings));
  LODE_TRY(const Batch rows, flow::lake_rows(world, bars, wanted.work, formulas));
  LODE_CHECK(answer(world, request, rows, out));
  return out;
}

// E0003 neither file nor universe, E0007 both, or an option of the one with the other.
Result<void> check_options(const Request& request) {
  if (request.has("data") == request.has("universe")) {
    return fail(
        request.has("data") ? E::E7 : E::E3,
        request.has("data") ? "--data and --universe were both given" : "neither --data nor --universe was given",
        "--data bars.csv, or --universe all");
  }
  static constexpr std::string_view kOfFile[] = {"inputs", "pad", "date-format", "anchor"};
  static constexpr std::string_view kOfLake[] = {"from", "to", "as-of"};
  const bool is_file = request.has("data");
  if (is_file && request.text("adjust", "all") != "all") {
    return fail(E::E7, "--adjust and --data were both given", "prices of a file are taken as they are");
  }
  for (const std::string_view option : is_file ? std::span<const std::string_view>(kOfLake) : kOfFile) {
    if (request.has(option) && !(option == "pad" && !request.flag(option))) {
      return fail(E::E7, fmt::format("--{} and {} were both given", option, is_file ? "--data" : "--universe"),
                  fmt::format("--{} goes with {}", option, is_file ? "--universe" : "--data"));
    }
  }
  return {};
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_CHECK(check_options(request));
  LODE_CHECK(flow::check_output(world, request, "indicators.csv"));
  if (request.has("output") && request.text("format") == "table") {
    return fail(E::E7, "--format table and -o were both given; a table is for the screen",
                "-o " + request.text("output") + " --format csv, or leave -o out");
  }
  if (request.has("output")) {
    LODE_TRY(const std::string known, flow::file_format(request.text("output"), request.text("format"), kFileFormats));
    (void)known;
  }
  LODE_TRY(Wanted wanted, read_wanted(request));
  return request.has("data") ? over_file(world, request, wanted) : over_lake(world, request, std::move(wanted));
}

std::vector<Parameter> parameters() {
  using Kind = ParameterKind;
  std::vector<Parameter> list = {
      {.name = "NAME",
       .summary = "indicators: rsi, sma(20),ema(50), all, vote, formulas, or @FILE of such lists (lode indicator list)",
       .positional = true,
       .repeated = true,
       .completes = "indicators"},
      {.name = "data",
       .kind = Kind::kPath,
       .summary = "bars of one instrument: CSV, Parquet or Arrow; - is stdin, CSV; the index is its first column, or "
                  "pandas' own",
       .completes = "files"},
      {.name = "inputs", .summary = "columns to read, with commas, one an input"},
      {.name = "date-format",
       .summary = "of the index: ymd, dmy, mdy, excel, epoch, epoch_ms, a pattern (%d-%b-%Y), or labels: no dates"},
      {.name = "anchor",
       .kind = Kind::kDate,
       .summary =
           "day on which the one session of vwap_anchored and others begins; at a time of day: a column session"},
      {.name = "pad", .kind = Kind::kFlag, .summary = "rows from the first bar, empty where there is no value yet"},
      {.name = "universe", .summary = "or a universe of the lake, into the lake", .completes = "universes"},
      {.name = "from", .kind = Kind::kDate, .summary = "first session written, inclusive"},
      {.name = "to",
       .kind = Kind::kDate,
       .summary = "last session written, inclusive; the rows are those of a run without it"},
      {.name = "as-of", .kind = Kind::kInstant, .summary = "use only what was known then (default: now)"},
      {.name = "adjust",
       .kind = Kind::kChoice,
       .summary = "which actions adjust prices of the lake",
       .fallback = "all",
       .choices = {"all", "split", "none"}},
      {.name = "rules",
       .summary = "of vote, what differs: weights ma, rsi, macd, bollinger, stochastic; buy, sell, strong, moderate; "
                  "trend_filter; periods"},
      {.name = "format",
       .kind = Kind::kChoice,
       .summary = "of the rows (default: what the ending of -o names, else csv; table on the screen alone)",
       .choices = {std::begin(kFormats), std::end(kFormats)}}};
  for (const Parameter& parameter : flow::output_parameters("file to write; its ending names the format")) {
    list.push_back(parameter);
  }
  for (const Parameter& parameter : flow::indicator_parameters()) {
    list.push_back(parameter);
  }
  return list;
}

}  // namespace

const Flow& flow_indicator_run() {
  static const Flow flow{
      {.noun = "indicator",
       .verb = "run",
       .summary = "indicators, or their vote, over bars",
       .description =
           "Over a file: its index as it stands, then a column an output. The index is the first column, or the one "
           "that pandas marked; in Parquet and Arrow it keeps the type of a file that has types, and one without a "
           "name is C0 in Parquet. A function of one series reads close, "
           "of two high and low, any other the columns of its names, in any case or usual spelling, unless --inputs "
           "names them. Rows begin where the first value is, or with the file under --pad. Parameters stand behind the "
           "name, sma(20), whose column is sma_20, or are options, which go to every indicator that has them; 'trend = "
           "sma(50)' gives the column a name. all is every indicator that bars alone feed; what the file has not the "
           "columns or bars for is left out and told. A formula (my = ta_ema(close,12) - ta_ema(close,26)), a kept "
           "factor or a "
           "library's stands beside indicators, over a file where it looks along one instrument alone; one may use a "
           "formula before it, my2 = ta_rsi(my, 14). Over a universe: the default indicators, or those of them that "
           "are named, go into the table processed (lode data sql 'from ax.processed'), the vote into the table votes "
           "(rt.stock_indicators), each under a run; with -o or --format any indicator, formula or kept factor comes "
           "as "
           "rows of date and symbol. An instrument is computed over its own bars: holidays of other exchanges are no "
           "gaps. Windows are summed in blocks that are counted from the first bar of the whole universe: an "
           "instrument alone, or beside an older one, may differ in the last digit. Where a split, a dividend or a "
           "corrected bar changed the prices behind an instrument's kept rows, a run with --from or of fewer "
           "indicators makes all of these anew, with every column kept, and tells so: one scale a line. A row is the "
           "same "
           "whatever --from and --to are: of all bars before it, adjusted by every action known. known_time of a "
           "kept row is that of its bars; what adjusts its prices may be known later, so rows of what was known on a "
           "day are made by --as-of. vote: five indicators say buy or sell, weighted; above 0.3 BUY, below -0.3 SELL, "
           "no row before all "
           "windows are full.",
       .journey = Journey::kResearch,
       .parameters = parameters(),
       .examples = {{"lode indicator run rsi --period 14 --data bars.csv -o rsi.csv", "one indicator of a file", false},
                    {"lode indicator run 'sma(20), bbands(20, 2), macd' --data bars.csv --pad", "several", false},
                    {"lode indicator run 'my = ta_ema(close,12) - ta_ema(close,26)' --data bars.csv", "a formula",
                     false},
                    {"lode indicator run all --data bars.csv --profile talib064 -o all.parquet", "every one", false},
                    {"lode indicator run --universe all --from 2021-01-04", "the default set, into the lake"},
                    {"lode indicator run vote --universe all --from 2021-01-04 --rules ma=0.4,buy=0.25",
                     "BUY, SELL or HOLD of every name"},
                    {"lode indicator run supertrend --universe all --from 2021-01-04 --to 2021-01-08 --format csv",
                     "any indicator, as rows"}},
       .schema = "lode.indicator.run/1"},
      run};
  return flow;
}

}  // namespace lode
