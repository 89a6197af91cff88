// From answers to commits.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/consume.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lode/base/error.h"
#include "lode/flow/steps/collect/gates.h"
#include "lode/flow/steps/collect/unchanged.h"
#include "lode/flow/steps/ingest/plan.h"
#include "lode/flow/steps/known/first_seen.h"
#include "lode/flow/steps/known/met_names.h"
#include "lode/flow/steps/store/crowded.h"
#include "lode/io/net/redact.h"

namespace lode::flow {
namespace {

// The consumer is alone, so its receives can have one name: what a dead consumer held comes again at once.
constexpr std::string_view kAttempt = "consumer";
constexpr std::size_t kRefusedBytes = 400;  // Of a refused body, in the quarantine; the archive has all of it.

bool is_later(source::ResponseClass kind) {
  using enum source::ResponseClass;
  return kind == kThrottled || kind == kBlocked || kind == kUnavailable || kind == kDenied;
}

std::string mic_of(const source::Parsed& parsed) {
  for (const source::TableRows& table : parsed.tables) {
    if (table.table == "instruments" && table.rows.rows() > 0) {
      return table.rows.column("mic").cell(0);
    }
  }
  return std::string(kNoMic);
}

// The table that rows of the source are first of all for.
std::string main_table(const source::Spec& spec) {
  return spec.tables.empty() ? std::string("bars") : std::string(spec.tables.front());
}

void add_arrivals(const source::Parsed& parsed, Time received, std::vector<Arrival>& out) {
  for (const source::TableRows& table : parsed.tables) {
    for (std::size_t row = 0; table.table == "filings" && row < table.rows.rows(); ++row) {
      const Column& accepted = table.rows.column("event_time");
      if (!accepted.is_null(row)) {
        out.push_back({table.rows.column("accession").cell(row), table.rows.column("form").cell(row),
                       Time{accepted.times()[row]}, received, Time{}});
      }
    }
  }
}

}  // namespace

// One answer, read.
struct Consumer::Read {
  queue::Lease lease;
  std::int64_t message = 0;
  Answer answer;
  source::Parsed parsed;
  std::string mic;
  std::string refused_text;
  Told told;
  std::vector<Ask> follow;
};

Consumer::Consumer(World& world, const source::Source& source, lake::Lake& lake, Archive& archive, queue::Queue& queue,
                   Books& books, Standing standing)
    : world_(world),
      source_(source),
      lake_(lake),
      archive_(archive),
      queue_(queue),
      books_(books),
      standing_(std::move(standing)) {}

Result<void> Consumer::recover() {
  LODE_TRY(const queue::Stats before, queue_.stats());
  if (before.depth == 0) {
    return {};
  }
  LODE_TRY(const queue::Received held, queue_.receive({.most = 1, .attempt_id = std::string(kAttempt)}));
  if (held.seal.empty() && !held.messages.empty()) {
    std::vector<queue::Lease> leases;
    for (const queue::Delivery& one : held.messages) {
      leases.push_back(one.lease());
    }
    LODE_CHECK(queue_.nack(leases, "the process that held it ended before it was stored"));
  }
  careful_ = before.depth;
  return {};
}

Result<void> Consumer::read(const queue::Delivery& delivery, const lake::Snapshot& snapshot, source::Cursor& cursor,
                            Read& out) {
  out.lease = delivery.lease();
  out.message = delivery.id;
  LODE_TRY(out.answer, read_answer(delivery.payload));
  out.told.job = out.answer.job;
  out.told.ask = out.answer.ask.id;
  out.told.name = ask_name(out.answer.ask);
  source::Response response;
  LODE_TRY(const bool has_body, find_body(out, response));
  if (!has_body) {
    return {};
  }
  response.asked = out.answer.ask.request;
  response.received_at = out.answer.received_at;
  response.raw_hash = out.answer.raw_hash;
  response.cursor = cursor;
  Result<source::Parsed> parsed = source_.parse(response);
  if (!parsed) {
    // Nothing of such a body is stored: it stays in the archive, and what was stored before stands.
    out.told.verdict = {source::ResponseClass::kCorrupt, parsed.error().message(), {}};
    out.told.refusal = std::move(parsed).error();
    out.refused_text = response.body.substr(0, kRefusedBytes);
    return {};
  }
  out.parsed = std::move(*parsed);
  if (out.answer.is_unchanged()) {
    LODE_CHECK(leave_stored(cursor, out));
  }
  LODE_CHECK(flag_bars(snapshot, quality_limits(world_), out.parsed));
  for (source::TableRows& table : out.parsed.tables) {
    if (table.table == "articles") {
      LODE_CHECK(keep_first_seen(snapshot, table.rows));
    } else if (table.table == "filings") {
      LODE_CHECK(filings_->merge(table.rows));
    }
  }
  cursor = out.parsed.next;
  out.mic = mic_of(out.parsed);
  out.told.is_one_of_span = source::is_one_of_span(out.answer.ask.request);
  out.told.verdict = out.parsed.verdict;
  if (out.told.verdict.kind == source::ResponseClass::kBlocked) {
    // Nobody asks this host meanwhile, whatever process, also where one died between the answer and this.
    const std::int64_t seconds = blocked_seconds(source_.spec, out.answer.ask, out.told.verdict);
    out.told.verdict.wait_seconds = seconds;
    world_.http.hold(out.answer.ask.request.http.url, Time{out.answer.received_at.nanos + seconds * kNanosPerSecond});
  }
  out.told.records = out.parsed.records;
  out.told.missing = std::move(out.parsed.missing);
  out.told.rejected = static_cast<std::int64_t>(out.parsed.rejected.size());
  for (const source::TableRows& table : out.parsed.tables) {
    out.told.rows += static_cast<std::int64_t>(table.rows.rows());
  }
  for (source::Request& request : out.parsed.follow) {
    out.follow.push_back(make_ask(std::move(request)));
  }
  if (is_later(out.told.verdict.kind)) {
    out.told.is_later = true;
    out.follow.push_back(make_ask(out.answer.ask.request, out.answer.ask.attempt + 1));
  }
  return {};
}

// The body that is to be read; false when it cannot be had, and what became of the answer is told.
Result<bool> Consumer::find_body(Read& out, source::Response& response) {
  if (!out.answer.is_unchanged()) {
    LODE_TRY(response.body, archive_.get(out.answer.raw_hash));
    response.status = out.answer.status;
    response.headers = out.answer.headers;
    return true;
  }
  out.told.is_unchanged = true;
  auto whole = whole_answer(out.answer, books_, archive_);
  if (!whole) {
    // Without the stored body the answer says nothing: the address is asked in full.
    LODE_CHECK(books_.drop(out.answer.ask.request.http.url));
    out.told.verdict = {source::ResponseClass::kUnavailable, whole.error().message(), {}};
    out.told.is_later = true;
    out.follow.push_back(make_ask(out.answer.ask.request, out.answer.ask.attempt + 1));
    return false;
  }
  response.status = 200;
  response.body = std::move(whole->body);
  response.headers = std::move(whole->headers);
  return true;
}

// What the stored body says is in the lake, unless it moved the cursor (a day more without a symbol), or was read by
// another question, or was hidden.
Result<void> Consumer::leave_stored(const source::Cursor& before, Read& out) const {
  LODE_TRY(const bool is_stored, is_held(out.answer, books_, lake_));
  if (is_stored && out.parsed.next == before) {
    out.parsed.tables.clear();
    out.parsed.rejected.clear();
    out.parsed.records = 0;
  }
  if (out.parsed.verdict.kind == source::ResponseClass::kOk) {
    out.parsed.verdict.kind = source::ResponseClass::kNotModified;
  }
  return {};
}

// A message that cannot be read, or whose bytes are damaged: back to the queue, and dead after some tries.
Result<void> Consumer::give_up(const queue::Delivery& delivery, const Error& error, Consumed& out) {
  const queue::Lease lease = delivery.lease();
  LODE_CHECK(queue_.nack(std::span(&lease, 1), error.message()));
  if (delivery.attempt >= queue_.options().receives_most) {
    Told told;
    told.name = delivery.key;
    told.verdict = {source::ResponseClass::kCorrupt, error.message(), {}};
    told.refusal = error.clone();
    out.told.push_back(std::move(told));
  }
  return {};
}

// Every answer's hash stands in the note: a vacuum takes raw bytes away that no commit names.
Value Consumer::note(const std::vector<Read>& reads, const Gather& gather) const {
  Value answers = Value::array();
  for (const Read& read : reads) {
    Value one = Value::object();
    one.set("name", read.told.name);
    one.set("raw_hash", read.answer.raw_hash);
    if (!read.answer.exchange_hash.empty()) {
      one.set("exchange", read.answer.exchange_hash);
    }
    one.set("received_at", to_string(read.answer.received_at));
    one.set("outcome", source::to_string(read.told.verdict.kind));
    one.set("rows", read.told.rows);
    one.set("rejected", read.told.rejected);
    answers.push(std::move(one));
  }
  Value tables = Value::object();
  for (const auto& [table, count] : gather.counts()) {
    Value one = Value::object();
    one.set("kept", count.kept);
    one.set("corrected", count.corrected);
    one.set("dropped", count.dropped);
    tables.set(table, std::move(one));
  }
  Value out = Value::object();
  out.set("source", source_.spec.name);
  out.set("answers", std::move(answers));
  out.set("answer_count", static_cast<std::int64_t>(reads.size()));
  out.set("tables", std::move(tables));
  out.set("set_aside", static_cast<std::int64_t>(gather.aside().size()));
  return out;
}

// A poll that brought nothing leaves nothing behind.
bool Consumer::is_worth(const std::vector<Read>& reads, const source::Cursor& next) const {
  return !(next == standing_.cursor) || std::ranges::any_of(reads, [](const Read& read) {
    return read.told.rows > 0 || read.told.rejected > 0 || read.told.refusal.has_value();
  });
}

Result<void> Consumer::store(std::vector<Read>& reads, const std::string& token, const source::Cursor& next,
                             Consumed& out) {
  LODE_TRY(lake::Writer writer, lake_.writer());
  Gather gather(writer);
  const std::vector<std::string> secrets = secrets_of(settings_of(source_.spec, world_.config));
  const net::Redaction redaction(secrets);
  const auto set_aside = [&](AsideRow& row) {  // Its texts are decoded: a key in them is as plain as it can be.
    row.row.reason = redaction.text(row.row.reason);
    row.row.shown = redaction.text(row.row.shown);
    row.row.text = redaction.text(row.row.text);
    gather.set_aside(row);
  };
  for (Read& read : reads) {
    add_arrivals(read.parsed, read.answer.received_at, out.arrivals);
    const std::string& url = read.answer.ask.request.http.url;
    AsideRow aside{.table = main_table(source_.spec),
                   .mic = read.mic.empty() ? std::string(kNoMic) : read.mic,
                   .url = url,
                   .raw_hash = read.answer.raw_hash,
                   .source = std::string(source_.spec.name),
                   .received_at = read.answer.received_at,
                   .row = {}};
    if (read.told.refusal && read.told.refusal->number() != E::E6208) {  // A question refused is no record set aside.
      aside.row.number = static_cast<std::uint16_t>(read.told.refusal->number());
      aside.row.reason = read.told.refusal->message();
      aside.row.text = read.refused_text;
      set_aside(aside);
    }
    for (source::Rejected& row : read.parsed.rejected) {
      aside.row = std::move(row);
      set_aside(aside);
    }
    for (source::TableRows& table : read.parsed.tables) {
      LODE_CHECK(gather.add(std::move(table), read.answer.received_at, url));
    }
  }
  LODE_CHECK(gather.finish());
  LODE_TRY(const lake::CommitInfo commit, writer.commit_with(token, "data fetch", [&] { return note(reads, gather); }));
  out.commit = commit.token == token ? commit.id : 0;
  out.tables = gather.counts();
  for (const AsideRow& one : gather.aside()) {
    ++out.reasons[to_string(static_cast<E>(one.row.number)) + " " +
                  std::string(error_info(static_cast<E>(one.row.number)).title)];
  }
  standing_ = {next, token, commit.id};
  return books_.keep(standing_);
}

// Their rows are committed: from here on these addresses may be asked for changes.
Result<void> Consumer::settle(const std::vector<Read>& reads) {
  const SourceSettings settings = settings_of(source_.spec, world_.config);
  for (const Read& read : reads) {
    using enum source::ResponseClass;
    if (read.told.refusal) {
      continue;
    }
    if (read.told.verdict.kind == kOk) {
      const HttpRequest sent = to_send(read.answer.ask, source_.spec.name, settings);
      LODE_CHECK(remember_stored(read.answer, sent, standing_.commit, books_, world_.http));
    } else if (read.told.is_unchanged && read.told.rows > 0) {
      LODE_CHECK(remember_again(read.answer, standing_.commit, books_));
    }
  }
  return {};
}

// Reads what was received. A sealed batch that cannot be read goes back whole, unsealed: its answers come one by one.
Result<std::vector<Consumer::Read>> Consumer::read_all(const queue::Received& received, source::Cursor& next,
                                                       Consumed& out) {
  LODE_TRY(const lake::Snapshot snapshot, lake_.snapshot());
  filings_.emplace(snapshot);  // What one answer of the batch tells of a filing, the next one adds to.
  std::vector<Read> reads;
  for (const queue::Delivery& delivery : received.messages) {
    Read read;
    const auto done = this->read(delivery, snapshot, next, read);
    if (done) {
      reads.push_back(std::move(read));
      continue;
    }
    LODE_CHECK(give_up(delivery, done.error(), out));
    if (!received.seal.empty()) {
      careful_ = std::max<std::int64_t>(careful_, std::ssize(received.messages));
      return std::vector<Read>();
    }
  }
  std::vector<source::Parsed*> answers;
  for (Read& read : reads) {
    answers.push_back(&read.parsed);
  }
  LODE_CHECK(settle_met(snapshot, answers));
  return reads;
}

Result<Consumed> Consumer::run(std::int64_t most) {
  Consumed out;
  LODE_TRY(const queue::Received received,
           queue_.receive({.most = careful_ > 0 ? 1 : most, .attempt_id = std::string(kAttempt)}));
  if (received.messages.empty()) {
    return out;
  }
  out.answers = static_cast<std::int64_t>(received.messages.size());
  careful_ = std::max<std::int64_t>(0, careful_ - out.answers);
  std::vector<queue::Lease> leases;
  std::vector<Read> reads;
  if (!received.seal.empty() && received.seal == standing_.token) {
    for (const queue::Delivery& delivery : received.messages) {  // All is done but the ack.
      leases.push_back(delivery.lease());
    }
  } else {
    source::Cursor next = standing_.cursor;
    LODE_TRY(reads, read_all(received, next, out));
    if (reads.empty()) {
      return out;
    }
    for (const Read& read : reads) {
      leases.push_back(read.lease);
      LODE_CHECK(books_.follow(read.answer.job, read.message, read.follow));
    }
    if (!received.seal.empty() || is_worth(reads, next)) {
      std::string token = received.seal;
      if (token.empty()) {
        LODE_TRY(token, queue_.seal(leases));
      }
      LODE_CHECK(store(reads, token, next, out));
    }
    LODE_CHECK(settle(reads));
  }
  LODE_CHECK(queue_.ack(leases));
  merge_crowded(world_, lake_);
  const Time stored = world_.clock.now();
  for (Arrival& arrival : out.arrivals) {
    arrival.stored = stored;
  }
  for (Read& read : reads) {
    for (Ask& ask : read.follow) {
      out.follow.emplace_back(read.answer.job, std::move(ask));
    }
    out.told.push_back(std::move(read.told));
  }
  return out;
}

}  // namespace lode::flow
