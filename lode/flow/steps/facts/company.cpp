// Facts joined to the times of their filings.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/facts/company.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/assert.h"
#include "lode/io/lake/history/versions.h"
#include "lode/io/source/edgar/acceptance.h"
#include "lode/io/source/edgar/accession.h"

namespace lode::flow {

namespace {

using source::edgar::Fact;

constexpr std::string_view kBareDate = "filing date";
// "'a', 'b'": accessions are checked, so nothing in them can end the quotes.
std::string quoted(const std::vector<std::string>& accessions) {
  std::string out;
  for (const std::string& accession : accessions) {
    if (source::edgar::is_accession(accession)) {
      out += fmt::format("{}'{}'", out.empty() ? "" : ", ", accession);
    }
  }
  return out;
}

template <class T, class Read>
std::optional<T> some(const Column& column, std::size_t row, Read read) {
  return column.is_null(row) ? std::nullopt : std::optional<T>(read(row));
}

std::string text_of(const Column& column, std::size_t row) {
  return column.is_null(row) ? std::string() : std::string(column.texts()[row]);
}

// One row of table facts as the source told it, known by its row.
KnownFact read_fact(const Batch& rows, std::size_t row) {
  KnownFact out;
  Fact& fact = out.fact;
  const Column& starts = rows.column("period_start");
  fact.start = some<Date>(starts, row, [&](std::size_t at) { return Date{starts.dates()[at]}; });
  fact.end = Date{rows.column("period_end").dates()[row]};
  fact.value = rows.column("value").float64s()[row];
  fact.exact = text_of(rows.column("value_exact"), row);
  fact.accession = text_of(rows.column("accession"), row);
  const Column& years = rows.column("fiscal_year");
  fact.fiscal_year = some<std::int64_t>(years, row, [&](std::size_t at) { return years.int64s()[at]; });
  fact.fiscal_period = text_of(rows.column("fiscal_period"), row);
  fact.form = text_of(rows.column("form"), row);
  fact.filed_on = Date{rows.column("filed_on").dates()[row]};
  out.known = Time{rows.column("known_time").times()[row]};
  out.known_by = rows.column("known_assumed").bools()[row] != 0 ? std::string(kBareDate) : "received";
  return out;
}

}  // namespace

Result<std::map<std::string, PublicTime, std::less<>>> public_times(const lake::Snapshot& snapshot,
                                                                    const std::vector<std::string>& accessions) {
  std::map<std::string, PublicTime, std::less<>> out;
  const std::string names = quoted(accessions);
  if (names.empty()) {
    return out;
  }
  LODE_TRY(const Batch rows, lake::read_versions(snapshot, "filings",
                                                 {.columns = {"accession", "public_at", "accepted_rule"},
                                                  .instruments = {},
                                                  .from = {},
                                                  .to = {},
                                                  .as_of = {},
                                                  .where = fmt::format("accession IN ({})", names)}));
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    std::string rule = text_of(rows.column("accepted_rule"), row);
    PublicTime found{Time{rows.column("public_at").times()[row]},
                     rule.empty() ? std::string(kBareDate) : std::move(rule)};
    const auto [at, is_new] = out.try_emplace(text_of(rows.column("accession"), row), found);
    if (!is_new && source::edgar::authority(found.by) >= source::edgar::authority(at->second.by)) {
      at->second = std::move(found);
    }
  }
  return out;
}

Result<void> drop_not_public(const lake::Snapshot& snapshot, Time as_of, Batch& filings) {
  const TextData& accessions = filings.column("accession").texts();
  constexpr std::size_t kMost = 5000;  // Named in one question.
  std::vector<std::uint32_t> kept;
  for (std::size_t first = 0; first < filings.rows(); first += kMost) {
    const std::size_t end = std::min<std::size_t>(filings.rows(), first + kMost);
    std::vector<std::string> names;
    for (std::size_t row = first; row < end; ++row) {
      names.emplace_back(accessions[row]);
    }
    LODE_TRY(const auto times, public_times(snapshot, names));
    for (std::size_t row = first; row < end; ++row) {
      const auto found = times.find(accessions[row]);
      if (found == times.end() || found->second.at <= as_of) {
        kept.push_back(static_cast<std::uint32_t>(row));
      }
    }
  }
  if (kept.size() < filings.rows()) {
    filings = filings.take(kept);
  }
  return {};
}

Result<std::vector<KnownSeries>> read_company(const lake::Snapshot& snapshot, std::string_view cik) {
  LODE_ASSERT(source::edgar::read_cik(cik) == std::string(cik));
  LODE_TRY(const Batch rows,
           lake::read_versions(snapshot, "facts",
                               {.columns = {},
                                .instruments = {},
                                .from = {},
                                .to = {},
                                .as_of = {},
                                .where = fmt::format("cik = '{}' AND NOT derived AND dimensions IS NULL", cik)}));
  const TextData& filings = rows.column("accession").texts();
  std::set<std::string_view> named;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    named.insert(filings[row]);
  }
  LODE_TRY(const auto times, public_times(snapshot, std::vector<std::string>(named.begin(), named.end())));
  std::vector<KnownSeries> out;
  const TextData& taxonomies = rows.column("taxonomy").texts();
  const TextData& tags = rows.column("tag").texts();
  const TextData& units = rows.column("unit").texts();
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if (out.empty() || out.back().unit != units[row] || out.back().tag != tags[row] ||
        out.back().taxonomy != taxonomies[row]) {
      out.push_back({std::string(taxonomies[row]), std::string(tags[row]), std::string(units[row]), {}});
    }
    KnownFact fact = read_fact(rows, row);
    const auto found = times.find(fact.fact.accession);
    if (fact.known_by == kBareDate && found != times.end()) {
      fact.known = found->second.at;
      fact.known_by = found->second.by;
    }
    out.back().facts.push_back(std::move(fact));
  }
  return out;
}

}  // namespace lode::flow
