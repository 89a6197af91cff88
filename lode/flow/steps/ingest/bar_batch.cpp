// Bars as columns of the lake.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/bar_batch.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <optional>

#include "lode/market/schema.h"

namespace lode::flow {

namespace {

// A bar read more than a day after its close was not received when it became true: its known_time is assumed.
constexpr std::int64_t kPromptNanos = kNanosPerDay;

// Session times as the batch needs them, asked of the calendar once a day and not once a row.
class SessionTimes {
 public:
  SessionTimes(const Calendar* calendar, std::span<const std::int32_t> sessions) {
    if (sessions.empty()) {
      return;
    }
    const auto [low, high] = std::ranges::minmax(sessions);
    first_ = low;
    for (std::int32_t day = low; day <= high; ++day) {
      const bool is_session = calendar != nullptr && Date{day} >= calendar->first() && Date{day} <= calendar->last() &&
                              calendar->is_session(Date{day});
      open_.push_back(is_session ? calendar->open(Date{day}).nanos : start_of_day(Date{day}).nanos);
      close_.push_back(is_session ? calendar->close(Date{day}).nanos : end_of_day(Date{day}).nanos);
    }
  }
  std::int64_t open(std::int32_t day) const { return open_[static_cast<std::size_t>(day - first_)]; }
  std::int64_t close(std::int32_t day) const { return close_[static_cast<std::size_t>(day - first_)]; }

 private:
  std::int32_t first_ = 0;
  std::vector<std::int64_t> open_, close_;
};

// Builds the batch's columns, each by one job; a source column is let go once it was copied.
class BatchBuilder {
 public:
  BatchBuilder(Bars& bars) : bars_(bars), times_(bars.plan.calendar, bars.merged.session) {}

  Batch run(Pool& pool) {
    std::vector<std::function<Column()>> jobs;
    for (const ColumnSpec& spec : find_table("bars")->columns) {
      jobs.push_back(job(spec));
    }
    std::vector<std::optional<Column>> columns(jobs.size());
    pool.for_each(jobs.size(), [&](std::size_t i) { columns[i].emplace(jobs[i]()); });
    std::vector<Column> out;
    for (std::optional<Column>& column : columns) {
      out.push_back(std::move(*column));
    }
    return Batch(std::move(out));
  }

 private:
  template <class T>
  std::vector<T> gather(const std::vector<T>& source) const {
    std::vector<T> out(bars_.rows);
    for (const Range& range : bars_.ranges) {
      std::memcpy(out.data() + range.target, source.data() + range.piece.begin, range.size() * sizeof(T));
    }
    return out;
  }

  template <class T, class Get>
  std::vector<T> fill(Get get) const {
    std::vector<T> out(bars_.rows);
    for (const Range& range : bars_.ranges) {
      for (std::size_t i = 0; i < range.size(); ++i) {
        out[range.target + i] = get(range, range.piece.begin + i);
      }
    }
    return out;
  }

  std::vector<std::int64_t> instants(bool open) const {
    return fill<std::int64_t>([&](const Range&, std::size_t row) {
      const std::int32_t day = bars_.merged.session[row];
      return open ? times_.open(day) : times_.close(day);
    });
  }

  // 1 for a bar that was read before its session was over: it waits for the final one.
  std::vector<std::uint8_t> before_close() const {
    return fill<std::uint8_t>([&](const Range&, std::size_t row) {
      return static_cast<std::uint8_t>(times_.close(bars_.merged.session[row]) > bars_.plan.received_at.nanos);
    });
  }

  // Of a bar that is not over, when it was read: nobody knew it at the close.
  std::vector<std::int64_t> known() const {
    return fill<std::int64_t>([&](const Range&, std::size_t row) {
      return std::min(times_.close(bars_.merged.session[row]), bars_.plan.received_at.nanos);
    });
  }

  Column number(const std::string& name, BarField field) {
    std::vector<double>& source = bars_.merged.number[field];
    if (source.empty()) {
      return Column::float64(name, std::vector<double>(bars_.rows, std::numeric_limits<double>::quiet_NaN()));
    }
    Column out = Column::float64(name, gather(source));
    std::vector<double>().swap(source);
    return out;
  }

