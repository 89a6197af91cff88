// The part of a sheet a page is drawn from: the span of the dates that count. Data may reach decades past the dates
// with names enough; drawn whole, the axes would be mostly empty and the last row a handful of names.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/core/evaluate/tear_sheet.h"

namespace lode::report {

struct CountingPart {
  // The sheet with its sessions and series cut to the span, its years to those with a date that counts. Statistics stay
  // those of the whole. All of the sheet when no date counts.
  evaluate::TearSheet sheet;
  // "7 532 of 9 540 sessions lie outside and are not drawn: 7 520 with fewer than 20 names, ..."; empty when none does.
  std::string outside;
};

// From the first date with a rank IC at the headline horizon to the last one, and on for as long as the book of that
// date is held: what it earns belongs to the sheet's numbers.
CountingPart counting_part(const evaluate::TearSheet& whole);

}  // namespace lode::report
