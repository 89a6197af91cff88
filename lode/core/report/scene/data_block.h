// The exact data of a page, embedded once: every chart's table and every number with its definition, as JSON, deflated
// (zlib) and in base64, so that the reader's browser decodes it with its own DecompressionStream.
//
// The JSON:
//   {"charts": {"<id>": [{"n": name, "k": "number"|"date"|"text", "f": style, "p": decimals, "d": 0|1, "v": [...]}]},
//    "numbers": {"<path>": [value, lower, upper, n, unit, definition index, reason]},
//    "definitions": ["..."]}
// A number column holds round(value * 10^p) as integers; with d = 1 each is the difference to the last non-null one.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "lode/base/value.h"
#include "lode/core/evaluate/numbers.h"
#include "lode/core/report/scene/scene.h"

namespace lode::report {

class DataBlock {
 public:
  void add(std::string_view chart_id, const Table& table);
  void add(std::span<const evaluate::Number> numbers);

  std::string json() const;
  // json(), deflated and in base64: what the page carries.
  std::string packed() const;

 private:
  Value charts_ = Value::object();
  Value numbers_ = Value::object();
  Value definitions_ = Value::array();
};

// zlib stream (RFC 1950) of `bytes`: a pure function of them.
std::string deflated(std::string_view bytes);

}  // namespace lode::report
