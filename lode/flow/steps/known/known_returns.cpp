// Returns of known factors read and laid beside the sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/known/known_returns.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/steps/stats/series_file.h"
#include "lode/io/source/file_bytes.h"

namespace lode::flow {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr double kGone = -99.0;  // French's -99.99 and -999; no return in percent is below -99.
constexpr std::string_view kRiskless = "RF";

// Lines without their ends; a lone CR ends one too.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + (text.substr(end).starts_with("\r\n") ? 2 : 1);
  }
  return out;
}

// Where the line of names stands, in a file of French's library: it begins with a comma and a row of digits follows.
std::optional<std::size_t> header_of(const std::vector<std::string_view>& lines) {
  constexpr std::size_t kMostWords = 100;  // Lines of preamble
  for (std::size_t i = 0; i + 1 < std::min(lines.size(), kMostWords); ++i) {
    const std::string_view next = trim(lines[i + 1]);
    if (trim(lines[i]).starts_with(',') && !next.empty() && next.front() >= '0' && next.front() <= '9') {
      return i;
    }
  }
  return std::nullopt;
}

Result<Date> day_of(std::string_view cell, const std::string& path, std::size_t line) {
  Date date;
  const bool is_day = cell.size() == 8 && cell.find_first_not_of("0123456789") == std::string_view::npos;
  if (is_day && try_parse_date(fmt::format("{}-{}-{}", cell.substr(0, 4), cell.substr(4, 2), cell.substr(6)), date)) {
    return date;
  }
  if (cell.size() == 6 || cell.size() == 4) {
    return fail(E::E4, fmt::format("{} line {}: {} is a month or a year, expected days", path, line, quote(cell)),
                "take the daily file of the library: its name ends in _daily");
  }
  return fail(E::E2005, fmt::format("{} line {}: {} is no date", path, line, quote(cell)), "rows begin with YYYYMMDD");
}

Result<void> add_row(std::string_view text, std::size_t line, KnownFile& file) {
  const std::vector<std::string_view> cells = split(text, ',');
  LODE_TRY(const Date date, day_of(trim(cells.front()), file.path, line));
  if (cells.size() != file.names.size() + 1) {
    return fail(
        E::E2009,
        fmt::format("{} line {} has {} cells, expected {}", file.path, line, cells.size(), file.names.size() + 1),
        "take the file as the library gives it");
  }
  if (!file.dates.empty() && date <= file.dates.back()) {
    return fail(E::E2012,
                fmt::format("{} line {}: {} does not follow {}", file.path, line, to_string(date),
                            to_string(file.dates.back())),
                "rows are of ascending dates, each once");
  }
  file.dates.push_back(date);
  for (std::size_t i = 0; i < file.names.size(); ++i) {
    double value = kMissing;
    if (!parse_double(trim(cells[i + 1]), value)) {
      return fail(E::E2004, fmt::format("{} line {}: {} is no number", file.path, line, quote(trim(cells[i + 1]))),
                  "missing values stand as -99.99");
    }
    file.returns[i].push_back(value <= kGone ? kMissing : value / 100.0);
  }
  return {};
}

void leave_out_riskless(KnownFile& file) {
  if (const auto found = std::ranges::find(file.names, kRiskless); found != file.names.end()) {
    file.returns.erase(file.returns.begin() + (found - file.names.begin()));
    file.names.erase(found);
  }
}

// Each factor has a name of its own: it is part of the paths of its numbers.
Result<void> check_names(const KnownFile& file) {
  std::set<std::string_view> seen;
  for (const std::string& name : file.names) {
    if (name.empty() || !seen.insert(name).second) {
      return fail(E::E2003,
                  fmt::format("{}: {}, expected a name of its own for each column", file.path,
                              name.empty() ? "a column of returns has no name" : quote(name) + " names two columns"),
                  "name the columns in the first line, each once");
    }
  }
  return {};
}

Result<KnownFile> read_library(const std::vector<std::string_view>& lines, std::size_t header, KnownFile file) {
  for (const std::string_view name : split(trim(lines[header]).substr(1), ',')) {
    file.names.emplace_back(trim(name));
  }
  file.returns.resize(file.names.size());
  for (std::size_t i = header + 1; i < lines.size(); ++i) {
    const std::string_view line = trim(lines[i]);
    if (line.empty() || line.front() < '0' || line.front() > '9') {
      break;  // The first table ends: others, or the copyright, follow.
    }
    LODE_CHECK(add_row(line, i + 1, file));
  }
  leave_out_riskless(file);
  return file;
}

Result<KnownFile> read_columns(const std::string& path) {
  LODE_TRY(SeriesFile series, read_series_file(path));
  if (series.dates.empty()) {
    return fail(E::E2003, fmt::format("{} has no column of dates", path), "date, and a column of returns a factor");
  }
  for (std::size_t i = 0; i < series.names.size(); ++i) {
    const auto low = std::ranges::find_if(series.series[i], [](double r) { return r < -1.0; });
    if (low != series.series[i].end()) {
      return fail(
          E::E4,
          fmt::format("{}: {} of {} on {} is a loss of more than everything", path, shortest(*low), series.names[i],
                      to_string(series.dates[static_cast<std::size_t>(low - series.series[i].begin())])),
          "returns are ratios, 0.01 for 1 %: divide percent by 100");
    }
  }
  KnownFile file{path, series.hash, std::move(series.names), std::move(series.dates), std::move(series.series)};
  leave_out_riskless(file);
  return file;
}

}  // namespace

Result<KnownFile> read_known_file(const std::string& path) {
  LODE_TRY(const source::FileBytes bytes, source::read_data_file(path));
  const std::vector<std::string_view> lines = lines_of(bytes.bytes);
  const std::optional<std::size_t> header = header_of(lines);
  LODE_TRY(KnownFile file,
           header ? read_library(lines, *header, {.path = path, .hash = bytes.sha256}) : read_columns(path));
  LODE_CHECK(check_names(file));
  if (file.names.empty() || file.dates.empty()) {
    return fail(E::E2014, fmt::format("{} holds no returns of a factor", path),
                "a date and a column of returns a factor; RF alone is none");
  }
  return file;
}

std::vector<evaluate::KnownReturns> on_rows(const KnownFile& file, const std::vector<Date>& sessions,
                                            evaluate::Convention convention) {
  const std::size_t shift = convention == evaluate::Convention::kNextClose ? 2 : 1;
  std::vector<evaluate::KnownReturns> out;
  for (std::size_t i = 0; i < file.names.size(); ++i) {
    evaluate::KnownReturns one{file.names[i], std::vector<double>(sessions.size(), kMissing)};
    for (std::size_t row = 0; row + shift < sessions.size(); ++row) {
      const auto found = std::ranges::lower_bound(file.dates, sessions[row + shift]);
      if (found != file.dates.end() && *found == sessions[row + shift]) {
        one.returns[row] = file.returns[i][static_cast<std::size_t>(found - file.dates.begin())];
      }
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace lode::flow
