// The loop of a stream.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/live/streaming.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lode/base/counted.h"
#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/steps/collect/intake.h"
#include "lode/flow/steps/collect/report.h"
#include "lode/io/net/client.h"
#include "lode/io/net/redact.h"
#include "lode/io/net/stream.h"
#include "lode/io/source/stream/stream_source.h"
#include "lode/io/source/stream/venue_stream.h"

namespace lode::flow {
namespace {

constexpr int kWaitMs = 100;
constexpr std::int64_t kArchiveNanos = kNanosPerSecond;  // So much is lost at most when the process is killed.
constexpr std::size_t kArchiveBytes = std::size_t{4} << 20;
constexpr double kCommitSeconds = 5.0;
constexpr std::int64_t kBatch = 64;  // Archived pieces in one commit.

class Streaming {
 public:
  Streaming(World& world, const source::Source& source, const WatchOptions& options)
      : world_(world), source_(source), options_(options), begin_(world.clock.monotonic_nanos()) {
    report_.total.source = source.spec.name;
  }

  Result<void> prepare(source::FetchRequest request) {
    if (!world_.config.get("net.replay").as_text().empty()) {
      return fail(E::E6106, "recordings hold no stream, and net.replay says that nothing else is asked",
                  "leave net.replay out");
    }
    LODE_CHECK(net::client_options(world_.config));  // A setting that is none makes no lake.
    settings_ = settings_of(source_.spec, world_.config);
    redaction_ = net::Redaction(secrets_of(settings_));
    request.settings = settings_.told;
    LODE_TRY(const source::Plan plan, source_.plan(request, {}, world_.clock.now()));
    asked_ = plan.requests.front();
    LODE_TRY(plan_, source::read_stream_plan(asked_));
    LODE_TRY(live_, source::open_venue_stream(plan_.venue));
    LODE_TRY(intake_, Intake::open(world_, source_));
    return consume();
  }

  Result<StreamReport> run() {
    LODE_TRY(const net::ClientOptions client, net::client_options(world_.config));
    net::RealSleeper sleeper;
    net::Stream stream(stream_options(), client.places, client.route, world_.clock, sleeper, world_.log,
                       world_.metrics);
    missing_since_ = world_.clock.now();
    Result<void> ended = follow(stream);
    stream.close();
    if (ended) {
      end_hole();
    }
    LODE_CHECK(keep());
    LODE_CHECK(consume());
    if (!ended) {
      return fail(std::move(ended).error());
    }
    report_.total.seconds = static_cast<double>(world_.clock.monotonic_nanos() - begin_) * 1e-9;
    return std::move(report_);
  }

 private:
  // A text of the plan with its secrets, as it is sent.
  std::string sent(const std::string& text) const {
    Ask ask;
    ask.request.http.body = text;
    return to_send(ask, source_.spec.name, settings_).body;
  }

  net::StreamOptions stream_options() const {
    net::StreamOptions out;
    out.url = plan_.url;
    out.source = source_.spec.name;
    out.secrets = secrets_of(settings_);
    if (!plan_.login.empty()) {
      out.subscriptions.push_back(sent(plan_.login));
    }
    if (plan_.login_done.empty()) {
      out.subscriptions.insert(out.subscriptions.end(), plan_.subscribe.begin(), plan_.subscribe.end());
    }
    return out;
  }

  // Until somebody stops it or the venue refuses.
  Result<void> follow(net::Stream& stream) {
    std::int64_t looked = 0;
    while (true) {
      LODE_TRY(std::optional<net::StreamEvent> event, stream.next(kWaitMs));
      if (event) {
        LODE_CHECK(take(*event, stream));
      }
      const std::int64_t now = world_.clock.monotonic_nanos();
      if (now - looked < kWaitMs * 1'000'000LL && event) {
        continue;  // Frames come faster than clocks need to be looked at.
      }
      looked = now;
      repeat(stream, now);
      if (buffer_.size() >= kArchiveBytes || (!buffer_.empty() && now - kept_ >= kArchiveNanos)) {
        kept_ = now;
        LODE_CHECK(keep());
      }
      const double every = options_.every_seconds > 0.0 ? options_.every_seconds : kCommitSeconds;
      if (static_cast<double>(now - stored_) * 1e-9 >= every) {
        stored_ = now;
        LODE_CHECK(consume());
      }
      if (is_over(now)) {
        return {};
      }
    }
  }

