// Records in, dense sessions out.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/spill.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <limits>
#include <numeric>
#include <utility>

#include "lode/base/assert.h"
#include "lode/base/error.h"
#include "lode/base/hash.h"
#include "lode/base/math.h"
#include "lode/flow/steps/store/files.h"
#include "lode/market/calendar.h"

namespace lode::flow {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBufferBytes = std::size_t{1} << 20;
constexpr std::size_t kMostBlocks = 4096;
constexpr std::size_t kSortedHead = 24;
constexpr std::int32_t kBeforeAllDays = std::numeric_limits<std::int32_t>::min();

template <class T>
void put(std::byte*& to, T value) {
  std::memcpy(to, &value, sizeof(T));
  to += sizeof(T);
}

template <class T>
T take(const std::byte*& from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  from += sizeof(T);
  return value;
}

// Equal rows have equal prints: every missing value is one, and so is zero.
std::uint64_t print_of(const double* values, std::size_t count) {
  std::vector<std::uint64_t> bits(count);
  for (std::size_t i = 0; i < count; ++i) {
    bits[i] = math::is_nan(values[i]) ? 1 : values[i] == 0.0 ? 0 : std::bit_cast<std::uint64_t>(values[i]);
  }
  return xxh3({reinterpret_cast<const char*>(bits.data()), bits.size() * sizeof(std::uint64_t)});
}

}  // namespace

