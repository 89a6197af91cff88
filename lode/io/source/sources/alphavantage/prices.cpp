// Alpha Vantage's bars of one symbol, raw, newest first, in New York's time. The key stands in the address. A refusal
// comes with 200 and words in place of rows, also where CSV was asked.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/text.h"
#include "lode/io/source/collect/json_document.h"
#include "lode/io/source/edgar/eastern.h"
#include "lode/io/source/parts/price_rows.h"

namespace lode {
namespace source::alphavantage {
namespace {

constexpr std::string_view kPace = "alphavantage.co";

const BodyContract kContract{.name = "Alpha Vantage",
                             .types = {"application/json", "text/json", "text/plain"},
                             .begins = {"{"},
                             .ends = "}",
                             .most_bytes = std::size_t{64} << 20};

const Spec& spec() {
  static const Spec kSpec{
      .name = "alphavantage",
      .summary = "raw bars of a symbol by minute or day",
      .names = "symbols as Alpha Vantage spells them: IBM, BRK-B",
      .kinds = "one interval: 1d (standard), 60m, 30m, 15m, 5m, 1m",
      .tables = {"bars", "instruments", "symbols"},
      .settings = {{"alphavantage.base_url", "https://www.alphavantage.co", "host that is asked; a mirror or a proxy"},
                   {"alphavantage.key", "", "API key, free at https://www.alphavantage.co/support", true, true},
                   {"alphavantage.mic", std::string_view(kNoMic), "exchange the symbols are filed under"}},
      .paces = {{kPace, 5.0 / 60, 1.25, 60}},
      .example = "lode data fetch alphavantage --symbols IBM --kinds 1d",
      .terms = "Alpha Vantage; a free key, 5 requests a minute and few a day; the full daily history may need a plan"};
  return kSpec;
}

constexpr std::array<std::string_view, 6> kIntervals = {"1d", "60m", "30m", "15m", "5m", "1m"};

Result<Plan> plan(const FetchRequest& request, const Cursor& cursor, Time) {
  LODE_CHECK(check_settings(spec(), request));
  const std::string interval = request.kinds.empty() ? "1d" : request.kinds.front();
  if (std::ranges::find(kIntervals, interval) == kIntervals.end() || request.kinds.size() > 1) {
    return fail(E::E6208, fmt::format("{} is no interval of Alpha Vantage's; there are 1d, 60m, 30m, 15m, 5m and 1m",
                                      quote(join(request.kinds, ","))));
  }
  if (request.names.empty()) {
    return fail(E::E6208, "Alpha Vantage is asked symbol by symbol, and none is named", "--symbols IBM");
  }
  const std::string key(request.setting(spec(), "alphavantage.key"));
  Plan out;
  for (const std::string& name : request.names) {
    std::string symbol;
    if (!normalize_symbol(name, symbol)) {
      return fail(E::E6208, fmt::format("{} is no symbol", quote(name)));
    }
    const bool is_known = cursor.state.find(fmt::format("{} {}", symbol, interval)) != nullptr;
    const bool is_daily = interval == "1d";
    const std::string what =
        is_daily ? std::string("TIME_SERIES_DAILY")
                 : fmt::format("TIME_SERIES_INTRADAY&interval={}in&adjusted=false&extended_hours=false", interval);
    out.requests.push_back(
        get_request(spec(), request, "alphavantage.base_url",
                    fmt::format("/query?function={}&symbol={}&outputsize={}&datatype=json&apikey={}", what,
                                escape_url(symbol), is_known || request.from ? "compact" : "full", escape_url(key)),
                    kPace, &kContract, "bars"));
    Request& asked = out.requests.back();
    asked.http.secrets = {key, escape_url(key)};
    asked.http.redirects = 0;
    asked.about.set("symbol", symbol);
    asked.about.set("interval", interval);
    asked.about.set("mic", request.setting(spec(), "alphavantage.mic"));
    for (const auto& [word, day] : {std::pair{"from", request.from}, {"to", request.to}}) {
      if (day) {
        asked.about.set(word, to_string(*day));
      }
    }
  }
  return out;
}

// Words in place of rows: a limit, a plan, a key or a symbol.
std::optional<Verdict> refusal(JsonElement root) {
  for (const std::string_view key : {"Note", "Information"}) {
    if (const auto words = json_text(root, key)) {
      const bool is_plan = words->find("premium") != std::string_view::npos &&
                           words->find("rate limit") == std::string_view::npos &&
                           words->find("requests per") == std::string_view::npos;
      return Verdict{is_plan ? ResponseClass::kDenied : ResponseClass::kThrottled, std::string(words->substr(0, 200)),
                     std::nullopt};
    }
  }
  if (const auto words = json_text(root, "Error Message")) {
    const bool is_key = words->find("apikey") != std::string_view::npos;
    return Verdict{is_key ? ResponseClass::kDenied : ResponseClass::kAbsent, std::string(words->substr(0, 200)),
                   std::nullopt};
  }
  return std::nullopt;
}

double number(JsonElement bar, std::string_view key) {
  double out = std::numeric_limits<double>::quiet_NaN();
  const auto text = json_text(bar, key);
  return text && parse_double(*text, out) ? out : std::numeric_limits<double>::quiet_NaN();
}

// "2024-06-28" or "2024-06-28 15:55:00" on New York's clock. The stamp is taken as the bar's start: were it its end,
// the bar would be known late, never early.
bool read_stamp(std::string_view stamp, const Calendar* calendar, FeedBar& out) {
  if (!try_parse_date(stamp.substr(0, 10), out.session)) {
    return false;
  }
  if (out.interval_seconds == 0) {
    const bool is_session = calendar != nullptr && out.session >= calendar->first() &&
                            out.session <= calendar->last() && calendar->is_session(out.session);
    out.start = is_session ? calendar->open(out.session) : edgar::eastern(out.session, 0);
    out.end = is_session ? calendar->close(out.session) : edgar::eastern_end(out.session);
    return stamp.size() == 10;
  }
  const auto as_utc = read_rfc3339(std::string(stamp) + "Z");
  if (!as_utc || stamp.size() != 19) {
    return false;
  }
  const std::int64_t seconds = (as_utc->nanos - start_of_day(out.session).nanos) / kNanosPerSecond;
  out.start = edgar::eastern(out.session, seconds);
  out.end = Time{out.start.nanos + out.interval_seconds * kNanosPerSecond};
  return true;
}

Result<simdjson::dom::object> series_of(JsonElement root) {
  simdjson::dom::object members;
  if (root.get(members) == simdjson::SUCCESS) {
    for (const auto field : members) {
      simdjson::dom::object series;
      if (field.key.starts_with("Time Series") && field.value.get(series) == simdjson::SUCCESS) {
        return series;
      }
    }
  }
  return fail(E::E6206, "an answer of Alpha Vantage without a Time Series");
}

Result<void> check_meta(JsonElement root, std::string_view symbol) {
  const auto meta = json_member(root, "Meta Data");
  const auto told = meta ? json_text(*meta, "2. Symbol") : std::nullopt;
  if (!told || upper(*told) != symbol) {
    return fail(E::E6206, fmt::format("Alpha Vantage tells of {} where {} was asked", quote(told.value_or("nothing")),
                                      quote(symbol)));
  }
  for (const std::string_view key : {"5. Time Zone", "6. Time Zone"}) {
    const auto zone = json_text(*meta, key);
    if (zone && *zone != "US/Eastern" && *zone != "America/New_York") {
      return fail(E::E6206, fmt::format("Alpha Vantage's times are of {}: expected US/Eastern", quote(*zone)));
    }
  }
  return {};
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = by_status(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  LODE_CHECK(check_body(kContract, media_type(response), response.body));
  LODE_TRY(const JsonDocument json, JsonDocument::read(response.body, "Alpha Vantage"));
  if (auto refused = refusal(json.root())) {
    return only_verdict(response, std::move(*refused));
  }
  const std::string symbol(about_text(response.asked, "symbol"));
  const std::string_view interval = about_text(response.asked, "interval");
  const auto seconds = read_interval(interval);
  if (!seconds) {
    return fail(E::E6208, "bars were asked without their interval");
  }
  LODE_CHECK(check_meta(json.root(), symbol));
  LODE_TRY(const simdjson::dom::object series, series_of(json.root()));
  const auto found = find_calendar("XNYS");
  const Calendar* calendar = found ? *found : nullptr;
  const std::string_view told = about_text(response.asked, "mic");
  const std::string mic(told.empty() ? kNoMic : told);
  const Provenance from = provenance_of(response, spec());
  FeedBars bars(from, response.received_at, *seconds == 0 ? calendar : nullptr);
  FeedNames names("alphavantage", "equity");
  Parsed out = only_verdict(response, {});
  const auto first = about_date(response.asked, "from");
  const auto last = about_date(response.asked, "to");
  Date newest;
  for (const auto field : series) {
    FeedBar bar{
        .id = instrument_id(mic, symbol), .symbol = symbol, .interval_seconds = *seconds, .line = ++out.records};
    if (!read_stamp(field.key, calendar, bar)) {
      out.rejected.push_back(bad_record(bar.line, "the stamp is no time", field.key, symbol));
      continue;
    }
    if ((first && bar.session < *first) || (last && bar.session > *last)) {
      continue;
    }
    bar.open = number(field.value, "1. open");
    bar.high = number(field.value, "2. high");
    bar.low = number(field.value, "3. low");
    bar.close = number(field.value, "4. close");
    bar.volume = number(field.value, "5. volume");
    bars.add(bar, out.rejected);
    names.add({bar.id, mic, symbol, symbol, "", bar.session, bar.session});
    newest = std::max(newest, bar.session);
  }
  out.verdict = verdict_of(bars.rows(), "Alpha Vantage has no bars there");
  if (bars.rows() > 0) {
    out.next.state.set(fmt::format("{} {}", symbol, interval), to_string(newest));
    out.tables.push_back(bars.take());
    names.finish(from, response.received_at, out);
  }
  return out;
}

}  // namespace
}  // namespace source::alphavantage

const source::Source& source_alphavantage_prices() {
  static const source::Source kSource{source::alphavantage::spec(), source::alphavantage::plan,
                                      source::alphavantage::parse};
  return kSource;
}

}  // namespace lode
