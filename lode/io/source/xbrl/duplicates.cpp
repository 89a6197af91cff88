// Numbers that are told twice.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/io/source/collect/source.h"
#include "lode/io/source/xbrl/instance.h"

namespace lode::source::xbrl {
namespace {

constexpr int kMostDecimals = 100;
constexpr int kExact = 1000;
// Values and half units are sums of doubles: two that touch are equal to within their rounding.
constexpr double kTouch = 1e-12;

// To what place a number is right; what does not say so is the least exact.
int places(const InstanceFact& fact) {
  std::int64_t out = 0;
  if (fact.decimals == "INF") {
    return kExact;
  }
  return parse_int(fact.decimals, out) && out >= -kMostDecimals && out <= kMostDecimals ? static_cast<int>(out)
                                                                                        : -kExact;
}

double number(const InstanceFact& fact) {
  double out = 0;
  parse_double(fact.value, out);
  return out;
}

// Half a unit of the last place that is right; 0 of an exact one, and of one that does not say.
double half_unit(const InstanceFact& fact) {
  const int at = places(fact);
  return at == kExact || at == -kExact ? 0 : 0.5 * math::pow(10, -at);
}

bool agree(const InstanceFact& a, const InstanceFact& b) {
  const double apart = math::abs(number(a) - number(b));
  return apart <= half_unit(a) + half_unit(b) + kTouch * math::abs(number(a));
}

// Places of the facts that tell one number, in the order of the document.
using Group = std::vector<std::size_t>;

// The most exact of the group, the first of equals; the size of `facts` when one contradicts it.
std::size_t best_of(const std::vector<InstanceFact>& facts, const Group& group) {
  std::size_t best = group[0];
  for (const std::size_t at : group) {
    best = places(facts[at]) > places(facts[best]) ? at : best;
  }
  const bool is_one = std::ranges::all_of(group, [&](std::size_t at) { return agree(facts[best], facts[at]); });
  return is_one ? best : facts.size();
}

}  // namespace

void settle(Instance& instance) {
  const auto same_place = [&](std::size_t a, std::size_t b) {
    const auto of = [&](std::size_t at) {
      const InstanceFact& fact = instance.facts[at];
      return std::tie(fact.taxonomy, fact.tag, fact.unit, instance.contexts[fact.context]);
    };
    return of(a) < of(b);
  };
  std::map<std::size_t, Group, decltype(same_place)> groups(same_place);
  for (std::size_t at = 0; at < instance.facts.size(); ++at) {
    const InstanceFact& fact = instance.facts[at];
    if (fact.is_number() && !fact.is_nil) {
      groups[at].push_back(at);
    }
  }
  std::vector<bool> gone(instance.facts.size(), false);
  for (const auto& [first, group] : groups) {
    const std::size_t best = best_of(instance.facts, group);
    for (const std::size_t at : group) {
      gone[at] = at != best;
      if (best == instance.facts.size()) {
        const InstanceFact& fact = instance.facts[at];
        instance.rejected.push_back(bad_record(
            fact.line, fmt::format("{}:{} is told twice, with other values: {}", fact.taxonomy, fact.tag, fact.value),
            ""));
      }
    }
  }
  std::size_t at = 0;
  std::erase_if(instance.facts, [&](const InstanceFact&) { return gone[at++]; });
  std::ranges::stable_sort(instance.rejected, {}, &Rejected::line);
}

}  // namespace lode::source::xbrl
