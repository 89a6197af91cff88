// Puts the factor report together: its document from the sections, and the document written.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/tear_sheet_page.h"

#include <fmt/format.h>

#include "lode/core/report/document/document_html.h"
#include "lode/core/report/page/counting.h"
#include "lode/core/report/page/sections.h"
#include "lode/core/report/pdf/document_pdf.h"

namespace lode::report {
namespace {

std::string page_title(const FactorPage& page) {
  const std::string name = !page.name.empty() ? page.name : !page.formula.empty() ? page.formula : "Own values";
  return (page.synthetic ? "Synthetic: " : "") + name + ", factor report";
}

// The document, with the tables of its charts in `data`.
Document factor_document(const evaluate::TearSheet& sheet, const FactorPage& page, DataBlock& data) {
  const Figures figures(page_numbers(sheet, page));
  const CountingPart part = counting_part(sheet);
  data.add(figures.all());
  PageContext context{part.sheet, page, figures, data, part.outside};
  Document out;
  out.title = page_title(page);
  out.run_hash = page.run_hash;
  out.heading = factor_heading(context);
  out.contents = {{1, "Verdict"}, {2, "Honesty"},        {3, "Coverage"},          {5, "Prediction"}, {6, "Monotony"},
                  {7, "Fan"},     {8, "Decay"},          {9, "Turnover and cost"}, {10, "Money"},     {11, "When"},
                  {12, "Where"},  {13, "New or known?"}, {15, "Examples"},         {16, "Lineage"},   {17, "Glossary"}};
  out.sections.push_back(verdict_section(context));
  out.sections.push_back(honesty_section(context));
  out.sections.push_back(coverage_section(context));
  out.sections.push_back(
      missing_section(4, "Shape", "Not built yet: the distribution by year and the exposures of the factor."));
  for (const auto& make : {prediction_section, monotony_section, fan_section, decay_section, cost_section,
                           money_section, when_section, where_section}) {
    out.sections.push_back(make(context));
  }
  out.sections.push_back(known_section(context));
  out.sections.push_back(
      missing_section(14, "Sensitivity", "Not built yet: neighbouring windows, delays and universes."));
  out.sections.push_back(examples_section(context));
  out.sections.push_back(lineage_section(context));
  out.sections.push_back(glossary_section(context));
  out.footer = fmt::format("Run {} \xC2\xB7 {} \xC2\xB7 {}. Past returns say little about future ones.", page.run_hash,
                           page.commit, page.code_version);
  return out;
}

}  // namespace

std::string render_factor_html(const evaluate::TearSheet& sheet, const FactorPage& page) {
  DataBlock data;
  const Document document = factor_document(sheet, page, data);
  return to_html(document, data);
}

std::string render_factor_pdf(const evaluate::TearSheet& sheet, const FactorPage& page) {
  DataBlock data;
  return to_pdf(factor_document(sheet, page, data));
}

}  // namespace lode::report