Result<NamelessFile> NamelessFile::make(const std::string& folder) {
  static std::atomic<int> made{0};
  const std::string path =
      fmt::format("{}/.lode-rows-{}-{}", folder, std::hash<std::string>()(folder) % 100'000, ++made);
  NamelessFile out;
  out.folder_ = folder;
  // "x": never over a file that is there; another process may have chosen the same name, which is taken back at once.
  for (int attempt = 0; attempt < 100 && !out.file_; ++attempt) {
    const std::string name = fmt::format("{}-{}", path, attempt);
    out.file_.reset(std::fopen(name.c_str(), "w+bx"));
    std::error_code ignored;
    if (out.file_) {
      std::filesystem::remove(name, ignored);
    } else if (errno != EEXIST) {
      break;
    }
  }
  if (!out.file_) {
    return fail(E::E8004, fmt::format("no file can be made in {}, where rows go that memory does not hold", folder),
                "name another folder in TMPDIR, or raise --memory");
  }
  return out;
}

Result<void> NamelessFile::seek(std::int64_t at) {
  if (at != at_ && std::fseek(file_.get(), static_cast<long>(at), SEEK_SET) != 0) {
    return fail(E::E8009, fmt::format("a file in {} cannot be read", folder_), "check the disk");
  }
  at_ = at;
  return {};
}

Result<void> NamelessFile::write_at(std::int64_t at, const void* bytes, std::size_t size) {
  LODE_CHECK(seek(at));
  errno = 0;
  if (std::fwrite(bytes, 1, size, file_.get()) != size) {
    return fail(E::E8006, fmt::format("no space left in {} for the rows that memory does not hold", folder_),
                "free some space, name another folder in TMPDIR, or raise --memory");
  }
  at_ += static_cast<std::int64_t>(size);
  size_ = std::max(size_, at_);
  return {};
}

Result<void> NamelessFile::write(const void* bytes, std::size_t size) { return write_at(size_, bytes, size); }

Result<void> NamelessFile::read_at(std::int64_t at, void* to, std::size_t size) {
  if (std::fflush(file_.get()) != 0) {
    return fail(E::E8006, fmt::format("no space left in {} for the rows that memory does not hold", folder_),
                "free some space, name another folder in TMPDIR, or raise --memory");
  }
  at_ = -1;  // Between writing and reading a stream wants to be placed.
  LODE_CHECK(seek(at));
  if (std::fread(to, 1, size, file_.get()) != size) {
    return fail(E::E8009, fmt::format("a file in {} cannot be read", folder_), "check the disk");
  }
  at_ = -1;
  return {};
}

// Who filled a cell.
struct Spill::Owner {
  std::int64_t line = 0;  // 0 = nobody
  std::uint64_t print = 0;
  std::uint32_t section = 0;
};

// The sessions being filled.
struct Spill::Block {
  std::shared_ptr<const Axis> axis;
  std::vector<Panel> panels;       // One a wanted column; empty for text
  std::vector<GroupPanel> groups;  // The same; empty for numbers
  std::vector<Owner> owners;
};

Result<Spill> Spill::make(const std::string& folder, std::optional<Date> to) {
  LODE_TRY(NamelessFile file, NamelessFile::make(folder));
  Spill out(std::move(file), folder, to);
  out.last_day_ = kBeforeAllDays;
  return out;
}

Result<std::vector<std::uint32_t>> Spill::columns_of(const source::LongTable& rows, std::uint32_t file) {
  std::vector<std::uint32_t> out;
  for (const source::LongColumn& column : rows.columns) {
    auto found = std::ranges::find(columns_, column.name, &Field::name);
    if (found == columns_.end()) {
      columns_.emplace_back().name = column.name;
      found = std::prev(columns_.end());
    }
    // A column without any value so far may become either.
    const bool tells = column.is_text || std::ranges::any_of(column.numbers, [](double x) { return !math::is_nan(x); });
    if (tells && found->is_known && found->is_text != column.is_text) {
      return fail(E::E2004,
                  fmt::format("column {} is {} in {} and {} in {}", column.name, found->is_text ? "text" : "numbers",
                              files_[found->file], column.is_text ? "text" : "numbers", rows.path),
                  "write it alike in both, or leave it out of one");
    }
    if (tells && !found->is_known) {
      found->is_known = true;
      found->is_text = column.is_text;
      found->file = file;
    }
    out.push_back(static_cast<std::uint32_t>(found - columns_.begin()));
  }
  return out;
}

Spill::Section& Spill::section_of(std::vector<std::uint32_t> columns, std::uint32_t file) {
  if (sections_.empty() || sections_.back().file != file || sections_.back().columns != columns) {
    sections_.push_back({file, std::move(columns), records_.size(), 0});
  }
  return sections_.back();
}

Result<void> Spill::add(const source::LongTable& rows, std::uint32_t file) {
  if (file >= files_.size()) {
    files_.resize(file + 1);
  }
  files_[file] = rows.path;
  LODE_TRY(std::vector<std::uint32_t> columns, columns_of(rows, file));
  std::vector<std::uint32_t> symbol_of;
  for (const std::string& symbol : rows.symbols) {
    const auto [found, is_new] = symbol_numbers_.try_emplace(symbol, static_cast<std::uint32_t>(symbols_.size()));
    if (is_new) {
      symbols_.push_back(symbol);
    }
    symbol_of.push_back(found->second);
  }
  std::vector<std::vector<double>> word_of(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    Field& field = columns_[columns[i]];
    for (const std::string& word : rows.columns[i].names) {
      const auto [found, is_new] = field.number_of.try_emplace(word, static_cast<std::uint32_t>(field.words.size()));
      if (is_new) {
        field.words.push_back(word);
      }
      word_of[i].push_back(static_cast<double>(found->second));
    }
  }
  Section& section = section_of(std::move(columns), file);
  std::vector<std::byte> buffer(section.width() * rows.dates.size());
  std::byte* to = buffer.data();
  std::int64_t count = 0;
  for (std::size_t row = 0; row < rows.dates.size(); ++row) {
    const std::int32_t day = rows.dates[row].days;
    if (to_ && rows.dates[row] > *to_) {
      continue;
    }
    ordered_ = ordered_ && day >= last_day_;
    last_day_ = day;
    ++rows_of_day_[day];
    put(to, day);
    put(to, symbol_of[rows.symbol_of[row]]);
    put(to, rows.lines[row]);
    for (std::size_t i = 0; i < rows.columns.size(); ++i) {
      const source::LongColumn& column = rows.columns[i];
      const std::int32_t code = column.is_text ? column.codes[row] : 0;
      put(to, !column.is_text ? column.numbers[row] : code < 0 ? kMissing : word_of[i][static_cast<std::size_t>(code)]);
    }
    ++count;
  }
  section.count += count;
  rows_ += count;
  return records_.write(buffer.data(), static_cast<std::size_t>(to - buffer.data()));
}

Result<void> Spill::finish() {
  if (rows_ == 0) {
    return fail(E::E2101, to_ ? fmt::format("no row up to {}", to_string(*to_)) : "no row in what was given",
                "give rows of date, symbol and numbers");
  }
  auto axis = std::make_shared<Axis>();
  for (const auto& [day, count] : rows_of_day_) {
    axis->sessions.push_back(Date{day});
    axis->times.push_back(session_close(nullptr, Date{day}));
  }
  std::vector<InstrumentId> ids;
  for (const std::string& symbol : symbols_) {
    ids.push_back(instrument_id(kNoMic, symbol));
  }
  std::vector<std::uint32_t> order(symbols_.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return ids[i]; });
  column_of_.resize(order.size());
  for (std::size_t column = 0; column < order.size(); ++column) {
    column_of_[order[column]] = static_cast<std::uint32_t>(column);
    axis->instruments.push_back(ids[order[column]]);
    axis->symbols.push_back(symbols_[order[column]]);
  }
  axis_ = std::move(axis);
  return {};
}

