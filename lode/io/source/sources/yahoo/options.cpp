// Yahoo's option chains: every contract of an expiry as listed now, with the volatility Yahoo computed. They want a
// cookie and a crumb.
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
namespace source::yahoo_options {
namespace {

const BodyContract kContract{.name = "Yahoo options",
                             .types = {"application/json", "text/json", "text/plain"},
                             .begins = {"{"},
                             .needs = {"\"optionChain\""},
                             .ends = "}",
                             .most_bytes = std::size_t{64} << 20};

const Spec& spec() {
  static const Spec kSpec{.name = "yahoo-options",
                          .summary = "option chains: bid, ask, open interest and volatility of every contract now",
                          .names = "symbols of the underlyings: AAPL, QQQ",
                          .kinds = "expiries: days as 2025-02-28, or all (standard: the nearest)",
                          .tables = {"option_quotes"},
                          .settings = yahoo::crumb_settings(),
                          .paces = yahoo::yahoo_paces(),
                          .example = "lode data fetch yahoo-options --symbols AAPL --kinds all",
                          .terms = yahoo::yahoo_terms()};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  if (request.names.empty()) {
    return fail(E::E6208, "options are asked by their underlying, and none is named", "--symbols AAPL");
  }
  for (const std::string& kind : request.kinds) {
    Date day;
    if (kind != "all" && !try_parse_date(kind, day)) {
      return fail(E::E6208, fmt::format("{} is no expiry: expected a day as 2025-02-28, or all", quote(kind)));
    }
  }
  std::vector<Request> wanted;
  for (const std::string& symbol : request.names) {
    if (trim(symbol).empty() || symbol.size() > 64) {
      return fail(E::E6208, fmt::format("{} is no symbol", quote(symbol)));
    }
    wanted.push_back(get_request(spec(), request, "yahoo.base_url", "/v7/finance/options/" + escape_url(symbol),
                                 yahoo::kPace, &kContract, "options"));
    wanted.back().about.set("symbol", symbol);
    wanted.back().about.set("expiries", text_list(request.kinds));
  }
  return Plan{{yahoo::begin_crumb(spec(), request, wanted)}};
}

// "" or what the contract lacks.
std::string write_contract(JsonElement element, std::string_view side, std::string_view underlying,
                           const Response& response, std::int64_t line, RowWriter& rows) {
  const std::string_view contract = json_text(element, "contractSymbol").value_or("");
  const auto expiry = json_int(element, "expiration");
  const auto day = expiry ? time_of_seconds(*expiry) : std::nullopt;
  const yahoo::Unit unit = yahoo::unit_of(json_text(element, "currency").value_or(""));
  const auto strike = yahoo::price_member(element, "strike");
  if (contract.empty() || !day || !strike) {
    return "no contract, expiry or strike";
  }
  const auto price = [&](const char* key) {
    const auto value = yahoo::price_member(element, key);
    return value ? std::optional(yahoo::major(*value, unit.per)) : std::nullopt;
  };
  const auto count = [&](const char* key) {
    const auto value = yahoo::number_member(element, key);
    return value && *value >= 0 ? value : std::nullopt;
  };
  const auto traded = json_int(element, "lastTradeDate");
  rows.put(contract).put(response.received_at).put(underlying).put(utc_date(*day)).put(side);
  rows.put(yahoo::major(*strike, unit.per)).put(price("bid")).put(price("ask")).put(price("lastPrice"));
  rows.put(traded ? time_of_seconds(*traded) : std::nullopt).put(count("volume")).put(count("openInterest"));
  rows.put(yahoo::price_member(element, "impliedVolatility")).put_some(unit.currency);
  rows.end({response.received_at, response.received_at, false}, line);
  return "";
}

// The expiry that an address asks for; nullopt when it asks for the nearest.
std::optional<Date> expiry_of(std::string_view url) {
  constexpr std::string_view kKey = "date=";
  const std::size_t query = url.find('?');
  const std::size_t at = query == std::string_view::npos ? query : url.find(kKey, query);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  std::int64_t seconds = 0;
  const std::string_view digits = url.substr(at + kKey.size());
  const auto time = parse_int(digits.substr(0, digits.find('&')), seconds) ? time_of_seconds(seconds) : std::nullopt;
  return time ? std::optional(utc_date(*time)) : std::nullopt;
}

// The other expiries the user wants, asked like the first.
void follow_expiries(JsonElement chain, const Response& response, Parsed& out) {
  const std::vector<std::string> asked = texts_about(response.asked, "expiries");
  const auto dates = json_array(chain, "expirationDates");
  const auto list = json_array(chain, "options");
  if (!dates || asked.empty() || expiry_of(response.asked.http.url)) {
    return;
  }
  JsonElement first;
  const auto shown =
      list && list->at(0).get(first) == simdjson::SUCCESS ? json_int(first, "expirationDate") : std::nullopt;
  const bool all = std::ranges::find(asked, "all") != asked.end();
  for (const JsonElement element : *dates) {
    const auto stamp = as_int(element);
    const auto at = stamp ? time_of_seconds(*stamp) : std::nullopt;
    if (!at || stamp == shown || (!all && std::ranges::find(asked, to_string(utc_date(*at))) == asked.end())) {
      continue;
    }
    Request next = response.asked;
    const std::size_t query = next.http.url.find('?');
    next.http.url.insert(
        query == std::string::npos ? next.http.url.size() : query + 1,
        query == std::string::npos ? fmt::format("?date={}", *stamp) : fmt::format("date={}&", *stamp));
    out.follow.push_back(std::move(next));
  }
}

// False when only other expiries than the one shown were asked.
bool is_wanted(const Response& response, Date expiry) {
  const std::vector<std::string> asked = texts_about(response.asked, "expiries");
  return asked.empty() || std::ranges::find(asked, "all") != asked.end() ||
         std::ranges::find(asked, to_string(expiry)) != asked.end();
}

// E6206 when it is another expiry than the address asks for.
Result<void> read_expiry(JsonElement element, const Response& response, RowWriter& rows, Parsed& out) {
  const auto stamp = json_int(element, "expirationDate");
  const auto at = stamp ? time_of_seconds(*stamp) : std::nullopt;
  const auto asked = expiry_of(response.asked.http.url);
  if (asked && at && utc_date(*at) != *asked) {
    return fail(
        E::E6206,
        fmt::format("Yahoo options of the expiry {} where {} was asked", to_string(utc_date(*at)), to_string(*asked)),
        "the body is kept aside; what was stored before stays");
  }
  if (at && !is_wanted(response, utc_date(*at))) {
    return {};
  }
  for (const auto& [key, side] : {std::pair{"calls", "call"}, {"puts", "put"}}) {
    const auto contracts = json_array(element, key);
    if (!contracts) {
      continue;
    }
    for (const JsonElement contract : *contracts) {
      std::string lacks =
          write_contract(contract, side, about_text(response.asked, "symbol"), response, ++out.records, rows);
      if (!lacks.empty()) {
        out.rejected.push_back(
            bad_record(out.records, std::move(lacks), json_text(contract, "contractSymbol").value_or("")));
      }
    }
  }
  return {};
}

// Of a symbol's first answer: expiries asked for that it does not list, with those there are.
void tell_missing(JsonElement chain, const Response& response, Parsed& out) {
  const auto dates = json_array(chain, "expirationDates");
  if (!dates || dates->size() == 0 || expiry_of(response.asked.http.url)) {
    return;
  }
  std::vector<std::string> listed;
  for (const JsonElement element : *dates) {
    const auto stamp = as_int(element);
    const auto at = stamp ? time_of_seconds(*stamp) : std::nullopt;
    if (at) {
      listed.push_back(to_string(utc_date(*at)));
    }
  }
  for (const std::string& asked : texts_about(response.asked, "expiries")) {
    if (asked != "all" && std::ranges::find(listed, asked) == listed.end()) {
      const std::string name = fmt::format("{} {}", about_text(response.asked, "symbol"), asked);
      const std::string reason = fmt::format("Yahoo lists no expiry {}; it lists {}", asked, join_some(listed));
      out.missing.push_back({name, {ResponseClass::kAbsent, reason, {}}});
    }
  }
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
  LODE_TRY(const JsonDocument json, JsonDocument::read(response.body, "Yahoo options"));
  const auto answer = json_member(json.root(), "optionChain");
  const auto list = answer ? json_array(*answer, "result") : std::nullopt;
  if (!list) {
    return fail(E::E6206, "Yahoo options without optionChain.result");
  }
  Parsed out = only_verdict(response, {});
  RowWriter rows("option_quotes", provenance_of(response, spec()));
  for (const JsonElement chain : *list) {
    const std::string_view symbol = about_text(response.asked, "symbol");
    const std::string_view told = json_text(chain, "underlyingSymbol").value_or("");
    if (upper(told) != upper(symbol)) {
      return fail(E::E6206, fmt::format("Yahoo options of {} where {} was asked", quote(told), quote(symbol)));
    }
    if (const auto expiries = json_array(chain, "options")) {
      for (const JsonElement expiry : *expiries) {
        LODE_CHECK(read_expiry(expiry, response, rows, out));
      }
    }
    follow_expiries(chain, response, out);
    tell_missing(chain, response, out);
  }
  const auto brought = rows.rows() + static_cast<std::int64_t>(out.follow.size());
  out.verdict = verdict_of(brought, "Yahoo lists no options of it");
  if (brought == 0 && !out.missing.empty()) {  // Only what it does not list was asked: the first stands for the answer.
    out.verdict = std::move(out.missing.front().verdict);
    out.missing.erase(out.missing.begin());
  }
  if (rows.rows() > 0) {
    out.tables.push_back(rows.take());
  }
  return out;
}

}  // namespace
}  // namespace source::yahoo_options

const source::Source& source_yahoo_options() {
  static const source::Source kSource{source::yahoo_options::spec(), source::yahoo_options::plan,
                                      source::yahoo_options::parse};
  return kSource;
}

}  // namespace lode
