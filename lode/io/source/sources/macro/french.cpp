// Kenneth French's library of research factors: a zipped CSV a data set, in percent, restated each month from another
// vintage of the CRSP database.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <limits>

#include <algorithm>
#include <cmath>

#include "lode/base/text.h"
#include "lode/io/source/parts/ask.h"
#include "lode/io/source/parts/csv.h"
#include "lode/io/source/parts/zip.h"

namespace lode {
namespace source::french {
namespace {

const BodyContract kContract{.name = "Fama-French data set",
                             .types = {"application/zip", "application/x-zip-compressed", "application/octet-stream"},
                             .most_bytes = std::size_t{64} << 20};

const Spec& spec() {
  static const Spec kSpec{
      .name = "french",
      .summary = "research factors of Fama and French, each vintage kept",
      .names = "data sets: F-F_Research_Data_Factors_daily, F-F_Momentum_Factor_daily",
      .kinds = "",
      .tables = {"macro"},
      .settings = {{"french.base_url", "https://mba.tuck.dartmouth.edu", "host of the library; a mirror or a proxy"}},
      .paces = {{"dartmouth.edu", 0.5, 1.0, 600}},
      .example = "lode data fetch french --names F-F_Research_Data_Factors_daily",
      .terms = "copyright Kenneth R. French; free for research, with his name"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  if (request.names.empty()) {
    return fail(E::E6208, "the library is asked data set by data set, and none is named",
                "--names F-F_Research_Data_Factors_daily");
  }
  Plan out;
  for (const std::string& name : request.names) {
    const bool is_name = !name.empty() && std::ranges::all_of(name, [](char c) {
      return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
    if (!is_name) {
      return fail(E::E6208, fmt::format("{} is no data set of the library", quote(name)));
    }
    out.requests.push_back(get_request(spec(), request, "french.base_url",
                                       fmt::format("/pages/faculty/ken.french/ftp/{}_CSV.zip", name), "dartmouth.edu",
                                       &kContract, "set"));
    out.requests.back().about.set("set", name);
    out.requests.back().http.is_conditional = true;
  }
  return out;
}

// The month of "... using the 202307 CRSP database.": its last day, before which no one had it.
std::optional<Date> vintage_of(std::string_view text) {
  const std::size_t at = text.find(" CRSP database");
  Date first;
  if (at == std::string_view::npos || at < 6) {
    return std::nullopt;
  }
  const std::string_view digits = text.substr(at - 6, 6);
  if (!try_parse_date(fmt::format("{}-{}-01", digits.substr(0, 4), digits.substr(4)), first)) {
    return std::nullopt;
  }
  const Date next = first + 31;
  return Date::from_civil(next.year(), next.month(), 1) - 1;
}

// YYYYMMDD, YYYYMM (its first day) or YYYY.
struct Period {
  Date date;
  std::string_view length;
};
std::optional<Period> read_period(std::string_view text) {
  const bool digits = text.find_first_not_of("0123456789") == std::string_view::npos;
  Date date;
  if (!digits || (text.size() != 8 && text.size() != 6 && text.size() != 4)) {
    return std::nullopt;
  }
  const std::string month = text.size() == 4 ? "01" : std::string(text.substr(4, 2));
  const std::string day = text.size() == 8 ? std::string(text.substr(6, 2)) : "01";
  if (!try_parse_date(fmt::format("{}-{}-{}", text.substr(0, 4), month, day), date)) {
    return std::nullopt;
  }
  return Period{date, text.size() == 8 ? "daily" : text.size() == 6 ? "monthly" : "annual"};
}

// Percent to a fraction; -99.99 and -999 are missing.
bool read_percent(std::string_view text, double& out) {
  double percent = 0;
  if (!parse_double(text, percent)) {
    return false;
  }
  out = percent == -99.99 || percent == -999 ? std::numeric_limits<double>::quiet_NaN() : percent / 100;
  return true;
}

void read_row(const CsvRow& row, const std::vector<std::string>& columns, std::string_view set, Date vintage,
              Time received, RowWriter& rows, Parsed& out) {
  const auto period = read_period(row.cells[0]);
  if (!period) {
    return;
  }
  ++out.records;
  const std::size_t width = std::min(columns.size(), row.cells.size());
  for (std::size_t c = 1; c < width; ++c) {
    double value = 0;
    if (!read_percent(row.cells[c], value)) {
      out.rejected.push_back(bad_record(row.line, fmt::format("{} is no number", quote(row.cells[c])), row.text));
      continue;
    }
    rows.put(std::string_view(fmt::format("french/{}/{}/{}", set, columns[c], period->length)));
    rows.put(period->date).put(vintage).put(value).put(std::string_view("ratio"));
    rows.end({start_of_day(period->date), received, false}, row.line);
  }
}

// "F-F_Momentum_Factor_daily.CSV" in the zip of that set. Case and signs differ from set to set.
bool is_file_of(std::string_view file, std::string_view set) {
  const auto bare = [](std::string_view text) {
    std::string out = lower(text);
    std::erase_if(out, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')); });
    return out;
  };
  const std::size_t folder = file.rfind('/');
  file.remove_prefix(folder == std::string_view::npos ? 0 : folder + 1);
  return bare(file.substr(0, file.rfind('.'))) == bare(set);
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = by_status(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  LODE_CHECK(check_body(kContract, media_type(response), response.body));
  // Only a zip says which set it holds: its text would do for any.
  LODE_TRY(const ZipFile file, read_zipped(response.body, ".csv"));
  const std::string_view set = about_text(response.asked, "set");
  if (!is_file_of(file.name, set)) {
    return fail(E::E6206,
                fmt::format("the zip of French's library holds {} where {} was asked", quote(file.name), quote(set)),
                "the body is kept aside; what was stored before stays");
  }
  const std::string_view text = file.bytes;
  const auto vintage = vintage_of(text.substr(0, 4096));
  if (!vintage) {
    return fail(E::E6206, "a data set of French's library whose head names no CRSP vintage");
  }
  Parsed out = only_verdict(response, {});
  RowWriter rows("macro", provenance_of(response, spec()));
  std::vector<std::string> columns;
  for (const CsvRow& row : read_csv(text)) {
    if (row.cells.size() > 1 && row.cells[0].empty()) {
      columns = row.cells;  // A header starts with a comma.
    } else if (columns.size() > 1 && row.cells.size() == columns.size()) {
      read_row(row, columns, set, *vintage, response.received_at, rows, out);
    } else if (row.cells.size() == 1 && columns.size() > 1 && read_period(row.cells[0])) {
      return fail(E::E6206, "a data set of French's library that is cut off in a row");
    }
  }
  // Against the last vintage: the history grows.
  const Value* before = response.cursor.state.find(set);
  const BodyContract grown{.name = "Fama-French data set", .least_share = 1.0};
  LODE_CHECK(check_rows(grown, out.records, before != nullptr && before->is_int() ? before->as_int() : 0));
  out.next.state.set(set, out.records);
  out.verdict = verdict_of(rows.rows(), "no rows");
  if (rows.rows() > 0) {
    out.tables.push_back(rows.take());
  }
  return out;
}

}  // namespace
}  // namespace source::french

const source::Source& source_macro_french() {
  static const source::Source kSource{source::french::spec(), source::french::plan, source::french::parse};
  return kSource;
}

}  // namespace lode
