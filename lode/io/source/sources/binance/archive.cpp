// Binance's public archive: bars of every spot pair, delisted ones included. Lists of files lead to files; of each the
// checksum comes first and the zip is held against it. Stamps are milliseconds until 2024 and microseconds from 2025. A
// pair that pauses for more than seven days comes back as a new instrument: the name was given to another coin before.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/io/source/parts/csv.h"
#include "lode/io/source/parts/price_rows.h"
#include "lode/io/source/parts/xml.h"
#include "lode/io/source/parts/zip.h"

namespace lode {
namespace source::binance_archive {
namespace {

constexpr std::string_view kPace = "binance.vision";
constexpr int kPauseDays = 7;
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
  out.about.set("list", get_request(spec(), request, "binance.list_url", kBucket, kPace, nullptr, "").http.url);
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
  }
  for (const std::string& name : request.names) {
    std::string pair;
    if (!normalize_symbol(name, pair)) {
      return fail(E::E6208, fmt::format("{} is no pair", quote(name)), "--symbols BTCUSDT");
    }
    out.requests.push_back(
        list_request(request, fmt::format("data/spot/monthly/klines/{}/{}/", pair, interval), "months"));
    out.requests.back().about.set("pair", pair);
  }
  for (Request& asked : out.requests) {
    asked.about.set("interval", interval);
    for (const auto& [word, day] : {std::pair{"from", request.from}, {"to", request.to}}) {
      if (day) {
        asked.about.set(word, to_string(*day));
      }
    }
  }
  return out;
}

// "BTCUSDT-1d-2024-05.zip" and "BTCUSDT-1d-2024-05-17.zip": the first and the last day of what is in it.
std::optional<std::pair<Date, Date>> days_of_file(std::string_view name) {
  if (!name.ends_with(".zip")) {
    return std::nullopt;
  }
  name.remove_suffix(4);
  Date day;
  if (name.size() > 11 && name[name.size() - 11] == '-' && try_parse_date(name.substr(name.size() - 10), day)) {
    return std::pair{day, day};
  }
  if (name.size() > 8 && name[name.size() - 8] == '-' &&
      try_parse_date(std::string(name.substr(name.size() - 7)) + "-01", day)) {
    Date end = day + 27;
    while ((end + 1).month() == day.month()) {
      end = end + 1;
    }
    return std::pair{day, end};
  }
  return std::nullopt;
}

// Spells of a pair, "2017-08-17..2022-05-13;2022-05-31..2024-06-01": the n-th is its n-th instrument.
class Spells {
 public:
  explicit Spells(std::string_view text) {
    for (const std::string_view spell : split(text, ';')) {
      Date first, last;
      if (spell.size() == 22 && try_parse_date(spell.substr(0, 10), first) && try_parse_date(spell.substr(12), last)) {
        spells_.emplace_back(first, last);
      }
    }
  }
  // The number of the instrument of a session, whose spell grows to it; nullopt when the session lies before all known
  // ones or in a pause: which instrument that was cannot be told.
  std::optional<std::uint32_t> take(Date session) {
    if (spells_.empty() || session - spells_.back().second > kPauseDays) {
      spells_.emplace_back(session, session);
      return static_cast<std::uint32_t>(spells_.size() - 1);
    }
    for (std::size_t i = 0; i < spells_.size(); ++i) {
      auto& [first, last] = spells_[i];
      const bool is_last = i + 1 == spells_.size();
      if (session >= first && (session <= last || is_last)) {
        last = std::max(last, session);
        return static_cast<std::uint32_t>(i);
      }
    }
    return std::nullopt;
  }
  std::pair<Date, Date> at(std::uint32_t i) const { return spells_[i]; }
  std::size_t size() const { return spells_.size(); }
  std::optional<Date> last() const { return spells_.empty() ? std::nullopt : std::optional(spells_.back().second); }
  std::string text() const {
    std::string out;
    for (const auto& [first, last] : spells_) {
      out += fmt::format("{}{}..{}", out.empty() ? "" : ";", to_string(first), to_string(last));
    }
    return out;
  }

 private:
  std::vector<std::pair<Date, Date>> spells_;
};

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
  out.http.url = fmt::format("{}?delimiter=%2F&prefix={}", about_text(response.asked, "list"), escape_url(prefix));
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
    out.follow.back().about.set("prefix", months);
  }
  if (list.is_truncated && !list.next.empty()) {
    out.follow.push_back(next_list(response, "data/spot/monthly/klines/", list.next, "pairs"));
  }
  return out;
}

Request sum_request(const Response& response, const std::string& key) {
  Request out = response.asked;
  out.http.url = fmt::format("{}/{}.CHECKSUM", about_text(response.asked, "files"), key);
  out.contract = &kSum;
  out.part = "sum";
  out.about.set("key", key);
  return out;
}

