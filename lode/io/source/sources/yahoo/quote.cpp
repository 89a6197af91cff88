// Yahoo's quotes: last, bid and ask of symbols now. They want a cookie and a crumb; a symbol Yahoo does not know is
// simply absent from the answer.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "lode/base/text.h"
#include "lode/io/source/collect/json_document.h"
#include "lode/io/source/parts/ask.h"
#include "lode/io/source/yahoo/answers.h"
#include "lode/io/source/yahoo/crumb.h"
#include "lode/io/source/yahoo/numbers.h"

namespace lode {
namespace source::yahoo_quote {
namespace {

constexpr std::size_t kSymbolsARequest = 50;

const BodyContract kContract{.name = "Yahoo quote",
                             .types = {"application/json", "text/json", "text/plain"},
                             .begins = {"{"},
                             .needs = {"\"quoteResponse\""},
                             .ends = "}",
                             .most_bytes = std::size_t{64} << 20};

const Spec& spec() {
  static const Spec kSpec{.name = "yahoo-quote",
                          .summary = "bid, ask, last price and market value of symbols now",
                          .names = "symbols as Yahoo spells them: AAPL, BRK-B, CBA.AX, BTC-USD",
                          .kinds = "",
                          .tables = {"quotes"},
                          .settings = yahoo::crumb_settings(),
                          .paces = yahoo::yahoo_paces(),
                          .example = "lode data fetch yahoo-quote --symbols AAPL,MSFT",
                          .terms = yahoo::yahoo_terms()};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  if (request.names.empty()) {
    return fail(E::E6208, "Yahoo is asked symbol by symbol, and none is named", "--symbols AAPL,MSFT");
  }
  std::vector<Request> wanted;
  for (std::size_t i = 0; i < request.names.size(); i += kSymbolsARequest) {
    const std::size_t end = std::min(request.names.size(), i + kSymbolsARequest);
    const std::vector<std::string> symbols(request.names.begin() + static_cast<std::ptrdiff_t>(i),
                                           request.names.begin() + static_cast<std::ptrdiff_t>(end));
    for (const std::string& symbol : symbols) {
      if (trim(symbol).empty() || symbol.size() > 64 || symbol.find(',') != std::string::npos) {
        return fail(E::E6208, fmt::format("{} is no symbol", quote(symbol)));
      }
    }
    wanted.push_back(get_request(spec(), request, "yahoo.base_url",
                                 "/v7/finance/quote?symbols=" + escape_url(join(symbols, ",")), yahoo::kPace,
                                 &kContract, "quote"));
    wanted.back().about.set("symbols", text_list(symbols));
    wanted.back().about.set("name", join_some(symbols));
  }
  return Plan{{yahoo::begin_crumb(spec(), request, wanted)}};
}

std::string_view state_of(std::string_view theirs) {
  return theirs.starts_with("PRE")    ? "pre"
         : theirs == "REGULAR"        ? "regular"
         : theirs.starts_with("POST") ? "post"
         : theirs == "CLOSED"         ? "closed"
                                      : "";
}

// "" or what the quote lacks.
std::string write_quote(JsonElement element, const Response& response, std::int64_t line, RowWriter& rows) {
  const std::string_view symbol = json_text(element, "symbol").value_or("");
  const std::string_view state = state_of(json_text(element, "marketState").value_or(""));
  std::optional<std::int64_t> stamp = json_int(element, "regularMarketTime");
  auto last = yahoo::price_member(element, "regularMarketPrice");
  const std::string outside = state == "pre" ? "preMarket" : "postMarket";
  const auto later = json_int(element, outside + "Time");
  const auto outside_price = yahoo::price_member(element, outside + "Price");
  if (later && outside_price && (!stamp || *later > *stamp)) {  // A trade outside the hours is the newer reading.
    stamp = later;
    last = outside_price;
  }
  const auto at = stamp ? time_of_seconds(*stamp) : std::nullopt;
  if (symbol.empty() || !at || !last) {
    return "no symbol, time or price";
  }
  const yahoo::Unit unit = yahoo::unit_of(json_text(element, "currency").value_or(""));
  const auto price = [&](std::optional<double> value) {
    return value ? std::optional(yahoo::major(*value, unit.per)) : std::nullopt;
  };
  rows.put(std::string_view("yahoo")).put(symbol).put(utc_date(*at)).put(*at);
  // Sizes come in lots whose measure is not told: they are left out.
  rows.put(price(yahoo::price_member(element, "bid"))).put_null();
  rows.put(price(yahoo::price_member(element, "ask"))).put_null();
  rows.put(price(last)).put(yahoo::number_member(element, "regularMarketVolume"));
  for (const char* key :
       {"regularMarketOpen", "regularMarketDayHigh", "regularMarketDayLow", "regularMarketPreviousClose"}) {
    rows.put(price(yahoo::price_member(element, key)));
  }
  rows.put(yahoo::price_member(element, "marketCap")).put_some(unit.currency).put_some(state);
  rows.end({*at, response.received_at, false}, line);
  return "";
}

Result<Parsed> parse(const Response& response) {
  if (auto step = yahoo::crumb_step(response)) {
    return std::move(*step);
  }
  Verdict verdict = yahoo::judge(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  LODE_CHECK(check_body(kContract, media_type(response), response.body));
  LODE_TRY(const JsonDocument json, JsonDocument::read(response.body, "Yahoo quote"));
  const auto answer = json_member(json.root(), "quoteResponse");
  const auto list = answer ? json_array(*answer, "result") : std::nullopt;
  if (!list) {
    return fail(E::E6206, "a Yahoo quote without quoteResponse.result");
  }
  Parsed out = only_verdict(response, {});
  RowWriter rows("quotes", provenance_of(response, spec()));
  std::vector<std::string> missing = texts_about(response.asked, "symbols");
  for (const JsonElement element : *list) {
    const std::string symbol(json_text(element, "symbol").value_or(""));
    std::erase_if(missing, [&](const std::string& asked) { return upper(asked) == upper(symbol); });
    std::string lacks = write_quote(element, response, ++out.records, rows);
    if (!lacks.empty()) {
      out.rejected.push_back(bad_record(out.records, std::move(lacks), symbol, symbol));
    }
  }
  if (out.records == 0) {
    out.verdict = {ResponseClass::kAbsent, fmt::format("Yahoo knows no symbol {}", join_some(missing)), {}};
    return out;
  }
  for (const std::string& symbol : missing) {
    out.missing.push_back({symbol, {ResponseClass::kAbsent, "Yahoo knows no such symbol", {}}});
  }
  out.verdict = verdict_of(rows.rows(), "Yahoo has no quote of any of these");
  if (rows.rows() > 0) {
    out.tables.push_back(rows.take());
  }
  return out;
}

}  // namespace
}  // namespace source::yahoo_quote

const source::Source& source_yahoo_quote() {
  static const source::Source kSource{source::yahoo_quote::spec(), source::yahoo_quote::plan,
                                      source::yahoo_quote::parse};
  return kSource;
}

}  // namespace lode
