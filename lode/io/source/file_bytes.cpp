// Files of the user.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/file_bytes.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/io/source/parts/data_name.h"
#include "lode/io/source/parts/zip_tables.h"

namespace lode::source {

namespace {

namespace fs = std::filesystem;

// What stands at `path` where it is neither a file nor a folder, behind links too; "" else, and where nothing is.
std::string oddity_of(const fs::path& path) {
  std::error_code code;
  switch (fs::status(path, code).type()) {
    case fs::file_type::regular:
    case fs::file_type::directory:
      return "";
    case fs::file_type::fifo:
      return "a pipe";
    case fs::file_type::socket:
      return "a socket";
    case fs::file_type::block:
    case fs::file_type::character:
      return "a device";
    default:
      break;
  }
  if (code == std::errc::too_many_symbolic_link_levels) {
    return "a link that leads back to itself";
  }
  const fs::path target = fs::read_symlink(path, code);
  return code ? "" : fmt::format("a link to {}, which is not there", target.string());
}

Failure missing(const fs::path& path) {
  if (const std::string odd = oddity_of(path); !odd.empty()) {
    return fail(E::E8, fmt::format("{} is {}", path.string(), odd), "mend the link, or name the file itself");
  }
  std::vector<std::string> names;
  std::error_code code;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  const std::string hint = did_you_mean(path.filename().string(), names);
  return fail(E::E8, fmt::format("no file or folder {}", path.string()),
              hint.empty() ? "check the spelling and the folder you are in" : hint);
}

Failure not_a_file(const std::string& path, const std::string& odd) {
  return fail(E::E8009, fmt::format("{} is {}, expected a file or a folder", path, odd),
              "write what it gives to a file and take that: the bytes are kept and must stand still");
}

Failure no_data(const fs::path& folder, const std::vector<std::string>& others) {
  return fail(E::E2014,
              others.empty() ? fmt::format("the folder {} is empty", folder.string())
                             : fmt::format("no data file in {} (found {})", folder.string(), join(others, ", ")),
              "expected .csv, .txt, .tsv (each also .gz or .zip), .parquet, .arrow or .feather files");
}

Result<void> walk(const fs::path& folder, std::set<std::string>& found, std::map<std::string, std::string>& odd) {
  std::error_code code;
  std::vector<std::string> others;
  bool has_data = false;  // Listed before or not.
  fs::recursive_directory_iterator at(folder, fs::directory_options::follow_directory_symlink, code);
  std::set<fs::path> walked = {fs::canonical(folder, code)};  // Links may lead back to a folder above.
  for (const fs::recursive_directory_iterator end; !code && at != end; at.increment(code)) {
    if (at->is_directory(code) && !walked.insert(fs::canonical(at->path(), code)).second) {
      at.disable_recursion_pending();
    }
    const std::string name = at->path().filename().string();
    const std::string what = name.starts_with('.') ? "" : oddity_of(at->path());
    if (!what.empty()) {
      odd.emplace(at->path().string(), what);
    }
    if (at->is_regular_file(code) && is_data_name(at->path().string())) {
      found.insert(at->path().string());
      has_data = true;
    } else if (others.size() < 3) {
      others.push_back(what.empty() ? name : fmt::format("{}: {}", name, what));
    }
  }
  if (code) {
    return fail(E::E8009, fmt::format("the folder {} cannot be read: {}", folder.string(), code.message()),
                "check its permissions");
  }
  return has_data ? Result<void>() : Result<void>(no_data(folder, others));
}

Result<std::string> read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) {
    return fail(E::E8009, fmt::format("{} cannot be read", path), "check its permissions");
  }
  std::string bytes(static_cast<std::size_t>(in.tellg()), '\0');
  in.seekg(0);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!in) {
    return fail(E::E8009, fmt::format("{} cannot be read to its end", path), "check the disk, then try again");
  }
  return bytes;
}

}  // namespace

Result<DataFiles> data_files(const std::vector<std::string>& paths) {
  std::set<std::string> found;
  std::map<std::string, std::string> odd;
  for (const std::string& path : paths) {
    std::error_code code;
    if (!fs::exists(path, code)) {
      return missing(path);
    }
    if (fs::is_directory(path, code)) {
      LODE_CHECK(walk(path, found, odd));
    } else if (!fs::is_regular_file(path, code)) {
      return not_a_file(path, oddity_of(path));
    } else {
      found.insert(fs::path(path).lexically_normal().string());
    }
  }
  return DataFiles{{found.begin(), found.end()}, {odd.begin(), odd.end()}};
}

Result<FileBytes> read_data_file(const std::string& path, const HoldBytes& hold, std::int64_t limit_bytes) {
  std::error_code code;
  if (!fs::exists(path, code)) {
    return missing(path);
  }
  if (const std::string odd = oddity_of(path); !odd.empty()) {
    return not_a_file(path, odd);
  }
  if (fs::is_directory(path, code)) {
    return fail(E::E8009, fmt::format("{} is a folder, expected a file", path), "name one file of it");
  }
  FileBytes out;
  LODE_TRY(std::string bytes, read_whole(path));
  out.disk_bytes = static_cast<std::int64_t>(bytes.size());
  out.sha256 = sha256_hex(bytes);
  if (bytes.empty()) {
    return fail(E::E2014, fmt::format("{} is empty (0 bytes)", path), "fetch the file again, or leave it out");
  }
  if (is_gzip(bytes)) {
    LODE_TRY(out.bytes, unpack_gzip(bytes, path, hold, limit_bytes));
  } else if (lower(path).ends_with(".zip") && is_zip(HeldZip(bytes))) {
    LODE_TRY(out.bytes, unzip_one_table(bytes, path, hold, limit_bytes));
  } else {
    out.bytes = std::move(bytes);
  }
  return out;
}

bool is_parquet(const std::string& path) { return lower(path).ends_with(".parquet"); }

}  // namespace lode::source
