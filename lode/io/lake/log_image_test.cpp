// The image against SQLite's own reading of the same two files, with the log cut at every frame and with flipped bits.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/log_image.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/testing.h"

namespace lode::lake::testing {
namespace {

namespace fs = std::filesystem;

// "rows|sum|ok", or "damaged".
std::string facts(sqlite3* handle) {
  sqlite3_stmt* statement = nullptr;
  std::string out = "damaged";
  if (sqlite3_prepare_v2(handle,
                         "SELECT count(*) || '|' || coalesce(sum(a), 0) || '|' || total(length(b)) || "
                         "(SELECT '|' || integrity_check FROM pragma_integrity_check) FROM t",
                         -1, &statement, nullptr) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW) {
    out = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
  }
  sqlite3_finalize(statement);
  return out;
}

// What SQLite says of the two files, as copies that it may write.
std::string oracle(const std::string& place, const std::string& database, const std::string& log) {
  for (const char* suffix : {"-shm", "-wal"}) {
    fs::remove(place + suffix);
  }
  std::ofstream(place, std::ios::binary) << database;
  std::ofstream(place + "-wal", std::ios::binary) << log;
  sqlite3* handle = nullptr;
  sqlite3_open(place.c_str(), &handle);
  sqlite3_exec(handle, "PRAGMA synchronous=OFF", nullptr, nullptr, nullptr);
  std::string out = facts(handle);
  sqlite3_close(handle);
  return out;
}

std::string of_image(const std::string& database, const std::string& log) {
  std::string image = image_with_log(database, log);
  sqlite3* handle = nullptr;
  sqlite3_open(":memory:", &handle);
  const auto size = static_cast<sqlite3_int64>(image.size());
  sqlite3_deserialize(handle, "main", reinterpret_cast<unsigned char*>(image.data()), size, size,
                      SQLITE_DESERIALIZE_READONLY);
  std::string out = facts(handle);
  sqlite3_close(handle);
  return out;
}

class LogImage : public LakeTest {
 protected:
  // A database whose log grows, is folded in and begun anew, so that old frames stand behind new ones.
  void make(int page_bytes) {
    fs::create_directories(folder);
    const std::string path = folder + "/live.sqlite";
    sqlite3* handle = nullptr;
    sqlite3_open(path.c_str(), &handle);
    sqlite3_exec(handle, "PRAGMA synchronous=OFF", nullptr, nullptr, nullptr);
    const auto run = [&](const std::string& sql) {
      ASSERT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
    };
    run("PRAGMA page_size=" + std::to_string(page_bytes) + "; PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0");
    run("CREATE TABLE t(a INTEGER, b TEXT)");
    for (int i = 0; i < 8; ++i) {
      run("INSERT INTO t VALUES(" + std::to_string(i) + ", hex(zeroblob(900)))");
    }
    run("PRAGMA wal_checkpoint(RESTART)");
    run("INSERT INTO t VALUES(100, 'x')");
    run("DELETE FROM t WHERE a < 3");
    run("UPDATE t SET b = hex(zeroblob(1500)) WHERE a = 5");
    database = must(read_file(path));
    log = must(read_file(path + "-wal"));
    sqlite3_close(handle);
  }
  std::string database, log;
};

TEST_F(LogImage, IsWhatSqliteReadsForEveryPageSize) {
  for (const int page_bytes : {512, 1024, 4096, 65536}) {
    fs::remove_all(folder);
    make(page_bytes);
    const std::string place = folder + "/copy.sqlite";
    EXPECT_EQ(of_image(database, log), "6|125|10201.0|ok")
        << page_bytes;  // 3..7 and 100; 4 x 1,800 + 3,000 + 1 characters.
    EXPECT_EQ(of_image(database, log), oracle(place, database, log)) << page_bytes;
  }
}

TEST_F(LogImage, TakesACutLogAsFarAsItsLastCommit) {
  make(1024);
  const std::string place = folder + "/copy.sqlite";
  for (std::size_t size = 0; size < log.size(); size += 349) {
    const std::string cut = log.substr(0, size);
    EXPECT_EQ(of_image(database, cut), oracle(place, database, cut)) << size;
  }
}

TEST_F(LogImage, TakesAFlippedBitAsSqliteDoes) {
  make(1024);
  const std::string place = folder + "/copy.sqlite";
  Random random(7, 1);
  for (int i = 0; i < 60; ++i) {
    std::string odd = log;
    const std::uint64_t bit = i < 30 ? random.next_below(56 * 8) : random.next_below(log.size() * 8);
    odd[bit / 8] = static_cast<char>(odd[bit / 8] ^ static_cast<char>(1 << (bit % 8)));
    EXPECT_EQ(of_image(database, odd), oracle(place, database, odd)) << bit;
  }
}

TEST_F(LogImage, LeavesWhatIsNoDatabaseAlone) {
  EXPECT_EQ(image_with_log("", ""), "");
  EXPECT_EQ(image_with_log("short", "also short"), "short");
}

}  // namespace
}  // namespace lode::lake::testing
