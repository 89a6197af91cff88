// The raw archive: what a source delivered, compressed under its SHA-256, with its headers beside it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/archive.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <zstd.h>

#include <cctype>
#include <filesystem>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/io/lake/files.h"

namespace lode::lake {
namespace {

constexpr int kLevel = 3;

std::string compressed(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), kLevel);
  LODE_ASSERT(ZSTD_isError(size) == 0);  // The bound is large enough by its contract.
  out.resize(size);
  return out;
}

// False unless `packed` is one whole frame of exactly `size` bytes.
bool decompress(std::string_view packed, std::int64_t size, std::string& out) {
  out.resize(static_cast<std::size_t>(size));
  const std::size_t got = ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size());
  return ZSTD_isError(got) == 0 && got == out.size();
}

// A source's name as a folder: letters, digits, '-', '_' and inner '.'; everything else becomes '_'.
std::string folder_name(std::string_view source) {
  std::string out;
  for (const char c : source) {
    const bool plain =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || (c == '.' && !out.empty());
    out += plain ? c : '_';
  }
  return out.empty() ? "unnamed" : out;
}

struct RawRow {
  std::string hash;
  std::string source;
  std::string path;
  std::int64_t bytes;
  std::int64_t stored_bytes;
  Time received_at;
  std::string headers;
  bool referenced;
};

