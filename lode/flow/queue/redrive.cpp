// lode queue redrive: dead letters go back to their places.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/counted.h"
#include "lode/base/printable.h"
#include "lode/base/text.h"
#include "lode/flow/steps/queue/open_queue.h"

namespace lode {

namespace {

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const auto queue, flow::open_queue(world, request.text("queue")));
  std::vector<std::int64_t> ids;
  for (const std::string& text : request.texts("id")) {
    std::int64_t id = 0;
    if (!parse_int(text, id) || id < 1) {
      return fail(E::E4, fmt::format("\"{}\" is no number of a message", printable(text)),
                  "lode queue peek QUEUE --dead lists them");
    }
    ids.push_back(id);
  }
  LODE_TRY(const std::int64_t count, queue->redrive(ids));
  Outcome out;
  out.data = Value::object();
  out.data.set("redriven", Value(count));
  out.text = fmt::format("{} put back\n", counted(count, "dead letter"));
  out.next = fmt::format("lode queue stats {}", request.text("queue"));
  return out;
}

}  // namespace

const Flow& flow_queue_redrive() {
  static const Flow flow{
      {.noun = "queue",
       .verb = "redrive",
       .summary = "put dead letters back, each to its place in its group",
       .description = "Dead letters come again before what waits in their groups, in the order they were pushed, with "
                      "their receives counted anew. A group that one of them blocked goes on.",
       .journey = Journey::kOperate,
       .parameters =
           {flow::queue_parameter(true),
            {.name = "ID", .summary = "numbers of dead letters; none: all", .positional = true, .repeated = true}},
       .examples = {{"lode queue redrive filings", "all of them", false}},
       .schema = "lode.queue.redrive/1"},
      run};
  return flow;
}

}  // namespace lode
