// The factor report: one self-contained HTML file from a tear sheet (ux 5 of the design). Pure: the same input gives
// the same bytes; no clock, no host, no random ids.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lode/core/evaluate/honesty/kinship.h"
#include "lode/core/evaluate/tear_sheet.h"
#include "lode/core/report/document/document.h"

namespace lode::report {

// The lineage tree, as `lode why` prints it.
using LineageNode = TreeNode;

// Everything of the page that is not in the tear sheet. Texts are plain and get escaped.
struct FactorPage {
  std::string name;     // Factor name or "" for a formula typed by hand.
  std::string formula;  // Canonical text; "" for a user's own numbers.
  std::string profile;
  std::string universe;
  bool synthetic = false;  // Marks the title: nobody mistakes a synthetic market for a real one.
  bool survivor_biased = false;
  std::string run_hash;  // Content hash of the run: the page's id.
  std::string code_version;
  std::string as_of;                    // "now" or the instant.
  std::string commit;                   // "lake commit 37"
  std::string command;                  // The exact command that rebuilds the page.
  std::string convention;               // "next_open"
  std::int64_t trials = 0;              // Trials counted on this universe, this one included; 0 = not recorded.
  std::int64_t lake_trials = 0;         // The same in the whole lake.
  std::int64_t trial_ordinal = 0;       // The how-many-th of them this one was; 0 = not known.
  std::int64_t independent_trials = 0;  // Ideas behind them: groups of alike books; 0 = not known.
  std::optional<evaluate::Honesty> honesty = {};  // What searching cost by now; nullopt = not known.
  std::optional<evaluate::Kinship> kinship = {};  // With the named factors of the lake; nullopt = not looked at.
  std::int64_t rows_set_aside = 0;
  std::int64_t rows_flagged = 0;
  int delisted_names = 0;  // Of the universe; and how many had a delisting return.
  int names = 0;
  std::string benchmark;      // Its symbol; "" = none was drawn.
  std::string benchmark_gap;  // Why one that is there was not drawn; "" = it was
  int benchmarks = 0;         // Indices the lake has: several and no name is a choice left open.
  std::vector<std::pair<std::string, std::string>> options;  // Shown under lineage.
  std::vector<std::string> warnings;
  std::vector<LineageNode> lineage;
  std::string examples_on;  // The date of the examples: the last with names enough to count.
  std::vector<std::pair<std::string, std::string>> examples_top;  // symbol, value text, highest first
  std::vector<std::pair<std::string, std::string>> examples_bottom;
};

// The whole file. Every printed number carries data-why="<path>" with the paths of numbers.h. Under 1 MB for ten years.
std::string render_factor_html(const evaluate::TearSheet& sheet, const FactorPage& page);
// The same numbers on paper: a PDF file, A4.
std::string render_factor_pdf(const evaluate::TearSheet& sheet, const FactorPage& page);

}  // namespace lode::report
