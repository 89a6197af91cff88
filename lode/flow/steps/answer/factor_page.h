// A judgement as the page core/report draws, and its place on disk.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lode/core/report/tear_sheet_page.h"
#include "lode/flow/steps/research/research.h"

namespace lode::flow {

// The names with the highest and lowest finite values on the last row that has `needed` of them, at most half of them
// at either end, from the outside in; equal values by name. `names`: one a column. Values as four significant digits.
struct Extremes {
  std::string date;  // Of that row; empty when no row has them.
  std::vector<std::pair<std::string, std::string>> highest;
  std::vector<std::pair<std::string, std::string>> lowest;
};
Extremes extremes(const Panel& factor, const std::vector<std::string>& names, std::size_t count, std::size_t needed);

// The command that rebuilds the page from the same lake, as a shell takes it. Options at their built-in value are left
// out unless a configuration may change them.
std::string rebuild_command(const Study& study, const Judged& judged, const ResearchRequest& request);
// Its options alone, each with a blank before it.
std::string rebuild_options(const Study& study, const Subject& subject, const ResearchRequest& request);

// What report::render_factor_html() and render_factor_pdf() write beside the sheet.
report::FactorPage page_of(const Study& study, const Judged& judged, const ResearchRequest& request,
                           const Recorded& recorded);

// The HTML text.
std::string factor_page(const Study& study, const Judged& judged, const ResearchRequest& request,
                        const Recorded& recorded);

// A file of the user's, and what it gets.
struct Copy {
  std::string path;
  std::string bytes;
};

// Writes runs/<alias>/report.html, and `copies` beside; returns the path to show. A run that was not recorded
// (read-only lake) needs a copy: E8004 says so.
Result<std::string> write_report(const Study& study, const Recorded& recorded, const std::vector<Copy>& copies,
                                 const std::string& html);

// True when any import behind the study is marked synthetic.
bool any_synthetic(const Study& study);

// "Report  page.html  (321 KB, opens offline)\n"
std::string report_line(const std::string& path, std::size_t bytes);

// --pdf, for verbs that write a report.
Parameter pdf_parameter();

// What -o, by its ending, and --pdf ask for. `html`, `pdf`: make the bytes.
std::vector<Copy> copies_of(const Request& request, const std::function<std::string()>& html,
                            const std::function<std::string()>& pdf);

// A path that ends in .pdf, in letters of any size.
bool is_pdf(std::string_view path);

}  // namespace lode::flow
