// Alpaca's bars of US stocks: raw prices, page after page until its token is null. `t` is the start of a bar in UTC; of
// a day's bar it is midnight in New York.
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
namespace source::alpaca {
namespace {

constexpr std::string_view kPace = "alpaca.markets";
constexpr std::size_t kSymbolsARequest = 100;
constexpr int kFirstDays = 366 * 6;  // Asked when nothing is said: what the free plan holds.

struct Frame {
  std::string_view name;    // Ours.
  std::string_view theirs;  // Alpaca's.
};
constexpr std::array<Frame, 6> kFrames = {
    {{"1d", "1Day"}, {"1h", "1Hour"}, {"30m", "30Min"}, {"15m", "15Min"}, {"5m", "5Min"}, {"1m", "1Min"}}};

const BodyContract kContract{.name = "Alpaca bars",
                             .types = {"application/json"},
                             .begins = {"{"},
                             .needs = {"\"bars\""},
                             .ends = "}",
                             .most_bytes = std::size_t{64} << 20};

const Spec& spec() {
  static const Spec kSpec{
      .name = "alpaca",
      .summary = "raw bars of US stocks by minute, hour and day",
      .names = "symbols as Alpaca spells them: AAPL, BRK.B",
      .kinds = "one interval: 1d (standard), 1h, 30m, 15m, 5m, 1m",
      .tables = {"bars", "instruments", "symbols"},
      .settings = {{"alpaca.data_url", "https://data.alpaca.markets", "host of the prices; a mirror or a proxy"},
                   {"alpaca.key", "", "key id of an account, free at https://alpaca.markets", true, true},
                   {"alpaca.secret", "", "secret of that key", true, true},
                   {"alpaca.feed", "iex", "iex (free: one exchange's trades) or sip (paid: all trades)"},
                   {"alpaca.mic", std::string_view(kNoMic),
                    "exchange the symbols are filed under: Alpaca's bars tell none"}},
      .paces = {{kPace, 3, 16, 60}},
      .example = "lode data fetch alpaca --symbols AAPL,MSFT --from 2024-01-01",
      .terms = "Alpaca; a free account, personal use, no redistribution; the last 15 minutes of sip need a paid plan"};
  return kSpec;
}

const Frame* find_frame(std::string_view name) {
  const auto found = std::ranges::find(kFrames, name, &Frame::name);
  return found == kFrames.end() ? nullptr : &*found;
}

Request bars_request(const FetchRequest& request, const std::vector<std::string>& symbols, const Frame& frame,
                     Date from, Date to) {
  const std::string names = join(symbols, ",");
  Request out = get_request(
      spec(), request, "alpaca.data_url",
      fmt::format("/v2/stocks/bars?symbols={}&timeframe={}&start={}&end={}&limit=10000&adjustment=raw&feed={}&sort=asc",
                  escape_url(names), frame.theirs, to_string(from), to_string(to),
                  escape_url(request.setting(spec(), "alpaca.feed"))),
      kPace, &kContract, "bars");
  const std::string key(request.setting(spec(), "alpaca.key"));
  const std::string secret(request.setting(spec(), "alpaca.secret"));
  out.http.headers.emplace_back("APCA-API-KEY-ID", key);
  out.http.headers.emplace_back("APCA-API-SECRET-KEY", secret);
  out.http.secrets = {key, secret};
  out.http.redirects = 0;  // The keys go nowhere else.
  out.about.set("interval", frame.name);
  out.about.set("symbols", text_list(symbols));
  out.about.set("name", join_some(symbols));
  out.about.set("mic", request.setting(spec(), "alpaca.mic"));
  out.about.set("to", to_string(to));
  return out;
}

Result<Plan> plan(const FetchRequest& request, const Cursor& cursor, Time now) {
  LODE_CHECK(check_settings(spec(), request));
  const Frame* frame = find_frame(request.kinds.empty() ? "1d" : request.kinds.front());
  if (frame == nullptr || request.kinds.size() > 1) {
    return fail(E::E6208,
                fmt::format("{} is no interval of Alpaca's; there are 1d, 1h, 30m, 15m, 5m and 1m",
                            quote(join(request.kinds, ","))),
                "--kinds 1d");
  }
  if (request.names.empty()) {
    return fail(E::E6208, "Alpaca is asked symbol by symbol, and none is named", "--symbols AAPL,MSFT");
  }
  const std::string_view feed = request.setting(spec(), "alpaca.feed");
  if (feed != "iex" && feed != "sip") {
    return fail(E::E6208, fmt::format("alpaca.feed is {}: expected iex or sip", quote(feed)));
  }
  const Date today = utc_date(now);
  const Date to = request.to.value_or(today);
  Plan out;
  std::map<Date, std::vector<std::string>> by_start;  // One request asks one span for many symbols.
  for (const std::string& symbol : request.names) {
    std::string normal;
    if (!normalize_symbol(symbol, normal)) {
      return fail(E::E6208, fmt::format("{} is no symbol", quote(symbol)));
    }
    Date from = request.from.value_or(today - kFirstDays);
    const Value* last = cursor.state.find(fmt::format("{} {}", normal, frame->name));
    Date seen;
    if (!request.from && last != nullptr && last->is_text() && try_parse_date(last->as_text(), seen)) {
      from = seen - 5;  // The gap, and the bars that may have been corrected since.
    }
    if (from > to) {
      return fail(E::E6208, fmt::format("the span {} to {} ends before it begins", to_string(from), to_string(to)));
    }
    by_start[from].push_back(normal);
  }
  for (const auto& [from, symbols] : by_start) {
    for (std::size_t i = 0; i < symbols.size(); i += kSymbolsARequest) {
      const auto end = symbols.begin() + static_cast<std::ptrdiff_t>(std::min(symbols.size(), i + kSymbolsARequest));
      out.requests.push_back(
          bars_request(request, {symbols.begin() + static_cast<std::ptrdiff_t>(i), end}, *frame, from, to));
    }
  }
  return out;
}

// {"code":40010001,"message":"..."}; "" when there are no such words.
std::string error_words(const Response& response) {
  const auto json = JsonDocument::read(response.body, "Alpaca");
  return json ? std::string(json_text(json->root(), "message").value_or("")) : "";
}

Verdict judge(const Response& response) {
  Verdict out = by_status(response);
  if (out.kind == ResponseClass::kDenied) {
    const std::string words = error_words(response);
    out.reason = words.empty() ? out.reason : words;
  }
  return out;
}

struct Answer {
  const Response& response;
  std::int64_t seconds = 0;
  std::string mic;
  const Calendar* calendar = nullptr;  // New York's: of every US stock.
};

double number(JsonElement bar, std::string_view key) {
  double out = std::numeric_limits<double>::quiet_NaN();
  const auto member = json_member(bar, key);
  return member && member->get(out) == simdjson::SUCCESS ? out : std::numeric_limits<double>::quiet_NaN();
}

// False when it has no readable time.
bool read_bar(JsonElement element, const Answer& answer, FeedBar& out) {
  const auto start = read_rfc3339(json_text(element, "t").value_or(""));
  if (!start) {
    return false;
  }
  out.session = edgar::eastern_date(*start);
  out.interval_seconds = answer.seconds;
  out.start = *start;
  out.end = Time{start->nanos + answer.seconds * kNanosPerSecond};
  const bool is_covered =
      answer.calendar != nullptr && out.session >= answer.calendar->first() && out.session <= answer.calendar->last();
  if (answer.seconds == 0) {
    out.end = is_covered && answer.calendar->is_session(out.session) ? answer.calendar->close(out.session)
                                                                     : edgar::eastern_end(out.session);
    out.start = is_covered && answer.calendar->is_session(out.session) ? answer.calendar->open(out.session) : *start;
  }
  out.open = number(element, "o");
  out.high = number(element, "h");
  out.low = number(element, "l");
  out.close = number(element, "c");
  out.volume = number(element, "v");
  out.vwap = number(element, "vw");
  out.trades = json_int(element, "n");
  return true;
}

void read_symbol(std::string_view symbol, const simdjson::dom::array& list, const Answer& answer, FeedBars& bars,
                 FeedNames& names, Parsed& out) {
  std::string normal;
  if (!normalize_symbol(symbol, normal)) {
    out.rejected.push_back(bad_record(out.records + 1, fmt::format("{} is no symbol", quote(symbol)), symbol));
    return;
  }
  const InstrumentId id = instrument_id(answer.mic, normal);
  std::optional<Date> first, last;
  for (const JsonElement element : list) {
    FeedBar bar{.id = id, .symbol = normal, .line = ++out.records};
    if (!read_bar(element, answer, bar)) {
      out.rejected.push_back(bad_record(bar.line, "t is no time", simdjson::minify(element).substr(0, 200), normal));
      continue;
    }
    bars.add(bar, out.rejected);
    first = first ? std::min(*first, bar.session) : bar.session;
    last = last ? std::max(*last, bar.session) : bar.session;
  }
  if (first) {
    names.add({id, answer.mic, normal, std::string(symbol), "USD", *first, *last});
    out.next.state.set(fmt::format("{} {}", normal, about_text(answer.response.asked, "interval")), to_string(*last));
  }
}

// Behind the last page: of a symbol that it does not know Alpaca says nothing at all. One whose bars came before, by
// this walk or an earlier fetch, is known.
void tell_missing(const Answer& answer, Parsed& out) {
  const Request& asked = answer.response.asked;
  const std::vector<std::string> symbols = texts_about(asked, "symbols");
  for (const std::string& symbol : symbols) {
    if (out.next.state.find(fmt::format("{} {}", symbol, about_text(asked, "interval"))) == nullptr) {
      out.missing.push_back({symbol, {ResponseClass::kAbsent, "Alpaca has no bars of such a symbol there", {}}});
    }
  }
  if (out.missing.size() == symbols.size()) {
    out.missing.clear();
    out.verdict.reason = fmt::format("Alpaca has no bars of {} there", join_some(symbols));
  } else if (out.verdict.kind == ResponseClass::kEmpty) {
    out.verdict.kind = ResponseClass::kNotModified;  // The pages before had them.
  }
}

// The same question with the token of the next page.
void follow_page(const Response& response, std::string_view token, Parsed& out) {
  Request next = response.asked;
  const std::size_t at = next.http.url.find("&page_token=");
  next.http.url.resize(std::min(at, next.http.url.size()));
  next.http.url += "&page_token=" + escape_url(token);
  out.follow.push_back(std::move(next));
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = judge(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  LODE_CHECK(check_body(kContract, media_type(response), response.body));
  LODE_TRY(const JsonDocument json, JsonDocument::read(response.body, "Alpaca bars"));
  const auto seconds = read_interval(about_text(response.asked, "interval"));
  if (!seconds) {
    return fail(E::E6208, "bars were asked without their interval");
  }
  Answer answer{.response = response, .seconds = *seconds, .mic = std::string(about_text(response.asked, "mic"))};
  answer.mic = answer.mic.empty() ? std::string(kNoMic) : answer.mic;
  if (const auto calendar = find_calendar("XNYS")) {
    answer.calendar = *calendar;
  }
  const auto by_symbol = json_object(json.root(), "bars");
  const auto member = json_member(json.root(), "bars");
  if (!by_symbol && member) {
    return fail(E::E6206, "Alpaca's bars are no object: expected {symbol: [bars]}");
  }
  Parsed out = only_verdict(response, {});
  const Provenance from = provenance_of(response, spec());
  FeedBars bars(from, response.received_at, answer.seconds == 0 ? answer.calendar : nullptr);
  FeedNames names("alpaca", "equity");
  if (by_symbol) {
    const std::vector<std::string> asked = texts_about(response.asked, "symbols");
    for (const auto field : *by_symbol) {
      if (std::ranges::find(asked, upper(field.key)) == asked.end()) {
        return fail(E::E6206, fmt::format("Alpaca's bars of {} where {} was asked", quote(field.key), join_some(asked)),
                    "the body is kept aside; what was stored before stays");
      }
      simdjson::dom::array list;
      if (field.value.get(list) != simdjson::SUCCESS) {
        return fail(E::E6206, fmt::format("Alpaca's bars of {} are no list", quote(field.key)));
      }
      read_symbol(field.key, list, answer, bars, names, out);
    }
  }
  const auto token = json_text(json.root(), "next_page_token");
  if (token && !token->empty()) {
    const bool repeats = response.asked.http.url.ends_with("&page_token=" + escape_url(*token));
    if (repeats) {
      return fail(E::E6207, "Alpaca's page names itself as the next one");
    }
    follow_page(response, *token, out);
  }
  out.verdict = verdict_of(bars.rows() + static_cast<std::int64_t>(out.follow.size()), "Alpaca has no bars there");
  if (out.follow.empty()) {
    tell_missing(answer, out);
  }
  if (bars.rows() > 0) {
    out.tables.push_back(bars.take());
    names.finish(from, response.received_at, out);
  }
  return out;
}

}  // namespace
}  // namespace source::alpaca

const source::Source& source_alpaca_bars() {
  static const source::Source kSource{source::alpaca::spec(), source::alpaca::plan, source::alpaca::parse};
  return kSource;
}

}  // namespace lode
