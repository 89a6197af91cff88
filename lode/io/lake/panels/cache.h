// Cache files of dense panels: mapped, checked, and thrown away at the least doubt. Never the truth: parts are.
//
//   bytes 0..63     header: magic "LODEPNL1", rows, columns, xxh3 of the cells, bytes of the file's name in the key,
//                   sealed modification time; then xxh3 of the header before it
//   from 4096       rows * columns doubles, row-major, as this CPU stores them
//
// The checksum of the cells is compared when the file's modification time is not the sealed one (it was written to,
// copied or restored); an untouched file costs only its header. `drop_wrong` is true in either case: a file that fails
// is removed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "lode/market/panel.h"

namespace lode::lake {

// The panel stored at `path` for `axis`, mapped; nullopt when absent, of another shape, or damaged.
std::optional<Panel> map_panel(const std::string& path, std::shared_ptr<const Axis> axis);

// Stores `panel` (f64) at `path`. Best effort: a cache that cannot be written is no error.
void store_panel(const std::string& path, const Panel& panel);

}  // namespace lode::lake
