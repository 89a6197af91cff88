// The store of validators: one small JSON file an address.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/validators.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/base/value.h"

namespace lode::net {

namespace {

constexpr std::size_t kLongest = 1024;  // Of a validator; longer ones are not worth keeping.

Failure refused(const std::string& path, int reason) {
  return fail(reason == ENOSPC || reason == EDQUOT ? E::E8006 : E::E8009,
              fmt::format("{} cannot be written: {}", path, std::strerror(reason)),
              "free some space, or name another folder");
}

// All bytes, and durable. 0 or the system's reason.
int write_durably(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno != EINTR) {
      return errno;
    }
    bytes.remove_prefix(put > 0 ? static_cast<std::size_t>(put) : 0);
  }
  return fdatasync(fd) == 0 ? 0 : errno;
}

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view bytes) {
  static std::atomic<unsigned> count = 0;
  std::error_code code;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), code);
  const std::string temporary = fmt::format("{}.{}.{}.tmp", path, getpid(), count++);
  const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    return refused(path, errno);
  }
  int reason = write_durably(fd, bytes);
  close(fd);
  if (reason == 0 && rename(temporary.c_str(), path.c_str()) != 0) {
    reason = errno;
  }
  if (reason != 0) {
    unlink(temporary.c_str());
    return refused(path, reason);
  }
  return {};
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return fail(E::E8, fmt::format("no file {}", path));
  }
  // Piece by piece: a stream written to another one keeps silent where memory runs out, and the text is cut short.
  std::string bytes;
  std::array<char, 1 << 16> piece;
  while (in.read(piece.data(), piece.size()), in.gcount() > 0) {
    bytes.append(piece.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) {
    return fail(E::E8009, fmt::format("{} cannot be read", path));
  }
  return bytes;
}

std::string Validators::path(std::string_view url) const {
  return folder_ + "/" + sha256_hex(url).substr(0, 32) + ".json";
}

HttpHeaders Validators::ask(std::string_view url) const {
  HttpHeaders out;
  const Result<std::string> text = folder_.empty() ? Result<std::string>(fail(E::E8, "")) : read_file(path(url));
  const Result<Value> kept = text ? parse_json(*text) : Result<Value>(fail(E::E8, ""));
  const Value* of = kept ? kept->find("url") : nullptr;
  if (of == nullptr || !of->is_text() || of->as_text() != url) {
    return out;
  }
  const auto add = [&](std::string_view key, std::string header) {
    const Value* value = kept->find(key);
    if (value != nullptr && value->is_text()) {
      out.emplace_back(std::move(header), value->as_text());
    }
  };
  add("etag", "If-None-Match");
  add("last_modified", "If-Modified-Since");
  return out;
}

Result<void> Validators::save(std::string_view url, const HttpHeaders& headers) {
  if (folder_.empty()) {
    return {};
  }
  Value kept = Value::object();
  kept.set("url", Value(url));
  bool has_any = false;
  const auto add = [&](std::string_view header, std::string_view key) {
    const std::string* value = find_header(headers, header);
    if (value != nullptr && !value->empty() && value->size() <= kLongest) {
      kept.set(key, Value(*value));
      has_any = true;
    }
  };
  add("ETag", "etag");
  add("Last-Modified", "last_modified");
  const std::lock_guard lock(mutex_);
  if (!has_any) {
    std::error_code ignored;  // Nothing was kept before.
    std::filesystem::remove(path(url), ignored);
    return {};
  }
  return replace_file(path(url), to_json(kept) + "\n");
}

}  // namespace lode::net
