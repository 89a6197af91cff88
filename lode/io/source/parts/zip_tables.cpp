// Tables inside a zip archive.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/parts/zip_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "lode/base/hash.h"
#include "lode/base/printable.h"
#include "lode/base/text.h"
#include "lode/io/source/import_settings.h"
#include "lode/io/source/parts/data_name.h"

namespace lode::source {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMostOfOne = std::int64_t{2} << 30;
constexpr std::uint64_t kMostOfSettings = std::uint64_t{1} << 20;
constexpr ZipLimits kLimitsOfFolder = {
    .most_bytes = std::uint64_t{8} << 30, .most_of_one = kMostOfOne, .most_files = 100'000};

Failure damaged(const std::string& path, const Error& why) {
  return fail(E::E2021, fmt::format("{} is damaged: {}", path, why.message()),
              "fetch or unpack the file again; nothing of it was stored");
}

// An archive on disk, read where it is asked for.
class ZipOnDisk : public ZipBytes {
 public:
  explicit ZipOnDisk(const std::string& path) : in_(path, std::ios::binary | std::ios::ate) {
    size_ = in_ ? static_cast<std::uint64_t>(in_.tellg()) : 0;
  }
  std::uint64_t size() const override { return size_; }
  Result<std::string_view> read(std::uint64_t at, std::uint64_t count, std::string& room) const override {
    room.resize(count);
    in_.clear();
    in_.seekg(static_cast<std::streamoff>(at));
    in_.read(room.data(), static_cast<std::streamsize>(count));
    if (!in_) {
      return fail(E::E8009, "it cannot be read to its end", "check the disk, then try again");
    }
    return room;
  }

 private:
  mutable std::ifstream in_;
  std::uint64_t size_ = 0;
};

// What a name of an archive comes to inside its folder, its bytes as they are.
std::string name_within(std::string_view name) {
  std::string plain(name);
  std::ranges::replace(plain, '\\', '/');
  std::vector<std::string> parts;
  for (const std::string_view part : split(plain, '/')) {
    const bool is_drive = part.size() == 2 && part[1] == ':' && parts.empty();
    if (!part.empty() && part != "." && part != ".." && !is_drive) {
      parts.emplace_back(part);
    }
  }
  return join(parts, "/");
}

// Names as they are shown. Names of other encodings, and of control characters, print alike where they differ: a number
// keeps them apart, of folders too, so that what is one file inside the archive is one outside. Names that print as
// they are keep themselves. Nothing is held but the names of one folder and of those above it.
class Labels {
 public:
  // `names` are sorted by their bytes; each of `labels` is written once.
  Labels(std::span<const std::string> names, std::span<std::string> labels) : names_(names), labels_(labels) {
    name_folder(0, names.size(), 0, "");
  }

 private:
  std::string_view part_of(std::size_t name, std::size_t at) const {
    const std::string_view rest = std::string_view(names_[name]).substr(at);
    return rest.substr(0, rest.find('/'));
  }
  // Names [begin, end), whose first `at` bytes are a folder's that is shown as `folder`.
  void name_folder(std::size_t begin, std::size_t end, std::size_t at, const std::string& folder) {
    std::map<std::string_view, std::string> shown;
    for (std::size_t i = begin; i < end; ++i) {
      shown.try_emplace(part_of(i, at));
    }
    tell_apart(shown);
    for (std::size_t i = begin; i < end;) {
      const std::string_view part = part_of(i, at);
      const std::size_t below = at + part.size() + 1;
      const std::string label = folder + shown[part];
      if (names_[i].size() < below) {
        labels_[i++] = label;
        continue;
      }
      const std::size_t first = i;
      while (i < end && names_[i].size() >= below && part_of(i, at) == part) {
        ++i;
      }
      name_folder(first, i, below, label + "/");
    }
  }
  static void tell_apart(std::map<std::string_view, std::string>& shown) {
    std::map<std::string, int> last;  // The number given last: 100,000 names may print alike.
    std::set<std::string> used;
    for (const bool is_changed : {false, true}) {
      for (auto& [part, label] : shown) {
        const std::string text = printable(part);
        if ((text != part) != is_changed) {
          continue;
        }
        const std::size_t dot = std::min(text.find('.'), text.size());
        label = text;
        for (int& number = last.try_emplace(text, 1).first->second; !used.insert(label).second;) {
          label = fmt::format("{} ({}){}", text.substr(0, dot), ++number, text.substr(dot));
        }
      }
    }
  }

  std::span<const std::string> names_;
  std::span<std::string> labels_;
};

// What a Mac writes beside a file is none.
bool is_data_inside(std::string_view name) { return !name.starts_with("__MACOSX/") && is_data_name(name); }

bool is_text_inside(const ZipEntry& entry) {
  const std::string name = name_within(entry.name);
  return is_data_inside(name) && is_text_name(name);
}

Result<void> check_open(const std::string& path, const ZipTable& table) {
  const std::string why = closed_by(table.entry);
  if (why.empty()) {
    return {};
  }
  return fail(E::E2014, fmt::format("{} is {}: it is not read", table.path, why),
              fmt::format("unpack it into a folder{2} and take that: 7z x {0} -o{1}", path,
                          fs::path(path).stem().string(), why == "encrypted" ? " with its password" : ""));
}

// Files as of a folder, but for what is read only as a file of the disk.
Result<void> check_readable(const std::string& path, const std::vector<ZipTable>& tables) {
  const std::string hint =
      fmt::format("unpack it into a folder and take that: unzip {0} -d {1}", path, fs::path(path).stem().string());
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const std::string name = lower(tables[i].path);
    if (name.ends_with(".zip")) {
      return fail(E::E2014, fmt::format("{} is an archive inside an archive, which is not opened", tables[i].path),
                  hint);
    }
    if (is_parquet(name)) {
      return fail(E::E2014, fmt::format("{} is Parquet inside an archive, which is not read", tables[i].path), hint);
    }
    LODE_CHECK(check_open(path, tables[i]));
    if (i > 0 && tables[i].path == tables[i - 1].path) {
      return fail(E::E2021,
                  fmt::format("{} stands twice in its archive: nothing says which one counts", tables[i].path), hint);
    }
  }
  return {};
}

// The entries of the archive at `path`, each with its name inside; nothing where it is no archive.
using Inside = std::vector<std::pair<std::string, ZipEntry>>;
Result<std::optional<Inside>> list_inside(const std::string& path) {
  std::error_code code;
  if (!lower(path).ends_with(".zip") || !fs::is_regular_file(path, code)) {
    return std::optional<Inside>();
  }
  const ZipOnDisk archive(path);
  if (!is_zip(archive)) {
    return std::optional<Inside>();
  }
  Result<std::vector<ZipEntry>> entries = list_zip(archive, kLimitsOfFolder);
  if (!entries) {
    return damaged(path, entries.error());
  }
  std::optional<Inside> out(std::in_place);
  for (ZipEntry& entry : *entries) {
    out->emplace_back(name_within(entry.name), std::move(entry));
  }
  return out;
}

// Places of files called import.toml, by their folder: "", "prices/".
using SettingsByFolder = std::map<std::string, std::vector<std::size_t>, std::less<>>;
SettingsByFolder settings_by_folder(const Inside& inside) {
  SettingsByFolder out;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    const std::string_view name = inside[i].first;
    const std::size_t folder = name.rfind('/') + 1;
    if (name.substr(folder) == kImportSettingsName) {
      out[std::string(name.substr(0, folder))].push_back(i);
    }
  }
  return out;
}

