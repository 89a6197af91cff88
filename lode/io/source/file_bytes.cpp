// Files of the user.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/file_bytes.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <span>

#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/io/source/parts/zip.h"

namespace lode::source {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kTextSuffixes = {".csv", ".txt", ".tsv"};  // Each also .gz.
constexpr std::array<std::string_view, 5> kTypedSuffixes = {".parquet", ".arrow", ".arrows", ".feather", ".ipc"};
constexpr std::int64_t kMostZipBytes = std::int64_t{2} << 30;  // Unpacked, of one archive.
constexpr std::size_t kInflateStep = std::size_t{1} << 20;

bool ends_with_any(std::string_view name, std::span<const std::string_view> suffixes) {
  return std::ranges::any_of(suffixes, [&](std::string_view suffix) { return name.ends_with(suffix); });
}

bool is_data_name(const fs::path& path) {
  const std::string name = lower(path.filename().string());
  if (name.empty() || name.front() == '.' || name.starts_with("readme") || name.starts_with("license")) {
    return false;
  }
  const std::string_view plain = std::string_view(name).substr(0, name.size() - (name.ends_with(".gz") ? 3 : 0));
  return name.ends_with(".zip") || ends_with_any(name, kTypedSuffixes) || ends_with_any(plain, kTextSuffixes);
}

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
  const std::size_t before = found.size();
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
    if (at->is_regular_file(code) && is_data_name(at->path())) {
      found.insert(at->path().string());
    } else if (others.size() < 3) {
      others.push_back(what.empty() ? name : fmt::format("{}: {}", name, what));
    }
  }
  if (code) {
    return fail(E::E8009, fmt::format("the folder {} cannot be read: {}", folder.string(), code.message()),
                "check its permissions");
  }
  return found.size() == before ? Result<void>(no_data(folder, others)) : Result<void>();
}

bool is_gzip(std::string_view bytes) { return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b'; }

// The last four bytes of a gzip member hold its unpacked size modulo 2^32: a good first guess for the buffer.
std::size_t unpacked_guess(std::string_view packed) {
  if (packed.size() < 18) {
    return 0;
  }
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    size |= static_cast<std::size_t>(static_cast<unsigned char>(packed[packed.size() - 4 + i])) << (8 * i);
  }
  return std::min(size, packed.size() * 64);
}

Failure damaged(const std::string& path, std::size_t offset, std::string_view what) {
  return fail(E::E2021, fmt::format("{} is damaged: gzip {} at byte {}", path, what, offset),
              "fetch or unpack the file again; nothing of it was stored");
}

Failure too_much(const std::string& path) {
  return fail(E::E2023, fmt::format("{} unpacks to more than fits into memory", path),
              "take it in pieces, or on a machine with more memory");
}

Result<std::string> inflate_all(std::string_view packed, const std::string& path, const HoldBytes& hold,
                                std::int64_t limit_bytes) {
  const auto may_hold = [&](std::size_t bytes) { return !hold || hold(static_cast<std::int64_t>(bytes)); };
  std::size_t first = std::max(unpacked_guess(packed) + 64, kInflateStep);
  if (!may_hold(first)) {
    first = kInflateStep;  // The guess may be wrong.
    if (!may_hold(first)) {
      return too_much(path);
    }
  }
  z_stream stream = {};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) {
    return fail(E::E9001, "zlib could not be started");
  }
  std::string out;
  out.resize(first);
  std::size_t used = 0;
  std::size_t read = 0;
  int state = Z_OK;
  while (state != Z_BUF_ERROR && (read < packed.size() || state == Z_OK)) {
    const std::size_t in_step = std::min(packed.size() - read, std::size_t{1} << 30);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + read));
    stream.avail_in = static_cast<uInt>(in_step);
    const std::size_t out_step = std::min(out.size() - used, std::size_t{1} << 30);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    stream.avail_out = static_cast<uInt>(out_step);
    state = inflate(&stream, Z_NO_FLUSH);
    read += in_step - stream.avail_in;
    used += out_step - stream.avail_out;
    if (state == Z_STREAM_END && read < packed.size()) {
      if (!is_gzip(packed.substr(read))) {
        break;  // Padding behind the last member.
      }
      inflateReset(&stream);  // The next member of the same file.
      state = Z_OK;
    } else if (state == Z_STREAM_END) {
      break;
    } else if (state == Z_OK && used == out.size()) {
      if (static_cast<std::int64_t>(used) > limit_bytes) {
        break;
      }
      const std::size_t more = std::max(kInflateStep, out.size() / 2);
      if (!may_hold(more)) {
        inflateEnd(&stream);
        return too_much(path);
      }
      out.resize(out.size() + more);
    } else if (state != Z_OK) {
      inflateEnd(&stream);
      return damaged(path, read, read >= packed.size() ? "ends early" : "does not unpack");
    }
  }
  inflateEnd(&stream);
  if (state == Z_BUF_ERROR) {
    return damaged(path, read, "ends early");
  }
  if (static_cast<std::int64_t>(used) > limit_bytes) {
    return fail(E::E2021, fmt::format("{} unpacks to more than {} bytes", path, grouped(limit_bytes)),
                "a file this large is taken unpacked and in pieces");
  }
  out.resize(used);
  return out;
}

// A name that a table of text may have inside an archive; what a Mac writes beside it is none.
bool is_text_inside(const ZipFile& file) {
  return !file.name.starts_with("__MACOSX/") && is_data_name(fs::path(file.name)) &&
         ends_with_any(lower(file.name), kTextSuffixes);
}

// The one table of text in a zip archive.
Result<std::string> unzip_table(std::string_view packed, const std::string& path, const HoldBytes& hold,
                                std::int64_t limit_bytes) {
  auto files = read_zip(packed, static_cast<std::size_t>(std::min(limit_bytes, kMostZipBytes)));
  if (!files) {
    return fail(E::E2021, fmt::format("{} is damaged: {}", path, files.error().message()),
                "fetch or unpack the file again; nothing of it was stored");
  }
  const auto count = std::ranges::count_if(*files, is_text_inside);
  if (count != 1) {
    return fail(
        E::E2014,
        fmt::format("{} holds {}, expected one .csv, .txt or .tsv", path,
                    count == 0 ? "no table of text" : fmt::format("{} tables", count)),
        fmt::format("unpack it into a folder and take that: unzip {0} -d {1}", path, fs::path(path).stem().string()));
  }
  std::string& bytes = std::ranges::find_if(*files, is_text_inside)->bytes;
  if (hold && !hold(static_cast<std::int64_t>(bytes.size()))) {
    return too_much(path);
  }
  return std::move(bytes);
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
    LODE_TRY(out.bytes, inflate_all(bytes, path, hold, limit_bytes));
  } else if (lower(path).ends_with(".zip") && bytes.starts_with("PK")) {
    LODE_TRY(out.bytes, unzip_table(bytes, path, hold, limit_bytes));
  } else {
    out.bytes = std::move(bytes);
  }
  return out;
}

bool is_parquet(const std::string& path) { return lower(path).ends_with(".parquet"); }

}  // namespace lode::source
