// As-of values and derived quarters.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/fact_periods.h"

#include <algorithm>
#include <map>

#include "lode/io/source/edgar/eastern.h"

namespace lode::source::edgar {
namespace {

Time public_time(const Fact& fact, const PublicTimes& public_times) {
  const auto known = public_times ? public_times(fact.accession) : std::nullopt;
  return known.value_or(eastern_end(fact.filed_on));
}

// The span whose end a longer one continues by a quarter.
std::optional<Span> span_before(Span span) {
  switch (span) {
    case Span::kHalf:
      return Span::kQuarter;
    case Span::kNineMonths:
      return Span::kHalf;
    case Span::kYear:
      return Span::kNineMonths;
    default:
      return std::nullopt;
  }
}

// Facts of one start date, in the order of filing.
using ByStart = std::map<Date, std::vector<const Fact*>>;

ByStart by_start(const std::vector<Fact>& facts) {
  ByStart out;
  for (const Fact& fact : facts) {
    if (fact.start) {
      out[*fact.start].push_back(&fact);
    }
  }
  for (auto& [start, list] : out) {
    std::ranges::stable_sort(list, [](const Fact* a, const Fact* b) {
      return std::pair(a->filed_on, std::string_view(a->accession)) <
             std::pair(b->filed_on, std::string_view(b->accession));
    });
  }
  return out;
}

// The last of `list` of that span that was filed by `day`.
const Fact* last_of(const std::vector<const Fact*>& list, Span span, Date day) {
  const Fact* out = nullptr;
  for (const Fact* fact : list) {
    if (fact->filed_on <= day && fact->span() == span) {
      out = fact;
    }
  }
  return out;
}

bool was_filed(const ByStart& facts, Date start, Date end, Date day) {
  const auto list = facts.find(start);
  return list != facts.end() &&
         std::ranges::any_of(list->second, [&](const Fact* fact) { return fact->end == end && fact->filed_on <= day; });
}

// The first day on which the span had the value `whole` says, told without a break since.
Date told_since(const std::vector<const Fact*>& list, const Fact& whole) {
  Date since = whole.filed_on;
  bool is_broken = true;
  for (const Fact* fact : list) {
    if (fact->end != whole.end || fact->filed_on > whole.filed_on) {
      continue;
    }
    if (fact->value != whole.value) {
      is_broken = true;
    } else if (is_broken) {
      since = fact->filed_on;
      is_broken = false;
    }
  }
  return since;
}

bool was_restated(const std::vector<const Fact*>& list, const Fact& whole) {
  return std::ranges::any_of(list, [&](const Fact* fact) {
    return fact->end == whole.end && fact->filed_on <= whole.filed_on && fact->value != whole.value;
  });
}

// A restated year less nine months as first told is nobody's quarter: after a restatement the part must have been told
// since too.
bool fit(const std::vector<const Fact*>& list, const Fact& whole, const Fact& part) {
  return !was_restated(list, whole) || part.filed_on >= told_since(list, whole);
}

}  // namespace

const Fact* as_of(std::span<const Fact> facts, std::optional<Date> start, Date end, Time as_of,
                  const PublicTimes& public_times) {
  const Fact* best = nullptr;
  Time best_time{};
  for (const Fact& fact : facts) {
    if (fact.end != end || fact.start != start) {
      continue;
    }
    const Time known = public_time(fact, public_times);
    if (known <= as_of && (best == nullptr || std::pair(best_time, std::string_view(best->accession)) <
                                                  std::pair(known, std::string_view(fact.accession)))) {
      best = &fact;
      best_time = known;
    }
  }
  return best;
}

std::vector<Fact> derive_quarters(const FactSeries& series) {
  std::vector<Fact> out;
  if (!is_unit_of(Measure::kMoney, series.unit)) {
    return out;
  }
  const ByStart facts = by_start(series.facts);
  for (const auto& [start, list] : facts) {
    for (const Fact* whole : list) {
      const auto before = span_before(whole->span());
      const bool is_its_report = whole->filed_on - whole->end <= kReportDays;
      const Fact* part = before && is_its_report ? last_of(list, *before, whole->filed_on) : nullptr;
      if (part == nullptr || !fit(list, *whole, *part)) {
        continue;
      }
      Fact quarter = *whole;
      quarter.start = part->end + 1;
      quarter.value = whole->value - part->value;
      quarter.exact.clear();
      quarter.derived = true;
      quarter.part_accession = part->accession;
      if (quarter.span() == Span::kQuarter && !was_filed(facts, *quarter.start, quarter.end, whole->filed_on)) {
        out.push_back(std::move(quarter));
      }
    }
  }
  return out;
}

ConceptValue concept_as_of(const CompanyFacts& facts, const Concept& asked, std::string_view unit,
                           std::optional<Date> start, Date end, Time at, const PublicTimes& public_times) {
  for (const DatedTag& tag : asked.tags) {
    if (end < tag.from || end > tag.to) {
      continue;
    }
    const FactSeries* series = facts.find(tag.taxonomy, tag.tag, unit);
    const Fact* fact = series == nullptr ? nullptr : as_of(series->facts, start, end, at, public_times);
    if (fact != nullptr) {
      return {fact, &tag};
    }
  }
  return {};
}

}  // namespace lode::source::edgar
