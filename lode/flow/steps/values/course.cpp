// Blocks: whole, stepped, and along a course.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/course.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/flow/steps/answer/phase.h"
#include "lode/flow/steps/research/slice.h"

namespace lode::flow {

namespace {

constexpr std::int64_t kMostStepBytes = 64'000'000;  // Of fields and values; more saves no time
constexpr std::size_t kMostStepRows = 1024;          // More costs memory and saves no time

Failure stopped() {
  return fail(E::E10, "stopped while computing: nothing was recorded", "the same command starts it again");
}

// Everything in one block.
class Whole final : public Maker {
 public:
  explicit Whole(Computed computed)
      : block_{computed.axis, computed.first_row, std::move(computed.panels), std::move(computed.universe)},
        warnings_(std::move(computed.warnings)) {}
  Result<bool> next(ValueBlock& block) override {
    if (std::exchange(is_given_, true)) {
      return false;
    }
    block = std::move(block_);
    return true;
  }
  std::vector<std::string> warnings() const override { return warnings_; }
  bool writes_over() const override { return false; }

 private:
  ValueBlock block_;
  std::vector<std::string> warnings_;
  bool is_given_ = false;
};

// What a step gave, and which rows of it are written.
void put(const expr::Fields& fields, std::span<const Panel> panels, const std::optional<Date>& from,
         ValueBlock& block) {
  const Axis& axis = fields.axis();
  block.axis = fields.shared_axis();
  block.first_row = 0;
  if (from) {
    block.first_row = static_cast<std::size_t>(std::ranges::lower_bound(axis.sessions, *from) - axis.sessions.begin());
  }
  block.panels.assign(panels.begin(), panels.end());
  block.universe.assign(fields.universe().begin(), fields.universe().end());
}

// Cells with a value in the rows from `first` on, by factor.
void count_valid(std::span<const Panel> panels, std::size_t first, std::vector<std::int64_t>& valid) {
  const auto is_there = [](auto value) { return !math::is_nan(static_cast<double>(value)); };
  for (std::size_t i = 0; i < panels.size(); ++i) {
    for (std::size_t row = first; row < panels[i].rows(); ++row) {
      valid[i] += panels[i].precision() == Precision::kFloat64 ? std::ranges::count_if(panels[i].row64(row), is_there)
                                                               : std::ranges::count_if(panels[i].row32(row), is_there);
    }
  }
}

// A stream through a feed.
class Stepped final : public Maker {
 public:
  Stepped(World& world, const ComputeRequest& request, Compiled compiled, Steps steps)
      : world_(world),
        from_(request.from),
        compiled_(std::move(compiled)),
        steps_(std::move(steps)),
        valid_(compiled_.names.size(), 0) {}

  Result<bool> next(ValueBlock& block) override {
    while (true) {
      LODE_TRY(const std::optional<expr::Fields> fields, steps_.feed->next());
      if (!fields) {
        return false;
      }
      if (!report_progress(world_, "computing", done_, steps_.sessions)) {
        return stopped();
      }
      LODE_TRY(const std::span<const Panel> panels, steps_.stream.step(*fields, world_.pool));
      put(*fields, panels, from_, block);
      count_valid(panels, 0, valid_);
      columns_ = block.axis->columns();
      done_ += static_cast<std::int64_t>(block.axis->rows());
      if (block.first_row < block.axis->rows()) {
        return true;
      }
    }
  }
  std::vector<std::string> warnings() const override {
    std::vector<std::string> out = compiled_.warnings;
    std::ranges::copy(steps_.feed->faults(), std::back_inserter(out));
    if (done_ == steps_.sessions) {
      std::ranges::copy(outcome_warnings(compiled_, valid_, static_cast<std::size_t>(steps_.sessions), columns_),
                        std::back_inserter(out));
    }
    std::ranges::copy(steps_.notes, std::back_inserter(out));
    return out;
  }
  bool may_be_kept() const override { return steps_.may_be_kept; }

 private:
  World& world_;
  std::optional<Date> from_;
  Compiled compiled_;
  Steps steps_;
  std::int64_t done_ = 0;
  std::size_t columns_ = 0;
  std::vector<std::int64_t> valid_;
};

// Computes the stretches of a course one after another, each with a stream of its own, and copies the others.
class Coursing final : public Maker {
 public:
  Coursing(World& world, const ComputeRequest& request, Prepared prepared, Course course, std::size_t step_rows)
      : world_(world),
        precision_(request.precision),
        prepared_(std::move(prepared)),
        course_(std::move(course)),
        step_rows_(step_rows),
        names_(prepared_.compiled.program.fields()),
        valid_(course_.valid_kept) {
    valid_.resize(prepared_.compiled.names.size(), 0);
    for (const Stretch& stretch : course_.stretches) {
      rows_ += static_cast<std::int64_t>(stretch.end - stretch.begin);
    }
  }

