// The loop of polls.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/watching.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>
#include <utility>

#include "lode/base/counted.h"
#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/io/source/edgar/eastern.h"

namespace lode::flow {
namespace {

constexpr std::int64_t kOfficeOpen = 6 * 3600;            // Eastern: EDGAR accepts from 06:00 to 22:00.
constexpr std::int64_t kOfficeEnd = 22 * 3600 + 15 * 60;  // What was accepted last shows a little later.
constexpr auto kPause = std::chrono::milliseconds(50);
constexpr std::size_t kLinesOfPoll = 20;  // More news of one poll are summed up.

double quantile(std::vector<double> values, double share) {
  if (values.empty()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  std::ranges::sort(values);
  const auto last = static_cast<double>(values.size() - 1);
  return values[static_cast<std::size_t>(last * share + 0.5)];
}

bool is_worth_waiting(ErrorNumber number) {
  const ErrorCode code = error_info(number).code;
  return code == ErrorCode::kUnavailable || code == ErrorCode::kLimit || code == ErrorCode::kConflict;
}

// The polls of one watch.
class Watch {
 public:
  Watch(World& world, const source::Source& source, const WatchOptions& options)
      : world_(world), source_(source), options_(options), begin_(world.clock.monotonic_nanos()) {}

  Result<WatchReport> run(Collector& collector) {
    while (true) {
      const std::int64_t started = world_.clock.monotonic_nanos();
      auto polled = collector.poll();
      if (!polled && polled.error().code() == ErrorCode::kCancelled) {
        return std::move(report_);
      }
      if (!polled && !is_worth_waiting(polled.error().number())) {
        return fail(std::move(polled).error());
      }
      ++report_.polls;
      double wait = interval();
      if (polled) {
        LODE_CHECK(take(*polled));
        wait = std::max(wait, static_cast<double>(polled->wait_seconds.value_or(0)));
      } else {
        ++report_.failed;
      }
      if ((polled && polled->stopped) || is_last() || !sleep_until(started, wait)) {
        return std::move(report_);
      }
    }
  }

 private:
  double interval() const {
    return options_.every_seconds > 0.0 ? options_.every_seconds : usual_interval(source_.spec, world_.clock.now());
  }
  bool is_last() const { return options_.polls_most > 0 && report_.polls >= options_.polls_most; }

  // False: stop.
  bool sleep_until(std::int64_t started, double seconds) {
    const std::int64_t until = started + static_cast<std::int64_t>(seconds * 1e9);
    const std::int64_t end = options_.seconds_most > 0.0
                                 ? begin_ + static_cast<std::int64_t>(options_.seconds_most * 1e9)
                                 : std::numeric_limits<std::int64_t>::max();
    while (world_.clock.monotonic_nanos() < until) {
      if (world_.clock.monotonic_nanos() >= end || !report_progress(world_, phase(), report_.polls, 0)) {
        return false;
      }
      std::this_thread::sleep_for(kPause);
    }
    return world_.clock.monotonic_nanos() < end && report_progress(world_, phase(), report_.polls, 0);
  }
  std::string phase() const { return fmt::format("watching {}, polls", source_.spec.name); }

  Result<void> take(CollectReport& poll) {
    CollectReport& total = report_.total;
    total.source = poll.source;
    total.planned += poll.planned;
    total.answered += poll.answered;
    total.served += poll.served;
    total.unchanged += poll.unchanged;
    total.not_modified += poll.not_modified;
    total.records += poll.records;
    total.rejected += poll.rejected;
    total.commits += poll.commits;
    total.seconds += poll.seconds;
    total.commit = poll.commit != 0 ? poll.commit : total.commit;
    total.wait_seconds = poll.wait_seconds;
    total.stopped = poll.stopped;
    total.notes = poll.notes;
    for (const auto& [table, count] : poll.tables) {
      total.tables[table] += count;
    }
    for (const auto& [reason, rows] : poll.reasons) {
      total.reasons[reason] += rows;
    }
    if (!poll.unserved.empty() && !poll.stopped) {
      ++report_.failed;
      const auto refused = std::ranges::find_if(
          poll.unserved, [](const Unserved& one) { return one.number == E::E6202 || one.number == E::E6103; });
      if (refused != poll.unserved.end()) {
        return fail(refused->number, refused->reason, "mend it, then watch again: it goes on where it stood");
      }
    }
    total.unserved = std::move(poll.unserved);
    total.absent = std::move(poll.absent);
    tell(poll);
    return {};
  }

  // Of what came with this poll, each accession once.
  void tell(const CollectReport& poll) {
    std::optional<Time> received;
    std::vector<std::string> lines;
    for (const Arrival& arrival : poll.arrivals) {
      received = received ? std::max(*received, arrival.received) : arrival.received;
      if (!seen_.insert(arrival.accession).second) {
        continue;
      }
      const Lag lag = lag_of(arrival, before_);
      if (before_) {
        report_.lags.push_back(lag.total);
        report_.ours.push_back(lag.ours);
        world_.metrics.observe("lode_ingest_record_lag_seconds", lag.total,
                               fmt::format("source=\"{}\"", source_.spec.name));
      }
      lines.push_back(fmt::format("{}  {}  {}  {} s after acceptance: source {}, poll {}, ours {}\n",
                                  to_string(arrival.accepted), arrival.form, arrival.accession, fixed(lag.total, 1),
                                  fixed(lag.source, 1), fixed(lag.poll, 1), fixed(lag.ours, 2)));
    }
    if (world_.out && lines.size() <= kLinesOfPoll) {
      for (const std::string& line : lines) {
        world_.out(line);
      }
    } else if (world_.out && !lines.empty()) {
      world_.out(fmt::format("{} in one poll\n", counted(std::ssize(lines), "filing")));
    }
    before_ = world_.clock.now();
    if (received) {
      before_ = *received;
    }
  }

  World& world_;
  const source::Source& source_;
  const WatchOptions& options_;
  std::int64_t begin_;
  WatchReport report_;
  std::set<std::string> seen_;
  std::optional<Time> before_;  // When the last poll was received.
};

}  // namespace

double usual_interval(const source::Spec& spec, Time now) {
  if (spec.name.starts_with("edgar")) {
    const std::int64_t second = source::edgar::eastern_seconds(now);
    const bool is_office = second >= kOfficeOpen && second < kOfficeEnd;
    return spec.name != "edgar-feed" ? 3600.0 : is_office ? 10.0 : 300.0;
  }
  const bool is_news = std::ranges::any_of(
      spec.tables, [](std::string_view table) { return table == "articles" || table == "announcements"; });
  return is_news ? 600.0 : 3600.0;
}

Result<WatchReport> watch(World& world, const source::Source& source, source::FetchRequest request,
                          const WatchOptions& options) {
  LODE_TRY(const auto collector, Collector::open(world, source, std::move(request)));
  return Watch(world, source, options).run(*collector);
}

Value watch_json(const WatchReport& report) {
  Value out = collect_json(report.total);
  out.set("polls", report.polls);
  out.set("polls_failed", report.failed);
  Value lag = Value::object();
  lag.set("count", static_cast<std::int64_t>(report.lags.size()));
  lag.set("p50_seconds", quantile(report.lags, 0.5));
  lag.set("p95_seconds", quantile(report.lags, 0.95));
  lag.set("ours_p95_seconds", quantile(report.ours, 0.95));
  out.set("lag", std::move(lag));
  return out;
}

std::string watch_text(const WatchReport& report) {
  std::string out = fmt::format("{}{}\n", counted(report.polls, "poll"),
                                report.failed > 0 ? fmt::format(", {} not served", grouped(report.failed)) : "");
  out += collect_text(report.total);
  if (!report.lags.empty()) {
    out +=
        fmt::format("  from acceptance to the lake: half within {} s, 95 % within {} s; of it ours 95 % within {} s\n",
                    fixed(quantile(report.lags, 0.5), 1), fixed(quantile(report.lags, 0.95), 1),
                    fixed(quantile(report.ours, 0.95), 2));
  }
  return out;
}

}  // namespace lode::flow
