// A panel larger than memory, on disk: rows of files go in as they stand, in any order of dates, and come out as dense
// sessions, oldest first.
//
// Two files in `folder` that have no name from the moment they are made, so that nothing is left however the process
// ends. The first holds records as they came, one width a section (a file's columns):
//   day int32, symbol uint32, line int64, value float64 a column (a word's number for text)
// Where dates were not in order, the second holds the same records by blocks of sessions, all of the width of the
// widest section, each with its section; numbers are the machine's own.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "lode/base/result.h"
#include "lode/core/expr/evaluate.h"
#include "lode/io/source/long_table.h"

namespace lode::flow {

// A file without a name; gone when closed.
class NamelessFile {
 public:
  static Result<NamelessFile> make(const std::string& folder);  // E8004, E8006
  Result<void> write(const void* bytes, std::size_t size);      // At the end. E8006, E8009
  Result<void> write_at(std::int64_t at, const void* bytes, std::size_t size);
  Result<void> read_at(std::int64_t at, void* to, std::size_t size);
  std::int64_t size() const { return size_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  Result<void> seek(std::int64_t at);

  std::unique_ptr<std::FILE, Close> file_;
  std::string folder_;
  std::int64_t size_ = 0;
  std::int64_t at_ = 0;
};

class Spill {
 public:
  // Rows after `to` are left out.
  static Result<Spill> make(const std::string& folder, std::optional<Date> to);

  // The next rows of the file with this number and name; those of one file follow each other. E2004 a column that is
  // text in one file and numbers in another.
  Result<void> add(const source::LongTable& rows, std::uint32_t file);

  // When all rows are in: names the sessions and the columns (all symbols, ids of mic XXXX, sorted by id). E2101
  // without rows.
  Result<void> finish();

  const std::shared_ptr<const Axis>& axis() const { return axis_; }
  bool was_in_order() const { return ordered_; }
  std::int64_t rows() const { return rows_; }
  // Every column, with no session: what a formula may name.
  expr::Fields columns() const;

  // Chooses what next() gives, once, before it: these columns, about `step_rows` sessions at a time. Where dates were
  // out of order, sorts the rows, through about `buffer_bytes` of memory.
  Result<void> arrange(const std::vector<std::string>& wanted, std::size_t step_rows, std::int64_t buffer_bytes);
  std::size_t step_rows() const { return height_; }  // What came of it.
  // The next step_rows() sessions, fewer at the end, then none: dense fields, what no row tells missing. The same date
  // of a symbol twice: dropped when equal, E2012 else, with both lines; of two files, one row, where no cell says two
  // things.
  Result<std::optional<expr::Fields>> next();

 private:
  struct Section {
    std::uint32_t file;
    std::vector<std::uint32_t> columns;  // Indices into columns_
    std::int64_t begin;                  // Bytes into records_
    std::int64_t count;
    std::size_t width() const { return kHead + 8 * columns.size(); }
  };
  struct Field {
    std::string name;
    bool is_text = false;
    bool is_known = false;   // Whether it is text
    std::uint32_t file = 0;  // That said so
    std::vector<std::string> words;
    std::unordered_map<std::string, std::uint32_t> number_of;
    int slot = -1;  // Among the wanted
  };
  struct Record {
    std::int32_t day;
    std::uint32_t symbol;
    std::int64_t line;
    std::uint32_t section;
    const double* values;
  };
  struct Owner;
  struct Block;
  static constexpr std::size_t kHead = 16;

  Spill(NamelessFile file, std::string folder, std::optional<Date> to)
      : records_(std::move(file)), folder_(std::move(folder)), to_(to) {}
  Result<std::vector<std::uint32_t>> columns_of(const source::LongTable& rows, std::uint32_t file);
  Section& section_of(std::vector<std::uint32_t> columns, std::uint32_t file);
  Result<void> sort(std::int64_t buffer_bytes);
  std::shared_ptr<const Axis> axis_of(std::size_t begin, std::size_t end) const;
  Result<bool> read_record(Record& out);
  Result<bool> refill();
  Result<void> place(const Record& record, Block& block) const;
  Failure twice(const Record& record, const Owner& before) const;

  NamelessFile records_;
  std::string folder_;
  std::optional<Date> to_;
  std::vector<std::string> files_;
  std::vector<Section> sections_;
  std::vector<Field> columns_;
  std::vector<std::string> symbols_;
  std::unordered_map<std::string, std::uint32_t> symbol_numbers_;
  std::map<std::int32_t, std::int64_t> rows_of_day_;
  std::int32_t last_day_ = 0;
  bool ordered_ = true;
  std::int64_t rows_ = 0;
  std::shared_ptr<const Axis> axis_;
  std::vector<std::uint32_t> column_of_;  // Of the axis, by symbol

  // Reading
  std::optional<NamelessFile> sorted_;
  std::size_t sorted_width_ = 0;
  std::size_t height_ = 1;  // Sessions of a step, and of a sorted block
  std::vector<std::uint32_t> wanted_;
  std::size_t section_ = 0;
  std::int64_t at_ = 0;  // Records read of the section, or of the sorted file
  std::vector<std::byte> held_;
  std::size_t held_at_ = 0;
  std::vector<double> values_;
  std::optional<Record> pending_;
  std::size_t next_row_ = 0;
};

}  // namespace lode::flow
