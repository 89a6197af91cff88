// lode queue stats: how full a queue is, how old its oldest message, what is in flight or dead.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/counted.h"
#include "lode/base/printable.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/flow/fitted.h"
#include "lode/flow/steps/queue/open_queue.h"

namespace lode {

namespace {

Value stats_json(const std::string& name, const queue::Stats& stats) {
  Value out = Value::object();
  out.set("queue", Value(name));
  out.set("depth", Value(stats.depth));
  out.set("ready_groups", Value(stats.ready));
  out.set("in_flight", Value(stats.in_flight));
  out.set("blocked_groups", Value(stats.blocked));
  out.set("dead", Value(stats.dead));
  out.set("set_aside", Value(stats.set_aside));
  out.set("bytes", Value(stats.bytes));
  out.set("oldest_age_seconds", stats.oldest ? Value(stats.oldest_age_s) : Value());
  out.set("pushed", Value(stats.pushed));
  out.set("duplicates", Value(stats.duplicates));
  out.set("acked", Value(stats.acked));
  out.set("keys", Value(stats.keys));
  Value groups = Value::array();
  for (const queue::GroupDepth& one : stats.groups) {
    Value row = Value::object();
    row.set("group", Value(one.group));
    row.set("messages", Value(one.messages));
    groups.push(std::move(row));
  }
  out.set("groups", std::move(groups));
  return out;
}

std::string stats_text(const queue::Stats& stats) {
  std::string out;
  for (const queue::GroupDepth& one : stats.groups) {
    out += fmt::format("  group {}: {}\n", one.group.empty() ? "\"\"" : printable(one.group),
                       counted(one.messages, "message"));
  }
  return out;
}

Result<Outcome> run(World& world, const Request& request) {
  std::vector<std::string> names = queue::list_queues(world.lake);
  if (request.has("queue")) {
    names = {request.text("queue")};
  }
  using Align = TextTable::Align;
  TextTable table({{"queue", Align::kLeft, 9},
                   {"depth", Align::kRight, 9},
                   {"in flight", Align::kRight, 6},
                   {"dead", Align::kRight, 8},
                   {"oldest s", Align::kRight, 7},
                   {"pushed", Align::kRight, 4},
                   {"duplicates", Align::kRight, 5},
                   {"set aside", Align::kRight, 3}});
  Value rows = Value::array();
  std::string groups;
  std::int64_t dead = 0;
  for (const std::string& name : names) {
    LODE_TRY(const auto queue, flow::open_queue(world, name));
    LODE_TRY(const queue::Stats stats, queue->stats(request.integer("top", 10)));
    queue::publish(stats, name, world.metrics);
    table.add({name, grouped(stats.depth), grouped(stats.in_flight), grouped(stats.dead),
               stats.oldest ? fmt::format("{:.0f}", stats.oldest_age_s) : "-", grouped(stats.pushed),
               grouped(stats.duplicates), grouped(stats.set_aside)});
    rows.push(stats_json(name, stats));
    groups += names.size() == 1 ? stats_text(stats) : "";
    dead += stats.dead;
  }
  Outcome out;
  out.data = Value::object();
  out.data.set("queues", std::move(rows));
  out.text = names.empty() ? "This lake has no queue yet.\n" : flow::fitted(world, table) + groups;
  out.next = dead > 0 ? fmt::format("lode queue peek {} --dead", names.front()) : "";
  return out;
}

}  // namespace

const Flow& flow_queue_stats() {
  static const Flow flow{
      {.noun = "queue",
       .verb = "stats",
       .summary = "how full queues are, how old, what is in flight or dead",
       .description = "One line a queue of the lake: messages that wait, those in flight, dead letters, the age of the "
                      "oldest that waits, and since the queue was made messages pushed, duplicates dropped and damaged "
                      "messages set aside. Of one queue also its deepest groups.",
       .journey = Journey::kOperate,
       .parameters = {flow::queue_parameter(false),
                      {.name = "top",
                       .kind = ParameterKind::kInteger,
                       .summary = "how many of the deepest groups",
                       .fallback = "10",
                       .most = 1e6}},
       .examples = {{"lode queue stats", "every queue of the lake"}},
       .schema = "lode.queue.stats/1"},
      run};
  return flow;
}

}  // namespace lode
