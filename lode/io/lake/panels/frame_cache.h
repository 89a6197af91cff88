// The frame beside its cached panels, so that a mapped panel needs no query at all.
//
//   magic "LODEFRM1", then rows, columns (uint64), sessions (int32 each), closes (int64 each), and for each column id
//   (uint64), first, last, delisted_on (int32; kNoDay = none), delisting_return (double), flags (uint8), symbol and mic
//   (uint16 length, bytes); last the xxh3 of everything before.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lode/io/lake/panels/frame.h"

namespace lode::lake {

struct CachedFrame {
  std::shared_ptr<const Axis> axis;
  std::vector<InstrumentFacts> facts;
};

// nullopt when absent or damaged (then the file is removed).
std::optional<CachedFrame> load_frame(const std::string& path);

// Best effort, as store_panel.
void store_frame(const std::string& path, const Axis& axis, const std::vector<InstrumentFacts>& facts);

// Removes all but the `count` newest caches (frame and panels of one state of the lake each) under `folder`: a lake
// that grows daily would otherwise keep the cells of every day. Best effort.
void keep_newest_frames(const std::string& folder, std::size_t count);

}  // namespace lode::lake
