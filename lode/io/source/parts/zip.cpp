// Zip: end record, central directory, local headers (PKWARE APPNOTE 6.3, 4.3.7, 4.3.12, 4.3.16), the long end record
// (4.3.14) and sizes of 64 bits (4.5.3) where they are said to be.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/parts/zip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>

#include "lode/base/text.h"

namespace lode::source {
namespace {

constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kEntryBytes = 46;
constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kMostFiles = 10'000;

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

struct Entry {
  std::string name;
  std::uint64_t method, flags, checksum, packed, unpacked, offset;
};

// Sizes of 32 set bits stand in the extra field 1, eight bytes each, in the order unpacked, packed, offset; some
// writers put them there whatever the size. False when they do not.
bool read_long_sizes(std::string_view extra, Entry& entry) {
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
  std::uint64_t at = 0, count = 0;
};

// Set bits in the end record say that the long one has it, which its locator right before leads to (4.3.14, 4.3.15);
// some writers put it there whatever the count. False where it is not.
bool read_long_end(std::string_view body, std::size_t end, Directory& out) {
  constexpr std::size_t kLocatorBytes = 20;
  constexpr std::size_t kLongEndBytes = 56;
  if (out.count != 0xFFFF && out.at != 0xFFFF'FFFF) {
    return true;
  }
  if (end < kLocatorBytes || body.substr(end - kLocatorBytes, 4) != "PK\x06\x07") {
    return false;
  }
  const std::uint64_t at = number(body, end - kLocatorBytes + 8, 8);
  if (at > body.size() || body.size() - at < kLongEndBytes || body.substr(at, 4) != "PK\x06\x06") {
    return false;
  }
  out = {number(body, at + 48, 8), number(body, at + 32, 8)};
  return true;
}

Result<std::vector<Entry>> entries_of(std::string_view body) {
  const std::size_t end = body.rfind("PK\x05\x06");
  if (end == std::string_view::npos || end + kEndBytes > body.size()) {
    return refuse("without its directory: it is cut off, or none");
  }
  Directory directory{number(body, end + 16, 4), number(body, end + 10, 2)};
  if (!read_long_end(body, end, directory) || directory.count > kMostFiles) {
    return refuse("whose directory is damaged, or of more than 10,000 files");
  }
  std::size_t at = directory.at;
  std::vector<Entry> out;
  for (std::size_t i = 0; i < directory.count; ++i) {
    if (at > body.size() || body.size() - at < kEntryBytes || body.substr(at, 4) != "PK\x01\x02") {
      return refuse("whose directory is damaged");
    }
    const std::size_t name = number(body, at + 28, 2);
    const std::size_t extra = number(body, at + 30, 2);
    const std::size_t whole = kEntryBytes + name + extra + number(body, at + 32, 2);
    if (body.size() - at < whole || out.size() >= kMostFiles) {
      return refuse("whose directory is damaged");
    }
    out.push_back({std::string(body.substr(at + kEntryBytes, name)), number(body, at + 10, 2), number(body, at + 8, 2),
                   number(body, at + 16, 4), number(body, at + 20, 4), number(body, at + 24, 4),
                   number(body, at + 42, 4)});
    if (!read_long_sizes(body.substr(at + kEntryBytes + name, extra), out.back())) {
      return refuse("whose directory is damaged");
    }
    at += whole;
  }
  return out;
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

Result<ZipFile> unpack(std::string_view body, const Entry& entry) {
  const std::size_t at = entry.offset;
  if (at > body.size() || body.size() - at < kLocalBytes || body.substr(at, 4) != "PK\x03\x04") {
    return refuse("whose file is not where its directory says");
  }
  const std::size_t start = at + kLocalBytes + number(body, at + 26, 2) + number(body, at + 28, 2);
  if (start > body.size() || body.size() - start < entry.packed) {
    return refuse("that is cut off");
  }
  if ((entry.flags & 1) != 0 || (entry.method != 0 && entry.method != 8)) {
    return refuse("that is encrypted or packed by a method other than deflate");
  }
  const std::string_view packed = body.substr(start, entry.packed);
  ZipFile out{entry.name, {}};
  if (entry.method == 0) {
    out.bytes = std::string(packed);
  } else {
    LODE_TRY(out.bytes, inflate_raw(packed, entry.unpacked));
  }
  const auto checksum = crc32(0, reinterpret_cast<const Bytef*>(out.bytes.data()), static_cast<uInt>(out.bytes.size()));
  if (checksum != entry.checksum) {
    return refuse("whose checksum does not fit");
  }
  return out;
}

}  // namespace

Result<std::vector<ZipFile>> read_zip(std::string_view body, std::size_t most_bytes) {
  LODE_TRY(const std::vector<Entry> entries, entries_of(body));
  std::size_t total = 0;
  std::vector<ZipFile> out;
  constexpr std::size_t kMostRatio = 1032;  // Deflate packs no better.
  for (const Entry& entry : entries) {
    if (entry.packed > body.size() || entry.unpacked > most_bytes - total ||
        entry.unpacked > entry.packed * kMostRatio + 1024) {
      return refuse(fmt::format("that claims {} bytes, more than is read or than it can hold", entry.unpacked));
    }
    total += entry.unpacked;
    if (!entry.name.ends_with('/')) {
      LODE_TRY(ZipFile file, unpack(body, entry));
      out.push_back(std::move(file));
    }
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