Result<void> Spill::arrange(const std::vector<std::string>& wanted, std::size_t step_rows, std::int64_t buffer_bytes) {
  LODE_ASSERT(wanted_.empty() && next_row_ == 0);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (std::ranges::find(wanted, columns_[i].name) != wanted.end()) {
      columns_[i].slot = static_cast<int>(wanted_.size());
      wanted_.push_back(static_cast<std::uint32_t>(i));
    }
  }
  height_ = std::clamp<std::size_t>(step_rows, 1, axis_->rows());
  return ordered_ ? Result<void>() : sort(buffer_bytes);
}

// Moves every record to its block of sessions, through a small buffer a block.
Result<void> Spill::sort(std::int64_t buffer_bytes) {
  std::size_t widest = 0;
  for (const Section& section : sections_) {
    widest = std::max(widest, section.columns.size());
  }
  sorted_width_ = kSortedHead + 8 * widest;
  const std::size_t rows = axis_->rows();
  height_ = std::max(height_, (rows + kMostBlocks - 1) / kMostBlocks);
  const std::size_t blocks = (rows + height_ - 1) / height_;
  std::vector<std::int64_t> place_of(blocks + 1, 0);  // In bytes; moves as records are written
  std::size_t row = 0;
  for (const auto& [day, count] : rows_of_day_) {
    place_of[row / height_ + 1] += count * static_cast<std::int64_t>(sorted_width_);
    ++row;
  }
  std::partial_sum(place_of.begin(), place_of.end(), place_of.begin());
  LODE_TRY(NamelessFile sorted, NamelessFile::make(folder_));
  const std::size_t share = std::max<std::size_t>(
      sorted_width_, static_cast<std::size_t>(buffer_bytes) / blocks / sorted_width_ * sorted_width_);
  const std::size_t most = std::min(share, kBufferBytes / sorted_width_ * sorted_width_);
  std::vector<std::vector<std::byte>> buffers(blocks);
  const auto flush = [&](std::size_t block) -> Result<void> {
    LODE_CHECK(sorted.write_at(place_of[block], buffers[block].data(), buffers[block].size()));
    place_of[block] += std::ssize(buffers[block]);
    buffers[block].clear();
    return {};
  };
  Record record{};
  while (true) {
    LODE_TRY(const bool more, read_record(record));
    if (!more) {
      break;
    }
    const auto block = static_cast<std::size_t>(axis_->row_of(Date{record.day})) / height_;
    const std::size_t before = buffers[block].size();
    buffers[block].resize(before + sorted_width_);
    std::byte* to = buffers[block].data() + before;
    put(to, record.day);
    put(to, record.symbol);
    put(to, record.line);
    put(to, record.section);
    put(to, std::uint32_t{0});
    std::memcpy(to, record.values, 8 * sections_[record.section].columns.size());
    if (buffers[block].size() >= most) {
      LODE_CHECK(flush(block));
    }
  }
  for (std::size_t block = 0; block < blocks; ++block) {
    LODE_CHECK(flush(block));
  }
  sorted_ = std::move(sorted);
  section_ = 0;
  at_ = 0;
  held_.clear();
  held_at_ = 0;
  return {};
}

// More records of the section at hand, or of the sorted file; false when there are none.
Result<bool> Spill::refill() {
  std::size_t width = sorted_width_;
  std::int64_t begin = 0;
  std::int64_t left = rows_ - at_;
  if (!sorted_) {
    while (section_ < sections_.size() && at_ == sections_[section_].count) {
      ++section_;
      at_ = 0;
    }
    if (section_ == sections_.size()) {
      return false;
    }
    width = sections_[section_].width();
    begin = sections_[section_].begin;
    left = sections_[section_].count - at_;
  }
  const auto count =
      std::min<std::int64_t>(left, static_cast<std::int64_t>(std::max<std::size_t>(kBufferBytes / width, 1)));
  if (count == 0) {
    return false;
  }
  held_.resize(static_cast<std::size_t>(count) * width);
  held_at_ = 0;
  NamelessFile& file = sorted_ ? *sorted_ : records_;
  LODE_CHECK(file.read_at(begin + at_ * static_cast<std::int64_t>(width), held_.data(), held_.size()));
  at_ += count;
  return true;
}

Result<bool> Spill::read_record(Record& out) {
  if (held_at_ == held_.size()) {
    LODE_TRY(const bool more, refill());
    if (!more) {
      return false;
    }
  }
  const std::byte* from = held_.data() + held_at_;
  out.day = take<std::int32_t>(from);
  out.symbol = take<std::uint32_t>(from);
  out.line = take<std::int64_t>(from);
  out.section = static_cast<std::uint32_t>(section_);
  if (sorted_) {
    out.section = take<std::uint32_t>(from);
    from += sizeof(std::uint32_t);
  }
  const std::size_t columns = sections_[out.section].columns.size();
  values_.resize(columns);
  std::memcpy(values_.data(), from, 8 * columns);
  out.values = values_.data();
  held_at_ += sorted_ ? sorted_width_ : sections_[section_].width();
  return true;
}

