// The real World: system clock, configuration from files and environment, the lake's archive, threads, log. The only
// door with files and sockets besides io.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lode/base/world.h"

namespace lode {

// What the command line decides about a World.
struct WorldOptions {
  std::string lake;                                              // --lake; empty = configuration decides
  std::string threads;                                           // --threads as typed; empty likewise
  std::vector<std::pair<std::string, std::string>> environment;  // Name and value
  std::string folder = ".";                                      // Where lode.toml is looked for
  bool reads_settings = true;                                    // false: built-in values and flags only
  int columns = 0;                                               // Of the terminal that stdout is; 0 = it is none
};

// Owns every part; `world()` refers to them.
class RealWorld {
 public:
  // Reads the user file ($XDG_CONFIG_HOME or ~/.config)/lode/lode.toml, secrets.toml beside it (which only the user may
  // read), <folder>/lode.toml, environment and flags, in rising precedence. E5001..E5003 with file and line.
  static Result<std::unique_ptr<RealWorld>> make(const WorldOptions& options);
  ~RealWorld();

  World world();
  const Config& config() const;
  void on_progress(Progress progress);
  // Asked while a request waits; true ends it (Ctrl-C). Set before the first request.
  void on_stop(std::function<bool()> is_stopped);

 private:
  struct Parts;
  explicit RealWorld(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// This process's environment as pairs.
std::vector<std::pair<std::string, std::string>> process_environment();

}  // namespace lode
