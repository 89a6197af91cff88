// lode data import: files into the lake.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/text.h"
#include "lode/flow/flow.h"
#include "lode/flow/steps/ingest/ingest.h"
#include "lode/flow/steps/ingest/text.h"

namespace lode {

namespace {

constexpr std::string_view kDescription =
    "Reads CSV (comma, semicolon, tab or bar; also .gz or in a .zip), Parquet and Arrow (Feather) files, judges "
    "every row, and stores the good ones in one commit. A .zip with several tables is a folder of them; its tables are "
    "copied into the lake whatever --raw says, and an archive or Parquet inside it, or a table that is encrypted or "
    "packed otherwise than by deflate, has to be unpacked first. Columns "
    "are recognised by their usual names; --map names others. Bad rows are set aside in the table quarantine with "
    "their file, line and reason, and make the exit code 3 unless "
    "--allow-rejects covers them; odd rows are stored and flagged. The same import again changes nothing. A "
    "file import.toml beside the data, in a folder above it (up to the one given), or in the .zip, may set mic, table, "
    "kind, adjusted, date_format and map; the nearest one counts, and files for which that comes out differently are "
    "no one import, unless an option says it for all. "
    "A file of bars without a column for the symbol is of one symbol, which its name says (aapl.us.txt is AAPL), "
    "and the summary tells it. Several bars of a symbol on one day at different times are intraday bars, which "
    "are not stored yet: such a file is refused, or passed over in a folder. Groups without a column scheme "
    "are of the scheme user:NAME, after their file; formulas read the scheme imported last (--scheme of "
    "lode factor names another), and groups without valid_from look ahead, which every answer on them says. "
    "A symbol that comes back after a long silence at another price is another instrument where the older bars "
    "came first or with it; bars that come before stored ones stay with their instrument, so bring files "
    "oldest first or together. Nothing is repaired unless told. With --repair, prices that stand a power of ten off "
    "for at most 22 bars "
    "(pence for pounds, a lost point) are stored brought back, with the flags unit_error and repaired; volume "
    "is left. The file's own numbers stay in its bytes, which raw_hash and raw_line of the bar lead to: where "
    "the lake only references the file (--raw), keep it. With --repair and without are versions of the same "
    "bars: the later import stands, and --as-of reads the one before it.";

// "open=Open,close=Last", given once or several times.
Result<std::map<std::string, std::string>> read_map(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> out;
  for (const std::string& text : texts) {
    for (const std::string_view pair : split(text, ',')) {
      const std::size_t equal = pair.find('=');
      const std::string_view ours = trim(pair.substr(0, equal));
      const std::string_view theirs =
          equal == std::string_view::npos ? std::string_view() : trim(pair.substr(equal + 1));
      if (ours.empty() || theirs.empty()) {
        return fail(E::E4, "--map takes pairs of our column and theirs, not " + quote(pair),
                    "as in --map open=Open,close=Last");
      }
      out[lower(ours)] = theirs;
    }
  }
  return out;
}

Result<flow::IngestRequest> read_request(const Request& request) {
  flow::IngestRequest out;
  out.paths = request.texts("path");
  out.table = request.text("table");
  LODE_TRY(out.map, read_map(request.texts("map")));
  out.mic = upper(request.text("mic"));
  out.kind = request.text("kind");
  out.adjusted = request.flag("adjusted");
  out.raw = request.text("raw");
  out.date_format = request.text("date-format");
  out.repair = request.flag("repair");
  return out;
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const flow::IngestRequest wanted, read_request(request));
  LODE_TRY(const double allowed, flow::parse_share(request.text("allow-rejects", "0")));
  LODE_TRY(const flow::IngestReport report, flow::ingest(world, wanted));
  Outcome out;
  out.data = flow::ingest_json(report);
  out.data.set("commit", report.commit);
  out.data.set("repeated", report.repeated);
  out.data.set("seconds", report.seconds);
  out.text = flow::ingest_text(report, world.config.get("quality.move_limit").as_double(),
                               world.config.get("quality.spike_limit").as_double());
  out.finding = flow::set_aside_finding(report, allowed);
  out.next = report.table == "bars" ? "lode factor eval 'rank(-ts_delta(close,5))'" : "lode data tables";
  return out;
}

}  // namespace

const Flow& flow_data_import() {
  static const Flow flow{
      {.noun = "data",
       .verb = "import",
       .summary = "bring your own files: bars, actions, groups, universes",
       .description = kDescription,
       .journey = Journey::kData,
       .parameters =
           {{.name = "PATH",
             .kind = ParameterKind::kPath,
             .summary = "files, or folders walked in depth",
             .positional = true,
             .repeated = true,
             .required = true,
             .completes = "files"},
            {.name = "table",
             .kind = ParameterKind::kChoice,
             .summary = "what the files hold; bars unless import.toml says otherwise",
             .choices = {"bars", "universe", "groups", "actions", "benchmark", "instruments"}},
            {.name = "map", .summary = "our column = theirs, as open=Open,close=Last", .repeated = true},
            {.name = "mic",
             .summary = "exchange of the symbols (ISO 10383): XNYS, XNAS, XASX; without it sessions are not checked",
             .completes = "mics"},
            {.name = "kind",
             .kind = ParameterKind::kChoice,
             .summary = "kind of the instruments, new or known; else equity for new ones, index for a benchmark",
             .choices = {"equity", "etf", "index", "future", "option", "crypto", "fx"}},
            {.name = "adjusted",
             .kind = ParameterKind::kFlag,
             .summary = "the source adjusted the prices for splits and dividends itself"},
            {.name = "repair",
             .kind = ParameterKind::kFlag,
             .summary = "bring prices in suspected unit errors back by their power of ten, flagged repaired"},
            {.name = "date-format",
             .summary =
                 "how the files write dates: ymd, dmy, mdy, excel, epoch, epoch_ms or a pattern as %d-%b-%Y; else "
                 "each file's own dates show it"},
            {.name = "raw",
             .kind = ParameterKind::kChoice,
             .summary = "copy the files' bytes into the lake, or keep their paths and hashes; auto copies up to 64 MiB",
             .config_key = "data.raw",
             .choices = {"auto", "copy", "reference"}},
            {.name = "allow-rejects",
             .summary = "share of rows that may be set aside without exit code 3: 0.02% or 0.0002",
             .fallback = "0"}},
       .examples = {{"lode data import bars.csv --table bars --mic XNYS", "daily bars of New York", false},
                    {"lode data import prices/ --map close=Last,volume=Vol", "a folder with its own column names",
                     false},
                    {"lode data import splits.csv --table actions", "splits and dividends, for adjusted prices",
                     false}},
       .schema = "lode.data.import/1"},
      run};
  return flow;
}

}  // namespace lode
