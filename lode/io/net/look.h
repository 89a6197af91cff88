// A look at this machine's way to the network, without sending anything.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/base/config.h"

namespace lode::net {

struct Look {
  enum class State { kUsable, kDoubtful, kUnusable };
  State state = State::kUsable;
  std::string fact;    // One line: library, proxy or direct, hosts that were moved.
  std::string remedy;  // Empty where none is needed.
};

// kUnusable: a setting is no address, or the file of certificates cannot be read. kDoubtful: no address but loopback,
// or no certificates where the library looks. Nobody is asked: a source may still be down.
Look look_at_network(const Config& config);

}  // namespace lode::net
