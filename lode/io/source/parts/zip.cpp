// Zip: end record, central directory, local headers (PKWARE APPNOTE 6.3, 4.3.7, 4.3.12, 4.3.16), the long end record
// (4.3.14) and sizes of 64 bits (4.5.3) where they are said to be.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/parts/zip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "lode/base/text.h"

namespace lode::source {
namespace {

constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kEntryBytes = 46;
constexpr std::size_t kLocalBytes = 30;
constexpr std::uint64_t kTailBytes = 1 << 20;  // Where the end record is looked for: a comment has 65,535 at most.
constexpr std::uint64_t kDirectoryBytesAFile = 1024;  // On average, names and extra fields included.
constexpr std::size_t kMostOddEnds = 64;  // Marks of an end that are tried where none ends with the archive.
// A folder holds no longer names, and nobody packs so deep: each level of a name costs whoever walks the names.
constexpr std::size_t kMostNameBytes = 4096;
constexpr std::ptrdiff_t kMostLevels = 256;
constexpr std::uint64_t kStored = 0, kDeflated = 8;

std::uint64_t number(std::string_view bytes, std::size_t at, int size) {
  std::uint64_t out = 0;
  for (int i = size; i-- > 0;) {
    out = (out << 8) | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
  }
  return out;
}

Failure refuse(std::string_view why) {
  return fail(E::E6206, fmt::format("a zip archive {}", why), "the body is kept aside; what was stored before stays");
}

// Sizes of 32 set bits stand in the extra field 1, eight bytes each, in the order unpacked, packed, offset; some
// writers put them there whatever the size. False when they do not.
bool read_long_sizes(std::string_view extra, ZipEntry& entry) {
  constexpr std::uint64_t kElsewhere = 0xFFFF'FFFF;
  std::string_view sizes;
  while (extra.size() >= 4) {
    const std::size_t size = number(extra, 2, 2);
    if (extra.size() - 4 < size) {
      return false;
    }
    sizes = number(extra, 0, 2) == 1 ? extra.substr(4, size) : sizes;
    extra.remove_prefix(4 + size);
  }
  for (std::uint64_t* field : {&entry.unpacked, &entry.packed, &entry.offset}) {
    if (*field != kElsewhere) {
      continue;
    }
    if (sizes.size() < 8) {
      return false;
    }
    *field = number(sizes, 0, 8);
    sizes.remove_prefix(8);
  }
  return true;
}

// Where the directory lies and how many files it has.
struct Directory {
  std::uint64_t at = 0, count = 0, bytes = 0;
  std::uint64_t until = 0;   // Where it ends: an end record begins there.
  std::uint64_t before = 0;  // Bytes before the archive that its own offsets do not count.
};

// Set bits in the end record say that the long one has it, which its locator right before leads to (4.3.14, 4.3.15);
// some writers put it there whatever the count. `before` are the bytes up to the end record. False where it is not.
Result<bool> read_long_end(const ZipBytes& archive, std::string_view before, Directory& out) {
  constexpr std::size_t kLocatorBytes = 20;
  constexpr std::size_t kLongEndBytes = 56;
  constexpr std::uint64_t kElsewhere = 0xFFFF'FFFF;
  if (out.count != 0xFFFF && out.at != kElsewhere && out.bytes != kElsewhere) {
    return true;
  }
  if (before.size() < kLocatorBytes || before.substr(before.size() - kLocatorBytes, 4) != "PK\x06\x07") {
    return false;
  }
  // Where it is said to be, or right before its locator where bytes before the archive moved it.
  const std::uint64_t locator = out.until - kLocatorBytes;
  for (const std::uint64_t at : {number(before, before.size() - kLocatorBytes + 8, 8), locator - kLongEndBytes}) {
    if (at > locator || locator - at < kLongEndBytes) {
      continue;
    }
    std::string room;
    LODE_TRY(const std::string_view end, archive.read(at, kLongEndBytes, room));
    if (end.starts_with("PK\x06\x06")) {
      out = {number(end, 48, 8), number(end, 32, 8), number(end, 40, 8), at};
      return true;
    }
  }
  return false;
}

Result<bool> begins_directory(const ZipBytes& archive, std::uint64_t at, std::uint64_t until) {
  if (at > until || until - at < kEntryBytes) {
    return false;
  }
  std::string room;
  LODE_TRY(const std::string_view mark, archive.read(at, 4, room));
  return mark == "PK\x01\x02";
}

// The directory that the end record at `end` of the archive's `last` bytes leads to; nothing where it leads to none.
Result<std::optional<Directory>> directory_of(const ZipBytes& archive, std::string_view last, std::size_t end) {
  Directory out{number(last, end + 16, 4), number(last, end + 10, 2), number(last, end + 12, 4),
                archive.size() - last.size() + end};
  LODE_TRY(const bool is_told, read_long_end(archive, last.substr(0, end), out));
  if (!is_told) {
    return std::optional<Directory>();
  }
  LODE_TRY(const bool is_there, begins_directory(archive, out.at, out.until));
  if (is_there || (out.count == 0 && out.bytes == 0)) {
    return std::optional(out);
  }
  // It lies right before its end, however far bytes before the archive moved both.
  const std::uint64_t moved_to = out.until - std::min(out.bytes, out.until);
  LODE_TRY(const bool is_moved, begins_directory(archive, moved_to, out.until));
  if (!is_moved || moved_to < out.at) {
    return std::optional<Directory>();
  }
  out.before = moved_to - out.at;
  out.at = moved_to;
  return std::optional(out);
}

// The mark of an end may stand in the comment behind the end too: the one counts whose comment ends with the archive,
// and that leads to a directory.
Result<Directory> find_directory(const ZipBytes& archive) {
  constexpr std::string_view kEnd = "PK\x05\x06";
  std::string room;
  const std::uint64_t tail = std::min(archive.size(), kTailBytes);
  LODE_TRY(const std::string_view last, archive.read(archive.size() - tail, tail, room));
  std::vector<std::size_t> ends, odd;
  std::size_t end = last.size() < kEndBytes ? std::string_view::npos : last.rfind(kEnd, last.size() - kEndBytes);
  for (; end != std::string_view::npos; end = end == 0 ? std::string_view::npos : last.rfind(kEnd, end - 1)) {
    if (end + kEndBytes + number(last, end + 20, 2) == last.size()) {
      ends.push_back(end);
    } else if (odd.size() < kMostOddEnds) {
      odd.push_back(end);
    }
  }
  ends.insert(ends.end(), odd.begin(), odd.end());
  std::optional<Directory> empty;
  for (const std::size_t one : ends) {
    LODE_TRY(std::optional<Directory> found, directory_of(archive, last, one));
    if (found && found->count > 0) {
      return *std::move(found);
    }
    empty = empty ? empty : found;
  }
  if (empty) {
    return *empty;
  }
  return refuse(ends.empty() ? "without its directory: it is cut off, or none" : "whose directory is damaged");
}

Result<void> check_name(std::string_view name) {
  const auto levels = std::ranges::count_if(name, [](char c) { return c == '/' || c == '\\'; });
  if (name.size() > kMostNameBytes || levels > kMostLevels) {
    return refuse(fmt::format("with a name of {} bytes in {} folders, expected at most {} and {}", name.size(), levels,
                              kMostNameBytes, kMostLevels));
  }
  return {};
}

Result<std::vector<ZipEntry>> read_directory(std::string_view bytes, const Directory& directory) {
  std::size_t at = 0;
  std::vector<ZipEntry> out;
  for (std::uint64_t i = 0; i < directory.count; ++i) {
    if (bytes.size() - at < kEntryBytes || bytes.substr(at, 4) != "PK\x01\x02") {
      return refuse("whose directory is damaged");
    }
    const std::size_t name = number(bytes, at + 28, 2);
    const std::size_t extra = number(bytes, at + 30, 2);
    const std::size_t whole = kEntryBytes + name + extra + number(bytes, at + 32, 2);
    if (bytes.size() - at < whole) {
      return refuse("whose directory is damaged");
    }
    LODE_CHECK(check_name(bytes.substr(at + kEntryBytes, name)));
    out.push_back({std::string(bytes.substr(at + kEntryBytes, name)), number(bytes, at + 10, 2),
                   number(bytes, at + 8, 2), number(bytes, at + 16, 4), number(bytes, at + 20, 4),
                   number(bytes, at + 24, 4), number(bytes, at + 42, 4)});
    if (!read_long_sizes(bytes.substr(at + kEntryBytes + name, extra), out.back())) {
      return refuse("whose directory is damaged");
    }
    out.back().offset += directory.before;
    at += whole;
  }
  return out;
}

Result<std::vector<ZipEntry>> entries_of(const ZipBytes& archive, std::uint64_t most_files) {
  LODE_TRY(const Directory directory, find_directory(archive));
  if (directory.count > most_files || directory.at > directory.until ||
      directory.until - directory.at > (most_files + 1) * kDirectoryBytesAFile) {
    return refuse(fmt::format("whose directory is damaged, or of more than {} files",
                              grouped(static_cast<std::int64_t>(most_files))));
  }
  std::string room;
  LODE_TRY(const std::string_view bytes, archive.read(directory.at, directory.until - directory.at, room));
  return read_directory(bytes, directory);
}

Result<std::string> inflate_raw(std::string_view packed, std::size_t size) {
  std::string out(size, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) {
    return refuse("that zlib cannot open");
  }
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = inflate(&stream, Z_FINISH);
  const bool whole = status == Z_STREAM_END && stream.avail_out == 0;
  inflateEnd(&stream);
  if (!whole) {
    return refuse("whose packed bytes are damaged");
  }
  return out;
}

}  // namespace

bool is_zip(const ZipBytes& archive) {
  std::string room;
  const auto first = archive.read(0, std::min<std::uint64_t>(archive.size(), 2), room);
  return first && (*first == "PK" || find_directory(archive).has_value());
}

std::string closed_by(const ZipEntry& entry) {
  if ((entry.flags & 1) != 0) {
    return "encrypted";
  }
  if (entry.method == kStored || entry.method == kDeflated) {
    return "";
  }
  constexpr std::array<std::pair<std::uint64_t, const char*>, 7> kMethods = {
      {{9, "Deflate64"}, {12, "bzip2"}, {14, "LZMA"}, {20, "Zstandard"}, {93, "Zstandard"}, {95, "XZ"}, {98, "PPMd"}}};
  const auto* const found = std::ranges::find(kMethods, entry.method, &std::pair<std::uint64_t, const char*>::first);
  return fmt::format("packed by {}, expected deflate",
                     found == kMethods.end() ? fmt::format("method {}", entry.method) : std::string(found->second));
}

Result<std::vector<ZipEntry>> list_zip(const ZipBytes& archive, const ZipLimits& limits) {
  LODE_TRY(std::vector<ZipEntry> entries, entries_of(archive, limits.most_files));
  std::uint64_t total = 0;
  constexpr std::uint64_t kMostRatio = 1032;  // Deflate packs no better; what packs otherwise is not unpacked.
  for (const ZipEntry& entry : entries) {
    if (entry.packed > archive.size() || entry.unpacked > limits.most_bytes - total ||
        entry.unpacked > limits.most_of_one ||
        (closed_by(entry).empty() && entry.unpacked > entry.packed * kMostRatio + 1024)) {
      return refuse(fmt::format("that claims {} bytes, more than is read or than it can hold", entry.unpacked));
    }
    total += entry.unpacked;
  }
  std::erase_if(entries, [](const ZipEntry& entry) { return entry.name.ends_with('/'); });
  return entries;
}

Result<std::string> read_entry(const ZipBytes& archive, const ZipEntry& entry) {
  const std::uint64_t at = entry.offset;
  if (at > archive.size() || archive.size() - at < kLocalBytes) {
    return refuse("whose file is not where its directory says");
  }
  std::string room;
  LODE_TRY(const std::string_view local, archive.read(at, kLocalBytes, room));
  if (!local.starts_with("PK\x03\x04")) {
    return refuse("whose file is not where its directory says");
  }
  const std::uint64_t start = at + kLocalBytes + number(local, 26, 2) + number(local, 28, 2);
  if (start > archive.size() || archive.size() - start < entry.packed) {
    return refuse("that is cut off");
  }
  if (const std::string why = closed_by(entry); !why.empty()) {
    return refuse(fmt::format("whose file is {}", why));
  }
  LODE_TRY(const std::string_view packed, archive.read(start, entry.packed, room));
  std::string out;
  if (entry.method == kStored) {
    out = std::string(packed);
  } else {
    LODE_TRY(out, inflate_raw(packed, entry.unpacked));
  }
  const auto checksum = crc32_z(0, reinterpret_cast<const Bytef*>(out.data()), out.size());
  if (checksum != entry.checksum || out.size() != entry.unpacked) {
    return refuse("whose checksum does not fit");
  }
  return out;
}

Result<std::vector<ZipFile>> read_zip(std::string_view body, std::size_t most_bytes) {
  const HeldZip archive(body);
  LODE_TRY(const std::vector<ZipEntry> entries, list_zip(archive, {.most_bytes = most_bytes}));
  std::vector<ZipFile> out;
  for (const ZipEntry& entry : entries) {
    LODE_TRY(std::string bytes, read_entry(archive, entry));
    out.push_back({entry.name, std::move(bytes)});
  }
  return out;
}

Result<ZipFile> read_zipped(std::string_view body, std::string_view ending) {
  LODE_TRY(std::vector<ZipFile> files, read_zip(body));
  const auto fits = [&](const ZipFile& file) { return lower(file.name).ends_with(lower(ending)); };
  if (std::ranges::count_if(files, fits) != 1) {
    return refuse(fmt::format("with {} files of which not one alone ends in {}", files.size(), ending));
  }
  return std::move(*std::ranges::find_if(files, fits));
}

}  // namespace lode::source