  bool is_over(std::int64_t now) {
    if (!report_progress(world_, fmt::format("streaming {}, frames", source_.spec.name), report_.frames, 0)) {
      report_.total.stopped = true;
      return true;
    }
    return options_.seconds_most > 0.0 && static_cast<double>(now - begin_) * 1e-9 >= options_.seconds_most;
  }

  void subscribe(net::Stream& stream) {
    for (const std::string& text : plan_.subscribe) {
      // One that does not arrive is a lost connection, which the stream tells next.
      static_cast<void>(stream.send(text).has_value());
    }
  }

  void repeat(net::Stream& stream, std::int64_t now) {
    if (plan_.repeat_seconds > 0 && stream.is_open() && now - repeated_ >= plan_.repeat_seconds * kNanosPerSecond) {
      repeated_ = now;
      subscribe(stream);
    }
  }

  Result<void> take(const net::StreamEvent& event, net::Stream& stream) {
    using Kind = net::StreamEvent::Kind;
    if (event.kind == Kind::kOpened) {
      ++report_.connections;
      live_->reconnect();
      is_logged_in_ = false;
      is_open_ = true;
      repeated_ = world_.clock.monotonic_nanos();
      if (is_lost_) {
        const double down = add_hole(event.received_at);
        say(fmt::format("{}  connected{}; {} s of the stream are missing\n", to_string(event.received_at),
                        report_.connections > 1 ? " again" : "", fixed(down, 1)));
        is_lost_ = false;
      }
      return {};
    }
    if (event.kind == Kind::kLost) {
      ++(is_open_ ? report_.lost : report_.tries_failed);
      report_.why_lost = event.text;
      if (is_open_) {
        missing_since_ = event.received_at;
      }
      if (!is_lost_) {  // Tries that fail are the same hole.
        say(fmt::format("{}  {} {}: {}\n", to_string(event.received_at), source_.spec.name,
                        is_open_ ? "lost" : "not reached", event.text));
      }
      is_open_ = false;
      is_lost_ = true;
      return {};
    }
    return take_frame(event, stream);
  }

  // The seconds from where the stream went away, or was first wanted, to `until`.
  double add_hole(Time until) {
    const double down = std::max(0.0, static_cast<double>(until.nanos - missing_since_.nanos) * 1e-9);
    report_.down_seconds += down;
    return down;
  }

  // A hole that is open when all ends, before the first connection too.
  void end_hole() {
    if (is_open_) {
      return;
    }
    const Time now = world_.clock.now();
    report_.is_down = true;
    const double down = add_hole(now);
    say(fmt::format("{}  {} is still down; {} s of the stream are missing\n", to_string(now), source_.spec.name,
                    fixed(down, 1)));
  }

  Result<void> take_frame(const net::StreamEvent& event, net::Stream& stream) {
    // Before anything is made of it: what a reader cuts out of a key is none that a redaction knows.
    const std::string text = redaction_.text(event.text);
    buffer_ += source::frame_line(event.received_at, event.connection, text);
    received_ = event.received_at;
    ++report_.frames;
    if (!plan_.login_done.empty() && !is_logged_in_ && event.text.find(plan_.login_done) != std::string::npos) {
      is_logged_in_ = true;
      subscribe(stream);
    }
    const Result<source::StreamRead> read = live_->read({text, event.received_at, "", 0});
    if (!read) {
      const ErrorNumber number = read.error().number();
      if (number == E::E6202 || number == E::E6203) {
        return fail(number, redaction_.text(read.error().message()), "mend it, then watch again: lode config show");
      }
      if (number == E::E6204) {
        stream.reconnect(read.error().message());
      }
      return {};  // No message: it is set aside when it is stored.
    }
    if (read->gap == source::GapAnswer::kResync && live_->resync() == source::Resync::kReconnect) {
      ++report_.gaps;
      stream.reconnect("messages are missing before the last one");
    }
    return {};
  }

  void say(const std::string& line) const {
    if (world_.out) {
      world_.out(line);
    }
  }

