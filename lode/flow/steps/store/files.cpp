// Whole files for flows.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/store/files.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "lode/io/lake/files.h"

namespace lode::flow {

namespace {

Failure cannot_write(const std::string& path, int reason) {
  if (reason == ENOSPC || reason == EDQUOT) {
    return fail(E::E8006, fmt::format("no space left to write {}", path),
                "free some space, then run the same command again");
  }
  return fail(E::E8004, fmt::format("{} cannot be written", path),
              "choose another place with -o, or check its permissions");
}

// A link stays one: what it leads to is replaced, or made.
std::filesystem::path behind_links(std::filesystem::path path) {
  constexpr int kMostLinks = 40;  // As Linux follows.
  std::error_code code;
  for (int i = 0; i < kMostLinks && std::filesystem::is_symlink(path, code); ++i) {
    path = path.parent_path() / std::filesystem::read_symlink(path, code);
  }
  return path;
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  std::error_code code;
  if (!std::filesystem::exists(path, code)) {
    return fail(E::E8, fmt::format("no file {}", path), "check the spelling and the folder you are in");
  }
  std::ifstream in(path, std::ios::binary);
  const bool is_open = in.is_open();
  // Piece by piece: a stream written to another one keeps silent where memory runs out, and the text is cut short.
  std::string text;
  std::array<char, 1 << 16> piece;
  while (in.read(piece.data(), piece.size()), in.gcount() > 0) {
    text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (!is_open || in.bad() || std::filesystem::is_directory(path, code)) {
    return fail(E::E8009, fmt::format("{} cannot be read", path), "check its permissions, and that it is a file");
  }
  return text;
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
  return write_pieces(path, [&](const Sink& sink) { return sink(bytes); });
}

Result<void> write_pieces(const std::string& path, const std::function<Result<void>(const Sink&)>& produce) {
  std::error_code code;
  const std::filesystem::path target = behind_links(path);
  if (target.has_parent_path()) {
    std::filesystem::create_directories(target.parent_path(), code);
  }
  // A device or a pipe is written to; only a file is replaced.
  const bool is_replaced = !std::filesystem::exists(target, code) || std::filesystem::is_regular_file(target, code);
  const std::string temporary = is_replaced ? lake::own_temporary(target.string()) : path;
  errno = 0;
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  Result<void> done = out ? produce([&](std::string_view bytes) -> Result<void> {
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return out ? Result<void>() : Result<void>(cannot_write(path, errno));
  })
                          : Result<void>(cannot_write(path, errno));
  errno = 0;
  out.close();
  if (done && !out) {
    done = cannot_write(path, errno);
  }
  if (!is_replaced) {
    return done;
  }
  if (!done) {
    std::filesystem::remove(temporary, code);
    return done;
  }
  std::filesystem::rename(temporary, target, code);
  return code ? Result<void>(cannot_write(path, code.value())) : Result<void>();
}

std::string file_name(const std::string& path) { return std::filesystem::path(path).filename().string(); }

}  // namespace lode::flow
