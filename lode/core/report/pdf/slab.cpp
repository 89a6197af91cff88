// Slabs and pages.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/pdf/slab.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace lode::report {
namespace {

Stroke frame_stroke() { return {colour_named("grid"), 0.6, Dash::kSolid}; }

}  // namespace

void operator+=(Slabs& slabs, Slabs more) {
  slabs.insert(slabs.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

Slab merged(Slabs slabs) {
  Slab out;
  for (std::size_t i = 0; i < slabs.size(); ++i) {
    out.height += slabs[i].height + (i == 0 ? 0.0 : slabs[i].gap);
    out.section = std::max(out.section, slabs[i].section);
  }
  out.gap = slabs.empty() ? 0.0 : slabs.front().gap;
  out.draw = [parts = std::move(slabs)](Canvas& canvas, double x, double y) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      y += i == 0 ? 0.0 : parts[i].gap;
      if (parts[i].draw) {
        parts[i].draw(canvas, x, y);
      }
      y += parts[i].height;
    }
  };
  return out;
}

Slab inset(Slab slab, double by) {
  if (slab.draw) {
    slab.draw = [inner = std::move(slab.draw), by](Canvas& canvas, double x, double y) { inner(canvas, x + by, y); };
  }
  if (slab.again) {
    slab.again = std::make_shared<const Slab>(inset(*slab.again, by));
  }
  return slab;
}

void draw_frame(Canvas& canvas, double x, double y, double width, double height) {
  canvas.frame(x, y, width, height, frame_stroke());
}

Slabs framed(Slabs slabs, double width, double pad) {
  Slabs out;
  const auto sides = [width](Slab slab) {
    slab.height += slab.gap;
    slab.draw = [inner = std::move(slab.draw), width, height = slab.height, gap = slab.gap](Canvas& canvas, double x,
                                                                                            double y) {
      canvas.line({x, y}, {x, y + height}, frame_stroke());
      canvas.line({x + width, y}, {x + width, y + height}, frame_stroke());
      if (inner) {
        inner(canvas, x, y + gap);
      }
    };
    slab.gap = 0.0;
    return slab;
  };
  const double gap = slabs.empty() ? 0.0 : std::exchange(slabs.front().gap, 0.0);
  Slab lid{pad, [width](Canvas& canvas, double x, double y) { canvas.line({x, y}, {x + width, y}, frame_stroke()); }};
  lid.keeps = true;
  out.push_back(sides(std::move(lid)));
  out.front().gap = gap;
  for (Slab& slab : slabs) {
    Slab inner = inset(std::move(slab), pad);
    const std::shared_ptr<const Slab> again = inner.again;
    out.push_back(sides(std::move(inner)));
    if (again) {
      out.back().again = std::make_shared<const Slab>(sides(*again));
    }
  }
  out.back().keeps = true;
  Slab floor{pad, [width, pad](Canvas& canvas, double x, double y) {
               canvas.line({x, y + pad}, {x + width, y + pad}, frame_stroke());
             }};
  out.push_back(sides(std::move(floor)));
  return out;
}

std::vector<Placed> placed(const Slabs& slabs, const Paper& paper) {
  std::vector<Placed> out;
  const double end = paper.top + paper.body_height();
  int page = 0;
  double y = paper.top;
  bool is_first = true;  // Of its page.
  for (std::size_t i = 0; i < slabs.size();) {
    // Those that must stand together.
    std::size_t last = i;
    double height = slabs[i].height;
    while (slabs[last].keeps && last + 1 < slabs.size()) {
      ++last;
      height += slabs[last].gap + slabs[last].height;
    }
    if (!is_first && y + slabs[i].gap + height > end + 1e-6) {
      ++page;
      y = paper.top;
      is_first = true;
    }
    for (; i <= last; ++i) {
      const bool repeats = is_first && slabs[i].again != nullptr;
      y += is_first ? 0.0 : slabs[i].gap;
      y += repeats ? slabs[i].again->height : 0.0;
      out.push_back({i, page, y, repeats});
      y += slabs[i].height;
      is_first = false;
    }
  }
  return out;
}

}  // namespace lode::report
