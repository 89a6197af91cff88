// Writes a document as one self-contained HTML file (ux 5.1 of the design), and its parts.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/core/report/document/document.h"
#include "lode/core/report/scene/data_block.h"

namespace lode::report {

std::string to_html(const Text& text);
std::string to_html(const CellTable& table);
std::string to_html(const Blocks& blocks);
std::string to_html(const Section& section);
std::string to_html(const Heading& heading);

// The whole file with its data, style and script. Pure: the same input gives the same bytes.
std::string to_html(const Document& document, const DataBlock& data);

}  // namespace lode::report
