// The register of symbols, a snapshot a day, as a dated map of company and symbol.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "lode/io/source/edgar/accession.h"
#include "lode/io/source/edgar/answers.h"
#include "lode/io/source/edgar/eastern.h"
#include "lode/io/source/edgar/registrants.h"

namespace lode {
namespace source::edgar {
namespace {

const Spec& spec() {
  static const Spec kSpec{
      .name = "edgar-symbols",
      .summary = "symbols of filers, dated by daily snapshots of the register",
      .names = "",
      .kinds = "",
      .tables = {"issuer_symbols"},
      .settings = edgar_settings(),
      .paces = edgar_paces(),
      .example = "lode data fetch edgar-symbols",
      .terms =
          "U.S. Securities and Exchange Commission; free to reuse, at most 10 requests a second with a named contact"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  if (!request.names.empty() || request.from) {
    return fail(E::E6208, "the register of symbols is one file of today: it takes no names and no dates");
  }
  Request one = edgar_get(spec(), request, "edgar.base_url", "files/company_tickers_exchange.json");
  one.contract = &kSymbolsContract;
  one.part = "register";
  one.http.is_conditional = true;
  return Plan{{std::move(one)}};
}

// The rows still open, and the day of the snapshot they are from.
struct Map {
  std::vector<DatedSymbol> open;
  std::optional<Date> day;
  std::int64_t most = 0, most_before = 0;  // Rows of the longest register of that day, and of the day before it.
};

Map load(const Cursor& cursor) {
  Map out;
  const Value* day = cursor.state.find("day");
  const Value* open = cursor.state.find("open");
  if (day == nullptr || !day->is_text() || open == nullptr || !open->is_array()) {
    return out;
  }
  out.day = read_day(day->as_text());
  const auto count = [&](std::string_view key, std::int64_t standard) {
    const Value* found = cursor.state.find(key);
    return found != nullptr && found->is_int() ? found->as_int() : standard;
  };
  out.most = count("rows", std::ssize(open->as_array()));
  out.most_before = count("rows_before", 0);
  for (const Value& row : open->as_array()) {
    if (row.is_array() && row.as_array().size() == 3 && row.as_array()[0].is_text() && row.as_array()[1].is_text() &&
        row.as_array()[2].is_text()) {
      const auto from = read_day(row.as_array()[2].as_text());
      if (from) {
        out.open.push_back({{row.as_array()[0].as_text(), row.as_array()[1].as_text(), "", ""}, *from, {}});
      }
    }
  }
  return out;
}

Cursor save(const Map& before, const std::vector<Registrant>& snapshot, Date today) {
  std::map<std::pair<std::string_view, std::string_view>, Date> since;
  for (const DatedSymbol& row : before.open) {
    since[{row.who.cik, row.who.symbol}] = row.from;
  }
  Value open = Value::array();
  for (const Registrant& who : snapshot) {
    const auto found = since.find({who.cik, who.symbol});
    open.push(Value(Value::Array{who.cik, who.symbol, to_string(found == since.end() ? today : found->second)}));
  }
  Cursor out;
  const bool is_again = before.day == today;  // The same day moves the floor up and never down.
  out.state.set("day", to_string(today));
  out.state.set("rows", is_again ? std::max(before.most, std::ssize(snapshot)) : std::ssize(snapshot));
  out.state.set("rows_before", is_again ? before.most_before : before.most);
  out.state.set("open", std::move(open));
  return out;
}

Result<Parsed> parse(const Response& response) {
  const Verdict verdict = judge(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, verdict);
  }
  LODE_CHECK(check_body(kSymbolsContract, media_type(response), response.body));
  LODE_TRY(Register snapshot, parse_register(response.body));
  const Map before = load(response.cursor);
  const Date today = eastern_date(response.received_at);
  LODE_CHECK(check_rows(kSymbolsContract, std::ssize(snapshot.rows),
                        before.day == today ? std::max(before.most, before.most_before) : before.most));
  RowWriter rows("issuer_symbols", provenance(response));
  for (const DatedSymbol& row : changes(before.open, snapshot.rows, before.day.value_or(today), today)) {
    rows.put(std::string_view(row.who.cik)).put(std::string_view(row.who.symbol)).put(row.from).put(row.last);
    rows.put_some(row.who.name).put_some(row.who.exchange);
    rows.end({std::nullopt, response.received_at, false}, 0);
  }
  Parsed out;
  out.records = snapshot.records;
  out.rejected = std::move(snapshot.rejected);
  out.verdict = verdict_of(rows.rows(), "no symbol changed");
  if (rows.rows() > 0) {
    out.tables.push_back(rows.take());
  }
  out.next = save(before, snapshot.rows, today);
  return out;
}

}  // namespace
}  // namespace source::edgar

const source::Source& source_edgar_symbols() {
  static const source::Source kSource{source::edgar::spec(), source::edgar::plan, source::edgar::parse};
  return kSource;
}

}  // namespace lode
