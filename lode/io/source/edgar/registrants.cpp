// Reads the register of symbols and dates it by snapshots.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/registrants.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "lode/base/text.h"
#include "lode/io/source/collect/json_document.h"
#include "lode/io/source/edgar/accession.h"

namespace lode::source::edgar {

const BodyContract kSymbolsContract{.name = "EDGAR register of symbols",
                                    .types = {"application/json", "text/plain"},
                                    .begins = {},
                                    .needs = {},
                                    .ends = {},
                                    .least_bytes = 10,
                                    .most_bytes = std::size_t{64} << 20,
                                    .least_share = 0.9};

namespace {

constexpr std::size_t kNone = std::string_view::npos;

std::optional<std::string> cik_of(JsonElement element) {
  if (const auto text = as_text(element)) {
    return read_cik(*text);
  }
  const auto number = as_int(element);
  return number && *number > 0 ? read_cik(fmt::format("{}", *number)) : std::nullopt;
}

bool is_symbol(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

void add(Register& out, const std::optional<std::string>& cik, std::string_view symbol, std::string_view name,
         std::string_view exchange) {
  ++out.records;
  if (!cik || !is_symbol(symbol)) {
    out.rejected.push_back(bad_record(out.records, fmt::format("no CIK or no symbol: {}", quote(symbol)), symbol));
    return;
  }
  out.rows.push_back({*cik, upper(symbol), std::string(name), std::string(exchange)});
}

// {"0":{"cik_str":320193,"ticker":"AAPL","title":"Apple Inc."}, ...}
void read_numbered(simdjson::dom::object rows, Register& out) {
  for (const auto [number, row] : rows) {
    const auto cik = json_member(row, "cik_str");
    add(out, cik ? cik_of(*cik) : std::nullopt, json_text(row, "ticker").value_or(""),
        json_text(row, "title").value_or(""), "");
  }
}

// {"fields":["cik","name","ticker","exchange"],"data":[[320193,"Apple Inc.","AAPL","Nasdaq"], ...]}
Result<void> read_fields(simdjson::dom::array fields, simdjson::dom::array data, Register& out) {
  constexpr std::array<std::string_view, 5> kFields = {"cik", "ticker", "symbol", "name", "exchange"};
  std::array<std::size_t, kFields.size()> places{};
  places.fill(kNone);
  std::size_t place = 0;
  for (const JsonElement field : fields) {
    const auto found = std::ranges::find(kFields, as_text(field).value_or(""));
    if (found != kFields.end()) {
      places[static_cast<std::size_t>(found - kFields.begin())] = place;
    }
    ++place;
  }
  const std::size_t symbol = std::min(places[1], places[2]);
  if (places[0] == kNone || symbol == kNone) {
    return fail(E::E6206, "a register of symbols without the fields cik and ticker");
  }
  for (const JsonElement row : data) {
    std::vector<JsonElement> cells;
    simdjson::dom::array list;
    if (row.get(list) == simdjson::SUCCESS) {
      for (const JsonElement cell : list) {
        cells.push_back(cell);
      }
    }
    const auto text = [&](std::size_t at) {
      return at < cells.size() ? as_text(cells[at]).value_or("") : std::string_view();
    };
    add(out, places[0] < cells.size() ? cik_of(cells[places[0]]) : std::nullopt, text(symbol), text(places[3]),
        text(places[4]));
  }
  return {};
}

// "aapl\t320193" a line
void read_lines(std::string_view body, Register& out) {
  for (const std::string_view line : split(body, '\n')) {
    const std::string_view bare = trim(line);
    const std::size_t tab = bare.find('\t');
    if (!bare.empty()) {
      add(out, tab == kNone ? std::nullopt : read_cik(bare.substr(tab + 1)), bare.substr(0, tab), "", "");
    }
  }
}

bool before(const Registrant& a, const Registrant& b) { return std::tie(a.cik, a.symbol) < std::tie(b.cik, b.symbol); }

Result<void> read_json(std::string_view body, Register& out) {
  LODE_TRY(const JsonDocument document, JsonDocument::read(body, "EDGAR register of symbols"));
  const auto fields = json_array(document.root(), "fields");
  const auto data = json_array(document.root(), "data");
  if (fields && data) {
    return read_fields(*fields, *data, out);
  }
  simdjson::dom::object rows;
  if (document.root().get(rows) != simdjson::SUCCESS) {
    return fail(E::E6206, "a register of symbols that is no object");
  }
  read_numbered(rows, out);
  return {};
}

}  // namespace

Result<Register> parse_register(std::string_view body) {
  LODE_CHECK(check_body(kSymbolsContract, "", body));
  Register out;
  if (trim(body.substr(0, 16)).starts_with('{')) {
    LODE_CHECK(read_json(body, out));
  } else {
    read_lines(body, out);
  }
  if (out.rows.size() * 2 < static_cast<std::size_t>(out.records)) {
    return fail(E::E6206, fmt::format("{} of {} rows of the register cannot be read: {}", out.rejected.size(),
                                      out.records, out.rejected.front().reason));
  }
  std::ranges::stable_sort(out.rows, before);
  const auto rest = std::ranges::unique(
      out.rows, [](const Registrant& a, const Registrant& b) { return !before(a, b) && !before(b, a); });
  out.rows.erase(rest.begin(), rest.end());
  return out;
}

std::vector<DatedSymbol> changes(const std::vector<DatedSymbol>& open, const std::vector<Registrant>& snapshot,
                                 Date last_seen, Date today) {
  std::map<std::pair<std::string_view, std::string_view>, const DatedSymbol*> known;
  for (const DatedSymbol& row : open) {
    if (!row.last) {
      known[{row.who.cik, row.who.symbol}] = &row;
    }
  }
  std::vector<DatedSymbol> out;
  for (const Registrant& who : snapshot) {
    const auto found = known.find({who.cik, who.symbol});
    if (found == known.end()) {
      out.push_back({who, today, {}});
    } else {
      known.erase(found);  // A changed name alone changes nothing here: `issuers` keeps names.
    }
  }
  for (const auto& [key, row] : known) {
    out.push_back({row->who, row->from, last_seen});
  }
  return out;
}

}  // namespace lode::source::edgar
