// The values of a call, block by block: what fits into memory is computed at once, the rest session by session with the
// same bits. Who writes them pulls; nothing is computed ahead.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lode/base/world.h"
#include "lode/flow/steps/research/compute.h"
#include "lode/flow/steps/research/prepared.h"

namespace lode::flow {

// Values of some sessions in a row.
struct ValueBlock {
  std::shared_ptr<const Axis> axis;
  std::size_t first_row = 0;           // Rows before are warm-up and not written
  std::vector<Panel> panels;           // One a factor, on the rows of `axis`
  std::vector<std::uint8_t> universe;  // rows * columns; empty = all
  // Of the columns, where symbols come as the sessions do; else those of the head. The same pointer: the same symbols.
  std::shared_ptr<const std::vector<std::string>> symbols = {};

  bool is_inside(std::size_t row, std::size_t column) const {
    return universe.empty() || universe[row * axis->columns() + column] != 0;
  }
  std::int64_t rows_written() const;  // Universe cells from first_row on, times factors
};

// The next block, valid until the next call; nullptr when all are given.
using BlockSource = std::function<Result<const ValueBlock*>()>;

// What the values are of, known before the first block.
struct ValueHead {
  std::vector<std::string> symbols;   // As printed, one a column
  std::vector<std::string> names;     // One a factor; after kLooksAhead where it does
  std::vector<std::string> formulas;  // Canonical
  std::vector<std::string> hashes;    // Of formula and profile
  std::string profile;
  Precision precision = Precision::kFloat64;
  std::vector<lake::FieldLineage> groups = {};  // Behind formulas that read groups of a lake
  bool allows_lookahead = false;
  std::vector<std::string> fields = {};  // Read by any formula
  int lookback = 0;                      // Of the one that reaches back farthest
};

// How much memory a computation may take, in bytes: the setting factor.memory_mb (--memory), else half of what is free.
std::int64_t memory_of(const World& world, const Request& request);
// The option --memory.
Parameter memory_parameter();

// Sessions to go through, as rows of the inputs.
struct Stretch {
  std::size_t begin = 0;  // Computing starts here: warm-up up to `first`
  std::size_t first = 0;  // The rows [first, end) are given
  std::size_t end = 0;
  bool is_copied = false;  // Not computed but taken from values that are stored
  std::string state = {};  // expr::Stream::save() as of the row before `begin`; "" = from nothing
};
// What of the inputs is computed, where not all of it is; ascending.
struct Course {
  std::vector<Stretch> stretches;
  bool wants_state = false;  // The stream's, after the last row
  // Writes the stored values of these sessions and instruments into the panels, one a factor.
  std::function<Result<void>(const Axis& sessions, std::vector<Panel>& panels)> copy = {};
  std::vector<std::int64_t> valid_kept = {};  // Cells with a value outside the stretches, by factor
};

struct Means {
  std::int64_t budget = 0;    // Bytes
  bool in_one_piece = false;  // All values are wanted at once, where they fit
  // Asked of a lake's inputs once they are at hand; nothing: all is computed.
  std::function<Result<std::optional<Course>>(const Prepared& prepared)> plan = {};
};

class Computation {
 public:
  // Reads what the request names and compiles; nothing is computed yet. Errors as compute(), and those of feed_rows().
  // The inputs of a lake are mapped or held; those of files are held where they fit, and go through the disk else. A
  // formula that looks ahead is computed whole whatever it takes.
  static Result<Computation> open(World& world, const ComputeRequest& request, Formulas& formulas, const Means& means);
  // Values that are there.
  static Computation of(Computed computed, std::vector<std::string> hashes, std::string profile);
  // Values that `next` makes; who makes them tells of them at the end, and whether all of them at once are too many.
  static Computation of(ValueHead head, BlockSource next, std::function<std::vector<std::string>()> warnings,
                        bool may_be_kept = true);

  Computation(Computation&&) noexcept;
  Computation& operator=(Computation&&) noexcept;
  ~Computation();

  const ValueHead& head() const;
  const std::optional<LakeInputs>& inputs() const;
  // All blocks at once, before the first is given; next() then gives them. E0003 where they are more than the budget.
  Result<std::shared_ptr<const std::vector<ValueBlock>>> keep();
  Result<const ValueBlock*> next();
  BlockSource source();  // next(), for who takes a function.

  // Of the blocks given so far.
  std::int64_t rows_written() const;
  std::int64_t sessions() const;
  std::int64_t instruments() const;
  // Of the course, where it wanted it, after the last block; else "".
  std::string state() const;
  // All there are once the last block is given.
  std::vector<std::string> warnings() const;

  struct Inside;

 private:
  explicit Computation(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

// Rows, sessions, names, factors, and the formulas that failed with their reasons; after the last block.
Value computation_json(const Computation& computation, const Formulas& formulas, const std::string& target);

}  // namespace lode::flow