// Files that hold days not known yet; behind the months the days of the month that is not whole.
Result<Parsed> read_files(const Response& response, const Listed& list) {
  Parsed out = only_verdict(response, {});
  const auto known = known_spells(response).last();
  const auto from = about_date(response.asked, "from");
  const auto to = about_date(response.asked, "to");
  const bool is_months = response.asked.part == "months";
  std::optional<Date> covered = about_date(response.asked, "covered");
  for (const std::string& key : list.keys) {
    const auto days = days_of_file(key);
    if (!days) {
      continue;  // The checksums beside them.
    }
    ++out.records;
    covered = covered ? std::max(*covered, days->second) : days->second;
    const bool is_new = from ? days->second >= *from : !known || days->second > *known;
    if (is_new && (!to || days->first <= *to)) {
      out.follow.push_back(sum_request(response, key));
    }
  }
  const std::string pair(about_text(response.asked, "pair"));
  const std::string interval(about_text(response.asked, "interval"));
  const std::string here = fmt::format("data/spot/{}/klines/{}/{}/", is_months ? "monthly" : "daily", pair, interval);
  if (list.is_truncated && !list.next.empty()) {
    out.follow.push_back(next_list(response, here, list.next, response.asked.part));
    if (covered) {
      out.follow.back().about.set("covered", to_string(*covered));
    }
  } else if (is_months && covered) {
    const std::string days = fmt::format("data/spot/daily/klines/{}/{}/", pair, interval);
    out.follow.push_back(next_list(
        response, days, fmt::format("{}{}-{}-{}.zip.CHECKSUM", days, pair, interval, to_string(*covered)), "days"));
  }
  out.verdict = verdict_of(static_cast<std::int64_t>(out.follow.size()), "the archive has no new files of it");
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
    return fail(E::E6206, fmt::format("the checksum of {} reads {}", quote(file), quote(text.substr(0, 100))));
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

Result<Parsed> read_bars(const Response& response) {
  const std::string sum = sha256_hex(response.body);
  if (sum != about_text(response.asked, "sha256")) {
    return fail(E::E6207, fmt::format("{} has the SHA-256 {}: its checksum file says {}",
                                      about_text(response.asked, "key"), sum, about_text(response.asked, "sha256")));
  }
  LODE_TRY(const ZipFile file, read_zipped(response.body, ".csv"));
  const auto seconds = read_interval(about_text(response.asked, "interval"));
  if (!seconds || file.bytes.size() > kMostBytes) {
    return fail(E::E6208, "bars were asked without their interval");
  }
  const std::string pair(about_text(response.asked, "pair"));
  Spells spells = known_spells(response);
  std::map<std::uint32_t, Date> latest;  // Of the instruments met here.
  Parsed out = only_verdict(response, {});
  const Provenance from = provenance_of(response, spec());
  FeedBars bars(from, response.received_at);
  FeedNames names("binance", "crypto");
  const auto first = about_date(response.asked, "from");
  const auto last = about_date(response.asked, "to");
  for (const CsvRow& row : read_csv(file.bytes)) {
    if (row.line == 1 && !row.cells.empty() && row.cells[0].starts_with("open")) {
      continue;  // Some files have a header.
    }
    ++out.records;
    FeedBar bar{.symbol = pair, .line = row.line};
    std::string lacks = read_row(row, *seconds, bar);
    const auto reuse = lacks.empty() ? spells.take(bar.session) : std::nullopt;
    if (lacks.empty() && !reuse) {
      lacks = "it lies before what is stored, where nothing tells whose the name was: fetch the pair from its start";
    }
    if (!lacks.empty()) {
      out.rejected.push_back(bad_record(row.line, std::move(lacks), row.text, pair));
      continue;
    }
    if ((first && bar.session < *first) || (last && bar.session > *last)) {
      continue;
    }
    bar.id = instrument_id(kNoMic, pair, *reuse);
    bars.add(bar, out.rejected);
    latest[*reuse] = std::max(latest[*reuse], bar.session);
  }
  for (const auto& [reuse, session] : latest) {
    const bool is_gone = reuse + 1 < spells.size();
    names.add({instrument_id(kNoMic, pair, reuse), std::string(kNoMic), pair, pair, "", spells.at(reuse).first,
               is_gone ? spells.at(reuse).second : session, is_gone});
  }
  out.next.state.set(cursor_key(response.asked), spells.text());
  out.verdict = verdict_of(bars.rows(), "the file has no bars of that span");
  if (bars.rows() > 0) {
    out.tables.push_back(bars.take());
    names.finish(from, response.received_at, out);
  }
  return out;
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = by_status(response);
  if (verdict.kind != ResponseClass::kOk) {
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
