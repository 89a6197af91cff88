// Sessions of fields, a few at a time: from memory, or from rows on disk.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/program.h"
#include "lode/flow/steps/research/panel_file.h"
#include "lode/flow/steps/research/prepared.h"
#include "lode/flow/steps/values/spill.h"

namespace lode::flow {

// Sessions of fields, in order.
class Feed {
 public:
  virtual ~Feed() = default;
  virtual std::size_t step_rows() const = 0;
  virtual Result<std::optional<expr::Fields>> next() = 0;         // At most step_rows() sessions; nothing at the end.
  virtual std::vector<std::string> faults() const { return {}; }  // Of the cells given so far
};

// Rows [begin, end) of fields in memory, cut into steps.
class HeldFeed final : public Feed {
 public:
  HeldFeed(expr::Fields fields, std::vector<std::string> names, std::size_t step_rows, std::size_t begin,
           std::size_t end);
  std::size_t step_rows() const override { return step_rows_; }
  Result<std::optional<expr::Fields>> next() override;

 private:
  expr::Fields fields_;
  std::vector<std::string> names_;
  std::size_t step_rows_;
  std::size_t row_;
  std::size_t end_;
};

// Rows on disk; what no file has is derived, codes become groups, and faults of the cells are counted on the way.
class SpilledFeed final : public Feed {
 public:
  SpilledFeed(Spill spill, expr::Program program)
      : spill_(std::move(spill)), program_(std::move(program)), faults_(program_.fields()) {}
  std::size_t step_rows() const override { return spill_.step_rows(); }
  Result<std::optional<expr::Fields>> next() override;
  std::vector<std::string> faults() const override { return faults_.lines(false); }

 private:
  Spill spill_;
  expr::Program program_;
  FieldFaults faults_;
  NumberGroups groups_;
};

}  // namespace lode::flow
