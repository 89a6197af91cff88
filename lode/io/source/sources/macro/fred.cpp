// FRED: series of the economy. With a key every vintage (ALFRED); without one the latest values, known when they came.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <limits>

#include <algorithm>
#include <cmath>

#include "lode/base/text.h"
#include "lode/io/source/collect/json_document.h"
#include "lode/io/source/parts/ask.h"
#include "lode/io/source/parts/csv.h"

namespace lode {
namespace source::fred {
namespace {

const BodyContract kCsv{.name = "FRED series",
                        .types = {"text/csv", "application/csv", "text/plain", "application/octet-stream"},
                        .begins = {"observation_date,", "DATE,"},
                        .most_bytes = std::size_t{64} << 20};
const BodyContract kJson{.name = "FRED observations",
                         .types = {"application/json", "text/json"},
                         .begins = {"{"},
                         .needs = {"\"observations\""},
                         .ends = "}",
                         .most_bytes = std::size_t{256} << 20};

const Spec& spec() {
  static const Spec kSpec{
      .name = "fred",
      .summary = "series of the economy, with every vintage where there is a key",
      .names = "series: DGS10, CPIAUCSL",
      .kinds = "",
      .tables = {"macro"},
      .settings = {{"fred.key", "",
                    "API key, free at https://fredaccount.stlouisfed.org; without it the latest values alone", false,
                    true},
                   {"fred.graph_url", "https://fred.stlouisfed.org", "host of the files without a key"},
                   {"fred.base_url", "https://api.stlouisfed.org", "host of the API"}},
      .paces = {{"stlouisfed.org", 1.0, 2.0, 600}},
      .example = "lode data fetch fred --symbols DGS10,CPIAUCSL",
      .terms =
          "Federal Reserve Bank of St. Louis; free, some series (S&P, ICE) belong to others; 120 requests a minute"};
  return kSpec;
}

bool is_series(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  if (request.names.empty()) {
    return fail(E::E6208, "FRED is asked series by series, and none is named", "--symbols DGS10");
  }
  const std::string_view key = request.setting(spec(), "fred.key");
  Plan out;
  for (const std::string& name : request.names) {
    const std::string series = upper(name);
    if (!is_series(series)) {
      return fail(E::E6208, fmt::format("{} is no series of FRED: they are letters, digits and _", quote(name)));
    }
    std::string path = key.empty() ? fmt::format("/graph/fredgraph.csv?id={}", series)
                                   : fmt::format(
                                         "/fred/series/observations?series_id={}&file_type=json&"
                                         "realtime_start=1776-07-04&realtime_end=9999-12-31&api_key={}",
                                         series, escape_url(key));
    if (request.from) {
      path += fmt::format("&{}={}", key.empty() ? "cosd" : "observation_start", to_string(*request.from));
    }
    if (request.to) {
      path += fmt::format("&{}={}", key.empty() ? "coed" : "observation_end", to_string(*request.to));
    }
    out.requests.push_back(get_request(spec(), request, key.empty() ? "fred.graph_url" : "fred.base_url", path,
                                       "stlouisfed.org", key.empty() ? &kCsv : &kJson, key.empty() ? "csv" : "json"));
    out.requests.back().about.set("series", series);
    out.requests.back().http.is_conditional = key.empty();
  }
  return out;
}

void write(RowWriter& rows, std::string_view series, Date date, Date vintage, double value, Time known, bool assumed,
           std::int64_t line) {
  rows.put(std::string_view(fmt::format("fred/{}", series))).put(date).put(vintage).put(value).put_null();
  rows.end({start_of_day(date), known, assumed}, line);
}

// A missing value is an empty cell or ".".
bool read_value(std::string_view text, double& out) {
  out = std::numeric_limits<double>::quiet_NaN();
  return text.empty() || text == "." || parse_double(text, out);
}

Result<Parsed> parse_csv(const Response& response, std::string_view series) {
  LODE_CHECK(check_body(kCsv, media_type(response), response.body));
  const std::vector<CsvRow> table = read_csv(response.body);
  if (table[0].cells.size() != 2 || table[0].cells[1] != series) {
    return fail(E::E6206, fmt::format("a FRED file of {} where {} was asked", quote(table[0].text), series));
  }
  Parsed out = only_verdict(response, {});
  RowWriter rows("macro", provenance_of(response, spec()));
  const Date vintage = utc_date(response.received_at);
  for (std::size_t i = 1; i < table.size(); ++i) {
    ++out.records;
    Date date;
    double value = 0;
    if (table[i].cells.size() != 2 || !try_parse_date(table[i].cells[0], date) ||
        !read_value(table[i].cells[1], value)) {
      out.rejected.push_back(bad_record(table[i].line, "no date and value", table[i].text));
      continue;
    }
    write(rows, series, date, vintage, value, response.received_at, false, table[i].line);
  }
  out.verdict = verdict_of(rows.rows(), "the series has no values there");
  if (rows.rows() > 0) {
    out.tables.push_back(rows.take());
  }
  return out;
}

Result<Parsed> parse_json(const Response& response, std::string_view series) {
  LODE_CHECK(check_body(kJson, media_type(response), response.body));
  LODE_TRY(const JsonDocument json, JsonDocument::read(response.body, "FRED observations"));
  const auto list = json_array(json.root(), "observations");
  if (!list) {
    return fail(E::E6206, "FRED observations without a list");
  }
  Parsed out = only_verdict(response, {});
  RowWriter rows("macro", provenance_of(response, spec()));
  for (const JsonElement item : *list) {
    ++out.records;
    Date date;
    Date vintage;
    double value = 0;
    if (!try_parse_date(json_text(item, "date").value_or(""), date) ||
        !try_parse_date(json_text(item, "realtime_start").value_or(""), vintage) ||
        !read_value(json_text(item, "value").value_or("?"), value)) {
      out.rejected.push_back(bad_record(out.records, "an observation without date, vintage or value", ""));
      continue;
    }
    // A vintage is told by its day alone: known at the end of it.
    write(rows, series, date, vintage, value, end_of_day(vintage), true, out.records);
  }
  out.verdict = verdict_of(rows.rows(), "the series has no values there");
  if (rows.rows() > 0) {
    out.tables.push_back(rows.take());
  }
  return out;
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = by_status(response);
  if (response.status == 400 || response.status == 404) {
    const bool no_key = response.body.find("api_key") != std::string::npos;
    verdict = no_key ? Verdict{ResponseClass::kDenied, "the key is refused", {}}
                     : Verdict{ResponseClass::kAbsent, "no such series", {}};
  } else if (response.status == 200 && looks_like_html(response.body)) {
    verdict = {ResponseClass::kAbsent, "a web page for a series: there is none of that name", {}};
  }
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  const std::string_view series = about_text(response.asked, "series");
  return response.asked.part == "json" ? parse_json(response, series) : parse_csv(response, series);
}

}  // namespace
}  // namespace source::fred

const source::Source& source_macro_fred() {
  static const source::Source kSource{source::fred::spec(), source::fred::plan, source::fred::parse};
  return kSource;
}

}  // namespace lode
