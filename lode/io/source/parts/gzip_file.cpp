// Gzip (RFC 1952) of whole files.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/parts/gzip_file.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>

#include "lode/base/text.h"

namespace lode::source {

namespace {

constexpr std::size_t kInflateStep = std::size_t{1} << 20;

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

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b'; }

Failure too_much_to_unpack(const std::string& path) {
  return fail(E::E2023, fmt::format("{} unpacks to more than fits into memory", path),
              "take it in pieces, or on a machine with more memory");
}

Result<std::string> unpack_gzip(std::string_view packed, const std::string& path, const HoldBytes& hold,
                                std::int64_t limit_bytes) {
  const auto may_hold = [&](std::size_t bytes) { return !hold || hold(static_cast<std::int64_t>(bytes)); };
  std::size_t first = std::max(unpacked_guess(packed) + 64, kInflateStep);
  if (!may_hold(first)) {
    first = kInflateStep;  // The guess may be wrong.
    if (!may_hold(first)) {
      return too_much_to_unpack(path);
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
        return too_much_to_unpack(path);
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

}  // namespace lode::source