// The nearest of them above a table.
SettingsByFolder::const_iterator nearest(const SettingsByFolder& settings, std::string_view table) {
  for (;;) {
    table = table.substr(0, table.rfind('/') + 1);
    const auto found = settings.find(table);
    if (found != settings.end() || table.empty()) {
      return found;
    }
    table.remove_suffix(1);
  }
}

Result<ZipTable> settings_file(const std::string& path, const std::pair<std::string, ZipEntry>& file, bool is_alone) {
  ZipTable out{path, path + "/" + printable(file.first), file.second};
  if (!is_alone) {
    return fail(E::E2021, fmt::format("{} stands twice in its archive: nothing says which one counts", out.path),
                "pack the archive again with one of them");
  }
  LODE_CHECK(check_open(path, out));
  if (out.entry.unpacked > kMostOfSettings) {
    return fail(E::E5003, fmt::format("{} has {} bytes, expected a few lines", out.path, out.entry.unpacked),
                "mend it, or leave it out of the archive");
  }
  return out;
}

}  // namespace

Result<std::string> unzip_one_table(std::string_view packed, const std::string& path, const HoldBytes& hold,
                                    std::int64_t limit_bytes) {
  const HeldZip archive(packed);
  const auto most = static_cast<std::uint64_t>(std::min(limit_bytes, kMostOfOne));
  const Result<std::vector<ZipEntry>> files = list_zip(archive, {.most_bytes = most, .most_of_one = most});
  if (!files) {
    return damaged(path, files.error());
  }
  const auto count = std::ranges::count_if(*files, is_text_inside);
  if (count != 1) {
    return fail(
        E::E2014,
        fmt::format("{} holds {}, expected one .csv, .txt or .tsv", path,
                    count == 0 ? "no table of text" : fmt::format("{} tables", count)),
        fmt::format("unpack it into a folder and take that: unzip {0} -d {1}", path, fs::path(path).stem().string()));
  }
  const ZipEntry& entry = *std::ranges::find_if(*files, is_text_inside);
  LODE_CHECK(check_open(path, {path, path + "/" + printable(name_within(entry.name)), entry}));
  if (hold && !hold(static_cast<std::int64_t>(entry.unpacked))) {
    return too_much_to_unpack(path);
  }
  Result<std::string> bytes = read_entry(archive, entry);
  return bytes ? std::move(bytes) : damaged(path, bytes.error());
}

