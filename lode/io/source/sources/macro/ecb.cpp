// The European Central Bank's reference rates: some thirty currencies per euro, once a working day about 16:00 in
// Frankfurt, the last 90 days, or all days since 1999.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "lode/base/text.h"
#include "lode/io/source/parts/ask.h"
#include "lode/io/source/parts/csv.h"
#include "lode/io/source/parts/xml.h"
#include "lode/io/source/parts/zip.h"

namespace lode {
namespace source::ecb {
namespace {

const BodyContract kXml{.name = "ECB rates",
                        .types = {"text/xml", "application/xml"},
                        .begins = {"<?xml", "<gesmes"},
                        .needs = {"<Cube"},
                        .ends = ">",
                        .most_bytes = std::size_t{64} << 20};
const BodyContract kZip{.name = "ECB history",
                        .types = {"application/zip", "application/x-zip-compressed", "application/octet-stream"},
                        .begins = {"PK"},
                        .most_bytes = std::size_t{64} << 20};

const Spec& spec() {
  static const Spec kSpec{
      .name = "ecb",
      .summary = "euro reference rates of the European Central Bank since 1999",
      .names = "",
      .kinds = "daily (standard), hist-90d or hist",
      .tables = {"macro"},
      .settings = {{"ecb.base_url", "https://www.ecb.europa.eu", "host of the rates; a mirror or a proxy"}},
      .paces = {{"ecb.europa.eu", 0.5, 1.0, 600}},
      .example = "lode data fetch ecb --kinds hist",
      .terms = "European Central Bank; free to reuse with its name"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  const std::string kind = request.kinds.empty() ? "daily" : request.kinds.front();
  const bool is_zip = kind == "hist";
  if (!request.names.empty() || request.kinds.size() > 1 || (!is_zip && kind != "daily" && kind != "hist-90d")) {
    return fail(E::E6208, fmt::format("{} is no file of the ECB; there are daily, hist-90d and hist, with all "
                                      "currencies",
                                      quote(kind)));
  }
  Request one = get_request(spec(), request, "ecb.base_url",
                            fmt::format("/stats/eurofxref/eurofxref-{}.{}", kind, is_zip ? "zip" : "xml"),
                            "ecb.europa.eu", is_zip ? &kZip : &kXml, is_zip ? "zip" : "xml");
  one.http.is_conditional = true;
  return Plan{{std::move(one)}};
}

// Rates stand at about 16:00 in Frankfurt, where it is never later than 15:00 UTC: that hour, so never early.
Time published(Date date) { return {start_of_day(date).nanos + 15 * 3600 * kNanosPerSecond}; }

bool is_currency(std::string_view text) {
  return text.size() == 3 && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos;
}

void write(RowWriter& rows, std::string_view currency, Date date, double rate, std::int64_t line) {
  rows.put(std::string_view(fmt::format("ecb/EUR/{}", currency))).put(date).put(date);
  rows.put(rate).put(std::string_view(fmt::format("{} per EUR", currency)));
  rows.end({published(date), published(date), true}, line);
}

Result<void> read_xml(const std::string& body, RowWriter& rows, Parsed& out) {
  XmlReader xml(body);
  std::optional<Date> day;
  while (xml.next()) {
    if (!xml.is_start("Cube")) {
      continue;
    }
    if (const std::string_view time = xml.attribute("time"); !time.empty()) {
      Date date;
      day = try_parse_date(time, date) ? std::optional(date) : std::nullopt;
    }
    const std::string_view currency = xml.attribute("currency");
    if (currency.empty()) {
      continue;
    }
    ++out.records;
    double rate = 0;
    if (!day || !is_currency(currency) || !parse_double(xml.attribute("rate"), rate) || rate <= 0) {
      out.rejected.push_back(bad_record(out.records, "a rate without day, currency or number", currency));
    } else {
      write(rows, currency, *day, rate, out.records);
    }
  }
  if (xml.broken() || xml.depth() != 0) {
    return fail(E::E6206, "rates of the ECB that are no whole XML");
  }
  return {};
}

Result<void> read_history(const std::string& body, RowWriter& rows, Parsed& out) {
  LODE_TRY(const ZipFile file, read_zipped(body, ".csv"));
  const std::vector<CsvRow> table = read_csv(file.bytes);
  if (table.size() < 2 || table[0].cells[0] != "Date") {
    return fail(E::E6206, "a history of the ECB without its header: expected Date and currencies");
  }
  const std::vector<std::string>& header = table[0].cells;
  for (std::size_t i = 1; i < table.size(); ++i) {
    Date date;
    if (!try_parse_date(table[i].cells[0], date)) {
      out.rejected.push_back(bad_record(table[i].line, "no date", table[i].text));
      continue;
    }
    for (std::size_t c = 1; c < header.size() && c < table[i].cells.size(); ++c) {
      const std::string& cell = table[i].cells[c];
      if (header[c].empty() || cell.empty() || cell == "N/A") {
        continue;  // A currency that was not, or is no more; and the comma behind the last.
      }
      ++out.records;
      double rate = 0;
      if (!is_currency(header[c]) || !parse_double(cell, rate) || rate <= 0) {
        out.rejected.push_back(bad_record(table[i].line, fmt::format("{} is no rate", quote(cell)), header[c]));
      } else {
        write(rows, header[c], date, rate, table[i].line);
      }
    }
  }
  return {};
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = by_status(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  const bool is_zip = response.asked.part == "zip";
  LODE_CHECK(check_body(is_zip ? kZip : kXml, media_type(response), response.body));
  Parsed out = only_verdict(response, {});
  RowWriter rows("macro", provenance_of(response, spec()));
  LODE_CHECK(is_zip ? read_history(response.body, rows, out) : read_xml(response.body, rows, out));
  out.verdict = verdict_of(rows.rows(), "no rates");
  if (rows.rows() > 0) {
    out.tables.push_back(rows.take());
  }
  return out;
}

}  // namespace
}  // namespace source::ecb

const source::Source& source_macro_ecb() {
  static const source::Source kSource{source::ecb::spec(), source::ecb::plan, source::ecb::parse};
  return kSource;
}

}  // namespace lode
