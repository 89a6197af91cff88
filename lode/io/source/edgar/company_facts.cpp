// Reads companyfacts and writes its rows.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/company_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/text.h"
#include "lode/io/source/collect/json_document.h"
#include "lode/io/source/edgar/accession.h"
#include "lode/io/source/edgar/eastern.h"
#include "lode/io/source/edgar/fact_periods.h"

namespace lode::source::edgar {

const BodyContract kFactsContract{.name = "EDGAR company facts",
                                  .types = {"application/json"},
                                  .begins = {"{"},
                                  .needs = {"\"facts\"", "\"cik\""},
                                  .ends = "}",
                                  .most_bytes = std::size_t{512} << 20};

namespace {

constexpr std::int64_t kExactInDouble = std::int64_t{1} << 53;
constexpr std::string_view kSharesTag = "EntityCommonStockSharesOutstanding";

void take_whole(std::int64_t whole, Fact& out) {
  out.value = static_cast<double>(whole);
  if (whole > kExactInDouble || whole < -kExactInDouble) {
    out.exact = fmt::format("{}", whole);
  }
}

// The number, and its text where a double rounds it.
bool read_value(JsonElement element, Fact& out) {
  std::int64_t whole = 0;
  if (element.get(whole) == simdjson::SUCCESS) {
    take_whole(whole, out);
    return true;
  }
  return element.get(out.value) == simdjson::SUCCESS;
}

// Which of its members were seen.
struct Seen {
  bool value = false, end = false, filed = false, start_wrong = false;
};

void read_member(std::string_view key, JsonElement element, Fact& out, Seen& seen) {
  if (key == "val") {
    seen.value = read_value(element, out);
    return;
  }
  if (key == "fy") {
    out.fiscal_year = as_int(element);
    return;
  }
  std::string_view text;
  if (key.size() > 5 || (key == "frame") || element.get(text) != simdjson::SUCCESS) {
    return;  // "frame" looks ahead; anything else is not known.
  }
  if (key.size() == 5 && key == "filed") {
    seen.filed = try_parse_date(text, out.filed_on);
  } else if (key.size() == 5 && key == "start") {
    out.start = read_day(text);
    seen.start_wrong = !out.start;
  } else if (key == "end") {
    seen.end = try_parse_date(text, out.end);
  } else if (key == "accn") {
    out.accession = text;
  } else if (key == "form") {
    out.form = text;
  } else if (key == "fp") {
    out.fiscal_period = text;
  }
}

// What the fact lacks; "" when it is whole. One walk over its members: looking each up would scan them again.
std::string_view read_fact(simdjson::dom::object object, Fact& out) {
  Seen seen;
  for (const auto [key, element] : object) {
    read_member(key, element, out, seen);
  }
  if (!seen.value || !seen.end || !seen.filed || seen.start_wrong) {
    return seen.start_wrong ? "start is no date" : !seen.value ? "no value" : !seen.end ? "no end" : "no filing date";
  }
  if (!is_accession(out.accession)) {
    return "no accession";
  }
  return out.start && *out.start > out.end ? "starts after its end" : "";
}

void read_series(std::string_view taxonomy, std::string_view tag, std::string_view unit, simdjson::dom::array list,
                 CompanyFacts& out) {
  FactSeries series{std::string(taxonomy), std::string(tag), std::string(unit), {}};
  series.facts.reserve(list.size());
  for (const JsonElement element : list) {
    ++out.records;
    simdjson::dom::object object;
    Fact& fact = series.facts.emplace_back();
    const std::string_view wrong = element.get(object) == simdjson::SUCCESS ? read_fact(object, fact) : "no object";
    if (!wrong.empty()) {
      series.facts.pop_back();
      out.rejected.push_back(bad_record(out.records, fmt::format("{} of {}:{} in {}", wrong, taxonomy, tag, unit), ""));
    }
  }
  out.series.push_back(std::move(series));
}

Result<void> read_taxonomies(JsonElement facts, CompanyFacts& out) {
  simdjson::dom::object taxonomies;
  if (facts.get(taxonomies) != simdjson::SUCCESS) {
    return fail(E::E6206, "company facts whose facts are no object");
  }
  for (const auto [taxonomy, tags] : taxonomies) {
    simdjson::dom::object names;
    if (tags.get(names) != simdjson::SUCCESS) {
      return fail(E::E6206, fmt::format("company facts whose taxonomy {} is no object", quote(taxonomy)));
    }
    for (const auto [tag, body] : names) {
      const auto units = json_object(body, "units");
      if (!units) {
        return fail(E::E6206, fmt::format("company facts whose tag {} has no units", quote(tag)));
      }
      for (const auto [unit, list] : *units) {
        simdjson::dom::array points;
        if (list.get(points) != simdjson::SUCCESS) {
          return fail(E::E6206, fmt::format("company facts whose tag {} has no list in {}", quote(tag), quote(unit)));
        }
        read_series(taxonomy, tag, unit, points, out);
      }
    }
  }
  return {};
}

void write_fact(RowWriter& rows, const CompanyFacts& company, const FactSeries& series, const Fact& fact) {
  rows.put(std::string_view(company.cik)).put(std::string_view(series.taxonomy)).put(std::string_view(series.tag));
  rows.put(std::string_view(series.unit)).put(fact.start).put(fact.end).put(fact.days());
  rows.put(to_string(fact.span())).put(std::string_view(fact.accession)).put(fact.value).put_some(fact.exact);
  rows.put(fact.fiscal_year).put_some(fact.fiscal_period).put(std::string_view(fact.form)).put(fact.filed_on);
  rows.put(fact.derived).put_null().put_null();  // No parts of a company, no word of rounding.
  rows.end({eastern_end(fact.end), eastern_end(fact.filed_on), true}, 0);
}

void write_shares(RowWriter& rows, const CompanyFacts& company, const Fact& fact) {
  rows.put(std::string_view(company.cik)).put("").put_null().put(fact.end).put(std::string_view(fact.accession));
  rows.put(fact.value).put(std::string_view(fact.form)).put(fact.filed_on);
  rows.end({eastern_end(fact.end), eastern_end(fact.filed_on), true}, 0);
}

}  // namespace

std::string_view to_string(Span span) {
  constexpr std::array<std::string_view, 6> kNames = {"instant", "quarter", "half", "nine_months", "year", "other"};
  return kNames[static_cast<std::size_t>(span)];
}

Span span_of(std::int64_t days) {
  const auto within = [&](std::int64_t least, std::int64_t most) { return days >= least && days <= most; };
  return days == 0          ? Span::kInstant
         : within(80, 100)  ? Span::kQuarter
         : within(170, 190) ? Span::kHalf
         : within(260, 280) ? Span::kNineMonths
         : within(350, 380) ? Span::kYear
                            : Span::kOther;
}

bool read_number(std::string_view text, Fact& out) {
  std::int64_t whole = 0;
  if (parse_int(text, whole)) {
    take_whole(whole, out);
    return true;
  }
  return parse_double(text, out.value);
}

const FactSeries* CompanyFacts::find(std::string_view taxonomy, std::string_view tag, std::string_view unit) const {
  const auto found = std::ranges::find_if(
      series, [&](const FactSeries& one) { return one.tag == tag && one.taxonomy == taxonomy && one.unit == unit; });
  return found == series.end() ? nullptr : &*found;
}

Result<CompanyFacts> parse_company_facts(std::string_view body) {
  LODE_CHECK(check_body(kFactsContract, "", body));
  LODE_TRY(const JsonDocument document, JsonDocument::read(body, "EDGAR company facts"));
  const auto number = json_int(document.root(), "cik");
  const auto cik =
      read_cik(number ? fmt::format("{}", *number) : std::string(json_text(document.root(), "cik").value_or("")));
  const auto facts = json_member(document.root(), "facts");
  if (!cik || !facts) {
    return fail(E::E6206, fmt::format("company facts without {}", cik ? "facts" : "a CIK"));
  }
  CompanyFacts out;
  out.cik = *cik;
  out.name = json_text(document.root(), "entityName").value_or("");
  LODE_CHECK(read_taxonomies(*facts, out));
  return out;
}

std::vector<TableRows> fact_rows(const CompanyFacts& facts, const Provenance& from) {
  RowWriter rows("facts", from);
  RowWriter shares("shares", from);
  for (const FactSeries& series : facts.series) {
    for (const Fact& fact : series.facts) {
      write_fact(rows, facts, series, fact);
      if (series.taxonomy == "dei" && series.tag == kSharesTag && series.unit == "shares" && !fact.start) {
        write_shares(shares, facts, fact);
      }
    }
    for (const Fact& fact : derive_quarters(series)) {
      write_fact(rows, facts, series, fact);
    }
  }
  std::vector<TableRows> out;
  if (rows.rows() > 0) {
    out.push_back(rows.take());
  }
  if (shares.rows() > 0) {
    out.push_back(shares.take());
  }
  return out;
}

}  // namespace lode::source::edgar