Result<void> insert_raw(const Database& manifest, const RawRow& row) {
  LODE_TRY(Statement insert,
           manifest.prepare("INSERT OR REPLACE INTO raw_files(hash, source, path, bytes, stored_bytes, received_at, "
                            "headers, referenced) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
  insert.bind(1, row.hash).bind(2, row.source).bind(3, row.path).bind(4, row.bytes).bind(5, row.stored_bytes);
  insert.bind(6, row.received_at).bind(7, row.headers).bind(8, row.referenced);
  return insert.run();
}

RawFile read_raw(const Statement& row) {
  return {.hash = row.text(0), .path = row.text(1), .bytes = row.int64(2), .referenced = row.int64(3) != 0};
}

Result<std::optional<RawFile>> find_raw(const Database& manifest, std::string_view hash) {
  LODE_TRY(Statement find, manifest.prepare("SELECT hash, path, bytes, referenced FROM raw_files WHERE hash = ?1"));
  find.bind(1, hash);
  LODE_TRY(const bool found, find.step());
  return found ? std::optional(read_raw(find)) : std::nullopt;
}

// Makes a file as young as one written now; false when it is not there.
bool renew(const std::string& path) {
  return stat_file(path).has_value() && utimensat(AT_FDCWD, path.c_str(), nullptr, 0) == 0;
}

class LakeArchive final : public Archive {
 public:
  LakeArchive(Lake& lake, Clock& clock) : lake_(lake), clock_(clock) {}

  Result<std::string> put(std::string_view source, std::string_view bytes, std::string_view headers_json) override {
    const Lake::Impl& lake = lake_.impl();
    LODE_CHECK(lake.require_writable());
    const std::string hash = sha256_hex(bytes);
    {
      const ManifestAccess manifest = lake.manifest();
      LODE_TRY(auto known, find_raw(*manifest, hash));
      if (known && !known->referenced && renew(lake.absolute(known->path))) {
        // A vacuum decides in a transaction what no commit refers to: either it meets a file as young as this moment,
        // or the row is gone by now.
        LODE_TRY(const Transaction after_vacuum, Transaction::begin(*manifest));
        LODE_TRY(known, find_raw(*manifest, hash));
        if (known) {
          return hash;
        }
      }
    }
    const Time now = clock_.now();
    const Date day = utc_date(now);
    const std::string stem =
        fmt::format("raw/{}/{:04}/{:02}/{:02}/{}", folder_name(source), day.year(), day.month(), day.day(), hash);
    const std::string packed = compressed(bytes);
    LODE_CHECK(make_folders(lake.absolute(stem.substr(0, stem.rfind('/')))));
    LODE_CHECK(write_durably(lake.absolute(stem + ".json"), headers_json));
    LODE_CHECK(write_durably(lake.absolute(stem + ".zst"), packed));
    LODE_CHECK(insert_raw(*lake.manifest(), {.hash = hash,
                                             .source = std::string(source),
                                             .path = stem + ".zst",
                                             .bytes = static_cast<std::int64_t>(bytes.size()),
                                             .stored_bytes = static_cast<std::int64_t>(packed.size()),
                                             .received_at = now,
                                             .headers = std::string(headers_json),
                                             .referenced = false}));
    return hash;
  }

  Result<std::string> get(std::string_view hash) const override {
    const Lake::Impl& lake = lake_.impl();
    std::optional<RawFile> found;
    {
      const ManifestAccess manifest = lake.manifest();
      LODE_TRY(found, find_raw(*manifest, hash));
    }
    if (!found) {
      return fail(E::E9, fmt::format("the raw archive holds nothing with hash {}", hash));
    }
    const auto damaged = [&](std::string_view why) {
      return fail(E::E8005, fmt::format("{}: {}", found->path, why), "run `lode data verify`");
    };
    const auto file = MappedFile::open(found->referenced ? found->path : lake.absolute(found->path));
    if (!file) {
      return damaged("missing");
    }
    std::string bytes;
    if (found->referenced) {
      bytes = file->bytes();
    } else if (!decompress(file->bytes(), found->bytes, bytes)) {
      return damaged("cannot be decompressed");
    }
    if (sha256_hex(bytes) != hash) {
      return damaged("hash differs");
    }
    return bytes;
  }

 private:
  Lake& lake_;
  Clock& clock_;
};

}  // namespace

Result<std::vector<RawFile>> raw_files(const Database& manifest) {
  LODE_TRY(Statement rows, manifest.prepare("SELECT hash, path, bytes, referenced FROM raw_files ORDER BY path"));
  std::vector<RawFile> out;
  while (true) {
    LODE_TRY(const bool more, rows.step());
    if (!more) {
      return out;
    }
    out.push_back(read_raw(rows));
  }
}

std::string check_raw(const Lake::Impl& lake, const RawFile& raw) {
  const auto file = MappedFile::open(raw.referenced ? raw.path : lake.absolute(raw.path));
  if (!file) {
    return raw.referenced ? "the referenced file is missing" : "missing";
  }
  std::string bytes;
  if (!raw.referenced && !decompress(file->bytes(), raw.bytes, bytes)) {
    return "cannot be decompressed";
  }
  return sha256_hex(raw.referenced ? file->bytes() : std::string_view(bytes)) == raw.hash ? "" : "hash differs";
}

std::unique_ptr<Archive> make_archive(Lake& lake, Clock& clock) { return std::make_unique<LakeArchive>(lake, clock); }

Result<std::string> reference_raw(Lake& lake, const std::string& path, std::string_view source, std::string_view hash,
                                  std::int64_t bytes, Time received_at) {
  LODE_CHECK(lake.impl().require_writable());
  std::error_code ignored;
  const std::string absolute = std::filesystem::absolute(path, ignored).lexically_normal().string();
  if (!stat_file(absolute)) {
    return fail(E::E8, fmt::format("there is no file {}", path));
  }
  const ManifestAccess manifest = lake.impl().manifest();
  LODE_TRY(const auto known, find_raw(*manifest, hash));
  if (known && !known->referenced) {
    return std::string(hash);  // A copy is better than a reference.
  }
  LODE_CHECK(insert_raw(*manifest, {.hash = std::string(hash),
                                    .source = std::string(source),
                                    .path = absolute,
                                    .bytes = bytes,
                                    .stored_bytes = 0,
                                    .received_at = received_at,
                                    .headers = "{}",
                                    .referenced = true}));
  return std::string(hash);
}

}  // namespace lode::lake
