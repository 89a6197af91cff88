// Reading files piece by piece.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/row_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

#include "lode/base/error.h"
#include "lode/flow/steps/store/data_file.h"
#include "lode/io/arrow/reader.h"
#include "lode/io/lake/parquet.h"
#include "lode/io/source/file_bytes.h"
#include "lode/io/source/long_json.h"

namespace lode::flow {

namespace {

constexpr std::int64_t kBytesAByte = 4;  // Memory that a byte of text takes once it is a table, measured
constexpr std::size_t kBytesARow = 100;  // Of a Parquet file, as a table
constexpr std::size_t kMostOfALine = 4;  // Pieces that one row may take, before quotes are no longer believed

// Bytes in order, of a file or of standard input.
class Bytes {
 public:
  static Result<Bytes> open(const World& world, const std::string& path) {
    Bytes out;
    if (path == kStandardInput) {
      if (!world.in) {
        return fail(E::E8, "nothing is piped in", "cat panel.csv | lode factor compute 'rank(close)' --data -");
      }
      out.in_ = &world.in;
      return out;
    }
    out.file_ = std::make_unique<std::ifstream>(path, std::ios::binary);
    if (!*out.file_) {
      return fail(E::E8009, fmt::format("{} cannot be read", path), "check its permissions, and that it is a file");
    }
    return out;
  }

  // Appends to `to` until it holds `size` bytes or the end is reached; false at the end.
  bool fill(std::string& to, std::size_t size) {
    while (to.size() < size) {
      const std::size_t before = to.size();
      to.resize(size);
      const std::size_t got = take(to.data() + before, size - before);
      to.resize(before + got);
      if (got == 0) {
        return false;
      }
    }
    return true;
  }

 private:
  std::size_t take(char* to, std::size_t most) {
    if (in_ != nullptr) {
      return (*in_)(to, most);
    }
    file_->read(to, static_cast<std::streamsize>(most));
    return static_cast<std::size_t>(file_->gcount());
  }

  const In* in_ = nullptr;
  std::unique_ptr<std::ifstream> file_;
};

Error too_large(const std::string& path, std::int64_t needed, std::int64_t most) {
  constexpr std::int64_t kMegabyte = 1'000'000;
  return Error(
      E::E2023,
      fmt::format("{} is read whole and needs about {} MB, {} are allowed", path, needed / kMegabyte, most / kMegabyte),
      "write it as plain CSV or as Parquet, which are read piece by piece, or raise --memory");
}

Result<void> feed_csv(Bytes bytes, std::string held, bool ended, const std::string& path, std::size_t piece,
                      const TakeRows& take) {
  std::optional<source::LongCsvReader> reader;
  std::int64_t line = 2;
  bool any = false;
  while (true) {
    ended = ended || !bytes.fill(held, piece);
    std::size_t size = ended ? held.size() : whole_lines(held);
    if (size == 0 && !ended && held.size() < kMostOfALine * piece) {
      ended = !bytes.fill(held, held.size() + piece);  // One row longer than a piece.
      continue;
    }
    size = size == 0 ? held.rfind('\n') + 1 : size;  // A quote that never ends: the row itself is told.
    size = size == 0 ? held.size() : size;
    std::size_t begin = 0;
    if (!reader) {
      LODE_TRY(reader, source::LongCsvReader::open(std::string_view(held).substr(0, size), path));
      begin = std::min(reader->body(), size);
    }
    const std::string_view lines = std::string_view(held).substr(begin, size - begin);
    LODE_TRY(const source::LongTable rows, reader->read(lines, line));
    if (!rows.dates.empty()) {
      any = true;
      LODE_CHECK(take(rows));
    }
    line += std::ranges::count(lines, '\n');
    held.erase(0, size);
    if (ended && held.empty()) {
      break;
    }
  }
  return any ? Result<void>()
             : Result<void>(fail(E::E2014, fmt::format("{} has a header and no row", path),
                                 "expected rows of date, symbol and numbers"));
}

// JSON of standard input, once it is known to be that.
Result<void> feed_json(Bytes bytes, std::string held, bool ended, std::size_t piece, std::int64_t most_bytes,
                       const TakeRows& take) {
  const std::string path = "stdin";
  while (!ended) {
    ended = !bytes.fill(held, held.size() + piece);
    if (const std::int64_t needed = std::ssize(held) * kBytesAByte; needed > most_bytes) {
      return fail(too_large(path, needed, most_bytes));
    }
  }
  LODE_TRY(const Batch rows, source::read_json_rows(held, path));
  if (rows.columns().empty()) {
    return fail(E::E2014, fmt::format("{} has no row", path));
  }
  LODE_TRY(const source::LongTable table, source::read_long_batch(rows, path));
  return take(table);
}

Result<void> feed_text(const World& world, const std::string& path, std::size_t piece, std::int64_t most_bytes,
                       const TakeRows& take) {
  LODE_TRY(Bytes bytes, Bytes::open(world, path));
  std::string held;
  const bool ended = !bytes.fill(held, piece);
  if (source::is_json(held)) {
    return feed_json(std::move(bytes), std::move(held), ended, piece, most_bytes, take);
  }
  const std::string label = path == kStandardInput ? "stdin" : path;
  return feed_csv(std::move(bytes), std::move(held), ended, label, piece, take);
}

bool is_read_whole(const std::string& path) {
  if (path.ends_with(".gz") || arrow::is_arrow(path)) {
    return true;
  }
  std::ifstream in(path, std::ios::binary);
  std::string head(4096, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  return source::is_json(head);
}

}  // namespace

std::size_t whole_lines(std::string_view text) {
  if (text.find('"') == std::string_view::npos) {
    return text.rfind('\n') + 1;
  }
  std::size_t end = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    quoted = text[i] == '"' ? !quoted : quoted;
    end = text[i] == '\n' && !quoted ? i + 1 : end;
  }
  return end;
}

Result<void> feed_rows(const World& world, const std::string& path, std::size_t piece_bytes, std::int64_t most_bytes,
                       const TakeRows& take) {
  if (path == kStandardInput) {
    return feed_text(world, path, piece_bytes, most_bytes, take);
  }
  std::error_code code;
  if (!std::filesystem::is_regular_file(path, code)) {
    return std::filesystem::exists(path, code)
               ? fail(E::E8009, fmt::format("{} is no file", path), "give a file of rows, or a folder of them")
               : fail(E::E8, fmt::format("no file {}", path), "check the spelling and the folder you are in");
  }
  if (source::is_parquet(path)) {
    LODE_CHECK(check_dates_have_no_zone(path));
    const std::size_t rows = std::max<std::size_t>(piece_bytes / kBytesARow, 2048);
    std::int64_t before = 0;
    return lake::read_parquet_batches(path, rows, [&](const Batch& batch) -> Result<void> {
      LODE_TRY(source::LongTable table, source::read_long_batch(batch, path));
      for (std::int64_t& line : table.lines) {
        line += before;
      }
      before += static_cast<std::int64_t>(batch.rows());
      return take(table);
    });
  }
  if (is_read_whole(path)) {
    const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(path, code));
    const std::int64_t needed = bytes * kBytesAByte * (path.ends_with(".gz") ? 4 : 1);
    if (needed > most_bytes) {
      return fail(too_large(path, needed, most_bytes));
    }
    LODE_TRY(const source::LongTable table, read_long_file(path));
    return take(table);
  }
  return feed_text(world, path, piece_bytes, most_bytes, take);
}

}  // namespace lode::flow
