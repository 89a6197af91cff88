// Nasdaq's screener: sector, industry, country and market value of US stocks, all numbers as texts.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/text.h"
#include "lode/io/source/collect/json_document.h"
#include "lode/io/source/directory/listing.h"
#include "lode/io/source/parts/ask.h"
#include "lode/io/source/parts/csv.h"
#include "lode/market/instrument.h"

namespace lode {
namespace source::nasdaq_screener {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kExchanges = {
    {{"nasdaq", "XNAS"}, {"nyse", "XNYS"}, {"amex", "XASE"}}};

const BodyContract kContract{.name = "Nasdaq screener",
                             .types = {"application/json", "text/plain"},
                             .begins = {"{", "["},
                             .needs = {"\"symbol\""},
                             .most_bytes = std::size_t{256} << 20,
                             .least_share = 0.9};

const Spec& spec() {
  static const Spec kSpec{
      .name = "nasdaq-screener",
      .summary = "sector, industry, country and market value of US stocks",
      .names = "",
      .kinds = "exchanges: nasdaq, nyse, amex (standard: all)",
      .tables = {"listings", "listing_events"},
      .settings = {{"nasdaq.data_url", "https://api.nasdaq.com", "host of the screener; a mirror or a proxy"}},
      .paces = {{"nasdaq.com", 0.2, 0.5, 3600}},
      .example = "lode data fetch nasdaq-screener --kinds nasdaq",
      .terms = "Nasdaq; an interface of its web page, no licence stated; today's values only, no history"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  if (!request.names.empty()) {
    return fail(E::E6208, "the screener takes no names: it tells all symbols");
  }
  const std::vector<std::string> standard = {"nasdaq", "nyse", "amex"};
  Plan out;
  for (const std::string& exchange : request.kinds.empty() ? standard : request.kinds) {
    if (std::ranges::find(standard, exchange) == standard.end()) {
      return fail(E::E6208, fmt::format("{} is no exchange here; there are nasdaq, nyse and amex", quote(exchange)));
    }
    out.requests.push_back(get_request(spec(), request, "nasdaq.data_url",
                                       fmt::format("/api/screener/stocks?download=true&exchange={}", exchange),
                                       "nasdaq.com", &kContract, "screener"));
    out.requests.back().about.set("exchange", exchange);
  }
  return out;
}

// "18983428.00", "$0.97", "1,234"; nullopt for "" and what is no number. A value of 0 is one not told.
std::optional<double> read_amount(std::string_view text) {
  std::string digits;
  for (const char c : trim(text)) {
    if (c != '$' && c != ',') {
      digits += c;
    }
  }
  double out = 0;
  return parse_double(digits, out) && out > 0 ? std::optional(out) : std::nullopt;
}

// The rows: the body itself, or data.rows in it.
std::optional<simdjson::dom::array> rows_of(JsonElement root) {
  simdjson::dom::array list;
  if (root.get(list) == simdjson::SUCCESS) {
    return list;
  }
  const auto data = json_member(root, "data");
  const auto table = data ? json_member(*data, "table") : std::nullopt;
  return table ? json_array(*table, "rows") : data ? json_array(*data, "rows") : std::nullopt;
}

std::string read_row(JsonElement row, std::string_view mic, Listing& out) {
  const auto text = [&](std::string_view key) { return clean_text(json_text(row, key).value_or("")); };
  out.symbol = text("symbol");
  out.name = text("name");
  out.mic = mic;
  std::string code = out.symbol;
  std::ranges::replace(code, '/', '.');  // BRK/B here is BRK.B in the directory.
  std::ranges::replace(code, '^', '$');  // Preferred shares.
  if (!normalize_symbol(code, out.code) || out.name.empty()) {
    return fmt::format("symbol {} with the name {}", quote(out.symbol), quote(out.name));
  }
  out.sector = text("sector");
  out.industry = text("industry");
  out.country = text("country");
  out.market_cap = read_amount(text("marketCap"));
  return "";
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = by_status(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  LODE_CHECK(check_body(kContract, media_type(response), response.body));
  LODE_TRY(const JsonDocument json, JsonDocument::read(response.body, "Nasdaq screener"));
  const auto rows = rows_of(json.root());
  if (!rows) {
    return fail(E::E6206, "a Nasdaq screener without rows: expected a list, or data.rows");
  }
  const std::string_view exchange = about_text(response.asked, "exchange");
  const auto mic = std::ranges::find(kExchanges, exchange, &std::pair<std::string_view, std::string_view>::first);
  Parsed out = only_verdict(response, {});
  std::vector<Listing> list;
  for (const JsonElement row : *rows) {
    Listing entry{.line = ++out.records};
    std::string lacks = read_row(row, mic == kExchanges.end() ? kNoMic : mic->second, entry);
    if (lacks.empty()) {
      list.push_back(std::move(entry));
    } else {
      out.rejected.push_back(bad_record(entry.line, std::move(lacks), entry.symbol));
    }
  }
  LODE_CHECK(
      take_snapshot(response, spec(), fmt::format("screener-{}", exchange), utc_date(response.received_at), list, out));
  return out;
}

}  // namespace
}  // namespace source::nasdaq_screener

const source::Source& source_nasdaq_screener() {
  static const source::Source kSource{source::nasdaq_screener::spec(), source::nasdaq_screener::plan,
                                      source::nasdaq_screener::parse};
  return kSource;
}

}  // namespace lode
