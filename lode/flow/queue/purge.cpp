// lode queue purge: removes finished, dead or waiting messages; keys stay.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/counted.h"
#include "lode/flow/steps/answer/confirm.h"
#include "lode/flow/steps/queue/open_queue.h"

namespace lode {

namespace {

Result<Outcome> run(World& world, const Request& request) {
  const std::string name = request.text("queue");
  const std::string what = request.text("what", "finished");
  LODE_TRY(const auto queue, flow::open_queue(world, name));
  LODE_TRY(const std::optional<Time> before, request.instant("before"));
  LODE_TRY(const queue::Stats stats, queue->stats());
  const std::string plan =
      what == "dead"      ? fmt::format("{} of {} will be removed", counted(stats.dead, "dead letter"), name)
      : what == "waiting" ? fmt::format("what waits in {} will be removed, of {} those that are not in flight", name,
                                        counted(stats.depth, "message"))
                          : fmt::format("finished messages of {} will be removed and cannot be replayed{}", name,
                                        before ? ", those pushed before " + to_string(*before) : "");
  LODE_CHECK(flow::confirm(world, request, plan + "; their keys stay known"));
  LODE_TRY(const std::int64_t removed, queue->purge(what == "dead"      ? queue::Purge::kDead
                                                    : what == "waiting" ? queue::Purge::kWaiting
                                                                        : queue::Purge::kFinished,
                                                    before));
  Outcome out;
  out.data = Value::object();
  out.data.set("what", Value(what));
  out.data.set("removed", Value(removed));
  out.text = fmt::format("{} removed\n", counted(removed, "message"));
  return out;
}

}  // namespace

const Flow& flow_queue_purge() {
  static const Flow flow{
      {.noun = "queue",
       .verb = "purge",
       .summary = "remove finished, dead or waiting messages; their keys stay",
       .description =
           "Removes finished messages that are only kept to be read again, dead letters (a group that one "
           "blocks goes on), or everything that waits but for what is in flight. The keys of all stay known: "
           "pushed again, they are duplicates. Without --yes the plan is shown and nothing happens.",
       .journey = Journey::kOperate,
       .parameters = {flow::queue_parameter(true),
                      {.name = "what",
                       .kind = ParameterKind::kChoice,
                       .summary = "which messages",
                       .fallback = "finished",
                       .choices = {"finished", "dead", "waiting"}},
                      {.name = "before",
                       .kind = ParameterKind::kInstant,
                       .summary = "of the finished only those pushed before"},
                      flow::yes_parameter()},
       .examples = {{"lode queue purge filings --what dead --yes", "drops what could not be handled", false}},
       .schema = "lode.queue.purge/1"},
      run};
  return flow;
}

}  // namespace lode
