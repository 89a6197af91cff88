// Writing and importing the demo's market.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/demo/market.h"

#include <fmt/format.h>

#include <filesystem>

#include "lode/base/error.h"
#include "lode/base/hash.h"
#include "lode/core/synth/files.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {

namespace {

// Different for any two markets: dividends and splits depend on every option and every price.
constexpr std::string_view kActions = "actions.csv";

bool is_synthetic(const lake::CommitInfo& commit) {
  const Value* mark = commit.note.find("synthetic");
  return mark != nullptr && mark->is_bool() && mark->as_bool();
}

// SHA-256 of the imported file of that name; empty when the commit has none.
std::string hash_of(const lake::CommitInfo& commit, std::string_view name) {
  const Value* files = commit.note.find("files");
  if (files != nullptr && files->is_array()) {
    for (const Value& file : files->as_array()) {
      if (file_name(file.find("path")->as_text()) == name) {
        return file.find("sha256")->as_text();
      }
    }
  }
  return {};
}

// A file of these bytes; one that is there keeps its place on disk and its time.
Result<void> keep_file(const std::string& path, const std::string& bytes) {
  std::error_code missing;
  if (std::filesystem::file_size(path, missing) == bytes.size() && !missing) {
    LODE_TRY(const std::string there, read_file(path));
    if (there == bytes) {
      return {};
    }
  }
  return write_file(path, bytes);
}

Result<void> write_files(World& world, const synth::Market& market, const std::string& folder) {
  const std::vector<int> years = synth::years(market);
  for (std::size_t i = 0; i < years.size(); ++i) {
    if (!report_progress(world, "writing files", static_cast<std::int64_t>(i),
                         static_cast<std::int64_t>(years.size()))) {
      return fail(E::E10, "stopped while writing the demo's files", "lode demo begins again where it stopped");
    }
    LODE_CHECK(keep_file(folder + "/bars/" + synth::bars_file_name(years[i]), synth::bars_csv(market, years[i])));
  }
  LODE_CHECK(keep_file(folder + "/instruments.csv", synth::instruments_csv(market)));
  LODE_CHECK(keep_file(fmt::format("{}/{}", folder, kActions), synth::actions_csv(market)));
  LODE_CHECK(keep_file(folder + "/groups.csv", synth::groups_csv(market)));
  return keep_file(folder + "/universe.csv", synth::universe_csv(market));
}

}  // namespace

Result<void> check_demo_lake(const lake::Lake& lake, const synth::Market& market) {
  LODE_TRY(const std::vector<lake::CommitInfo> commits, lake.commits());
  for (const lake::CommitInfo& commit : commits) {
    if (commit.reverted || (commit.flow != "data import" && commit.flow != "data fetch")) {
      continue;
    }
    if (!is_synthetic(commit)) {
      return fail(E::E11,
                  fmt::format("the lake {} holds data of its own (commit {}); the demo would mix a synthetic market "
                              "into it",
                              lake.folder(), commit.id),
                  "give the demo a lake of its own: lode demo --lake demo");
    }
    const std::string actions = hash_of(commit, kActions);
    if (!actions.empty() && actions != sha256_hex(synth::actions_csv(market))) {
      return fail(
          E::E11,
          fmt::format("the lake {} holds the demo of another seed or size (commit {})", lake.folder(), commit.id),
          fmt::format("give each demo a lake of its own: lode demo --seed {} --lake demo{}", market.options.seed,
                      market.options.seed));
    }
  }
  return {};
}

Result<DemoImport> import_demo(World& world, const synth::Market& market) {
  const std::string folder = world.lake + "/demo";
  LODE_CHECK(write_files(world, market, folder));
  DemoImport out;
  for (const auto& [path, table] :
       {std::pair("instruments.csv", "instruments"), std::pair("actions.csv", "actions"),
        std::pair("groups.csv", "groups"), std::pair("universe.csv", "universe"), std::pair("bars", "bars")}) {
    IngestRequest request;
    request.paths = {fmt::format("{}/{}", folder, path)};
    request.table = table;
    request.mic = synth::kMic;
    request.synthetic = true;
    LODE_TRY(const IngestReport report, ingest(world, request));
    out.set_aside += report.set_aside;
    out.repeated = out.repeated && report.repeated;
  }
  return out;
}

}  // namespace lode::flow
