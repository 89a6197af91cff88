// Reads zip archives that came as a body: the files of the central directory, stored or deflated.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"

namespace lode::source {

struct ZipFile {
  std::string name;
  std::string bytes;
};

// Every file in it. E6206: no zip, cut off, another method or encrypted, a checksum that does not fit, more than
// `most_bytes` in all, more than 10,000 files, or a name of more than 4,096 bytes or 256 folders. Directories are
// passed over. A body that claims more than it holds is refused before it is held.
Result<std::vector<ZipFile>> read_zip(std::string_view body, std::size_t most_bytes = std::size_t{1} << 30);
// The one file of it whose name ends in `ending`, in any case; E6206 when there is none or several.
Result<ZipFile> read_zipped(std::string_view body, std::string_view ending);

// An archive that need not be held to be read: ranges of its bytes.
class ZipBytes {
 public:
  virtual ~ZipBytes() = default;
  virtual std::uint64_t size() const = 0;
  // `count` bytes from `at`, which are there; they live as long as `room`, or as the archive.
  virtual Result<std::string_view> read(std::uint64_t at, std::uint64_t count, std::string& room) const = 0;
};

// An archive that is held.
class HeldZip : public ZipBytes {
 public:
  explicit HeldZip(std::string_view body) : body_(body) {}
  std::uint64_t size() const override { return body_.size(); }
  Result<std::string_view> read(std::uint64_t at, std::uint64_t count, std::string& /*room*/) const override {
    return body_.substr(at, count);
  }

 private:
  std::string_view body_;
};

// True when it begins as one, whole or not, or ends as one: bytes may stand before it, as in one that unpacks itself.
bool is_zip(const ZipBytes& archive);

// A file as the directory of its archive has it. The name is the writer's: anything may stand in it.
struct ZipEntry {
  std::string name;
  std::uint64_t method = 0, flags = 0, checksum = 0, packed = 0, unpacked = 0, offset = 0;
};

// Why it cannot be unpacked: "encrypted", "packed by bzip2, expected deflate"; "" where it can.
std::string closed_by(const ZipEntry& entry);

struct ZipLimits {
  std::uint64_t most_bytes = std::uint64_t{1} << 30;  // Unpacked, of all files.
  std::uint64_t most_of_one = std::uint64_t{2} << 30;
  std::uint64_t most_files = 10'000;
};

// The files that the directory tells of, none of them opened; folders are passed over. E6206: no zip, cut off, or more
// than the limits or than its packed bytes can hold, or names as above.
Result<std::vector<ZipEntry>> list_zip(const ZipBytes& archive, const ZipLimits& limits);
// One of them unpacked: E6206 when it is damaged, encrypted or packed otherwise. Holds its packed bytes meanwhile.
Result<std::string> read_entry(const ZipBytes& archive, const ZipEntry& entry);

}  // namespace lode::source