  Column trades() const {
    Column out("trades", ColumnType::kInt64);
    out.reserve(bars_.rows);
    const std::vector<double>& source = bars_.merged.number[kTrades];
    for (const Range& range : bars_.ranges) {
      for (std::size_t row = range.piece.begin; row < range.piece.end; ++row) {
        const bool missing = source.empty() || source[row] != source[row];
        missing ? out.push_null() : out.push(static_cast<std::int64_t>(source[row]));
      }
    }
    return out;
  }

  Column hashes() const {
    TextData out;
    out.offsets.reserve(bars_.rows + 1);
    out.bytes.reserve(bars_.rows * 64);
    for (const Range& range : bars_.ranges) {
      for (std::size_t row = range.piece.begin; row < range.piece.end; ++row) {
        out.push(bars_.files[bars_.merged.file[row]].report.sha256);
      }
    }
    return Column::text("raw_hash", std::move(out));
  }

  Column sources() const {
    TextData out;
    out.offsets.reserve(bars_.rows + 1);
    out.bytes.reserve(bars_.rows * bars_.plan.source().size());
    for (std::size_t row = 0; row < bars_.rows; ++row) {
      out.push(bars_.plan.source());
    }
    return Column::text("source", std::move(out));
  }

  Column assumed() const {
    const std::int64_t prompt = bars_.plan.received_at.nanos - kPromptNanos;
    return Column::boolean("known_assumed", fill<std::uint8_t>([&](const Range&, std::size_t row) {
                             return static_cast<std::uint8_t>(times_.close(bars_.merged.session[row]) < prompt);
                           }));
  }

  Column ids() const {
    return Column::uint64("instrument_id",
                          fill<std::uint64_t>([](const Range& range, std::size_t) { return range.piece.id.value; }));
  }

  std::function<Column()> job(const ColumnSpec& spec) {
    const std::string name(spec.name);
    const std::size_t rows = bars_.rows;
    static const std::vector<std::pair<std::string_view, BarField>> numbers = {
        {"open", kOpen},     {"high", kHigh},     {"low", kLow},   {"close", kClose},
        {"volume", kVolume}, {"amount", kAmount}, {"vwap", kVwap}, {"close_vendor", kCloseVendor}};
    for (const auto& [column, field] : numbers) {
      if (name == column) {
        return [this, name, field = field] { return number(name, field); };
      }
    }
    const std::vector<std::pair<std::string_view, std::function<Column()>>> others = {
        {"instrument_id", [this] { return ids(); }},
        {"interval_seconds", [rows] { return Column::int64("interval_seconds", std::vector<std::int64_t>(rows, 0)); }},
        {"session", [this] { return Column::date("session", gather(bars_.merged.session)); }},
        {"start", [this] { return Column::time("start", instants(true)); }},
        {"trades", [this] { return trades(); }},
        {"provisional", [this] { return Column::boolean("provisional", before_close()); }},
        {"flags", [this] { return Column::uint64("flags", bars_.flags); }},
        {"event_time", [this] { return Column::time("event_time", instants(false)); }},
        {"known_time", [this] { return Column::time("known_time", known()); }},
        {"known_assumed", [this] { return assumed(); }},
        {"source", [this] { return sources(); }},
        {"raw_hash", [this] { return hashes(); }},
        {"raw_line", [this] { return Column::int64("raw_line", gather(bars_.merged.line)); }}};
    const auto found =
        std::ranges::find(others, spec.name, &std::pair<std::string_view, std::function<Column()>>::first);
    if (found != others.end()) {
      return found->second;
    }
    // A column that files of bars do not have.
    return [name, rows, type = spec.type] {
      Column out(name, type);
      for (std::size_t row = 0; row < rows; ++row) {
        out.push_null();
      }
      return out;
    };
  }

  Bars& bars_;
  SessionTimes times_;
};

}  // namespace

Batch bar_batch(Bars& bars, Pool& pool) { return BatchBuilder(bars).run(pool); }

}  // namespace lode::flow
