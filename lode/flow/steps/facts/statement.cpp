// Statements as of a time.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/facts/statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "lode/base/error.h"
#include "lode/base/text.h"

namespace lode::flow {

namespace {

using source::edgar::Concept;
using source::edgar::DatedTag;
using source::edgar::Fact;
using source::edgar::FactSeries;
using source::edgar::Span;

std::pair<Time, std::string_view> order_of(const KnownFact& one) { return {one.known, one.fact.accession}; }

// Of each filing's number of a period the newest version known by then, in the order of storing.
std::vector<KnownFact> newest_of_filings(const KnownSeries& series, std::optional<Time> as_of) {
  std::map<std::tuple<Date, std::int64_t, std::string_view>, std::size_t> place;
  std::vector<KnownFact> out;
  for (const KnownFact& one : series.facts) {
    if ((as_of && one.known > *as_of) || one.fact.derived) {
      continue;
    }
    const auto [found, is_new] = place.try_emplace({one.fact.end, one.fact.days(), one.fact.accession}, out.size());
    if (is_new) {
      out.push_back(one);
    } else if (out[found->second].known <= one.known) {
      out[found->second] = one;
    }
  }
  return out;
}

// The filing's number of the span that ends on `end`, the one known last; nullptr when there is none.
const KnownFact* told(std::span<const KnownFact> facts, std::string_view accession, Date end) {
  const KnownFact* out = nullptr;
  for (const KnownFact& one : facts) {
    if (one.fact.accession == accession && one.fact.end == end && (out == nullptr || out->known < one.known)) {
      out = &one;
    }
  }
  return out;
}

// What is asked for under one name: tags in order of preference.
struct Asked {
  std::string name;
  const Concept* entry = nullptr;  // Null for a tag of the user's.
  std::vector<DatedTag> tags;
};

struct Candidate {
  std::size_t rank = 0;  // Of its tag.
  const KnownSeries* series = nullptr;
  KnownFact fact;
};

// Sorts by unit and duration, then the newest period first.
struct Period {
  std::string_view unit;
  Span span = Span::kInstant;
  Date end;
  std::int64_t days = 0;
  bool operator<(const Period& other) const {
    return std::tuple(unit, span, other.end, other.days) < std::tuple(other.unit, other.span, end, days);
  }
};
using Periods = std::map<Period, std::vector<Candidate>>;

bool is_wanted(const Fact& fact, const Asked& asked, const DatedTag& tag, const StatementQuery& query) {
  if (asked.entry != nullptr && asked.entry->is_instant == fact.start.has_value()) {
    return false;
  }
  if (fact.end < tag.from || fact.end > tag.to || (query.duration && fact.span() != *query.duration)) {
    return false;
  }
  return (!query.from || fact.end >= *query.from) && (!query.to || fact.end <= *query.to);
}

Periods periods_of(std::span<const KnownSeries> company, const Asked& asked, const StatementQuery& query) {
  Periods out;
  for (std::size_t rank = 0; rank < asked.tags.size(); ++rank) {
    const DatedTag& tag = asked.tags[rank];
    for (const KnownSeries& series : company) {
      if (series.tag != tag.tag || series.taxonomy != tag.taxonomy ||
          (asked.entry != nullptr && !source::edgar::is_unit_of(asked.entry->measure, series.unit))) {
        continue;
      }
      for (KnownFact& one : known_by(series, query.as_of)) {
        if (is_wanted(one.fact, asked, tag, query)) {
          const Period period{series.unit, one.fact.span(), one.fact.end, one.fact.days()};
          out[period].push_back({rank, &series, std::move(one)});
        }
      }
    }
  }
  return out;
}

// Drops all but the newest period of each unit and duration.
void keep_newest(Periods& periods) {
  const Period* kept = nullptr;
  for (auto at = periods.begin(); at != periods.end();) {
    if (kept != nullptr && kept->unit == at->first.unit && kept->span == at->first.span) {
      at = periods.erase(at);
    } else {
      kept = &at->first;
      ++at;
    }
  }
}

StatementLine line_of(const Asked& asked, const Candidate& one) {
  StatementLine out;
  out.metric = asked.name;
  out.taxonomy = one.series->taxonomy;
  out.tag = one.series->tag;
  out.unit = one.series->unit;
  out.fact = one.fact.fact;
  out.known = one.fact.known;
  out.known_by = one.fact.known_by;
  return out;
}

// The version that counts.
StatementLine chosen(const Asked& asked, std::span<const Candidate> candidates) {
  const auto best = std::ranges::min_element(candidates, [](const Candidate& a, const Candidate& b) {
    return std::tuple(a.fact.fact.derived, a.rank, order_of(b.fact)) <
           std::tuple(b.fact.fact.derived, b.rank, order_of(a.fact));
  });
  StatementLine out = line_of(asked, *best);
  const KnownFact* first = nullptr;
  for (const Candidate& one : candidates) {
    if (one.rank == best->rank && one.fact.fact.derived == best->fact.fact.derived) {
      ++out.versions;
      first = first == nullptr || order_of(one.fact) < order_of(*first) ? &one.fact : first;
    }
  }
  out.is_restated = first->fact.value != out.fact.value;
  return out;
}

void add_versions(const Asked& asked, std::vector<Candidate> candidates, std::vector<StatementLine>& out) {
  std::ranges::stable_sort(candidates, [](const Candidate& a, const Candidate& b) {
    return std::tuple(order_of(a.fact), a.rank) < std::tuple(order_of(b.fact), b.rank);
  });
  std::int64_t place = 0;
  for (const Candidate& one : candidates) {
    StatementLine line = line_of(asked, one);
    line.versions = ++place;
    line.is_restated = place > 1 && out.back().fact.value != line.fact.value;
    out.push_back(std::move(line));
  }
}

Result<Asked> metric_called(const std::string& name) {
  const Concept* found = source::edgar::find_concept(lower(trim(name)));
  if (found == nullptr) {
    std::vector<std::string> names;
    for (const Concept& one : source::edgar::concepts()) {
      names.emplace_back(one.name);
    }
    const std::string hint = did_you_mean(name, names);
    return fail(E::E2104, fmt::format("no metric called {}", quote(name)),
                hint.empty() ? "metrics: " + join(names, ", ") + "; --tag takes a tag as filed" : hint);
  }
  return Asked{std::string(found->name), found, found->tags};
}

// The series of a tag as typed; the views stand in `company`.
Result<std::vector<Asked>> tag_called(std::span<const KnownSeries> company, const std::string& name) {
  std::set<std::pair<std::string_view, std::string_view>> found;
  std::set<std::string> names;
  for (const KnownSeries& series : company) {
    if (name == series.tag || name == series.taxonomy + ":" + series.tag) {
      found.emplace(series.taxonomy, series.tag);
    }
    names.insert(series.tag);
  }
  if (found.empty()) {
    const std::vector<std::string> known(names.begin(), names.end());
    const std::string hint = did_you_mean(name, known);
    return fail(E::E2104, fmt::format("no facts of this company under the tag {}", quote(name)),
                hint.empty() ? "tags are spelled as filed: us-gaap:Assets" : hint);
  }
  std::vector<Asked> out;
  for (const auto& [taxonomy, tag] : found) {
    constexpr Date kEver{-200'000};
    constexpr Date kStill{2'000'000};
    out.push_back({fmt::format("{}:{}", taxonomy, tag), nullptr, {{taxonomy, tag, kEver, kStill}}});
  }
  return out;
}

Result<std::vector<Asked>> asked_for(std::span<const KnownSeries> company, const StatementQuery& query) {
  std::vector<Asked> out;
  for (const std::string& name : query.metrics) {
    LODE_TRY(out.emplace_back(), metric_called(name));
  }
  for (const std::string& name : query.tags) {
    LODE_TRY(const std::vector<Asked> some, tag_called(company, name));
    out.insert(out.end(), some.begin(), some.end());
  }
  if (query.metrics.empty() && query.tags.empty()) {
    for (const Concept& one : source::edgar::concepts()) {
      out.push_back({std::string(one.name), &one, one.tags});
    }
  }
  return out;
}

}  // namespace

std::vector<KnownFact> known_by(const KnownSeries& series, std::optional<Time> as_of) {
  std::vector<KnownFact> out = newest_of_filings(series, as_of);
  FactSeries filed{series.taxonomy, series.tag, series.unit, {}};
  for (const KnownFact& one : out) {
    filed.facts.push_back(one.fact);
  }
  const std::size_t count = out.size();
  for (Fact& quarter : source::edgar::derive_quarters(filed)) {
    const std::span<const KnownFact> told_facts(out.data(), count);
    const KnownFact* whole = told(told_facts, quarter.accession, quarter.end);
    const KnownFact* part = told(told_facts, quarter.part_accession, *quarter.start - 1);
    const KnownFact* later = whole->known < part->known ? part : whole;
    KnownFact derived{std::move(quarter), later->known, later->known_by};
    out.push_back(std::move(derived));
  }
  return out;
}

Result<std::vector<StatementLine>> statement(std::span<const KnownSeries> company, const StatementQuery& query) {
  LODE_TRY(const std::vector<Asked> asked, asked_for(company, query));
  std::vector<StatementLine> out;
  for (const Asked& one : asked) {
    Periods periods = periods_of(company, one, query);
    if (query.is_newest_only) {
      keep_newest(periods);
    }
    for (auto& [period, candidates] : periods) {
      if (query.all_versions) {
        add_versions(one, std::move(candidates), out);
      } else {
        out.push_back(chosen(one, candidates));
      }
    }
  }
  return out;
}

}  // namespace lode::flow
