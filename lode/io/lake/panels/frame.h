// The frame of a lake's daily bars: which instruments and sessions there are, and what is known of each instrument.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lode/base/result.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/market/panel.h"

namespace lode::lake {

// One column of the frame.
struct InstrumentFacts {
  std::string symbol;  // Newest spelling
  std::string mic;
  bool is_index = false;  // Benchmarks stand in bars but in no universe.
  bool adjusted_by_source = false;
  Date first;  // First and last daily bar
  Date last;
  std::optional<Date> delisted_on;
  double delisting_return = std::numeric_limits<double>::quiet_NaN();  // NaN unknown
};

struct Frame {
  std::shared_ptr<const Axis> axis;    // Every instrument with a daily bar, every session between the first and last
  std::vector<InstrumentFacts> facts;  // One a column
  std::string key;                     // Names this frame's cells: hash of the parts and of the as_of that made it
  std::string early;                   // SQL condition of the as_of, "" = everything known
  std::vector<StoredPart> parts;       // Of bars
  // Raw fields that were read from the parts along with the frame, f64 on `axis`: read_cube takes them from here.
  std::map<std::string, Panel> cells = {};
};

// E2101 when the lake has no daily bar (known by as_of). Who an instrument is (exchange, first symbol, kind) is its
// identity and shown at any as_of; what happened to it (a new symbol, a delisting) only once it was known.
//
// `fields` are columns of bars the caller will ask read_cube for next. A frame that is not cached takes a scan of every
// daily bar; the cells of these fields are then placed by the same scan where the axis can be guessed before it: from
// the instruments described, the calendars, and the dates of the parts. A wrong guess costs a second scan, nothing
// else.
Result<Frame> read_frame(const Snapshot& snapshot, std::optional<Time> as_of,
                         const std::vector<std::string>& fields = {});

}  // namespace lode::lake
