// Faces, read on first need.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/pdf/fonts.h"

namespace lode::report {

const Font& font_of(Face face) {
  static const Font kSans(font_bytes(Face::kSans), "LiberationSans");
  static const Font kBold(font_bytes(Face::kBold), "LiberationSans-Bold");
  static const Font kMono(font_bytes(Face::kMono), "LiberationMono");
  return face == Face::kSans ? kSans : face == Face::kBold ? kBold : kMono;
}

}  // namespace lode::report
