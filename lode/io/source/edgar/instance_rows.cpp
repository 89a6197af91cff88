// Chooses the instance of a filing and writes its rows.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/instance_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lode/base/text.h"
#include "lode/io/source/edgar/accession.h"
#include "lode/io/source/edgar/company_facts.h"
#include "lode/io/source/edgar/eastern.h"

namespace lode::source::edgar {
namespace {

constexpr std::string_view kCikScheme = "http://www.sec.gov/CIK";
constexpr std::string_view kSharesTag = "EntityCommonStockSharesOutstanding";
constexpr std::string_view kClassAxis = "us-gaap:StatementClassOfStockAxis";

// One number on its way to a row: a Fact as companyfacts has it, and what only an instance tells.
struct Told {
  std::string cik;
  Fact fact;
  std::string dimensions;
};

bool read_told(const xbrl::InstanceFact& told, const xbrl::Context& context, Told& out) {
  auto cik = context.scheme == kCikScheme ? read_cik(context.entity) : std::nullopt;
  if (!cik || !read_number(told.value, out.fact)) {
    return false;
  }
  out.cik = std::move(*cik);
  out.fact.start = context.start;
  out.fact.end = context.end;
  out.dimensions = xbrl::dimensions_text(context);
  return true;
}

class Rows {
 public:
  Rows(const xbrl::Instance& instance, const Filing& filing, const Provenance& from)
      : instance_(instance), filing_(filing), facts_("facts", from), shares_("shares", from) {
    std::int64_t year = 0;
    if (parse_int(instance.text("dei", "DocumentFiscalYearFocus"), year)) {
      fiscal_year_ = year;
    }
    fiscal_period_ = instance.text("dei", "DocumentFiscalPeriodFocus");
  }

  void add(const xbrl::InstanceFact& told, const Told& row) {
    facts_.put(std::string_view(row.cik)).put(std::string_view(told.taxonomy)).put(std::string_view(told.tag));
    facts_.put(std::string_view(told.unit)).put(row.fact.start).put(row.fact.end).put(row.fact.days());
    facts_.put(to_string(row.fact.span())).put(std::string_view(filing_.accession)).put(row.fact.value);
    facts_.put_some(row.fact.exact).put(fiscal_year_).put_some(fiscal_period_).put(std::string_view(filing_.form));
    facts_.put(filing_.filed_on).put(false).put_some(row.dimensions).put_some(told.decimals);
    facts_.end(times(row), told.line);
    add_shares(told, row);
  }
  std::vector<TableRows> take() {
    std::vector<TableRows> out;
    if (facts_.rows() > 0) {
      out.push_back(facts_.take());
    }
    if (shares_.rows() > 0) {
      out.push_back(shares_.take());
    }
    return out;
  }

 private:
  RowTimes times(const Told& row) const {
    return {eastern_end(row.fact.end), public_at(filing_), !is_observed(filing_)};
  }
  // Shares outstanding of the company, or of one class.
  void add_shares(const xbrl::InstanceFact& told, const Told& row) {
    const auto& dimensions = instance_.contexts[told.context].dimensions;
    const bool is_class = dimensions.size() == 1 && dimensions[0].axis == kClassAxis;
    if (told.taxonomy != "dei" || told.tag != kSharesTag || told.unit != "shares" || row.fact.start ||
        (!dimensions.empty() && !is_class)) {
      return;
    }
    shares_.put(std::string_view(row.cik)).put(is_class ? std::string_view(dimensions[0].member) : "").put_null();
    shares_.put(row.fact.end).put(std::string_view(filing_.accession)).put(row.fact.value);
    shares_.put(std::string_view(filing_.form)).put(filing_.filed_on);
    shares_.end(times(row), told.line);
  }

  const xbrl::Instance& instance_;
  const Filing& filing_;
  RowWriter facts_, shares_;
  std::optional<std::int64_t> fiscal_year_;
  std::string fiscal_period_;
};

}  // namespace

Result<std::optional<xbrl::Instance>> instance_of(const Submission& submission) {
  const auto& documents = submission.documents;
  auto found = std::ranges::find(documents, "EX-101.INS", &FiledDocument::type);
  if (found == documents.end()) {
    found = std::ranges::find_if(documents, [](const FiledDocument& one) { return one.file.ends_with("_htm.xml"); });
  }
  std::optional<xbrl::Instance> out;
  if (found != documents.end()) {
    LODE_TRY(out, xbrl::read_instance(found->body));
  } else {
    std::vector<std::string_view> pages;
    for (const FiledDocument& one : documents) {
      if (one.content == Content::kHtml && xbrl::is_inline(one.body)) {
        pages.push_back(one.body);
      }
    }
    if (pages.empty()) {
      return out;
    }
    LODE_TRY(out, xbrl::read_inline(pages));
  }
  xbrl::settle(*out);
  return out;
}

std::vector<TableRows> instance_rows(const xbrl::Instance& instance, const Filing& filing, const Provenance& from,
                                     std::vector<Rejected>& rejected) {
  Rows rows(instance, filing, from);
  for (const xbrl::InstanceFact& told : instance.facts) {
    if (!told.is_number() || told.is_nil) {
      continue;
    }
    Told row;
    const xbrl::Context& context = instance.contexts[told.context];
    if (read_told(told, context, row)) {
      rows.add(told, row);
    } else {
      rejected.push_back(bad_record(
          told.line,
          fmt::format("{}:{} of {} {}: no CIK, or no number", told.taxonomy, told.tag, context.scheme, context.entity),
          ""));
    }
  }
  return rows.take();
}

}  // namespace lode::source::edgar
