// The blocks of a document as slabs of paper.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/core/report/document/document.h"
#include "lode/core/report/pdf/lines.h"
#include "lode/core/report/pdf/slab.h"

namespace lode::report {

// Sizes of type, in points; the same steps as on the page, made for paper.
namespace type {
inline Type body() { return {}; }
inline Type small() { return {7.5, Face::kSans, colour_of(Role::kMuted)}; }
inline Type title() { return {9.0, Face::kBold, colour_of(Role::kInk)}; }
inline Type table() { return {7.5, Face::kSans, colour_of(Role::kInk)}; }
}  // namespace type

inline constexpr double kPad = 8.0;      // Inside a frame.
inline constexpr double kBetween = 8.0;  // Between frames.

// Blocks below each other. They refer to `blocks`, which outlives them.
Slabs make_slabs(const Blocks& blocks, double width);

Slabs table_slabs(const CellTable& table, double width);
Slabs checklist_slabs(const Checklist& list, double width);
// Title, subtitle, drawing: the inside of a figure.
Slab chart_slab(const Chart& chart, double width);

// Words from `y` down.
Slab words_slab(const Text& text, const Type& type, double width);

}  // namespace lode::report
