// Stream: formulas one session at a time, with the same bits as evaluate() over the whole history. What a session needs
// of the past is remembered and can be saved, so a day is appended to ten years without computing them again.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/pool.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/program.h"

namespace lode::expr {

class Stream {
 public:
  // A stream that has seen nothing. `symbols` name the columns of every session, each once. E1107 when the program
  // looks ahead. `most_rows` sessions at most go into one step; more than one serve panels that are larger than memory.
  static Result<Stream> start(Program program, std::vector<std::string> symbols, Precision precision,
                              std::size_t most_rows = 1);

  // Goes on from save(). Symbols that the state does not know begin now, as if missing before; its others that are not
  // among `symbols` are dropped. E1115 when the state is of other formulas, another profile or precision, or of a newer
  // version; E1116 when it is damaged.
  static Result<Stream> resume(std::string_view state, Program program, std::vector<std::string> symbols,
                               Precision precision, std::size_t most_rows = 1);

  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;
  ~Stream();

  // The next sessions: rows of fields, the columns in the order of `symbols`. Gives a panel of as many rows a root,
  // without dates, whose cells the next step writes over: the rows, bit for bit, that evaluate() gives for these
  // sessions among all so far. E1113 when a field is absent.
  Result<std::span<const Panel>> step(const Fields& sessions, Pool& pool);

  // Sessions seen so far, those before a resume included.
  std::int64_t sessions() const;
  const std::vector<std::string>& symbols() const;

  // The state as bytes, versioned, with a checksum; the same on every CPU and compiler. Size: the rows of lookback of
  // every operand of a window, for every symbol.
  std::string save() const;

 private:
  struct Inside;
  static Result<Stream> make(Program program, std::vector<std::string> symbols, Precision precision,
                             std::size_t most_rows, bool is_restored);
  explicit Stream(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

// True where a session's results may depend on all sessions before it: with recursive operators, and under a profile
// for which an instrument's first bar matters (qlib). Else they depend on the program's lookback sessions before it
// alone.
bool depends_on_all(const Program& program);

// After a correction in session `row` of `fields`: the sessions whose results it can change, from `row` to at most
// `row` + the program's lookback, computed from what these windows touch alone; to the end, from the beginning, with
// recursive operators and under profile qlib, where a correction may move an instrument's first bar.
struct Replay {
  std::size_t first = 0;      // The row of `fields` that the panels' first row stands for.
  std::vector<Panel> panels;  // One a root, the same bits as those rows of evaluate() over all of `fields`.
};
Result<Replay> replay(const Program& program, const Fields& fields, std::size_t row, Precision precision, Pool& pool);

}  // namespace lode::expr
