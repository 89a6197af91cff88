// What companies tell the Australian exchange: today's page, or its rows as a CSV file.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"
#include "lode/io/source/asx/sydney.h"
#include "lode/io/source/parts/ask.h"
#include "lode/io/source/parts/csv.h"
#include "lode/market/instrument.h"

namespace lode {
namespace source::asx_announcements {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

const BodyContract kContract{.name = "ASX announcements",
                             .types = {"text/html", "text/csv", "text/plain", "application/octet-stream"},
                             .may_be_html = true,
                             .most_bytes = std::size_t{64} << 20};

const Spec& spec() {
  static const Spec kSpec{
      .name = "asx-announcements",
      .summary = "announcements of companies on the Australian exchange, to the minute",
      .names = "",
      .kinds = "",
      .tables = {"announcements"},
      .settings = {{"asx.base_url", "https://www.asx.com.au", "host of the page; a mirror or a proxy"}},
      .paces = {{"asx.com.au", 0.1, 0.5, 3600}},
      .example = "lode data fetch asx-announcements",
      .terms = "ASX Limited; for personal use, no redistribution; the page holds one day"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  if (!request.names.empty() || request.from || request.to) {
    return fail(E::E6208, "the page takes neither names nor days: it tells today's announcements of everyone");
  }
  return Plan{{get_request(spec(), request, "asx.base_url", "/asx/v2/statistics/todayAnns.do", "asx.com.au", &kContract,
                           "day")}};
}

// "11/08/2023  7:30 PM" on Sydney's clock.
struct Minute {
  Date day;
  Time at;
};
std::optional<Minute> read_minute(std::string_view text) {
  const std::string clean = clean_text(text);
  const std::vector<std::string_view> words = split(clean, ' ');
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  Minute out;
  if (words.size() != 3 || words[0].size() != 10 || (words[2] != "AM" && words[2] != "PM")) {
    return std::nullopt;
  }
  const std::size_t colon = words[1].find(':');
  const std::string iso = fmt::format("{}-{}-{}", words[0].substr(6, 4), words[0].substr(3, 2), words[0].substr(0, 2));
  if (colon == kNone || !parse_int(words[1].substr(0, colon), hour) || !parse_int(words[1].substr(colon + 1), minute) ||
      hour < 1 || hour > 12 || minute < 0 || minute > 59 || !try_parse_date(iso, out.day)) {
    return std::nullopt;
  }
  hour = hour % 12 + (words[2] == "PM" ? 12 : 0);
  out.at = asx::sydney(out.day, hour * 3600 + minute * 60);
  return out;
}

// "Cleansing Notice  1  page  133.3KB": headline, pages, size.
struct Headline {
  std::string title, size;
  std::optional<std::int64_t> pages;
};
Headline read_headline(std::string_view text) {
  Headline out{.title = clean_text(text)};
  const std::size_t size = out.title.rfind(' ');
  const std::size_t word = size == kNone || size == 0 ? kNone : out.title.rfind(' ', size - 1);
  const std::size_t count = word == kNone || word == 0 ? kNone : out.title.rfind(' ', word - 1);
  if (count == kNone) {
    return out;
  }
  const std::string_view view = out.title;
  const std::string_view unit = view.substr(word + 1, size - word - 1);
  std::int64_t pages = 0;
  if ((unit == "page" || unit == "pages") && parse_int(view.substr(count + 1, word - count - 1), pages) && pages >= 0) {
    out.size = view.substr(size + 1);
    out.pages = pages;
    out.title = std::string(trim(view.substr(0, count)));
  }
  return out;
}

// The cells of the page's table rows: those that begin with a code and a date.
std::vector<CsvRow> rows_of_page(std::string_view page) {
  std::vector<CsvRow> out;
  std::int64_t line = 0;
  for (std::size_t at = page.find("<tr"); at != kNone; at = page.find("<tr", at + 3)) {
    const std::string_view row = page.substr(at, std::min(page.find("</tr>", at), page.size()) - at);
    CsvRow cells{.line = ++line, .text = row};
    for (std::size_t cell = row.find("<td"); cell != kNone; cell = row.find("<td", cell + 3)) {
      const std::string_view inside = row.substr(cell, std::min(row.find("</td>", cell), row.size()) - cell);
      const bool is_mark = inside.find("<img") != kNone && plain_text(inside).empty();
      cells.cells.push_back(is_mark ? "pricesens" : plain_text(inside));
    }
    if (cells.cells.size() >= 4) {
      out.push_back(std::move(cells));
    }
  }
  return out;
}

struct Columns {
  int code = 0, time = 1, sensitive = 2, headline = 3;
};

std::string write_row(const CsvRow& row, const Columns& columns, Time received, RowWriter& rows) {
  std::string code;
  const auto minute = read_minute(csv_cell(row, columns.time));
  const Headline headline = read_headline(csv_cell(row, columns.headline));
  if (!normalize_symbol(csv_cell(row, columns.code), code) || !minute || headline.title.empty()) {
    return fmt::format("code {}, time {}, headline {}", quote(csv_cell(row, columns.code)),
                       quote(csv_cell(row, columns.time)), quote(headline.title));
  }
  rows.put(std::string_view("XASX")).put(std::string_view(code)).put(minute->day).put(minute->at);
  rows.put(std::string_view(headline.title)).put(!csv_cell(row, columns.sensitive).empty()).put(headline.pages);
  rows.put_some(headline.size);
  // Known with its minute, which is the exchange's word, or when it came to us: the later, for a page read the same
  // day.
  const bool is_old = received.nanos - minute->at.nanos > kNanosPerDay;
  rows.end({minute->at, is_old ? minute->at : std::max(minute->at, received), is_old}, row.line);
  return "";
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = by_status(response);
  if (response.body.find("Request Rejected") < 2048) {
    verdict = {ResponseClass::kBlocked, "the exchange's firewall: Request Rejected", retry_after(response)};
  }
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  LODE_CHECK(check_body(kContract, media_type(response), response.body));
  std::vector<CsvRow> table;
  Columns columns;
  if (looks_like_html(response.body) || response.body.find("<table") != kNone) {
    table = rows_of_page(response.body);
    if (table.empty() && response.body.find("</html>") == kNone) {
      return fail(E::E6206, "a page of ASX announcements without rows and without its end");
    }
  } else {
    table = read_csv(response.body);
    if (table.empty() || csv_column(table[0], {"ASX Code"}) < 0 || csv_column(table[0], {"Headline"}) < 0) {
      return fail(E::E6206, "ASX announcements without the columns ASX Code, Date, Price sens. and Headline");
    }
    columns = {csv_column(table[0], {"ASX Code"}), csv_column(table[0], {"Date"}),
               csv_column(table[0], {"Price sens."}), csv_column(table[0], {"Headline"})};
    table.erase(table.begin());
  }
  Parsed out = only_verdict(response, {});
  RowWriter rows("announcements", provenance_of(response, spec()));
  for (const CsvRow& row : table) {
    ++out.records;
    std::string lacks = write_row(row, columns, response.received_at, rows);
    if (!lacks.empty()) {
      out.rejected.push_back(bad_record(row.line, std::move(lacks), row.text));
    }
  }
  out.verdict = verdict_of(rows.rows(), "no announcements yet that day");
  if (rows.rows() > 0) {
    out.tables.push_back(rows.take());
  }
  return out;
}

}  // namespace
}  // namespace source::asx_announcements

const source::Source& source_asx_announcements() {
  static const source::Source kSource{source::asx_announcements::spec(), source::asx_announcements::plan,
                                      source::asx_announcements::parse};
  return kSource;
}

}  // namespace lode
