// Options of a LEAN folder: trades, quotes and open interest, each in zips with one file a contract, whose name says
// what the contract is: [day_]underlying[_resolution]_kind_style_right_strike_expiry.csv, the strike times 10,000.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/text.h"
#include "lode/io/source/lean/layout.h"
#include "lode/io/source/lean/sides.h"
#include "lode/io/source/parts/csv.h"
#include "lode/io/source/parts/zip.h"

namespace lode {
namespace source::lean {
namespace {

constexpr std::array<std::string_view, 3> kFiles = {"trade", "quote", "openinterest"};
constexpr std::array<std::string_view, 2> kStyles = {"american", "european"};
constexpr std::int64_t kStrikeUnit = 10;           // A contract's symbol has thousandths, the file name tenths of them.
constexpr std::int64_t kMostStrike = 999'999'990;  // Eight digits of thousandths.

const Spec& spec() {
  static const Spec kSpec{
      .name = "lean-options",
      .summary = "trades, quotes and open interest of option contracts in a LEAN data folder",
      .names = "underlyings: twx; of European style spx/european",
      .kinds = "one resolution: minute (standard; a file a day), hour, daily (a file a year); all want --from and --to",
      .tables = {"option_bars"},
      .settings = lean_settings(),
      .paces = lean_paces(),
      .example = "lode data fetch lean-options --symbols twx --kinds daily --from 2014-01-01 --to 2014-12-31",
      .terms = kTerms};
  return kSpec;
}

struct Underlying {
  Place place;
  std::string_view style = kStyles[0];
};

Result<Underlying> underlying_of(std::string_view name) {
  const std::size_t slash = name.find('/');
  Underlying out;
  const std::string style = slash == std::string_view::npos ? "american" : lower(trim(name.substr(slash + 1)));
  LODE_TRY(out.place, place_of(name.substr(0, slash)));
  out.place.folder = "option/usa";
  if (style == kStyles[1]) {
    out.style = kStyles[1];
  } else if (style != kStyles[0]) {
    return fail(E::E6208, fmt::format("{} is no style of options; there are american and european", quote(style)));
  }
  return out;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  LODE_TRY(const std::string resolution, resolution_of(request, {"minute", "hour", "daily"}, "minute"));
  if (request.names.empty()) {
    return fail(E::E6208, "options of what? An underlying is named", "--symbols twx");
  }
  LODE_TRY(const std::vector<Date> days, days_asked(request, true, resolution));
  Plan out;
  for (const std::string& name : request.names) {
    LODE_TRY(const Underlying one, underlying_of(name));
    const auto add = [&](const std::string& head, std::optional<Date> day) {
      for (const std::string_view kind : kFiles) {
        const std::string path = fmt::format("{}/{}_{}_{}.zip", resolution, head, kind, one.style);
        out.requests.push_back(ask(spec(), request, one.place, path, &kZip, kind));
        out.requests.back().about.set("resolution", resolution);
        if (day) {
          out.requests.back().about.set("day", to_string(*day));
        }
      }
    };
    if (resolution == "minute") {
      for (const Date day : days) {
        add(fmt::format("{}/{}", one.place.spelling, stamp_of(day)), day);
      }
    } else {
      for (int year = request.from->year(); year <= request.to->year(); ++year) {
        add(fmt::format("{}_{}", one.place.spelling, year), std::nullopt);
      }
    }
  }
  return out;
}

struct Contract {
  std::string symbol;  // "TWX150117C00023000"
  std::string underlying, style;
  Date expiry;
  bool is_call = false;
  double strike = 0;
};

// "" or what the name of the file lacks.
std::string read_contract(std::string_view file, std::string_view symbol, std::string_view kind, Contract& out) {
  file.remove_suffix(file.size() - std::min(file.rfind('.'), file.size()));
  const std::vector<std::string_view> words = split(file.substr(file.rfind('/') + 1), '_');
  if (words.size() < 6) {
    return "a name of another form";
  }
  const auto end = words.end();
  std::int64_t strike = 0;
  const bool is_whole = try_parse_date(end[-1], out.expiry) && parse_int(end[-2], strike) && strike > 0 &&
                        strike <= kMostStrike && (end[-3] == "call" || end[-3] == "put") &&
                        std::ranges::find(kStyles, end[-4]) != kStyles.end();
  if (!is_whole || end[-5] != kind || std::ranges::find(words, symbol) == end) {
    return "a name that is not underlying, kind, style, right, strike and expiry";
  }
  if (strike % kStrikeUnit != 0) {
    return "a strike finer than a thousandth";
  }
  out.underlying = upper(symbol);
  out.style = end[-4];
  out.is_call = end[-3] == "call";
  out.strike = static_cast<double>(strike) / kScale;
  out.symbol = fmt::format("{}{}{}{:08}", out.underlying, stamp_of(out.expiry).substr(2), out.is_call ? 'C' : 'P',
                           strike / kStrikeUnit);
  return "";
}

class Reader {
 public:
  explicit Reader(const Response& response)
      : response_(response),
        kind_(response.asked.part),
        seconds_(seconds_of(about_text(response.asked, "resolution"))),
        day_(about_date(response.asked, "day")),
        calendar_(calendar_of("")),
        rows_("option_bars", provenance_of(response, spec())) {}

