// What the commands about queues share.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/queue/open_queue.h"

#include <fmt/format.h>

#include "lode/base/printable.h"
#include "lode/base/text.h"

namespace lode::flow {

Parameter queue_parameter(bool required) {
  return {.name = "QUEUE", .summary = "name of a queue of the lake", .positional = true, .required = required};
}

Result<std::unique_ptr<queue::Queue>> open_queue(World& world, const std::string& name) {
  auto opened = queue::Queue::open(world.lake, name, queue::Access::kWrite, world.clock);
  if (opened || opened.error().number() != E::E8020) {
    return opened;
  }
  const std::vector<std::string> names = queue::list_queues(world.lake);
  return fail(std::move(opened).error().hinting(
      names.empty() ? fmt::format("the lake {} has no queue yet; --lake DIR names another lake", printable(world.lake))
                    : fmt::format("this lake has {}", join(names, ", "))));
}

std::string payload_text(const std::string& payload, std::size_t most) {
  const std::string text = printable(payload.substr(0, most));
  return payload.size() > most ? text + "..." : text;
}

Value delivery_json(const queue::Delivery& delivery) {
  Value out = Value::object();
  out.set("id", Value(delivery.id));
  out.set("key", Value(delivery.key));
  out.set("group", Value(delivery.group));
  out.set("pushed", Value(to_string(delivery.pushed)));
  out.set("bytes", Value(static_cast<std::int64_t>(delivery.payload.size())));
  out.set("payload", Value(payload_text(delivery.payload, delivery.payload.size())));
  return out;
}

}  // namespace lode::flow
