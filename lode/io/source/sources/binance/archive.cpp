// Binance's public archive: bars of every spot pair, delisted ones included. Lists of files lead to files; of each the
// checksum comes first and the zip is held against it. Stamps are milliseconds until 2024 and microseconds from 2025.
//
// A pair that pauses for more than seven days comes back as a new instrument, so what a file's rows are hangs on the
// files beside it. The files of a pair are a chain: each is asked for when the one before it has been read, whatever
// comes in what order over the wire, and one that cannot be had holds back those behind it.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "lode/base/counted.h"
#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/io/source/binance/spells.h"
#include "lode/io/source/parts/csv.h"
#include "lode/io/source/parts/price_rows.h"
#include "lode/io/source/parts/xml.h"
#include "lode/io/source/parts/zip.h"

namespace lode {
namespace source::binance_archive {
namespace {

using binance::Days;
using binance::Spells;

constexpr std::string_view kPace = "binance.vision";
constexpr std::size_t kMostBytes = std::size_t{1} << 30;
constexpr std::int64_t kFirstMicros = 100'000'000'000'000;  // As milliseconds the year 5138, as microseconds 1973.

const BodyContract kList{.name = "Binance list",
                         .types = {"application/xml", "text/xml"},
                         .begins = {"<?xml", "<ListBucketResult"},
                         .needs = {"<ListBucketResult"},
                         .ends = "</ListBucketResult>",
                         .most_bytes = std::size_t{16} << 20};
const BodyContract kSum{.name = "Binance checksum", .most_bytes = 1024};
const BodyContract kZip{.name = "Binance bars", .begins = {"PK"}, .most_bytes = std::size_t{512} << 20};

const Spec& spec() {
  static const Spec kSpec{
      .name = "binance-archive",
      .summary = "bars of every spot pair of Binance's archive, delisted ones included",
      .names = "pairs: BTCUSDT; none = all pairs",
      .kinds = "one interval: 1d (standard), 1h, 30m, 15m, 5m, 1m",
      .tables = {"bars", "instruments", "symbols"},
      .settings = {{"binance.archive_url", "https://data.binance.vision", "host of the files; a mirror or a proxy"},
                   {"binance.list_url", "https://s3-ap-northeast-1.amazonaws.com",
                    "where the files are listed; a mirror or a proxy"}},
      .paces = {{kPace, 5, 20, 600}},
      .example = "lode data fetch binance-archive --symbols BTCUSDT --from 2024-01-01",
      .terms = "Binance; published for download, its terms of use apply, no redistribution"};
  return kSpec;
}

constexpr std::array<std::string_view, 6> kIntervals = {"1d", "1h", "30m", "15m", "5m", "1m"};

constexpr std::string_view kBucket = "/data.binance.vision";  // Of the archive's list.

Request list_request(const FetchRequest& request, const std::string& prefix, std::string_view part) {
  const std::string path = fmt::format("{}?delimiter=%2F&prefix={}", kBucket, escape_url(prefix));
  Request out = get_request(spec(), request, "binance.list_url", path, kPace, &kList, part);
  out.about.set("files", get_request(spec(), request, "binance.archive_url", "", kPace, nullptr, "").http.url);
  out.about.set("bucket", get_request(spec(), request, "binance.list_url", kBucket, kPace, nullptr, "").http.url);
  return out;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  const std::string interval = request.kinds.empty() ? "1d" : request.kinds.front();
  if (std::ranges::find(kIntervals, interval) == kIntervals.end() || request.kinds.size() > 1) {
    return fail(E::E6208, fmt::format("{} is no interval that is taken of Binance; there are 1d, 1h, 30m, 15m, 5m, 1m",
                                      quote(join(request.kinds, ","))));
  }
  Plan out;
  if (request.names.empty()) {
    out.requests.push_back(list_request(request, "data/spot/monthly/klines/", "pairs"));
    out.requests.back().about.set("name", "all pairs");
  }
  for (const std::string& name : request.names) {
    std::string pair;
    if (!normalize_symbol(name, pair)) {
      return fail(E::E6208, fmt::format("{} is no pair", quote(name)), "--symbols BTCUSDT");
    }
    out.requests.push_back(
        list_request(request, fmt::format("data/spot/monthly/klines/{}/{}/", pair, interval), "months"));
    out.requests.back().about.set("pair", pair);
    out.requests.back().about.set("name", pair);
  }
  for (Request& asked : out.requests) {
    asked.about.set("interval", interval);
    if (request.anew) {
      asked.about.set("anew", true);
    }
    for (const auto& [word, day] : {std::pair{"from", request.from}, {"to", request.to}}) {
      if (day) {
        asked.about.set(word, to_string(*day));
      }
    }
  }
  return out;
}

std::string cursor_key(const Request& asked) {
  return fmt::format("{} {}", about_text(asked, "pair"), about_text(asked, "interval"));
}

Spells known_spells(const Response& response) {
  const Value* found = response.cursor.state.find(cursor_key(response.asked));
  return Spells(found != nullptr && found->is_text() ? std::string_view(found->as_text()) : std::string_view());
}

struct Listed {
  std::vector<std::string> keys, prefixes;
  bool is_truncated = false;
  std::string next;
};

Result<Listed> read_list(std::string_view body) {
  Listed out;
  XmlReader xml(body);
  std::string element;
  bool in_prefixes = false;
  while (xml.next()) {
    if (xml.is_start()) {
      element = xml.name();
      in_prefixes = in_prefixes || element == "CommonPrefixes";
    } else if (xml.is_end()) {
      in_prefixes = in_prefixes && xml.name() != "CommonPrefixes";
      element.clear();
    } else if (element == "Key") {
      out.keys.push_back(plain_text(xml.text()));
    } else if (element == "Prefix" && in_prefixes) {
      out.prefixes.push_back(plain_text(xml.text()));
    } else if (element == "IsTruncated") {
      out.is_truncated = trim(xml.text()) == "true";
    } else if (element == "NextMarker") {
      out.next = plain_text(xml.text());
    }
  }
  if (xml.broken()) {
    return fail(E::E6206, "a list of Binance's archive that is no whole XML");
  }
  if (out.next.empty() && out.is_truncated) {
    out.next = !out.keys.empty() ? out.keys.back() : !out.prefixes.empty() ? out.prefixes.back() : "";
  }
  return out;
}

// The list again from `marker` on.
Request next_list(const Response& response, std::string_view prefix, std::string_view marker, std::string_view part) {
  Request out = response.asked;
  out.http.url = fmt::format("{}?delimiter=%2F&prefix={}", about_text(response.asked, "bucket"), escape_url(prefix));
  out.http.url += marker.empty() ? "" : "&marker=" + escape_url(marker);
  out.part = part;
  return out;
}

Result<Parsed> read_pairs(const Response& response, const Listed& list) {
  Parsed out = only_verdict(response, {});
  for (const std::string& prefix : list.prefixes) {
    const auto words = split(prefix, '/');
    std::string pair;
    if (words.size() < 2 || !normalize_symbol(words[words.size() - 2], pair)) {
      out.rejected.push_back(bad_record(0, "no pair", prefix));
      continue;
    }
    ++out.records;
    const std::string months = fmt::format("{}{}/", prefix, about_text(response.asked, "interval"));
    out.follow.push_back(next_list(response, months, "", "months"));
    out.follow.back().about.set("pair", pair);
    out.follow.back().about.set("name", pair);
  }
  if (list.is_truncated && !list.next.empty()) {
    out.follow.push_back(next_list(response, "data/spot/monthly/klines/", list.next, "pairs"));
  }
  return out;
}

// "data/spot/monthly/klines/BTCUSDT/1d/"
std::string folder_of(const Request& asked, bool is_monthly) {
  return fmt::format("data/spot/{}/klines/{}/{}/", is_monthly ? "monthly" : "daily", about_text(asked, "pair"),
                     about_text(asked, "interval"));
}
std::string file_of(const Request& asked, std::string_view stamp) {
  return fmt::format("{}-{}-{}.zip", about_text(asked, "pair"), about_text(asked, "interval"), stamp);
}

// Stamps of files, "2024-04,2024-05-01", as requests remember them.
struct File {
  std::string stamp;
  Days days;
};
std::vector<File> files_about(const Request& asked, std::string_view key) {
  std::vector<File> out;
  const std::string_view text = about_text(asked, key);
  for (const std::string_view stamp : text.empty() ? std::vector<std::string_view>() : split(text, ',')) {
    if (const auto days = binance::days_of_stamp(stamp)) {
      out.push_back({std::string(stamp), *days});
    }
  }
  return out;
}
std::string text_of(const std::vector<File>& files) {
  std::vector<std::string> stamps;
  for (const File& file : files) {
    stamps.push_back(file.stamp);
  }
  return join(stamps, ",");
}

// What a file that cannot be had holds back.
std::string waiting_text(const Request& asked) {
  const std::size_t count = files_about(asked, "rest").size();
  return count == 0 ? ""
                    : fmt::format("; {} of the pair behind it wait", counted(static_cast<std::int64_t>(count), "file"));
}

// The checksum of the first of `rest`, which remembers the others and those that are left alone.
Request chain_request(const Request& asked, std::vector<File> rest, std::string_view skipped) {
  const std::string stamp = rest.front().stamp;
  rest.erase(rest.begin());
  const std::string key = folder_of(asked, stamp.size() == 7) + file_of(asked, stamp);
  Request out = asked;
  out.http.url = fmt::format("{}/{}.CHECKSUM", about_text(asked, "files"), key);
  out.http.is_bulk = false;
  out.contract = &kSum;
  out.part = "sum";
  out.about.set("key", key);
  out.about.set("stamp", stamp);
  out.about.set("listed", "");
  out.about.set("rest", text_of(rest));
  out.about.set("skipped", skipped);
  out.about.set("sha256", "");
  out.about.set("name", fmt::format("{} {}", about_text(asked, "pair"), stamp));
  return out;
}

// Which of the files are read, and in what order: away from what is known, so that a pause is seen as one.
struct Chosen {
  std::vector<File> files, skipped;
};
Chosen choose(std::vector<File> listed, const Request& asked, const std::optional<Days>& known) {
  const auto from = about_date(asked, "from");
  const auto to = about_date(asked, "to");
  Chosen out;
  std::vector<File> before;
  std::ranges::sort(listed, {}, [](const File& file) { return file.days.first; });
  for (File& file : listed) {
    const bool is_new = from ? file.days.last >= *from : !known || file.days.last > known->last;
    if (!is_new || (to && file.days.first > *to)) {
      out.skipped.push_back(std::move(file));
    } else if (known && file.days.last < known->first) {
      before.push_back(std::move(file));
    } else {
      out.files.push_back(std::move(file));
    }
  }
  std::ranges::move(before.rbegin(), before.rend(), std::back_inserter(out.files));
  return out;
}

// Behind all lists of a pair, months and then the days of the month that is not whole: the chain of its files.
Result<Parsed> begin_chain(const Response& response, std::vector<File> listed) {
  Parsed out = only_verdict(response, {});
  out.records = static_cast<std::int64_t>(listed.size());
  const Request& asked = response.asked;
  const bool is_anew = asked.about.find("anew") != nullptr;
  const std::optional<Days> known = known_spells(response).whole();
  const bool has_span = about_date(asked, "from") || about_date(asked, "to");
  Chosen chosen = choose(std::move(listed), asked, is_anew ? std::nullopt : known);
  if (!chosen.files.empty()) {
    out.follow.push_back(chain_request(asked, chosen.files, text_of(chosen.skipped)));
    if (is_anew) {
      out.follow.back().about.set("forget", to_string(chosen.files.front().days.first));
      out.follow.back().about.set("was", known_spells(response).text());
    }
  } else if (out.records == 0) {
    out.verdict = {ResponseClass::kAbsent, "the archive has no files of such a pair", {}};
  } else if (has_span) {
    out.records = 0;
    out.verdict = {ResponseClass::kEmpty, "the archive has no files of those days", {}};
  } else {
    out.verdict = {ResponseClass::kNotModified, "the archive has no new files of it", {}};
  }
  return out;
}

Result<Parsed> read_files(const Response& response, const Listed& list) {
  const bool is_months = response.asked.part == "months";
  const std::string here = folder_of(response.asked, is_months);
  std::vector<File> listed = files_about(response.asked, "listed");
  for (const std::string& key : list.keys) {
    const auto days = binance::days_of_file(key);
    if (!days) {
      continue;  // The checksums beside them.
    }
    std::string stamp = to_string(days->first).substr(0, is_months ? 7 : 10);
    if (key == here + file_of(response.asked, stamp)) {
      listed.push_back({std::move(stamp), *days});
    }
  }
  const bool is_paged = list.is_truncated && !list.next.empty();
  if (!is_paged && !is_months) {
    return begin_chain(response, std::move(listed));
  }
  Parsed out = only_verdict(response, {});
  out.records = static_cast<std::int64_t>(listed.size());
  if (is_paged) {
    out.follow.push_back(next_list(response, here, list.next, response.asked.part));
  } else {
    std::string marker;  // Days that a whole month holds are left out.
    const std::string days = folder_of(response.asked, false);
    if (!listed.empty()) {
      const Date covered = std::ranges::max(listed, {}, [](const File& file) { return file.days.last; }).days.last;
      marker = fmt::format("{}{}.CHECKSUM", days, file_of(response.asked, to_string(covered)));
    }
    out.follow.push_back(next_list(response, days, marker, "days"));
  }
  out.follow.back().about.set("listed", text_of(listed));
  return out;
}

// "<64 hex digits>  <file name>".
Result<Parsed> read_sum(const Response& response) {
  const std::string_view text = trim(response.body);
  const std::string sum = lower(text.substr(0, 64));
  const std::string key(about_text(response.asked, "key"));
  const bool is_hex = sum.size() == 64 && sum.find_first_not_of("0123456789abcdef") == std::string::npos;
  const std::string file = key.substr(key.rfind('/') + 1);
  if (!is_hex || !text.ends_with(file)) {
    return fail(E::E6206, fmt::format("the checksum of {} reads {}{}", quote(file), quote(text.substr(0, 100)),
                                      waiting_text(response.asked)));
  }
  Parsed out = only_verdict(response, {});
  Request zip = response.asked;
  zip.http.url = fmt::format("{}/{}", about_text(response.asked, "files"), key);
  zip.http.is_bulk = true;
  zip.http.most_bytes = std::int64_t{512} << 20;
  zip.contract = &kZip;
  zip.part = "bars";
  zip.about.set("sha256", sum);
  out.follow.push_back(std::move(zip));
  return out;
}

std::optional<Time> read_stamp(std::string_view text) {
  std::int64_t number = 0;
  if (!parse_int(text, number) || number < 0) {
    return std::nullopt;
  }
  if (number < kFirstMicros) {
    return time_of_millis(number);
  }
  const auto at = time_of_seconds(number / 1'000'000);
  return at ? std::optional(Time{number * 1000}) : std::nullopt;
}

// "" or what the row lacks. Columns: open time, o, h, l, c, volume, close time, quote volume, trades, and three more.
std::string read_row(const CsvRow& row, std::int64_t seconds, FeedBar& out) {
  const auto start = row.cells.size() >= 9 ? read_stamp(row.cells[0]) : std::nullopt;
  if (!start) {
    return "no stamp, or fewer than nine cells";
  }
  out.interval_seconds = seconds;
  out.start = *start;
  out.session = utc_date(*start);
  out.end = Time{start->nanos + (seconds > 0 ? seconds : 86'400) * kNanosPerSecond};
  const auto number = [&](std::size_t cell, double& into) { return parse_double(row.cells[cell], into); };
  if (!number(1, out.open) || !number(2, out.high) || !number(3, out.low) || !number(4, out.close) ||
      !number(5, out.volume) || !number(7, out.amount)) {
    return "a cell is no number";
  }
  std::int64_t trades = 0;
  if (parse_int(row.cells[8], trades) && trades >= 0) {
    out.trades = trades;
  }
  return "";
}

// The rows of a file; what is none is set aside.
std::vector<FeedBar> read_rows(const Response& response, std::string_view text, std::int64_t seconds, Parsed& out) {
  const std::string_view pair = about_text(response.asked, "pair");
  std::vector<FeedBar> rows;
  for (const CsvRow& row : read_csv(text)) {
    if (row.line == 1 && !row.cells.empty() && row.cells[0].starts_with("open")) {
      continue;  // Some files have a header.
    }
    ++out.records;
    FeedBar bar{.symbol = pair, .line = row.line};
    if (std::string lacks = read_row(row, seconds, bar); lacks.empty()) {
      rows.push_back(bar);
    } else {
      out.rejected.push_back(bad_record(row.line, std::move(lacks), row.text, pair));
    }
  }
  return rows;
}

// The days around the file that were read before it, or have no file.
Days read_around(const Request& asked) {
  const auto own = binance::days_of_stamp(about_text(asked, "stamp"));
  Days out{Date::from_civil(1, 1, 1), Date::from_civil(9999, 12, 31)};
  for (const std::string_view key : {"skipped", "rest"}) {
    for (const File& file : files_about(asked, key)) {
      if (own && file.days.last < own->first) {
        out.first = std::max(out.first, file.days.last + 1);
      } else if (own && file.days.first > own->last) {
        out.last = std::min(out.last, file.days.first - 1);
      }
    }
  }
  return out;
}

// Behind the last file of what was read anew: instruments that turned out to be none. Their name held on no day.
void withdraw(const Request& asked, const Spells& spells, FeedNames& names) {
  if (!about_text(asked, "rest").empty()) {
    return;
  }
  const std::string pair(about_text(asked, "pair"));
  const Spells was(about_text(asked, "was"));
  for (std::uint32_t number = 0; number < was.size(); ++number) {
    if (was.holds(number) && !spells.holds(number)) {
      const Date first = was.at(number).first;
      names.add(
          {instrument_id(kNoMic, pair, number), std::string(kNoMic), pair, pair, "", first, first - 1, true, true});
    }
  }
}

// Whose rows they are, and those of the days asked for into the tables. Days of the file that lie towards what is known
// tell of pauses, asked for or not; days beyond those asked for stay unknown, or no later fetch would ask for them.
void store_rows(const Response& response, const std::vector<FeedBar>& rows, Parsed& out) {
  const auto first = about_date(response.asked, "from");
  const auto last = about_date(response.asked, "to");
  const auto is_asked = [&](Date day) { return (!first || day >= *first) && (!last || day <= *last); };
  Spells spells = known_spells(response);
  if (const auto day = about_date(response.asked, "forget")) {
    spells.forget(*day);
  }
  const Spells before = spells;
  const std::optional<Days> known = spells.whole();
  std::vector<Date> sessions;
  for (const FeedBar& bar : rows) {
    const bool is_behind = known && bar.session < known->first;
    if (is_asked(bar.session) || (is_behind ? last && bar.session > *last : known && first && bar.session < *first)) {
      sessions.push_back(bar.session);
    }
  }
  std::ranges::sort(sessions);
  const auto doubled = std::ranges::unique(sessions);
  sessions.erase(doubled.begin(), doubled.end());
  const bool has_any = std::ranges::any_of(sessions, is_asked);
  const std::vector<std::uint32_t> numbers =
      has_any ? spells.take(sessions, read_around(response.asked)) : std::vector<std::uint32_t>();
  const std::string pair(about_text(response.asked, "pair"));
  const Provenance from = provenance_of(response, spec());
  FeedBars bars(from, response.received_at);
  FeedNames names("binance", "crypto");
  std::map<std::uint32_t, Date> latest;  // Of the instruments met here.
  for (FeedBar bar : rows) {
    if (!is_asked(bar.session)) {
      continue;
    }
    const auto at = std::ranges::lower_bound(sessions, bar.session) - sessions.begin();
    const std::uint32_t number = numbers[static_cast<std::size_t>(at)];
    bar.id = instrument_id(kNoMic, pair, number);
    bars.add(bar, out.rejected);
    latest[number] = std::max(latest[number], bar.session);
  }
  for (std::uint32_t number = 0; number < before.size(); ++number) {
    if (spells.is_followed(number) && !before.is_followed(number)) {
      latest.try_emplace(number, spells.at(number).last);  // It ended here.
    }
  }
  for (const auto& [number, session] : latest) {
    const bool is_gone = spells.is_followed(number);
    names.add({instrument_id(kNoMic, pair, number), std::string(kNoMic), pair, pair, "", spells.at(number).first,
               is_gone ? spells.at(number).last : session, is_gone, true});
  }
  withdraw(response.asked, spells, names);
  out.next.state.set(cursor_key(response.asked), spells.text());
  out.verdict = verdict_of(bars.rows(), "the file has no bars of those days");
  if (bars.rows() > 0) {
    out.tables.push_back(bars.take());
  }
  names.finish(from, response.received_at, out);
}

Result<Parsed> read_bars(const Response& response) {
  const std::string sum = sha256_hex(response.body);
  if (sum != about_text(response.asked, "sha256")) {
    return fail(E::E6207,
                fmt::format("{} has the SHA-256 {}: its checksum file says {}{}", about_text(response.asked, "key"),
                            sum, about_text(response.asked, "sha256"), waiting_text(response.asked)));
  }
  LODE_TRY(const ZipFile file, read_zipped(response.body, ".csv"));
  const auto seconds = read_interval(about_text(response.asked, "interval"));
  if (!seconds || file.bytes.size() > kMostBytes) {
    return fail(E::E6208, "bars were asked without their interval");
  }
  Parsed out = only_verdict(response, {});
  const std::vector<FeedBar> rows = read_rows(response, file.bytes, *seconds, out);
  store_rows(response, rows, out);
  if (auto rest = files_about(response.asked, "rest"); !rest.empty()) {
    out.follow.push_back(chain_request(response.asked, std::move(rest), about_text(response.asked, "skipped")));
    out.follow.back().about.set("forget", "");
  }
  return out;
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = by_status(response);
  if (verdict.kind != ResponseClass::kOk) {
    verdict.reason += waiting_text(response.asked);
    return only_verdict(response, std::move(verdict));
  }
  if (response.asked.contract != nullptr) {
    LODE_CHECK(check_body(*response.asked.contract, "", response.body));
  }
  if (response.asked.part == "bars") {
    return read_bars(response);
  }
  if (response.asked.part == "sum") {
    return read_sum(response);
  }
  LODE_TRY(const Listed list, read_list(response.body));
  return response.asked.part == "pairs" ? read_pairs(response, list) : read_files(response, list);
}

}  // namespace
}  // namespace source::binance_archive

const source::Source& source_binance_archive() {
  static const source::Source kSource{source::binance_archive::spec(), source::binance_archive::plan,
                                      source::binance_archive::parse};
  return kSource;
}

}  // namespace lode
