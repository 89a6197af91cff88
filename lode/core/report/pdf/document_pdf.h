// Writes a document as a PDF 1.7 file for paper: light colours, contents with links, an outline, tables that repeat
// their heads, pages counted in the footer. Pure: no clock, no font of the machine; the same document gives the same
// bytes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/core/report/document/document.h"
#include "lode/core/report/pdf/slab.h"

namespace lode::report {

std::string to_pdf(const Document& document, const Paper& paper = kA4);

}  // namespace lode::report
