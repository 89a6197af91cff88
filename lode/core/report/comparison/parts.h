// What the sections of a comparison share: its factors under short names, and their numbers by run and path.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lode/core/report/comparison/comparison.h"
#include "lode/core/report/page/figures.h"
#include "lode/core/report/scene/data_block.h"

namespace lode::report {

// Beyond so many lines in one chart each factor has a chart of its own.
inline constexpr std::size_t kMostLines = 5;

struct ComparisonContext {
  const Comparison& comparison;
  const Figures& figures;  // Of all factors, each path with its run before it.
  DataBlock& data;

  std::size_t count() const { return comparison.factors.size(); }
  const evaluate::TearSheet& sheet(std::size_t i) const { return *comparison.factors[i].sheet; }
  std::string key() const;  // "5d": the headline horizon
  // "0be204fbd49a.rank_ic.5d.mean"
  std::string path(std::size_t i, std::string_view of) const;
  // The name where it is short, else a letter.
  std::string label(std::size_t i) const;
  Block draw(Chart chart);
};

std::string letter(std::size_t i);  // "A"
Role role_of(std::size_t i);        // One of five colours ..
Dash dash_of(std::size_t i);        // .. and a dash beside it.

Section verdicts_section(const ComparisonContext& context);  // 1
Section numbers_section(const ComparisonContext& context);   // 2
Section paths_section(ComparisonContext& context);           // 3
Section ladders_section(ComparisonContext& context);         // 4
Section likeness_section(const ComparisonContext& context);  // 5
Section years_section(const ComparisonContext& context);     // 6
Section luck_section(const ComparisonContext& context);      // 7
Section origins_section(const ComparisonContext& context);   // 8

}  // namespace lode::report
