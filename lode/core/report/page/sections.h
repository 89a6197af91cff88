// The sections of the factor page in their order (ux 5.2). Each answers one question; a part whose numbers do not exist
// leaves a box with the reason where a reader would look for it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lode/core/evaluate/tear_sheet.h"
#include "lode/core/report/page/figures.h"
#include "lode/core/report/scene/data_block.h"
#include "lode/core/report/tear_sheet_page.h"

namespace lode::report {

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

std::string header_section(const PageContext& context);    // 0
std::string verdict_section(const PageContext& context);   // 1
std::string honesty_section(const PageContext& context);   // 2
std::string coverage_section(PageContext& context);        // 3
std::string shape_section(PageContext& context);           // 4
std::string prediction_section(PageContext& context);      // 5
std::string monotony_section(PageContext& context);        // 6
std::string fan_section(PageContext& context);             // 7
std::string decay_section(PageContext& context);           // 8
std::string event_figure(PageContext& context);            // 8, within its grid
std::string cost_section(PageContext& context);            // 9
std::string money_section(PageContext& context);           // 10
std::string when_section(PageContext& context);            // 11
std::string where_section(PageContext& context);           // 12
std::string known_section(const PageContext& context);     // 13
std::string sensitivity_section(PageContext& context);     // 14
std::string examples_section(const PageContext& context);  // 15
std::string lineage_section(const PageContext& context);   // 16
std::string glossary_section(const PageContext& context);  // 17

// <section> with its heading: "5 Prediction" and the question it answers.
std::string section(int number, std::string_view title, std::string_view question, std::string_view body);
// A numbered section that holds nothing but the reason why.
std::string missing_section(int number, std::string_view title, std::string_view reason);

// The chart as HTML; its table goes into the data block.
std::string draw(PageContext& context, const Chart& chart);

// A table of numbers as a card. `why`: path of the number its title tells, if it tells one.
std::string card(std::string_view title, std::string_view subtitle, std::string_view body, std::string_view width,
                 std::string_view why = "");

// A share as a title tells it: what is not all is never told as 100 %, what is something never as 0 %.
std::string share_words(double share);

std::string horizon_words(int horizon);  // "5 d"

}  // namespace lode::report
