// Draws a scene as HTML: the box is an SVG that stretches with the page (preserveAspectRatio none, strokes that do not
// scale), everything with letters or a fixed shape is HTML placed over it in percent. So text keeps its size at every
// width, without a script. Each mark names its table columns, which is how hover and the tests find its data.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/core/report/scene/scene.h"

namespace lode::report {

// A <figure> with title, subtitle, drawing (role img, labelled by `aria`), and its table in <details>.
//   .plots[data-x="kind low high"]  one a chart; the scale of x ("date" in front for dates)
//   .box[data-y="kind low high"]    one a panel, its svg viewBox "0 0 W H"
//   [data-mark="kind x y low high"] one a mark: column indices of the chart's table
//   [data-clipped="value"]          one a value that lies outside the box, drawn at its edge with its number
std::string to_html(const Chart& chart);

}  // namespace lode::report
