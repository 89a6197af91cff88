// Books of trials as rows of the manifest: zstd over sessions, gross and traded as little-endian 32-bit words.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/honesty/books.h"

#include <fmt/format.h>
#include <zstd.h>

#include <bit>
#include <cstring>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/io/lake/honesty/made_table.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/manifest.h"

namespace lode::lake {

namespace {

static_assert(std::endian::native == std::endian::little);

constexpr int kLevel = 3;
constexpr std::size_t kWord = 4;  // Bytes of a session or a float.

constexpr const char* kBooks = R"sql(CREATE TABLE IF NOT EXISTS trial_books(
  formula TEXT NOT NULL, universe TEXT NOT NULL, from_date INTEGER NOT NULL, to_date INTEGER NOT NULL,
  preparation TEXT NOT NULL, horizon INTEGER NOT NULL, p REAL, sessions INTEGER NOT NULL, book BLOB NOT NULL,
  checksum TEXT NOT NULL, UNIQUE(universe, formula, from_date, to_date, preparation)))sql";

template <class T>
void append_word(std::string& bytes, T value) {
  static_assert(sizeof(T) == kWord);
  char word[kWord];
  std::memcpy(word, &value, kWord);
  bytes.append(word, kWord);
}

template <class T>
T word_at(std::string_view bytes, std::size_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * kWord, kWord);
  return value;
}

// Sessions as steps from the one before: they are nearly all alike, and pack to nothing.
std::string packed(const TrialBook& book) {
  std::string bytes;
  bytes.reserve(3 * kWord * book.sessions.size());
  std::int32_t before = 0;
  for (const Date session : book.sessions) {
    append_word(bytes, session.days - before);
    before = session.days;
  }
  for (const std::vector<double>* series : {&book.gross, &book.traded}) {
    for (const double value : *series) {
      append_word(bytes, static_cast<float>(value));
    }
  }
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), kLevel);
  LODE_ASSERT(ZSTD_isError(size) == 0);  // The bound is large enough by its contract.
  out.resize(size);
  return out;
}

// False unless `bytes` is one whole frame of `sessions` sessions.
bool unpack(std::string_view bytes, std::size_t sessions, TrialBook& book) {
  std::string plain(3 * kWord * sessions, '\0');
  const std::size_t got = ZSTD_decompress(plain.data(), plain.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(got) != 0 || got != plain.size()) {
    return false;
  }
  std::int32_t at = 0;
  for (std::size_t i = 0; i < sessions; ++i) {
    at += word_at<std::int32_t>(plain, i);
    book.sessions.push_back(Date{at});
    book.gross.push_back(word_at<float>(plain, sessions + i));
    book.traded.push_back(word_at<float>(plain, 2 * sessions + i));
  }
  return true;
}

}  // namespace

void round_as_stored(TrialBook& book) {
  for (std::vector<double>* series : {&book.gross, &book.traded}) {
    for (double& value : *series) {
      value = static_cast<float>(value);
    }
  }
}

Result<void> write_book(const Database& manifest, const TrialBook& book) {
  LODE_ASSERT(book.gross.size() == book.sessions.size());
  LODE_ASSERT(book.traded.size() == book.sessions.size());
  LODE_CHECK(manifest.execute(kBooks));
  LODE_TRY(Statement write,
           manifest.prepare("INSERT INTO trial_books(formula, universe, from_date, to_date, preparation, horizon, p, "
                            "sessions, book, checksum) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10) "
                            "ON CONFLICT DO UPDATE SET horizon=?6, p=?7, sessions=?8, book=?9, checksum=?10"));
  const std::string bytes = packed(book);
  write.bind(1, book.trial.formula).bind(2, book.trial.universe).bind(3, stored_bound(book.trial.from));
  write.bind(4, stored_bound(book.trial.to)).bind(5, book.trial.preparation).bind(6, book.trial.horizon);
  write.bind(7, book.p).bind(8, static_cast<std::int64_t>(book.sessions.size()));
  write.bind_bytes(9, bytes).bind(10, xxh3_hex(bytes));
  return write.run();
}

Result<std::vector<TrialBook>> trial_books(Lake& lake, std::string_view universe) {
  const ManifestAccess manifest = lake.impl().manifest();
  std::vector<TrialBook> books;
  LODE_TRY(const bool made, is_made(*manifest, "trial_books"));
  if (!made) {
    return books;
  }
  LODE_TRY(Statement read, manifest->prepare("SELECT formula, from_date, to_date, preparation, horizon, p, sessions, "
                                             "book, checksum FROM trial_books WHERE universe = ?1 ORDER BY rowid"));
  read.bind(1, universe);
  while (true) {
    LODE_TRY(const bool more, read.step());
    if (!more) {
      return books;
    }
    TrialBook book{};
    book.trial.formula = read.text(0);
    book.trial.universe = universe;
    book.trial.from = bound_of(read.int64(1));
    book.trial.to = bound_of(read.int64(2));
    book.trial.preparation = read.text(3);
    book.trial.horizon = static_cast<int>(read.int64(4));
    book.p = read.float64(5);
    const std::string bytes = read.bytes(7);
    if (xxh3_hex(bytes) != read.text(8) || !unpack(bytes, static_cast<std::size_t>(read.int64(6)), book)) {
      return fail(E::E8007,
                  fmt::format("{}: the book of the trial {} is damaged", manifest->path(), book.trial.formula),
                  "restore the lake from a backup with `lode data restore`");
    }
    books.push_back(std::move(book));
  }
}

}  // namespace lode::lake
