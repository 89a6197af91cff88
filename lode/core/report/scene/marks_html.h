// The marks of one panel as HTML and SVG; used by the HTML writer only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/core/report/scene/marks.h"

namespace lode::report {

// One panel on its way to HTML.
struct Drawing : PanelBox {
  using PanelBox::PanelBox;
  std::string svg;   // Inside the stretched <svg>.
  std::string over;  // HTML over it.
};

// Appends the mark to the drawing.
void draw_mark(Drawing& drawing, const Mark& mark);

std::string percent(double place);        // 0.5 -> "50.00"; places outside the box are moved to its edge.
std::string at(double left, double top);  // "left:..%;top:..%"
std::string css(Role role);               // "c-up"

}  // namespace lode::report
