// The report of a comparison: several factors judged on the same data, side by side, as a page and on paper. Pure: the
// same input gives the same bytes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lode/core/evaluate/similarity.h"
#include "lode/core/evaluate/tear_sheet.h"
#include "lode/core/report/document/document.h"
#include "lode/core/report/scene/data_block.h"

namespace lode::report {

struct ComparedFactor {
  std::string name;      // As it was asked for.
  std::string formula;   // Canonical.
  std::string run_hash;  // Of its run: `lode why HASH.PATH` answers for each number.
  const evaluate::TearSheet* sheet = nullptr;
  double q = evaluate::kNoValue;    // After Benjamini-Hochberg over all trials on record.
  double dsr = evaluate::kNoValue;  // Deflated Sharpe ratio: the stricter of both deviations.
};

// Everything of the comparison that is not in the tear sheets. Texts are plain.
struct Comparison {
  std::vector<ComparedFactor> factors;  // At least one; judged on one study by the same options.
  evaluate::Correlations values;        // Of ranks; in the order of the factors.
  evaluate::Correlations books;         // Of what the books earned before costs.
  std::string universe;
  bool synthetic = false;
  std::string convention;  // "next_open"
  std::string commit;      // "lake commit 37"
  std::string as_of;       // "now" or the instant.
  std::string code_version;
  std::string command;                                        // The exact command that rebuilds the report.
  std::int64_t trials = 0;                                    // On this universe, these included; 0 = not recorded.
  std::int64_t independent = 0;                               // Groups of alike ones among them; 0 = not known.
  std::vector<std::pair<std::string, std::string>> left_out;  // Factor, and why it was not judged.
  std::vector<std::string> warnings;
};

std::string render_comparison_html(const Comparison& comparison);
std::string render_comparison_pdf(const Comparison& comparison);

// The document itself; tables and numbers go into `data`.
Document comparison_document(const Comparison& comparison, DataBlock& data);

}  // namespace lode::report
