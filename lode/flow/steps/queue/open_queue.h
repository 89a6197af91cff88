// Opening the queues of a World's lake for the commands about them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "lode/flow/flow.h"
#include "lode/io/queue/queue.h"

namespace lode::flow {

Parameter queue_parameter(bool required);

// The queue called `name` in world.lake. E8020 names those that are there.
Result<std::unique_ptr<queue::Queue>> open_queue(World& world, const std::string& name);

// A message for machines; its payload as text where it is printable, else its size only.
Value delivery_json(const queue::Delivery& delivery);
// The first characters of a payload on one line.
std::string payload_text(const std::string& payload, std::size_t most);

}  // namespace lode::flow