Result<std::vector<ZipTable>> tables_inside(const std::string& path) {
  LODE_TRY(std::optional<Inside> inside, list_inside(path));
  std::vector<ZipTable> out;
  if (!inside) {
    return out;
  }
  std::erase_if(*inside, [](const auto& one) { return !is_data_inside(one.first); });
  std::ranges::sort(*inside, {}, &std::pair<std::string, ZipEntry>::first);
  std::vector<std::string> names;
  for (auto& [name, entry] : *inside) {
    names.push_back(std::move(name));
    out.push_back({path, "", std::move(entry)});
  }
  std::vector<std::string> labels(names.size());
  Labels(names, labels);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].path = path + "/" + labels[i];
  }
  std::ranges::sort(out, {}, &ZipTable::path);
  LODE_CHECK(check_readable(path, out));
  if (out.size() == 1 && is_text_name(out.front().path)) {
    out.clear();
  }
  return out;
}

Result<ZipSettings> settings_inside(const std::string& path) {
  LODE_TRY(const std::optional<Inside> inside, list_inside(path));
  if (!inside) {
    return ZipSettings();
  }
  const SettingsByFolder settings = settings_by_folder(*inside);
  ZipSettings out{{}, true};
  std::map<std::string, const std::vector<std::size_t>*> counting;
  for (const auto& [name, entry] : *inside) {
    if (!is_data_inside(name)) {
      continue;
    }
    const auto found = settings.empty() ? settings.end() : nearest(settings, name);
    if (found == settings.end()) {
      out.has_all = false;
    } else {
      counting.emplace(found->first, &found->second);
    }
  }
  for (const auto& [folder, places] : counting) {
    LODE_TRY(ZipTable file, settings_file(path, (*inside)[places->front()], places->size() == 1));
    out.files.push_back(std::move(file));
  }
  return out;
}

Result<std::string> raw_table(const ZipTable& table, const HoldBytes& hold) {
  const ZipOnDisk archive(table.archive);
  if (!is_zip(archive)) {
    return fail(E::E8009, fmt::format("{} cannot be read any more", table.archive),
                "try again once nothing writes to it");
  }
  if (hold && !hold(static_cast<std::int64_t>(std::min(table.entry.packed, archive.size())))) {
    return too_much_to_unpack(table.path);
  }
  Result<std::string> bytes = read_entry(archive, table.entry);
  return bytes ? std::move(bytes) : damaged(table.path, bytes.error());
}

Result<FileBytes> read_table(const ZipTable& table, const HoldBytes& hold, std::int64_t limit_bytes) {
  LODE_TRY(std::string bytes, raw_table(table, hold));
  if (bytes.empty()) {
    return fail(E::E2014, fmt::format("{} is empty (0 bytes)", table.path), "leave it out of the archive");
  }
  FileBytes out;
  out.disk_bytes = static_cast<std::int64_t>(bytes.size());
  out.sha256 = sha256_hex(bytes);
  if (is_gzip(bytes)) {
    LODE_TRY(out.bytes, unpack_gzip(bytes, table.path, hold, limit_bytes));
  } else {
    out.bytes = std::move(bytes);
  }
  return out;
}

}  // namespace lode::source
