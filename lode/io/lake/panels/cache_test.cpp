// Cached panels: the same bits back, and a file that is damaged, cut, touched or of another shape is thrown away.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/cache.h"

#include <gmock/gmock.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "lode/io/lake/files.h"
#include "lode/io/lake/panels/cells.h"
#include "lode/io/lake/panels/testing.h"

namespace lode::lake {
namespace {

namespace fs = std::filesystem;
using testing::kMissing;
using testing::missing;

class Cache : public testing::LakeTest {
 protected:
  Cache() : axis(make_axis(3, 5)), path(root + "/panels/key/close.panel") {}

  static std::shared_ptr<const Axis> make_axis(int rows, int columns) {
    auto made = std::make_shared<Axis>();
    for (int row = 0; row < rows; ++row) {
      made->sessions.push_back(Date{row});
      made->times.push_back(Time{row});
    }
    for (int column = 0; column < columns; ++column) {
      made->instruments.push_back(InstrumentId{static_cast<std::uint64_t>(column)});
      made->symbols.emplace_back("S");
    }
    return made;
  }

  Panel counting() const {
    Panel panel(axis, Precision::kFloat64);
    for (std::size_t row = 0; row < panel.rows(); ++row) {
      for (std::size_t column = 0; column < panel.columns(); ++column) {
        panel.mutable_row64(row)[column] = static_cast<double>(10 * row + column) + 0.1;
      }
    }
    panel.mutable_row64(1)[2] = kMissing;
    return panel;
  }

  void write_byte(std::streamoff place, char byte) const {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(place);
    file.put(byte);
  }
  // Another byte than stands there, whatever that is: the header holds a time.
  void flip_byte(std::streamoff at) const {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at);
    const auto flipped = static_cast<char>(file.get() ^ 0x40);
    file.seekp(at).put(flipped);
  }
  // As a tool that copies a tree and keeps times would leave it.
  void keep_time_while(const std::function<void()>& change) const {
    const fs::file_time_type time = fs::last_write_time(path);
    change();
    fs::last_write_time(path, time);
  }

  std::shared_ptr<const Axis> axis;
  std::string path;
};

TEST_F(Cache, GivesTheSameBitsBackAlignedAndMissingOnesMissing) {
  const Panel panel = counting();
  store_panel(path, panel);
  const std::optional<Panel> mapped = map_panel(path, axis);
  ASSERT_TRUE(mapped);
  EXPECT_EQ(std::memcmp(mapped->row64(0).data(), panel.row64(0).data(), 15 * sizeof(double)), 0);
  EXPECT_TRUE(missing(mapped->at(1, 2)));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(mapped->row64(0).data()) % 64, 0U);
  EXPECT_THAT(list_files(root + "/panels"), ::testing::ElementsAre("key/close.panel")) << "no temporary file stays";
}

TEST_F(Cache, OutlivesItsFile) {
  store_panel(path, counting());
  const std::optional<Panel> mapped = map_panel(path, axis);
  fs::remove(path);
  EXPECT_EQ(mapped->at(2, 4), 24.1);
}

TEST_F(Cache, ATouchedButWholeFileIsStillGood) {
  store_panel(path, counting());
  fs::last_write_time(path, fs::file_time_type::clock::now() + std::chrono::hours(1));
  const std::optional<Panel> mapped = map_panel(path, axis);
  ASSERT_TRUE(mapped);
  EXPECT_EQ(mapped->at(0, 0), 0.1);
}

TEST_F(Cache, AChangedCellIsFoundByTheChecksumAndTheFileGoes) {
  store_panel(path, counting());
  write_byte(4096 + 17, '\x55');
  fs::last_write_time(path, fs::last_write_time(path) + std::chrono::seconds(1));  // The kernel's tick is coarse.
  EXPECT_FALSE(map_panel(path, axis));
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(Cache, AChangedHeaderIsFoundEvenWhereTheTimeWasKept) {
  for (const std::streamoff place : {0, 8, 16, 24, 32, 40}) {
    store_panel(path, counting());
    keep_time_while([&] { flip_byte(place); });
    EXPECT_FALSE(map_panel(path, axis)) << "byte " << place;
    EXPECT_FALSE(fs::exists(path));
  }
}

TEST_F(Cache, ACutOrGrownFileIsFoundByItsSize) {
  for (const std::uintmax_t size : {0, 40, 4096, 4096 + 15 * 8 - 1, 4096 + 15 * 8 + 8}) {
    store_panel(path, counting());
    keep_time_while([&] { fs::resize_file(path, size); });
    EXPECT_FALSE(map_panel(path, axis)) << size << " bytes";
    EXPECT_FALSE(fs::exists(path));
  }
}

TEST_F(Cache, APanelOfAnotherShapeIsNotMapped) {
  store_panel(path, counting());
  EXPECT_FALSE(map_panel(path, make_axis(5, 3)));
  store_panel(path, counting());
  EXPECT_FALSE(map_panel(path, make_axis(3, 4)));
}

TEST_F(Cache, WhatIsAbsentOrAFolderIsNoPanel) {
  EXPECT_FALSE(map_panel(path, axis));
  fs::create_directories(path);
  EXPECT_FALSE(map_panel(path, axis));
  EXPECT_TRUE(fs::exists(path)) << "a folder in the way is left alone";
}

TEST_F(Cache, WhereNothingCanBeWrittenNothingHappens) {
  std::ofstream(root + "/panels") << "a file where the folder should be";
  store_panel(path, counting());
  EXPECT_FALSE(map_panel(path, axis));
  fs::remove(root + "/panels");
  store_panel(path, Panel(make_axis(0, 0), Precision::kFloat64));
  EXPECT_FALSE(fs::exists(path)) << "an empty panel is not worth a file";
}

TEST_F(Cache, AWriterThatDiedLeavesNothingAReaderTakes) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path + ".123.tmp") << "half of a panel";
  EXPECT_FALSE(map_panel(path, axis));
  store_panel(path, counting());
  EXPECT_TRUE(map_panel(path, axis));
}

TEST_F(Cache, CellsAreClearedWholeAndHandedOnWithoutACopy) {
  Cells cells(make_axis(700, 300));
  cells.clear(pool);
  cells.row(699)[299] = 7.0;
  const double* start = cells.data();
  const Panel panel = std::move(cells).finish();
  EXPECT_EQ(panel.row64(0).data(), start);
  EXPECT_EQ(panel.valid_count(), 1U);
  EXPECT_EQ(panel.at(699, 299), 7.0);
}

TEST_F(Cache, RowBlocksCoverEachRowOnce) {
  for (const std::size_t rows : {std::size_t{0}, std::size_t{1}, std::size_t{33}, std::size_t{1000}}) {
    for (const std::size_t columns : {std::size_t{0}, std::size_t{1}, std::size_t{1000}, std::size_t{100'000}}) {
      std::vector<int> seen(rows, 0);
      for_row_blocks(rows, columns, pool, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) {
          ++seen[row];
        }
      });
      EXPECT_EQ(seen, std::vector<int>(rows, 1)) << rows << " x " << columns;
    }
  }
}

}  // namespace
}  // namespace lode::lake
