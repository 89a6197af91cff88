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
  const Section all[] = {verdict_section(context), honesty_section(context),     coverage_section(context),
                         shape_section(context),   prediction_section(context),  monotony_section(context),
                         fan_section(context),     decay_section(context),       cost_section(context),
                         money_section(context),   when_section(context),        where_section(context),
                         known_section(context),   sensitivity_section(context), examples_section(context),
                         lineage_section(context), glossary_section(context)};
  for (const Section& one : all) {
    out.contents.emplace_back(one.number, one.title == "Honesty panel" ? "Honesty" : one.title);
    out.sections.push_back(one);
  }
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
  Document document = factor_document(sheet, page, data);
  // Three pages of definitions would bury the rest; on a screen they fold away.
  document.sections.back().blocks = note(
      "Each number's definition, formula and source: lode docs numbers, and lode explain metric PATH for one of them.");
  return to_pdf(document);
}

}  // namespace lode::report
