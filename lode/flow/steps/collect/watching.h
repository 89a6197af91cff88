// Watching: one poll after another until somebody stops it, each piece of news told once with how long it took.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lode/flow/steps/collect/collect.h"
#include "lode/flow/steps/collect/report.h"

namespace lode::flow {

struct WatchOptions {
  double every_seconds = 0.0;   // Between the beginnings of two polls; 0: as suits the source and the hour.
  std::int64_t polls_most = 0;  // 0: without end.
  double seconds_most = 0.0;    // 0: without end.
};

struct WatchReport {
  CollectReport total;  // Of all polls together; `unserved` of the last.
  std::int64_t polls = 0;
  std::int64_t failed = 0;   // Polls that were not served.
  std::vector<double> lags;  // Of what came after the first poll, in seconds from acceptance.
  std::vector<double> ours;  // Our part of it: from the first byte to the commit.
};

// Seconds between polls of a source at `now`: 10 for EDGAR's feed in its office hours, else by kind of source.
double usual_interval(const source::Spec& spec, Time now);

// Ends by itself at a refusal that waiting does not mend (E6202), a damaged lake, or when the options say so; a clean
// stop by Ctrl-C or SIGTERM is no error. A source that is down or limited is asked again later.
Result<WatchReport> watch(World& world, const source::Source& source, source::FetchRequest request,
                          const WatchOptions& options);

Value watch_json(const WatchReport& report);
std::string watch_text(const WatchReport& report);

}  // namespace lode::flow
