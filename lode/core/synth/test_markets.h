// Markets made for this module's tests, and all their files as one text.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/base/must.h"
#include "lode/core/synth/files.h"

namespace lode::synth {

inline Market made(int instruments, int sessions, std::uint64_t seed = 7, int threads = 2) {
  MarketOptions options;
  options.seed = seed;
  options.instruments = instruments;
  options.sessions = sessions;
  Pool pool(threads);
  return must(make_market(options, pool));
}

inline std::string all_files(const Market& market) {
  std::string out;
  for (const int year : years(market)) {
    out += bars_csv(market, year);
  }
  return out + instruments_csv(market) + actions_csv(market) + groups_csv(market) + universe_csv(market);
}

}  // namespace lode::synth