expr::Fields Spill::columns() const {
  const std::shared_ptr<const Axis> none = axis_of(0, 0);
  expr::Fields out(none);
  for (const Field& field : columns_) {
    if (field.is_text) {
      out.set(field.name, GroupPanel{none, {}, field.words});
    } else {
      out.set(field.name, Panel(none, Precision::kFloat64));
    }
  }
  return out;
}

// A step's part of the axis.
std::shared_ptr<const Axis> Spill::axis_of(std::size_t begin, std::size_t end) const {
  const auto cut = [&](const auto& all) {
    return std::decay_t<decltype(all)>(all.begin() + static_cast<std::ptrdiff_t>(begin),
                                       all.begin() + static_cast<std::ptrdiff_t>(end));
  };
  auto axis = std::make_shared<Axis>();
  axis->sessions = cut(axis_->sessions);
  axis->times = cut(axis_->times);
  axis->interval = axis_->interval;
  axis->instruments = axis_->instruments;
  axis->symbols = axis_->symbols;
  return axis;
}

Failure Spill::twice(const Record& record, const Owner& before) const {
  const std::string& first = files_[sections_[before.section].file];
  const std::string& second = files_[sections_[record.section].file];
  const std::string& symbol = symbols_[record.symbol];
  const std::string day = to_string(Date{record.day});
  return first == second
             ? fail(E::E2012,
                    fmt::format("{} has two rows for {} on {} with different values: lines {} and {}", first, symbol,
                                day, std::min(before.line, record.line), std::max(before.line, record.line)),
                    "keep the right one; Lode does not choose")
             : fail(E::E2012,
                    fmt::format("{} on {} has one value in {} line {} and another in {} line {}", symbol, day, first,
                                before.line, second, record.line),
                    "keep the right one; Lode does not choose");
}

Result<void> Spill::place(const Record& record, Block& block) const {
  const auto row = static_cast<std::size_t>(block.axis->row_of(Date{record.day}));
  const std::size_t column = column_of_[record.symbol];
  const Section& section = sections_[record.section];
  Owner& owner = block.owners[row * axis_->columns() + column];
  const std::uint64_t print = print_of(record.values, section.columns.size());
  if (owner.line > 0 && owner.section == record.section) {
    return owner.print == print ? Result<void>() : Result<void>(twice(record, owner));
  }
  for (std::size_t i = 0; i < section.columns.size(); ++i) {
    const Field& field = columns_[section.columns[i]];
    const double value = record.values[i];
    if (field.slot < 0 || math::is_nan(value)) {
      continue;
    }
    const auto slot = static_cast<std::size_t>(field.slot);
    double before = kMissing;
    if (field.is_text) {
      std::int32_t& code = block.groups[slot].codes[row * axis_->columns() + column];
      before = code < 0 ? kMissing : static_cast<double>(code);
      code = static_cast<std::int32_t>(value);
    } else {
      double& cell = block.panels[slot].mutable_row64(row)[column];
      before = std::exchange(cell, value);
    }
    if (!math::is_nan(before) && before != value) {
      return twice(record, owner);
    }
  }
  owner = {record.line, print, record.section};
  return {};
}

Result<std::optional<expr::Fields>> Spill::next() {
  if (next_row_ == axis_->rows()) {
    return std::optional<expr::Fields>();
  }
  const std::size_t end = std::min(axis_->rows(), next_row_ + height_);  // A sorted block, or as many of ordered rows.
  const std::shared_ptr<const Axis> axis = axis_of(next_row_, end);
  Block block{axis, {}, {}, std::vector<Owner>((end - next_row_) * axis_->columns())};
  for (const std::uint32_t i : wanted_) {
    const bool text = columns_[i].is_text;
    block.panels.push_back(text ? Panel() : Panel(block.axis, Precision::kFloat64));
    block.groups.push_back(
        text ? GroupPanel{block.axis, std::vector<std::int32_t>(block.owners.size(), -1), columns_[i].words}
             : GroupPanel());
  }
  const Date last = axis->sessions.back();
  while (true) {
    if (!pending_) {
      Record record{};
      LODE_TRY(const bool more, read_record(record));
      if (!more) {
        break;
      }
      pending_ = record;
    }
    if (Date{pending_->day} > last) {
      break;  // Its values stay where they are until it is placed.
    }
    LODE_CHECK(place(*pending_, block));
    pending_.reset();
  }
  next_row_ = end;
  expr::Fields out(block.axis);
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    const Field& field = columns_[wanted_[i]];
    if (field.is_text) {
      out.set(field.name, std::move(block.groups[i]));
    } else {
      out.set(field.name, std::move(block.panels[i]));
    }
  }
  return std::optional(std::move(out));
}

}  // namespace lode::flow
