// A data folder as QuantConnect's LEAN lays it out, at an address of files: raw bars in zips, one a ticker; map files,
// which tell the tickers a company had and when; factor files, from whose steps the splits and dividends follow.
// A ticker's zip can hold two companies: what lies outside the days that the map file gives its company belongs to who
// had the ticker before.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "lode/base/text.h"
#include "lode/io/source/edgar/eastern.h"
#include "lode/io/source/lean/layout.h"
#include "lode/io/source/parts/csv.h"
#include "lode/io/source/parts/price_rows.h"
#include "lode/io/source/parts/zip.h"

namespace lode {
namespace source::lean {
namespace {

constexpr std::string_view kStill = "2050-12-31";

const BodyContract kText{.name = "LEAN map or factor file", .most_bytes = std::size_t{16} << 20};

const Spec& spec() {
  static const Spec kSpec{
      .name = "lean",
      .summary = "raw bars, splits, dividends and ticker changes of a LEAN data folder",
      .names = "tickers of US stocks: aapl; or crypto pairs with their venue: coinbase/btcusd",
      .kinds = "one resolution: daily (standard), hour, minute, second (the last two want --from and --to)",
      .tables = {"bars", "actions", "instruments", "symbols"},
      .settings = lean_settings(),
      .paces = lean_paces(),
      .example = "lode data fetch lean --symbols aapl,wm",
      .terms = kTerms};
  return kSpec;
}

Result<void> ask_days(const FetchRequest& request, const Place& place, const std::string& resolution, Plan& out) {
  LODE_TRY(const std::vector<Date> days, days_asked(request, place.is_equity, resolution));
  for (const Date day : days) {
    out.requests.push_back(ask(spec(), request, place,
                               fmt::format("{}/{}/{}_trade.zip", resolution, place.spelling, stamp_of(day)), &kZip,
                               "day"));
    out.requests.back().about.set("day", to_string(day));
  }
  return {};
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  LODE_TRY(const std::string resolution, resolution_of(request, {"daily", "hour", "minute", "second"}, "daily"));
  if (request.names.empty()) {
    return fail(E::E6208, "a LEAN folder is asked ticker by ticker, and none is named", "--symbols aapl");
  }
  Plan out;
  for (const std::string& name : request.names) {
    LODE_TRY(const Place place, place_of(name));
    const std::size_t begin = out.requests.size();
    if (resolution == "minute" || resolution == "second") {
      LODE_CHECK(ask_days(request, place, resolution, out));
    } else if (place.is_equity) {
      out.requests.push_back(
          ask(spec(), request, place, fmt::format("map_files/{}.csv", place.spelling), &kText, "map"));
      out.requests.back().about.set("base",
                                    get_request(spec(), request, "lean.base_url", "", kPaceName, nullptr, "").http.url);
    } else {
      out.requests.push_back(
          ask(spec(), request, place, fmt::format("{}/{}_trade.zip", resolution, place.spelling), &kZip, "bars"));
    }
    for (std::size_t i = begin; i < out.requests.size(); ++i) {
      Value& about = out.requests[i].about;
      about.set("resolution", resolution);
      if (request.from) {
        about.set("from", to_string(*request.from));
      }
      if (request.to) {
        about.set("to", to_string(*request.to));
      }
    }
  }
  return out;
}

// One line of a map file: the ticker up to a day, behind the line before.
struct Spelling {
  Date until;
  std::string name;  // Lower case.
  std::string_view mic;
};

std::string_view mic_of(std::string_view code) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kCodes = {
      {{"N", "XNYS"}, {"Q", "XNAS"}, {"P", "ARCX"}, {"A", "XASE"}, {"Z", "BATS"}}};
  const auto found = std::ranges::find(kCodes, code, &std::pair<std::string_view, std::string_view>::first);
  return found == kCodes.end() ? kNoMic : found->second;
}

Result<std::vector<Spelling>> read_map(std::string_view body) {
  std::vector<Spelling> out;
  for (const CsvRow& row : read_csv(body)) {
    Spelling line;
    std::string normal;
    if (row.cells.size() < 2 || !try_parse_date(row.cells[0], line.until) || !normalize_symbol(row.cells[1], normal) ||
        (!out.empty() && line.until < out.back().until)) {
      return fail(E::E6206, fmt::format("line {} of a LEAN map file reads {}: expected day,ticker[,exchange], by days",
                                        row.line, quote(row.text)));
    }
    line.name = lower(row.cells[1]);
    line.mic = mic_of(row.cells.size() > 2 ? std::string_view(row.cells[2]) : std::string_view());
    out.push_back(std::move(line));
  }
  if (out.size() < 2) {
    return fail(E::E6206, "a LEAN map file of less than two lines: expected a first and a last day");
  }
  return out;
}

bool is_still(Date day) { return to_string(day) >= kStill; }

// Asks the zips of all tickers the company had, and its factors; tells its names.
Result<Parsed> take_map(const Response& response) {
  LODE_TRY(const std::vector<Spelling> map, read_map(response.body));
  const std::string base(about_text(response.asked, "base"));
  const std::string folder(about_text(response.asked, "folder"));
  const std::string first_symbol = upper(map.front().name);
  const std::string_view mic = map.back().mic;
  const InstrumentId id = instrument_id(mic, first_symbol);
  Parsed out = only_verdict(response, {});
  out.records = static_cast<std::int64_t>(map.size());
  RowWriter symbols("symbols", provenance_of(response, spec()));
  Date begin = map.front().until;
  for (std::size_t i = 1; i < map.size(); ++i) {
    std::size_t last = i;
    while (last + 1 < map.size() && map[last + 1].name == map[i].name) {
      ++last;
    }
    Request bars = response.asked;
    bars.http.url = fmt::format("{}/{}/{}/{}.zip", base, folder, about_text(response.asked, "resolution"), map[i].name);
    bars.contract = &kZip;
    bars.part = "bars";
    for (const auto& [key, value] :
         std::vector<std::pair<std::string_view, std::string>>{{"ticker", map[i].name},
                                                               {"symbol", first_symbol},
                                                               {"mic", std::string(mic)},
                                                               {"listed", to_string(map.front().until)},
                                                               {"delisted", to_string(map.back().until)},
                                                               {"begin", to_string(begin)},
                                                               {"end", to_string(map[last].until)}}) {
      bars.about.set(key, value);
    }
    bars.about.set("is_last", last + 1 == map.size());  // Read by is_former().
    out.follow.push_back(std::move(bars));
    symbols.put(id.value).put(std::string_view("lean")).put(std::string_view(map[i].name)).put(begin);
    is_still(map[last].until) ? symbols.put_null() : symbols.put(map[last].until);
    // True since that day, whenever it is asked: the same file again says nothing new.
    symbols.end({start_of_day(begin), response.received_at, false}, static_cast<std::int64_t>(i) + 1);
    begin = map[last].until + 1;
    i = last;
  }
  Request factors = response.asked;
  factors.http.url = fmt::format("{}/{}/factor_files/{}.csv", base, folder, about_text(response.asked, "ticker"));
  factors.part = "factors";
  factors.about.set("symbol", first_symbol);
  factors.about.set("mic", mic);
  out.follow.push_back(std::move(factors));
  if (symbols.rows() > 0) {
    out.tables.push_back(symbols.take());
  }
  return out;
}

// "0.2499998" is 1/4, "7.000001" is 7: splits are of small whole numbers, the file has seven digits of them.
double neat_ratio(double value) {
  for (int below = 1; below <= 100; ++below) {
    const double above = std::round(value * below);
    if (above >= 1 && std::abs(above / below / value - 1) < 2e-5) {
      return above / below;
    }
  }
  return value;
}

struct Factors {
  Date until;
  double price = 1, split = 1, reference = 0;
};

// The first session behind a day.
Date session_after(Date day, const Calendar* calendar) {
  if (calendar != nullptr && day >= calendar->first() && day + 10 < calendar->last()) {
    return calendar->next(day);
  }
  Date out = day + 1;
  while (out.weekday() > 4) {
    out = out + 1;
  }
  return out;
}

// A file holds all years; the days asked for are taken from it.
bool is_asked(const Response& response, Date day) {
  const auto from = about_date(response.asked, "from");
  const auto to = about_date(response.asked, "to");
  return (!from || day >= *from) && (!to || day <= *to);
}

Result<Parsed> take_factors(const Response& response) {
  std::vector<Factors> list;
  Parsed out = only_verdict(response, {});
  for (const CsvRow& row : read_csv(response.body)) {
    Factors line;
    ++out.records;
    if (row.cells.size() < 3 || !try_parse_date(row.cells[0], line.until) || !parse_double(row.cells[1], line.price) ||
        !parse_double(row.cells[2], line.split) || !(line.price > 0) || !(line.split > 0) ||
        !std::isfinite(line.price * line.split) || (!list.empty() && line.until < list.back().until)) {
      return fail(E::E6206, fmt::format("line {} of a LEAN factor file reads {}: expected day,price factor,split "
                                        "factor[,reference price], by days",
                                        row.line, quote(row.text)));
    }
    if (row.cells.size() > 3 && !parse_double(row.cells[3], line.reference)) {
      line.reference = 0;
    }
    list.push_back(line);
  }
  const std::string_view mic = about_text(response.asked, "mic");
  const InstrumentId id = instrument_id(mic, about_text(response.asked, "symbol"));
  const Calendar* calendar = calendar_of(mic);
  RowWriter actions("actions", provenance_of(response, spec()));
  const double none = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i + 1 < list.size(); ++i) {
    const Date day = session_after(list[i].until, calendar);
    const auto write = [&](std::string_view kind, double ratio, double amount) {
      if (!is_asked(response, day)) {
        return;
      }
      const Time known = edgar::eastern(day, 0);
      actions.put(id.value).put(day).put(kind).put(std::int64_t{0}).put(ratio).put(amount);
      std::isnan(amount) ? actions.put_null() : actions.put(std::string_view("USD"));
      actions.put_null().put_null().end({known, known, true}, static_cast<std::int64_t>(i) + 1);
    };
    const double split = neat_ratio(list[i + 1].split / list[i].split);
    if (std::abs(split - 1) > 1e-6) {
      write("split", split, none);
    }
    const double kept = list[i].price / list[i + 1].price;
    if (std::abs(kept - 1) <= 1e-9) {
      continue;
    }
    if (kept > 1 || list[i].reference <= 1) {
      out.rejected.push_back(bad_record(static_cast<std::int64_t>(i) + 1,
                                        "a step of the price factor without a price, or upwards",
                                        fmt::format("{} {}", to_string(list[i].until), list[i].price)));
      continue;
    }
    write("dividend", none, (1 - kept) * list[i].reference);
  }
  out.verdict = verdict_of(static_cast<std::int64_t>(list.size()), "the factor file is empty");
  if (actions.rows() > 0) {
    out.tables.push_back(actions.take());
  }
  return out;
}

struct Holder {
  std::string mic, symbol;
  Date begin, end;        // Days on which the rows are the company's.
  Date listed, delisted;  // Under its first ticker, and its last one; whichever file it is read from.
  bool is_known = false;
};

struct Answer {
  const Response& response;
  bool is_equity = true;
  std::int64_t seconds = 0;  // Of a bar.
  std::optional<Date> day;
  std::string spelling;
  Holder holder;
  const Calendar* calendar = nullptr;
};

// "" or what the row lacks.
std::string read_bar(const CsvRow& row, const Answer& answer, FeedBar& out) {
  Stamp stamp;
  std::array<double, 5> cells{};
  bool is_good = row.cells.size() >= 6 && read_stamp(row.cells[0], answer.day, stamp);
  for (std::size_t i = 0; is_good && i < cells.size(); ++i) {
    is_good = parse_double(row.cells[i + 1], cells[i]);
  }
  if (!is_good) {
    return "expected a time, open, high, low, close and volume";
  }
  const double scale = answer.is_equity ? kScale : 1;
  out.interval_seconds = answer.seconds;
  out.open = cells[0] / scale;
  out.high = cells[1] / scale;
  out.low = cells[2] / scale;
  out.close = cells[3] / scale;
  out.volume = cells[4];
  out.session = stamp.session;
  const Times times = times_of(stamp, answer.seconds, answer.is_equity, answer.calendar);
  out.start = times.start;
  out.end = times.end;
  return "";
}

Result<Parsed> take_bars(const Answer& answer) {
  LODE_TRY(const ZipFile file, read_zipped(answer.response.body, ".csv"));
  Parsed out = only_verdict(answer.response, {});
  const Provenance from = provenance_of(answer.response, spec());
  FeedBars bars(from, answer.response.received_at, answer.seconds == 0 ? answer.calendar : nullptr);
  FeedNames names("lean", answer.is_equity ? "equity" : "crypto");
  const std::string currency = answer.is_equity ? "USD" : "";
  for (const CsvRow& row : read_csv(file.bytes)) {
    ++out.records;
    FeedBar bar{.symbol = answer.spelling, .line = row.line};
    std::string lacks = read_bar(row, answer, bar);
    if (!lacks.empty()) {
      out.rejected.push_back(bad_record(row.line, std::move(lacks), row.text, answer.spelling));
      continue;
    }
    const Holder& holder = answer.holder;
    const bool is_own = !holder.is_known || (bar.session >= holder.begin && bar.session <= holder.end);
    const std::string symbol = is_own ? holder.symbol : upper(answer.spelling);
    bar.id = instrument_id(holder.mic, symbol);
    if (!is_own && (bar.session > holder.end || symbol == holder.symbol)) {
      continue;  // Who has the ticker since then, or had it between, is told by that ticker's own map file.
    }
    if (is_asked(answer.response, bar.session)) {
      bars.add(bar, out.rejected);
    }
    if (is_own && holder.is_known) {  // The map file tells its days and spellings.
      names.add(
          {bar.id, holder.mic, symbol, "", currency, holder.listed, holder.delisted, !is_still(holder.delisted), true});
    } else {
      names.add({bar.id, holder.mic, symbol, answer.spelling, currency, bar.session, bar.session, !is_own});
    }
  }
  out.verdict = verdict_of(bars.rows(), "the file has no bars");
  if (bars.rows() > 0) {
    out.tables.push_back(bars.take());
    names.finish(from, answer.response.received_at, out);
  }
  return out;
}

// Bars under a ticker that the company gave up: folders often hold only those of the newest one.
bool is_former(const Request& asked) {
  const Value* is_last = asked.about.find("is_last");
  return asked.part == "bars" && is_last != nullptr && is_last->is_bool() && !is_last->as_bool();
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = by_status(response);
  if (verdict.kind == ResponseClass::kAbsent && is_former(response.asked)) {
    verdict = {ResponseClass::kNotModified,
               fmt::format("the folder has no file of its former ticker {}", about_text(response.asked, "ticker")),
               {}};
  }
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  const std::string& part = response.asked.part;
  LODE_CHECK(check_body(part == "bars" || part == "day" ? kZip : kText, "", response.body));
  if (part == "map") {
    return take_map(response);
  }
  if (part == "factors") {
    return take_factors(response);
  }
  const std::string_view resolution = about_text(response.asked, "resolution");
  Answer answer{.response = response, .spelling = std::string(about_text(response.asked, "ticker"))};
  answer.is_equity = about_text(response.asked, "folder").starts_with("equity");
  answer.seconds = seconds_of(resolution);
  answer.day = about_date(response.asked, "day");
  const std::string_view mic = about_text(response.asked, "mic");
  answer.holder.mic = mic.empty() ? kNoMic : mic;
  const std::string_view symbol = about_text(response.asked, "symbol");
  answer.holder.symbol = symbol.empty() ? upper(answer.spelling) : std::string(symbol);
  answer.holder.begin = about_date(response.asked, "begin").value_or(Date{});
  answer.holder.end = about_date(response.asked, "end").value_or(Date{});
  answer.holder.is_known = !symbol.empty();
  answer.holder.listed = about_date(response.asked, "listed").value_or(answer.holder.begin);
  answer.holder.delisted = about_date(response.asked, "delisted").value_or(answer.holder.end);
  answer.calendar = answer.is_equity ? calendar_of(answer.holder.mic) : nullptr;
  return take_bars(answer);
}

}  // namespace
}  // namespace source::lean

const source::Source& source_lean_folder() {
  static const source::Source kSource{source::lean::spec(), source::lean::plan, source::lean::parse};
  return kSource;
}

}  // namespace lode
