// Slabs: the parts of a report that paper cannot break, one below the other, and how they fall on pages. They are
// measured first and drawn when it is known on which page each of them stands.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "lode/core/report/pdf/canvas.h"

namespace lode::report {

struct Slab {
  double height = 0.0;
  std::function<void(Canvas& canvas, double x, double y)> draw = {};
  double gap = 0.0;    // Above it, unless it is the first of its page.
  bool keeps = false;  // Stands on the page of the one after it.
  int section = 0;     // Begins this section; 0 = none.
  // Drawn above it when it is the first of its page and not of its table: the table's head again.
  std::shared_ptr<const Slab> again = {};
};
using Slabs = std::vector<Slab>;

void operator+=(Slabs& slabs, Slabs more);

// All of them as one that is not broken.
Slab merged(Slabs slabs);

// Shifted to the right.
Slab inset(Slab slab, double by);

// Between lines at both sides; the first closed above and the last below.
Slabs framed(Slabs slabs, double width, double pad);
void draw_frame(Canvas& canvas, double x, double y, double width, double height);

struct Paper {
  double width;
  double height;
  double side = 34.0;  // Margins: 12 mm left and right.
  double top = 34.0;
  double bottom = 46.0;
  double body_width() const { return width - 2.0 * side; }
  double body_height() const { return height - top - bottom; }
};
inline constexpr Paper kA4{595.28, 841.89};
inline constexpr Paper kLetter{612.0, 792.0};

struct Placed {
  std::size_t slab;
  int page;  // From 0.
  double y;
  bool repeats;  // Its table's head stands above it.
};

// Where each slab stands. A slab higher than a page is put on one of its own.
std::vector<Placed> placed(const Slabs& slabs, const Paper& paper);

}  // namespace lode::report
