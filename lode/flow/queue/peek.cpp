// lode queue peek: the next messages, a group, dead letters or what is retained, without receiving anything.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/counted.h"
#include "lode/base/printable.h"
#include "lode/base/table.h"
#include "lode/flow/fitted.h"
#include "lode/flow/steps/queue/open_queue.h"

namespace lode {

namespace {

constexpr std::size_t kShown = 60;  // Characters of a payload.

Outcome messages_outcome(World& world, const std::vector<queue::Delivery>& messages) {
  using Align = TextTable::Align;
  TextTable table({{"id", Align::kRight, 9},
                   {"key", Align::kLeft, 9},
                   {"group", Align::kLeft, 8},
                   {"pushed", Align::kLeft, 3},
                   {"bytes", Align::kRight, 4},
                   {"payload", Align::kLeft, 1}});
  Value rows = Value::array();
  for (const queue::Delivery& one : messages) {
    table.add({std::to_string(one.id), printable(one.key), printable(one.group), to_string(one.pushed),
               std::to_string(one.payload.size()), flow::payload_text(one.payload, kShown)});
    rows.push(flow::delivery_json(one));
  }
  Outcome out;
  out.data = Value::object();
  out.data.set("messages", std::move(rows));
  out.text = messages.empty() ? "No message.\n" : flow::fitted(world, table);
  return out;
}

Result<Outcome> dead_outcome(World& world, const queue::Queue& queue, const std::string& name, std::int64_t limit) {
  LODE_TRY(const std::vector<queue::DeadLetter> letters, queue.dead_letters(limit));
  using Align = TextTable::Align;
  TextTable table({{"id", Align::kRight, 9},
                   {"key", Align::kLeft, 9},
                   {"group", Align::kLeft, 7},
                   {"attempts", Align::kRight, 6},
                   {"died", Align::kLeft, 5},
                   {"host", Align::kLeft, 1},
                   {"cause", Align::kLeft, 8}});
  Value rows = Value::array();
  for (const queue::DeadLetter& one : letters) {
    table.add({std::to_string(one.id), printable(one.key), printable(one.group), std::to_string(one.attempts),
               to_string(one.died), printable(one.host), printable(one.cause)});
    Value row = Value::object();
    row.set("id", Value(one.id));
    row.set("key", Value(one.key));
    row.set("group", Value(one.group));
    row.set("cause", Value(one.cause));
    row.set("attempts", Value(one.attempts));
    row.set("first_received", Value(to_string(one.first_received)));
    row.set("last_received", Value(to_string(one.last_received)));
    row.set("died", Value(to_string(one.died)));
    row.set("host", Value(one.host));
    rows.push(std::move(row));
  }
  Outcome out;
  out.data = Value::object();
  out.data.set("dead", std::move(rows));
  out.text = letters.empty() ? "No dead letter.\n" : flow::fitted(world, table);
  out.next = letters.empty() ? "" : fmt::format("lode queue redrive {}", name);
  return out;
}

Result<Outcome> run(World& world, const Request& request) {
  const std::string name = request.text("queue");
  LODE_TRY(const auto queue, flow::open_queue(world, name));
  const std::int64_t limit = request.integer("limit", 20);
  if (request.flag("dead")) {
    return dead_outcome(world, *queue, name, limit);
  }
  if (request.has("from")) {
    LODE_TRY(const queue::Replayed found, queue->replay(request.integer("from", 1), limit));
    Outcome out = messages_outcome(world, found.messages);
    out.data.set("next", Value(found.next));
    for (const std::int64_t id : found.damaged) {
      out.warnings.push_back(fmt::format("message {} does not fit its checksum and is not shown", id));
    }
    return out;
  }
  const std::optional<std::string> group = request.has("group") ? std::optional(request.text("group")) : std::nullopt;
  LODE_TRY(const std::vector<queue::Delivery> messages, queue->peek(limit, group));
  return messages_outcome(world, messages);
}

}  // namespace

const Flow& flow_queue_peek() {
  static const Flow flow{
      {.noun = "queue",
       .verb = "peek",
       .summary = "look at messages without receiving them",
       .description = "The messages that a consumer would get next, at most one of a group. With --group those of one "
                      "group in order, with --dead the dead letters with their causes, with --from every retained "
                      "message from that number on, finished ones included.",
       .journey = Journey::kOperate,
       .parameters = {flow::queue_parameter(true),
                      {.name = "limit",
                       .kind = ParameterKind::kInteger,
                       .summary = "how many at most",
                       .fallback = "20",
                       .least = 1,
                       .most = 1e6},
                      {.name = "group", .summary = "of this group, in order"},
                      {.name = "dead", .kind = ParameterKind::kFlag, .summary = "dead letters with their causes"},
                      {.name = "from",
                       .kind = ParameterKind::kInteger,
                       .summary = "retained messages from this number on",
                       .least = 1}},
       .examples = {{"lode queue peek filings --dead", "what could not be handled, and why", false}},
       .schema = "lode.queue.peek/1"},
      run};
  return flow;
}

}  // namespace lode
