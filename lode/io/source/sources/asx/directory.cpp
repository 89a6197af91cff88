// The list of companies on the Australian exchange, as it is served now and as it was until 2026.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"
#include "lode/io/source/asx/sydney.h"
#include "lode/io/source/directory/listing.h"
#include "lode/io/source/parts/ask.h"
#include "lode/io/source/parts/csv.h"
#include "lode/market/instrument.h"

namespace lode {
namespace source::asx {
namespace {

const BodyContract kContract{.name = "ASX directory",
                             .types = {"text/csv", "application/octet-stream", "application/csv", "text/plain"},
                             .begins = {"\"ASX code\"", "ASX code", "ASX listed companies", "Company name"},
                             .most_bytes = std::size_t{64} << 20,
                             .least_share = 0.9};

const Spec& spec() {
  static const Spec kSpec{
      .name = "asx-directory",
      .summary = "companies on the Australian exchange, with what came, went and changed its name",
      .names = "",
      .kinds = "",
      .tables = {"listings", "listing_events"},
      .settings = {{"asx.data_url", "https://asx.api.markitdigital.com", "host of the list; a mirror or a proxy"},
                   {"asx.token", "", "access token, where the host asks for one", false, true}},
      .paces = {{"markitdigital.com", 0.2, 0.5, 3600}},
      .example = "lode data fetch asx-directory",
      .terms = "ASX Limited; for personal use, no redistribution; once a day before the prices"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  if (!request.names.empty() || !request.kinds.empty()) {
    return fail(E::E6208, "the list takes neither names nor kinds: it tells all companies");
  }
  Request list = get_request(spec(), request, "asx.data_url", "/asx-research/1.0/companies/directory/file",
                             "markitdigital.com", &kContract, "list");
  list.http.is_conditional = true;
  if (const std::string_view token = request.setting(spec(), "asx.token"); !token.empty()) {
    list.http.headers.emplace_back("Authorization", fmt::format("Bearer {}", token));
  }
  return Plan{{std::move(list)}};
}

struct Columns {
  int code, name, group, listed, cap;
};

// dd/mm/yyyy or ISO.
std::optional<Date> read_day(std::string_view text) {
  Date out;
  if (text.size() == 10 && text[2] == '/' && text[5] == '/') {
    const std::string iso = fmt::format("{}-{}-{}", text.substr(6, 4), text.substr(3, 2), text.substr(0, 2));
    return try_parse_date(iso, out) ? std::optional(out) : std::nullopt;
  }
  return try_parse_date(text, out) ? std::optional(out) : std::nullopt;
}

std::string read_row(const CsvRow& row, const Columns& columns, Listing& out) {
  out.line = row.line;
  out.symbol = csv_cell(row, columns.code);
  out.name = csv_cell(row, columns.name);
  out.mic = "XASX";
  if (!normalize_symbol(out.symbol, out.code) || out.name.empty()) {
    return fmt::format("code {} with the name {}", quote(out.symbol), quote(out.name));
  }
  const std::string_view group = csv_cell(row, columns.group);
  out.sector = group.starts_with("Not Applic") || group.starts_with("Class Pend") ? std::string_view() : group;
  const std::string_view listed = csv_cell(row, columns.listed);
  out.listed_on = read_day(listed);
  if (!listed.empty() && !out.listed_on) {
    return fmt::format("listing date {}", quote(listed));
  }
  double cap = 0;
  if (parse_double(csv_cell(row, columns.cap), cap) && cap >= 0) {
    out.market_cap = cap;
  }
  return "";
}

Verdict judge(const Response& response) {
  if (response.status == 200 && response.body.find("Request Rejected") < 2048) {
    return {ResponseClass::kBlocked, "the exchange's firewall: Request Rejected", retry_after(response)};
  }
  return by_status(response);
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = judge(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  LODE_CHECK(check_body(kContract, media_type(response), response.body));
  const std::vector<CsvRow> rows = read_csv(response.body);
  // The old form has a line above its header: "ASX listed companies as at Fri Dec 05 ...".
  const std::size_t first = rows[0].cells[0].starts_with("ASX listed companies") ? 1 : 0;
  if (rows.size() < first + 2) {
    return fail(E::E6206, "an ASX directory without rows");
  }
  const CsvRow& header = rows[first];
  const Columns columns{csv_column(header, {"ASX code"}), csv_column(header, {"Company name"}),
                        csv_column(header, {"GICs industry group"}), csv_column(header, {"Listing date"}),
                        csv_column(header, {"Market Cap"})};
  if (columns.code < 0 || columns.name < 0 || columns.group < 0) {
    return fail(E::E6206, fmt::format("an ASX directory with the columns {}: expected ASX code, Company name and GICs "
                                      "industry group",
                                      quote(header.text)));
  }
  Parsed out = only_verdict(response, {});
  std::vector<Listing> list;
  for (std::size_t i = first + 1; i < rows.size(); ++i) {
    ++out.records;
    Listing entry;
    std::string lacks =
        rows[i].cells.size() == header.cells.size()
            ? read_row(rows[i], columns, entry)
            : fmt::format("{} cells where the header has {}", rows[i].cells.size(), header.cells.size());
    if (lacks.empty()) {
      list.push_back(std::move(entry));
    } else {
      out.rejected.push_back(bad_record(rows[i].line, std::move(lacks), rows[i].text));
    }
  }
  LODE_CHECK(take_snapshot(response, spec(), "asx", sydney_date(response.received_at), list, out));
  return out;
}

}  // namespace
}  // namespace source::asx

const source::Source& source_asx_directory() {
  static const source::Source kSource{source::asx::spec(), source::asx::plan, source::asx::parse};
  return kSource;
}

}  // namespace lode
