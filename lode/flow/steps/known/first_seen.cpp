// Articles keep their first day.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/known/first_seen.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>

#include "lode/base/assert.h"

namespace lode::flow {

namespace {

struct Sighting {
  Time first_seen;
  Date seen_on;
};

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<std::map<std::string, Sighting, std::less<>>> sightings(const lake::Snapshot& snapshot, const TextData& hashes) {
  std::string names;
  for (std::size_t row = 0; row < hashes.size(); ++row) {
    LODE_ASSERT(is_hash(hashes[row]));  // Made by us, so it can stand in quotes.
    names += fmt::format("{}'{}'", names.empty() ? "" : ", ", hashes[row]);
  }
  std::map<std::string, Sighting, std::less<>> out;
  if (names.empty()) {
    return out;
  }
  lake::Query query;
  query.columns = {"url_hash", "first_seen", "seen_on"};
  query.where = fmt::format("url_hash IN ({})", names);
  LODE_TRY(const Batch rows, snapshot.read("articles", query));
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const Sighting one{Time{rows.column("first_seen").times()[row]}, Date{rows.column("seen_on").dates()[row]}};
    const auto [at, is_new] = out.try_emplace(std::string(rows.column("url_hash").texts()[row]), one);
    if (!is_new && one.first_seen < at->second.first_seen) {
      at->second = one;
    }
  }
  return out;
}

}  // namespace

Result<std::int64_t> keep_first_seen(const lake::Snapshot& snapshot, Batch& articles) {
  const TextData& hashes = articles.column("url_hash").texts();
  LODE_TRY(const auto known, sightings(snapshot, hashes));
  Column seen("first_seen", ColumnType::kTime), days("seen_on", ColumnType::kDate);
  Column events("event_time", ColumnType::kTime);
  std::int64_t count = 0;
  for (std::size_t row = 0; row < articles.rows(); ++row) {
    const auto found = known.find(hashes[row]);
    const bool is_known = found != known.end();
    const bool is_claimed = !articles.column("published_at").is_null(row);
    count += is_known ? 1 : 0;
    seen.push(is_known ? found->second.first_seen : Time{articles.column("first_seen").times()[row]});
    days.push(is_known ? found->second.seen_on : Date{articles.column("seen_on").dates()[row]});
    const Column& event = articles.column("event_time");
    if (is_known && !is_claimed) {
      events.push(found->second.first_seen);
    } else {
      event.is_null(row) ? events.push_null() : events.push(Time{event.times()[row]});
    }
  }
  articles.column("first_seen") = std::move(seen);
  articles.column("seen_on") = std::move(days);
  articles.column("event_time") = std::move(events);
  return count;
}

}  // namespace lode::flow
