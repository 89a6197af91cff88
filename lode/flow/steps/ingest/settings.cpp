// Finding every import.toml of an import.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "lode/base/error.h"
#include "lode/base/printable.h"
#include "lode/base/text.h"
#include "lode/flow/steps/store/files.h"
#include "lode/io/source/file_bytes.h"
#include "lode/io/source/parts/zip_tables.h"
#include "lode/market/instrument.h"

namespace lode::flow {

namespace {

using source::ImportSettings;

// An import.toml, or that there is none.
struct Told {
  std::string path;  // Of it; "" = there is none.
  std::string file;  // The first that it counts for.
  ImportSettings settings;
};

// Each import.toml once, in the order of the files.
class Gathered {
 public:
  explicit Gathered(const std::vector<std::string>& paths) {
    std::error_code code;
    std::ranges::copy_if(paths, std::back_inserter(folders_),
                         [&](const std::string& path) { return std::filesystem::is_directory(path, code); });
  }

  Result<void> add(const std::string& file) {
    LODE_TRY(const source::ZipSettings inside, source::settings_inside(file));
    for (const source::ZipTable& one : inside.files) {
      LODE_TRY(const std::string text, source::raw_table(one));
      LODE_CHECK(keep(one.path, file, text));
    }
    return inside.has_all ? Result<void>() : add_around(file);
  }
  const std::vector<Told>& told() const { return told_; }

 private:
  Result<void> add_around(const std::string& file) {
    const std::string folder = std::filesystem::path(file).parent_path().string();
    if (!walked_.emplace(folder).second) {
      return {};
    }
    const std::string path = source::find_import_settings(file, folders_);
    if (std::ranges::find(told_, path, &Told::path) != told_.end()) {
      return {};
    }
    if (path.empty()) {
      told_.push_back({"", file, {}});
      return {};
    }
    LODE_TRY(const std::string text, read_file(path));
    return keep(path, file, text);
  }
  Result<void> keep(const std::string& path, const std::string& file, const std::string& text) {
    LODE_TRY(ImportSettings settings, source::parse_import_settings(text, path));
    told_.push_back({path, file, std::move(settings)});
    return {};
  }

  std::vector<std::string> folders_;
  std::set<std::string> walked_;
  std::vector<Told> told_;
};

// What counts, key by key as import.toml has it.
std::map<std::string, std::string> counting(const IngestRequest& request, const ImportSettings& settings) {
  const auto either = [](const std::string& asked, const std::string& told, std::string_view standard) {
    return !asked.empty() ? asked : !told.empty() ? told : std::string(standard);
  };
  std::string map;
  for (const auto& [ours, theirs] : request.map.empty() ? settings.map : request.map) {
    map += fmt::format("{}{}={}", map.empty() ? "" : ",", ours, theirs);
  }
  return {{"mic", either(request.mic, settings.mic, kNoMic)},
          {"table", either(request.table, settings.table, "bars")},
          {"kind", either(request.kind, settings.kind, "")},
          {"adjusted", request.adjusted || settings.adjusted ? "true" : "false"},
          {"date_format", either(request.date_format, settings.date_format, "")},
          {"map", map}};
}

Failure differ(const Told& a, const Told& b, const std::string& key, const std::string& of_a, const std::string& of_b) {
  const auto says = [&](const Told& one, const std::string& value) {
    const std::string what = value.empty() ? "no " + key : fmt::format("{} {}", key, quote(value));
    return one.path.empty() ? fmt::format("{} has no import.toml ({})", printable(one.file), what)
                            : fmt::format("{} says {}", printable(one.path), what);
  };
  std::string option = key;
  std::ranges::replace(option, '_', '-');
  return fail(E::E5003, fmt::format("one import is of one kind: {}, and {}", says(a, of_a), says(b, of_b)),
              fmt::format("import them one after the other, or say it for all by --{}", option));
}

}  // namespace

Result<ImportSettings> settings_of(const IngestRequest& request) {
  LODE_TRY(const source::DataFiles found, source::data_files(request.paths));
  Gathered gathered(request.paths);
  for (const std::string& file : found.files) {
    LODE_CHECK(gathered.add(file));
  }
  const std::vector<Told>& told = gathered.told();
  if (told.empty()) {
    return ImportSettings();
  }
  const auto first = counting(request, told.front().settings);
  for (const Told& other : told) {
    for (const auto& [key, value] : counting(request, other.settings)) {
      if (value != first.at(key)) {
        return differ(told.front(), other, key, first.at(key), value);
      }
    }
  }
  return told.front().settings;
}

}  // namespace lode::flow