  Result<bool> next(ValueBlock& block) override {
    while (true) {
      if (!feed_) {
        if (at_ == course_.stretches.size()) {
          return false;
        }
        LODE_CHECK(begin(course_.stretches[at_]));
      }
      LODE_TRY(const std::optional<expr::Fields> fields, feed_->next());
      if (!fields) {
        end_stretch();
        continue;
      }
      if (!report_progress(world_, "computing", done_, rows_)) {
        return stopped();
      }
      done_ += static_cast<std::int64_t>(fields->axis().rows());
      LODE_CHECK(stream_ ? compute(*fields, block) : copy(*fields, block));
      if (block.first_row < block.axis->rows()) {
        return true;
      }
    }
  }
  std::vector<std::string> warnings() const override {
    const Axis& axis = prepared_.fields.axis();
    std::vector<std::string> out = prepared_.compiled.warnings;
    if (at_ == course_.stretches.size()) {
      std::ranges::copy(outcome_warnings(prepared_.compiled, valid_, axis.rows(), axis.columns()),
                        std::back_inserter(out));
    }
    std::ranges::copy(prepared_.notes, std::back_inserter(out));
    return out;
  }
  std::string state() const override { return state_; }

 private:
  Result<void> begin(const Stretch& stretch) {
    const std::size_t rows = std::min(step_rows_, stretch.end - stretch.begin);
    feed_ = std::make_unique<HeldFeed>(prepared_.fields, names_, rows, stretch.begin, stretch.end);
    if (stretch.is_copied) {
      return {};
    }
    const expr::Program& program = prepared_.compiled.program;
    std::vector<std::string> columns = column_names(prepared_.fields.axis());
    LODE_TRY(expr::Stream stream,
             stretch.state.empty()
                 ? expr::Stream::start(program, std::move(columns), precision_, rows)
                 : expr::Stream::resume(stretch.state, program, std::move(columns), precision_, rows));
    stream_.emplace(std::move(stream));
    return {};
  }
  void end_stretch() {
    ++at_;
    if (stream_ && at_ == course_.stretches.size() && course_.wants_state) {
      state_ = stream_->save();
    }
    stream_.reset();
    feed_.reset();
  }
  Result<void> compute(const expr::Fields& fields, ValueBlock& block) {
    LODE_TRY(const std::span<const Panel> panels, stream_->step(fields, world_.pool));
    put(fields, panels, prepared_.fields.axis().sessions[course_.stretches[at_].first], block);
    count_valid(panels, block.first_row, valid_);
    return {};
  }
  Result<void> copy(const expr::Fields& fields, ValueBlock& block) {
    std::vector<Panel> panels;
    for (std::size_t i = 0; i < prepared_.compiled.names.size(); ++i) {
      panels.emplace_back(fields.shared_axis(), precision_);
    }
    LODE_CHECK(course_.copy(fields.axis(), panels));
    put(fields, panels, {}, block);
    count_valid(panels, 0, valid_);
    return {};
  }
  World& world_;
  Precision precision_;
  Prepared prepared_;
  Course course_;
  std::size_t step_rows_;
  std::vector<std::string> names_;
  std::unique_ptr<Feed> feed_;
  std::optional<expr::Stream> stream_;
  std::string state_;
  std::size_t at_ = 0;
  std::int64_t rows_ = 0;
  std::int64_t done_ = 0;
  std::vector<std::int64_t> valid_;
};

class Made final : public Maker {
 public:
  Made(BlockSource next, std::function<std::vector<std::string>()> warnings, bool may_be_kept)
      : next_(std::move(next)), warnings_(std::move(warnings)), may_be_kept_(may_be_kept) {}
  bool may_be_kept() const override { return may_be_kept_; }
  Result<bool> next(ValueBlock& block) override {
    LODE_TRY(const ValueBlock* made, next_());
    if (made == nullptr) {
      return false;
    }
    block = *made;
    return true;
  }
  std::vector<std::string> warnings() const override { return warnings_(); }

 private:
  BlockSource next_;
  std::function<std::vector<std::string>()> warnings_;
  bool may_be_kept_;
};

}  // namespace

std::unique_ptr<Maker> make_whole(Computed computed) { return std::make_unique<Whole>(std::move(computed)); }

std::unique_ptr<Maker> make_of(BlockSource next, std::function<std::vector<std::string>()> warnings, bool may_be_kept) {
  return std::make_unique<Made>(std::move(next), std::move(warnings), may_be_kept);
}

std::unique_ptr<Maker> make_steps(World& world, const ComputeRequest& request, Compiled compiled, Steps steps) {
  return std::make_unique<Stepped>(world, request, std::move(compiled), std::move(steps));
}

std::unique_ptr<Maker> make_course(World& world, const ComputeRequest& request, Prepared prepared, Course course,
                                   std::size_t step_rows) {
  return std::make_unique<Coursing>(world, request, std::move(prepared), std::move(course), step_rows);
}

std::size_t cell_bytes(Precision precision) { return precision == Precision::kFloat32 ? 4 : 8; }

std::size_t step_rows(std::int64_t budget, std::size_t columns, std::size_t fields, std::size_t factors,
                      Precision precision) {
  constexpr std::size_t kOwner = 24;  // Of a cell whose rows come from disk
  const std::size_t session = columns * (fields * 8 + factors * cell_bytes(precision) + kOwner);
  return std::clamp<std::size_t>(
      static_cast<std::size_t>(std::min(budget / 4, kMostStepBytes)) / std::max<std::size_t>(session, 1), 1,
      kMostStepRows);
}

std::vector<std::string> column_names(const Axis& axis) {
  std::vector<std::string> out;
  for (const InstrumentId id : axis.instruments) {
    out.push_back(to_string(id));
  }
  return out;
}

}  // namespace lode::flow