  void read(const ZipFile& file, Parsed& out) {
    Contract contract;
    const std::string wrong = read_contract(file.name, about_text(response_.asked, "ticker"), kind_, contract);
    if (!wrong.empty()) {
      ++out.records;
      out.rejected.push_back(bad_record(out.records, wrong, file.name));
      return;
    }
    for (const CsvRow& row : read_csv(file.bytes)) {
      ++out.records;
      std::string lacks = add(row, contract, out.records);
      if (!lacks.empty()) {
        out.rejected.push_back(bad_record(out.records, std::move(lacks), row.text, contract.symbol));
      }
    }
  }
  std::int64_t rows() const { return rows_.rows(); }
  TableRows take() { return rows_.take(); }

 private:
  // "" or what the row lacks.
  std::string add(const CsvRow& row, const Contract& contract, std::int64_t line) {
    Stamp stamp;
    if (!read_stamp(row.cells[0], day_, stamp)) {
      return "expected a time";
    }
    Five trade = no_five();
    Five bid = no_five();
    Five ask_side = no_five();
    double open_interest = trade.cells[0];
    std::string wrong;
    if (kind_ == "openinterest") {
      wrong = row.cells.size() < 2 || !parse_double(row.cells[1], open_interest) || open_interest < 0
                  ? "expected open contracts"
                  : "";
    } else if (kind_ == "trade") {
      wrong = read_five(row.cells, 1, kScale, trade);
    } else {
      wrong = read_five(row.cells, 1, kScale, bid);
      wrong = wrong.empty() ? read_five(row.cells, 6, kScale, ask_side) : wrong;
    }
    if (!wrong.empty()) {
      return wrong;
    }
    const Times times = times_of(stamp, seconds_, true, calendar_);
    rows_.put(std::string_view(contract.symbol))
        .put(kind_ == "openinterest" ? std::string_view("open_interest") : kind_);
    rows_.put(seconds_).put(stamp.session).put(times.start).put(std::string_view(contract.underlying));
    rows_.put(contract.expiry).put(contract.is_call ? std::string_view("call") : std::string_view("put"));
    rows_.put(std::string_view(contract.style)).put(contract.strike);
    trade.put(rows_);
    bid.put(rows_);
    ask_side.put(rows_);
    rows_.put(open_interest).end({times.end, times.end, true}, line);
    return "";
  }

  const Response& response_;
  std::string_view kind_;
  std::int64_t seconds_;
  std::optional<Date> day_;
  const Calendar* calendar_;
  RowWriter rows_;
};

Result<Parsed> parse(const Response& response) {
  Verdict verdict = by_status(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  LODE_CHECK(check_body(kZip, "", response.body));
  LODE_TRY(const std::vector<ZipFile> files, read_zip(response.body));
  Parsed out = only_verdict(response, {});
  Reader reader(response);
  for (const ZipFile& file : files) {
    reader.read(file, out);
  }
  out.verdict = verdict_of(reader.rows(), "the archive has no rows");
  if (reader.rows() > 0) {
    out.tables.push_back(reader.take());
  }
  return out;
}

}  // namespace
}  // namespace source::lean

const source::Source& source_lean_options() {
  static const source::Source kSource{source::lean::spec(), source::lean::plan, source::lean::parse};
  return kSource;
}

}  // namespace lode
