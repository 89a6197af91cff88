// A world for tests of imports: files are written, imported into a fresh lake, and read back. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/flow/steps/ingest/ingest.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {

inline constexpr std::string_view kBarsHeader = "date,symbol,open,high,low,close,volume\n";

class IngestWorld {
 public:
  // The path of a new file data/<name>.
  std::string write(const std::string& name, std::string_view bytes) const {
    const std::filesystem::path path = std::filesystem::path(test.folder) / "data" / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    return path.string();
  }
  std::string data() const { return test.folder + "/data"; }
  std::string lake_folder() const { return test.folder + "/lake"; }

  Result<IngestReport> run(std::vector<std::string> paths, std::string table = "bars", std::string mic = "XNYS") {
    IngestRequest request;
    request.paths = std::move(paths);
    request.table = std::move(table);
    request.mic = std::move(mic);
    return run(request);
  }
  Result<IngestReport> run(const IngestRequest& request) {
    World world = test.world();
    world.progress = progress;
    return ingest(world, request);
  }
  // The number the import failed with; 0 when it did not.
  std::uint16_t failure(std::vector<std::string> paths, std::string table = "bars", std::string mic = "XNYS") {
    const Result<IngestReport> report = run(std::move(paths), std::move(table), std::move(mic));
    return report ? std::uint16_t{0} : static_cast<std::uint16_t>(report.error().number());
  }

  Batch read(std::string_view table, const lake::Query& query = {}) {
    const auto lake = must(lake::Lake::open(lake_folder(), lake::Access::kRead, test.clock, test.pool));
    return must(must(lake->snapshot()).read(table, query));
  }
  // Cells of a table's current view: one text a row, columns joined by blanks.
  std::vector<std::string> rows(std::string_view table, const std::vector<std::string>& columns,
                                std::string where = {}) {
    lake::Query query;
    query.columns = columns;
    query.where = std::move(where);
    const Batch batch = read(table, query);
    std::vector<std::string> out;
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      std::string text;
      for (const std::string& column : columns) {
        text += (text.empty() ? "" : " ") + batch.column(column).cell(row);
      }
      out.push_back(text);
    }
    return out;
  }

  TestWorld test;
  Progress progress;
};

}  // namespace lode::flow