  // Bytes first, then the message that names them.
  Result<void> keep() {
    if (buffer_.empty()) {
      return {};
    }
    const std::string bytes = std::exchange(buffer_, "");
    Value record = Value::object();
    record.set("url", redaction_.url(plan_.url));
    record.set("source", source_.spec.name);
    record.set("received_at", to_string(received_));
    source::Request piece = asked_;
    piece.about.set("piece", ++pieces_);
    Answer answer{.job = "stream",
                  .planned_at = Time{begin_},
                  .ask = make_ask(std::move(piece)),
                  .status = 200,
                  .headers = {{"Content-Type", "application/x-ndjson"}},
                  .raw_hash = {},
                  .received_at = received_};
    LODE_TRY(answer.raw_hash, intake_->archive().put(source_.spec.name, bytes, to_json(record)));
    return intake_->push(answer);
  }

  Result<void> consume() {
    return intake_->consume(kBatch, [&](const Consumed& consumed) {
      CollectReport& total = report_.total;
      for (const Told& told : consumed.told) {
        total.records += told.records;
        total.rejected += told.rejected;
        if (told.refusal) {
          total.unserved.push_back({told.name, told.refusal->number(), told.refusal->message()});
        }
      }
      add_stored(consumed, total);
    });
  }

  World& world_;
  const source::Source& source_;
  const WatchOptions& options_;
  std::int64_t begin_;
  SourceSettings settings_;
  net::Redaction redaction_;
  source::Request asked_;
  source::StreamPlan plan_;
  std::unique_ptr<source::VenueStream> live_;  // Looks for gaps and refusals; rows come from the archive.
  std::unique_ptr<Intake> intake_;
  StreamReport report_;
  std::string buffer_;  // Lines that are not archived yet.
  Time received_;       // The last of them.
  std::int64_t pieces_ = 0;
  std::int64_t kept_ = 0, stored_ = 0, repeated_ = 0;
  Time missing_since_;    // Of the hole that is open while it is not connected.
  bool is_open_ = false;  // Connected, as far as events tell.
  bool is_lost_ = false;  // The hole was told.
  bool is_logged_in_ = false;
};

}  // namespace

Result<StreamReport> stream(World& world, const source::Source& source, source::FetchRequest request,
                            const WatchOptions& options) {
  Streaming streaming(world, source, options);
  LODE_CHECK(streaming.prepare(std::move(request)));
  return streaming.run();
}

std::optional<Error> stream_finding(const StreamReport& report) {
  if (report.connections > 0 || report.total.stopped) {
    return std::nullopt;
  }
  return Error(E::E6001,
               fmt::format("{} was not reached in {} s: {}", report.total.source, fixed(report.total.seconds, 1),
                           report.why_lost.empty() ? "no connection came about" : report.why_lost),
               "watch again later; without --for it is tried until it comes back");
}

Value stream_json(const StreamReport& report) {
  Value out = collect_json(report.total);
  out.set("frames", report.frames);
  out.set("connections", report.connections);
  out.set("lost", report.lost);
  out.set("tries_failed", report.tries_failed);
  out.set("gaps", report.gaps);
  out.set("down_seconds", report.down_seconds);
  out.set("down_at_end", report.is_down);
  return out;
}

std::string stream_text(const StreamReport& report) {
  std::string out = fmt::format("{}: {} on {} in {} s\n", report.total.source, counted(report.frames, "frame"),
                                counted(report.connections, "connection"), fixed(report.total.seconds, 1));
  out += tables_text(report.total);
  if (report.connections == 0) {
    out += fmt::format("  never connected, {} failed; {} s of the stream are not there\n",
                       counted(report.tries_failed, "try", "tries"), fixed(report.down_seconds, 1));
  } else if (report.lost > 0 || report.is_down) {
    out += fmt::format("  {} lost, {} for messages that were missing; {} s of the stream are not there{}\n",
                       counted(report.lost, "connection"), grouped(report.gaps), fixed(report.down_seconds, 1),
                       report.is_down ? ", and it is down still" : "");
  } else if (report.tries_failed > 0) {
    out += fmt::format("  connected at last; {} s of the stream are not there\n", fixed(report.down_seconds, 1));
  }
  for (const auto& [reason, rows] : report.total.reasons) {
    out += fmt::format("  {} set aside: {}\n", counted(rows, "record"), reason);
  }
  return out;
}

}  // namespace lode::flow
