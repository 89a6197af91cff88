// Nasdaq Trader's symbol directory: everything listed in the United States, once a day, in two lists.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/text.h"
#include "lode/io/source/directory/listing.h"
#include "lode/io/source/parts/ask.h"
#include "lode/io/source/parts/csv.h"
#include "lode/market/instrument.h"

namespace lode {
namespace source::nasdaq {
namespace {

constexpr std::string_view kTrailer = "File Creation Time:";

const BodyContract kContract{.name = "Nasdaq Trader list",
                             .types = {"text/plain", "application/octet-stream"},
                             .begins = {"Symbol|", "ACT Symbol|"},
                             .needs = {kTrailer},
                             .most_bytes = std::size_t{64} << 20,
                             .least_share = 0.9};

const Spec& spec() {
  static const Spec kSpec{
      .name = "nasdaq-directory",
      .summary = "everything listed in the United States, with what came, went and changed its name",
      .names = "",
      .kinds = "lists: nasdaqlisted, otherlisted (standard: both)",
      .tables = {"listings", "listing_events"},
      .settings = {{"nasdaq.base_url", "https://www.nasdaqtrader.com", "host of the lists; a mirror or a proxy"}},
      .paces = {{"nasdaqtrader.com", 0.5, 1.0, 3600}},
      .example = "lode data fetch nasdaq-directory",
      .terms = "Nasdaq; published for free download, no licence stated; once a day is enough"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  if (!request.names.empty()) {
    return fail(E::E6208, "the lists take no names: they tell all symbols");
  }
  Plan out;
  const std::vector<std::string> standard = {"nasdaqlisted", "otherlisted"};
  for (const std::string& list : request.kinds.empty() ? standard : request.kinds) {
    if (std::ranges::find(standard, list) == standard.end()) {
      return fail(E::E6208, fmt::format("{} is no list; there are nasdaqlisted and otherlisted", quote(list)));
    }
    out.requests.push_back(get_request(spec(), request, "nasdaq.base_url", fmt::format("/dynamic/SymDir/{}.txt", list),
                                       "nasdaqtrader.com", &kContract, "list"));
    out.requests.back().about.set("list", list);
    out.requests.back().http.is_conditional = true;
  }
  return out;
}

std::string mic_of(std::string_view exchange) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kCodes = {
      {{"A", "XASE"}, {"N", "XNYS"}, {"P", "ARCX"}, {"Z", "BATS"}, {"V", "IEXG"}, {"M", "XCHI"}}};
  const auto found = std::ranges::find(kCodes, exchange, &std::pair<std::string_view, std::string_view>::first);
  return std::string(found == kCodes.end() ? kNoMic : found->second);
}

// The day of "File Creation Time: 0721202521:31".
std::optional<Date> created_on(std::string_view line) {
  const std::string_view stamp = trim(line.substr(line.find(':') + 1));
  Date out;
  return stamp.size() >= 8 &&
                 try_parse_date(fmt::format("{}-{}-{}", stamp.substr(4, 4), stamp.substr(0, 2), stamp.substr(2, 2)),
                                out)
             ? std::optional(out)
             : std::nullopt;
}

struct Columns {
  int symbol, name, exchange, test, status, etf;
};

Columns columns_of(const CsvRow& header) {
  return {csv_column(header, {"Symbol", "ACT Symbol"}),
          csv_column(header, {"Security Name"}),
          csv_column(header, {"Exchange"}),
          csv_column(header, {"Test Issue"}),
          csv_column(header, {"Financial Status"}),
          csv_column(header, {"ETF"})};
}

std::string read_row(const CsvRow& row, const Columns& columns, std::size_t width, Listing& out) {
  if (row.cells.size() != width) {
    return fmt::format("{} cells where the header has {}", row.cells.size(), width);
  }
  out.line = row.line;
  out.symbol = csv_cell(row, columns.symbol);
  out.name = csv_cell(row, columns.name);
  out.mic = columns.exchange < 0 ? "XNAS" : mic_of(csv_cell(row, columns.exchange));
  if (!normalize_symbol(out.symbol, out.code) || out.name.empty()) {
    return fmt::format("symbol {} with the name {}", quote(out.symbol), quote(out.name));
  }
  const std::string_view etf = csv_cell(row, columns.etf);
  out.kind = etf == "Y" ? "etf" : etf == "N" ? "equity" : "";
  const std::string_view status = csv_cell(row, columns.status);
  out.status = status == "N" ? std::string_view() : status;
  return "";
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = by_status(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  LODE_CHECK(check_body(kContract, media_type(response), response.body));
  std::vector<CsvRow> rows = read_csv(response.body, '|');
  const std::optional<Date> day =
      rows.back().cells[0].starts_with(kTrailer) ? created_on(rows.back().cells[0]) : std::nullopt;
  if (rows.size() < 2 || !day) {
    return fail(E::E6206, "a Nasdaq Trader list without its last line, File Creation Time: it is cut off",
                "the body is kept aside; what was stored before stays");
  }
  const Columns columns = columns_of(rows[0]);
  if (columns.symbol < 0 || columns.name < 0 || columns.test < 0) {
    return fail(E::E6206, fmt::format("a Nasdaq Trader list with the columns {}: expected Symbol, Security Name and "
                                      "Test Issue",
                                      quote(rows[0].text)));
  }
  Parsed out = only_verdict(response, {});
  std::vector<Listing> list;
  for (std::size_t i = 1; i + 1 < rows.size(); ++i) {
    ++out.records;
    if (csv_cell(rows[i], columns.test) == "Y") {
      continue;  // A symbol for tests of systems: no one trades it.
    }
    Listing entry;
    std::string lacks = read_row(rows[i], columns, rows[0].cells.size(), entry);
    if (lacks.empty()) {
      list.push_back(std::move(entry));
    } else {
      out.rejected.push_back(bad_record(rows[i].line, std::move(lacks), rows[i].text));
    }
  }
  const std::string_view asked = about_text(response.asked, "list");
  const std::string_view name = !asked.empty() ? asked : columns.exchange < 0 ? "nasdaqlisted" : "otherlisted";
  LODE_CHECK(take_snapshot(response, spec(), name, *day, list, out));
  return out;
}

}  // namespace
}  // namespace source::nasdaq

const source::Source& source_nasdaq_directory() {
  static const source::Source kSource{source::nasdaq::spec(), source::nasdaq::plan, source::nasdaq::parse};
  return kSource;
}

}  // namespace lode
