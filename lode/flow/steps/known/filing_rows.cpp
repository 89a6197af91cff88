// The words of several sources about one filing, joined.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/known/filing_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "lode/base/assert.h"
#include "lode/base/value.h"
#include "lode/io/source/edgar/acceptance.h"
#include "lode/io/source/edgar/accession.h"
#include "lode/io/source/edgar/filing.h"
#include "lode/market/schema.h"

namespace lode::flow {

namespace {

constexpr std::string_view kTable = "filings";
constexpr std::size_t kNamedMost = 5000;  // More are found by their days.
constexpr int kDaysAround = 7;            // Sources may differ in the filing day.
// What one rule says together: never one part of it from here and one from there.
constexpr std::array<std::string_view, 8> kAcceptance = {"accepted_at",   "accepted_text", "accepted_zone",
                                                         "accepted_rule", "public_at",     "event_time",
                                                         "known_time",    "known_assumed"};
constexpr std::array<std::string_view, 3> kPublic = {"public_at", "known_time", "known_assumed"};  // Of them.
// Of the row that brought them.
constexpr std::array<std::string_view, 3> kProvenance = {"source", "raw_hash", "raw_line"};

template <std::size_t kCount>
bool is_one_of(const std::array<std::string_view, kCount>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::string_view text_at(const Batch& rows, std::string_view column, std::size_t row) {
  const Column& texts = rows.column(column);
  return texts.is_null(row) ? std::string_view() : texts.texts()[row];
}

int rank_at(const Batch& rows, std::size_t row) {
  return source::edgar::authority(text_at(rows, "accepted_rule", row));
}

int header_weight() { return source::edgar::authority(to_string(source::edgar::AcceptanceRule::kSgml)); }

// Of everything but the acceptance: a header is a header also where it has no time of acceptance.
int weight_at(const Batch& rows, std::size_t row) {
  return rows.column("header_hash").is_null(row) ? rank_at(rows, row) : header_weight();
}

// A row of `fresh` beside the stored one of the same accession.
struct Pair {
  const Batch& fresh;
  std::size_t row;
  const Batch& held;
  std::size_t stored;

  bool same(std::string_view column) const { return fresh.column(column).same(row, held.column(column), stored); }
};

// A letter that lists tell of, but not when it became public: the first time it was seen counts.
bool is_letter_of_list(const Pair& pair) {
  return source::edgar::is_letter(text_at(pair.fresh, "form", pair.row)) &&
         pair.fresh.column("header_hash").is_null(pair.row) && pair.held.column("header_hash").is_null(pair.stored);
}

bool is_public_earlier(const Pair& pair) {
  return pair.fresh.column("public_at").times()[pair.row] < pair.held.column("public_at").times()[pair.stored];
}

bool takes_acceptance(const Pair& pair) {
  using source::edgar::AcceptanceRule;
  using source::edgar::authority;
  const int fresh = rank_at(pair.fresh, pair.row);
  const int stored = rank_at(pair.held, pair.stored);
  const bool is_same = pair.same("accepted_at") && (pair.same("public_at") || is_letter_of_list(pair));
  const int assumed = authority(to_string(AcceptanceRule::kJsonNewYork));
  if (fresh != stored) {
    // The clock of a list proven or assumed, to the same effect: nothing was learnt.
    const bool is_list =
        std::min(fresh, stored) >= assumed && std::max(fresh, stored) <= authority(to_string(AcceptanceRule::kJsonUtc));
    return fresh > stored && !(is_same && is_list);
  }
  if (fresh == assumed) {
    return pair.fresh.column("accepted_at").times()[pair.row] < pair.held.column("accepted_at").times()[pair.stored];
  }
  return !is_same;
}

std::vector<source::edgar::Party> parties_at(const Batch& rows, std::size_t row) {
  std::vector<source::edgar::Party> out;
  const auto list = parse_json(text_at(rows, "parties", row));
  for (const Value& one : list && list->is_array() ? list->as_array() : Value::Array{}) {
    const auto text = [&](std::string_view key) {
      const Value* found = one.find(key);
      return found != nullptr && found->is_text() ? found->as_text() : std::string();
    };
    out.push_back({text("role"), text("cik"), text("name")});
  }
  return out;
}

// Everyone that either of two equals tells of, and whom the filing is about by all of them.
source::edgar::Filing joined(const Pair& pair) {
  source::edgar::Filing out;
  out.parties = parties_at(pair.held, pair.stored);
  const std::vector<source::edgar::Party> more = parties_at(pair.fresh, pair.row);
  out.parties.insert(out.parties.end(), more.begin(), more.end());
  settle(out.parties);
  return out;
}

void put_text(Column& out, std::string_view text) { text.empty() ? out.push_null() : out.push(text); }

void put(Column& out, const Column& from, std::size_t row) {
  if (from.is_null(row)) {
    out.push_null();
    return;
  }
  switch (from.type()) {
    case ColumnType::kInt64:
      return out.push(from.int64s()[row]);
    case ColumnType::kUint64:
      return out.push(from.uint64s()[row]);
    case ColumnType::kFloat64:
      return out.push(from.float64s()[row]);
    case ColumnType::kDate:
      return out.push(Date{from.dates()[row]});
    case ColumnType::kTime:
      return out.push(Time{from.times()[row]});
    case ColumnType::kText:
      return out.push(from.texts()[row]);
    case ColumnType::kBool:
      return out.push(from.bools()[row] != 0);
  }
}

// The better row's cell, where it has one. Where it lies is told by each source in its own way: of equals the first
// one's address stays, so that it alone is no news.
bool is_from_fresh(const Pair& pair, std::string_view column, int fresh, int stored) {
  const bool is_better = column == "url" ? fresh > stored : fresh >= stored;
  return is_better ? !pair.fresh.column(column).is_null(pair.row) : pair.held.column(column).is_null(pair.stored);
}

// One row into `out`, column by column.
void merge_row(const Pair& pair, Batch& out) {
  const int fresh = weight_at(pair.fresh, pair.row);
  const int stored = weight_at(pair.held, pair.stored);
  const bool takes = takes_acceptance(pair);
  const bool takes_public = is_letter_of_list(pair) ? is_public_earlier(pair) : takes;
  // A header names everyone, the first filer first.
  const bool is_joined = fresh == stored && fresh < header_weight();
  const source::edgar::Filing both = is_joined ? joined(pair) : source::edgar::Filing();
  const source::edgar::Party* who = about(both);
  for (Column& column : out.columns()) {
    const std::string& name = column.name();
    if (!both.parties.empty() && name == "parties") {
      put_text(column, to_json(parties_value(both.parties)));
    } else if (who != nullptr && (name == "cik" || (name == "name" && !who->name.empty()))) {
      put_text(column, name == "cik" ? who->cik : who->name);
    } else {
      // A name goes with its number.
      const std::string_view decides = name == "name" && !pair.same("cik") ? std::string_view("cik") : name;
      const bool is_fresh = name == "filed_on"             ? false  // Rows lie by it: an accession must have one day.
                            : is_one_of(kProvenance, name) ? true
                            : is_one_of(kPublic, name)     ? takes_public
                            : is_one_of(kAcceptance, name) ? takes
                                                           : is_from_fresh(pair, decides, fresh, stored);
      put(column, (is_fresh ? pair.fresh : pair.held).column(name), is_fresh ? pair.row : pair.stored);
    }
  }
}

// "'a', 'b'": accessions are checked, so nothing in them can end the quotes.
std::string quoted(const std::vector<std::string_view>& accessions) {
  std::string out;
  for (const std::string_view accession : accessions) {
    if (source::edgar::is_accession(accession)) {
      out += fmt::format("{}'{}'", out.empty() ? "" : ", ", accession);
    }
  }
  return out;
}

}  // namespace

// Reads what the lake has of those that no call has seen.
Result<void> FilingRows::find(const Batch& filings) {
  const Column& days = filings.column("filed_on");
  std::vector<std::string_view> wanted;
  lake::Query query;
  for (std::size_t row = 0; row < filings.rows(); ++row) {
    const std::string_view accession = filings.column("accession").texts()[row];
    if (!at_.contains(accession)) {
      const Date day{days.dates()[row]};
      query.from = std::min(query.from.value_or(day), day);
      query.to = std::max(query.to.value_or(day), day);
      wanted.push_back(accession);
    }
  }
  if (wanted.empty() || snapshot_.parts(kTable).empty()) {
    return {};
  }
  if (wanted.size() > kNamedMost) {
    query.from = *query.from - kDaysAround;
    query.to = *query.to + kDaysAround;
  } else {
    query.from = query.to = std::nullopt;
    query.where = fmt::format("accession IN ({})", quoted(wanted));
  }
  for (const Column& column : held_.columns()) {
    query.columns.push_back(column.name());
  }
  LODE_TRY(const Batch stored, snapshot_.read(kTable, query));
  const auto first = static_cast<std::uint32_t>(held_.rows());
  held_.append(stored);
  for (std::size_t row = 0; row < stored.rows(); ++row) {
    at_.try_emplace(std::string(stored.column("accession").texts()[row]), first + static_cast<std::uint32_t>(row));
  }
  return {};
}

Result<void> FilingRows::merge(Batch& filings) {
  const TableSpec* table = find_table(kTable);
  LODE_ASSERT(table != nullptr);
  if (held_.columns().empty()) {
    held_ = empty_batch(*table);
  }
  LODE_CHECK(find(filings));
  const TextData& accessions = filings.column("accession").texts();
  Batch out = empty_batch(*table);
  for (std::size_t row = 0; row < filings.rows(); ++row) {
    const auto found = at_.find(accessions[row]);
    if (found != at_.end()) {
      merge_row({filings, row, held_, found->second}, out);
    } else {
      for (Column& column : out.columns()) {
        put(column, filings.column(column.name()), row);
      }
    }
  }
  const auto first = static_cast<std::uint32_t>(held_.rows());
  for (std::size_t row = 0; row < out.rows(); ++row) {
    at_.insert_or_assign(std::string(accessions[row]), first + static_cast<std::uint32_t>(row));
  }
  held_.append(out);
  filings = std::move(out);
  return {};
}

}  // namespace lode::flow
