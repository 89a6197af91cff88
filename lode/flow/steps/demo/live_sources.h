// The collecting of `lode demo --live`: which sources it asks for what, whether their hosts can be reached at all, and
// one fetch of each, the way of `lode data fetch`.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/world.h"
#include "lode/flow/steps/collect/collect.h"

namespace lode::flow {

// A source and what it is asked for.
struct LiveSource {
  const source::Source* source = nullptr;
  source::FetchRequest request;
  std::string host;  // As published, of its first request.
};

// Yahoo's charts of large_us(), and of EDGAR the register of symbols, the reports' acceptance times and the facts; from
// `from` on, where a source can be told so. E6201 where a contact or key is missing: then nothing is asked of anybody.
Result<std::vector<LiveSource>> live_sources(const World& world, Date from);

// Whether the live demo asks it.
bool is_live_source(std::string_view name);

// A host that no answer came from.
struct Unreached {
  std::string host;
  ErrorNumber number{};
  std::string reason;
};

struct Knocked {
  std::vector<Unreached> unreached;
  std::map<std::string, HttpResponse> answers;  // By address: what came already.
};

// Asks each host once, before a lake is made: the first request of its first source. Whatever it answers, it is there.
// E0010 when stopped.
Result<Knocked> knock(World& world, const std::vector<LiveSource>& sources);

// The hosts with their reasons, as one error: E6106 where recordings stand in the network's place, else E6001.
Error unreached_error(const std::vector<Unreached>& hosts, std::string_view what);

// What became of one source's fetch.
struct LiveFetch {
  CollectReport report;
  std::optional<Error> finding;  // Not all was served, and the lake has what was.
};

// Fetches all but those of hosts out of reach, in order; what was answered to the knocking is not asked again. Ends
// early when the user stops: the last finding is E0010. Errors of lake and queue.
Result<std::vector<LiveFetch>> fetch_live(World& world, const std::vector<LiveSource>& sources, Knocked knocked);

}  // namespace lode::flow
