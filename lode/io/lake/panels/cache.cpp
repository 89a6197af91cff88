// Cache files of dense panels.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "lode/base/hash.h"
#include "lode/io/lake/files.h"

namespace lode::lake {

namespace {

constexpr std::size_t kCellsAt = 4096;  // Page-aligned, so cells are aligned for every vector unit.
constexpr char kMagic[8] = {'L', 'O', 'D', 'E', 'P', 'N', 'L', '1'};

struct Header {
  char magic[8];
  std::uint64_t rows;
  std::uint64_t columns;
  std::uint64_t cells_hash;
  std::int64_t sealed_nanos;  // Modification time the file was given when it was finished.
  std::uint64_t header_hash;  // Of everything above.
};

std::uint64_t hash_of(const Header& header) {
  return xxh3({reinterpret_cast<const char*>(&header), offsetof(Header, header_hash)});
}

std::string_view cells_of(std::string_view file) { return file.substr(kCellsAt); }

bool holds(const Header& header, std::string_view file, const Axis& axis, const std::string& path) {
  const bool shape = std::memcmp(header.magic, kMagic, sizeof(kMagic)) == 0 && header.header_hash == hash_of(header) &&
                     header.rows == axis.rows() && header.columns == axis.columns() &&
                     file.size() == kCellsAt + header.rows * header.columns * sizeof(double);
  if (!shape) {
    return false;
  }
  const std::optional<FileStat> stat = stat_file(path);
  const bool untouched = stat && stat->modified.nanos == header.sealed_nanos;
  return untouched || xxh3(cells_of(file)) == header.cells_hash;
}

// Gives the file its sealed time, then writes the header that names it; the time is set last, since writing changes it.
bool seal(int descriptor, Header header) {
  struct stat now = {};
  if (::fstat(descriptor, &now) != 0) {
    return false;
  }
  header.sealed_nanos = now.st_mtim.tv_sec * 1'000'000'000LL + now.st_mtim.tv_nsec;
  header.header_hash = hash_of(header);
  const timespec times[2] = {now.st_mtim, now.st_mtim};
  return ::pwrite(descriptor, &header, sizeof(header), 0) == static_cast<ssize_t>(sizeof(header)) &&
         ::futimens(descriptor, times) == 0;
}

}  // namespace

std::optional<Panel> map_panel(const std::string& path, std::shared_ptr<const Axis> axis) {
  if (!stat_file(path)) {
    return std::nullopt;
  }
  Result<MappedFile> opened = MappedFile::open(path);
  if (!opened) {
    return std::nullopt;
  }
  const auto file = std::make_shared<const MappedFile>(std::move(*opened));
  Header header = {};
  if (file->bytes().size() > kCellsAt) {
    std::memcpy(&header, file->bytes().data(), sizeof(header));
  }
  if (!holds(header, file->bytes(), *axis, path)) {
    remove_quietly(path);
    return std::nullopt;
  }
  return Panel(std::move(axis), Precision::kFloat64, file, cells_of(file->bytes()).data());
}

void store_panel(const std::string& path, const Panel& panel) {
  const std::size_t bytes = panel.rows() * panel.columns() * sizeof(double);
  if (bytes == 0 || !make_folders(std::filesystem::path(path).parent_path().string())) {
    return;
  }
  const std::string temporary = path + "." + std::to_string(::getpid()) + ".tmp";
  const int descriptor = ::open(temporary.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    return;
  }
  const std::string_view cells(reinterpret_cast<const char*>(panel.row64(0).data()), bytes);
  Header header = {};
  std::memcpy(header.magic, kMagic, sizeof(kMagic));
  header.rows = panel.rows();
  header.columns = panel.columns();
  header.cells_hash = xxh3(cells);
  std::string first(kCellsAt, '\0');
  const bool good = write_all(descriptor, first) == 0 && write_all(descriptor, cells) == 0 && seal(descriptor, header);
  ::close(descriptor);
  if (!good || ::rename(temporary.c_str(), path.c_str()) != 0) {
    remove_quietly(temporary);
  }
}

}  // namespace lode::lake
