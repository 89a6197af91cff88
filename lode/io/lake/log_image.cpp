// Frames of a write-ahead log, laid over the database's pages.
//
//   log     header of 32 bytes: magic, version, page size, sequence, salt 1, salt 2, checksum 1, checksum 2; then
//   frames frame   header of 24 bytes: page number (from 1), pages of the database after a commit (0: no commit here),
//           salt 1, salt 2, checksum 1, checksum 2; then the page
// Numbers are big-endian; the checksum runs on from the header through all frames, in the byte order the magic names.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/log_image.h"

#include <cstdint>
#include <map>

namespace lode::lake {
namespace {

constexpr std::uint32_t kMagic = 0x377F0682;  // Its last bit: checksums over big-endian words.
constexpr std::uint32_t kVersion = 3'007'000;
constexpr std::size_t kLogHeader = 32;
constexpr std::size_t kFrameHeader = 24;
constexpr std::size_t kSummed = 8;  // Of a frame's header.
constexpr std::size_t kWriteVersion = 18;
constexpr std::size_t kReadVersion = 19;
constexpr std::size_t kLeastPage = 512;
constexpr std::size_t kMostPage = 65'536;

std::uint32_t byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
  return byte_at(bytes, at) << 24 | byte_at(bytes, at + 1) << 16 | byte_at(bytes, at + 2) << 8 | byte_at(bytes, at + 3);
}

struct Checksum {
  bool is_big_endian = false;
  std::uint32_t first = 0;
  std::uint32_t second = 0;

  std::uint32_t word(std::string_view bytes, std::size_t at) const {
    const std::uint32_t big = big_endian(bytes, at);
    return is_big_endian ? big : __builtin_bswap32(big);
  }
  void add(std::string_view bytes) {
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      first += word(bytes, at) + second;
      second += word(bytes, at + 4) + first;
    }
  }
  bool is_at(std::string_view bytes, std::size_t at) const {
    return first == big_endian(bytes, at) && second == big_endian(bytes, at + 4);
  }
};

// Where each page stands in the log as of its last commit.
struct LogPages {
  std::size_t page_bytes = 0;
  std::uint32_t pages = 0;  // Of the database after the last commit; 0: the log holds none.
  std::map<std::uint32_t, std::size_t> place;
};

LogPages read_log(std::string_view log) {
  LogPages out;
  if (log.size() < kLogHeader || (big_endian(log, 0) & ~1U) != kMagic || big_endian(log, 4) != kVersion) {
    return out;
  }
  Checksum sum{(big_endian(log, 0) & 1U) != 0};
  sum.add(log.substr(0, kFrameHeader));
  out.page_bytes = big_endian(log, 8);
  if (!sum.is_at(log, 24) || out.page_bytes < kLeastPage || out.page_bytes > kMostPage ||
      (out.page_bytes & (out.page_bytes - 1)) != 0) {
    return out;
  }
  std::map<std::uint32_t, std::size_t> open;  // Of the transaction that is being read.
  for (std::size_t at = kLogHeader; at + kFrameHeader + out.page_bytes <= log.size();
       at += kFrameHeader + out.page_bytes) {
    const std::string_view page = log.substr(at + kFrameHeader, out.page_bytes);
    sum.add(log.substr(at, kSummed));
    sum.add(page);
    // A frame from before the log was begun anew carries the salts of then.
    if (log.substr(at + 8, 8) != log.substr(16, 8) || !sum.is_at(log, at + 16) || big_endian(log, at) == 0) {
      return out;
    }
    open[big_endian(log, at)] = at + kFrameHeader;
    if (const std::uint32_t pages = big_endian(log, at + 4); pages != 0) {
      for (const auto& [number, place] : open) {
        out.place[number] = place;
      }
      out.pages = pages;
      open.clear();
    }
  }
  return out;
}

}  // namespace

std::string image_with_log(std::string database, std::string_view log) {
  const LogPages pages = read_log(log);
  if (pages.pages != 0) {
    database.resize(pages.page_bytes * pages.pages, '\0');
    for (const auto& [number, place] : pages.place) {
      if (number <= pages.pages) {
        database.replace((number - 1) * pages.page_bytes, pages.page_bytes, log, place, pages.page_bytes);
      }
    }
  }
  if (database.size() > kReadVersion) {
    database[kWriteVersion] = 1;
    database[kReadVersion] = 1;
  }
  return database;
}

}  // namespace lode::lake
