// The sections of the factor page in their order (ux 5.2). Each answers one question; a part whose numbers do not exist
// leaves a box with the reason where a reader would look for it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lode/core/evaluate/tear_sheet.h"
#include "lode/core/report/document/document.h"
#include "lode/core/report/page/figures.h"
#include "lode/core/report/scene/data_block.h"
#include "lode/core/report/tear_sheet_page.h"

namespace lode::report {

// Every number the page tells: those of the sheet, and those of the search behind it where the page has them.
std::vector<evaluate::Number> page_numbers(const evaluate::TearSheet& sheet, const FactorPage& page);

// What a section draws from (the part of the sheet that counts), and the data block its charts add their tables to.
struct PageContext {
  const evaluate::TearSheet& sheet;
  const FactorPage& page;
  const Figures& figures;
  DataBlock& data;
  std::string outside = {};  // What of the data is not drawn, and why: CountingPart::outside.

  // "rank_ic.5d." + name of the headline horizon.
  std::string headline_path(std::string_view family, std::string_view name) const;
  // "5 d": the headline horizon in words.
  std::string headline_text() const;
  std::string span_text() const;  // "2015-01-02 .. 2024-12-31, 2 516 sessions"
};

Heading factor_heading(const PageContext& context);    // 0
Section verdict_section(const PageContext& context);   // 1
Section honesty_section(const PageContext& context);   // 2
Section coverage_section(PageContext& context);        // 3
Section shape_section(PageContext& context);           // 4
Section prediction_section(PageContext& context);      // 5
Section monotony_section(PageContext& context);        // 6
Section fan_section(PageContext& context);             // 7
Section decay_section(PageContext& context);           // 8
Block event_figure(PageContext& context);              // 8, within its grid
Section cost_section(PageContext& context);            // 9
Section money_section(PageContext& context);           // 10
Section when_section(PageContext& context);            // 11
Section where_section(PageContext& context);           // 12
Section known_section(const PageContext& context);     // 13
Section sensitivity_section(PageContext& context);     // 14
Section examples_section(const PageContext& context);  // 15
Section lineage_section(const PageContext& context);   // 16
Section glossary_section(const PageContext& context);  // 17

// The chart as a block; its table goes into the data block.
Block draw(PageContext& context, Chart chart);

// A share as a title tells it: what is not all is never told as 100 %, what is something never as 0 %.
std::string share_words(double share);

std::string horizon_words(int horizon);  // "5 d"

}  // namespace lode::report
